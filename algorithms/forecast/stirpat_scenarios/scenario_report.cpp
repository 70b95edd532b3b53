// Land Carbon Toolbox: STIRPAT scenarios: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/scenario_report.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {

namespace {

constexpr std::size_t most_parts = 8;     ///< units with a colour of their own
constexpr std::size_t most_columns = 11;  ///< bars of the stacked figures
constexpr std::size_t most_stacks = 6;    ///< scenarios with a stacked figure
constexpr std::size_t most_names = 15;    ///< units named in a row of the classes

const char* class_colour(int peak_class) {
    static const char* const colours[] = {"#d55e00", "#e69f00", "#f0e442", "#56b4e9", "#0072b2"};
    return colours[peak_class - 1];
}

/// Emissions in thousands, millions or billions, so that figures and tables stay readable.
struct Scale {
    double factor = 1;
    std::string word;  ///< "million", or empty
    explicit Scale(double largest) {
        if (largest >= 1e10)
            *this = {1e-9, "billion"};
        else if (largest >= 1e7)
            *this = {1e-6, "million"};
        else if (largest >= 1e5)
            *this = {1e-3, "thousand"};
    }
    Scale(double by, std::string name) : factor(by), word(std::move(name)) {}
    std::vector<double> operator()(std::vector<double> values) const {
        for (double& value : values) value *= factor;
        return values;
    }
};

Scale region_scale(const ScenarioResults& r) {
    double largest = 0;
    for (const auto& total : r.totals) largest = std::max(largest, *std::max_element(total.begin(), total.end()));
    return Scale(largest);
}

std::string year_text(int year) { return std::to_string(year); }

std::vector<double> years_of(const ScenarioResults& r) { return {r.years.begin(), r.years.end()}; }

bool same_sinks(const ScenarioResults& r) {
    return std::all_of(r.sinks.begin(), r.sinks.end(), [&](const auto& sink) { return sink == r.sinks.front(); });
}

std::string region_figure(const ScenarioResults& r) {
    LineChart chart;
    const Scale scale = region_scale(r);
    chart.title = "Emission of the region";
    chart.value_title = r.response;
    chart.unit = scale.word;
    chart.from_zero = true;
    chart.x_title = "Year";
    chart.upright_lines = {{static_cast<double>(r.peak_by), "Peak by"}};
    if (r.with_sinks) chart.upright_lines.push_back({static_cast<double>(r.neutral_by), "Neutral by"});
    for (std::size_t s = 0; s < r.scenarios.size(); ++s)
        chart.series.push_back({.name = r.scenarios[s], .x = years_of(r), .y = scale(r.totals[s])});
    if (r.with_sinks)
        for (std::size_t s = 0; s < (same_sinks(r) ? 1 : r.sinks.size()); ++s)
            chart.series.push_back({.name = same_sinks(r) ? "Sink" : "Sink, " + r.scenarios[s],
                                    .x = years_of(r),
                                    .y = scale(r.sinks[s]),
                                    .colour = "#52606d",
                                    .dashed = true,
                                    .markers = false});
    return line_chart(chart);
}

TableData region_table(const ScenarioResults& r) {
    const Scale scale = region_scale(r);
    TableData table{{text_column("Scenario"), number_column(year_text(r.years.front()), scale.word),
                     number_column("Peak year"), number_column("Largest", scale.word),
                     number_column(year_text(r.years.back()), scale.word), number_column("Change", "%")},
                    {},
                    {},
                    false};
    if (r.with_sinks) {
        table.columns.push_back(number_column("Sink " + year_text(r.years.back()), scale.word));
        table.columns.push_back(number_column("Neutral from"));
    }
    for (std::size_t s = 0; s < r.scenarios.size(); ++s) {
        EmissionPath total;
        total.emission = r.totals[s];
        if (r.with_sinks) total.sink = r.sinks[s];
        const Milestone milestone = milestone_of(total, r.years);
        const double first = total.emission.front(), last = total.emission.back();
        std::vector<std::string> row = {
            r.scenarios[s],
            format_value(scale.factor * first),
            milestone.peak_year ? year_text(*milestone.peak_year) : "none",
            format_value(scale.factor * *std::max_element(total.emission.begin(), total.emission.end())),
            format_value(scale.factor * last),
            first > 0 ? format_signed(100 * (last / first - 1), 1) : ""};
        if (r.with_sinks) {
            row.push_back(format_value(scale.factor * total.sink.back()));
            row.push_back(milestone.neutral_year ? year_text(*milestone.neutral_year) : "not");
        }
        table.rows.push_back(std::move(row));
    }
    return table;
}

/// The units that emit most at the beginning, largest first.
std::vector<std::size_t> largest_units(const ScenarioResults& r) {
    std::vector<std::size_t> order(r.units.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return r.paths[a].front().at_start > r.paths[b].front().at_start;
    });
    return order;
}

