// Land Carbon Toolbox: carbon densities carried over to a region by climate: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

/// Where the correction factor comes from.
enum class CorrectionMethod { precipitation, temperature, factor };
/// When densities are rounded: the finished pools only, or every intermediate figure as well, as in a calculation by
/// hand.
enum class Rounding { result, steps };

/// How the carbon of a class is divided, 0 to 1, sum 1.
struct PoolShares {
    double biomass = 0.26;
    double soil = 0.72;
    double dead = 0.02;
};

struct CarbonDensityCorrectionOptions {
    TableInput pools;
    CorrectionMethod method = CorrectionMethod::precipitation;
    std::optional<double> region_precipitation;
    std::optional<double> reference_precipitation;
    double slope = 3.3968;
    double intercept = 3996.1;
    std::optional<double> region_temperature;
    std::optional<double> reference_temperature;
    std::optional<double> temperature_slope;
    std::optional<double> temperature_intercept;
    std::optional<double> factor;
    PoolShares shares;
    std::string built_classes;
    PoolShares built_shares{0.21, 0.79, 0};
    std::optional<std::int64_t> decimals;
    Rounding rounding = Rounding::result;

    TableOutput corrected_pools;
    ReportOutput report;

    NumberOutput correction_factor;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_density_correction(CarbonDensityCorrectionOptions& options, Run& run);

/// K = (slope x_region + intercept) / (slope x_reference + intercept), x the climate variable; nothing when one of the
/// two densities is not above zero, where the relation does not hold. Source: C_soil(P) = 3.3968 P + 3996.1 with P in
/// mm a year (Alam et al. 2013; used by Qin et al. 2023).
std::optional<double> linear_correction_factor(double slope, double intercept, double region, double reference);

/// Carbon density of each pool, t/ha.
struct PoolDensities {
    double above = 0;
    double below = 0;
    double soil = 0;
    double dead = 0;
};
/// The pools of a class from its soil carbon: total = soil / share of soil; biomass and dead matter are their shares of
/// the total; above = biomass / (1 + ratio), below = above * ratio. Source: Qin et al. 2023.
/// @param soil t/ha; @param below_to_above >= 0; @param decimals nothing: no rounding
PoolDensities pools_from_soil(double soil, double below_to_above, const PoolShares& shares,
                              std::optional<std::int64_t> decimals, Rounding rounding);

/// The value with so many decimals, halves away from zero.
double rounded(double value, std::int64_t decimals);

}  // namespace landcarbon
