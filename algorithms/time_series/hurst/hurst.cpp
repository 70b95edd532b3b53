// Land Carbon Toolbox: Hurst exponent of each cell's series by rescaled ranges: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/hurst/hurst.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
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
constexpr std::array<const char*, class_count> class_names = {"Anti-persistent", "Random", "Persistent"};
constexpr std::array<const char*, class_count> class_colours = {"#d1761f", "#d9d9d9", "#1f6fb2"};

struct Totals {
    static constexpr bool order_free = true;
    AreaMean all;
    std::array<AreaMean, class_count> by_class;
    ValueSpread spread;
    std::int64_t too_short = 0;  ///< some steps, but too few
    std::int64_t no_variation = 0;
    std::int64_t beyond = 0;  ///< exponents outside 0..1
    std::optional<HurstKernel> kernel;
    std::vector<double> hurst, error, fit;
    std::vector<HurstState> states;
    std::vector<float> map, part;
    std::vector<std::uint8_t> codes;
    void merge(const Totals& other) {
        all.merge(other.all);
        for (std::size_t k = 0; k < class_count; ++k) by_class[k].merge(other.by_class[k]);
        spread.merge(other.spread);
        too_short += other.too_short;
        no_variation += other.no_variation;
        beyond += other.beyond;
    }
};

