// Land Carbon Toolbox: carbon storage against yearly emission, by zone, square and cell: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_balance/carbon_balance.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/exact_values.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/tonnes.hpp"
#include "engine/run.hpp"
#include "engine/zone_map.hpp"
#include "maths/exact_amount.hpp"
#include "maths/exact_sum.hpp"

namespace landcarbon {

std::optional<double> balance_index(double storage, double emission) {
    if (!(emission > 0)) return std::nullopt;
    return storage / emission;
}

std::optional<double> accumulation_rate(double earlier, double later, double years, double area) {
    if (!(area > 0) || !(years > 0)) return std::nullopt;
    return (later - earlier) / (years * area);
}

std::vector<double> quantile_ends(std::vector<double> values, int classes) {
    std::sort(values.begin(), values.end());
    std::vector<double> ends;
    const std::size_t n = values.size();
    for (int k = 1; k <= classes && n > 0; ++k) {
        // The last of the first k/classes of the values.
        const std::size_t count =
            std::max<std::size_t>(1, (n * static_cast<std::size_t>(k) + static_cast<std::size_t>(classes) - 1) /
                                         static_cast<std::size_t>(classes));
        const double end = values[count - 1];
        if (ends.empty() || end > ends.back()) ends.push_back(end);
    }
    return ends;
}

namespace {

constexpr const char* index_colours[] = {"#d7301f", "#fc8d59", "#fdd49e", "#a1d99b", "#31a354"};
constexpr const char* sink_colour = "#2c7fb8";
constexpr const char* empty_colour = "#ffffff";
/// A chart names no more zones than these.
constexpr std::size_t most_bars = 40;

/// The colour of the i-th of n groups of the index.
const char* group_colour(std::size_t i, std::size_t n) {
    if (n <= 1) return index_colours[4];
    return index_colours[i * 4 / (n - 1)];
}

/// Sums over the cells of one zone in one block. T is ExactSum while cells are added, PackedSum afterwards.
template <class T>
struct Amounts {
    T storage;   ///< t/ha times m2
    T emission;  ///< t/ha a year times m2
    T later;     ///< t/ha times m2, at the later date
    FixedArea area;

    template <class Other>
    void merge(const Amounts<Other>& other) {
        storage.merge(other.storage);
        emission.merge(other.emission);
        later.merge(other.later);
        area += other.area;
    }
};

/// What one block adds, and what all blocks come to.
struct Sums {
    struct Entry {
        std::uint32_t zone;
        Amounts<PackedSum> amounts;
    };
    Amounts<ExactSum> sources;               ///< cells with an emission above zero
    Amounts<ExactSum> others;                ///< all other cells
    std::vector<Entry> entries;              ///< of a block
    std::vector<Amounts<PackedSum>> totals;  ///< one for each zone; empty in a block
    std::size_t zones = 0;
    std::int64_t left_out = 0;                                ///< cells that some maps show and others do not
    double lowest = std::numeric_limits<double>::infinity();  ///< index of a cell
    double highest = -std::numeric_limits<double>::infinity();

