// Land Carbon Toolbox: yearly carbon emissions of a land-cover map from factors by class: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "engine/class_lookup.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct CarbonEmissionOptions {
    RasterInput land_cover;
    TableInput factors;
    ClassMatch match = ClassMatch::codes_and_names;
    bool as_co2 = false;
    CellContent map_unit = CellContent::per_ha;

    RasterOutput emission_map;
    TableOutput by_class;
    ReportOutput report;

    NumberOutput total_emission_t;
    NumberOutput total_source_t;
    NumberOutput total_sink_t;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_emission(CarbonEmissionOptions& options, Run& run);

/// Tonnes of CO2 that hold one tonne of carbon: the ratio of the molar masses.
constexpr double co2_per_carbon = 44.0 / 12.0;

/// A class's area and its emission factor in t/ha a year (negative: it takes carbon up).
struct ClassEmission {
    double area_ha = 0;
    double factor = 0;
    double tonnes() const { return area_ha * factor; }
};

/// Yearly emissions in t: CE = sum over classes of area * factor, and its two sides.
struct EmissionTotals {
    double net = 0;     ///< source + sink
    double source = 0;  ///< sum of the classes that emit, >= 0
    double sink = 0;    ///< sum of the classes that take up, <= 0
};
EmissionTotals emission_totals(const std::vector<ClassEmission>& classes);

}  // namespace landcarbon
