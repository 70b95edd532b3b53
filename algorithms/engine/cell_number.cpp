// Land Carbon Toolbox: what a cell of a table means as a number: a number, a gap, a year, or what is wrong with it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/cell_number.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "engine/cell_units.hpp"
#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Removes `separator` from between groups of three digits before the decimal point; nothing when it stands elsewhere.
/// @param groups how often it stood there
std::optional<std::string> without_groups(std::string_view text, std::string_view separator, std::size_t& groups) {
    groups = 0;
    std::string plain;
    std::size_t start = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    plain = text.substr(0, start);
    std::size_t digits = 0;  // of the group
    std::size_t i = start;
    for (; i < text.size(); ++i) {
        if (is_digit(text[i])) {
            plain += text[i];
            ++digits;
        } else if (text.substr(i, separator.size()) == separator) {
            if (groups == 0 ? digits < 1 || digits > 3 : digits != 3) return std::nullopt;
            ++groups;
            digits = 0;
            i += separator.size() - 1;
        } else {
            break;
        }
    }
    if (groups == 0 || digits != 3) return std::nullopt;
    if (i < text.size() && text[i] != '.') return std::nullopt;
    plain += text.substr(i);
    return plain.find(separator) == std::string::npos ? std::optional(plain) : std::nullopt;
}

std::string without_commas(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ','), text.end());
    return text;
}

std::string with_point(std::string text) {
    std::replace(text.begin(), text.end(), ',', '.');
    return text;
}

bool all_of(std::string_view text, std::string_view characters) {
    return !text.empty() && text.find_first_not_of(characters) == std::string_view::npos;
}

/// What to say of text that was meant as a number; empty when it was not.
std::string advice_on(const std::string& text) {
    if (is_sheet_error(text)) return "it is an error of a spreadsheet: correct its formula, or leave the cell empty";
    std::string_view rest = text;
    if (rest.size() > 1 && rest.back() == '%') {
        rest.remove_suffix(1);
        if (read_cell_number(rest).kind == CellNumber::Kind::number)
            return "write it without the percent sign, as " + std::string(trimmed(rest)) +
                   " or as its hundredth, and all cells of the column alike";
    }
    if (text.find(',') != std::string::npos && all_of(text, "+-0123456789.,eE")) {
        std::size_t groups = 0;
        if (without_groups(text, ",", groups))
            return "write " + with_point(text) + " if the comma stands before decimals, " + without_commas(text) +
                   " if it stands between thousands, and all cells of the column alike";
        return "write a decimal point, not a comma";
    }
    // Accountants write negative numbers in brackets, some programs with the sign behind.
    if (text.size() > 2 && text.front() == '(' && text.back() == ')')
        if (const std::string inside = text.substr(1, text.size() - 2);
            read_cell_number(inside).kind == CellNumber::Kind::number && inside.front() != '-')
            return "write -" + inside + " if the brackets mean a negative number, else " + inside;
    // 100- may be the name of an open range.
    if (text.size() > 1 && text.back() == '-' && text.front() != '-' && text.find('.') != std::string::npos)
        if (const std::string before = text.substr(0, text.size() - 1);
            read_cell_number(before).kind == CellNumber::Kind::number)
            return "write -" + before + " if it is a negative number";
    if (text == "*" || text == "**" || text == "?") return "leave the cell empty where the value is not known";
    const std::string word = lower_case(text);
    for (const char* infinite : {"inf", "-inf", "+inf", "infinity", "-infinity", "+infinity"})
        if (word == infinite) return "leave the cell empty where there is no number";
    if (all_of(text, "-") || text == "\xe2\x80\x93" || text == "\xe2\x80\x94" || text == "\xe2\x80\x94\xe2\x80\x94" ||
        text == "\xe2\x80\xa6" || text == "\xe2\x80\xa6\xe2\x80\xa6" || all_of(text, "."))
        return "write 0 where there is nothing, or leave the cell empty where the value is not known";
    return {};
}

}  // namespace

Comma comma_in(std::string_view cell) {
    cell = trimmed(cell);
    const auto comma = cell.find(',');
    if (comma == std::string_view::npos || !all_of(cell, "+-0123456789.,eE")) return Comma::none;
    std::size_t groups = 0;
    const bool grouped = without_groups(cell, ",", groups).has_value();
    if (cell.find_first_of(".,", comma + 1) != std::string_view::npos) return grouped ? Comma::thousands : Comma::none;
    std::string with_point(cell);
    with_point[comma] = '.';
    if (comma == 0 || !is_digit(cell[comma - 1]) || !parse_number(with_point)) return Comma::none;
    const bool leading_zero = cell[cell.find_first_of("0123456789")] == '0';
    return grouped && !leading_zero ? Comma::either : Comma::decimal;
}

