// Land Carbon Toolbox: carbon indices of regions by unit and year: options and formulas.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/unit_panel.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// How gaps inside a unit's series are filled.
enum class FillMethod { none, linear, spline, natural_spline };
/// What becomes of the region in a year in which units lack values.
enum class IncompleteYears {
    unset,     ///< its totals, and what is compared with them, are not defined
    leave_out  ///< the totals are of the units that have values
};
/// What the shares of the carbon footprint are shares of.
enum class FootprintShares {
    all_sinks,      ///< all sequestration of the region
    sinks_with_nep  ///< that of the types with a net ecosystem productivity: the shares sum to 1
};

struct CarbonIndicesOptions {
    TableInput units;
    TableInput coefficients;
    SeriesLayout layout = SeriesLayout::rows;
    std::string unit_field;
    std::string year_field;
    Matrix fields;
    TableInput fields_table;
    std::vector<std::string> keep_fields;
    VectorInput polygons;
    std::string polygon_field;
    FillMethod fill = FillMethod::none;
    IncompleteYears incomplete = IncompleteYears::unset;
    FootprintShares footprint = FootprintShares::all_sinks;

    VectorOutput indices;
    TableOutput region;
    ReportOutput report;

    NumberOutput unit_count;
    NumberOutput year_count;
    NumberOutput emission;
    NumberOutput sequestration;
    NumberOutput net_emission;
    NumberOutput filled_values;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_indices(CarbonIndicesOptions& options, Run& run);

/// A unit's share of a total over its share of the emission: (part / whole) / (emission / whole_emission). With gross
/// domestic product it is the economic contribution coefficient ECC, with sequestration the ecological support
/// coefficient ESC; 1 where the shares are equal.
/// @return nothing where the whole or an emission is zero
/// Source: Huo et al. 2025, doi:10.1038/s41598-025-95156-x
std::optional<double> contribution_coefficient(double part, double whole, double emission, double whole_emission);

/// Hectares that sequester one tonne of carbon a year: the sum over the types of sinks of share / NEP, the share being
/// the type's part of the region's sequestration.
/// @param sinks t C a year of each type, and its net ecosystem productivity in t C/ha a year (nothing: takes no part)
/// @return ha/t; nothing where there is no sequestration to take shares of
/// Source: Huo et al. 2025, doi:10.1038/s41598-025-95156-x
std::optional<double> footprint_factor(const std::vector<std::pair<double, std::optional<double>>>& sinks,
                                       FootprintShares shares);

/// Which values of a panel were filled: one flag a record, for each quantity.
using FilledFlags = std::vector<std::vector<char>>;
/// Fills gaps between the first and the last known value of each unit and quantity. With a method, units also get the
/// whole years that they lack between their first and last; nothing is filled beyond known values, and values that a
/// spline takes below zero become zero.
/// @param panel times are whole years @return what was filled
FilledFlags fill_gaps(UnitPanel& panel, FillMethod method);

}  // namespace landcarbon
