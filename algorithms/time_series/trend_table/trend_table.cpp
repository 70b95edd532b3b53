// Land Carbon Toolbox: trends of the units of a table or vector layer: reading the series and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/trend_table/trend_table.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "engine/cell_number.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "engine/step_order.hpp"
#include "time_series/series_times.hpp"
#include "time_series/unit_trends.hpp"

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

using DatedColumn = std::pair<std::optional<double>, std::size_t>;  ///< year, column

/// Columns of years belong to one quantity, that with the most of them; what others are called goes into `remark`.
/// Where no name but its year appears twice, all are taken for one.
std::vector<DatedColumn> of_one_quantity(const InputTable& table, const std::vector<DatedColumn>& columns,
                                         std::string& remark) {
    std::map<std::string, std::vector<DatedColumn>> quantities;
    // Months, days and marks such as 2005p, 2005(E) and 2001年 are no other quantity.
    const auto quantity_of = [&](std::size_t column) {
        std::string name = name_stem(plain_name(name_without_year(table.columns()[column])));
        for (const char* sign : {"年", "度", "月", "日"})
            for (auto at = name.find(sign); at != std::string::npos; at = name.find(sign))
                name.erase(at, std::string_view(sign).size());
        return name.size() == 1 ? std::string() : name;
    };
    for (const auto& column : columns) quantities[quantity_of(column.second)].push_back(column);
    const auto most = std::max_element(quantities.begin(), quantities.end(),
                                       [](const auto& a, const auto& b) { return a.second.size() < b.second.size(); });
    if (quantities.size() < 2 || most->second.size() < 2) return columns;
    std::vector<std::string> others;
    for (const auto& [name, some] : quantities) {
        if (name == most->first) continue;
        if (some.size() == most->second.size())
            table.reject("the columns of years are of several quantities, such as \"" +
                         table.columns()[most->second[0].second] + "\" and \"" + table.columns()[some[0].second] +
                         "\"; name those of one in VALUE_FIELDS");
        for (const auto& column : some) others.push_back(table.columns()[column.second]);
    }
    remark = "the columns from \"" + table.columns()[most->second.front().second] + "\" to \"" +
             table.columns()[most->second.back().second] + "\" are taken for the series; " + listed(quoted(others), 5) +
             " are of other quantities and not used. To choose, name the columns in VALUE_FIELDS";
    return most->second;
}

/// The column that holds a year or date in each row; empty where there is none.
std::string column_of_years(const InputTable& table) {
    if (std::string named = guess_year_field(table.columns()); !named.empty()) return named;
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
        bool all = !table.columns()[c].empty();
        for (std::size_t row = 0; row < table.rows() && all; ++row) {
            const auto year = read_cell_year(table.text(row, c));
            all = year && *year >= 1000 && *year <= 2999 && *year == std::floor(*year);
        }
        if (all) return table.columns()[c];
    }
    return {};
}

std::string advice_on_layout(const InputTable& table) {
    const std::string years = column_of_years(table);
    if (years.empty()) return "name the columns of the years in VALUE_FIELDS";
    return "\"" + years +
           "\" holds a year in each row: with one row for each unit and year, say LAYOUT=rows, and name "
           "it in YEAR_FIELD. Else name the columns of the years in VALUE_FIELDS";
}

/// Units with more than one row, which count as different ones; empty where there are none.
std::string repeated_units(const UnitPanel& panel) {
    std::map<std::string, std::size_t> rows;
    for (const auto& unit : panel.units)
        if (!unit.name.empty()) ++rows[unit.name];
    std::vector<std::string> repeated;
    for (const auto& [name, count] : rows)
        if (count > 1) repeated.push_back("\"" + name + "\" (" + counted(count, "row") + ")");
    if (repeated.empty()) return {};
    return listed(repeated, 5) + (repeated.size() == 1 ? " stands" : " stand") +
           " in the table more than once; each row counts as a unit of its own";
}

