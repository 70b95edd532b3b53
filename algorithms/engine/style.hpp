// Land Carbon Toolbox: how an output looks in QGIS and other programs: colours, classes, legends.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/source.hpp"

namespace landcarbon {

/// One step of a colour ramp: a value and the colour it gets.
struct RampStop {
    double value = 0;
    std::string colour;
    std::string label;
};

/// A raster's look: classes with names (paletted) or a ramp (pseudocolour); nothing when both are empty.
struct RasterStyle {
    std::vector<ClassLabel> classes;
    std::vector<RampStop> ramp;
    bool first_band_only = false;  ///< the classes are those of the first band; other bands have others
    bool open_ends = false;        ///< there are values beyond the ends of the ramp, which the legend says
};

/// A vector layer's look: polygons graduated by a numeric field, or coloured by a field of class codes; nothing when
/// both lists are empty.
struct VectorStyle {
    std::string field;
    std::vector<RampStop> ranges = {};     ///< each from the stop before (or minus infinity) up to its value
    std::string expression = {};           ///< QGIS expression to go by instead of the field alone; may be empty
    std::vector<ClassLabel> classes = {};  ///< used when there are no ranges
    bool outlines = false;                 ///< classes: coloured outlines over a faint fill, for polygons that overlap
};

/// A text as QGIS expressions write it: 'ha''s'.
std::string expression_text(const std::string& text);

/// A sequential ramp (light to dark green) of five stops over lowest..highest.
std::vector<RampStop> sequential_ramp(double lowest, double highest);
/// A diverging ramp (orange brown, white, blue-green: apart for red-green blind readers), centred on zero, wide enough
/// for both ends.
std::vector<RampStop> diverging_ramp(double lowest, double highest);

/// QGIS style files (saved in the form of QGIS 3.22, which later versions read).
/// @param unit of the values of a ramp, which stands beside them; may be empty
std::string qml(const RasterStyle& style, const std::string& unit = {});
std::string qml(const VectorStyle& style);

}  // namespace landcarbon
