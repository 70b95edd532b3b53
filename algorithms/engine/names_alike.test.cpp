// Land Carbon Toolbox: tests of names that people write in several ways.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/names_alike.hpp"

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("names that differ by case, accents or blanks alone are told with their counts", "[names_alike]") {
    CHECK(names_alike({"Forest", "crop", "forest"}, {30, 5, 1}, "row") == "\"Forest\" (30 rows), \"forest\" (1 row)");
    CHECK(names_alike({"Red Earth", "RedEarth"}, {}, "row") == "\"Red Earth\", \"RedEarth\"");
    CHECK_FALSE(names_alike({"Málaga", "Malaga"}, {}, "row").empty());
    CHECK(names_alike({"Forest", "Forests", "crop"}, {}, "row").empty());
    CHECK(names_alike({"Qh", "QH", "qh"}, {}, "row").empty());  // short codes
    CHECK(names_alike({"A-100", "A100"}, {}, "row").empty());   // codes
    CHECK(names_alike({"延安", "榆林"}, {}, "row").empty());
}
