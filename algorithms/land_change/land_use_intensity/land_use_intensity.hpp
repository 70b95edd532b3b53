// Land Carbon Toolbox: land-use intensity index of a map, its zones or its squares: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <vector>

#include "engine/class_match.hpp"
#include "maths/cell_area.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct LandUseIntensityOptions {
    RasterInput land_cover;
    TableInput classes;
    ClassMatch match = ClassMatch::codes_and_names;
    VectorInput zones;
    std::optional<double> grid_size;

    VectorOutput intensity;
    RasterOutput intensity_map;
    TableOutput by_class;
    ReportOutput report;

    NumberOutput index;
    NumberOutput minimum;
    NumberOutput maximum;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void land_use_intensity(LandUseIntensityOptions& options, Run& run);

/// Land-use intensity index 100 * sum_i A_i * area_i / area, A_i the grade of land i (Zhuang & Liu 1997): from 100
/// times the lowest grade to 100 times the highest. Nothing where there is no area.
/// @param grades, areas one for each grade, as long as each other
std::optional<double> intensity_index(const std::vector<double>& grades, const std::vector<FixedArea>& areas);

/// (value - lowest) / (highest - lowest), 0 to 1; nothing when all values are alike.
std::optional<double> min_max_scaled(double value, double lowest, double highest);

/// Upper ends of the five equal classes of scaled values; a value on an end belongs to the class below it.
inline constexpr double intensity_level_ends[] = {0.2, 0.4, 0.6, 0.8, 1.0};
/// The class 1 (lowest) to 5 of a scaled value.
int intensity_level(double scaled);

}  // namespace landcarbon
