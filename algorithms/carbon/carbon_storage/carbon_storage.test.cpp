// Land Carbon Toolbox: carbon storage: published figures, hand-computed cases and invariants.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_storage/carbon_storage.hpp"

#include <cmath>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

const char* const beibu_pools =
    "class,name,c_above,c_below,c_soil,c_dead\n"
    "1,Cropland,40.5,26.8,186.3,5.2\n"
    "2,Forest land,82.2,16.4,273.0,7.6\n"
    "3,Grassland,28.2,33.8,171.7,4.8\n"
    "4,Construction land,5.6,1.1,25.3,0\n"
    "5,Water area,0,0,0,0\n"
    "6,Unutilised land,11.2,2.2,37.1,1.0\n";

/// Qin et al. 2023 (doi 10.1007/s11769-023-1327-3): areas of Tables 7 and 8 in km2, ecological space and shares in %,
/// storage in 10^9 t and mean density in kg/m2 of section 3.1.
struct BeibuCase {
    const char* name;
    double forest, grass, water, unutilised, ecological, ecological_pct, cropland_pct, construction_pct, storage,
        density;
    /// All land: the ecological space over its share.
    double land() const { return ecological / ecological_pct * 100; }
    /// km2 in the order of the pools table.
    std::array<double, 6> areas() const {
        return {land() * cropland_pct / 100, forest, grass, land() * construction_pct / 100, water, unutilised};
    }
};
const BeibuCase beibu[] = {{"2020", 60667, 2162, 3401, 11, 66241, 56.62, 38.54, 4.84, 3.54, 30.23},
                           {"urbanized2060", 58260, 2080, 3061, 7, 63408, 54.20, 37.48, 8.31, 3.43, 29.27},
                           {"agricultural2060", 61576, 1968, 3119, 7, 66670, 56.98, 40.64, 2.38, 3.62, 30.95},
                           {"ecological2060", 62010, 2241, 3373, 7, 67631, 57.81, 36.83, 5.36, 3.54, 30.26}};

const char* const two_pools =
    "class,name,c_above,c_below,c_soil,c_dead,sd_above,sd_below,sd_soil,sd_dead\n"
    "1,Forest,80,20,100,10,3,0,4,0\n"
    "2,Field,5,1,50,0,0,6,8,0\n";

ClassCarbon entry(double density, double deviation, double area, double later_area) {
    ClassCarbon carbon;
    carbon.density.pools[0] = density;
    carbon.density.deviations[0] = deviation;
    carbon.area_ha = area;
    carbon.later_area_ha = later_area;
    carbon.area_change_ha = later_area - area;
    return carbon;
}

}  // namespace

TEST_CASE("Beibu Gulf: storage and density from published areas and pools", "[carbon_storage]") {
    const Sandbox box;
    const auto pools_path = box.text("pools.csv", beibu_pools);
    const auto pools = read_carbon_pools(InputTable("pools", pools_path), DensityUnit::t_ha, false);
    REQUIRE(pools.densities.size() == 6);
    CHECK_FALSE(pools.has_deviations);
    for (const auto& scenario : beibu) {
        INFO(scenario.name);
        const auto areas = scenario.areas();
        std::vector<ClassCarbon> classes;
        for (std::size_t k = 0; k < 6; ++k)
            classes.push_back({pools.densities.at(static_cast<std::int64_t>(k) + 1), areas[k] * 100, 0, 0});
        const double tonnes = storage_of(classes).tonnes;
        CHECK(tonnes == Approx(scenario.storage * 1e9).epsilon(0.005));
        CHECK(tonnes / (scenario.land() * 1e6) * 1000 == Approx(scenario.density).epsilon(0.001));  // kg/m2

        // The same from a map with one cell a km2.
        RasterRecipe recipe;
        recipe.width = 400;
        recipe.transform = {300000, 1000, 0, 2600000, 0, -1000};
        recipe.has_nodata = true;
        recipe.bands = {{}};
        for (std::size_t k = 0; k < 6; ++k)
            recipe.bands[0].insert(recipe.bands[0].end(), static_cast<std::size_t>(std::lround(areas[k])),
                                   static_cast<double>(k) + 1);
        recipe.height = static_cast<int>(recipe.bands[0].size() / 400) + 1;
        recipe.bands[0].resize(static_cast<std::size_t>(recipe.height) * 400, 0);
        const auto map = make_raster(box, std::string(scenario.name) + ".tif", recipe);
        const auto results = run_algorithm("carbon_storage", {{"land_cover", map}, {"pools", pools_path}});
        CHECK(number(results, "total_storage_t") == Approx(scenario.storage * 1e9).epsilon(0.005));
        CHECK(number(results, "total_storage_t") == Approx(tonnes).epsilon(1e-4));
        CHECK(number(results, "mean_density_t_ha") / 10 == Approx(scenario.density).epsilon(0.001));
        CHECK(results.count("total_storage_sd_t") == 0);
        CHECK(results.count("storage_change_t") == 0);
    }
}

