// Land Carbon Toolbox: what a Geodetector hands out: numbers and tables.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_output.hpp"

#include <cmath>

#include "drivers/geodetector_report.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

using Type = OutputTable::Type;

/// Pairs of strata are too many to be listed beyond this.
constexpr std::size_t most_strata_tested = 1000;

Cell cell(const std::optional<double>& value) { return value && std::isfinite(*value) ? Cell(*value) : Cell(); }
Cell cell(std::size_t value) { return static_cast<std::int64_t>(value); }
Cell flag(bool value) { return std::int64_t{value}; }
/// A probability from its logarithm; 0 where it is below the smallest double.
Cell p_cell(const std::optional<double>& log_p) { return log_p ? Cell(std::exp(*log_p)) : Cell(); }
Cell log10_cell(const std::optional<double>& log_p) {
    return log_p && std::isfinite(*log_p) ? Cell(*log_p / std::log(10.0)) : Cell();
}

void write_factors(const GeodetectorFindings& findings, const GeodetectorOutputs& outputs, Run& run) {
    OutputTable table({{"factor", Type::text},
                       {"q", Type::real},
                       {"f", Type::real},
                       {"noncentrality", Type::real},
                       {"p", Type::real},
                       {"log10_p", Type::real},
                       {"q_lower", Type::real},
                       {"q_upper", Type::real},
                       {"n", Type::integer},
                       {"strata", Type::integer},
                       {"singletons", Type::integer},
                       {"smallest", Type::integer},
                       {"q_per_stratum", Type::real},
                       {"method", Type::text},
                       {"classes", Type::integer}});
    for (const auto& factor : findings.factors) {
        const Power& power = factor.power;
        std::optional<double> gain;
        if (power.q && power.strata > 1) gain = *power.q / static_cast<double>(power.strata - 1);
        const std::string method = factor.chosen ? method_key(factor.candidates[*factor.chosen].method) : "given";
        table.add({factor.name, cell(power.q), cell(power.f), cell(power.noncentrality), p_cell(power.log_p),
                   log10_cell(power.log_p), cell(power.lower), cell(power.upper), power.n, cell(power.strata),
                   cell(power.singletons), power.smallest, cell(gain), method,
                   factor.continuous ? cell(factor.breaks.size() + 1) : Cell()});
    }
    run.write(outputs.factor, table);
}

void write_interactions(const GeodetectorFindings& findings, const GeodetectorOutputs& outputs, Run& run) {
    OutputTable table({{"first", Type::text},
                       {"second", Type::text},
                       {"q_first", Type::real},
                       {"q_second", Type::real},
                       {"q", Type::real},
                       {"above_larger", Type::real},
                       {"above_sum", Type::real},
                       {"type", Type::text},
                       {"p", Type::real},
                       {"log10_p", Type::real},
                       {"n", Type::integer},
                       {"strata", Type::integer},
                       {"singletons", Type::integer}});
    for (const auto& pair : findings.pairs) {
        const FactorFindings &first = findings.factors[pair.first], &second = findings.factors[pair.second];
        const Power& power = pair.power;
        std::optional<double> above_larger, above_sum;
        std::string type;
        if (power.q) {
            const double a = first.power.q.value_or(0), b = second.power.q.value_or(0);
            above_larger = *power.q - std::max(a, b);
            above_sum = *power.q - (a + b);
            type = words_of(pair.type).key;
        }
        table.add({first.name, second.name, cell(first.power.q), cell(second.power.q), cell(power.q),
                   cell(above_larger), cell(above_sum), power.q ? Cell(type) : Cell(), p_cell(power.log_p),
                   log10_cell(power.log_p), power.n, cell(power.strata), cell(power.singletons)});
    }
    run.write(outputs.interaction, table);
}

void write_risk(const GeodetectorFindings& findings, const GeodetectorOutputs& outputs, Run& run) {
    OutputTable table({{"factor", Type::text},
                       {"stratum", Type::text},
                       {"n", Type::integer},
                       {"mean", Type::real},
                       {"sd", Type::real},
                       {"lower_break", Type::real},
                       {"upper_break", Type::real}});
    for (const auto& factor : findings.factors)
        for (std::size_t s = 0; s < factor.spreads.size(); ++s) {
            const Spread& spread = factor.spreads[s];
            std::optional<double> mean, deviation, lower, upper;
            if (spread.count > 0) mean = spread.mean;
            if (spread.count > 1) deviation = std::sqrt(spread.squares / static_cast<double>(spread.count - 1));
            if (factor.continuous && s > 0) lower = factor.breaks[s - 1];
            if (factor.continuous && s < factor.breaks.size()) upper = factor.breaks[s];
            table.add(
                {factor.name, factor.strata[s], spread.count, cell(mean), cell(deviation), cell(lower), cell(upper)});
        }
    run.write(outputs.risk, table);
}

