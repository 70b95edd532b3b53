// Land Carbon Toolbox: STIRPAT: the report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/stirpat/stirpat_report.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/charts.hpp"
#include "engine/report/escape.hpp"
#include "maths/tail_probability.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_points = 2000;

/// "< 0.001" where fewer digits would say 0.

/// A coefficient with four significant digits.
std::string coefficient_text(double value) { return format_value(value, 4); }

TableData coefficient_table(const StirpatResults& r, const RidgeFit& fit) {
    TableData table{{text_column("Term"), number_column("Coefficient"), number_column("Standardised"),
                     number_column("Standard error"), number_column("t"), number_column("p"), number_column("VIF")},
                    {},
                    {},
                    false};
    const auto add = [&](const std::string& term, double coefficient, double error, const std::string& standardised,
                         const std::string& vif) {
        const bool told = !r.exact && error > 0;
        const double t = coefficient / error;
        table.rows.push_back({term, coefficient_text(coefficient), standardised, told ? format_value(error, 3) : "",
                              told ? format_grouped(t, 2) : "", told ? format_probability(student_t_p(t, r.df)) : "",
                              vif});
    };
    for (std::size_t j = 0; j < r.drivers.size(); ++j)
        add(r.logarithms ? "ln " + r.drivers[j] : r.drivers[j], fit.coefficients[j], fit.errors[j],
            format_grouped(fit.standardised[j], 3), format_grouped(fit.vif[j], 2));
    add("Intercept", fit.intercept, fit.intercept_error, "", "");
    return table;
}

std::string trace_figure(const StirpatResults& r) {
    LineChart chart;
    chart.title = "Ridge trace";
    chart.x_title = "K";
    chart.value_title = "Standardised coefficient";
    chart.upright_lines = {{r.k, "K ="}};
    for (std::size_t j = 0; j < r.drivers.size(); ++j) {
        LineSeries series{.name = r.drivers[j], .markers = false};
        for (const RidgeFit& fit : r.curve) {
            series.x.push_back(fit.k);
            series.y.push_back(fit.standardised[j]);
        }
        chart.series.push_back(std::move(series));
    }
    return line_chart(chart);
}

std::string vif_figure(const StirpatResults& r) {
    LineChart chart;
    chart.title = "Variance inflation";
    chart.x_title = "K";
    chart.value_title = "VIF (logarithmic)";
    chart.logarithmic = true;
    chart.reference_lines = {{r.vif_limit, "Limit"}};
    chart.upright_lines = {{r.k, "K ="}};
    for (std::size_t j = 0; j < r.drivers.size(); ++j) {
        LineSeries series{.name = r.drivers[j], .markers = false};
        for (const RidgeFit& fit : r.curve) {
            series.x.push_back(fit.k);
            series.y.push_back(fit.vif[j]);
        }
        chart.series.push_back(std::move(series));
    }
    return line_chart(chart);
}

std::string fitted_figure(const StirpatResults& r) {
    ScatterChart chart;
    chart.title = "Fitted against actual";
    const std::string name = r.logarithms ? "ln " + r.response : r.response;
    chart.x_title = "Actual " + name;
    chart.y_title = "Fitted " + name;
    chart.one_to_one = true;
    ScatterSeries points;
    const std::size_t shown = std::min(most_points, r.y.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const std::size_t row = i * r.y.size() / shown;
        points.x.push_back(r.y[row]);
        points.y.push_back(r.fitted[row]);
    }
    chart.series.push_back(std::move(points));
    return scatter_chart(chart);
}

TableData trace_table(const StirpatResults& r) {
    TableData table{
        {number_column("K"), number_column("R2"), number_column("GCV"), number_column("Largest VIF")}, {}, {}, false};
    for (const auto& driver : r.drivers) table.columns.push_back(number_column(driver, "standardised"));
    // About twenty lines, and the chosen one.
    const std::size_t every = std::max<std::size_t>(1, r.trace.size() / 20);
    for (std::size_t i = 0; i < r.trace.size(); ++i) {
        const RidgeFit& fit = r.trace[i];
        const bool chosen = fit.k == r.k;
        if (i % every != 0 && !chosen) continue;
        std::vector<std::string> row = {format_number(fit.k, 4) + (chosen ? " (chosen)" : ""),
                                        format_grouped(fit.r2, 4), format_number(fit.gcv, 4),
                                        format_grouped(*std::max_element(fit.vif.begin(), fit.vif.end()), 2)};
        for (const double beta : fit.standardised) row.push_back(format_grouped(beta, 3));
        table.rows.push_back(std::move(row));
    }
    return table;
}

