// Land Carbon Toolbox: what a geographically weighted regression finds, from rows of a layer or cells of rasters.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_analysis.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <tuple>

#include "drivers/gwr_validation.hpp"
#include "engine/run.hpp"
#include "maths/false_discovery.hpp"
#include "maths/ridge.hpp"
#include "maths/tail_probability.hpp"

namespace landcarbon {
namespace {

constexpr double largest_magnitude = 1e140;  ///< squares and their sums stay finite
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t many_for_all = 20000;  ///< kernels without end take minutes from here on
constexpr std::size_t moran_neighbours = 8;

/// Takes mean and standard deviation out, and returns them.
std::pair<double, double> standardise(std::vector<double>& values) {
    const auto n = static_cast<double>(values.size());
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    for (const double value : values) squares += (value - sum / n) * (value - sum / n);
    const std::pair scale(sum / n, std::sqrt(squares / n));
    for (double& value : values) value = (value - scale.first) / scale.second;
    return scale;
}

class Analysis {
public:
    Analysis(GwrObservations& observations, const GwrChoices& choices, Run& run)
        : o_(observations), choices_(choices), run_(run) {}
    GwrResults operator()();

private:
    std::size_t n() const { return o_.x.size(); }
    void check();
    void leave_out_constant();
    void check_dependence() const;
    GwrWindow window(double bandwidth) const { return {choices_.kernel, choices_.bandwidth_kind, bandwidth}; }
    bool adaptive() const { return choices_.bandwidth_kind == BandwidthKind::adaptive; }
    std::pair<double, double> bounds(std::size_t terms) const;
    double given_bandwidth(std::size_t terms) const;
    std::string unit() const { return adaptive() ? "neighbours" : o_.metres ? "m" : "map units"; }
    BandwidthSearch search(const GwrModel& model, const std::string& what);
    GwrFindings fit(std::size_t response, const std::vector<std::size_t>& drivers);
    std::optional<GwrWithout> without(std::size_t response);
    void multiscale(GwrFindings& findings);
    void test(GwrFindings& findings);
    void validate(GwrFindings& findings, const std::string& what);
    std::vector<std::vector<double>> columns_of(const std::vector<std::size_t>& drivers) const;
    std::shared_ptr<GwrModel> model_of(std::size_t response, const std::vector<std::size_t>& drivers) const;

