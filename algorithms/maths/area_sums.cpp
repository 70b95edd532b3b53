// Land Carbon Toolbox: exact sums of values over cells and their areas, for means and spreads of zones.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/area_sums.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>

namespace landcarbon {
namespace {

/// Adds a b, exactly: the rounded product and what the rounding left over.
void add_product(ExactSum& sum, double a, double b) {
    const double product = a * b;
    sum.add(product);
    sum.add(std::fma(a, b, -product));
}

constexpr std::size_t lanes = 8;

/// Bounds of the values that are not NaN, and how many they are.
template <class T>
RowSums bounds_of(const T* values, std::size_t count) {
    T low[lanes], high[lanes];
    std::int32_t found[lanes] = {};
    std::fill_n(low, lanes, std::numeric_limits<T>::infinity());
    std::fill_n(high, lanes, -std::numeric_limits<T>::infinity());
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const T x = values[i + lane];
            // Comparisons with NaN are false.
            low[lane] = x < low[lane] ? x : low[lane];
            high[lane] = x > high[lane] ? x : high[lane];
            found[lane] += x == x;
        }
    for (; i < count; ++i) {
        const T x = values[i];
        low[0] = x < low[0] ? x : low[0];
        high[0] = x > high[0] ? x : high[0];
        found[0] += x == x;
    }
    RowSums bounds;
    for (const std::int32_t n : found) bounds.count += n;
    bounds.low = static_cast<double>(*std::min_element(low, low + lanes));
    bounds.high = static_cast<double>(*std::max_element(high, high + lanes));
    return bounds;
}

}  // namespace

// With u the unit and 2^8 the most values: |x| < 2^(e+1) = 2^45 u, and sums of values stay below 2^53 u. Squares, below
// 2^(2e+2), part into multiples of U = 2^(2e-43), whose sums stay below 2^53 U, and rests, multiples of u^2 that are no
// larger than U / 2 = 2^44 u^2, whose sums stay below 2^52 u^2. Adding 1.5 * 2^52 units and taking them away again
// rounds to whole units.
template <class T>
RowSums sum_row(const T* values, std::size_t count) {
    RowSums row = bounds_of(values, count);
    const double largest = std::max(std::abs(row.low), std::abs(row.high));
    if (row.count == 0 || !(largest <= largest_summed_value)) return row;
    if (largest == 0) {
        row.exact = true;
        return row;
    }
    if (largest < 1e-100) return row;
    const int exponent = std::ilogb(largest);
    const double to_unit = std::ldexp(1.5, 52 + exponent - 44), to_square = std::ldexp(1.5, 52 + 2 * exponent - 43);
    double sum[lanes] = {}, squares[lanes] = {}, rests[lanes] = {}, off[lanes] = {};
    const auto add = [&](T value, std::size_t lane) {
        const double x = value == value ? static_cast<double>(value) : 0.0;
        off[lane] += std::abs(((x + to_unit) - to_unit) - x) + std::abs(static_cast<double>(static_cast<float>(x)) - x);
        sum[lane] += x;
        const double square = x * x;
        const double whole = (square + to_square) - to_square;
        squares[lane] += whole;
        rests[lane] += square - whole;
    };
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) add(values[i + lane], lane);
    for (; i < count; ++i) add(values[i], 0);
    double all_off = 0;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
        all_off += off[lane];
        row.sum += sum[lane];
        row.squares += squares[lane];
        row.small_squares += rests[lane];
    }
    row.exact = all_off == 0;
    return row;
}

template RowSums sum_row(const float* values, std::size_t count);
template RowSums sum_row(const double* values, std::size_t count);

void add_value(AreaSums<ExactSum>& sums, double x) {
    sums.values.add(x);
    // The square of a number of 24 bits has 48: nothing is left over.
    if (static_cast<double>(static_cast<float>(x)) == x)
        sums.squares.add(x * x);
    else
        add_product(sums.squares, x, x);
}

void add_weighted(AreaSums<ExactSum>& sums, double x, double hectares) {
    const double product = hectares * x;
    const double rest = std::fma(hectares, x, -product);
    sums.values.add(product);
    sums.values.add(rest);
    add_product(sums.squares, product, x);
    sums.squares.add(rest * x);
}

template <class T>
RowSums add_row(AreaSums<ExactSum>& sums, const T* values, std::size_t count, FixedArea area, bool varying,
                bool plain) {
    const double hectares = area.hectares();
    RowSums all;
    for (std::size_t first = 0; first < count; first += longest_row) {
        const std::size_t length = std::min(longest_row, count - first);
        const RowSums row = sum_row(values + first, length);
        if (row.count == 0) continue;
        all.low = all.count == 0 ? row.low : std::min(all.low, row.low);
        all.high = all.count == 0 ? row.high : std::max(all.high, row.high);
        all.count += row.count;
        if (std::max(std::abs(row.low), std::abs(row.high)) > largest_summed_value) return all;
        if (!row.exact) {
            for (std::size_t i = first; i < first + length; ++i) {
                const auto x = static_cast<double>(values[i]);
                if (std::isnan(x)) continue;
                if (varying)
                    add_weighted(sums, x, hectares);
                else
                    add_value(sums, x);
                if (varying && plain) sums.plain.add(x);
            }
        } else if (varying) {
            add_product(sums.values, row.sum, hectares);
            add_product(sums.squares, row.squares, hectares);
            if (row.small_squares != 0) add_product(sums.squares, row.small_squares, hectares);
            if (plain) sums.plain.add(row.sum);
        } else {
            sums.values.add(row.sum);
            sums.squares.add(row.squares);
            if (row.small_squares != 0) sums.squares.add(row.small_squares);
        }
    }
    sums.cells += all.count;
    sums.area += all.count * area;
    if (varying && all.count > 0) add_product(sums.weights, static_cast<double>(all.count), hectares);
    return all;
}

template RowSums add_row(AreaSums<ExactSum>&, const float*, std::size_t, FixedArea, bool, bool);
template RowSums add_row(AreaSums<ExactSum>&, const double*, std::size_t, FixedArea, bool, bool);

AreaMoments area_moments(const AreaSums<PackedSum>& sums, bool varying_areas) {
    using Quad = boost::multiprecision::cpp_bin_float_quad;
    const auto whole = [](const PackedSum& sum) {
        const auto [rounded, rest] = sum.parts();
        return Quad(rounded) + Quad(rest);
    };
    const Quad weight = varying_areas ? whole(sums.weights) : Quad(sums.cells);
    const Quad mean = whole(sums.values) / weight;
    const Quad variance = whole(sums.squares) / weight - mean * mean;
    // What is left of equal values is rounding.
    const bool spread = variance > mean * mean * Quad(1e-30);
    return {static_cast<double>(mean), spread ? static_cast<double>(sqrt(variance)) : 0.0};
}

}  // namespace landcarbon
