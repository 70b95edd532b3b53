// Land Carbon Toolbox: units that rasters declare, against those that an algorithm reads.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/declared_units.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "engine/report/escape.hpp"
#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr double seconds_of_year = 365.25 * 86400;

bool multiply(DeclaredUnit& unit, double factor, int mass, int length, int time, int power) {
    unit.factor *= std::pow(factor, power);
    if (length * power == -2) unit.area = std::pow(factor, -power);
    unit.mass += mass * power;
    unit.length += length * power;
    unit.time += time * power;
    return true;
}

/// Multiplies by one word of a unit to a power; false when it is not known.
bool take_word(DeclaredUnit& unit, const std::string& word, int power) {
    const std::string small = lower_case(word);
    const auto is = [&](std::initializer_list<const char*> words) {
        for (const char* const one : words)
            if (small == one) return true;
        return false;
    };
    // Megagrams and milligrams differ by the letter alone.
    if (word == "Mg") return multiply(unit, 1e3, 1, 0, 0, power);
    if (word == "mg") return multiply(unit, 1e-6, 1, 0, 0, power);
    if (is({"g", "gram", "grams"})) return multiply(unit, 1e-3, 1, 0, 0, power);
    if (is({"kg", "kilogram", "kilograms"})) return multiply(unit, 1, 1, 0, 0, power);
    if (is({"t", "ton", "tons", "tonne", "tonnes"})) return multiply(unit, 1e3, 1, 0, 0, power);
    if (word == "Gg" || word == "kt") return multiply(unit, 1e6, 1, 0, 0, power);
    if (word == "Tg" || word == "Mt") return multiply(unit, 1e9, 1, 0, 0, power);
    if (is({"m", "metre", "metres", "meter", "meters"})) return multiply(unit, 1, 0, 1, 0, power);
    if (is({"mm", "millimetre", "millimetres", "millimeter", "millimeters"}))
        return multiply(unit, 1e-3, 0, 1, 0, power);
    if (is({"cm"})) return multiply(unit, 1e-2, 0, 1, 0, power);
    if (is({"km"})) return multiply(unit, 1e3, 0, 1, 0, power);
    if (is({"ha", "hectare", "hectares"})) return multiply(unit, 1e4, 0, 2, 0, power);
    if (is({"yr", "y", "a", "year", "years", "annum", "annual"})) return multiply(unit, 1, 0, 0, 1, power);
    if (is({"month", "months", "mon"})) return multiply(unit, 1.0 / 12, 0, 0, 1, power);
    if (is({"d", "day", "days"})) return multiply(unit, 86400 / seconds_of_year, 0, 0, 1, power);
    if (is({"h", "hr", "hour", "hours"})) return multiply(unit, 3600 / seconds_of_year, 0, 0, 1, power);
    if (is({"s", "sec", "second", "seconds"})) return multiply(unit, 1 / seconds_of_year, 0, 0, 1, power);
    if (is({"cell", "cells", "pixel", "pixels"})) {
        unit.cells += power;
        return true;
    }
    if (is({"co2", "co2e", "co2eq"})) {
        unit.co2 = true;
        return true;
    }
    if (word == "C" || is({"carbon"})) return true;
    // gC, kgC, MgC, tC, tCO2
    for (const char* const tail : {"CO2", "C"})
        if (const std::string end = tail; word.size() > end.size() && word.ends_with(end)) {
            DeclaredUnit tried = unit;
            if (!take_word(tried, word.substr(0, word.size() - end.size()), power) || tried.mass == unit.mass)
                return false;
            tried.co2 = tried.co2 || end == "CO2";
            unit = tried;
            return true;
        }
    return false;
}

}  // namespace

