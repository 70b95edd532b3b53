// Land Carbon Toolbox: how the coefficients of a GWR are shown on maps: in layers and in reports.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_maps.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/polygon_map.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/report.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

constexpr const char* not_significant = "#c8c8c8";
constexpr const char* no_fit = "#8c8c8c";
constexpr std::size_t most_maps = 12;

/// A map with a colour and a text for each observation that is drawn.
class Drawing {
public:
    Drawing(const std::vector<std::vector<unsigned char>>& shapes, const std::string& crs) {
        const std::size_t step = (shapes.size() - 1) / most_polygons_drawn + 1;
        std::vector<std::vector<unsigned char>> drawn;
        for (std::size_t i = 0; i < shapes.size(); i += step) {
            numbers_.push_back(i);
            drawn.push_back(shapes[i]);
        }
        map_ = map_of_polygons(drawn, crs);
        map_.width = 700;
        map_.largest_height = 480;
        thinned_ = step > 1;
    }
    bool empty() const { return map_.shapes.empty(); }
    bool thinned() const { return thinned_; }
    template <class Look>
    std::string figure(const std::string& title, std::vector<std::pair<std::string, std::string>> legend, Look look) {
        MapFigure map = map_;
        map.title = title;
        map.legend = std::move(legend);
        for (std::size_t i = 0; i < numbers_.size(); ++i) {
            const auto [colour, text] = look(numbers_[i]);
            map.shapes[i].fill = colour;
            map.shapes[i].tooltip = text;
        }
        return map_figure(map);
    }

private:
    MapFigure map_;
    std::vector<std::size_t> numbers_;
    bool thinned_ = false;
};

}  // namespace

std::size_t places_without_fit(const GwrFindings& model) {
    return model.fit.coefficients.size() / model.terms() - model.fit.figures.observations;
}

namespace {

std::string no_fit_text(std::size_t places) {
    return "No fit (" + format_grouped(static_cast<double>(places), 0) + (places == 1 ? " place)" : " places)");
}

}  // namespace

double coefficient_reach(const std::vector<double>& values) {
    std::vector<double> sizes;
    for (const double value : values)
        if (std::isfinite(value)) sizes.push_back(std::abs(value));
    if (sizes.empty()) return 1;
    const auto at = sizes.begin() + static_cast<std::ptrdiff_t>((sizes.size() - 1) * 98 / 100);
    std::nth_element(sizes.begin(), at, sizes.end());
    return *at > 0 ? *at : 1;
}

std::vector<double> term_values(const GwrFindings& model, std::size_t term) {
    std::vector<double> values;
    for (std::size_t i = term; i < model.fit.coefficients.size(); i += model.terms())
        values.push_back(model.fit.coefficients[i]);
    return values;
}

std::string term_column(const std::string& prefix, const GwrFindings& model, std::size_t term,
                        const GwrObservations& observations) {
    return prefix + (term == 0 ? "intercept" : observations.drivers[model.drivers[term - 1]]);
}

namespace {

void add_finite(std::vector<Cell>& row, double value) {
    row.emplace_back();
    if (std::isfinite(value)) row.back() = value;
}

/// How many models a response has.
std::size_t models_each(const GwrResults& results, const GwrObservations& observations) {
    return results.models.size() / observations.responses.size();
}
/// What stands behind the columns of a model: nothing, or the driver where each has a model.
std::string suffix_of(const GwrFindings& model, const GwrResults& results, const GwrObservations& observations) {
    const bool several = models_each(results, observations) > 1;
    return several ? "_" + observations.drivers[model.drivers.front()] : "";
}
std::string column_of(const std::string& prefix, const GwrFindings& model, std::size_t term, const GwrResults& results,
                      const GwrObservations& observations) {
    return term_column(prefix, model, term, observations) + (term == 0 ? suffix_of(model, results, observations) : "");
}

void add_columns(std::vector<OutputTable::Column>& columns, const GwrFindings& model, const GwrResults& results,
                 const GwrObservations& observations) {
    using Type = OutputTable::Type;
    for (const char* figure : {"predicted", "residual", "standardised_residual", "influence", "cooks_d", "local_r2",
                               "condition_number", "bandwidth_distance"})
        columns.push_back({figure + suffix_of(model, results, observations), Type::real});
    for (std::size_t term = 0; term < model.terms(); ++term) {
        const auto name = [&](const char* prefix) { return column_of(prefix, model, term, results, observations); };
        for (const char* prefix : {"b_", "se_", "t_", "p_", "pc_"}) columns.push_back({name(prefix), Type::real});
        columns.push_back({name("sig_"), Type::integer});
        if (term > 0) columns.push_back({name("vif_"), Type::real});
    }
}

void add_cells(std::vector<Cell>& row, const GwrFindings& model, std::size_t i) {
    const GwrFit& fit = model.fit;
    for (const double value : {fit.prediction[i], fit.residual[i], fit.standardised[i], fit.influence[i],
                               fit.cooks_d[i], fit.local_r2[i], fit.condition[i], fit.reach[i]})
        add_finite(row, value);
    for (std::size_t term = 0; term < model.terms(); ++term) {
        const std::size_t at = i * model.terms() + term;
        const double b = fit.coefficients[at], error = fit.errors[at];
        const double t = error > 0 ? b / error : std::nan("");
        for (const double value : {b, error, t, model.p[at], model.corrected_p[at]}) add_finite(row, value);
        row.emplace_back();
        if (std::isfinite(b)) row.back() = std::int64_t{model.significant[at]};
        if (term > 0) add_finite(row, fit.vif[i * model.drivers.size() + term - 1]);
    }
}

}  // namespace

