// Land Carbon Toolbox: tables of units and years (yearbooks), in either layout, as one panel of numbers.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/unit_panel.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/cell_number.hpp"
#include "engine/names_alike.hpp"
#include "engine/sheet_cells.hpp"
#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

struct YearPlace {
    std::size_t start = std::string::npos;  ///< npos: there is none
    std::size_t length = 4;                 ///< of a date such as 20010131: 8
};

/// Where the year, or the date that begins with it, stands in a name.
YearPlace place_of_year(std::string_view name) {
    const auto digit = [&](std::size_t i) { return std::isdigit(static_cast<unsigned char>(name[i])) != 0; };
    for (std::size_t end = name.size(); end >= 4; --end) {
        const std::size_t start = end - 4;
        const bool alone = (end == name.size() || !digit(end)) && (start == 0 || !digit(start - 1));
        if (!alone || !(digit(start) && digit(start + 1) && digit(start + 2) && digit(start + 3))) continue;
        if (name[start] == '1' || name[start] == '2') return {start, 4};
    }
    for (std::size_t end = name.size(); end >= 8; --end) {
        const std::size_t start = end - 8;
        const std::string_view date = name.substr(start, 8);
        if ((end < name.size() && digit(end)) || (start > 0 && digit(start - 1)) ||
            date.find_first_not_of("0123456789") != std::string_view::npos)
            continue;
        // A day of a year that people have data of, and no code.
        const int year = std::stoi(std::string(date.substr(0, 4))), month = std::stoi(std::string(date.substr(4, 2))),
                  day = std::stoi(std::string(date.substr(6, 2)));
        if (year >= 1900 && year <= 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31) return {start, 8};
    }
    return {};
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
    if (name == unsaved_formula) table.reject(row, column, advice_on_formula);
    if (is_void(name) || is_sheet_error(name))
        table.reject(row, column, "the cell says " + name + "; every row needs a unit");
    return name;
}

}  // namespace

std::optional<double> year_in_name(const std::string& given) {
    const std::string name = half_width(given);
    const std::size_t start = place_of_year(name).start;
    if (start == std::string::npos) return std::nullopt;
    return static_cast<double>(parse_integer(name.substr(start, 4)).value());
}

std::string name_without_year(const std::string& name) {
    const auto [start, length] = place_of_year(name);
    if (start == std::string::npos) return name;
    std::string before = name.substr(0, start), after = name.substr(start + length);
    if (after.empty() || is_joint(after[0]))
        while (!before.empty() && is_joint(before.back())) before.pop_back();
    // 2001年林地 is 林地 of 2001.
    for (const std::string_view sign : {"年度", "年"})
        if (after.compare(0, sign.size(), sign) == 0) {
            after.erase(0, sign.size());
            break;
        }
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
    return guess(columns,
                 {"unit", "county", "name", "district", "region", "city", "县",   "县区",     "区县",   "县域", "单位",
                  "地区", "名称",   "县名", "县区名",   "区县名", "县市", "市县", "单位名称", "行政区", "城市"});
}

std::string guess_year_field(const std::vector<std::string>& columns) {
    return guess(columns, {"year", "年份", "年", "年度", "时间"});
}

