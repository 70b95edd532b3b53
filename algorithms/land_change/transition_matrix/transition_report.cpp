// Land Carbon Toolbox: transition matrix: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/shown.hpp"
#include "engine/run.hpp"
#include "engine/zone_map.hpp"
#include "land_change/transition_matrix/transition_results.hpp"

namespace landcarbon {
namespace {

void add_flows(Report& report, const TransitionResults& results) {
    report.section("Flows between classes");
    SankeyChart flows;
    for (std::size_t m = 0; m <= results.steps(); ++m)
        flows.dates.push_back(results.years.empty() ? "Map " + std::to_string(m + 1) : number_text(results.years[m]));
    for (const auto& label : results.labels) flows.classes.push_back({label.name, label.colour});
    const std::size_t classes = results.labels.size();
    for (std::size_t p = 0; p < results.steps(); ++p)
        for (std::size_t from = 0; from < classes; ++from)
            for (std::size_t to = 0; to < classes; ++to)
                if (const double area = results.matrices[p].area(from, to).hectares(); area > 0)
                    flows.links.push_back({p, from, to, area});
    report.figure(sankey(flows), "Area that moves between classes from date to date.");
}

void add_period(Report& report, const TransitionResults& results, std::size_t p) {
    std::vector<std::string> names, colours;
    for (const auto& label : results.labels) {
        names.push_back(label.name);
        colours.push_back(label.colour);
    }
    const std::string& period = results.periods[p].name;
    report.section("Matrix " + period);
    const Transitions& matrix = results.matrices[p];
    std::vector<double> sizes;
    for (std::size_t k = 0; k < matrix.classes; ++k)
        sizes.push_back(matrix.earlier(k).hectares() + matrix.later(k).hectares());
    const std::vector<std::size_t> shown = largest_of(sizes);
    HeatMap heat;
    heat.row_labels = heat.column_labels = picked(names, shown);
    heat.row_title = "From";
    heat.column_title = "To";
    heat.value_title = "Area";
    heat.unit = "ha";
    heat.scale = HeatScale::square_root;
    heat.grey_diagonal = true;
    heat.totals = true;
    for (const std::size_t from : shown) {
        heat.values.emplace_back();
        for (const std::size_t to : shown) heat.values.back().push_back(matrix.area(from, to).hectares());
    }
    report.figure(heat_map(heat), "Rows are the earlier classes, columns the later ones; what stayed is grey." +
                                      shown_text(shown.size(), names.size(), "classes"));
    DivergingBars bars;
    bars.categories = names;
    bars.category_colours = colours;
    bars.value_title = "Area";
    bars.unit = "ha";
    TableData summary{{text_column("Class"), number_column("Earlier", "ha"), number_column("Later", "ha"),
                       number_column("Gain", "ha"), number_column("Loss", "ha"), number_column("Net", "ha"),
                       number_column("Swap", "ha"), number_column("Dynamic degree", "%")},
                      {},
                      colours};
    for (std::size_t k = 0; k < names.size(); ++k) {
        const ClassChange change = class_change(matrix, k);
        bars.gain.push_back(change.gain.hectares());
        bars.loss.push_back(change.loss.hectares());
        summary.rows.push_back({names[k], format_grouped(change.earlier.hectares(), 1),
                                format_grouped(change.later.hectares(), 1), format_grouped(change.gain.hectares(), 1),
                                format_grouped(change.loss.hectares(), 1), format_signed(change.net_ha, 1),
                                format_grouped(change.swap_ha, 1),
                                change.dynamic_degree ? format_signed(*change.dynamic_degree, 2) : ""});
    }
    report.figure(diverging_bars(bars), "Gains and losses of each class, " + period + ".");
    report.table(summary, "Change of each class, " + period);
}

void add_intensity(Report& report, const TransitionResults& results) {
    report.section("Intensity analysis");
    report.paragraph(
        "Annual change in percent of the area it could come from, compared with a uniform spread of the same change "
        "(Aldwaik & Pontius 2012). Above the uniform value a period is fast, a class is active, a transition is "
        "targeted." +
        std::string(results.steps() < 2 ? " A single period has none to compare with: it is neither fast nor slow."
                                        : ""));
    if (results.labels.size() > most_shown) {
        report.paragraph("With " + std::to_string(results.labels.size()) +
                         " classes there are too many transitions to be shown; they are in the table INTENSITY.");
        return;
    }
    TableData table{
        {text_column("Level"), text_column("Period"), text_column("Change"), number_column("Intensity", "% a year"),
         number_column("Uniform", "% a year"), text_column("Finding")},
        {}};
    const auto name = [&](std::ptrdiff_t k) { return results.labels[static_cast<std::size_t>(k)].name; };
    for (const auto& row : intensity_analysis(results.each_step())) {
        std::string what = row.kind;
        if (row.level == "category") what = row.kind + " of " + name(std::max(row.from, row.to));
        if (row.level == "transition") what = name(row.from) + " \u2192 " + name(row.to);
        table.rows.push_back({row.level, results.periods[row.period].name, what, format_value(row.observed, 4),
                              format_value(row.uniform, 4), finding(row, results.steps())});
    }
    report.table(table, "Intensity at the three levels");
}

void add_zones(Report& report, const TransitionResults& results, const Zoning& zoning, const Run& run) {
    report.section("Zones");
    const std::vector<RampStop> groups = share_groups(results);
    ZoneMap map;
    map.title = "Share changed";
    map.caption = "Share of each zone that has another class on the last map than on the first.";
    TableData table{{}, {}};
    const std::vector<std::size_t> telling = zoning.telling_columns();
    for (const std::size_t i : telling) table.columns.push_back(text_column(zoning.zones().columns()[i].name));
    for (const auto& column :
         {number_column("Area", "ha"), number_column("Changed", "ha"), number_column("Share changed", "%"),
          number_column("Dynamic degree", results.years.empty() ? "% a step" : "% a year")})
        table.columns.push_back(column);
    for (std::size_t zone = 0; zone < results.zones.size(); ++zone) {
        const Transitions& change = results.zones[zone].back();
        const auto share = changed_share(change);
        const auto group = std::find_if(groups.begin(), groups.end(),
                                        [&](const RampStop& stop) { return share && *share <= stop.value; });
        const bool coloured = share && group != groups.end();
        map.looks.push_back(
            {coloured ? group->colour : "#e6e6e6", share ? format_percent(*share, 2) : "no data", !share});
        std::vector<std::string> row;
        for (const std::size_t i : telling) row.push_back(zoning.text(zone, i));
        row.push_back(format_grouped(change.total().hectares(), 1));
        row.push_back(share ? format_grouped(change.changed().hectares(), 1) : "");
        row.push_back(share ? format_grouped(*share * 100, 2) : "");
        const auto degree = comprehensive_dynamic_degree(change);
        row.push_back(degree ? format_grouped(*degree, 3) : "");
        table.rows.push_back(std::move(row));
    }
    for (const RampStop& group : groups) map.legend.emplace_back(group.label, group.colour);
    draw_zones(report, run, zoning, map);
    report.table(table, "Change of each zone, " + results.periods.back().name, 50);
}

}  // namespace

Report transition_report(const TransitionResults& results, const Zoning* zoning, Run& run) {
    Report report("Land-use change", "Transition matrix, gains and losses, intensity of change");
    const Transitions& whole = results.whole();
    report.number("Mapped area", format_value(whole.total().hectares(), 6), "ha", "Cells that have a class on all maps")
        .number("Changed", format_value(whole.changed().hectares(), 6), "ha", "Between the first and the last map")
        .number("Share changed", format_percent(*changed_share(whole), 2), "", "Of the mapped area")
        .number("Dynamic degree", format_value(*comprehensive_dynamic_degree(whole), 4),
                results.years.empty() ? "% a step" : "% a year", "Comprehensive land-use dynamic degree");
    add_flows(report, results);
    for (std::size_t p = 0; p < results.periods.size(); ++p) {
        run.check_cancel();
        add_period(report, results, p);
    }
    if (zoning) add_zones(report, results, *zoning, run);
    add_intensity(report, results);
    return report;
}

}  // namespace landcarbon
