// Land Carbon Toolbox: writing a raster block by block, in order, from one thread at a time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/sink.hpp"

#include <cpl_string.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <type_traits>

#include "engine/faults.hpp"
#include "engine/pauses.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

std::vector<std::string> split_options(const std::string& parameter, const std::string& text) {
    std::vector<std::string> options;
    std::size_t start = 0;
    while (start < text.size()) {
        const auto end = std::min(text.find('|', start), text.size());
        const std::string option(trimmed(std::string_view(text).substr(start, end - start)));
        if (!option.empty()) {
            if (option.find('=') == std::string::npos || option.front() == '=')
                throw UserError(parameter, "CREATION_OPTIONS: \"" + option + "\" is not of the form NAME=VALUE");
            options.push_back(option);
        }
        start = end + 1;
    }
    return options;
}

bool names(const std::vector<std::string>& options, const std::string& key) {
    return std::any_of(options.begin(), options.end(), [&](const std::string& option) {
        return option.size() > key.size() && option[key.size()] == '=' &&
               EQUALN(option.c_str(), key.c_str(), key.size());
    });
}

std::optional<double> number_of(const std::vector<std::string>& options, const std::string& key) {
    for (const auto& option : options)
        if (names({option}, key)) return parse_number(option.substr(key.size() + 1));
    return std::nullopt;
}

/// Refuses blocks that are too large before a file is made: closing it, GDAL would fill and write one of them.
/// @param cell_bytes of one band; `bands` lie cell by cell in a block where the options say so
void check_blocks(const std::vector<std::string>& options, const Grid& grid, int cell_bytes, std::size_t bands) {
    constexpr double most_mebibytes = 128, mebibyte = 1 << 20;
    const auto square = number_of(options, "BLOCKSIZE"), across = number_of(options, "BLOCKXSIZE"),
               down = number_of(options, "BLOCKYSIZE");
    if (!square && !across && !down) return;
    const bool by_cell = std::any_of(options.begin(), options.end(), [](const std::string& option) {
        return EQUAL(option.c_str(), "INTERLEAVE=PIXEL");
    });
    const double x = std::abs(across.value_or(square.value_or(grid.width)));
    double y = std::abs(down.value_or(square.value_or(1)));
    if (!across && !square) y = std::min(y, 1.0 * grid.height);  // strips of whole rows end with the raster
    const double needed = x * y * cell_bytes * (by_cell ? static_cast<double>(bands) : 1.0) / mebibyte;
    if (!(needed <= most_mebibytes))
        throw wrong("creation_options", "blocks of " + number_text(x) + " x " + number_text(y) + " cells have " +
                                            number_text(std::ceil(needed)) + " MiB, more than the " +
                                            number_text(most_mebibytes) +
                                            " allowed; make them smaller (BLOCKXSIZE, BLOCKYSIZE, BLOCKSIZE)");
}

std::string driver_for(const std::string& path) {
    std::string extension = std::filesystem::path(path).extension().string();
    if (!extension.empty()) extension.erase(0, 1);
    if (extension.empty() || EQUAL(extension.c_str(), "tif") || EQUAL(extension.c_str(), "tiff")) return "GTiff";
    for (int i = 0; i < GDALGetDriverCount(); ++i) {
        GDALDriverH driver = GDALGetDriver(i);
        if (!GDALGetMetadataItem(driver, GDAL_DCAP_RASTER, nullptr)) continue;
        const char* list = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSIONS, nullptr);
        if (!list) continue;
        const CPLStringList extensions(CSLTokenizeString(list));
        if (extensions.FindString(extension.c_str()) >= 0) return GDALGetDriverShortName(driver);
    }
    return {};
}

}  // namespace

