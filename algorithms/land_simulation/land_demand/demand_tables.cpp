// Land Carbon Toolbox: land demand: reading the matrix of transitions and the scenario.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/land_demand/demand_tables.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "engine/report/escape.hpp"
#include "spec/errors.hpp"

namespace landcarbon {
namespace {

/// The rows whose `column` holds the wanted word; all of them when there is no such column.
std::vector<std::size_t> rows_with(const InputTable& table, const char* column, std::string& wanted,
                                   const std::string& parameter) {
    std::vector<std::size_t> rows(table.rows());
    std::iota(rows.begin(), rows.end(), std::size_t{0});
    if (!table.has(column)) {
        if (!wanted.empty())
            table.reject(std::string("there is no column \"") + column + "\" to look for \"" + wanted + "\" (" +
                         parameter + ") in; is it the right table?");
        return rows;
    }
    const std::size_t place = table.column(column);
    std::set<std::string> words;
    for (const std::size_t row : rows) words.insert(std::string(trimmed(table.text(row, place))));
    if (wanted.empty() && words.size() == 1) wanted = *words.begin();
    if (words.size() > 1 && wanted.empty())
        throw UserError(parameter == "PERIOD" ? "period" : "scenario_name",
                        parameter + ": say which of " + listed(quoted({words.begin(), words.end()})) +
                            " in the column \"" + column + "\" is meant");
    if (!words.empty() && words.count(wanted) == 0)
        table.reject("the column \"" + std::string(column) + "\" has no \"" + wanted + "\" (" + parameter +
                     "); there is " + listed(quoted({words.begin(), words.end()})));
    std::erase_if(rows, [&](std::size_t row) { return trimmed(table.text(row, place)) != wanted; });
    return rows;
}

}  // namespace

TransitionTable read_transitions(const InputTable& table, const std::string& period) {
    TransitionTable result;
    result.period = period;
    const auto rows = rows_with(table, "period", result.period, "PERIOD");
    const auto columns = table.columns_of({"from", "to", "pixels"});
    const std::size_t from = columns[0], to = columns[1], pixels = columns[2];
    std::set<std::pair<std::int64_t, std::int64_t>> seen;
    double area = 0;
    bool areas_known = table.has("area_ha");
    for (const std::size_t row : rows) {
        const TransitionTable::Entry entry{table.required_integer(row, from), table.required_integer(row, to),
                                           table.required_integer(row, pixels)};
        if (entry.cells < 0) table.reject(row, pixels, "a count of cells cannot be negative");
        if (!seen.insert({entry.from, entry.to}).second)
            table.reject(row, to,
                         "the transition from class " + std::to_string(entry.from) + " to class " +
                             std::to_string(entry.to) + " appears twice");
        result.entries.push_back(entry);
        if (areas_known) {
            const auto cell = table.number(row, table.column("area_ha"));
            if (cell && *cell < 0) table.reject(row, table.column("area_ha"), "an area cannot be negative");
            areas_known = cell.has_value();
            area += cell.value_or(0);
        }
        for (const auto& [code, column] : {std::pair{entry.from, "from_name"}, std::pair{entry.to, "to_name"}})
            if (table.has(column) && !table.text(row, table.column(column)).empty())
                result.names[code] = std::string(table.text(row, table.column(column)));
    }
    if (areas_known) result.area_ha = area;
    if (std::none_of(result.entries.begin(), result.entries.end(), [](const auto& e) { return e.cells > 0; }))
        table.reject("no transition has cells");
    return result;
}

ScenarioTable::ScenarioTable(const InputTable& table, const std::string& name) : table_(table), name_(name) {
    rows_ = rows_with(table, "scenario", name_, "SCENARIO_NAME");
}

namespace {

/// Where a code stands; nothing when it is not among them.
std::optional<std::size_t> place_of(const std::vector<std::int64_t>& codes, std::int64_t code) {
    const auto found = std::lower_bound(codes.begin(), codes.end(), code);
    if (found == codes.end() || *found != code) return std::nullopt;
    return static_cast<std::size_t>(found - codes.begin());
}

}  // namespace

SquareMatrix ScenarioTable::factors(const std::vector<std::int64_t>& codes) const {
    const auto columns = table_.columns_of({"from", "to", "multiplier"});
    const std::size_t from = columns[0], to = columns[1], factor = columns[2];
    SquareMatrix result(codes.size());
    std::fill(result.entries.begin(), result.entries.end(), 1.0);
    // First and last place that a cell stands for.
    const auto range = [&](std::size_t row, std::size_t column) -> std::pair<std::size_t, std::size_t> {
        const std::string_view text = trimmed(table_.text(row, column));
        if (text.empty() || text == "*") return {0, codes.size()};
        const auto place = place_of(codes, table_.required_integer(row, column));
        if (!place) table_.reject(row, column, "neither map has this class");
        return {*place, *place + 1};
    };
    std::set<std::pair<std::pair<std::size_t, std::size_t>, std::pair<std::size_t, std::size_t>>> known;
    for (const std::size_t row : rows_) {
        const double value = table_.required_number(row, factor);
        if (!(value >= 0) || !std::isfinite(value))
            table_.reject(row, factor, "a multiplier must be a finite number that is not negative");
        const auto [first_from, last_from] = range(row, from);
        const auto [first_to, last_to] = range(row, to);
        if (!known.emplace(range(row, from), range(row, to)).second)
            table_.reject(row, factor, "the scenario has a multiplier of this transition already");
        for (std::size_t i = first_from; i < last_from; ++i)
            for (std::size_t j = first_to; j < last_to; ++j)
                if (i != j) result.at(i, j) = value;
    }
    return result;
}

std::map<double, std::map<std::int64_t, double>> ScenarioTable::areas(const std::vector<std::int64_t>& codes,
                                                                      std::optional<double> cell_ha,
                                                                      double year) const {
    const bool by_cells = table_.has("cells");
    if (!by_cells && !cell_ha)
        table_.reject("areas in ha cannot be turned into cells, since MATRIX tells no area_ha; give a column cells");
    const auto columns = table_.columns_of({"class", by_cells ? "cells" : "area_ha"});
    const std::size_t classes = columns[0], amounts = columns[1];
    std::map<double, std::map<std::int64_t, double>> result;
    for (const std::size_t row : rows_) {
        const std::int64_t code = table_.required_integer(row, classes);
        if (!place_of(codes, code)) table_.reject(row, classes, "neither map has this class");
        const auto amount = table_.number(row, amounts);
        if (!amount) continue;
        if (!(*amount >= 0) || !std::isfinite(*amount))
            table_.reject(row, amounts, "a demand must be a finite number that is not negative");
        const double when = table_.has("year") ? table_.required_year(row, table_.column("year")) : year;
        if (!result[when].emplace(code, by_cells ? *amount : *amount / *cell_ha).second)
            table_.reject(row, classes,
                          "the class has a demand already" + std::string(table_.has("year") ? " for this year" : ""));
    }
    if (result.empty()) table_.reject("no class has a demand");
    return result;
}

std::map<double, std::vector<double>> complete_areas(const InputTable& table,
                                                     const std::map<double, std::map<std::int64_t, double>>& given,
                                                     const std::vector<std::int64_t>& codes,
                                                     const std::vector<std::int64_t>& present) {
    const double total = static_cast<double>(std::accumulate(present.begin(), present.end(), std::int64_t{0}));
    std::map<double, std::vector<double>> result;
    for (const auto& [year, areas] : given) {
        std::vector<double> cells(codes.size(), -1);
        double asked = 0, others = 0;
        for (std::size_t k = 0; k < codes.size(); ++k) {
            if (const auto entry = areas.find(codes[k]); entry != areas.end())
                asked += cells[k] = entry->second;
            else
                others += static_cast<double>(present[k]);
        }
        const double left = total - asked;
        // Printed areas are rounded: a thousandth of the map may be missing or too much.
        if (std::abs(left) > total * 1e-3 && (left < 0 || others == 0))
            table.reject("the demands of " + number_text(year) + " come to " + format_value(asked, 8) +
                         " cells, but the map has " + format_value(total, 8) +
                         "; change them, or leave out a class that is to take what is left");
        for (std::size_t k = 0; k < codes.size(); ++k)
            if (cells[k] < 0) cells[k] = std::max(0.0, left) * static_cast<double>(present[k]) / others;
        if (others == 0 || left < 0)
            for (double& entry : cells) entry *= total / asked;
        result[year] = std::move(cells);
    }
    return result;
}

}  // namespace landcarbon
