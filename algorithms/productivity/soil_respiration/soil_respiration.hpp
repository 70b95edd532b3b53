// Land Carbon Toolbox: heterotrophic soil respiration from temperature and precipitation: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class RespirationStep { monthly, annual };
enum class MonthDays { thirty, calendar };

/// The constants of the formula, as Pei et al. (2009) print them.
struct RespirationConstants {
    double base = 0.22;                ///< g per m2 and day
    double temperature_rate = 0.0912;  ///< per degree Celsius
    double rain_rate = 0.3145;         ///< per mm
    double carbon_share = 0.465;
};

struct SoilRespirationOptions {
    RasterStack temperature;
    RasterStack precipitation;
    RespirationStep step = RespirationStep::monthly;
    MonthDays month_days = MonthDays::thirty;
    std::optional<std::int64_t> first_year;
    RespirationConstants constants;

    RasterOutput respiration;
    TableOutput by_year;
    ReportOutput report;

    NumberOutput mean;
    NumberOutput invalid_precipitation;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void soil_respiration(SoilRespirationOptions& options, Run& run);

/// R_h = base (e^(temperature_rate T) + ln(rain_rate R + 1)) * days * carbon_share in g C/m2 (Pei et al. 2009).
/// @param temperature degrees Celsius
/// @param precipitation mm, not negative
double soil_respiration_of(double temperature, double precipitation, double days,
                           const RespirationConstants& constants);

/// Days of a month (0..11) or, without one, of the whole step.
/// @param year for leap years; without one February has 28 days
double days_of_month(MonthDays days, int month, std::optional<std::int64_t> year);
double days_of_year(MonthDays days, std::optional<std::int64_t> year);

/// Adds the respiration of one step to `sums`, cell by cell. NaN in an input, or precipitation below 0, makes the sum
/// NaN. @return how many cells have precipitation below 0
std::int64_t add_respiration(const float* temperature, const float* precipitation, std::size_t cells, double days,
                             const RespirationConstants& constants, double* sums);

}  // namespace landcarbon
