// Land Carbon Toolbox: areas over which cells are summed: polygons of a layer or squares of a grid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/zones.hpp"

#include <cpl_string.h>
#include <gdal_alg.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <cmath>

#include "engine/gdal.hpp"
#include "engine/geometry.hpp"
#include "engine/input_files.hpp"
#include "engine/layer_text.hpp"
#include "engine/report/escape.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// "A, B, C and 4 more".
std::string names_of(const std::vector<std::string>& names) {
    constexpr std::size_t most = 10;
    if (names.size() <= most) return listed(names);
    return listed({names.begin(), names.begin() + most}) + " and " + std::to_string(names.size() - most) + " more";
}

std::string zone_count(std::size_t count) { return std::to_string(count) + (count == 1 ? " zone" : " zones"); }

struct AttributeText {
    std::string operator()(std::monostate) const { return {}; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return format_number(value); }
    std::string operator()(const std::string& value) const { return value; }
};

class PolygonZones final : public Zones {
public:
    PolygonZones(const std::string& parameter, const std::string& path, const Grid& grid, const std::string& encoding);
    std::vector<ZoneRun> runs(const Window& window) const override;

private:
    struct Shape {
        std::vector<unsigned char> wkb;
        // The shape's box in cells.
        double left, top, right, bottom;
    };
    /// Adds the cells of a zone inside a window, with the shape moved by so many cells to the right.
    void add_runs(std::size_t zone, const Window& window, double moved, std::vector<ZoneRun>& found) const;
    double turn_ = 0;  ///< cells of a whole turn around the world; 0 where coordinates are not geographic
    Grid grid_;
    std::vector<Shape> shapes_;
};

