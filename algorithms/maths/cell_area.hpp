// Land Carbon Toolbox: exact areas of cells on an ellipsoid, and area sums without rounding.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

namespace landcarbon {

/// Area in m2 of the ellipsoid's surface between two parallels over a difference of longitude.
/// @param semi_major m; @param flattening 0 for a sphere; latitudes and longitude difference in radians.
/// Source: the authalic area integral a^2 (1-e^2) dlon * integral of cos(lat) / (1 - e^2 sin^2 lat)^2 (Snyder 1987,
/// USGS PP 1395, eq. 3-12), by Gauss-Legendre quadrature in sin(lat), so that small cells lose no digits.
double ellipsoid_area(double semi_major, double flattening, double latitude1, double latitude2, double longitudes);

/// An area in units of 2^-64 m2: sums and products with counts are exact up to 2^62 m2 (9000 times the Earth).
class FixedArea {
public:
    FixedArea() = default;
    /// @param square_metres finite, 0 <= value < 2^62
    static FixedArea from(double square_metres);
    double square_metres() const;
    double hectares() const { return square_metres() / 10000.0; }
    FixedArea& operator+=(FixedArea other) {
        units_ += other.units_;
        return *this;
    }
    friend FixedArea operator+(FixedArea a, FixedArea b) { return a += b; }
    friend FixedArea operator-(FixedArea a, FixedArea b) {
        a.units_ -= b.units_;
        return a;
    }
    friend FixedArea operator*(std::int64_t count, FixedArea area) {
        area.units_ *= count;
        return area;
    }
    friend bool operator==(FixedArea a, FixedArea b) { return a.units_ == b.units_; }
    friend bool operator<(FixedArea a, FixedArea b) { return a.units_ < b.units_; }

private:
    __extension__ typedef __int128 Units;
    Units units_ = 0;
};

}  // namespace landcarbon
