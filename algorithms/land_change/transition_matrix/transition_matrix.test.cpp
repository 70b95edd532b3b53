// Land Carbon Toolbox: transition matrix: hand-computed cases and invariants.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/transition_matrix/transition_matrix.hpp"
#include "land_change/transition_matrix/transitions.hpp"

#include <array>
#include <cstdlib>
#include <limits>

#include "engine/table.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// Areas in ha, row = from; one cell is one ha.
Transitions matrix_of(std::size_t classes, std::vector<std::int64_t> cells, double years = 1) {
    Transitions matrix;
    matrix.classes = classes;
    matrix.years = years;
    matrix.pixels = cells;
    for (const auto count : cells) matrix.areas.push_back(count * FixedArea::from(10000));
    return matrix;
}

}  // namespace

TEST_CASE("class change: gain, loss, net and swap by hand", "[transition_matrix]") {
    // 10 ha of class 1: 6 stay, 4 go to 2. 10 ha of class 2: 7 stay, 3 go to 1.
    const Transitions matrix = matrix_of(2, {6, 4, 3, 7}, 5);
    const ClassChange first = class_change(matrix, 0);
    CHECK(first.earlier.hectares() == 10);
    CHECK(first.later.hectares() == 9);
    CHECK(first.persistence.hectares() == 6);
    CHECK(first.gain.hectares() == 3);
    CHECK(first.loss.hectares() == 4);
    CHECK(first.net_ha == -1);
    CHECK(first.swap_ha == 6);
    CHECK(first.total_ha == 7);
    CHECK(*first.dynamic_degree == Approx(-1.0 / 10 / 5 * 100));
    // 7 ha of 20 changed: 7 / (2 * 20) / 5 * 100
    CHECK(*comprehensive_dynamic_degree(matrix) == Approx(3.5));
}

TEST_CASE("a class absent at the first date has no dynamic degree", "[transition_matrix]") {
    const Transitions matrix = matrix_of(2, {6, 4, 0, 0});
    CHECK_FALSE(class_change(matrix, 1).dynamic_degree.has_value());
}

TEST_CASE("intensity analysis by hand", "[transition_matrix]") {
    // Two periods on 20 ha: 7 ha change in 5 years, then 1 ha in 5 years.
    const auto rows = intensity_analysis({matrix_of(2, {6, 4, 3, 7}, 5), matrix_of(2, {9, 0, 1, 10}, 5)});
    const auto find = [&](const std::string& level, const std::string& kind, std::size_t period, std::ptrdiff_t from,
                          std::ptrdiff_t to) {
        for (const auto& row : rows)
            if (row.level == level && row.kind == kind && row.period == period && row.from == from && row.to == to)
                return row;
        FAIL("row missing");
        return IntensityRow{};
    };
    // Interval: 7/5/20 and 1/5/20 against 8/10/20.
    CHECK(find("interval", "change", 0, -1, -1).observed == Approx(7.0));
    CHECK(find("interval", "change", 0, -1, -1).uniform == Approx(4.0));
    CHECK(find("interval", "change", 1, -1, -1).observed == Approx(1.0));
    // Category: class 2 gains 4 ha of 11 ha later; class 1 loses 4 of 10 ha.
    CHECK(find("category", "gain", 0, -1, 1).observed == Approx(4.0 / 5 / 11 * 100));
    CHECK(find("category", "gain", 0, -1, 1).uniform == Approx(7.0));
    CHECK(find("category", "loss", 0, 0, -1).observed == Approx(4.0 / 5 / 10 * 100));
    // Transition 1 -> 2: 4 ha of the 10 ha of class 1; uniform: 4 ha of the 10 ha that were not class 2.
    CHECK(find("transition", "transition", 0, 0, 1).observed == Approx(8.0));
    CHECK(find("transition", "transition", 0, 0, 1).uniform == Approx(8.0));
    // Nothing became class 2 in the second period: no uniform intensity, no row.
    for (const auto& row : rows) CHECK_FALSE((row.level == "transition" && row.period == 1 && row.to == 1));
}

TEST_CASE("the factor of change codes is the next power of ten above the largest class", "[transition_matrix]") {
    CHECK(change_code_factor(6) == 10);
    CHECK(change_code_factor(9) == 10);
    CHECK(change_code_factor(10) == 100);
    CHECK(change_code_factor(255) == 1000);
}

