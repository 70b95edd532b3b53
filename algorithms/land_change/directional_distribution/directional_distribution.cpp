// Land Carbon Toolbox: directional distribution (standard deviational ellipse) of land-cover classes: maths and run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/directional_distribution/directional_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "engine/geometry.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/zone_map.hpp"
#include "maths/equal_area_plane.hpp"

namespace landcarbon {

void Moments::add_run(std::int64_t weight, std::int64_t u, std::int64_t step, std::int64_t count, std::int64_t v) {
    const Sum n = count;
    const Sum steps = n * (n - 1) / 2;            // 0 + 1 + ... + (n - 1)
    const Sum squares = steps * (2 * n - 1) / 3;  // 0 + 1 + 4 + ... + (n - 1)^2
    const Sum sum = n * u + steps * step;
    const Sum w = weight;
    weight_ += w * n;
    u_ += w * sum;
    v_ += w * n * v;
    uu_ += w * (n * u * u + 2 * steps * u * step + squares * step * step);
    uv_ += w * sum * v;
    vv_ += w * n * v * v;
}

void Moments::add(std::int64_t weight, const std::int64_t* u, const std::int64_t* v, std::size_t count) {
    Sum sum_u = 0, sum_v = 0, uu = 0, uv = 0, vv = 0;
    // Squares are below 2^58: sixteen of them fit into 64 bits.
    for (std::size_t start = 0; start < count; start += 16) {
        std::int64_t part_u = 0, part_v = 0, part_uu = 0, part_uv = 0, part_vv = 0;
        for (std::size_t i = start; i < std::min(count, start + 16); ++i) {
            part_u += u[i];
            part_v += v[i];
            part_uu += u[i] * u[i];
            part_uv += u[i] * v[i];
            part_vv += v[i] * v[i];
        }
        sum_u += part_u;
        sum_v += part_v;
        uu += part_uu;
        uv += part_uv;
        vv += part_vv;
    }
    const Sum w = weight;
    weight_ += w * static_cast<std::int64_t>(count);
    u_ += w * sum_u;
    v_ += w * sum_v;
    uu_ += w * uu;
    uv_ += w * uv;
    vv_ += w * vv;
}

void Moments::merge(const Moments& other) {
    weight_ += other.weight_;
    u_ += other.u_;
    v_ += other.v_;
    uu_ += other.uu_;
    uv_ += other.uv_;
    vv_ += other.vv_;
}

Moments::Spread Moments::spread() const {
    // Deviations from the mean rounded down to a whole number are exact; what is left of the mean is below 1, so that
    // taking it off loses nothing.
    const auto floor_of = [this](Sum sum) { return sum / weight_ - (sum % weight_ < 0 ? 1 : 0); };
    const Sum u = floor_of(u_);
    const Sum v = floor_of(v_);
    const auto total = static_cast<long double>(weight_);
    const auto rest_u = static_cast<long double>(u_ - u * weight_);
    const auto rest_v = static_cast<long double>(v_ - v * weight_);
    const auto uu = static_cast<long double>(uu_ - 2 * u * u_ + u * u * weight_);
    const auto uv = static_cast<long double>(uv_ - u * v_ - v * u_ + u * v * weight_);
    const auto vv = static_cast<long double>(vv_ - 2 * v * v_ + v * v * weight_);
    Spread spread;
    spread.u = static_cast<double>(static_cast<long double>(u) + rest_u / total);
    spread.v = static_cast<double>(static_cast<long double>(v) + rest_v / total);
    spread.uu = static_cast<double>((uu - rest_u * rest_u / total) / total);
    spread.uv = static_cast<double>((uv - rest_u * rest_v / total) / total);
    spread.vv = static_cast<double>((vv - rest_v * rest_v / total) / total);
    return spread;
}

StandardEllipse standard_ellipse(double xx, double xy, double yy, double factor) {
    StandardEllipse ellipse;
    const double a = xx - yy;
    const double b = std::hypot(a, 2 * xy);
    const double sum = xx + yy;
    // Below this, the difference between the axes (or a whole axis) is rounding.
    const double nothing = 1e-13 * sum;
    if (b > nothing) {
        double theta = std::atan2(2 * xy, -a) / 2 * 180 / std::numbers::pi;
        if (theta < 0) theta += 180;
        ellipse.rotation = theta >= 180 ? 0 : theta;
    }
    ellipse.longer = factor * std::sqrt((sum + b) / 2);
    ellipse.shorter = sum - b > nothing ? factor * std::sqrt((sum - b) / 2) : 0;
    return ellipse;
}

namespace {

constexpr double degrees = 180 / std::numbers::pi;
constexpr int vertices = 180;

/// What is summed for one class.
struct ClassSums {
    Moments moments;
    std::int64_t cells = 0;
    FixedArea area;
};

struct Sums {
    static constexpr bool order_free = true;
    std::vector<ClassSums> classes;  ///< by slot
    void merge(const Sums& other) {
        classes.resize(std::max(classes.size(), other.classes.size()));
        for (std::size_t slot = 0; slot < other.classes.size(); ++slot) {
            classes[slot].moments.merge(other.classes[slot].moments);
            classes[slot].cells += other.classes[slot].cells;
            classes[slot].area += other.classes[slot].area;
        }
    }
};

/// Calls `add` with slot, row, first column and one past the last column (of the grid) of all runs of one class.
template <class Add>
void each_run(const Block& block, Add add) {
    const auto width = static_cast<std::size_t>(block.window.width);
    for (int row = 0; row < block.window.height; ++row) {
        const std::uint16_t* line = block.classes(0) + static_cast<std::size_t>(row) * width;
        for (std::size_t first = 0; first < width;) {
            std::size_t last = first + 1;
            while (last < width && line[last] == line[first]) ++last;
            if (line[first] != 0)
                add(line[first], block.window.y + row, block.window.x + static_cast<int>(first),
                    block.window.x + static_cast<int>(last));
            first = last;
        }
    }
}

/// Turns cells into whole positions for Moments, and what they come to back into metres and map coordinates.
class Frame {
public:
    virtual ~Frame() = default;
    /// May be called from any thread.
    virtual void add(Moments& moments, int row, int first, int last) const = 0;
    /// Mean position in metres east and north of the frame's origin, and mean squares and product in m2.
    virtual Moments::Spread metres(const Moments::Spread& spread) const = 0;
    /// Map coordinates of a point given in metres; nothing when there are none.
    virtual std::optional<std::array<double, 2>> map_point(double x, double y) const = 0;
    /// Degrees clockwise from the map's north of a direction given clockwise from the frame's y axis, at a point.
    virtual double rotation(double degrees_from_y, double x, double y) const = 0;
};

/// Projected coordinates: positions are columns and rows, all cells weigh alike.
class PlaneFrame final : public Frame {
public:
    PlaneFrame(const Grid& grid, double metres_per_unit) : grid_(grid), unit_(metres_per_unit) {}
    void add(Moments& moments, int row, int first, int last) const override {
        // Half cells from the middle of the grid, so that centres of cells are whole.
        moments.add_run(1, 2 * std::int64_t{first} + 1 - grid_.width, 2, last - first,
                        2 * std::int64_t{row} + 1 - grid_.height);
    }
    Moments::Spread metres(const Moments::Spread& s) const override {
        const auto& t = grid_.transform;
        const double a = t[1] / 2 * unit_, b = t[2] / 2 * unit_, d = t[4] / 2 * unit_, e = t[5] / 2 * unit_;
        return {a * s.u + b * s.v, d * s.u + e * s.v, a * a * s.uu + 2 * a * b * s.uv + b * b * s.vv,
                a * d * s.uu + (a * e + b * d) * s.uv + b * e * s.vv, d * d * s.uu + 2 * d * e * s.uv + e * e * s.vv};
    }
    std::optional<std::array<double, 2>> map_point(double x, double y) const override {
        const auto middle = grid_.position(grid_.width / 2.0, grid_.height / 2.0);
        return std::array{middle[0] + x / unit_, middle[1] + y / unit_};
    }
    double rotation(double degrees_from_y, double, double) const override { return degrees_from_y; }

private:
    Grid grid_;
    double unit_;
};

/// Geographic coordinates: positions on an equal-area plane around the middle of the grid, cells weigh by their area.
class GlobeFrame final : public Frame {
public:
    GlobeFrame(const Grid& grid, const MapUnit& unit, const CellAreas& areas)
        : unit_(unit),
          middle_(grid.position(grid.width / 2.0, grid.height / 2.0)),
          plane_(unit.semi_major, unit.flattening, middle_[1] * unit.size) {
        const auto& t = grid.transform;
        double lowest = 0, highest = 0;
        double largest = 0;
        for (int row = 0; row < grid.height; ++row) largest = std::max(largest, areas.row(row).square_metres());
        for (int row = 0; row < grid.height; ++row) {
            const auto centre = grid.position(grid.width / 2.0, row + 0.5);
            const double shift = (centre[0] - middle_[0]) * unit.size;
            const double latitude = std::clamp(centre[1] * unit.size, -std::numbers::pi / 2, std::numbers::pi / 2);
            rows_.push_back({plane_.parallel(latitude), std::sin(shift), std::cos(shift),
                             std::max(1LL, std::llround(areas.row(row).square_metres() / largest * (1 << 28)))});
            lowest = std::min(lowest, shift);
            highest = std::max(highest, shift);
        }
        for (int column = 0; column < grid.width; ++column) {
            const double longitude = (column + 0.5 - grid.width / 2.0) * t[1] * unit.size;
            columns_.push_back({std::sin(longitude), std::cos(longitude)});
        }
        const double across = std::abs(t[1]) * grid.width * unit.size / 2 + std::max(highest, -lowest);
        const double down = std::abs(t[5]) * grid.height * unit.size / 2;
        wide_ = across > std::numbers::pi / 4 || down > std::numbers::pi / 4;
        // The finest power of two that keeps positions below 2^28.
        scale_ = std::ldexp(1.0, 28 - std::ilogb(plane_.reach(across + down)) - 1);
    }
    void add(Moments& moments, int row, int first, int last) const override {
        const Row& parallel = rows_[static_cast<std::size_t>(row)];
        constexpr std::size_t most = 256;
        std::int64_t u[most], v[most];
        // Rounds to whole numbers: positions are below 2^28 in size, so that the sum is above zero.
        constexpr double lift = 1 << 29;
        const auto whole = [](double position) {
            return static_cast<std::int64_t>(position + (lift + 0.5)) - static_cast<std::int64_t>(lift);
        };
        while (first < last) {
            const auto count = std::min(most, static_cast<std::size_t>(last - first));
            const auto* column = columns_.data() + first;
            for (std::size_t i = 0; i < count; ++i) {
                const auto [sine, cosine] = column[i];
                const auto point = plane_.project(parallel.parallel, sine * parallel.cosine + cosine * parallel.sine,
                                                  cosine * parallel.cosine - sine * parallel.sine);
                u[i] = whole(point[0] * scale_);
                v[i] = whole(point[1] * scale_);
            }
            moments.add(parallel.weight, u, v, count);
            first += static_cast<int>(count);
        }
    }
    Moments::Spread metres(const Moments::Spread& s) const override {
        return {s.u / scale_, s.v / scale_, s.uu / scale_ / scale_, s.uv / scale_ / scale_, s.vv / scale_ / scale_};
    }
    std::optional<std::array<double, 2>> map_point(double x, double y) const override {
        const auto point = plane_.unproject(x, y);
        if (!point) return std::nullopt;
        return std::array{middle_[0] + (*point)[1] / unit_.size, (*point)[0] / unit_.size};
    }
    double rotation(double degrees_from_y, double x, double y) const override {
        const auto azimuth =
            plane_.azimuth(x, y, std::sin(degrees_from_y / degrees), std::cos(degrees_from_y / degrees));
        return azimuth ? std::fmod(*azimuth * degrees, 180) : degrees_from_y;
    }
    /// True when the map is so large that distances on the plane are noticeably wrong.
    bool wide() const { return wide_; }

private:
    struct Row {
        EqualAreaPlane::Parallel parallel;
        double sine, cosine;  ///< of the row's shift in longitude
        std::int64_t weight;
    };
    MapUnit unit_;
    std::array<double, 2> middle_;
    EqualAreaPlane plane_;
    std::vector<Row> rows_;
    std::vector<std::array<double, 2>> columns_;
    double scale_ = 1;
    bool wide_ = false;
};

/// A class and its ellipse.
struct Found {
    ClassLabel label;
    std::int64_t cells = 0;
    double area_ha = 0;
    std::array<double, 2> centre{};
    StandardEllipse ellipse;  ///< metres; rotation as the user sees it
    Ring ring;                ///< map coordinates; empty when the ellipse has no area
    double area_km2() const { return std::numbers::pi * ellipse.longer * ellipse.shorter / 1e6; }
    std::optional<double> ratio() const {
        if (ellipse.longer > 0) return ellipse.shorter / ellipse.longer;
        return std::nullopt;
    }
    std::optional<double> eccentricity() const {
        if (const auto r = ratio()) return std::sqrt((1 - *r) * (1 + *r));
        return std::nullopt;
    }
};

class Work {
public:
    Work(DirectionalDistributionOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void sum();
    void find_ellipses();
    Found ellipse_of(const ClassLabel& label, const ClassSums& sums);
    void write_ellipses();
    void write_report();
    std::string figure() const;
    std::string size_text() const {
        return number_text(options_.size) + (options_.size == 1 ? " standard deviation" : " standard deviations");
    }

    DirectionalDistributionOptions& options_;
    Run& run_;
    std::set<std::int64_t> selected_;
    ClassTable given_;
    std::optional<Layer> land_cover_;
    MapUnit unit_;
    std::unique_ptr<Frame> frame_;
    Sums sums_;
    std::vector<Found> found_;
};

std::set<std::int64_t> read_selected(const std::string& text) {
    std::set<std::int64_t> classes;
    for (const auto& entry : split_list(text)) {
        const auto code = parse_integer(entry);
        if (!code)
            throw wrong("selected",
                        "\"" + entry + "\" is not a class; write the classes as whole numbers, for example 1,5");
        classes.insert(*code);
    }
    return classes;
}

void Work::sum() {
    const CellAreas& areas = run_.areas();
    sums_ = run_.reduce({*land_cover_}, Sums{}, [&](Sums& sums, const Block& block) {
        sums.classes.resize(std::max(sums.classes.size(), run_.class_codes().slots()));
        each_run(block, [&](std::uint16_t slot, int row, int first, int last) {
            ClassSums& of = sums.classes[slot];
            of.cells += last - first;
            of.area += std::int64_t{last - first} * areas.row(row);
            frame_->add(of.moments, row, first, last);
        });
    });
}

Found Work::ellipse_of(const ClassLabel& label, const ClassSums& sums) {
    Found found;
    found.label = label;
    found.cells = sums.cells;
    found.area_ha = sums.area.hectares();
    const Moments::Spread spread = frame_->metres(sums.moments.spread());
    const double factor = options_.size * (options_.method == EllipseMethod::arcgis ? std::numbers::sqrt2 : 1.0);
    found.ellipse = standard_ellipse(spread.uu, spread.uv, spread.vv, factor);
    found.centre = frame_->map_point(spread.u, spread.v).value();  // a mean of points of the disk lies in it
    const double theta = found.ellipse.rotation.value_or(0) / degrees;
    if (found.ellipse.shorter > 0)
        for (int i = 0; i < vertices; ++i) {
            const double t = 2 * std::numbers::pi * i / vertices;
            const double along = found.ellipse.longer * std::cos(t);
            const double beside = found.ellipse.shorter * std::sin(t);
            const auto point = frame_->map_point(spread.u + along * std::sin(theta) - beside * std::cos(theta),
                                                 spread.v + along * std::cos(theta) + beside * std::sin(theta));
            if (!point) {
                run_.warn("the ellipse of class " + std::to_string(label.code) + " (" + label.name +
                          ") reaches around the globe and is not drawn");
                found.ring.clear();
                break;
            }
            found.ring.push_back(*point);
        }
    if (found.ellipse.rotation) found.ellipse.rotation = frame_->rotation(*found.ellipse.rotation, spread.u, spread.v);
    return found;
}

void Work::find_ellipses() {
    std::string flat;
    std::set<std::int64_t> missing = selected_;
    std::string present;
    for (const auto& label : run_.class_labels(given_)) {
        missing.erase(label.code);
        present += (present.empty() ? "" : ", ") + std::to_string(label.code);
        if (!selected_.empty() && !selected_.count(label.code)) continue;
        found_.push_back(ellipse_of(label, sums_.classes[run_.class_codes().slot(label.code)]));
        if (found_.back().ellipse.shorter == 0) flat += (flat.empty() ? "" : ", ") + std::to_string(label.code);
    }
    if (present.empty()) throw wrong("land_cover", land_cover_->name() + ": no cell has a class");
    if (!missing.empty()) {
        std::string names;
        for (const std::int64_t code : missing) names += (names.empty() ? "" : ", ") + std::to_string(code);
        throw wrong("selected",
                    land_cover_->name() + " has no cell of class " + names + "; its classes are: " + present);
    }
    if (!flat.empty()) run_.warn("these classes lie on one point or one line and have no ellipse: " + flat);
    options_.ellipse_count = static_cast<double>(
        std::count_if(found_.begin(), found_.end(), [](const Found& found) { return found.ellipse.shorter > 0; }));
}

void Work::write_ellipses() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"pixels", Type::integer},
                       {"area_ha", Type::real},
                       {"centre_x", Type::real},
                       {"centre_y", Type::real},
                       {"rotation_deg", Type::real},
                       {"long_m", Type::real},
                       {"short_m", Type::real},
                       {"ratio", Type::real},
                       {"eccentricity", Type::real},
                       {"ellipse_km2", Type::real}});
    table.crs = run_.grid().crs;
    VectorStyle style;
    style.field = "class";
    style.outlines = true;
    for (const Found& found : found_) {
        table.add({found.label.code, found.label.name, found.cells, found.area_ha, found.centre[0], found.centre[1],
                   cell_of(found.ellipse.rotation), found.ellipse.longer, found.ellipse.shorter, cell_of(found.ratio()),
                   cell_of(found.eccentricity()), found.area_km2()},
                  found.ring.empty() ? std::vector<unsigned char>{} : polygon_wkb(found.ring));
        style.classes.push_back(found.label);
    }
    run_.write(options_.ellipses, table, style);
}

