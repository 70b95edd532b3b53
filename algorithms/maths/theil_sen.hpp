// Land Carbon Toolbox: the Theil-Sen line of one series: slope, intercept and confidence bounds of the slope.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace landcarbon {

/// A line x = intercept + slope t; NaN where not defined.
struct SenLine {
    double slope;      ///< median over pairs i<j of (x_j - x_i) / (t_j - t_i); mean of the two middle ones if even
    double intercept;  ///< median of x - slope t, at t = 0
    double lower;      ///< bounds of the slope; NaN where so few pairs have none at this confidence
    double upper;
};

/// Ranks (from 1) of the slopes that bound the Sen slope: round((k - C) / 2) and round((k + C) / 2) + 1 with
/// C = z sqrt(Var S) and k pairs (Sen 1968; Gilbert 1987; as R's trend::sens.slope). A half is rounded to even, as in
/// R.
struct SenRanks {
    double lower;  ///< below 1: there is none
    double upper;  ///< above `pairs`: there is none
};
SenRanks sen_ranks(std::int64_t pairs, double variance, double z);

/// The line through the values that are not NaN. Pairs, differences and quotients are of type T, medians of two and
/// the intercept of type double: with float every slope carries two roundings of 2^-24, which is what a Float32 band
/// can hold, and the order of slopes is exact.
/// @param times strictly increasing
/// @param variance of S, for the bounds
/// @param z two-sided quantile of the normal distribution, for the bounds
/// @param period only pairs of steps that are a multiple of it apart (seasonal slope); 1: all
template <class T>
SenLine theil_sen(const T* values, const double* times, std::size_t steps, double variance, double z,
                  std::size_t period = 1);

}  // namespace landcarbon
