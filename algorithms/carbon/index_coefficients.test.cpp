// Land Carbon Toolbox: tests of reading the coefficients of carbon indices.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/index_coefficients.hpp"

#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

const std::string head = "table,item,coefficient,value,unit\n";

IndexCoefficients read(const std::string& rows) {
    return IndexCoefficients(InputTable::from_text("coefficients", "c.csv", head + rows));
}

}  // namespace

TEST_CASE("index coefficients become tonnes of carbon for each unit of the amount", "[index_coefficients]") {
    const auto coefficients = read(
        "agriculture,fertilizer,emission,0.86,t/t\n"
        "energy,Raw coal,standard_coal,0.7143,t/t\nenergy,raw_coal,emission,0.7260,t/t\n"
        "energy,natural gas,standard_coal,1.2143,kg/m3\nenergy,natural gas,emission,0.4483,\n"
        "population,population,respiration,79,kg/(person a)\n"
        "livestock,cattle,respiration,0.79,t/(head a)\nlivestock,cattle,enteric,0.005,t/(head a)\n"
        "livestock,cattle,manure,0.003,t/(head a)\n"
        "crops,\xe6\xb0\xb4\xe7\xa8\xbb,carbon_fraction,0.414,\ncrops,\xe6\xb0\xb4\xe7\xa8\xbb,economic_coefficient,0."
        "45,\n"
        "crops,\xe6\xb0\xb4\xe7\xa8\xbb,water_content,0.12,\n"
        "land,water,sequestration,0.298,t/ha\nland,forest,nep,3.81,t/ha\nland,forest,sequestration,5.77,t/ha\n"
        "land,cropland,nep,4.05,t/ha\n");
    REQUIRE(coefficients.items().size() == 9);
    CHECK(coefficients.find("fertilizer")->factor == 0.86);
    CHECK(coefficients.find("raw_coal")->factor == Approx(0.5185818).epsilon(1e-12));
    CHECK(coefficients.find("raw_coal")->unit == "t");
    CHECK(coefficients.find("natural_gas")->factor == Approx(1.2143e-3 * 0.4483).epsilon(1e-12));
    CHECK(coefficients.find("natural_gas")->unit == "m3");
    CHECK(coefficients.find("population")->factor == Approx(0.079).epsilon(1e-15));
    CHECK(coefficients.find("population")->unit == "person");
    CHECK(coefficients.find("cattle")->factor == Approx(0.798).epsilon(1e-15));
    CHECK(coefficients.find("cattle")->unit == "head");
    CHECK(coefficients.find("\xe6\xb0\xb4\xe7\xa8\xbb")->factor == Approx(0.88 / 0.45 * 0.414).epsilon(1e-15));
    CHECK(coefficients.find("forest")->factor == 5.77);
    CHECK(coefficients.find("forest")->nep == 3.81);
    CHECK_FALSE(coefficients.find("water")->nep);
    CHECK_FALSE(coefficients.find("cropland")->counted);
    CHECK(coefficients.find("nothing") == nullptr);
}

TEST_CASE("index coefficients: wrong tables are told by row and column", "[index_coefficients]") {
    const auto error = [](const std::string& rows) -> std::string {
        try {
            read(rows);
        } catch (const UserError& e) {
            return e.what();
        }
        return "no error";
    };
    CHECK_THAT(error("minerals,iron,emission,1,t/t\n"),
               ContainsSubstring("line 2, column \"table\": \"minerals\" is no table of coefficients; the tables are: "
                                 "agriculture,energy,population,livestock,crops,land"));
    CHECK_THAT(error("agriculture,a,emission,1,\n,b,emission,1,\n"),
               ContainsSubstring("line 3, column \"table\": the cell is empty"));
    CHECK_THAT(error("agriculture,,emission,1,\n"), ContainsSubstring("line 2, column \"item\": the cell is empty"));
    CHECK_THAT(error("agriculture,a,emission,,\n"), ContainsSubstring("line 2, column \"value\": a number is missing"));
    CHECK_THAT(error("agriculture,a,emission,\"0,86\",\n"), ContainsSubstring("write a decimal point, not a comma"));
    CHECK_THAT(error("agriculture,a,emission,-1,\n"), ContainsSubstring("cannot be negative"));
    CHECK_THAT(error("agriculture,a,emission,1,\nagriculture,A,emission,1,\n"),
               ContainsSubstring("line 3, column \"coefficient\": \"a\" has the coefficient emission twice"));
    CHECK_THAT(error("agriculture,a,emission,1,\nland,a,sequestration,1,\n"),
               ContainsSubstring("line 3, column \"item\": \"a\" stands in the table agriculture as well"));
    CHECK_THAT(error("agriculture,a,nep,1,\n"),
               ContainsSubstring("\"nep\" is no coefficient of the table agriculture, which has: emission"));
    CHECK_THAT(error("energy,coal,emission,1,\n"),
               ContainsSubstring("line 2, column \"item\": \"coal\" lacks the coefficient standard_coal; add a row"));
    CHECK_THAT(error("crops,rice,carbon_fraction,41.4,\n"), ContainsSubstring("share of at most 1"));
    CHECK_THAT(error("crops,rice,water_content,12,\n"), ContainsSubstring("0.12 for 12 %"));
    CHECK_THAT(error("crops,rice,economic_coefficient,0,\n"), ContainsSubstring("cannot be zero"));
    CHECK_THAT(error("agriculture,a,emission,1,g/t\n"),
               ContainsSubstring("line 2, column \"unit\": \"g/t\" is no unit of a coefficient"));
    // Rows of separators only, as spreadsheets write them, are left out.
    CHECK(read("agriculture,a,emission,1,\n,,,,\nagriculture,b,emission,1,\n").items().size() == 2);
}
