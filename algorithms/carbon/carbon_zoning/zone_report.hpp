// Land Carbon Toolbox: carbon-neutral zoning: the scored units and their zones, and the report of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "carbon/carbon_zoning/carbon_zoning.hpp"
#include "carbon/carbon_zoning/zone_scores.hpp"
#include "engine/report/report.hpp"

namespace landcarbon {

/// A unit with what it is scored by.
struct ZonedUnit {
    std::string name;
    std::size_t row = 0;
    std::vector<std::optional<double>> values;  ///< one for each rule: Z, value, or the score of a word
    std::vector<std::optional<int>> scores;     ///< one for each rule
    std::optional<double> total;                ///< when all scores are there
    int zone = 0;                               ///< from 1; 0: none
    std::string note;
};

/// All that was scored and divided.
struct ZoneTableau {
    std::vector<ScoreRule> rules;
    std::vector<ZonedUnit> units;
    std::vector<std::string> names, colours;  ///< of the zones
    ZoneDivision division;

    std::size_t units_in(int zone) const;
    /// Mean score of a rule in a zone, from 1; nothing when it has no units.
    std::optional<double> mean_score(int zone, std::size_t rule) const;
};

/// The report: a map, what the zones' scores are made of, all units, and the rules.
/// @param shapes polygons of the units as ISO WKB; empty without polygons
/// @param crs of the polygons, WKT
Report zoning_report(const ZoneTableau& tableau, const std::vector<std::vector<unsigned char>>& shapes,
                     const std::string& crs);

}  // namespace landcarbon
