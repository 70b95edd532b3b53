// Land Carbon Toolbox: zonal summary: the rasters, what they are called and what they hold.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/summary_rasters.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

#include "engine/band_kinds.hpp"
#include "engine/band_names.hpp"
#include "engine/class_match.hpp"
#include "engine/declared_units.hpp"
#include "engine/report/escape.hpp"
#include "engine/step_order.hpp"
#include "engine/unit_panel.hpp"
#include "tables/zonal_summary/summary_names.hpp"

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
    const std::vector<std::string> names = split_list(options.raster_names);
    if (names.empty()) return variables_of_names(layers, years);
    if (names.size() != layers.size())
        throw wrong("raster_names", counted(names.size(), "name") + " for " + counted(layers.size(), "raster") +
                                        " (bands); give one for each");
    return names;
}

std::string years_text(const std::vector<std::int64_t>& years) {
    std::vector<std::string> texts;
    for (const std::int64_t year : years) texts.push_back(std::to_string(year));
    if (texts.size() > 6) texts = {texts[0], texts[1], texts[2], "...", texts.back()};
    return listed(texts);
}

/// Warns where the names of files and bands hold other years than YEARS, or than RASTER_NAMES, give their rasters; and
/// where the years of maps of one thing go back though nobody says so.
void check_years(const ZonalSummaryOptions& options, const SummaryRasters& all, const std::vector<Layer>& layers,
                 Run& run) {
    const std::vector<std::string> names = dated_names(layers);
    const std::vector<std::string> given = split_list(options.raster_names);
    const char* const by = all.years.empty() ? "RASTER_NAMES" : "YEARS";
    std::map<std::string, std::vector<std::size_t>> things;  // rasters of one variable, in the order given
    for (std::size_t i = 0; i < names.size(); ++i) things[all.variables[all.rasters[i].variable].thing].push_back(i);
    for (const auto& [thing, rasters] : things) {
        std::vector<std::string> own;
        for (const std::size_t i : rasters) own.push_back(names[i]);
        const NamedOrder order = order_of_names(own);
        std::vector<std::int64_t> told = order.years, said;
        if (told.empty() && rasters.size() == 1)
            if (const auto years = years_of_name(own.front()); years.size() == 1) told = years;
        if (told.empty()) continue;
        for (const std::size_t i : rasters) {
            if (const auto& year = all.rasters[i].year)
                said.push_back(static_cast<std::int64_t>(std::floor(*year)));
            else if (!given.empty())
                if (const auto years = years_of_name(given[i]); years.size() == 1) said.push_back(years.front());
        }
        const std::string of = rasters.size() == names.size() ? "" : " of " + all.rasters[rasters.front()].label;
        if (said.size() == told.size() && said != told)
            return run.warn("RASTERS: the names of files or bands" + of + " hold the years " + years_text(told) + ", " +
                            by + " says " + years_text(said) + "; results stand under the years of " + by +
                            ". Put the rasters into the order of the years, or mend " + by);
        if (given.empty() && all.years.empty() && order.disordered)
            return run.warn("RASTERS: the years in the names of files or bands" + of + " do not ascend: " +
                            years_text(told) + ". Columns stand in the order given, under the names of the files");
    }
}

/// Warns where totals, which are sums of value times ha, are of no values per ha.
void check_units(const SummaryRasters& all, Run& run) {
    std::vector<std::string> told;
    std::set<std::string> units;
    for (std::size_t i = 0; i < all.layers.size(); ++i) {
        if (!all.rasters[i].continuous) continue;
        const std::string declared = all.layers[i].declared_unit();
        const auto unit = read_unit(declared);
        if (!unit || unit->mass != 1 || unit->area == 1e4 || !units.insert(declared).second) continue;
        const std::string label = all.rasters[i].label;
        if (unit->area > 0)
            told.push_back(label + " declares the unit " + declared + ": multiply its total by " +
                           format_number(1e4 / unit->area, 6) + " for the amount");
        else
            told.push_back(label + " declares the unit " + declared +
                           ", an amount of a cell: the amount of a zone is its mean times the number of its cells");
    }
    constexpr std::size_t most = 6;
    if (!told.empty())
        run.warn("RASTERS: totals are sums of value times area in ha, but " + listed_entries(told, most));
}

/// Warns where maps of one variable call a class by different names.
void check_names_of_classes(const SummaryRasters& all, Run& run) {
    const std::vector<MapNames> maps = run.class_names();
    std::map<std::pair<std::string, std::int64_t>, std::pair<std::string, std::string>> known;  // name, map
    std::vector<std::string> pairs;
    for (const SummaryRaster& raster : all.rasters) {
        if (raster.continuous || raster.place >= maps.size()) continue;
        const MapNames& map = maps[raster.place];
        for (const auto& [code, name] : map.names) {
            const std::string& thing = all.variables[raster.variable].thing;
            const auto [first, fresh] = known.emplace(std::pair{thing, code}, std::pair{name, map.map});
            const std::string here = class_name_key(name, code), there = class_name_key(first->second.first, code);
            if (fresh || here.empty() || there.empty() || here.find(there) != std::string::npos ||
                there.find(here) != std::string::npos)
                continue;
            pairs.push_back("class " + std::to_string(code) + " is called \"" + name + "\" on " + map.map + " and \"" +
                            first->second.first + "\" on " + first->second.second);
        }
    }
    if (pairs.empty()) return;
    constexpr std::size_t most = 6;
    run.warn("RASTERS: " + listed_entries(pairs, most) +
             ". Their areas stand in one column, under the first name. Do these maps have the same classes? Else give "
             "them different RASTER_NAMES");
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
            const std::string thing = plain_name(years.empty() ? without_year(names[i], {}) : names[i]);
            all.variables.push_back({names[i], thing.empty() ? names[i] : thing, false, {}});
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
    all.years = years;
    check_years(options, all, seen, run);
    check_names_of_classes(all, run);
    check_units(all, run);
    for (SummaryVariable& variable : all.variables)
        std::sort(variable.rasters.begin(), variable.rasters.end(), [&](std::size_t a, std::size_t b) {
            return all.rasters[a].year.value_or(0) < all.rasters[b].year.value_or(0);
        });
    std::sort(all.years.begin(), all.years.end());
    all.years.erase(std::unique(all.years.begin(), all.years.end()), all.years.end());
    return all;
}

}  // namespace landcarbon
