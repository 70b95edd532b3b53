// Land Carbon Toolbox: how much land each class will need: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "maths/markov.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class DemandMethod {
    markov,  ///< areas times powers of the matrix of transition probabilities
    linear,  ///< the same area moves in every year
    fixed    ///< areas that a table gives
};

struct LandDemandOptions {
    RasterInput first;
    RasterInput second;
    TableInput matrix;
    std::string period;
    std::string years;
    std::string target_years;
    DemandMethod method = DemandMethod::markov;
    TableInput scenario;
    std::string scenario_name;
    TableInput classes;

    TableOutput demand;
    TableOutput probabilities;
    ReportOutput report;

    NumberOutput total_cells;
    NumberOutput total_area_ha;
    NumberOutput interval_years;
    NumberOutput last_year;
    NumberOutput net_change_share;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void land_demand(LandDemandOptions& options, Run& run);

/// What demand is worked out from.
struct DemandBasis {
    std::vector<std::int64_t> counts;   ///< classes x classes: cells by class at the first and at the second date
    std::vector<std::int64_t> present;  ///< cells of each class at the second date
    double interval = 1;                ///< years between the dates
    std::size_t classes() const { return present.size(); }
    std::int64_t total() const;
};

/// Cells of each class `years` after the second date when the same cells move in every year as between the dates:
/// present_k + years / interval * sum_j (f_jk M_jk - f_kj M_kj). Classes that would fall below zero stay at zero, and
/// the others are scaled to the same total; `emptied` tells which.
/// @param factors of the transitions; classes x classes
std::vector<double> linear_demand(const DemandBasis& basis, const SquareMatrix& factors, double years,
                                  std::vector<std::size_t>& emptied);

}  // namespace landcarbon
