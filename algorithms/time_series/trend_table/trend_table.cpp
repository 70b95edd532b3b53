// Land Carbon Toolbox: trends of the units of a table or vector layer: reading the series and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_table/trend_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// Lays out the panel's records as series that are as long as its times.
void add_series(UnitSeries& series, const UnitPanel& panel) {
    series.times = panel.times;
    for (std::size_t quantity = 0; quantity < panel.values.size(); ++quantity)
        for (const auto& unit : panel.units) {
            UnitSeries::Unit entry{unit.name, std::vector<double>(panel.times.size(), gap), unit.row, quantity};
            for (std::size_t i = unit.first; i < unit.end; ++i)
                entry.values[panel.time_of[i]] = panel.values[quantity][i];
            series.units.push_back(std::move(entry));
        }
}

UnitSeries from_columns(const InputTable& table, const TrendTableOptions& options) {
    std::vector<std::pair<std::optional<double>, std::size_t>> columns;  // year, column
    if (options.value_fields.empty()) {
        for (std::size_t c = 0; c < table.columns().size(); ++c)
            if (const auto year = year_in_name(table.columns()[c])) columns.emplace_back(year, c);
        if (columns.empty())
            table.reject("no column's name holds a year; name the columns of the years in VALUE_FIELDS");
        std::stable_sort(columns.begin(), columns.end(),
                         [](const auto& a, const auto& b) { return *a.first < *b.first; });
    } else
        for (const auto& field : options.value_fields) columns.emplace_back(year_in_name(field), table.column(field));
    UnitSeries series;
    const bool named = std::all_of(columns.begin(), columns.end(), [](const auto& c) { return c.first.has_value(); });
    std::string years = options.choices.years;
    series.dated = named || !years.empty();
    std::vector<double> times;
    if (years.empty() && named) {
        for (const auto& [year, column] : columns) {
            if (!times.empty() && *year <= times.back())
                table.reject("the years in the names of the columns do not increase: \"" + table.columns()[column] +
                             "\" follows " + number_text(times.back()) +
                             "; name one column for each year in VALUE_FIELDS, in the order of time");
            times.push_back(*year);
        }
    } else
        times = series_times(years, columns.size(), "years");
    std::vector<std::optional<std::size_t>> places;
    for (const auto& [year, column] : columns) places.emplace_back(column);
    add_series(series, panel_of_columns(table, options.unit_field, times, {places}, false));
    const std::string name = name_without_year(table.columns()[columns.front().second]);
    const bool common = std::all_of(columns.begin(), columns.end(), [&](const auto& c) {
        return c.first && name_without_year(table.columns()[c.second]) == name;
    });
    series.quantities = {common ? name : ""};
    return series;
}

UnitSeries from_rows(const InputTable& table, const TrendTableOptions& options) {
    UnitSeries series;
    series.quantities =
        options.value_fields.empty() ? std::vector<std::string>{options.value_field} : options.value_fields;
    add_series(series, panel_of_rows(table, options.unit_field, options.year_field, series.quantities));
    return series;
}

}  // namespace

UnitSeries read_series(const InputTable& table, const TrendTableOptions& options) {
    return options.layout == SeriesLayout::rows ? from_rows(table, options) : from_columns(table, options);
}

namespace {

class Work {
public:
    Work(TrendTableOptions& options, Run& run) : options_(options), run_(run), classes_(options.choices) {}
    void operator()();

private:
    void compute();
    void control_false_discoveries();
    void write_trend();
    void write_summary();
    void write_report();
    void report_quantity(Report& report, std::size_t quantity) const;
    bool controlled() const { return options_.choices.false_discovery != FalseDiscovery::none; }
    bool several() const { return series_.quantities.size() > 1; }
    std::string per() const { return series_.dated ? "per year" : "per step"; }

    struct Result {
        SeriesTrend trend;
        int code = TrendClasses::none;
        int controlled = TrendClasses::none;
        bool valid() const { return !std::isnan(trend.slope); }
        int last(bool by_rate) const { return by_rate ? controlled : code; }
    };

    TrendTableOptions& options_;
    Run& run_;
    TrendClasses classes_;
    /// The results of one quantity, in the order of the units.
    std::span<const Result> results_of(std::size_t quantity) const {
        const std::size_t units = results_.size() / series_.quantities.size();
        return std::span(results_).subspan(quantity * units, units);
    }

