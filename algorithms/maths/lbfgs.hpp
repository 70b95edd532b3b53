// Land Carbon Toolbox: minimising a smooth function of many variables (limited-memory BFGS).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace landcarbon {

/// Minimises `function` from `x` on, which is replaced by what is found.
/// @param function (const std::vector<double>& x, std::vector<double>& gradient) -> value; finite at the start
/// @param each called with the number of the step, the value and x after every step; false ends the search
/// @return the number of steps made. The search ends after `most_steps`, where no gradient is left (1e-7 of a unit), or
///         where no step lowers the value.
/// Source: Nocedal, J., Wright, S. J. (2006), Numerical Optimization, algorithm 7.4 with ten pairs; steps by
/// backtracking until the value falls by 1e-4 of what the slope promises.
template <class Function, class Each>
int minimise_lbfgs(std::vector<double>& x, int most_steps, Function function, Each each) {
    using Vector = std::vector<double>;
    const auto dot = [](const Vector& a, const Vector& b) {
        double sum = 0;
        for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
        return sum;
    };
    const auto add = [](Vector& to, double factor, const Vector& from) {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] += factor * from[i];
    };
    struct Pair {
        Vector moved, turned;  ///< differences of x and of the gradient
        double inverse;        ///< 1 / their product
    };
    constexpr std::size_t memory = 10;
    std::vector<Pair> pairs;
    Vector gradient(x.size()), next_gradient(x.size()), direction(x.size()), next;
    double value = function(x, gradient);
    int step = 0;
    while (step < most_steps) {
        double largest = 0;
        for (const double slope : gradient) largest = std::max(largest, std::abs(slope));
        if (largest < 1e-7) break;
        std::fill(direction.begin(), direction.end(), 0.0);
        add(direction, -1, gradient);
        std::vector<double> weights(pairs.size());
        for (std::size_t i = pairs.size(); i-- > 0;) {
            weights[i] = pairs[i].inverse * dot(pairs[i].moved, direction);
            add(direction, -weights[i], pairs[i].turned);
        }
        if (!pairs.empty()) {
            const double scale = 1 / (pairs.back().inverse * dot(pairs.back().turned, pairs.back().turned));
            for (double& part : direction) part *= scale;
        }
        for (std::size_t i = 0; i < pairs.size(); ++i)
            add(direction, weights[i] - pairs[i].inverse * dot(pairs[i].turned, direction), pairs[i].moved);
        double slope = dot(gradient, direction);
        if (!(slope < 0)) {
            pairs.clear();
            std::fill(direction.begin(), direction.end(), 0.0);
            add(direction, -1, gradient);
            slope = -dot(gradient, gradient);
        }
        double length = pairs.empty() ? std::min(1.0, 1 / std::sqrt(dot(direction, direction))) : 1.0;
        double next_value = value;
        bool found = false;
        for (int trial = 0; trial < 30; ++trial, length /= 2) {
            next = x;
            add(next, length, direction);
            next_value = function(next, next_gradient);
            found = std::isfinite(next_value) && next_value <= value + 1e-4 * length * slope;
            if (found) break;
        }
        if (!found) {
            if (pairs.empty()) break;
            pairs.clear();  // once more, straight downhill
            continue;
        }
        Pair pair{next, next_gradient, 0};
        add(pair.moved, -1, x);
        add(pair.turned, -1, gradient);
        const double along = dot(pair.moved, pair.turned);
        if (along > 1e-12 * std::sqrt(dot(pair.moved, pair.moved) * dot(pair.turned, pair.turned))) {
            if (pairs.size() == memory) pairs.erase(pairs.begin());
            pair.inverse = 1 / along;
            pairs.push_back(std::move(pair));
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
