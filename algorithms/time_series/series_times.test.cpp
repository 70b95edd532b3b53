// Land Carbon Toolbox: tests of the reader of years.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/series_times.hpp"

#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

std::string message(const std::string& years, std::size_t steps) {
    try {
        series_times(years, steps, "years");
    } catch (const UserError& error) {
        CHECK(error.parameter() == "years");
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("years: lists, ranges and none", "[series_times]") {
    CHECK(series_times("", 4, "years") == std::vector<double>{1, 2, 3, 4});
    CHECK(series_times("  ", 0, "years").empty());
    CHECK(series_times("1990,1995, 2000", 3, "years") == std::vector<double>{1990, 1995, 2000});
    CHECK(series_times("1998-2001", 4, "years") == std::vector<double>{1998, 1999, 2000, 2001});
    CHECK(series_times("1985, 1990 - 1992,2000.5", 5, "years") == std::vector<double>{1985, 1990, 1991, 1992, 2000.5});
    CHECK(series_times("-3--1,5", 4, "years") == std::vector<double>{-3, -2, -1, 5});
    CHECK(series_times("2000-2000", 1, "years") == std::vector<double>{2000});
    CHECK(read_years("", "years").empty());
}

TEST_CASE("years: what is wrong is named", "[series_times]") {
    CHECK_THAT(message("1990,abc", 2), ContainsSubstring("YEARS: \"abc\" is not a year"));
    CHECK_THAT(message("1990,inf", 2), ContainsSubstring("\"inf\" is not a year"));
    CHECK_THAT(message("1990,nan", 2), ContainsSubstring("\"nan\" is not a year"));
    CHECK_THAT(message("1990-", 2), ContainsSubstring("\"1990-\" is not a year"));
    CHECK_THAT(message("1990,1990", 2), ContainsSubstring("1990 follows 1990"));
    CHECK_THAT(message("1990-1995,1993", 7), ContainsSubstring("1993 follows 1995"));
    CHECK_THAT(message("2010-2000", 11), ContainsSubstring("runs backwards"));
    CHECK_THAT(message("1990,1991", 3), ContainsSubstring("2 years for a series of 3 steps"));
    CHECK_THAT(message("1-999999999999", 3), ContainsSubstring("more than 1000000 years"));
    CHECK_THAT(message("-9223372036854775808-9223372036854775807", 3), ContainsSubstring("more than 1000000 years"));
}

TEST_CASE("years in words", "[series_times]") {
    CHECK(times_text({1, 2, 3}, false) == "1..3 (no years given)");
    CHECK(times_text({2001, 2002, 2003}, true) == "3 years, 2001 to 2003");
    CHECK(times_text({1990, 1995, 2005}, true) == "3 years, 1990, 1995, 2005 (uneven steps)");
}

TEST_CASE("steps that must hold a value: half, rounded up, at least four", "[series_times]") {
    CHECK(default_min_valid(1) == 4);
    CHECK(default_min_valid(8) == 4);
    CHECK(default_min_valid(9) == 5);
    CHECK(default_min_valid(20) == 10);
    CHECK(default_min_valid(21) == 11);
}