RasterSink::RasterSink(std::string parameter, std::string path, std::string shown, const Grid& grid,
                       RasterDescription description, const RasterFormat& format)
    : parameter_(std::move(parameter)),
      path_(std::move(path)),
      shown_(std::move(shown)),
      grid_(grid),
      description_(std::move(description)) {
    driver_ = format.driver.empty() ? driver_for(shown_) : format.driver;
    GDALDriverH driver = driver_.empty() ? nullptr : GDALGetDriverByName(driver_.c_str());
    if (!driver)
        throw UserError(parameter_, format.driver.empty()
                                        ? parameter_name(parameter_) + ": no raster format is known for " + shown_ +
                                              "; use the extension .tif"
                                        : "OUTPUT_FORMAT: GDAL has no raster format \"" + format.driver + "\"");
    driver_ = GDALGetDriverShortName(driver);
    if (!GDALGetMetadataItem(driver, GDAL_DCAP_RASTER, nullptr))
        throw UserError(parameter_, "OUTPUT_FORMAT: " + driver_ + " is no format of rasters");
    options_ = split_options("creation_options", format.creation_options);
    {
        const GdalMessages messages;
        CPLStringList given;
        for (const auto& option : options_) given.AddString(option.c_str());
        if (!GDALValidateCreationOptions(driver, given.List()))
            throw wrong("creation_options", messages.text("the format " + driver_ + " does not know them"));
    }
    check_blocks(options_, grid_, GDALGetDataTypeSizeBytes(description_.type), description_.bands.size());
    compares_ = !EQUAL(driver_.c_str(), "GTiff") || !options_.empty();
    sums_.assign(description_.bands.size(), 0);
    working_path_ = path_;
    std::vector<std::string> options = options_;
    if (!GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, nullptr)) {
        if (!GDALGetMetadataItem(driver, GDAL_DCAP_CREATECOPY, nullptr))
            throw wrong(parameter_, "GDAL cannot write the format " + driver_);
        // The format is made from a finished raster: write a GeoTIFF first.
        working_path_ = path_ + ".working.tif";
        options = {"COMPRESS=LZW"};
        driver = GDALGetDriverByName("GTiff");
    }
    const bool geotiff = EQUAL(GDALGetDriverShortName(driver), "GTiff");
    if (geotiff) {
        const auto set_default = [&options](const char* key, const std::string& value) {
            if (!names(options, key)) options.push_back(std::string(key) + "=" + value);
        };
        const bool small = grid_.width < 256 && grid_.height < 256;
        // Level 1 takes a third of the time of GDAL's 6 for files that are a few to twenty percent larger.
        if (!names(options, "COMPRESS")) set_default("ZLEVEL", "1");
        set_default("COMPRESS", "DEFLATE");
        set_default("TILED", small ? "NO" : "YES");
        set_default("BIGTIFF", "IF_SAFER");
        set_default("INTERLEAVE", "BAND");
        set_default("NUM_THREADS", std::to_string(format.threads));
    }
    CPLStringList arguments;
    for (const auto& option : options) arguments.AddString(option.c_str());
    writing("create", shown_);
    const GdalMessages messages;
    dataset_.reset(GDALCreate(driver, working_path_.c_str(), grid_.width, grid_.height,
                              static_cast<int>(description_.bands.size()), description_.type, arguments.List()));
    if (!dataset_) throw IoError(shown_, "cannot be created (" + messages.text("unknown reason") + ")");
    if (GDALGetRasterCount(dataset_.get()) != static_cast<int>(description_.bands.size()) ||
        GDALGetRasterXSize(dataset_.get()) != grid_.width || GDALGetRasterYSize(dataset_.get()) != grid_.height)
        throw wrong(parameter_, "the format " + driver_ + " of " + shown_ +
                                    " makes another raster than was asked for; use the extension .tif");
    // Colours, names and NoData must be set before the first cell is written.
    if (!grid_.crs.empty()) GDALSetProjection(dataset_.get(), grid_.crs.c_str());
    if (!grid_.crs.empty() || grid_.transform != Grid().transform) {
        std::array<double, 6> transform = grid_.transform;
        GDALSetGeoTransform(dataset_.get(), transform.data());
    }
    for (const auto& [key, value] : description_.metadata)
        GDALSetMetadataItem(dataset_.get(), key.c_str(), value.c_str(), nullptr);
    for (std::size_t i = 0; i < description_.bands.size(); ++i) {
        GDALRasterBandH band = GDALGetRasterBand(dataset_.get(), static_cast<int>(i) + 1);
        GDALSetDescription(band, description_.bands[i].c_str());
        if (i < description_.band_metadata.size())
            for (const auto& [key, value] : description_.band_metadata[i])
                GDALSetMetadataItem(band, key.c_str(), value.c_str(), nullptr);
        GDALSetRasterNoDataValue(band, description_.nodata);
        if (!description_.unit.empty()) GDALSetRasterUnitType(band, description_.unit.c_str());
        const auto& classes = description_.style.classes;
        if (classes.empty() || (description_.style.first_band_only && i > 0)) continue;
        const std::int64_t largest = description_.type == GDT_Byte ? 255 : description_.type == GDT_UInt16 ? 65535 : -1;
        const bool indexed = std::all_of(classes.begin(), classes.end(), [&](const ClassLabel& label) {
            return label.code >= 0 && label.code <= largest;
        });
        if (indexed && description_.bands.size() == 1) {
            GDALColorTableH colours = GDALCreateColorTable(GPI_RGB);
            std::int64_t top = 0;
            for (const auto& label : classes) {
                unsigned r = 0, g = 0, b = 0;
                std::sscanf(label.colour.c_str(), "#%2x%2x%2x", &r, &g, &b);
                const GDALColorEntry entry{static_cast<short>(r), static_cast<short>(g), static_cast<short>(b), 255};
                GDALSetColorEntry(colours, static_cast<int>(label.code), &entry);
                top = std::max(top, label.code);
            }
            GDALSetRasterColorTable(band, colours);
            GDALDestroyColorTable(colours);
            std::vector<std::string> category_names(static_cast<std::size_t>(top) + 1);
            for (const auto& label : classes) category_names[static_cast<std::size_t>(label.code)] = label.name;
            CPLStringList list;
            for (const auto& name : category_names) list.AddString(name.c_str());
            if (top <= 4096) GDALSetRasterCategoryNames(band, list.List());
        } else {
            GDALRasterAttributeTableH table = GDALCreateRasterAttributeTable();
            GDALRATCreateColumn(table, "Value", GFT_Integer, GFU_MinMax);
            GDALRATCreateColumn(table, "Name", GFT_String, GFU_Name);
            GDALRATSetRowCount(table, static_cast<int>(classes.size()));
            for (int row = 0; row < static_cast<int>(classes.size()); ++row) {
                GDALRATSetValueAsInt(table, row, 0, static_cast<int>(classes[static_cast<std::size_t>(row)].code));
                GDALRATSetValueAsString(table, row, 1, classes[static_cast<std::size_t>(row)].name.c_str());
            }
            GDALSetDefaultRAT(band, table);
            GDALDestroyRasterAttributeTable(table);
        }
    }
    GDALGetBlockSize(GDALGetRasterBand(dataset_.get(), 1), &block_width_, &block_height_);
    // GDAL and this class hold a block each, whatever MEMORY says; only options make blocks as large as this.
    constexpr double largest_block = 256.0 * 1048576;
    const double bytes =
        static_cast<double>(block_width_) * block_height_ * GDALGetDataTypeSizeBytes(description_.type);
    if (bytes > largest_block && (block_width_ > grid_.width || block_height_ > 1))
        throw wrong(parameter_, shown_ + " would have blocks of " + std::to_string(block_width_) + " x " +
                                    std::to_string(block_height_) +
                                    " cells, more than 256 MiB each; give CREATION_OPTIONS "
                                    "a smaller BLOCKXSIZE and BLOCKYSIZE, such as 512");
}

