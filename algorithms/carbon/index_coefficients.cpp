// Land Carbon Toolbox: the coefficients of regional carbon indices: the published ones as one tidy table, and any such
// table read and checked.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/index_coefficients.hpp"

#include <algorithm>
#include <stdexcept>
#include <unordered_map>
#include <utility>

#include "engine/unit_panel.hpp"
#include "spec/values.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {
namespace {

/// What a table of the tidy form may hold.
struct TableRules {
    IndexTable table;
    const char* name;
    std::vector<std::string> needed;    ///< every item has all of these
    std::vector<std::string> possible;  ///< and may have these
};

const std::vector<TableRules>& rules() {
    static const std::vector<TableRules> list = {
        {IndexTable::agriculture, "agriculture", {"emission"}, {}},
        {IndexTable::energy, "energy", {"standard_coal", "emission"}, {}},
        {IndexTable::population, "population", {"respiration"}, {}},
        {IndexTable::livestock, "livestock", {"respiration", "enteric", "manure"}, {}},
        {IndexTable::crops, "crops", {"carbon_fraction", "economic_coefficient", "water_content"}, {}},
        {IndexTable::land, "land", {}, {"sequestration", "nep"}},
    };
    return list;
}

const TableRules& rules_of(IndexTable table) {
    return *std::find_if(rules().begin(), rules().end(), [&](const TableRules& r) { return r.table == table; });
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Where the items of the published table of the indices belong, and what their coefficients are called.
IndexCoefficient tidy(const std::string& group, const std::string& item) {
    if (group == "cropland") return {IndexTable::agriculture, item, "emission", 0, "", ""};
    if (group == "urban") return {IndexTable::population, "population", "respiration", 0, "", ""};
    if (group == "sink") return {IndexTable::land, item, "sequestration", 0, "", ""};
    if (group == "nep") return {IndexTable::land, item, "nep", 0, "", ""};
    const std::size_t joint = item.find('_');
    if (group != "livestock" || joint == std::string::npos)
        throw std::logic_error("no place for " + group + ", " + item);
    return {IndexTable::livestock, item.substr(0, joint), item.substr(joint + 1), 0, "", ""};
}

/// The unit below the line: "kg/m3" -> "m3", "t/(person a)" -> "person".
std::string amount_unit(const std::string& unit) {
    std::string below = unit.substr(std::min(unit.size(), unit.find('/') + 1));
    below.erase(std::remove_if(below.begin(), below.end(), [](char c) { return c == '(' || c == ')'; }), below.end());
    if (below.size() > 2 && below.ends_with(" a")) below.resize(below.size() - 2);
    return below;
}

/// Tonnes in the unit above the line. Nothing when it is neither t nor kg.
std::optional<double> tonnes(const std::string& unit) {
    if (unit.empty() || unit.rfind("t/", 0) == 0 || unit.rfind("t C/", 0) == 0) return 1;
    if (unit.rfind("kg/", 0) == 0) return 0.001;
    return std::nullopt;
}

}  // namespace

const std::vector<IndexTable>& index_tables() {
    static const std::vector<IndexTable> list = [] {
        std::vector<IndexTable> tables;
        for (const auto& rule : rules()) tables.push_back(rule.table);
        return tables;
    }();
    return list;
}

std::string index_table_name(IndexTable table) { return rules_of(table).name; }

std::vector<IndexCoefficient> published_index_coefficients(std::optional<IndexTable> wanted) {
    std::vector<IndexCoefficient> all;
    const auto index = read_published_table("coefficients", "qinba_index_coefficients");
    for (std::size_t row = 0; row < index.rows(); ++row) {
        IndexCoefficient entry = tidy(std::string(index.text(row, index.column("group"))),
                                      std::string(index.text(row, index.column("item"))));
        entry.value = index.required_number(row, index.column("coefficient"));
        entry.unit = index.text(row, index.column("unit"));
        entry.source = "qinba_index_coefficients";
        all.push_back(std::move(entry));
    }
    const auto energy = read_published_table("coefficients", "qinba_energy_coefficients");
    for (std::size_t row = 0; row < energy.rows(); ++row) {
        const std::string item = plain_name(energy.text(row, energy.column("energy")));
        all.push_back(
            {IndexTable::energy, item, "standard_coal", energy.required_number(row, energy.column("standard_coal")),
             std::string(energy.text(row, energy.column("standard_coal_unit"))), "qinba_energy_coefficients"});
        all.push_back({IndexTable::energy, item, "emission",
                       energy.required_number(row, energy.column("ce_t_per_t_coal")), "t/t",
                       "qinba_energy_coefficients"});
    }
    const auto crops = read_published_table("coefficients", "crop_coefficients");
    for (std::size_t row = 0; row < crops.rows(); ++row)
        for (const char* coefficient : {"carbon_fraction", "economic_coefficient", "water_content"})
            all.push_back({IndexTable::crops, plain_name(crops.text(row, crops.column("crop"))), coefficient,
                           crops.required_number(row, crops.column(coefficient)), "t/t", "crop_coefficients"});
    std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.table < b.table; });
    if (wanted) std::erase_if(all, [&](const IndexCoefficient& entry) { return entry.table != *wanted; });
    return all;
}

