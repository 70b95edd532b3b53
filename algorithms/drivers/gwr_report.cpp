// Land Carbon Toolbox: tables and report of a geographically weighted regression.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cmath>

#include "drivers/gwr_analysis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

constexpr double large_vif = 10, large_condition = 30;
constexpr std::size_t most_curves = 8;

Cell finite(double value) { return std::isfinite(value) ? Cell(value) : Cell(); }

/// Values that are finite, ascending.
std::vector<double> sorted(const std::vector<double>& values, std::size_t first, std::size_t step) {
    std::vector<double> kept;
    for (std::size_t i = first; i < values.size(); i += step)
        if (std::isfinite(values[i])) kept.push_back(values[i]);
    std::sort(kept.begin(), kept.end());
    return kept;
}
Cell median(const std::vector<double>& values) {
    if (values.empty()) return {};
    const std::size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}
Cell share_above(const std::vector<double>& values, double bound) {
    if (values.empty()) return {};
    const auto above = values.end() - std::upper_bound(values.begin(), values.end(), bound);
    return static_cast<double>(above) / static_cast<double>(values.size());
}
std::string text_of(const Cell& cell, int decimals) {
    const double* const value = std::get_if<double>(&cell);
    return value ? format_grouped(*value, decimals) : "\u2013";
}
std::string p_text(const std::optional<double>& p) { return p ? format_probability(*p) : "\u2013"; }

class Writer {
public:
    Writer(const GwrResults& results, const GwrObservations& observations, const GwrChoices& choices)
        : r_(results), o_(observations), choices_(choices) {}
    OutputTable global() const;
    OutputTable r2_by_driver() const;
    OutputTable bandwidths() const;
    OutputTable collinearity() const;
    Report report(const std::function<void(Report&)>& maps) const;

private:
    std::string bandwidth_text(double bandwidth) const {
        if (choices_.bandwidth_kind == BandwidthKind::adaptive) return format_grouped(bandwidth, 0) + " neighbours";
        return format_value(bandwidth) + (o_.metres ? " m" : " map units");
    }
    double significant_share(const GwrFindings& model, std::size_t term) const;
    void add_models(Report& report) const;
    void add_blocks(Report& report) const;
    void add_scales(Report& report) const;
    void add_curves(Report& report) const;
    void add_collinearity(Report& report) const;
    std::string heat() const;

    const GwrResults& r_;
    const GwrObservations& o_;
    const GwrChoices& choices_;
};

std::vector<Cell> figures_row(const std::string& response, const std::string& drivers, const char* method,
                              const GwrFigures& f) {
    return {response,
            drivers,
            std::string(method),
            static_cast<std::int64_t>(f.observations),
            f.rss,
            finite(f.r2),
            finite(f.adjusted_r2),
            finite(f.aicc),
            finite(f.aic),
            finite(f.bic),
            finite(f.cv),
            finite(f.enp),
            finite(f.sigma2),
            Cell(),
            Cell(),
            Cell(),
            Cell(),
            Cell(),
            Cell()};
}

OutputTable Writer::global() const {
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> columns = {
        {"response", Type::text}, {"drivers", Type::text}, {"method", Type::text}, {"observations", Type::integer}};
    for (const char* name : {"rss", "r2", "adjusted_r2", "aicc", "aic", "bic", "cv", "enp", "sigma2", "f", "p",
                             "morans_i", "morans_z", "bandwidth", "block_r2"})
        columns.push_back({name, Type::real});
    OutputTable table(std::move(columns));
    const auto put_moran = [](std::vector<Cell>& row, const std::optional<MoransI>& moran) {
        if (!moran) return;
        row[15] = moran->i;
        row[16] = finite(moran->z);
    };
    for (std::size_t response = 0; response < o_.responses.size(); ++response) {
        if (const auto& without = r_.without[response]) {
            auto row = figures_row(o_.responses[response], "", "intercept", without->figures);
            row[17] = without->bandwidth;
            row[18] = cell_of(without->block_r2);
            table.add(std::move(row));
        }
        for (const GwrFindings& model : r_.models) {
            if (model.response != response) continue;
            std::vector<std::string> names;
            for (const std::size_t j : model.drivers) names.push_back(o_.drivers[j]);
            auto ols = figures_row(o_.responses[response], listed(names), "ols", model.ols.figures);
            put_moran(ols, model.ols_moran);
            ols[18] = cell_of(model.ols_block_r2);
            table.add(std::move(ols));
            if (model.multiscale) {
                auto begun = figures_row(o_.responses[response], listed(names), "gwr", model.begun);
                begun[17] = model.fit.window.bandwidth;
                begun[18] = cell_of(model.block_r2);
                table.add(std::move(begun));
                auto multiscale = figures_row(o_.responses[response], listed(names), "mgwr", model.fit.figures);
                put_moran(multiscale, model.moran);
                table.add(std::move(multiscale));
                continue;
            }
            auto gwr = figures_row(o_.responses[response], listed(names), "gwr", model.fit.figures);
            gwr[13] = cell_of(model.f);
            gwr[14] = cell_of(model.f_p);
            put_moran(gwr, model.moran);
            gwr[17] = model.fit.window.bandwidth;
            gwr[18] = cell_of(model.block_r2);
            table.add(std::move(gwr));
        }
    }
    return table;
}

