// Land Carbon Toolbox: tests of the carbon indices: one unit by hand, invariants, gaps, layouts, wrong input.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_indices/carbon_indices.hpp"

#include <cmath>
#include <filesystem>
#include <sstream>

#include "carbon/carbon_indices/index_table.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

const std::string sample = source_file("metadata/sample/counties/");

std::string published(const Sandbox& box) {
    const auto path = box.path("coefficients.csv");
    if (!std::filesystem::exists(path)) run_algorithm("carbon_coefficients", {{"coefficients", path}});
    return path;
}

/// Runs over a table, with the published coefficients; writes i.csv and r.csv.
std::map<std::string, Value> run_on(const Sandbox& box, const std::string& units,
                                    const std::map<std::string, Value>& more = {}) {
    std::map<std::string, Value> arguments = {{"units", units},
                                              {"coefficients", published(box)},
                                              {"indices", box.path("i.csv")},
                                              {"region", box.path("r.csv")}};
    for (const auto& [id, value] : more) arguments[id] = value;
    for (const char* output : {"indices", "region", "report"})
        if (arguments.count(output)) remove_output(std::get<std::string>(arguments.at(output)));
    return run_algorithm("carbon_indices", arguments);
}

std::string text_of(const Sandbox& box, const std::string& unit, const std::string& year, const std::string& column) {
    return csv_cell(box.path("i.csv"), {{"unit", unit}, {"year", year}}, column);
}

double cell(const Sandbox& box, const std::string& unit, const std::string& year, const std::string& column) {
    const auto text = text_of(box, unit, year, column);
    return text.empty() ? std::nan("") : std::stod(text);
}

double region(const Sandbox& box, const std::string& year, const std::string& column) {
    const auto text = csv_cell(box.path("r.csv"), {{"year", year}}, column);
    return text.empty() ? std::nan("") : std::stod(text);
}

}  // namespace

