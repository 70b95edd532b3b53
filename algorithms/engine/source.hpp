// Land Carbon Toolbox: reading one band of a raster, block by block, from any thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/class_codes.hpp"
#include "engine/gdal.hpp"
#include "engine/grid.hpp"
#include "engine/open_files.hpp"
#include "engine/resampling.hpp"
#include "engine/value_rules.hpp"

namespace landcarbon {

/// A class as a raster or a table names it.
struct ClassLabel {
    std::int64_t code = 0;
    std::string name;
    std::string colour;  ///< "#rrggbb" or empty
};

/// Whether colours are a ramp that programs paint measurements with, of greys or of colours that run into one another,
/// and none of the numbers has a name.
bool is_colour_ramp(const std::vector<ClassLabel>& labels);

/// Above it, a file is not kept open beyond a block, and what its tiles need counts as memory of the run.
constexpr std::size_t largest_kept_tile = std::size_t{8} << 20;

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
    /// Bytes of one tile or strip as GDAL unfolds it to read a cell; of all bands where they lie together.
    std::size_t tile_bytes() const { return tile_bytes_; }
    /// From now on every read is carried over to `target`: cells are read and told from NoData on the file's own grid
    /// first. @throws UserError
    void align_to(const Grid& target, Resampling how = Resampling::automatic);
    /// True when reads are carried over to another grid.
    bool aligned() const { return mapping_ != nullptr; }
    /// From the grid that `grid()` tells to the file's own; nullptr when they are one.
    const GridMapping* mapping() const { return mapping_.get(); }
    /// How classes or measurements are carried over; never `automatic`.
    Resampling resampling(bool classes) const;
    /// What the user should know about how the file was understood; empty when there is nothing.
    const std::string& note() const { return note_; }
    /// True when bands 1 to 3 are red, green and blue of a picture: they say so, and they hold no stack of classes that
    /// was merely stored so (three bands of bytes are declared red, green and blue by default).
    bool is_picture();
    /// The compression that changes cells, such as JPEG, where the file has one; else empty.
    std::string lossy_compression();
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
    std::size_t tile_bytes_ = 0;
    std::string note_;
    Resampling how_ = Resampling::automatic;
    std::shared_ptr<const GridMapping> mapping_;
    std::shared_ptr<OpenFiles> open_files_;
    OpenFiles::Handles handles_;
};

/// How a band is read.
enum class ReadAs { classes, real32, real64 };

/// What a band shows, as seen while it is read for the first time: marks that may stand for NoData, and its edge.
struct BandLook {
    std::atomic<bool> looking{true};
    std::mutex mutex;  ///< for all below
    double low = std::numeric_limits<double>::infinity(),
           high = -std::numeric_limits<double>::infinity();  ///< no marks
    std::map<double, std::int64_t> marks;         ///< cells by mark: a class, or a number as readings give it
    std::int64_t edge_cells = 0;                  ///< cells of the outermost rows and columns
    std::int64_t edge_valid = 0, edge_zeros = 0;  ///< measurements only: edge cells with a value, with 0
    double lowest_positive = std::numeric_limits<double>::infinity();   ///< measurements only
    std::map<std::uint16_t, std::int64_t> edge_classes;                 ///< by slot; class rasters only
    std::map<std::uint16_t, std::int64_t> edge_runs;                    ///< by slot: runs of one class along the sides
    std::array<std::int64_t, 4> side_cells{};                           ///< of the upper, lower, left and right side
    std::map<std::uint16_t, std::array<std::int64_t, 4>> side_classes;  ///< by slot, on each side
    std::map<std::int64_t, std::int64_t> fills;  ///< cells of the classes 0, -1 and 15, which often stand for no data
    std::map<double, std::int64_t> lone_negatives;  ///< cells by number: one negative number among positive fractions
    std::vector<float> sample;                      ///< measurements only: values all over the band, 64 at most
    std::set<std::int64_t> codes;                   ///< classes, where no table of slots keeps them
    std::vector<std::uint16_t> mark_slots;          ///< of classes whose code often stands for no data
    std::vector<std::uint16_t> fill_slots;          ///< of the classes 0, -1 and 15
    std::size_t slots_looked_at = 1;                ///< for such codes
};

/// One band, ready to be read block by block: NoData (declared, NaN, infinite, mask, alpha) told from data, scale and
/// offset applied.
class Layer {
public:
    /// @param rules what the user says of the stored numbers
    Layer(std::shared_ptr<RasterFile> file, int band, ReadAs as, ClassCodes* codes, ValueRules rules = {});

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
    /// The unit that the file declares for the band; empty when it says nothing.
    std::string declared_unit() const;
    bool is_byte() const { return type_ == GDT_Byte && !signed_byte_; }
    /// What the file says is added to scaled numbers; 0 when it says nothing.
    double declared_offset() const { return offset_; }
    /// The classes that reads have met so far, ascending.
    std::vector<std::int64_t> codes_met() const;
    /// True when the file or the user says which numbers are no data, cell by cell: by a mask, alpha or rules.
    bool is_masked() const { return has_mask_ || rules_.any(); }
    /// True when the file says which cells hold data: by a NoData value, a mask or alpha; or the user does.
    bool tells_nodata() const { return has_nodata_ || has_mask_ || rules_.any(); }
    /// What the first reading shows; of measurements in the numbers that readings give.
    BandLook& look() const { return *look_; }
    /// The number that the file holds for one that readings give.
    double stored(double value) const;
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
    /// True when the cells that different_values() looks at hold whole numbers only, as readings give them.
    bool holds_whole_numbers() const;
    /// How many different numbers stand in cells all over the band; not all cells of a large one are looked at, and it
    /// stops at `most`. For telling measurements in whole numbers from codes. @throws IoError
    std::size_t different_values(std::size_t most) const;
    /// What the file calls the band; empty when it says nothing.
    std::string title() const;
    /// "path" or "path, band 3" where the file has several.
    std::string name() const;

private:
    /// The different numbers in cells all over the band, as stored; at most `most`.
    std::set<double> met_values(std::size_t most) const;
    void raster_io(const Window& window, void* buffer, GDALDataType type) const;
    /// True for the declared NoData value of a floating-point reading.
    bool is_nodata(double value) const;
    void read_mask(const Window& window, std::vector<std::uint8_t>& mask) const;
    void read_own_classes(const Window& window, std::uint16_t* slots) const;
    template <class T>
    void read_own_values(const Window& window, T* values, std::uint8_t* valid) const;
    template <class T>
    void read_values(const Window& window, T* values, std::uint8_t* valid) const;
    template <class T>
    void look_at(const Window& window, const T* values, const std::uint8_t* valid) const;
    void look_at(const Window& window, const std::uint16_t* slots) const;
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
    ValueRules rules_;
    std::shared_ptr<BandLook> look_ = std::make_shared<BandLook>();
    /// Slot of each value that 8- and 16-bit types can hold, filled as values turn up; shared by threads.
    struct Lookup;
    std::shared_ptr<Lookup> lookup_;
    std::shared_ptr<std::atomic<std::int64_t>> infinite_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

/// What two layers have in common when they are one band of one file, whatever path leads to it.
std::string band_key(const Layer& layer);

}  // namespace landcarbon
