// Land Carbon Toolbox: the four detectors of Geodetector: factor, interaction, risk, ecological; from sums by strata.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "maths/exact_moments.hpp"

namespace landcarbon {

/// Which variance of the response the noncentrality is divided by.
enum class ResponseVariance {
    sample,     ///< divided by N - 1, as the authors' R package geodetector
    population  ///< divided by N, as GD and gdverse
};
/// What becomes of strata with a single observation.
enum class SingletonStrata {
    keep,  ///< they count, with a variance of 0, as in the authors' R package
    drop   ///< they are taken out of response and strata, as in gdverse
};
/// Degrees of freedom of the t-test between two strata.
enum class RiskTest {
    welch,         ///< real-valued, as in GD and gdverse
    welch_rounded  ///< rounded to whole numbers, as in the authors' R package
};
/// What the ecological detector compares.
enum class EcologicalTest {
    within_squares,    ///< F = N1 (N2 - 1) SSW1 / (N2 (N1 - 1) SSW2), as published (Wang et al. 2010)
    q_ratio,           ///< F = q2 / q1, as the R packages geodetector and GD
    unexplained_ratio  ///< F = (1 - q1) / (1 - q2), one-sided, as gdverse
};
struct DetectorConventions {
    ResponseVariance variance = ResponseVariance::sample;
    SingletonStrata singletons = SingletonStrata::keep;
    RiskTest risk = RiskTest::welch;
    EcologicalTest ecological = EcologicalTest::within_squares;
    double alpha = 0.05;
    double tolerance = 1e-10;  ///< of q, within which an interaction is independent
};

/// Power of one stratification.
struct Power {
    std::int64_t n = 0;            ///< observations that count
    std::size_t strata = 0;        ///< with observations that count
    std::size_t singletons = 0;    ///< strata of one observation, counted or dropped
    std::int64_t smallest = 0;     ///< observations of the smallest stratum
    double total = 0, within = 0;  ///< squared departures from the mean, and from the strata's means; units squared
    /// 1 - within / total; nothing where the response does not vary.
    std::optional<double> q;
    std::optional<double> f, noncentrality;
    std::optional<double> log_p;         ///< natural logarithm; minus infinity: p is 0
    std::optional<double> lower, upper;  ///< of the confidence interval of q
};

/// q, its test and, when wanted, its confidence interval.
/// F = (N - L) / (L - 1) q / (1 - q) is compared with the noncentral F distribution with L - 1 and N - L degrees of
/// freedom and noncentrality [sum_h m_h^2 - (sum_h sqrt(N_h) m_h)^2 / N] / s^2, m_h the strata's means, s^2 the
/// variance of the response. The test needs two strata, and more observations than strata. The interval holds the q =
/// ncp / (ncp + N) of all noncentralities ncp under which neither tail beyond F is below alpha / 2.
/// @param strata empty ones do not count
/// Source: Wang, J.-F., Zhang, T.-L., Fu, B.-J. (2016), A measure of spatial stratified heterogeneity, Ecological
/// Indicators 67, 250-256, doi:10.1016/j.ecolind.2016.02.052.
Power power_of(const std::vector<ExactMoments>& strata, const DetectorConventions& conventions, bool interval);
/// Whether q lies outside its confidence interval. The interval is one of the q of the population; that of a sample is
/// larger, by about (L - 1) / N where the strata do not differ, which may be most of a small q.
bool interval_misses_q(const Power& power);
/// q alone; nothing where the response does not vary.
std::optional<double> q_of(const std::vector<ExactMoments>& strata, SingletonStrata singletons);

/// How two factors act together.
enum class Interaction { weaken_nonlinear, weaken_uni, enhance_bi, independent, enhance_nonlinear };
/// @param tolerance within which two values of q are the same
/// Source: Wang, J.-F. et al. (2010), Geographical detectors-based health risk assessment, International Journal of
/// Geographical Information Science 24(1), 107-127, doi:10.1080/13658810802443457.
Interaction interaction_of(double first, double second, double both, double tolerance);

/// t-test between two strata.
struct RiskDifference {
    double difference = 0;  ///< mean of the first less mean of the second
    std::optional<double> t, degrees, log_p;
};
/// Welch's test; nothing but the difference where a stratum has one observation, or neither varies.
RiskDifference risk_difference(const Spread& first, const Spread& second, RiskTest test);

/// F-test between two factors.
struct EcologicalDifference {
    std::optional<double> f;
    std::optional<double> log_p;          ///< of a larger F
    std::optional<double> log_p_reverse;  ///< of a larger 1 / F; absent where the test is one-sided
    std::optional<bool> differs;
};
EcologicalDifference ecological_difference(const Power& first, const Power& second,
                                           const DetectorConventions& conventions);

}  // namespace landcarbon
