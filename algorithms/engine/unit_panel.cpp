// Land Carbon Toolbox: tables of units and years (yearbooks), in either layout, as one panel of numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/unit_panel.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>

#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

/// Where the year stands in a name: its first character; npos when there is none.
std::size_t place_of_year(std::string_view name) {
    const auto digit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(name[i])) != 0; };
    for (std::size_t end = name.size(); end >= 4; --end) {
        const std::size_t start = end - 4;
        const bool alone = (end == name.size() || !digit(end)) && (start == 0 || !digit(start - 1));
        if (!alone || !(digit(start) && digit(start + 1) && digit(start + 2) && digit(start + 3))) continue;
        if (name[start] == '1' || name[start] == '2') return start;
    }
    return std::string::npos;
}

bool is_joint(char c) { return c == '_' || c == '-' || c == ' ' || c == '.'; }

std::string guess(const std::vector<std::string>& columns, const std::vector<std::string>& names) {
    for (const auto& name : names)
        for (const auto& column : columns)
            if (plain_name(column) == name) return column;
    return {};
}

/// The unit's name in a row. @throws UserError when it is blank
std::string unit_name(const InputTable& table, std::size_t row, std::size_t column) {
    std::string name(trimmed(table.text(row, column)));
    if (name.empty()) table.reject(row, column, "the cell is empty; every row needs a unit");
    return name;
}

}  // namespace

std::optional<double> year_in_name(const std::string& given) {
    const std::string name = half_width(given);
    const std::size_t start = place_of_year(name);
    if (start == std::string::npos) return std::nullopt;
    return static_cast<double>(parse_integer(name.substr(start, 4)).value());
}

std::string name_without_year(const std::string& name) {
    const std::size_t start = place_of_year(name);
    if (start == std::string::npos) return name;
    std::string before = name.substr(0, start), after = name.substr(start + 4);
    if (after.empty() || is_joint(after[0]))
        while (!before.empty() && is_joint(before.back())) before.pop_back();
    if (before.empty())
        while (!after.empty() && is_joint(after[0])) after.erase(0, 1);
    return before + after;
}

std::string plain_name(std::string_view text) {
    std::string bare(trimmed(text));
    for (const char* bracket : {"（", "）"})
        for (auto at = bare.find(bracket); at != std::string::npos; at = bare.find(bracket))
            bare.replace(at, std::string_view(bracket).size(), " ");
    std::string name;
    for (const char c : bare) {
        const bool upper = c >= 'A' && c <= 'Z';
        const bool kept =
            upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) > 127;
        if (kept)
            name += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else if (!name.empty() && name.back() != '_')
            name += '_';
    }
    while (!name.empty() && name.back() == '_') name.pop_back();
    return name;
}

std::string guess_unit_field(const std::vector<std::string>& columns) {
    return guess(columns, {"unit", "county", "name", "district", "region", "city", "县", "县区", "区县", "县域", "单位",
                           "地区", "名称"});
}

std::string guess_year_field(const std::vector<std::string>& columns) {
    return guess(columns, {"year", "年份", "年", "年度"});
}