TEST_CASE("carbon indices: one unit by hand, every coefficient", "[carbon_indices]") {
    const Sandbox box;
    // Unit 甲县 has an amount of every quantity, 乙县 people, forest and income only.
    const auto table = box.text(
        "t.csv",
        "county,year,gdp,fertilizer,pesticide,plastic_film,irrigation,crop_cover,machinery,raw_coal,coke,gasoline,"
        "kerosene,diesel_fuel,combustion_oil,natural_gas,liquefied_natural_gas,liquefied_petroleum_gas,electricity,"
        "heat,population,pig,cattle,sheep,poultry,rice,wheat,maize,beans,tubers,rapeseed,peanuts,cotton,sugar_cane,"
        "vegetables,tobacco,shrubland,forest,grassland,water\n"
        "甲县,2020,1,1000,10,20,500,2000,10000,100,100,100,100,100,100,1e6,1e6,100,1e6,1e6,10000,1000,100,1000,10000,"
        "100,100,100,34,70,100,43,100,100,60,55,10,100,1000,50\n"
        "乙县,2020,3,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,20000,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,200,0,0\n");
    const auto results = run_on(box, table);
    const auto of = [&](const char* column) { return cell(box, "甲县", "2020", column); };
    const auto near = [](double value) { return Approx(value).epsilon(1e-12); };
    // 1000*0.86 + 10*4.93 + 20*5.18 + 500*0.266 + 2000*0.02 + 10000*0.000181
    // = 860 + 49.3 + 103.6 + 133 + 40 + 1.81
    CHECK(of("ce_agriculture_t") == near(1187.71));
    // t: coal 51.85818, coke 83.0547, gasoline 81.486132, kerosene 84.075796, diesel 86.274891, oil 88.35891,
    // LPG 86.435006; kg of standard coal: gas 1214.3 t * 0.4483 = 544.37069, LNG 1757.2 * 0.3548 = 623.45456,
    // electricity 122.9 * 0.7935 = 97.52115, heat 34.1 * 0.26 = 8.866
    CHECK(of("ce_energy_t") == near(1835.756015));
    CHECK(of("ce_population_t") == near(790));  // 10000 * 0.079
    // pigs 1000*0.086, cattle 100*0.798, sheep 1000*0.0255, poultry 10000*0.00103 = 86 + 79.8 + 25.5 + 10.3
    CHECK(of("ce_livestock_t") == near(201.6));
    CHECK(of("ce_t") == near(4015.066015));
    // (1 - water) / economic coefficient * carbon: rice 80.96, wheat 106.7, maize 102.4425, beans 39.15, tubers 12.69,
    // rapeseed 162, peanuts 40.5, cotton 414, sugar cane 45, vegetables 4.5, tobacco 6.75
    CHECK(of("cs_crops_t") == near(1014.6925));
    // 10*3.98 + 100*5.77 + 1000*0.021 + 50*0.298 = 39.8 + 577 + 21 + 14.9
    CHECK(of("cs_land_t") == near(652.7));
    CHECK(of("cs_t") == near(1667.3925));
    CHECK(of("nce_t") == near(2347.673515));
    // Region: CE = 4015.066015 + 20000*0.079, CS = 1667.3925 + 200*5.77, GDP = 4.
    CHECK(region(box, "2020", "ce_t") == near(5595.066015));
    CHECK(region(box, "2020", "cs_t") == near(2821.3925));
    CHECK(of("ecc") == near(0.348379453419771));  // (1/4) / (4015.066015/5595.066015)
    CHECK(of("esc") == near(0.823544101412655));  // (1667.3925/2821.3925) / (4015.066015/5595.066015)
    // f = (1014.6925/4.05 + 39.8/2.93 + 1731/3.81 + 21/0.95) / 2821.3925
    //   = (250.541358025 + 13.583617747 + 454.330708661 + 22.105263158) / 2821.3925
    CHECK(region(box, "2020", "footprint_ha_per_t") == near(0.262480653645830));
    CHECK(of("cf_ha") == near(1053.87715204835));
    CHECK(of("ec_ha") == near(437.658273284155));
    CHECK(of("ed_ha") == near(616.218878764204));
    CHECK(of("filled") == 0);
    CHECK(text_of(box, "甲县", "2020", "note").empty());
    CHECK(number(results, "emission") == near(5595.066015));
    CHECK(number(results, "net_emission") == near(5595.066015 - 2821.3925));
    CHECK(number(results, "unit_count") == 2);
    // Shares of the sinks with an NEP only: without the 14.9 t of water.
    run_on(box, table,
           {{"footprint", "sinks_with_nep"}, {"indices", box.path("j.csv")}, {"region", box.path("q.csv")}});
    CHECK(std::stod(csv_cell(box.path("q.csv"), {{"year", "2020"}}, "footprint_ha_per_t")) == near(0.263874194422912));
}

TEST_CASE("carbon indices: parts sum to totals, units to the region, weighted coefficients to one",
          "[carbon_indices]") {
    const Sandbox box;
    run_on(box, sample + "counties.csv");
    const auto rows = read_csv(box.path("i.csv"));
    REQUIRE(rows.size() == 81 * 21 + 1);
    std::map<std::string, std::size_t> at;
    for (std::size_t c = 0; c < rows[0].size(); ++c) at[rows[0][c]] = c;
    std::map<std::string, std::map<std::string, double>> sums;  // year, column
    for (std::size_t r = 1; r < rows.size(); ++r) {
        const auto value = [&](const char* column) { return std::stod(rows[r][at.at(column)]); };
        CHECK(value("ce_t") == Approx(value("ce_agriculture_t") + value("ce_energy_t") + value("ce_population_t") +
                                      value("ce_livestock_t"))
                                   .epsilon(1e-14));
        CHECK(value("cs_t") == Approx(value("cs_crops_t") + value("cs_land_t")).epsilon(1e-14));
        CHECK(value("nce_t") == Approx(value("ce_t") - value("cs_t")).epsilon(1e-14));
        CHECK(value("ed_ha") == Approx(value("cf_ha") - value("ec_ha")).epsilon(1e-12));
        auto& sum = sums[rows[r][at.at("year")]];
        for (const char* column : {"ce_t", "cs_t", "cf_ha", "ec_ha"}) sum[column] += value(column);
        sum["ecc"] += value("ecc") * value("ce_t");
        sum["esc"] += value("esc") * value("ce_t");
    }
    for (const auto& [year, sum] : sums) {
        for (const char* column : {"ce_t", "cs_t", "cf_ha", "ec_ha"})
            CHECK(sum.at(column) == Approx(region(box, year, column)).epsilon(1e-12));
        // ECC and ESC weighted by the shares of the emission: the shares of GDP and of sequestration, which sum to 1.
        CHECK(sum.at("ecc") / sum.at("ce_t") == Approx(1).epsilon(1e-12));
        CHECK(sum.at("esc") / sum.at("ce_t") == Approx(1).epsilon(1e-12));
    }
}

