// Land Carbon Toolbox: tests of geographically weighted regression of a layer.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr_layer/gwr_layer.hpp"

#include <cmath>

#include "drivers/gwr_analysis.hpp"
#include "drivers/gwr_reference.test.hpp"
#include "engine/table.hpp"
#include "maths/counter_random.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;
using Texts = std::vector<std::string>;

double uniform(std::uint64_t seed, std::uint64_t i) { return random_unit(random_bits(seed, i)); }

/// A layer of points as GeoJSON. @param epsg 0: none is told, which GeoJSON takes for longitude and latitude
std::string points(const Sandbox& box, const std::string& name, int epsg, const std::vector<double>& x,
                   const std::vector<double>& y, const std::map<std::string, Texts>& columns) {
    std::string text = R"({"type":"FeatureCollection",)";
    if (epsg > 0)
        text +=
            R"("crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::)" + std::to_string(epsg) + R"("}},)";
    text += "\"features\":[";
    for (std::size_t i = 0; i < x.size(); ++i) {
        text += std::string(i ? ",\n" : "") + R"({"type":"Feature","properties":{)";
        for (const auto& [column, cells] : columns)
            text += (column == columns.begin()->first ? "\"" : ",\"") + column + "\":" + cells[i];
        text += R"(},"geometry":{"type":"Point","coordinates":[)" + number_text(x[i]) + "," + number_text(y[i]) + "]}}";
    }
    return box.text(name, text + "]}");
}

Texts texts(const std::vector<double>& values) {
    Texts all;
    for (const double value : values) all.push_back(number_text(value));
    return all;
}

std::string georgia_layer(const Sandbox& box) {
    const Columns georgia("georgia.csv");
    std::map<std::string, Texts> columns;
    for (const char* name : {"AreaKey", "PctBach", "PctRural", "PctPov", "PctBlack"})
        columns[name] = texts(georgia.of(name));
    return points(box, "georgia.geojson", 32616, georgia.of("X"), georgia.of("Y"), columns);
}

Values georgia_run(const Sandbox& box, Values more = {}) {
    Values arguments = {{"places", georgia_layer(box)},
                        {"responses", Texts{"PctBach"}},
                        {"drivers", Texts{"PctRural", "PctPov", "PctBlack"}},
                        {"local", box.path("local.gpkg")},
                        {"global", box.path("global.csv")},
                        {"bandwidths", box.path("bandwidths.csv")},
                        {"collinearity", box.path("collinearity.csv")},
                        {"report", box.path("report.html")}};
    for (const auto& [id, value] : more) arguments[id] = value;
    return run_algorithm("gwr_layer", arguments);
}

double cell(const std::string& path, const std::map<std::string, std::string>& where, const std::string& column) {
    return std::stod(csv_cell(path, where, column));
}

/// 20 x 20 places, 1 km apart, with a driver whose coefficient grows to the east.
struct Planted {
    std::vector<double> x, y, response, driver, other;
    Planted() {
        for (std::uint64_t i = 0; i < 400; ++i) {
            x.push_back(500000 + 1000 * static_cast<double>(i % 20));
            y.push_back(4000000 + 1000 * static_cast<double>(i / 20));
            driver.push_back(uniform(1, i));
            other.push_back(uniform(2, i));
            response.push_back(1 + static_cast<double>(i % 20) * 0.2 * driver.back() - other.back() +
                               0.1 * uniform(3, i));
        }
    }
    std::string layer(const Sandbox& box, int epsg = 32649) const {
        return points(box, "planted.geojson", epsg, x, y,
                      {{"y", texts(response)}, {"a", texts(driver)}, {"b", texts(other)}});
    }
};

std::string error_for(const std::string& layer, const Texts& drivers, Values more = {}) {
    more.insert({{"places", layer}, {"responses", Texts{"y"}}, {"drivers", drivers}});
    return error_of("gwr_layer", more);
}

}  // namespace