OutputTable Writer::r2_by_driver() const {
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> columns = {{"response", Type::text}, {"r2_without_drivers", Type::real}};
    if (choices_.mode == GwrMode::together) columns.push_back({"r2_all", Type::real});
    for (std::size_t j = 0; choices_.mode == GwrMode::each && j < o_.drivers.size(); ++j)
        columns.push_back({"r2_" + o_.drivers[j], Type::real});
    OutputTable table(std::move(columns));
    for (std::size_t response = 0; response < o_.responses.size(); ++response) {
        const auto& without = r_.without[response];
        std::vector<Cell> row = {o_.responses[response], without ? finite(without->figures.r2) : Cell()};
        for (const GwrFindings& model : r_.models)
            if (model.response == response) row.push_back(finite(model.fit.figures.r2));
        table.add(std::move(row));
    }
    return table;
}

OutputTable Writer::bandwidths() const {
    using Type = OutputTable::Type;
    OutputTable table({{"response", Type::text},
                       {"drivers", Type::text},
                       {"term", Type::text},
                       {"bandwidth", Type::real},
                       {"criterion", Type::real},
                       {"singular_windows", Type::integer},
                       {"chosen", Type::integer}});
    const auto add = [&](const GwrFindings& model, const BandwidthSearch& search, const std::string& term,
                         double chosen) {
        for (const BandwidthTried& tried : search.tried) {
            std::vector<Cell> row = {o_.responses[model.response],
                                     drivers_text(model, o_),
                                     Cell(),
                                     tried.bandwidth,
                                     finite(tried.score.value),
                                     static_cast<std::int64_t>(tried.score.singular),
                                     std::int64_t{tried.bandwidth == chosen}};
            if (!term.empty()) row[2] = term;
            table.add(std::move(row));
        }
    };
    for (const GwrFindings& model : r_.models) {
        add(model, model.search, "", model.fit.window.bandwidth);
        for (std::size_t j = 0; model.multiscale && j < model.terms(); ++j)
            add(model, model.multiscale->searches[j], j == 0 ? "intercept" : o_.drivers[model.drivers[j - 1]],
                model.multiscale->bandwidths[j]);
    }
    return table;
}

double Writer::significant_share(const GwrFindings& model, std::size_t term) const {
    std::size_t count = 0;
    for (std::size_t i = term; i < model.significant.size(); i += model.terms()) count += model.significant[i] != 0;
    return static_cast<double>(count) / static_cast<double>(model.fit.figures.observations);
}

OutputTable Writer::collinearity() const {
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> columns = {{"response", Type::text}, {"driver", Type::text}};
    for (const char* name : {"vif_ols", "vif_median", "vif_largest", "vif_above_10", "significant", "lowest", "median",
                             "highest", "condition_median", "condition_largest", "condition_above_30"})
        columns.push_back({name, Type::real});
    for (const char* name : {"places_without_fit", "windows_where_rare"}) columns.push_back({name, Type::integer});
    columns.push_back({"stationarity_p", Type::real});
    OutputTable table(std::move(columns));
    const auto last = [](const std::vector<double>& values) { return values.empty() ? Cell() : Cell(values.back()); };
    for (const GwrFindings& model : r_.models) {
        const std::size_t drivers = model.drivers.size();
        const auto conditions = sorted(model.fit.condition, 0, 1);
        for (std::size_t j = 0; j < drivers; ++j) {
            const auto vif = sorted(model.fit.vif, j, drivers);
            const auto coefficients = sorted(model.fit.coefficients, j + 1, model.terms());
            table.add({o_.responses[model.response], o_.drivers[model.drivers[j]], finite(model.ols.vif[j]),
                       median(vif), last(vif), share_above(vif, large_vif), significant_share(model, j + 1),
                       coefficients.empty() ? Cell() : Cell(coefficients.front()), median(coefficients),
                       last(coefficients), median(conditions), last(conditions),
                       share_above(conditions, large_condition), static_cast<std::int64_t>(places_without_fit(model)),
                       static_cast<std::int64_t>(model.fit.rare[j]),
                       model.stationarity_p.empty() ? Cell() : Cell(model.stationarity_p[j + 1])});
        }
    }
    return table;
}