RasterSink::~RasterSink() {
    const GdalMessages messages;
    dataset_.reset();
}

std::size_t RasterSink::bytes_per_cell() const {
    return description_.bands.size() * static_cast<std::size_t>(GDALGetDataTypeSizeBytes(description_.type));
}

template <class Real>
const void* RasterSink::writable(const void* cells, std::size_t count) {
    // NaN is NoData where NoData is NaN; infinite numbers are nowhere.
    const Real* const values = static_cast<const Real*>(cells);
    const bool nan_is_nodata = std::isnan(description_.nodata);
    const auto is_wrong = [&](Real value) { return !std::isfinite(value) && !(nan_is_nodata && std::isnan(value)); };
    std::int64_t found = 0;
    for (std::size_t i = 0; i < count; ++i) found += is_wrong(values[i]);
    if (found == 0) return cells;
    unwritable_ += found;
    replaced_.resize(count * sizeof(Real));
    Real* const replaced = reinterpret_cast<Real*>(replaced_.data());
    for (std::size_t i = 0; i < count; ++i)
        replaced[i] = is_wrong(values[i]) ? static_cast<Real>(description_.nodata) : values[i];
    return replaced;
}

void RasterSink::write(int band_number, const Window& window, const void* cells) {
    writing("block", shown_);
    const GdalMessages messages;
    GDALRasterBandH band = GDALGetRasterBand(dataset_.get(), band_number);
    const auto size = static_cast<std::size_t>(GDALGetDataTypeSizeBytes(description_.type));
    if (description_.type == GDT_Float32) cells = writable<float>(cells, window.cells());
    if (description_.type == GDT_Float64) cells = writable<double>(cells, window.cells());
    if (compares_) add_to_sum(static_cast<std::size_t>(band_number - 1), window, cells);
    const auto ends_well = [](int start, int length, int block, int all) {
        return start % block == 0 && ((start + length) % block == 0 || start + length == all);
    };
    CPLErr error = CE_None;
    // Blocks are written as they are: a format that has chosen another type gets cells that GDAL converts.
    if (GDALGetRasterDataType(band) == description_.type &&
        ends_well(window.x, window.width, block_width_, grid_.width) &&
        ends_well(window.y, window.height, block_height_, grid_.height)) {
        // Whole blocks of the file go past GDAL's cache, which would otherwise keep them all.
        block_.assign(static_cast<std::size_t>(block_width_) * static_cast<std::size_t>(block_height_) * size, 0);
        for (int y = 0; y < window.height && error == CE_None; y += block_height_)
            for (int x = 0; x < window.width && error == CE_None; x += block_width_) {
                const int rows = std::min(block_height_, window.height - y);
                const auto columns = static_cast<std::size_t>(std::min(block_width_, window.width - x));
                for (int row = 0; row < rows; ++row)
                    std::memcpy(
                        block_.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(block_width_) * size,
                        static_cast<const unsigned char*>(cells) +
                            (static_cast<std::size_t>(y + row) * static_cast<std::size_t>(window.width) +
                             static_cast<std::size_t>(x)) *
                                size,
                        columns * size);
                error =
                    GDALWriteBlock(band, (window.x + x) / block_width_, (window.y + y) / block_height_, block_.data());
            }
    } else {
        error = GDALRasterIO(band, GF_Write, window.x, window.y, window.width, window.height, const_cast<void*>(cells),
                             window.width, window.height, description_.type, 0, 0);
    }
    if (error != CE_None || messages.failed()) fail(messages.text("unknown reason"));
}

