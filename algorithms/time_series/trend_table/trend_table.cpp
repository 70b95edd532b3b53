// Land Carbon Toolbox: trends of the units of a table or vector layer: reading the series and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_table/trend_table.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"

namespace landcarbon {

std::optional<double> year_in_name(const std::string& name) {
    const auto digit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(name[i])) != 0; };
    for (std::size_t end = name.size(); end >= 4; --end) {
        const std::size_t start = end - 4;
        const bool alone = (end == name.size() || !digit(end)) && (start == 0 || !digit(start - 1));
        if (!alone || !(digit(start) && digit(start + 1) && digit(start + 2) && digit(start + 3))) continue;
        const auto year = parse_integer(name.substr(start, 4));
        if (year && *year >= 1000 && *year < 3000) return static_cast<double>(*year);
    }
    return std::nullopt;
}

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

double value_or_gap(const InputTable& table, std::size_t row, std::size_t column) {
    return table.number(row, column).value_or(gap);
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
    if (years.empty() && named) {
        for (const auto& [year, column] : columns) {
            if (!series.times.empty() && *year <= series.times.back())
                table.reject("the years in the names of the columns do not increase: \"" + table.columns()[column] +
                             "\" follows " + number_text(series.times.back()) +
                             "; name one column for each year in VALUE_FIELDS, in the order of time");
            series.times.push_back(*year);
        }
    } else
        series.times = series_times(years, columns.size(), "years");
    std::optional<std::size_t> unit;
    if (!options.unit_field.empty()) unit = table.column(options.unit_field);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        UnitSeries::Unit entry;
        entry.name = unit ? std::string(table.text(row, *unit)) : std::to_string(row + 1);
        entry.row = row;
        for (const auto& [year, column] : columns) entry.values.push_back(value_or_gap(table, row, column));
        series.units.push_back(std::move(entry));
    }
    return series;
}

UnitSeries from_rows(const InputTable& table, const TrendTableOptions& options) {
    const std::size_t unit = table.column(options.unit_field), year = table.column(options.year_field),
                      value = table.column(options.value_field);
    std::map<double, std::size_t> places;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        places.emplace(table.required_number(row, year), 0);
    }
    UnitSeries series;
    for (auto& [time, place] : places) {
        place = series.times.size();
        series.times.push_back(time);
    }
    std::map<std::string, std::size_t> known;
    std::vector<std::vector<bool>> seen;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string name(table.text(row, unit));
        if (name.empty()) table.reject(row, unit, "the cell is empty; every row needs a unit");
        const auto [found, fresh] = known.emplace(name, series.units.size());
        if (fresh) {
            series.units.push_back({name, std::vector<double>(series.times.size(), gap), row});
            seen.emplace_back(series.times.size());
        }
        const std::size_t place = places.at(table.required_number(row, year));
        if (seen[found->second][place]) table.reject(row, year, "unit \"" + name + "\" has this year twice");
        seen[found->second][place] = true;
        series.units[found->second].values[place] = value_or_gap(table, row, value);
    }
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
    bool controlled() const { return options_.choices.false_discovery != FalseDiscovery::none; }
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
    for (const auto& unit : series_.units) {
        run_.check_cancel();
        Result result{trend_of(unit.values.data(), series_.times.data(), series_.times.size(), settings)};
        // The class is that of the numbers as they stand in the table, not rounded.
        if (result.valid()) {
            result.code = result.controlled = classes_.code(result.trend.slope, result.trend.z);
            slopes.push_back(result.trend.slope);
            ++valid;
            undefined += std::isnan(result.trend.z);
        } else
            ++without;
        results_.push_back(result);
    }
    if (valid == 0)
        table_->reject("no unit has the " + std::to_string(settings.min_valid) + " values that MIN_VALID asks for");
    if (without > 0)
        run_.warn(std::to_string(without) + " units have fewer than " + std::to_string(settings.min_valid) +
                  " values (MIN_VALID) and no trend");
    if (undefined > 0)
        run_.warn(std::to_string(undefined) +
                  " units have a slope, but neither Z, p nor class: the corrected variance of S is not above zero");
    std::sort(slopes.begin(), slopes.end());
    options_.units = static_cast<double>(valid);
    options_.median_slope = 0.5 * (slopes[(valid - 1) / 2] + slopes[valid / 2]);
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
        std::vector<Cell> row(13);
        row[0] = series_.units[i].name;
        const double numbers[] = {t.slope, t.intercept, t.z, t.p, t.tau, t.s};
        for (std::size_t k = 0; k < 6; ++k)
            if (!std::isnan(numbers[k])) row[1 + k] = numbers[k];
        if (result.valid()) row[7] = static_cast<std::int64_t>(t.n);
        if (!std::isnan(t.lower)) row[8] = t.lower;
        if (!std::isnan(t.upper)) row[9] = t.upper;
        if (result.code != TrendClasses::none) {
            row[10] = std::int64_t{result.code};
            row[11] = classes_.labels()[static_cast<std::size_t>(result.code + classes_.top())].name;
            if (controlled()) row[12] = std::int64_t{result.controlled};
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
    OutputTable table({{"version", Type::text},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"units", Type::integer},
                       {"share", Type::real}});
    double increasing = 0, decreasing = 0;
    for (const bool by_rate : {false, true}) {
        if (by_rate && !controlled()) break;
        increasing = decreasing = 0;
        for (const auto& label : classes_.labels()) {
            const auto units = std::count_if(results_.begin(), results_.end(),
                                             [&](const Result& r) { return r.last(by_rate) == label.code; });
            if (label.code > 1) increasing += static_cast<double>(units);
            if (label.code < -1) decreasing += static_cast<double>(units);
            std::vector<Cell> row(5);
            row[0] = std::string(by_rate ? "false-discovery rate" : "each unit");
            row[1] = label.code;
            row[2] = label.name;
            row[3] = static_cast<std::int64_t>(units);
            row[4] = static_cast<double>(units) / *options_.units;
            table.add(std::move(row));
        }
    }
    options_.increasing = increasing;
    options_.decreasing = decreasing;
    run_.write("summary", options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Trend of a table", "Theil-Sen slope and Mann-Kendall test of " +
                                          std::to_string(series_.units.size()) + " units, " +
                                          std::to_string(series_.times.size()) + " steps");
    const std::string basis = controlled() ? "By the false-discovery rate" : "By |Z| of each unit";
    report.number("Units", format_grouped(*options_.units, 0), "", "Units that have a trend")
        .number("Significant increase", format_grouped(*options_.increasing, 0), "units", basis)
        .number("Significant decrease", format_grouped(*options_.decreasing, 0), "units", basis)
        .number("Median slope", format_value(*options_.median_slope), per(), "Of all units with a trend");
    // The steepest slopes when there are too many for one chart.
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < results_.size(); ++i)
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
    report.section("Units");
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
    run_.write("report", options_.report, std::move(report));
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
