// Land Carbon Toolbox: whether trends may be expected to last: trend and Hurst exponent together: maths and run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_persistence/trend_persistence.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/class_summary.hpp"
#include "engine/map_summary.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/table_columns.hpp"

namespace landcarbon {

Future future_of(double trend, double hurst, double margin) {
    const bool persistent = hurst > 0.5 + margin, turning = hurst < 0.5 - margin;
    if (trend > 0 && persistent) return Future::persistent_increase;
    if (trend < 0 && persistent) return Future::persistent_decrease;
    if (trend > 0 && turning) return Future::increase_to_decrease;
    if (trend < 0 && turning) return Future::decrease_to_increase;
    return Future::undetermined;
}

namespace {

constexpr std::uint8_t no_class = 255;
constexpr std::size_t class_count = 5;
/// By code, from 0.
const std::array<ClassLabel, class_count> labels = {{{0, "Undetermined", "#d9d9d9"},
                                                     {1, "Persistent increase", "#2166ac"},
                                                     {2, "Persistent decrease", "#b35806"},
                                                     {3, "Increase turning to decrease", "#fdb863"},
                                                     {4, "Decrease turning to increase", "#92c5de"}}};

struct Inputs {
    std::vector<Layer> layers;  ///< trend, Hurst exponent, and p when given
    bool tested = false;
    const CellAreas* areas = nullptr;
};

struct Counts {
    static constexpr bool order_free = true;
    ClassTally tally;
    std::vector<std::uint16_t> slots;
    void merge(const Counts& other) { tally.merge(other.tally); }
};

Inputs open(const TrendPersistenceOptions& options, Run& run) {
    Inputs in;
    in.layers = {run.measurements(options.trend, ReadAs::real32), run.measurements(options.hurst, ReadAs::real32)};
    in.tested = options.p.given();
    if (in.tested) in.layers.push_back(run.measurements(options.p, ReadAs::real32));
    in.areas = &run.areas();
    return in;
}

void state_conventions(const TrendPersistenceOptions& options, bool tested, Run& run) {
    const std::string size = options.random_margin > 0 ? " by more than " + number_text(options.random_margin) : "";
    run.convention("trend", options.trend_input == TrendInput::classes
                                ? "sign of the trend class; classes with |code| below " +
                                      std::to_string(options.least_class) + " count as no trend"
                                : "sign of the slope");
    run.convention("significance", tested ? "trends with p < " + number_text(options.significance) + " only"
                                          : "not asked for: every trend counts");
    run.convention("persistence", "persistent: H above 0.5" + size + "; turning: H below 0.5" + size);
    run.convention("undetermined", "no trend, a trend that is not significant, or H at 0.5");
    run.convention("valid cells", std::string("cells with trend, Hurst exponent") + (tested ? " and p" : ""));
}

/// The slot of each cell: its class + 1, or 0 where something is not known.
void classify(const Block& block, const TrendPersistenceOptions& options, bool tested,
              std::vector<std::uint16_t>& slots) {
    const float* const trend = block.values<float>(0);
    const float* const hurst = block.values<float>(1);
    const float* const p = tested ? block.values<float>(2) : nullptr;
    slots.resize(block.cells());
    for (std::size_t i = 0; i < slots.size(); ++i) {
        const bool valid = !std::isnan(trend[i]) && !std::isnan(hurst[i]) && !(p && std::isnan(p[i]));
        double direction = static_cast<double>(trend[i]);
        if (options.trend_input == TrendInput::classes &&
            std::abs(direction) < static_cast<double>(options.least_class))
            direction = 0;
        if (p && !(static_cast<double>(p[i]) < options.significance)) direction = 0;
        const Future future = future_of(direction, static_cast<double>(hurst[i]), options.random_margin);
        slots[i] = valid ? static_cast<std::uint16_t>(static_cast<unsigned>(future) + 1) : std::uint16_t{0};
    }
}

RasterDescription future_map() {
    RasterDescription map;
    map.type = GDT_Byte;
    map.nodata = no_class;
    map.bands = {"expected trend"};
    map.style.classes.assign(labels.begin(), labels.end());
    return map;
}

/// @returns the classes in the order of the report: what is undetermined comes last
ClassSummary count(const Inputs& in, const TrendPersistenceOptions& options, Run& run) {
    RasterSink* const map = run.raster(options.future, future_map());
    const Counts counts = run.reduce(
        in.layers, Counts{ClassTally(in.areas->varying()), {}},
        [&](Counts& state, Block& block) {
            classify(block, options, in.tested, state.slots);
            tally_rows(state.tally, block, *in.areas, state.slots.data(), class_count + 1);
            if (map)
                std::transform(
                    state.slots.begin(), state.slots.end(), block.output<std::uint8_t>(0),
                    [](std::uint16_t slot) { return slot ? static_cast<std::uint8_t>(slot - 1) : no_class; });
        },
        {map});
    ClassSummary classes;
    for (const std::size_t k : {1u, 2u, 3u, 4u, 0u})
        classes.add(labels[k], counts.tally.count(k + 1), counts.tally.area(k + 1, in.areas->cell()));
    if (classes.empty())
        throw wrong("trend", "no cell has a trend and a Hurst exponent" + std::string(in.tested ? " and p" : "") +
                                 "; check NoData");
    return classes;
}

OutputTable summary_of(const ClassSummary& classes) {
    std::vector<ClassPart> by_code = classes.parts();
    std::sort(by_code.begin(), by_code.end(),
              [](const ClassPart& a, const ClassPart& b) { return a.code() < b.code(); });
    return TableColumns<ClassPart>()
        .add("class", &ClassPart::code)
        .add("name", &ClassPart::name)
        .add("cells", &ClassPart::cells)
        .add("area_ha", &ClassPart::hectares)
        .add("share", &ClassPart::share)
        .of(by_code);
}

Report report_of(const ClassSummary& classes, double turning_share) {
    Report report("Trend persistence", "Trends and the Hurst exponent together");
    report.number("Persistent increase", format_percent(classes[0].share), "of the area")
        .number("Persistent decrease", format_percent(classes[1].share), "of the area")
        .number("Turning", format_percent(turning_share), "of the area", "Increase or decrease with H below 0.5")
        .number("Area", format_value(classes.all().hectares(), 6), "ha", "Cells that count");
    report.section("What trends may be expected to do");
    classes.add_bars(report, "Area of each class.");
    report.table(classes.table(ClassSummary::Cells::hidden), "Classes of the expected trend");
    report.paragraph(
        "The classes carry on what the series did, by its trend and its memory; they are no forecast. With short "
        "series the Hurst exponent of a single cell is very uncertain.");
    return report;
}

}  // namespace

void trend_persistence(TrendPersistenceOptions& options, Run& run) {
    const Inputs in = open(options, run);
    state_conventions(options, in.tested, run);
    const ClassSummary classes = count(in, options, run);
    const double turning = (classes[2].hectares() + classes[3].hectares()) / classes.all().hectares();
    options.persistent_increase_share = classes[0].share;
    options.persistent_decrease_share = classes[1].share;
    options.turning_share = turning;
    options.undetermined_share = classes[4].share;
    run.write(options.summary, summary_of(classes));
    if (options.report.wanted()) run.write(options.report, report_of(classes, turning));
}

}  // namespace landcarbon
