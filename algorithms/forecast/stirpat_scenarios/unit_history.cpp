// Land Carbon Toolbox: STIRPAT scenarios: what the table of units tells: values of the first year, and D, min and max.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/unit_history.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include "spec/values.hpp"

namespace landcarbon {

std::optional<ScenarioWords> growth_words(const std::vector<YearValue>& values, MeanRate mean) {
    if (values.size() < 2) return std::nullopt;
    const auto rate = [](const YearValue& before, const YearValue& after) {
        const int years = after.year - before.year;
        const double ratio = after.value / before.value;
        return (years == 1 ? ratio : std::pow(ratio, 1.0 / years)) - 1;
    };
    ScenarioWords words;
    double sum = 0;
    for (std::size_t i = 1; i < values.size(); ++i) {
        const double growth = rate(values[i - 1], values[i]);
        words.low = i == 1 ? growth : std::min(words.low, growth);
        words.high = i == 1 ? growth : std::max(words.high, growth);
        sum += growth * (values[i].year - values[i - 1].year);
    }
    words.d = mean == MeanRate::compound ? rate(values.front(), values.back())
                                         : sum / (values.back().year - values.front().year);
    return words;
}

ScenarioWords value_words(const std::vector<YearValue>& values) {
    ScenarioWords words{0, values.front().value, values.front().value};
    for (const auto& entry : values) {
        words.d += entry.value;
        words.low = std::min(words.low, entry.value);
        words.high = std::max(words.high, entry.value);
    }
    words.d /= static_cast<double>(values.size());
    return words;
}

namespace {

struct UnitRow {
    std::size_t unit;
    int year;
    std::size_t row;
};

/// The rows by unit, in the order in which units first stand in the table, and by year.
std::vector<UnitRow> rows_by_unit(const InputTable& table, const HistoryRequest& request) {
    std::unordered_map<std::string_view, std::size_t> known;
    std::vector<UnitRow> rows;
    rows.reserve(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view name = trimmed(table.text(row, request.unit_column));
        if (name.empty()) table.reject(row, request.unit_column, "the cell is empty; every row needs a unit");
        const double read = table.required_year(row, request.year_column);
        if (read != std::floor(read))
            table.reject(row, request.year_column, number_text(read) + " is not a whole year");
        const auto year = static_cast<std::int64_t>(std::clamp(read, -1e9, 1e9));
        if (year < 1000 || year > 3000)
            table.reject(row, request.year_column, std::to_string(year) + " is not a year from 1000 to 3000");
        rows.push_back({known.emplace(name, known.size()).first->second, static_cast<int>(year), row});
    }
    std::stable_sort(rows.begin(), rows.end(), [](const UnitRow& a, const UnitRow& b) {
        return a.unit != b.unit ? a.unit < b.unit : a.year < b.year;
    });
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i].unit == rows[i - 1].unit && rows[i].year == rows[i - 1].year)
            table.reject(rows[i].row, request.year_column,
                         "unit \"" + std::string(trimmed(table.text(rows[i].row, request.unit_column))) + "\" has " +
                             std::to_string(rows[i].year) + " twice");
    return rows;
}

}  // namespace

UnitHistories read_histories(const InputTable& table, const HistoryRequest& request) {
    const std::vector<UnitRow> rows = rows_by_unit(table, request);
    UnitHistories result;
    result.earliest = request.start;
    std::vector<std::vector<YearValue>> series(request.columns.size());
    for (std::size_t first = 0; first < rows.size();) {
        std::size_t end = first;
        while (end < rows.size() && rows[end].unit == rows[first].unit) ++end;
        UnitHistory unit;
        unit.name = trimmed(table.text(rows[first].row, request.unit_column));
        std::optional<std::size_t> start;
        for (auto& values : series) values.clear();
        for (std::size_t i = first; i < end; ++i) {
            if (rows[i].year > request.start) {
                ++result.later_rows;
                continue;
            }
            result.earliest = std::min(result.earliest, rows[i].year);
            if (rows[i].year == request.start) start = rows[i].row;
            for (std::size_t c = 0; c < series.size(); ++c)
                if (const auto value = table.number(rows[i].row, request.columns[c]))
                    series[c].push_back({rows[i].year, *value, rows[i].row});
        }
        if (!start)
            table.reject(rows[first].row, request.unit_column,
                         "unit \"" + unit.name + "\" has no row for " + std::to_string(request.start) +
                             ", the year that the scenarios begin with; add or interpolate it");
        unit.row = *start;
        for (std::size_t c = 0; c < series.size(); ++c) {
            const auto& values = series[c];
            if (values.empty() || values.back().row != *start)
                table.reject(
                    *start, request.columns[c],
                    "unit \"" + unit.name + "\" needs a number here, in the year that the scenarios begin with");
            unit.start.push_back(values.back().value);
            if (c >= request.variables.size()) continue;
            const ScenarioVariable& variable = request.variables[c];
            if (variable.kind == RuleKind::threshold) {
                unit.words.push_back(value_words(values));
                continue;
            }
            // Rates are looked at only where a formula asks for them.
            if (variable.has_words)
                for (const auto& entry : values)
                    if (!(entry.value > 0))
                        table.reject(entry.row, request.columns[c],
                                     "D, min and max of growth rates need values above zero");
            unit.words.push_back(variable.has_words ? growth_words(values, request.mean) : ScenarioWords{});
        }
        result.units.push_back(std::move(unit));
        first = end;
    }
    return result;
}

}  // namespace landcarbon