TEST_CASE("net present value: known values", "[carbon_storage]") {
    // InVEST's formula: 10 t C, price 43, 20 years.
    CHECK(net_present_value(10, 43, 20, 7, 0) == Approx(243.7152977).epsilon(1e-9));
    CHECK(net_present_value(10, 43, 20, 7, 2) == Approx(212.0822512).epsilon(1e-9));
    // Rates that cancel: every year counts in full.
    CHECK(net_present_value(10, 43, 20, 25, -20) == Approx(430).epsilon(1e-14));
    CHECK(net_present_value(10, 43, 20, 0, 0) == 430);
    CHECK(net_present_value(-10, 43, 20, 7, 0) == -net_present_value(10, 43, 20, 7, 0));
    // The first year is not discounted.
    CHECK(discount_sum(1, 50, 50) == 1);
    CHECK(discount_sum(2, 100, 0) == 1.5);
    // Next to q = 1 no digits are lost: n - n (n - 1) / 2 * rate.
    CHECK(discount_sum(20, 1e-10, 0) == Approx(20 - 190e-12).epsilon(1e-15));
}

TEST_CASE("standard deviations and confidence by hand", "[carbon_storage]") {
    CarbonDensity density;
    density.pools = {80, 20, 100, 10};
    density.deviations = {3, 0, 4, 0};
    CHECK(density.total() == 210);
    CHECK(density.variance() == 25);
    // 10 ha at 5 t/ha and 24 ha at 10 t/ha: deviations 50 and 240.
    const std::vector<ClassCarbon> classes = {entry(200, 5, 10, 14), entry(50, 10, 24, 20)};
    CHECK(storage_of(classes).tonnes == 3200);
    CHECK(storage_of(classes).deviation == Approx(std::sqrt(50. * 50 + 240. * 240)));
    CHECK(later_storage_of(classes).tonnes == 3800);
    CHECK(later_storage_of(classes).deviation == Approx(std::sqrt(70. * 70 + 200. * 200)));
    // 4 ha move: 4 * 200 - 4 * 50; deviations 4 * 5 and 4 * 10.
    const CarbonSum shared = storage_change_of(classes, DensityModel::shared);
    CHECK(shared.tonnes == 600);
    CHECK(shared.deviation == Approx(std::sqrt(20. * 20 + 40. * 40)));
    const CarbonSum independent = storage_change_of(classes, DensityModel::independent);
    CHECK(independent.tonnes == 600);
    CHECK(independent.deviation == Approx(std::sqrt(50. * 50 + 240. * 240 + 70. * 70 + 200. * 200)));

    CHECK(*confidence_of_growth(0, 1) == 0.5);
    CHECK(*confidence_of_growth(1.959963984540054, 1) == Approx(0.975).epsilon(1e-12));
    CHECK(*confidence_of_growth(-1.959963984540054, 1) == Approx(0.025).epsilon(1e-12));
    CHECK(*confidence_of_growth(-20, 2) == Approx(7.61985302416052e-24).epsilon(1e-9));  // no underflow to 0
    CHECK(*confidence_of_growth(1, 0) == 1);
    CHECK(*confidence_of_growth(-1, 0) == 0);
    CHECK_FALSE(confidence_of_growth(0, 0).has_value());
}

