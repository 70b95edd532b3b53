// Land Carbon Toolbox: carbon-neutral zoning of counties by scores: options and the division into zones.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct CarbonZoningOptions {
    TableInput units;
    TableInput trends;
    std::string unit_field;
    TableInput cep;
    std::string scenario;
    TableInput intensity;
    std::string intensity_field;
    TableInput scores;
    std::int64_t zones = 5;
    std::string zone_names;

    VectorOutput zoned;
    TableOutput summary;
    ReportOutput report;

    NumberOutput zoned_units;
    NumberOutput goodness;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_zoning(CarbonZoningOptions& options, Run& run);

/// A division of units by their totals.
struct ZoneDivision {
    std::vector<int> zone;       ///< of each unit, from 1: the zone with the highest totals
    std::vector<double> breaks;  ///< the largest total of each zone but the first, ascending
    double goodness = 0;         ///< goodness of variance fit, 1 - (within zones) / (all); 1 when all totals are equal
};
/// Natural breaks (Fisher-Jenks, exact): the zones whose totals differ least from their means. Of several best
/// divisions the one with the smallest breaks.
/// @param totals one or more @param zones not more than there are different totals
ZoneDivision divide_into_zones(const std::vector<double>& totals, int zones);
/// How many different totals there are.
int different_totals(const std::vector<double>& totals);

/// Names of the five zones of the study, the highest totals first; "Zone 1", "Zone 2" ... for other numbers.
std::vector<std::string> default_zone_names(int zones);

}  // namespace landcarbon
