// Land Carbon Toolbox: how much memory tables and layers are going to need, told before they are read.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace landcarbon {

/// Bytes that a table or layer unfolds to when it is read: of a text file its size, of a spreadsheet what its archive
/// holds unpacked (by the archive's own directory), of a shapefile shapes and attributes. 0 where the size says
/// nothing: databases that hold more than the layer, services, files that are not there.
std::uintmax_t unfolded_bytes(const std::string& path);

/// @param path may name a layer ("|layername=...")
/// @throws UserError naming MEMORY when the input is too large for it
void check_input_size(const std::string& parameter, const std::string& path, std::size_t memory);

}  // namespace landcarbon