IndexCoefficients::IndexCoefficients(const InputTable& table) {
    const auto columns = table.columns_of({"table", "item", "coefficient", "value"});
    const std::size_t table_column = columns[0], item_column = columns[1], kind_column = columns[2],
                      value_column = columns[3];
    std::optional<std::size_t> unit_column;
    if (table.has("unit")) unit_column = table.column("unit");

    struct Given {
        IndexTable table{};
        std::string item;
        std::size_t row = 0;                       ///< its first row
        std::map<std::string, double> values;      ///< by coefficient
        std::map<std::string, std::string> units;  ///< by coefficient
    };
    std::vector<Given> given;
    std::unordered_map<std::string, std::size_t> places;
    std::vector<std::string> words;
    for (const auto& rule : rules()) words.emplace_back(rule.name);
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string word = plain_name(table.text(row, table_column));
        const auto rule = std::find_if(rules().begin(), rules().end(), [&](const auto& r) { return word == r.name; });
        if (rule == rules().end())
            table.reject(row, table_column,
                         (word.empty() ? "the cell is empty" : "\"" + word + "\" is no table of coefficients") +
                             "; the tables are: " + value_text(words));
        const std::string item = plain_name(table.text(row, item_column));
        if (item.empty()) table.reject(row, item_column, "the cell is empty; every row needs an item");
        const std::string coefficient = plain_name(table.text(row, kind_column));
        if (!contains(rule->needed, coefficient) && !contains(rule->possible, coefficient)) {
            std::vector<std::string> known = rule->needed;
            known.insert(known.end(), rule->possible.begin(), rule->possible.end());
            table.reject(row, kind_column,
                         "\"" + coefficient + "\" is no coefficient of the table " + rule->name +
                             ", which has: " + value_text(known));
        }
        const auto [place, fresh] = places.emplace(item, given.size());
        if (fresh) given.push_back({rule->table, item, row, {}, {}});
        Given& entry = given[place->second];
        if (entry.table != rule->table)
            table.reject(row, item_column,
                         "\"" + item + "\" stands in the table " + index_table_name(entry.table) +
                             " as well; give one of them another name");
        const double value = table.required_number(row, value_column);
        if (value < 0) table.reject(row, value_column, "a coefficient cannot be negative");
        if (coefficient == "water_content" && value >= 1)
            table.reject(row, value_column, "water content is a share below 1: 0.12 for 12 %");
        if ((coefficient == "carbon_fraction" || coefficient == "economic_coefficient") && value > 1)
            table.reject(row, value_column, "it is a share of at most 1: 0.45 for 45 %");
        if ((coefficient == "economic_coefficient" || coefficient == "nep") && value == 0)
            table.reject(row, value_column, "it divides and cannot be zero");
        if (!entry.values.emplace(coefficient, value).second)
            table.reject(row, kind_column, "\"" + item + "\" has the coefficient " + coefficient + " twice");
        const std::string unit(unit_column ? trimmed(table.text(row, *unit_column)) : "");
        if (!tonnes(unit))
            table.reject(row, *unit_column, "\"" + unit + "\" is no unit of a coefficient; it begins with t/ or kg/");
        entry.units[coefficient] = unit;
    }
    for (const Given& entry : given) {
        for (const auto& needed : rules_of(entry.table).needed)
            if (!entry.values.count(needed))
                table.reject(entry.row, item_column,
                             "\"" + entry.item + "\" lacks the coefficient " + needed + "; add a row for it");
        IndexItem item{entry.table, entry.item, 0, "", std::nullopt, true};
        const auto value = [&](const char* coefficient) {
            return entry.values.at(coefficient) * *tonnes(entry.units.at(coefficient));
        };
        switch (entry.table) {
            case IndexTable::agriculture:
                item.factor = value("emission");
                item.unit = amount_unit(entry.units.at("emission"));
                break;
            case IndexTable::energy:
                item.factor = value("standard_coal") * value("emission");
                item.unit = amount_unit(entry.units.at("standard_coal"));
                break;
            case IndexTable::population:
                item.factor = value("respiration");
                item.unit = amount_unit(entry.units.at("respiration"));
                break;
            case IndexTable::livestock:
                item.factor = value("respiration") + value("enteric") + value("manure");
                item.unit = amount_unit(entry.units.at("respiration"));
                break;
            case IndexTable::crops:
                item.factor = (1 - entry.values.at("water_content")) / entry.values.at("economic_coefficient") *
                              value("carbon_fraction");
                item.unit = "t";
                break;
            case IndexTable::land:
                item.counted = entry.values.count("sequestration") > 0;
                item.unit = "ha";
                if (item.counted) item.factor = value("sequestration");
                if (entry.values.count("nep")) item.nep = value("nep");
                break;
        }
        items_.push_back(std::move(item));
    }
}

const IndexItem* IndexCoefficients::find(const std::string& name) const {
    const auto found = std::find_if(items_.begin(), items_.end(), [&](const IndexItem& i) { return i.name == name; });
    return found == items_.end() ? nullptr : &*found;
}

}  // namespace landcarbon
