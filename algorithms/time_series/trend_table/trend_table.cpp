// Land Carbon Toolbox: trends of the units of a table or vector layer: reading the series and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_table/trend_table.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>

#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "time_series/series_times.hpp"
#include "time_series/unit_trends.hpp"

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
    Work(TrendTableOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void compute();
    void write_trend();
    void write_summary();
    void write_report();
    std::string per() const { return series_.dated ? "per year" : "per step"; }

    TrendTableOptions& options_;
    Run& run_;
    std::optional<InputTable> table_;
    UnitSeries series_;
    std::optional<UnitTrends> trends_;
};

void Work::compute() {
    table_.emplace("table", options_.table.path, true);
    series_ = read_series(*table_, options_);
    const TrendSettings settings = trend_settings(options_.choices, series_.times.size(), "table");
    TrendChoices stated = options_.choices;
    if (series_.dated && stated.years.empty()) stated.years = "those of the table";
    for (const auto& [name, text] : trend_conventions(stated, settings, series_.times)) run_.convention(name, text);
    trends_.emplace(options_.choices, settings, series_.times);
    for (const auto& unit : series_.units) {
        run_.check_cancel();
        trends_->add(unit.values);
    }
    const std::size_t valid = trends_->valid();
    if (valid == 0)
        table_->reject("no unit has the " + std::to_string(settings.min_valid) + " values that MIN_VALID asks for");
    if (const std::size_t without = series_.units.size() - valid; without > 0)
        run_.warn(std::to_string(without) + " units have fewer than " + std::to_string(settings.min_valid) +
                  " values (MIN_VALID) and no trend");
    if (const std::size_t undefined = trends_->undefined(); undefined > 0)
        run_.warn(std::to_string(undefined) +
                  " units have a slope, but neither Z, p nor class: the corrected variance of S is not above zero");
    options_.units = static_cast<double>(valid);
    options_.median_slope = trends_->median_slope();
    trends_->control_false_discoveries();
    if (const auto largest = trends_->largest_significant_p()) options_.largest_significant_p = *largest;
}

void Work::write_trend() {
    std::vector<OutputTable::Column> columns = {{"unit", OutputTable::Type::text}};
    columns.insert(columns.end(), UnitTrends::columns().begin(), UnitTrends::columns().end());
    OutputTable table(std::move(columns));
    table.crs = table_->crs();
    for (std::size_t i = 0; i < series_.units.size(); ++i) {
        std::vector<Cell> row = {series_.units[i].name};
        for (auto&& cell : trends_->cells(i)) row.push_back(std::move(cell));
        if (table_->has_shapes())
            table.add(std::move(row), table_->shape(series_.units[i].row));
        else
            table.add(std::move(row));
    }
    VectorStyle style;
    if (table_->has_shapes()) {
        style.field = "class";
        style.classes = trends_->classes().labels();
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
    for (const bool by_rate : {false, true}) {
        if (by_rate && !trends_->controlled()) break;
        for (const auto& label : trends_->classes().labels()) {
            const auto units = std::count_if(
                trends_->units().begin(), trends_->units().end(),
                [&](const UnitTrend& unit) { return (by_rate ? unit.controlled : unit.code) == label.code; });
            std::vector<Cell> row(5);
            row[0] = std::string(by_rate ? "false-discovery rate" : "each unit");
            row[1] = label.code;
            row[2] = label.name;
            row[3] = static_cast<std::int64_t>(units);
            row[4] = static_cast<double>(units) / *options_.units;
            table.add(std::move(row));
        }
    }
    options_.increasing = static_cast<double>(trends_->significant(1));
    options_.decreasing = static_cast<double>(trends_->significant(-1));
    run_.write("summary", options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report("Trend of a table", "Theil-Sen slope and Mann-Kendall test of " +
                                          std::to_string(series_.units.size()) + " units, " +
                                          std::to_string(series_.times.size()) + " steps");
    const std::string basis = trends_->controlled() ? "By the false-discovery rate" : "By |Z| of each unit";
    report.number("Units", format_grouped(*options_.units, 0), "", "Units that have a trend")
        .number("Significant increase", format_grouped(*options_.increasing, 0), "units", basis)
        .number("Significant decrease", format_grouped(*options_.decreasing, 0), "units", basis)
        .number("Median slope", format_value(*options_.median_slope), per(), "Of all units with a trend");
    report.section("Units");
    std::vector<std::string> names;
    for (const auto& unit : series_.units) names.push_back(unit.name);
    const std::vector<std::size_t> order = trends_->by_slope();
    report.figure(
        trends_->slope_bars(names, per()),
        std::string("Theil-Sen slope of ") +
            (order.size() > UnitTrends::most_bars ? "the 20 units that rise and the 20 that fall most" : "each unit") +
            ", in the colour of its class.");
    TableData table{{text_column("Unit"), number_column("Slope", per()), number_column("Lower"), number_column("Upper"),
                     number_column("Z"), number_column("p"), number_column("Steps"), text_column("Class")},
                    {},
                    {},
                    false};
    for (const std::size_t i : order) {
        const SeriesTrend& t = trends_->units()[i].trend;
        table.rows.push_back({series_.units[i].name, format_value(t.slope), format_value(t.lower),
                              format_value(t.upper), format_grouped(t.z, 2), format_number(t.p, 3),
                              format_grouped(t.n, 0), trends_->class_name(i)});
        table.row_colours.push_back(trends_->colour(i));
    }
    report.table(table, "Trends, the steepest rise first");
    run_.write("report", options_.report, std::move(report));
}

void Work::operator()() {
    compute();
    write_trend();
    write_summary();
    write_report();
}

}  // namespace

void trend_table(TrendTableOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
