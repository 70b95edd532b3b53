// Land Carbon Toolbox: a local plane of true areas around a point of the ellipsoid.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/equal_area_plane.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace landcarbon {
namespace {

constexpr double right_angle = std::numbers::pi / 2;

}  // namespace

EqualAreaPlane::EqualAreaPlane(double semi_major, double flattening, double latitude)
    : semi_major_(semi_major),
      squared_eccentricity_(flattening * (2 - flattening)),
      pole_(authalic(right_angle)),
      radius_(semi_major * std::sqrt(pole_ / 2)) {
    // At the poles themselves the formulas below are 0/0, and any centre nearby does as well.
    const double centre = std::clamp(latitude, -right_angle * 89 / 90, right_angle * 89 / 90);
    centre_ = parallel(centre);
    const double parallel_radius =
        std::cos(centre) / std::sqrt(1 - squared_eccentricity_ * std::sin(centre) * std::sin(centre));
    stretch_ = semi_major_ * parallel_radius / (radius_ * centre_.cosine);
}

double EqualAreaPlane::authalic(double latitude) const {
    const double sine = std::sin(latitude);
    if (squared_eccentricity_ <= 0) return 2 * sine;
    const double e = std::sqrt(squared_eccentricity_);
    return (1 - squared_eccentricity_) * (sine / (1 - squared_eccentricity_ * sine * sine) + std::atanh(e * sine) / e);
}

EqualAreaPlane::Parallel EqualAreaPlane::parallel(double latitude) const {
    const double sine = std::clamp(authalic(latitude) / pole_, -1.0, 1.0);
    return {sine, std::sqrt((1 - sine) * (1 + sine))};
}

std::array<double, 2> EqualAreaPlane::project(double latitude, double longitude) const {
    return project(parallel(latitude), std::sin(longitude), std::cos(longitude));
}

std::optional<std::array<double, 2>> EqualAreaPlane::unproject(double x, double y) const {
    const double u = x / stretch_;
    const double v = y * stretch_;
    const double distance = std::hypot(u, v);
    if (!(distance < 2 * radius_)) return std::nullopt;
    const double angle = 2 * std::asin(distance / (2 * radius_));
    const double sine = std::sin(angle);
    const double cosine = std::cos(angle);
    const double rise = distance > 0 ? v / distance : 0;
    const double q = pole_ * std::clamp(cosine * centre_.sine + rise * sine * centre_.cosine, -1.0, 1.0);
    const double longitude = std::atan2(u * sine, distance * centre_.cosine * cosine - v * centre_.sine * sine);
    // Newton's steps from the authalic latitude; near the poles cos vanishes, and the first value is good there.
    double latitude = std::asin(q / pole_);
    for (int i = 0; i < 20 && std::abs(latitude) < right_angle - 1e-9; ++i) {
        const double s = std::sin(latitude);
        const double within = 1 - squared_eccentricity_ * s * s;
        const double step =
            within * within / (2 * (1 - squared_eccentricity_) * std::cos(latitude)) * (q - authalic(latitude));
        latitude = std::clamp(latitude + step, -right_angle, right_angle);
        if (std::abs(step) < 1e-15) break;
    }
    return std::array{latitude, distance > 0 ? longitude : 0.0};
}

double EqualAreaPlane::reach(double angle) const {
    return 2 * radius_ * std::sin(std::min(angle, std::numbers::pi) / 2) * std::max(stretch_, 1 / stretch_);
}

std::optional<double> EqualAreaPlane::azimuth(double x, double y, double east, double north) const {
    const double length = std::hypot(east, north);
    const double step = 10;  // metres: far above rounding, far below any change of direction
    const auto from = unproject(x - step * east / length, y - step * north / length);
    const auto to = unproject(x + step * east / length, y + step * north / length);
    const auto at = unproject(x, y);
    if (!from || !to || !at) return std::nullopt;
    const double sine = std::sin((*at)[0]);
    const double within = 1 - squared_eccentricity_ * sine * sine;
    // Metres: along the meridian (1 - e2) / within^(3/2), along the parallel cos / within^(1/2).
    const double rise = ((*to)[0] - (*from)[0]) * (1 - squared_eccentricity_) / within;
    const double run = ((*to)[1] - (*from)[1]) * std::cos((*at)[0]);
    const double angle = std::atan2(run, rise);
    return angle < 0 ? angle + 2 * std::numbers::pi : angle;
}

}  // namespace landcarbon
