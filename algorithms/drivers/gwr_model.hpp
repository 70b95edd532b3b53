// Land Carbon Toolbox: geographically weighted regression: local fits, their statistics, the search of a bandwidth.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/weighted_products.hpp"
#include "maths/place_index.hpp"

namespace landcarbon {

enum class BandwidthKind {
    adaptive,  ///< the distance to the k-th nearest observation, the place itself among them, times 1.0000001 (mgwr)
    fixed      ///< one distance for all places
};
/// What the best bandwidth has least of.
enum class GwrCriterion { aicc, cv, aic, bic };
/// Degrees of freedom of the residuals.
enum class GwrSigma {
    trace,  ///< n - tr S (default of mgwr)
    gwr4    ///< n - 2 tr S + tr S'S (GWR4)
};
/// What is done where the drivers inside a window do not tell all coefficients.
enum class SingularWindow { nodata, ridge };

struct GwrWindow {
    GwrKernel kernel = GwrKernel::bisquare;
    BandwidthKind kind = BandwidthKind::adaptive;
    double bandwidth = 0;  ///< neighbours, or a distance
};

/// Calls `work` with 0 .. count-1, each once, in any order and by several threads. Results do not depend on either.
using Each = std::function<void(std::size_t count, const std::function<void(std::size_t)>& work)>;
/// In order, by the calling thread.
void each_in_order(std::size_t count, const std::function<void(std::size_t)>& work);

/// Where observations lie, in an order that keeps neighbours together; several models may share them.
struct GwrPlaces {
    /// @param x,y in degrees for the globe
    GwrPlaces(const std::vector<double>& x, const std::vector<double>& y, Distances distances);
    std::size_t size() const { return order.size(); }
    std::vector<std::uint32_t> order;  ///< the observation at each place
    std::vector<double> x, y;          ///< of the places
    Distances distances;
    PlaceIndex index;
};

/// How good a bandwidth is.
struct GwrScore {
    double value = std::numeric_limits<double>::infinity();  ///< infinite where some window has no fit
    std::size_t singular = 0;                                ///< windows without a fit
    double rss = 0, trace = 0;                               ///< for all observations, from those looked at
};

/// Figures of a whole fit.
struct GwrFigures {
    std::size_t observations = 0;  ///< with a fit
    double rss = 0, tss = 0;
    double trace = 0, trace_squares = 0;  ///< tr S and tr S'S
    double enp = 0;                       ///< effective number of parameters: n - residual_df
    double residual_df = 0;
    double sigma2 = 0;  ///< rss / residual_df
    double r2 = 0, adjusted_r2 = 0;
    double log_likelihood = 0;
    double aic = 0, aicc = 0, bic = 0, cv = 0;  ///< not finite where they are not defined
};
/// Works the figures out from sums. AICc = -2 ll + 2 n (k + 1) / (n - k - 2), k = tr S, which is n ln(rss / n) + n ln
/// 2 pi + n (n + k) / (n - 2 - k). @param cv_sum of squared e / (1 - S_ii)
/// Source: Fotheringham, Brunsdon & Charlton (2002), Geographically weighted regression, Wiley.
GwrFigures gwr_figures(std::size_t observations, double rss, double tss, double trace, double trace_squares,
                       double cv_sum, GwrSigma sigma);

/// What the fits of places add to the score of a bandwidth.
struct GwrSums {
    double squares = 0, left_out = 0, trace = 0;
    std::size_t singular = 0;  ///< windows without a fit
    void merge(const GwrSums& other);
};
/// The figure that a search makes small. An exact fit has a likelihood without bounds and counts as infinite, too.
double criterion_of(const GwrFigures& figures, GwrCriterion criterion);

/// A fit with everything that is known of each observation, in the order in which they were given.
struct GwrFit {
    GwrWindow window;
    std::size_t terms = 0;             ///< the intercept and the drivers
    std::vector<std::uint8_t> fitted;  ///< whether an observation has a fit
    std::vector<double> coefficients;  ///< observation by observation, the intercept first
    std::vector<double> errors;        ///< standard errors, likewise
    std::vector<double> prediction, residual, influence;
    std::vector<double> standardised;  ///< residual / sqrt(sigma2 (1 - influence))
    std::vector<double> cooks_d;
    std::vector<double> local_r2;
    std::vector<double> condition;  ///< number of sqrt(W) X with columns of length 1
    std::vector<double> vif;        ///< weighted; observation by observation, drivers only
    std::vector<double> reach;      ///< the bandwidth as a distance
    std::vector<std::size_t> rare;  ///< by driver: windows in which a driver of two values has fewer than 3 of one
    std::vector<std::uint32_t> singular;  ///< observations whose window does not tell all coefficients
    GwrFigures figures;
};

/// A local fit at any place.
struct LocalFit {
    std::vector<double> coefficients;  ///< the intercept first
    /// (X'WX)^-1 X'W^2X (X'WX)^-1, terms x terms: times sigma2 the covariance of the coefficients
    std::vector<double> covariance;
    double local_r2 = 0;  ///< where squares of residuals were given; NaN where the response does not vary
};

/// y = b0(u, v) + sum_j bj(u, v) x_j: at each place a regression on all observations, each weighted by its distance.
/// Columns are centred and scaled inside, so that coordinates or populations as drivers lose no digits.
class GwrModel {
public:
    /// @param response,drivers by observation; every driver must vary
    GwrModel(std::shared_ptr<const GwrPlaces> places, const std::vector<double>& response,
             const std::vector<std::vector<double>>& drivers, SingularWindow singular = SingularWindow::nodata);

