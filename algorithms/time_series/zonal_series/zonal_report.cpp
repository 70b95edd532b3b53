// Land Carbon Toolbox: zonal series: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/zonal_series/zonal_report.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "engine/zone_map.hpp"

namespace landcarbon {

std::optional<double> Zone::variation() const {
    if (!line || !line->sd || line->mean == 0) return std::nullopt;
    return *line->sd / std::abs(line->mean);
}

std::optional<double> Zone::relative_rate() const {
    if (!line || line->mean == 0) return std::nullopt;
    return 100 * line->slope / std::abs(line->mean);
}

namespace {

/// Lines that a chart can tell apart, rows and columns of a heat map that can be read, rows of a table.
constexpr std::size_t most_lines = 8, most_rows = 40, most_columns = 60, most_table_rows = 100;
constexpr const char* unrated_colour = "#e8e8e8";

class Writer {
public:
    Writer(const ZonalResult& result, const Run& run, const Zoning* zoning)
        : result_(result),
          run_(run),
          zoning_(zoning),
          trends_(*result.trends),
          order_(trends_.by_slope()),
          per_(result.dated ? "per year" : "per step") {}
    Report operator()() const;

private:
    void series(Report& report) const;
    void departures(Report& report) const;
    void rates(Report& report) const;
    ZoneMap map() const;
    /// "the 20 zones that rise and the 20 that fall most", or `all` where there are no more than `most`.
    std::string which(std::size_t most, const std::string& all) const {
        if (order_.size() <= most) return all;
        const std::string half = std::to_string(most / 2);
        return "the " + half + " " + result_.many() + " that rise and the " + half + " that fall most";
    }

