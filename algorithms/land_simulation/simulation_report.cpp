// Land Carbon Toolbox: land simulation: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_report.hpp"

#include <algorithm>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

std::string whole(std::int64_t cells) { return format_grouped(static_cast<double>(cells), 0); }
std::string signed_whole(std::int64_t cells) {
    return cells == 0 ? "0" : format_signed(static_cast<double>(cells), 0);
}

TableData demand_table(const SimulationStory& story) {
    TableData table{{text_column("Class"), number_column("First map", "cells"), number_column("Demand", "cells"),
                     number_column("Simulated", "cells"), number_column("Residual", "cells"),
                     number_column("Gained", "cells"), number_column("Lost", "cells")},
                    {}};
    const auto& first = story.result.history.front().cells;
    const std::size_t n = story.labels.size();
    for (std::size_t k = 0; k < n; ++k) {
        std::int64_t gained = 0, lost = 0;
        for (std::size_t other = 0; other < n; ++other) {
            if (other == k) continue;
            gained += story.moved[other * n + k];
            lost += story.moved[k * n + other];
        }
        const std::int64_t simulated = story.result.cells()[k];
        table.rows.push_back({story.labels[k].name, whole(first[k]), whole(story.asked[k]), whole(simulated),
                              signed_whole(simulated - story.asked[k]), whole(gained), whole(lost)});
        table.row_colours.push_back(story.labels[k].colour);
    }
    return table;
}

std::string demand_bars(const SimulationStory& story) {
    BarChart bars;
    bars.horizontal = true;
    bars.value_title = "Change against the first map";
    bars.unit = "cells";
    BarSeries demand{"Demand", {}, "#9aa5b1", {}}, result{"Simulated", {}, "#0072b2", {}};
    const auto& first = story.result.history.front().cells;
    for (std::size_t k = 0; k < story.labels.size(); ++k) {
        bars.categories.push_back(story.labels[k].name);
        demand.values.push_back(static_cast<double>(story.asked[k] - first[k]));
        result.values.push_back(static_cast<double>(story.result.cells()[k] - first[k]));
    }
    bars.series = {demand, result};
    return bar_chart(bars);
}

/// A line for each class over the iterations.
template <class Value>
std::string curves(const SimulationStory& story, const std::string& title, const std::string& unit, Value value) {
    LineChart chart;
    chart.x_title = "Iteration";
    chart.value_title = title;
    chart.unit = unit;
    for (std::size_t k = 0; k < story.labels.size(); ++k) {
        LineSeries line;
        line.name = story.labels[k].name;
        line.colour = story.labels[k].colour;
        line.markers = story.result.history.size() < 40;
        for (const AutomatonRecord& record : story.result.history) {
            line.x.push_back(static_cast<double>(record.iteration));
            line.y.push_back(value(record, k));
        }
        chart.series.push_back(std::move(line));
    }
    return line_chart(chart);
}

CellMaps maps_of(const SimulationStory& story) {
    CellMaps maps;
    maps.columns = story.thinning.columns;
    maps.rows = story.thinning.rows;
    maps.stretch = story.stretch;
    for (const ClassLabel& label : story.labels) maps.legend.emplace_back(label.name, label.colour);
    return maps;
}

std::string before_and_after(const SimulationStory& story) {
    CellMaps maps = maps_of(story);
    maps.title = "First and simulated map";
    maps.maps = {{"First map", story.first}, {"Simulated map", story.simulated}};
    return cell_maps(maps);
}

std::string changes(const SimulationStory& story) {
    CellMaps maps = maps_of(story);
    maps.title = "Changed cells";
    maps.legend.emplace_back("Unchanged", "#e4e7eb");
    CellMap changed{"Changed cells, in the colour of the new class", story.simulated};
    for (std::size_t i = 0; i < changed.cells.size(); ++i)
        if (changed.cells[i] && changed.cells[i] == story.first[i])
            changed.cells[i] = static_cast<std::uint16_t>(maps.legend.size());
    maps.maps = {changed};
    return cell_maps(maps);
}

