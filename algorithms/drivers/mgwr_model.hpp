// Land Carbon Toolbox: multiscale geographically weighted regression: a bandwidth for each term, by back-fitting.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "drivers/gwr_model.hpp"

namespace landcarbon {

struct MgwrSettings {
    GwrKernel kernel = GwrKernel::bisquare;
    BandwidthKind kind = BandwidthKind::adaptive;
    GwrCriterion criterion = GwrCriterion::aicc;
    GwrSigma sigma = GwrSigma::trace;
    double low = 0, high = 0;  ///< bounds of the searches
    double tolerance = 1e-5;   ///< of the score of change SOC-f
    int most_rounds = 200;
    /// One a term: no search. Empty: each is searched, until none has changed in five rounds.
    std::vector<double> bandwidths = {};
    /// The hat matrix, standard errors and AICc are worked out for so many observations at most: their time grows with
    /// the cube.
    std::size_t most_inferred = 3000;
};

struct MgwrFit {
    GwrKernel kernel = GwrKernel::bisquare;
    BandwidthKind kind = BandwidthKind::adaptive;
    std::size_t terms = 0;
    std::vector<double> bandwidths;    ///< of the terms, the intercept first
    std::vector<double> coefficients;  ///< observation by observation, the intercept first
    std::vector<double> errors;        ///< standard errors, likewise; empty where nothing was inferred
    std::vector<double> prediction, residual;
    std::vector<double> influence;  ///< empty where nothing was inferred
    std::vector<double> enp;        ///< effective number of parameters of each term; likewise
    GwrFigures figures;             ///< rss, tss and r2; the others where something was inferred, else NaN
    bool inferred = false;
    int rounds = 0;
    double change = 0;                      ///< SOC-f of the last round
    std::vector<BandwidthSearch> searches;  ///< the last of each term; empty where bandwidths were given
};

/// y = sum_j b_j(u, v) x_j with a bandwidth for each j. The terms are fitted in turn, each to what the others leave,
/// until the terms change by less than the tolerance (SOC-f: the root of the mean squared change of the terms over the
/// summed squares of the prediction). Drivers should be standardised, or their bandwidths depend on their units.
/// Source: Fotheringham, Yang & Kang (2017), Annals of the AAG 107(6), 1247-1265; inference: Yu et al. (2020),
/// Geographical Analysis 52(1), 87-106.
class MgwrModel {
public:
    MgwrModel(std::shared_ptr<const GwrPlaces> places, const std::vector<double>& response,
              const std::vector<std::vector<double>>& drivers);
    /// @param begin the fit of a GWR that the rounds begin from
    MgwrFit fit(const MgwrSettings& settings, const GwrFit& begin, const Each& each) const;
    /// What the other terms leave of the response, term by term and by place: what each term was fitted to.
    std::vector<std::vector<double>> left_for_terms(const MgwrFit& fit) const;
    /// Coefficients at any place: each term is fitted there to what the others leave, with its own window.
    /// @param left as left_for_terms gives it; nothing where a window holds no weight
    std::optional<std::vector<double>> at(double x, double y, const MgwrFit& fit,
                                          const std::vector<std::vector<double>>& left) const;

private:
    struct Smoother;
    std::size_t n() const { return places_->size(); }
    void infer(MgwrFit& fit, const std::vector<Smoother>& smoothers, const MgwrSettings& settings,
               const Each& each) const;

    std::shared_ptr<const GwrPlaces> places_;
    std::vector<std::vector<double>> columns_;  ///< term by term, by place
    std::vector<double> response_;              ///< by place
};

}  // namespace landcarbon