UnitPanel panel_of_rows(const InputTable& table, const std::string& unit_field, const std::string& year_field,
                        const std::vector<std::string>& fields) {
    std::vector<std::string> needed = {unit_field, year_field};
    needed.insert(needed.end(), fields.begin(), fields.end());
    std::vector<std::size_t> columns = table.columns_of(needed);
    const std::size_t unit_column = columns[0], year_column = columns[1];
    columns.erase(columns.begin(), columns.begin() + 2);

    UnitPanel panel;
    std::vector<double> years(table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) years[row] = table.required_year(row, year_column);
    panel.times = years;
    std::sort(panel.times.begin(), panel.times.end());
    panel.times.erase(std::unique(panel.times.begin(), panel.times.end()), panel.times.end());

    // Rows in the order of unit, time and line.
    struct Entry {
        std::size_t unit, time, row;
        bool operator<(const Entry& other) const {
            return std::tie(unit, time, row) < std::tie(other.unit, other.time, other.row);
        }
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

namespace {

/// Sums of units against a unit that may be their total.
class Totals {
public:
    explicit Totals(const UnitPanel& panel) : panel_(panel), width_(panel.times.size() * panel.values.size()) {
        for (std::size_t u = 0; u < panel.units.size(); ++u) {
            auto& own = numbers_.emplace_back(width_, gap);
            for (std::size_t i = panel.units[u].first; i < panel.units[u].end; ++i)
                for (std::size_t q = 0; q < panel.values.size(); ++q)
                    own[q * panel.times.size() + panel.time_of[i]] = panel.values[q][i];
        }
        for (const auto& values : panel.values) steps_.push_back(step_of(values));
    }

    std::vector<LikeTotal> operator()() {
        std::vector<LikeTotal> found(panel_.units.size());
        std::vector<double> all(width_);
        std::vector<std::size_t> counts(width_);
        for (const auto& own : numbers_)
            for (std::size_t k = 0; k < width_; ++k)
                if (!std::isnan(own[k])) {
                    all[k] += own[k];
                    ++counts[k];
                }
        for (std::size_t u = 0; u < panel_.units.size(); ++u) {
            std::vector<double> others(width_, gap);
            for (std::size_t k = 0; k < width_; ++k)
                if (counts[k] >= 3 && !std::isnan(numbers_[u][k])) others[k] = all[k] - numbers_[u][k];
            if (agrees(u, others, panel_.units.size(), true)) found[u] = {panel_.units[u].name, "all other units"};
        }
        // Parts below their total, and then above it. What is part of a total counts in it from then on.
        for (const bool below : {true, false}) {
            std::vector<std::size_t> tops;  // the nearest last
            for (std::size_t i = 0; i < panel_.units.size(); ++i) {
                const std::size_t u = below ? panel_.units.size() - 1 - i : i;
                if (const std::size_t parts = parts_of(u, tops); parts > 0) {
                    const std::size_t near = tops.back(), far = tops[tops.size() - parts];
                    if (found[u].name.empty())
                        found[u] = {panel_.units[u].name, "\"" + panel_.units[below ? near : far].name + "\" to \"" +
                                                              panel_.units[below ? far : near].name + "\""};
                    tops.resize(tops.size() - parts);
                }
                tops.push_back(u);
            }
        }
        std::erase_if(found, [](const LikeTotal& one) { return one.name.empty(); });
        return found;
    }

private:
    /// The finest step that numbers are written in: 1, 0.1 ...
    static double step_of(const std::vector<double>& values) {
        double step = 1;
        for (const double value : values)
            while (step > 1e-6 && !std::isnan(value) &&
                   std::abs(value / step - std::round(value / step)) > 1e-6 * std::max(1.0, std::abs(value / step)))
                step /= 10;
        return step;
    }

    /// Whether sums are the numbers of a unit, but for rounding of `parts` numbers and the total.
    bool agrees(std::size_t u, const std::vector<double>& sums, std::size_t parts, bool of_all) const {
        const std::size_t times = panel_.times.size();
        std::size_t compared = 0, most = 0;
        bool every = true;
        for (std::size_t q = 0; q < panel_.values.size(); ++q) {
            std::size_t alike = 0;
            bool same = true;
            for (std::size_t t = 0; t < times && same; ++t) {
                const double value = numbers_[u][q * times + t], sum = sums[q * times + t];
                if (std::isnan(value) || value == 0) continue;
                const double rounding = 0.5 * steps_[q] * static_cast<double>(parts + 1);
                // Rounding of many parts may explain anything.
                const double slack = of_all
                                         ? std::max(1e-3 * std::abs(value), std::min(rounding, 0.01 * std::abs(value)))
                                         : std::max(1e-9 * std::abs(value), std::min(rounding, 0.01 * std::abs(value)));
                same = std::abs(sum - value) <= slack;  // never where a part lacks a number
                ++alike;
            }
            every = every && same;
            if (!same) continue;
            compared += alike;
            most = std::max(most, alike);
        }
        constexpr std::size_t enough = 3;
        return most >= enough || (every && (of_all ? compared > 0 : compared >= enough));
    }

    /// How many of the nearest units make up a unit; 0 where none do.
    std::size_t parts_of(std::size_t u, const std::vector<std::size_t>& tops) const {
        constexpr std::size_t most_parts = 3000;
        std::size_t mark = 0;  // a number to look at before all others
        while (mark < width_ && (std::isnan(numbers_[u][mark]) || numbers_[u][mark] <= 0)) ++mark;
        if (mark == width_) return 0;
        const double wanted = numbers_[u][mark];
        std::vector<double> sums(width_, 0);
        for (std::size_t parts = 1; parts <= std::min(tops.size(), most_parts); ++parts) {
            const auto& own = numbers_[tops[tops.size() - parts]];
            for (std::size_t k = 0; k < width_; ++k) sums[k] += own[k];
            if (!(sums[mark] < 1.05 * wanted)) return 0;
            if (parts > 1 && sums[mark] > 0.95 * wanted && agrees(u, sums, parts, false)) return parts;
        }
        return 0;
    }

    const UnitPanel& panel_;
    std::size_t width_;
    std::vector<std::vector<double>> numbers_;  ///< by unit: quantity after quantity, time after time
    std::vector<double> steps_;                 ///< by quantity
};

}  // namespace

std::vector<LikeTotal> units_like_totals(const UnitPanel& panel) { return Totals(panel)(); }

std::vector<std::string> totals_told(const UnitPanel& panel) {
    std::vector<std::string> told;
    const auto totals = units_like_totals(panel);
    constexpr std::size_t most = 5;
    for (std::size_t i = 0; i < std::min(totals.size(), most); ++i)
        told.push_back("the numbers of \"" + totals[i].name + "\" are the sums of those of " + totals[i].of);
    if (totals.size() > most) told.back() += ", and " + std::to_string(totals.size() - most) + " more are such sums";
    return told;
}

std::string units_alike(const UnitPanel& panel) {
    std::vector<std::string> names;
    std::vector<std::size_t> counts;
    for (const auto& unit : panel.units) {
        names.push_back(unit.name);
        counts.push_back(unit.end - unit.first);
    }
    const std::string alike = names_alike(names, counts, "row");
    return alike.empty() ? alike
                         : alike +
                               " count as different units, though their names differ by case, accents or blanks "
                               "alone. Write them alike if they are one";
}

}  // namespace landcarbon
