// Land Carbon Toolbox: logarithm and exponential without branches or tables, for loops that the compiler vectorises.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace landcarbon {

/// Natural logarithm of a positive, normal, finite number, to within 1 unit in the last place. NaN stays NaN; what else
/// it gives for other numbers has no meaning.
/// Source: x = 2^k (1 + f), log(1 + f) = f - f^2/2 + s (f^2/2 + R(s^2)), s = f / (2 + f), with the minimax polynomial R
/// of Sun's fdlibm (e_log.c, 1993).
inline double lane_log(double x) {
    constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;
    const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
    // Exponent such that the mantissa lies in sqrt(1/2) .. sqrt(2). Counted from 2048 up, it fits the mantissa of a
    // double, which turns it into a number without a conversion of integers.
    const std::uint64_t shifted = bits - sqrt_half + (std::uint64_t{2048} << 52);
    const std::uint64_t exponent = ((shifted >> 52) & 0xfff);
    const double k = std::bit_cast<double>(0x4330000000000000ULL | exponent) - 4503599627370496.0 - 2048.0;
    const double m = std::bit_cast<double>(bits - ((exponent - 2048) << 52));
    const double f = m - 1.0;
    const double s = f / (2.0 + f);
    const double z = s * s;
    const double w = z * z;
    const double even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
    const double odd =
        z * (6.666666666666735130e-01 +
             w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
    const double half_square = 0.5 * f * f;
    const double result = k * 6.93147180369123816490e-01 -
                          ((half_square - (s * (half_square + (even + odd)) + k * 1.90821492927058770002e-10)) - f);
    return x == x ? result : x;
}

/// e^x to within 1 unit in the last place for x in -700 .. 700, beyond which x counts as that bound. NaN stays NaN.
/// Source: e^x = 2^k e^r, |r| <= ln(2)/2, e^r from the rational approximation of Sun's fdlibm (e_exp.c, 1993).
inline double lane_exp(double x) {
    constexpr double shifter = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
    const double clamped = x > 700.0 ? 700.0 : (x < -700.0 ? -700.0 : x);
    const double shifted = clamped * 1.44269504088896338700e+00 + shifter;
    const double k = shifted - shifter;
    const double high = clamped - k * 6.93147180369123816490e-01;
    const double low = k * 1.90821492927058770002e-10;
    const double r = high - low;
    const double t = r * r;
    const double c = r - t * (1.66666666666666019037e-01 +
                              t * (-2.77777777770155933842e-03 +
                                   t * (6.61375632143793436117e-05 +
                                        t * (-1.65339022054652515390e-06 + t * 4.13813679705723846039e-08))));
    const double y = 1.0 - ((low - (r * c) / (2.0 - c)) - high);
    // 2^k: the whole number stands in the last bits of `shifted`.
    const std::uint64_t power = std::bit_cast<std::uint64_t>(shifted) << 52;
    const double result = std::bit_cast<double>(std::bit_cast<std::uint64_t>(y) + power);
    return x == x ? result : x;
}

/// e^x in single precision with a relative error below 1.2e-7 (2 units in the last place) for x in -87 .. 88, beyond
/// which x counts as that bound. NaN stays NaN. Source: e^x = 2^k e^r, |r| <= ln(2)/2, e^r by the polynomial of degree
/// 6 of Cephes' expf (Moshier 1992).
inline float lane_exp_single(float x) {
    constexpr float shifter = 12582912.0f;  // 1.5 * 2^23: adding it rounds to a whole number
    const float clamped = x > 88.0f ? 88.0f : (x < -87.0f ? -87.0f : x);
    const float shifted = clamped * 1.44269504088896341f + shifter;
    const float k = shifted - shifter;
    const float r = (clamped - k * 0.693359375f) + k * 2.12194440e-4f;
    const float square = r * r;
    float y = 1.9875691500e-4f;
    y = y * r + 1.3981999507e-3f;
    y = y * r + 8.3334519073e-3f;
    y = y * r + 4.1665795894e-2f;
    y = y * r + 1.6666665459e-1f;
    y = y * r + 5.0000001201e-1f;
    y = (y * square + r) + 1.0f;
    // 2^k: the whole number stands in the last bits of `shifted`.
    const std::uint32_t power = std::bit_cast<std::uint32_t>(shifted) << 23;
    const float result = std::bit_cast<float>(std::bit_cast<std::uint32_t>(y) + power);
    return x == x ? result : x;
}

}  // namespace landcarbon
