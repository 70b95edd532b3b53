// Land Carbon Toolbox: carbon-neutral zoning: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_zoning/zone_report.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "engine/polygon_map.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {

std::size_t ZoneTableau::units_in(int zone) const {
    return static_cast<std::size_t>(
        std::count_if(units.begin(), units.end(), [&](const ZonedUnit& unit) { return unit.zone == zone; }));
}

std::optional<double> ZoneTableau::mean_score(int zone, std::size_t rule) const {
    double sum = 0;
    for (const ZonedUnit& unit : units)
        if (unit.zone == zone) sum += *unit.scores[rule];
    const std::size_t count = units_in(zone);
    return count > 0 ? std::optional(sum / static_cast<double>(count)) : std::nullopt;
}

namespace {

constexpr const char* no_zone_colour = "#e4e7eb";

class Writer {
public:
    Writer(const ZoneTableau& tableau, const std::vector<std::vector<unsigned char>>& shapes, const std::string& crs)
        : t_(tableau), shapes_(shapes), crs_(crs) {}
    Report operator()() const;

private:
    void draw_map(Report& report) const;
    void draw_bars(Report& report) const;
    double zoned() const {
        return static_cast<double>(
            std::count_if(t_.units.begin(), t_.units.end(), [](const ZonedUnit& unit) { return unit.zone != 0; }));
    }

