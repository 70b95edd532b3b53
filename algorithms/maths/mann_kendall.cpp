// Land Carbon Toolbox: the Mann-Kendall test of a trend, for one series: score, variance, Z, p, tau and its variants.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/mann_kendall.hpp"

#include <algorithm>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace landcarbon {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Autocorrelations of lags 0..steps-1 of a series with gaps: products over the pairs that are both there, divided by
/// the number of values. Empty without variation.
std::vector<double> autocorrelations(const std::vector<double>& series) {
    double sum = 0;
    std::int64_t n = 0;
    for (const double x : series)
        if (!std::isnan(x)) {
            sum += x;
            ++n;
        }
    std::vector<double> y = series;
    for (double& x : y) x -= sum / static_cast<double>(n);
    std::vector<double> result(y.size());
    for (std::size_t lag = 0; lag < y.size(); ++lag)
        for (std::size_t i = 0; i + lag < y.size(); ++i)
            if (const double product = y[i] * y[i + lag]; !std::isnan(product)) result[lag] += product;
    if (!(result.empty() || result[0] > 0)) return {};
    const double variance = result.empty() ? 1 : result[0];
    for (double& r : result) r /= variance;
    return result;
}

/// Ranks 1..n of the values that are there, ties sharing their mean rank; NaN stays.
std::vector<double> ranks(const std::vector<double>& series) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < series.size(); ++i)
        if (!std::isnan(series[i])) order.push_back(i);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return series[a] < series[b]; });
    std::vector<double> result(series.size(), none);
    for (std::size_t first = 0; first < order.size();) {
        std::size_t end = first;
        while (end < order.size() && series[order[end]] == series[order[first]]) ++end;
        for (std::size_t i = first; i < end; ++i) result[order[i]] = static_cast<double>(first + 1 + end) / 2;
        first = end;
    }
    return result;
}

std::vector<double> without_trend(const double* values, const double* times, std::size_t steps, double slope) {
    std::vector<double> result(values, values + steps);
    for (std::size_t i = 0; i < steps; ++i) result[i] -= slope * times[i];
    return result;
}

/// x_i - r_1 x_(i-1), and NaN where one of the two is missing; as long as the series.
std::vector<double> whitened(const std::vector<double>& series) {
    const auto r = autocorrelations(series);
    std::vector<double> result(series.size(), none);
    for (std::size_t i = 1; i < series.size(); ++i) result[i] = series[i] - (r.empty() ? 0 : r[1]) * series[i - 1];
    return result;
}

double hamed_rao_factor(const std::vector<double>& detrended, double n, double confidence) {
    const auto r = autocorrelations(ranks(detrended));
    const double interval = two_sided_z(confidence) / std::sqrt(n);
    double sum = 0;
    for (std::size_t lag = 1; lag < r.size(); ++lag) {
        const double left = n - static_cast<double>(lag);
        if (left > 2 && std::abs(r[lag]) > interval) sum += left * (left - 1) * (left - 2) * r[lag];
    }
    return n > 2 ? 1 + 2 / (n * (n - 1) * (n - 2)) * sum : 1;
}

double yue_wang_factor(const std::vector<double>& detrended, double n) {
    const auto r = autocorrelations(detrended);
    double sum = 0;
    for (std::size_t lag = 1; lag < r.size() && static_cast<double>(lag) < n; ++lag)
        sum += (1 - static_cast<double>(lag) / n) * r[lag];
    return 1 + 2 * sum;
}

/// tau-b's denominator.
double tau_scale(const KendallScore& score) {
    return std::sqrt(static_cast<double>(score.pairs() - score.tied_pairs) * static_cast<double>(score.pairs()));
}

void finish(MannKendall& test) {
    test.z = kendall_z(test.s, test.variance);
    test.p = normal_p(test.z);
}

MannKendall plain(const KendallScore& score, PValue p_value) {
    MannKendall test;
    test.s = static_cast<double>(score.s);
    test.variance = score.variance();
    test.tau = kendall_tau(score);
    test.n = score.n;
    finish(test);
    if (p_value == PValue::automatic && score.tied_pairs == 0 && score.n >= 1 && score.n <= exact_values)
        test.p = exact_p(score.s, score.n);
    return test;
}

