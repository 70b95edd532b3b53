// Land Carbon Toolbox: mean, standard deviation and coefficient of variation of each cell's series: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/variability/variability.hpp"

#include <algorithm>
#include <array>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/value_classes.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

constexpr auto nodata = static_cast<float>(real_nodata);
constexpr std::size_t band_count = 4;

/// One thread's room for the results of a block.
class Bands {
public:
    VariabilityCells of(std::size_t cells) {
        for (auto& band : bands_) band.resize(cells);
        return {bands_[0].data(), bands_[1].data(), bands_[2].data(), bands_[3].data()};
    }

private:
    std::array<std::vector<float>, band_count> bands_;
};

/// What one thread sums up over the cells.
struct Sums {
    static constexpr bool order_free = true;
    ValueSample sample;
    AreaMean cv;
    ValueSpread means, spread;
    ClassTally classes;
    std::int64_t too_short = 0;  ///< cells with values, but in too few steps
    std::int64_t mean_zero = 0;
    Bands bands = {};
    std::vector<std::uint16_t> slots = {};
    void merge(const Sums& other) {
        sample.merge(other.sample);
        cv.merge(other.cv);
        means.merge(other.means);
        spread.merge(other.spread);
        classes.merge(other.classes);
        too_short += other.too_short;
        mean_zero += other.mean_zero;
    }
};

