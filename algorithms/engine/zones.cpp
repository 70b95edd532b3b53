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
#include "engine/layer_choice.hpp"
#include "engine/layer_text.hpp"
#include "engine/report/escape.hpp"
#include "engine/unit_panel.hpp"
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
    /// A side of a polygon in columns and rows of the grid, from its upper end to its lower one, so that two zones have
    /// the same numbers for a side that they share. Level sides say nothing of the cells.
    struct Side {
        double x0, y0, x1, y1;
    };
    struct Shape {
        std::vector<std::vector<Side>> parts;  ///< of each polygon, by y0
        // The shape's box in cells.
        double left, top, right, bottom;
    };
    /// A polygon's sides; none where it has a coordinate that is no number.
    std::vector<Side> sides_of(OGRGeometryH polygon) const;
    /// The place of a point in columns and rows.
    std::array<double, 2> cell_of(double x, double y) const;
    /// Adds the cells of a zone inside a window.
    void add_runs(std::size_t zone, const Window& window, std::vector<ZoneRun>& found) const;
    Grid grid_;
    std::array<double, 6> inverse_{};
    std::vector<double> turns_{0};  ///< by how many cells a shape is moved to lie on the map: a whole turn either way
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
    const auto refuse = [&](const std::string& reason) { throw wrong(parameter, path + ": " + reason); };
    const DatasetPtr dataset = open_checked(parts.file, InputKind::vector);
    if (!dataset)
        throw IoError(parts.file, "cannot be opened as a vector layer (" + messages.text("unknown format") + ")");
    const LayerChoice choice =
        choose_layer(dataset.get(), parameter_name(parameter) + ": " + path, parts.option.value_or(""), "layers");
    OGRLayerH layer = choice.layer;
    OGRSpatialReferenceH from = OGR_L_GetSpatialRef(layer);
    TransformationPtr transformation;
    if (!grid.crs.empty()) {
        if (!from) refuse("the layer has no coordinate reference system; assign one");
        const SrsPtr to(OSRNewSpatialReference(grid.crs.c_str()));
        const SrsPtr source(OSRClone(from));
        for (const SrsPtr* system : {&to, &source})
            OSRSetAxisMappingStrategy(system->get(), OAMS_TRADITIONAL_GIS_ORDER);
        if (!OSRIsSame(source.get(), to.get())) {
            transformation.reset(OCTNewCoordinateTransformation(source.get(), to.get()));
            if (!transformation)
                refuse("the layer cannot be transformed to the raster's reference system (" + messages.text("") + ")");
        }
    }
    const bool in_degrees = from && OSRIsGeographic(from);
    const LayerText decode(parameter, parameter_name(parameter) + ": " + path, dataset.get(), layer, encoding);
    warnings_ = decode.warnings();
    if (!choice.remark.empty()) warnings_.push_back(parameter_name(parameter) + ": " + path + ": " + choice.remark);
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
    std::array<double, 6> transform = grid.transform;
    if (!GDALInvGeoTransform(transform.data(), inverse_.data())) refuse("the raster's geotransform has no inverse");
    if (const MapUnit unit = MapUnit::of(grid, std::nullopt); unit.geographic && grid.transform[2] == 0)
        for (const double way : {1.0, -1.0})
            turns_.push_back(way * 2 * std::acos(-1.0) / unit.size / std::abs(grid.transform[1]));
    const auto on_grid = [&](const Shape& shape) {
        for (const double moved : turns_)
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
            shapes_.push_back({{}, 1e300, 1e300, -1e300, -1e300});
            geometries_.push_back(wkb_of(nothing.get()));
            continue;
        }
        const GeometryPtr geometry = polygon_of(read.get());
        if (geometry && in_degrees) {
            OGREnvelope box;
            OGR_G_GetEnvelope(geometry.get(), &box);
            const bool beyond = box.MinX < -540 || box.MaxX > 540 || box.MinY < -91 || box.MaxY > 91;
            const bool swapped =
                beyond && box.MinX >= -91 && box.MaxX <= 91 && std::abs(box.MinY) <= 361 && std::abs(box.MaxY) <= 361;
            if (beyond)
                refuse("feature " + std::to_string(id) + " reaches from (" + format_number(box.MinX, 9) + ", " +
                       format_number(box.MinY, 9) + ") to (" + format_number(box.MaxX, 9) + ", " +
                       format_number(box.MaxY, 9) + "), but the layer's reference system is in degrees. " +
                       (swapped ? "Its coordinates seem to be latitude, longitude: swap them (in QGIS: Swap X and Y "
                                  "coordinates)"
                                : "They seem to be metres: assign the reference system that they are in (in QGIS: "
                                  "Assign projection)"));
        }
        if (!geometry)
            refuse("feature " + std::to_string(id) + " is not a polygon (" +
                   OGRGeometryTypeToName(wkbFlatten(OGR_G_GetGeometryType(read.get()))) +
                   "); zones are areas: choose a layer of polygons, or make them (in QGIS: Buffer, or Polygonize)");
        if (transformation) {
            // PROJ and GDAL take such places round the world for ever.
            constexpr double farthest = 1e9;
            OGREnvelope box;
            OGR_G_GetEnvelope(geometry.get(), &box);
            if (!(box.MinX > -farthest && box.MaxX < farthest && box.MinY > -farthest && box.MaxY < farthest))
                refuse("feature " + std::to_string(id) + " reaches from (" + format_number(box.MinX, 9) + ", " +
                       format_number(box.MinY, 9) + ") to (" + format_number(box.MaxX, 9) + ", " +
                       format_number(box.MaxY, 9) + "), which is no place on Earth; repair its coordinates");
        }
        if (transformation && OGR_G_Transform(geometry.get(), transformation.get()) != OGRERR_NONE)
            refuse("feature " + std::to_string(id) + " cannot be transformed to the raster's reference system (" +
                   messages.text("") + ")");
        OGREnvelope box;
        OGR_G_GetEnvelope(geometry.get(), &box);
        Shape shape{{}, 1e300, 1e300, -1e300, -1e300};
        for (const auto& [x, y] :
             {std::pair{box.MinX, box.MinY}, {box.MinX, box.MaxY}, {box.MaxX, box.MinY}, {box.MaxX, box.MaxY}}) {
            const auto [column, line] = cell_of(x, y);
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
        geometries_.push_back(wkb_of(geometry.get()));
        if (wkbFlatten(OGR_G_GetGeometryType(geometry.get())) != wkbMultiPolygon)
            shape.parts.push_back(sides_of(geometry.get()));
        else
            for (int i = 0; i < OGR_G_GetGeometryCount(geometry.get()); ++i)
                shape.parts.push_back(sides_of(OGR_G_GetGeometryRef(geometry.get(), i)));
        shapes_.push_back(std::move(shape));
        ++with_shape;
    }
    if (messages.failed()) throw IoError(path, "cannot be read (" + messages.text("") + ")");
    count_ = shapes_.size();
    if (with_shape == 0) refuse("the layer has no polygon");
    if (!std::any_of(shapes_.begin(), shapes_.end(), on_grid))
        refuse("no polygon lies on the raster; check the reference systems");
    for (std::size_t zone = 0; zone < count_; ++zone) told[zone].name = name(zone);
    survey_ = std::make_shared<ZoneSurvey>(std::move(told));
}