UnitSeries from_columns(const InputTable& table, const TrendTableOptions& options) {
    UnitSeries series;
    std::vector<DatedColumn> columns;
    if (options.value_fields.empty()) {
        for (std::size_t c = 0; c < table.columns().size(); ++c)
            if (const auto year = year_in_name(table.columns()[c])) columns.emplace_back(year, c);
        columns = of_one_quantity(table, columns, series.remark);
        if (columns.empty()) table.reject("no column's name holds a year; " + advice_on_layout(table));
        std::stable_sort(columns.begin(), columns.end(),
                         [](const auto& a, const auto& b) { return *a.first < *b.first; });
    } else
        for (const std::size_t column : table.columns_called(options.value_fields))
            columns.emplace_back(year_in_name(table.columns()[column]), column);
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
        // npp_1204 among npp_2003 and npp_2005: a slip of the finger.
        constexpr double longest = 500;
        const double middle = times[times.size() / 2];
        for (const auto& [year, column] : columns)
            if (std::abs(*year - middle) > longest)
                table.reject("\"" + table.columns()[column] + "\" holds the year " + number_text(*year) +
                             ", the other columns years about " + number_text(middle) +
                             "; mend it, or name the columns in VALUE_FIELDS and their years in YEARS");
    } else
        times = series_times(years, columns.size(), "years");
    std::vector<std::optional<std::size_t>> places;
    for (const auto& [year, column] : columns) places.emplace_back(column);
    const UnitPanel panel = panel_of_columns(table, options.unit_field, times, {places}, false);
    add_series(series, panel);
    if (const std::string repeated = options.unit_field.empty() ? "" : repeated_units(panel); !repeated.empty())
        series.remark += (series.remark.empty() ? "" : "; ") + repeated;
    const std::string name = name_without_year(table.columns()[columns.front().second]);
    // What is left of 2001/12/31 and 2001.0 is no quantity.
    const bool is_quantity = std::any_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
    });
    const bool common = std::all_of(columns.begin(), columns.end(), [&](const auto& c) {
        return c.first && name_without_year(table.columns()[c.second]) == name;
    });
    series.quantities = {common && is_quantity ? name : ""};
    return series;
}

UnitSeries from_rows(const InputTable& table, const TrendTableOptions& options) {
    UnitSeries series;
    series.quantities =
        options.value_fields.empty() ? std::vector<std::string>{options.value_field} : options.value_fields;
    const UnitPanel panel = panel_of_rows(table, options.unit_field, options.year_field, series.quantities);
    series.remark = units_alike(panel);
    add_series(series, panel);
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
    void report_quantity(Report& report, std::size_t quantity) const;
    bool several() const { return trends_.size() > 1; }
    const char* counted() const { return several() ? "series" : "units"; }
    std::string per() const { return series_.dated ? "per year" : "per step"; }
    std::size_t units() const { return series_.units.size() / series_.quantities.size(); }
    const UnitSeries::Unit& unit(std::size_t quantity, std::size_t i) const {
        return series_.units[quantity * units() + i];
    }
    Cell quantity_cell(std::size_t quantity) const {
        const std::string& name = series_.quantities[quantity];
        return name.empty() ? Cell() : Cell(name);
    }

    TrendTableOptions& options_;
    Run& run_;
    std::optional<InputTable> table_;
    UnitSeries series_;
    std::vector<UnitTrends> trends_;  ///< one for each quantity
};

void Work::compute() {
    table_ = run_.table(options_.table, true);
    series_ = read_series(*table_, options_);
    if (!series_.remark.empty()) run_.warn("TABLE: " + series_.remark);
    const TrendSettings settings = trend_settings(options_.choices, series_.times.size(), "table");
    hold_slopes(run_, series_.times.size(), 1, sizeof(double));
    TrendChoices stated = options_.choices;
    if (series_.dated && stated.years.empty()) stated.years = "those of the table";
    for (const auto& [name, text] : trend_conventions(stated, settings, series_.times)) run_.convention(name, text);
    std::size_t valid = 0, undefined = 0, with_trend = 0;
    for (std::size_t quantity = 0; quantity < series_.quantities.size(); ++quantity) {
        UnitTrends trends(options_.choices, settings, series_.times);
        for (std::size_t i = 0; i < units(); ++i) {
            run_.check_cancel();
            trends.add(unit(quantity, i).values);
        }
        valid += trends.valid();
        undefined += trends.undefined();
        trends.control_false_discoveries();
        trends_.push_back(std::move(trends));
    }
    for (std::size_t i = 0; i < units(); ++i)
        with_trend += std::any_of(trends_.begin(), trends_.end(),
                                  [&](const UnitTrends& trends) { return trends.units()[i].valid(); });
    if (valid == 0)
        table_->reject("no unit has the " + std::to_string(settings.min_valid) + " values that MIN_VALID asks for");
    if (const std::size_t without = series_.units.size() - valid; without > 0)
        run_.warn(std::to_string(without) + " " + counted() + " have fewer than " + std::to_string(settings.min_valid) +
                  " values (MIN_VALID) and no trend");
    if (undefined > 0)
        run_.warn(std::to_string(undefined) + " " + counted() +
                  " have a slope, but neither Z, p nor class: the corrected variance of S is not above zero");
    options_.units = static_cast<double>(with_trend);
    if (several()) return;
    options_.median_slope = trends_[0].median_slope();
    if (const auto largest = trends_[0].largest_significant_p()) options_.largest_significant_p = *largest;
}

