// Land Carbon Toolbox: STIRPAT scenarios: the table of scenarios.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/table.hpp"
#include "forecast/stirpat_scenarios/scenario_expression.hpp"

namespace landcarbon {

/// What the formulas of a column mean.
enum class RuleKind {
    growth,    ///< yearly rate of growth; D, min and max are those of the unit's yearly rates
    threshold  ///< value that is reached at the period's end; D, min and max are those of the unit's values
};

/// A quantity that scenarios project.
struct ScenarioVariable {
    std::string name;
    RuleKind kind = RuleKind::growth;
    std::size_t column = 0;  ///< of the scenario table
    bool has_words = false;  ///< some formula needs the units' own history
};

/// The formulas of one scenario from one year to another.
struct ScenarioPeriod {
    int first = 0, last = 0;
    std::size_t row = 0;                       ///< of the scenario table
    std::vector<ScenarioExpression> formulas;  ///< one a variable
};

struct Scenario {
    std::string name;
    std::vector<ScenarioPeriod> periods;  ///< in order, without gaps
};

/// The columns are scenario, period ("2020-2030") and for each variable NAME_growth or NAME_threshold. A row is a
/// period of a scenario; its rows stand in the order of time, each period begins where the one before ended.
struct ScenarioTable {
    std::vector<ScenarioVariable> variables;  ///< those asked for, in that order; then those that may be there and are
    std::vector<Scenario> scenarios;          ///< in the table's order
    int start = 0;                            ///< the year that all scenarios begin with
};

/// @param needed variables that must have a column, @param possible those that may have one
/// @param horizon the year that every scenario must reach
/// @throws UserError with line and column
ScenarioTable read_scenarios(const InputTable& table, const std::vector<std::string>& needed,
                             const std::vector<std::string>& possible, int horizon);

}  // namespace landcarbon
