// Land Carbon Toolbox: partial correlation of a series with each of its drivers, cell by cell: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/partial_correlation/partial_correlation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

std::vector<std::string> driver_groups(const std::string& names, std::size_t bands, std::size_t steps) {
    constexpr std::size_t most = 30;
    const std::string have = "DRIVERS has " + std::to_string(bands) + " bands, RESPONSE has " + std::to_string(steps);
    std::vector<std::string> groups = split_list(names);
    if (groups.empty()) {
        if (bands % steps != 0)
            throw UserError("drivers", have +
                                           "; give as many bands of every driver as of the response, all of the "
                                           "first driver, then all of the second, and so on");
        for (std::size_t i = 1; i <= bands / steps; ++i) groups.push_back("Driver " + std::to_string(i));
    } else if (groups.size() * steps != bands)
        throw UserError("drivers", have + ", and DRIVER_NAMES names " + counted(groups.size(), "driver") + "; " +
                                       std::to_string(groups.size()) + " x " + std::to_string(steps) + " = " +
                                       std::to_string(groups.size() * steps) + " bands are needed");
    if (groups.size() < 2)
        throw UserError("drivers", have + ": that is one driver; a partial correlation needs two or more");
    if (groups.size() > most) throw UserError("drivers", have + ": more than " + std::to_string(most) + " drivers");
    std::set<std::string> known;
    for (const auto& name : groups)
        if (name.empty() || !known.insert(name).second)
            throw wrong("driver_names", "\"" + name + "\" is empty or appears twice");
    return groups;
}

