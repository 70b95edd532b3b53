// Land Carbon Toolbox: reading one band of a raster, block by block, from any thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/class_codes.hpp"
#include "engine/gdal.hpp"
#include "engine/grid.hpp"
#include "engine/open_files.hpp"

namespace landcarbon {

/// A class as a raster or a table names it.
struct ClassLabel {
    std::int64_t code = 0;
    std::string name;
    std::string colour;  ///< "#rrggbb" or empty
};

/// A raster file opened for reading. Each thread gets a dataset handle of its own.
class RasterFile {
public:
    /// @param parameter id of the argument that named the file, for messages
    /// @param open_files where handles are counted; nullptr: for this file alone
    /// @throws IoError, UserError
    RasterFile(std::string parameter, std::string path, std::shared_ptr<OpenFiles> open_files = nullptr);

    const std::string& parameter() const { return parameter_; }
    const std::string& path() const { return path_; }
    const Grid& grid() const { return grid_; }
    /// Bands of data; an alpha band at the end does not count.
    int bands() const { return bands_; }
    int block_width() const { return block_width_; }
    int block_height() const { return block_height_; }
    /// From now on every read is warped to `target`. @throws UserError
    void align_to(const Grid& target, bool classes);
    /// True when reads are warped; the dataset's last band then tells which cells the file reaches.
    bool aligned() const { return aligned_; }
    /// This thread's dataset. @throws IoError
    GDALDatasetH handle();
    /// Drops what GDAL keeps of this thread's last reads, so that memory stays bounded.
    void forget_blocks();
    /// Names and colours from the file's attribute table, category names and colour table.
    std::vector<ClassLabel> labels(int band);
    /// The class that a band is about, where its metadata item LANDCARBON_CLASS names one (suitability by class).
    /// @throws UserError when the item is not a whole number
    std::optional<std::int64_t> class_of_band(int band);

private:
    DatasetPtr open() const;
    std::string parameter_;
    std::string path_;
    Grid grid_;
    int bands_ = 0;
    int block_width_ = 0;
    int block_height_ = 0;
    bool aligned_ = false;
    bool aligned_classes_ = false;
    std::shared_ptr<OpenFiles> open_files_;
    OpenFiles::Handles handles_;
};

/// How a band is read.
enum class ReadAs { classes, real32, real64 };

/// One band, ready to be read block by block: NoData (declared, NaN, infinite, mask, alpha) told from data, scale and
/// offset applied.
class Layer {
public:
    Layer(std::shared_ptr<RasterFile> file, int band, ReadAs as, ClassCodes* codes);

    RasterFile& file() const { return *file_; }
    int band() const { return band_; }
    ReadAs as() const { return as_; }
    /// Memory that a cell takes while its block is under way: what is handed on, and what GDAL keeps of it meanwhile.
    std::size_t bytes_per_cell() const;
    /// Memory that a cell takes while its band is read; the next band uses the same again.
    std::size_t scratch_per_cell() const;
    /// Reads slots of classes (0 where there is none).
    /// @throws IoError; UserError naming the value when it is not an integer
    void read_classes(const Window& window, std::uint16_t* slots) const;
    /// Reads measurements; invalid cells become NaN and 0 in `valid`.
    void read(const Window& window, float* values, std::uint8_t* valid) const;
    void read(const Window& window, double* values, std::uint8_t* valid) const;
    /// Cells that held an infinite number, in all reads so far.
    std::int64_t infinite_cells() const { return infinite_->load(); }
    /// What the file says that stored numbers are multiplied with; 1 when it says nothing. Readings have it applied.
    double declared_scale() const { return scale_; }
    /// The same band, read in another way.
    Layer read_as(ReadAs as) const {
        Layer other = *this;
        other.as_ = as;
        return other;
    }
    /// The narrowest way of reading measurements that holds every value exactly.
    ReadAs exact_reading() const;
    /// True when the band is stored as floating-point numbers or scaled to such.
    bool is_floating() const { return scaled_ || type_ == GDT_Float32 || type_ == GDT_Float64; }
    /// How many different numbers stand in cells all over the band; not all cells of a large one are looked at, and it
    /// stops at `most`. For telling measurements in whole numbers from codes. @throws IoError
    std::size_t different_values(std::size_t most) const;
    /// What the file calls the band; empty when it says nothing.
    std::string title() const;
    /// "path" or "path, band 3" where the file has several.
    std::string name() const;

private:
    void raster_io(const Window& window, void* buffer, GDALDataType type) const;
    /// True for the declared NoData value of a floating-point reading.
    bool is_nodata(double value) const;
    void read_mask(const Window& window, std::vector<std::uint8_t>& mask) const;
    template <class T>
    void read_values(const Window& window, T* values, std::uint8_t* valid) const;
    template <class T>
    void slots_by_lookup(const Window& window, std::uint16_t* slots) const;
    template <class T>
    void slots_by_search(const Window& window, GDALDataType type, std::uint16_t* slots) const;
    std::uint16_t slot_of(std::int64_t code) const;

    std::shared_ptr<RasterFile> file_;
    int band_;
    ReadAs as_;
    ClassCodes* codes_;
    GDALDataType type_ = GDT_Unknown;
    bool has_mask_ = false;
    bool has_nodata_ = false;
    bool signed_byte_ = false;  ///< a Byte band that means -128..127 (GDAL before 3.7 has no type for it)
    double nodata_ = 0;
    std::int64_t integer_nodata_ = 0;
    bool scaled_ = false;
    double scale_ = 1;
    double offset_ = 0;
    /// Slot of each value that 8- and 16-bit types can hold, filled as values turn up; shared by threads.
    struct Lookup;
    std::shared_ptr<Lookup> lookup_;
    std::shared_ptr<std::atomic<std::int64_t>> infinite_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace landcarbon