TEST_CASE("carbon indices: both layouts, any order of rows, give the same", "[carbon_indices]") {
    const Sandbox box;
    const auto rows =
        box.text("r1.csv",
                 "年份;县;化肥(t);林地（公顷）;gdp;flag;人口\n2021;汉中;3;40;9;x;100\n2020;汉中;1;20;7;y;90\n"
                 "2020;=A1+1;2;30;8;z;80\n2021;=A1+1;4;;9;w;70\n");
    run_on(box, rows, {{"keep_fields", std::vector<std::string>{"flag", "人口"}}});
    const auto by_rows = read_text(box.path("i.csv"));
    const auto columns =
        box.text("c1.csv",
                 "县,化肥2020,化肥2021,flag2020,flag2021,林地2020,林地2021,gdp_2020,gdp_2021,人口2021,人口2020\n"
                 "汉中,1,3,y,x,20,40,7,9,100,90\n=A1+1,2,4,z,w,30,,8,9,70,80\n");
    run_on(box, columns, {{"layout", "columns"}, {"keep_fields", std::vector<std::string>{"flag", "人口"}}});
    CHECK(read_text(box.path("i.csv")) == by_rows);
    // A name that a spreadsheet would take for a formula is written as text.
    CHECK_THAT(by_rows, ContainsSubstring("'=A1+1,2020,z,80"));
    CHECK(cell(box, "汉中", "2020", "ce_agriculture_t") == Approx(0.86).epsilon(1e-14));
    CHECK(cell(box, "汉中", "2021", "cs_land_t") == Approx(40 * 5.77).epsilon(1e-14));
}

TEST_CASE("carbon indices: gaps are filled between known values and flagged", "[carbon_indices]") {
    const Sandbox box;
    // Rice follows a cubic, forest a line; 2003 has no row at all, the other gaps are empty cells.
    const auto cubic = [](int year) { return 100 + 5.0 * (year - 2000) + 0.5 * std::pow(year - 2000, 3); };
    std::string text = "county,year,rice,forest,population\n";
    for (int year = 2000; year <= 2010; ++year) {
        if (year == 2003) continue;
        const bool gap = year == 2005 || year == 2006;
        std::ostringstream line;
        line.precision(17);
        line << "a," << year << ',';
        if (!gap) line << cubic(year);
        line << ',';
        if (!gap && year != 2000) line << 50 + year;  // unknown at the start
        line << ",1000\n";
        text += line.str();
    }
    const auto table = box.text("t.csv", text);
    const double rice = 0.88 / 0.45 * 0.414;
    const auto results = run_on(box, table, {{"fill", "spline"}});
    for (const int year : {2003, 2005, 2006}) {
        CHECK(cell(box, "a", std::to_string(year), "cs_crops_t") == Approx(cubic(year) * rice).epsilon(1e-12));
        CHECK(cell(box, "a", std::to_string(year), "cs_land_t") == Approx((50 + year) * 5.77).epsilon(1e-12));
    }
    CHECK(cell(box, "a", "2003", "filled") == 3);
    CHECK(text_of(box, "a", "2003", "filled_quantities") == "population, rice, forest");
    CHECK(text_of(box, "a", "2005", "filled_quantities") == "rice, forest");
    CHECK(cell(box, "a", "2004", "filled") == 0);
    CHECK(number(results, "filled_values") == 7);
    CHECK(number(results, "year_count") == 11);
    CHECK(region(box, "2003", "filled") == 3);
    // Nothing is filled before the first known value.
    CHECK(std::isnan(cell(box, "a", "2000", "cs_land_t")));
    CHECK(text_of(box, "a", "2000", "note").rfind("missing: forest", 0) == 0);
    run_on(box, table, {{"fill", "linear"}});
    CHECK(cell(box, "a", "2005", "cs_crops_t") == Approx((cubic(2004) + (cubic(2007) - cubic(2004)) / 3) * rice));
    run_on(box, table);
    CHECK(std::isnan(cell(box, "a", "2005", "cs_crops_t")));
    CHECK(text_of(box, "a", "2005", "ce_t") == "79");
    CHECK(read_csv(box.path("i.csv")).size() == 11);  // no row for 2003
}