void write_gwr_local(const VectorOutput& output, const GwrResults& results, const GwrObservations& observations,
                     const GwrLocal& local, const std::vector<std::vector<unsigned char>>& shapes,
                     const std::string& crs, Run& run) {
    if (!output.wanted()) return;
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> columns = {{"response", Type::text}};
    columns.insert(columns.end(), local.columns.begin(), local.columns.end());
    columns.push_back({"actual", Type::real});
    const std::size_t models = models_each(results, observations);
    for (std::size_t m = 0; m < models; ++m) add_columns(columns, results.models[m], results, observations);
    OutputTable table(std::move(columns));
    table.crs = crs;
    for (std::size_t response = 0; response < observations.responses.size(); ++response)
        for (std::size_t i = 0; i < observations.x.size(); ++i) {
            std::vector<Cell> row = {observations.responses[response]};
            local.fill(i, row);
            row.emplace_back(observations.response_values[response][i]);
            for (std::size_t m = 0; m < models; ++m) add_cells(row, results.models[response * models + m], i);
            table.add(std::move(row), shapes[i]);
        }
    const GwrFindings& first = results.models.front();
    const std::size_t term = telling_term(first);
    run.write(output, table,
              coefficient_style(observations.drivers[first.drivers[term - 1]],
                                column_of("b_", first, term, results, observations),
                                column_of("sig_", first, term, results, observations), term_values(first, term),
                                observations.responses.size() > 1 ? observations.responses.front() : std::string()));
}

void describe_gwr_local(Spec& spec, VectorOutput& output, const std::string& first) {
    spec.vector_out("local", output)
        .named("Local coefficients")
        .says(first +
              " Further columns: actual, and for each model predicted, residual, standardised residual, influence, "
              "Cook's D, local R2, condition number and bandwidth as a distance; for each term (intercept, then the "
              "drivers) coefficient (b_), standard error (se_), t (t_), p (p_), corrected p (pc_), -1, 0 or 1 for "
              "significant and negative, not significant, significant and positive (sig_), and for drivers VIF (vif_). "
              "With MODE=each columns bear the driver's name. Styled by the driver that is significant at most places: "
              "diverging colours, grey where it is not significant, darker grey where there is no fit. Of several "
              "responses "
              "the first is shown: the expression of the layer's style names it.");
}

void hold_gwr(const GwrObservations& observations, const GwrChoices& choices, bool local, Run& run) {
    const std::size_t n = observations.x.size(), responses = observations.responses.size();
    const std::size_t drivers = observations.drivers.size();
    const std::size_t models = choices.mode == GwrMode::each ? drivers : 1, terms = drivers / models + 1;
    const std::size_t columns = local ? models * (8 + terms * 7) + 4 : 0;
    run.hold(n * responses * (models * (120 + terms * 50) + columns * 44) + n * 200,
             "a regression of so many " + observations.one + "s" + (local ? " with the layer LOCAL" : ""));
}

std::size_t telling_term(const GwrFindings& model) {
    std::size_t best = 1, most = 0;
    for (std::size_t term = 1; term < model.terms(); ++term) {
        std::size_t count = 0;
        for (std::size_t i = term; i < model.significant.size(); i += model.terms()) count += model.significant[i] != 0;
        if (count > most) {
            most = count;
            best = term;
        }
    }
    return best;
}

