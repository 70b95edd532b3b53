// Land Carbon Toolbox: numbers of a table that carry their unit in the cell: "812 mm", "51.6万元", "¥3.5".
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/cell_units.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "engine/cell_number.hpp"
#include "engine/table.hpp"
#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The powers at the end of km2, m3 and m^-2 are no numbers.
std::string_view without_power(std::string_view unit) {
    if (unit.size() > 1 && (unit.back() == '2' || unit.back() == '3') && !is_digit(unit[unit.size() - 2]))
        unit.remove_suffix(1);
    return unit;
}

/// Letters before a number make a name of it ("P12"); these make none.
bool is_sign_before(std::string_view text) {
    const std::string word = lower_case(text);
    for (const char* sign : {"¥", "￥", "$", "us$", "€",   "£",  "约",    "大约", "近",  "~",   "≈",  "<",
                             ">", "≤",  "≥", "c.",  "ca.", "ca", "about", "rmb",  "usd", "cny", "+-", "±"})
        if (word == sign) return true;
    return false;
}

/// Words behind a number that make a name of it: 3级, 12号.
bool is_ordinal(std::string_view text) {
    for (const char* word : {"级", "类", "区", "号", "县", "村", "组", "层",   "期", "型",   "等", "带", "镇", "乡",
                             "市", "街", "班", "段", "月", "日", "季", "季度", "年", "年度", "st", "nd", "rd", "th"})
        if (text == word) return true;
    return false;
}

bool holds_digit(std::string_view text) { return std::any_of(text.begin(), text.end(), is_digit); }
/// The same of a cell as it stands, whose digits may be full-width.
bool may_hold_digit(std::string_view cell) {
    constexpr char first_of_full_width = '\xef';
    return holds_digit(cell) || cell.find(first_of_full_width) != std::string_view::npos;
}

}  // namespace

std::optional<CellMeasure> measure_in(std::string_view cell) {
    if (!may_hold_digit(cell)) return std::nullopt;
    const std::string text = half_width(trimmed(cell));
    constexpr std::size_t longest = 40;
    if (text.empty() || text.size() > longest) return std::nullopt;
    const std::size_t start = text.find_first_of("0123456789");
    if (start == std::string::npos) return std::nullopt;
    std::size_t end = start;
    while (end < text.size() && (is_digit(text[end]) || ((text[end] == '.' || text[end] == ',') &&
                                                         end + 1 < text.size() && is_digit(text[end + 1]))))
        ++end;
    std::size_t from = start;
    if (from > 0 && text[from - 1] == '-') --from;
    const std::string_view before = trimmed(std::string_view(text).substr(0, from));
    const std::string_view behind = trimmed(std::string_view(text).substr(end));
    if (before.empty() == behind.empty() || holds_digit(without_power(behind))) return std::nullopt;
    if (!before.empty() && !is_sign_before(before)) return std::nullopt;
    const CellNumber number = read_cell_number(std::string_view(text).substr(from, end - from));
    if (number.kind != CellNumber::Kind::number) return std::nullopt;
    return CellMeasure{number.value, std::string(before.empty() ? behind : before)};
}

std::optional<MeasureColumn> measures_in(const InputTable& table, std::size_t column) {
    struct Unit {
        std::size_t cells = 0, first_row = 0;
    };
    std::map<std::string, Unit> units;
    std::size_t filled = 0, numbers = 0;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view cell = table.text(row, column);
        if (is_gap(cell)) continue;
        ++filled;
        if (!may_hold_digit(cell)) continue;
        if (read_cell_number(cell).kind == CellNumber::Kind::number) {
            ++numbers;
        } else if (const auto measure = measure_in(cell)) {
            Unit& unit = units[measure->unit];
            if (unit.cells++ == 0) unit.first_row = row;
        }
    }
    const Unit* most = nullptr;
    MeasureColumn found;
    for (const auto& [name, unit] : units)
        if (!most || unit.cells > most->cells) {
            most = &unit;
            found.unit = name;
        }
    // One such cell among names is a name.
    if (!most || most->cells < 2 || 2 * (numbers + most->cells) <= filled) return std::nullopt;
    found.cells = most->cells;
    found.first_row = most->first_row;
    std::set<double> different;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view cell = table.text(row, column);
        const CellNumber number = read_cell_number(cell);
        std::optional<double> value;
        if (number.kind == CellNumber::Kind::number) value = number.value;
        if (const auto measure = measure_in(cell); !value && measure && measure->unit == found.unit)
            value = measure->value;
        if (!value) continue;
        found.decimals = found.decimals || *value != std::floor(*value);
        different.insert(*value);
    }
    found.different = different.size();
    if (!found.decimals && is_ordinal(found.unit)) return std::nullopt;
    return found;
}

}  // namespace landcarbon
