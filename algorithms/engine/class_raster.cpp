// Land Carbon Toolbox: how a raster of classes is stored: its type and its NoData.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_raster.hpp"

#include <algorithm>
#include <limits>

#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

RasterDescription class_raster(const std::vector<std::int64_t>& codes, const std::string& parameter) {
    RasterDescription description;
    const std::int64_t low = codes.front(), high = codes.back();
    const auto is_free = [&](std::int64_t value) { return !std::binary_search(codes.begin(), codes.end(), value); };
    if (low >= 0 && high <= 255) {
        description.type = GDT_Byte;
        for (const std::int64_t value : {0, 255})
            if (is_free(value)) {
                description.nodata = static_cast<double>(value);
                return description;
            }
    }
    description.type = GDT_Int32;
    std::int64_t nodata = std::numeric_limits<std::int32_t>::min();
    if (low < nodata || high > std::numeric_limits<std::int32_t>::max())
        throw wrong(parameter, "class codes beyond 32 bits cannot be written; give the classes other codes");
    while (!is_free(nodata)) ++nodata;
    description.nodata = static_cast<double>(nodata);
    return description;
}

}  // namespace landcarbon
