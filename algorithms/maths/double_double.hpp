// Land Carbon Toolbox: numbers of some 31 digits as unevaluated sums of two doubles.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace landcarbon {

/// A number as `high + low`, |low| at most half a unit in the last place of `high`: 106 bits of mantissa. Operations
/// are right to a few units of 2^-104. Finite numbers only, well within the range of doubles; nothing may contract a
/// product and a sum into one operation.
/// Sources: T. J. Dekker (1971), A floating-point technique for extending the available precision, Numerische
/// Mathematik 18, 224-242; Y. Hida, X. S. Li, D. H. Bailey (2001), Algorithms for quad-double precision floating point
/// arithmetic, 15th IEEE Symposium on Computer Arithmetic, 155-162.
struct DoubleDouble {
    double high = 0;
    double low = 0;

    double value() const { return high + low; }
};

/// a + b without rounding.
inline DoubleDouble exact_sum_of(double a, double b) {
    const double sum = a + b;
    const double part = sum - a;
    return {sum, (a - (sum - part)) + (b - part)};
}

/// a * b without rounding.
inline DoubleDouble exact_product_of(double a, double b) {
    constexpr double splitter = 134217729;  // 2^27 + 1
    const double scaled_a = splitter * a, scaled_b = splitter * b;
    const double a_high = scaled_a - (scaled_a - a), b_high = scaled_b - (scaled_b - b);
    const double a_low = a - a_high, b_low = b - b_high;
    const double product = a * b;
    return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

/// high + low for |high| >= |low|, tidied.
inline DoubleDouble tidied(double high, double low) {
    const double sum = high + low;
    return {sum, low - (sum - high)};
}

inline DoubleDouble operator-(DoubleDouble a) { return {-a.high, -a.low}; }

inline DoubleDouble operator+(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble high = exact_sum_of(a.high, b.high), low = exact_sum_of(a.low, b.low);
    const DoubleDouble sum = tidied(high.high, high.low + low.high);
    return tidied(sum.high, sum.low + low.low);
}

inline DoubleDouble operator-(DoubleDouble a, DoubleDouble b) { return a + -b; }

inline DoubleDouble operator*(DoubleDouble a, DoubleDouble b) {
    const DoubleDouble product = exact_product_of(a.high, b.high);
    return tidied(product.high, product.low + (a.high * b.low + a.low * b.high));
}

inline DoubleDouble operator*(DoubleDouble a, double b) {
    const DoubleDouble product = exact_product_of(a.high, b);
    return tidied(product.high, product.low + a.low * b);
}

inline DoubleDouble operator/(DoubleDouble a, double b) {
    const double quotient = a.high / b;
    const DoubleDouble rest = a - exact_product_of(quotient, b);
    return tidied(quotient, rest.high / b);
}

}  // namespace landcarbon