std::array<double, 2> PolygonZones::cell_of(double x, double y) const {
    const auto& t = grid_.transform;
    // Without the inverse, round numbers stay round, and a point on the edge of a cell lies there.
    if (t[2] == 0 && t[4] == 0) return {(x - t[0]) / t[1], (y - t[3]) / t[5]};
    return {inverse_[0] + x * inverse_[1] + y * inverse_[2], inverse_[3] + x * inverse_[4] + y * inverse_[5]};
}

std::vector<PolygonZones::Side> PolygonZones::sides_of(OGRGeometryH polygon) const {
    std::vector<Side> sides;
    for (int r = 0; r < OGR_G_GetGeometryCount(polygon); ++r) {
        OGRGeometryH ring = OGR_G_GetGeometryRef(polygon, r);
        const int points = OGR_G_GetPointCount(ring);
        const auto place = [&](int i) { return cell_of(OGR_G_GetX(ring, i), OGR_G_GetY(ring, i)); };
        auto from = points > 0 ? place(points - 1) : std::array<double, 2>{};
        for (int i = 0; i < points; ++i) {
            const auto to = place(i);
            if (!std::isfinite(to[0]) || !std::isfinite(to[1])) return {};
            if (from[1] < to[1])
                sides.push_back({from[0], from[1], to[0], to[1]});
            else if (to[1] < from[1])
                sides.push_back({to[0], to[1], from[0], from[1]});
            from = to;
        }
    }
    std::sort(sides.begin(), sides.end(), [](const Side& a, const Side& b) { return a.y0 < b.y0; });
    return sides;
}

std::vector<ZoneRun> PolygonZones::runs(const Window& window) const {
    std::vector<ZoneRun> found;
    for (std::size_t zone = 0; zone < shapes_.size(); ++zone) add_runs(zone, window, found);
    if (survey_) survey_->lay(window, found);
    return found;
}

