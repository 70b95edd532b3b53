// Land Carbon Toolbox: how a layer of points looks in QGIS.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

#include "engine/style.hpp"

namespace landcarbon {

/// The style file of a layer of points: as qml of a VectorStyle, with circles for areas.
std::string qml_of_points(const VectorStyle& style);

}  // namespace landcarbon
