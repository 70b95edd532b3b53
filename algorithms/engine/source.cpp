// Land Carbon Toolbox: reading one band of a raster, block by block, from any thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/source.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_srs_api.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <limits>
#include <map>
#include <set>

#include "engine/input_files.hpp"
#include "engine/text.hpp"
#include "maths/byte_lookup.hpp"
#include "engine/band_axes.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

namespace {

std::string wkt_of_degrees() {
    const GdalMessages messages;
    const SrsPtr system(OSRNewSpatialReference(nullptr));
    char* wkt = nullptr;
    if (OSRImportFromEPSG(system.get(), 4326) == OGRERR_NONE) OSRExportToWkt(system.get(), &wkt);
    std::string text = wkt ? wkt : "";
    CPLFree(wkt);
    return text;
}

/// True when a raster without a reference system has axes in degrees by the words of the CF conventions, or is of a
/// format that people keep climate data in and lies within the world's degrees.
bool says_degrees(GDALDatasetH dataset, const Grid& grid) {
    bool north = false, east = false;
    for (char** item = GDALGetMetadata(dataset, nullptr); item && *item; ++item) {
        const std::string text = *item;
        const auto ends = [&](const char* word) {
            const std::string_view end(word);
            return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
        };
        for (const char* word : {"degrees_north", "degree_north", "degrees_N", "degree_N", "degreesN", "degreeN"})
            north = north || ends((std::string("units=") + word).c_str());
        for (const char* word : {"degrees_east", "degree_east", "degrees_E", "degree_E", "degreesE", "degreeE"})
            east = east || ends((std::string("units=") + word).c_str());
    }
    const auto first = grid.position(0, 0), last = grid.position(grid.width, grid.height);
    // Grids whose outermost centres lie on the poles reach half a cell beyond.
    const double slack = std::max({1.0, 0.51 * std::abs(grid.transform[5]), 0.51 * std::abs(grid.transform[1])});
    const bool in_world = std::abs(first[1]) <= 90 + slack && std::abs(last[1]) <= 90 + slack &&
                          std::min(first[0], last[0]) >= -180 - slack && std::max(first[0], last[0]) <= 360 + slack;
    if (!in_world) return false;
    if (north && east) return true;
    GDALDriverH driver = GDALGetDatasetDriver(dataset);
    const std::string name = driver ? GDALGetDriverShortName(driver) : "";
    double transform[6];
    const bool placed = GDALGetGeoTransform(dataset, transform) == CE_None && transform[5] != 1;
    return placed && (name == "netCDF" || name == "GRIB" || name == "HDF5Image" || name == "HDF4Image");
}

/// Why a raster without a geotransform cannot be used, and how to mend it; empty where its cells may be without a
/// place.
/// @param located it has a reference system, or axes in degrees
std::string unplaced(GDALDatasetH dataset, bool located) {
    if (GDALGetGCPCount(dataset) > 0)
        return " has ground control points only, which give its cells no fixed place; rectify it first: gdalwarp "
               "IN.tif "
               "OUT.tif (in QGIS: Raster > Georeferencer, or Warp)";
    if (!located) return {};
    const bool axes = CSLFetchNameValue(GDALGetMetadata(dataset, nullptr), "NETCDF_DIM_EXTRA") != nullptr ||
                      GDALGetMetadata(dataset, "GEOLOCATION") != nullptr;
    return " has a reference system but no place: " +
           std::string(axes ? "its rows or columns are not evenly apart, or have no coordinates. Regrid it to an even "
                              "grid first (for example cdo remapcon, or gdalwarp -geoloc)"
                            : "no origin and no cell size (geotransform). Its world file may be missing; assign its "
                              "corners: gdal_translate -a_ullr LEFT TOP RIGHT BOTTOM IN.tif OUT.tif");
}

/// Bytes of one tile or strip as GDAL unfolds it; of all bands where the file holds them cell by cell.
std::size_t unfolded_tile_bytes(GDALDatasetH dataset) {
    GDALRasterBandH band = GDALGetRasterBand(dataset, 1);
    if (!band) return 0;
    int width = 0, height = 0;
    GDALGetBlockSize(band, &width, &height);
    const char* const interleave = GDALGetMetadataItem(dataset, "INTERLEAVE", "IMAGE_STRUCTURE");
    const bool all_bands = interleave && EQUAL(interleave, "PIXEL");
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) *
           static_cast<std::size_t>(GDALGetDataTypeSizeBytes(GDALGetRasterDataType(band))) *
           static_cast<std::size_t>(all_bands ? GDALGetRasterCount(dataset) : 1);
}

}  // namespace

RasterFile::RasterFile(std::string parameter, std::string path, std::shared_ptr<OpenFiles> open_files)
    : parameter_(std::move(parameter)),
      path_(std::move(path)),
      open_files_(open_files ? std::move(open_files) : std::make_shared<OpenFiles>(1)),
      handles_(*open_files_) {
    start_gdal();
    if (path_.rfind("MEM:::", 0) == 0) throw wrong(parameter_, path_ + " points into memory; give a file");
    check_input(path_, InputKind::raster);
    GDALDatasetH dataset = handle();
    bands_ = GDALGetRasterCount(dataset);
    if (bands_ > 1 && GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset, bands_)) == GCI_AlphaBand) --bands_;
    if (bands_ < 1) {
        std::vector<std::string> inside;
        for (int i = 1;; ++i) {
            const char* const name = CSLFetchNameValue(GDALGetMetadata(dataset, "SUBDATASETS"),
                                                       ("SUBDATASET_" + std::to_string(i) + "_NAME").c_str());
            if (!name) break;
            inside.emplace_back(name);
        }
        throw wrong(parameter_, path_ + (inside.empty() ? " has no raster band"
                                                        : " holds several rasters; choose one: " + listed(inside, 30)));
    }
    if (const std::string why = swapped_axes(dataset); !why.empty()) throw wrong(parameter_, path_ + ": " + why);
    grid_.width = GDALGetRasterXSize(dataset);
    grid_.height = GDALGetRasterYSize(dataset);
    const bool placed = GDALGetGeoTransform(dataset, grid_.transform.data()) == CE_None;
    if (!placed) grid_.transform = {0, 1, 0, 0, 0, 1};
    for (const double term : grid_.transform)
        if (!std::isfinite(term)) throw wrong(parameter_, path_ + " has no finite geotransform");
    if (const char* wkt = GDALGetProjectionRef(dataset)) grid_.crs = wkt;
    const bool degrees = grid_.crs.empty() && says_degrees(dataset, grid_);
    if (!placed)
        if (const std::string why = unplaced(dataset, degrees || !grid_.crs.empty()); !why.empty())
            throw wrong(parameter_, path_ + why);
    if (degrees) {
        grid_.crs = wkt_of_degrees();
        note_ = path_ +
                " has no coordinate reference system; its axes are longitude and latitude in degrees, so that it is "
                "taken for EPSG:4326";
    }
    GDALGetBlockSize(GDALGetRasterBand(dataset, 1), &block_width_, &block_height_);
    tile_bytes_ = unfolded_tile_bytes(dataset);
}

DatasetPtr RasterFile::open() const {
    const GdalMessages messages;
    DatasetPtr dataset = open_checked(path_, InputKind::raster);
    if (!dataset) throw IoError(path_, "cannot be opened as a raster (" + messages.text("unknown format") + ")");
    return dataset;
}

