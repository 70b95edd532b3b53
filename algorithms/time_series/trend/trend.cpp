// Land Carbon Toolbox: trend of a stack of rasters (Theil-Sen and Mann-Kendall), cell by cell: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend/trend.hpp"

#include <algorithm>
#include <cmath>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {
namespace {

constexpr std::array<const char*, trend_bands> band_names = {"slope",
                                                             "intercept",
                                                             "Z of Mann-Kendall",
                                                             "p, two-sided",
                                                             "tau",
                                                             "S",
                                                             "n, valid steps",
                                                             "lower bound of the slope",
                                                             "upper bound of the slope"};
constexpr auto nodata = static_cast<float>(real_nodata);

/// The bands of a block: those of the output, or one thread's room for those that are wanted without it.
class Bands {
public:
    static TrendBands written(Block& block) {
        TrendBands bands;
        for (std::size_t band = 0; band < trend_bands; ++band) bands[band] = block.output<float>(0, band);
        return bands;
    }
    TrendBands kept(const Block& block, const std::vector<TrendBand>& wanted) {
        TrendBands bands{};
        buffer_.resize(wanted.size() * block.cells());
        float* room = buffer_.data();
        for (const TrendBand band : wanted) {
            bands[band] = room;
            room += block.cells();
        }
        return bands;
    }

private:
    std::vector<float> buffer_;
};

/// What one thread sums up over the cells.
struct Sums {
    static constexpr bool order_free = true;
    ClassTally classes, controlled;
    AreaMean slope;
    ValueSpread slopes;
    std::int64_t too_few = 0;    ///< cells with values, but fewer than asked for
    std::int64_t undefined = 0;  ///< cells with a slope without Z
    Bands bands;
    std::vector<std::uint16_t> slots, controlled_slots;
    void merge(const Sums& other) {
        classes.merge(other.classes);
        controlled.merge(other.controlled);
        slope.merge(other.slope);
        slopes.merge(other.slopes);
        too_few += other.too_few;
        undefined += other.undefined;
    }
};

/// What one thread counts for the false-discovery rate.
struct Tests {
    static constexpr bool order_free = true;
    PValueCounts counts;
    Bands bands;
    void merge(const Tests& other) { counts.merge(other.counts); }
};

class Work {
public:
    Work(TrendOptions& options, Run& run) : options_(options), run_(run), classes_(options.choices) {}
    void operator()();

private:
    void open();
    void control_false_discoveries();
    void pass();
    void take_areas(const Sums& sums);
    void write_summary();
    void write_report();
    bool controlled() const { return options_.choices.false_discovery != FalseDiscovery::none; }
    void compute(const Block& block, const TrendBands& bands) const;
    std::uint16_t slot(int code) const {
        return code == TrendClasses::none ? std::uint16_t{0} : static_cast<std::uint16_t>(code + classes_.top() + 1);
    }
    std::size_t slots() const { return classes_.labels().size() + 1; }
    std::string per() const { return options_.choices.years.empty() ? "per step" : "per year"; }

