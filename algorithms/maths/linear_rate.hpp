// Land Carbon Toolbox: the least-squares line of one series over time, and the test of its slope.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>

namespace landcarbon {

/// A line x = intercept + slope t through a series.
struct LinearRate {
    double slope = 0;          ///< per unit of time
    double intercept = 0;      ///< at t = 0
    double mean = 0;           ///< of the values
    std::size_t n = 0;         ///< values that are not missing
    std::optional<double> sd;  ///< sample standard deviation of the values (divisor n - 1); none for one value
    /// Share of the variance that the line explains; none for a series without variation.
    std::optional<double> r2;
    /// Two-sided p of Student's t = r sqrt((n - 2) / (1 - r2)) with n - 2 degrees of freedom; 1 for a series without
    /// variation, none for two values.
    std::optional<double> p;
};

/// Ordinary least squares through the values that are not NaN. Source: any textbook; p = I_{1-r2}((n-2)/2, 1/2), the
/// regularised incomplete beta function, which keeps its digits for small p.
/// @param times increasing
/// @return nothing with fewer than two values
std::optional<LinearRate> linear_rate(const double* values, const double* times, std::size_t steps);

}  // namespace landcarbon
