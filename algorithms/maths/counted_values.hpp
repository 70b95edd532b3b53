// Land Carbon Toolbox: the distinct values of a sample or a map, and how often each occurs.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon {

/// Distinct finite values in ascending order, and how often each occurs (1 or more, together below 2^53).
struct CountedValues {
    std::vector<double> values;
    std::vector<std::int64_t> counts;

    std::size_t size() const { return values.size(); }  ///< of distinct values
    std::int64_t total() const;                         ///< of all values
};

/// Sorts and counts. -0 is 0.
/// @throws std::invalid_argument when a value is NaN or infinite
CountedValues count_values(std::vector<double> values);

/// Mean of all values, right to the last bit or nearly so. There must be one or more.
double mean_of(const CountedValues& values);
/// Sample standard deviation (divisor n - 1). There must be two values or more.
double sample_deviation(const CountedValues& values);
/// Sum of the squared deviations of the values with the places first <= i < end from their own mean: no digits are lost
/// to cancellation. Infinite where it is beyond the largest double.
double squared_deviations(const CountedValues& values, std::size_t first, std::size_t end);
/// The same of all values.
double squared_deviations(const CountedValues& values);
/// Share (0 to 1) of the squared deviations that lies between groups of values that follow one another; NaN where all
/// values are equal. @param ends place after the last value of each group, ascending; the last is values.size()
double share_between(const CountedValues& values, const std::vector<std::size_t>& ends);

}  // namespace landcarbon