GDALDatasetH RasterFile::handle() {
    if (GDALDatasetH known = handles_.find()) return known;
    return handles_.keep(open());
}

void RasterFile::align_to(const Grid& target, Resampling how) {
    if (aligned() || difference(grid_, target).empty()) return;
    if (grid_.crs.empty() || target.crs.empty())
        throw wrong(parameter_, path_ + " cannot be aligned, because a coordinate reference system is missing");
    try {
        mapping_ = std::make_shared<GridMapping>(grid_, target);
    } catch (const UserError& error) {
        throw wrong(parameter_, path_ + " cannot be aligned: " + error.what());
    }
    how_ = how;
    grid_ = target;
    block_width_ = std::min(512, grid_.width);
    block_height_ = std::min(512, grid_.height);
}

Resampling RasterFile::resampling(bool classes) const {
    const bool fits =
        how_ == Resampling::nearest ||
        (classes ? how_ == Resampling::mode : how_ == Resampling::bilinear || how_ == Resampling::average);
    if (fits) return how_;
    const bool coarser = mapping_ && mapping_->coarser();
    if (classes) return coarser ? Resampling::mode : Resampling::nearest;
    return coarser ? Resampling::average : Resampling::bilinear;
}

bool RasterFile::is_picture() {
    const GdalMessages messages;
    GDALDatasetH dataset = handle();
    if (GDALGetRasterCount(dataset) < 3) return false;
    constexpr GDALColorInterp colours[] = {GCI_RedBand, GCI_GreenBand, GCI_BlueBand};
    for (int i = 0; i < 3; ++i)
        if (GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset, i + 1)) != colours[i]) return false;
    // A look at the middle. No picture is dark all over; a stack of classes has the same codes in all bands, and few.
    const int width = std::min(256, GDALGetRasterXSize(dataset)), height = std::min(256, GDALGetRasterYSize(dataset));
    const int x = (GDALGetRasterXSize(dataset) - width) / 2, y = (GDALGetRasterYSize(dataset) - height) / 2;
    std::vector<double> cells(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
    std::set<double> found[3], all;
    const NoNetwork offline(!is_remote(path_));
    for (int i = 0; i < 3; ++i) {
        if (GDALRasterIO(GDALGetRasterBand(dataset, i + 1), GF_Read, x, y, width, height, cells.data(), width, height,
                         GDT_Float64, 0, 0) != CE_None)
            return false;  // told where it is read in earnest
        for (const double value : cells)
            if (value != 0 && value != 255) found[i].insert(value);
        all.insert(found[i].begin(), found[i].end());
    }
    constexpr double darkest = 60;
    constexpr std::size_t most_classes = 40;
    if (all.empty() || *all.rbegin() <= darkest) return false;
    if (all.size() > most_classes) return true;
    for (const auto& [a, b] : {std::pair{0, 1}, {1, 2}}) {
        const std::size_t fewer = std::min(found[a].size(), found[b].size());
        const auto common = static_cast<std::size_t>(std::count_if(
            found[a].begin(), found[a].end(), [&, b = b](double value) { return found[b].count(value) > 0; }));
        if (fewer == 0 || static_cast<double>(common) < 0.7 * static_cast<double>(fewer)) return true;
    }
    return false;
}

std::string RasterFile::lossy_compression() {
    const GdalMessages messages;
    GDALDatasetH dataset = handle();
    GDALDriverH driver = GDALGetDatasetDriver(dataset);
    const std::string format = driver ? GDALGetDriverShortName(driver) : "";
    const auto says = [&](const char* key, const char* value) {
        const char* const said = GDALGetMetadataItem(dataset, key, "IMAGE_STRUCTURE");
        return said && EQUAL(said, value);
    };
    const bool lossless =
        says("COMPRESSION_REVERSIBILITY", "LOSSLESS") || says("COMPRESSION_REVERSIBILITY", "LOSSLESS (possibly)");
    if (format == "JPEG") return "JPEG";
    for (const char* compression : {"JPEG", "YCbCr JPEG", "WEBP", "JXL"})
        if (says("COMPRESSION", compression) && !lossless) return compression;
    return {};
}

void RasterFile::forget_blocks() {
    const GdalMessages messages;
    GDALDatasetH known = handles_.find();
    if (!known) return;
    // GDAL keeps the tile that it unfolded last as long as the file is open. Where a tile holds all bands of a deep
    // stack, opening the file again costs less than each thread's keeping one.
    if (tile_bytes_ > largest_kept_tile)
        handles_.keep(nullptr);
    else
        GDALFlushCache(known);
}

std::vector<ClassLabel> RasterFile::labels(int band_number) {
    const GdalMessages messages;
    GDALRasterBandH band = GDALGetRasterBand(handle(), band_number);
    std::map<std::int64_t, ClassLabel> found;
    const auto hex = [](int r, int g, int b) {
        char buffer[8];
        std::snprintf(buffer, sizeof buffer, "#%02x%02x%02x", r & 255, g & 255, b & 255);
        return std::string(buffer);
    };
    if (GDALColorTableH colours = GDALGetRasterColorTable(band)) {
        for (int i = 0; i < GDALGetColorEntryCount(colours); ++i) {
            GDALColorEntry entry;
            if (!GDALGetColorEntryAsRGB(colours, i, &entry) || entry.c4 == 0) continue;
            if (entry.c1 == 0 && entry.c2 == 0 && entry.c3 == 0) continue;  // the filling of unused entries
            found[i].colour = hex(entry.c1, entry.c2, entry.c3);
        }
    }
    if (char** names = GDALGetRasterCategoryNames(band)) {
        for (int i = 0; names[i]; ++i)
            if (*names[i]) found[i].name = names[i];
    }
    if (GDALRasterAttributeTableH table = GDALGetDefaultRAT(band)) {
        const int columns = GDALRATGetColumnCount(table);
        // By what a column is declared for, else by what programs call it.
        const auto column_of = [&](GDALRATFieldUsage usage, std::initializer_list<const char*> names, bool text) {
            if (const int declared = GDALRATGetColOfUsage(table, usage); declared >= 0) return declared;
            for (const char* name : names)
                for (int i = 0; i < columns; ++i)
                    if (EQUAL(GDALRATGetNameOfCol(table, i), name) &&
                        (GDALRATGetTypeOfCol(table, i) == GFT_String) == text)
                        return i;
            return -1;
        };
        int value = column_of(GFU_MinMax, {"value", "class", "code", "class_code", "lucode", "gridcode"}, false);
        // Intervals of one number, and numbers that are stored as text.
        const int low = GDALRATGetColOfUsage(table, GFU_Min), high = GDALRATGetColOfUsage(table, GFU_Max);
        if (value < 0 && low >= 0) value = low;
        if (value < 0) value = column_of(GFU_MinMax, {"value", "code", "class_code", "lucode", "gridcode"}, true);
        const bool as_text = value >= 0 && GDALRATGetTypeOfCol(table, value) == GFT_String;
        int name = column_of(GFU_Name,
                             {"class_name", "class_names", "classname", "name", "label", "landcover", "land_cover",
                              "lulc_name", "lulc", "category", "class", "type", "description"},
                             true);
        for (int i = 0; name < 0 && i < columns; ++i)
            if (GDALRATGetTypeOfCol(table, i) == GFT_String && i != value) name = i;
        const int r = column_of(GFU_Red, {"red"}, false);
        const int g = column_of(GFU_Green, {"green"}, false);
        const int b = column_of(GFU_Blue, {"blue"}, false);
        // Without a column of values, rows are numbered: from 0, or as the table's linear binning says.
        double first = 0, step = 1;
        if (value < 0) GDALRATGetLinearBinning(table, &first, &step);
        const auto colour = [&](int row, int column) {
            const double part = GDALRATGetValueAsDouble(table, row, column);
            const bool shares = GDALRATGetTypeOfCol(table, column) == GFT_Real && part <= 1;
            return static_cast<int>(std::lround(std::clamp(shares ? part * 255 : part, 0.0, 255.0)));
        };
        for (int i = 0; i < GDALRATGetRowCount(table); ++i) {
            double code = first + i * step;
            if (as_text) {
                const auto number = parse_number(GDALRATGetValueAsString(table, i, value));
                if (!number) continue;
                code = *number;
            } else if (value >= 0) {
                code = GDALRATGetValueAsDouble(table, i, value);
                if (value == low && high >= 0 && GDALRATGetValueAsDouble(table, i, high) != code) continue;
            }
            if (code != std::floor(code) || std::abs(code) > 9e15) continue;
            const std::string text = name >= 0 ? GDALRATGetValueAsString(table, i, name) : "";
            const bool coloured = r >= 0 && g >= 0 && b >= 0;
            const int parts[] = {coloured ? colour(i, r) : 0, coloured ? colour(i, g) : 0, coloured ? colour(i, b) : 0};
            // Rows that are there only because numbers have no gaps.
            if (value < 0 && text.empty() && parts[0] == 0 && parts[1] == 0 && parts[2] == 0) continue;
            ClassLabel& label = found[static_cast<std::int64_t>(code)];
            if (!text.empty()) label.name = text;
            if (coloured) label.colour = hex(parts[0], parts[1], parts[2]);
        }
    }
    std::vector<ClassLabel> labels;
    std::vector<std::string> names;
    for (auto& [code, label] : found) {
        label.code = code;
        labels.push_back(label);
        names.push_back(label.name);
    }
    names = readable(names);
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i].name = std::move(names[i]);
    return labels;
}

