// Land Carbon Toolbox: geographically weighted regression of rasters: sampling, fitting, painting.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/gwr.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "drivers/band_names.hpp"
#include "drivers/gwr/coefficient_lattice.hpp"
#include "drivers/gwr_analysis.hpp"
#include "drivers/gwr_maps.hpp"
#include "engine/geometry.hpp"
#include "engine/run.hpp"
#include "maths/counter_random.hpp"
#include "maths/ranked_sample.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_layers = 50;
constexpr double most_cells = 1e6;  ///< that EVERY may take
constexpr std::int16_t no_significance = -32768;

/// Cells by random rank, with column, row and the values of all layers.
struct Cells {
    static constexpr bool order_free = true;
    RankedSample sample;
    void merge(const Cells& other) { sample.merge(other.sample); }
};

class Work {
public:
    Work(GwrOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void draw();
    void hold() const;
    int lattice_step() const {
        return options_.lattice ? static_cast<int>(*options_.lattice) : CoefficientLattice::step_for(run_.grid());
    }
    void paint(const GwrResults& results);
    RasterSink* sink(const RasterOutput& output, const std::vector<std::string>& bands, std::vector<RampStop> ramp);
    std::vector<std::string> coefficient_bands(const GwrResults& results) const;
    std::vector<std::string> model_bands(const GwrResults& results) const;

    GwrOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< responses, then drivers
    GwrObservations o_;
    std::vector<std::array<std::int64_t, 2>> cells_;  ///< column and row of each observation
    std::vector<std::vector<unsigned char>> shapes_;
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
    o_.measure_by(run_.grid().crs);
    o_.one = "cell";
    o_.driver_id = "driver_maps";
    o_.called = [this](std::size_t i) {
        return "column " + std::to_string(cells_[i][0]) + ", row " + std::to_string(cells_[i][1]);
    };
}

void Work::draw() {
    const Grid& grid = run_.grid();
    const auto step = static_cast<int>(options_.every.value_or(1));
    auto most = static_cast<std::size_t>(options_.samples);
    if (options_.every) {
        const double cells =
            std::ceil(grid.width / static_cast<double>(step)) * std::ceil(grid.height / static_cast<double>(step));
        if (cells > most_cells)
            throw wrong("every", "every " + std::to_string(step) + "-th cell of every " + std::to_string(step) +
                                     "-th row makes " + number_text(cells) +
                                     " cells, more than a million; take a larger step");
        most = static_cast<std::size_t>(cells);
    }
    const std::size_t width = 2 + layers_.size();
    run_.hold(most * (width * 32 + 200), "a sample of " + std::to_string(most) + " cells");
    const auto seed = static_cast<std::uint64_t>(options_.choices.seed);
    Cells chosen = run_.reduce(layers_, Cells{RankedSample(most, width)}, [&](Cells& state, const Block& block) {
        std::vector<double> numbers(width);
        for (int row = 0; row < block.window.height; ++row)
            for (int column = 0; column < block.window.width; ++column) {
                const int x = block.window.x + column, y = block.window.y + row;
                if (options_.every && (x % step != step / 2 || y % step != step / 2)) continue;
                const auto cell = static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(grid.width) +
                                  static_cast<std::uint64_t>(x);
                const std::uint64_t rank = options_.every ? cell : random_bits(seed, cell);
                if (rank > state.sample.highest()) continue;
                const std::size_t at = static_cast<std::size_t>(row) * static_cast<std::size_t>(block.window.width) +
                                       static_cast<std::size_t>(column);
                bool whole = true;
                for (std::size_t i = 0; i < layers_.size() && whole; ++i) {
                    whole = block.valid(i)[at];
                    numbers[2 + i] = block.values<double>(i)[at];
                }
                if (!whole) continue;
                numbers[0] = x;
                numbers[1] = y;
                state.sample.offer(rank, numbers.data());
            }
    });
    chosen.sample.prune();
    const std::size_t n = chosen.sample.members();
    o_.response_values.assign(o_.responses.size(), {});
    o_.driver_values.assign(o_.drivers.size(), {});
    for (std::size_t i = 0; i < n; ++i) {
        const double x = chosen.sample.number(i, 0), y = chosen.sample.number(i, 1);
        const auto at = grid.position(x + 0.5, y + 0.5);
        o_.add_place(at);
        shapes_.push_back(point_wkb(at[0], at[1]));
        cells_.push_back({static_cast<std::int64_t>(x), static_cast<std::int64_t>(y)});
        for (std::size_t r = 0; r < o_.responses.size(); ++r)
            o_.response_values[r].push_back(chosen.sample.number(i, 2 + r));
        for (std::size_t j = 0; j < o_.drivers.size(); ++j)
            o_.driver_values[j].push_back(chosen.sample.number(i, 2 + o_.responses.size() + j));
    }
    run_.convention("sample", options_.every
                                  ? "every " + std::to_string(step) + "-th cell of every " + std::to_string(step) +
                                        "-th row, " + std::to_string(n) + " cells"
                                  : std::to_string(n) + " cells at random, drawn by SEED from those that hold all");
}

RasterSink* Work::sink(const RasterOutput& output, const std::vector<std::string>& bands, std::vector<RampStop> ramp) {
    RasterDescription description;
    description.nodata = real_nodata;
    description.bands = bands;
    description.style.ramp = std::move(ramp);
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
    double reach = 0, largest_error = 0, low = std::numeric_limits<double>::infinity(), high = -low;
    for (std::size_t i = 0; i < o_.x.size(); ++i) {
        if (!first.fit.fitted[i]) continue;
        reach = std::max(reach, std::abs(first.coefficient(i, 1)));
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
    want(b, sink(options_.coefficients, bands, diverging_ramp(-reach, reach)));
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
    tested.style.classes = {{-1, "Significant, negative", "#b35806"},
                            {0, "Not significant", "#c8c8c8"},
                            {1, "Significant, positive", "#01665e"}};
    want(sig, run_.raster(options_.significance, std::move(tested)));

    const std::vector<Layer> drivers(layers_.begin() + static_cast<std::ptrdiff_t>(o_.responses.size()), layers_.end());
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
                bool whole = true;
                x[0] = 1;
                for (std::size_t j = 0; j < model.drivers.size(); ++j) {
                    whole = whole && block.valid(model.drivers[j])[i];
                    x[j + 1] = o_.driver_in_model(model.drivers[j], block.values<double>(model.drivers[j])[i]);
                }
                whole = whole && lattice.at(column, row, node);
                for (std::size_t term = 0; term < terms; ++term) {
                    // Drivers first, the intercept last.
                    const std::size_t to = band + (term == 0 ? terms - 1 : term - 1);
                    const double error = whole ? std::sqrt(std::max(0.0, lattice.variance(node, term))) : 0;
                    if (place[b] >= 0) real(b, to)[i] = whole ? static_cast<float>(node[term]) : none;
                    if (place[se] >= 0) real(se, to)[i] = whole ? static_cast<float>(error) : none;
                    if (place[sig] >= 0) {
                        const bool telling = whole && std::abs(node[term]) >= model.critical_t * error && error > 0;
                        block.output<std::int16_t>(static_cast<std::size_t>(place[sig]), to)[i] =
                            !whole ? no_significance
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
                    for (std::size_t term = 0; term < terms; ++term) sum += node.empty() ? 0 : node[term] * x[term];
                    real(y, m)[i] = whole ? static_cast<float>(o_.response_from_model(model.response, sum)) : none;
                }
                if (place[ye] >= 0) {
                    const double spread = whole ? lattice.spread(node, x) + model.fit.figures.sigma2 : 0;
                    real(ye, m)[i] =
                        whole ? static_cast<float>(std::sqrt(std::max(0.0, spread)) * o_.response_scale(model.response))
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
        "a lattice of fits (LATTICE)");
    hold_gwr(o_, options_.choices, true, run_);
}

void Work::operator()() {
    open();
    draw();
    hold();
    const GwrResults results = find_gwr(o_, options_.choices, run_);
    GwrLocal local;
    local.columns = {{"column", OutputTable::Type::integer}, {"row", OutputTable::Type::integer}};
    local.fill = [&](std::size_t i, std::vector<Cell>& row) {
        row.emplace_back(cells_[i][0]);
        row.emplace_back(cells_[i][1]);
    };
    write_gwr_local(options_.local, results, o_, local, shapes_, run_.grid().crs, run_);
    paint(results);
    write_gwr(
        results, o_, options_.choices, options_.outputs,
        [&](Report& report) { draw_coefficients(report, results, o_, shapes_, run_.grid().crs); }, run_);
}

}  // namespace

void gwr(GwrOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