TEST_CASE("GWR of a layer: Georgia as mgwr and GWR4 have it", "[gwr]") {
    const Sandbox box;
    const Values results = georgia_run(
        box,
        {{"bandwidth", std::string("90")}, {"sigma", std::string("gwr4")}, {"name_field", std::string("AreaKey")}});
    CHECK(number(results, "aicc") == Approx(896.4628302).epsilon(1e-9));
    CHECK(number(results, "r2") == Approx(0.5924153091).epsilon(1e-9));
    CHECK(number(results, "observations") == 159);
    CHECK(cell(box.path("global.csv"), {{"method", "gwr"}}, "sigma2") == Approx(14.99977596).epsilon(1e-9));
    CHECK(cell(box.path("global.csv"), {{"method", "gwr"}}, "morans_i") == Approx(-0.0067671112).epsilon(1e-7));
    CHECK(cell(box.path("global.csv"), {{"method", "ols"}}, "morans_z") == Approx(2.1736233898).epsilon(1e-9));
    CHECK(cell(box.path("global.csv"), {{"method", "ols"}}, "r2") < 0.5924);
    CHECK(cell(box.path("global.csv"), {{"method", "intercept"}}, "r2") > 0);
    CHECK(read_csv(box.path("bandwidths.csv")).size() == 1);  // none was searched
    const InputTable local("local", box.path("local.gpkg"), true);
    REQUIRE(local.rows() == 159);
    REQUIRE(local.has_shapes());
    CHECK(local.text(0, local.column("name")) == "13001");
    CHECK(local.number(50, local.column("b_PctPov")) == Approx(-0.2104972083).epsilon(1e-9));
    CHECK(local.number(50, local.column("se_intercept")) ==
          Approx(2.313587154 * std::sqrt(14.99977596 / 14.50721294)).epsilon(1e-8));
    CHECK(local.number(50, local.column("local_r2")) == Approx(0.5997489941).epsilon(1e-9));
    CHECK(local.number(50, local.column("vif_PctBlack")) == Approx(1.472914565).epsilon(1e-9));
    // p with the degrees of freedom of GWR4's variance, times the effective number of parameters over four.
    const double enp = 2 * 14.92509239 - 10.1939569;
    const double p = *local.number(50, local.column("p_PctRural"));
    CHECK(*local.number(50, local.column("pc_PctRural")) == Approx(p * enp / 4).epsilon(1e-6));
    CHECK(local.number(50, local.column("sig_PctRural")) == -1);
    CHECK(local.number(50, local.column("sig_PctBlack")) == 0);
    // Circles, coloured by the coefficient, grey where it is not significant.
    const std::string style = read_text(box.path("local.qml"));
    CHECK(style.find("SimpleMarker") != std::string::npos);
    CHECK(style.find("SimpleFill") == std::string::npos);
    CHECK(style.find(": not significant") != std::string::npos);
    CHECK(style.find("sig_PctRural") != std::string::npos);
}

TEST_CASE("GWR of a layer: a searched bandwidth, each driver alone, several responses", "[gwr]") {
    const Sandbox box;
    const Values results = georgia_run(box);
    CHECK(number(results, "best_bandwidth") == 93);
    CHECK(number(results, "aicc") == Approx(896.3499952).epsilon(1e-9));
    CHECK(cell(box.path("bandwidths.csv"), {{"chosen", "1"}}, "bandwidth") == 93);
    CHECK(cell(box.path("bandwidths.csv"), {{"bandwidth", "159"}}, "criterion") > 896.35);
    CHECK(cell(box.path("collinearity.csv"), {{"driver", "PctPov"}}, "vif_largest") > 1.4);
    const Sandbox other;
    georgia_run(other, {{"mode", std::string("each")},
                        {"responses", Texts{"PctBach", "PctRural"}},
                        {"drivers", Texts{"PctPov", "PctBlack"}}});
    const auto rows = read_csv(other.path("global.csv"));
    CHECK(rows.size() == 1 + 2 * (1 + 2 * 2));
    const double none = cell(other.path("global.csv"), {{"response", "PctBach"}, {"method", "intercept"}}, "r2");
    const double one =
        cell(other.path("global.csv"), {{"response", "PctBach"}, {"drivers", "PctPov"}, {"method", "gwr"}}, "r2");
    CHECK(none > 0.1);
    CHECK(one > 0);
    const InputTable local("local", other.path("local.gpkg"), true);
    CHECK(local.rows() == 2 * 159);
    CHECK(local.has("local_r2_PctBlack"));
    CHECK(local.has("b_intercept_PctPov"));
    const std::string report = read_text(other.path("report.html"));
    CHECK(report.find("No driver") != std::string::npos);
    CHECK(report.find("R2 of PctBach") != std::string::npos);
    CHECK(report.find("R2 of PctRural") != std::string::npos);
    // The layer, which holds the places once for each response, shows one of them and says which.
    const std::string style = read_text(other.path("local.qml"));
    CHECK(style.find("&lt;&gt; &#39;PctBach&#39; THEN NULL") != std::string::npos);
    CHECK(style.find(" for PctBach: not significant") != std::string::npos);
}