std::optional<std::int64_t> RasterFile::class_of_band(int band_number) {
    const GdalMessages messages;
    GDALRasterBandH band = GDALGetRasterBand(handle(), band_number);
    const char* const item = GDALGetMetadataItem(band, "LANDCARBON_CLASS", nullptr);
    if (!item) return std::nullopt;
    const auto code = parse_integer(item);
    if (!code)
        throw wrong(parameter_, path_ + ", band " + std::to_string(band_number) +
                                    ": its metadata item LANDCARBON_CLASS is \"" + item +
                                    "\", not the code of a class");
    return code;
}

bool is_colour_ramp(const std::vector<ClassLabel>& labels) {
    struct Colour {
        unsigned red, green, blue;
    };
    std::map<std::int64_t, Colour> colours;
    bool grey = true;
    for (const ClassLabel& label : labels) {
        if (!label.name.empty()) return false;
        Colour c{};
        if (std::sscanf(label.colour.c_str(), "#%2x%2x%2x", &c.red, &c.green, &c.blue) != 3) continue;
        grey = grey && c.red == c.green && c.green == c.blue;
        colours.emplace(label.code, c);
    }
    if (colours.empty()) return false;
    if (grey) return true;
    // Many colours, each close to the next: classes are coloured to be told apart.
    constexpr std::size_t fewest = 40;
    constexpr unsigned closest = 16;
    const auto near = [](unsigned a, unsigned b) { return std::max(a, b) - std::min(a, b) <= closest; };
    if (colours.size() < fewest) return false;
    std::size_t pairs = 0, close = 0;
    for (auto one = colours.begin(), next = std::next(one); next != colours.end(); one = next++) {
        ++pairs;
        close += near(one->second.red, next->second.red) && near(one->second.green, next->second.green) &&
                 near(one->second.blue, next->second.blue);
    }
    return 10 * close >= 9 * pairs;
}

constexpr std::uint32_t unknown_slot = 0xffffffff;

struct Layer::Lookup {
    explicit Lookup(std::size_t size) : slots(size) {
        for (auto& slot : slots) slot.store(unknown_slot, std::memory_order_relaxed);
    }
    std::vector<std::atomic<std::uint32_t>> slots;
    /// Codes of a raster that is carried over to another grid, numbered by itself: a class that lies beside the grid,
    /// or that no cell of the grid gets, is none of the run's.
    std::unique_ptr<ClassCodes> own;
};

namespace {

/// A declared value that a band's type cannot hold marks nothing.
bool can_hold(GDALDataType type, bool signed_byte, double value) {
    if (type == GDT_Float32 || type == GDT_Float64) return true;
    if (value != std::floor(value)) return false;
    switch (type) {
        case GDT_Byte:
            return signed_byte ? value >= -128 && value <= 127 : value >= 0 && value <= 255;
        case GDT_UInt16:
            return value >= 0 && value <= 65535;
        case GDT_Int16:
            return value >= -32768 && value <= 32767;
        case GDT_UInt32:
            return value >= 0 && value <= 4294967295.0;
        default:
            return value >= -2147483648.0 && value <= 2147483647.0;
    }
}

}  // namespace

Layer::Layer(std::shared_ptr<RasterFile> file, int band, ReadAs as, ClassCodes* codes, ValueRules rules)
    : file_(std::move(file)), band_(band), as_(as), codes_(codes), rules_(std::move(rules)) {
    const GdalMessages messages;
    if (band < 1 || band > file_->bands())
        throw wrong(file_->parameter(), file_->path() + " has no band " + std::to_string(band) +
                                            "; its bands are 1 to " + std::to_string(file_->bands()));
    GDALRasterBandH handle = GDALGetRasterBand(file_->handle(), band);
    type_ = GDALGetRasterDataType(handle);
    if (GDALDataTypeIsComplex(type_)) throw wrong(file_->parameter(), name() + " holds complex numbers");
    const int flags = GDALGetMaskFlags(handle);
    has_mask_ = (flags & (GMF_PER_DATASET | GMF_ALPHA)) != 0 || (flags & (GMF_ALL_VALID | GMF_NODATA)) == 0;
    int has = 0;
    if (type_ == GDT_Int64) {
        integer_nodata_ = GDALGetRasterNoDataValueAsInt64(handle, &has);
        nodata_ = static_cast<double>(integer_nodata_);
    } else if (type_ == GDT_UInt64) {
        const std::uint64_t value = GDALGetRasterNoDataValueAsUInt64(handle, &has);
        integer_nodata_ = static_cast<std::int64_t>(value);
        nodata_ = static_cast<double>(value);
    } else {
        nodata_ = GDALGetRasterNoDataValue(handle, &has);
        if (has && nodata_ == std::floor(nodata_) && std::abs(nodata_) < 9e18)
            integer_nodata_ = static_cast<std::int64_t>(nodata_);
    }
    const char* pixel_type = GDALGetMetadataItem(handle, "PIXELTYPE", "IMAGE_STRUCTURE");
    signed_byte_ = type_ == GDT_Byte && pixel_type && EQUAL(pixel_type, "SIGNEDBYTE");
    has_nodata_ = has != 0 && (type_ == GDT_Int64 || type_ == GDT_UInt64 || can_hold(type_, signed_byte_, nodata_));
    scale_ = GDALGetRasterScale(handle, nullptr);
    if (scale_ == 0) scale_ = 1;  // written by programs that mean none
    offset_ = GDALGetRasterOffset(handle, nullptr);
    scaled_ = scale_ != 1 || offset_ != 0;
    if (as_ == ReadAs::classes && !scaled_ && (type_ == GDT_Byte || type_ == GDT_UInt16 || type_ == GDT_Int16)) {
        lookup_ = std::make_shared<Lookup>(type_ == GDT_Byte ? 256 : 65536);
        if (has_nodata_)
            lookup_->slots[type_ == GDT_Byte ? static_cast<std::uint8_t>(integer_nodata_)
                                             : static_cast<std::uint16_t>(integer_nodata_)] = 0;
        if (rules_.any())
            for (std::size_t i = 0; i < lookup_->slots.size(); ++i) {
                const double value = type_ == GDT_Int16 ? static_cast<double>(static_cast<std::int16_t>(i))
                                     : signed_byte_     ? static_cast<double>(static_cast<std::int8_t>(i))
                                                        : static_cast<double>(i);
                if (!rules_.is_data(value)) lookup_->slots[i] = 0;
            }
    }
    if (as_ == ReadAs::classes && file_->aligned()) {
        if (!lookup_) lookup_ = std::make_shared<Lookup>(0);
        lookup_->own = std::make_unique<ClassCodes>();
    }
}

