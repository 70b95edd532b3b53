// Land Carbon Toolbox: exact areas of cells on an ellipsoid, and area sums without rounding.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/cell_area.hpp"

#include <array>
#include <cmath>

#include <boost/math/quadrature/gauss.hpp>

namespace landcarbon {

double ellipsoid_area(double semi_major, double flattening, double latitude1, double latitude2, double longitudes) {
    const double e2 = flattening * (2 - flattening);
    const double middle = (latitude1 + latitude2) / 2;
    const double half = (latitude2 - latitude1) / 2;
    // Limits in sin(lat) around their centre: difference of sines without cancellation.
    const double centre = std::sin(middle) * std::cos(half);
    const double reach = std::cos(middle) * std::sin(half);
    const auto integrand = [&](double t) {
        const double s = centre + reach * t;
        const double w = 1 - e2 * s * s;
        return 1 / (w * w);
    };
    const double mean = boost::math::quadrature::gauss<double, 15>::integrate(integrand, -1.0, 1.0);
    return std::abs(semi_major * semi_major * (1 - e2) * longitudes * reach * mean);
}

FixedArea FixedArea::from(double square_metres) {
    FixedArea area;
    int exponent = 0;
    const double fraction = std::frexp(square_metres, &exponent);  // fraction * 2^exponent
    const auto mantissa = static_cast<std::int64_t>(std::ldexp(fraction, 53));
    const int shift = exponent - 53 + 64;
    if (shift >= 0)
        area.units_ = static_cast<Units>(mantissa) << shift;
    else if (shift > -64)
        area.units_ = (static_cast<Units>(mantissa) + (static_cast<Units>(1) << (-shift - 1))) >> -shift;
    return area;
}

double FixedArea::square_metres() const {
    // GCC converts __int128 to double with one correct rounding; the scaling is exact.
    return std::ldexp(static_cast<double>(units_), -64);
}

}  // namespace landcarbon