/// A cell lies in a polygon when a line from its centre to the left crosses the polygon's sides an odd number of times.
/// Where a side goes through a centre, the cell lies to the right of it. All is reckoned in columns and rows of the
/// whole grid, so that it does not matter how the grid is cut into windows.
void PolygonZones::add_runs(std::size_t zone, const Window& window, std::vector<ZoneRun>& found) const {
    const Shape& shape = shapes_[zone];
    const double window_left = window.x, window_right = static_cast<double>(window.x) + window.width;
    const double first_row = window.y, end_row = static_cast<double>(window.y) + window.height;
    if (shape.bottom < first_row || shape.top > end_row) return;
    const std::size_t before = found.size();
    struct Crossing {
        int row;
        double x;
    };
    thread_local std::vector<Crossing> crossings;
    for (const auto& sides : shape.parts) {
        crossings.clear();
        for (const Side& side : sides) {
            if (side.y0 - 0.5 >= end_row) break;
            const double top = std::max(first_row, std::ceil(side.y0 - 0.5));
            const double bottom = std::min(end_row, std::ceil(side.y1 - 0.5));
            if (!(top < bottom)) continue;
            // Both are rows of the block.
            for (auto number = static_cast<std::int64_t>(top); number < static_cast<std::int64_t>(bottom); ++number) {
                const auto row = static_cast<double>(number);
                // By halves, as differences of the largest numbers are infinite.
                const double share = ((row + 0.5) / 2 - side.y0 / 2) / (side.y1 / 2 - side.y0 / 2);
                double x = side.x0 + share * (side.x1 - side.x0);
                if (!std::isfinite(x)) x = side.x0 * (1 - share) + side.x1 * share;
                crossings.push_back({static_cast<int>(row), x});
            }
        }
        std::sort(crossings.begin(), crossings.end(),
                  [](const Crossing& a, const Crossing& b) { return a.row != b.row ? a.row < b.row : a.x < b.x; });
        for (std::size_t i = 0; i + 1 < crossings.size(); i += 2)
            for (const double moved : turns_) {
                const auto column = [&](double x) {
                    return static_cast<int>(std::clamp(std::ceil(x + moved - 0.5), window_left, window_right));
                };
                const int first = column(crossings[i].x), last = column(crossings[i + 1].x);
                if (first < last)
                    found.push_back({static_cast<std::uint32_t>(zone), crossings[i].row - window.y, first - window.x,
                                     last - window.x});
            }
    }
    // In order, and cells in which parts of the zone overlap once.
    const auto begin = found.begin() + static_cast<std::ptrdiff_t>(before);
    std::sort(begin, found.end(),
              [](const ZoneRun& a, const ZoneRun& b) { return a.row != b.row ? a.row < b.row : a.first < b.first; });
    auto kept = begin;
    for (auto run = begin; run != found.end(); ++run) {
        if (kept != begin && std::prev(kept)->row == run->row && run->first <= std::prev(kept)->last)
            std::prev(kept)->last = std::max(std::prev(kept)->last, run->last);
        else
            *kept++ = *run;
    }
    found.erase(kept, found.end());
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
    if (grid.transform[2] != 0 || grid.transform[4] != 0)
        throw wrong(parameter, "squares cannot be laid over a rotated raster; warp it to a north-up grid first");
    const double cell_width = std::abs(grid.transform[1]);
    const double cell_height = std::abs(grid.transform[5]);
    if (size < cell_width || size < cell_height)
        throw wrong(parameter, "squares of " + number_text(size) + " map units are smaller than the cells (" +
                                   number_text(cell_width) + " x " + number_text(cell_height) + ")");
    const auto squares = [&](int cells, double cell) {
        std::vector<int> zone(static_cast<std::size_t>(cells));
        // A cell belongs to the square that holds its centre.
        for (int i = 0; i < cells; ++i) zone[static_cast<std::size_t>(i)] = static_cast<int>((i + 0.5) * cell / size);
        return zone;
    };
    if (count_squares(size, grid) > most_squares)
        throw wrong(parameter, "there would be more than a million squares; give a larger size");
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
    const auto left = static_cast<std::size_t>(window.x);
    for (int row = 0; row < window.height; ++row) {
        const int zone_row = row_zone_[static_cast<std::size_t>(window.y) + static_cast<std::size_t>(row)];
        for (int column = 0; column < window.width;) {
            const int zone_column = column_zone_[left + static_cast<std::size_t>(column)];
            const int first = column;
            while (column < window.width && column_zone_[left + static_cast<std::size_t>(column)] == zone_column)
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
        if (std::string value = attribute_text(cell); !value.empty()) return value;
    return "Zone " + std::to_string(zone + 1);
}

std::size_t Zones::column_called(const std::string& name, const std::string& parameter) const {
    auto found =
        std::find_if(columns_.begin(), columns_.end(), [&](const auto& column) { return column.name == name; });
    if (found == columns_.end())
        found = std::find_if(columns_.begin(), columns_.end(),
                             [&](const auto& column) { return plain_name(column.name) == plain_name(name); });
    if (found != columns_.end()) return static_cast<std::size_t>(found - columns_.begin());
    std::string names;
    for (const auto& column : columns_) names += (names.empty() ? "" : ", ") + column.name;
    throw wrong(parameter, "ZONES has no field \"" + name + "\"; its fields are: " + names);
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