namespace {

std::uint64_t mixed(std::uint64_t value) {
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
    return value ^ (value >> 31);
}

/// A sum over cells and their places that does not depend on the order in which they come.
template <class T>
std::uint64_t sum_of(const Window& window, int width, const void* cells) {
    const T* const cell = static_cast<const T*>(cells);
    std::uint64_t sum = 0;
    std::size_t i = 0;
    for (int row = 0; row < window.height; ++row) {
        const std::uint64_t place = static_cast<std::uint64_t>(window.y + row) * static_cast<std::uint64_t>(width) +
                                    static_cast<std::uint64_t>(window.x);
        for (int column = 0; column < window.width; ++column, ++i) {
            const T value = cell[i] == T{} ? T{} : cell[i];  // -0 is 0
            std::uint64_t bits = 0;
            std::memcpy(&bits, &value, sizeof value);
            sum += mixed(bits + mixed(place + static_cast<std::uint64_t>(column) + 1));
        }
    }
    return sum;
}

std::uint64_t sum_of(GDALDataType type, const Window& window, int width, const void* cells) {
    switch (GDALGetDataTypeSizeBytes(type)) {
        case 1:
            return sum_of<std::uint8_t>(window, width, cells);
        case 2:
            return sum_of<std::uint16_t>(window, width, cells);
        case 4:
            return type == GDT_Float32 ? sum_of<float>(window, width, cells)
                                       : sum_of<std::uint32_t>(window, width, cells);
        default:
            return type == GDT_Float64 ? sum_of<double>(window, width, cells)
                                       : sum_of<std::uint64_t>(window, width, cells);
    }
}

}  // namespace