std::string Layer::name() const {
    return file_->bands() > 1 ? file_->path() + ", band " + std::to_string(band_) : file_->path();
}

std::string Layer::title() const {
    const GdalMessages messages;
    return readable(GDALGetDescription(GDALGetRasterBand(file_->handle(), band_)));
}

std::string Layer::declared_unit() const {
    const GdalMessages messages;
    return readable(GDALGetRasterUnitType(GDALGetRasterBand(file_->handle(), band_)));
}

double Layer::stored(double value) const {
    if (!scaled_) {
        // Single precision does not hold the ends of the integer types.
        if (type_ == GDT_Int32 || type_ == GDT_UInt32)
            for (const double end : {2147483647.0, 4294967295.0})
                if (value == static_cast<double>(static_cast<float>(end))) return end;
        return value;
    }
    const double raw = (value - offset_) / scale_;
    // Scaling back leaves a rest, of which fill codes would not be known again: of single precision at most.
    const double whole = std::round(raw);
    if (!(std::abs(raw - whole) <= 1e-6 * std::abs(whole))) return raw;
    for (const double end : {-2147483648.0, 2147483647.0, 4294967295.0})
        if (std::abs(whole - end) <= 1e-6 * std::abs(end)) return end;
    return whole;
}

ReadAs Layer::exact_reading() const {
    const bool narrow = type_ == GDT_Byte || type_ == GDT_UInt16 || type_ == GDT_Int16 || type_ == GDT_Float32;
    return narrow && !scaled_ && !file_->aligned() ? ReadAs::real32 : ReadAs::real64;
}

std::size_t Layer::bytes_per_cell() const {
    const auto stored = static_cast<std::size_t>(GDALGetDataTypeSizeBytes(type_));
    return (as_ == ReadAs::classes ? 2 : as_ == ReadAs::real32 ? 4 + 1 : 8 + 1) + stored;
}

std::size_t Layer::scratch_per_cell() const {
    const auto stored = static_cast<std::size_t>(GDALGetDataTypeSizeBytes(type_));
    return (as_ == ReadAs::classes ? std::max<std::size_t>(stored, scaled_ ? 8 : 0) : 8) + has_mask_;
}

void Layer::raster_io(const Window& window, void* buffer, GDALDataType type) const {
    const GdalMessages messages;
    const NoNetwork offline(!is_remote(file_->path()));
    GDALRasterBandH band = GDALGetRasterBand(file_->handle(), band_);
    const CPLErr error = GDALRasterIO(band, GF_Read, window.x, window.y, window.width, window.height, buffer,
                                      window.width, window.height, type, 0, 0);
    if (error != CE_None || messages.failed())
        throw IoError(name(), "cannot be read at column " + std::to_string(window.x) + ", row " +
                                  std::to_string(window.y) + " (" + messages.text("damaged file") + ")");
    const auto turn_signed = [&](auto* cells) {
        for (std::size_t i = 0; i < window.cells(); ++i)
            if (cells[i] >= 128) cells[i] -= 256;
    };
    if (signed_byte_ && type == GDT_Float32) turn_signed(static_cast<float*>(buffer));
    if (signed_byte_ && type == GDT_Float64) turn_signed(static_cast<double*>(buffer));
}

std::vector<std::int64_t> Layer::codes_met() const {
    std::set<std::int64_t> codes;
    if (lookup_ && lookup_->own) {
        for (const std::int64_t code : lookup_->own->codes()) codes.insert(code);
    } else if (lookup_) {
        for (std::size_t i = 0; i < lookup_->slots.size(); ++i) {
            const std::uint32_t slot = lookup_->slots[i].load(std::memory_order_relaxed);
            if (slot != 0 && slot != unknown_slot) codes.insert(codes_->code(slot));
        }
    } else {
        const std::scoped_lock lock(look_->mutex);
        codes = look_->codes;
    }
    return {codes.begin(), codes.end()};
}

bool Layer::holds_whole_numbers() const {
    constexpr std::size_t most = 1000;
    const std::set<double> met = met_values(most);
    return std::all_of(met.begin(), met.end(), [&](double value) {
        const double read = scaled_ ? value * scale_ + offset_ : value;
        return read == std::floor(read);
    });
}

std::size_t Layer::different_values(std::size_t most) const { return met_values(most).size(); }

std::set<double> Layer::met_values(std::size_t most) const {
    // Blocks all over the band, as they lie in the file; a part of those that are very large.
    constexpr int most_blocks = 64, longest = 1024;
    const Grid& grid = file_->grid();
    const int across = (grid.width + file_->block_width() - 1) / file_->block_width();
    const int down = (grid.height + file_->block_height() - 1) / file_->block_height();
    const std::int64_t blocks = static_cast<std::int64_t>(across) * down;
    const std::int64_t looked_at = std::min<std::int64_t>(blocks, most_blocks);
    std::set<double> met;
    std::vector<double> values;
    for (std::int64_t i = 0; i < looked_at && met.size() < most; ++i) {
        const std::int64_t block = i * blocks / looked_at;
        Window window;
        window.x = static_cast<int>(block % across) * file_->block_width();
        window.y = static_cast<int>(block / across) * file_->block_height();
        window.width = std::min({file_->block_width(), grid.width - window.x, longest});
        window.height = std::min({file_->block_height(), grid.height - window.y, longest});
        values.resize(window.cells());
        raster_io(window, values.data(), GDT_Float64);
        for (std::size_t cell = 0; cell < values.size() && met.size() < most; ++cell)
            if (!std::isnan(values[cell]) && !is_nodata(values[cell])) met.insert(values[cell]);
    }
    file_->forget_blocks();
    return met;
}

