// Land Carbon Toolbox: the four detectors of Geodetector: factor, interaction, risk, ecological; from sums by strata.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/detectors.hpp"

#include <algorithm>
#include <cmath>

#include "maths/tail_probability.hpp"

namespace landcarbon {
namespace {

/// The strata that count, and all of their observations together.
struct Stratification {
    std::vector<Spread> strata;
    Spread all;
    std::size_t singletons = 0;
};

Stratification counted(const std::vector<ExactMoments>& strata, SingletonStrata singletons) {
    Stratification result;
    ExactMoments all;
    for (const ExactMoments& sums : strata) {
        if (sums.count() == 0) continue;
        if (sums.count() == 1) {
            ++result.singletons;
            if (singletons == SingletonStrata::drop) continue;
        }
        result.strata.push_back(sums.spread());
        all.merge(sums);
    }
    result.all = all.spread();
    return result;
}

double within_of(const std::vector<Spread>& strata) {
    long double sum = 0;
    for (const Spread& stratum : strata) sum += stratum.squares;
    return static_cast<double>(sum);
}

std::optional<double> q_of(const Stratification& all, double within) {
    if (!(all.all.squares > 0)) return std::nullopt;
    return std::clamp(1 - within / all.all.squares, 0.0, 1.0);
}

/// The mean is taken out of the strata's means first, so that nearly equal numbers are not subtracted.
double noncentrality_of(const Stratification& all, ResponseVariance variance) {
    const auto n = static_cast<long double>(all.all.count);
    const long double mean = all.all.mean;
    long double roots = 0, sum = 0, squares = 0, weighted = 0;
    for (const Spread& stratum : all.strata) {
        const long double root = std::sqrt(static_cast<long double>(stratum.count));
        const long double departure = stratum.mean - mean;
        roots += root;
        sum += departure;
        squares += departure * departure;
        weighted += root * departure;
    }
    const auto strata = static_cast<long double>(all.strata.size());
    const long double numerator = mean * mean * (strata - roots * roots / n) + 2 * mean * (sum - roots * weighted / n) +
                                  squares - weighted * weighted / n;
    const long double divisor = variance == ResponseVariance::sample ? n - 1 : n;
    return std::max(0.0, static_cast<double>(numerator / (all.all.squares / divisor)));
}

}  // namespace

std::optional<double> q_of(const std::vector<ExactMoments>& strata, SingletonStrata singletons) {
    const Stratification all = counted(strata, singletons);
    return q_of(all, within_of(all.strata));
}

Power power_of(const std::vector<ExactMoments>& strata, const DetectorConventions& conventions, bool interval) {
    const Stratification all = counted(strata, conventions.singletons);
    Power power;
    power.n = all.all.count;
    power.strata = all.strata.size();
    power.singletons = all.singletons;
    for (const Spread& stratum : all.strata)
        power.smallest = power.smallest == 0 ? stratum.count : std::min(power.smallest, stratum.count);
    power.total = all.all.squares;
    power.within = within_of(all.strata);
    power.q = q_of(all, power.within);
    if (!power.q || power.strata < 2 || power.n <= static_cast<std::int64_t>(power.strata)) return power;
    const auto n = static_cast<double>(power.n), l = static_cast<double>(power.strata);
    const double q = *power.q;
    if (q < 1) power.f = (n - l) / (l - 1) * q / (1 - q);
    power.noncentrality = noncentrality_of(all, conventions.variance);
    power.log_p = log_noncentral_f_tail(q, l - 1, n - l, *power.noncentrality);
    if (interval && q < 1) {
        const auto share = [&](double tail) {
            const double noncentrality = noncentrality_of_tail(q, l - 1, n - l, tail);
            return noncentrality / (noncentrality + n);
        };
        power.lower = share(conventions.alpha / 2);
        power.upper = share(1 - conventions.alpha / 2);
    }
    return power;
}

bool interval_misses_q(const Power& power) {
    return power.q && power.lower && power.upper && (*power.q < *power.lower || *power.q > *power.upper);
}

Interaction interaction_of(double first, double second, double both, double tolerance) {
    const double least = std::min(first, second), most = std::max(first, second), sum = first + second;
    if (both < least - tolerance) return Interaction::weaken_nonlinear;
    if (both <= most + tolerance) return Interaction::weaken_uni;
    if (std::abs(both - sum) <= tolerance) return Interaction::independent;
    return both < sum ? Interaction::enhance_bi : Interaction::enhance_nonlinear;
}

RiskDifference risk_difference(const Spread& first, const Spread& second, RiskTest test) {
    RiskDifference result;
    result.difference = first.mean - second.mean;
    if (first.count < 2 || second.count < 2) return result;
    const auto n1 = static_cast<double>(first.count), n2 = static_cast<double>(second.count);
    const double error1 = first.squares / (n1 - 1) / n1, error2 = second.squares / (n2 - 1) / n2;
    const double error = error1 + error2;
    if (!(error > 0)) return result;
    result.t = result.difference / std::sqrt(error);
    // As shares of the error, so that units of any size do not overflow.
    const double share1 = error1 / error, share2 = error2 / error;
    double degrees = 1 / (share1 * share1 / (n1 - 1) + share2 * share2 / (n2 - 1));
    if (test == RiskTest::welch_rounded) degrees = std::max(1.0, std::nearbyint(degrees));
    result.degrees = degrees;
    result.log_p = log_student_tails(*result.t, degrees);
    return result;
}

EcologicalDifference ecological_difference(const Power& first, const Power& second,
                                           const DetectorConventions& conventions) {
    EcologicalDifference result;
    if (!first.q || !second.q || first.n < 2 || second.n < 2) return result;
    const auto n1 = static_cast<double>(first.n), n2 = static_cast<double>(second.n);
    double numerator = 0, denominator = 0;
    switch (conventions.ecological) {
        case EcologicalTest::within_squares:
            numerator = n1 * (n2 - 1) * first.within;
            denominator = n2 * (n1 - 1) * second.within;
            break;
        case EcologicalTest::q_ratio:
            numerator = *second.q;
            denominator = *first.q;
            break;
        case EcologicalTest::unexplained_ratio:
            numerator = 1 - *first.q;
            denominator = 1 - *second.q;
            break;
    }
    if (!(numerator > 0 && denominator > 0)) return result;
    const double f = numerator / denominator;
    result.f = f;
    result.log_p = log_f_tail(f, n1 - 1, n2 - 1);
    const double alpha = std::log(conventions.alpha);
    if (conventions.ecological == EcologicalTest::unexplained_ratio) {
        result.differs = *result.log_p < alpha;
        return result;
    }
    result.log_p_reverse = log_f_tail(1 / f, n2 - 1, n1 - 1);
    result.differs = std::min(*result.log_p, *result.log_p_reverse) < alpha;
    return result;
}

}  // namespace landcarbon
