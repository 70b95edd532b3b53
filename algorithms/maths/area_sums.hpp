// Land Carbon Toolbox: exact sums of values over cells and their areas, for means and spreads of zones.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "maths/cell_area.hpp"
#include "maths/exact_sum.hpp"

namespace landcarbon {

/// Values beyond it can neither be squared nor summed.
constexpr double largest_summed_value = 1e100;

/// Sums over cells. T is ExactSum while cells are added, PackedSum afterwards. Nothing is rounded on the way but the
/// square of a value times an area, to 106 bits: cells may come in any order.
template <class T>
struct AreaSums {
    T values;   ///< of values, each times the hectares of its cell where areas vary
    T squares;  ///< of squared values, likewise
    T weights;  ///< of the hectares, where areas vary
    T plain;    ///< of values alone, where areas vary
    std::int64_t cells = 0;
    FixedArea area;

    template <class Other>
    void merge(const AreaSums<Other>& other) {
        values.merge(other.values);
        squares.merge(other.squares);
        weights.merge(other.weights);
        plain.merge(other.plain);
        cells += other.cells;
        area += other.area;
    }
};

/// Mean and standard deviation over an area: m = sum a x / sum a, sd = sqrt(sum a (x - m)^2 / sum a) (all cells are
/// known: no sample). Evaluated with 113 bits, so that a large level costs the spread no digits and equal values have
/// their value as mean and a spread of 0.
struct AreaMoments {
    double mean = 0, sd = 0;
};
/// @param varying_areas whether the sums hold areas; some cell must count
AreaMoments area_moments(const AreaSums<PackedSum>& sums, bool varying_areas);

/// Adds one value: to `values` and `squares` alone, or with the hectares that it holds for.
void add_value(AreaSums<ExactSum>& sums, double x);
void add_weighted(AreaSums<ExactSum>& sums, double x, double hectares);

/// Count, bounds, and sums of some values and of their squares. `squares` are in two parts, both exact.
struct RowSums {
    std::int64_t count = 0;
    double low = 0, high = 0;  ///< of those that count; where there is one
    double sum = 0, squares = 0, small_squares = 0;
    bool exact = false;  ///< false: the sums hold nothing
};
/// Most values that sum_row takes at once.
constexpr std::size_t longest_row = 256;
/// Sums values of which NaN do not count. The sums are exact, in any order: all values are multiples of a unit so large
/// that no sum needs more than 53 bits of it. Where there is no such unit (more than 24 bits a value, or some values
/// 2^20 times as large as others), `exact` is false and the values are to be added one by one. T is float or double.
template <class T>
RowSums sum_row(const T* values, std::size_t count);

/// Adds a row's cells of one area: count, area, values and squares. NaN do not count.
/// @param plain whether `plain` is wanted where areas vary
/// @return its bounds, or nothing summed and a bound beyond largest_summed_value
template <class T>
RowSums add_row(AreaSums<ExactSum>& sums, const T* values, std::size_t count, FixedArea area, bool varying, bool plain);

}  // namespace landcarbon
