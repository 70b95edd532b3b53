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
/// Sum of squared deviations from the mean. There must be one or more values.
double squared_deviations(const CountedValues& values);
/// Sum of the squared deviations of the values with the places first <= i < end from their own mean: no digits are lost
/// to cancellation.
double squared_deviations(const CountedValues& values, std::size_t first, std::size_t end);

}  // namespace landcarbon
