// Land Carbon Toolbox: how a raster of classes is stored: its type and its NoData.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/sink.hpp"
#include "engine/sweep.hpp"

namespace landcarbon {

/// A raster of classes without bands and style yet: Byte where the codes fit, with 0 or 255 as NoData where that is no
/// code, else Int32 with a NoData that is no code.
/// @param codes ascending, one or more
/// @param parameter the argument that messages name
/// @throws UserError when a code is beyond 32 bits
RasterDescription class_raster(const std::vector<std::int64_t>& codes, const std::string& parameter);

/// Fills an output of a block, which has the type of class_raster().
/// @param value tells the code of the i-th cell of the block
template <class ValueOf>
void fill_classes(Block& block, std::size_t output, GDALDataType type, ValueOf value) {
    if (type == GDT_Byte) {
        auto* const cells = block.output<std::uint8_t>(output);
        for (std::size_t i = 0; i < block.cells(); ++i) cells[i] = static_cast<std::uint8_t>(value(i));
    } else {
        auto* const cells = block.output<std::int32_t>(output);
        for (std::size_t i = 0; i < block.cells(); ++i) cells[i] = static_cast<std::int32_t>(value(i));
    }
}

}  // namespace landcarbon
