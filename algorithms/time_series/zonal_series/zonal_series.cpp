// Land Carbon Toolbox: series of zones or classes over a stack of rasters, and their trends: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/zonal_series/zonal_series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/declared_units.hpp"
#include "engine/unit_panel.hpp"
#include "time_series/series_times.hpp"
#include "time_series/zonal_series/zonal_report.hpp"

namespace landcarbon {
namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

class Work {
public:
    Work(ZonalSeriesOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void state_conventions(const TrendSettings& settings);
    ZonalState sum();
    void find_zones(const std::vector<ZoneTotals>& totals);
    void take(Zone& zone, const ZoneTotals& totals) const;
    void find_rates();
    void write_series();
    void write_rates();
    std::vector<Cell> rate_cells(std::size_t zone) const;
    bool by_class() const { return options_.classes.given(); }
    /// Warns where the unit that a raster declares is another one than the statistic multiplies.
    void check_unit() const;
    std::string statistic_name() const;

    ZonalSeriesOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< the steps, then the classes
    std::optional<Zoning> zoning_;
    std::optional<std::size_t> name_column_;
    ZonalResult result_;
};

void Work::open() {
    layers_ = run_.measurements(options_.series);
    result_.times = series_times(options_.choices.years, layers_.size(), "years");
    const TrendSettings settings = trend_settings(options_.choices, layers_.size(), "series");
    hold_slopes(run_, layers_.size(), 1, sizeof(double));
    result_.by_class = by_class();
    result_.dated = !options_.choices.years.empty();
    result_.statistic = statistic_name();
    result_.trends.emplace(options_.choices, settings, result_.times);
    run_.areas();
    if (by_class()) {
        layers_.push_back(run_.classes(options_.classes));
        run_.convention("zones", "each class of CLASSES; cells without a class belong to none");
    } else {
        zoning_.emplace(run_, options_.zones, std::nullopt, ZoneTotals::bytes(result_.times.size()));
        if (!options_.name_field.empty())
            name_column_ = zoning_->zones().column_called(options_.name_field, "name_field");
    }
    state_conventions(settings);
    check_unit();
}

void Work::check_unit() const {
    // The area that the values are multiplied with, in m2; 0: none. Means keep any unit.
    double area = 0;
    std::string by;
    switch (options_.statistic) {
        case ZonalStatistic::mean:
            return;
        case ZonalStatistic::sum:
            break;
        case ZonalStatistic::total_per_m2:
            area = 1;
            by = "m2";
            break;
        case ZonalStatistic::total_per_ha:
            area = 1e4;
            by = "ha";
            break;
        case ZonalStatistic::total_per_km2:
            area = 1e6;
            by = "km2";
    }
    for (std::size_t step = 0; step < result_.times.size(); ++step) {
        const std::string declared = layers_[step].declared_unit();
        const auto unit = read_unit(declared);
        if (!unit || unit->mass != 1 || unit->area == area) continue;
        // Other areas than these are nobody's unit; an amount of no area may be one of a cell.
        const std::string of = unit->area == 1 ? "m2" : unit->area == 1e4 ? "ha" : unit->area == 1e6 ? "km2" : "";
        if (of.empty() && unit->area != 0) continue;
        run_.warn("STATISTIC: " + layers_[step].name() + " declares the unit " + declared + ", " +
                  (of.empty() ? "an amount of a cell" : "an amount per " + of) + ", but its values are " +
                  (by.empty() ? "summed as amounts of cells" : "multiplied by the area in " + by) + ". Choose " +
                  (of.empty() ? "the sum of the cells" : "the total for values per " + of));
        return;
    }
}

std::string Work::statistic_name() const {
    switch (options_.statistic) {
        case ZonalStatistic::mean:
            return "Mean";
        case ZonalStatistic::sum:
            return "Sum";
        default:
            return "Total";
    }
}

void Work::state_conventions(const TrendSettings& settings) {
    const char* text = "mean of the cells, weighted with their exact areas";
    switch (options_.statistic) {
        case ZonalStatistic::mean:
            break;
        case ZonalStatistic::sum:
            text = "sum of the cells that count, each value an amount of its cell";
            break;
        case ZonalStatistic::total_per_m2:
            text = "sum of value times exact area in m2 over the cells that count";
            break;
        case ZonalStatistic::total_per_ha:
            text = "sum of value times exact area in ha over the cells that count";
            break;
        case ZonalStatistic::total_per_km2:
            text = "sum of value times exact area in km2 over the cells that count";
    }
    run_.convention("statistic", text);
    run_.convention("cells that count", options_.cells == ZonalCells::each_step
                                            ? "at each step those that hold a value then"
                                            : "those that hold a value at every step");
    run_.convention("valid zones", "at least " + format_percent(options_.min_share, 0) +
                                       " of the area of the cells that hold a value at some step must count");
    run_.convention("standard deviation of a zone", "over its area, divisor the area (all its cells are known)");
    run_.convention("Cv", "sample standard deviation of the series (divisor n - 1) / |mean of the series|");
    run_.convention("linear rate",
                    "ordinary least squares; p two-sided by Student's t with n - 2 degrees of freedom; relative rate = "
                    "100 slope / |mean of the series|");
    for (const auto& [name, words] : trend_conventions(options_.choices, settings, result_.times))
        run_.convention(name, words);
}

ZonalState Work::sum() {
    const CellAreas& areas = run_.areas();
    const std::size_t steps = result_.times.size();
    const bool plain = options_.statistic == ZonalStatistic::sum;
    return run_.reduce(layers_, ZonalState(), [&](ZonalState& state, Block& block) {
        std::vector<const double*> values;
        for (std::size_t step = 0; step < steps; ++step) values.push_back(block.values<double>(step));
        std::vector<ZoneRun> runs =
            by_class() ? class_runs(block.classes(steps), block.window) : zoning_->zones().runs(block.window);
        std::stable_sort(runs.begin(), runs.end(), [](const ZoneRun& a, const ZoneRun& b) { return a.zone < b.zone; });
        if (by_class()) {
            const auto needed = static_cast<double>(run_.class_codes().slots() * ZoneTotals::bytes(steps));
            if (needed > static_cast<double>(run_.options().memory_bytes()))
                throw wrong("memory", "the classes of CLASSES, more than " +
                                          std::to_string(run_.class_codes().slots() - 1) +
                                          ", need more than the memory allowed for " + std::to_string(steps) +
                                          " steps; give more memory, or a raster with fewer classes");
        }
        if (const auto step = state.add(values, block.window, runs, areas, options_.cells, plain))
            throw wrong("series",
                        layers_[*step].name() + ": a value is too large to be summed; is a NoData value missing?");
    });
}

void Work::take(Zone& zone, const ZoneTotals& totals) const {
    const CellAreas& areas = run_.areas();
    const bool varying = areas.varying();
    zone.cells = totals.cells;
    zone.area_ha = totals.area.hectares();
    zone.steps.resize(result_.times.size());
    zone.values.assign(result_.times.size(), gap);
    for (std::size_t step = 0; step < totals.steps.size(); ++step) {
        const AreaSums<PackedSum>& sums = totals.steps[step];
        ZoneStep& entry = zone.steps[step];
        entry.cells = sums.cells;
        entry.area_ha = sums.area.hectares();
        if (sums.cells == 0 || entry.area_ha < options_.min_share * zone.area_ha) continue;
        entry.moments = area_moments(sums, varying);
        // Where areas are alike the sum is one of values alone.
        const double sum = sums.values.value();
        const double per_m2 = sum * (varying ? 1e4 : areas.cell().square_metres());
        switch (options_.statistic) {
            case ZonalStatistic::mean:
                entry.value = entry.moments->mean;
                break;
            case ZonalStatistic::sum:
                entry.value = varying ? sums.plain.value() : sum;
                break;
            case ZonalStatistic::total_per_m2:
                entry.value = per_m2;
                break;
            case ZonalStatistic::total_per_ha:
                entry.value = varying ? sum : sum * areas.cell().hectares();
                break;
            case ZonalStatistic::total_per_km2:
                entry.value = per_m2 / 1e6;
        }
        zone.values[step] = entry.value;
    }
}

void Work::find_zones(const std::vector<ZoneTotals>& totals) {
    const ZoneTotals none;
    const auto add = [&](std::int64_t key, const std::string& name, std::size_t place) {
        result_.zones.emplace_back();
        result_.zones.back().key = key;
        result_.zones.back().name = name;
        take(result_.zones.back(), place < totals.size() ? totals[place] : none);
    };
    if (by_class()) {
        std::map<std::int64_t, std::size_t> places;
        for (std::size_t slot = 1; slot < run_.class_codes().slots(); ++slot)
            places.emplace(run_.class_codes().code(slot), slot);
        ClassTable given;
        if (options_.class_names.given()) given = read_classes(run_.table(options_.class_names));
        for (const auto& label : run_.class_labels(given)) add(label.code, label.name, places.at(label.code));
    } else {
        for (std::size_t i = 0; i < zoning_->size(); ++i) {
            std::string name = name_column_ ? zoning_->text(i, *name_column_) : zoning_->name(i);
            if (name.empty()) name = "Zone " + std::to_string(i + 1);
            add(static_cast<std::int64_t>(i) + 1, name, i);
        }
    }
    const auto empty =
        std::count_if(result_.zones.begin(), result_.zones.end(), [](const Zone& zone) { return zone.cells == 0; });
    if (static_cast<std::size_t>(empty) == result_.zones.size()) {
        const char* const parameter = by_class() ? "classes" : "zones";
        throw wrong(parameter,
                    "no cell of SERIES with a value lies in " + std::string(by_class() ? "a class" : "a zone"));
    }
    if (empty > 0)
        run_.warn(result_.count(static_cast<std::size_t>(empty)) +
                  " without any cell with a value: no series, no rates");
}

void Work::find_rates() {
    const std::int64_t least = result_.trends->settings().min_valid;
    std::size_t without = 0;
    for (Zone& zone : result_.zones) {
        run_.check_cancel();
        result_.trends->add(zone.values);
        const auto valid =
            std::count_if(zone.values.begin(), zone.values.end(), [](double x) { return !std::isnan(x); });
        if (valid >= least)
            zone.line = linear_rate(zone.values.data(), result_.times.data(), result_.times.size());
        else
            without += zone.cells > 0;
    }
    const std::size_t valid = result_.trends->valid();
    if (valid == 0)
        throw wrong("series", "no " + std::string(by_class() ? "class" : "zone") + " has values at " +
                                  std::to_string(least) + " steps (MIN_VALID); lower MIN_VALID or MIN_SHARE");
    if (without > 0)
        run_.warn(result_.count(without) + " with values at fewer than " + std::to_string(least) +
                  " steps (MIN_VALID): no rates");
    if (const std::size_t undefined = result_.trends->undefined(); undefined > 0)
        run_.warn(result_.count(undefined) +
                  " with a slope, but neither Z, p nor class: the corrected variance of S is not above zero");
    result_.trends->control_false_discoveries();
    if (const auto largest = result_.trends->largest_significant_p()) options_.largest_significant_p = *largest;
    options_.units = static_cast<double>(valid);
    options_.increasing = static_cast<double>(result_.trends->significant(1));
    options_.decreasing = static_cast<double>(result_.trends->significant(-1));
    options_.median_slope = result_.trends->median_slope();
}

void Work::write_series() {
    using Type = OutputTable::Type;
    const bool whole =
        std::all_of(result_.times.begin(), result_.times.end(), [](double t) { return t == std::floor(t); });
    OutputTable table({{"zone", Type::integer},
                       {"name", Type::text},
                       {"year", whole ? Type::integer : Type::real},
                       {"value", Type::real},
                       {"mean", Type::real},
                       {"sd", Type::real},
                       {"cells", Type::integer},
                       {"area_ha", Type::real}});
    for (const Zone& zone : result_.zones)
        for (std::size_t step = 0; step < result_.times.size(); ++step) {
            const ZoneStep& entry = zone.steps[step];
            std::vector<Cell> row(8);
            row[0] = zone.key;
            row[1] = zone.name;
            row[2] = whole ? Cell{static_cast<std::int64_t>(result_.times[step])} : Cell{result_.times[step]};
            if (entry.moments) {
                row[3] = entry.value;
                row[4] = entry.moments->mean;
                row[5] = entry.moments->sd;
            }
            row[6] = entry.cells;
            row[7] = entry.area_ha;
            table.add(std::move(row));
        }
    run_.write(options_.table, table);
}

/// The cells of a zone's rates behind its name.
std::vector<Cell> Work::rate_cells(std::size_t i) const {
    const Zone& zone = result_.zones[i];
    std::vector<Cell> row = {zone.cells, zone.area_ha};
    row.resize(9);
    if (zone.line) {
        row[2] = zone.line->mean;
        row[3] = cell_of(zone.variation());
        row[4] = zone.line->slope;
        row[5] = zone.line->intercept;
        row[6] = cell_of(zone.line->r2);
        row[7] = cell_of(zone.line->p);
        row[8] = cell_of(zone.relative_rate());
    }
    for (auto&& cell : result_.trends->cells(i)) row.push_back(std::move(cell));
    return row;
}

void Work::write_rates() {
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> rates = {
        {"cells", Type::integer},  {"area_ha", Type::real},      {"mean", Type::real},
        {"cv", Type::real},        {"linear_slope", Type::real}, {"linear_intercept", Type::real},
        {"linear_r2", Type::real}, {"linear_p", Type::real},     {"relative_rate", Type::real}};
    rates.insert(rates.end(), UnitTrends::columns().begin(), UnitTrends::columns().end());
    const OutputTable::Column key{"zone", Type::integer}, name{"name", Type::text};
    std::vector<OutputTable::Column> columns = {key, name};
    columns.insert(columns.end(), rates.begin(), rates.end());
    OutputTable table(std::move(columns));
    for (std::size_t i = 0; i < result_.zones.size(); ++i) {
        std::vector<Cell> row = {result_.zones[i].key, result_.zones[i].name};
        for (auto&& cell : rate_cells(i)) row.push_back(std::move(cell));
        table.add(std::move(row));
    }
    run_.write(options_.rates, table);
    if (!options_.zoned.wanted()) return;
    rates.insert(rates.begin(), key);
    OutputTable zoned(zone_columns(zoning_->zones(), rates));
    zoned.crs = run_.grid().crs;
    for (std::size_t i = 0; i < result_.zones.size(); ++i) {
        std::vector<Cell> row = zoning_->zones().attributes(i);
        row.emplace_back(result_.zones[i].key);
        for (auto&& cell : rate_cells(i)) row.push_back(std::move(cell));
        zoned.add(std::move(row), zoning_->zones().geometry(i));
    }
    VectorStyle style;
    style.field = result_.trends->controlled() ? "class_fdr" : "class";
    style.classes = result_.trends->classes().labels();
    run_.write(options_.zoned, zoned, style);
}

void Work::operator()() {
    open();
    find_zones(sum().totals());
    find_rates();
    write_series();
    write_rates();
    if (options_.report.wanted())
        run_.write(options_.report, zonal_report(result_, run_, zoning_ ? &*zoning_ : nullptr));
}

}  // namespace

void zonal_series(ZonalSeriesOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