VectorStyle coefficient_style(const std::string& driver, const std::string& column, const std::string& tested,
                              const std::vector<double>& values, const std::string& response) {
    constexpr double aside = -1e300;  // a range of its own, below all coefficients
    constexpr double far_aside = -1e302;
    const double reach = coefficient_reach(values);
    VectorStyle style;
    style.field = column;
    const auto gaps = static_cast<std::size_t>(
        std::count_if(values.begin(), values.end(), [](double value) { return !std::isfinite(value); }));
    std::string others;
    if (!response.empty()) others = "WHEN \"response\" <> " + expression_text(response) + " THEN NULL ";
    style.expression = "CASE " + others + (gaps > 0 ? "WHEN \"" + tested + "\" IS NULL THEN -1e303 " : "") + "WHEN \"" +
                       tested + "\" = 0 THEN -1e301 ELSE \"" + column + "\" END";
    if (gaps > 0) style.ranges.push_back({far_aside, no_fit, no_fit_text(gaps)});
    style.ranges.push_back(
        {aside, not_significant,
         "Coefficient of " + driver + (response.empty() ? "" : " for " + response) + ": not significant"});
    const std::array<const char*, 6> colours = {"#b35806", "#f1a340", "#fee0b6", "#d1e5e1", "#5ab4ac", "#01665e"};
    double lower = 0;
    for (std::size_t i = 0; i < colours.size(); ++i) {
        const double upper = i + 1 == colours.size() ? 1e300 : reach * (static_cast<double>(i) - 2) * 2 / 5;
        const double shown = i + 1 == colours.size() ? upper : (i == 2 ? 0 : upper);
        const std::string label = i == 0                    ? "Up to " + format_value(shown, 3)
                                  : i + 1 == colours.size() ? "Above " + format_value(lower, 3)
                                                            : format_value(lower, 3) + " to " + format_value(shown, 3);
        style.ranges.push_back({shown, colours[i], label});
        lower = shown;
    }
    return style;
}

void draw_coefficients(Report& report, const GwrResults& results, const GwrObservations& observations,
                       const std::vector<std::vector<unsigned char>>& shapes, const std::string& crs) {
    if (shapes.empty()) return;
    Drawing drawing(shapes, crs);
    if (drawing.empty()) return;
    report.section("Maps");
    std::size_t drawn = 0;
    bool left_out = false;
    for (const GwrFindings& model : results.models) {
        for (std::size_t term = 1; term < model.terms(); ++term) {
            if (++drawn > most_maps) {
                left_out = true;
                break;
            }
            const std::string driver = observations.drivers[model.drivers[term - 1]];
            const double reach = coefficient_reach(term_values(model, term));
            const auto look = [&](std::size_t i) {
                const double value = model.coefficient(i, term);
                const bool significant = model.significant[i * model.terms() + term] != 0;
                const std::string colour = significant            ? to_hex(diverging_ramp(value / reach))
                                           : std::isfinite(value) ? not_significant
                                                                  : no_fit;
                return std::pair{colour, std::isfinite(value)
                                             ? format_value(value) + " \u00b1 " + format_value(model.error(i, term)) +
                                                   (significant ? "" : ", not significant")
                                             : std::string("no fit")};
            };
            std::vector<std::pair<std::string, std::string>> legend = {
                {format_value(-reach, 3) + " or less", to_hex(diverging_ramp(-1))},
                {"0", to_hex(diverging_ramp(0))},
                {format_value(reach, 3) + " or more", to_hex(diverging_ramp(1))},
                {"Not significant", not_significant}};
            if (const std::size_t gaps = places_without_fit(model); gaps > 0)
                legend.emplace_back(no_fit_text(gaps), no_fit);
            report.figure(drawing.figure("Coefficient of " + driver, legend, look),
                          "Coefficient of " + driver + " for " + observations.responses[model.response] + ".");
        }
        if (left_out) break;
    }
    const GwrFindings& first = results.models.front();
    const auto end = [&] {
        if (drawing.thinned())
            report.paragraph("There are too many places to draw them all; every so many-th is shown.");
        if (left_out) report.paragraph("Only the first maps are drawn; all are in the results.");
    };
    if (first.multiscale) return end();  // it has no local R2
    const auto look = [&](std::size_t i) {
        const double value = first.fit.local_r2[i];
        return std::pair{
            std::isfinite(value) ? to_hex(sequential_ramp(std::clamp(value, 0.0, 1.0))) : std::string(no_fit),
            std::isfinite(value) ? format_grouped(value, 3) : std::string("no fit")};
    };
    std::vector<std::pair<std::string, std::string>> legend = {
        {"0", to_hex(sequential_ramp(0))}, {"0.5", to_hex(sequential_ramp(0.5))}, {"1", to_hex(sequential_ramp(1))}};
    if (const std::size_t gaps = places_without_fit(first); gaps > 0) legend.emplace_back(no_fit_text(gaps), no_fit);
    report.figure(
        drawing.figure("Local R2", std::move(legend), look),
        "Local R2 of " + observations.responses[first.response] + " by " + drivers_text(first, observations) + ".");
    end();
}

}  // namespace landcarbon