TEST_CASE("carbon indices: a spline never makes an amount negative", "[carbon_indices]") {
    const Sandbox box;
    UnitPanel panel;
    panel.times = {2000, 2001, 2002, 2003, 2004};
    panel.units = {{"a", 0, 0, 5}};
    panel.time_of = {0, 1, 2, 3, 4};
    panel.row_of = {0, 1, 2, 3, 4};
    panel.values = {{100, 0, std::nan(""), 0, 100}};
    const auto filled = fill_gaps(panel, FillMethod::spline);
    CHECK(panel.values[0][2] == 0);  // the cubic through the others has -33.3 there
    CHECK(filled[0] == std::vector<char>{0, 0, 1, 0, 0});
}

TEST_CASE("carbon indices: units that lack values, years and emission", "[carbon_indices]") {
    const Sandbox box;
    const auto table = box.text("t.csv",
                                "county,year,population,forest,gdp\na,2000,100,10,5\na,2001,100,10,5\n"
                                "b,2000,300,,5\nb,2001,300,30,10\nc,2001,0,10,5\n");
    run_on(box, table);
    // 2000: b lacks its forest and c has no row, so that the region is not known.
    CHECK(std::isnan(region(box, "2000", "ce_t")));
    CHECK(std::isnan(region(box, "2000", "cs_t")));
    CHECK(csv_cell(box.path("r.csv"), {{"year", "2000"}}, "note") == "2 units lack values: b, c");
    CHECK(cell(box, "a", "2000", "nce_t") == Approx(100 * 0.079 - 57.7));
    for (const char* column : {"ecc", "esc", "cf_ha", "ec_ha", "ed_ha"})
        CHECK(text_of(box, "a", "2000", column).empty());
    CHECK_THAT(text_of(box, "a", "2000", "note"), ContainsSubstring("units lack values in this year"));
    CHECK_THAT(text_of(box, "b", "2000", "note"), ContainsSubstring("missing: forest"));
    CHECK(text_of(box, "b", "2000", "nce_t").empty());
    // 2001: c emits nothing: no ratio, but all the rest.
    CHECK(region(box, "2001", "ce_t") == Approx(400 * 0.079));
    CHECK(text_of(box, "c", "2001", "ecc").empty());
    CHECK(text_of(box, "c", "2001", "esc").empty());
    CHECK(text_of(box, "c", "2001", "ce_t") == "0");
    CHECK(cell(box, "c", "2001", "cf_ha") == 0);
    CHECK(text_of(box, "c", "2001", "note") == "no emission: ECC and ESC are not defined");
    CHECK(cell(box, "a", "2001", "ecc") == Approx((5.0 / 20) / (100.0 / 400)));
    CHECK(cell(box, "b", "2001", "esc") == Approx((30.0 / 50) / (300.0 / 400)));
    // If omitted, the region of 2000 is a alone.
    run_on(box, table, {{"incomplete", "leave_out"}});
    CHECK(region(box, "2000", "ce_t") == Approx(7.9));
    CHECK(region(box, "2000", "units") == 1);
    CHECK(cell(box, "a", "2000", "ecc") == 1);
    CHECK(text_of(box, "b", "2000", "ecc").empty());
    // Without any sink the region takes up nothing.
    run_on(box, box.text("u.csv", "county,year,population\na,2000,100\n"));
    CHECK(text_of(box, "a", "2000", "esc").empty());
    CHECK(text_of(box, "a", "2000", "cf_ha").empty());
    CHECK(text_of(box, "a", "2000", "cs_t") == "0");
    CHECK_THAT(text_of(box, "a", "2000", "note"), ContainsSubstring("the region takes up nothing"));
}