void Writer::add_models(Report& report) const {
    report.section(r_.models.size() > 1 ? "Models" : "Model");
    TableData table{
        {text_column("Response"), text_column("Drivers"), text_column("Method"), number_column("R2"),
         number_column("Adjusted R2"), number_column("AICc"), number_column("Parameters", "effective"),
         number_column("F"), number_column("p"), number_column("Moran's I", "residuals"), number_column("z")},
        {},
        {},
        false};
    const auto row = [&](const std::string& response, const std::string& drivers, const std::string& method,
                         const GwrFigures& f) {
        return std::vector<std::string>{response,
                                        drivers,
                                        method,
                                        format_grouped(f.r2, 4),
                                        format_grouped(f.adjusted_r2, 4),
                                        format_grouped(f.aicc, 2),
                                        format_grouped(f.enp, 2)};
    };
    const auto moran = [](std::vector<std::string>& cells, const std::optional<MoransI>& value) {
        cells.push_back(value ? format_grouped(value->i, 4) : "\u2013");
        cells.push_back(value ? format_grouped(value->z, 2) : "\u2013");
    };
    for (std::size_t response = 0; response < o_.responses.size(); ++response) {
        const std::string& name = o_.responses[response];
        if (const auto& without = r_.without[response]) {
            auto cells = row(name, "none", "intercept alone, " + bandwidth_text(without->bandwidth), without->figures);
            table.rows.push_back(std::move(cells));
        }
        for (const GwrFindings& model : r_.models) {
            if (model.response != response) continue;
            auto ols = row(name, drivers_text(model, o_), "least squares", model.ols.figures);
            ols.insert(ols.end(), {"", ""});
            moran(ols, model.ols_moran);
            table.rows.push_back(std::move(ols));
            if (model.multiscale) {
                auto begun = row(name, drivers_text(model, o_), "GWR, " + bandwidth_text(model.fit.window.bandwidth),
                                 model.begun);
                table.rows.push_back(std::move(begun));
            }
            auto gwr = row(
                name, drivers_text(model, o_),
                model.multiscale ? std::string("multiscale GWR") : "GWR, " + bandwidth_text(model.fit.window.bandwidth),
                model.fit.figures);
            gwr.push_back(model.f ? format_value(*model.f) : "\u2013");
            gwr.push_back(p_text(model.f_p));
            moran(gwr, model.moran);
            table.rows.push_back(std::move(gwr));
        }
    }
    report.table(table, "Least squares, GWR, and a model without drivers, whose intercept varies in space");
    report.paragraph(
        "F tests whether GWR explains more than least squares. The R2 without any driver is what the place alone "
        "tells: "
        "the part of a model's R2 beyond it is what its drivers add. Moran's I of the residuals shows what is left in "
        "space; |z| below 2 is little.");
    add_blocks(report);
    add_scales(report);
    if (choices_.mode == GwrMode::each && o_.drivers.size() > 1)
        report.figure(heat(), "R2 of each response by each driver alone, and by no driver.");
}

/// How well blocks are predicted that a model has not seen.
void Writer::add_blocks(Report& report) const {
    if (!choices_.folds) return;
    TableData table{{text_column("Response"), text_column("Drivers"), text_column("Method"),
                     number_column("R2", "all observations"), number_column("R2", "blocks not seen")},
                    {},
                    {},
                    false};
    const auto add = [&](std::size_t response, const std::string& drivers, const std::string& method, double r2,
                         const std::optional<double>& block_r2) {
        table.rows.push_back({o_.responses[response], drivers, method, format_grouped(r2, 4),
                              block_r2 ? format_grouped(*block_r2, 4) : "\u2013"});
    };
    for (std::size_t response = 0; response < o_.responses.size(); ++response) {
        if (const auto& without = r_.without[response])
            add(response, "none", "intercept alone", without->figures.r2, without->block_r2);
        for (const GwrFindings& model : r_.models) {
            if (model.response != response) continue;
            add(response, drivers_text(model, o_), "least squares", model.ols.figures.r2, model.ols_block_r2);
            add(response, drivers_text(model, o_), "GWR", model.multiscale ? model.begun.r2 : model.fit.figures.r2,
                model.block_r2);
        }
    }
    report.table(table,
                 "Prediction of blocks that a model has not seen (" + std::to_string(*choices_.folds) + " folds)");
}

