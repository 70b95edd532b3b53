// Land Carbon Toolbox: what a GWR of rasters is fitted on: cells, or means of zones and squares.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "drivers/gwr/gwr.hpp"
#include "drivers/gwr_analysis.hpp"
#include "drivers/gwr_maps.hpp"
#include "engine/zoning.hpp"

namespace landcarbon {

/// The observations of a GWR of rasters, and what they look like.
class GwrSample {
public:
    /// Draws cells, or takes the means of zones, and adds their places and values to the observations.
    /// @param layers responses, then drivers, as the observations name them
    /// @throws UserError, IoError
    GwrSample(const GwrOptions& options, const std::vector<Layer>& layers, GwrObservations& observations, Run& run);

    /// ISO WKB: points of cells, polygons of zones.
    const std::vector<std::vector<unsigned char>>& shapes() const { return shapes_; }
    /// The first columns of LOCAL.
    GwrLocal local() const;

private:
    void draw_cells();
    void take_zones();
    void add(const std::array<double, 2>& place, std::vector<unsigned char> shape, const double* values);

    const GwrOptions& options_;
    const std::vector<Layer>& layers_;
    GwrObservations& o_;
    Run& run_;
    std::optional<Zoning> zoning_;                    ///< where observations are zones
    std::vector<std::size_t> zones_;                  ///< of each observation
    std::vector<std::array<std::int64_t, 2>> cells_;  ///< column and row of each observation
    std::vector<std::vector<unsigned char>> shapes_;
};

}  // namespace landcarbon
