// Land Carbon Toolbox: which column of a yearbook holds which quantity of the carbon indices.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_indices/index_fields.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "engine/unit_panel.hpp"
#include "spec/spec.hpp"

namespace landcarbon {
namespace {

using Words = std::vector<std::string>;

/// What yearbooks call the published quantities, beside their own names.
const std::map<std::string, Words>& other_names() {
    static const std::map<std::string, Words> names = {
        {"fertilizer", {"fertiliser", "fertilizers", "chemical_fertilizer", "化肥", "化肥施用量", "农用化肥"}},
        {"pesticide", {"pesticides", "农药", "农药使用量"}},
        {"plastic_film", {"film", "agricultural_film", "农膜", "地膜", "农用塑料薄膜", "塑料薄膜"}},
        {"irrigation", {"irrigated_area", "effective_irrigation", "灌溉", "灌溉面积", "有效灌溉面积"}},
        {"crop_cover", {"sown_area", "crop_sown_area", "播种面积", "农作物播种面积"}},
        {"machinery", {"machinery_power", "agricultural_machinery", "农机总动力", "农业机械总动力", "农业机械"}},
        {"population", {"persons", "inhabitants", "人口", "总人口", "常住人口"}},
        {"raw_coal", {"coal", "原煤", "煤炭"}},
        {"coke", {"焦炭"}},
        {"gasoline", {"petrol", "汽油"}},
        {"kerosene", {"煤油"}},
        {"diesel_fuel", {"diesel", "diesel_oil", "柴油"}},
        {"combustion_oil", {"fuel_oil", "燃料油"}},
        {"natural_gas", {"天然气"}},
        {"liquefied_natural_gas", {"lng", "液化天然气"}},
        {"liquefied_petroleum_gas", {"lpg", "液化石油气"}},
        {"electricity", {"power_consumption", "电力", "用电量", "全社会用电量"}},
        {"heat", {"热力"}},
        {"pig", {"pigs", "猪", "生猪"}},
        {"cattle", {"牛"}},
        {"sheep", {"sheep_and_goats", "羊"}},
        {"poultry", {"家禽"}},
        {"rice", {"水稻", "稻谷"}},
        {"wheat", {"小麦"}},
        {"maize", {"corn", "玉米"}},
        {"beans", {"soybeans", "豆类", "大豆"}},
        {"tubers", {"potatoes", "薯类"}},
        {"rapeseed", {"油菜籽"}},
        {"peanuts", {"groundnuts", "花生"}},
        {"cotton", {"棉花"}},
        {"sugar_cane", {"sugarcane", "甘蔗"}},
        {"vegetables", {"蔬菜"}},
        {"tobacco", {"烟叶", "烟草"}},
        {"shrubland", {"shrub", "shrubs", "灌木", "灌木地", "灌木林地"}},
        {"forest", {"forests", "woodland", "林地", "森林"}},
        {"grassland", {"grass", "草地"}},
        {"water", {"water_area", "water_body", "水域", "水体"}},
        {gdp_quantity, {"gross_domestic_product", "地区生产总值", "生产总值", "国内生产总值"}},
    };
    return names;
}

/// How columns write the units of amounts.
const std::map<std::string, Words>& unit_words() {
    static const std::map<std::string, Words> words = {
        {"t", {"t", "tonnes", "吨"}},
        {"ha", {"ha", "hm2", "公顷"}},
        {"kW", {"kw", "千瓦"}},
        {"m3", {"m3", "立方米"}},
        {"kWh", {"kwh", "千瓦时"}},
        {"MJ", {"mj", "兆焦"}},
        {"head", {"head", "heads", "头", "只"}},
        {"person", {"person", "persons", "人"}},
    };
    return words;
}

/// Only shares of GDP count, so that any unit will do.
const Words& money_words() {
    static const Words words = {
        "yuan",      "cny", "usd",  "10000_yuan", "10_4_yuan", "million_yuan", "100_million_yuan",
        "10_8_yuan", "元",  "万元", "亿元"};
    return words;
}

/// All plain names by which a quantity is known.
std::set<std::string> known_names(const std::string& quantity, const IndexItem* item) {
    Words bare = {quantity};
    if (const auto others = other_names().find(quantity); others != other_names().end())
        bare.insert(bare.end(), others->second.begin(), others->second.end());
    Words units = money_words();
    if (item) {
        const auto found = unit_words().find(item->unit);
        units = found == unit_words().end() ? Words{plain_name(item->unit)} : found->second;
    }
    std::set<std::string> names(bare.begin(), bare.end());
    for (const auto& name : bare)
        for (const auto& unit : units) names.insert(name + "_" + unit);
    return names;
}

/// One row of a mapping, from wherever it comes.
struct MappingRow {
    std::string quantity, field, scale;
    std::function<void(int, const std::string&)> reject;  ///< column (0, 1, 2) and reason; throws
};

std::vector<MappingRow> mapping_rows(const Matrix& typed, const InputTable* mapping) {
    std::vector<MappingRow> rows;
    if (mapping) {
        const std::size_t quantity = mapping->column("quantity"), field = mapping->column("field");
        std::optional<std::size_t> scale;
        if (mapping->has("scale")) scale = mapping->column("scale");
        for (std::size_t row = 0; row < mapping->rows(); ++row)
            rows.push_back({std::string(mapping->text(row, quantity)), std::string(trimmed(mapping->text(row, field))),
                            std::string(scale ? trimmed(mapping->text(row, *scale)) : ""),
                            [=](int column, const std::string& reason) {
                                mapping->reject(row, column == 0 ? quantity : column == 1 ? field : *scale, reason);
                            }});
    }
    for (std::size_t row = 0; row < typed.rows.size(); ++row) {
        const auto& cells = typed.rows[row];
        if (std::all_of(cells.begin(), cells.end(), [](const auto& cell) { return trimmed(cell).empty(); })) continue;
        rows.push_back({cells[0], std::string(trimmed(cells[1])), std::string(trimmed(cells[2])),
                        [row](int column, const std::string& reason) {
                            static const char* const names[] = {"quantity", "field", "scale"};
                            throw wrong("fields",
                                        "row " + std::to_string(row + 1) + ", " + names[column] + ": " + reason);
                        }});
    }
    return rows;
}

std::string perhaps(const std::string& word, const std::vector<std::string>& candidates) {
    const std::string near = closest(word, candidates);
    return near.empty() ? "" : "; did you mean \"" + near + "\"?";
}

}  // namespace

std::vector<IndexField> find_index_fields(const std::vector<std::string>& columns,
                                          const IndexCoefficients& coefficients, const Matrix& typed,
                                          const InputTable* mapping) {
    std::vector<std::string> quantities;
    for (const auto& item : coefficients.items())
        if (item.counted) quantities.push_back(item.name);
    quantities.emplace_back(gdp_quantity);

    std::map<std::string, IndexField> said;    // by quantity; without a field: left out
    std::map<std::string, std::string> taken;  // column, quantity
    for (const MappingRow& row : mapping_rows(typed, mapping)) {
        IndexField entry{plain_name(row.quantity), "", 1, false, nullptr};
        if (std::find(quantities.begin(), quantities.end(), entry.quantity) == quantities.end())
            row.reject(0, (entry.quantity.empty() ? "the cell is empty" : "\"" + entry.quantity + "\" is no quantity") +
                              perhaps(entry.quantity, quantities) +
                              " The quantities are the items of COEFFICIENTS, and gdp");
        if (!row.field.empty()) {
            const auto column = std::find_if(columns.begin(), columns.end(), [&](const auto& name) {
                return name == row.field || plain_name(name) == plain_name(row.field);
            });
            if (column == columns.end())
                row.reject(1, "UNITS has no column \"" + row.field + "\" that is free for a quantity" +
                                  perhaps(row.field, columns));
            entry.field = *column;
            if (const auto [other, fresh] = taken.emplace(entry.field, entry.quantity); !fresh)
                row.reject(1, "the column \"" + entry.field + "\" is \"" + other->second + "\" already");
        }
        if (!row.scale.empty()) {
            const auto scale = parse_number(row.scale);
            if (!scale || !std::isfinite(*scale) || *scale <= 0)
                row.reject(2, "\"" + row.scale + "\" is no number above zero");
            entry.scale = *scale;
        }
        if (!said.emplace(entry.quantity, entry).second)
            row.reject(0, "the quantity \"" + entry.quantity + "\" appears twice");
    }

    std::vector<IndexField> fields;
    for (const auto& quantity : quantities) {
        const IndexItem* item = coefficients.find(quantity);
        if (const auto found = said.find(quantity); found != said.end()) {
            if (found->second.field.empty()) continue;
            fields.push_back(found->second);
            fields.back().item = item;
            continue;
        }
        const auto names = known_names(quantity, item);
        std::vector<std::string> fitting;
        for (const auto& column : columns)
            if (!taken.count(column) && names.count(plain_name(column))) fitting.push_back(column);
        if (fitting.size() > 1)
            throw wrong("fields", "the columns " + value_text(fitting) + " of UNITS could all be \"" + quantity +
                                      "\"; say in FIELDS which of them it is");
        if (fitting.size() == 1) fields.push_back({quantity, fitting[0], 1, true, item});
    }
    return fields;
}

std::vector<std::pair<std::string, std::string>> near_fields(const std::vector<std::string>& unused,
                                                             const IndexCoefficients& coefficients,
                                                             const std::vector<IndexField>& fields) {
    std::vector<std::string> lacking;
    for (const auto& item : coefficients.items())
        if (item.counted &&
            std::none_of(fields.begin(), fields.end(), [&](const auto& field) { return field.quantity == item.name; }))
            lacking.push_back(item.name);
    std::vector<std::pair<std::string, std::string>> near;
    for (const auto& column : unused) {
        const std::string name = '_' + plain_name(column) + '_';
        std::string quantity;
        std::size_t longest = 0;
        for (const auto& candidate : lacking) {
            Words words = {candidate};
            if (const auto others = other_names().find(candidate); others != other_names().end())
                words.insert(words.end(), others->second.begin(), others->second.end());
            for (const auto& word : words) {
                // Words of letters stand alone; in Chinese nothing parts them. One character is too little.
                const bool letters = static_cast<unsigned char>(word[0]) < 0x80;
                const bool holds = letters ? name.find('_' + word + '_') != std::string::npos
                                           : word.size() >= 6 && name.find(word) != std::string::npos;
                if (holds && word.size() > longest) {
                    longest = word.size();
                    quantity = candidate;
                }
            }
        }
        if (!quantity.empty()) near.emplace_back(column, quantity);
    }
    return near;
}

}  // namespace landcarbon