    GwrObservations& o_;
    const GwrChoices& choices_;
    Run& run_;
    std::shared_ptr<GwrPlaces> places_;
    Each each_;
};

/// Of several responses those that do not vary, such as the suitability of a class that is nowhere.
void Analysis::leave_out_constant() {
    std::vector<std::string> same;
    for (std::size_t r = 0; r < o_.responses.size(); ++r)
        if (constant_column(o_.response_values[r])) same.push_back(o_.responses[r]);
    if (same.empty() || same.size() == o_.responses.size()) return;
    for (std::size_t r = o_.responses.size(); r-- > 0;)
        if (constant_column(o_.response_values[r])) {
            o_.responses.erase(o_.responses.begin() + static_cast<std::ptrdiff_t>(r));
            o_.response_values.erase(o_.response_values.begin() + static_cast<std::ptrdiff_t>(r));
        }
    run_.warn(listed(quoted(same)) + (same.size() > 1 ? " have" : " has") + " the same value in all " + o_.one +
              "s; there is nothing to explain, and " + (same.size() > 1 ? "they were" : "it was") + " left out");
}

void Analysis::check() {
    const std::size_t drivers = choices_.mode == GwrMode::each ? 1 : o_.drivers.size();
    const std::size_t least = drivers + 4;
    const std::string id = o_.response_id;
    if (n() < least)
        throw wrong(id, std::to_string(n()) + " " + o_.one + "s hold a place, the response and all drivers; " +
                            std::to_string(drivers) + (drivers == 1 ? " driver needs " : " drivers need ") +
                            std::to_string(least) + " or more, and a hundred to mean something");
    const auto too_large = [](const std::vector<double>& values) {
        return std::any_of(values.begin(), values.end(),
                           [](double value) { return !(std::abs(value) <= largest_magnitude); });
    };
    for (std::size_t j = 0; j < o_.drivers.size(); ++j)
        if (too_large(o_.driver_values[j]))
            throw wrong(o_.driver_id,
                        "\"" + o_.drivers[j] + "\" holds numbers too large for a regression; are they gap values?");
    for (std::size_t r = 0; r < o_.responses.size(); ++r)
        if (too_large(o_.response_values[r]))
            throw wrong(id,
                        "\"" + o_.responses[r] + "\" holds numbers too large for a regression; are they gap values?");
    leave_out_constant();
    for (std::size_t r = 0; r < o_.responses.size(); ++r)
        if (constant_column(o_.response_values[r]))
            throw wrong(id, "\"" + o_.responses[r] + "\" has the same value in all " + o_.one +
                                "s; there is nothing to explain");
    std::vector<std::string> same;
    for (std::size_t j = 0; j < o_.drivers.size(); ++j)
        if (constant_column(o_.driver_values[j])) same.push_back(o_.drivers[j]);
    if (!same.empty())
        throw wrong(o_.driver_id, listed(quoted(same)) + (same.size() > 1 ? " have" : " has") +
                                      " the same value in all " + o_.one + "s and cannot explain anything; leave " +
                                      (same.size() > 1 ? "them" : "it") + " out");
    const auto [left, right] = std::minmax_element(o_.x.begin(), o_.x.end());
    const auto [bottom, top] = std::minmax_element(o_.y.begin(), o_.y.end());
    if (*left == *right && *bottom == *top)
        throw wrong(id, "all " + o_.one + "s lie at one place (" + o_.called(0) + ")");
    if (choices_.mode == GwrMode::together) check_dependence();
}

void Analysis::check_dependence() const {
    const RidgeRegression regression(o_.driver_values, o_.response_values.front());
    std::vector<std::string> dependent;
    for (const std::size_t j : regression.dependent()) dependent.push_back(o_.drivers[j]);
    if (!dependent.empty())
        throw wrong(o_.driver_id, listed(quoted(dependent)) +
                                      " depend on one another: each follows exactly from the others; leave one of "
                                      "them out, or take them one at a time with MODE=each");
}

std::shared_ptr<GwrModel> Analysis::model_of(std::size_t response, const std::vector<std::size_t>& drivers) const {
    return std::make_shared<GwrModel>(places_, o_.response_values[response], columns_of(drivers), choices_.singular);
}

std::vector<std::vector<double>> Analysis::columns_of(const std::vector<std::size_t>& drivers) const {
    std::vector<std::vector<double>> columns;
    for (const std::size_t j : drivers) columns.push_back(o_.driver_values[j]);
    return columns;
}

double Analysis::given_bandwidth(std::size_t terms) const {
    const double bandwidth = *choices_.bandwidth;
    if (!adaptive()) return bandwidth;
    if (bandwidth > static_cast<double>(n()))
        throw wrong("bandwidth",
                    number_text(bandwidth) + " neighbours, but there are " + std::to_string(n()) + " " + o_.one + "s");
    if (bandwidth < static_cast<double>(terms) + 1)
        throw wrong("bandwidth", number_text(bandwidth) + " neighbours cannot tell " + std::to_string(terms) +
                                     " coefficients; give " + std::to_string(terms + 1) + " or more");
    return bandwidth;
}

std::pair<double, double> Analysis::bounds(std::size_t terms) const {
    const auto count = static_cast<double>(n()), needed = static_cast<double>(terms) + 1;
    double low = 0, high = 0;
    if (adaptive()) {
        low = std::max(needed, std::min(38 + 2 * static_cast<double>(terms), std::floor(count / 3)));
        high = count;
    } else {
        // Distances to the nearest observations that can just tell the coefficients.
        std::vector<double> reaches;
        std::vector<Neighbour> found;
        const std::size_t step = n() / 2000 + 1;
        for (std::size_t place = 0; place < n(); place += step) {
            places_->index.nearest(places_->x[place], places_->y[place], terms + 2, found);
            double farthest = 0;
            for (const Neighbour& one : found) farthest = std::max(farthest, one.distance);
            reaches.push_back(farthest);
        }
        std::nth_element(reaches.begin(), reaches.begin() + static_cast<std::ptrdiff_t>(reaches.size() / 2),
                         reaches.end());
        low = reaches[reaches.size() / 2];
        for (std::size_t place = 0; place < n(); place += step) {
            places_->index.all(places_->x[place], places_->y[place], found);
            for (const Neighbour& one : found) high = std::max(high, one.distance);
            if (place / step > 20) break;  // half of the extent or more, from any place
        }
        high *= 1.5;
        if (!(low > 0)) low = high / 1000;
    }
    if (choices_.bandwidth_min) low = *choices_.bandwidth_min;
    if (choices_.bandwidth_max) high = *choices_.bandwidth_max;
    if (adaptive()) {
        if (low < needed)
            throw wrong("bandwidth_min", number_text(low) + " neighbours cannot tell " + std::to_string(terms) +
                                             " coefficients; give " + number_text(needed) + " or more");
        high = std::min(high, count);
    }
    if (low > high)
        throw wrong("bandwidth_min", "the search would begin at " + number_text(low) + " " + unit() + " and end at " +
                                         number_text(high));
    return {low, high};
}

BandwidthSearch Analysis::search(const GwrModel& model, const std::string& what) {
    const auto [low, high] = bounds(model.terms());
    const auto looked_at = model.places_to_look_at(static_cast<std::size_t>(choices_.search_points),
                                                   static_cast<std::uint64_t>(choices_.seed));
    if (looked_at.size() < n())
        run_.convention("search", "bandwidths judged at " + std::to_string(looked_at.size()) + " of " +
                                      std::to_string(n()) + " " + o_.one + "s, drawn by SEED");
    const auto score = [&](double bandwidth) {
        return model.score(window(bandwidth), choices_.criterion, looked_at, each_);
    };
    BandwidthSearch found = search_bandwidth(score, adaptive(), low, high);
    if (found.best) return found;
    const BandwidthTried& widest = found.tried.back();
    if (adaptive())
        if (const auto place = model.coincident(window(widest.bandwidth), each_))
            throw UserError(o_.response_id,
                            "as many " + o_.one + "s as a window holds lie at one place: " + o_.called(*place));
    throw UserError(
        "bandwidth_max",
        "no bandwidth from " + number_text(low) + " to " + number_text(high) + " " + unit() + " fits " + what +
            (widest.score.singular > 0
                 ? ": in " + std::to_string(widest.score.singular) + " of " + std::to_string(looked_at.size()) +
                       " windows of the widest a driver is constant or follows from others; leave a driver "
                       "out, allow a wider BANDWIDTH_MAX, or set SINGULAR=ridge"
                 : ": the model takes as many parameters as there are " + o_.one + "s"));
}

/// What FOLDS and PERMUTATIONS ask for.
void Analysis::validate(GwrFindings& f, const std::string& what) {
    const auto& response = o_.response_values[f.response];
    if (choices_.folds) {
        const BlockValidation found =
            validate_by_blocks(*places_, response, columns_of(f.drivers), f.fit.window, choices_.singular,
                               static_cast<std::size_t>(*choices_.folds), each_);
        if (!std::isnan(found.r2)) f.block_r2 = found.r2;
        if (!std::isnan(found.ols_r2)) f.ols_block_r2 = found.ols_r2;
        if (found.without_fit > 0)
            run_.warn("block_r2 of " + what + " leaves " + std::to_string(found.without_fit) + " of " +
                      std::to_string(n()) + " " + o_.one +
                      "s out: without their fold no window tells all coefficients");
    }
    if (choices_.permutations > 0)
        f.stationarity_p = stationarity_p(places_, response, columns_of(f.drivers), f.fit.window, choices_.singular,
                                          static_cast<std::size_t>(choices_.permutations),
                                          static_cast<std::uint64_t>(choices_.seed), each_);
}

void Analysis::multiscale(GwrFindings& f) {
    if (!f.fit.singular.empty())
        throw wrong("method", "mgwr begins from a GWR with a fit at every " + o_.one +
                                  "; allow wider bandwidths (BANDWIDTH_MIN), or leave a driver out");
    MgwrSettings settings;
    settings.kernel = choices_.kernel;
    settings.kind = choices_.bandwidth_kind;
    settings.criterion = choices_.criterion;
    settings.sigma = choices_.sigma;
    std::tie(settings.low, settings.high) = bounds(2);
    settings.most_inferred = static_cast<std::size_t>(choices_.inference_rows);
    f.multiscale_model = std::make_shared<MgwrModel>(places_, o_.response_values[f.response], columns_of(f.drivers));
    MgwrFit fit = f.multiscale_model->fit(settings, f.fit, each_);
    if (!(fit.change < settings.tolerance))
        run_.warn("the multiscale model of \"" + o_.responses[f.response] + "\" had not settled after " +
                  std::to_string(fit.rounds) + " rounds: its terms still change by " + number_text(fit.change) +
                  " (SOC-f)");
    if (!fit.inferred)
        run_.warn("there are more " + o_.one + "s than INFERENCE_ROWS: standard errors, p and AICc are left empty");
    f.begun = f.fit.figures;
    const std::size_t count = n();
    f.fit.coefficients = fit.coefficients;
    f.fit.prediction = fit.prediction;
    f.fit.residual = fit.residual;
    f.fit.errors = fit.inferred ? fit.errors : std::vector<double>(f.fit.errors.size(), nothing);
    f.fit.influence = fit.inferred ? fit.influence : std::vector<double>(count, nothing);
    f.fit.figures = fit.figures;
    for (auto* figures : {&f.fit.standardised, &f.fit.cooks_d, &f.fit.local_r2, &f.fit.condition, &f.fit.reach})
        figures->assign(count, nothing);
    std::fill(f.fit.vif.begin(), f.fit.vif.end(), nothing);
    for (std::size_t i = 0; fit.inferred && i < count; ++i)
        f.fit.standardised[i] = fit.residual[i] / std::sqrt(fit.figures.sigma2 * (1 - fit.influence[i]));
    f.multiscale = std::move(fit);
}

void Analysis::test(GwrFindings& f) {
    const std::size_t count = f.fit.coefficients.size();
    f.p.assign(count, nothing);
    constexpr std::size_t part = 4096;
    run_.each((count + part - 1) / part, [&](std::size_t number) {
        for (std::size_t i = number * part; i < std::min(count, (number + 1) * part); ++i)
            if (f.fit.errors[i] > 0)
                f.p[i] = student_t_p(f.fit.coefficients[i] / f.fit.errors[i], f.fit.figures.residual_df);
    });
    f.corrected_p = corrected_p_values(f.p, choices_.correction, f.fit.figures.enp, f.terms());
    if (f.multiscale && f.multiscale->inferred && choices_.correction == GwrCorrection::fotheringham)
        for (std::size_t i = 0; i < count; ++i)
            if (!std::isnan(f.p[i]))
                f.corrected_p[i] = std::min(1.0, f.p[i] * std::max(1.0, f.multiscale->enp[i % f.terms()]));
    f.significant.assign(count, 0);
    f.critical_t.assign(f.terms(), std::numeric_limits<double>::infinity());
    for (std::size_t i = 0; i < count; ++i) {
        if (!(f.corrected_p[i] <= choices_.alpha)) continue;
        f.significant[i] = f.fit.coefficients[i] < 0 ? -1 : 1;
        double& critical = f.critical_t[i % f.terms()];
        critical = std::min(critical, std::abs(f.fit.coefficients[i] / f.fit.errors[i]));
    }
    const bool known = f.fit.figures.residual_df > 0;  // not of a multiscale model of many observations
    for (std::size_t term = 0; term < f.terms() && known; ++term) {
        double share = 1;
        if (choices_.correction == GwrCorrection::fotheringham)
            share = std::max(
                1.0, f.multiscale ? f.multiscale->enp[term] : f.fit.figures.enp / static_cast<double>(f.terms()));
        else if (choices_.correction != GwrCorrection::none)
            continue;
        f.critical_t[term] = student_t_bound(choices_.alpha / share, f.fit.figures.residual_df);
    }
    // Of least squares against gwr (Fotheringham et al. 2002, 4.5): what the local coefficients explain beyond.
    const GwrFigures &gwr = f.fit.figures, &ols = f.ols.figures;
    const double df = static_cast<double>(gwr.observations) - 2 * gwr.trace + gwr.trace_squares;
    const double more = ols.residual_df - df;
    if (!f.multiscale && gwr.observations == ols.observations && more > 0 && df > 0 && gwr.rss > 0) {
        f.f = (ols.rss - gwr.rss) / more / (gwr.rss / df);
        f.f_p = fisher_f_p(*f.f, more, df);
    }
    if (f.fit.singular.empty()) f.moran = morans_i(*places_, f.fit.residual, moran_neighbours, each_);
    f.ols_moran = morans_i(*places_, f.ols.residual, moran_neighbours, each_);
}

GwrFindings Analysis::fit(std::size_t response, const std::vector<std::size_t>& drivers) {
    GwrFindings findings;
    findings.response = response;
    findings.drivers = drivers;
    const auto model = model_of(response, drivers);
    findings.model = model;
    const std::string what = "\"" + o_.responses[response] + "\" by " + drivers_text(findings, o_);
    double bandwidth = 0;
    if (choices_.bandwidth) {
        bandwidth = given_bandwidth(model->terms());
        if (const auto place = model->coincident(window(bandwidth), each_))
            throw wrong("bandwidth", number_text(bandwidth) + " or more " + o_.one + "s lie at one place: " +
                                         o_.called(*place) + "; give a larger bandwidth, or one row for each place");
    } else {
        findings.search = search(*model, what);
        bandwidth = *findings.search.best;
    }
    findings.fit = model->fit(window(bandwidth), choices_.sigma, each_);
    findings.ols = model->global();
    const GwrFigures& figures = findings.fit.figures;
    if (figures.observations == 0)
        throw wrong("bandwidth",
                    "with " + number_text(bandwidth) + " " + unit() + " no window tells all coefficients of " + what);
    if (!(figures.residual_df > 0) || !(figures.sigma2 >= 0))
        throw wrong("bandwidth", "with " + number_text(bandwidth) + " " + unit() + " the model takes " +
                                     number_text(std::round(figures.enp * 10) / 10) + " parameters for " +
                                     std::to_string(figures.observations) + " " + o_.one + "s; give a larger one");
    if (const std::size_t singular = findings.fit.singular.size(); singular > 0)
        run_.warn(std::to_string(singular) + " of " +
                  counted(static_cast<std::size_t>(n()), "window does", "windows do") +
                  " not tell all coefficients of " + what +
                  (choices_.singular == SingularWindow::ridge ? " and were fitted by ridge regression"
                                                              : " and were left without a result (SINGULAR)") +
                  ", the first at " + o_.called(findings.fit.singular.front()));
    for (std::size_t j = 0; j < drivers.size(); ++j)
        if (findings.fit.rare[j] > 0)
            run_.warn("\"" + o_.drivers[drivers[j]] + "\" has two values, and in " +
                      std::to_string(findings.fit.rare[j]) + " of " + std::to_string(n()) +
                      " windows fewer than three of one; its coefficients there rest on these few");
    validate(findings, what);
    if (choices_.method == GwrMethod::mgwr) multiscale(findings);
    test(findings);
    return findings;
}

std::optional<GwrWithout> Analysis::without(std::size_t response) {
    const auto model = model_of(response, {});
    GwrWithout found;
    if (choices_.bandwidth) {
        found.bandwidth = *choices_.bandwidth;
    } else {
        const auto looked_at = model->places_to_look_at(static_cast<std::size_t>(choices_.search_points),
                                                        static_cast<std::uint64_t>(choices_.seed));
        const auto [low, high] = bounds(choices_.mode == GwrMode::each ? 2 : o_.drivers.size() + 1);
        const BandwidthSearch search = search_bandwidth(
            [&](double bandwidth) { return model->score(window(bandwidth), choices_.criterion, looked_at, each_); },
            adaptive(), low, high);
        if (!search.best) return std::nullopt;
        found.bandwidth = *search.best;
    }
    found.figures = model->fit(window(found.bandwidth), choices_.sigma, each_).figures;
    if (found.figures.observations < n()) return std::nullopt;
    if (choices_.folds) {
        const BlockValidation blocks =
            validate_by_blocks(*places_, o_.response_values[response], {}, window(found.bandwidth), choices_.singular,
                               static_cast<std::size_t>(*choices_.folds), each_);
        if (!std::isnan(blocks.r2)) found.block_r2 = blocks.r2;
    }
    return found;
}

GwrResults Analysis::operator()() {
    check();
    if (choices_.standardise || choices_.method == GwrMethod::mgwr) {
        for (auto& values : o_.response_values) o_.response_scales.push_back(standardise(values));
        for (auto& values : o_.driver_values) o_.driver_scales.push_back(standardise(values));
    }
    places_ = std::make_shared<GwrPlaces>(o_.x, o_.y, o_.distances);
    each_ = [this](std::size_t count, const std::function<void(std::size_t)>& work) { run_.each(count, work); };
    state_gwr_conventions(choices_, o_.distances, o_.metres, run_);
    if (choices_.kernel != GwrKernel::bisquare && n() > many_for_all)
        run_.warn("with a " + kernel_name(choices_.kernel) + " kernel each of " + std::to_string(n()) +
                  " fits takes all " + o_.one + "s: about " +
                  number_text(std::ceil(static_cast<double>(n()) * static_cast<double>(n()) * 5e-8 / run_.threads())) +
                  " seconds for one pass over all places; bisquare takes those in its window");
    const std::size_t each_model = choices_.mode == GwrMode::each ? o_.drivers.size() : 1;
    const auto passes_each =
        static_cast<std::size_t>((choices_.bandwidth ? 6 : 35) + choices_.folds.value_or(0) + choices_.permutations);
    run_.expect_passes(static_cast<int>(o_.responses.size() * (each_model + 1) * passes_each) + 2);
    GwrResults results;
    std::vector<std::size_t> all(o_.drivers.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    for (std::size_t response = 0; response < o_.responses.size(); ++response) {
        if (choices_.mode == GwrMode::together)
            results.models.push_back(fit(response, all));
        else
            for (const std::size_t j : all) results.models.push_back(fit(response, {j}));
        results.without.push_back(without(response));
    }
    return results;
}

}  // namespace

void GwrObservations::measure_by(const std::string& crs) {
    metres = !crs.empty();
    if (!metres) return;
    Grid grid;
    grid.crs = crs;
    const MapUnit map = MapUnit::of(grid, std::nullopt);
    distances = map.geographic ? Distances::globe : Distances::plane;
    unit = map.size;
    if (!map.geographic) return;
    unit *= 180 / std::numbers::pi;
    if (std::abs(unit - 1) < 1e-9) unit = 1;
}

void GwrObservations::add_place(const std::array<double, 2>& at) {
    const auto place = measured(at);
    x.push_back(place[0]);
    y.push_back(place[1]);
}

GwrResults find_gwr(GwrObservations& observations, const GwrChoices& choices, Run& run) {
    return Analysis(observations, choices, run)();
}

std::vector<double> corrected_p_values(const std::vector<double>& p, GwrCorrection correction, double enp,
                                       std::size_t terms) {
    std::vector<double> corrected = p;
    if (correction == GwrCorrection::none) return corrected;
    if (correction == GwrCorrection::fotheringham) {
        const double share = std::max(1.0, enp / static_cast<double>(terms));
        for (double& value : corrected) value = std::isnan(value) ? value : std::min(1.0, value * share);
        return corrected;
    }
    // Step up, term by term: the smallest of p_(k) m / k over all k from the rank on.
    for (std::size_t term = 0; term < terms; ++term) {
        std::vector<std::size_t> order;
        for (std::size_t i = term; i < p.size(); i += terms)
            if (!std::isnan(p[i])) order.push_back(i);
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
        const auto m = static_cast<double>(order.size());
        const double factor =
            correction == GwrCorrection::by ? harmonic_number(static_cast<std::int64_t>(order.size())) : 1;
        double least = 1;
        for (std::size_t rank = order.size(); rank-- > 0;) {
            least = std::min(least, p[order[rank]] * m * factor / static_cast<double>(rank + 1));
            corrected[order[rank]] = least;
        }
    }
    return corrected;
}

std::string drivers_text(const GwrFindings& model, const GwrObservations& observations) {
    std::vector<std::string> names;
    for (const std::size_t j : model.drivers) names.push_back(observations.drivers[j]);
    return listed(names, 12);
}

}  // namespace landcarbon
