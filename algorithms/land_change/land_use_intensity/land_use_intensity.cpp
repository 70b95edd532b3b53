// Land Carbon Toolbox: land-use intensity index of a map, its zones or its squares: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/land_use_intensity/land_use_intensity.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/zone_map.hpp"

namespace landcarbon {

std::optional<double> intensity_index(const std::vector<double>& grades, const std::vector<FixedArea>& areas) {
    FixedArea sum;
    for (const FixedArea area : areas) sum += area;
    const double total = sum.square_metres();
    if (total <= 0) return std::nullopt;
    double index = 0;
    for (std::size_t i = 0; i < grades.size(); ++i) index += grades[i] * (areas[i].square_metres() / total);
    return 100 * index;
}

std::optional<double> min_max_scaled(double value, double lowest, double highest) {
    if (!(highest > lowest)) return std::nullopt;
    return (value - lowest) / (highest - lowest);
}

int intensity_level(double scaled) {
    const auto found = std::lower_bound(std::begin(intensity_level_ends), std::end(intensity_level_ends), scaled);
    return std::min(5, static_cast<int>(found - std::begin(intensity_level_ends)) + 1);
}

namespace {

constexpr const char* level_names[] = {"lowest", "low", "medium", "high", "highest"};
constexpr const char* level_colours[] = {"#ffffcc", "#fed976", "#fd8d3c", "#e31a1c", "#800026"};

/// What one block adds, and what all blocks come to.
struct Sums {
    struct Entry {
        std::uint32_t zone;
        std::uint32_t grade;
        FixedArea area;
    };
    ClassTally classes;
    std::vector<Entry> entries;     ///< of a block
    std::vector<FixedArea> totals;  ///< zones x grades; empty in a block
    std::size_t zones = 0;
    std::size_t grades = 0;