TEST_CASE("transition matrix of three small maps", "[transition_matrix]") {
    const Sandbox box;
    // 0 is NoData; the last cell has a class on two of the three maps only.
    const auto a = make_classes(box, "a.tif", 3, {1, 1, 2, 2, 0, 1});
    const auto b = make_classes(box, "b.tif", 3, {1, 2, 2, 3, 0, 1});
    const auto c = make_classes(box, "c.tif", 3, {1, 2, 2, 1, 0, 0});
    const auto results = run_algorithm("transition_matrix", {{"maps", std::vector<std::string>{a, b, c}},
                                                             {"years", "2000,2010,2020"},
                                                             {"transitions", box.path("t.csv")},
                                                             {"summary", box.path("s.csv")},
                                                             {"intensity", box.path("i.csv")},
                                                             {"change_map", box.path("change.tif")},
                                                             {"report", box.path("r.html")}});
    CHECK(number(results, "total_area_ha") == 4);
    CHECK(number(results, "changed_area_ha") == 2);  // 1 -> 2 and 2 -> 1 from first to last
    CHECK(number(results, "changed_share") == 0.5);
    CHECK(number(results, "dynamic_degree") == Approx(2.0 / 8 / 20 * 100));
    CHECK(csv_cell(box.path("t.csv"), {{"period", "2000-2010"}, {"from", "2"}, {"to", "3"}}, "pixels") == "1");
    CHECK(csv_cell(box.path("t.csv"), {{"period", "2000-2020"}, {"from", "2"}, {"to", "1"}}, "area_ha") == "1");
    CHECK(csv_cell(box.path("t.csv"), {{"period", "2010-2020"}, {"from", "1"}, {"to", "1"}}, "share_of_map") == "0.25");
    // A share of a class that is absent at the first date is not defined.
    CHECK(csv_cell(box.path("t.csv"), {{"period", "2000-2010"}, {"from", "3"}, {"to", "3"}}, "share_of_from").empty());
    const auto change = read_raster(box.path("change.tif"));
    CHECK(change[0] == 11);
    CHECK(change[1] == 12);
    CHECK(change[2] == 22);
    CHECK(change[3] == 21);
    CHECK(std::isnan(change[4]));
    CHECK(std::isnan(change[5]));
}

TEST_CASE("rows sum to the first map, columns to the second, exactly", "[transition_matrix]") {
    const Sandbox box;
    std::vector<double> first, second;
    std::uint32_t state = 7;
    const auto next = [&state] { return state = state * 1664525u + 1013904223u; };
    for (int i = 0; i < 97 * 61; ++i) {
        first.push_back((next() >> 24) % 5 + 1);
        second.push_back((next() >> 24) % 5 + 1);
    }
    RasterRecipe recipe = geographic_recipe(97, 61, 100, 40, 0.01);
    recipe.bands = {first};
    const auto a = make_raster(box, "a.tif", recipe);
    recipe.bands = {second};
    const auto b = make_raster(box, "b.tif", recipe);
    run_algorithm("transition_matrix", {{"maps", std::vector<std::string>{a, b}},
                                        {"transitions", box.path("t.csv")},
                                        {"summary", box.path("ab.csv")}});
    run_algorithm("transition_matrix", {{"maps", std::vector<std::string>{a, a}}, {"summary", box.path("aa.csv")}});
    run_algorithm("transition_matrix", {{"maps", std::vector<std::string>{b, b}}, {"summary", box.path("bb.csv")}});
    for (const std::string k : {"1", "2", "3", "4", "5"}) {
        // Compared as texts: the shortest digits of equal numbers are equal.
        CHECK(csv_cell(box.path("ab.csv"), {{"class", k}}, "earlier_ha") ==
              csv_cell(box.path("aa.csv"), {{"class", k}}, "persistence_ha"));
        CHECK(csv_cell(box.path("ab.csv"), {{"class", k}}, "later_ha") ==
              csv_cell(box.path("bb.csv"), {{"class", k}}, "persistence_ha"));
    }
}

TEST_CASE("negative classes are coded by position in the change map", "[transition_matrix]") {
    const Sandbox box;
    RasterRecipe recipe;
    recipe.width = 2;
    recipe.bands = {{-5, 7}};
    recipe.type = GDT_Int16;
    const auto a = make_raster(box, "a.tif", recipe);
    recipe.bands = {{7, 7}};
    const auto b = make_raster(box, "b.tif", recipe);
    run_algorithm("transition_matrix", {{"maps", std::vector<std::string>{a, b}}, {"change_map", box.path("c.tif")}});
    CHECK(read_raster(box.path("c.tif")) == std::vector<double>{12, 22});
}

