// Land Carbon Toolbox: land demand: reading the matrix of transitions and the scenario.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/table.hpp"
#include "land_simulation/land_demand/land_demand.hpp"

namespace landcarbon {

/// The matrix of one period, as the TRANSITIONS of a transition matrix tell it.
struct TransitionTable {
    struct Entry {
        std::int64_t from, to, cells;
    };
    std::vector<Entry> entries = {};
    std::map<std::int64_t, std::string> names = {};
    std::optional<double> area_ha = {};  ///< of all cells, where the table tells it
    std::string period = {};
};
/// @param period the one wanted; empty where the table has only one
/// @throws UserError naming line and column, or the periods that there are
TransitionTable read_transitions(const InputTable& table, const std::string& period);

/// The rows of a scenario's table that belong to one scenario.
class ScenarioTable {
public:
    /// @param name the scenario wanted; empty where the table has no column `scenario` or only one name in it
    /// @throws UserError listing the scenarios that there are
    ScenarioTable(const InputTable& table, const std::string& name);

    const std::string& name() const { return name_; }
    /// Factors of the transitions from columns from, to and multiplier; from and to may be blank or *, which stands for
    /// every class. Later rows win. Transitions without a row have the factor 1.
    /// @param codes of the classes, ascending
    SquareMatrix factors(const std::vector<std::int64_t>& codes) const;
    /// Cells that classes are to have, from columns class, and cells or area_ha, and where there is one year.
    /// @param cell_ha mean area of a cell; absent when it is not known
    /// @return by year (the column's, or `year` where there is none), by class
    std::map<double, std::map<std::int64_t, double>> areas(const std::vector<std::int64_t>& codes,
                                                           std::optional<double> cell_ha, double year) const;

private:
    const InputTable& table_;
    std::string name_;
    std::vector<std::size_t> rows_;
};

/// Cells of all classes at the years that a scenario fixes. Classes that it does not name share what is left in
/// proportion to their present cells.
/// @param table for messages
/// @throws UserError when the cells do not come to the total
std::map<double, std::vector<double>> complete_areas(const InputTable& table,
                                                     const std::map<double, std::map<std::int64_t, double>>& given,
                                                     const std::vector<std::int64_t>& codes,
                                                     const std::vector<std::int64_t>& present);

}  // namespace landcarbon