    void merge(const Sums& block) {
        classes.merge(block.classes);
        if (totals.empty()) totals.resize(zones * grades);
        for (const Entry& entry : block.entries) totals[entry.zone * grades + entry.grade] += entry.area;
    }
};

class Work {
public:
    Work(LandUseIntensityOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void read_grades();
    void sum();
    void find_indices();
    void write_map();
    void write_zones();
    void write_by_class();
    void write_report();
    ZoneMap zone_map() const;
    TableData zones_table() const;
    /// Position of a slot's grade in grades_, or -1 where its class has none. By reference to keep the kernel quick.
    int grade_of(std::uint16_t slot) const {
        const auto found = grade_of_code_.find(run_.class_codes().code(slot));
        return found == grade_of_code_.end() ? -1 : found->second;
    }

    LandUseIntensityOptions& options_;
    Run& run_;
    std::optional<Layer> land_cover_;
    std::optional<ClassMatcher> matcher_;
    std::optional<InputTable> table_;
    ClassTable given_;
    std::vector<double> grades_;  ///< the different grades, ascending
    std::map<std::int64_t, int> grade_of_code_;
    std::optional<Zoning> zoning_;
    Sums sums_;
    std::vector<ClassLabel> labels_;
    std::vector<FixedArea> class_areas_;  ///< in the order of labels_
    FixedArea total_;
    std::vector<FixedArea> zone_areas_;
    std::vector<std::optional<double>> indices_;  ///< one for each zone
};

void Work::read_grades() {
    matcher_.emplace(run_, options_.match);
    table_.emplace(matcher_->fitted(run_.table(options_.classes)));
    const InputTable& table = *table_;
    table.columns_of({"class", "grade"});
    given_ = read_classes(table);
    for (const auto& [code, info] : given_) {
        if (!info.grade) continue;
        if (*info.grade < 0)
            table.reject("class " + std::to_string(code) + " has the grade " + number_text(*info.grade) +
                         "; grades are zero or more");
        grades_.push_back(*info.grade);
    }
    std::sort(grades_.begin(), grades_.end());
    grades_.erase(std::unique(grades_.begin(), grades_.end()), grades_.end());
    if (grades_.empty()) table.reject("no class has a grade");
    for (const auto& [code, info] : given_)
        if (info.grade)
            grade_of_code_[code] =
                static_cast<int>(std::lower_bound(grades_.begin(), grades_.end(), *info.grade) - grades_.begin());
}

void Work::sum() {
    const CellAreas& areas = run_.areas();
    Sums empty;
    empty.classes = run_.class_tally();
    empty.zones = zoning_->size();
    empty.grades = grades_.size();
    sums_ = run_.reduce({*land_cover_}, empty, [&](Sums& sums, const Block& block) {
        const std::uint16_t* slots = block.classes(0);
        run_.add_rows(sums.classes, block, slots);
        std::vector<int> grade_of_slot(run_.class_codes().slots(), -1);
        for (std::size_t slot = 1; slot < grade_of_slot.size(); ++slot)
            grade_of_slot[slot] = grade_of(static_cast<std::uint16_t>(slot));
        // Runs of one zone follow each other: its sums are kept here and told when the next zone comes.
        std::vector<FixedArea> sum(grades_.size());
        std::uint32_t zone = 0;
        const auto tell = [&] {
            for (std::size_t grade = 0; grade < sum.size(); ++grade) {
                if (sum[grade] == FixedArea()) continue;
                sums.entries.push_back({zone, static_cast<std::uint32_t>(grade), sum[grade]});
                sum[grade] = FixedArea();
            }
        };
        for (const ZoneRun& cells : zoning_->zones().runs(block.window)) {
            if (cells.zone != zone) tell();
            zone = cells.zone;
            const std::uint16_t* line =
                slots + static_cast<std::size_t>(cells.row) * static_cast<std::size_t>(block.window.width);
            const FixedArea area = areas.row(block.window.y + cells.row);
            for (int first = cells.first; first < cells.last;) {
                int last = first + 1;
                while (last < cells.last && line[last] == line[first]) ++last;
                if (const int grade = grade_of_slot[line[first]]; grade >= 0)
                    sum[static_cast<std::size_t>(grade)] += std::int64_t{last - first} * area;
                first = last;
            }
        }
        tell();
    });
}

void Work::find_indices() {
    matcher_->check(*table_, run_.class_codes());
    labels_ = run_.class_labels(given_);
    std::string missing;
    std::vector<FixedArea> graded(grades_.size());
    for (const auto& label : labels_) {
        const FixedArea area = sums_.classes.area(run_.class_codes().slot(label.code), run_.areas().cell());
        class_areas_.push_back(area);
        total_ += area;
        const auto grade = grade_of_code_.find(label.code);
        if (grade == grade_of_code_.end())
            missing += (missing.empty() ? "" : ", ") + std::to_string(label.code);
        else
            graded[static_cast<std::size_t>(grade->second)] += area;
    }
    if (labels_.empty()) throw wrong("land_cover", land_cover_->name() + ": no cell has a class");
    if (!missing.empty())
        throw wrong("classes", "table " + options_.classes.path +
                                   ": these classes of the land-cover map have no grade: " + missing +
                                   "; add a row with a grade for each");
    options_.index = intensity_index(grades_, graded);
    std::vector<FixedArea> areas(grades_.size());
    for (std::size_t zone = 0; zone < zoning_->size(); ++zone) {
        FixedArea sum;
        for (std::size_t grade = 0; grade < areas.size(); ++grade) {
            areas[grade] = sums_.totals[zone * areas.size() + grade];
            sum += areas[grade];
        }
        zone_areas_.push_back(sum);
        indices_.push_back(intensity_index(grades_, areas));
        if (!indices_.back()) continue;
        options_.minimum = std::min(options_.minimum.value_or(*indices_.back()), *indices_.back());
        options_.maximum = std::max(options_.maximum.value_or(*indices_.back()), *indices_.back());
    }
    if (!options_.minimum) throw wrong("zones", options_.zones.path + ": no cell with a class lies in a zone");
    const auto with_index =
        std::count_if(indices_.begin(), indices_.end(), [](const auto& index) { return index.has_value(); });
    // Of one zone alone nobody asks how it compares.
    if (zoning_->given() && with_index > 1 && *options_.minimum == *options_.maximum)
        run_.warn("all " + zoning_->one() + "s have the same index, so that scaled values and levels are not defined");
}

std::vector<RampStop> index_ramp(double lowest, double highest) {
    std::vector<RampStop> stops;
    if (!(highest > lowest)) highest = lowest + 1;
    for (int i = 0; i < 5; ++i) {
        const double value = lowest + (highest - lowest) * i / 4;
        stops.push_back({value, level_colours[i], format_value(value)});
    }
    return stops;
}

void Work::write_map() {
    if (!options_.intensity_map.wanted()) return;
    RasterDescription description;
    description.type = GDT_Float32;
    description.nodata = -1;
    description.bands = {zoning_->given() ? "land-use intensity index of the " + zoning_->one()
                                          : "land-use intensity index of the cell (100 * grade)"};
    description.style.ramp = zoning_->given() ? index_ramp(*options_.minimum, *options_.maximum)
                                              : index_ramp(100 * grades_.front(), 100 * grades_.back());
    if (zoning_->polygons())
        run_.convention("overlapping zones", "on the map the later zone of the layer lies above the earlier ones");
    std::vector<float> value_of_slot(run_.class_codes().slots(), -1);
    for (std::size_t slot = 1; slot < value_of_slot.size(); ++slot)
        value_of_slot[slot] =
            static_cast<float>(100 * grades_[static_cast<std::size_t>(grade_of(static_cast<std::uint16_t>(slot)))]);
    run_.map({*land_cover_}, {run_.raster(options_.intensity_map, std::move(description))}, [&](Block& block) {
        const std::uint16_t* slots = block.classes(0);
        if (zoning_->given()) {
            zoning_->paint(block, indices_, -1, [&](std::size_t i) { return slots[i] != 0; });
            return;
        }
        float* out = block.output<float>(0);
        for (std::size_t i = 0; i < block.cells(); ++i) out[i] = value_of_slot[slots[i]];
    });
}

void Work::write_zones() {
    if (!options_.intensity.wanted()) return;
    using Type = OutputTable::Type;
    OutputTable table(zone_columns(
        zoning_->zones(),
        {{"area_ha", Type::real}, {"index", Type::real}, {"scaled", Type::real}, {"level", Type::integer}}));
    table.crs = run_.grid().crs;
    for (std::size_t zone = 0; zone < zoning_->size(); ++zone) {
        if (zoning_->squares() && !indices_[zone]) continue;
        std::vector<Cell> row = zoning_->zones().attributes(zone);
        row.emplace_back(zone_areas_[zone].hectares());
        if (const auto index = indices_[zone]) {
            const auto scaled = min_max_scaled(*index, *options_.minimum, *options_.maximum);
            row.emplace_back(*index);
            row.push_back(cell_of(scaled));
            row.push_back(scaled ? Cell{std::int64_t{intensity_level(*scaled)}} : Cell{});
        } else {
            row.resize(row.size() + 3);
        }
        table.add(std::move(row), zoning_->zones().geometry(zone));
    }
    VectorStyle style;
    style.field = "scaled";
    for (int i = 0; i < 5; ++i)
        style.ranges.push_back(
            {intensity_level_ends[i], level_colours[i],
             std::to_string(i + 1) + " " + level_names[i] + " (to " + number_text(intensity_level_ends[i]) + ")"});
    if (!(*options_.maximum > *options_.minimum)) style.ranges.clear();
    run_.write(options_.intensity, table, style);
}

void Work::write_by_class() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"grade", Type::real},
                       {"area_ha", Type::real},
                       {"share", Type::real},
                       {"contribution", Type::real}});
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        const double grade = *given_.at(labels_[k].code).grade;
        const double share = class_areas_[k].square_metres() / total_.square_metres();
        table.add({labels_[k].code, labels_[k].name, grade, class_areas_[k].hectares(), share, 100 * grade * share});
    }
    run_.write(options_.by_class, table);
}