bool Layer::is_nodata(double value) const {
    if (!has_nodata_) return false;
    if (value == nodata_) return true;
    if (type_ == GDT_Float32 && static_cast<float>(value) == static_cast<float>(nodata_)) return true;
    // Files write the largest float with few digits: take all that is as good as it.
    return std::abs(nodata_) > 1e30 && std::isfinite(nodata_) && std::abs(value - nodata_) <= 1e-5 * std::abs(nodata_);
}

void Layer::read_mask(const Window& window, std::vector<std::uint8_t>& mask) const {
    const GdalMessages messages;
    const NoNetwork offline(!is_remote(file_->path()));
    GDALRasterBandH band = GDALGetMaskBand(GDALGetRasterBand(file_->handle(), band_));
    const CPLErr error = GDALRasterIO(band, GF_Read, window.x, window.y, window.width, window.height, mask.data(),
                                      window.width, window.height, GDT_Byte, 0, 0);
    if (error != CE_None || messages.failed())
        throw IoError(name(), "its mask cannot be read (" + messages.text("damaged file") + ")");
}

std::uint16_t Layer::slot_of(std::int64_t code) const {
    const std::uint16_t slot = (lookup_ && lookup_->own ? lookup_->own.get() : codes_)->slot(code);
    if (slot == 0)
        throw wrong(file_->parameter(), name() + " holds more than " + std::to_string(ClassCodes::most) +
                                            " different values; it is not a class raster");
    return slot;
}

namespace {

/// The mask of the window whose classes this thread reads; empty where there is none.
thread_local std::vector<std::uint8_t> cover;

/// Memory that a thread uses again for each block; fresh memory for each block would cost more than the reading.
template <class T>
std::vector<T>& scratch(std::size_t cells) {
    thread_local std::vector<T> buffer;
    buffer.resize(cells);
    return buffer;
}

}  // namespace

template <class T>
void Layer::slots_by_lookup(const Window& window, std::uint16_t* slots) const {
    const std::uint8_t* const mask = cover.empty() ? nullptr : cover.data();
    using Unsigned = std::make_unsigned_t<T>;
    std::vector<T>& values = scratch<T>(window.cells());
    raster_io(window, values.data(), type_);
    const std::size_t cells = values.size();
    const T* const cell = values.data();
    std::atomic<std::uint32_t>* const known = lookup_->slots.data();
    if constexpr (sizeof(T) == 1) {
        ByteTable table;
        for (std::size_t i = 0; i < table.size(); ++i)
            table[i] = static_cast<std::uint16_t>(known[i].load(std::memory_order_relaxed));
        if (look_up(table, reinterpret_cast<const std::uint8_t*>(cell), cells, slots)) return;
    } else {
        std::uint32_t seen = 0;
        for (std::size_t i = 0; i < cells; ++i) {
            const std::uint32_t slot = known[static_cast<Unsigned>(cell[i])].load(std::memory_order_relaxed);
            seen |= slot;
            slots[i] = static_cast<std::uint16_t>(slot);
        }
        if ((seen >> 16) == 0) return;
    }
    // Some values turned up for the first time.
    for (std::size_t i = 0; i < cells; ++i) {
        if (mask && mask[i] == 0) {
            slots[i] = 0;
            continue;
        }
        std::atomic<std::uint32_t>& entry = known[static_cast<Unsigned>(cell[i])];
        if (entry.load(std::memory_order_relaxed) == unknown_slot)
            entry.store(slot_of(cell[i]), std::memory_order_relaxed);
        slots[i] = static_cast<std::uint16_t>(entry.load(std::memory_order_relaxed));
    }
}

template <class T>
void Layer::slots_by_search(const Window& window, GDALDataType type, std::uint16_t* slots) const {
    const std::uint8_t* const mask = cover.empty() ? nullptr : cover.data();
    std::vector<T>& values = scratch<T>(window.cells());
    raster_io(window, values.data(), type);
    std::unordered_map<std::int64_t, std::uint16_t> known;
    std::int64_t last_code = 0;
    std::uint16_t last_slot = 0;
    bool any = false;
    const bool ruled = rules_.any();
    std::int64_t infinite = 0;
    const auto reject = [&](std::size_t i, const std::string& text, const char* why) {
        const int column = window.x + static_cast<int>(i % static_cast<std::size_t>(window.width));
        const int row = window.y + static_cast<int>(i / static_cast<std::size_t>(window.width));
        throw wrong(file_->parameter(), name() + " holds the value " + text + " at column " + std::to_string(column) +
                                            ", row " + std::to_string(row) + ", " + why);
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (mask && mask[i] == 0) {
            slots[i] = 0;
            continue;
        }
        std::int64_t code;
        if constexpr (std::is_floating_point_v<T>) {
            const double raw = values[i];
            if (!std::isfinite(raw) || is_nodata(raw) || (ruled && !rules_.is_data(raw))) {
                infinite += std::isinf(raw) && !is_nodata(raw);
                slots[i] = 0;
                continue;
            }
            const double value = scaled_ ? raw * scale_ + offset_ : raw;
            if (value != std::floor(value)) reject(i, number_text(value), "but classes must be whole numbers");
            if (std::abs(value) > 9007199254740992.0)
                reject(i, number_text(value), "which is too large to be an exact class code");
            code = static_cast<std::int64_t>(value);
        } else {
            if ((has_nodata_ && static_cast<std::int64_t>(values[i]) == integer_nodata_) ||
                (ruled && !rules_.is_data(static_cast<double>(values[i])))) {
                slots[i] = 0;
                continue;
            }
            if constexpr (std::is_unsigned_v<T>)
                if (values[i] > static_cast<T>(std::numeric_limits<std::int64_t>::max()))
                    reject(i, std::to_string(values[i]), "which is too large to be a class code");
            code = static_cast<std::int64_t>(values[i]);
        }
        if (!any || code != last_code) {
            auto entry = known.find(code);
            if (entry == known.end()) entry = known.emplace(code, slot_of(code)).first;
            last_code = code;
            last_slot = entry->second;
            any = true;
        }
        slots[i] = last_slot;
    }
    if (infinite) *infinite_ += infinite;
    if (!look_->looking || known.empty()) return;
    const std::scoped_lock lock(look_->mutex);
    for (const auto& [code, slot] : known) look_->codes.insert(code);
}

void Layer::read_own_classes(const Window& window, std::uint16_t* slots) const {
    // The mask first: what it covers is no class, whatever number stands there.
    cover.clear();
    if (has_mask_) {
        cover.resize(window.cells());
        read_mask(window, cover);
    }
    if (scaled_)
        slots_by_search<double>(window, GDT_Float64, slots);
    else
        switch (type_) {
            case GDT_Byte:
                if (signed_byte_)
                    slots_by_lookup<std::int8_t>(window, slots);
                else
                    slots_by_lookup<std::uint8_t>(window, slots);
                break;
            case GDT_UInt16:
                slots_by_lookup<std::uint16_t>(window, slots);
                break;
            case GDT_Int16:
                slots_by_lookup<std::int16_t>(window, slots);
                break;
            case GDT_Float32:
            case GDT_Float64:
                slots_by_search<double>(window, GDT_Float64, slots);
                break;
            case GDT_UInt64:
                slots_by_search<std::uint64_t>(window, GDT_UInt64, slots);
                break;
            default:
                slots_by_search<std::int64_t>(window, GDT_Int64, slots);
                break;
        }
    for (std::size_t i = 0; i < cover.size(); ++i)
        if (cover[i] == 0) slots[i] = 0;
}

