// Land Carbon Toolbox: areas on the ellipsoid against closed forms, and exact area sums.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/cell_area.hpp"

#include <cmath>
#include <numbers>
#include <random>

#include "support/catch.hpp"

using landcarbon::ellipsoid_area;
using landcarbon::FixedArea;

namespace {

constexpr double degree = std::numbers::pi / 180;
constexpr double wgs84_axis = 6378137;
constexpr double wgs84_flattening = 1 / 298.257223563;

double relative(double value, double expected) { return std::abs(value / expected - 1); }

}  // namespace

TEST_CASE("ellipsoid area: the closed form of the authalic integral", "[cell_area]") {
    // Expected: a^2 (1-e^2) dlon [s / (2 (1 - e^2 s^2)) + atanh(e s) / (2 e)], evaluated with 60 digits.
    const auto area = [](double south, double north, double width) {
        return ellipsoid_area(wgs84_axis, wgs84_flattening, south * degree, north * degree, width * degree);
    };
    CHECK(relative(area(39, 40, 1), 9549520094.03114826998712043) < 1e-14);
    CHECK(relative(area(0, 1, 1), 12308463893.9753521129795050) < 1e-14);
    CHECK(relative(area(89, 90, 1), 108866681.636207673840449619548) < 1e-13);
    // Differences of nearby parallels lose no digits: the formula with sin(lat2) - sin(lat1) would lose eight here.
    CHECK(relative(area(45, 45.000001, 0.000001), 0.00876238885203714489269464) <
          1e-8);  // the limits are rounded to 1e-14 degrees
    CHECK(relative(area(-60.00025, -60, 0.00025), 388.548905101344984045) < 1e-10);
    // The sign of the latitude step does not matter, nor the hemisphere.
    CHECK(area(40, 39, 1) == area(39, 40, 1));
    CHECK(relative(area(-40, -39, 1), area(39, 40, 1)) < 1e-15);
}

TEST_CASE("ellipsoid area: the whole Earth in one-degree cells", "[cell_area]") {
    FixedArea total;
    for (int row = 0; row < 180; ++row)
        total += 360 * FixedArea::from(ellipsoid_area(wgs84_axis, wgs84_flattening, (90 - row) * degree,
                                                      (89 - row) * degree, degree));
    CHECK(relative(total.square_metres(), 510065621724088.509) < 1e-14);
    CHECK(relative(total.square_metres() / 1e6, 510065621.7) < 1e-9);
}

TEST_CASE("ellipsoid area: a sphere has its closed form", "[cell_area]") {
    const double radius = 6371007.2;
    for (const double north : {1.0, 30.0, 60.0, 90.0}) {
        const double expected = radius * radius * degree * (std::sin(north * degree) - std::sin((north - 1) * degree));
        CHECK(relative(ellipsoid_area(radius, 0, (north - 1) * degree, north * degree, degree), expected) < 1e-12);
    }
    const double all = ellipsoid_area(radius, 0, -90 * degree, 90 * degree, 360 * degree);
    CHECK(relative(all, 4 * std::numbers::pi * radius * radius) < 1e-14);
}

TEST_CASE("ellipsoid area: another ellipsoid (Clarke 1866 of NAD27)", "[cell_area]") {
    const double flattening = 1 - 6356583.8 / 6378206.4;
    CHECK(relative(ellipsoid_area(6378206.4, flattening, 39 * degree, 40 * degree, degree), 9549589302.45095140532566) <
          1e-13);
}

TEST_CASE("ellipsoid area: parts add up to the whole", "[cell_area]") {
    const double whole = ellipsoid_area(wgs84_axis, wgs84_flattening, 20 * degree, 21 * degree, degree);
    double parts = 0;
    for (int i = 0; i < 1000; ++i)
        parts += ellipsoid_area(wgs84_axis, wgs84_flattening, (20 + i / 1000.0) * degree,
                                (20 + (i + 1) / 1000.0) * degree, degree);
    CHECK(relative(parts, whole) < 1e-12);
    CHECK(ellipsoid_area(wgs84_axis, wgs84_flattening, 0.5, 0.5, 1) == 0);
}

TEST_CASE("fixed area: values that fit come back bit for bit", "[cell_area]") {
    for (const double value : {0.0, 1.0, 0.25, 10000.0, 900.0, 0.1, 123456.789, 1e15, 4.6e18, 0.00123})
        CHECK(FixedArea::from(value).square_metres() == value);
    CHECK(FixedArea::from(10000).hectares() == 1);
    // Below 2^-64 m2 nothing is left; above, the rounding is half a unit.
    CHECK(FixedArea::from(std::ldexp(1.0, -70)).square_metres() == 0);
    CHECK(FixedArea::from(std::ldexp(1.0, -64)).square_metres() == std::ldexp(1.0, -64));
    CHECK(std::abs(FixedArea::from(1e-15).square_metres() - 1e-15) <= std::ldexp(1.0, -65));
}

TEST_CASE("fixed area: sums and products are exact in any order", "[cell_area]") {
    std::mt19937_64 random(3);
    std::vector<FixedArea> areas;
    for (int i = 0; i < 3000; ++i) areas.push_back(FixedArea::from(static_cast<double>(random() >> 20) / 65536.0));
    FixedArea forward, backward;
    for (std::size_t i = 0; i < areas.size(); ++i) {
        forward += areas[i];
        backward += areas[areas.size() - 1 - i];
    }
    CHECK(forward == backward);
    const FixedArea cell = FixedArea::from(0.1);
    FixedArea sum;
    for (int i = 0; i < 100000; ++i) sum += cell;
    CHECK(sum == 100000 * cell);
    CHECK(sum - 99999 * cell == cell);
    CHECK(99999 * cell < sum);
    // 4.9e9 cells of 900 m2, more than 2^32 of them.
    CHECK((std::int64_t{4900000000} * FixedArea::from(900)).square_metres() == 4.41e12);
    CHECK((FixedArea::from(1) - FixedArea::from(3)).square_metres() == -2);
}