TEST_CASE("carbon indices: fields are said, scaled and left out", "[carbon_indices]") {
    const Sandbox box;
    const auto table = box.text("t.csv", "name,when,people,forest,forest_ha,rice_t\na,2000,2,10,20,100\n");
    const Matrix fields{{{"population", "people", "10000"}, {"forest", "forest_ha", "1"}, {"rice", "", ""}}};
    const std::map<std::string, Value> said = {{"fields", fields}, {"year_field", "when"}};
    run_on(box, table, said);
    CHECK(cell(box, "a", "2000", "ce_t") == Approx(20000 * 0.079));
    CHECK(cell(box, "a", "2000", "cs_t") == Approx(20 * 5.77));
    const auto record = read_text(box.path("i.csv") + ".json");
    CHECK_THAT(record, ContainsSubstring("population = \\\"people\\\" x 10000"));
    CHECK_THAT(record, ContainsSubstring("columns that are no quantity"));
    // The same from a table; what is typed comes on top of it.
    const auto mapping =
        box.text("m.csv", "quantity,field,scale\nPopulation,people,10000\nforest,forest_ha,\nrice,,\n");
    run_on(box, table, {{"fields_table", mapping}, {"year_field", "when"}, {"indices", box.path("j.csv")}});
    CHECK(read_text(box.path("j.csv")) == read_text(box.path("i.csv")));
    // A column whose name has another unit than the coefficient's is not guessed.
    run_on(box, box.text("u.csv", "name,year,forest_km2,population\na,2000,5,1000\n"));
    CHECK(cell(box, "a", "2000", "cs_t") == 0);
}

TEST_CASE("carbon indices: polygons are kept or joined by name", "[carbon_indices]") {
    const Sandbox box;
    run_on(
        box, sample + "counties.csv",
        {{"polygons", sample + "counties.geojson"}, {"indices", box.path("i.gpkg")}, {"report", box.path("r.html")}});
    const InputTable out("indices", box.path("i.gpkg"), true);
    REQUIRE(out.rows() == 81 * 21);
    REQUIRE(out.has_shapes());
    CHECK_FALSE(out.shape(0).empty());
    CHECK(out.text(0, out.column("unit")) == "云溪县");
    CHECK_THAT(read_text(box.path("i.qml")), ContainsSubstring("nce_t"));
    const auto report = read_text(box.path("r.html"));
    CHECK_THAT(report, ContainsSubstring("云溪县") && ContainsSubstring("81 units, 2000 to 2020"));
    // A layer of one year, with its own polygons.
    const auto layer = box.text(
        "l.geojson",
        R"({"type":"FeatureCollection","features":[{"type":"Feature","properties":{"county":"a","year":2000,"pig":5},)"
        R"("geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}]})");
    run_on(box, layer, {{"indices", box.path("k.gpkg")}});
    CHECK(InputTable("indices", box.path("k.gpkg"), true).has_shapes());
    const auto others = box.text("o.csv", "county,year,pig\nz,2000,5\n");
    CHECK_THAT(error_of("carbon_indices", {{"units", others},
                                           {"coefficients", published(box)},
                                           {"polygons", sample + "counties.geojson"},
                                           {"indices", box.path("n.gpkg")}}),
               ContainsSubstring("none of the units has a polygon") && ContainsSubstring("\"z\""));
}

TEST_CASE("carbon indices: UTF-16, byte order marks and formulas in cells", "[carbon_indices]") {
    const Sandbox box;
    run_on(box, box.text("b.csv",
                         "\xef\xbb\xbf"
                         "county,year,pig\n\"=cmd|'/c calc'!A1\",2000,5\n"));
    CHECK_THAT(read_text(box.path("i.csv")), ContainsSubstring("'=cmd|'/c calc'!A1,2000"));
    std::string wide = "\xff\xfe";
    for (const char c : std::string("county\tyear\tpig\n")) wide += std::string(1, c) + '\0';
    for (const char16_t c : std::u16string(u"汉中县\t2000\t5\n")) {
        wide += static_cast<char>(c & 0xff);
        wide += static_cast<char>(c >> 8);
    }
    run_on(box, box.text("w.csv", wide));
    CHECK(cell(box, "汉中县", "2000", "ce_livestock_t") == Approx(5 * 0.086));
}

