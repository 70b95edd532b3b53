// Land Carbon Toolbox: STIRPAT scenarios: the table of scenarios.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/scenario_table.hpp"

#include <algorithm>
#include <optional>

#include "spec/spec.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_scenarios = 100;

struct Years {
    int first, last;
};

std::optional<Years> years_of(std::string_view text) {
    for (const std::string_view dash : {"-", "\u2013", "\u2014", "~", "\u301c", "\uff5e", "\u81f3"}) {
        const auto at = text.find(dash);
        if (at == std::string_view::npos) continue;
        const auto first = parse_integer(trimmed(text.substr(0, at)));
        const auto last = parse_integer(trimmed(text.substr(at + dash.size())));
        if (!first || !last || *first < 1000 || *last > 3000 || *first >= *last) return std::nullopt;
        return Years{static_cast<int>(*first), static_cast<int>(*last)};
    }
    return std::nullopt;
}

std::optional<ScenarioVariable> variable_of(const InputTable& table, const std::string& name) {
    const std::string growth = name + "_growth", threshold = name + "_threshold";
    if (table.has(growth) && table.has(threshold))
        table.reject("it has both the columns \"" + growth + "\" and \"" + threshold + "\"; leave one of them out");
    if (table.has(growth)) return ScenarioVariable{name, RuleKind::growth, table.column(growth)};
    if (table.has(threshold)) return ScenarioVariable{name, RuleKind::threshold, table.column(threshold)};
    return std::nullopt;
}

/// Every column with a name must be known: a misspelt one would be left out silently.
void check_columns(const InputTable& table, const std::vector<std::size_t>& used,
                   const std::vector<std::string>& names) {
    std::vector<std::string> known = {"scenario", "period"};
    for (const auto& name : names) {
        known.push_back(name + "_growth");
        known.push_back(name + "_threshold");
    }
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        if (table.columns()[i].empty() || std::count(used.begin(), used.end(), i)) continue;
        const std::string meant = closest(table.columns()[i], known);
        table.reject("the column \"" + table.columns()[i] + "\" is unknown" +
                     (meant.empty() ? "; columns may be: " + value_text(known) : "; did you mean \"" + meant + "\"?"));
    }
}

}  // namespace

ScenarioTable read_scenarios(const InputTable& table, const std::vector<std::string>& needed,
                             const std::vector<std::string>& possible, int horizon) {
    ScenarioTable result;
    const auto places = table.columns_of({"scenario", "period"});
    const std::size_t name_column = places[0], period_column = places[1];
    std::vector<std::string> names = needed;
    for (const auto& name : needed) {
        const auto variable = variable_of(table, name);
        if (!variable)
            table.reject("it says nothing of \"" + name + "\"; add a column \"" + name + "_growth\" or \"" + name +
                         "_threshold\" (a growth of 0 keeps it as it is)");
        result.variables.push_back(*variable);
    }
    for (const auto& name : possible) {
        if (std::count(names.begin(), names.end(), name)) continue;
        names.push_back(name);
        if (const auto variable = variable_of(table, name)) result.variables.push_back(*variable);
    }
    std::vector<std::size_t> used = {name_column, period_column};
    for (const auto& variable : result.variables) used.push_back(variable.column);
    check_columns(table, used, names);

    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string name(trimmed(table.text(row, name_column)));
        if (name.empty()) table.reject(row, name_column, "the cell is empty; every row needs a scenario");
        const std::string_view text = trimmed(table.text(row, period_column));
        const auto years = years_of(text);
        if (!years)
            table.reject(row, period_column,
                         "\"" + std::string(text) +
                             "\" is not a period of years: write its first and its last year, as in 2020-2030");
        auto scenario = std::find_if(result.scenarios.begin(), result.scenarios.end(),
                                     [&](const Scenario& known) { return known.name == name; });
        if (scenario == result.scenarios.end()) {
            if (result.scenarios.size() == most_scenarios)
                table.reject(row, name_column,
                             "the table has more than " + std::to_string(most_scenarios) + " scenarios");
            if (result.scenarios.empty()) result.start = years->first;
            if (years->first != result.start)
                table.reject(row, period_column,
                             "scenario \"" + name + "\" begins in " + std::to_string(years->first) +
                                 ", but the first one in " + std::to_string(result.start) +
                                 "; all must begin in the same year");
            result.scenarios.push_back({name, {}});
            scenario = result.scenarios.end() - 1;
        } else if (const int end = scenario->periods.back().last; years->first != end)
            table.reject(row, period_column,
                         "this period of scenario \"" + name + "\" begins in " + std::to_string(years->first) +
                             ", but the one before ends in " + std::to_string(end) +
                             "; a period begins with the year in which the one before ends: write " +
                             std::to_string(end) + "-" + std::to_string(years->last));
        ScenarioPeriod period{years->first, years->last, row, {}};
        for (auto& variable : result.variables) {
            try {
                period.formulas.push_back(ScenarioExpression::parse(table.text(row, variable.column)));
            } catch (const ExpressionError& error) {
                table.reject(row, variable.column, error.what());
            }
            variable.has_words = variable.has_words || period.formulas.back().has_words();
        }
        scenario->periods.push_back(std::move(period));
    }
    for (const auto& scenario : result.scenarios)
        if (scenario.periods.back().last < horizon)
            table.reject(scenario.periods.back().row, period_column,
                         "scenario \"" + scenario.name + "\" ends in " + std::to_string(scenario.periods.back().last) +
                             ", before HORIZON " + std::to_string(horizon) +
                             "; add a period or give an earlier HORIZON");
    return result;
}

}  // namespace landcarbon