MannKendall seasonal(const double* values, std::size_t steps, std::size_t period) {
    MannKendall test;
    double scale = 0;
    std::vector<double> season;
    for (std::size_t first = 0; first < std::min(period, steps); ++first) {
        season.clear();
        for (std::size_t i = first; i < steps; i += period) season.push_back(values[i]);
        const KendallScore score = kendall_score(season.data(), season.size());
        test.s += static_cast<double>(score.s);
        test.variance += score.variance();
        test.n += score.n;
        scale += tau_scale(score);
    }
    test.tau = scale > 0 ? test.s / scale : 0;
    finish(test);
    return test;
}

}  // namespace

template <class T>
KendallScore kendall_score(const T* values, std::size_t steps) {
    KendallScore score;
    std::int64_t ties = 0;
    for (std::size_t i = 0; i < steps; ++i) {
        if (std::isnan(values[i])) continue;
        ++score.n;
        std::int64_t equal = 0;
        for (std::size_t j = 0; j < steps; ++j) {
            if (j > i) score.s += (values[j] > values[i]) - (values[j] < values[i]);
            equal += values[j] == values[i];
        }
        // Each of the t members of a group adds (t - 1)(2t + 5), and t - 1 to twice the number of tied pairs.
        ties += (equal - 1) * (2 * equal + 5);
        score.tied_pairs += equal - 1;
    }
    score.tied_pairs /= 2;
    score.variance18 = score.n * (score.n - 1) * (2 * score.n + 5) - ties;
    return score;
}

template KendallScore kendall_score(const float*, std::size_t);
template KendallScore kendall_score(const double*, std::size_t);

double kendall_z(double s, double variance) {
    if (s == 0) return 0;
    if (!(variance > 0)) return none;
    return (s > 0 ? s - 1 : s + 1) / std::sqrt(variance);
}

double normal_p(double z) { return std::erfc(std::abs(z) / std::sqrt(2.0)); }

double exact_p(std::int64_t s, std::int64_t n) {
    // Permutations of n by their number of inversions; S = pairs - 2 inversions.
    std::vector<double> counts = {1};
    double permutations = 1;
    for (std::int64_t length = 2; length <= n; ++length) {
        std::vector<double> next(counts.size() + static_cast<std::size_t>(length) - 1);
        for (std::size_t i = 0; i < counts.size(); ++i)
            for (std::size_t more = 0; more < static_cast<std::size_t>(length); ++more) next[i + more] += counts[i];
        counts = std::move(next);
        permutations *= static_cast<double>(length);
    }
    const std::int64_t inversions = (n * (n - 1) / 2 - std::abs(s)) / 2;
    const double tail = std::accumulate(counts.begin(), counts.begin() + inversions + 1, 0.0);
    return std::min(1.0, 2 * tail / permutations);
}

double kendall_tau(const KendallScore& score) {
    return score.variance18 > 0 && score.s != 0 ? static_cast<double>(score.s) / tau_scale(score) : 0;
}

double two_sided_z(double confidence) { return std::sqrt(2.0) * boost::math::erfc_inv(1 - confidence); }

MannKendall mann_kendall(const double* values, const double* times, std::size_t steps, TrendMethod method,
                         PValue p_value, double slope, std::size_t period, double confidence) {
    if (method == TrendMethod::seasonal) return seasonal(values, steps, period);
    const KendallScore score = kendall_score(values, steps);
    MannKendall test = plain(score, p_value);
    if (method == TrendMethod::original || score.variance18 == 0) return test;
    const auto n = static_cast<double>(score.n);
    switch (method) {
        case TrendMethod::hamed_rao:
            test.variance *= hamed_rao_factor(without_trend(values, times, steps, slope), n, confidence);
            finish(test);
            break;
        case TrendMethod::yue_wang:
            test.variance *= yue_wang_factor(without_trend(values, times, steps, slope), n);
            finish(test);
            break;
        default: {
            const bool trend_free = method == TrendMethod::trend_free_prewhitening;
            auto series = whitened(trend_free ? without_trend(values, times, steps, slope)
                                              : std::vector<double>(values, values + steps));
            // Less one step, which shifts all values alike: pymannkendall's numbers, so that values which are tied but
            // for rounding fall alike.
            if (trend_free)
                for (std::size_t i = 0; i < steps; ++i) series[i] += slope * (times[i] - (times[1] - times[0]));
            const KendallScore white = kendall_score(series.data(), steps);
            test.s = static_cast<double>(white.s);
            test.variance = white.variance();
            test.tau = kendall_tau(white);
            finish(test);
        }
    }
    return test;
}

}  // namespace landcarbon
