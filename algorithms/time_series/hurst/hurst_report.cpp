// Land Carbon Toolbox: Hurst exponent of each cell's series: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "time_series/hurst/hurst_results.hpp"

namespace landcarbon {

Report hurst_report(const HurstResults& results) {
    Report report("Hurst exponent",
                  std::to_string(results.steps) + " steps, rescaled range analysis of each cell's series");
    report.number("Mean H", format_number(results.mean, 3), "", "Over the area of all cells with an exponent")
        .number("Persistent", format_percent(results.classes[2].share), "of the area", "H above 0.5")
        .number("Anti-persistent", format_percent(results.classes[0].share), "of the area", "H below 0.5")
        .number("Area", format_value(results.classes.all().hectares(), 6), "ha", "Cells with an exponent");
    report.paragraph(
        "An exponent above 0.5 means that what a series did it tends to go on doing (persistent), one below 0.5 that "
        "it tends to turn back (anti-persistent); 0.5 stands for a series without memory.\n\nConvention: " +
        results.method + "; " + (results.convention.deviation == HurstDeviation::population ? "population" : "sample") +
        " standard deviation; " + (results.convention.correction ? "with" : "no") +
        " Anis-Lloyd correction. Exponents of other conventions are not comparable: one series of 20 values gives from "
        "0.28 to 0.48.");
    report.section("Over the map");
    HistogramChart spread = histogram_of(results.spread);
    spread.x_title = "Hurst exponent";
    spread.reference_lines = {{0.5, "no memory"}, {results.mean, "mean"}};
    report.figure(histogram(spread),
                  "How the exponents of the cells are spread; cells beyond the outer 0.1 % count in the outer bins.");
    results.classes.add_bars(report, "Area of each class.");
    ClassSummary::Column means{number_column("Mean H"), {}, format_number(results.mean, 3)};
    for (const auto& mean : results.means) means.cells.push_back(mean ? format_number(*mean, 3) : "");
    report.table(results.classes.table(ClassSummary::Cells::shown, {means}), "Classes of the Hurst exponent");
    return report;
}

}  // namespace landcarbon