std::optional<DeclaredUnit> read_unit(const std::string& text) {
    DeclaredUnit unit;
    // What joins words becomes a blank; CO2 is no power.
    std::string plain = half_width(text);
    for (const auto& [sign, by] : {std::pair{"²", "2"},
                                   {"⁻", "-"},
                                   {"¹", "1"},
                                   {"₂", "2"},
                                   {"·", " "},
                                   {"−", "-"},
                                   {"**", ""},
                                   {"^", ""},
                                   {"*", " "},
                                   {"_", " "},
                                   {"(", " "},
                                   {")", " "},
                                   {"/", " / "},
                                   {" per ", " / "}})
        for (auto at = plain.find(sign); at != std::string::npos; at = plain.find(sign, at + std::string(by).size()))
            plain.replace(at, std::string(sign).size(), by);
    bool under = false, any = false;
    std::size_t i = 0;
    while (i < plain.size()) {
        const char c = plain[i];
        if (c == ' ' || c == '\t') {
            ++i;
            continue;
        }
        if (c == '/') {
            if (under) return std::nullopt;
            under = true;
            ++i;
            continue;
        }
        std::string word;
        while (i < plain.size() && ((plain[i] >= 'a' && plain[i] <= 'z') || (plain[i] >= 'A' && plain[i] <= 'Z')))
            word += plain[i++];
        std::string digits;
        while (i < plain.size() && plain[i] != ' ' && plain[i] != '/' &&
               !((plain[i] >= 'a' && plain[i] <= 'z') || (plain[i] >= 'A' && plain[i] <= 'Z')))
            digits += plain[i++];
        int power = 1;
        if (word.empty()) {
            // A factor before the unit.
            const auto number = parse_number(digits);
            if (!number || !(*number > 0) || any || under) return std::nullopt;
            unit.factor *= *number;
            continue;
        }
        if (word.size() >= 2 && lower_case(word).ends_with("co") && !digits.empty() && digits.front() == '2') {
            word += '2';
            digits.erase(0, 1);
            while (i < plain.size() && plain[i] != ' ' && plain[i] != '/') word += plain[i++];
        }
        if (!digits.empty()) {
            const auto number = parse_integer(digits);
            if (!number || *number == 0 || *number < -4 || *number > 4) return std::nullopt;
            power = static_cast<int>(*number);
        }
        if (!take_word(unit, word, under ? -power : power)) return std::nullopt;
        under = false;
        any = true;
    }
    if (!any || under) return std::nullopt;
    return unit;
}

bool names_co2(const std::string& text) {
    const std::string plain = lower_case(half_width(text));
    return plain.find("co2") != std::string::npos || plain.find("co₂") != std::string::npos ||
           plain.find("carbon dioxide") != std::string::npos || plain.find("二氧化碳") != std::string::npos;
}

std::string unit_advice(const std::string& declared, const std::string& wanted, double factor) {
    const auto is = read_unit(declared), read_as = read_unit(wanted);
    if (!is || !read_as) return {};
    const std::string said = "it declares the unit " + declared + ", but its numbers are read as " + wanted;
    const auto times = [](double by) {
        const double inverse = 1 / by;
        const bool divide = by < 1 && std::abs(inverse - std::round(inverse)) < 1e-6 * inverse;
        return divide ? "divide by " + format_number(std::round(inverse), 6) : "multiply by " + format_number(by, 6);
    };
    // Rain as water on an area: 1 kg/m2 is 1 mm.
    const bool rain = read_as->length == 1 && read_as->mass == 0 && read_as->time == 0;
    if (rain) {
        const bool water = is->mass == 1 && is->length == -2;
        if ((!water && !(is->mass == 0 && is->length == 1)) || is->time != -1) return {};
        const double rate = water ? is->factor * 1e-3 : is->factor;  // metres a year
        // Amounts of a month or a year are those of a step.
        const double unit_time = (water ? 1e-3 : read_as->factor) / rate;
        if (std::abs(unit_time - 1) < 1e-6 || std::abs(unit_time * 12 - 1) < 1e-6) return {};
        return said + ", the sum of a step: multiply by the " +
               (unit_time < 2 / seconds_of_year          ? "seconds"
                : unit_time < 2 * 3600 / seconds_of_year ? "hours"
                                                         : "days") +
               " of the step first";
    }
    if (read_as->mass != 1 || is->mass != 1) return {};
    if (is->length != read_as->length || is->cells != read_as->cells) {
        const bool whole = is->length == 0, by_area = read_as->length == -2;
        return said + (whole && by_area ? ": an amount of a cell, no density. Divide it by the area of a cell, or make "
                                          "the map anew by area"
                                        : "");
    }
    if (is->time != read_as->time)
        return read_as->time == 0 && is->time == -1 ? said + ": an amount in a year. Is it the right map?"
               : read_as->time == -1 && is->time == 0 && std::abs(is->factor / (read_as->factor * factor) - 1) > 1e-6
                   ? said + ": " + times(is->factor / (read_as->factor * factor)) + " first"
                   : "";
    const double ratio = is->factor / (read_as->factor * factor);
    // Years of 365 and of 365.25 days.
    if (std::abs(ratio - 1) < 0.01) return {};
    return said + (factor == 1 ? "" : " times " + number_text(1 / factor)) + ": " + times(ratio) + " first";
}

}  // namespace landcarbon