/// The bandwidths of multiscale models.
void Writer::add_scales(Report& report) const {
    TableData table{{text_column("Response"), text_column("Term"), number_column("Bandwidth"),
                     number_column("Parameters", "effective")},
                    {},
                    {},
                    false};
    for (const GwrFindings& model : r_.models)
        for (std::size_t j = 0; model.multiscale && j < model.terms(); ++j)
            table.rows.push_back({o_.responses[model.response], j == 0 ? "intercept" : o_.drivers[model.drivers[j - 1]],
                                  bandwidth_text(model.multiscale->bandwidths[j]),
                                  model.multiscale->inferred ? format_grouped(model.multiscale->enp[j], 2) : "\u2013"});
    if (table.rows.empty()) return;
    report.table(table, "Multiscale GWR: the scale of each term");
    report.paragraph(
        "A term with a small bandwidth acts locally; one whose bandwidth reaches all observations and that takes "
        "little "
        "more than one parameter is the same everywhere.");
}

std::string Writer::heat() const {
    HeatMap map;
    map.title = "R2 by driver";
    map.row_title = "Response";
    map.column_title = "Driver";
    map.value_title = "R2";
    map.row_labels = o_.responses;
    map.column_labels = {"No driver"};
    map.column_labels.insert(map.column_labels.end(), o_.drivers.begin(), o_.drivers.end());
    for (std::size_t response = 0; response < o_.responses.size(); ++response) {
        std::vector<double> row = {r_.without[response] ? r_.without[response]->figures.r2 : std::nan("")};
        for (const GwrFindings& model : r_.models)
            if (model.response == response) row.push_back(model.fit.figures.r2);
        map.values.push_back(std::move(row));
    }
    return heat_map(map);
}

void Writer::add_curves(Report& report) const {
    LineChart chart;
    chart.title = "Bandwidths";
    chart.x_title = choices_.bandwidth_kind == BandwidthKind::adaptive ? "Neighbours"
                    : o_.metres                                        ? "Bandwidth (m)"
                                                                       : "Bandwidth (map units)";
    chart.value_title = criterion_name(choices_.criterion);
    for (const GwrFindings& model : r_.models) {
        if (model.search.tried.empty() || chart.series.size() == most_curves) continue;
        LineSeries series;
        series.name = o_.responses[model.response] + " by " + drivers_text(model, o_);
        for (const BandwidthTried& tried : model.search.tried) {
            series.x.push_back(tried.bandwidth);
            series.y.push_back(std::isfinite(tried.score.value) ? tried.score.value : std::nan(""));
        }
        if (r_.models.size() == 1) chart.upright_lines = {{model.fit.window.bandwidth, "Chosen"}};
        chart.series.push_back(std::move(series));
    }
    if (chart.series.empty()) return;
    report.section("Bandwidth");
    report.figure(line_chart(chart), criterion_name(choices_.criterion) +
                                         " by bandwidth; the least is chosen. A gap is a bandwidth with a window that "
                                         "does not tell all coefficients.");
}

