// Land Carbon Toolbox: the least-squares line of one series over time, and the test of its slope.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/linear_rate.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <cmath>
#include <vector>

namespace landcarbon {

std::optional<LinearRate> linear_rate(const double* values, const double* times, std::size_t steps) {
    // Departures from the first value and its time, so that a large level or a year of four digits costs no digits.
    std::vector<double> x, t;
    double first = 0, start = 0;
    for (std::size_t i = 0; i < steps; ++i) {
        if (std::isnan(values[i])) continue;
        if (x.empty()) {
            first = values[i];
            start = times[i];
        }
        x.push_back(values[i] - first);
        t.push_back(times[i] - start);
    }
    const std::size_t n = x.size();
    if (n < 2) return std::nullopt;
    double mean_x = 0, mean_t = 0;
    for (std::size_t i = 0; i < n; ++i) {
        mean_x += x[i];
        mean_t += t[i];
    }
    mean_x /= static_cast<double>(n);
    mean_t /= static_cast<double>(n);
    double tt = 0, tx = 0, xx = 0;
    for (std::size_t i = 0; i < n; ++i) {
        const double dt = t[i] - mean_t, dx = x[i] - mean_x;
        tt += dt * dt;
        tx += dt * dx;
        xx += dx * dx;
    }
    LinearRate line;
    line.n = n;
    line.mean = first + mean_x;
    line.slope = tx / tt;
    line.intercept = line.mean - line.slope * (start + mean_t);
    line.sd = std::sqrt(xx / static_cast<double>(n - 1));
    if (xx > 0) {
        double left = 0;  // sum of squares that the line does not explain
        for (std::size_t i = 0; i < n; ++i) {
            const double residual = x[i] - mean_x - line.slope * (t[i] - mean_t);
            left += residual * residual;
        }
        const double unexplained = std::min(1.0, left / xx);
        line.r2 = 1 - unexplained;
        if (n > 2) line.p = boost::math::ibeta(0.5 * static_cast<double>(n - 2), 0.5, unexplained);
    } else if (n > 2) {
        line.p = 1;
    }
    return line;
}

}  // namespace landcarbon
