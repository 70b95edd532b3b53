// Land Carbon Toolbox: how suitable each cell is for each land-cover class: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/suitability_report.hpp"

#include <algorithm>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

std::string shown(const std::optional<double>& value, int decimals = 3) {
    return value ? format_grouped(*value, decimals) : "not defined";
}

}  // namespace

Report suitability_report(const SuitabilityResults& results) {
    const auto& [model, labels, training_cells, test_cells, learned, held_out, curve, evaluation, importance,
                 trained_before] = results;
    Report report(model.expansion ? "Suitability for growth" : "Suitability",
                  counted(labels.size(), "class", "classes") + " from " + counted(model.drivers.size(), "driver"));
    const std::string basis = trained_before ? "cells chosen from the map, which may be those it was trained on"
                              : held_out > 0 ? "cells that were held out"
                                             : "training cells";
    report.number("Mean AUC", shown(evaluation.mean_auc()), "", "Mean of the areas under the ROC, of " + basis);
    if (evaluation.accuracy) report.number("Accuracy", format_percent(*evaluation.accuracy, 1), "", "Of " + basis);
    report.number("Training cells", format_grouped(static_cast<double>(learned), 0))
        .number("Held-out cells", format_grouped(static_cast<double>(held_out), 0));
    constexpr std::size_t most_drawn = 24;
    report.section("Accuracy");
    std::vector<std::size_t> drawn;
    for (std::size_t k = 0; k < labels.size() && drawn.size() < most_drawn; ++k)
        if (evaluation.auc[k]) drawn.push_back(k);
    LineChart roc;
    roc.x_title = "False positive rate";
    roc.value_title = "True positive rate";
    roc.width = 640;
    roc.height = 520;
    roc.from_zero = true;
    for (const std::size_t k : drawn) {
        const Roc& curve = evaluation.roc[k];
        LineSeries line{labels[k].name + " (" + shown(evaluation.auc[k]) + ")", {}, {}};
        line.colour = labels[k].colour;
        line.markers = false;
        // A few hundred points are enough for the eye.
        const std::size_t step = std::max<std::size_t>(1, curve.true_rate.size() / 300);
        for (std::size_t i = 0; i < curve.true_rate.size(); i += step) {
            line.x.push_back(curve.false_rate[i]);
            line.y.push_back(curve.true_rate[i]);
        }
        line.x.push_back(1);
        line.y.push_back(1);
        roc.series.push_back(std::move(line));
    }
    LineSeries chance{"Chance (0.5)", {0, 1}, {0, 1}};
    chance.colour = "#9e9e9e";
    chance.dashed = true;
    chance.markers = false;
    roc.series.push_back(std::move(chance));
    report.figure(line_chart(roc), "Receiver operating characteristic of each class against all others, of " + basis +
                                       "; in brackets the area under the curve.");
    TableData table{
        {text_column("Class"), number_column("Training cells"), number_column("Held-out cells"), number_column("AUC")},
        {},
        {}};
    for (std::size_t k = 0; k < labels.size(); ++k) {
        table.rows.push_back({labels[k].name, format_grouped(static_cast<double>(training_cells[k]), 0),
                              format_grouped(static_cast<double>(test_cells[k]), 0), shown(evaluation.auc[k])});
        table.row_colours.push_back(labels[k].colour);
    }
    if (model.expansion) {
        table.rows.push_back({"Without growth", format_grouped(static_cast<double>(training_cells.back()), 0),
                              format_grouped(static_cast<double>(test_cells.back()), 0), ""});
        table.row_colours.push_back("#ffffff");
    }
    report.table(table, "Samples and accuracy of each class");
    if (curve.size() > 1) {
        report.section("Learning");
        LineChart learning;
        learning.x_title = "Epoch";
        learning.value_title = "Mean cross entropy";
        learning.height = 320;
        LineSeries train{"Training", {}, {}}, test{"Held out", {}, {}};
        train.markers = test.markers = false;
        train.colour = "#0072b2";
        test.colour = "#d55e00";
        test.dashed = true;
        for (std::size_t i = 0; i < curve.size(); ++i) {
            train.x.push_back(static_cast<double>(i));
            train.y.push_back(curve[i].training);
            test.x.push_back(static_cast<double>(i));
            test.y.push_back(curve[i].test);
        }
        learning.series = {train};
        if (held_out > 0) learning.series.push_back(test);
        report.figure(line_chart(learning),
                      "Loss after each epoch, a step of the optimiser over all training cells. Where the held-out line "
                      "rises while the other falls, the model learns its cells by heart.");
    }
    report.section("Contributions");
    HeatMap heat;
    heat.row_title = "Driver";
    heat.column_title = "Class";
    heat.value_title = "Fall of the AUC";
    for (const std::size_t k : drawn) heat.column_labels.push_back(labels[k].name);
    for (const auto& entry : importance) {
        heat.row_labels.push_back(model.drivers[entry.driver].name);
        heat.values.emplace_back();
        heat.cell_texts.emplace_back();
        for (const std::size_t k : drawn) {
            heat.values.back().push_back(std::max(0.0, entry.auc_fall[k].value_or(0)));
            heat.cell_texts.back().push_back(shown(entry.auc_fall[k]));
        }
    }
    report.figure(heat_map(heat),
                  "How much the AUC of a class falls when the values of one driver are mixed among the "
                  "cells: what the model draws from that driver.");
    TableData ranges{{text_column("Driver"), number_column("Lowest"), number_column("Highest"),
                      number_column("Mean fall of the AUC")},
                     {}};
    for (const auto& entry : importance) {
        const auto& driver = model.drivers[entry.driver];
        ranges.rows.push_back({driver.name, format_value(static_cast<double>(driver.low), 5),
                               format_value(static_cast<double>(driver.high), 5), shown(entry.mean_fall)});
    }
    report.table(ranges, "Drivers, their range in training, and what they contribute");
    return report;
}

}  // namespace landcarbon