    const ZoneTableau& t_;
    const std::vector<std::vector<unsigned char>>& shapes_;
    const std::string& crs_;
};

void Writer::draw_map(Report& report) const {
    if (shapes_.empty()) return;
    if (shapes_.size() > most_polygons_drawn) {
        report.paragraph("There are too many units to draw them here; open the zoned units in a GIS.");
        return;
    }
    MapFigure map = map_of_polygons(shapes_, crs_);
    map.title = "Zones";
    bool any_without = false;
    for (std::size_t u = 0; u < map.shapes.size(); ++u) {
        const ZonedUnit& unit = t_.units[u];
        any_without = any_without || unit.zone == 0;
        map.shapes[u].fill = unit.zone ? t_.colours[static_cast<std::size_t>(unit.zone - 1)] : no_zone_colour;
        map.shapes[u].tooltip =
            unit.name + ": " +
            (unit.zone ? t_.names[static_cast<std::size_t>(unit.zone - 1)] + ", total " + format_number(*unit.total)
                       : "no zone, " + unit.note);
    }
    for (std::size_t zone = 0; zone < t_.names.size(); ++zone)
        map.legend.emplace_back(t_.names[zone], t_.colours[zone]);
    if (any_without) map.legend.emplace_back("No zone", no_zone_colour);
    report.section("Map");
    report.figure(map_figure(map), "Zones by the total of the scores, from carbon sinks to carbon sources.");
}

void Writer::draw_bars(Report& report) const {
    report.section("Zones");
    HeatMap heat;
    heat.title = "Mean scores of the zones by index";
    heat.value_title = "Mean score";
    for (const auto& rule : t_.rules) heat.column_labels.push_back(rule.index);
    for (std::size_t zone = 0; zone < t_.names.size(); ++zone) {
        heat.row_labels.push_back(t_.names[zone]);
        heat.values.emplace_back();
        heat.cell_texts.emplace_back();
        for (std::size_t rule = 0; rule < t_.rules.size(); ++rule) {
            const auto mean = t_.mean_score(static_cast<int>(zone) + 1, rule);
            heat.values.back().push_back(mean.value_or(std::nan("")));
            heat.cell_texts.back().push_back(mean ? format_grouped(*mean, 1) : "");
        }
    }
    // The study's groups of indices make the parts of the bars.
    std::vector<std::string> groups;
    for (const auto& rule : t_.rules) {
        const std::string group = rule.group.empty() ? rule.index : rule.group;
        if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
    }
    BarChart bars;
    bars.title = "Mean total of the zones by group of indices";
    bars.horizontal = true;
    bars.stacked = true;
    bars.value_title = "Mean score";
    bars.categories = t_.names;
    for (const auto& group : groups) {
        BarSeries series{group, {}, "", {}};
        for (std::size_t zone = 0; zone < t_.names.size(); ++zone) {
            double sum = 0;
            for (std::size_t rule = 0; rule < t_.rules.size(); ++rule)
                if ((t_.rules[rule].group.empty() ? t_.rules[rule].index : t_.rules[rule].group) == group)
                    sum += t_.mean_score(static_cast<int>(zone) + 1, rule).value_or(0);
            series.values.push_back(std::round(sum * 10) / 10);  // a label of one decimal
        }
        bars.series.push_back(std::move(series));
    }
    report.figure(bar_chart(bars), "What the zones' totals are made of: mean scores by group of indices.");
    report.figure(heat_map(heat),
                  "Mean score of each index in each zone; the published table gives 5 to what is best for neutrality.");
    // How the totals spread, one bar for each total, in the colour of its zone.
    std::map<double, std::size_t> counts;
    for (const ZonedUnit& unit : t_.units)
        if (unit.total) ++counts[*unit.total];
    if (counts.size() <= 60) {
        BarChart spread;
        spread.title = "Units by total score";
        spread.value_title = "Units";
        spread.category_title = "Total score";
        BarSeries series{"Units", {}, "", {}};
        const auto lowest = static_cast<int>(counts.begin()->first), highest = static_cast<int>(counts.rbegin()->first);
        for (int total = lowest; total <= highest && highest - lowest <= 80; ++total) {
            const auto found = counts.find(total);
            spread.categories.push_back(std::to_string(total));
            series.values.push_back(found == counts.end() ? std::nan("") : static_cast<double>(found->second));
            const auto above =
                t_.division.breaks.end() -
                std::lower_bound(t_.division.breaks.begin(), t_.division.breaks.end(), static_cast<double>(total));
            spread.category_colours.push_back(t_.colours[static_cast<std::size_t>(above)]);
        }
        spread.series.push_back(std::move(series));
        report.figure(
            bar_chart(spread),
            "How many units have each total, in the colour of their zone: zones are the natural breaks of the totals.");
    }
}

Report Writer::operator()() const {
    Report report("Carbon zoning", counted(t_.units.size(), "unit") + ", " + counted(t_.names.size(), "zone") + " by " +
                                       counted(t_.rules.size(), "score"));
    report.number("Units with a zone", format_grouped(zoned(), 0), "", "All scores are there");
    for (std::size_t zone = 0; zone < t_.names.size() && t_.names.size() <= 6; ++zone)
        report.number(t_.names[zone], format_grouped(static_cast<double>(t_.units_in(static_cast<int>(zone) + 1)), 0),
                      "units");
    report.number("Goodness of fit", format_percent(t_.division.goodness), "",
                  "Share of the spread of the totals that lies between the zones and not within them");
    if (zoned() < static_cast<double>(t_.units.size()))
        report.warning("Some units lack a score and have no zone; the table at the end says why.");
    draw_map(report);
    draw_bars(report);
    report.section("Units");
    TableData table{{text_column("Unit"), text_column("Zone"), number_column("Total")}, {}, {}, false};
    for (const auto& rule : t_.rules) table.columns.push_back(number_column(rule.index));
    std::vector<std::size_t> order;
    for (std::size_t u = 0; u < t_.units.size(); ++u) order.push_back(u);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return t_.units[a].total.value_or(-1) > t_.units[b].total.value_or(-1);
    });
    for (const std::size_t u : order) {
        const ZonedUnit& unit = t_.units[u];
        std::vector<std::string> row = {
            unit.name, unit.zone ? t_.names[static_cast<std::size_t>(unit.zone - 1)] : "none: " + unit.note,
            unit.total ? format_number(*unit.total) : ""};
        for (const auto& score : unit.scores) row.push_back(score ? std::to_string(*score) : "");
        table.rows.push_back(std::move(row));
        table.row_colours.push_back(unit.zone ? t_.colours[static_cast<std::size_t>(unit.zone - 1)] : no_zone_colour);
    }
    report.table(table, "Scores of the units, the highest total first");
    TableData rules{{text_column("Group"), text_column("Index"), text_column("Goes by")}, {}, {}, false};
    std::set<int, std::greater<>> points;
    for (const auto& rule : t_.rules)
        for (const auto& [score, condition] : rule.conditions) points.insert(score);
    for (const int score : points) rules.columns.push_back(text_column("Score " + std::to_string(score)));
    for (const auto& rule : t_.rules) {
        std::vector<std::string> row = {rule.group, rule.index,
                                        rule.on_trend  ? "trend (Z)"
                                        : rule.by_word ? "class"
                                                       : "value"};
        for (const int score : points) {
            const auto found = rule.words.find(score);
            std::string text = found == rule.words.end() ? "" : found->second;
            if (!text.empty() && text[0] == '\'') text.erase(0, 1);
            row.push_back(std::move(text));
        }
        rules.rows.push_back(std::move(row));
    }
    report.table(rules, "Which score is given when");
    return report;
}

}  // namespace

Report zoning_report(const ZoneTableau& tableau, const std::vector<std::vector<unsigned char>>& shapes,
                     const std::string& crs) {
    return Writer(tableau, shapes, crs)();
}

}  // namespace landcarbon