template <class T>
void Layer::read_own_values(const Window& window, T* values, std::uint8_t* valid) const {
    const std::size_t cells = window.cells();
    std::int64_t infinite = 0;
    // Floats hold every value of these types exactly; all others go through double.
    const bool narrow = type_ == GDT_Byte || type_ == GDT_UInt16 || type_ == GDT_Int16 || type_ == GDT_Float32;
    const bool direct = !scaled_ && (std::is_same_v<T, double> || narrow);
    const auto convert = [&](const auto* raw) {
        using Raw = std::decay_t<decltype(*raw)>;
        const Raw nodata = static_cast<Raw>(nodata_);
        const bool single = type_ == GDT_Float32;
        const auto nodata_single = static_cast<float>(nodata_);
        // Files write the largest float with few digits: take all that is as good as it.
        const bool huge = has_nodata_ && std::abs(nodata_) > 1e30 && std::isfinite(nodata_);
        bool beyond = false;
        for (std::size_t i = 0; i < cells; ++i) {
            const Raw value = raw[i];
            bool good = std::isfinite(value);
            if (has_nodata_ && good) {
                good = !(value == nodata || (single && static_cast<float>(value) == nodata_single));
                if (huge && std::abs(static_cast<double>(value) - nodata_) <= 1e-5 * std::abs(nodata_)) good = false;
            } else if (!good)
                infinite += std::isinf(value) && !(has_nodata_ && value == nodata);
            valid[i] = good;
            values[i] =
                good ? static_cast<T>(scaled_ ? value * scale_ + offset_ : value) : std::numeric_limits<T>::quiet_NaN();
            beyond |= good && !std::isfinite(values[i]);
        }
        // Never where values are read in place, which they leave as they are.
        if (!beyond) return;
        for (std::size_t i = 0; i < cells; ++i) {
            if (!valid[i] || std::isfinite(values[i])) continue;
            const auto width = static_cast<std::size_t>(window.width);
            throw wrong(file_->parameter(),
                        name() + " holds the value " + number_text(static_cast<double>(raw[i])) + " at column " +
                            std::to_string(static_cast<std::size_t>(window.x) + i % width) + ", row " +
                            std::to_string(static_cast<std::size_t>(window.y) + i / width) +
                            ", which is too large to be worked with; is a NoData value missing?");
        }
    };
    const auto follow_rules = [&](auto* raw) {
        using Raw = std::decay_t<decltype(*raw)>;
        if (rules_.any())
            for (std::size_t i = 0; i < cells; ++i)
                if (!rules_.is_data(static_cast<double>(raw[i]))) raw[i] = std::numeric_limits<Raw>::quiet_NaN();
    };
    if (direct) {
        raster_io(window, values, std::is_same_v<T, float> ? GDT_Float32 : GDT_Float64);
        follow_rules(values);
        convert(values);
    } else {
        std::vector<double>& wide = scratch<double>(cells);
        raster_io(window, wide.data(), GDT_Float64);
        follow_rules(wide.data());
        convert(wide.data());
    }
    if (infinite) *infinite_ += infinite;
    if (has_mask_) {
        std::vector<std::uint8_t>& mask = scratch<std::uint8_t>(window.cells());
        read_mask(window, mask);
        for (std::size_t i = 0; i < cells; ++i)
            if (mask[i] == 0) {
                valid[i] = 0;
                values[i] = std::numeric_limits<T>::quiet_NaN();
            }
    }
}

namespace {

/// Calls `see` with the index of every cell of a window that lies in an outermost row or column of the grid.
template <class See>
void each_edge_cell(const Window& window, const Grid& grid, See see) {
    for (int row = 0; row < window.height; ++row) {
        const int y = window.y + row;
        const bool whole = y == 0 || y == grid.height - 1;
        const std::size_t line = static_cast<std::size_t>(row) * static_cast<std::size_t>(window.width);
        for (int column = 0; column < window.width; ++column) {
            const int x = window.x + column;
            if (whole || x == 0 || x == grid.width - 1)
                see(line + static_cast<std::size_t>(column));
            else
                column = std::max(column, grid.width - 2 - window.x);  // to the last column
        }
    }
}

/// Calls `see` with the index of every cell of a window that is one of a few all over the grid, whatever the windows.
template <class See>
void each_sampled_cell(const Window& window, const Grid& grid, See see) {
    constexpr int most = 8;  // in a row, and in a column
    const int step_x = (grid.width + most - 1) / most, step_y = (grid.height + most - 1) / most;
    const auto first = [](int from, int step) {
        const int start = step / 2;
        return from <= start ? start : start + (from - start + step - 1) / step * step;
    };
    for (int y = first(window.y, step_y); y < window.y + window.height; y += step_y)
        for (int x = first(window.x, step_x); x < window.x + window.width; x += step_x)
            see(static_cast<std::size_t>(y - window.y) * static_cast<std::size_t>(window.width) +
                static_cast<std::size_t>(x - window.x));
}

bool touches_edge(const Window& window, const Grid& grid) {
    return window.x == 0 || window.y == 0 || window.x + window.width == grid.width ||
           window.y + window.height == grid.height;
}

}  // namespace

void Layer::look_at(const Window& window, const std::uint16_t* slots) const {
    std::vector<std::uint16_t> suspects, fills;
    if (const std::size_t known = codes_->slots(); known > 1) {
        const std::scoped_lock lock(look_->mutex);
        if (look_->slots_looked_at < known) {
            const auto added = codes_->slots_where(is_nodata_mark, look_->slots_looked_at);
            look_->mark_slots.insert(look_->mark_slots.end(), added.begin(), added.end());
            const auto more = codes_->slots_where(is_fill_class, look_->slots_looked_at);
            look_->fill_slots.insert(look_->fill_slots.end(), more.begin(), more.end());
            look_->slots_looked_at = known;
        }
        suspects = look_->mark_slots;
        fills = look_->fill_slots;
    }
    // In some rows all over the map, which tell the share well enough.
    constexpr int most_rows = 512;
    const int step = std::max(1, file_->grid().height / most_rows);
    for (const std::uint16_t slot : fills) {
        std::int64_t cells = 0;
        for (int row = (step - window.y % step) % step; row < window.height; row += step) {
            const std::uint16_t* const line =
                slots + static_cast<std::size_t>(row) * static_cast<std::size_t>(window.width);
            cells += std::count(line, line + window.width, slot);
        }
        if (cells == 0) continue;
        const std::scoped_lock lock(look_->mutex);
        look_->fills[codes_->code(slot)] += cells * step;
    }
    for (const std::uint16_t slot : suspects)
        if (const std::int64_t cells = std::count(slots, slots + window.cells(), slot); cells > 0) {
            const std::scoped_lock lock(look_->mutex);
            look_->marks[static_cast<double>(codes_->code(slot))] += cells;
        }
    if (has_mask_ || rules_.any() || !touches_edge(window, file_->grid())) return;
    std::map<std::uint16_t, std::int64_t> classes, runs;
    std::map<std::uint16_t, std::array<std::int64_t, 4>> sides;
    std::array<std::int64_t, 4> side_cells{};
    std::int64_t cells = 0;
    const Grid& grid = file_->grid();
    each_edge_cell(window, grid, [&](std::size_t i) {
        ++cells;
        ++classes[slots[i]];
        const std::size_t width = static_cast<std::size_t>(window.width);
        const bool across = i % width > 0 && slots[i - 1] == slots[i],
                   down = i >= width && slots[i - width] == slots[i];
        runs[slots[i]] += !(across || down);
        const int x = window.x + static_cast<int>(i % static_cast<std::size_t>(window.width)),
                  y = window.y + static_cast<int>(i / static_cast<std::size_t>(window.width));
        const std::array<bool, 4> on = {y == 0, y == grid.height - 1, x == 0, x == grid.width - 1};
        std::array<std::int64_t, 4>& mine = sides[slots[i]];
        for (std::size_t side = 0; side < on.size(); ++side) {
            side_cells[side] += on[side];
            mine[side] += on[side];
        }
    });
    const std::scoped_lock lock(look_->mutex);
    look_->edge_cells += cells;
    for (const auto& [slot, count] : classes) look_->edge_classes[slot] += count;
    for (const auto& [slot, count] : runs) look_->edge_runs[slot] += count;
    for (std::size_t side = 0; side < side_cells.size(); ++side) {
        look_->side_cells[side] += side_cells[side];
        for (const auto& [slot, counts] : sides) look_->side_classes[slot][side] += counts[side];
    }
}

