// Land Carbon Toolbox: whether a table and the maps mean the same by a class: by code, by name, or by both.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_match.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "engine/run.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_listed = 50;

std::string in_quotes(std::string_view name) { return "\"" + std::string(name) + "\""; }

std::string table_name(const InputTable& table, std::size_t row) {
    return table.has("name") ? std::string(trimmed(table.text(row, table.column("name")))) : std::string();
}

}  // namespace

Argument& match_argument(Spec& spec, ClassMatch& match, const std::string& tables) {
    return spec
        .choice("match", match,
                {{{"codes_and_names", "By code; stop where the names disagree"}, ClassMatch::codes_and_names},
                 {{"codes", "By code; names do not matter"}, ClassMatch::codes},
                 {{"names", "By name; the table's codes do not matter"}, ClassMatch::names}})
        .named("How classes are matched")
        .says(
            "How the rows of " + tables +
            " find the classes of the maps. Where both the table and the map name a class and the names disagree, the "
            "run stops with a list, unless codes alone decide. By name, a row serves every class of its name on the "
            "maps. Names on a map are its category names or its attribute table. Case, punctuation and plurals do "
            "not matter.")
        .advanced();
}

std::string class_name_key(std::string_view name, std::int64_t code) {
    std::string key, word;
    const auto end_word = [&] {
        // "Forests" and "forest", "Grasslands" and "grassland"; both sides lose the s of "grass".
        if (word.size() > 3 && word.back() == 's') word.pop_back();
        if (!word.empty()) key += (key.empty() ? "" : " ") + word;
        word.clear();
    };
    for (const char c : name) {
        const bool upper = c >= 'A' && c <= 'Z';
        // Bytes of other scripts stay as they are.
        const bool part =
            upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) > 127;
        if (part)
            word += upper ? static_cast<char>(c - 'A' + 'a') : c;
        else
            end_word();
    }
    end_word();
    const std::string number = std::to_string(code);
    return key == number || key == "class " + number || key == "clas " + number ? std::string() : key;
}

ClassMatcher::ClassMatcher(const Run& run, ClassMatch match, const std::map<std::int64_t, ClassInfo>& given)
    : match_(match) {
    if (match == ClassMatch::codes) return;
    maps_ = run.class_names();
    MapNames own{"CLASSES", {}};
    for (const auto& [code, info] : given) {
        if (info.name.empty()) continue;
        own.names[code] = info.name;
        for (auto& map : maps_) map.names.erase(code);
    }
    if (!own.names.empty()) maps_.insert(maps_.begin(), std::move(own));
}

ClassMatcher::ClassMatcher(ClassMatch match, std::vector<MapNames> maps) : match_(match), maps_(std::move(maps)) {}

std::string ClassMatcher::name(std::int64_t code) const {
    for (const auto& map : maps_)
        if (const auto found = map.names.find(code); found != map.names.end() && !found->second.empty())
            return found->second;
    return {};
}

std::map<std::int64_t, std::vector<std::int64_t>> ClassMatcher::codes_by_name(const InputTable& table,
                                                                              const std::string& column) const {
    const std::size_t code_column = table.column(column);
    if (!table.has("name")) table.reject("MATCH is names, but the table has no column \"name\"");
    std::map<std::string, std::set<std::int64_t>> on_maps;
    for (const auto& map : maps_)
        for (const auto& [code, name] : map.names) {
            const std::string key = class_name_key(name, code);
            if (!key.empty()) on_maps[key].insert(code);
        }
    if (on_maps.empty())
        table.reject(
            "MATCH is names, but the maps do not name their classes; give them category names or an attribute table, "
            "or match by code");
    // One code on two maps may mean two things only where both say so.
    std::map<std::int64_t, std::string> met;
    for (const auto& map : maps_)
        for (const auto& [code, name] : map.names) {
            const std::string key = class_name_key(name, code);
            const auto known = met.emplace(code, key);
            if (!key.empty() && !known.first->second.empty() && known.first->second != key)
                table.reject("MATCH is names, but the maps name class " + std::to_string(code) + " differently: " +
                             in_quotes(this->name(code)) + " and " + in_quotes(name) + " (" + map.map + ")");
        }
    std::map<std::int64_t, std::vector<std::int64_t>> codes;
    std::map<std::string, std::int64_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::int64_t code = table.required_integer(row, code_column);
        const std::string key = class_name_key(table_name(table, row), code);
        if (key.empty()) continue;
        if (const auto other = rows.emplace(key, code); !other.second && other.first->second != code)
            table.reject(
                row, table.column("name"),
                "the name " + in_quotes(table_name(table, row)) + " appears twice; MATCH=names needs one row a name");
        if (const auto found = on_maps.find(key); found != on_maps.end())
            codes[code].assign(found->second.begin(), found->second.end());
    }
    return codes;
}

InputTable ClassMatcher::fitted(const InputTable& table) const {
    if (match_ != ClassMatch::names) return table;
    rows_by_class(table);  // a class that appears twice is an error as ever
    const std::size_t column = table.column("class");
    const auto codes = codes_by_name(table, "class");
    std::vector<std::pair<std::size_t, std::string>> rows;
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (const auto found = codes.find(table.required_integer(row, column)); found != codes.end())
            for (const std::int64_t code : found->second) rows.emplace_back(row, std::to_string(code));
    return table.with_cells(column, rows);
}

void ClassMatcher::check(const InputTable& table, const ClassCodes& shown, const std::string& column) const {
    if (match_ != ClassMatch::codes_and_names || !table.has("name")) return;
    const std::size_t code_column = table.column(column);
    const auto codes = shown.codes();
    std::map<std::int64_t, std::string> contradictions;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::int64_t code = table.required_integer(row, code_column);
        const std::string here = table_name(table, row), key = class_name_key(here, code);
        if (key.empty() || !std::binary_search(codes.begin(), codes.end(), code)) continue;
        for (const auto& map : maps_) {
            const auto there = map.names.find(code);
            if (there == map.names.end()) continue;
            const std::string there_key = class_name_key(there->second, code);
            if (!there_key.empty() && there_key != key)
                contradictions.emplace(code, std::to_string(code) + ": " + in_quotes(there->second) + " (" + map.map +
                                                 "), table " + in_quotes(here));
        }
    }
    if (contradictions.empty()) return;
    std::vector<std::string> entries;
    for (const auto& [code, text] : contradictions) entries.push_back(text);
    table.reject((entries.size() == 1 ? std::string("a class has another name on the map: ")
                                      : std::to_string(entries.size()) + " classes have other names on the maps: ") +
                 listed_entries(entries, most_listed) +
                 ". If the table is for other codes, set MATCH to names or write the table with the codes of your map "
                 "(Coefficient table does so for shipped tables); if only the words differ, set MATCH to codes");
}

}  // namespace landcarbon