void RasterSink::add_to_sum(std::size_t band, const Window& window, const void* cells) {
    sums_[band] += sum_of(description_.type, window, grid_.width, cells);
}

namespace {

/// Told of progress by GDAL, which stops when the answer is FALSE. @param stopped a bool, set then
int CPL_STDCALL goes_on(double, const char*, void* stopped) {
    if (!Pauses::stop_wanted()) return TRUE;
    *static_cast<bool*>(stopped) = true;
    return FALSE;
}

/// How far places move, in map units, where a grid's corners are taken from one reference system to another: what
/// formats change in a system's names does not matter, what they change in its numbers does. Infinite where places
/// cannot be carried over.
double moved_by(const Grid& grid, const std::string& other) {
    const SrsPtr from(OSRNewSpatialReference(grid.crs.c_str())), to(OSRNewSpatialReference(other.c_str()));
    if (!from || !to) return std::numeric_limits<double>::infinity();
    for (const SrsPtr* system : {&from, &to}) OSRSetAxisMappingStrategy(system->get(), OAMS_TRADITIONAL_GIS_ORDER);
    if (OSRIsSame(from.get(), to.get())) return 0;
    const TransformationPtr transformation(OCTNewCoordinateTransformation(from.get(), to.get()));
    if (!transformation) return std::numeric_limits<double>::infinity();
    double most = 0;
    for (const auto& [column, row] : {std::pair{0, 0}, {grid.width, grid.height}, {grid.width, 0}, {0, grid.height}}) {
        const auto place = grid.position(column, row);
        double x = place[0], y = place[1];
        if (!OCTTransform(transformation.get(), 1, &x, &y, nullptr)) return std::numeric_limits<double>::infinity();
        most = std::max({most, std::abs(x - place[0]), std::abs(y - place[1])});
    }
    return most;
}

}  // namespace

