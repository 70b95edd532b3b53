// Land Carbon Toolbox: trend of a stack of rasters: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend/trend.hpp"

#include "spec/algorithm.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, TrendOptions& o) {
    spec.id = "trend";
    spec.name = "Trend";
    spec.group = "time_series";
    spec.summary = "Theil-Sen slope and Mann-Kendall test of each cell of a series of rasters.";
    spec.description =
        "For each cell of a stack of rasters (bands of one file, or many files) computes the Theil-Sen slope, its "
        "confidence bounds and intercept, and the Mann-Kendall test of a monotonic trend: Z, p, tau, S. Up to ten "
        "values without ties, p is exact.\n\n"
        "Classes show direction and significance (nine, five, or with bounds of your own), with their areas in a "
        "table. On request the false-discovery rate over all cells is controlled exactly.\n\n"
        "Steps may be uneven (YEARS), cells may have gaps, and rasters may be larger than memory in space and time. "
        "Variants take serial correlation (Hamed and Rao, Yue and Wang, pre-whitening with and without trend) or "
        "seasons into account.";
    spec.references = {
        "Mann, H. B. (1945). Nonparametric tests against trend. Econometrica 13(3), 245-259. "
        "https://doi.org/10.2307/1907187",
        "Kendall, M. G. (1975). Rank correlation methods, 4th edition. Griffin, London.",
        "Sen, P. K. (1968). Estimates of the regression coefficient based on Kendall's tau. Journal of the American "
        "Statistical Association 63(324), 1379-1389. https://doi.org/10.1080/01621459.1968.10480934",
        "Gilbert, R. O. (1987). Statistical methods for environmental pollution monitoring. Van Nostrand Reinhold, New "
        "York.",
        "Hamed, K. H. & Rao, A. R. (1998). A modified Mann-Kendall trend test for autocorrelated data. Journal of "
        "Hydrology 204, 182-196. https://doi.org/10.1016/S0022-1694(97)00125-X",
        "Yue, S. & Wang, C. (2004). The Mann-Kendall test modified by effective sample size to detect trend in "
        "serially "
        "correlated hydrological series. Water Resources Management 18, 201-218. "
        "https://doi.org/10.1023/B:WARM.0000043140.61082.60",
        "Yue, S., Pilon, P., Phinney, B. & Cavadias, G. (2002). The influence of autocorrelation on the ability to "
        "detect trend in hydrological series. Hydrological Processes 16(9), 1807-1829. "
        "https://doi.org/10.1002/hyp.1095",
        "Hirsch, R. M., Slack, J. R. & Smith, R. A. (1982). Techniques of trend analysis for monthly water quality "
        "data. "
        "Water Resources Research 18(1), 107-121. https://doi.org/10.1029/WR018i001p00107",
        "Benjamini, Y. & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical "
        "Society B 57(1), 289-300. https://doi.org/10.1111/j.2517-6161.1995.tb02031.x",
        "Benjamini, Y. & Yekutieli, D. (2001). The control of the false discovery rate in multiple testing under "
        "dependency. Annals of Statistics 29(4), 1165-1188. https://doi.org/10.1214/aos/1013699998"};
    spec.tags = {"trend",        "Mann-Kendall", "Theil-Sen",     "Sen slope",   "time series", "NDVI",           "NPP",
                 "significance", "Hamed-Rao",    "pre-whitening", "seasonality", "tau",         "false discovery"};
    spec.check = [&o] { return check_trend_choices(o.choices); };
    spec.raster_stack("series", o.series)
        .named("Series")
        .says("The steps in the order of time: rasters on one grid, each with all its bands.")
        .count_at_least(1)
        .in_time("years")
        .by_distance();
    spec.text("years", o.choices.years)
        .named("Years")
        .says(
            "Year of each step: years and ranges separated by commas, for example 2001-2020 or 1990,1995,2000. If "
            "omitted, the steps are 1, 2, 3 and so on, and the slope is per step.")
        .optional();
    describe_trend_choices(spec, o.choices, "cell");
    spec.raster_out("trend", o.trend)
        .named("Trend")
        .dated({"years"})
        .says(
            "Nine bands: slope per year (or step), intercept, Z, p, tau, S, n (valid steps), lower and upper bound of "
            "the "
            "slope.");
    spec.raster_out("classes", o.classes)
        .named("Trend classes")
        .dated({"years"})
        .says(
            "Code of each cell's class: negative for decrease, 0 for unchanged, positive for increase, the larger the "
            "more significant. With a false-discovery rate, a second band holds the classes that it leaves.");
    spec.table_out("summary", o.summary)
        .named("Summary of the trends")
        .says(
            "Cells, area and share of the valid area of each class; with a false-discovery rate, for both versions of "
            "the classes.")
        .with_columns({"version", "class", "name", "cells", "area_ha", "share"});
    spec.report_out("report", o.report)
        .named("Trend report")
        .says("HTML report: shares of the classes, how the slopes are spread, the conventions in force.");
    spec.number_out("area_ha", o.area_ha).named("Area").says("Area of the cells that have a trend.").in("ha");
    spec.number_out("mean_slope", o.mean_slope)
        .named("Mean slope")
        .says("Mean of the slopes over the area, per year (or step).");
    spec.number_out("median_slope", o.median_slope)
        .named("Median slope")
        .says("Median of the cells' slopes, to about 0.4 % of its value.");
    spec.number_out("increase_share", o.increase_share)
        .named("Share of significant increase")
        .says("Share (0 to 1) of the area in the classes above 1, by the false-discovery rate where one is asked for.");
    spec.number_out("decrease_share", o.decrease_share)
        .named("Share of significant decrease")
        .says(
            "Share (0 to 1) of the area in the classes below -1, by the false-discovery rate where one is asked for.");
    spec.number_out("largest_significant_p", o.largest_significant_p)
        .named("Largest significant p")
        .says(
            "Cells with a larger p are not significant by the false-discovery rate; absent without one, and where no "
            "cell is significant.");
}

}  // namespace

std::unique_ptr<Algorithm> make_trend() { return std::make_unique<BoundAlgorithm<TrendOptions>>(describe, trend); }

}  // namespace landcarbon
