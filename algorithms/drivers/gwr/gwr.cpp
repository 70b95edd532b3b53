// Land Carbon Toolbox: geographically weighted regression of rasters: sampling, fitting, painting.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/gwr.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/band_names.hpp"
#include "drivers/gwr/coefficient_lattice.hpp"
#include "drivers/gwr/gwr_sample.hpp"
#include "drivers/gwr_analysis.hpp"
#include "drivers/gwr_maps.hpp"
#include "engine/report/colour.hpp"
#include "engine/run.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_layers = 50;
constexpr std::int16_t no_significance = -32768;

class Work {
public:
    Work(GwrOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void hold() const;
    int lattice_step() const {
        return options_.lattice ? static_cast<int>(*options_.lattice) : CoefficientLattice::step_for(run_.grid());
    }
    void paint(const GwrResults& results);
    RasterSink* sink(const RasterOutput& output, const std::vector<std::string>& bands, std::vector<RampStop> ramp,
                     bool open_ends = false);
    std::vector<std::string> coefficient_bands(const GwrResults& results) const;
    std::vector<std::string> model_bands(const GwrResults& results) const;

    GwrOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;   ///< responses, then drivers
    std::vector<Layer> predict_;  ///< what the prediction is made with; empty: the drivers
    GwrObservations o_;
    std::size_t first_driver_ = 0;  ///< of layers_
};

void Work::open() {
    std::vector<Layer> responses = run_.measurements(options_.responses);
    std::vector<Layer> drivers = run_.measurements(options_.driver_maps);
    o_.responses = band_names("response_names", options_.response_names, responses, "bands");
    o_.drivers = band_names("driver_names", options_.driver_names, drivers, "bands");
    for (const auto* part : {&responses, &drivers}) {
        if (part->size() > most_layers)
            throw UserError(part == &responses ? "responses" : "driver_maps",
                            "more than " + std::to_string(most_layers) + " bands; choose fewer");
        layers_.insert(layers_.end(), part->begin(), part->end());
    }
    first_driver_ = o_.responses.size();
    if (!options_.predict_drivers.paths.empty()) {
        predict_ = run_.measurements(options_.predict_drivers);
        if (predict_.size() != o_.drivers.size())
            throw wrong("predict_drivers", std::to_string(predict_.size()) + " bands, but there are " +
                                               std::to_string(o_.drivers.size()) +
                                               " drivers; give as many, in the same order");
        run_.convention("prediction", "with the drivers of PREDICT_DRIVERS");
    }
    o_.measure_by(run_.grid().crs);
    o_.driver_id = "driver_maps";
}

RasterSink* Work::sink(const RasterOutput& output, const std::vector<std::string>& bands, std::vector<RampStop> ramp,
                       bool open_ends) {
    RasterDescription description;
    description.nodata = real_nodata;
    description.bands = bands;
    description.style.ramp = std::move(ramp);
    description.style.open_ends = open_ends;
    return run_.raster(output, std::move(description));
}

std::vector<std::string> Work::model_bands(const GwrResults& results) const {
    std::vector<std::string> names;
    for (const GwrFindings& model : results.models)
        names.push_back(o_.responses[model.response] + " by " + drivers_text(model, o_));
    return names;
}

/// The drivers first, so that a map opens with one of them.
std::vector<std::string> Work::coefficient_bands(const GwrResults& results) const {
    std::vector<std::string> names;
    for (const GwrFindings& model : results.models) {
        const std::string of = o_.responses.size() > 1 ? o_.responses[model.response] + ": " : "";
        for (const std::size_t j : model.drivers) names.push_back(of + o_.drivers[j]);
        names.push_back(of + "intercept" +
                        (options_.choices.mode == GwrMode::each ? " beside " + o_.drivers[model.drivers.front()] : ""));
    }
    return names;
}

void Work::paint(const GwrResults& results) {
    if (!options_.coefficients.wanted() && !options_.coefficient_errors.wanted() && !options_.significance.wanted() &&
        !options_.local_r2.wanted() && !options_.prediction.wanted() && !options_.prediction_error.wanted())
        return;
    const Grid& grid = run_.grid();
    std::vector<CoefficientLattice> lattices;
    const int step = lattice_step();
    run_.convention("maps", step == 1 ? std::string("the model is fitted at every cell")
                                      : "the model is fitted at every " + std::to_string(step) + "-th cell of every " +
                                            std::to_string(step) +
                                            "-th row; coefficients and their covariances are interpolated between");
    for (const GwrFindings& model : results.models) {
        lattices.emplace_back(grid, step, model, o_);
        CoefficientLattice& lattice = lattices.back();
        run_.each(lattice.rows(), [&](std::size_t row) { lattice.fill(row); });
    }
    const auto bands = coefficient_bands(results), models = model_bands(results);
    const GwrFindings& first = results.models.front();
    const double reach = coefficient_reach(term_values(first, 1));
    double largest_error = 0, low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i = 0; i < o_.x.size(); ++i) {
        if (!first.fit.fitted[i]) continue;
        largest_error = std::max(largest_error, first.error(i, 1));
        low = std::min(low, first.fit.prediction[i]);
        high = std::max(high, first.fit.prediction[i]);
    }
    std::vector<RasterSink*> sinks;
    enum Slot { b, se, r2, y, ye, sig };
    std::array<int, 6> place{};
    const auto want = [&](Slot slot, RasterSink* sink) {
        place[slot] = sink ? static_cast<int>(sinks.size()) : -1;
        if (sink) sinks.push_back(sink);
    };
    want(b, sink(options_.coefficients, bands, diverging_ramp(-reach, reach), true));
    want(se, sink(options_.coefficient_errors, bands, sequential_ramp(0, largest_error > 0 ? largest_error : 1)));
    want(r2, sink(options_.local_r2, models, sequential_ramp(0, 1)));
    want(y, sink(options_.prediction, models, sequential_ramp(low, low < high ? high : low + 1)));
    const double spread_of_cells = std::sqrt(first.fit.figures.sigma2) * o_.response_scale(first.response);
    want(ye,
         sink(options_.prediction_error, models, sequential_ramp(0, spread_of_cells > 0 ? 2 * spread_of_cells : 1)));
    RasterDescription tested;
    tested.type = GDT_Int16;
    tested.nodata = no_significance;
    tested.bands = bands;
    tested.style.classes = {{-1, "Significant, negative", loss_colour},
                            {0, "Not significant", "#c8c8c8"},
                            {1, "Significant, positive", gain_colour}};
    want(sig, run_.raster(options_.significance, std::move(tested)));