template <class T>
void Layer::look_at(const Window& window, const T* values, const std::uint8_t* valid) const {
    const std::size_t cells = window.cells();
    // Lanes of their own, which compilers turn into vectors; NaN fails the comparisons.
    constexpr std::size_t lanes = 64 / sizeof(T);
    T lows[lanes], highs[lanes];
    std::fill_n(lows, lanes, std::numeric_limits<T>::max());
    std::fill_n(highs, lanes, std::numeric_limits<T>::lowest());
    std::size_t i = 0;
    for (; i + lanes <= cells; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const T value = values[i + lane];
            lows[lane] = value < lows[lane] ? value : lows[lane];
            highs[lane] = value > highs[lane] ? value : highs[lane];
        }
    for (; i < cells; ++i) {
        lows[0] = values[i] < lows[0] ? values[i] : lows[0];
        highs[0] = values[i] > highs[0] ? values[i] : highs[0];
    }
    auto low = static_cast<double>(*std::min_element(lows, lows + lanes));
    auto high = static_cast<double>(*std::max_element(highs, highs + lanes));
    std::map<double, std::int64_t> marks, lone;
    const bool byte = is_byte();
    const auto is_mark = [&](double value) {
        const double number = stored(value);
        return is_nodata_mark(number) || (byte && is_byte_mark(number));
    };
    if (low <= high && (is_mark(low) || is_mark(high))) {
        // Rare: all marks of the block, and what else it holds.
        low = std::numeric_limits<double>::infinity();
        high = -low;
        double last = std::numeric_limits<double>::quiet_NaN();
        bool marked = false;
        for (std::size_t k = 0; k < cells; ++k) {
            if (!valid[k]) continue;
            const auto value = static_cast<double>(values[k]);
            if (value != last) {
                marked = is_mark(value);
                last = value;
            }
            if (marked)
                ++marks[value];
            else {
                low = std::min(low, value);
                high = std::max(high, value);
            }
        }
    }
    // One negative number, again and again, where all else is positive and far from it: -1, -88, -7777.
    if (low < 0 && marks.empty()) {
        std::fill_n(lows, lanes, std::numeric_limits<T>::max());
        std::int64_t negative = 0, lowest = 0;
        for (std::size_t k = 0; k < cells; ++k) {
            const T value = values[k];
            T& next = lows[k % lanes];
            next = value >= 0 && value < next ? value : next;
            negative += value < 0;
            lowest += value == static_cast<T>(low);
        }
        const auto next = static_cast<double>(*std::min_element(lows, lows + lanes));
        const bool all = high == low;
        // -1, 0 and 1 are codes, and -0.2 to 0.9 an index.
        const bool apart = high > 0 && (next >= 0.2 * high || low <= -9) && stands_apart(low, next, high);
        if (negative == lowest && !all && !apart && is_lone_negative(low, next, high)) {
            lone[low] = lowest;
            low = next;
        } else if (negative == lowest && (all || apart)) {
            marks[low] = lowest;
            low = all ? std::numeric_limits<double>::infinity() : next;
            if (all) high = -low;
        }
    }
    double lowest_positive = low > 0 ? low : std::numeric_limits<double>::infinity();
    // Zero where all else is far from it: the lowest of the others, by lanes as above.
    if (low == 0 && high == 0 && marks.empty() && stored(0) == 0) {
        marks[0] = std::count(valid, valid + cells, std::uint8_t{1});
        low = std::numeric_limits<double>::infinity();
        high = -low;
    } else if (low == 0 && high > 0) {
        std::fill_n(lows, lanes, std::numeric_limits<T>::max());
        std::int64_t zeros = 0;
        for (std::size_t k = 0; k < cells; ++k) {
            const T value = values[k];
            T& lowest = lows[k % lanes];
            lowest = value > 0 && value < lowest ? value : lowest;
            zeros += value == 0;
        }
        const auto next = static_cast<double>(*std::min_element(lows, lows + lanes));
        lowest_positive = next;
        if (marks.empty() && stored(0) == 0 && stands_apart(0, next, high)) {
            marks[0] = zeros;
            low = next;
        }
    }
    std::vector<float> sample;
    each_sampled_cell(window, file_->grid(), [&](std::size_t k) {
        if (valid[k]) sample.push_back(static_cast<float>(values[k]));
    });
    std::int64_t edge_cells = 0, edge_valid = 0, edge_zeros = 0;
    if (!is_masked() && touches_edge(window, file_->grid()))
        each_edge_cell(window, file_->grid(), [&](std::size_t k) {
            ++edge_cells;
            edge_valid += valid[k];
            edge_zeros += values[k] == 0;
        });
    const std::scoped_lock lock(look_->mutex);
    if (low <= high) {
        look_->low = std::min(look_->low, low);
        look_->high = std::max(look_->high, high);
    }
    for (const auto& [value, count] : marks) look_->marks[value] += count;
    for (const auto& [value, count] : lone) look_->lone_negatives[value] += count;
    look_->sample.insert(look_->sample.end(), sample.begin(), sample.end());
    look_->lowest_positive = std::min(look_->lowest_positive, lowest_positive);
    look_->edge_cells += edge_cells;
    look_->edge_valid += edge_valid;
    look_->edge_zeros += edge_zeros;
}

