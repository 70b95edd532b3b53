// Land Carbon Toolbox: numbers that a Float32 map rounds, kept beside it so that what reads it can sum them exactly.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/source.hpp"

namespace landcarbon {

/// The metadata item of a band that lists the numbers which Float32 rounds ("90.3 120.1"), for maps of a few numbers,
/// such as densities by class.
/// @returns nothing to be written where there are none, or too many
std::vector<std::pair<std::string, std::string>> exact_values_item(const std::vector<double>& values);

/// What a band says of its numbers.
class ExactValues {
public:
    /// Reads the band's item; numbers that it does not list, or of which two become one in Float32, stay as they are.
    explicit ExactValues(const Layer& layer);
    bool empty() const { return exact_.empty(); }
    /// Puts the exact numbers in the place of the rounded ones.
    /// @param scratch holds the result where it differs
    const double* of(const double* values, std::size_t count, std::vector<double>& scratch) const;

private:
    std::unordered_map<double, double> exact_;  ///< by the number as Float32 holds it
};

}  // namespace landcarbon
