// Land Carbon Toolbox: land cover of several scenarios beside that of today: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/scenario_comparison/scenario_comparison.hpp"

#include <algorithm>
#include <set>

#include "carbon/carbon_storage/carbon_storage.hpp"
#include "engine/class_lookup.hpp"
#include "engine/map_picture.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

/// Maps that one report shows side by side.
constexpr std::size_t most_maps = 20;

/// What one pass gathers; the first map is today's.
struct Gathered {
    static constexpr bool order_free = true;
    std::vector<CrossTable> tables;  ///< today's class by the map's class
    std::int64_t left_out = 0;
    void merge(const Gathered& other) {
        for (std::size_t m = 0; m < tables.size(); ++m) tables[m].merge(other.tables[m]);
        left_out += other.left_out;
    }
};

/// Pictures of all maps.
struct Pictures {
    static constexpr bool order_free = true;
    std::vector<MapPicture> maps;
    void merge(const Pictures& other) {
        for (std::size_t m = 0; m < maps.size(); ++m) maps[m].merge(other.maps[m]);
    }
};

class Work {
public:
    Work(ScenarioComparisonOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void count();
    void draw();
    void write_by_class();
    void write_summary();
    void write_report();
    bool with_carbon() const { return options_.pools.given(); }
    /// Exact area of a class on a map.
    FixedArea area(std::size_t map, std::size_t k) const { return areas_[map][k]; }
    double change_ha(std::size_t map, std::size_t k) const { return (area(map, k) - area(0, k)).hectares(); }
    double density(std::size_t k) const { return pools_.densities.at(labels_[k].code).total(); }
    double storage(std::size_t map) const;
    double storage_change(std::size_t map) const;

    ScenarioComparisonOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< today's map, then the scenarios
    std::vector<std::string> names_;
    ClassTable given_;
    std::optional<ClassMatcher> matcher_;
    std::optional<InputTable> table_;
    CarbonPoolsTable pools_;
    std::vector<ClassLabel> labels_;
    std::vector<std::vector<FixedArea>> areas_;     ///< by map and class
    std::vector<std::vector<std::int64_t>> cells_;  ///< by map and class
    std::vector<FixedArea> changed_;                ///< by map: area of another class than today
    FixedArea total_;
    std::vector<std::string> pictures_;
};

void Work::open() {
    layers_.push_back(run_.classes(options_.land_cover));
    for (Layer& layer : run_.classes(options_.scenarios)) layers_.push_back(std::move(layer));
    if (layers_.size() > most_maps + 1)
        throw wrong("scenarios", "there are " + std::to_string(layers_.size() - 1) + " maps; at most " +
                                     std::to_string(most_maps) + " are compared in one run");
    names_ = split_list(options_.names);
    if (!names_.empty() && names_.size() != layers_.size() - 1)
        throw wrong("names", std::to_string(names_.size()) + " names are given for " +
                                 std::to_string(layers_.size() - 1) + " scenarios");
    if (names_.empty())
        for (std::size_t m = 1; m < layers_.size(); ++m) names_.push_back("Scenario " + std::to_string(m));
    if (std::set<std::string>(names_.begin(), names_.end()).size() < names_.size())
        throw wrong("names", "two scenarios have the same name");
    names_.insert(names_.begin(), "Today");
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    if (with_carbon()) {
        matcher_.emplace(run_, options_.match, given_);
        table_.emplace(matcher_->fitted(run_.table(options_.pools)));
        pools_ = read_carbon_pools(*table_, DensityUnit::t_ha, false);
    }
}

void Work::count() {
    run_.areas();
    const std::size_t maps = layers_.size();
    Gathered empty;
    for (std::size_t m = 0; m < maps; ++m) empty.tables.push_back(run_.cross_table());
    const Gathered counted = run_.reduce(layers_, empty, [&](Gathered& state, const Block& block) {
        thread_local std::vector<std::vector<std::uint16_t>> kept;
        kept.resize(maps);
        for (std::size_t m = 0; m < maps; ++m) kept[m].assign(block.classes(m), block.classes(m) + block.cells());
        for (std::size_t i = 0; i < block.cells(); ++i) {
            std::size_t there = 0;
            for (std::size_t m = 0; m < maps; ++m) there += kept[m][i] != 0;
            if (there == maps || there == 0) continue;
            ++state.left_out;
            for (std::size_t m = 0; m < maps; ++m) kept[m][i] = 0;
        }
        for (std::size_t m = 0; m < maps; ++m) run_.add_rows(state.tables[m], block, kept[0].data(), kept[m].data());
    });
    labels_ = run_.class_labels(given_);
    if (with_carbon()) require_rows(*table_, pools_.densities, run_.class_codes(), *matcher_);
    std::vector<std::uint16_t> slots;
    for (const auto& label : labels_) slots.push_back(run_.class_codes().slot(label.code));
    const FixedArea cell = run_.areas().cell();
    for (const CrossTable& table : counted.tables) {
        areas_.emplace_back(slots.size());
        cells_.emplace_back(slots.size());
        changed_.emplace_back();
        for (std::size_t to = 0; to < slots.size(); ++to)
            for (std::size_t from = 0; from < slots.size(); ++from) {
                const FixedArea part = table.area(slots[from], slots[to], cell);
                areas_.back()[to] += part;
                cells_.back()[to] += table.count(slots[from], slots[to]);
                if (from != to) changed_.back() += part;
            }
    }
    for (const FixedArea part : areas_[0]) total_ += part;
    if (total_ == FixedArea())
        throw wrong("scenarios",
                    "no cell has a class on all maps, " + layers_.front().name() + " to " + layers_.back().name());
    if (counted.left_out > 0)
        run_.warn(landcarbon::counted(static_cast<std::size_t>(counted.left_out), "cell has", "cells have") +
                  " a class on some maps only and were left out");
}

/// Pictures come after the count: only then are all classes and their colours known.
void Work::draw() {
    if (!options_.report.wanted()) return;
    std::vector<std::string> colours(run_.class_codes().slots());
    for (const auto& label : labels_) colours[run_.class_codes().slot(label.code)] = label.colour;
    const Pictures drawn = run_.reduce(layers_, Pictures{{layers_.size(), MapPicture(run_.grid(), 450)}},
                                       [&](Pictures& state, const Block& block) {
                                           for (std::size_t m = 0; m < layers_.size(); ++m)
                                               state.maps[m].add(block.window, block.classes(m), colours);
                                       });
    for (const MapPicture& picture : drawn.maps) pictures_.push_back(picture.png());
}

double Work::storage(std::size_t map) const {
    double sum = 0;
    for (std::size_t k = 0; k < labels_.size(); ++k) sum += density(k) * area(map, k).hectares();
    return sum;
}

double Work::storage_change(std::size_t map) const {
    double sum = 0;
    for (std::size_t k = 0; k < labels_.size(); ++k) sum += density(k) * change_ha(map, k);
    return sum;
}

void Work::write_by_class() {
    using Type = OutputTable::Type;
    OutputTable table({{"scenario", Type::text},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"change_ha", Type::real},
                       {"storage_t", Type::real},
                       {"storage_change_t", Type::real}});
    for (std::size_t m = 0; m < layers_.size(); ++m)
        for (std::size_t k = 0; k < labels_.size(); ++k) {
            std::vector<Cell> row(8);
            row[0] = names_[m];
            row[1] = labels_[k].code;
            row[2] = labels_[k].name;
            row[3] = cells_[m][k];
            row[4] = area(m, k).hectares();
            row[5] = change_ha(m, k);
            if (with_carbon()) {
                row[6] = density(k) * area(m, k).hectares();
                row[7] = density(k) * change_ha(m, k);
            }
            table.add(std::move(row));
        }
    run_.write(options_.by_class, table);
}