bool is_void(std::string_view cell) {
    cell = trimmed(cell);
    if (cell.size() < 3 || cell.size() > 16) return false;
    // Most cells begin otherwise, and need no copy.
    if (static_cast<unsigned char>(cell[0]) < 0x80 && std::string_view("<([#").find(cell[0]) == std::string_view::npos)
        return false;
    const std::string word = lower_case(half_width(cell));
    static constexpr std::string_view words[] = {"<null>", "(null)", "[null]",   "<none>", "(blank)", "<blank>",
                                                 "<空>",   "‹空›",   "〈空〉",   "《空》", "<空值>",  "(空)",
                                                 "(空白)", "‹null›", "〈null〉", "#n/a!"};
    for (const std::string_view known : words)
        if (word == known) return true;
    return false;
}

bool is_sheet_error(std::string_view cell) {
    cell = trimmed(cell);
    if (cell.size() < 5 || cell[0] != '#') return false;
    const std::string word = lower_case(cell);
    static constexpr std::string_view words[] = {"#div/0!", "#value!", "#ref!",   "#name?",
                                                 "#num!",   "#null!",  "#spill!", "#calc!"};
    for (const std::string_view error : words)
        if (word == error) return true;
    return false;
}

bool is_doubtful_name(std::string_view cell) {
    cell = trimmed(cell);
    if (cell.empty() || cell.size() > 12) return false;
    const std::string word = lower_case(half_width(cell));
    static constexpr std::string_view words[] = {
        "-",  "--", "---", "/",  "//", "\\",   "?",    "??", ".",    "..",   "...", "*",       "–",      "—",
        "——", "…",  "……",  "无", "空", "未知", "缺失", "缺", "不详", "n.d.", "nd",  "unknown", "missing"};
    for (const std::string_view known : words)
        if (word == known) return true;
    return false;
}

bool is_gap(std::string_view cell) {
    cell = trimmed(cell);
    if (cell.empty()) return true;
    if (is_digit(cell[0])) return false;
    if (is_void(cell)) return true;
    if (cell.size() > 6) return false;
    const std::string word = lower_case(half_width(cell));
    static constexpr std::string_view words[] = {"na", "n/a", "#n/a", "nan", "null", "<na>", "#na", "n.a.", "\\n"};
    for (const std::string_view gap : words)
        if (word == gap) return true;
    return false;
}

namespace {

/// Words of programs for "no value" that may be classes in a column of words.
bool is_no_number(std::string_view cell) {
    if (cell.size() > 12) return false;
    const std::string word = lower_case(half_width(cell));
    static constexpr std::string_view words[] = {"none",     "nodata",    "no data", "no_data", "no-data", "-nan",
                                                 "nan(ind)", "-nan(ind)", "1.#ind",  "-1.#ind", "1.#qnan", "-1.#qnan"};
    for (const std::string_view none : words)
        if (word == none) return true;
    return cell == "\xe6\x97\xa0\xe6\x95\xb0\xe6\x8d\xae" || cell == "\xe7\xbc\xba\xe6\xb5\x8b";
}

}  // namespace

CellNumber read_cell_number(std::string_view cell) {
    CellNumber result;
    cell = trimmed(cell);
    if (cell.empty()) {
        result.kind = CellNumber::Kind::gap;
        return result;
    }
    const auto finite = [&](std::string_view text) {
        const auto value = parse_number(text);
        if (!value || !std::isfinite(*value)) return false;
        result.kind = CellNumber::Kind::number;
        result.value = *value;
        return true;
    };
    if (finite(cell)) return result;
    if (is_gap(cell) || is_no_number(cell)) {
        result.kind = CellNumber::Kind::gap;
        return result;
    }
    std::string text = half_width(cell);
    if (finite(text)) return result;
    // A dash for the minus sign, and a blank behind the sign.
    for (const std::string_view dash : {"\xe2\x80\x93", "\xe2\x80\x94", "\xe2\x88\x92", "-"})
        if (text.size() > dash.size() && std::string_view(text).substr(0, dash.size()) == dash) {
            const std::string size(trimmed(std::string_view(text).substr(dash.size())));
            if (!size.empty() && (is_digit(size[0]) || size[0] == '.')) text = "-" + size;
            break;
        }
    if (finite(text)) return result;
    // No-break, thin and narrow no-break spaces and apostrophes between thousands.
    std::size_t groups = 0;
    for (const char* blank : {" ", "\xc2\xa0", "\xe2\x80\x89", "\xe2\x80\xaf", "'", "\xe2\x80\x99"})
        if (const auto plain = without_groups(text, blank, groups); plain && finite(*plain)) return result;
    if (const auto plain = without_groups(text, ",", groups);
        plain && (groups > 1 || plain->find('.') != std::string::npos) && finite(*plain))
        return result;
    result.advice = advice_on(text);
    // A number that no double can hold, or with two points; not a range such as 5-10.
    const auto sign = text.find_last_of("+-");
    const bool one_number = sign == std::string::npos || sign == 0 || text[sign - 1] == 'e' || text[sign - 1] == 'E';
    if (result.advice.empty() && one_number && all_of(text, "+-0123456789.eE") && is_digit(text.back()))
        result.advice = "is it too large, or are there two decimal points in it?";
    if (!result.advice.empty()) result.kind = CellNumber::Kind::broken;
    if (result.kind != CellNumber::Kind::text) return result;
    // Texts that may be names, but not in a column of numbers.
    if (is_doubtful_name(text))
        result.advice = "leave the cell empty where the value is not known";
    else if (const auto measure = measure_in(text))
        result.advice =
            "write the number alone, as " + number_text(measure->value) + ", without \"" + measure->unit + "\"";
    return result;
}

