// Land Carbon Toolbox: reading one band of a raster, block by block, from any thread.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/source.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <gdal_utils.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <set>

#include "engine/input_files.hpp"
#include "maths/byte_lookup.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

RasterFile::RasterFile(std::string parameter, std::string path, std::shared_ptr<OpenFiles> open_files)
    : parameter_(std::move(parameter)),
      path_(std::move(path)),
      open_files_(open_files ? std::move(open_files) : std::make_shared<OpenFiles>(1)),
      handles_(*open_files_) {
    start_gdal();
    if (path_.rfind("MEM:::", 0) == 0)
        throw UserError(parameter_, parameter_name(parameter_) + ": " + path_ + " points into memory; give a file");
    check_input(path_, InputKind::raster);
    GDALDatasetH dataset = handle();
    bands_ = GDALGetRasterCount(dataset);
    if (bands_ > 1 && GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset, bands_)) == GCI_AlphaBand) --bands_;
    if (bands_ < 1) throw UserError(parameter_, parameter_name(parameter_) + ": " + path_ + " has no raster band");
    grid_.width = GDALGetRasterXSize(dataset);
    grid_.height = GDALGetRasterYSize(dataset);
    if (GDALGetGeoTransform(dataset, grid_.transform.data()) != CE_None) grid_.transform = {0, 1, 0, 0, 0, 1};
    for (const double term : grid_.transform)
        if (!std::isfinite(term))
            throw UserError(parameter_, parameter_name(parameter_) + ": " + path_ + " has no finite geotransform");
    if (const char* wkt = GDALGetProjectionRef(dataset)) grid_.crs = wkt;
    GDALGetBlockSize(GDALGetRasterBand(dataset, 1), &block_width_, &block_height_);
}

DatasetPtr RasterFile::open() const {
    const GdalMessages messages;
    DatasetPtr dataset = open_checked(path_, InputKind::raster);
    if (!dataset) throw IoError(path_, "cannot be opened as a raster (" + messages.text("unknown format") + ")");
    return dataset;
}

GDALDatasetH RasterFile::handle() {
    if (GDALDatasetH known = handles_.find()) return known;
    DatasetPtr dataset = open();
    if (aligned_) {
        const GdalMessages messages;
        const NoNetwork offline(!is_remote(path_));
        const auto text = [](double value) {
            char buffer[40];
            std::snprintf(buffer, sizeof buffer, "%.17g", value);
            return std::string(buffer);
        };
        const auto first = grid_.position(0, 0);
        const auto last = grid_.position(grid_.width, grid_.height);
        CPLStringList arguments;
        for (const auto& word :
             {std::string("-of"), std::string("VRT"), std::string("-t_srs"), grid_.crs, std::string("-te"),
              text(first[0]), text(last[1]), text(last[0]), text(first[1]), std::string("-ts"),
              std::to_string(grid_.width), std::to_string(grid_.height), std::string("-dstalpha"), std::string("-r"),
              std::string(aligned_classes_ ? "near" : "bilinear")})
            arguments.AddString(word.c_str());
        // Measurements are interpolated, which whole numbers cannot hold.
        if (!aligned_classes_)
            for (const char* word : {"-ot", "Float64"}) arguments.AddString(word);
        GDALWarpAppOptions* options = GDALWarpAppOptionsNew(arguments.List(), nullptr);
        GDALDatasetH source = dataset.get();
        int usage_error = 0;
        DatasetPtr warped(GDALWarp("", nullptr, 1, &source, options, &usage_error));
        GDALWarpAppOptionsFree(options);
        if (!warped) throw IoError(path_, "cannot be aligned (" + messages.text("warping failed") + ")");
        // The virtual dataset keeps a reference to the source: let go of ours, but do not close it.
        GDALReleaseDataset(dataset.release());
        dataset = std::move(warped);
    }
    return handles_.keep(std::move(dataset));
}