void RasterSink::compare() const {
    // What cannot be opened again was not written.
    const GdalMessages messages;
    const DatasetPtr again(GDALOpen(path_.c_str(), GA_ReadOnly));
    if (!again) fail(messages.text("it cannot be opened again"));
    if (!compares_) return;
    const auto refuse = [&](const std::string& what) {
        const bool by_options = EQUAL(driver_.c_str(), "GTiff") || EQUAL(driver_.c_str(), "COG");
        if (by_options)
            throw wrong("creation_options", "with them " + shown_ + " would not hold the result (" + what +
                                                "); leave out the option that changes values");
        throw wrong(parameter_, "the format " + driver_ + " of " + shown_ + " cannot hold the result (" + what +
                                    "); use the extension .tif");
    };
    const int bands = static_cast<int>(description_.bands.size());
    if (GDALGetRasterXSize(again.get()) != grid_.width || GDALGetRasterYSize(again.get()) != grid_.height)
        refuse("it comes back with " + std::to_string(GDALGetRasterXSize(again.get())) + " x " +
               std::to_string(GDALGetRasterYSize(again.get())) + " cells");
    if (GDALGetRasterCount(again.get()) < bands)
        refuse("it comes back with " + std::to_string(GDALGetRasterCount(again.get())) + " of " +
               std::to_string(bands) + " bands");
    std::array<double, 6> transform{};
    if (GDALGetGeoTransform(again.get(), transform.data()) != CE_None) transform = {0, 1, 0, 0, 0, 1};
    Grid there = grid_;
    there.transform = transform;
    const double cell = std::max(std::abs(grid_.transform[1]) + std::abs(grid_.transform[2]),
                                 std::abs(grid_.transform[5]) + std::abs(grid_.transform[4]));
    for (const auto& [x, y] : {std::pair{0.0, 0.0}, {1.0 * grid_.width, 1.0 * grid_.height}}) {
        const auto meant = grid_.position(x, y), got = there.position(x, y);
        if (!(std::abs(meant[0] - got[0]) <= 1e-3 * cell) || !(std::abs(meant[1] - got[1]) <= 1e-3 * cell))
            refuse("its cells come back at another place");
    }
    if (const char* system = GDALGetProjectionRef(again.get()); !grid_.crs.empty()) {
        if (!system || !*system) refuse("its coordinate reference system is lost");
        if (!(moved_by(grid_, system) <= cell)) refuse("it comes back with another coordinate reference system");
    }
    const auto size = static_cast<std::size_t>(GDALGetDataTypeSizeBytes(description_.type));
    const int rows = std::max(1, std::min(grid_.height, (1 << 20) / grid_.width));
    std::vector<unsigned char> cells(size * static_cast<std::size_t>(grid_.width) * static_cast<std::size_t>(rows));
    for (int number = 1; number <= bands; ++number) {
        GDALRasterBandH band = GDALGetRasterBand(again.get(), number);
        int has = 0;
        const double nodata = GDALGetRasterNoDataValue(band, &has);
        const bool same =
            nodata == description_.nodata ||
            (description_.type == GDT_Float32 && static_cast<float>(nodata) == static_cast<float>(description_.nodata));
        if (!has || !same)
            refuse("its NoData value " + number_text(description_.nodata) + " is " +
                   (has ? "read back as " + number_text(nodata) : "lost"));
        std::uint64_t sum = 0;
        for (int y = 0; y < grid_.height; y += rows) {
            Pauses::look();
            const Window window{0, y, grid_.width, std::min(rows, grid_.height - y)};
            if (GDALRasterIO(band, GF_Read, 0, y, window.width, window.height, cells.data(), window.width,
                             window.height, description_.type, 0, 0) != CE_None)
                fail(messages.text("it cannot be read again"));
            sum += sum_of(description_.type, window, grid_.width, cells.data());
        }
        if (sum != sums_[static_cast<std::size_t>(number - 1)])
            refuse("band " + std::to_string(number) + " comes back with other values");
    }
}

void RasterSink::fail(const std::string& what) const { throw IoError(shown_, "cannot be written (" + what + ")"); }

void RasterSink::close() {
    writing("close", shown_);
    {
        const GdalMessages messages;
        GDALFlushCache(dataset_.get());
        dataset_.reset();
        if (messages.complained()) fail(messages.text(""));
    }
    if (working_path_ != path_) {
        const GdalMessages messages;
        DatasetPtr finished(GDALOpen(working_path_.c_str(), GA_ReadOnly));
        if (!finished) fail(messages.text("the intermediate raster is lost"));
        CPLStringList arguments;
        for (const auto& option : options_) arguments.AddString(option.c_str());
        bool stopped = false;
        DatasetPtr copy(GDALCreateCopy(GDALGetDriverByName(driver_.c_str()), path_.c_str(), finished.get(), FALSE,
                                       arguments.List(), &goes_on, &stopped));
        const bool made = copy != nullptr;
        copy.reset();
        finished.reset();
        GDALDeleteDataset(GDALGetDriverByName("GTiff"), working_path_.c_str());
        if (stopped) throw Cancelled();
        if (!made || messages.failed()) fail(messages.text("the format refused it"));
    }
    compare();
    const std::string style = qml(description_.style, description_.unit);
    if (style.empty()) return;
    const auto style_path = std::filesystem::path(path_).replace_extension(".qml");
    std::ofstream file(style_path, std::ios::binary);
    file << style;
    file.close();
    if (!file) fail("its style cannot be stored; is the disk full?");
}