void Work::write_summary() {
    using Type = OutputTable::Type;
    OutputTable table({{"scenario", Type::text},
                       {"changed_ha", Type::real},
                       {"changed_share", Type::real},
                       {"storage_t", Type::real},
                       {"storage_change_t", Type::real},
                       {"mean_density_t_ha", Type::real}});
    for (std::size_t m = 0; m < layers_.size(); ++m) {
        std::vector<Cell> row(6);
        row[0] = names_[m];
        row[1] = changed_[m].hectares();
        row[2] = changed_[m].hectares() / total_.hectares();
        if (with_carbon()) {
            row[3] = storage(m);
            row[4] = storage_change(m);
            row[5] = storage(m) / total_.hectares();
        }
        table.add(std::move(row));
    }
    run_.write(options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    const std::size_t maps = layers_.size();
    Report report("Comparison of scenarios", std::to_string(maps - 1) + " scenarios beside the land cover of today");
    report.number("Mapped area", format_value(total_.hectares(), 6), "ha", "Cells that have a class on all maps");
    if (with_carbon()) {
        report.number("Storage today", format_value(*options_.present_storage_t, 6), "t C")
            .number("Largest", format_value(*options_.largest_storage_t, 6), "t C", *options_.largest_scenario)
            .number("Smallest", format_value(*options_.smallest_storage_t, 6), "t C", "Of the scenarios");
    }
    report.section("Maps");
    PictureFigure figure = picture_figure_of(run_.grid(), run_.options().cell_area);
    figure.title = "Land cover today and in the scenarios";
    for (std::size_t m = 0; m < maps; ++m) figure.pictures.push_back({names_[m], pictures_[m]});
    constexpr std::size_t most_named = 24;
    for (std::size_t k = 0; k < std::min(labels_.size(), most_named); ++k)
        figure.legend.emplace_back(labels_[k].name, labels_[k].colour);
    report.figure(picture_figure(figure), "Land cover today and in each scenario.");
    report.section("Areas");
    BarChart bars;
    bars.value_title = "Change against today";
    bars.unit = "ha";
    for (std::size_t k = 0; k < std::min(labels_.size(), most_named); ++k) bars.categories.push_back(labels_[k].name);
    for (std::size_t m = 1; m < maps; ++m) {
        BarSeries series{names_[m], {}, palette_colour(m), {}};
        for (std::size_t k = 0; k < bars.categories.size(); ++k) series.values.push_back(change_ha(m, k));
        bars.series.push_back(std::move(series));
    }
    report.figure(bar_chart(bars), "Area that each class gains or loses in each scenario.");
    TableData areas{{text_column("Class")}, {}, {}, true};
    for (const auto& name : names_) areas.columns.push_back(number_column(name, "ha"));
    const int decimals = total_.hectares() < 1e4 ? 1 : 0;
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        areas.rows.push_back({labels_[k].name});
        for (std::size_t m = 0; m < maps; ++m)
            areas.rows.back().push_back(format_grouped(area(m, k).hectares(), decimals));
        areas.row_colours.push_back(labels_[k].colour);
    }
    areas.rows.push_back({"Sum"});
    for (std::size_t m = 0; m < maps; ++m) areas.rows.back().push_back(format_grouped(total_.hectares(), decimals));
    report.table(areas, "Area of each class");
    TableData summary{{text_column("Scenario"), number_column("Changed area", "ha"), number_column("Share", "%")}, {}};
    if (with_carbon())
        for (const char* name : {"Storage", "Change against today"})
            summary.columns.push_back(number_column(name, "t C"));
    if (with_carbon()) summary.columns.push_back(number_column("Mean density", "t C/ha"));
    for (std::size_t m = 0; m < maps; ++m) {
        summary.rows.push_back({names_[m], format_grouped(changed_[m].hectares(), decimals),
                                format_grouped(changed_[m].hectares() / total_.hectares() * 100, 2)});
        if (!with_carbon()) continue;
        summary.rows.back().push_back(format_grouped(storage(m), 0));
        summary.rows.back().push_back(format_signed(storage_change(m), 0));
        summary.rows.back().push_back(format_grouped(storage(m) / total_.hectares(), 2));
    }
    if (with_carbon()) {
        report.section("Carbon");
        BarChart carbon;
        carbon.horizontal = true;
        carbon.value_title = "Change of the carbon storage";
        carbon.unit = "t C";
        BarSeries series{"Change against today", {}, "", {}};
        for (std::size_t m = 1; m < maps; ++m) {
            carbon.categories.push_back(names_[m]);
            carbon.category_colours.push_back(palette_colour(m));
            series.values.push_back(storage_change(m));
        }
        carbon.series = {series};
        report.figure(bar_chart(carbon), "Carbon that each scenario stores more or less than today.");
    }
    report.table(summary, "Change of land cover" + std::string(with_carbon() ? " and carbon storage" : ""));
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    run_.expect_passes(options_.report.wanted() ? 2 : 1);
    count();
    draw();
    run_.convention("cells", "cells that have a class on all maps");
    options_.total_area_ha = total_.hectares();
    if (with_carbon()) {
        run_.convention("storage", "sum over classes and pools of density times exact area, densities in t/ha");
        options_.present_storage_t = storage(0);
        std::size_t largest = 1, smallest = 1;
        for (std::size_t m = 2; m < layers_.size(); ++m) {
            if (storage(m) > storage(largest)) largest = m;
            if (storage(m) < storage(smallest)) smallest = m;
        }
        options_.largest_storage_t = storage(largest);
        options_.smallest_storage_t = storage(smallest);
        options_.largest_scenario = names_[largest];
    }
    write_by_class();
    write_summary();
    write_report();
}

}  // namespace

void scenario_comparison(ScenarioComparisonOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
