// Land Carbon Toolbox: zonal summary: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <limits>

#include "engine/report/escape.hpp"
#include "engine/zone_map.hpp"
#include "tables/zonal_summary/summary_results.hpp"

namespace landcarbon {
namespace {

/// A report shows no more rasters, and no more rows of a table, than these.
constexpr std::size_t most_maps = 6, most_rows = 100;
constexpr const char* no_colour = "#e8e8e8";

ZoneMap measure_map(const SummaryResults& results, const SummaryRaster& raster, const Zoning& zoning) {
    ZoneMap map;
    map.title = "Mean of " + raster.label;
    map.caption = "Area-weighted mean of " + raster.label + " in each " + zoning.one() + ".";
    const auto stops = mean_classes(results, raster.place);
    const std::string alike = sequential_ramp(0, 1)[2].colour;
    map.looks.assign(zoning.size(), {no_colour, "no value", true});
    bool without = false;
    for (const ZoneResult& zone : results.zones) {
        const ZoneMeasure& measure = zone.measures[raster.place];
        ZoneLook& look = map.looks[zone.zone];
        look.empty = !measure.mean;
        without |= look.empty;
        if (look.empty) continue;
        std::size_t step = 0;
        while (step + 1 < stops.size() && *measure.mean > stops[step].value) ++step;
        look.fill = stops.empty() ? alike : stops[step].colour;
        look.text = format_value(*measure.mean);
    }
    for (const RampStop& stop : stops) map.legend.emplace_back(stop.label, stop.colour);
    if (without) map.legend.emplace_back("no value", no_colour);
    return map;
}

ZoneMap class_map(const SummaryResults& results, const SummaryRaster& raster, const Zoning& zoning) {
    ZoneMap map;
    map.title = "Largest class of " + raster.label;
    map.caption = "The class of the largest area in each " + zoning.one() + ".";
    const auto& labels = results.classes[raster.variable];
    map.looks.assign(zoning.size(), {no_colour, "no class", true});
    std::vector<bool> met(labels.size());
    bool without = false;
    for (const ZoneResult& zone : results.zones) {
        const ZoneClasses& classes = zone.classes[raster.place];
        ZoneLook& look = map.looks[zone.zone];
        look.empty = !classes.majority;
        without |= look.empty;
        if (look.empty) continue;
        met[*classes.majority] = true;
        look.fill = labels[*classes.majority].colour;
        look.text =
            labels[*classes.majority].name + ", " + format_percent(classes.share(*classes.majority).value_or(0));
    }
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (met[i]) map.legend.emplace_back(labels[i].name, labels[i].colour);
    if (without) map.legend.emplace_back("no class", no_colour);
    return map;
}

std::string text(const std::optional<double>& value) { return value ? format_value(*value) : "\u2013"; }

TableData table_of(const SummaryResults& results, const SummaryRaster& raster, const Zoning& zoning) {
    TableData data;
    data.columns = {text_column(zoning.squares() ? "Place" : "Zone"), number_column("Area", "ha"),
                    number_column("With a value", "%")};
    if (raster.continuous)
        for (const char* const name : {"Mean", "SD", "Min", "Max", "Total"})
            data.columns.push_back(number_column(name));
    else
        for (auto&& column :
             {text_column("Largest class"), number_column("Its area", "ha"), number_column("Share", "%")})
            data.columns.push_back(column);
    for (const ZoneResult& zone : results.zones) {
        const auto& valid = raster.continuous ? zone.measures[raster.place].valid : zone.classes[raster.place].valid;
        std::vector<std::string> row = {zone.name, format_value(zone.area_ha),
                                        valid ? format_grouped(100 * *valid, 1) : "\u2013"};
        if (raster.continuous) {
            const ZoneMeasure& m = zone.measures[raster.place];
            for (const auto& value : {m.mean, m.sd, m.low, m.high, m.total}) row.push_back(text(value));
        } else {
            const ZoneClasses& c = zone.classes[raster.place];
            row.push_back(c.majority ? results.classes[raster.variable][*c.majority].name : "\u2013");
            row.push_back(c.majority ? format_value(c.areas[*c.majority]) : "\u2013");
            row.push_back(c.majority ? format_grouped(100 * c.share(*c.majority).value_or(0), 1) : "\u2013");
        }
        data.rows.push_back(std::move(row));
    }
    return data;
}

}  // namespace

bool ZoneResult::empty() const {
    return std::all_of(measures.begin(), measures.end(), [](const ZoneMeasure& m) { return !m.mean; }) &&
           std::all_of(classes.begin(), classes.end(), [](const ZoneClasses& c) { return !c.majority; });
}

std::vector<RampStop> mean_classes(const SummaryResults& results, std::size_t place) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const ZoneResult& zone : results.zones)
        if (const auto& mean = zone.measures[place].mean) {
            low = std::min(low, *mean);
            high = std::max(high, *mean);
        }
    if (!(high > low)) return {};
    std::vector<RampStop> stops = sequential_ramp(low, high);
    const auto count = static_cast<double>(stops.size());
    double from = low;
    for (std::size_t i = 0; i < stops.size(); ++i) {
        const double share = (static_cast<double>(i) + 1) / count;
        // The largest mean belongs to the last class, whatever rounding does.
        stops[i].value = i + 1 == stops.size() ? high : low * (1 - share) + high * share;
        stops[i].label = format_value(from) + " to " + format_value(stops[i].value);
        from = stops[i].value;
    }
    return stops;
}

Report summary_report(const SummaryResults& results, const SummaryRasters& rasters, const Zoning& zoning,
                      const Run& run) {
    Report report("Zonal summary",
                  counted(rasters.rasters.size(), "raster") + " in " + counted(results.zones.size(), zoning.one()));
    double area = 0;
    for (const ZoneResult& zone : results.zones) area += zone.area_ha;
    std::string many = zoning.one() + "s";
    many[0] = static_cast<char>(many[0] - 'a' + 'A');
    report
        .number(many, format_grouped(static_cast<double>(results.zones.size() - results.empty), 0), "", "With a value")
        .number("Area of all", format_value(area), "ha", "Overlaps count for each zone")
        .number("Rasters", format_grouped(static_cast<double>(rasters.rasters.size()), 0));
    for (std::size_t i = 0; i < std::min(most_maps, rasters.rasters.size()); ++i) {
        const SummaryRaster& raster = rasters.rasters[i];
        report.section(raster.label);
        draw_zones(report, run, zoning,
                   raster.continuous ? measure_map(results, raster, zoning) : class_map(results, raster, zoning));
        report.table(table_of(results, raster, zoning),
                     raster.continuous ? raster.label + " by " + zoning.one()
                                       : "Largest class of " + raster.label + " by " + zoning.one() +
                                             "; the output table has all classes",
                     most_rows);
    }
    if (rasters.rasters.size() > most_maps)
        report.paragraph("The first " + std::to_string(most_maps) + " of " + std::to_string(rasters.rasters.size()) +
                         " rasters are shown; the output table has all.");
    return report;
}

}  // namespace landcarbon
