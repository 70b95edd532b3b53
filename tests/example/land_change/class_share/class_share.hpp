// Land Carbon Toolbox: example of a room: shares of the classes of a land-cover map; options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <vector>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class DiversityUnit { nats, bits };

struct ClassShareOptions {
    RasterInput land_cover;
    TableInput classes;
    DiversityUnit unit = DiversityUnit::nats;

    TableOutput shares;

    NumberOutput total_area_ha;
    NumberOutput diversity;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void class_share(ClassShareOptions& options, Run& run);

/// Shannon's diversity H = -sum of p ln p over all p > 0, in nats: 0 for one class, ln n for n classes of equal area.
/// @param shares each 0..1, together 1
/// Source: Shannon, C. E. (1948), A mathematical theory of communication, Bell System Technical Journal 27, 379-423.
double shannon_diversity(const std::vector<double>& shares);

}  // namespace landcarbon