TEST_CASE("carbon storage of one small map", "[carbon_storage]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 1, 2, 0, 2, 2});
    const auto pools = box.text("pools.csv", two_pools);
    const auto results = run_algorithm("carbon_storage", {{"land_cover", map},
                                                          {"pools", pools},
                                                          {"storage_map", box.path("storage.tif")},
                                                          {"pool_maps", box.path("pools.tif")},
                                                          {"by_class", box.path("by_class.csv")},
                                                          {"report", box.path("report.html")}});
    // 2 ha of 210 t/ha and 3 ha of 56 t/ha; deviations 5 and 10 t/ha.
    CHECK(number(results, "total_storage_t") == 588);
    CHECK(number(results, "mean_density_t_ha") == Approx(117.6));
    CHECK(number(results, "total_storage_sd_t") == Approx(std::sqrt(100. + 900.)));
    for (const char* absent :
         {"later_storage_t", "storage_change_t", "storage_change_sd_t", "confidence", "net_present_value"})
        CHECK(results.count(absent) == 0);
    const auto storage = read_raster(box.path("storage.tif"));
    CHECK(storage[0] == 210);
    CHECK(storage[2] == 56);
    CHECK(std::isnan(storage[3]));
    CHECK(read_raster(box.path("pools.tif"), 1)[0] == 80);
    CHECK(read_raster(box.path("pools.tif"), 2)[0] == 20);
    CHECK(read_raster(box.path("pools.tif"), 3)[4] == 50);
    CHECK(read_raster(box.path("pools.tif"), 4)[4] == 0);
    CHECK(std::isnan(read_raster(box.path("pools.tif"), 4)[3]));
    const auto table = box.path("by_class.csv");
    CHECK(read_csv(table).size() == 3);
    CHECK(csv_cell(table, {{"class", "1"}}, "date") == "first");
    CHECK(csv_cell(table, {{"class", "1"}}, "name") == "Forest");
    CHECK(csv_cell(table, {{"class", "1"}}, "area_ha") == "2");
    CHECK(csv_cell(table, {{"class", "1"}}, "soil_t") == "200");
    CHECK(csv_cell(table, {{"class", "1"}}, "storage_t") == "420");
    CHECK(csv_cell(table, {{"class", "1"}}, "storage_sd_t") == "10");
    CHECK(csv_cell(table, {{"class", "2"}}, "density_t_ha") == "56");
    CHECK(csv_cell(table, {{"class", "2"}}, "density_sd_t_ha") == "10");
    CHECK_THAT(read_text(box.path("report.html")), ContainsSubstring("Where the carbon is"));
    CHECK_THAT(read_text(box.path("report.html")), !ContainsSubstring("What changed"));
}

