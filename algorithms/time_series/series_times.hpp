// Land Carbon Toolbox: the times of a series' steps, as users write them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "engine/step_order.hpp"

namespace landcarbon {

/// The time of each step of a series: 1..steps when `years` is empty, else the years that it lists.
/// @param years numbers and ranges of whole years, separated by commas, strictly increasing: "1990, 1995, 2000",
///        "2001-2020", "1985, 1990, 2000-2020", "2000.5, 2001.5"
/// @param steps how many steps the series has
/// @param parameter id of the argument that holds `years`, for messages
/// @throws UserError when a year cannot be read, years do not increase, or there are not as many years as steps
std::vector<double> series_times(const std::string& years, std::size_t steps, const std::string& parameter);

/// The times in a few words, for reports: "1..24 (no years given)", "24 years, 2001 to 2024",
/// "5 years, 1990, 1995, 2000, 2010, 2020 (uneven steps)".
std::string times_text(const std::vector<double>& times, bool years_given);

/// How many steps must hold a value where MIN_VALID is left out: half of them, rounded up (a series with fewer than
/// half of its values has too few), but at least 4. All time-series rooms go by it.
constexpr std::size_t default_min_valid(std::size_t steps) { return std::max<std::size_t>(4, (steps + 1) / 2); }
/// The same in words, for the help of MIN_VALID.
constexpr const char* default_min_valid_text = "If omitted, half of the steps (rounded up), but at least 4.";

}  // namespace landcarbon
