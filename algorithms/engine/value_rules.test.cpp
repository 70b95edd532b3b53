// Land Carbon Toolbox: tests of NODATA, VALID_RANGE and numbers that look like NoData.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_rules.hpp"

#include <cmath>

#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

struct Room {
    Spec spec;
    RasterInput map;
    RasterStack series;
    RunOptions options;
    Room() {
        spec.class_raster("land_cover", map);
        spec.raster_stack("series", series);
    }
    ValueRules rules(const std::string& nodata, const std::string& valid, const std::string& id = "series",
                     bool classes = false) {
        options.nodata = nodata;
        options.valid_range = valid;
        return ValueOptions(spec, options).of(id, classes);
    }
};

}  // namespace

TEST_CASE("NODATA and VALID_RANGE hold for all rasters or for those of a parameter", "[value_rules]") {
    Room room;
    CHECK_FALSE(room.rules("", "").any());
    const auto both = room.rules("-9999, 5..7", "0..100");
    CHECK(both.is_data(0));
    CHECK(both.is_data(100));
    for (const double none : {-9999.0, 5.0, 6.5, 7.0, 100.5, -1.0}) CHECK_FALSE(both.is_data(none));
    CHECK_FALSE(room.rules("LAND_COVER:0", "").any());
    CHECK_FALSE(room.rules("land_cover: 0", "", "land_cover", true).is_data(0));
    CHECK(room.rules("", "0..5", "land_cover", true).is_data(9));  // classes have no range
    CHECK_FALSE(room.rules("", "mod17").is_data(32761));
    CHECK(room.rules("", "mod17").is_data(32700));
    CHECK_FALSE(room.rules("", "series:mod13").is_data(-3000));
    CHECK(room.rules("", "..5").is_data(-1e30));
    CHECK(room.rules("", "0..1, series:0..9").is_data(8));
    for (const char* wrong : {"x", "1..0", "..", "forest:1", "nan", "1..inf"})
        CHECK_THROWS_AS(room.rules(wrong, ""), UserErrors);
    for (const char* wrong : {"mod99", "0..1,2..3"}) CHECK_THROWS_AS(room.rules("", wrong), UserErrors);
}

TEST_CASE("marks of NoData are known, and told only where they stand apart", "[value_rules]") {
    for (const double mark : {-9999.0, 9999.0, -999.0, -3.4028234663852886e38, -32768.0, 32761.0, 65535.0, 255.0,
                              -3000.0, 1e20, 9.969209968386869e36})
        CHECK(is_nodata_mark(mark));
    for (const double value : {0.0, 1.0, -1.0, 100.0, 998.0, 32760.0}) CHECK_FALSE(is_nodata_mark(value));
    CHECK(stands_apart(-9999, 12, 45));
    CHECK(stands_apart(-3000, -2000, 10000));
    CHECK(stands_apart(32761, 0, 32700));
    CHECK(stands_apart(255, 0, 100));
    CHECK_FALSE(stands_apart(255, 0, 254));
    CHECK_FALSE(stands_apart(-9999, -20000, 20000));
    CHECK_FALSE(stands_apart(999, 0, 998));
    CHECK_FALSE(stands_apart(-9999, 1, 0));  // there is nothing else
}

TEST_CASE("one negative number among positive measurements", "[value_rules]") {
    CHECK(is_lone_negative(-1, 5.5, 900.25));
    CHECK(is_lone_negative(-99, 2.1, 412.4));
    CHECK(is_lone_negative(-0.3, 0.1, 0.9));
    CHECK_FALSE(is_lone_negative(-0.3, 0.0, 15.1));  // tenths of a degree
    CHECK_FALSE(is_lone_negative(-1, 0, 500));       // a coast in whole metres
    CHECK_FALSE(is_lone_negative(-1, -0.5, 0.9));    // others are negative
    CHECK_FALSE(is_lone_negative(-1, 0.001, 358000.5));
}

TEST_CASE("codes above percentages in bytes", "[value_rules]") {
    CHECK(lies_above_percent(127, 0, 100));
    CHECK(lies_above_percent(200, 3, 87));
    CHECK_FALSE(lies_above_percent(127, 0, 118));
    CHECK_FALSE(lies_above_percent(200, 0, 190));
    CHECK_FALSE(lies_above_percent(110, 0, 100));
}

TEST_CASE("a step of another size", "[value_rules]") {
    const auto odd = other_scale({500, 502, 498, 5050, 505});
    REQUIRE(odd);
    CHECK(odd->step == 3);
    CHECK(odd->ratio == Approx(5050 / 502.0));
    CHECK(other_scale({500, 502, 0.05, 505})->step == 2);
    CHECK(other_scale({1, 1.1, 0.9, 86.4})->step == 3);
    CHECK_FALSE(other_scale({500, 502, 5000}).has_value());       // too few to say which
    CHECK_FALSE(other_scale({1, 8, 18, 25, 20, 9}).has_value());  // two months each
    CHECK_FALSE(other_scale({3, 8, 20, 45, 90, 160, 240, 210, 110, 50, 15, 4}).has_value());
    CHECK_FALSE(other_scale({500, 502, 498, 1600, 505}).has_value());  // a good year
    CHECK_FALSE(other_scale({500, 502, 5000, 5050, 505}).has_value());
    CHECK_FALSE(other_scale({0, 0, 0, 10}).has_value());
    CHECK_FALSE(other_scale({-1, 2, -1.5, 1, 0.1}).has_value());
    CHECK(std::isnan(middle_of({1, 2, 3, 4})));
    CHECK(middle_of({5, 1, 4, 2, 3}) == 3);
}