TEST_CASE("GWR of a layer: planted coefficients come back", "[gwr]") {
    const Sandbox box;
    const Planted planted;
    const Values results = run_algorithm("gwr_layer", {{"places", planted.layer(box)},
                                                       {"responses", Texts{"y"}},
                                                       {"drivers", Texts{"a", "b"}},
                                                       {"local", box.path("local.gpkg")}});
    CHECK(number(results, "r2") > 0.99);
    CHECK(number(results, "global_r2") < 0.9);
    const InputTable local("local", box.path("local.gpkg"), true);
    // Windows at the edge reach inwards only, and see smaller or larger coefficients there.
    double worst = 0, mean = 0;
    for (std::size_t i = 0; i < 400; ++i) {
        const double off = std::abs(*local.number(i, local.column("b_a")) - 0.2 * static_cast<double>(i % 20));
        worst = std::max({worst, off, std::abs(*local.number(i, local.column("b_b")) + 1)});
        mean += off / 400;
    }
    CHECK(worst < 0.6);
    CHECK(mean < 0.15);
    CHECK(local.number(19, local.column("sig_a")) == 1);
    CHECK(local.number(19, local.column("sig_b")) == -1);
}

TEST_CASE("GWR of a layer: polygons count at a point inside, longitudes across the antimeridian", "[gwr]") {
    const Sandbox box;
    Planted planted;
    // The same places around the 180th meridian, and shifted to the Greenwich meridian: distances are the same.
    for (std::size_t i = 0; i < 400; ++i) {
        planted.x[i] = 179.05 + 0.1 * static_cast<double>(i % 20);
        if (planted.x[i] > 180) planted.x[i] -= 360;
        planted.y[i] = -18 + 0.1 * static_cast<double>(i / 20);
    }
    const auto aicc_of = [&](const std::string& layer) {
        return number(run_algorithm("gwr_layer", {{"places", layer},
                                                  {"responses", Texts{"y"}},
                                                  {"drivers", Texts{"a", "b"}},
                                                  {"bandwidth_kind", std::string("fixed")},
                                                  {"bandwidth", std::string("60000")}}),
                      "aicc");
    };
    const double across = aicc_of(planted.layer(box, 0));
    for (std::size_t i = 0; i < 400; ++i) planted.x[i] = -0.95 + 0.1 * static_cast<double>(i % 20);
    const Sandbox other;
    CHECK(aicc_of(planted.layer(other, 0)) == Approx(across).epsilon(1e-9));

    std::string squares =
        R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32649"}},"features":[)";
    const Planted plane;
    for (std::size_t i = 0; i < 400; ++i) {
        const auto corner = [&](double dx, double dy) {
            return "[" + number_text(plane.x[i] + dx) + "," + number_text(plane.y[i] + dy) + "]";
        };
        squares += std::string(i ? "," : "") + R"({"type":"Feature","properties":{"y":)" +
                   number_text(plane.response[i]) + ",\"a\":" + number_text(plane.driver[i]) +
                   R"(},"geometry":{"type":"Polygon","coordinates":[[)" + corner(-500, -500) + "," + corner(500, -500) +
                   "," + corner(500, 500) + "," + corner(-500, 500) + "," + corner(-500, -500) + "]]}}";
    }
    const Values of_squares = run_algorithm("gwr_layer", {{"places", box.text("squares.geojson", squares + "]}")},
                                                          {"responses", Texts{"y"}},
                                                          {"drivers", Texts{"a"}},
                                                          {"bandwidth", std::string("60")},
                                                          {"local", box.path("squares.gpkg")}});
    const Values of_points = run_algorithm("gwr_layer", {{"places", plane.layer(other)},
                                                         {"responses", Texts{"y"}},
                                                         {"drivers", Texts{"a"}},
                                                         {"bandwidth", std::string("60")}});
    CHECK(number(of_squares, "aicc") == Approx(number(of_points, "aicc")).epsilon(1e-9));
    CHECK(read_text(box.path("squares.qml")).find("SimpleFill") != std::string::npos);
}

