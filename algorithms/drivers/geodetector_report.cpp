// Land Carbon Toolbox: the report of a Geodetector.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_report.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_factors_drawn = 16;  ///< with curves and bars of their own
constexpr std::size_t most_strata_drawn = 30;

/// p for people: below the smallest that is worth digits, a bound.
std::string p_text(const std::optional<double>& log_p) {
    if (!log_p) return "\u2013";
    const double p = std::exp(*log_p);
    return format_probability(p);
}

std::string q_text(const std::optional<double>& q) { return q ? format_grouped(*q, 4) : "\u2013"; }

std::vector<std::size_t> by_q(const GeodetectorFindings& findings) {
    std::vector<std::size_t> order(findings.factors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return findings.factors[a].power.q.value_or(-1) > findings.factors[b].power.q.value_or(-1);
    });
    return order;
}

void add_factors(Report& report, const GeodetectorFindings& findings, const std::vector<std::size_t>& order,
                 const GeodetectorChoices& choices) {
    report.section("Factor detector");
    BarChart chart;
    chart.title = "q of the factors";
    chart.horizontal = true;
    chart.value_title = "q";
    BarSeries bars{"q", {}, palette_colour(0), {}};
    TableData table{{text_column("Factor"), number_column("q"), number_column("from"), number_column("to"),
                     number_column("p"), number_column("Strata"), number_column("Smallest stratum"),
                     number_column("q a stratum"), text_column("Division")},
                    {},
                    {},
                    false};
    for (const std::size_t f : order) {
        const FactorFindings& factor = findings.factors[f];
        const Power& power = factor.power;
        chart.categories.push_back(factor.name);
        bars.values.push_back(power.q.value_or(std::numeric_limits<double>::quiet_NaN()));
        std::string division = factor.continuous ? "Given breaks" : "Classes as given";
        if (factor.chosen) division = method_name(factor.candidates[*factor.chosen].method);
        table.rows.push_back({factor.name, q_text(power.q), q_text(power.lower), q_text(power.upper),
                              p_text(power.log_p), format_grouped(static_cast<double>(power.strata), 0),
                              format_grouped(static_cast<double>(power.smallest), 0),
                              power.q && power.strata > 1
                                  ? format_number(*power.q / static_cast<double>(power.strata - 1), 3)
                                  : "\u2013",
                              division});
    }
    chart.series.push_back(std::move(bars));
    report.figure(bar_chart(chart),
                  "q of each factor: the share of the response's variance that lies between its strata.");
    report.table(table, "Factors, the largest q first; confidence interval of " +
                            format_number((1 - choices.conventions.alpha) * 100) + " %");
    if (std::any_of(findings.factors.begin(), findings.factors.end(),
                    [](const FactorFindings& factor) { return interval_misses_q(factor.power); }))
        report.paragraph(interval_words());
}

void add_interactions(Report& report, const GeodetectorFindings& findings) {
    if (findings.pairs.empty()) return;
    report.section("Interaction detector");
    const std::size_t n = findings.factors.size();
    HeatMap map;
    map.title = "q of pairs of factors";
    map.value_title = "q of the pair";
    map.grey_diagonal = true;
    map.values.assign(n, std::vector<double>(n, std::numeric_limits<double>::quiet_NaN()));
    map.cell_texts.assign(n, std::vector<std::string>(n));
    map.tooltips.assign(n, std::vector<std::string>(n));
    for (std::size_t f = 0; f < n; ++f) {
        const FactorFindings& factor = findings.factors[f];
        map.row_labels.push_back(factor.name);
        map.column_labels.push_back(factor.name);
        if (!factor.power.q) continue;
        map.values[f][f] = *factor.power.q;
        map.cell_texts[f][f] = format_grouped(*factor.power.q, 3);
        map.tooltips[f][f] = factor.name + ": q " + format_number(*factor.power.q, 6);
    }
    TableData table{{text_column("Pair"), number_column("q"), number_column("Sum of both q"), number_column("p"),
                     number_column("Crossed strata"), text_column("Type")},
                    {},
                    {},
                    false};
    std::vector<std::size_t> order(findings.pairs.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return findings.pairs[a].power.q.value_or(-1) > findings.pairs[b].power.q.value_or(-1);
    });
    for (const std::size_t p : order) {
        const PairFindings& pair = findings.pairs[p];
        if (!pair.power.q) continue;
        const FactorFindings &first = findings.factors[pair.first], &second = findings.factors[pair.second];
        const InteractionWords& words = words_of(pair.type);
        // Below the diagonal.
        map.values[pair.second][pair.first] = *pair.power.q;
        map.cell_texts[pair.second][pair.first] = format_grouped(*pair.power.q, 3) + "\u00a0" + words.sign;
        map.tooltips[pair.second][pair.first] =
            first.name + " and " + second.name + ": q " + format_number(*pair.power.q, 6) + ", " + words.name;
        table.rows.push_back({first.name + " \u2229 " + second.name, q_text(pair.power.q),
                              q_text(first.power.q.value_or(0) + second.power.q.value_or(0)), p_text(pair.power.log_p),
                              format_grouped(static_cast<double>(pair.power.strata), 0), words.name});
    }
    report.figure(
        heat_map(map),
        "q of each pair of factors, with the factors themselves on the diagonal. ++ enhanced, nonlinear: above "
        "the sum of both; = independent: the sum; + enhanced: above both; \u2212 weakened: not above the "
        "larger; \u2212\u2212 weakened, nonlinear: below both.");
    report.table(table, "Pairs, the largest q first", 100);
}