void write_risk_tests(const GeodetectorFindings& findings, const GeodetectorChoices& choices,
                      const GeodetectorOutputs& outputs, Run& run) {
    if (!outputs.risk_tests.wanted()) return;
    OutputTable table({{"factor", Type::text},
                       {"first", Type::text},
                       {"second", Type::text},
                       {"difference", Type::real},
                       {"t", Type::real},
                       {"degrees_of_freedom", Type::real},
                       {"p", Type::real},
                       {"log10_p", Type::real},
                       {"differs", Type::integer}});
    const double alpha = std::log(choices.conventions.alpha);
    for (const auto& factor : findings.factors) {
        if (factor.spreads.size() > most_strata_tested) {
            run.warn("RISK_TESTS: factor \"" + factor.name + "\" has " + std::to_string(factor.spreads.size()) +
                     " strata; their pairs are left out, as those of more than " + std::to_string(most_strata_tested) +
                     " are");
            continue;
        }
        for (std::size_t i = 0; i < factor.spreads.size(); ++i) {
            run.check_cancel();
            for (std::size_t j = i + 1; j < factor.spreads.size(); ++j) {
                if (factor.spreads[i].count == 0 || factor.spreads[j].count == 0) continue;
                const RiskDifference risk =
                    risk_difference(factor.spreads[i], factor.spreads[j], choices.conventions.risk);
                table.add({factor.name, factor.strata[i], factor.strata[j], risk.difference, cell(risk.t),
                           cell(risk.degrees), p_cell(risk.log_p), log10_cell(risk.log_p),
                           risk.log_p ? flag(*risk.log_p < alpha) : Cell()});
            }
        }
    }
    run.write(outputs.risk_tests, table);
}

void write_ecological(const GeodetectorFindings& findings, const GeodetectorOutputs& outputs, Run& run) {
    OutputTable table({{"first", Type::text},
                       {"second", Type::text},
                       {"f", Type::real},
                       {"p", Type::real},
                       {"log10_p", Type::real},
                       {"p_reverse", Type::real},
                       {"differs", Type::integer}});
    for (const auto& pair : findings.pairs) {
        const EcologicalDifference& test = pair.ecological;
        table.add({findings.factors[pair.first].name, findings.factors[pair.second].name, cell(test.f),
                   p_cell(test.log_p), log10_cell(test.log_p), p_cell(test.log_p_reverse),
                   test.differs ? flag(*test.differs) : Cell()});
    }
    run.write(outputs.ecological, table);
}

void write_discretization(const GeodetectorFindings& findings, const GeodetectorOutputs& outputs, Run& run) {
    OutputTable table({{"factor", Type::text},
                       {"method", Type::text},
                       {"classes", Type::integer},
                       {"q", Type::real},
                       {"gain", Type::real},
                       {"smallest", Type::integer},
                       {"chosen", Type::integer},
                       {"remark", Type::text},
                       {"breaks", Type::text}});
    const auto text = [](const std::vector<double>& breaks) {
        // In brackets, so that a spreadsheet does not take a negative first break for a formula.
        std::string text;
        for (const double value : breaks) text += (text.empty() ? "[" : "; ") + number_text(value);
        return text.empty() ? Cell() : Cell(text + "]");
    };
    for (const auto& factor : findings.factors) {
        for (std::size_t i = 0; i < factor.candidates.size(); ++i) {
            const Candidate& candidate = factor.candidates[i];
            table.add({factor.name, method_key(candidate.method), std::int64_t{candidate.asked}, cell(candidate.q),
                       cell(candidate.gain), candidate.smallest, flag(factor.chosen == i),
                       candidate.remark.empty() ? Cell() : Cell(candidate.remark), text(candidate.division.breaks)});
        }
        if (factor.candidates.empty())
            table.add({factor.name, std::string("given"), cell(factor.power.strata), cell(factor.power.q), Cell(),
                       factor.power.smallest, flag(true), Cell(), text(factor.breaks)});
    }
    run.write(outputs.discretization_table, table);
}

}  // namespace

void write_geodetector(const GeodetectorFindings& findings, const GeodetectorChoices& choices,
                       GeodetectorOutputs& outputs, const std::string& subject, const std::string& one, Run& run) {
    const FactorFindings& best = findings.factors[findings.best_factor];
    outputs.best_factor = best.name;
    outputs.best_q = best.power.q;
    std::int64_t observations = 0;
    for (const auto& spread : best.spreads) observations += spread.count;
    outputs.observations = static_cast<double>(observations);
    if (findings.best_pair) {
        const PairFindings& pair = findings.pairs[*findings.best_pair];
        outputs.best_pair = findings.factors[pair.first].name + ", " + findings.factors[pair.second].name;
        outputs.best_pair_q = pair.power.q;
    }
    std::vector<std::string> beside;
    for (const auto& factor : findings.factors)
        if (interval_misses_q(factor.power)) beside.push_back(factor.name);
    if (!beside.empty())
        run.warn("The q of " + listed(quoted(beside), 10) + " lies outside its confidence interval. " +
                 interval_words());
    write_factors(findings, outputs, run);
    write_interactions(findings, outputs, run);
    write_risk(findings, outputs, run);
    write_risk_tests(findings, choices, outputs, run);
    write_ecological(findings, outputs, run);
    write_discretization(findings, outputs, run);
    if (outputs.report.wanted())
        run.write(outputs.report, geodetector_report(findings, choices, outputs, subject, one));
}

}  // namespace landcarbon
