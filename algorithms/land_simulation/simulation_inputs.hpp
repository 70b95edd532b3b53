// Land Carbon Toolbox: land simulation: what tables say of demand, conversions and neighbourhoods.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/table.hpp"

namespace landcarbon {

/// What a table asks for, by class, at one date.
struct ClassDemand {
    enum class Unit { cells, area_ha };
    Unit unit = Unit::cells;
    std::map<std::int64_t, double> amounts = {};
    std::optional<double> year = {};  ///< the one that was read, where the table has years
    std::string warning = {};         ///< what to tell where others were passed over without being asked to
};
/// Reads columns class, and cells or (where there is none) area_ha; where there is a column year, the rows of one year.
/// @param year nothing: the last one of the table
/// @throws UserError naming line and column, or the years that there are
ClassDemand read_demand(const InputTable& table, std::optional<double> year);

/// The demand as whole cells, in the order of `codes`.
/// @param total cells of the map
/// @param total_ha its area; needed for areas only
/// @param scale a demand whose sum is not the map's is scaled to it; without it, it is an error. Areas may miss the sum
///        by half a cell a class, and are brought to whole cells by largest remainders.
/// @throws UserError naming DEMAND and both sums
std::vector<std::int64_t> demand_in_cells(const ClassDemand& demand, const std::vector<std::int64_t>& codes,
                                          std::int64_t total, double total_ha, bool scale);

/// How easily a class becomes another one: 1 - sc, from 0 (never) to 1. Staying is always 1.
class ConversionRules {
public:
    /// Everything may become everything.
    ConversionRules() = default;
    /// Reads columns from, to, allowed (a row a pair; pairs without a row are not allowed), or from and one column
    /// to_<class> for each class; where there is a column scenario, the rows of one scenario. Rows are the present
    /// class, columns the future one.
    /// @throws UserError naming line and column, or the scenarios that there are
    ConversionRules(const InputTable& table, const std::string& scenario);
    /// Changes single pairs: rows of from, to, allowed. @throws UserError naming the parameter and the row
    void change(const std::string& parameter, const std::vector<std::vector<std::string>>& rows);
    /// Puts other codes in place of the table's; what it says of classes without one is dropped.
    void rename(const std::map<std::int64_t, std::vector<std::int64_t>>& codes);
    /// Present classes that nothing is said about, when anything is.
    std::vector<std::int64_t> unknown(const std::vector<std::int64_t>& codes) const;
    /// classes x classes, from x to.
    std::vector<float> matrix(const std::vector<std::int64_t>& codes) const;

private:
    bool everything_ = true;
    std::map<std::int64_t, bool> known_;  ///< present classes with a row
    std::map<std::pair<std::int64_t, std::int64_t>, double> ease_;
};

/// Weights of classes from columns class and weight, in the order of `codes`. @throws UserError
std::vector<double> read_weights(const InputTable& table, const std::vector<std::int64_t>& codes);

}  // namespace landcarbon