    std::optional<InputTable> table_;
    UnitSeries series_;
    std::vector<Result> results_;
};

void Work::compute() {
    table_.emplace("table", options_.table.path, true);
    series_ = read_series(*table_, options_);
    const TrendSettings settings = trend_settings(options_.choices, series_.times.size(), "table");
    TrendChoices stated = options_.choices;
    if (series_.dated && stated.years.empty()) stated.years = "those of the table";
    for (const auto& [name, text] : trend_conventions(stated, settings, series_.times)) run_.convention(name, text);
    std::size_t without = 0, undefined = 0, valid = 0;
    std::vector<double> slopes;
    std::vector<bool> has_trend(series_.units.size() / series_.quantities.size());
    for (const auto& unit : series_.units) {
        run_.check_cancel();
        Result result{trend_of(unit.values.data(), series_.times.data(), series_.times.size(), settings)};
        // The class is that of the numbers as they stand in the table, not rounded.
        if (result.valid()) {
            result.code = result.controlled = classes_.code(result.trend.slope, result.trend.z);
            slopes.push_back(result.trend.slope);
            has_trend[results_.size() % has_trend.size()] = true;
            ++valid;
            undefined += std::isnan(result.trend.z);
        } else
            ++without;
        results_.push_back(result);
    }
    if (valid == 0)
        table_->reject("no unit has the " + std::to_string(settings.min_valid) + " values that MIN_VALID asks for");
    if (without > 0)
        run_.warn(std::to_string(without) + (several() ? " series" : " units") + " have fewer than " +
                  std::to_string(settings.min_valid) + " values (MIN_VALID) and no trend");
    if (undefined > 0)
        run_.warn(std::to_string(undefined) + (several() ? " series" : " units") +
                  " have a slope, but neither Z, p nor class: the corrected variance of S is not above zero");
    std::sort(slopes.begin(), slopes.end());
    options_.units = static_cast<double>(std::count(has_trend.begin(), has_trend.end(), true));
    // Slopes of different quantities have different units.
    if (!several()) options_.median_slope = 0.5 * (slopes[(valid - 1) / 2] + slopes[valid / 2]);
}

void Work::control_false_discoveries() {
    std::vector<float> p;
    for (const auto& result : results_) p.push_back(static_cast<float>(result.trend.p));
    PValueCounts bins;
    bins.add(p.data(), p.size());
    FalseDiscoverySearch search(bins, options_.choices.false_discovery, options_.choices.false_discovery_rate);
    while (!search.wanted().empty()) {
        PValueCounts exact(search.wanted());
        exact.add(p.data(), p.size());
        search.look_into(exact);
    }
    const auto largest = search.largest_significant();
    if (largest) options_.largest_significant_p = *largest;
    for (std::size_t i = 0; i < results_.size(); ++i)
        if (!(largest && p[i] <= *largest)) results_[i].controlled = TrendClasses::weakened(results_[i].code);
}

void Work::write_trend() {
    using Type = OutputTable::Type;
    OutputTable table({{"unit", Type::text},
                       {"quantity", Type::text},
                       {"slope", Type::real},
                       {"intercept", Type::real},
                       {"z", Type::real},
                       {"p", Type::real},
                       {"tau", Type::real},
                       {"s", Type::real},
                       {"n", Type::integer},
                       {"lower", Type::real},
                       {"upper", Type::real},
                       {"class", Type::integer},
                       {"class_name", Type::text},
                       {"class_fdr", Type::integer}});
    table.crs = table_->crs();
    for (std::size_t i = 0; i < results_.size(); ++i) {
        const Result& result = results_[i];
        const SeriesTrend& t = result.trend;
        std::vector<Cell> row(14);
        row[0] = series_.units[i].name;
        if (const auto& quantity = series_.quantities[series_.units[i].quantity]; !quantity.empty()) row[1] = quantity;
        const double numbers[] = {t.slope, t.intercept, t.z, t.p, t.tau, t.s};
        for (std::size_t k = 0; k < 6; ++k)
            if (!std::isnan(numbers[k])) row[2 + k] = numbers[k];
        if (result.valid()) row[8] = static_cast<std::int64_t>(t.n);
        if (!std::isnan(t.lower)) row[9] = t.lower;
        if (!std::isnan(t.upper)) row[10] = t.upper;
        if (result.code != TrendClasses::none) {
            row[11] = std::int64_t{result.code};
            row[12] = classes_.labels()[static_cast<std::size_t>(result.code + classes_.top())].name;
            if (controlled()) row[13] = std::int64_t{result.controlled};
        }
        if (table_->has_shapes())
            table.add(std::move(row), table_->shape(series_.units[i].row));
        else
            table.add(std::move(row));
    }
    VectorStyle style;
    if (table_->has_shapes()) {
        style.field = "class";
        style.classes = classes_.labels();
    }
    run_.write("trend", options_.trend, table, style);
}

void Work::write_summary() {
    using Type = OutputTable::Type;
    OutputTable table({{"quantity", Type::text},
                       {"version", Type::text},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"units", Type::integer},
                       {"share", Type::real}});
    double increasing = 0, decreasing = 0;
    for (std::size_t quantity = 0; quantity < series_.quantities.size(); ++quantity)
        for (const bool by_rate : {false, true}) {
            if (by_rate && !controlled()) break;
            const bool last = by_rate == controlled();  // the version that the numbers are of
            double valid = 0;
            for (const auto& result : results_of(quantity)) valid += result.valid();
            for (const auto& label : classes_.labels()) {
                std::int64_t units = 0;
                for (const auto& result : results_of(quantity)) units += result.last(by_rate) == label.code;
                if (last && label.code > 1) increasing += static_cast<double>(units);
                if (last && label.code < -1) decreasing += static_cast<double>(units);
                std::vector<Cell> row(6);
                if (const auto& name = series_.quantities[quantity]; !name.empty()) row[0] = name;
                row[1] = std::string(by_rate ? "false-discovery rate" : "each unit");
                row[2] = label.code;
                row[3] = label.name;
                row[4] = units;
                if (valid > 0) row[5] = static_cast<double>(units) / valid;
                table.add(std::move(row));
            }
        }
    options_.increasing = increasing;
    options_.decreasing = decreasing;
    run_.write("summary", options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    const std::size_t units = results_.size() / series_.quantities.size();
    Report report("Trend of a table",
                  "Theil-Sen slope and Mann-Kendall test of " + std::to_string(units) + " units, " +
                      (several() ? std::to_string(series_.quantities.size()) + " quantities, " : "") +
                      std::to_string(series_.times.size()) + " steps");
    const std::string basis = controlled() ? "By the false-discovery rate" : "By |Z| of each unit";
    const char* const counted = several() ? "series" : "units";
    report.number("Units", format_grouped(*options_.units, 0), "", "Units that have a trend")
        .number("Significant increase", format_grouped(*options_.increasing, 0), counted, basis)
        .number("Significant decrease", format_grouped(*options_.decreasing, 0), counted, basis);
    if (options_.median_slope)
        report.number("Median slope", format_value(*options_.median_slope), per(), "Of all units with a trend");
    for (std::size_t quantity = 0; quantity < series_.quantities.size(); ++quantity) report_quantity(report, quantity);
    run_.write("report", options_.report, std::move(report));
}

void Work::report_quantity(Report& report, std::size_t quantity) const {
    // The steepest slopes when there are too many for one chart.
    const std::size_t units = results_.size() / series_.quantities.size();
    std::vector<std::size_t> order;
    for (std::size_t i = quantity * units; i < (quantity + 1) * units; ++i)
        if (results_[i].valid()) order.push_back(i);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return results_[a].trend.slope > results_[b].trend.slope; });
    constexpr std::size_t most_bars = 40;
    std::vector<std::size_t> drawn = order;
    if (drawn.size() > most_bars) {
        drawn.resize(most_bars / 2);
        drawn.insert(drawn.end(), order.end() - most_bars / 2, order.end());
    }
    const auto colour = [&](const Result& result) {
        return result.code == TrendClasses::none
                   ? std::string("#9e9e9e")
                   : classes_.labels()[static_cast<std::size_t>(result.last(controlled()) + classes_.top())].colour;
    };
    const auto name = [&](const Result& result) {
        return result.code == TrendClasses::none
                   ? std::string("not defined")
                   : classes_.labels()[static_cast<std::size_t>(result.last(controlled()) + classes_.top())].name;
    };
    report.section(several() ? series_.quantities[quantity] : "Units");
    BarChart chart;
    chart.horizontal = true;
    chart.value_title = "Slope " + per();
    BarSeries bars{"Slope", {}, "", {}};
    for (const std::size_t i : drawn) {
        chart.categories.push_back(series_.units[i].name);
        chart.category_colours.push_back(colour(results_[i]));
        bars.values.push_back(results_[i].trend.slope);
    }
    chart.series.push_back(std::move(bars));
    report.figure(bar_chart(chart),
                  std::string("Theil-Sen slope of ") +
                      (drawn.size() < order.size() ? "the 20 units that rise and the 20 that fall most" : "each unit") +
                      ", in the colour of its class.");
    TableData table{{text_column("Unit"), number_column("Slope", per()), number_column("Lower"), number_column("Upper"),
                     number_column("Z"), number_column("p"), number_column("Steps"), text_column("Class")},
                    {},
                    {},
                    false};
    for (const std::size_t i : order) {
        const SeriesTrend& t = results_[i].trend;
        table.rows.push_back({series_.units[i].name, format_value(t.slope), format_value(t.lower),
                              format_value(t.upper), format_grouped(t.z, 2), format_number(t.p, 3),
                              format_grouped(t.n, 0), name(results_[i])});
        table.row_colours.push_back(colour(results_[i]));
    }
    report.table(table, "Trends, the steepest rise first");
}

void Work::operator()() {
    compute();
    if (controlled()) control_false_discoveries();
    write_trend();
    write_summary();
    write_report();
}

}  // namespace

void trend_table(TrendTableOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