std::string stack_figure(const ScenarioResults& r, std::size_t scenario, const std::vector<std::size_t>& order) {
    BarChart chart;
    chart.title = "Emission by unit, " + r.scenarios[scenario];
    chart.stacked = true;
    chart.value_labels = false;
    const Scale scale = region_scale(r);
    chart.value_title = r.response;
    chart.unit = scale.word;
    chart.category_title = "Year";
    std::vector<std::size_t> places;
    const std::size_t every = (r.years.size() + most_columns - 2) / (most_columns - 1);
    for (std::size_t y = 0; y < r.years.size(); ++y)
        if (y % every == 0 || y + 1 == r.years.size()) places.push_back(y);
    for (const std::size_t y : places) chart.categories.push_back(year_text(r.years[y]));
    const std::size_t named = order.size() <= most_parts ? order.size() : most_parts - 1;
    for (std::size_t i = 0; i < named; ++i) {
        BarSeries bars{.name = r.units[order[i]]};
        for (const std::size_t y : places)
            bars.values.push_back(scale.factor * r.paths[order[i]][scenario].emission[y]);
        chart.series.push_back(std::move(bars));
    }
    if (named < order.size()) {
        BarSeries others{.name = "Other " + format_grouped(static_cast<double>(order.size() - named), 0) + " units",
                         .colour = "#b0b7bf"};
        for (const std::size_t y : places) {
            double sum = 0;
            for (std::size_t i = named; i < order.size(); ++i) sum += r.paths[order[i]][scenario].emission[y];
            others.values.push_back(scale.factor * sum);
        }
        chart.series.push_back(std::move(others));
    }
    return bar_chart(chart);
}

std::string peak_figure(const ScenarioResults& r) {
    BarChart chart;
    chart.title = "Years of the peak";
    chart.value_title = "Units";
    chart.category_title = "Peak year";
    const int start = r.years.front(), horizon = r.years.back();
    const int width = horizon - start <= 60 ? 5 : (horizon - start + 119) / 120 * 10;
    std::vector<int> ends = {start};
    while (ends.back() < horizon) ends.push_back(std::min(horizon, ends.back() + width));
    for (std::size_t i = 0; i < ends.size(); ++i)
        chart.categories.push_back(i == 0 || ends[i] == ends[i - 1] + 1
                                       ? year_text(ends[i])
                                       : year_text(ends[i - 1] + 1) + "\u2013" + year_text(ends[i]));
    chart.categories.push_back("none by " + year_text(horizon));
    for (std::size_t s = 0; s < r.scenarios.size(); ++s) {
        BarSeries bars{.name = r.scenarios[s]};
        bars.values.assign(chart.categories.size(), 0);
        for (const auto& milestones : r.milestones) {
            const auto year = milestones[s].peak_year;
            const auto place = year ? std::lower_bound(ends.begin(), ends.end(), *year) - ends.begin()
                                    : static_cast<std::ptrdiff_t>(ends.size());
            ++bars.values[static_cast<std::size_t>(place)];
        }
        for (double& count : bars.values)
            if (count == 0) count = std::nan("");
        chart.series.push_back(std::move(bars));
    }
    return bar_chart(chart);
}