ZoneMap Work::zone_map() const {
    ZoneMap map;
    map.title = "Land-use intensity by " + zoning_->one();
    map.caption =
        "Intensity index by " + zoning_->one() + ", five equal classes between the lowest and the highest value.";
    for (const auto& index : indices_) {
        if (!index) {
            map.looks.push_back({"#ffffff", "no class", true});
            continue;
        }
        const auto scaled = min_max_scaled(*index, *options_.minimum, *options_.maximum);
        map.looks.push_back({level_colours[scaled ? intensity_level(*scaled) - 1 : 2], format_value(*index, 5), false});
    }
    if (*options_.maximum > *options_.minimum)
        for (int i = 0; i < 5; ++i) {
            const double range = *options_.maximum - *options_.minimum;
            map.legend.emplace_back(std::string(level_names[i]) + ": " +
                                        format_value(*options_.minimum + range * i / 5) + " to " +
                                        format_value(*options_.minimum + range * (i + 1) / 5),
                                    level_colours[i]);
        }
    return map;
}

TableData Work::zones_table() const {
    TableData data;
    const std::vector<std::size_t> shown = zoning_->telling_columns();
    for (const std::size_t i : shown) data.columns.push_back(text_column(zoning_->zones().columns()[i].name));
    for (auto&& column :
         {number_column("Area", "ha"), number_column("Index"), number_column("Scaled"), number_column("Level")})
        data.columns.push_back(column);
    std::vector<std::size_t> order;
    for (std::size_t zone = 0; zone < zoning_->size(); ++zone)
        if (indices_[zone]) order.push_back(zone);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return *indices_[a] > *indices_[b]; });
    for (const std::size_t zone : order) {
        std::vector<std::string> row;
        for (const std::size_t i : shown) row.push_back(zoning_->text(zone, i));
        const auto scaled = min_max_scaled(*indices_[zone], *options_.minimum, *options_.maximum);
        row.push_back(format_grouped(zone_areas_[zone].hectares(), 1));
        row.push_back(format_grouped(*indices_[zone], 2));
        row.push_back(scaled ? format_grouped(*scaled, 3) : "");
        row.push_back(
            scaled ? std::to_string(intensity_level(*scaled)) + " " + level_names[intensity_level(*scaled) - 1] : "");
        data.rows.push_back(std::move(row));
    }
    return data;
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Land-use intensity", "How strongly people use the land, from unused (" +
                                            number_text(100 * grades_.front()) + ") to the strongest use (" +
                                            number_text(100 * grades_.back()) + ")");
    report
        .number("Intensity index", format_grouped(*options_.index, 2), "",
                "100 * sum of grade * share of the area, over the whole map")
        .number("Mapped area", format_value(total_.hectares(), 6), "ha", "Cells that have a class");
    if (zoning_->given())
        report.number("Lowest " + zoning_->one(), format_grouped(*options_.minimum, 2))
            .number("Highest " + zoning_->one(), format_grouped(*options_.maximum, 2));
    report.section("What the index is made of");
    BarChart bars;
    bars.title = "Contribution of each class to the index";
    bars.value_title = "Contribution";
    bars.unit = "index points";
    bars.horizontal = true;
    bars.series = {{"Contribution", {}, {}, {}}};
    TableData classes{{text_column("Class"), number_column("Grade"), number_column("Area", "ha"),
                       number_column("Share", "%"), number_column("Contribution")},
                      {},
                      {}};
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        const double grade = *given_.at(labels_[k].code).grade;
        const double share = class_areas_[k].square_metres() / total_.square_metres();
        bars.categories.push_back(labels_[k].name);
        bars.category_colours.push_back(labels_[k].colour);
        bars.series[0].values.push_back(100 * grade * share);
        classes.row_colours.push_back(labels_[k].colour);
        classes.rows.push_back({labels_[k].name, format_number(grade), format_grouped(class_areas_[k].hectares(), 1),
                                format_grouped(100 * share, 2), format_grouped(100 * grade * share, 2)});
    }
    classes.rows.push_back(
        {"All", "", format_grouped(total_.hectares(), 1), format_grouped(100, 2), format_grouped(*options_.index, 2)});
    classes.last_row_is_total = true;
    report.figure(bar_chart(bars), "Each class adds 100 * grade * its share of the area.");
    report.table(classes, "Classes, their grades and what they add to the index");
    if (zoning_->given()) {
        report.section(zoning_->squares() ? "Squares" : "Zones");
        draw_zones(report, run_, *zoning_, zone_map());
        std::vector<double> values;
        for (const auto& index : indices_)
            if (index) values.push_back(*index);
        if (values.size() >= 10) {
            HistogramChart chart = histogram_of(values);
            chart.title = "Distribution of the index";
            chart.x_title = "Intensity index";
            report.figure(histogram(chart), "How many " + zoning_->one() + "s have which index.");
        }
        report.table(zones_table(),
                     std::to_string(values.size()) + " " + zoning_->one() + "s, the most intensively used first", 50);
    }
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    land_cover_ = run_.classes(options_.land_cover);
    read_grades();
    run_.areas();
    zoning_.emplace(run_, options_.zones, options_.grid_size, grades_.size() * sizeof(FixedArea));
    if (zoning_->polygons()) run_.convention("whole map", "its figures count cells outside all zones as well");
    run_.convention("intensity index", "100 * sum of grade * area / area, over cells that have a class");
    run_.convention("levels", "index scaled to 0..1 between the lowest and the highest " +
                                  (zoning_->given() ? zoning_->one() : "zone") +
                                  ", then five equal classes; a value on a limit belongs to the lower class");
    run_.expect_passes(options_.intensity_map.wanted() ? 2 : 1);
    sum();
    find_indices();
    write_map();
    write_zones();
    write_by_class();
    write_report();
}

}  // namespace

void land_use_intensity(LandUseIntensityOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