TEST_CASE("GWR of a layer: data that cannot be fitted is refused in words", "[gwr]") {
    const Sandbox box;
    const auto layer = [&](const std::vector<double>& x, const std::map<std::string, Texts>& columns) {
        return points(box, "l.geojson", 32649, x, std::vector<double>(x.size(), 4e6), columns);
    };
    CHECK_THAT(error_for(layer({0, 1}, {{"y", {"1", "2"}}, {"a", {"3", "5"}}}), {"a"}),
               ContainsSubstring("RESPONSES: 2 rows hold a place"));
    const Planted planted;
    const std::string good = planted.layer(box);
    CHECK_THAT(error_for(good, {"y"}), ContainsSubstring("\"y\" is named twice"));
    CHECK_THAT(error_for(good, {"a"}, {{"bandwidth", std::string("401")}}),
               ContainsSubstring("BANDWIDTH: 401 neighbours, but there are 400 rows"));
    CHECK_THAT(error_for(good, {"a"}, {{"bandwidth", std::string("2")}}),
               ContainsSubstring("cannot tell 2 coefficients"));
    CHECK_THAT(error_for(good, {"a"}, {{"bandwidth", std::string("50.5")}}),
               ContainsSubstring("no whole number of neighbours"));
    CHECK_THAT(error_for(good, {"a"}, {{"bandwidth_min", std::string("90")}, {"bandwidth_max", std::string("50")}}),
               ContainsSubstring("BANDWIDTH_MAX must be above BANDWIDTH_MIN"));
    std::map<std::string, Texts> columns = {
        {"y", texts(planted.response)}, {"a", texts(planted.driver)}, {"c", Texts(400, "7")}};
    for (const double value : planted.driver) columns["d"].push_back(number_text(3 - 2 * value));
    const auto of = [&](const std::map<std::string, Texts>& own) {
        return points(box, "p.geojson", 32649, planted.x, planted.y, own);
    };
    CHECK_THAT(error_for(of(columns), {"a", "c"}), ContainsSubstring("DRIVERS: \"c\" has the same value in all rows"));
    CHECK_THAT(error_for(of(columns), {"a", "d"}), ContainsSubstring("depend on one another"));
    columns["y"] = Texts(400, "1");
    CHECK_THAT(error_for(of(columns), {"a"}), ContainsSubstring("there is nothing to explain"));
    columns["y"] = texts(planted.response);
    columns["a"][7] = "1e200";
    CHECK_THAT(error_for(of(columns), {"a"}), ContainsSubstring("too large for a regression"));
    CHECK_THAT(
        error_for(points(box, "one.geojson", 32649, std::vector<double>(400, 5), std::vector<double>(400, 6), columns),
                  {"d"}),
        ContainsSubstring("all rows lie at one place"));
    CHECK_THAT(error_for(box.text("t.csv", "y,a\n1,2\n3,4\n"), {"a"}),
               ContainsSubstring("holds no points or polygons"));
    // As many rows at one place as a window holds: the message tells where.
    std::vector<double> x = planted.x, y = planted.y;
    for (std::size_t i = 100; i < 160; ++i) x[i] = 512345, y[i] = 4009876;
    CHECK_THAT(error_for(points(box, "heap.geojson", 32649, x, y,
                                {{"y", texts(planted.response)}, {"a", texts(planted.driver)}}),
                         {"a"}, {{"bandwidth", std::string("50")}}),
               ContainsSubstring("(512345, 4009876)"));
}

