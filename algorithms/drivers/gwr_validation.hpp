// Land Carbon Toolbox: how well a GWR predicts blocks it has not seen, and whether its coefficients vary more than chance.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "drivers/gwr_model.hpp"

namespace landcarbon {

/// The fold (0 .. folds-1) of each observation. The places, in an order in which neighbours follow one another, are cut
/// into 4 x folds blocks of as many observations; each fold takes every folds-th of them.
std::vector<std::uint32_t> folds_of_blocks(const GwrPlaces& places, std::size_t folds);

/// R2 of predictions for blocks by models without them: 1 - sum of e^2 / sum of (y - mean of the others)^2.
struct BlockValidation {
    double r2 = std::numeric_limits<double>::quiet_NaN(), ols_r2 = r2;
    std::size_t without_fit = 0;  ///< observations whose window does not tell all coefficients; they are left out
};
/// @param window its bandwidth is kept; of an adaptive one no more than the other observations
BlockValidation validate_by_blocks(const GwrPlaces& places, const std::vector<double>& response,
                                   const std::vector<std::vector<double>>& drivers, const GwrWindow& window,
                                   SingularWindow singular, std::size_t folds, const Each& each);

/// For each term, the intercept first, how likely coefficients vary as much as they do if rows lie where they lie by
/// chance: rows are dealt to the places anew, so many times, and p = (1 + times with at least this variance) / (1 +
/// times). Source: Brunsdon, Fotheringham & Charlton (1998), The Statistician 47(3), 431-443.
std::vector<double> stationarity_p(std::shared_ptr<const GwrPlaces> places, const std::vector<double>& response,
                                   const std::vector<std::vector<double>>& drivers, const GwrWindow& window,
                                   SingularWindow singular, std::size_t permutations, std::uint64_t seed,
                                   const Each& each);

}  // namespace landcarbon
