// Land Carbon Toolbox: writing a raster block by block, in order, from one thread at a time.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/gdal.hpp"
#include "engine/grid.hpp"
#include "engine/style.hpp"

namespace landcarbon {

/// NoData of floating-point outputs: the lowest float, which no measurement is.
constexpr double real_nodata = -3.4028234663852886e38;

/// What a raster output is, besides its cells.
struct RasterDescription {
    GDALDataType type = GDT_Float32;
    std::vector<std::string> bands;  ///< one description a band
    double nodata = 0;
    std::string unit;
    RasterStyle style;
    std::vector<std::pair<std::string, std::string>> metadata;
    /// Metadata items of each band, one list a band; empty: none. LANDCARBON_CLASS holds the class that a band is
    /// about.
    std::vector<std::vector<std::pair<std::string, std::string>>> band_metadata;
};

/// Options of the raster format that hold for a whole run.
struct RasterFormat {
    std::string driver;            ///< empty: by the file's extension
    std::string creation_options;  ///< NAME=VALUE|NAME=VALUE
    int threads = 1;
};

/// A raster being written. Blocks come in order; every cell is written once.
class RasterSink {
public:
    /// @param path where to write; `shown` is what the user calls it
    /// @throws UserError, IoError
    RasterSink(std::string parameter, std::string path, std::string shown, const Grid& grid,
               RasterDescription description, const RasterFormat& format);
    ~RasterSink();

    const RasterDescription& description() const { return description_; }
    std::size_t bytes_per_cell() const;
    int block_width() const { return block_width_; }
    int block_height() const { return block_height_; }
    /// Sets the colour ramp, once the values are known; before close().
    void set_ramp(std::vector<RampStop> ramp) { description_.style.ramp = std::move(ramp); }
    /// Writes one band's block from a row-major buffer of the description's type. @throws IoError
    void write(int band, const Window& window, const void* cells);
    /// Cells whose number the format cannot hold (beyond Float32, infinite or not a number), written as NoData.
    std::int64_t unwritable_cells() const { return unwritable_; }
    /// Finishes the file: flushes, closes, converts where the format cannot be written by blocks. @throws IoError
    void close();

private:
    void fail(const std::string& what) const;
    /// Adds cells to what close() compares the finished file with.
    void add_to_sum(std::size_t band, const Window& window, const void* cells);
    /// Reads the finished file again. @throws UserError when it does not hold what was written
    void compare() const;
    template <class Real>
    const void* writable(const void* cells, std::size_t count);
    std::string parameter_;
    std::string path_;
    std::string shown_;
    Grid grid_;
    RasterDescription description_;
    std::string driver_;
    std::vector<std::string> options_;
    std::string working_path_;
    DatasetPtr dataset_;
    int block_width_ = 0;
    int block_height_ = 0;
    std::vector<unsigned char> block_;
    bool compares_ = false;            ///< a GeoTIFF as the toolbox makes it holds everything; others have to show it
    std::vector<std::uint64_t> sums_;  ///< of the cells with their places, by band
    std::vector<unsigned char> replaced_;
    std::int64_t unwritable_ = 0;
};

/// Writes a small raster in the format that an output is going to have, with the most awkward values of its type, reads
/// it back, and removes it again; says before the work whether the format can hold the output.
/// @param folder an existing folder to work in
/// @return names of the files that such an output consists of; empty for a format that needs no trial
/// @throws UserError when values, size or NoData come back changed; IoError
std::vector<std::string> try_raster_format(const std::string& parameter, const std::string& folder,
                                           const std::string& shown, const Grid& grid,
                                           const RasterDescription& description, const RasterFormat& format);
/// The same while nothing is known of the output but its name: says whether any raster fits the format.
std::vector<std::string> try_raster_format(const std::string& parameter, const std::string& folder,
                                           const std::string& shown, const RasterFormat& format);

}  // namespace landcarbon
