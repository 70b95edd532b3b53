// Land Carbon Toolbox: tests of dates on time axes. Expected dates: netCDF4's num2date.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/time_axis.hpp"

#include "support/catch.hpp"

using landcarbon::date_on_axis;

TEST_CASE("Values of time axes are dates by the CF conventions", "[time_axis]") {
    CHECK(date_on_axis(37071, "days since 1900-01-01", "standard") == "2001-07-01");
    CHECK(date_on_axis(37071 * 24.0, "hours since 1900-01-01 00:00:00.0", "gregorian") == "2001-07-01");
    CHECK(date_on_axis(994032000, "seconds since 1970-01-01T00:00:00Z", "") == "2001-07-02");
    CHECK(date_on_axis(0, "days since 2000-02-29", "standard") == "2000-02-29");
    CHECK(date_on_axis(366, "days since 2000-02-29", "standard") == "2001-03-01");
    CHECK(date_on_axis(-1, "days since 1970-1-1", "proleptic_gregorian") == "1969-12-31");
    CHECK(date_on_axis(151 * 365 + 181, "days since 1850-01-01", "noleap") == "2001-07-01");
    CHECK(date_on_axis(151 * 360 + 181, "days since 1850-01-01", "360_day") == "2001-07-02");
    CHECK(date_on_axis(13, "months since 2001-01-01", "standard") == "2002-02-01");
    CHECK(date_on_axis(-1, "months since 2001-01-01", "standard") == "2000-12-01");
    CHECK(date_on_axis(2001, "years since 0000-01-01", "standard") == "2001-01-01");
    CHECK(date_on_axis(20010701.5, "day as %Y%m%d.%f", "proleptic_gregorian") == "2001-07-01");
}

TEST_CASE("What is no time axis gives no date", "[time_axis]") {
    CHECK(date_on_axis(850, "hPa", "").empty());
    CHECK(date_on_axis(1, "furlongs since 1900-01-01", "").empty());
    CHECK(date_on_axis(1, "days since the flood", "").empty());
    CHECK(date_on_axis(1e300, "days since 1900-01-01", "").empty());
}
