// Land Carbon Toolbox: zonal summary: what rasters and columns are called, and what names say of years.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/summary_names.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>

#include "engine/band_names.hpp"
#include "engine/step_order.hpp"
#include "engine/text.hpp"
#include "engine/time_axis.hpp"
#include "engine/unit_panel.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_joint(char c) { return c == '_' || c == '-' || c == ' ' || c == '.'; }
bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) > 127;
}

/// The name without some of its characters and what joined them to the rest.
std::string cut(const std::string& name, std::size_t start, std::size_t length) {
    std::string before = name.substr(0, start), after = name.substr(start + length);
    // 2001年林地 is 林地 of 2001.
    for (const std::string_view sign : {"年度", "年"})
        if (after.compare(0, sign.size(), sign) == 0) {
            after.erase(0, sign.size());
            break;
        }
    if (after.empty() || is_joint(after[0]))
        while (!before.empty() && is_joint(before.back())) before.pop_back();
    if (before.empty())
        while (!after.empty() && is_joint(after[0])) after.erase(0, 1);
    return before + after;
}

struct YearPlace {
    std::size_t start = 0, length = 0;  ///< length 0: there is none
    bool same = false;                  ///< it is the year that was looked for
};

/// Where a name holds the year, or a date of it; else another year.
YearPlace place_of_year(const std::string& name, std::optional<double> year) {
    YearPlace place;
    for (std::size_t i = 0; i < name.size();) {
        std::size_t end = i;
        while (end < name.size() && is_digit(name[end])) ++end;
        if (end == i) {
            ++i;
            continue;
        }
        const std::string digits = name.substr(i, end - i);
        const auto years = years_of_name(digits);
        const bool same = year && (digits == number_text(*year) ||
                                   (years.size() == 1 && static_cast<double>(years.front()) == std::floor(*year)));
        if (same || (!place.same && years.size() == 1)) place = {i, end - i, same};
        i = end;
    }
    return place;
}

/// "Band 3", "3", "" say no more than that there are several bands.
bool is_numbered(const std::string& title) {
    std::string word;
    for (const char c : lower_case(title))
        if (!is_digit(c) && !is_joint(c)) word += c;
    return word.empty() || word == "band" || word == "layer";
}

std::string file_of(const Layer& layer) { return std::filesystem::path(layer.file().path()).stem().string(); }

/// lc00, lc10: years without their century, on all names.
bool are_short_years(const std::vector<std::string>& names, const std::vector<double>& years) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string& name = names[i];
        std::size_t digits = 0;
        while (digits < name.size() && is_digit(name[name.size() - 1 - digits])) ++digits;
        if (digits != 2 || name.size() == 2) return false;
        if (parse_integer(name.substr(name.size() - 2)).value_or(-1) != static_cast<std::int64_t>(years[i]) % 100)
            return false;
    }
    return names.size() > 1;
}

/// "-5" keeps its minus as a word; the hyphen of "1990-2020" is none.
std::string with_minus(const std::string& name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool minus = name[i] == '-' && i + 1 < name.size() && is_digit(name[i + 1]) &&
                           (i == 0 || !(is_digit(name[i - 1]) || is_letter(name[i - 1])));
        text += minus ? std::string("minus_") : std::string(1, name[i]);
    }
    return text;
}

/// "forest", or "class_7" for names that hold no letter.
std::string word_of(const ClassLabel& label) {
    const std::string word = plain_name(with_minus(half_width(label.name)));
    if (!word.empty()) return word;
    return plain_name("class_" + with_minus(std::to_string(label.code)));
}

}  // namespace

std::string without_year(const std::string& name, std::optional<double> year) {
    std::string rest = name;
    for (YearPlace place = place_of_year(rest, year); place.length > 0; place = place_of_year(rest, year)) {
        rest = cut(rest, place.start, place.length);
        if (place.same) break;
    }
    return rest;
}

std::vector<std::string> variables_of_names(const std::vector<Layer>& layers, const std::vector<double>& years) {
    std::vector<std::string> given = band_names("raster_names", {}, layers, "rasters (bands)");
    std::vector<std::string> files;
    for (const Layer& layer : layers) files.push_back(file_of(layer));
    if (are_short_years(files, years))
        for (std::size_t i = 0; i < given.size(); ++i)
            if (given[i] == files[i]) given[i] = cut(given[i], given[i].size() - 2, 2);
    std::vector<std::string> names;
    std::map<std::string, std::string> known;  // what a variable was called first
    std::set<std::pair<std::string, double>> taken;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        std::string name = given[i];
        if (layers[i].file().bands() > 1 && is_numbered(without_year(layers[i].title(), years[i]))) {
            name = files[i];
            while (place_of_year(name, {}).length > 0) name = without_year(name, {});
        } else {
            // Files of one name in several folders got a number to tell them apart; their years may do so.
            std::string alone = name;
            if (const auto at = alone.rfind(" (");
                at != std::string::npos && alone.ends_with(")") &&
                std::find(given.begin(), given.begin() + static_cast<long>(i), alone.substr(0, at)) !=
                    given.begin() + static_cast<long>(i))
                alone.erase(at);
            alone = without_year(alone, years[i]);
            name = taken.count({plain_name(alone), years[i]}) ? without_year(name, years[i]) : alone;
        }
        if (plain_name(name).empty()) name = "raster";
        const std::string key = plain_name(name);
        taken.emplace(key, years[i]);
        names.push_back(known.emplace(key, name).first->second);
    }
    return names;
}

std::vector<std::string> dated_names(const std::vector<Layer>& layers) {
    std::vector<std::string> names;
    std::set<std::string> files;
    for (const Layer& layer : layers) files.insert(file_of(layer));
    for (const Layer& layer : layers) {
        std::string name = date_of_band(layer.file().handle(), layer.band());
        if (name.empty() && layer.file().bands() > 1) name = layer.title();
        if (name.empty() && layer.file().bands() == 1) {
            name = file_of(layer);
            const std::filesystem::path folder = std::filesystem::path(layer.file().path()).parent_path().filename();
            if (files.size() == 1 && !folder.empty()) name = folder.string() + '/' + name;
        }
        names.push_back(std::move(name));
    }
    return names;
}

std::vector<std::string> class_words(const std::vector<ClassLabel>& classes, std::vector<std::string>& told) {
    std::vector<std::string> words;
    std::map<std::string, std::size_t> taken;
    for (const ClassLabel& label : classes) {
        std::string word = word_of(label);
        // valid_ha and area_ha are columns of their own.
        if (word == "valid" || word == "area") word = "class_" + word;
        const auto [first, fresh] = taken.emplace(word, words.size());
        if (!fresh) {
            const ClassLabel& other = classes[first->second];
            std::string own = word + "_" + plain_name("class_" + with_minus(std::to_string(label.code)));
            while (!taken.emplace(own, words.size()).second) own += "_2";
            told.push_back("class " + std::to_string(label.code) + " (" + label.name + ") has the columns " + own +
                           "_ha and " + own + "_share, as " + word + " are those of class " +
                           std::to_string(other.code) + " (" + other.name + ")");
            word = own;
        }
        words.push_back(word);
    }
    return words;
}

}  // namespace landcarbon