    std::vector<Layer> drivers(layers_.begin() + static_cast<std::ptrdiff_t>(first_driver_), layers_.end());
    const std::size_t first_predicting = predict_.empty() ? 0 : drivers.size();
    drivers.insert(drivers.end(), predict_.begin(), predict_.end());
    constexpr auto none = static_cast<float>(real_nodata);
    run_.map(drivers, sinks, [&](Block& block) {
        const auto real = [&](Slot slot, std::size_t band) {
            return block.output<float>(static_cast<std::size_t>(place[slot]), band);
        };
        std::size_t band = 0;
        std::vector<double> node, x;
        for (std::size_t m = 0; m < results.models.size(); ++m) {
            const GwrFindings& model = results.models[m];
            const CoefficientLattice& lattice = lattices[m];
            const std::size_t terms = model.terms();
            x.resize(terms);
            for (std::size_t i = 0; i < block.cells(); ++i) {
                const int column = block.window.x + static_cast<int>(i % static_cast<std::size_t>(block.window.width));
                const int row = block.window.y + static_cast<int>(i / static_cast<std::size_t>(block.window.width));
                bool whole = true, predicts = true;
                x[0] = 1;
                for (std::size_t j = 0; j < model.drivers.size(); ++j) {
                    const std::size_t predicting = first_predicting + model.drivers[j];
                    whole = whole && block.valid(model.drivers[j])[i];
                    predicts = predicts && block.valid(predicting)[i];
                    x[j + 1] = o_.driver_in_model(model.drivers[j], block.values<double>(predicting)[i]);
                }
                const bool fitted = (whole || predicts) && lattice.at(column, row, node);
                whole = whole && fitted;
                predicts = predicts && fitted;
                for (std::size_t term = 0; term < terms; ++term) {
                    // Drivers first, the intercept last.
                    const std::size_t to = band + (term == 0 ? terms - 1 : term - 1);
                    // A multiscale model of many observations has no errors.
                    const double variance = whole ? lattice.variance(node, term) : std::nan("");
                    const bool known = !std::isnan(variance);
                    const double error = known ? std::sqrt(std::max(0.0, variance)) : 0;
                    if (place[b] >= 0) real(b, to)[i] = whole ? static_cast<float>(node[term]) : none;
                    if (place[se] >= 0) real(se, to)[i] = known ? static_cast<float>(error) : none;
                    if (place[sig] >= 0) {
                        const bool telling =
                            known && std::abs(node[term]) >= model.critical_t[term] * error && error > 0;
                        block.output<std::int16_t>(static_cast<std::size_t>(place[sig]), to)[i] =
                            !known ? no_significance
                                   : static_cast<std::int16_t>(!telling         ? 0
                                                               : node[term] < 0 ? -1
                                                                                : 1);
                    }
                }
                if (place[r2] >= 0) {
                    const double value = whole ? lattice.local_r2(node) : std::nan("");
                    real(r2, m)[i] = std::isfinite(value) ? static_cast<float>(value) : none;
                }
                if (place[y] >= 0) {
                    double sum = 0;
                    for (std::size_t term = 0; term < terms && predicts; ++term) sum += node[term] * x[term];
                    real(y, m)[i] = predicts ? static_cast<float>(o_.response_from_model(model.response, sum)) : none;
                }
                if (place[ye] >= 0) {
                    const double spread = predicts ? lattice.spread(node, x) + model.fit.figures.sigma2 : 0;
                    real(ye, m)[i] =
                        predicts
                            ? static_cast<float>(std::sqrt(std::max(0.0, spread)) * o_.response_scale(model.response))
                            : none;
                }
            }
            band += terms;
        }
    });
}

/// Memory is stated once, whether or not maps and layer are wanted.
void Work::hold() const {
    const std::size_t drivers = o_.drivers.size();
    const std::size_t models = options_.choices.mode == GwrMode::each ? drivers : 1;
    run_.hold(
        o_.responses.size() * models * CoefficientLattice::bytes(run_.grid(), lattice_step(), drivers / models + 1),
        "a fit at " +
            (lattice_step() == 1 ? std::string("each cell")
                                 : "each square of " + std::to_string(lattice_step()) + " x " +
                                       std::to_string(lattice_step()) + " cells") +
            " (LATTICE: a larger one makes fewer fits)");
    hold_gwr(o_, options_.choices, true, run_);
}

void Work::operator()() {
    open();
    const GwrSample sample(options_, layers_, o_, run_);
    hold();
    const GwrResults results = find_gwr(o_, options_.choices, run_);
    write_gwr_local(options_.local, results, o_, sample.local(), sample.shapes(), run_.grid().crs, run_);
    paint(results);
    write_gwr(
        results, o_, options_.choices, options_.outputs,
        [&](Report& report) { draw_coefficients(report, results, o_, sample.shapes(), run_.grid().crs); }, run_);
}

}  // namespace

void gwr(GwrOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
