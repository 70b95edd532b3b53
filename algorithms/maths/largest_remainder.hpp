// Land Carbon Toolbox: whole numbers in given proportions that make a given total.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace landcarbon {

/// Whole numbers nearest to `parts` that come to `total`: each part rounded down, what is missing goes to the largest
/// remainders, the first of equal ones.
/// @param parts not negative; they are scaled to come to `total` first
std::vector<std::int64_t> largest_remainder(const std::vector<double>& parts, std::int64_t total);

}  // namespace landcarbon
