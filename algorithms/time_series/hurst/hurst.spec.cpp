// Land Carbon Toolbox: Hurst exponent: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"
#include "time_series/hurst/hurst.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

std::vector<UserError> check(const HurstOptions& o) {
    std::vector<UserError> errors;
    gather(errors, [&] { read_windows(o.windows); });
    return errors;
}

void describe(Spec& spec, HurstOptions& o) {
    spec.id = "hurst";
    spec.name = "Hurst exponent";
    spec.group = "time_series";
    spec.summary = "Persistence of each cell's series: whether its changes tend to continue or to reverse.";
    spec.description =
        "Fits the Hurst exponent of every cell's series by rescaled range analysis: the slope of ln(R/S) on the "
        "logarithm of the window's length. Above 0.5 a series is persistent (its changes tend to continue), below 0.5 "
        "anti-persistent (they tend to reverse); 0.5 stands for a series without memory.\n\n"
        "One series gives different exponents under different conventions, 0.28 to 0.48 for the same 20 values: the "
        "windows, the standard deviation and the small-sample correction are parameters and are printed in the report. "
        "With fewer than 30 steps the exponent of a single cell is very uncertain.\n\n"
        "Missing steps are left out and the others closed up. Together with a trend the exponent says whether the "
        "trend may be expected to last: see the algorithm Trend persistence.";
    spec.references = {
        "Hurst, H. E. (1951). Long-term storage capacity of reservoirs. Transactions of the American Society of Civil "
        "Engineers 116, 770-799. https://doi.org/10.1061/TACEAT.0006518",
        "Mandelbrot, B. B., Wallis, J. R. (1969). Robustness of the rescaled range R/S in the measurement of noncyclic "
        "long run statistical dependence. Water Resources Research 5, 967-988. https://doi.org/10.1029/WR005i005p00967",
        "Anis, A. A., Lloyd, E. H. (1976). The expected value of the adjusted rescaled Hurst range of independent "
        "normal "
        "summands. Biometrika 63, 111-116. https://doi.org/10.1093/biomet/63.1.111"};
    spec.tags = {"Hurst",       "rescaled range", "R/S analysis", "persistence",
                 "time series", "trend",          "memory",       "long-term dependence"};
    spec.check = [&o] { return check(o); };
    spec.raster_stack("series", o.series)
        .named("Series")
        .says("One band a step, evenly spaced and in time order: bands of one file or many files. At least 4 steps.")
        .count_at_least(1)
        .in_time()
        .by_distance();
    spec.choice("method", o.method,
                {{{"expanding", "Expanding windows (vegetation literature)"}, HurstMethod::expanding},
                 {{"chunks", "Windows side by side (Mandelbrot & Wallis)"}, HurstMethod::chunks}})
        .named("Windows")
        .says(
            "Arrangement of the windows. expanding: from the first step to step tau, for tau = 3 to the last step, as "
            "the vegetation literature does. chunks: side by side without overlap, R/S averaged over the windows of "
            "one length, for lengths from 4 to half the series and the whole of it.");
    spec.choice("deviation", o.deviation,
                {{{"population", "Population (divisor n)"}, HurstDeviation::population},
                 {{"sample", "Sample (divisor n - 1)"}, HurstDeviation::sample}})
        .named("Standard deviation")
        .says(
            "The divisor of R. population: standard deviation with divisor n, as in Hurst's papers. sample: with n - "
            "1, as in nolds and other programs; it raises the exponents of short series.");
    spec.flag("correction", o.correction)
        .named("Small-sample correction")
        .says(
            "Subtract the expected rescaled range of independent normal numbers (Anis and Lloyd) before the fit: H = "
            "0.5 + slope of ln(R/S) - ln(E[R/S]). Without it short series without memory come out above 0.5.");
    spec.text("windows", o.windows)
        .named("Window lengths")
        .says(
            "Lengths tau to use, ascending and separated by commas, as in 4,6,12,24. If omitted, all of the method. "
            "Lengths beyond the series are left out.")
        .optional()
        .advanced();
    spec.integer("min_valid", o.min_valid)
        .named("Minimum valid steps")
        .says("Cells with fewer steps that have a value become NoData. " + std::string(default_min_valid_text))
        .at_least(4)
        .optional()
        .advanced();
    spec.real("random_margin", o.random_margin)
        .named("Margin around 0.5")
        .says("Exponents no further than this from 0.5 belong to the class random.")
        .at_least(0)
        .at_most(0.5)
        .advanced();
    spec.raster_out("hurst", o.hurst)
        .named("Hurst exponent")
        .says("Three bands: the exponent, its standard error, and R2 of the fit.");
    spec.raster_out("classes", o.classes)
        .named("Hurst classes")
        .says("Class of the exponent: 1 anti-persistent, 2 random, 3 persistent; 0 is NoData.");
    spec.table_out("summary", o.summary)
        .named("Summary of the Hurst exponents")
        .says("One row for each class: cells, area in ha, share of the area (0 to 1), mean exponent.")
        .with_columns({"class", "name", "cells", "area_ha", "share", "mean_hurst"});
    spec.report_out("report", o.report)
        .named("Hurst report")
        .says("HTML report: mean exponent, spread over the map, areas of the classes, the convention in force.");
    spec.number_out("mean", o.mean).named("Mean exponent").says("Mean over the area of all cells with an exponent.");
    spec.number_out("persistent_share", o.persistent_share)
        .named("Persistent share")
        .says("Share (0 to 1) of the area that is persistent.");
    spec.number_out("antipersistent_share", o.antipersistent_share)
        .named("Anti-persistent share")
        .says("Share (0 to 1) of the area that is anti-persistent.");
    spec.number_out("too_short", o.too_short)
        .named("Too short")
        .says("Cells that have values, but in too few steps; they are NoData.");
    spec.number_out("no_variation", o.no_variation)
        .named("Without variation")
        .says("Cells of which fewer than two windows vary, such as constant series; they are NoData.");
}

}  // namespace

std::unique_ptr<Algorithm> make_hurst() { return std::make_unique<BoundAlgorithm<HurstOptions>>(describe, hurst); }

}  // namespace landcarbon