void RasterFile::align_to(const Grid& target, bool classes) {
    if (difference(grid_, target).empty()) return;
    if (grid_.crs.empty() || target.crs.empty())
        throw UserError(parameter_, parameter_name(parameter_) + ": " + path_ +
                                        " cannot be aligned, because a coordinate reference system is missing");
    if (target.transform[2] != 0 || target.transform[4] != 0)
        throw UserError(parameter_,
                        parameter_name(parameter_) + ": rasters cannot be aligned to a rotated grid; warp them first");
    handles_.clear();
    grid_ = target;
    aligned_ = true;
    aligned_classes_ = classes;
    block_width_ = std::min(512, grid_.width);
    block_height_ = std::min(512, grid_.height);
    handle();
}

void RasterFile::forget_blocks() {
    const GdalMessages messages;
    if (GDALDatasetH known = handles_.find()) GDALFlushCache(known);
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
        const int value = GDALRATGetColOfUsage(table, GFU_MinMax);
        const int name = GDALRATGetColOfUsage(table, GFU_Name);
        const int r = GDALRATGetColOfUsage(table, GFU_Red);
        const int g = GDALRATGetColOfUsage(table, GFU_Green);
        const int b = GDALRATGetColOfUsage(table, GFU_Blue);
        for (int i = 0; value >= 0 && i < GDALRATGetRowCount(table); ++i) {
            const double code = GDALRATGetValueAsDouble(table, i, value);
            if (code != std::floor(code) || std::abs(code) > 9e15) continue;
            ClassLabel& label = found[static_cast<std::int64_t>(code)];
            if (name >= 0) label.name = GDALRATGetValueAsString(table, i, name);
            if (r >= 0 && g >= 0 && b >= 0)
                label.colour = hex(GDALRATGetValueAsInt(table, i, r), GDALRATGetValueAsInt(table, i, g),
                                   GDALRATGetValueAsInt(table, i, b));
        }
    }
    std::vector<ClassLabel> labels;
    for (auto& [code, label] : found) {
        label.code = code;
        labels.push_back(label);
    }
    return labels;
}

std::optional<std::int64_t> RasterFile::class_of_band(int band_number) {
    const GdalMessages messages;
    GDALRasterBandH band = GDALGetRasterBand(handle(), band_number);
    const char* const item = GDALGetMetadataItem(band, "LANDCARBON_CLASS", nullptr);
    if (!item) return std::nullopt;
    const auto code = parse_integer(item);
    if (!code)
        throw UserError(parameter_, parameter_name(parameter_) + ": " + path_ + ", band " +
                                        std::to_string(band_number) + ": its metadata item LANDCARBON_CLASS is \"" +
                                        item + "\", not the code of a class");
    return code;
}

constexpr std::uint32_t unknown_slot = 0xffffffff;

struct Layer::Lookup {
    explicit Lookup(std::size_t size) : slots(size) {
        for (auto& slot : slots) slot.store(unknown_slot, std::memory_order_relaxed);
    }
    std::vector<std::atomic<std::uint32_t>> slots;
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

Layer::Layer(std::shared_ptr<RasterFile> file, int band, ReadAs as, ClassCodes* codes)
    : file_(std::move(file)), band_(band), as_(as), codes_(codes) {
    const GdalMessages messages;
    if (band < 1 || band > file_->bands())
        throw UserError(file_->parameter(), parameter_name(file_->parameter()) + ": " + file_->path() +
                                                " has no band " + std::to_string(band) + "; its bands are 1 to " +
                                                std::to_string(file_->bands()));
    GDALRasterBandH handle = GDALGetRasterBand(file_->handle(), band);
    type_ = GDALGetRasterDataType(handle);
    if (GDALDataTypeIsComplex(type_))
        throw UserError(file_->parameter(),
                        parameter_name(file_->parameter()) + ": " + name() + " holds complex numbers");
    const int flags = GDALGetMaskFlags(handle);
    has_mask_ =
        file_->aligned() || (flags & (GMF_PER_DATASET | GMF_ALPHA)) != 0 || (flags & (GMF_ALL_VALID | GMF_NODATA)) == 0;
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
    }
}

std::string Layer::name() const {
    return file_->bands() > 1 ? file_->path() + ", band " + std::to_string(band_) : file_->path();
}