class Work {
public:
    Work(HurstOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void state_conventions();
    std::string method_text() const;
    std::string windows_text() const;
    Totals pass();
    void compute(Totals& state, Block& block);
    void set_numbers(const Totals& totals);
    void write_summary(const Totals& totals);
    void write_report(const Totals& totals);
    double share(const AreaMean& part, const AreaMean& all) const {
        return part.area(run_.areas()).hectares() / all.area(run_.areas()).hectares();
    }

    HurstOptions& options_;
    Run& run_;
    HurstConvention convention_;
    std::vector<Layer> layers_;
    std::size_t steps_ = 0;
    std::size_t min_valid_ = 0;
    std::vector<RasterSink*> sinks_;
    std::optional<std::size_t> hurst_sink_, class_sink_;
};

void Work::open() {
    convention_ = {options_.method, options_.deviation, options_.correction, read_windows(options_.windows)};
    layers_ = run_.measurements(options_.series, ReadAs::real32);
    steps_ = layers_.size();
    constexpr std::size_t fewest = 4;
    if (steps_ < fewest)
        throw UserError("series", "SERIES has " + std::to_string(steps_) + (steps_ == 1 ? " step" : " steps") +
                                      "; a Hurst exponent needs at least 4, and says little with fewer than 30");
    min_valid_ = options_.min_valid ? static_cast<std::size_t>(*options_.min_valid) : default_min_valid(steps_);
    if (min_valid_ > steps_)
        throw UserError("min_valid", "MIN_VALID is " + std::to_string(min_valid_) + ", but SERIES has only " +
                                         std::to_string(steps_) + " steps");
    const auto& windows = convention_.windows;
    if (windows.size() > 1 && windows[1] > steps_)
        throw wrong("windows",
                    "fewer than two of the lengths fit into the " + std::to_string(steps_) + " steps of SERIES");
    run_.areas();
    if (steps_ < 30)
        run_.warn("SERIES has " + std::to_string(steps_) +
                  " steps; with fewer than 30 the exponent of a single cell is very uncertain, and depends more on the "
                  "convention than on the series");
}

std::string Work::windows_text() const {
    if (!convention_.windows.empty()) {
        std::string text;
        for (const std::size_t length : convention_.windows)
            text += (text.empty() ? "" : ", ") + std::to_string(length);
        return text;
    }
    const std::string n = std::to_string(steps_);
    if (convention_.method == HurstMethod::expanding) return "3 to " + n;
    const std::string half = std::to_string(steps_ / 2);
    return steps_ < 8 ? n : (half == "4" ? "4" : "4 to " + half) + " and " + n;
}

std::string Work::method_text() const {
    return convention_.method == HurstMethod::expanding
               ? "windows from the first step to step tau (expanding)"
               : "windows of tau steps side by side from the first step on, the rest dropped, mean R/S (chunks)";
}

void Work::state_conventions() {
    run_.convention("windows", method_text() + "; tau = " + windows_text());
    run_.convention("rescaled range", "y = cumulative departure from the window's mean, R = max y - min y, S = " +
                                          std::string(convention_.deviation == HurstDeviation::population
                                                          ? "population standard deviation (divisor tau)"
                                                          : "sample standard deviation (divisor tau - 1)") +
                                          "; windows with S = 0 are left out");
    run_.convention("exponent",
                    convention_.correction
                        ? "H = 0.5 + slope of ln(R/S) - ln(E[R/S]) on ln(tau), E[R/S] of independent normal "
                          "numbers (Anis & Lloyd); least squares"
                        : "H = slope of ln(R/S) on ln(tau), least squares; no small-sample correction");
    run_.convention("missing steps", "left out, the others closed up; at least " + std::to_string(min_valid_) + " of " +
                                         std::to_string(steps_) + " steps must have a value");
    run_.convention("classes", options_.random_margin > 0
                                   ? "random where |H - 0.5| <= " + number_text(options_.random_margin) +
                                         ", anti-persistent below, persistent above"
                                   : "anti-persistent H < 0.5, random H = 0.5, persistent H > 0.5");
}

Totals Work::pass() {
    const auto add = [&](RasterSink* sink) -> std::optional<std::size_t> {
        if (!sink) return std::nullopt;
        sinks_.push_back(sink);
        return sinks_.size() - 1;
    };
    RasterDescription real;
    real.nodata = real_nodata;
    real.bands = {"Hurst exponent", "standard error of the Hurst exponent", "R2 of the fit"};
    // 0.5, where the series has no memory, is in the middle.
    auto ramp = diverging_ramp(-0.5, 0.5);
    for (auto& stop : ramp) {
        stop.value += 0.5;
        stop.label = format_number(stop.value, 3);
    }
    real.style.ramp = std::move(ramp);
    RasterDescription coded;
    coded.type = GDT_Byte;
    coded.bands = {"class of the Hurst exponent"};
    for (std::size_t k = 0; k < class_count; ++k)
        coded.style.classes.push_back({static_cast<std::int64_t>(k + 1), class_names[k], class_colours[k]});
    hurst_sink_ = add(run_.raster(options_.hurst, real));
    class_sink_ = add(run_.raster(options_.classes, coded));
    Totals empty;
    const AreaMean none(run_.areas().varying());
    empty.all = none;
    empty.by_class.fill(none);
    empty.kernel.emplace(convention_, steps_, min_valid_);
    Totals totals = run_.reduce(
        layers_, empty, [&](Totals& state, Block& block) { compute(state, block); }, sinks_);
    if (totals.all.count() == 0)
        throw UserError("series", totals.no_variation > 0
                                      ? "SERIES: no cell varies enough for a Hurst exponent"
                                      : "SERIES: no cell has a value in at least " + std::to_string(min_valid_) +
                                            " steps; check NoData, or lower MIN_VALID");
    return totals;
}

void Work::compute(Totals& state, Block& block) {
    const std::size_t cells = block.cells();
    const CellAreas& areas = run_.areas();
    std::vector<const float*> series(steps_);
    for (std::size_t step = 0; step < steps_; ++step) series[step] = block.values<float>(step);
    for (auto* values : {&state.hurst, &state.error, &state.fit}) values->resize(cells);
    state.states.resize(cells);
    state.map.resize(cells);
    state.part.resize(cells);
    state.codes.resize(cells);
    (*state.kernel)(series, cells, state.hurst.data(), state.error.data(), state.fit.data(), state.states.data());
    const auto to_map = [](double value) { return value == value ? static_cast<float>(value) : nodata; };
    for (std::size_t i = 0; i < cells; ++i) {
        const double h = state.hurst[i];
        state.map[i] = to_map(h);
        state.no_variation += state.states[i] == HurstState::no_variation;
        state.beyond += h < 0 || h > 1;
        const double margin = options_.random_margin;
        state.codes[i] = !(h == h) ? 0 : h < 0.5 - margin ? 1 : h > 0.5 + margin ? 3 : 2;
        if (state.states[i] != HurstState::too_short) continue;
        // Cells outside the study area have no value at all; they are not worth a remark.
        for (std::size_t step = 0; step < steps_; ++step)
            if (series[step][i] == series[step][i]) {
                ++state.too_short;
                break;
            }
    }
    state.all.add(block, areas, state.map.data(), nodata);
    state.spread.add(state.map.data(), cells, nodata);
    for (std::size_t k = 0; k < class_count; ++k) {
        for (std::size_t i = 0; i < cells; ++i) state.part[i] = state.codes[i] == k + 1 ? state.map[i] : nodata;
        state.by_class[k].add(block, areas, state.part.data(), nodata);
    }
    if (hurst_sink_) {
        std::copy_n(state.map.data(), cells, block.output<float>(*hurst_sink_, 0));
        std::transform(state.error.begin(), state.error.end(), block.output<float>(*hurst_sink_, 1), to_map);
        std::transform(state.fit.begin(), state.fit.end(), block.output<float>(*hurst_sink_, 2), to_map);
    }
    if (class_sink_) std::copy_n(state.codes.data(), cells, block.output<std::uint8_t>(*class_sink_));
}

void Work::set_numbers(const Totals& totals) {
    options_.mean = totals.all.mean();
    options_.antipersistent_share = share(totals.by_class[0], totals.all);
    options_.persistent_share = share(totals.by_class[2], totals.all);
    options_.too_short = static_cast<double>(totals.too_short);
    options_.no_variation = static_cast<double>(totals.no_variation);
    if (totals.too_short)
        run_.warn(std::to_string(totals.too_short) + " cells have fewer than " + std::to_string(min_valid_) +
                  " steps with a value and are NoData");
    if (totals.no_variation)
        run_.warn(std::to_string(totals.no_variation) +
                  " cells have too few windows that vary (constant series) and are NoData");
    if (totals.beyond)
        run_.warn(std::to_string(totals.beyond) +
                  " cells have an exponent below 0 or above 1, which the theory excludes: the fit of a short series or "
                  "of one with a strong trend");
}

void Work::write_summary(const Totals& totals) {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"area_ha", Type::real},
                       {"share", Type::real},
                       {"mean_hurst", Type::real}});
    for (std::size_t k = 0; k < class_count; ++k) {
        const AreaMean& part = totals.by_class[k];
        const auto mean = part.mean();
        table.add({static_cast<std::int64_t>(k + 1), class_names[k], part.count(), part.area(run_.areas()).hectares(),
                   share(part, totals.all), cell_of(mean)});
    }
    run_.write(options_.summary, table);
}

