// Land Carbon Toolbox: Hurst exponent of each cell's series by rescaled ranges: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/hurst/hurst.hpp"

#include <algorithm>
#include <array>

#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/table_columns.hpp"
#include "engine/wanted_rasters.hpp"
#include "time_series/hurst/hurst_results.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

std::vector<std::size_t> read_windows(const std::string& text) {
    std::vector<std::size_t> windows;
    for (const std::string& word : split_list(text)) {
        const auto length = parse_integer(word);
        if (!length || *length < 2)
            throw wrong("windows", "\"" + word +
                                       "\" is not a length of a window; give whole numbers from 2 on, as in "
                                       "4,6,12,24");
        if (!windows.empty() && static_cast<std::size_t>(*length) <= windows.back())
            throw wrong("windows",
                        word + " does not lie above the length before it; give the " + "lengths in ascending order");
        windows.push_back(static_cast<std::size_t>(*length));
    }
    if (windows.size() == 1) throw wrong("windows", "a line cannot be fitted to one length; give two or more");
    return windows;
}

namespace {

constexpr auto nodata = static_cast<float>(real_nodata);
constexpr std::size_t class_count = 3;
const std::array<ClassLabel, class_count> labels = {
    {{1, "Anti-persistent", "#d1761f"}, {2, "Random", "#d9d9d9"}, {3, "Persistent", "#1f6fb2"}}};

/// What is read.
struct Inputs {
    std::vector<Layer> series;
    HurstConvention convention;
    std::size_t min_valid = 0;
    const CellAreas* areas = nullptr;
};

/// What one thread adds up over the cells.
struct Sums {
    static constexpr bool order_free = true;
    AreaMean all;
    std::array<AreaMean, class_count> by_class;
    ValueSpread spread;
    std::int64_t too_short = 0;  ///< some steps, but too few
    std::int64_t no_variation = 0;
    std::int64_t beyond = 0;  ///< exponents outside 0..1
    void merge(const Sums& other) {
        all.merge(other.all);
        for (std::size_t k = 0; k < class_count; ++k) by_class[k].merge(other.by_class[k]);
        spread.merge(other.spread);
        too_short += other.too_short;
        no_variation += other.no_variation;
        beyond += other.beyond;
    }
};

/// The exponents of a block's cells.
struct Exponents {
    std::vector<double> hurst, error, fit;
    std::vector<HurstState> states;
    std::vector<float> map;
    std::vector<std::uint8_t> codes;
};

/// Sums, and room to work in.
struct Thread : Sums {
    HurstKernel kernel;
    Exponents cells = {};
    std::vector<float> part = {};
};

Inputs open(const HurstOptions& options, Run& run) {
    Inputs in;
    in.convention = {options.method, options.deviation, options.correction, read_windows(options.windows)};
    in.series = run.measurements(options.series, ReadAs::real32);
    const std::size_t steps = in.series.size();
    constexpr std::size_t fewest = 4;
    if (steps < fewest)
        throw UserError("series", "SERIES has " + std::to_string(steps) + (steps == 1 ? " step" : " steps") +
                                      "; a Hurst exponent needs at least 4, and says little with fewer than 30");
    in.min_valid = options.min_valid ? static_cast<std::size_t>(*options.min_valid) : default_min_valid(steps);
    if (in.min_valid > steps)
        throw UserError("min_valid", "MIN_VALID is " + std::to_string(in.min_valid) + ", but SERIES has only " +
                                         std::to_string(steps) + " steps");
    const auto& windows = in.convention.windows;
    if (windows.size() > 1 && windows[1] > steps)
        throw wrong("windows",
                    "fewer than two of the lengths fit into the " + std::to_string(steps) + " steps of SERIES");
    in.areas = &run.areas();
    if (steps < 30)
        run.warn("SERIES has " + std::to_string(steps) +
                 " steps; with fewer than 30 the exponent of a single cell is very uncertain, and depends more on the "
                 "convention than on the series");
    return in;
}

std::string windows_text(const HurstConvention& convention, std::size_t steps) {
    if (!convention.windows.empty()) {
        std::string text;
        for (const std::size_t length : convention.windows) text += (text.empty() ? "" : ", ") + std::to_string(length);
        return text;
    }
    const std::string n = std::to_string(steps);
    if (convention.method == HurstMethod::expanding) return "3 to " + n;
    const std::string half = std::to_string(steps / 2);
    return steps < 8 ? n : (half == "4" ? "4" : "4 to " + half) + " and " + n;
}

std::string method_text(const HurstConvention& convention) {
    return convention.method == HurstMethod::expanding
               ? "windows from the first step to step tau (expanding)"
               : "windows of tau steps side by side from the first step on, the rest dropped, mean R/S (chunks)";
}

void state_conventions(const Inputs& in, double margin, Run& run) {
    const std::size_t steps = in.series.size();
    run.convention("windows", method_text(in.convention) + "; tau = " + windows_text(in.convention, steps));
    run.convention("rescaled range", "y = cumulative departure from the window's mean, R = max y - min y, S = " +
                                         std::string(in.convention.deviation == HurstDeviation::population
                                                         ? "population standard deviation (divisor tau)"
                                                         : "sample standard deviation (divisor tau - 1)") +
                                         "; windows with S = 0 are left out");
    run.convention("exponent", in.convention.correction
                                   ? "H = 0.5 + slope of ln(R/S) - ln(E[R/S]) on ln(tau), E[R/S] of independent normal "
                                     "numbers (Anis & Lloyd); least squares"
                                   : "H = slope of ln(R/S) on ln(tau), least squares; no small-sample correction");
    run.convention("missing steps", "left out, the others closed up; at least " + std::to_string(in.min_valid) +
                                        " of " + std::to_string(steps) + " steps must have a value");
    run.convention("classes", margin > 0 ? "random where |H - 0.5| <= " + number_text(margin) +
                                               ", anti-persistent below, persistent above"
                                         : "anti-persistent H < 0.5, random H = 0.5, persistent H > 0.5");
}

RasterDescription exponent_map() {
    RasterDescription map;
    map.nodata = real_nodata;
    map.bands = {"Hurst exponent", "standard error of the Hurst exponent", "R2 of the fit"};
    // 0.5, where the series has no memory, is in the middle.
    map.style.ramp = diverging_ramp(-0.5, 0.5);
    for (auto& stop : map.style.ramp) {
        stop.value += 0.5;
        stop.label = format_number(stop.value, 3);
    }
    return map;
}

RasterDescription class_map() {
    RasterDescription map;
    map.type = GDT_Byte;
    map.bands = {"class of the Hurst exponent"};
    map.style.classes.assign(labels.begin(), labels.end());
    return map;
}

float cell_value(double value) { return value == value ? static_cast<float>(value) : nodata; }

void fit(HurstKernel& kernel, const std::vector<const float*>& series, std::size_t cells, double margin,
         Exponents& of) {
    for (auto* values : {&of.hurst, &of.error, &of.fit}) values->resize(cells);
    of.states.resize(cells);
    of.map.resize(cells);
    of.codes.resize(cells);
    kernel(series, cells, of.hurst.data(), of.error.data(), of.fit.data(), of.states.data());
    for (std::size_t i = 0; i < cells; ++i) {
        const double h = of.hurst[i];
        of.map[i] = cell_value(h);
        of.codes[i] = !(h == h) ? 0 : h < 0.5 - margin ? 1 : h > 0.5 + margin ? 3 : 2;
    }
}

void add(Thread& sums, const std::vector<const float*>& series, const Block& block, const CellAreas& areas) {
    const Exponents& of = sums.cells;
    const std::size_t cells = block.cells();
    for (std::size_t i = 0; i < cells; ++i) {
        sums.no_variation += of.states[i] == HurstState::no_variation;
        sums.beyond += of.hurst[i] < 0 || of.hurst[i] > 1;
        // Cells outside the study area have no value at all; they are not worth a remark.
        sums.too_short +=
            of.states[i] == HurstState::too_short &&
            std::any_of(series.begin(), series.end(), [i](const float* values) { return values[i] == values[i]; });
    }
    sums.all.add(block, areas, of.map.data(), nodata);
    sums.spread.add(of.map.data(), cells, nodata);
    sums.part.resize(cells);
    for (std::size_t k = 0; k < class_count; ++k) {
        for (std::size_t i = 0; i < cells; ++i) sums.part[i] = of.codes[i] == k + 1 ? of.map[i] : nodata;
        sums.by_class[k].add(block, areas, sums.part.data(), nodata);
    }
}

Sums pass(const Inputs& in, const HurstOptions& options, Run& run) {
    WantedRasters rasters;
    const auto exponents = rasters.add(run.raster(options.hurst, exponent_map()));
    const auto classes = rasters.add(run.raster(options.classes, class_map()));
    const AreaMean none(in.areas->varying());
    const Thread empty{{none, {none, none, none}, {}}, HurstKernel(in.convention, in.series.size(), in.min_valid)};
    return run.reduce(
        in.series, empty,
        [&](Thread& thread, Block& block) {
            std::vector<const float*> series(in.series.size());
            for (std::size_t step = 0; step < series.size(); ++step) series[step] = block.values<float>(step);
            Exponents& of = thread.cells;
            fit(thread.kernel, series, block.cells(), options.random_margin, of);
            add(thread, series, block, *in.areas);
            if (exponents) {
                std::copy(of.map.begin(), of.map.end(), block.output<float>(*exponents, 0));
                std::transform(of.error.begin(), of.error.end(), block.output<float>(*exponents, 1), cell_value);
                std::transform(of.fit.begin(), of.fit.end(), block.output<float>(*exponents, 2), cell_value);
            }
            if (classes) std::copy(of.codes.begin(), of.codes.end(), block.output<std::uint8_t>(*classes));
        },
        rasters.sinks());
}

HurstResults results_of(const Sums& sums, const Inputs& in, Run& run) {
    const std::string steps = std::to_string(in.min_valid) + " steps";
    if (sums.all.count() == 0)
        throw UserError("series", sums.no_variation > 0 ? "SERIES: no cell varies enough for a Hurst exponent"
                                                        : "SERIES: no cell has a value in at least " + steps +
                                                              "; check NoData, or lower MIN_VALID");
    if (sums.too_short)
        run.warn(std::to_string(sums.too_short) + " cells have fewer than " + steps + " with a value and are NoData");
    if (sums.no_variation)
        run.warn(std::to_string(sums.no_variation) +
                 " cells have too few windows that vary (constant series) and are NoData");
    if (sums.beyond)
        run.warn(std::to_string(sums.beyond) +
                 " cells have an exponent below 0 or above 1, which the theory excludes: the fit of a short series or "
                 "of one with a strong trend");
    HurstResults results;
    results.steps = in.series.size();
    results.convention = in.convention;
    results.method = method_text(in.convention) + ", tau = " + windows_text(in.convention, results.steps);
    results.mean = *sums.all.mean();
    results.spread = sums.spread;
    for (std::size_t k = 0; k < class_count; ++k) {
        const AreaMean& part = sums.by_class[k];
        results.classes.add(labels[k], part.count(), part.area(*in.areas));
        results.means.push_back(part.mean());
    }
    return results;
}

OutputTable summary_of(const HurstResults& results) {
    return TableColumns<ClassPart>()
        .add("class", &ClassPart::code)
        .add("name", &ClassPart::name)
        .add("cells", &ClassPart::cells)
        .add("area_ha", &ClassPart::hectares)
        .add("share", &ClassPart::share)
        .add("mean_hurst",
             [&](const ClassPart& part) { return results.means[static_cast<std::size_t>(part.code() - 1)]; })
        .of(results.classes.parts());
}

}  // namespace

void hurst(HurstOptions& options, Run& run) {
    const Inputs in = open(options, run);
    state_conventions(in, options.random_margin, run);
    const Sums sums = pass(in, options, run);
    const HurstResults results = results_of(sums, in, run);
    options.mean = results.mean;
    options.antipersistent_share = results.classes[0].share;
    options.persistent_share = results.classes[2].share;
    options.too_short = static_cast<double>(sums.too_short);
    options.no_variation = static_cast<double>(sums.no_variation);
    run.write(options.summary, summary_of(results));
    if (options.report.wanted()) run.write(options.report, hurst_report(results));
}

}  // namespace landcarbon