void add_test(Report& report, const StirpatResults& r) {
    TableData table{{text_column("Values"), number_column("Mean"), number_column("Rows")}, {}, {}, false};
    const std::string rows = format_grouped(static_cast<double>(r.y.size()), 0);
    table.rows = {{"Actual " + r.response, format_value(r.test->mean_a, 6), rows},
                  {"Fitted " + r.response, format_value(r.test->mean_b, 6), rows}};
    report.table(table, "Means of actual and fitted values");
    report.paragraph(
        "Two-sample t-test with a common variance: t = " + format_grouped(r.test->t, 3) + ", " +
        format_grouped(r.test->df, 0) + " degrees of freedom, p: " + format_probability(r.test->p) + ". " +
        (r.logarithms ? "The means of the logarithms are the same by construction; the test is of the values "
                        "themselves."
                      : "The means are the same by construction, so that the test cannot find a difference; look at R2 "
                        "and at the figure instead."));
}

}  // namespace

std::string equation_text(const StirpatResults& r) {
    const auto name = [&](const std::string& text) { return r.logarithms ? "ln " + text : text; };
    std::string text = name(r.response) + " = " + coefficient_text(r.fit.intercept);
    for (std::size_t j = 0; j < r.drivers.size(); ++j)
        text += (r.fit.coefficients[j] < 0 ? " \u2212 " : " + ") + coefficient_text(std::abs(r.fit.coefficients[j])) +
                " " + name(r.drivers[j]);
    return text;
}

Report stirpat_report(const StirpatResults& r) {
    const bool ridge = r.k > 0;
    Report report("STIRPAT: " + r.response, std::string(ridge ? "Ridge regression" : "Least squares") + " on " +
                                                std::to_string(r.drivers.size()) +
                                                (r.drivers.size() == 1 ? " driver, " : " drivers, ") +
                                                format_grouped(static_cast<double>(r.y.size()), 0) + " rows");
    report.number("K", format_number(r.k, 4), "", "The ridge parameter; 0 is least squares")
        .number("R2", format_grouped(r.fit.r2, 3), "", "Share of the variance that the equation explains")
        .number("Adjusted R2", format_grouped(r.fit.adjusted_r2, 3), "", "Corrected for the number of drivers");
    if (r.p)
        report.number("F", format_value(r.fit.f), "", "F statistic of the equation")
            .number("p", format_probability(*r.p), "", "Upper tail of F");
    report.number("Rows", format_grouped(static_cast<double>(r.y.size()), 0), "", "Without those with empty cells");

    report.section("Equation");
    report.paragraph(equation_text(r));
    if (r.logarithms)
        report.paragraph(
            "The coefficients are elasticities: where a driver is 1 % larger and the others are the same, " +
            r.response + " is larger by about as many per cent as its coefficient says.");
    report.table(coefficient_table(r, r.fit),
                 ridge ? "Ridge regression at K = " + format_number(r.k, 4) : std::string("Least squares"));
    if (ridge) {
        report.paragraph(
            "Standard errors, t and p of ridge regression leave its bias out of account; take them as a guide only.");
        report.table(coefficient_table(r, r.ols), "Least squares (K = 0), for comparison: R2 = " +
                                                      format_grouped(r.ols.r2, 3) + ", F = " + format_value(r.ols.f));
    }

    report.section("Choice of K");
    report.figure(trace_figure(r),
                  "Ridge trace: standardised coefficients against K; the dashed line is the chosen K.");
    report.figure(vif_figure(r), "Variance inflation factors against K. Above " + format_number(r.vif_limit, 4) +
                                     ", a coefficient is taken for unreliable.");
    report.table(trace_table(r), "Ridge trace, in part; the output table has all of it");
    if (r.drivers.size() > 2)
        report.paragraph("For comparison: Hoerl, Kennard & Baldwin give K = " + format_number(r.hkb, 4) +
                         ", Lawless & Wang K = " + format_number(r.lawless_wang, 4) + ".");

    report.section("Fit");
    report.figure(
        fitted_figure(r),
        "Fitted against actual values" +
            std::string(r.y.size() > most_points ? ", " + format_grouped(most_points, 0) + " rows evenly spaced" : "") +
            ". On the dashed line both are the same.");
    if (r.test) add_test(report, r);
    if (r.smearing)
        report.paragraph("Fitted values are medians. For means, multiply them by the smearing factor of Duan (1983), " +
                         format_number(*r.smearing, 4) + ".");
    return report;
}

}  // namespace landcarbon