    void merge(const Sums& block) {
        sources.merge(block.sources);
        others.merge(block.others);
        if (totals.empty()) totals.resize(zones);
        for (const Entry& entry : block.entries) totals[entry.zone].merge(entry.amounts);
        left_out += block.left_out;
        lowest = std::min(lowest, block.lowest);
        highest = std::max(highest, block.highest);
    }
};

/// The balance of an area.
struct Balance {
    double storage = 0, emission = 0, later = 0, area_ha = 0;
    std::optional<double> index, rate;
    bool empty() const { return !(area_ha > 0); }
    bool sink() const { return !empty() && !index; }
};

template <class T>
Balance balance_of(const Amounts<T>& amounts, std::optional<double> years) {
    Balance balance{tonnes_of(amounts.storage.value()),
                    tonnes_of(amounts.emission.value()),
                    tonnes_of(amounts.later.value()),
                    amounts.area.hectares(),
                    {},
                    {}};
    if (balance.empty()) return balance;
    balance.index = balance_index(balance.storage, balance.emission);
    if (years) balance.rate = accumulation_rate(balance.storage, balance.later, *years, balance.area_ha / 100);
    return balance;
}

class Work {
public:
    Work(CarbonBalanceOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void sum();
    void find_balances();
    void write_map();
    void write_zones();
    void write_report();
    void report_sides(Report& report, const TonneUnit& storage_unit, const TonneUnit& emission_unit) const;
    void report_zones(Report& report, const TonneUnit& storage_unit, const TonneUnit& emission_unit) const;
    ZoneMap zone_map() const;
    const char* zone_colour(const Balance& balance) const;
    std::string group_label(std::size_t group) const;
    bool has_later() const { return options_.later_storage_map.given(); }

    CarbonBalanceOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;       ///< storage, emission and, if given, later storage
    std::vector<ExactValues> exact_;  ///< of each of them
    RasterSink* map_ = nullptr;
    std::optional<Zoning> zoning_;
    Sums sums_;
    Balance whole_, sources_, others_;
    std::vector<Balance> balances_;  ///< one for each zone
    std::vector<double> ends_;       ///< of groups of the index
};

void Work::open() {
    layers_.push_back(run_.measurements(options_.storage_map));
    layers_.push_back(run_.measurements(options_.emission_map));
    if (has_later()) layers_.push_back(run_.measurements(options_.later_storage_map));
    for (const Layer& layer : layers_) exact_.emplace_back(layer);
    run_.areas();
    if (std::any_of(exact_.begin(), exact_.end(), [](const ExactValues& values) { return !values.empty(); }))
        run_.convention("densities",
                        "numbers that a map's Float32 rounds are taken as the map's metadata give them, so that totals "
                        "are those of the algorithm that made the map");
    run_.convention("valid cells",
                    has_later() ? "cells that hold a value on all three maps" : "cells that hold a value on both maps");
    run_.convention("amounts", "density in t/ha times the exact area of each cell, summed without rounding");
    run_.convention(
        "balance index",
        "storage in t / emission in t a year, where emission is above zero; otherwise a net sink, without an index");
    if (has_later())
        run_.convention("accumulation rate", "(later storage - storage) / (" + number_text(*options_.years_between) +
                                                 " years * area in km2)");
}

void Work::sum() {
    const CellAreas& areas = run_.areas();
    const bool by_cell = options_.balance_map.wanted() && !zoning_->given();
    if (by_cell) {
        RasterDescription description;
        description.bands = {"carbon balance index of the cell (storage / emission)"};
        description.nodata = real_nodata;
        description.unit = "yr";
        map_ = run_.raster(options_.balance_map, std::move(description));
    }
    Sums empty;
    empty.zones = zoning_->given() ? zoning_->size() : 0;
    const bool later = has_later();
    sums_ = run_.reduce(
        layers_, empty,
        [&](Sums& sums, Block& block) {
            const std::size_t cells = block.cells();
            const auto width = static_cast<std::size_t>(block.window.width);
            thread_local std::array<std::vector<double>, 3> scratch;
            const double* storage = exact_[0].of(block.values<double>(0), cells, scratch[0]);
            const double* emission = exact_[1].of(block.values<double>(1), cells, scratch[1]);
            const double* later_storage = later ? exact_[2].of(block.values<double>(2), cells, scratch[2]) : storage;
            thread_local std::vector<std::uint8_t> counts;
            counts.resize(cells);
            for (std::size_t i = 0; i < cells; ++i) {
                const int shown = block.valid(0)[i] + block.valid(1)[i] + (later ? block.valid(2)[i] : 0);
                counts[i] = shown == (later ? 3 : 2);
                sums.left_out += shown != 0 && !counts[i];
            }
            const auto add = [&](Amounts<ExactSum>& amounts, std::size_t i, double square_metres) {
                add_product(amounts.storage, storage[i], square_metres);
                add_product(amounts.emission, emission[i], square_metres);
                if (later) add_product(amounts.later, later_storage[i], square_metres);
            };
            for (int row = 0; row < block.window.height; ++row) {
                const FixedArea area = areas.row(block.window.y + row);
                const double square_metres = area.square_metres();
                const std::size_t start = static_cast<std::size_t>(row) * width;
                std::int64_t source_cells = 0;
                std::int64_t other_cells = 0;
                for (std::size_t i = start; i < start + width; ++i) {
                    if (!counts[i]) continue;
                    const bool source = emission[i] > 0;
                    ++(source ? source_cells : other_cells);
                    add(source ? sums.sources : sums.others, i, square_metres);
                }
                sums.sources.area += source_cells * area;
                sums.others.area += other_cells * area;
            }
            if (by_cell) {
                float* out = block.output<float>(0);
                for (std::size_t i = 0; i < cells; ++i) {
                    const double index = counts[i] && emission[i] > 0 ? storage[i] / emission[i]
                                                                      : std::numeric_limits<double>::quiet_NaN();
                    const bool shown = std::abs(index) <= std::numeric_limits<float>::max();
                    out[i] = static_cast<float>(shown ? index : real_nodata);
                    if (!shown) continue;
                    sums.lowest = std::min(sums.lowest, index);
                    sums.highest = std::max(sums.highest, index);
                }
            }
            if (sums.zones == 0) return;
            std::vector<ZoneRun> runs = zoning_->zones().runs(block.window);
            std::stable_sort(runs.begin(), runs.end(),
                             [](const ZoneRun& a, const ZoneRun& b) { return a.zone < b.zone; });
            for (std::size_t first = 0; first < runs.size();) {
                const std::uint32_t zone = runs[first].zone;
                Amounts<ExactSum> amounts;
                for (; first < runs.size() && runs[first].zone == zone; ++first) {
                    const ZoneRun& run = runs[first];
                    const FixedArea area = areas.row(block.window.y + run.row);
                    const double square_metres = area.square_metres();
                    const std::size_t start = static_cast<std::size_t>(run.row) * width;
                    std::int64_t valid = 0;
                    for (std::size_t i = start + static_cast<std::size_t>(run.first);
                         i < start + static_cast<std::size_t>(run.last); ++i) {
                        if (!counts[i]) continue;
                        ++valid;
                        add(amounts, i, square_metres);
                    }
                    amounts.area += valid * area;
                }
                if (amounts.area == FixedArea()) continue;
                sums.entries.push_back({zone, {}});
                sums.entries.back().amounts.merge(amounts);
            }
        },
        {map_});
}

void Work::find_balances() {
    const auto years = options_.years_between;
    sources_ = balance_of(sums_.sources, years);
    others_ = balance_of(sums_.others, years);
    Amounts<ExactSum> all = sums_.sources;
    all.merge(sums_.others);
    whole_ = balance_of(all, years);
    if (whole_.empty()) throw wrong("storage_map", "no cell holds a value on all maps");
    for (const double amount : {whole_.storage, whole_.emission, whole_.later})
        if (!std::isfinite(amount))
            throw wrong("storage_map", "the values are too large to be added up; is a NoData value missing?");
    if (sums_.left_out > 0)
        run_.warn(counted(static_cast<std::size_t>(sums_.left_out), "cell holds", "cells hold") +
                  " a value on some of the maps only and were left out");
    options_.total_storage_t = whole_.storage;
    options_.total_emission_t = whole_.emission;
    options_.balance_index = whole_.index;
    options_.accumulation_rate = whole_.rate;
    options_.balance_state = whole_.sink() ? "net_sink" : "net_source";
    if (!zoning_->given()) {
        balances_ = {whole_};
    } else {
        for (const auto& amounts : sums_.totals) balances_.push_back(balance_of(amounts, years));
        sums_.totals = {};
        if (std::all_of(balances_.begin(), balances_.end(), [](const Balance& balance) { return balance.empty(); }))
            throw wrong("zones", options_.zones.path + ": no cell with a value on all maps lies in a zone");
    }
    std::vector<double> indices;
    for (const Balance& balance : balances_)
        if (balance.index) indices.push_back(*balance.index);
    ends_ = quantile_ends(std::move(indices), 5);
}

/// Five colours over lowest..highest; from 0 where these are not a range.
std::vector<RampStop> index_ramp(double lowest, double highest) {
    if (!(highest > lowest)) {
        lowest = 0;
        highest = highest > 0 ? highest : 1;
    }
    auto stops = sequential_ramp(lowest, highest);
    for (std::size_t i = 0; i < stops.size(); ++i) stops[i].colour = index_colours[i];
    return stops;
}

void Work::write_map() {
    const bool any = !zoning_->given() ? sources_.index.has_value()
                                       : std::any_of(balances_.begin(), balances_.end(),
                                                     [](const Balance& balance) { return balance.index.has_value(); });
    if (options_.balance_map.wanted() && !any)
        run_.warn(
            "the map of the balance index has no value anywhere, as no " +
            (zoning_->given() ? zoning_->one() : "cell") +
            " is a net source: storage lasts for no number of years where no more carbon is emitted than taken up");
    if (map_) {
        // A few cells that emit next to nothing must not make the whole map look alike.
        const double highest = sources_.index ? std::min(sums_.highest, 4 * *sources_.index) : 1;
        map_->set_ramp(index_ramp(sources_.index ? sums_.lowest : 0, highest));
    }
    if (!options_.balance_map.wanted() || !zoning_->given()) return;
    RasterDescription description;
    description.bands = {"carbon balance index of the " + zoning_->one() + " (storage / emission)"};
    description.nodata = real_nodata;
    description.unit = "yr";
    if (ends_.size() < 2) description.style.ramp = index_ramp(0, ends_.empty() ? 1 : ends_.front());
    for (std::size_t i = 0; i < ends_.size() && ends_.size() > 1; ++i)
        description.style.ramp.push_back({ends_[i], group_colour(i, ends_.size()), format_value(ends_[i])});
    if (zoning_->polygons())
        run_.convention("overlapping zones", "on the map the later zone of the layer lies above the earlier ones");
    std::vector<std::optional<double>> indices;
    for (const Balance& balance : balances_) indices.push_back(balance.index);
    run_.map(layers_, {run_.raster(options_.balance_map, std::move(description))}, [&](Block& block) {
        const auto counts = [&](std::size_t i) {
            return block.valid(0)[i] && block.valid(1)[i] && (!has_later() || block.valid(2)[i]);
        };
        zoning_->paint(block, indices, real_nodata, counts);
    });
}

std::string Work::group_label(std::size_t group) const {
    const std::string upper = format_value(ends_[group]) + " years";
    return group == 0 ? "Up to " + upper : format_value(ends_[group - 1]) + " to " + upper;
}

void Work::write_zones() {
    if (!options_.balance.wanted()) return;
    using Type = OutputTable::Type;
    OutputTable table(zone_columns(zoning_->zones(), {{"area_ha", Type::real},
                                                      {"storage_t", Type::real},
                                                      {"emission_t", Type::real},
                                                      {"balance_index", Type::real},
                                                      {"sink", Type::integer},
                                                      {"car_t_km2_yr", Type::real}}));
    table.crs = run_.grid().crs;
    for (std::size_t zone = 0; zone < zoning_->size(); ++zone) {
        const Balance& balance = balances_[zone];
        if (zoning_->squares() && balance.empty()) continue;
        std::vector<Cell> row = zoning_->zones().attributes(zone);
        row.emplace_back(balance.area_ha);
        if (balance.empty())
            row.resize(row.size() + 5);
        else
            for (const Cell& value : {Cell{balance.storage}, Cell{balance.emission}, cell_of(balance.index),
                                      Cell{std::int64_t{balance.sink()}}, cell_of(balance.rate)})
                row.push_back(value);
        table.add(std::move(row), zoning_->zones().geometry(zone));
    }
    VectorStyle style;
    style.field = "balance_index";
    // The whole map is one rectangle, which would hide the map of the balance.
    style.outlines = !zoning_->polygons() && !zoning_->squares();
    // Net sinks have no index; the expression puts them below all that have one, so that they are drawn as well.
    style.expression = "CASE WHEN \"sink\" = 1 THEN -1e300 ELSE \"balance_index\" END";
    if (std::any_of(balances_.begin(), balances_.end(), [](const Balance& balance) { return balance.sink(); }))
        style.ranges.push_back({-1e299, sink_colour, "Net sink"});
    for (std::size_t i = 0; i < ends_.size(); ++i)
        style.ranges.push_back({ends_[i], group_colour(i, ends_.size()), group_label(i)});
    run_.write(options_.balance, table, style);
}

const char* Work::zone_colour(const Balance& balance) const {
    if (balance.empty()) return empty_colour;
    if (!balance.index) return sink_colour;
    const auto group =
        static_cast<std::size_t>(std::lower_bound(ends_.begin(), ends_.end(), *balance.index) - ends_.begin());
    return group_colour(std::min(group, ends_.size() - 1), ends_.size());
}

ZoneMap Work::zone_map() const {
    ZoneMap map;
    map.title = "Carbon balance index by " + zoning_->one();
    map.caption = "Balance index by " + zoning_->one() + ": groups of about equally many " + zoning_->one() +
                  "s; net sinks have no index.";
    for (const Balance& balance : balances_)
        map.looks.push_back({zone_colour(balance),
                             balance.empty() ? "no data"
                             : balance.index ? format_value(*balance.index, 5)
                                             : "net sink",
                             balance.empty()});
    for (std::size_t i = 0; i < ends_.size(); ++i)
        map.legend.emplace_back(group_label(i), group_colour(i, ends_.size()));
    if (std::any_of(balances_.begin(), balances_.end(), [](const Balance& balance) { return balance.sink(); }))
        map.legend.emplace_back("Net sink", sink_colour);
    return map;
}

std::string signed_value(double value) { return (value > 0 ? "+" : "") + format_value(value, 4); }

void Work::report_sides(Report& report, const TonneUnit& storage_unit, const TonneUnit& emission_unit) const {
    report.section("Sources and sinks");
    TableData table{{text_column("Cells"), number_column("Area", "ha"), number_column("Share of area"),
                     number_column("Storage", storage_unit.name), number_column("Emission", emission_unit.name + "/yr"),
                     number_column("Balance index")},
                    {},
                    {},
                    true};
    const auto add = [&](const char* name, const Balance& balance) {
        table.rows.push_back({name, format_grouped(balance.area_ha, 1),
                              format_percent(balance.area_ha / whole_.area_ha),
                              format_value(balance.storage / storage_unit.tonnes, 4),
                              signed_value(balance.emission / emission_unit.tonnes),
                              balance.index ? format_value(*balance.index, 5) : "\u2013"});
    };
    add("That emit carbon", sources_);
    add("That do not emit or take up", others_);
    add("All", whole_);
    DivergingBars bars;
    bars.title = "Emission and uptake";
    bars.categories = {"Whole map"};
    bars.loss = {std::max(0.0, -others_.emission / emission_unit.tonnes)};
    bars.gain = {std::max(0.0, sources_.emission / emission_unit.tonnes)};
    bars.more_is_worse = true;
    bars.loss_name = "Uptake";
    bars.gain_name = "Emission";
    bars.net_name = "Net emission";
    bars.value_title = "Emission";
    bars.unit = emission_unit.name + "/yr";
    report.figure(diverging_bars(bars), "What cells that emit give off and what the others take up in a year.");
    report.table(table, "Cells that emit carbon, and the others");
}

void Work::report_zones(Report& report, const TonneUnit& storage_unit, const TonneUnit& emission_unit) const {
    report.section(zoning_->squares() ? "Squares" : "Zones");
    draw_zones(report, run_, *zoning_, zone_map());
    std::vector<std::size_t> order;
    std::vector<double> indices;
    for (std::size_t zone = 0; zone < balances_.size(); ++zone) {
        if (!balances_[zone].empty()) order.push_back(zone);
        if (balances_[zone].index) indices.push_back(*balances_[zone].index);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        const auto key = [&](std::size_t zone) {
            return balances_[zone].index.value_or(std::numeric_limits<double>::infinity());
        };
        return key(a) < key(b);
    });
    if (!indices.empty() && order.size() <= most_bars) {
        BarChart bars;
        bars.title = "Balance index by " + zoning_->one();
        bars.value_title = "Balance index";
        bars.horizontal = true;
        bars.series = {{"Balance index", {}, {}, {}}};
        for (const std::size_t zone : order) {
            if (!balances_[zone].index) continue;
            bars.categories.push_back(zoning_->name(zone));
            bars.category_colours.emplace_back(zone_colour(balances_[zone]));
            bars.series[0].values.push_back(*balances_[zone].index);
        }
        if (whole_.index) bars.reference_lines.push_back({*whole_.index, "whole map"});
        report.figure(bar_chart(bars), "Balance index of each " + zoning_->one() + " that is a net source.");
    } else if (indices.size() >= 10) {
        // Squares that emit next to nothing have indices that would push all others into one bar.
        const std::vector<double> ends = quantile_ends(indices, 20);
        const double largest = ends[ends.size() > 1 ? ends.size() - 2 : 0];
        std::vector<double> drawn;
        for (const double index : indices)
            if (index <= largest) drawn.push_back(index);
        HistogramChart chart = histogram_of(drawn);
        chart.title = "Distribution of the balance index";
        chart.x_title = "Balance index";
        chart.value_title = "Number of " + zoning_->one() + "s";
        if (whole_.index && *whole_.index <= largest) chart.reference_lines.push_back({*whole_.index, "whole map"});
        const std::size_t above = indices.size() - drawn.size();
        report.figure(
            histogram(chart),
            "How many " + zoning_->one() + "s have which index; net sinks are not among them" +
                (above ? ", nor the " + std::to_string(above) + " with an index above " + format_value(largest) : "") +
                ".");
    }
    TableData table;
    const std::vector<std::size_t> shown = zoning_->telling_columns();
    for (const std::size_t i : shown) table.columns.push_back(text_column(zoning_->zones().columns()[i].name));
    for (auto&& column : {number_column("Area", "ha"), number_column("Storage", storage_unit.name),
                          number_column("Emission", emission_unit.name + "/yr"), number_column("Balance index")})
        table.columns.push_back(column);
    if (has_later()) table.columns.push_back(number_column("Accumulation", "t/km\u00b2/yr"));
    for (const std::size_t zone : order) {
        const Balance& balance = balances_[zone];
        std::vector<std::string> row;
        for (const std::size_t i : shown) row.push_back(zoning_->text(zone, i));
        row.push_back(format_grouped(balance.area_ha, 1));
        row.push_back(format_value(balance.storage / storage_unit.tonnes, 4));
        row.push_back(signed_value(balance.emission / emission_unit.tonnes));
        row.push_back(balance.index ? format_value(*balance.index, 5) : "net sink");
        if (has_later()) row.push_back(balance.rate ? signed_value(*balance.rate) : "");
        table.rows.push_back(std::move(row));
        table.row_colours.emplace_back(zone_colour(balance));
    }
    report.table(
        table, std::string(zoning_->squares() ? "Squares" : "Zones") + ", the lowest index first, net sinks last", 50);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    const TonneUnit storage_unit = handy_tonnes(whole_.storage);
    const TonneUnit emission_unit = handy_tonnes(std::max({std::abs(sources_.emission), std::abs(others_.emission)}));
    Report report("Carbon balance", "Carbon that the land holds against what it gives off in a year");
    report
        .number("Storage", format_value(whole_.storage / storage_unit.tonnes, 4), storage_unit.name, "Of the whole map")
        .number("Net emission", signed_value(whole_.emission / emission_unit.tonnes), emission_unit.name + "/yr",
                whole_.sink() ? "The land is a net sink" : "The land is a net source");
    if (whole_.index)
        report.number("Balance index", format_value(*whole_.index, 5), "",
                      "Storage / emission: years of this emission that the storage is worth");
    else
        report.number("Balance", "net sink", "", "Emission is not above zero, so there is no index");
    if (whole_.rate)
        report.number("Accumulation", signed_value(*whole_.rate), "t/km\u00b2/yr",
                      "Change of storage by year and area; above zero a sink, below zero a source");
    report.number("Area", format_value(whole_.area_ha, 6), "ha", "Cells that hold a value on all maps");
    report_sides(report, storage_unit, emission_unit);
    if (zoning_->given()) report_zones(report, storage_unit, emission_unit);
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    zoning_.emplace(run_, options_.zones, options_.grid_size,
                    3 * PackedSum::usual_bytes + sizeof(FixedArea) + sizeof(Balance));
    if (zoning_->polygons()) run_.convention("whole map", "its figures count cells outside all zones as well");
    run_.expect_passes(options_.balance_map.wanted() && zoning_->given() ? 2 : 1);
    sum();
    find_balances();
    write_map();
    write_zones();
    write_report();
}

}  // namespace

void carbon_balance(CarbonBalanceOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