namespace {

/// Cells that a format finds hard to keep: every code, fractions, extremes; NoData only in the last row, so that no
/// tile of a format is without a hole.
template <class T>
std::vector<unsigned char> awkward_cells(int width, int height, double nodata) {
    std::vector<unsigned char> bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * sizeof(T));
    const std::array extremes = {std::numeric_limits<T>::max(), std::numeric_limits<T>::lowest(),
                                 std::numeric_limits<T>::min(), static_cast<T>(1),
                                 static_cast<T>(0.64),          static_cast<T>(1.0 / 3),
                                 static_cast<T>(123456.789)};
    for (std::size_t i = 0; i < bytes.size() / sizeof(T); ++i) {
        T value = static_cast<T>(i % 251);
        if (i % 3 == 0) value = extremes[i / 3 % extremes.size()];
        if constexpr (std::is_floating_point_v<T>) {
            if (i % 3 == 1) value = static_cast<T>(static_cast<double>(i) / 7 - 1000);
        } else if (i % 3 == 1) {
            value = static_cast<T>(i * 2654435761U >> 3);
        }
        const bool last = i / static_cast<std::size_t>(width) + 1 == static_cast<std::size_t>(height);
        if (last && i % 2) value = static_cast<T>(nodata);
        if (!last && value == static_cast<T>(nodata)) value = static_cast<T>(1);
        std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
    }
    return bytes;
}

std::vector<unsigned char> awkward_cells(GDALDataType type, int width, int height, double nodata) {
    switch (type) {
        case GDT_Byte:
            return awkward_cells<std::uint8_t>(width, height, nodata);
        case GDT_Int16:
            return awkward_cells<std::int16_t>(width, height, nodata);
        case GDT_UInt16:
            return awkward_cells<std::uint16_t>(width, height, nodata);
        case GDT_Int32:
            return awkward_cells<std::int32_t>(width, height, nodata);
        case GDT_UInt32:
            return awkward_cells<std::uint32_t>(width, height, nodata);
        case GDT_Float64:
            return awkward_cells<double>(width, height, nodata);
        default:
            return awkward_cells<float>(width, height, nodata);
    }
}

/// A folder for a trial, gone at the end.
class TrialFolder {
public:
    explicit TrialFolder(const std::string& parent) : path_(std::filesystem::path(parent) / ".trial") {
        std::filesystem::create_directory(path_);
    }
    ~TrialFolder() {
        std::error_code error;
        std::filesystem::remove_all(path_, error);
    }
    TrialFolder(const TrialFolder&) = delete;
    TrialFolder& operator=(const TrialFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace

std::vector<std::string> try_raster_format(const std::string& parameter, const std::string& folder,
                                           const std::string& shown, const Grid& grid,
                                           const RasterDescription& description, const RasterFormat& format) {
    const std::string driver = format.driver.empty() ? driver_for(shown) : format.driver;
    if (EQUAL(driver.c_str(), "GTiff") && trimmed(format.creation_options).empty()) return {};
    const TrialFolder trial(folder);
    const std::string path = (trial.path() / std::filesystem::path(shown).filename()).string();
    Grid small = grid;
    // Larger than one tile of the formats that have tiles.
    small.width = std::min(grid.width, 300);
    small.height = std::min(grid.height, 300);
    const bool floating = description.type == GDT_Float32 || description.type == GDT_Float64;
    RasterDescription trial_description = description;
    if (floating) trial_description.style = {};
    RasterSink sink(parameter, path, shown, small, trial_description, format);
    const auto cells = awkward_cells(description.type, small.width, small.height, description.nodata);
    for (int band = 1; band <= static_cast<int>(description.bands.size()); ++band)
        sink.write(band, {0, 0, small.width, small.height}, cells.data());
    try {
        sink.close();
    } catch (const IoError& error) {
        throw wrong(parameter, "the format " + driver + " of " + shown + " cannot hold the result (" + error.what() +
                                   "); use the extension .tif");
    }
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(trial.path()))
        files.push_back(entry.path().filename().string());
    return files;
}

std::vector<std::string> try_raster_format(const std::string& parameter, const std::string& folder,
                                           const std::string& shown, const RasterFormat& format) {
    Grid grid;
    grid.width = grid.height = 300;
    grid.transform = {500000, 100, 0, 4000000, 0, -100};
    RasterDescription real, classes;
    real.bands = classes.bands = {"trial"};
    real.nodata = real_nodata;
    classes.type = GDT_Byte;
    try {
        return try_raster_format(parameter, folder, shown, grid, classes, format);
    } catch (const UserError&) {
        return try_raster_format(parameter, folder, shown, grid, real, format);
    }
}

}  // namespace landcarbon