void add_discretization(Report& report, const GeodetectorFindings& findings, const std::vector<std::size_t>& order) {
    bool any = false;
    std::size_t drawn = 0;
    for (const std::size_t f : order) {
        const FactorFindings& factor = findings.factors[f];
        if (factor.candidates.empty()) continue;
        if (!any) report.section("Discretisation");
        any = true;
        if (++drawn > most_factors_drawn) continue;
        LineChart chart;
        chart.title = "q by number of classes: " + factor.name;
        chart.x_title = "Classes";
        chart.value_title = "q";
        chart.height = 300;
        for (std::size_t i = 0; i < factor.candidates.size(); ++i) {
            const Candidate& candidate = factor.candidates[i];
            if (i == 0 || factor.candidates[i - 1].method != candidate.method)
                chart.series.push_back(
                    {method_name(candidate.method), {}, {}, {}, {}, palette_colour(chart.series.size()), false, true});
            chart.series.back().x.push_back(candidate.asked);
            chart.series.back().y.push_back(
                candidate.q && candidate.remark.empty() ? *candidate.q : std::numeric_limits<double>::quiet_NaN());
        }
        std::erase_if(chart.series, [](const LineSeries& series) {
            return std::all_of(series.y.begin(), series.y.end(), [](double y) { return std::isnan(y); });
        });
        std::string caption = "Factor " + factor.name + ": q of each method and number of classes";
        if (factor.chosen) {
            const Candidate& chosen = factor.candidates[*factor.chosen];
            caption += "; chosen: " + method_name(chosen.method) + ", " + std::to_string(chosen.division.classes()) +
                       " classes, q " + q_text(chosen.q);
        }
        report.figure(line_chart(chart), caption + ".");
    }
    if (any)
        report.paragraph(
            "More classes almost always raise q. What each class adds, and divisions that could not be "
            "chosen and why, are in the discretisation table.");
    if (drawn > most_factors_drawn)
        report.paragraph("Curves of the " + std::to_string(most_factors_drawn) +
                         " factors with the largest q are drawn.");
}

void add_risk(Report& report, const GeodetectorFindings& findings, const std::vector<std::size_t>& order,
              const std::string& subject, const std::string& one) {
    report.section("Risk detector");
    std::size_t drawn = 0;
    for (const std::size_t f : order) {
        const FactorFindings& factor = findings.factors[f];
        if (++drawn > most_factors_drawn) break;
        BarChart chart;
        chart.title = "Mean by stratum: " + factor.name;
        chart.value_title = "Mean";
        chart.horizontal = factor.spreads.size() > 12;
        chart.height = chart.horizontal ? 0 : 300;
        BarSeries bars{"Mean", {}, palette_colour(4), {}};
        for (std::size_t s = 0; s < factor.spreads.size(); ++s) {
            const Spread& spread = factor.spreads[s];
            if (spread.count == 0 || chart.categories.size() == most_strata_drawn) continue;
            chart.categories.push_back(factor.strata[s]);
            bars.values.push_back(spread.mean);
            bars.errors.push_back(spread.count > 1 ? std::sqrt(spread.squares / static_cast<double>(spread.count - 1))
                                                   : 0);
        }
        chart.series.push_back(std::move(bars));
        std::string caption = subject + " by strata of " + factor.name + ": mean and standard deviation";
        if (factor.spreads.size() > most_strata_drawn)
            caption += "; the first " + std::to_string(most_strata_drawn) + " of " +
                       std::to_string(factor.spreads.size()) + " strata";
        report.figure(bar_chart(chart), caption + ".");
    }
    report.paragraph("Numbers of " + one + "s and the tests of all pairs of strata are in the tables.");
}

void add_ecological(Report& report, const GeodetectorFindings& findings, const GeodetectorChoices& choices) {
    if (findings.pairs.empty()) return;
    report.section("Ecological detector");
    TableData table{
        {text_column("Factors"), number_column("F"), number_column("p"), text_column("Differ")}, {}, {}, false};
    for (const auto& pair : findings.pairs) {
        const EcologicalDifference& test = pair.ecological;
        std::optional<double> smaller = test.log_p;
        if (test.log_p_reverse) smaller = std::min(*test.log_p, *test.log_p_reverse);
        table.rows.push_back({findings.factors[pair.first].name + ", " + findings.factors[pair.second].name,
                              test.f ? format_number(*test.f, 4) : "\u2013", p_text(smaller),
                              !test.differs   ? "\u2013"
                              : *test.differs ? "yes"
                                              : "no"});
    }
    report.table(
        table,
        "Whether two factors differ in what they explain, at " + format_number(choices.conventions.alpha) +
            (choices.conventions.ecological == EcologicalTest::unexplained_ratio ? "; p of a larger F"
                                                                                 : "; p of the side that F lies on"),
        100);
}

}  // namespace

Report geodetector_report(const GeodetectorFindings& findings, const GeodetectorChoices& choices,
                          const GeodetectorOutputs& outputs, const std::string& subject, const std::string& one) {
    Report report("Geodetector", std::to_string(findings.factors.size()) +
                                     (findings.factors.size() == 1 ? " factor of " : " factors of ") + subject);
    report.number("Best factor", *outputs.best_factor, "", "The largest q of a single factor")
        .number("q of the best factor", q_text(outputs.best_q), "",
                "Share of the variance that lies between its strata");
    if (outputs.best_pair)
        report.number("Best pair", *outputs.best_pair, "", "The largest q of two crossed factors")
            .number("q of the best pair", q_text(outputs.best_pair_q));
    report.number(one == "cell" ? "Cells" : "Rows", format_grouped(*outputs.observations, 0), "",
                  "With a response and all factors");
    const auto order = by_q(findings);
    add_factors(report, findings, order, choices);
    add_interactions(report, findings);
    add_discretization(report, findings, order);
    add_risk(report, findings, order, subject, one);
    add_ecological(report, findings, choices);
    return report;
}

}  // namespace landcarbon