TEST_CASE("carbon indices: wrong input", "[carbon_indices]") {
    const Sandbox box;
    const auto error = [&](const std::string& text, const std::map<std::string, Value>& more = {}) {
        std::map<std::string, Value> arguments = {
            {"units", box.text("t.csv", text)}, {"coefficients", published(box)}, {"indices", box.path("i.csv")}};
        for (const auto& [id, value] : more) arguments[id] = value;
        return error_of("carbon_indices", arguments);
    };
    const std::string good = "county,year,pig\na,2000,5\n";
    CHECK_THAT(error("county,year,pig\na,2000,5\nb,2000,1\na,2000,6\n"),
               ContainsSubstring("line 4, column \"year\": unit \"a\" has this year twice"));
    CHECK_THAT(error("county,year,pig\na,2000,\"5,5\"\n"),
               ContainsSubstring("line 2, column \"pig\": \"5,5\" is not a number; write a decimal point"));
    CHECK_THAT(error("county,year,pig,cattle\na,2000,5,3\na,2001,5,-3\na,2002,-1,2\n"),
               ContainsSubstring("line 3, column \"cattle\": an amount cannot be negative: \"-3\""));
    CHECK_THAT(error("county,pig_2000,pig_2001\na,1,2\nb,3,-4\n", {{"layout", "columns"}}),
               ContainsSubstring("line 3, column \"pig_2001\": an amount cannot be negative"));
    CHECK_THAT(error("county,year,pig\na,2000.5,5\n"), ContainsSubstring("2000.5 is no year"));
    CHECK_THAT(error("county,year,pig\na,,5\n"), ContainsSubstring("line 2, column \"year\": a year is missing"));
    CHECK_THAT(error("county,year,pig\n,2000,5\n"), ContainsSubstring("every row needs a unit"));
    CHECK_THAT(error("who,year,pig\na,2000,5\n"),
               ContainsSubstring("no column looks like the names of the units; say in UNIT_FIELD"));
    CHECK_THAT(error("county,when,pig\na,2000,5\n"), ContainsSubstring("say in YEAR_FIELD which it is"));
    CHECK_THAT(error("county,year,dogs\na,2000,5\n"),
               ContainsSubstring("no column looks like a quantity of COEFFICIENTS; say in FIELDS"));
    CHECK_THAT(error(good, {{"unit_field", "land"}}), ContainsSubstring("the column \"land\" is missing"));
    // Two columns for one quantity.
    CHECK_THAT(error("county,year,pig,pigs,Pig (head)\na,2000,5,5,5\n"),
               ContainsSubstring("FIELDS: the columns pig,pigs,Pig (head) of UNITS could all be \"pig\""));
    // Fields that are said.
    const auto fields = [](const std::string& quantity, const std::string& field, const std::string& scale) {
        return std::map<std::string, Value>{{"fields", Matrix{{{quantity, field, scale}}}}};
    };
    CHECK_THAT(error(good, fields("pigg", "pig", "1")),
               ContainsSubstring("FIELDS: row 1, quantity: \"pigg\" is no quantity; did you mean \"pig\"?"));
    CHECK_THAT(error(good, fields("cattle", "pgi", "1")),
               ContainsSubstring("FIELDS: row 1, field: UNITS has no column \"pgi\"") &&
                   ContainsSubstring("did you mean \"pig\"?"));
    CHECK_THAT(error(good, fields("cattle", "year", "1")), ContainsSubstring("no column \"year\" that is free"));
    CHECK_THAT(error(good, fields("pig", "pig", "-2")), ContainsSubstring("\"-2\" is no number above zero"));
    CHECK_THAT(error(good, fields("pig", "pig", "1,5")), ContainsSubstring("row 1, scale"));
    CHECK_THAT(error(good, {{"fields", Matrix{{{"pig", "pig", "1"}, {"cattle", "pig", "1"}}}}}),
               ContainsSubstring("row 2, field: the column \"pig\" is \"pig\" already"));
    CHECK_THAT(error(good, {{"fields", Matrix{{{"pig", "pig", "1"}, {"pig", "", "1"}}}}}),
               ContainsSubstring("row 2, quantity: the quantity \"pig\" appears twice"));
    CHECK_THAT(error(good, {{"fields_table", box.text("m.csv", "quantity,field\npig,pig\nyak,pig\n")}}),
               ContainsSubstring("FIELDS_TABLE: table ") &&
                   ContainsSubstring("line 3, column \"quantity\": \"yak\" is no quantity"));
    CHECK_THAT(error(good, {{"fields_table", box.text("m.csv", "what,field\npig,pig\n")}}),
               ContainsSubstring("the column \"quantity\" is missing"));
    // Columns and years.
    CHECK_THAT(error(good, {{"layout", "columns"}}), ContainsSubstring("no column's name holds a year"));
    CHECK_THAT(error("county,pig_2000,2000_pig\na,1,2\n", {{"layout", "columns"}}),
               ContainsSubstring("\"pig_2000\" and \"2000_pig\" are one quantity in one year"));
    CHECK_THAT(error("county,pig_2000\na,1\na,2\n", {{"layout", "columns"}}),
               ContainsSubstring("line 3, column \"county\": unit \"a\" has two rows"));
    CHECK_THAT(error(good, {{"layout", "columns"}, {"year_field", "year"}}),
               ContainsSubstring("YEAR_FIELD: LAYOUT=columns does not use it"));
    CHECK_THAT(error(good, {{"polygon_field", "x"}}), ContainsSubstring("it needs POLYGONS"));
    CHECK_THAT(error("county,year,pig,filled\na,2000,5,1\n", {{"keep_fields", std::vector<std::string>{"filled"}}}),
               ContainsSubstring("INDICES has a column \"filled\" already"));
    // Coefficients that lack rows.
    CHECK_THAT(error(good, {{"coefficients",
                             box.text("c.csv", "table,item,coefficient,value\nlivestock,pig,respiration,0.08\n")}}),
               ContainsSubstring("COEFFICIENTS: table ") && ContainsSubstring("\"pig\" lacks the coefficient enteric"));
    CHECK_FALSE(std::filesystem::exists(box.path("i.csv")));
}