TEST_CASE("GWR of a layer: gaps are left out, singular windows are told", "[gwr]") {
    const Sandbox box;
    Planted planted;
    for (std::size_t i = 0; i < 400; ++i)
        if (i % 20 < 6) planted.driver[i] = 1;  // constant in the west
    std::map<std::string, Texts> columns = {
        {"y", texts(planted.response)}, {"a", texts(planted.driver)}, {"b", texts(planted.other)}};
    columns["y"][3] = "null";
    columns["b"][5] = "\"\"";
    const std::string layer = points(box, "gaps.geojson", 32649, planted.x, planted.y, columns);
    Values arguments = {{"places", layer},
                        {"responses", Texts{"y"}},
                        {"drivers", Texts{"a", "b"}},
                        {"bandwidth", std::string("20")},
                        {"local", box.path("local.gpkg")},
                        {"collinearity", box.path("c.csv")},
                        {"report", box.path("gaps.html")}};
    CHECK(number(run_algorithm("gwr_layer", arguments), "observations") == 398);
    const double without = cell(box.path("c.csv"), {{"driver", "a"}}, "places_without_fit");
    CHECK(without > 20);
    // They have a class of their own in the layer and in the report, which says what R2 is of.
    const std::string told = "No fit (" + number_text(without) + " places)";
    const std::string style = read_text(box.path("local.qml")), report = read_text(box.path("gaps.html"));
    CHECK(style.find(told) != std::string::npos);
    CHECK(style.find("IS NULL THEN -1e303") != std::string::npos);
    CHECK(report.find(told) != std::string::npos);
    CHECK(report.find("Of the " + number_text(398 - without) + " places with a fit; " + number_text(without) +
                      " have none") != std::string::npos);
    const InputTable local("local", box.path("local.gpkg"), true);
    CHECK(local.rows() == 398);
    CHECK_FALSE(local.number(0, local.column("b_a")));
    CHECK(local.number(0, local.column("actual")));
    // With ridge all have a fit; a search passes over the bandwidths that leave windows without one.
    remove_output(box.path("local.gpkg"));
    remove_output(box.path("c.csv"));
    remove_output(box.path("gaps.html"));
    arguments["singular"] = std::string("ridge");
    run_algorithm("gwr_layer", arguments);
    CHECK(cell(box.path("c.csv"), {{"driver", "a"}}, "places_without_fit") == 0);
    CHECK(read_text(box.path("local.qml")).find("No fit") == std::string::npos);
    arguments = {{"places", layer},
                 {"responses", Texts{"y"}},
                 {"drivers", Texts{"a", "b"}},
                 {"bandwidths", box.path("b.csv")},
                 {"bandwidth_min", std::string("20")}};
    CHECK(number(run_algorithm("gwr_layer", arguments), "best_bandwidth") > 40);
    CHECK(cell(box.path("b.csv"), {{"bandwidth", "20"}}, "singular_windows") > 20);
    CHECK(csv_cell(box.path("b.csv"), {{"bandwidth", "20"}}, "criterion").empty());
}

TEST_CASE("GWR of a layer: multiscale, with the scale of each term", "[gwr]") {
    const Sandbox box;
    const Values results = georgia_run(box, {{"method", std::string("mgwr")}});
    CHECK(number(results, "aicc") < 341.2);
    const auto global = read_csv(box.path("global.csv"));
    REQUIRE(global.size() == 1 + 4);
    CHECK(cell(box.path("global.csv"), {{"method", "mgwr"}}, "aicc") == number(results, "aicc"));
    CHECK(cell(box.path("global.csv"), {{"method", "gwr"}}, "aicc") >
          cell(box.path("global.csv"), {{"method", "mgwr"}}, "aicc"));
    CHECK(cell(box.path("bandwidths.csv"), {{"term", "intercept"}, {"chosen", "1"}}, "bandwidth") < 60);
    CHECK(cell(box.path("bandwidths.csv"), {{"term", "PctPov"}, {"chosen", "1"}}, "bandwidth") > 140);
    const InputTable local("local", box.path("local.gpkg"), true);
    CHECK(*local.number(0, local.column("b_PctPov")) == Approx(-0.2933).margin(0.01));
    CHECK(*local.number(0, local.column("se_PctPov")) == Approx(0.1016).margin(0.005));
    CHECK(*local.number(0, local.column("pc_PctPov")) >= *local.number(0, local.column("p_PctPov")));
    CHECK_FALSE(local.number(0, local.column("local_r2")));
    CHECK(read_text(box.path("report.html")).find("the scale of each term") != std::string::npos);
    const Sandbox other;
    const Values quick = georgia_run(other, {{"method", std::string("mgwr")}, {"inference_rows", std::string("100")}});
    CHECK(quick.count("aicc") == 0);
    CHECK(number(quick, "r2") == number(results, "r2"));
    const InputTable rest("local", other.path("local.gpkg"), true);
    CHECK_FALSE(rest.number(0, rest.column("se_PctPov")));
    CHECK(rest.number(0, rest.column("b_PctPov")) == local.number(0, local.column("b_PctPov")));
    CHECK_THAT(error_of("gwr_layer", {{"places", georgia_layer(box)},
                                      {"responses", Texts{"PctBach"}},
                                      {"drivers", Texts{"PctPov"}},
                                      {"method", std::string("mgwr")},
                                      {"bandwidth", std::string("60")}}),
               ContainsSubstring("METHOD=mgwr searches one for each term"));
}

