// Land Carbon Toolbox: names that people write in several ways for one thing.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace landcarbon {

/// Names that differ by case, accents, blanks or full-width letters alone, with their counts: "Forest" (30 rows),
/// "forest" (1 row). Empty when there are none. Names of fewer than four letters are codes, and hyphens count, so that
/// A-100 and A100 are two.
/// @param counts of each name, or empty
/// @param of what is counted, in the singular
std::string names_alike(const std::vector<std::string>& names, const std::vector<std::size_t>& counts,
                        const std::string& of);

}  // namespace landcarbon