TEST_CASE("transition matrix: a single interval is neither fast nor slow", "[transition_matrix]") {
    const Sandbox box;
    const std::vector<std::string> maps = {make_classes(box, "a.tif", 2, {1, 2, 1, 2}),
                                           make_classes(box, "b.tif", 2, {1, 2, 2, 2})};
    run_algorithm("transition_matrix", {{"maps", maps}, {"intensity", box.path("i.csv")}});
    CHECK(csv_cell(box.path("i.csv"), {{"level", "interval"}}, "finding").empty());
    CHECK(csv_cell(box.path("i.csv"), {{"level", "category"}, {"change", "gain"}, {"to", "2"}}, "finding") == "active");
}

TEST_CASE("transition matrix: the table of classes belongs to the maps", "[transition_matrix]") {
    const Sandbox box;
    const std::vector<std::string> maps = {make_classes(box, "a.tif", 2, {1, 2, 1, 2}),
                                           make_classes(box, "b.tif", 2, {1, 2, 2, 2})};
    CHECK_THAT(
        error_of("transition_matrix",
                 {{"maps", maps}, {"classes", box.text("other.csv", "class,name\n11,Forest\n12,Water\n")}}),
        ContainsSubstring("no class of the table is on the maps: it has the classes 11, 12, the maps have 1, 2"));
    struct Listener : Monitor {
        std::string heard;
        void warning(const std::string& text) override { heard += text + "\n"; }
    } monitor;
    run_algorithm("transition_matrix",
                  {{"maps", maps}, {"classes", box.text("counties.csv", "county,code\nA,1\nB,2\nC,3\n")}}, monitor);
    CHECK_THAT(monitor.heard, ContainsSubstring("CLASSES: the table gives no class of the maps a name or a colour: it "
                                                "has the classes 1, 2, 3, the maps have 1, 2"));
}

TEST_CASE("transition matrix: how often cells change, when first and when last", "[transition_matrix]") {
    const Sandbox box;
    // Never; once, seen in 2010; twice and back again; once, seen in 2020; NoData on one map.
    const std::vector<std::string> maps = {make_classes(box, "a.tif", 5, {1, 1, 1, 1, 1}),
                                           make_classes(box, "b.tif", 5, {1, 2, 2, 1, 0}),
                                           make_classes(box, "c.tif", 5, {1, 2, 1, 2, 2})};
    const double none = std::numeric_limits<double>::quiet_NaN();
    const auto bands = [&](const std::string& years, const std::string& file) {
        std::map<std::string, Value> values{{"maps", maps}, {"change_frequency", box.path(file)}};
        if (!years.empty()) values["years"] = years;
        run_algorithm("transition_matrix", values);
        std::vector<std::vector<double>> found;
        for (int band = 1; band <= 3; ++band) found.push_back(read_raster(box.path(file), band));
        return found;
    };
    const auto same = [](const std::vector<double>& a, const std::vector<double>& b) {
        REQUIRE(a.size() == b.size());
        for (std::size_t i = 0; i < a.size(); ++i)
            if (std::isnan(b[i]))
                CHECK(std::isnan(a[i]));
            else
                CHECK(a[i] == b[i]);
    };
    const auto dated = bands("2000,2010,2020", "dated.tif");
    same(dated[0], {0, 1, 2, 1, none});
    same(dated[1], {none, 2010, 2010, 2020, none});
    same(dated[2], {none, 2010, 2020, 2020, none});
    const auto numbered = bands("", "numbered.tif");
    same(numbered[1], {none, 2, 2, 3, none});
    // One change differs from none by far more than the lightest greens do.
    const std::string style = read_text(box.path("dated.qml"));
    const auto colour = [&](const std::string& label) {
        const auto end = style.find("label=\"" + label + "\"");
        REQUIRE(end != std::string::npos);
        const auto at = style.rfind("color=\"#", end) + 8;
        std::array<int, 3> parts{};
        for (std::size_t i = 0; i < 3; ++i) parts[i] = std::stoi(style.substr(at + 2 * i, 2), nullptr, 16);
        return parts;
    };
    int difference = 0;
    for (std::size_t i = 0; i < 3; ++i) difference += std::abs(colour("No change")[i] - colour("1 change")[i]);
    CHECK(difference > 150);
    const auto fractions = bands("2000.5,2010.25,2020", "fractions.tif");
    same(fractions[1], {none, 2010.25, 2010.25, 2020, none});
}

