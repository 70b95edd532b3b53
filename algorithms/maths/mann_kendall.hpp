// Land Carbon Toolbox: the Mann-Kendall test of a trend, for one series: score, variance, Z, p, tau and its variants.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace landcarbon {

/// How serial correlation or seasons are taken into account.
enum class TrendMethod {
    original,                 ///< Mann (1945), Kendall (1975)
    hamed_rao,                ///< variance corrected by the significant autocorrelations of ranks (Hamed & Rao 1998)
    yue_wang,                 ///< variance corrected by all autocorrelations of the detrended series (Yue & Wang 2004)
    prewhitening,             ///< the test on x_i - r_1 x_(i-1) (von Storch 1995)
    trend_free_prewhitening,  ///< the same without, then again with the Sen trend (Yue et al. 2002)
    seasonal                  ///< sum of the tests of each season (Hirsch et al. 1982)
};

/// How p follows from the score.
enum class PValue {
    automatic,  ///< exact for at most `exact_values` values without ties, else normal
    normal      ///< from Z
};

/// Up to how many values the exact distribution of S is used.
constexpr std::int64_t exact_values = 10;

/// Score of a series, all whole numbers and therefore exact.
struct KendallScore {
    std::int64_t s = 0;           ///< sum over i<j of sign(x_j - x_i)
    std::int64_t n = 0;           ///< values that are not missing
    std::int64_t tied_pairs = 0;  ///< pairs i<j with x_i = x_j
    std::int64_t variance18 = 0;  ///< 18 Var S = n(n-1)(2n+5) - sum over groups of ties of t(t-1)(2t+5)
    std::int64_t pairs() const { return n * (n - 1) / 2; }
    double variance() const { return static_cast<double>(variance18) / 18; }
};

/// The test's result.
struct MannKendall {
    double s = 0;
    double variance = 0;  ///< of S, as the method corrects it
    double z = 0;         ///< NaN where the corrected variance is not positive
    double p = 1;         ///< two-sided; NaN with z
    double tau = 0;       ///< tau-b
    std::int64_t n = 0;   ///< values of the series that are not missing
};

/// Score of the values that are not NaN.
template <class T>
KendallScore kendall_score(const T* values, std::size_t steps);

/// Z with continuity correction: (S - 1) / sd above zero, (S + 1) / sd below, 0 for S = 0 or without variation.
double kendall_z(double s, double variance);
/// Two-sided p of a normal Z: erfc(|Z| / sqrt 2), which does not underflow early.
double normal_p(double z);
/// Two-sided p of S by its exact distribution without ties: min(1, 2 P(S' >= |s|)), from the numbers of permutations
/// by inversions (Kendall 1975; Best & Gipps 1974, AS 71). @param n 1..20
double exact_p(std::int64_t s, std::int64_t n);
/// tau-b = S / sqrt((n0 - n1) n0): n0 pairs, n1 tied pairs; times have no ties. 0 without variation.
double kendall_tau(const KendallScore& score);
/// The z with P(|Z| < z) = confidence. @param confidence 0 < confidence < 1
double two_sided_z(double confidence);

/// Runs the test on the values that are not NaN.
/// Missing values are never closed up: lags and neighbours are those of the steps. Autocorrelations are sums over the
/// pairs of which both are there, divided by the number of values. A series without variation has Z 0 and p 1.
/// @param values `steps` values, NaN where missing
/// @param times of the steps, increasing
/// @param slope the series' Sen slope per unit of time; used by the methods that detrend
/// @param period steps in a year; used by `seasonal`
/// @param confidence for the autocorrelations that count as significant (hamed_rao)
MannKendall mann_kendall(const double* values, const double* times, std::size_t steps, TrendMethod method,
                         PValue p_value, double slope, std::size_t period, double confidence);

}  // namespace landcarbon