PolygonZones::PolygonZones(const std::string& parameter, const std::string& path, const Grid& grid,
                           const std::string& encoding)
    : grid_(grid) {
    start_gdal();
    const GdalMessages messages;
    const PathParts parts = split_path(path, "layername");
    check_input(parts.file, InputKind::vector);
    const NoNetwork offline(!is_remote(parts.file));
    const auto wrong = [&](const std::string& reason) {
        throw UserError(parameter, parameter_name(parameter) + ": " + path + ": " + reason);
    };
    const DatasetPtr dataset = open_checked(parts.file, InputKind::vector);
    if (!dataset)
        throw IoError(parts.file, "cannot be opened as a vector layer (" + messages.text("unknown format") + ")");
    OGRLayerH layer = parts.option ? GDALDatasetGetLayerByName(dataset.get(), parts.option->c_str())
                                   : GDALDatasetGetLayer(dataset.get(), 0);
    if (!layer) wrong("the layer does not exist");
    OGRSpatialReferenceH from = OGR_L_GetSpatialRef(layer);
    TransformationPtr transformation;
    if (!grid.crs.empty()) {
        if (!from) wrong("the layer has no coordinate reference system; assign one");
        const SrsPtr to(OSRNewSpatialReference(grid.crs.c_str()));
        const SrsPtr source(OSRClone(from));
        for (const SrsPtr* system : {&to, &source})
            OSRSetAxisMappingStrategy(system->get(), OAMS_TRADITIONAL_GIS_ORDER);
        if (!OSRIsSame(source.get(), to.get())) {
            transformation.reset(OCTNewCoordinateTransformation(source.get(), to.get()));
            if (!transformation)
                wrong("the layer cannot be transformed to the raster's reference system (" + messages.text("") + ")");
        }
    }
    const LayerText decode(parameter, parameter_name(parameter) + ": " + path, dataset.get(), layer, encoding);
    warnings_ = decode.warnings();
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    const int fields = OGR_FD_GetFieldCount(definition);
    for (int i = 0; i < fields; ++i) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        const auto type = OGR_Fld_GetType(field);
        columns_.push_back({decode(OGR_Fld_GetNameRef(field)), type == OFTInteger || type == OFTInteger64
                                                                   ? OutputTable::Type::integer
                                                               : type == OFTReal ? OutputTable::Type::real
                                                                                 : OutputTable::Type::text});
    }
    double inverse[6];
    std::array<double, 6> transform = grid.transform;
    if (!GDALInvGeoTransform(transform.data(), inverse)) wrong("the raster's geotransform has no inverse");
    if (const MapUnit unit = MapUnit::of(grid, std::nullopt); unit.geographic && grid.transform[2] == 0)
        turn_ = 2 * std::acos(-1.0) / unit.size / std::abs(grid.transform[1]);
    const auto on_grid = [&](const Shape& shape) {
        for (const double moved : {0.0, turn_, -turn_})
            if (shape.right + moved > 0 && shape.bottom > 0 && shape.left + moved < grid.width &&
                shape.top < grid.height)
                return true;
        return false;
    };
    std::vector<ZoneSurvey::Zone> told;
    std::size_t with_shape = 0;
    OGR_L_ResetReading(layer);
    for (FeaturePtr next; next.reset(OGR_L_GetNextFeature(layer)), next;) {
        OGRFeatureH feature = next.get();
        std::vector<Cell> row;
        for (int i = 0; i < fields; ++i) {
            if (!OGR_F_IsFieldSetAndNotNull(feature, i))
                row.emplace_back();
            else if (columns_[static_cast<std::size_t>(i)].type == OutputTable::Type::integer)
                row.emplace_back(static_cast<std::int64_t>(OGR_F_GetFieldAsInteger64(feature, i)));
            else if (columns_[static_cast<std::size_t>(i)].type == OutputTable::Type::real)
                row.emplace_back(OGR_F_GetFieldAsDouble(feature, i));
            else
                row.emplace_back(decode(OGR_F_GetFieldAsString(feature, i)));
        }
        const auto id = OGR_F_GetFID(feature);
        const GeometryPtr read(OGR_F_StealGeometry(feature));
        attributes_.push_back(std::move(row));
        told.push_back({});
        if (!read || OGR_G_IsEmpty(read.get())) {
            // The zone keeps its number and its row.
            told.back().empty = true;
            const GeometryPtr nothing(OGR_G_CreateGeometry(wkbPolygon));
            shapes_.push_back({wkb_of(nothing.get()), 1e300, 1e300, -1e300, -1e300});
            geometries_.push_back(shapes_.back().wkb);
            continue;
        }
        const GeometryPtr geometry = polygon_of(read.get());
        if (!geometry)
            wrong("feature " + std::to_string(id) + " is not a polygon (" +
                  OGRGeometryTypeToName(wkbFlatten(OGR_G_GetGeometryType(read.get()))) +
                  "); zones are areas: choose a layer of polygons, or make them (in QGIS: Buffer, or Polygonize)");
        if (transformation && OGR_G_Transform(geometry.get(), transformation.get()) != OGRERR_NONE)
            wrong("feature " + std::to_string(id) + " cannot be transformed to the raster's reference system (" +
                  messages.text("") + ")");
        OGREnvelope box;
        OGR_G_GetEnvelope(geometry.get(), &box);
        Shape shape{wkb_of(geometry.get()), 1e300, 1e300, -1e300, -1e300};
        for (const auto& [x, y] :
             {std::pair{box.MinX, box.MinY}, {box.MinX, box.MaxY}, {box.MaxX, box.MinY}, {box.MaxX, box.MaxY}}) {
            const double column = inverse[0] + x * inverse[1] + y * inverse[2];
            const double line = inverse[3] + x * inverse[4] + y * inverse[5];
            shape.left = std::min(shape.left, column);
            shape.right = std::max(shape.right, column);
            shape.top = std::min(shape.top, line);
            shape.bottom = std::max(shape.bottom, line);
        }
        told.back().outside = !on_grid(shape);
        {
            const GdalMessages why;  // GEOS says what is wrong, and where
            if (!OGR_G_IsValid(geometry.get())) told.back().invalid = why.text("not valid");
        }
        geometries_.push_back(shape.wkb);
        shapes_.push_back(std::move(shape));
        ++with_shape;
    }
    if (messages.failed()) throw IoError(path, "cannot be read (" + messages.text("") + ")");
    count_ = shapes_.size();
    if (with_shape == 0) wrong("the layer has no polygon");
    if (!std::any_of(shapes_.begin(), shapes_.end(), on_grid))
        wrong("no polygon lies on the raster; check the reference systems");
    for (std::size_t zone = 0; zone < count_; ++zone) told[zone].name = name(zone);
    survey_ = std::make_shared<ZoneSurvey>(std::move(told));
}

std::vector<ZoneRun> PolygonZones::runs(const Window& window) const {
    std::vector<ZoneRun> found;
    for (std::size_t zone = 0; zone < shapes_.size(); ++zone) {
        add_runs(zone, window, 0, found);
        if (turn_ > 0)
            for (const double moved : {turn_, -turn_}) add_runs(zone, window, moved, found);
    }
    if (survey_) survey_->lay(window, found);
    return found;
}

