// Land Carbon Toolbox: tails of Student's t, F and the noncentral F distribution, for any number of cases.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/tail_probability.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <cmath>
#include <limits>

namespace landcarbon {
namespace {

constexpr double nothing = -std::numeric_limits<double>::infinity();

/// lgamma without its global sign, which threads would share; x is above 0.
double log_gamma(double x) {
    int sign = 0;
    return lgamma_r(x, &sign);
}

/// The continued fraction of the incomplete beta function by Lentz's method, for x below (a + 1) / (a + b + 2).
double beta_fraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    const auto kept_off_zero = [](double value) { return std::abs(value) < tiny ? tiny : value; };
    double c = 1, d = 1 / kept_off_zero(1 - (a + b) * x / (a + 1)), fraction = d;
    for (int m = 1; m < 1000000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / kept_off_zero(1 + even * d);
        c = kept_off_zero(1 + even / c);
        fraction *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / kept_off_zero(1 + odd * d);
        c = kept_off_zero(1 + odd / c);
        const double change = d * c;
        fraction *= change;
        if (std::abs(change - 1) < 1e-14) break;
    }
    return fraction;
}

/// x ln(x / m) + m - x without loss of digits where x is near m.
/// Source: C. Loader (2000), Fast and accurate computation of binomial probabilities.
double deviance(double x, double m) {
    if (x == 0) return m;
    const double v = (x - m) / (x + m);
    if (std::abs(v) >= 0.1) return x * std::log(x / m) + m - x;
    double sum = (x - m) * v, term = 2 * x * v;
    for (int j = 1; j < 1000; ++j) {
        term *= v * v;
        const double next = sum + term / (2 * j + 1);
        if (next == sum) break;
        sum = next;
    }
    return sum;
}

/// ln of the Poisson probability of j, mean m above 0.
double log_poisson(double j, double m) {
    if (j == 0) return -m;
    // What Stirling's formula leaves of ln j!.
    const double rest = j < 16 ? log_gamma(j + 1) - (j + 0.5) * std::log(j) + j - 0.5 * std::log(2 * M_PI)
                               : (1 / 12.0 - (1 / 360.0 - 1 / (1260.0 * j * j)) / (j * j)) / j;
    return -deviance(j, m) - 0.5 * std::log(2 * M_PI * j) - rest;
}

}  // namespace

double log_incomplete_beta(double a, double b, double x, double complement) {
    if (x <= 0) return nothing;
    if (complement <= 0) return 0;
    using namespace boost::math::policies;
    using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                         underflow_error<ignore_error>, evaluation_error<ignore_error>, promote_double<false>>;
    const bool small = x < (a + 1) / (a + b + 2);
    // Far out, Boost's value is 0 or has lost digits to numbers near 0.
    const double prefactor = a * (x < 0.5 ? std::log(x) : std::log1p(-complement)) +
                             b * (complement < 0.5 ? std::log(complement) : std::log1p(-x));
    const double log_beta = log_gamma(a) + log_gamma(b) - log_gamma(a + b);
    if (!small || prefactor - log_beta > -600) {
        const double value =
            complement < 0.5 ? boost::math::ibetac(b, a, complement, Quiet()) : boost::math::ibeta(a, b, x, Quiet());
        if (value > 1e-280) return std::log(std::min(value, 1.0));
    }
    return prefactor - log_beta - std::log(a) + std::log(beta_fraction(a, b, x));
}

double log_student_tails(double t, double degrees) {
    const double square = t * t;
    if (std::isinf(square)) return nothing;
    return log_incomplete_beta(degrees / 2, 0.5, degrees / (degrees + square), square / (degrees + square));
}

double log_f_tail(double f, double first, double second) {
    if (f <= 0) return 0;
    if (std::isinf(f)) return nothing;
    const double scaled = first * f;
    return log_incomplete_beta(second / 2, first / 2, second / (second + scaled), scaled / (second + scaled));
}