std::string Layer::title() const {
    const GdalMessages messages;
    return GDALGetDescription(GDALGetRasterBand(file_->handle(), band_));
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

std::size_t Layer::different_values(std::size_t most) const {
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
    return met.size();
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
    GDALDatasetH dataset = file_->handle();
    // GDAL takes an alpha band for a mask only where it is of type Byte or UInt16.
    GDALRasterBandH band = file_->aligned() ? GDALGetRasterBand(dataset, GDALGetRasterCount(dataset))
                                            : GDALGetMaskBand(GDALGetRasterBand(dataset, band_));
    const CPLErr error = GDALRasterIO(band, GF_Read, window.x, window.y, window.width, window.height, mask.data(),
                                      window.width, window.height, GDT_Byte, 0, 0);
    if (error != CE_None || messages.failed())
        throw IoError(name(), "its mask cannot be read (" + messages.text("damaged file") + ")");
}

std::uint16_t Layer::slot_of(std::int64_t code) const {
    const std::uint16_t slot = codes_->slot(code);
    if (slot == 0)
        throw UserError(file_->parameter(), parameter_name(file_->parameter()) + ": " + name() + " holds more than " +
                                                std::to_string(ClassCodes::most) +
                                                " different values; it is not a class raster");
    return slot;
}

namespace {

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
        std::atomic<std::uint32_t>& entry = known[static_cast<Unsigned>(cell[i])];
        if (entry.load(std::memory_order_relaxed) == unknown_slot)
            entry.store(slot_of(cell[i]), std::memory_order_relaxed);
        slots[i] = static_cast<std::uint16_t>(entry.load(std::memory_order_relaxed));
    }
}

template <class T>
void Layer::slots_by_search(const Window& window, GDALDataType type, std::uint16_t* slots) const {
    std::vector<T>& values = scratch<T>(window.cells());
    raster_io(window, values.data(), type);
    std::unordered_map<std::int64_t, std::uint16_t> known;
    std::int64_t last_code = 0;
    std::uint16_t last_slot = 0;
    bool any = false;
    std::int64_t infinite = 0;
    const auto reject = [&](std::size_t i, const std::string& text, const char* why) {
        const int column = window.x + static_cast<int>(i % static_cast<std::size_t>(window.width));
        const int row = window.y + static_cast<int>(i / static_cast<std::size_t>(window.width));
        throw UserError(file_->parameter(), parameter_name(file_->parameter()) + ": " + name() + " holds the value " +
                                                text + " at column " + std::to_string(column) + ", row " +
                                                std::to_string(row) + ", " + why);
    };
    for (std::size_t i = 0; i < values.size(); ++i) {
        std::int64_t code;
        if constexpr (std::is_floating_point_v<T>) {
            const double raw = values[i];
            if (!std::isfinite(raw) || is_nodata(raw)) {
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
            if (has_nodata_ && static_cast<std::int64_t>(values[i]) == integer_nodata_) {
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
}

void Layer::read_classes(const Window& window, std::uint16_t* slots) const {
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
    if (has_mask_) {
        std::vector<std::uint8_t>& mask = scratch<std::uint8_t>(window.cells());
        read_mask(window, mask);
        for (std::size_t i = 0; i < mask.size(); ++i)
            if (mask[i] == 0) slots[i] = 0;
    }
}

template <class T>
void Layer::read_values(const Window& window, T* values, std::uint8_t* valid) const {
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
            throw UserError(file_->parameter(),
                            parameter_name(file_->parameter()) + ": " + name() + " holds the value " +
                                number_text(static_cast<double>(raw[i])) + " at column " +
                                std::to_string(static_cast<std::size_t>(window.x) + i % width) + ", row " +
                                std::to_string(static_cast<std::size_t>(window.y) + i / width) +
                                ", which is too large to be worked with; is a NoData value missing?");
        }
    };
    if (direct) {
        raster_io(window, values, std::is_same_v<T, float> ? GDT_Float32 : GDT_Float64);
        convert(values);
    } else {
        std::vector<double>& wide = scratch<double>(cells);
        raster_io(window, wide.data(), GDT_Float64);
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

void Layer::read(const Window& window, float* values, std::uint8_t* valid) const { read_values(window, values, valid); }
void Layer::read(const Window& window, double* values, std::uint8_t* valid) const {
    read_values(window, values, valid);
}

}  // namespace landcarbon