void PolygonZones::add_runs(std::size_t zone, const Window& window, double moved, std::vector<ZoneRun>& found) const {
    const GdalMessages messages;
    {
        Shape shape = shapes_[zone];
        shape.left += moved;
        shape.right += moved;
        if (shape.right < window.x || shape.left > static_cast<double>(window.x) + window.width) return;
        const int left = static_cast<int>(std::clamp(std::floor(shape.left) - 1.0, static_cast<double>(window.x),
                                                     static_cast<double>(window.x) + window.width));
        const int right = static_cast<int>(std::clamp(std::ceil(shape.right) + 1.0, static_cast<double>(window.x),
                                                      static_cast<double>(window.x) + window.width));
        const int top = static_cast<int>(std::clamp(std::floor(shape.top) - 1.0, static_cast<double>(window.y),
                                                    static_cast<double>(window.y) + window.height));
        const int bottom = static_cast<int>(std::clamp(std::ceil(shape.bottom) + 1.0, static_cast<double>(window.y),
                                                       static_cast<double>(window.y) + window.height));
        if (left >= right || top >= bottom) return;
        const int width = right - left;
        const int height = bottom - top;
        const DatasetPtr dataset(GDALCreate(GDALGetDriverByName("MEM"), "", width, height, 1, GDT_Byte, nullptr));
        if (!dataset) throw IoError("zones", "no memory for a mask");
        const auto origin = grid_.position(left - moved, top);
        std::array<double, 6> transform = grid_.transform;
        transform[0] = origin[0];
        transform[3] = origin[1];
        GDALSetGeoTransform(dataset.get(), transform.data());
        OGRGeometryH geometry = nullptr;
        OGR_G_CreateFromWkb(shape.wkb.data(), nullptr, &geometry, static_cast<int>(shape.wkb.size()));
        const GeometryPtr owned(geometry);
        int band = 1;
        double burn = 1;
        if (GDALRasterizeGeometries(dataset.get(), 1, &band, 1, &geometry, nullptr, nullptr, &burn, nullptr, nullptr,
                                    nullptr) != CE_None)
            throw IoError("zones", "a polygon cannot be laid on the raster (" + messages.text("") + ")");
        thread_local std::vector<unsigned char> mask;
        mask.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        if (GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Read, 0, 0, width, height, mask.data(), width, height,
                         GDT_Byte, 0, 0) != CE_None)
            throw IoError("zones", "a mask cannot be read (" + messages.text("") + ")");
        for (int row = 0; row < height; ++row) {
            const unsigned char* line = mask.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(width);
            for (int column = 0; column < width;) {
                if (!line[column]) {
                    ++column;
                    continue;
                }
                const int first = column;
                while (column < width && line[column]) ++column;
                found.push_back({static_cast<std::uint32_t>(zone), top - window.y + row, left - window.x + first,
                                 left - window.x + column});
            }
        }
    }
}

class SquareZones final : public Zones {
public:
    SquareZones(const std::string& parameter, double size, const Grid& grid);
    std::vector<ZoneRun> runs(const Window& window) const override;

private:
    std::vector<int> column_zone_;  ///< square column of each cell column
    std::vector<int> row_zone_;
    int across_ = 0;
};

SquareZones::SquareZones(const std::string& parameter, double size, const Grid& grid) {
    const std::string name = parameter_name(parameter);
    if (grid.transform[2] != 0 || grid.transform[4] != 0)
        throw UserError(parameter,
                        name + ": squares cannot be laid over a rotated raster; warp it to a north-up grid first");
    const double cell_width = std::abs(grid.transform[1]);
    const double cell_height = std::abs(grid.transform[5]);
    if (size < cell_width || size < cell_height)
        throw UserError(parameter, name + ": squares of " + number_text(size) +
                                       " map units are smaller than the cells (" + number_text(cell_width) + " x " +
                                       number_text(cell_height) + ")");
    const auto squares = [&](int cells, double cell) {
        std::vector<int> zone(static_cast<std::size_t>(cells));
        // A cell belongs to the square that holds its centre.
        for (int i = 0; i < cells; ++i) zone[static_cast<std::size_t>(i)] = static_cast<int>((i + 0.5) * cell / size);
        return zone;
    };
    if (count_squares(size, grid) > most_squares)
        throw UserError(parameter, name + ": there would be more than a million squares; give a larger size");
    column_zone_ = squares(grid.width, cell_width);
    row_zone_ = squares(grid.height, cell_height);
    across_ = column_zone_.back() + 1;
    const int down = row_zone_.back() + 1;
    columns_ = {{"row", OutputTable::Type::integer}, {"column", OutputTable::Type::integer}};
    const double dx = std::copysign(size, grid.transform[1]);
    const double dy = std::copysign(size, grid.transform[5]);
    for (int row = 0; row < down; ++row)
        for (int column = 0; column < across_; ++column) {
            attributes_.push_back({Cell(std::int64_t{row + 1}), Cell(std::int64_t{column + 1})});
            const double x = grid.transform[0] + column * dx;
            const double y = grid.transform[3] + row * dy;
            geometries_.push_back(polygon_wkb({{x, y}, {x + dx, y}, {x + dx, y + dy}, {x, y + dy}}));
        }
    count_ = attributes_.size();
}