void Work::write_report(const Totals& totals) {
    if (!options_.report.wanted()) return;
    Report report("Hurst exponent", std::to_string(steps_) + " steps, rescaled range analysis of each cell's series");
    const double all = totals.all.area(run_.areas()).hectares();
    report.number("Mean H", format_number(*options_.mean, 3), "", "Over the area of all cells with an exponent")
        .number("Persistent", format_percent(*options_.persistent_share), "of the area", "H above 0.5")
        .number("Anti-persistent", format_percent(*options_.antipersistent_share), "of the area", "H below 0.5")
        .number("Area", format_value(all, 6), "ha", "Cells with an exponent");
    report.paragraph(
        "An exponent above 0.5 means that what a series did it tends to go on doing (persistent), one below 0.5 that "
        "it "
        "tends to turn back (anti-persistent); 0.5 stands for a series without memory.\n\nConvention: " +
        method_text() + ", tau = " + windows_text() + "; " +
        (convention_.deviation == HurstDeviation::population ? "population" : "sample") + " standard deviation; " +
        (convention_.correction ? "with" : "no") +
        " Anis-Lloyd correction. Exponents of other conventions are not comparable: one series of 20 values gives from "
        "0.28 to 0.48.");
    report.section("Over the map");
    HistogramChart spread = histogram_of(totals.spread);
    spread.x_title = "Hurst exponent";
    spread.reference_lines = {{0.5, "no memory"}, {*options_.mean, "mean"}};
    report.figure(histogram(spread),
                  "How the exponents of the cells are spread; cells beyond the outer 0.1 % count in "
                  "the outer bins.");
    std::vector<ClassShare> shares;
    TableData table{{text_column("Class"), number_column("Cells"), number_column("Area", "ha"),
                     number_column("Share of the area"), number_column("Mean H")},
                    {},
                    {},
                    true};
    for (std::size_t k = 0; k < class_count; ++k) {
        const AreaMean& part = totals.by_class[k];
        shares.push_back({class_names[k], class_colours[k], share(part, totals.all) * 100});
        table.row_colours.emplace_back(class_colours[k]);
        table.rows.push_back({class_names[k], format_grouped(static_cast<double>(part.count()), 0),
                              format_grouped(part.area(run_.areas()).hectares(), 1),
                              format_percent(share(part, totals.all)),
                              part.mean() ? format_number(*part.mean(), 3) : ""});
    }
    table.rows.push_back({"All classes", format_grouped(static_cast<double>(totals.all.count()), 0),
                          format_grouped(all, 1), format_percent(1), format_number(*options_.mean, 3)});
    table.row_colours.emplace_back("");
    report.figure(bar_chart(class_shares_chart(shares)), "Area of each class.");
    report.table(table, "Classes of the Hurst exponent");
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    state_conventions();
    const Totals totals = pass();
    set_numbers(totals);
    write_summary(totals);
    write_report(totals);
}

}  // namespace

void hurst(HurstOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