TEST_CASE("transition matrix: zones add up to the whole map, without any difference", "[transition_matrix]") {
    const Sandbox box;
    std::vector<double> first, second, third;
    std::uint32_t state = 11;
    const auto next = [&state] { return state = state * 1664525u + 1013904223u; };
    for (int i = 0; i < 80 * 60; ++i) {
        first.push_back((next() >> 24) % 4 + 1);
        second.push_back((next() >> 24) % 4 + 1);
        third.push_back((next() >> 24) % 3);
    }
    RasterRecipe recipe = geographic_recipe(80, 60, 100, 40, 0.01);  // 100 to 100.8 E, 39.4 to 40 N
    std::vector<std::string> maps;
    for (const auto& cells : {first, second, third}) {
        recipe.bands = {cells};
        recipe.nodata = 0;
        maps.push_back(make_raster(box, "m" + std::to_string(maps.size()) + ".tif", recipe));
    }
    const auto zones = box.text("zones.geojson", R"({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "West"}, "geometry": {"type": "Polygon", "coordinates":
            [[[100, 39.4], [100.333, 39.4], [100.333, 40], [100, 40], [100, 39.4]]]}},
        {"type": "Feature", "properties": {"name": "East"}, "geometry": {"type": "Polygon", "coordinates":
            [[[100.333, 39.4], [100.8, 39.4], [100.8, 40], [100.333, 40], [100.333, 39.4]]]}}]})");
    const auto whole_zone = box.text("whole.geojson", R"({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"name": "All"}, "geometry": {"type": "Polygon", "coordinates":
            [[[99, 39], [101, 39], [101, 41], [99, 41], [99, 39]]]}}]})");
    const auto results = run_algorithm("transition_matrix", {{"maps", maps},
                                                             {"zones", zones},
                                                             {"transitions", box.path("t.csv")},
                                                             {"zone_transitions", box.path("z.csv")},
                                                             {"zone_change", box.path("z.gpkg")},
                                                             {"report", box.path("r.html")}});
    run_algorithm("transition_matrix",
                  {{"maps", maps}, {"zones", whole_zone}, {"zone_transitions", box.path("one.csv")}});
    for (const std::string period : {"1-2", "2-3", "1-3"})
        for (const std::string from : {"1", "2", "3", "4"})
            for (const std::string to : {"1", "2", "3", "4"}) {
                const auto in = [&](const std::string& file, const std::string& zone, const std::string& column) {
                    return csv_cell(box.path(file),
                                    {{"zone_name", zone}, {"period", period}, {"from", from}, {"to", to}}, column);
                };
                const auto pixels =
                    csv_cell(box.path("t.csv"), {{"period", period}, {"from", from}, {"to", to}}, "pixels");
                const auto area =
                    csv_cell(box.path("t.csv"), {{"period", period}, {"from", from}, {"to", to}}, "area_ha");
                if (pixels == "0") continue;
                CHECK(in("one.csv", "All", "pixels") == pixels);
                CHECK(in("one.csv", "All", "area_ha") == area);
                CHECK(std::stoll(in("z.csv", "West", "pixels")) + std::stoll(in("z.csv", "East", "pixels")) ==
                      std::stoll(pixels));
            }
    const InputTable zone_change("zone_change", box.path("z.gpkg"));
    REQUIRE(zone_change.rows() == 2);
    const auto value = [&](std::size_t row, const std::string& column) {
        return std::stod(std::string(zone_change.text(row, zone_change.column(column))));
    };
    CHECK(value(0, "changed_ha") + value(1, "changed_ha") == Approx(number(results, "changed_area_ha")).epsilon(1e-12));
    CHECK(value(0, "changed_share") == Approx(value(0, "changed_ha") / value(0, "area_ha")));
    CHECK_THAT(error_of("transition_matrix", {{"maps", maps}, {"zone_change", box.path("x.gpkg")}}),
               ContainsSubstring("ZONES"));
}

TEST_CASE("transition matrix: wrong input", "[transition_matrix]") {
    const Sandbox box;
    const auto a = make_classes(box, "a.tif", 2, {1, 2});
    const std::vector<std::string> twice = {a, a};
    CHECK_THAT(error_of("transition_matrix", {{"maps", std::vector<std::string>{a}}}),
               ContainsSubstring("two or more maps"));
    CHECK_THAT(error_of("transition_matrix", {{"maps", twice}, {"years", "1990"}}),
               ContainsSubstring("1 year for 2 maps; give one year for each map"));
    CHECK_THAT(error_of("transition_matrix", {{"maps", twice}, {"years", "1990-2020"}}),
               ContainsSubstring("31 years for 2 maps; give one year for each map, here 1990,2020"));
    CHECK_THAT(error_of("transition_matrix", {{"maps", twice}, {"years", "2000,1990"}}),
               ContainsSubstring("the order of time"));
    CHECK_THAT(error_of("transition_matrix", {{"maps", twice}, {"years", "1990,abc"}}),
               ContainsSubstring("\"abc\" is not a year"));
}
