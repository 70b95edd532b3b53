// Land Carbon Toolbox: net ecosystem productivity: the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/nep/nep.hpp"

#include <algorithm>
#include <cmath>

#include "engine/map_summary.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/tonnes.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

NppReading read_mod17a3hgf(double declared_scale) {
    constexpr double grams = 0.1;         // 0.0001 kg
    constexpr double first_fill = 32761;  // up to 32767
    return {grams / declared_scale, (first_fill - 0.5) * declared_scale};
}

void nep_of(const float* npp, const float* respiration, std::size_t cells, const NppReading& reading, float none,
            float* nep) {
    for (std::size_t i = 0; i < cells; ++i) {
        const auto value = static_cast<double>(npp[i]);
        const double difference = value * reading.factor - static_cast<double>(respiration[i]);
        // NaN fails both comparisons.
        const bool fits = value < reading.fill_from && std::abs(difference) <= std::numeric_limits<float>::max();
        nep[i] = fits ? static_cast<float>(difference) : none;
    }
}

std::vector<NepClass> nep_classes(const std::string& bounds) {
    const auto refuse = [](const std::string& what) {
        throw wrong("class_bounds", what + "; give ascending numbers, as in 0,200,400");
    };
    std::vector<double> edges;
    for (const std::string& word : split_list(bounds)) {
        const auto edge = parse_number(word);
        if (!edge || !std::isfinite(*edge)) refuse("\"" + word + "\" is not a number");
        if (!edges.empty() && !(*edge > edges.back())) refuse(word + " does not lie above the bound before it");
        edges.push_back(*edge);
    }
    constexpr std::size_t most = 30;
    if (edges.empty()) refuse("there is no bound");
    if (edges.size() > most) refuse("there are more than " + std::to_string(most) + " bounds");
    const bool usual = edges.size() == 3 && edges[0] == 0;
    const char* const usual_names[] = {"Carbon source", "Low sink", "Medium sink", "High sink"};
    std::vector<NepClass> classes;
    for (std::size_t i = 0; i <= edges.size(); ++i) {
        NepClass entry;
        entry.code = static_cast<std::int64_t>(i + 1);
        if (i > 0) entry.lower = edges[i - 1];
        if (i < edges.size()) entry.upper = edges[i];
        const std::string range = i == 0              ? "below " + number_text(edges[0])
                                  : i == edges.size() ? number_text(edges.back()) + " and above"
                                                      : number_text(edges[i - 1]) + " to " + number_text(edges[i]);
        entry.name = usual ? std::string(usual_names[i]) + " (" + range + ")" : range;
        classes.push_back(std::move(entry));
    }
    // Brown for sources, blue-green for sinks, darker with the amount: told apart by colour-blind readers as well.
    const auto sources = static_cast<std::size_t>(
        std::count_if(classes.begin(), classes.end(), [](const NepClass& entry) { return entry.upper <= 0; }));
    const Rgb light_brown{0xdf, 0xb8, 0x6d}, brown{0x8c, 0x51, 0x0a}, light_green{0xb2, 0xe2, 0xda},
        green{0x01, 0x55, 0x4e};
    for (std::size_t i = 0; i < classes.size(); ++i) {
        const bool source = i < sources;
        const std::size_t place = source ? sources - 1 - i : i - sources;
        const std::size_t count = source ? sources : classes.size() - sources;
        const double share = count > 1 ? static_cast<double>(place) / static_cast<double>(count - 1) : 0.6;
        classes[i].colour = to_hex(source ? blend(light_brown, brown, share) : blend(light_green, green, share));
    }
    return classes;
}