    const ZonalResult& result_;
    const Run& run_;
    const Zoning* zoning_;
    const UnitTrends& trends_;
    std::vector<std::size_t> order_;  ///< zones with a trend, the steepest rise first
    std::string per_;
};

void Writer::series(Report& report) const {
    report.section("Series");
    std::vector<std::size_t> drawn = UnitTrends::ends(order_, most_lines);
    // All of them stand in their own order.
    if (order_.size() <= most_lines) std::sort(drawn.begin(), drawn.end());
    LineChart lines;
    lines.title = result_.statistic + " of the " + result_.many();
    lines.value_title = result_.statistic;
    lines.x_title = result_.dated ? "Year" : "Step";
    for (const std::size_t i : drawn)
        lines.series.push_back(
            {result_.zones[i].name, result_.times, result_.zones[i].values, {}, {}, "", false, true});
    report.figure(line_chart(lines), result_.statistic + " of " + which(most_lines, "each " + result_.one()) + ".");
}

void Writer::departures(Report& report) const {
    if (result_.times.size() > most_columns) return;
    HeatMap chart;
    chart.title = "Departures from the mean of each series";
    chart.value_title = "Departure from the mean";
    chart.unit = "%";
    for (const double time : result_.times) chart.column_labels.push_back(number_text(time));
    for (const std::size_t i : UnitTrends::ends(order_, most_rows)) {
        const Zone& zone = result_.zones[i];
        if (zone.line->mean == 0) continue;
        chart.row_labels.push_back(zone.name);
        chart.values.emplace_back();
        for (const double value : zone.values)
            chart.values.back().push_back(100 * (value - zone.line->mean) / std::abs(zone.line->mean));
    }
    if (chart.values.empty()) return;
    report.figure(heat_map(chart), "Departure of each value from the mean of its series, for " +
                                       which(most_rows, "all " + result_.many()) + "; the steepest rise first.");
}

ZoneMap Writer::map() const {
    ZoneMap map;
    map.title = "Trend of the zones";
    map.caption = "Class of the trend of each zone.";
    std::vector<int> codes;
    for (std::size_t i = 0; i < result_.zones.size(); ++i) {
        const bool rated = trends_.units()[i].valid();
        codes.push_back(trends_.last_code(i));
        map.looks.push_back({rated ? trends_.colour(i) : unrated_colour, rated ? trends_.class_name(i) : "no rates",
                             result_.zones[i].cells == 0});
    }
    const auto& labels = trends_.classes().labels();
    for (auto label = labels.rbegin(); label != labels.rend(); ++label)
        if (std::find(codes.begin(), codes.end(), static_cast<int>(label->code)) != codes.end())
            map.legend.emplace_back(label->name, label->colour);
    if (std::any_of(trends_.units().begin(), trends_.units().end(), [](const auto& unit) { return !unit.valid(); }))
        map.legend.emplace_back("no rates", unrated_colour);
    return map;
}

void Writer::rates(Report& report) const {
    report.section("Rates");
    std::vector<std::string> names;
    for (const Zone& zone : result_.zones) names.push_back(zone.name);
    report.figure(trends_.slope_bars(names, per_), "Theil-Sen slope of " +
                                                       which(UnitTrends::most_bars, "each " + result_.one()) +
                                                       ", in the colour of its class of trend.");
    if (zoning_) draw_zones(report, run_, *zoning_, map());
    const auto text = [](const std::optional<double>& value, int significant) {
        return value ? format_number(*value, significant) : std::string("\u2013");
    };
    const auto name_column = text_column(result_.by_class ? "Class" : "Zone");
    TableData linear{{name_column, number_column("Area", "ha"), number_column("Mean"), number_column("CV"),
                      number_column("Linear rate", per_), number_column("Of the mean", "% " + per_),
                      number_column("R\u00b2"), number_column("p")},
                     {},
                     {},
                     false};
    TableData sen{{name_column, number_column("Sen slope", per_), number_column("Lower"), number_column("Upper"),
                   number_column("Z"), number_column("p"), number_column("Steps"), text_column("Class of trend")},
                  {},
                  {},
                  false};
    for (const std::size_t i : order_) {
        const Zone& zone = result_.zones[i];
        const SeriesTrend& t = trends_.units()[i].trend;
        const auto rate = zone.relative_rate();
        linear.rows.push_back({zone.name, format_value(zone.area_ha), format_value(zone.line->mean),
                               text(zone.variation(), 3), format_value(zone.line->slope),
                               rate ? format_signed(*rate, 2) : "\u2013",
                               zone.line->r2 ? format_grouped(*zone.line->r2, 3) : "\u2013",
                               zone.line->p ? format_probability(*zone.line->p) : "\u2013"});
        sen.rows.push_back({zone.name, format_value(t.slope), format_value(t.lower), format_value(t.upper),
                            format_grouped(t.z, 2), format_probability(t.p), format_grouped(t.n, 0),
                            trends_.class_name(i)});
        sen.row_colours.push_back(trends_.colour(i));
    }
    report.table(linear, "Least-squares rates, in the order of the Theil-Sen slopes", most_table_rows);
    report.table(sen, "Theil-Sen slopes and Mann-Kendall test, the steepest rise first", most_table_rows);
}

Report Writer::operator()() const {
    Report report("Zonal series", result_.statistic + " of " + std::to_string(result_.zones.size()) + " " +
                                      result_.many() + " at " + counted(result_.times.size(), "step"));
    const std::string basis = trends_.controlled() ? "By the false-discovery rate" : "By |Z| of each series";
    const auto count = [](std::size_t n) { return format_grouped(static_cast<double>(n), 0); };
    report.number(result_.by_class ? "Classes" : "Zones", count(trends_.valid()), "", "That have a trend")
        .number("Significant increase", count(trends_.significant(1)), result_.many(), basis)
        .number("Significant decrease", count(trends_.significant(-1)), result_.many(), basis)
        .number("Median slope", format_value(trends_.median_slope()), per_, "Theil-Sen, of all with a trend");
    series(report);
    departures(report);
    rates(report);
    return report;
}

}  // namespace

Report zonal_report(const ZonalResult& result, const Run& run, const Zoning* zoning) {
    return Writer(result, run, zoning)();
}

}  // namespace landcarbon