TEST_CASE("carbon indices: formulas where they are not defined", "[carbon_indices]") {
    CHECK(contribution_coefficient(1, 4, 2, 4) == 0.5);
    CHECK_FALSE(contribution_coefficient(1, 0, 2, 4));
    CHECK_FALSE(contribution_coefficient(1, 4, 0, 4));
    CHECK_FALSE(contribution_coefficient(1, 4, 0, 0));
    CHECK(*footprint_factor({{10, 2.0}, {30, 5.0}, {60, std::nullopt}}, FootprintShares::all_sinks) ==
          Approx(0.1 / 2 + 0.3 / 5));
    CHECK(*footprint_factor({{10, 2.0}, {30, 5.0}, {60, std::nullopt}}, FootprintShares::sinks_with_nep) ==
          Approx(0.25 / 2 + 0.75 / 5));
    CHECK_FALSE(footprint_factor({{0, 2.0}}, FootprintShares::all_sinks));
    CHECK_FALSE(footprint_factor({{60, std::nullopt}}, FootprintShares::sinks_with_nep));
}

TEST_CASE("carbon indices: classes of net emission", "[carbon_indices]") {
    const auto classes = net_emission_classes({-900, -500, -120, 11, 250, 1234, 9999});
    REQUIRE(classes.size() == 6);
    CHECK(classes[2].value == 0);
    CHECK(classes.back().value == 9999);
    for (std::size_t i = 1; i < classes.size(); ++i) CHECK(classes[i].value > classes[i - 1].value);
    CHECK(net_emission_classes({5, 5, 5}).back().colour == "#8c510a");
    CHECK(net_emission_classes({-5}).back().colour == "#c7eae5");
    CHECK(net_emission_classes({0}).size() == 1);
}