std::string plain_years(std::string_view text) {
    std::string plain = half_width(text);
    static constexpr std::array<std::pair<std::string_view, char>, 5> signs = {
        {{"\xe2\x80\x93", '-'}, {"\xe2\x80\x94", '-'}, {"~", '-'}, {"\xe3\x80\x9c", '-'}, {"\xe3\x80\x81", ','}}};
    for (const auto& [sign, meant] : signs)
        for (auto at = plain.find(sign); at != std::string::npos; at = plain.find(sign))
            plain.replace(at, sign.size(), 1, meant);
    return plain;
}

std::optional<double> read_cell_year(std::string_view cell) {
    const std::string text = half_width(trimmed(cell));
    const auto number_at = [&](std::size_t start, std::size_t most) -> std::size_t {
        std::size_t digits = 0;
        while (digits < most && start + digits < text.size() && is_digit(text[start + digits])) ++digits;
        return digits;
    };
    const auto value_of = [&](std::size_t start, std::size_t digits) {
        return static_cast<int>(parse_integer(std::string_view(text).substr(start, digits)).value_or(-1));
    };
    const std::size_t digits = number_at(0, 9);
    if (digits == text.size() && (digits == 8 || digits == 6)) {
        // 20010101 and 200101.
        const int year = value_of(0, 4), month = value_of(4, 2), day = digits == 8 ? value_of(6, 2) : 1;
        if (year >= 1500 && year <= 2999 && month >= 1 && month <= 12 && day >= 1 && day <= 31) return year;
    }
    if (digits == text.size() && digits == 7) {
        // 2001365: year and day of the year.
        const int year = value_of(0, 4), day = value_of(4, 3);
        if (year >= 1500 && year <= 2999 && day >= 1 && day <= 366) return year;
    }
    if (const CellNumber number = read_cell_number(text); number.kind == CellNumber::Kind::number) return number.value;
    if (digits == 1 || digits == 2) {
        // 12/31/2001 and 31.12.2001: whichever is the month, the year stands at the end.
        const char joint = digits < text.size() ? text[digits] : ' ';
        const std::size_t second = number_at(digits + 1, 2), third = digits + 1 + second + 1;
        const bool is_date = (joint == '/' || joint == '.' || joint == '-') && second > 0 && third < text.size() &&
                             text[third - 1] == joint && number_at(third, 5) == 4;
        const auto in_year = [](int part) { return part >= 1 && part <= 31; };
        const bool ends = is_date && (third + 4 == text.size() || text[third + 4] == ' ');
        if (ends && in_year(value_of(0, digits)) && in_year(value_of(digits + 1, second)) &&
            std::min(value_of(0, digits), value_of(digits + 1, second)) <= 12)
            return value_of(third, 4);
    }
    if (digits != 4) return std::nullopt;
    const double year = value_of(0, 4);
    std::string_view rest = std::string_view(text).substr(4);
    constexpr std::string_view year_sign = "\xe5\xb9\xb4", month_sign = "\xe6\x9c\x88", day_sign = "\xe6\x97\xa5",
                               degree_sign = "\xe5\xba\xa6";
    const auto starts = [&](std::string_view sign) { return rest.substr(0, sign.size()) == sign; };
    std::string_view joint;
    if (starts(year_sign)) {
        rest.remove_prefix(year_sign.size());
        if (rest.empty() || rest == degree_sign) return year;
        joint = month_sign;
    } else if (!rest.empty() && (rest[0] == '-' || rest[0] == '/' || rest[0] == '.' || rest[0] == '_')) {
        joint = rest.substr(0, 1);
        rest.remove_prefix(1);
    } else {
        return std::nullopt;
    }
    // Month, then perhaps the day and a time of day.
    const auto part = [&](int most) {
        std::size_t length = 0;
        while (length < 2 && length < rest.size() && is_digit(rest[length])) ++length;
        const auto value = parse_integer(rest.substr(0, length));
        if (!value || *value < 1 || *value > most) return false;
        rest.remove_prefix(length);
        return true;
    };
    if (!part(12)) return std::nullopt;
    if (rest.empty() || (joint == month_sign && rest == month_sign)) return year;
    if (!starts(joint)) return std::nullopt;
    rest.remove_prefix(joint.size());
    if (!part(31)) return std::nullopt;
    if (joint == month_sign && starts(day_sign)) rest.remove_prefix(day_sign.size());
    if (rest.empty() || rest[0] == ' ' || rest[0] == 'T') return year;
    return std::nullopt;
}

}  // namespace landcarbon