TableData class_table(const ScenarioResults& r) {
    TableData table{{number_column("Class"), text_column("Meaning"), number_column("Units"), number_column("Share"),
                     text_column("Which")},
                    {},
                    {},
                    false};
    for (int peak_class = 5; peak_class >= 1; --peak_class) {
        std::string names;
        std::size_t count = 0;
        for (std::size_t u = 0; u < r.units.size(); ++u) {
            if (r.classes[u] != peak_class) continue;
            if (count < most_names) names += (count ? ", " : "") + r.units[u];
            ++count;
        }
        if (count > most_names) names += " and " + format_grouped(static_cast<double>(count - most_names), 0) + " more";
        table.rows.push_back({std::to_string(peak_class), peak_class_name(peak_class),
                              format_grouped(static_cast<double>(count), 0),
                              format_percent(static_cast<double>(count) / static_cast<double>(r.units.size())), names});
        table.row_colours.push_back(class_colour(peak_class));
    }
    return table;
}

TableData unit_table(const ScenarioResults& r) {
    TableData table{{text_column("Unit"), number_column("Class")}, {}, {}, false};
    for (const auto& scenario : r.scenarios) {
        table.columns.push_back(number_column("Peak", scenario));
        if (r.with_sinks) table.columns.push_back(number_column("Neutral", scenario));
    }
    const Scale scale(r.paths[largest_units(r).front()].front().at_start);
    table.columns.push_back(number_column(r.response + " " + year_text(r.years.front()), scale.word));
    std::vector<std::size_t> order(r.units.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return r.classes[a] > r.classes[b]; });
    if (order.size() > 1000) order.resize(1000);
    for (const std::size_t u : order) {
        std::vector<std::string> row = {r.units[u], std::to_string(r.classes[u])};
        for (const auto& milestone : r.milestones[u]) {
            row.push_back(milestone.peak_year ? year_text(*milestone.peak_year) : "none");
            if (r.with_sinks) row.push_back(milestone.neutral_year ? year_text(*milestone.neutral_year) : "not");
        }
        row.push_back(format_value(scale.factor * r.paths[u].front().at_start));
        table.rows.push_back(std::move(row));
        table.row_colours.push_back(class_colour(r.classes[u]));
    }
    return table;
}

}  // namespace

const char* peak_class_name(int peak_class) {
    static const char* const names[] = {"rises strongly", "rises moderately", "peaks in some scenarios only",
                                        "peaks and falls, not neutral", "peaks and becomes neutral"};
    return names[peak_class - 1];
}

Report scenario_report(const ScenarioResults& r) {
    const double units = static_cast<double>(r.units.size());
    const auto at_least = [&](int peak_class) {
        return static_cast<double>(
            std::count_if(r.classes.begin(), r.classes.end(), [&](int c) { return c >= peak_class; }));
    };
    Report report("STIRPAT scenarios: " + r.response,
                  format_grouped(units, 0) + (r.units.size() == 1 ? " unit, " : " units, ") +
                      std::to_string(r.scenarios.size()) + (r.scenarios.size() == 1 ? " scenario, " : " scenarios, ") +
                      year_text(r.years.front()) + " to " + year_text(r.years.back()));
    report.number("Units", format_grouped(units, 0))
        .number("Peak by " + year_text(r.peak_by), format_grouped(at_least(4), 0), "units", "In every scenario");
    if (r.with_sinks)
        report.number("Neutral by " + year_text(r.neutral_by), format_grouped(at_least(5), 0), "units",
                      "In every scenario, after a peak in every scenario");

    report.section("Region");
    report.figure(region_figure(r), "Sum of the emissions of all units" +
                                        std::string(r.with_sinks ? ", and of their sinks (dashed)." : "."));
    report.table(region_table(r), "The region in each scenario: " + r.response);

    report.section("Units");
    const auto order = largest_units(r);
    for (std::size_t s = 0; s < std::min(most_stacks, r.scenarios.size()); ++s)
        report.figure(
            stack_figure(r, s, order),
            "Scenario " + r.scenarios[s] + ": emission by unit" +
                (order.size() > most_parts ? ", those that emit most in " + year_text(r.years.front()) + " by name."
                                           : "."));

    report.section("Peak and neutrality");
    report.figure(peak_figure(r), "How many units have their largest emission in which years.");
    report.table(class_table(r), "Classes of the carbon emission peak (CEP), over all scenarios");
    report.table(unit_table(r),
                 "Milestones of the units, best class first; none: still rising in " + year_text(r.years.back()));
    return report;
}

}  // namespace landcarbon