TEST_CASE("carbon storage of two dates: change, value, confidence", "[carbon_storage]") {
    const Sandbox box;
    // Two cells change from field to forest, one from forest to field; the last two are missing on one of the maps.
    const auto first = make_classes(box, "first.tif", 4, {1, 2, 2, 1, 2, 2, 1, 0});
    const auto later = make_classes(box, "later.tif", 4, {1, 1, 1, 2, 2, 2, 0, 1});
    const std::map<std::string, Value> arguments = {
        {"land_cover", first}, {"later_land_cover", later},         {"pools", box.text("pools.csv", two_pools)},
        {"price", 43.0},       {"years_between", std::int64_t{20}}, {"discount_rate", 7.0}};
    auto with_outputs = arguments;
    for (const char* id : {"storage_map", "change_map", "value_map", "confidence_map"})
        with_outputs[id] = box.path(std::string(id) + ".tif");
    with_outputs["by_class"] = box.path("by_class.csv");
    with_outputs["report"] = box.path("report.html");
    const auto results = run_algorithm("carbon_storage", with_outputs);
    CHECK(number(results, "total_storage_t") == 2 * 210 + 4 * 56);
    CHECK(number(results, "later_storage_t") == 3 * 210 + 3 * 56);
    CHECK(number(results, "storage_change_t") == 154);
    // One ha more forest (sd 5), one ha less field (sd 10).
    CHECK(number(results, "storage_change_sd_t") == Approx(std::sqrt(125.)));
    CHECK(number(results, "confidence") == Approx(0.5 * std::erfc(-154 / std::sqrt(250.))));
    CHECK(number(results, "net_present_value") == Approx(15.4 * 243.7152977));

    const auto storage = read_raster(box.path("storage_map.tif"));
    const auto change = read_raster(box.path("change_map.tif"));
    const auto value = read_raster(box.path("value_map.tif"));
    const auto confidence = read_raster(box.path("confidence_map.tif"));
    CHECK(storage[0] == 210);
    CHECK(change[0] == 0);
    CHECK(change[1] == 154);
    CHECK(change[3] == -154);
    CHECK(value[1] == Approx(15.4 * 243.7152977).epsilon(1e-6));
    CHECK(value[3] == -value[1]);
    CHECK(confidence[0] == 0.5);
    const double grew = 0.5 * std::erfc(-154 / std::sqrt(125.) / std::sqrt(2.));
    CHECK(confidence[1] == Approx(grew));
    CHECK(confidence[3] == Approx(1 - grew).margin(1e-12));
    for (const std::size_t missing : {6, 7}) {
        CHECK(std::isnan(storage[missing]));
        CHECK(std::isnan(change[missing]));
        CHECK(std::isnan(value[missing]));
        CHECK(std::isnan(confidence[missing]));
    }
    const auto table = box.path("by_class.csv");
    CHECK(read_csv(table).size() == 7);
    CHECK(csv_cell(table, {{"date", "later"}, {"class", "1"}}, "storage_t") == "630");
    CHECK(csv_cell(table, {{"date", "change"}, {"class", "1"}}, "area_ha") == "1");
    CHECK(csv_cell(table, {{"date", "change"}, {"class", "2"}}, "storage_t") == "-56");
    CHECK(csv_cell(table, {{"date", "change"}, {"class", "2"}}, "storage_sd_t") == "10");
    CHECK(csv_cell(table, {{"date", "change"}, {"class", "2"}}, "density_t_ha").empty());
    CHECK_THAT(read_text(box.path("report.html")), ContainsSubstring("2 cells have a class on one map only"));
    CHECK_THAT(read_text(box.path("report.html")), ContainsSubstring("the same densities hold at both dates"));

    // Independent dates: variances of both totals add.
    auto independent = arguments;
    independent["uncertainty"] = "independent";
    const double variance = 10. * 10 + 40. * 40 + 15. * 15 + 30. * 30;
    CHECK(number(run_algorithm("carbon_storage", independent), "storage_change_sd_t") == Approx(std::sqrt(variance)));

    // A map against itself: nothing changes, and nothing is known about growth.
    auto same = arguments;
    same["later_land_cover"] = make_classes(box, "same.tif", 4, {1, 2, 2, 1, 2, 2, 1, 0});
    const auto unchanged = run_algorithm("carbon_storage", same);
    CHECK(number(unchanged, "storage_change_t") == 0);
    CHECK(number(unchanged, "storage_change_sd_t") == 0);
    CHECK(unchanged.count("confidence") == 0);
}

TEST_CASE("densities in kg/m2 are ten times those in t/ha", "[carbon_storage]") {
    const Sandbox box;
    const auto pools = read_carbon_pools(
        InputTable::from_text("pools", "p", "class,c_above,c_below,c_soil,c_dead,sd_soil\n1,1,2,3,0.5,0.25\n"),
        DensityUnit::kg_m2, false);
    CHECK(pools.densities.at(1).total() == 65);
    CHECK(pools.densities.at(1).variance() == 6.25);
    CHECK(pools.pools_without_deviation == std::vector<std::string>{"sd_above", "sd_below", "sd_dead"});
}

TEST_CASE("maps per cell sum to the totals on a geographic grid", "[carbon_storage]") {
    const Sandbox box;
    RasterRecipe recipe = geographic_recipe(3, 40, 100, 60, 1);
    recipe.bands = {{}};
    for (int i = 0; i < 120; ++i) recipe.bands[0].push_back(i % 2 + 1);
    const auto first = make_raster(box, "first.tif", recipe);
    for (double& cell : recipe.bands[0]) cell = 3 - cell;
    recipe.bands[0][0] = 1;
    const auto later = make_raster(box, "later.tif", recipe);
    const auto results = run_algorithm("carbon_storage", {{"land_cover", first},
                                                          {"later_land_cover", later},
                                                          {"pools", box.text("pools.csv", two_pools)},
                                                          {"map_unit", "t_cell"},
                                                          {"storage_map", box.path("s.tif")},
                                                          {"change_map", box.path("c.tif")}});
    double storage = 0, change = 0;
    for (const double cell : read_raster(box.path("s.tif"))) storage += cell;
    for (const double cell : read_raster(box.path("c.tif"))) change += cell;
    CHECK(storage == Approx(number(results, "total_storage_t")).epsilon(1e-6));
    CHECK(change == Approx(number(results, "storage_change_t")).epsilon(1e-4));
}