std::string rotation_text(const std::optional<double>& rotation) {
    return rotation ? format_grouped(*rotation, 1) : "";
}

std::string Work::figure() const {
    const Grid& grid = run_.grid();
    MapFigure map = map_of(grid, unit_);
    map.title = "Standard deviational ellipses of the classes";
    const double width = grid.width;
    const double height = grid.height;
    map.shapes.push_back(
        {{{grid.position(0, 0), grid.position(width, 0), grid.position(width, height), grid.position(0, height)}},
         "#f7f9fb",
         "#9aa5b1",
         1,
         1,
         "4 3",
         "Extent of the map"});
    for (const Found& found : found_) {
        map.legend.emplace_back(found.label.name, found.label.colour);
        const std::string text =
            found.label.name + ": " + format_value(found.ellipse.longer / 1000) + " x " +
            format_value(found.ellipse.shorter / 1000) + " km" +
            (found.ellipse.rotation ? ", " + rotation_text(found.ellipse.rotation) + "\u00b0 from north" : "");
        if (!found.ring.empty())
            map.shapes.push_back({{found.ring}, found.label.colour, found.label.colour, 2, 0.08, {}, text});
        map.marks.push_back({found.centre[0], found.centre[1], found.label.colour, text});
    }
    return map_figure(map);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Directional distribution", "Where each class has its centre, and in which direction it spreads");
    double largest_area = 0;
    const Found* most = nullptr;
    for (const Found& found : found_) {
        largest_area = std::max(largest_area, found.area_km2());
        if (found.ratio() && found.cells > 2 && (!most || *found.ratio() < *most->ratio())) most = &found;
    }
    report.number("Classes", std::to_string(found_.size()), "", "Classes that are described")
        .number("Largest ellipse", format_value(largest_area), "km\u00b2", "Area of the largest ellipse");
    if (most)
        report.number(
            "Most elongated", most->label.name, "",
            "Class with the smallest ratio of the short to the long axis: " + format_value(*most->ratio(), 3));
    report.section("Map");
    report.figure(figure(), "Ellipses of " + size_text() + " around the mean centres (dots) of the classes.");
    TableData table{
        {text_column("Class"), number_column("Area", "ha"), number_column("Centre x"), number_column("Centre y"),
         number_column("Rotation", "\u00b0 from north"), number_column("Long axis", "km"),
         number_column("Short axis", "km"), number_column("Ratio"), number_column("Ellipse", "km\u00b2")},
        {},
        {}};
    const int digits = unit_.geographic ? 5 : 1;
    for (const Found& found : found_) {
        table.row_colours.push_back(found.label.colour);
        table.rows.push_back({found.label.name, format_grouped(found.area_ha, 1),
                              format_grouped(found.centre[0], digits), format_grouped(found.centre[1], digits),
                              rotation_text(found.ellipse.rotation), format_value(found.ellipse.longer / 1000),
                              format_value(found.ellipse.shorter / 1000),
                              found.ratio() ? format_grouped(*found.ratio(), 3) : "", format_value(found.area_km2())});
    }
    report.table(table, "Mean centre, direction of the long axis, and half lengths of the axes");
    report.paragraph(
        "The long axis shows the direction in which a class spreads, the ratio of the axes how clear that direction "
        "is: near 0 the class follows a "
        "line, near 1 it spreads alike in all directions. Compare the tables of several dates to see a class move or "
        "turn.");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    selected_ = read_selected(options_.selected);
    land_cover_ = run_.classes(options_.land_cover);
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    const CellAreas& areas = run_.areas();
    unit_ = MapUnit::of(run_.grid(), run_.options().cell_area);
    if (unit_.geographic) {
        auto globe = std::make_unique<GlobeFrame>(run_.grid(), unit_, areas);
        if (globe->wide())
            run_.warn(
                "the map spans more than a quarter of the globe; no plane shows distances and directions well over "
                "such a distance, so take the "
                "ellipses as rough");
        frame_ = std::move(globe);
        run_.convention("distances",
                        "on the Lambert azimuthal equal-area plane of the ellipsoid around the middle of the map; "
                        "rotation from true north at "
                        "the centre of the ellipse");
    } else {
        frame_ = std::make_unique<PlaneFrame>(run_.grid(), unit_.size);
        run_.convention("distances", "in the plane of the map, 1 map unit = " + number_text(unit_.size) +
                                         " m; rotation from the map's north (y axis)");
    }
    run_.convention("weights", "each cell counts with its area, at its centre");
    run_.convention(
        "axes",
        options_.method == EllipseMethod::arcgis
            ? "half axes = size * sqrt(2) * standard deviation along the axis, divisor n (as ArcGIS 10.1 and later)"
            : "half axes = size * standard deviation along the axis, divisor n (Yuill 1971)");
    run_.convention("size", size_text());
    sum();
    find_ellipses();
    write_ellipses();
    write_report();
}

}  // namespace

void directional_distribution(DirectionalDistributionOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