    std::size_t observations() const { return places_->size(); }
    std::size_t terms() const { return terms_; }
    const GwrPlaces& places() const { return *places_; }

    /// The observation (and its like) that has a window of no extent: as many others lie on the same place as the
    /// bandwidth counts. Nothing where all windows have one.
    std::optional<std::size_t> coincident(const GwrWindow& window, const Each& each) const;
    /// @param looked_at places of the model, see places_to_look_at
    GwrScore score(const GwrWindow& window, GwrCriterion criterion, const std::vector<std::uint32_t>& looked_at,
                   const Each& each) const;
    /// All places, or a random choice of `most` where there are more, the same for a seed.
    std::vector<std::uint32_t> places_to_look_at(std::size_t most, std::uint64_t seed) const;
    GwrFit fit(const GwrWindow& window, GwrSigma sigma, const Each& each) const;
    /// Squares of a fit's residuals by place, for `at`.
    std::vector<double> squared_residuals(const GwrFit& fit) const;
    /// At any place; nothing where the window is singular.
    /// @param squares as squared_residuals gives them, for the local R2; may be nullptr
    std::optional<LocalFit> at(double x, double y, const GwrWindow& window,
                               const std::vector<double>* squares = nullptr) const;
    /// Variance over all places of each coefficient, in its own unit, the intercept first; places without a fit are
    /// left out.
    std::vector<double> coefficient_variances(const GwrWindow& window, const Each& each) const;
    /// Least squares over all observations: one window with equal weights.
    GwrFit global() const;

private:
    struct Work;
    bool gather(double x, double y, const GwrWindow& window, Work& work) const;
    bool solve(Work& work, bool everything) const;
    void diagnose(Work& work, double& condition, double* vif) const;
    std::vector<double> coefficients_in_own_units(const Work& work) const;
    LocalFit in_own_units(const Work& work) const;
    double fitted_at(const Work& work, std::size_t place) const;
    double local_r2(const Work& work, const std::vector<double>& squares) const;
    void fill_local_r2(GwrFit& fit, const Each& each) const;
    void finish(GwrFit& fit, const std::vector<double>& norms, GwrSigma sigma) const;

    std::shared_ptr<const GwrPlaces> places_;
    std::size_t terms_, columns_, width_;
    SingularWindow singular_;
    std::vector<double> rows_;  ///< by place: 1, the drivers and the response, centred and scaled
    std::vector<double> means_, scales_;
    std::vector<double> response_;        ///< by place, as given
    std::vector<std::int8_t> is_binary_;  ///< by driver
    std::vector<std::uint8_t> rarer_;     ///< place by place, driver by driver: 1 where it has the rarer of two values
};

/// One bandwidth that a search looked at.
struct BandwidthTried {
    double bandwidth = 0;
    GwrScore score;
};
struct BandwidthSearch {
    std::optional<double> best;         ///< nothing where no bandwidth has a fit everywhere
    std::vector<BandwidthTried> tried;  ///< ascending
};
/// Looks for the bandwidth with the least score between two bounds: 15 of them in geometric steps, then a golden
/// section around the best, then, for whole numbers, its neighbours for as long as they are better. Criteria have many
/// local minima, so that a golden section alone often ends beside the best.
BandwidthSearch search_bandwidth(const std::function<GwrScore(double)>& score, bool whole, double low, double high);

/// Moran's I of values at places, their `neighbours` nearest others as neighbours, rows standardised, and z under
/// normality. Source: Cliff & Ord (1981), Spatial processes, Pion.
struct MoransI {
    double i = 0, z = 0;
};
std::optional<MoransI> morans_i(const GwrPlaces& places, const std::vector<double>& values, std::size_t neighbours,
                                const Each& each);

}  // namespace landcarbon