void Work::write_trend() {
    std::vector<OutputTable::Column> columns = {{"unit", OutputTable::Type::text},
                                                {"quantity", OutputTable::Type::text}};
    columns.insert(columns.end(), UnitTrends::columns().begin(), UnitTrends::columns().end());
    OutputTable table(std::move(columns));
    table.crs = table_->crs();
    for (std::size_t quantity = 0; quantity < trends_.size(); ++quantity)
        for (std::size_t i = 0; i < units(); ++i) {
            std::vector<Cell> row = {unit(quantity, i).name, quantity_cell(quantity)};
            for (auto&& cell : trends_[quantity].cells(i)) row.push_back(std::move(cell));
            if (table_->has_shapes())
                table.add(std::move(row), table_->shape(unit(quantity, i).row));
            else
                table.add(std::move(row));
        }
    VectorStyle style;
    if (table_->has_shapes()) {
        style.field = "class";
        style.classes = trends_[0].classes().labels();
        if (several()) {
            // A unit has a row for each quantity: all would lie one upon another.
            const std::string& first = series_.quantities.front();
            style.expression = "CASE WHEN \"quantity\" = " + expression_text(first) + " THEN \"class\" END";
            for (ClassLabel& label : style.classes) label.name = first + ": " + label.name;
            run_.convention("style of the layer", "it shows the first quantity, " + first);
        }
    }
    run_.write(options_.trend, table, style);
}

void Work::write_summary() {
    using Type = OutputTable::Type;
    OutputTable table({{"quantity", Type::text},
                       {"version", Type::text},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"units", Type::integer},
                       {"share", Type::real}});
    std::size_t increasing = 0, decreasing = 0;
    for (std::size_t quantity = 0; quantity < trends_.size(); ++quantity) {
        const UnitTrends& trends = trends_[quantity];
        for (const bool by_rate : {false, true}) {
            if (by_rate && !trends.controlled()) break;
            for (const auto& label : trends.classes().labels()) {
                const auto count = std::count_if(
                    trends.units().begin(), trends.units().end(),
                    [&](const UnitTrend& entry) { return (by_rate ? entry.controlled : entry.code) == label.code; });
                std::vector<Cell> row(6);
                row[0] = quantity_cell(quantity);
                row[1] = std::string(by_rate ? "false-discovery rate" : "each unit");
                row[2] = label.code;
                row[3] = label.name;
                row[4] = static_cast<std::int64_t>(count);
                if (trends.valid() > 0) row[5] = static_cast<double>(count) / static_cast<double>(trends.valid());
                table.add(std::move(row));
            }
        }
        increasing += trends.significant(1);
        decreasing += trends.significant(-1);
    }
    options_.increasing = static_cast<double>(increasing);
    options_.decreasing = static_cast<double>(decreasing);
    run_.write(options_.summary, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    Report report(
        "Trend of a table",
        "Theil-Sen slope and Mann-Kendall test of " + std::to_string(units()) + " units, " +
            (several() ? landcarbon::counted(series_.quantities.size(), "quantity", "quantities") + ", " : "") +
            landcarbon::counted(series_.times.size(), "step"));
    const std::string basis = trends_[0].controlled() ? "By the false-discovery rate" : "By |Z| of each unit";
    report.number("Units", format_grouped(*options_.units, 0), "", "Units that have a trend")
        .number("Significant increase", format_grouped(*options_.increasing, 0), counted(), basis)
        .number("Significant decrease", format_grouped(*options_.decreasing, 0), counted(), basis);
    if (options_.median_slope)
        report.number("Median slope", format_value(*options_.median_slope), per(), "Of all units with a trend");
    for (std::size_t quantity = 0; quantity < trends_.size(); ++quantity) report_quantity(report, quantity);
    run_.write(options_.report, std::move(report));
}

void Work::report_quantity(Report& report, std::size_t quantity) const {
    const UnitTrends& trends = trends_[quantity];
    report.section(several() ? series_.quantities[quantity] : "Units");
    std::vector<std::string> names;
    for (std::size_t i = 0; i < units(); ++i) names.push_back(unit(quantity, i).name);
    const std::vector<std::size_t> order = trends.by_slope();
    report.figure(
        trends.slope_bars(names, per()),
        std::string("Theil-Sen slope of ") +
            (order.size() > UnitTrends::most_bars ? "the 20 units that rise and the 20 that fall most" : "each unit") +
            ", in the colour of its class.");
    TableData table{{text_column("Unit"), number_column("Slope", per()), number_column("Lower"), number_column("Upper"),
                     number_column("Z"), number_column("p"), number_column("Steps"), text_column("Class")},
                    {},
                    {},
                    false};
    for (const std::size_t i : order) {
        const SeriesTrend& t = trends.units()[i].trend;
        table.rows.push_back({names[i], format_value(t.slope), format_value(t.lower), format_value(t.upper),
                              format_grouped(t.z, 2), format_probability(t.p), format_grouped(t.n, 0),
                              trends.class_name(i)});
        table.row_colours.push_back(trends.colour(i));
    }
    report.table(table, "Trends, the steepest rise first");
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
