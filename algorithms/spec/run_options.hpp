// Land Carbon Toolbox: the options that every algorithm has.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spec/spec.hpp"

namespace landcarbon {

/// How values are carried from one grid to another.
enum class Resampling { automatic, nearest, mode, bilinear, average };

/// How a run is carried out; none of these changes a result's digits except those about grids, areas and NoData.
struct RunOptions {
    std::int64_t threads = 0;  ///< 0: all cores
    std::int64_t memory = 0;   ///< MiB for buffers; 0: 512
    bool align = false;        ///< warp rasters on the fly to the first one's grid
    Resampling resampling = Resampling::automatic;
    std::string nodata;               ///< stored numbers that mean "no data", beside what the files declare
    std::string valid_range;          ///< stored numbers of measurements that mean something
    std::optional<double> cell_area;  ///< m2; only for rasters without a CRS
    std::string creation_options;     ///< NAME=VALUE|NAME=VALUE for raster outputs
    std::string encoding;             ///< of text in tables and vector layers that do not say theirs
    std::string output_format;        ///< GDAL driver for raster outputs; empty: by extension
    bool overwrite = false;           ///< set by front-ends: existing outputs may be replaced
    /// Set by front-ends: what records call an input that is a copy of something else, by the copy's path.
    std::vector<std::pair<std::string, std::string>> copies;

    /// A text with the names of what was copied where it names copies.
    std::string as_called(std::string text) const;
    /// The memory in bytes that buffers may take.
    std::size_t memory_bytes() const { return static_cast<std::size_t>(memory > 0 ? memory : 512) * 1024 * 1024; }
};

/// The common arguments, bound to `options`. `overwrite` is not among them: each front-end has its own manner.
void describe_run_options(Spec& spec, RunOptions& options);

}  // namespace landcarbon