TEST_CASE("classes that turn up late get their densities, with any number of threads", "[carbon_storage]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 700;
    recipe.height = 4000;
    recipe.type = GDT_Int16;
    recipe.bands = {{}};
    std::string table = "class,c_above,c_below,c_soil,c_dead\n";
    for (int k = 0; k < 40; ++k) table += std::to_string(k - 7) + ",0," + std::to_string(k) + ".25,0,0\n";
    for (int row = 0; row < recipe.height; ++row) recipe.bands[0].insert(recipe.bands[0].end(), 700, row / 100 - 7);
    const auto map = make_raster(box, "map.tif", recipe);
    const auto pools = box.text("pools.csv", table);
    std::string once;
    for (const std::int64_t threads : {1, 2, 8}) {
        const auto name = std::to_string(threads);
        const auto results = run_algorithm("carbon_storage", {{"land_cover", map},
                                                              {"pools", pools},
                                                              {"threads", threads},
                                                              {"storage_map", box.path(name + ".tif")},
                                                              {"by_class", box.path(name + "_table.csv")}});
        CHECK(number(results, "mean_density_t_ha") == Approx(19.75));
        const auto cells = read_raster(box.path(name + ".tif"));
        bool right = true;
        for (std::size_t i = 0; i < cells.size(); ++i)
            right = right && cells[i] == static_cast<double>(i / 700 / 100) + 0.25;
        CHECK(right);
        const auto text = read_text(box.path(name + "_table.csv"));
        if (once.empty()) once = text;
        CHECK(text == once);
    }
}

TEST_CASE("outputs with one stem keep the style of the map", "[carbon_storage]") {
    const Sandbox box;
    run_algorithm("carbon_storage", {{"land_cover", make_classes(box, "map.tif", 2, {1, 2})},
                                     {"pools", box.text("pools.csv", two_pools)},
                                     {"storage_map", box.path("out.tif")},
                                     {"by_class", box.path("out.csv")},
                                     {"report", box.path("out.html")}});
    CHECK_THAT(read_text(box.path("out.qml")), ContainsSubstring("classificationMax=\"210\""));
}

