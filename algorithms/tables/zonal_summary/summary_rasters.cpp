// Land Carbon Toolbox: zonal summary: the rasters, what they are called and what they hold.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/summary_rasters.hpp"

#include <algorithm>
#include <cmath>

#include "engine/band_kinds.hpp"
#include "engine/band_names.hpp"
#include "engine/step_order.hpp"

namespace landcarbon {
namespace {

/// Years may come back, once for each variable.
std::vector<double> years_of(const std::string& text, std::size_t rasters) {
    std::vector<double> years;
    for (const std::string& entry : split_list(text))
        for (const double year : read_years(entry, "years")) years.push_back(year);
    if (!years.empty() && years.size() != rasters)
        throw wrong("years", counted(years.size(), "year") + " for " + counted(rasters, "raster") +
                                 "; give one for each, in the order of RASTERS");
    return years;
}

/// What each raster shows, whatever the year.
std::vector<std::string> variable_names(const ZonalSummaryOptions& options, const std::vector<Layer>& layers,
                                        const std::vector<double>& years) {
    if (years.empty()) return band_names("raster_names", options.raster_names, layers, "rasters (bands)");
    std::vector<std::string> names = split_list(options.raster_names);
    if (!names.empty()) {
        if (names.size() != layers.size())
            throw wrong("raster_names", counted(names.size(), "name") + " for " + counted(layers.size(), "raster") +
                                            " (bands); give one for each");
        return names;
    }
    names = band_names("raster_names", {}, layers, "rasters (bands)");
    for (std::string& name : names)
        if (const std::string stem = name_stem(name); !stem.empty()) name = stem;
    return names;
}

}  // namespace

SummaryRasters open_rasters(const ZonalSummaryOptions& options, Run& run) {
    SummaryRasters all;
    const std::vector<Layer> seen = Run::inspect(options.rasters);
    const std::vector<double> years = years_of(options.years, seen.size());
    const std::vector<std::string> names = variable_names(options, seen, years);
    std::vector<std::string> labels;
    for (std::size_t i = 0; i < seen.size(); ++i) {
        SummaryRaster raster;
        raster.label = names[i];
        if (!years.empty()) {
            raster.year = years[i];
            raster.label += "_" + number_text(years[i]);
        }
        if (std::find(labels.begin(), labels.end(), raster.label) != labels.end())
            throw wrong(years.empty() ? "raster_names" : "years",
                        "two rasters are \"" + names[i] + "\"" +
                            (years.empty() ? "" : " of the year " + number_text(years[i])) +
                            "; tell them apart by RASTER_NAMES");
        labels.push_back(raster.label);
        auto variable = std::find_if(all.variables.begin(), all.variables.end(),
                                     [&](const SummaryVariable& known) { return known.name == names[i]; });
        if (variable == all.variables.end()) {
            all.variables.push_back({names[i], false, {}});
            variable = std::prev(all.variables.end());
        }
        raster.variable = static_cast<std::size_t>(variable - all.variables.begin());
        variable->rasters.push_back(i);
        all.rasters.push_back(std::move(raster));
    }
    std::vector<KindLook> looks;
    for (const Layer& layer : seen) looks.push_back(look_of_band(layer));
    const std::vector<bool> continuous =
        choose_continuous(labels, options.continuous, options.categorical, looks, {"raster", "rasters"}, run);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        SummaryRaster& raster = all.rasters[i];
        raster.continuous = continuous[i];
        SummaryVariable& variable = all.variables[raster.variable];
        if (variable.rasters.front() == i) variable.continuous = continuous[i];
        if (variable.continuous != continuous[i])
            throw wrong("rasters", "\"" + labels[variable.rasters.front()] + "\" and \"" + labels[i] +
                                       "\" are one variable, but one was taken as classes and the other as a "
                                       "measurement; name them in CATEGORICAL or CONTINUOUS");
        raster.place = continuous[i] ? all.measured++ : all.classed++;
        RasterInput band;
        band.argument = options.rasters.argument;
        band.path = seen[i].file().path() + "|band=" + std::to_string(seen[i].band());
        if (continuous[i])
            all.layers.push_back(run.measurements(band, seen[i].read_as(ReadAs::real64).exact_reading()));
        else
            all.layers.push_back(run.classes(band));
    }
    for (SummaryVariable& variable : all.variables)
        std::sort(variable.rasters.begin(), variable.rasters.end(), [&](std::size_t a, std::size_t b) {
            return all.rasters[a].year.value_or(0) < all.rasters[b].year.value_or(0);
        });
    all.years = years;
    std::sort(all.years.begin(), all.years.end());
    all.years.erase(std::unique(all.years.begin(), all.years.end()), all.years.end());
    return all;
}

}  // namespace landcarbon
