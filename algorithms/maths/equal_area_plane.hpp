// Land Carbon Toolbox: a local plane of true areas around a point of the ellipsoid.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace landcarbon {

/// Lambert's azimuthal equal-area projection of the ellipsoid: x to the east, y to the north, metres from the centre.
/// Angles in radians; longitudes are differences from the centre's. Areas are exact everywhere; near the centre
/// directions and distances are true as well (10 degrees away distances are within 0.4 %).
/// Source: Snyder 1987, USGS PP 1395, equations 24-13 to 24-32 and 3-11 to 3-16.
class EqualAreaPlane {
public:
    /// @param semi_major m; @param flattening 0 for a sphere; @param latitude of the centre, kept 1 degree off the
    /// poles
    EqualAreaPlane(double semi_major, double flattening, double latitude);

    /// Sine and cosine of a parallel's authalic latitude: worked out once for all points of the parallel.
    struct Parallel {
        double sine = 0;
        double cosine = 1;
    };
    Parallel parallel(double latitude) const;
    /// @param sine, cosine of the longitude's difference from the centre
    std::array<double, 2> project(const Parallel& parallel, double sine, double cosine) const {
        const double across = parallel.cosine * cosine;
        const double nearness = std::max(1e-12, 1 + centre_.sine * parallel.sine + centre_.cosine * across);
        const double scale = radius_ * std::sqrt(2 / nearness);
        return {scale * stretch_ * parallel.cosine * sine,
                scale / stretch_ * (centre_.cosine * parallel.sine - centre_.sine * across)};
    }
    std::array<double, 2> project(double latitude, double longitude) const;
    /// {latitude, longitude}, or nothing for a point outside the projection's disk.
    std::optional<std::array<double, 2>> unproject(double x, double y) const;
    /// No point of the plane that is `angle` away from the centre on the sphere of equal area is farther than this, m.
    double reach(double angle) const;
    /// Azimuth on the ellipsoid (clockwise from true north, 0 to 2 pi) of the plane's direction (east, north) at a
    /// point of the plane; nothing outside the disk.
    std::optional<double> azimuth(double x, double y, double east, double north) const;

private:
    double authalic(double latitude) const;
    double semi_major_;
    double squared_eccentricity_;
    double pole_;    ///< authalic() of the pole
    double radius_;  ///< of the sphere of equal area
    Parallel centre_;
    double stretch_;  ///< Snyder's D
};

}  // namespace landcarbon