double log_noncentral_f_tail(double q, double first, double second, double noncentrality) {
    if (q <= 0) return 0;
    if (q >= 1) return nothing;
    const double mean = noncentrality / 2;
    const auto central = [&](double j) { return log_incomplete_beta(second / 2, first / 2 + j, 1 - q, q); };
    if (mean == 0) return central(0);
    const auto term = [&](double j) { return log_poisson(j, mean) + central(j); };
    // The terms rise to one largest and fall: from the Poisson distribution's own the tail draws it up, at most to
    // where the central tail is about 1.
    double low = std::max(0.0, std::floor(mean) - 1);
    double high = std::max(low + 2, std::ceil(second / 2 * q / (1 - q)));
    while (high - low > 2) {
        const double middle = std::floor((low + high) / 2);
        (term(middle) < term(middle + 1) ? low : high) = middle;
    }
    double peak = low;
    for (const double j : {low + 1, low + 2})
        if (term(j) > term(peak)) peak = j;
    const double largest = term(peak);
    // How far the terms reach on both sides.
    constexpr double negligible = 40;
    double above = 1, below = 1;
    while (term(peak + above) > largest - negligible) above *= 2;
    while (below < peak && term(peak - below) > largest - negligible) below *= 2;
    below = std::min(below, peak);
    const double step = std::max(1.0, std::floor((above + below) / 100));
    double sum = 1;
    for (double j = peak + step; j <= peak + above; j += step) sum += std::exp(term(j) - largest);
    for (double j = peak - step; j >= peak - below; j -= step) sum += std::exp(term(j) - largest);
    return std::min(0.0, largest + std::log(sum * step));
}

double noncentrality_of_tail(double q, double first, double second, double tail) {
    const double wanted = std::log(tail);
    const auto rest = [&](double noncentrality) {
        return log_noncentral_f_tail(q, first, second, noncentrality) - wanted;
    };
    if (q <= 0 || rest(0) >= 0) return 0;
    // Where the expectation of F is about f the tail is about a half; further away as the normal distribution says,
    // from where growing steps find both sides.
    const double middle = std::max(1.0, (first + second) * q / (1 - q));
    const double deviation = std::sqrt(4 * middle + 2 * middle * middle / second);
    const double z = -std::sqrt(2.0) * boost::math::erfc_inv(2 * tail);
    const double guess = std::max(0.0, middle + z * deviation);
    double step = 0.02 * deviation, low = guess, high = guess, at_low = rest(guess), at_high = at_low;
    while (at_high < 0) {
        low = high;
        at_low = at_high;
        high += step;
        step *= 4;
        at_high = rest(high);
    }
    while (at_low >= 0) {
        high = low;
        at_high = at_low;
        low = std::max(0.0, low - step);
        step *= 4;
        at_low = rest(low);
    }
    // Regula falsi, the Illinois way, on a function that rises all along.
    for (int i = 0; i < 200 && high - low > 1e-11 * high; ++i) {
        double next = high - at_high * (high - low) / (at_high - at_low);
        if (!(next > low && next < high) || i % 8 == 7) next = (low + high) / 2;
        const double value = rest(next);
        if (value == 0) return next;
        if (value < 0) {
            low = next;
            at_low = value;
            at_high /= 2;
        } else {
            high = next;
            at_high = value;
            at_low /= 2;
        }
    }
    return (low + high) / 2;
}

double student_t_p(double t, double df) {
    // Boost 1.83 throws where earlier versions answer "not a number".
    if (!(df > 0)) return std::numeric_limits<double>::quiet_NaN();
    const double square = t * t;
    if (!(square > 0)) return 1;
    if (std::isinf(square)) return 0;
    // The smaller of x and 1 - x is what can be told exactly.
    return square < df ? boost::math::ibetac(0.5, df / 2, square / (df + square))
                       : boost::math::ibeta(df / 2, 0.5, df / (df + square));
}

double fisher_f_p(double f, double df1, double df2) {
    if (!(df1 > 0) || !(df2 > 0)) return std::numeric_limits<double>::quiet_NaN();
    if (!(f > 0)) return 1;
    if (std::isinf(f)) return 0;
    const double part = df1 * f;
    return part < df2 ? boost::math::ibetac(df1 / 2, df2 / 2, part / (df2 + part))
                      : boost::math::ibeta(df2 / 2, df1 / 2, df2 / (df2 + part));
}

double student_t_bound(double p, double df) {
    if (!(df > 0) || std::isnan(p)) return std::numeric_limits<double>::quiet_NaN();
    double rest = 0;
    const double x = boost::math::ibeta_inv(df / 2, 0.5, p, &rest);
    return std::sqrt(df * rest / x);
}

}  // namespace landcarbon
