// Land Carbon Toolbox: sums of densities times areas without rounding, so that they agree however they are parted.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>

#include "maths/cell_area.hpp"
#include "maths/exact_sum.hpp"

namespace landcarbon {

/// Adds a * b without rounding: the product, and what its rounding left over.
inline void add_product(ExactSum& sum, double a, double b) {
    const double product = a * b;
    sum.add(product);
    if (const double rest = std::fma(a, b, -product); rest != 0 && std::isfinite(rest)) sum.add(rest);
}

/// Adds density times area without rounding; the sum is in the density's unit of area times m2. Cells one by one and
/// areas of classes come to the same sum.
inline void add_amount(ExactSum& sum, double density, FixedArea area) {
    // An area holds more bits than a number: the nearest number, and what is left over.
    for (int part = 0; part < 4; ++part) {
        const double square_metres = area.square_metres();
        if (square_metres == 0) return;
        add_product(sum, density, square_metres);
        area = square_metres > 0 ? area - FixedArea::from(square_metres) : area + FixedArea::from(-square_metres);
    }
}

/// An amount in t of a sum of t/ha times m2.
inline double tonnes_of(double per_hectare_square_metres) { return per_hectare_square_metres / 10000; }

}  // namespace landcarbon