void Writer::add_collinearity(Report& report) const {
    report.section("Coefficients and collinearity");
    TableData table{{text_column("Response"), text_column("Driver"), number_column("Significant", "share of places"),
                     number_column("Lowest"), number_column("Median"), number_column("Highest"),
                     number_column("VIF", "least squares"), number_column("VIF", "local median"),
                     number_column("VIF", "local largest"), number_column("Condition", "median"),
                     number_column("Condition", "largest")},
                    {},
                    {},
                    false};
    const bool tested = choices_.permutations > 0;
    if (tested) table.columns.push_back(number_column("p", "the same everywhere"));
    const OutputTable collinear = collinearity();
    for (const auto& row : collinear.rows()) {
        const auto value = [&](std::size_t i) {
            const double* const number = std::get_if<double>(&row[i]);
            return number ? format_value(*number) : std::string("\u2013");
        };
        const double* const share = std::get_if<double>(&row[6]);
        table.rows.push_back({std::get<std::string>(row[0]), std::get<std::string>(row[1]),
                              share ? format_percent(*share) : "\u2013", value(7), value(8), value(9),
                              text_of(row[2], 2), text_of(row[3], 2), text_of(row[4], 2), text_of(row[10], 1),
                              text_of(row[11], 1)});
        const double* const p = std::get_if<double>(&row[15]);
        if (tested) table.rows.back().push_back(p_text(p ? std::optional(*p) : std::nullopt));
    }
    report.table(table, "Local coefficients, variance inflation and condition numbers");
    report.paragraph(
        "Where a VIF is above 10 or a condition number above 30, drivers say much the same inside the window, and "
        "their "
        "coefficients trade off against each other.");
}

Report Writer::report(const std::function<void(Report&)>& maps) const {
    const GwrFindings& first = r_.models.front();
    Report report("Geographically weighted regression",
                  listed(o_.responses, 3) + " by " +
                      (o_.drivers.size() == 1 ? o_.drivers.front() : counted(o_.drivers.size(), "driver")) +
                      (choices_.mode == GwrMode::each ? ", one at a time" : "") + ", " +
                      format_grouped(static_cast<double>(o_.x.size()), 0) + " " + o_.one + "s");
    // One figure for each response, so that none is taken for that of all.
    constexpr std::size_t most_figures = 6;
    std::size_t shown = 0;
    for (const GwrFindings& model : r_.models) {
        if (shown == most_figures || model.response != shown) continue;
        ++shown;
        std::string note =
            o_.responses.size() > 1 || choices_.mode == GwrMode::each ? "By " + drivers_text(model, o_) : std::string();
        if (const std::size_t gaps = places_without_fit(model); gaps > 0) {
            const std::size_t fitted = model.fit.figures.observations;
            note += (note.empty() ? "Of the " : ", of the ") + counted(fitted, "place") + " with a fit; " +
                    std::to_string(gaps) + (gaps == 1 ? " has none" : " have none");
        }
        report.number(o_.responses.size() > 1 ? "R2 of " + o_.responses[model.response] : "R2",
                      format_grouped(model.fit.figures.r2, 3), "", note);
    }
    report
        .number("R2 of least squares", format_grouped(first.ols.figures.r2, 3), "",
                o_.responses.size() > 1 ? "Of " + o_.responses.front() + ", with the same drivers"
                                        : "With the same drivers")
        .number("Bandwidth", bandwidth_text(first.fit.window.bandwidth), "",
                first.search.tried.empty() ? "As given" : "The best by " + criterion_name(choices_.criterion));
    if (r_.without.front())
        report.number("R2 without drivers", format_grouped(r_.without.front()->figures.r2, 3), "",
                      "Of an intercept that varies in space");
    for (const GwrFindings& model : r_.models)
        if (const std::size_t singular = model.fit.singular.size(); singular > 0)
            report.warning(counted(static_cast<std::size_t>(singular), "window does", "windows do") +
                           " not tell all coefficients of " + o_.responses[model.response] + " by " +
                           drivers_text(model, o_) + ".");
    add_models(report);
    if (maps) maps(report);
    add_curves(report);
    add_collinearity(report);
    return report;
}

}  // namespace

void write_gwr(const GwrResults& results, const GwrObservations& observations, const GwrChoices& choices,
               GwrOutputs& outputs, const std::function<void(Report&)>& maps, Run& run) {
    const Writer writer(results, observations, choices);
    run.write(outputs.global, writer.global());
    run.write(outputs.r2_by_driver, writer.r2_by_driver());
    run.write(outputs.bandwidths, writer.bandwidths());
    run.write(outputs.collinearity, writer.collinearity());
    if (outputs.report.wanted()) run.write(outputs.report, writer.report(maps));
    const GwrFindings& first = results.models.front();
    outputs.observations = static_cast<double>(observations.x.size());
    outputs.best_bandwidth = first.fit.window.bandwidth;
    if (std::isfinite(first.fit.figures.r2)) outputs.r2 = first.fit.figures.r2;
    if (std::isfinite(first.ols.figures.r2)) outputs.global_r2 = first.ols.figures.r2;
    if (std::isfinite(first.fit.figures.aicc)) outputs.aicc = first.fit.figures.aicc;
}

}  // namespace landcarbon