std::vector<ZoneRun> SquareZones::runs(const Window& window) const {
    std::vector<ZoneRun> found;
    for (int row = 0; row < window.height; ++row) {
        const int zone_row = row_zone_[static_cast<std::size_t>(window.y + row)];
        for (int column = 0; column < window.width;) {
            const int zone_column = column_zone_[static_cast<std::size_t>(window.x + column)];
            const int first = column;
            while (column < window.width && column_zone_[static_cast<std::size_t>(window.x + column)] == zone_column)
                ++column;
            found.push_back({static_cast<std::uint32_t>(zone_row * across_ + zone_column), row, first, column});
        }
    }
    return found;
}

class WholeZone final : public Zones {
public:
    explicit WholeZone(const Grid& grid) {
        count_ = 1;
        attributes_.emplace_back();
        const double width = grid.width;
        const double height = grid.height;
        geometries_.push_back(polygon_wkb(
            {grid.position(0, 0), grid.position(width, 0), grid.position(width, height), grid.position(0, height)}));
    }
    std::vector<ZoneRun> runs(const Window& window) const override {
        std::vector<ZoneRun> found;
        for (int row = 0; row < window.height; ++row) found.push_back({0, row, 0, window.width});
        return found;
    }
};

}  // namespace

std::string attribute_text(const Cell& value) { return std::visit(AttributeText{}, value); }

std::string Zones::name(std::size_t zone) const {
    const std::vector<Cell>& attributes = attributes_[zone];
    for (const Cell& cell : attributes)
        if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    for (const Cell& cell : attributes)
        if (const std::string value = attribute_text(cell); !value.empty()) return value;
    return "Zone " + std::to_string(zone + 1);
}

std::vector<std::string> ZoneSurvey::shapes() const {
    std::vector<std::string> said, empty, invalid;
    for (const Zone& zone : zones_) {
        if (zone.empty) empty.push_back(zone.name);
        if (!zone.invalid.empty()) invalid.push_back(zone.name + " (" + zone.invalid + ")");
    }
    if (!empty.empty())
        said.push_back(zone_count(empty.size()) + " of " + std::to_string(zones_.size()) +
                       " without a geometry: " + names_of(empty) + "; kept, without cells");
    if (!invalid.empty())
        said.push_back(zone_count(invalid.size()) + " of " + std::to_string(zones_.size()) +
                       " with an invalid polygon: " + names_of(invalid) +
                       ". What lies inside a polygon is told by the even-odd rule: what its outline goes round twice "
                       "lies outside; parts of one zone that overlap count once. Mend them first (in QGIS: Fix "
                       "geometries)");
    return said;
}

void ZoneSurvey::lay(const Window& window, const std::vector<ZoneRun>& runs) {
    if (closed_) return;
    const std::scoped_lock lock(mutex_);
    laid_ = true;
    // A block is laid slice by slice and looked at as a whole: in columns and rows of the grid.
    std::vector<ZoneRun>& kept = pending_[{window.x, window.y}];
    kept = runs;
    for (ZoneRun& run : kept) {
        run.row += window.y;
        run.first += window.x;
        run.last += window.x;
    }
}

