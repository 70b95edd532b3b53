// Land Carbon Toolbox: minimising a smooth function of many variables (limited-memory BFGS).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <vector>

namespace landcarbon {

/// Minimises `function` from `x` on, which is replaced by what is found.
/// @param function (const VectorXd& x, VectorXd& gradient) -> value; must be finite at the start
/// @param each called with the number of the step, the value and x after every step; false ends the search
/// @return the number of steps made. The search ends after `most_steps`, where no gradient is left (1e-7 of a unit), or
///         where no step lowers the value.
/// Source: Nocedal, J., Wright, S. J. (2006), Numerical Optimization, algorithm 7.4 with ten pairs; steps by
/// backtracking until the value falls by 1e-4 of what the slope promises.
template <class Function, class Each>
int minimise_lbfgs(Eigen::VectorXd& x, int most_steps, Function function, Each each) {
    constexpr std::size_t memory = 10;
    std::vector<Eigen::VectorXd> moved, turned;
    std::vector<double> inverse;
    Eigen::VectorXd gradient(x.size()), next_gradient(x.size()), direction, next;
    double value = function(x, gradient);
    int step = 0;
    while (step < most_steps) {
        if (gradient.cwiseAbs().maxCoeff() < 1e-7) break;
        direction = -gradient;
        std::vector<double> weights(moved.size());
        for (std::size_t i = moved.size(); i-- > 0;) {
            weights[i] = inverse[i] * moved[i].dot(direction);
            direction -= weights[i] * turned[i];
        }
        if (!moved.empty()) direction *= moved.back().dot(turned.back()) / turned.back().squaredNorm();
        for (std::size_t i = 0; i < moved.size(); ++i)
            direction += (weights[i] - inverse[i] * turned[i].dot(direction)) * moved[i];
        double slope = gradient.dot(direction);
        if (!(slope < 0)) {
            direction = -gradient;
            slope = -gradient.squaredNorm();
            moved.clear();
            turned.clear();
            inverse.clear();
        }
        double length = moved.empty() ? std::min(1.0, 1.0 / direction.norm()) : 1.0;
        double next_value = value;
        bool found = false;
        for (int trial = 0; trial < 30 && !found; ++trial, length *= found ? 1 : 0.5) {
            next = x + length * direction;
            next_value = function(next, next_gradient);
            found = std::isfinite(next_value) && next_value <= value + 1e-4 * length * slope;
        }
        if (!found) {
            if (moved.empty()) break;
            moved.clear();  // once more, downhill
            turned.clear();
            inverse.clear();
            continue;
        }
        const Eigen::VectorXd s = next - x, y = next_gradient - gradient;
        if (const double along = s.dot(y); along > 1e-12 * s.norm() * y.norm()) {
            if (moved.size() == memory) {
                moved.erase(moved.begin());
                turned.erase(turned.begin());
                inverse.erase(inverse.begin());
            }
            moved.push_back(s);
            turned.push_back(y);
            inverse.push_back(1 / along);
        }
        x = next;
        gradient = next_gradient;
        value = next_value;
        ++step;
        if (!each(step, value, x)) break;
    }
    return step;
}

}  // namespace landcarbon
