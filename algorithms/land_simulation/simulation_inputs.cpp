// Land Carbon Toolbox: land simulation: what tables say of demand, conversions and neighbourhoods.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_inputs.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/class_lookup.hpp"
#include "maths/largest_remainder.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

std::vector<std::size_t> rows_of_year(const InputTable& table, std::optional<double>& year, std::string& others) {
    std::vector<std::size_t> rows;
    if (!table.has("year")) {
        if (year) table.reject("YEAR is given, but the table has no column \"year\"");
        for (std::size_t row = 0; row < table.rows(); ++row) rows.push_back(row);
        return rows;
    }
    const std::size_t column = table.column("year");
    std::set<double> years;
    for (std::size_t row = 0; row < table.rows(); ++row) years.insert(table.required_year(row, column));
    if (!year && !years.empty()) {
        year = *years.rbegin();
        if (years.size() > 1) {
            std::vector<std::string> there;
            for (const double one : years) there.push_back(number_text(one));
            others = "the table has the years " + listed(there) + ": the demand of " + there.back() +
                     " is met. Say another with YEAR";
        }
    }
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (table.required_year(row, column) == *year) rows.push_back(row);
    if (rows.empty() && year) {
        std::vector<std::string> there;
        for (const double one : years) there.push_back(number_text(one));
        table.reject("it has no rows for the year " + number_text(*year) + "; it has " + listed(there));
    }
    return rows;
}

}  // namespace

ClassDemand read_demand(const InputTable& table, std::optional<double> year) {
    ClassDemand demand;
    const std::size_t classes = table.column("class");
    demand.unit = table.has("cells") ? ClassDemand::Unit::cells : ClassDemand::Unit::area_ha;
    if (!table.has("cells") && !table.has("area_ha"))
        table.reject("it has neither a column \"cells\" nor a column \"area_ha\"");
    const bool cells = demand.unit == ClassDemand::Unit::cells;
    const std::size_t amounts = table.column(cells ? "cells" : "area_ha");
    const std::vector<std::size_t> rows = rows_of_year(table, year, demand.warning);
    if (rows.empty()) table.reject("it has no rows");
    for (const std::size_t row : rows) {
        const std::int64_t code = table.required_integer(row, classes);
        const double amount =
            cells ? static_cast<double>(table.required_integer(row, amounts)) : table.required_number(row, amounts);
        if (!(amount >= 0)) table.reject(row, amounts, "a demand cannot be negative");
        if (!demand.amounts.emplace(code, amount).second)
            table.reject(row, classes,
                         "class " + std::to_string(code) + " has a demand already" + (year ? " for this year" : ""));
    }
    demand.year = year;
    return demand;
}

std::vector<std::int64_t> demand_in_cells(const ClassDemand& demand, const std::vector<std::int64_t>& codes,
                                          std::int64_t total, double total_ha, bool scale) {
    const bool cells = demand.unit == ClassDemand::Unit::cells;
    double sum = 0;
    std::vector<double> shares;
    for (const std::int64_t code : codes) {
        const auto entry = demand.amounts.find(code);
        shares.push_back(entry == demand.amounts.end() ? 0 : entry->second);
        sum += shares.back();
    }
    const double whole = cells ? static_cast<double>(total) : total_ha;
    const double slack = cells ? 0 : 0.5 * static_cast<double>(codes.size()) * total_ha / static_cast<double>(total);
    if (!(sum > 0)) throw wrong("demand", "it asks for no land at all");
    if (!scale && std::abs(sum - whole) > slack) {
        const char* const unit = cells ? " cells" : " ha";
        throw wrong("demand", "it comes to " + number_text(sum) + unit + ", the map to " + number_text(whole) + unit +
                                  " (" + (sum > whole ? "+" : "") + number_text(sum - whole) +
                                  "). Make the demand sum to the map, or use DEMAND_TOTAL=scale");
    }
    if (cells && sum == whole) {
        std::vector<std::int64_t> counts;
        for (const double share : shares) counts.push_back(static_cast<std::int64_t>(share));
        return counts;
    }
    return largest_remainder(shares, total);
}

namespace {

double read_ease(std::optional<double> value, const std::string& text) {
    if (!value || !(*value >= 0 && *value <= 1))
        throw std::invalid_argument("\"" + text + "\" is not 1 (allowed), 0 (not allowed) or a number between");
    return *value;
}

/// The rows of a scenario.
std::vector<std::size_t> rows_of_scenario(const InputTable& table, const std::string& scenario) {
    std::vector<std::size_t> rows;
    if (!table.has("scenario")) {
        if (!scenario.empty()) table.reject("SCENARIO is given, but the table has no column \"scenario\"");
        for (std::size_t row = 0; row < table.rows(); ++row) rows.push_back(row);
        return rows;
    }
    const std::size_t column = table.column("scenario");
    std::set<std::string> names;
    for (std::size_t row = 0; row < table.rows(); ++row) names.insert(std::string(trimmed(table.text(row, column))));
    if (scenario.empty() && names.size() > 1)
        table.reject("it has several scenarios; say with SCENARIO which: " + listed({names.begin(), names.end()}));
    for (std::size_t row = 0; row < table.rows(); ++row)
        if (scenario.empty() || trimmed(table.text(row, column)) == scenario) rows.push_back(row);
    if (rows.empty())
        table.reject("it has no scenario \"" + scenario + "\"; it has " + listed({names.begin(), names.end()}));
    return rows;
}

}  // namespace