std::string matrix(const SimulationStory& story) {
    HeatMap heat;
    const std::size_t n = story.labels.size();
    for (const ClassLabel& label : story.labels) heat.row_labels.push_back(label.name);
    heat.column_labels = heat.row_labels;
    heat.row_title = "From (first map)";
    heat.column_title = "To (simulated map)";
    heat.value_title = "Cells";
    heat.scale = HeatScale::square_root;
    heat.grey_diagonal = true;
    heat.totals = true;
    for (std::size_t from = 0; from < n; ++from) {
        heat.values.emplace_back();
        for (std::size_t to = 0; to < n; ++to) heat.values.back().push_back(static_cast<double>(story.moved[from * n + to]));
    }
    return heat_map(heat);
}

}  // namespace

Report simulation_report(const SimulationStory& story) {
    Report report(story.title, "Land cover simulated by a cellular automaton");
    const AutomatonResult& result = story.result;
    const std::size_t n = story.labels.size();
    std::int64_t changed = 0;
    for (std::size_t from = 0; from < n; ++from)
        for (std::size_t to = 0; to < n; ++to)
            if (from != to) changed += story.moved[from * n + to];
    const std::int64_t residual = missing_cells(story.asked, result.cells());
    report.number("Iterations", whole(result.history.back().iteration), "", "Until the simulation stopped")
        .number("Changed", whole(changed), "cells", "Cells of another class than on the first map")
        .number("Share changed", format_percent(static_cast<double>(changed) / static_cast<double>(story.cells), 2), "",
                "Of the cells that have a class")
        .number("Residual", whole(residual), "cells", "Cells in a class that has more than its demand");
    report.section("Demand and result");
    report.paragraph("The simulation stopped because " + story.reason + ".");
    if (story.restricted + story.holes > 0)
        report.paragraph(whole(story.restricted) + " cells are restricted and " + whole(story.holes) +
                         " more have no suitability for some class; they kept their class.");
    if (story.asked != story.demand)
        report.warning(
            "The demand cannot be met under the rules; the simulation aimed at the counts that come nearest to it.");
    report.table(demand_table(story), "Cells of each class");
    report.figure(demand_bars(story), "Change of each class: as the demand has it, and as simulated.");
    report.section("Maps");
    const std::string thinned =
        story.thinning.step > 1 ? " One of " + std::to_string(story.thinning.step) + " x " +
                                      std::to_string(story.thinning.step) + " cells is shown."
                                : "";
    report.figure(before_and_after(story), "The first map and the simulated one." + thinned);
    report.figure(changes(story), "Where the class changed, and to what." + thinned);
    report.figure(matrix(story), "Cells by class on the first and on the simulated map; what stayed is grey.");
    report.section("Iterations");
    if (result.history.size() < 2) {
        report.paragraph("No iteration was needed.");
        return report;
    }
    report.figure(curves(story, "Gap", "cells",
                         [&](const AutomatonRecord& record, std::size_t k) {
                             return static_cast<double>(story.demand[k] - record.cells[k]);
                         }),
                  "Demand - allocated cells of each class after each iteration: above zero cells are missing, below "
                  "zero there are too many.");
    const bool adapted = std::any_of(result.history.begin(), result.history.end(), [](const AutomatonRecord& record) {
        return std::any_of(record.inertia.begin(), record.inertia.end(), [](double value) { return value != 1; });
    });
    if (adapted)
        report.figure(curves(story, "Inertia", "",
                             [](const AutomatonRecord& record, std::size_t k) { return record.inertia[k]; }),
                      "Inertia of each class after each iteration.");
    else
        report.paragraph("No gap grew, so the inertia of every class stayed 1.");
    return report;
}

}  // namespace landcarbon