void Layer::read_classes(const Window& window, std::uint16_t* slots) const {
    const GridMapping* const mapping = file_->mapping();
    if (!mapping)
        read_own_classes(window, slots);
    else
        each_part(
            *mapping, window, [&](const Window& part, const std::vector<Footprint>& places, const Window& source) {
                std::vector<std::uint16_t> own(source.cells());
                if (!own.empty()) read_own_classes(source, own.data());
                ClassCodes& numbers = *lookup_->own;
                std::vector<std::uint16_t> given(numbers.slots());  // the run's slots of those that are carried over
                const auto runs_slot = [&](std::uint16_t slot) {
                    if (slot == 0 || given[slot] != 0) return given[slot];
                    given[slot] = codes_->slot(numbers.code(slot));
                    if (given[slot] == 0)
                        throw wrong(file_->parameter(), "the class rasters hold more than " +
                                                            std::to_string(ClassCodes::most) + " different values");
                    return given[slot];
                };
                const bool majority = file_->resampling(true) == Resampling::mode;
                std::vector<std::pair<std::uint16_t, double>> weights;
                const auto winner = [&](const Footprint& place) -> std::uint16_t {
                    if (!(place.x == place.x)) return 0;
                    const Span across = span_of(place.x, place.width), down = span_of(place.y, place.height);
                    double total = (across.to - across.from) * (down.to - down.from), some = 0;
                    weights.clear();
                    for (int y = std::max(down.first, source.y); y < std::min(down.last, source.y + source.height); ++y)
                        for (int x = std::max(across.first, source.x);
                             x < std::min(across.last, source.x + source.width); ++x) {
                            const std::uint16_t slot =
                                own[static_cast<std::size_t>(y - source.y) * static_cast<std::size_t>(source.width) +
                                    static_cast<std::size_t>(x - source.x)];
                            if (slot == 0) continue;
                            const double weight = (std::min(across.to, x + 1.0) - std::max(across.from, double(x))) *
                                                  (std::min(down.to, y + 1.0) - std::max(down.from, double(y)));
                            some += weight;
                            const auto known = std::find_if(weights.begin(), weights.end(),
                                                            [&](const auto& entry) { return entry.first == slot; });
                            if (known != weights.end())
                                known->second += weight;
                            else
                                weights.emplace_back(slot, weight);
                        }
                    // Where most of the cell has no class, it has none.
                    if (weights.empty() || some < 0.5 * total) return 0;
                    auto best = weights.begin();
                    for (auto entry = std::next(best); entry != weights.end(); ++entry)
                        // Of equal shares the smaller code: slots depend on the order of reading.
                        if (entry->second > best->second ||
                            (entry->second == best->second && numbers.code(entry->first) < numbers.code(best->first)))
                            best = entry;
                    return best->first;
                };
                const auto put = [&](std::size_t i, std::uint16_t slot) {
                    const std::size_t row = i / static_cast<std::size_t>(part.width),
                                      column = i % static_cast<std::size_t>(part.width);
                    slots[(static_cast<std::size_t>(part.y - window.y) + row) * static_cast<std::size_t>(window.width) +
                          static_cast<std::size_t>(part.x - window.x) + column] = slot;
                };
                if (majority)
                    for (std::size_t i = 0; i < places.size(); ++i) put(i, runs_slot(winner(places[i])));
                else
                    carry_nearest(places, source, [&](std::size_t i, std::ptrdiff_t cell) {
                        put(i, cell < 0 ? std::uint16_t{0} : runs_slot(own[static_cast<std::size_t>(cell)]));
                    });
            });
    if (look_->looking) look_at(window, slots);
}

template <class T>
void Layer::read_values(const Window& window, T* values, std::uint8_t* valid) const {
    const GridMapping* const mapping = file_->mapping();
    if (!mapping)
        read_own_values(window, values, valid);
    else
        each_part(
            *mapping, window, [&](const Window& part, const std::vector<Footprint>& places, const Window& source) {
                std::vector<double> own(source.cells());
                std::vector<std::uint8_t> own_valid(source.cells());
                if (!own.empty()) read_own_values(source, own.data(), own_valid.data());
                const Resampling how = file_->resampling(false);
                const auto index = [&](int x, int y) {
                    return static_cast<std::size_t>(y - source.y) * static_cast<std::size_t>(source.width) +
                           static_cast<std::size_t>(x - source.x);
                };
                const auto inside = [&](int x, int y) {
                    return x >= source.x && y >= source.y && x < source.x + source.width &&
                           y < source.y + source.height;
                };
                constexpr double none = std::numeric_limits<double>::quiet_NaN();
                // Mean by area of the source's cells under the target's; nothing where most of them hold none.
                const auto average = [&](const Footprint& place) {
                    const Span across = span_of(place.x, place.width), down = span_of(place.y, place.height);
                    const double total = (across.to - across.from) * (down.to - down.from);
                    double sum = 0, some = 0;
                    for (int y = std::max(down.first, source.y); y < std::min(down.last, source.y + source.height); ++y)
                        for (int x = std::max(across.first, source.x);
                             x < std::min(across.last, source.x + source.width); ++x) {
                            if (!own_valid[index(x, y)]) continue;
                            const double weight = (std::min(across.to, x + 1.0) - std::max(across.from, double(x))) *
                                                  (std::min(down.to, y + 1.0) - std::max(down.from, double(y)));
                            sum += weight * own[index(x, y)];
                            some += weight;
                        }
                    return some > 0 && some >= 0.5 * total ? sum / some : none;
                };
                // Between the centres of four cells; those without a value do not count. Nothing where the cell that
                // the place lies in holds none, so that holes keep their shape.
                const auto between = [&](const Footprint& place) {
                    const int at_x = cell_at(place.x), at_y = cell_at(place.y);
                    if (!inside(at_x, at_y) || !own_valid[index(at_x, at_y)]) return none;
                    const int left = static_cast<int>(std::floor(place.x - 0.5)),
                              top = static_cast<int>(std::floor(place.y - 0.5));
                    const double u = place.x - 0.5 - left, v = place.y - 0.5 - top;
                    double sum = 0, some = 0;
                    for (int row = 0; row < 2; ++row)
                        for (int column = 0; column < 2; ++column) {
                            if (!inside(left + column, top + row) || !own_valid[index(left + column, top + row)])
                                continue;
                            const double weight = (column ? u : 1 - u) * (row ? v : 1 - v);
                            sum += weight * own[index(left + column, top + row)];
                            some += weight;
                        }
                    return some > 0 ? sum / some : own[index(at_x, at_y)];
                };
                const auto put = [&](std::size_t i, double value) {
                    const std::size_t row = i / static_cast<std::size_t>(part.width),
                                      column = i % static_cast<std::size_t>(part.width);
                    const std::size_t cell =
                        (static_cast<std::size_t>(part.y - window.y) + row) * static_cast<std::size_t>(window.width) +
                        static_cast<std::size_t>(part.x - window.x) + column;
                    values[cell] = static_cast<T>(value);
                    valid[cell] = std::isfinite(value);
                };
                if (how == Resampling::nearest)
                    carry_nearest(places, source, [&](std::size_t i, std::ptrdiff_t cell) {
                        put(i, cell < 0 || !own_valid[static_cast<std::size_t>(cell)]
                                   ? none
                                   : own[static_cast<std::size_t>(cell)]);
                    });
                else
                    for (std::size_t i = 0; i < places.size(); ++i) {
                        const Footprint& place = places[i];
                        put(i, !(place.x == place.x)         ? none
                               : how == Resampling::bilinear ? between(place)
                                                             : average(place));
                    }
            });
    if (look_->looking) look_at(window, values, valid);
}

void Layer::read(const Window& window, float* values, std::uint8_t* valid) const { read_values(window, values, valid); }
void Layer::read(const Window& window, double* values, std::uint8_t* valid) const {
    read_values(window, values, valid);
}

std::string band_key(const Layer& layer) {
    const std::string band = ", band " + std::to_string(layer.band());
    struct stat known {};
    if (::stat(layer.file().path().c_str(), &known) != 0) return "path " + layer.file().path() + band;
    return "file " + std::to_string(known.st_dev) + ":" + std::to_string(known.st_ino) + band;
}

}  // namespace landcarbon
