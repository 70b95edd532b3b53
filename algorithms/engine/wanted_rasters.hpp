// Land Carbon Toolbox: the raster outputs of a pass that the user wants, and their places in a block.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/sweep.hpp"

namespace landcarbon {

class RasterSink;

/// Collects what Run::raster returns, for Run::reduce and Run::map; an output that is not wanted has no place.
class WantedRasters {
public:
    using Place = std::optional<std::size_t>;

    /// @param sink nullptr when the output is not wanted
    Place add(RasterSink* sink) {
        if (!sink) return std::nullopt;
        sinks_.push_back(sink);
        return sinks_.size() - 1;
    }
    const std::vector<RasterSink*>& sinks() const { return sinks_; }

private:
    std::vector<RasterSink*> sinks_;
};

}  // namespace landcarbon
