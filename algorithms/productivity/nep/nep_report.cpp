// Land Carbon Toolbox: net ecosystem productivity: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <limits>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/tonnes.hpp"
#include "productivity/nep/nep_results.hpp"
#include "spec/values.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

std::string mean_text(const NepPart& part) { return part.mean ? format_value(*part.mean, 4) : ""; }

void add_classes(Report& report, const NepResults& results, const TonneUnit& unit) {
    report.section("Sources and sinks");
    results.classes.add_bars(report, "Area of each class of the mean NEP; bounds in g C/m2 a year.");
    ClassSummary::Column means{number_column("Mean NEP", "g C/m2"), {}, mean_text(results.all)};
    ClassSummary::Column totals{number_column("NEP", std::string(unit.name) + " a year"),
                                {},
                                format_value(results.all.tonnes / unit.tonnes, 4)};
    for (const NepPart& part : results.of_class) {
        means.cells.push_back(mean_text(part));
        totals.cells.push_back(format_value(part.tonnes / unit.tonnes, 4));
    }
    report.table(results.classes.table(ClassSummary::Cells::hidden, {means, totals}), "Classes of the mean NEP");
    HistogramChart spread = histogram_of(results.spread);
    spread.x_title = "Mean NEP, g C/m2 a year";
    spread.reference_lines = {{*results.all.mean, "mean"}};
    report.figure(histogram(spread),
                  "How the mean NEP of the cells is spread; cells beyond the outer 0.1 % count in the outer bins.");
}

void add_years(Report& report, const NepResults& results, const TonneUnit& unit) {
    report.section("Year by year");
    LineSeries line{"NEP", results.times, {}, {}, {}, "#01665e", false, true};
    TableData table{{text_column("Year"), number_column("Mean NEP", "g C/m2"), number_column("Valid area", "ha"),
                     number_column("NEP", unit.name)},
                    {},
                    {},
                    false};
    for (std::size_t i = 0; i < results.years.size(); ++i) {
        const NepPart& year = results.years[i];
        line.y.push_back(year.mean.value_or(std::numeric_limits<double>::quiet_NaN()));
        table.rows.push_back({number_text(results.times[i]), mean_text(year), format_grouped(year.hectares, 1),
                              year.mean ? format_value(year.tonnes / unit.tonnes, 4) : ""});
    }
    LineChart chart;
    chart.series = {line};
    chart.x_title = "Year";
    chart.value_title = "Mean NEP";
    chart.unit = "g C/m2";
    chart.from_zero = true;
    report.figure(line_chart(chart), "Mean NEP of each year over the cells that are valid in that year.");
    report.table(table, "NEP by year");
}

}  // namespace

Report nep_report(const NepResults& results) {
    const std::size_t steps = results.times.size();
    Report report("Net ecosystem productivity", results.dated ? times_text(results.times, true)
                                                : steps > 1   ? std::to_string(steps) + " years"
                                                              : "One year");
    const TonneUnit unit = handy_tonnes(results.all.tonnes);
    report.number("Mean NEP", mean_text(results.all), "g C/m2 a year", "Over the area of all valid cells")
        .number(results.all.tonnes < 0 ? "Given off" : "Taken up",
                format_value(std::abs(results.all.tonnes) / unit.tonnes, 4), std::string(unit.name) + " a year",
                "Mean NEP times area")
        .number("Sink", format_percent(results.sink_share), "of the area", "Mean NEP of 0 and above")
        .number("Source", format_percent(results.source_share), "of the area", "Mean NEP below 0")
        .number("Area", format_value(results.all.hectares, 6), "ha", "Cells that count");
    add_classes(report, results, unit);
    if (steps > 1) add_years(report, results, unit);
    return report;
}

}  // namespace landcarbon
