// Land Carbon Toolbox: a raster of measurements as classes: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/discretize/discretize.hpp"

#include <algorithm>
#include <limits>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/value_classes.hpp"
#include "maths/fixed_moments.hpp"

namespace landcarbon {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

/// What one thread sums up over the cells while it classifies them.
struct Sums {
    static constexpr bool order_free = true;
    ClassTally tally;
    std::vector<FixedMoments> by_class;  ///< by slot
    ValueSpread spread = {};
    std::vector<std::uint16_t> slots = {};
    std::vector<float> narrow = {};
    void merge(const Sums& other) {
        tally.merge(other.tally);
        for (std::size_t slot = 0; slot < by_class.size(); ++slot) by_class[slot].merge(other.by_class[slot]);
        spread.merge(other.spread);
    }
};

class Work {
public:
    Work(DiscretizeOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void find_classes(const ValueSample& sample);
    ClassBreaks found_breaks(const ValueSample& sample, BreakMethod method);
    WholeFigures figures(const ValueSample& sample, BreakMethod method);
    Sums classify();
    void set_goodness_of_fit(const Sums& sums);
    void write_report(const Sums& sums);

    DiscretizeOptions& options_;
    Run& run_;
    std::optional<Layer> layer_;
    std::optional<FixedScale> scale_;
    std::optional<ValueClasses> classes_;
};

std::optional<BreakMethod> break_method(DiscretizeMethod method) {
    switch (method) {
        case DiscretizeMethod::natural:
            return BreakMethod::natural;
        case DiscretizeMethod::quantile:
            return BreakMethod::quantile;
        case DiscretizeMethod::equal_interval:
            return BreakMethod::equal_interval;
        case DiscretizeMethod::geometric:
            return BreakMethod::geometric;
        case DiscretizeMethod::standard_deviation:
            return BreakMethod::standard_deviation;
        case DiscretizeMethod::given:
            break;
    }
    return std::nullopt;
}

WholeFigures Work::figures(const ValueSample& sample, BreakMethod method) {
    WholeFigures whole{sample.lowest(), sample.highest()};
    if (method != BreakMethod::standard_deviation || sample.is_complete() || sample.count() < 2) return whole;
    // Mean and deviation of all cells cost one more pass, and no breaks depend on which cells were drawn.
    run_.expect_passes(3);  // with the search for breaks
    const FixedMoments all = run_.reduce({*layer_}, FixedMoments(), [&](FixedMoments& moments, const Block& block) {
        const double* const values = block.values<double>(0);
        for (std::size_t i = 0; i < block.cells(); ++i)
            if (values[i] == values[i]) moments.add(scale_->units(values[i]));
    });
    whole.mean = all.mean(*scale_);
    whole.deviation = all.sample_deviation(*scale_);
    return whole;
}

ClassBreaks Work::found_breaks(const ValueSample& sample, BreakMethod method) {
    const auto count = static_cast<int>(options_.class_count);
    const WholeFigures whole = figures(sample, method);
    ClassBreaks breaks = find_breaks(run_, sample, method, count, whole);
    if (!breaks.refusal.empty())
        throw wrong("method", breaks.refusal + "; RASTER has values from " + number_text(breaks.lowest) + " to " +
                                  number_text(breaks.highest) + ". Choose another method");
    run_.convention("class breaks", break_method_text(method));
    run_.convention("values behind the breaks",
                    whole.mean ? "all " + std::to_string(sample.count()) + " cells with a value; each cell counts once"
                               : sample_text(sample, options_.sampling));
    return breaks;
}

void Work::find_classes(const ValueSample& sample) {
    if (const auto method = break_method(options_.method)) {
        classes_.emplace(found_breaks(sample, *method));
        if (const std::string text = shortfall_text(classes_->breaks()); !text.empty())
            run_.warn("CLASS_COUNT: " + text);
    } else {
        classes_.emplace(given_breaks(read_breaks(options_.breaks, "breaks")));
        run_.convention("class breaks", "given");
    }
    run_.convention("intervals", interval_text());
}

Sums Work::classify() {
    RasterDescription description;
    description.type = GDT_Byte;
    description.bands = {"class"};
    description.style.classes = classes_->labels();
    RasterSink* const sink = run_.raster(options_.classified, std::move(description));
    const std::size_t slots = classes_->size() + 1;
    const Sums empty{ClassTally(run_.areas().varying()), std::vector<FixedMoments>(slots)};
    return run_.reduce({*layer_}, empty,
                       [&](Sums& sums, Block& block) {
                           const std::size_t cells = block.cells();
                           const double* const values = block.values<double>(0);
                           sums.slots.resize(cells);
                           classes_->find(values, cells, no_value, sums.slots.data());
                           tally_rows(sums.tally, block, run_.areas(), sums.slots.data(), slots);
                           for (std::size_t i = 0; i < cells; ++i)
                               if (sums.slots[i] != 0) sums.by_class[sums.slots[i]].add(scale_->units(values[i]));
                           if (options_.report.wanted()) {
                               sums.narrow.resize(cells);
                               std::transform(values, values + cells, sums.narrow.begin(),
                                              [](double value) { return static_cast<float>(value); });
                               sums.spread.add(sums.narrow.data(), cells, std::numeric_limits<float>::quiet_NaN());
                           }
                           if (sink)
                               std::transform(sums.slots.begin(), sums.slots.end(), block.output<std::uint8_t>(0),
                                              [](std::uint16_t slot) { return static_cast<std::uint8_t>(slot); });
                       },
                       {sink});
}

void Work::set_goodness_of_fit(const Sums& sums) {
    FixedMoments all;
    double within = 0;
    for (const FixedMoments& part : sums.by_class) {
        all.merge(part);
        within += part.squared_units();
    }
    const double whole = all.squared_units();
    if (whole > 0) options_.goodness_of_fit = std::max(0.0, 1 - within / whole);
}

void Work::write_report(const Sums& sums) {
    if (!options_.report.wanted()) return;
    const std::string name = layer_->name();
    Report report("Classes of a raster", std::filesystem::path(name).filename().string());
    std::int64_t cells = 0;
    for (const FixedMoments& part : sums.by_class) cells += part.count();
    const auto& fit = options_.goodness_of_fit;
    report
        .number("Goodness of fit", fit ? format_number(*fit, 4) : "undefined", "",
                "Share of the variance that lies between the classes")
        .number("Classes", std::to_string(classes_->size()), "", "Classes made")
        .number("Cells", format_grouped(static_cast<double>(cells), 0), "", "Cells with a value")
        .number("Values", format_number(*options_.lowest, 4) + " to " + format_number(*options_.highest, 4));
    report.section("Over the map");
    HistogramChart spread = histogram_of(sums.spread);
    spread.x_title = "Value";
    spread.breaks = classes_->breaks().breaks;
    for (const ClassLabel& label : classes_->labels()) spread.class_colours.push_back(label.colour);
    report.figure(
        histogram(spread),
        "How the values of the cells are spread, coloured by class; cells beyond the outer 0.1 % count in the "
        "outer bins.");
    add_classes(report, *classes_, sums.tally, run_.areas(), "Classes");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    layer_ = run_.measurements(options_.raster);
    run_.areas();
    run_.expect_passes(options_.method == DiscretizeMethod::given ? 2 : 3);
    const ValueSample sample = run_.reduce(
        {*layer_}, options_.sampling.empty(),
        [&](ValueSample& state, const Block& block) { add_cells(state, block, run_.grid(), block.values<double>(0)); });
    if (sample.count() == 0) throw wrong("raster", "no cell has a value; check NoData");
    options_.lowest = sample.lowest();
    options_.highest = sample.highest();
    scale_.emplace(sample.lowest(), sample.highest());
    find_classes(sample);
    options_.classes_made = static_cast<double>(classes_->size());
    const Sums sums = classify();
    set_goodness_of_fit(sums);
    run_.write(options_.class_table, class_table(*classes_, sums.tally, run_.areas()));
    write_report(sums);
}

}  // namespace

void discretize(DiscretizeOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
