// Land Carbon Toolbox: fuzz target: any arguments for any algorithm; nothing but landcarbon::Error may come out.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// An input is text. Its first line names an algorithm. Every further line is one argument: its id, one character for
// the type in which a front-end hands it in, and the value: `price=12.5` text, `price~12.5` real, `threads#4` integer,
// `align?yes` flag, `carbon_maps:a.tif,b.tif` list, `pools|1,2;3,4` matrix. So that mutations reach much: a line or an
// id that names nothing and is one byte long stands for the algorithm or argument of that number, counted round.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "expect.hpp"
#include "spec/algorithm.hpp"
#include "spec/errors.hpp"
#include "spec/spec.hpp"
#include "spec/values.hpp"

namespace {

using landcarbon::Value;

void read_text(std::string_view text) {
    const auto number = landcarbon::parse_number(text);
    if (number) {
        const auto again = landcarbon::parse_number(landcarbon::number_text(*number));
        expect(again && (*again == *number || (std::isnan(*again) && std::isnan(*number))),
               "a number's text reads back as the number");
    }
    if (const auto integer = landcarbon::parse_integer(text)) {
        expect(landcarbon::parse_integer(landcarbon::value_text(*integer)) == integer,
               "a whole number's text reads back as the number");
        expect(number == static_cast<double>(*integer), "a whole number is a number");
    }
    const auto entries = landcarbon::split_list(text);
    if (text.find('"') == std::string_view::npos)
        for (const auto& entry : entries)
            expect(entry == landcarbon::trimmed(entry) && entry.find(',') == std::string::npos,
                   "entries are split and trimmed");
    // Empty entries at the front or alone leave no trace in the joined text.
    if (std::none_of(entries.begin(), entries.end(), [](const std::string& entry) { return entry.empty(); }))
        expect(landcarbon::split_list(landcarbon::value_text(entries)) == entries,
               "a list's text reads back as the list");
}

/// Takes what stands before the first `end` off the front of `text`, and `end` as well.
std::string_view take(std::string_view& text, char end) {
    const auto found = std::min(text.find(end), text.size());
    const auto taken = text.substr(0, found);
    text.remove_prefix(std::min(found + 1, text.size()));
    return taken;
}

Value value_of(char type, std::string_view text) {
    if (type == '~') return landcarbon::parse_number(text).value_or(0);
    if (type == '#') return landcarbon::parse_integer(text).value_or(0);
    if (type == '?') return text == "yes";
    if (type == ':') {
        std::vector<std::string> list;
        while (!text.empty()) list.emplace_back(take(text, ','));
        return list;
    }
    if (type == '|') {
        landcarbon::Matrix matrix;
        while (!text.empty()) {
            auto row = take(text, ';');
            auto& cells = matrix.rows.emplace_back();
            while (!row.empty()) cells.emplace_back(take(row, ','));
        }
        return matrix;
    }
    return std::string(text);
}

/// A fresh algorithm by its id, or by a number of one byte; nullptr when the line is neither.
std::unique_ptr<landcarbon::Algorithm> algorithm_of(std::string_view line) {
    if (auto algorithm = landcarbon::make_algorithm(std::string(line))) return algorithm;
    if (line.size() != 1) return nullptr;
    const auto& entries = landcarbon::registry();
    return entries[static_cast<unsigned char>(line[0]) % entries.size()].make();
}

std::string id_of(const landcarbon::Spec& spec, std::string_view key) {
    if (key.size() == 1) return spec.arguments[static_cast<unsigned char>(key[0]) % spec.arguments.size()]->id;
    return std::string(key);
}

/// A number that was accepted is one that the argument allows; a text is one that files and GDAL take whole.
void check_accepted(const landcarbon::Argument& argument) {
    const Value value = argument.get();
    if (argument.kind != landcarbon::Kind::matrix)
        expect(landcarbon::value_text(value).find('\0') == std::string::npos, "an accepted text has no zero byte");
    double number = 0;
    if (const auto* real = std::get_if<double>(&value))
        number = *real;
    else if (const auto* integer = std::get_if<std::int64_t>(&value))
        number = static_cast<double>(*integer);
    else
        return;
    expect(std::isfinite(number), "an accepted number is finite");
    expect(argument.minimum_excluded ? number > argument.minimum : number >= argument.minimum,
           "an accepted number is not too small");
    expect(number <= argument.maximum, "an accepted number is not too large");
}

void assign_arguments(std::string_view text) {
    const auto algorithm = algorithm_of(take(text, '\n'));
    if (!algorithm) return;
    landcarbon::Spec& spec = algorithm->spec();
    std::map<std::string, Value> values;
    while (!text.empty()) {
        const auto line = take(text, '\n');
        const auto type = line.find_first_of("=~#?:|");
        if (type == std::string_view::npos) continue;
        values[id_of(spec, line.substr(0, type))] = value_of(line[type], line.substr(type + 1));
    }
    try {
        landcarbon::assign(spec, values);
    } catch (const landcarbon::Error& error) {
        expect(error.what()[0] != '\0', "an error has a text");
        return;
    }
    for (const auto& [id, value] : values) {
        const auto* argument = spec.find(id);
        expect(argument != nullptr, "an unknown argument is refused");
        if (!landcarbon::value_text(value).empty()) check_accepted(*argument);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    read_text(text);
    assign_arguments(text);
    return 0;
}