TEST_CASE("corrections of p for many places", "[gwr]") {
    const std::vector<double> p = {0.01, std::nan(""), 0.02, 0.03, 0.5};
    const auto bh = corrected_p_values(p, GwrCorrection::bh, 0, 1);
    CHECK(bh[0] == Approx(0.04));  // 4 tests: 0.01 * 4 / 1, 0.02 * 4 / 2, 0.03 * 4 / 3
    CHECK(bh[2] == Approx(0.04));
    CHECK(bh[3] == Approx(0.04));
    CHECK(bh[4] == Approx(0.5));
    CHECK(std::isnan(bh[1]));
    CHECK(corrected_p_values(p, GwrCorrection::by, 0, 1)[0] == Approx(0.04 * (1 + 1 / 2.0 + 1 / 3.0 + 1 / 4.0)));
    CHECK(corrected_p_values(p, GwrCorrection::fotheringham, 12, 4)[3] == Approx(0.09));
    CHECK(corrected_p_values(p, GwrCorrection::fotheringham, 12, 4)[4] == 1);
    CHECK(corrected_p_values(p, GwrCorrection::none, 12, 4)[0] == 0.01);
}

TEST_CASE("GWR of a layer: blocks not seen, coefficients that are the same everywhere", "[gwr]") {
    const Sandbox box;
    const Planted planted;
    Values arguments = {
        {"places", planted.layer(box)},     {"responses", Texts{"y"}},           {"drivers", Texts{"a", "b"}},
        {"bandwidth", std::string("60")},   {"folds", std::string("5")},         {"permutations", std::string("39")},
        {"global", box.path("global.csv")}, {"collinearity", box.path("c.csv")}, {"report", box.path("report.html")}};
    run_algorithm("gwr_layer", arguments);
    const double gwr = cell(box.path("global.csv"), {{"method", "gwr"}}, "block_r2");
    CHECK(gwr < cell(box.path("global.csv"), {{"method", "gwr"}}, "r2"));
    CHECK(gwr > cell(box.path("global.csv"), {{"method", "ols"}}, "block_r2"));
    CHECK(cell(box.path("global.csv"), {{"method", "ols"}}, "block_r2") <
          cell(box.path("global.csv"), {{"method", "ols"}}, "r2"));
    CHECK(cell(box.path("global.csv"), {{"method", "intercept"}}, "block_r2") < gwr);
    CHECK(cell(box.path("c.csv"), {{"driver", "a"}}, "stationarity_p") == Approx(1.0 / 40));
    CHECK(cell(box.path("c.csv"), {{"driver", "b"}}, "stationarity_p") > 0.05);
    const std::string report = read_text(box.path("report.html"));
    CHECK(report.find("Prediction of blocks") != std::string::npos);
    CHECK(report.find("the same everywhere") != std::string::npos);
    // Without them nothing is said of either.
    const Sandbox other;
    arguments = {{"places", planted.layer(other)},     {"responses", Texts{"y"}},
                 {"drivers", Texts{"a", "b"}},         {"bandwidth", std::string("60")},
                 {"global", other.path("global.csv")}, {"r2_by_driver", other.path("r2.csv")},
                 {"collinearity", other.path("c.csv")}};
    run_algorithm("gwr_layer", arguments);
    CHECK(csv_cell(other.path("global.csv"), {{"method", "gwr"}}, "block_r2").empty());
    CHECK(csv_cell(other.path("c.csv"), {{"driver", "a"}}, "stationarity_p").empty());
    CHECK(csv_cell(other.path("r2.csv"), {{"response", "y"}}, "r2_all") ==
          csv_cell(other.path("global.csv"), {{"method", "gwr"}}, "r2"));
    arguments = {{"places", planted.layer(other)},
                 {"responses", Texts{"y"}},
                 {"drivers", Texts{"a"}},
                 {"method", std::string("mgwr")},
                 {"permutations", std::string("9")}};
    CHECK_THAT(error_of("gwr_layer", arguments), ContainsSubstring("PERMUTATIONS: with METHOD=mgwr"));
}