namespace {

constexpr auto nodata = static_cast<float>(real_nodata);
constexpr double class_nodata = -32768;
constexpr int class_count = 5;  ///< codes -2 .. 2
constexpr std::array<const char*, class_count> class_names = {
    "Negative, p < 0.01", "Negative, p < 0.05", "Not significant", "Positive, p < 0.05", "Positive, p < 0.01"};
constexpr std::array<const char*, class_count> class_colours = {"#b35806", "#f1a340", "#e3e3e3", "#92c5de", "#2166ac"};

/// What the map shows of one driver.
struct DriverTotals {
    ClassTally classes;
    AreaMean mean;
    AreaMean strength;  ///< of |r|
    ValueSpread spread;
};

struct Totals {
    static constexpr bool order_free = true;
    std::vector<DriverTotals> drivers;
    ClassTally any;  ///< slot 1: not significant, 2: significant for at least one driver
    std::int64_t singular = 0;
    std::int64_t too_short = 0;
    std::optional<PartialCorrelationKernel> kernel;
    std::vector<double> r, p, n;
    std::vector<PartialState> states;
    std::vector<float> map, strength;
    std::vector<std::uint16_t> slots, any_slots;
    void merge(const Totals& other) {
        for (std::size_t d = 0; d < drivers.size(); ++d) {
            drivers[d].classes.merge(other.drivers[d].classes);
            drivers[d].mean.merge(other.drivers[d].mean);
            drivers[d].strength.merge(other.drivers[d].strength);
            drivers[d].spread.merge(other.drivers[d].spread);
        }
        any.merge(other.any);
        singular += other.singular;
        too_short += other.too_short;
    }
};

class Work {
public:
    Work(PartialCorrelationOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void state_conventions();
    Totals pass();
    void compute(Totals& state, Block& block);
    void set_numbers(const Totals& totals);
    void write_summary(const Totals& totals);
    void write_report(const Totals& totals);
    double hectares(const ClassTally& tally, std::size_t slot) const {
        return tally.area(slot, run_.areas().cell()).hectares();
    }

    PartialCorrelationOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< the response, then each driver
    std::vector<std::string> drivers_;
    std::size_t steps_ = 0;
    std::size_t min_valid_ = 0;
    std::optional<CorrelationTest> test_;
    std::vector<RasterSink*> sinks_;
    std::optional<std::size_t> correlation_sink_, class_sink_;
    double area_ha_ = 0;
};

void Work::open() {
    layers_ = run_.measurements(options_.response, ReadAs::real32);
    steps_ = layers_.size();
    const auto drivers = run_.measurements(options_.drivers, ReadAs::real32);
    drivers_ = driver_groups(options_.driver_names, drivers.size(), steps_);
    layers_.insert(layers_.end(), drivers.begin(), drivers.end());
    const std::size_t fewest = std::max<std::size_t>(4, fewest_steps(drivers_.size()));
    if (steps_ < fewest)
        throw UserError("response", "RESPONSE has " + std::to_string(steps_) + " steps; with " +
                                        counted(drivers_.size(), "driver") + " at least " + std::to_string(fewest) +
                                        " are needed");
    min_valid_ = options_.min_valid ? static_cast<std::size_t>(*options_.min_valid) : default_min_valid(steps_);
    if (min_valid_ > steps_)
        throw UserError("min_valid", "MIN_VALID is " + std::to_string(min_valid_) + ", but RESPONSE has only " +
                                         std::to_string(steps_) + " steps");
    min_valid_ = std::max(min_valid_, fewest);
    test_.emplace(min_valid_ - drivers_.size() - 1, steps_ - drivers_.size() - 1);
    run_.areas();
}

void Work::state_conventions() {
    run_.convention("drivers", listed(drivers_) + "; " + std::to_string(steps_) + " steps each");
    run_.convention("partial correlation",
                    "of the response with each driver, given all other drivers: r = -P_0j / sqrt(P_00 P_jj), P the "
                    "inverse of the correlation matrix (Pearson) of response and drivers");
    run_.convention("test", "two-sided, Student's t = r sqrt(df / (1 - r^2)), df = n - " +
                                std::to_string(drivers_.size() + 1) + "; steps count as independent");
    run_.convention("missing steps", "a step without the response or any driver is left out; at least " +
                                         std::to_string(min_valid_) + " of " + std::to_string(steps_) +
                                         " steps must be complete");
    run_.convention("singular matrices",
                    "NoData where a variable is constant, or the others explain all but 1e-10 of its variance");
    run_.convention("classes",
                    "sign of r with p < 0.05 (1, -1) or p < 0.01 (2, -2); 0 otherwise; no correction for the "
                    "number of cells");
}

Totals Work::pass() {
    const auto add = [&](RasterSink* sink) -> std::optional<std::size_t> {
        if (!sink) return std::nullopt;
        sinks_.push_back(sink);
        return sinks_.size() - 1;
    };
    RasterDescription real;
    real.nodata = real_nodata;
    real.style.ramp = diverging_ramp(-1, 1);
    RasterDescription coded;
    coded.type = GDT_Int16;
    coded.nodata = class_nodata;
    for (const auto& name : drivers_) {
        for (const char* what : {"r, ", "p, ", "n, "}) real.bands.push_back(what + name);
        coded.bands.push_back(name);
    }
    for (int k = 0; k < class_count; ++k)
        coded.style.classes.push_back(
            {k - 2, class_names[static_cast<std::size_t>(k)], class_colours[static_cast<std::size_t>(k)]});
    correlation_sink_ = add(run_.raster(options_.correlations, real));
    class_sink_ = add(run_.raster(options_.classes, coded));
    const bool varying = run_.areas().varying();
    Totals empty;
    empty.drivers.assign(drivers_.size(), {ClassTally(varying), AreaMean(varying), AreaMean(varying), {}});
    empty.any = ClassTally(varying);
    empty.kernel.emplace(drivers_.size(), steps_, min_valid_, *test_);
    Totals totals = run_.reduce(
        layers_, empty, [&](Totals& state, Block& block) { compute(state, block); }, sinks_);
    if (totals.drivers.front().mean.count() == 0)
        throw UserError("response", totals.singular > 0
                                        ? "RESPONSE: the correlation matrix of every cell is singular: a variable is "
                                          "constant or a combination of the others"
                                        : "RESPONSE: no cell has response and all drivers in at least " +
                                              std::to_string(min_valid_) + " steps; check NoData, or lower MIN_VALID");
    return totals;
}

void Work::compute(Totals& state, Block& block) {
    const std::size_t cells = block.cells();
    const CellAreas& areas = run_.areas();
    std::vector<const float*> series(layers_.size());
    for (std::size_t i = 0; i < series.size(); ++i) series[i] = block.values<float>(i);
    state.r.resize(drivers_.size() * cells);
    state.p.resize(drivers_.size() * cells);
    state.n.resize(cells);
    state.states.resize(cells);
    for (auto* map : {&state.map, &state.strength}) map->resize(cells);
    state.slots.resize(cells);
    state.any_slots.assign(cells, 0);
    (*state.kernel)(series, cells, state.r.data(), state.p.data(), state.n.data(), state.states.data());
    for (std::size_t i = 0; i < cells; ++i) {
        state.singular += state.states[i] == PartialState::singular;
        // Cells outside the study area have no complete step; they are not worth a remark.
        state.too_short += state.states[i] == PartialState::too_short && state.n[i] > 0;
    }
    for (std::size_t d = 0; d < drivers_.size(); ++d) {
        const double* const r = state.r.data() + d * cells;
        const double* const p = state.p.data() + d * cells;
        for (std::size_t i = 0; i < cells; ++i) {
            const bool is = state.states[i] == PartialState::computed;
            const int code = is ? correlation_class(r[i], p[i]) : 0;
            state.map[i] = is ? static_cast<float>(r[i]) : nodata;
            state.strength[i] = is ? static_cast<float>(std::abs(r[i])) : nodata;
            state.slots[i] = is ? static_cast<std::uint16_t>(code + 3) : std::uint16_t{0};
            state.any_slots[i] =
                is ? std::max(state.any_slots[i], static_cast<std::uint16_t>(code ? 2 : 1)) : std::uint16_t{0};
        }
        DriverTotals& totals = state.drivers[d];
        tally_rows(totals.classes, block, areas, state.slots.data(), class_count + 1);
        totals.mean.add(block, areas, state.map.data(), nodata);
        totals.strength.add(block, areas, state.strength.data(), nodata);
        totals.spread.add(state.map.data(), cells, nodata);
        if (correlation_sink_) {
            float* const p_band = block.output<float>(*correlation_sink_, 3 * d + 1);
            float* const n_band = block.output<float>(*correlation_sink_, 3 * d + 2);
            std::copy_n(state.map.data(), cells, block.output<float>(*correlation_sink_, 3 * d));
            for (std::size_t i = 0; i < cells; ++i) {
                const bool is = state.slots[i] != 0;
                p_band[i] = is ? static_cast<float>(p[i]) : nodata;
                n_band[i] = is ? static_cast<float>(state.n[i]) : nodata;
            }
        }
        if (class_sink_) {
            auto* const codes = block.output<std::int16_t>(*class_sink_, d);
            for (std::size_t i = 0; i < cells; ++i)
                codes[i] = static_cast<std::int16_t>(state.slots[i] ? state.slots[i] - 3 : class_nodata);
        }
    }
    tally_rows(state.any, block, areas, state.any_slots.data(), 3);
}

void Work::set_numbers(const Totals& totals) {
    area_ha_ = totals.drivers.front().mean.area(run_.areas()).hectares();
    options_.significant_share = hectares(totals.any, 2) / area_ha_;
    options_.singular = static_cast<double>(totals.singular);
    options_.too_short = static_cast<double>(totals.too_short);
    const auto strongest = std::max_element(totals.drivers.begin(), totals.drivers.end(),
                                            [](const DriverTotals& a, const DriverTotals& b) {
                                                return a.strength.mean().value_or(0) < b.strength.mean().value_or(0);
                                            });
    options_.strongest_driver = drivers_[static_cast<std::size_t>(strongest - totals.drivers.begin())];
    if (totals.singular)
        run_.warn(counted(static_cast<std::size_t>(totals.singular), "cell has", "cells have") +
                  " a singular correlation matrix (a constant variable, or one that follows from the others) "
                  "and are NoData");
    if (totals.too_short)
        run_.warn(counted(static_cast<std::size_t>(totals.too_short), "cell has", "cells have") + " fewer than " +
                  std::to_string(min_valid_) + " complete steps and are NoData");
}

void Work::write_summary(const Totals& totals) {
    using Type = OutputTable::Type;
    OutputTable table({{"driver", Type::text},
                       {"mean_r", Type::real},
                       {"mean_abs_r", Type::real},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"share", Type::real}});
    for (std::size_t d = 0; d < drivers_.size(); ++d) {
        const DriverTotals& driver = totals.drivers[d];
        for (int k = 0; k < class_count; ++k) {
            const auto slot = static_cast<std::size_t>(k + 1);
            table.add({drivers_[d], *driver.mean.mean(), *driver.strength.mean(), std::int64_t{k - 2},
                       class_names[static_cast<std::size_t>(k)], driver.classes.count(slot),
                       hectares(driver.classes, slot), hectares(driver.classes, slot) / area_ha_});
        }
    }
    run_.write(options_.summary, table);
}

void Work::write_report(const Totals& totals) {
    if (!options_.report.wanted()) return;
    Report report("Partial correlation", counted(drivers_.size(), "driver") + ", " + std::to_string(steps_) +
                                             " steps, each driver given the others");
    report.number("Strongest driver", *options_.strongest_driver, "", "Largest mean of |r| over the area")
        .number("Significant", format_percent(*options_.significant_share), "of the area",
                "p < 0.05 for at least one driver")
        .number("Area", format_value(area_ha_, 6), "ha", "Cells with correlations");
    if (totals.singular)
        report.number("Singular", format_grouped(static_cast<double>(totals.singular), 0), "cells",
                      "A variable is constant or follows from the others");
    report.section("Where each driver counts");
    BarChart bars;
    bars.horizontal = bars.stacked = true;
    bars.categories = drivers_;
    bars.value_title = "Share of the area";
    bars.unit = "%";
    for (int k = 0; k < class_count; ++k) {
        BarSeries series{class_names[static_cast<std::size_t>(k)], {}, class_colours[static_cast<std::size_t>(k)], {}};
        for (const auto& driver : totals.drivers)
            series.values.push_back(hectares(driver.classes, static_cast<std::size_t>(k + 1)) / area_ha_ * 100);
        bars.series.push_back(std::move(series));
    }
    report.figure(bar_chart(bars), "Area by sign and significance of the partial correlation with each driver.");
    TableData table{{text_column("Driver"), number_column("Mean r"), number_column("Mean |r|")}, {}, {}, false};
    for (const char* name : class_names) table.columns.push_back(number_column(name, "% of the area"));
    for (std::size_t d = 0; d < drivers_.size(); ++d) {
        const DriverTotals& driver = totals.drivers[d];
        std::vector<std::string> row = {drivers_[d], format_signed(*driver.mean.mean(), 3),
                                        format_grouped(*driver.strength.mean(), 3)};
        for (int k = 0; k < class_count; ++k)
            row.push_back(
                format_grouped(hectares(driver.classes, static_cast<std::size_t>(k + 1)) / area_ha_ * 100, 1));
        table.rows.push_back(std::move(row));
    }
    report.table(table, "Partial correlation with each driver");
    report.paragraph(
        "Of cells without any relation, about 5 % come out with p < 0.05 by chance. A partial correlation says what a "
        "driver adds to the others; it is no proof of a cause.");
    report.section("Spread over the map");
    constexpr std::size_t most_shown = 8;
    for (std::size_t d = 0; d < std::min(most_shown, drivers_.size()); ++d) {
        HistogramChart spread = histogram_of(totals.drivers[d].spread);
        spread.x_title = "Partial correlation with " + drivers_[d];
        spread.reference_lines = {{0, ""}, {*totals.drivers[d].mean.mean(), "mean"}};
        spread.height = 260;
        report.figure(histogram(spread), drivers_[d] + ": how the correlations of the cells are spread.");
    }
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    state_conventions();
    const Totals totals = pass();
    set_numbers(totals);
    write_summary(totals);
    write_report(totals);
}

}  // namespace

void partial_correlation(PartialCorrelationOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