void ZoneSurvey::look(const Window& window, const std::function<bool(std::size_t)>& has_data) {
    std::vector<ZoneRun> runs;
    {
        const std::scoped_lock lock(mutex_);
        for (auto slice = pending_.begin(); slice != pending_.end();) {
            const auto [x, y] = slice->first;
            if (x < window.x || y < window.y || x >= window.x + window.width || y >= window.y + window.height) {
                ++slice;
                continue;
            }
            for (ZoneRun run : slice->second) {
                run.row -= window.y;
                run.first -= window.x;
                run.last -= window.x;
                runs.push_back(run);
            }
            slice = pending_.erase(slice);
        }
    }
    if (runs.empty()) return;
    const auto width = static_cast<std::size_t>(window.width);
    std::vector<std::int64_t> cells(zones_.size()), with_data(zones_.size());
    std::vector<std::uint32_t> owner(window.cells());
    std::set<std::pair<std::uint32_t, std::uint32_t>> overlaps;
    std::int64_t overlapped = 0;
    for (const ZoneRun& run : runs)
        for (int column = run.first; column < run.last; ++column) {
            const std::size_t cell = static_cast<std::size_t>(run.row) * width + static_cast<std::size_t>(column);
            ++cells[run.zone];
            // One cell with data is enough to know.
            if (with_data[run.zone] == 0 && has_data(cell)) ++with_data[run.zone];
            if (owner[cell] != 0 && owner[cell] != run.zone + 1) {
                ++overlapped;
                constexpr std::size_t most = 100;
                if (overlaps.size() < most) overlaps.emplace(owner[cell] - 1, run.zone);
            }
            owner[cell] = run.zone + 1;
        }
    const std::scoped_lock lock(mutex_);
    cells_.resize(zones_.size());
    cells_with_data_.resize(zones_.size());
    for (std::size_t zone = 0; zone < zones_.size(); ++zone) {
        cells_[zone] += cells[zone];
        cells_with_data_[zone] += with_data[zone];
    }
    overlaps_.insert(overlaps.begin(), overlaps.end());
    overlapped_cells_ += overlapped;
}

std::vector<std::string> ZoneSurvey::close() {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    pending_.clear();
    cells_.resize(zones_.size());
    cells_with_data_.resize(zones_.size());
    std::vector<std::string> said, outside, small, bare, pairs;
    for (std::size_t zone = 0; zone < zones_.size(); ++zone) {
        if (zones_[zone].empty) continue;
        if (zones_[zone].outside)
            outside.push_back(zones_[zone].name);
        else if (cells_[zone] == 0)
            small.push_back(zones_[zone].name);
        else if (cells_with_data_[zone] == 0)
            bare.push_back(zones_[zone].name);
    }
    const std::string of = " of " + std::to_string(zones_.size());
    if (!outside.empty())
        said.push_back(zone_count(outside.size()) + of + " outside the map, without cells: " + names_of(outside));
    if (!small.empty())
        said.push_back(zone_count(small.size()) + of +
                       " without a cell, because no cell's centre lies in the polygon (smaller than a cell, or at the "
                       "map's edge): " +
                       names_of(small));
    if (!bare.empty()) said.push_back(zone_count(bare.size()) + of + " with NoData only: " + names_of(bare));
    if (overlapped_cells_ > 0) {
        for (const auto& [first, second] : overlaps_)
            pairs.push_back(zones_[first].name + " and " + zones_[second].name);
        said.push_back("zones overlap in " + std::to_string(overlapped_cells_) +
                       (overlapped_cells_ == 1 ? " cell, which counts" : " cells, which count") +
                       " for each of its zones: " + names_of(pairs));
    }
    return said;
}

std::unique_ptr<Zones> whole_zone(const Grid& grid) { return std::make_unique<WholeZone>(grid); }

std::vector<OutputTable::Column> zone_columns(const Zones& zones, const std::vector<OutputTable::Column>& results) {
    std::vector<OutputTable::Column> columns;
    const auto same = [](const std::string& a, const std::string& b) { return EQUAL(a.c_str(), b.c_str()); };
    const auto taken = [&](const std::string& name) {
        if (same(name, "fid") || same(name, "geom")) return true;
        const auto has_name = [&](const OutputTable::Column& column) { return same(column.name, name); };
        return std::any_of(results.begin(), results.end(), has_name) ||
               std::any_of(columns.begin(), columns.end(), has_name);
    };
    for (auto column : zones.columns()) {
        while (taken(column.name)) column.name += "_1";
        columns.push_back(std::move(column));
    }
    columns.insert(columns.end(), results.begin(), results.end());
    return columns;
}

std::unique_ptr<Zones> polygon_zones(const std::string& parameter, const std::string& path, const Grid& grid,
                                     const std::string& encoding) {
    return std::make_unique<PolygonZones>(parameter, path, grid, encoding);
}

double count_squares(double size, const Grid& grid) {
    return std::ceil(grid.width * std::abs(grid.transform[1]) / size) *
           std::ceil(grid.height * std::abs(grid.transform[5]) / size);
}

std::unique_ptr<Zones> square_zones(const std::string& parameter, double size, const Grid& grid) {
    return std::make_unique<SquareZones>(parameter, size, grid);
}

}  // namespace landcarbon