namespace {

constexpr auto nodata = static_cast<float>(real_nodata);

struct Totals {
    static constexpr bool order_free = true;
    std::vector<AreaMean> years;
    std::vector<AreaMean> by_class;
    AreaMean all;
    AreaMean sinks;  ///< NEP of 0 and above
    ValueSpread spread;
    std::vector<std::vector<float>> nep;  ///< of one block, by year
    std::vector<float> mean, part;
    void merge(const Totals& other) {
        for (std::size_t i = 0; i < years.size(); ++i) years[i].merge(other.years[i]);
        for (std::size_t i = 0; i < by_class.size(); ++i) by_class[i].merge(other.by_class[i]);
        all.merge(other.all);
        sinks.merge(other.sinks);
        spread.merge(other.spread);
    }
};

class Work {
public:
    Work(NepOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void state_conventions();
    Totals pass();
    void compute(Totals& state, Block& block);
    void set_numbers(const Totals& totals);
    void write_tables(const Totals& totals);
    void write_report(const Totals& totals);
    FixedArea area(const AreaMean& part) const { return part.area(run_.areas()); }
    std::string year_name(std::size_t i) const { return number_text(times_[i]); }
    /// t C a year: 1 g/m2 is 0.01 t/ha.
    double tonnes(const AreaMean& part) const { return part.mean().value_or(0) * 0.01 * area(part).hectares(); }

    NepOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< NPP of all steps, then respiration
    std::vector<NppReading> readings_;
    std::vector<double> times_;
    std::vector<NepClass> classes_;
    std::size_t steps_ = 0;
    std::size_t min_valid_ = 0;
    std::vector<RasterSink*> sinks_;
    std::optional<std::size_t> nep_sink_, mean_sink_, class_sink_;
};

void Work::open() {
    classes_ = nep_classes(options_.class_bounds);
    layers_ = run_.measurements(options_.npp, ReadAs::real32);
    steps_ = layers_.size();
    const auto respiration = run_.measurements(options_.respiration, ReadAs::real32);
    if (respiration.size() != steps_)
        throw UserError("respiration", "RESPIRATION has " + std::to_string(respiration.size()) + " bands, NPP has " +
                                           std::to_string(steps_) +
                                           "; give one band of each for every year, in the same order");
    for (const Layer& layer : layers_)
        readings_.push_back(options_.npp_product == NppProduct::mod17a3hgf
                                ? read_mod17a3hgf(layer.declared_scale())
                                : NppReading{options_.npp_scale.value_or(1)});
    // The product's fill codes are known, and need no warning.
    if (options_.npp_product == NppProduct::mod17a3hgf)
        for (const Layer& layer : layers_) layer.look().looking = false;
    layers_.insert(layers_.end(), respiration.begin(), respiration.end());
    times_ = series_times(options_.years, steps_, "years");
    min_valid_ = static_cast<std::size_t>(options_.min_valid.value_or(static_cast<std::int64_t>(steps_)));
    if (min_valid_ > steps_)
        throw UserError("min_valid", "MIN_VALID is " + std::to_string(min_valid_) + ", but there are only " +
                                         std::to_string(steps_) + " years");
    run_.areas();
}

void Work::state_conventions() {
    run_.convention("NEP", "NPP - heterotrophic respiration, g C/m2 a year; positive: the land takes up carbon");
    run_.convention("NPP values", options_.npp_product == NppProduct::mod17a3hgf
                                      ? "MOD17A3HGF: stored numbers times 0.1 g C/m2; numbers from 32761 on are fill "
                                        "values and count as NoData"
                                      : "times " + number_text(options_.npp_scale.value_or(1)) + " in g C/m2");
    run_.convention("valid cells", min_valid_ == steps_
                                       ? "a year: NPP and respiration; mean, classes and numbers: all years"
                                       : "a year: NPP and respiration; mean, classes and numbers: at least " +
                                             std::to_string(min_valid_) + " of " + std::to_string(steps_) +
                                             " years, mean of the years that there are");
    std::string names;
    for (const auto& entry : classes_)
        names += (names.empty() ? "" : "; ") + std::to_string(entry.code) + " " + entry.name;
    run_.convention("classes of the mean NEP", names + " g C/m2 a year; the lower bound is part of a class");
    run_.convention("sources and sinks", "source: mean NEP below 0; sink: 0 and above; shares of area");
}

Totals Work::pass() {
    const auto add = [&](RasterSink* sink) -> std::optional<std::size_t> {
        if (!sink) return std::nullopt;
        sinks_.push_back(sink);
        return sinks_.size() - 1;
    };
    RasterDescription real;
    real.nodata = real_nodata;
    real.unit = "g C/m2/yr";
    RasterDescription stack = real, mean = real;
    for (std::size_t i = 0; i < steps_; ++i)
        stack.bands.push_back(options_.years.empty() ? "NEP, step " + year_name(i) : "NEP, " + year_name(i));
    mean.bands = {"mean NEP"};
    RasterDescription coded;
    coded.type = GDT_Byte;
    coded.bands = {"class of the mean NEP"};
    for (const auto& entry : classes_) coded.style.classes.push_back({entry.code, entry.name, entry.colour});
    nep_sink_ = add(run_.raster(options_.nep, stack));
    mean_sink_ = add(run_.raster(options_.mean_nep, mean));
    class_sink_ = add(run_.raster(options_.classes, coded));
    Totals empty;
    const AreaMean none(run_.areas().varying());
    empty.years.assign(steps_, none);
    empty.by_class.assign(classes_.size(), none);
    empty.all = empty.sinks = none;
    empty.nep.resize(steps_);
    Totals totals = run_.reduce(
        layers_, empty, [&](Totals& state, Block& block) { compute(state, block); }, sinks_);
    if (totals.all.count() == 0)
        throw wrong("npp",
                    "no cell has NPP and respiration in " +
                        (min_valid_ == steps_ ? std::string("all years; give MIN_VALID to accept cells with gaps")
                                              : "at least " + std::to_string(min_valid_) + " years") +
                        ", and check NoData and units");
    for (const auto& index : {nep_sink_, mean_sink_})
        if (index) sinks_[*index]->set_ramp(diverging_ramp_of(totals.spread));
    return totals;
}

void Work::compute(Totals& state, Block& block) {
    const std::size_t cells = block.cells();
    const CellAreas& areas = run_.areas();
    std::vector<double> sums(cells, 0.0);
    std::vector<std::uint32_t> valid(cells, 0);
    for (std::size_t step = 0; step < steps_; ++step) {
        auto& nep = state.nep[step];
        nep.resize(cells);
        nep_of(block.values<float>(step), block.values<float>(steps_ + step), cells, readings_[step], nodata,
               nep.data());
        state.years[step].add(block, areas, nep.data(), nodata);
        for (std::size_t i = 0; i < cells; ++i) {
            const bool is = nep[i] != nodata;
            sums[i] += is ? static_cast<double>(nep[i]) : 0.0;
            valid[i] += is;
        }
        if (nep_sink_) std::copy_n(nep.data(), cells, block.output<float>(*nep_sink_, step));
    }
    state.mean.resize(cells);
    for (std::size_t i = 0; i < cells; ++i)
        state.mean[i] = valid[i] >= min_valid_ && valid[i] > 0 ? static_cast<float>(sums[i] / valid[i]) : nodata;
    state.all.add(block, areas, state.mean.data(), nodata);
    state.spread.add(state.mean.data(), cells, nodata);
    const auto add_part = [&](AreaMean& part, double lower, double upper) {
        state.part.resize(cells);
        for (std::size_t i = 0; i < cells; ++i) {
            const auto value = static_cast<double>(state.mean[i]);
            state.part[i] = value >= lower && value < upper ? state.mean[i] : nodata;
        }
        part.add(block, areas, state.part.data(), nodata);
    };
    add_part(state.sinks, 0, std::numeric_limits<double>::infinity());
    for (std::size_t k = 0; k < classes_.size(); ++k) add_part(state.by_class[k], classes_[k].lower, classes_[k].upper);
    if (mean_sink_) std::copy_n(state.mean.data(), cells, block.output<float>(*mean_sink_));
    if (!class_sink_) return;
    auto* const codes = block.output<std::uint8_t>(*class_sink_);
    for (std::size_t i = 0; i < cells; ++i) {
        std::uint8_t code = 0;
        if (state.mean[i] != nodata)
            for (const auto& entry : classes_)
                if (static_cast<double>(state.mean[i]) >= entry.lower) code = static_cast<std::uint8_t>(entry.code);
        codes[i] = code;
    }
}

void Work::set_numbers(const Totals& totals) {
    options_.mean = totals.all.mean();
    options_.total_t = tonnes(totals.all);
    const double sinks = area(totals.sinks).hectares(), all = area(totals.all).hectares();
    options_.sink_share = sinks / all;
    options_.source_share = (area(totals.all) - area(totals.sinks)).hectares() / all;
}

void Work::write_tables(const Totals& totals) {
    using Type = OutputTable::Type;
    const double all = area(totals.all).hectares();
    OutputTable by_class({{"class", Type::integer},
                          {"name", Type::text},
                          {"from_gc_m2", Type::real},
                          {"to_gc_m2", Type::real},
                          {"cells", Type::integer},
                          {"area_ha", Type::real},
                          {"share", Type::real},
                          {"mean_gc_m2", Type::real},
                          {"total_t", Type::real}});
    for (std::size_t k = 0; k < classes_.size(); ++k) {
        const AreaMean& part = totals.by_class[k];
        const auto mean = part.mean();
        std::vector<Cell> row(9);
        row[0] = classes_[k].code;
        row[1] = classes_[k].name;
        if (std::isfinite(classes_[k].lower)) row[2] = classes_[k].lower;
        if (std::isfinite(classes_[k].upper)) row[3] = classes_[k].upper;
        row[4] = part.count();
        row[5] = area(part).hectares();
        row[6] = area(part).hectares() / all;
        if (mean) row[7] = *mean;
        row[8] = tonnes(part);
        by_class.add(std::move(row));
    }
    run_.write(options_.by_class, by_class);
    OutputTable by_year({{"step", Type::integer},
                         {"year", Type::real},
                         {"cells", Type::integer},
                         {"area_ha", Type::real},
                         {"mean_gc_m2", Type::real},
                         {"total_t", Type::real}});
    for (std::size_t i = 0; i < steps_; ++i) {
        const AreaMean& part = totals.years[i];
        const auto mean = part.mean();
        std::vector<Cell> row(6);
        row[0] = static_cast<std::int64_t>(i + 1);
        if (!options_.years.empty()) row[1] = times_[i];
        row[2] = part.count();
        row[3] = area(part).hectares();
        if (mean) {
            row[4] = *mean;
            row[5] = tonnes(part);
        }
        by_year.add(std::move(row));
    }
    run_.write(options_.by_year, by_year);
}

void Work::write_report(const Totals& totals) {
    if (!options_.report.wanted()) return;
    Report report("Net ecosystem productivity", options_.years.empty() && steps_ > 1 ? std::to_string(steps_) + " years"
                                                : options_.years.empty()             ? "One year"
                                                                                     : times_text(times_, true));
    const TonneUnit unit = handy_tonnes(*options_.total_t);
    report.number("Mean NEP", format_value(*options_.mean, 4), "g C/m2 a year", "Over the area of all valid cells")
        .number(*options_.total_t < 0 ? "Given off" : "Taken up",
                format_value(std::abs(*options_.total_t) / unit.tonnes, 4), std::string(unit.name) + " a year",
                "Mean NEP times area")
        .number("Sink", format_percent(*options_.sink_share), "of the area", "Mean NEP of 0 and above")
        .number("Source", format_percent(*options_.source_share), "of the area", "Mean NEP below 0")
        .number("Area", format_value(area(totals.all).hectares(), 6), "ha", "Cells that count");
    report.section("Sources and sinks");
    std::vector<ClassShare> shares;
    TableData table{{text_column("Class"), number_column("Area", "ha"), number_column("Share of the area"),
                     number_column("Mean NEP", "g C/m2"), number_column("NEP", std::string(unit.name) + " a year")},
                    {},
                    {},
                    true};
    const double all = area(totals.all).hectares();
    for (std::size_t k = 0; k < classes_.size(); ++k) {
        const AreaMean& part = totals.by_class[k];
        const double hectares = area(part).hectares();
        shares.push_back({classes_[k].name, classes_[k].colour, hectares / all * 100});
        table.row_colours.push_back(classes_[k].colour);
        table.rows.push_back({classes_[k].name, format_grouped(hectares, 1), format_percent(hectares / all),
                              part.mean() ? format_value(*part.mean(), 4) : "",
                              format_value(tonnes(part) / unit.tonnes, 4)});
    }
    table.rows.push_back({"All classes", format_grouped(all, 1), format_percent(1), format_value(*options_.mean, 4),
                          format_value(*options_.total_t / unit.tonnes, 4)});
    table.row_colours.push_back("");
    report.figure(bar_chart(class_shares_chart(shares)),
                  "Area of each class of the mean NEP; bounds in g C/m2 a year.");
    report.table(table, "Classes of the mean NEP");
    HistogramChart spread = histogram_of(totals.spread);
    spread.x_title = "Mean NEP, g C/m2 a year";
    spread.reference_lines = {{*options_.mean, "mean"}};
    report.figure(histogram(spread),
                  "How the mean NEP of the cells is spread; cells beyond the outer 0.1 % count in the outer bins.");
    if (steps_ > 1) {
        report.section("Year by year");
        LineChart chart;
        LineSeries line{"NEP", times_, {}, {}, {}, "#01665e", false, true};
        for (const auto& year : totals.years)
            line.y.push_back(year.mean().value_or(std::numeric_limits<double>::quiet_NaN()));
        chart.series = {line};
        chart.x_title = "Year";
        chart.value_title = "Mean NEP";
        chart.unit = "g C/m2";
        chart.from_zero = true;
        report.figure(line_chart(chart), "Mean NEP of each year over the cells that are valid in that year.");
        TableData years{{text_column("Year"), number_column("Mean NEP", "g C/m2"), number_column("Valid area", "ha"),
                         number_column("NEP", unit.name)},
                        {},
                        {},
                        false};
        for (std::size_t i = 0; i < steps_; ++i) {
            const AreaMean& part = totals.years[i];
            years.rows.push_back({year_name(i), part.mean() ? format_value(*part.mean(), 4) : "",
                                  format_grouped(area(part).hectares(), 1),
                                  part.mean() ? format_value(tonnes(part) / unit.tonnes, 4) : ""});
        }
        report.table(years, "NEP by year");
    }
    run_.write(options_.report, std::move(report));
}

void Work::operator()() {
    open();
    state_conventions();
    const Totals totals = pass();
    set_numbers(totals);
    write_tables(totals);
    write_report(totals);
}

}  // namespace

void nep(NepOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
