// Land Carbon Toolbox: the indices of all units and years and of the region, as they go to tables and report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "carbon/carbon_indices/carbon_indices.hpp"
#include "carbon/carbon_indices/index_fields.hpp"
#include "engine/report/report.hpp"
#include "engine/style.hpp"

namespace landcarbon {

/// Tonnes of carbon a year by where they come from. NaN inside where an amount is missing.
struct CarbonParts {
    double agriculture = 0, energy = 0, population = 0, livestock = 0;  ///< emission
    double crops = 0, land = 0;                                         ///< sequestration
    double emission() const { return agriculture + energy + population + livestock; }
    double sequestration() const { return crops + land; }
    double& of(IndexTable table);
    double of(IndexTable table) const { return CarbonParts(*this).of(table); }
};

/// The indices of one unit in one year.
struct UnitIndices {
    CarbonParts parts;
    std::optional<double> emission, sequestration, net, economic, ecological, footprint, capacity, deficit;
    std::optional<double> gdp;
    std::string note;  ///< why something is not defined
};

/// The region in one year.
struct RegionYear {
    double year = 0;
    CarbonParts parts;
    std::vector<double> land;  ///< sequestration of each land item, as in `land_items`
    std::optional<double> emission, sequestration, net, gdp, factor, footprint, capacity, deficit;
    std::size_t units = 0;                ///< that have all values
    std::size_t filled = 0;               ///< values
    std::vector<std::string> incomplete;  ///< the first five of the units that lack values
};

/// All that was worked out.
struct IndexTableau {
    std::vector<IndexField> fields;
    std::vector<std::string> unused;  ///< columns that are no quantity
    UnitPanel panel;                  ///< after filling; one quantity for each field
    FilledFlags filled;
    std::vector<UnitIndices> indices;  ///< one a record
    std::vector<RegionYear> region;    ///< one a year
    std::vector<std::string> land_items;
    std::size_t filled_count = 0;
};

/// Works out everything from the panel. `panel`, `fields` and `filled` are set before.
void compute_indices(IndexTableau& tableau, const IndexCoefficients& coefficients, IncompleteYears incomplete,
                     FootprintShares shares);

/// Classes of net emission for maps, at most three below and three above zero, with about as many values each: from
/// strong sinks (green) to strong sources (brown). Each reaches up to its value, the last to the largest.
/// @param values t C a year, one or more
std::vector<RampStop> net_emission_classes(std::vector<double> values);

/// The report: what the region emits and takes up, unit by unit, on a map and in figures.
/// @param shapes polygons of each unit as ISO WKB, empty where it has none; empty without polygons
/// @param crs of the polygons, WKT
Report indices_report(const IndexTableau& tableau, const std::vector<std::vector<unsigned char>>& shapes,
                      const std::string& crs);

}  // namespace landcarbon
