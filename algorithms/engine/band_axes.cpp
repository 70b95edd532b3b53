// Land Carbon Toolbox: what the bands of a NetCDF or GRIB raster run through: time, or something else.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/band_axes.hpp"

#include <cstdint>
#include <map>
#include <vector>

#include "engine/gdal.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

std::string item_of(GDALMajorObjectH object, const std::string& key) {
    const char* const value = GDALGetMetadataItem(object, key.c_str(), nullptr);
    return value ? value : "";
}

/// "{time,level}" and "{8,6}" as their entries.
std::vector<std::string> in_braces(const std::string& text) {
    return text.size() > 2 && text.front() == '{' ? split_list(text.substr(1, text.size() - 2))
                                                  : std::vector<std::string>();
}

/// Dimensions of a NetCDF variable beside rows and columns, with more than one place.
std::vector<std::string> long_dimensions(GDALDatasetH dataset) {
    std::vector<std::string> found;
    for (const std::string& name : in_braces(item_of(dataset, "NETCDF_DIM_EXTRA"))) {
        const auto definition = in_braces(item_of(dataset, "NETCDF_DIM_" + name + "_DEF"));
        if (definition.empty() || parse_integer(definition[0]).value_or(2) > 1) found.push_back(name);
    }
    return found;
}

bool is_temporal(GDALDatasetH dataset, const std::string& dimension) {
    for (const char* name : {"time", "valid_time", "date", "year", "month", "day", "season", "hour"})
        if (dimension == name) return true;
    return item_of(dataset, dimension + "#units").find(" since ") != std::string::npos ||
           item_of(dataset, dimension + "#units").rfind("day as ", 0) == 0 ||
           item_of(dataset, dimension + "#axis") == "T" || item_of(dataset, dimension + "#standard_name") == "time";
}

/// What tells the bands of a series from others in the file: the place on all dimensions but time, or the variable and
/// its level.
std::string kind_of_band(GDALDatasetH dataset, int band, const std::vector<std::string>& dimensions) {
    GDALRasterBandH handle = GDALGetRasterBand(dataset, band);
    if (dimensions.empty()) {
        const std::string element = item_of(handle, "GRIB_ELEMENT"), level = item_of(handle, "GRIB_SHORT_NAME");
        return element.empty() ? "" : element + (level.empty() ? "" : " at " + level);
    }
    std::vector<std::string> words;
    for (const std::string& name : dimensions)
        if (!is_temporal(dataset, name)) words.push_back(name + " " + item_of(handle, "NETCDF_DIM_" + name));
    return listed(words);
}

}  // namespace

std::string swapped_axes(GDALDatasetH dataset) {
    for (const std::string& name : long_dimensions(dataset)) {
        const std::string units = item_of(dataset, name + "#units"),
                          meaning = item_of(dataset, name + "#standard_name");
        if (units.rfind("degree", 0) == 0 &&
            (units.find("north") != std::string::npos || units.find("east") != std::string::npos ||
             meaning == "latitude" || meaning == "longitude"))
            return "its bands run along \"" + name +
                   "\", so that rows and columns are no map. Put its dimensions into the order time, latitude, "
                   "longitude, for example with ncpdq -a time,lat,lon or xarray's transpose";
    }
    return {};
}

std::string mixed_bands(GDALDatasetH dataset) {
    const int bands = GDALGetRasterCount(dataset);
    const auto dimensions = long_dimensions(dataset);
    std::string what;
    if (dimensions.size() > 1)
        what = "its " + std::to_string(bands) + " bands run through " + std::to_string(dimensions.size()) +
               " dimensions: " + listed(dimensions);
    else if (!dimensions.empty() || bands < 2 || item_of(GDALGetRasterBand(dataset, 1), "GRIB_ELEMENT").empty())
        return {};
    std::map<std::string, std::vector<std::string>> kinds;
    for (int band = 1; band <= bands; ++band)
        kinds[kind_of_band(dataset, band, dimensions)].push_back(std::to_string(band));
    if (kinds.size() < 2) return {};  // such as year and month
    if (dimensions.empty()) {
        std::vector<std::string> names;
        for (const auto& [kind, of] : kinds) names.push_back(kind);
        what = "its " + std::to_string(bands) + " bands are of several kinds: " + listed(names, 6);
    }
    const auto& [kind, of] = *kinds.begin();
    return what +
           ". Together they are no series: take one kind, band by band (with |band=N), or make a file of it with "
           "gdal_translate -b; " +
           (kind.empty() ? "" : kind + ": ") + "bands " + listed(of, 6);
}

}  // namespace landcarbon