UnitPanel panel_of_rows(const InputTable& table, const std::string& unit_field, const std::string& year_field,
                        const std::vector<std::string>& fields) {
    const std::size_t unit_column = table.column(unit_field), year_column = table.column(year_field);
    std::vector<std::size_t> columns;
    for (const auto& field : fields) columns.push_back(table.column(field));

    UnitPanel panel;
    std::vector<double> years(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) years[row] = table.required_year(row, year_column);
    panel.times = years;
    std::sort(panel.times.begin(), panel.times.end());
    panel.times.erase(std::unique(panel.times.begin(), panel.times.end()), panel.times.end());

    // Rows in the order of unit, time and line.
    struct Entry {
        std::size_t unit, time, row;
        auto operator<=>(const Entry&) const = default;
    };
    std::vector<Entry> entries;
    entries.reserve(table.rows());
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        std::string name = unit_name(table, row, unit_column);
        const auto [found, fresh] = known.emplace(name, panel.units.size());
        if (fresh) panel.units.push_back({std::move(name), row, 0, 0});
        const auto time = std::lower_bound(panel.times.begin(), panel.times.end(), years[row]) - panel.times.begin();
        entries.push_back({found->second, static_cast<std::size_t>(time), row});
    }
    std::sort(entries.begin(), entries.end());
    panel.time_of.reserve(entries.size());
    panel.row_of.reserve(entries.size());
    panel.values.assign(columns.size(), std::vector<double>(entries.size(), gap));
    std::optional<std::size_t> repeated;  // the first line that repeats a unit and year
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const Entry& entry = entries[i];
        if (i > 0 && entries[i - 1].unit == entry.unit && entries[i - 1].time == entry.time)
            repeated = std::min(repeated.value_or(entry.row), entry.row);
        auto& unit = panel.units[entry.unit];
        if (i == 0 || entries[i - 1].unit != entry.unit) unit.first = i;
        unit.end = i + 1;
        panel.time_of.push_back(entry.time);
        panel.row_of.push_back(entry.row);
    }
    if (repeated)
        table.reject(*repeated, year_column,
                     "unit \"" + unit_name(table, *repeated, unit_column) +
                         "\" has this year twice; one row for each unit and year is needed");
    // Read in the order of lines, so that the first wrong cell is the one that is named.
    std::vector<std::size_t> record_of(table.rows());
    for (std::size_t i = 0; i < entries.size(); ++i) record_of[entries[i].row] = i;
    for (std::size_t row = 0; row < table.rows(); ++row)
        for (std::size_t q = 0; q < columns.size(); ++q)
            panel.values[q][record_of[row]] = table.number(row, columns[q]).value_or(gap);
    return panel;
}

UnitPanel panel_of_columns(const InputTable& table, const std::string& unit_field, const std::vector<double>& times,
                           const std::vector<std::vector<std::optional<std::size_t>>>& columns, bool unique) {
    std::optional<std::size_t> unit_column;
    if (!unit_field.empty()) unit_column = table.column(unit_field);
    UnitPanel panel;
    panel.times = times;
    panel.values.resize(columns.size());
    std::unordered_map<std::string, std::size_t> known;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        std::string name = std::to_string(row + 1);
        if (unit_column && unique)
            name = unit_name(table, row, *unit_column);
        else if (unit_column)
            name = table.text(row, *unit_column);
        if (unique && !known.emplace(name, row).second)
            table.reject(row, unit_column.value_or(0), "unit \"" + name + "\" has two rows");
        const std::size_t first = panel.records();
        for (std::size_t t = 0; t < times.size(); ++t) {
            panel.time_of.push_back(t);
            panel.row_of.push_back(row);
            for (std::size_t q = 0; q < columns.size(); ++q)
                panel.values[q].push_back(columns[q][t] ? table.number(row, *columns[q][t]).value_or(gap) : gap);
        }
        panel.units.push_back({std::move(name), row, first, panel.records()});
    }
    return panel;
}

std::vector<std::string> units_like_totals(const UnitPanel& panel) {
    // Sums over all units, by quantity and time; and over how many.
    const std::size_t times = panel.times.size(), quantities = panel.values.size();
    std::vector<double> sums(quantities * times);
    std::vector<std::size_t> counts(quantities * times);
    for (std::size_t q = 0; q < quantities; ++q)
        for (std::size_t i = 0; i < panel.records(); ++i)
            if (const double value = panel.values[q][i]; !std::isnan(value)) {
                sums[q * times + panel.time_of[i]] += value;
                ++counts[q * times + panel.time_of[i]];
            }
    std::vector<std::string> found;
    for (const auto& unit : panel.units) {
        std::size_t compared = 0;
        bool alike = true;
        for (std::size_t i = unit.first; i < unit.end && alike; ++i)
            for (std::size_t q = 0; q < quantities && alike; ++q) {
                const double value = panel.values[q][i];
                const std::size_t place = q * times + panel.time_of[i];
                if (std::isnan(value) || value == 0) continue;
                // Figures of yearbooks are rounded, each by itself.
                alike = counts[place] >= 3 && std::abs(sums[place] - 2 * value) <= 1e-3 * std::abs(value);
                ++compared;
            }
        if (alike && compared > 0) found.push_back(unit.name);
    }
    return found;
}

}  // namespace landcarbon