TEST_CASE("carbon storage: wrong input", "[carbon_storage]") {
    const Sandbox box;
    const auto map = make_classes(box, "map.tif", 3, {1, 2, 9, 7, 1, 0});
    const std::string header = "class,c_above,c_below,c_soil,c_dead\n";
    const auto error = [&](const std::string& table, const std::map<std::string, Value>& more = {}) {
        std::map<std::string, Value> arguments = {{"land_cover", map}, {"pools", box.text("pools.csv", table)}};
        arguments.insert(more.begin(), more.end());
        return error_of("carbon_storage", arguments);
    };
    // All classes without a row are told at once.
    CHECK_THAT(error(header + "1,1,1,1,1\n2,1,1,1,1\n", {{"storage_map", box.path("s.tif")}}),
               ContainsSubstring("POOLS: table ") && ContainsSubstring("classes 7, 9 are on the maps but have no row"));
    CHECK_THAT(error(header + "1,1,1,1,1\n2,1,1,1,1\n7,1,1,1,1\n"),
               ContainsSubstring("class 9 is on the map but has no row"));
    CHECK_THAT(error(header + "1,1,1,1,1\n2,1,-3,1,1\n"),
               ContainsSubstring("line 3, column \"c_below\": a carbon density cannot be negative"));
    CHECK_THAT(error(header + "1,1,1,1,1\n2,1,1,,1\n"),
               ContainsSubstring("line 3, column \"c_soil\"") && ContainsSubstring("BLANK_IS_ZERO"));
    CHECK_THAT(error(header + "1,1,1,1,1\n1,1,1,1,1\n"),
               ContainsSubstring("line 3") && ContainsSubstring("class 1 appears twice"));
    CHECK_THAT(error(header + "1,1,abc,1,1\n"),
               ContainsSubstring("line 2, column \"c_below\": \"abc\" is not a number"));
    CHECK_THAT(error("class,c_above,c_below,c_soil\n1,1,1,1\n"), ContainsSubstring("column \"c_dead\" is missing"));
    CHECK_THAT(error("class,c_above,c_below,c_soil,c_dead,sd_soil\n1,1,1,1,1,-1\n"),
               ContainsSubstring("a standard deviation cannot be negative"));
    // Valuation arguments belong together.
    const std::string good = header + "1,1,1,1,1\n2,1,1,1,1\n7,1,1,1,1\n9,1,1,1,1\n";
    CHECK_THAT(error(good, {{"price", 43.0}}), ContainsSubstring("LATER_LAND_COVER: missing; a valuation needs") &&
                                                   ContainsSubstring("YEARS_BETWEEN: missing"));
    CHECK_THAT(error(good, {{"later_land_cover", map}, {"discount_rate", 7.0}}),
               ContainsSubstring("PRICE: missing") && ContainsSubstring("YEARS_BETWEEN: missing"));
    CHECK_THAT(error(good, {{"value_map", box.path("v.tif")}}), ContainsSubstring("VALUE_MAP needs PRICE"));
    CHECK_THAT(error(good, {{"change_map", box.path("c.tif")}}),
               ContainsSubstring("CHANGE_MAP needs LATER_LAND_COVER"));
    CHECK_THAT(error(good, {{"later_land_cover", map}, {"confidence_map", box.path("c.tif")}}),
               ContainsSubstring("CONFIDENCE_MAP needs standard deviations"));
    RasterRecipe heights;
    heights.width = 2100;
    heights.type = GDT_Int16;
    heights.bands = {{}};
    for (int i = 0; i < 2100; ++i) heights.bands[0].push_back(i);
    const auto relief = make_raster(box, "relief.tif", heights), same = make_raster(box, "same.tif", heights);
    CHECK_THAT(error_of("carbon_storage",
                        {{"land_cover", relief}, {"later_land_cover", same}, {"pools", box.text("pools.csv", good)}}),
               ContainsSubstring("LAND_COVER: the maps hold more than 2000 different classes"));
    CHECK_THAT(error_of("carbon_storage", {{"land_cover", relief}, {"pools", box.text("pools.csv", good)}}),
               ContainsSubstring("and 1896 more are on the maps"));
    const auto empty = make_classes(box, "empty.tif", 2, {0, 0});
    CHECK_THAT(error_of("carbon_storage", {{"land_cover", empty}, {"pools", box.text("pools.csv", good)}}),
               ContainsSubstring("no cell has a class"));
    for (const auto& name : box.names())
        CHECK((name == "map.tif" || name == "empty.tif" || name == "relief.tif" || name == "same.tif" ||
               name == "pools.csv"));

    // Empty cells count as 0 when the user says so.
    const auto blank = box.text("blank.csv", header + "1,1,,1,1\n2,1,1,1,1\n7,,,,\n9,1,1,1,1\n");
    CHECK(number(run_algorithm("carbon_storage", {{"land_cover", map}, {"pools", blank}, {"blank_is_zero", true}}),
                 "total_storage_t") == 2 * 3 + 4 + 0 + 4);
}

TEST_CASE("carbon storage: all faults of a table are told at once, and orders with labels in the report",
          "[carbon_storage]") {
    const Sandbox box;
    const std::string later = make_classes(box, "cover_2020.tif", 2, {1, 2, 1, 2}),
                      earlier = make_classes(box, "cover_1990.tif", 2, {1, 1, 1, 2});
    const std::string bad = box.text("bad.csv",
                                     "class,c_above,c_below,c_soil,c_dead\n1,-4,1,1,1\n2,abc,1,1,1\n2,1,1,1,1\n"
                                     "3,,1,1,1\n4,1,1,1,1\n");
    try {
        run_algorithm("carbon_storage", {{"land_cover", later}, {"pools", bad}});
        FAIL("the table is taken");
    } catch (const UserErrors& errors) {
        REQUIRE(errors.errors().size() == 4);
        const char* const words[] = {"line 2, column \"c_above\": a carbon density cannot be negative",
                                     "line 3, column \"c_above\": \"abc\" is not a number",
                                     "line 4, column \"class\": class 2 appears twice",
                                     "line 5, column \"c_above\": the cell is empty"};
        for (std::size_t i = 0; i < 4; ++i) {
            CHECK_THAT(errors.errors()[i].what(), ContainsSubstring(words[i]));
            CHECK(errors.errors()[i].parameter() == "pools");
        }
    }
    run_algorithm("carbon_storage", {{"land_cover", later},
                                     {"later_land_cover", earlier},
                                     {"pools", box.text("pools.csv", two_pools)},
                                     {"report", box.path("report.html")}});
    const std::string report = read_text(box.path("report.html"));
    CHECK(report.find("Later land cover (LATER_LAND_COVER): by its name") != std::string::npos);
    CHECK(report.find("of &quot;Land cover&quot; (LAND_COVER)") != std::string::npos);
}