ConversionRules::ConversionRules(const InputTable& table, const std::string& scenario) : everything_(false) {
    const std::size_t from = table.column("from");
    const auto read = [&](std::size_t row, std::size_t column) {
        try {
            return read_ease(table.number(row, column), std::string(table.text(row, column)));
        } catch (const std::invalid_argument& error) {
            table.reject(row, column, error.what());
        }
    };
    std::vector<std::pair<std::size_t, std::int64_t>> wide;  // column and future class
    for (std::size_t column = 0; column < table.columns().size(); ++column) {
        const std::string& name = table.columns()[column];
        if (name.size() > 3 && name.compare(0, 3, "to_") == 0)
            if (const auto code = parse_integer(name.substr(3))) wide.emplace_back(column, *code);
    }
    const bool is_long = table.has("to") && table.has("allowed");
    if (!is_long && wide.empty())
        table.reject("it has neither columns \"to\" and \"allowed\" nor a column \"to_<class>\" for each class");
    for (const std::size_t row : rows_of_scenario(table, scenario)) {
        const std::int64_t present = table.required_integer(row, from);
        if (is_long) {
            known_[present] = true;
            const std::int64_t future = table.required_integer(row, table.column("to"));
            if (!ease_.emplace(std::pair(present, future), read(row, table.column("allowed"))).second)
                table.reject(row, from, "the conversion has a row already");
            continue;
        }
        if (!known_.emplace(present, true).second)
            table.reject(row, from, "class " + std::to_string(present) + " has a row already");
        for (const auto& [column, future] : wide) ease_[{present, future}] = read(row, column);
    }
}

void ConversionRules::rename(const std::map<std::int64_t, std::vector<std::int64_t>>& codes) {
    const auto named = [&codes](std::int64_t code) {
        const auto found = codes.find(code);
        return found == codes.end() ? std::vector<std::int64_t>{} : found->second;
    };
    std::map<std::int64_t, bool> known;
    std::map<std::pair<std::int64_t, std::int64_t>, double> ease;
    for (const auto& [code, said] : known_)
        for (const std::int64_t other : named(code)) known[other] = said;
    for (const auto& [pair, easy] : ease_)
        for (const std::int64_t from : named(pair.first))
            for (const std::int64_t to : named(pair.second)) ease[{from, to}] = easy;
    known_ = std::move(known);
    ease_ = std::move(ease);
}

void ConversionRules::change(const std::string& parameter, const std::vector<std::vector<std::string>>& rows) {
    for (std::size_t row = 0; row < rows.size(); ++row) {
        const auto fail = [&](const std::string& reason) {
            throw wrong(parameter, "row " + std::to_string(row + 1) + ": " + reason);
        };
        if (rows[row].size() != 3) fail("three entries are needed: from, to, allowed");
        const auto present = parse_integer(rows[row][0]), future = parse_integer(rows[row][1]);
        if (!present || !future) fail("from and to must be class codes");
        try {
            ease_[{*present, *future}] = read_ease(parse_number(rows[row][2]), rows[row][2]);
        } catch (const std::invalid_argument& error) {
            fail(error.what());
        }
    }
}

std::vector<std::int64_t> ConversionRules::unknown(const std::vector<std::int64_t>& codes) const {
    std::vector<std::int64_t> missing;
    if (everything_) return missing;
    for (const std::int64_t code : codes)
        if (!known_.count(code)) missing.push_back(code);
    return missing;
}

std::vector<float> ConversionRules::matrix(const std::vector<std::int64_t>& codes) const {
    std::vector<float> matrix;
    for (const std::int64_t from : codes)
        for (const std::int64_t to : codes) {
            const auto entry = ease_.find({from, to});
            const double otherwise = everything_ ? 1 : 0;
            matrix.push_back(from == to ? 1.0F : static_cast<float>(entry == ease_.end() ? otherwise : entry->second));
        }
    return matrix;
}

std::vector<double> read_weights(const InputTable& table, const std::vector<std::int64_t>& codes) {
    const std::size_t column = table.columns_of({"class", "weight"})[1];
    const auto rows = rows_by_class(table);
    std::vector<double> weights;
    std::vector<std::int64_t> missing;
    for (const std::int64_t code : codes) {
        const auto row = rows.find(code);
        if (row == rows.end()) {
            missing.push_back(code);
            continue;
        }
        const double weight = table.required_number(row->second, column);
        if (!(weight >= 0 && weight <= 1e6)) table.reject(row->second, column, "a weight lies between 0 and 1000000");
        weights.push_back(weight);
    }
    if (!missing.empty()) reject_missing_classes(table, missing);
    return weights;
}

}  // namespace landcarbon
