// Land Carbon Toolbox: whether trends may be expected to last: trend and Hurst exponent together: maths and run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_persistence/trend_persistence.hpp"

#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"

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
constexpr std::array<const char*, class_count> class_names = {"Undetermined", "Persistent increase",
                                                              "Persistent decrease", "Increase turning to decrease",
                                                              "Decrease turning to increase"};
constexpr std::array<const char*, class_count> class_colours = {"#d9d9d9", "#2166ac", "#b35806", "#fdb863", "#92c5de"};

struct Counts {
    static constexpr bool order_free = true;
    ClassTally tally;
    std::vector<std::uint16_t> slots;
    void merge(const Counts& other) { tally.merge(other.tally); }
};

}  // namespace

void trend_persistence(TrendPersistenceOptions& options, Run& run) {
    std::vector<Layer> layers = {run.measurements(options.trend, ReadAs::real32),
                                 run.measurements(options.hurst, ReadAs::real32)};
    const bool tested = options.p.given();
    if (tested) layers.push_back(run.measurements(options.p, ReadAs::real32));
    const bool classes = options.trend_input == TrendInput::classes;
    const CellAreas& areas = run.areas();

    const std::string size = options.random_margin > 0 ? " by more than " + number_text(options.random_margin) : "";
    run.convention("trend", classes ? "sign of the trend class; classes with |code| below " +
                                          std::to_string(options.least_class) + " count as no trend"
                                    : "sign of the slope");
    run.convention("significance", tested ? "trends with p < " + number_text(options.significance) + " only"
                                          : "not asked for: every trend counts");
    run.convention("persistence", "persistent: H above 0.5" + size + "; turning: H below 0.5" + size);
    run.convention("undetermined", "no trend, a trend that is not significant, or H at 0.5");
    run.convention("valid cells", std::string("cells with trend, Hurst exponent") + (tested ? " and p" : ""));

    RasterDescription coded;
    coded.type = GDT_Byte;
    coded.nodata = no_class;
    coded.bands = {"expected trend"};
    for (std::size_t k = 0; k < class_count; ++k)
        coded.style.classes.push_back({static_cast<std::int64_t>(k), class_names[k], class_colours[k]});
    RasterSink* const map = run.raster(options.future, coded);
    const Counts counts = run.reduce(
        layers, Counts{ClassTally(areas.varying()), {}},
        [&](Counts& state, Block& block) {
            const std::size_t cells = block.cells();
            const float* const trend = block.values<float>(0);
            const float* const hurst = block.values<float>(1);
            const float* const p = tested ? block.values<float>(2) : nullptr;
            state.slots.resize(cells);
            for (std::size_t i = 0; i < cells; ++i) {
                const bool valid = !std::isnan(trend[i]) && !std::isnan(hurst[i]) && !(p && std::isnan(p[i]));
                double direction = static_cast<double>(trend[i]);
                if (classes && std::abs(direction) < static_cast<double>(options.least_class)) direction = 0;
                if (p && !(static_cast<double>(p[i]) < options.significance)) direction = 0;
                const Future future = future_of(direction, static_cast<double>(hurst[i]), options.random_margin);
                state.slots[i] =
                    valid ? static_cast<std::uint16_t>(static_cast<unsigned>(future) + 1) : std::uint16_t{0};
            }
            tally_rows(state.tally, block, areas, state.slots.data(), class_count + 1);
            if (!map) return;
            auto* const codes = block.output<std::uint8_t>(0);
            for (std::size_t i = 0; i < cells; ++i)
                codes[i] = state.slots[i] ? static_cast<std::uint8_t>(state.slots[i] - 1) : no_class;
        },
        {map});

    std::array<double, class_count> hectares{};
    FixedArea total;
    for (std::size_t k = 0; k < class_count; ++k) {
        const FixedArea area = counts.tally.area(k + 1, areas.cell());
        total += area;
        hectares[k] = area.hectares();
    }
    if (total == FixedArea())
        throw wrong("trend", "no cell has a trend and a Hurst exponent" + std::string(tested ? " and p" : "") +
                                 "; check NoData");
    const double all = total.hectares();
    options.undetermined_share = hectares[0] / all;
    options.persistent_increase_share = hectares[1] / all;
    options.persistent_decrease_share = hectares[2] / all;
    options.turning_share = (hectares[3] + hectares[4]) / all;

    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"share", Type::real}});
    for (std::size_t k = 0; k < class_count; ++k)
        table.add(
            {static_cast<std::int64_t>(k), class_names[k], counts.tally.count(k + 1), hectares[k], hectares[k] / all});
    run.write(options.summary, table);

    if (!options.report.wanted()) return;
    Report report("Trend persistence", "Trends and the Hurst exponent together");
    report.number("Persistent increase", format_percent(*options.persistent_increase_share), "of the area")
        .number("Persistent decrease", format_percent(*options.persistent_decrease_share), "of the area")
        .number("Turning", format_percent(*options.turning_share), "of the area",
                "Increase or decrease with H below 0.5")
        .number("Area", format_value(all, 6), "ha", "Cells that count");
    report.section("What trends may be expected to do");
    std::vector<ClassShare> shares;
    TableData rows{
        {text_column("Class"), number_column("Area", "ha"), number_column("Share of the area")}, {}, {}, true};
    for (const std::size_t k : {1u, 2u, 3u, 4u, 0u}) {
        shares.push_back({class_names[k], class_colours[k], hectares[k] / all * 100});
        rows.row_colours.emplace_back(class_colours[k]);
        rows.rows.push_back({class_names[k], format_grouped(hectares[k], 1), format_percent(hectares[k] / all)});
    }
    rows.rows.push_back({"All classes", format_grouped(all, 1), format_percent(1)});
    rows.row_colours.emplace_back("");
    report.figure(bar_chart(class_shares_chart(shares)), "Area of each class.");
    report.table(rows, "Classes of the expected trend");
    report.paragraph(
        "The classes carry on what the series did, by its trend and its memory; they are no forecast. With short "
        "series "
        "the Hurst exponent of a single cell is very uncertain.");
    run.write(options.report, std::move(report));
}

}  // namespace landcarbon
