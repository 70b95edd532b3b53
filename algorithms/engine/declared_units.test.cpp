// Land Carbon Toolbox: tests of units that rasters declare.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/declared_units.hpp"

#include "support/catch.hpp"

using namespace landcarbon;

TEST_CASE("units are read as files write them", "[declared_units]") {
    const auto factor = [](const char* text) {
        const auto unit = read_unit(text);
        REQUIRE(unit);
        return unit->factor;
    };
    // kg, m, years: 1 t/ha is 0.1 kg/m2.
    for (const char* same : {"t/ha", "Mg ha-1", "tC/ha", "t C ha^-1", "MgC/ha", "t ha**-1", "t_C/ha"}) {
        INFO(same);
        CHECK(factor(same) == Approx(0.1));
        CHECK(read_unit(same)->length == -2);
    }
    CHECK(factor("mg") == Approx(1e-6));
    CHECK(factor("Mg") == Approx(1e3));
    CHECK(factor("kg m-2 s-1") == Approx(365.25 * 86400));
    CHECK(factor("0.1 mm") == Approx(1e-4));
    CHECK(read_unit("tCO2/ha/yr")->co2);
    CHECK(read_unit("t CO2 ha-1")->co2);
    CHECK_FALSE(read_unit("t C/ha/yr")->co2);
    CHECK(read_unit("t/cell")->cells == -1);
    for (const auto& [text, area] : {std::pair{"t/ha", 1e4},
                                     {"g C m-2 yr-1", 1.0},
                                     {"gC/m2", 1.0},
                                     {"kg km^-2", 1e6},
                                     {"t C ha-1 a-1", 1e4},
                                     {"t/cell", 0.0},
                                     {"kg", 0.0},
                                     {"m", 0.0},
                                     {"mm", 0.0}}) {
        INFO(text);
        CHECK(read_unit(text)->area == area);
    }
    for (const char* unknown :
         {"", "1", "-", "degC", "K", "NDVI", "kg_C/m^2/8day", "%", "unitless", "m//s", "index * 10000"}) {
        INFO(unknown);
        CHECK_FALSE(read_unit(unknown));
    }
}

TEST_CASE("advice on units is given where numbers are read as others", "[declared_units]") {
    CHECK(unit_advice("t/ha", "t/ha").empty());
    CHECK(unit_advice("Mg C ha-1", "t/ha").empty());
    CHECK_THAT(unit_advice("kg/m2", "t/ha"), ContainsSubstring("multiply by 10 first"));
    CHECK_THAT(unit_advice("g C m-2", "t/ha"), ContainsSubstring("divide by 100 first"));
    CHECK_THAT(unit_advice("t", "t/ha"), ContainsSubstring("no density"));
    CHECK_THAT(unit_advice("t/ha/yr", "t/ha"), ContainsSubstring("an amount in a year"));
    // Yearly products leave the year out, and factors are the user's.
    CHECK(unit_advice("g C/m2", "g C/m2/yr").empty());
    CHECK_THAT(unit_advice("kg_C/m^2", "g C/m2/yr"), ContainsSubstring("multiply by 1000"));
    CHECK(unit_advice("kg_C/m^2", "g C/m2/yr", 1000).empty());
    CHECK_THAT(unit_advice("g C m-2 d-1", "g C/m2/yr"), ContainsSubstring("365.25"));
    // Rain: amounts of a step in any length; rates of a day or second are others. Lengths alone are told by values.
    for (const char* good : {"mm", "m", "kg m-2", "mm/month", "mm/yr", "mm yr-1", "cm", "K", "mm of water"}) {
        INFO(good);
        CHECK(unit_advice(good, "mm").empty());
    }
    CHECK_THAT(unit_advice("mm/day", "mm"), ContainsSubstring("multiply by the days"));
    CHECK_THAT(unit_advice("mm/h", "mm"), ContainsSubstring("multiply by the hours"));
    CHECK_THAT(unit_advice("kg m-2 s-1", "mm"), ContainsSubstring("multiply by the seconds"));
    CHECK(unit_advice("K", "degrees Celsius").empty());
}
