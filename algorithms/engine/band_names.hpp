// Land Carbon Toolbox: what the bands of a stack are called in results.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/source.hpp"

namespace landcarbon {

/// As the user says, else as their files, and bands of one file by their descriptions, with the file in front where a
/// description is a number or not the only one of its kind: "tmp 2006"; each name once, so that results can be told
/// apart.
/// @param id of the argument that holds `given`
/// @param kind what the bands are, in the plural, for the message
/// @throws UserError when there are names for other than all bands
std::vector<std::string> band_names(const std::string& id, const std::string& given, const std::vector<Layer>& layers,
                                    const std::string& kind);

}  // namespace landcarbon