class Work {
public:
    Work(VariabilityOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    /// What a pass over the cells does besides computing them.
    enum class Pass { measure, classify, both };
    void open();
    Sums pass(Pass what);
    void measure(Sums& sums, const Block& block, const VariabilityCells& cells) const;
    void classify(Sums& sums, const Block& block, const VariabilityCells& cells) const;
    void find_classes(const ValueSample& sample);
    void set_numbers(const Sums& sums);
    void write_report(const Sums& sums, const ClassTally& tally);
    bool wants_classes() const {
        return options_.classes.wanted() || options_.summary.wanted() || options_.report.wanted();
    }

    VariabilityOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;
    std::size_t min_valid_ = 0;
    std::optional<ValueClasses> classes_;
};

void Work::open() {
    layers_ = run_.measurements(options_.series, ReadAs::real32);
    const std::size_t steps = layers_.size();
    if (steps < 2) throw UserError("series", "SERIES has 1 step; variability needs at least 2");
    min_valid_ =
        options_.min_valid ? static_cast<std::size_t>(*options_.min_valid) : std::min(steps, default_min_valid(steps));
    if (min_valid_ > steps)
        throw UserError("min_valid", "MIN_VALID is " + std::to_string(min_valid_) + ", but SERIES has only " +
                                         std::to_string(steps) + " steps");
    run_.areas();
    run_.convention("standard deviation", options_.deviation == VariabilityDeviation::sample
                                              ? "sample (divisor n - 1)"
                                              : "population (divisor n)");
    run_.convention("coefficient of variation", "Cv = standard deviation / |mean|; NoData where the mean is 0");
    run_.convention("missing steps", "left out; at least " + std::to_string(min_valid_) + " of " +
                                         std::to_string(steps) + " steps must have a value");
    run_.convention("precision", "in double precision, results as single-precision numbers");
}

void Work::measure(Sums& sums, const Block& block, const VariabilityCells& cells) const {
    for (std::size_t i = 0; i < block.cells(); ++i) {
        // Cells outside the study area have no value at all; they are not worth a remark.
        sums.too_short += cells.count[i] > 0 && cells.count[i] < static_cast<float>(min_valid_);
        sums.mean_zero += cells.mean[i] == cells.mean[i] && cells.cv[i] != cells.cv[i];
    }
    add_cells(sums.sample, block, run_.grid(), cells.cv);
    sums.cv.add(block, run_.areas(), cells.cv, nodata);
    sums.means.add(cells.mean, block.cells(), nodata);
    sums.spread.add(cells.cv, block.cells(), nodata);
}

void Work::classify(Sums& sums, const Block& block, const VariabilityCells& cells) const {
    sums.slots.resize(block.cells());
    classes_->find(cells.cv, block.cells(), nodata, sums.slots.data());
    tally_rows(sums.classes, block, run_.areas(), sums.slots.data(), classes_->size() + 1);
}

Sums Work::pass(Pass what) {
    const bool measures = what != Pass::classify, classifies = what != Pass::measure;
    std::vector<RasterSink*> sinks;
    const auto add = [&](RasterSink* sink) -> std::optional<std::size_t> {
        if (!sink) return std::nullopt;
        sinks.push_back(sink);
        return sinks.size() - 1;
    };
    std::optional<std::size_t> band_sink, class_sink;
    if (measures) {
        RasterDescription bands;
        bands.nodata = real_nodata;
        bands.bands = {"mean", "standard deviation", "coefficient of variation", "n, steps with a value"};
        band_sink = add(run_.raster(options_.variability, std::move(bands)));
    }
    if (classifies) {
        RasterDescription codes;
        codes.type = GDT_Byte;
        codes.bands = {"class of the coefficient of variation"};
        codes.style.classes = classes_->labels();
        class_sink = add(run_.raster(options_.classes, std::move(codes)));
    }
    const bool varying = run_.areas().varying();
    const Sums empty{options_.sampling.empty(), AreaMean(varying), {}, {}, ClassTally(varying)};
    Sums sums = run_.reduce(
        layers_, empty,
        [&](Sums& state, Block& block) {
            const VariabilityCells cells = state.bands.of(block.cells());
            std::vector<const float*> series;
            for (std::size_t step = 0; step < layers_.size(); ++step) series.push_back(block.values<float>(step));
            variability_of(series, block.cells(), min_valid_, options_.deviation, cells);
            if (measures) measure(state, block, cells);
            if (classifies) classify(state, block, cells);
            const auto fill = [&](std::size_t band, const float* from, auto is_none) {
                std::transform(from, from + block.cells(), block.output<float>(*band_sink, band),
                               [&](float value) { return is_none(value) ? nodata : value; });
            };
            const auto undefined = [](float value) { return value != value; };
            if (band_sink) {
                fill(0, cells.mean, undefined);
                fill(1, cells.deviation, undefined);
                fill(2, cells.cv, undefined);
                fill(3, cells.count, [](float count) { return count == 0; });
            }
            if (class_sink)
                std::transform(state.slots.begin(), state.slots.end(), block.output<std::uint8_t>(*class_sink),
                               [](std::uint16_t slot) { return static_cast<std::uint8_t>(slot); });
        },
        sinks);
    if (band_sink) sinks[*band_sink]->set_ramp(sequential_ramp_of(sums.means));
    return sums;
}

void Work::find_classes(const ValueSample& sample) {
    classes_.emplace(find_breaks(run_, sample, BreakMethod::natural, static_cast<int>(options_.class_count),
                                 {sample.lowest(), sample.highest()}));
    run_.convention("class breaks", break_method_text(BreakMethod::natural));
    run_.convention("values behind the breaks", sample_text(sample, options_.sampling));
    if (const std::string text = shortfall_text(classes_->breaks()); !text.empty()) run_.warn("CLASS_COUNT: " + text);
}

void Work::set_numbers(const Sums& sums) {
    const std::string steps = std::to_string(min_valid_) + " steps with a value";
    if (sums.cv.count() == 0)
        throw UserError("series", sums.mean_zero > 0
                                      ? "SERIES: no cell has a coefficient of variation: all means are 0"
                                      : "SERIES: no cell has at least " + steps + "; check NoData, or lower MIN_VALID");
    options_.mean_cv = sums.cv.mean();
    options_.lowest_cv = sums.sample.lowest();
    options_.highest_cv = sums.sample.highest();
    options_.too_short = static_cast<double>(sums.too_short);
    options_.mean_zero = static_cast<double>(sums.mean_zero);
    if (sums.too_short)
        run_.warn(counted(static_cast<std::size_t>(sums.too_short), "cell has", "cells have") + " fewer than " + steps +
                  " and are NoData");
    if (sums.mean_zero)
        run_.warn(counted(static_cast<std::size_t>(sums.mean_zero), "cell has", "cells have") +
                  " a mean of 0 and so no coefficient of variation");
}

void Work::write_report(const Sums& sums, const ClassTally& tally) {
    if (!options_.report.wanted()) return;
    Report report("Variability", counted(layers_.size(), "step") +
                                     ", coefficient of variation (standard deviation / |mean|) of each cell");
    report.number("Mean Cv", format_number(*options_.mean_cv, 3), "", "Over the area of all cells with a Cv")
        .number("Lowest", format_number(*options_.lowest_cv, 3), "", "Smallest Cv of a cell")
        .number("Highest", format_number(*options_.highest_cv, 3), "", "Largest Cv of a cell")
        .number("Area", format_value(sums.cv.area(run_.areas()).hectares(), 6), "ha", "Cells with a Cv");
    report.paragraph(
        "A coefficient of variation of 0.1 means that the values of a series lie about a tenth of their mean around "
        "it. "
        "It compares places of different levels. A trend counts as variation.");
    report.section("Over the map");
    HistogramChart spread = histogram_of(sums.spread);
    spread.x_title = "Coefficient of variation";
    spread.breaks = classes_->breaks().breaks;
    for (const ClassLabel& label : classes_->labels()) spread.class_colours.push_back(label.colour);
    spread.reference_lines = {{*options_.mean_cv, "mean"}};
    report.figure(histogram(spread),
                  "How the coefficients of the cells are spread, coloured by class; cells beyond the outer 0.1 % count "
                  "in the outer bins.");
    add_classes(report, *classes_, tally, run_.areas(), "Classes of the coefficient of variation");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    const std::vector<double> breaks = read_breaks(options_.breaks, "breaks");
    if (!breaks.empty()) {
        run_.convention("class breaks", "given");
        classes_.emplace(given_breaks(breaks));
    }
    // Natural breaks are known after the first pass; the cells are then computed once more, as nothing is kept of them.
    const bool again = !classes_ && wants_classes();
    run_.expect_passes(again ? 3 : 1);
    const Sums sums = pass(classes_ ? Pass::both : Pass::measure);
    set_numbers(sums);
    if (again) find_classes(sums.sample);
    if (!classes_) return;
    run_.convention("intervals", interval_text());
    const ClassTally tally = again ? pass(Pass::classify).classes : sums.classes;
    run_.write(options_.summary, class_table(*classes_, tally, run_.areas()));
    write_report(sums, tally);
}

}  // namespace

void variability(VariabilityOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