    TrendOptions& options_;
    Run& run_;
    TrendClasses classes_;
    std::vector<Layer> layers_;
    std::unique_ptr<TrendKernel> kernel_;
    std::optional<float> largest_p_;
    RasterSink* trend_ = nullptr;
    RasterSink* class_map_ = nullptr;
    Sums sums_;
    /// Cells and areas of the classes, in the order of the labels; the second version with a false-discovery rate.
    struct ClassArea {
        std::int64_t cells = 0;
        FixedArea area;
    };
    std::vector<std::vector<ClassArea>> areas_;
    FixedArea area_;
    std::int64_t cells_ = 0;
};

void Work::open() {
    layers_ = run_.measurements(options_.series, ReadAs::real32);
    const auto times = series_times(options_.choices.years, layers_.size(), "years");
    const TrendSettings settings = trend_settings(options_.choices, layers_.size(), "series");
    hold_slopes(run_, times.size(), static_cast<std::size_t>(run_.threads()), sizeof(float));
    kernel_ = std::make_unique<TrendKernel>(times, settings);
    run_.areas();
    for (const auto& [name, text] : trend_conventions(options_.choices, settings, times)) run_.convention(name, text);
    run_.convention("precision",
                    "values, differences and slopes in single precision, as the bands; all else in double precision");
}

void Work::compute(const Block& block, const TrendBands& bands) const {
    std::vector<const float*> steps;
    for (std::size_t i = 0; i < layers_.size(); ++i) steps.push_back(block.values<float>(i));
    kernel_->run(steps.data(), block.cells(), bands);
}

void Work::control_false_discoveries() {
    // The cells are computed once for the bins, mostly once more for the few bins where the answer lies, and once for
    // the outputs: nothing is kept of so many cells.
    run_.expect_passes(3);
    const auto counted = [&](const std::vector<std::uint32_t>& bins) {
        return run_
            .reduce(layers_, Tests{PValueCounts(bins), {}},
                    [&](Tests& tests, Block& block) {
                        const TrendBands bands = tests.bands.kept(block, {p_band});
                        compute(block, bands);
                        tests.counts.add(bands[p_band], block.cells());
                    })
            .counts;
    };
    FalseDiscoverySearch search(counted({}), options_.choices.false_discovery, options_.choices.false_discovery_rate);
    while (!search.wanted().empty()) search.look_into(counted(search.wanted()));
    largest_p_ = search.largest_significant();
    if (largest_p_) options_.largest_significant_p = *largest_p_;
}

void Work::pass() {
    RasterDescription trend;
    trend.type = GDT_Float32;
    trend.nodata = real_nodata;
    trend.bands.assign(band_names.begin(), band_names.end());
    trend.bands[slope_band] = "slope " + per();
    trend_ = run_.raster(options_.trend, std::move(trend));
    RasterDescription classes;
    classes.type = GDT_Int16;
    classes.nodata = TrendClasses::none;
    classes.bands = {"trend class"};
    if (controlled()) classes.bands.emplace_back("trend class by the false-discovery rate");
    classes.style.classes = classes_.labels();
    class_map_ = run_.raster(options_.classes, std::move(classes));
    std::vector<RasterSink*> sinks;
    if (trend_) sinks.push_back(trend_);
    if (class_map_) sinks.push_back(class_map_);
    const std::size_t class_sink = sinks.size() - 1;

    std::vector<TrendBand> wanted = {slope_band, z_band};
    if (controlled()) wanted.push_back(p_band);
    const bool varying = run_.areas().varying();
    Sums empty;
    empty.classes = empty.controlled = ClassTally(varying);
    empty.slope = AreaMean(varying);
    sums_ = run_.reduce(
        layers_, empty,
        [&](Sums& sums, Block& block) {
            const std::size_t cells = block.cells();
            const TrendBands bands = trend_ ? Bands::written(block) : sums.bands.kept(block, wanted);
            compute(block, bands);
            sums.slots.resize(cells);
            std::int16_t* const codes = class_map_ ? block.output<std::int16_t>(class_sink) : nullptr;
            for (std::size_t i = 0; i < cells; ++i) {
                const int code = classes_.code(bands[slope_band][i], bands[z_band][i]);
                sums.slots[i] = slot(code);
                if (codes) codes[i] = static_cast<std::int16_t>(code);
                sums.undefined += code == TrendClasses::none && !std::isnan(bands[slope_band][i]);
            }
            tally_rows(sums.classes, block, run_.areas(), sums.slots.data(), slots());
            if (controlled()) {
                std::int16_t* const weak = class_map_ ? block.output<std::int16_t>(class_sink, 1) : nullptr;
                sums.controlled_slots.resize(cells);
                for (std::size_t i = 0; i < cells; ++i) {
                    int code = classes_.code(bands[slope_band][i], bands[z_band][i]);
                    if (!(largest_p_ && bands[p_band][i] <= *largest_p_)) code = TrendClasses::weakened(code);
                    sums.controlled_slots[i] = slot(code);
                    if (weak) weak[i] = static_cast<std::int16_t>(code);
                }
                tally_rows(sums.controlled, block, run_.areas(), sums.controlled_slots.data(), slots());
            }
            for (float* const band : bands)
                if (band)
                    for (std::size_t i = 0; i < cells; ++i) band[i] = std::isnan(band[i]) ? nodata : band[i];
            sums.slope.add(block, run_.areas(), bands[slope_band], nodata);
            sums.slopes.add(bands[slope_band], cells, nodata);
            for (std::size_t i = 0; i < cells; ++i)
                if (bands[slope_band][i] == nodata)
                    for (std::size_t step = 0; step < layers_.size(); ++step)
                        if (block.valid(step)[i]) {
                            ++sums.too_few;
                            break;
                        }
        },
        sinks);
}

void Work::take_areas(const Sums& sums) {
    const FixedArea cell = run_.areas().cell();
    for (const ClassTally* tally : {&sums.classes, &sums.controlled}) {
        areas_.emplace_back();
        for (const auto& label : classes_.labels()) {
            const std::uint16_t place = slot(static_cast<int>(label.code));
            areas_.back().push_back({tally->count(place), tally->area(place, cell)});
        }
        if (!controlled()) break;
    }
    for (const auto& entry : areas_.front()) {
        area_ += entry.area;
        cells_ += entry.cells;
    }
    if (sums.slopes.count() == 0)
        throw wrong("series", "no cell has a trend: " +
                                  (sums.too_few == 0
                                       ? "none holds a value"
                                       : counted(static_cast<std::size_t>(sums.too_few), "cell holds", "cells hold") +
                                             " values, but all of them fewer than MIN_VALID asks for"));
    if (cells_ == 0)
        throw wrong("method",
                    "no cell has a Z, as the corrected variance of S is nowhere above zero; the "
                    "series are too short for this correction");
    if (sums.too_few > 0)
        run_.warn(counted(static_cast<std::size_t>(sums.too_few), "cell has", "cells have") +
                  " values, but too few for a trend (MIN_VALID), and became NoData");
    if (sums.undefined > 0)
        run_.warn(counted(static_cast<std::size_t>(sums.undefined), "cell has", "cells have") +
                  " a slope, but neither Z, p nor class: the corrected variance of S is not above zero");
    options_.area_ha = area_.hectares();
    options_.mean_slope = sums.slope.mean();
    options_.median_slope = sums.slopes.quantile(0.5);
    double rising = 0, falling = 0;
    for (std::size_t k = 0; k < classes_.labels().size(); ++k) {
        const auto code = classes_.labels()[k].code;
        const double share = areas_.back()[k].area.square_metres() / area_.square_metres();
        if (code > 1) rising += share;
        if (code < -1) falling += share;
    }
    options_.increase_share = rising;
    options_.decrease_share = falling;
    if (trend_) trend_->set_ramp(diverging_ramp_of(sums.slopes));
}

void Work::write_summary() {
    using Type = OutputTable::Type;
    OutputTable table({{"version", Type::text},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"share", Type::real}});
    for (std::size_t version = 0; version < areas_.size(); ++version)
        for (std::size_t k = 0; k < classes_.labels().size(); ++k) {
            const auto& label = classes_.labels()[k];
            const ClassArea& entry = areas_[version][k];
            std::vector<Cell> row(6);
            row[0] = std::string(version == 0 ? "each cell" : "false-discovery rate");
            row[1] = label.code;
            row[2] = label.name;
            row[3] = entry.cells;
            row[4] = entry.area.hectares();
            row[5] = entry.area.square_metres() / area_.square_metres();
            table.add(std::move(row));
        }
    run_.write(options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Trend", "Theil-Sen slope and Mann-Kendall test of " + counted(layers_.size(), "step"));
    const std::string basis = controlled() ? "By the false-discovery rate" : "By |Z| of each cell";
    report.number("Significant increase", format_percent(*options_.increase_share), "", basis)
        .number("Significant decrease", format_percent(*options_.decrease_share), "", basis)
        .number("Mean slope", format_value(*options_.mean_slope), per(), "Mean over the area")
        .number("Median slope", format_value(*options_.median_slope), per(), "Of all cells with a trend");
    if (controlled())
        report.number("Largest significant p", largest_p_ ? format_number(static_cast<double>(*largest_p_), 3) : "none",
                      "", "By the false-discovery rate");
    report.number("Area", format_value(area_.hectares(), 6), "ha", "Cells that have a trend");

    report.section("Classes");
    BarChart chart;
    chart.horizontal = true;
    chart.value_title = "Share of the area";
    chart.unit = "%";
    std::vector<std::string> colours;
    const auto& labels = classes_.labels();
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        chart.categories.push_back(label->name);
        colours.push_back(label->colour);
    }
    const double total = area_.square_metres();
    for (std::size_t version = 0; version < areas_.size(); ++version) {
        BarSeries bars{version == 0 ? "Each cell" : "False-discovery rate", {}, "", {}};
        for (std::size_t k = labels.size(); k-- > 0;)
            bars.values.push_back(100 * areas_[version][k].area.square_metres() / total);
        chart.series.push_back(std::move(bars));
    }
    if (areas_.size() == 1) chart.category_colours = colours;
    report.figure(bar_chart(chart), areas_.size() == 1
                                        ? "Share of each class of the area that has a trend."
                                        : "Share of each class of the area that has a trend: by each cell's own Z, and "
                                          "with the false-discovery rate over all cells controlled.");
    TableData table{{text_column("Class"), number_column("Code"), text_column("|Z|"), number_column("Area", "ha"),
                     number_column("Share")},
                    {},
                    colours,
                    true};
    if (controlled()) {
        table.columns.push_back(number_column("Area by the false-discovery rate", "ha"));
        table.columns.push_back(number_column("Share by the false-discovery rate"));
    }
    for (std::size_t k = labels.size(); k-- > 0;) {
        const int code = static_cast<int>(labels[k].code);
        table.rows.push_back({labels[k].name, format_signed(code, 0), classes_.range_text(code)});
        for (const auto& version : areas_) {
            table.rows.back().push_back(format_grouped(version[k].area.hectares(), 1));
            table.rows.back().push_back(format_percent(version[k].area.square_metres() / total));
        }
    }
    table.rows.push_back({"All classes", "", ""});
    for (std::size_t version = 0; version < areas_.size(); ++version) {
        table.rows.back().push_back(format_grouped(area_.hectares(), 1));
        table.rows.back().push_back(format_percent(1));
    }
    table.row_colours.push_back("");
    report.table(table, "Areas of the classes");

    report.section("Slopes");
    HistogramChart histogram_chart = histogram_of(sums_.slopes);
    histogram_chart.x_title = "Slope " + per();
    histogram_chart.value_title = "Cells";
    histogram_chart.reference_lines = {{0, "no change"}, {*options_.median_slope, "median"}};
    report.figure(histogram(histogram_chart),
                  "How the slopes of the cells are spread; the outermost 0.1 % at each end count in the outer bars.");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    if (controlled()) control_false_discoveries();
    pass();
    take_areas(sums_);
    write_summary();
    write_report();
}

}  // namespace

void trend(TrendOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
