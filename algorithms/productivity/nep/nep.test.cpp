// Land Carbon Toolbox: net ecosystem productivity: hand-computed maps, the MODIS product, classes, gaps.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "productivity/nep/nep.hpp"

#include <gdal.h>

#include <cmath>

#include "engine/gdal.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

std::string stack(const Sandbox& box, const std::string& name, const std::vector<std::vector<double>>& bands,
                  GDALDataType type = GDT_Float32, int height = 1) {
    RasterRecipe recipe;
    recipe.width = static_cast<int>(bands.front().size()) / height;
    recipe.height = height;
    recipe.bands = bands;
    recipe.type = type;
    recipe.has_nodata = true;
    recipe.nodata = -9999;
    return make_raster(box, name, recipe);
}

std::map<std::string, Value> inputs(const std::string& npp, const std::string& respiration) {
    return {{"npp", std::vector<std::string>{npp}}, {"respiration", std::vector<std::string>{respiration}}};
}

}  // namespace

TEST_CASE("NEP, its mean, classes and shares by hand", "[nep]") {
    const Sandbox box;
    // Mean NEP: -50, 0, 199, 200, 400 and none.
    const auto npp = stack(box, "npp.tif", {{100, 50, 300, 500, 900, 7}, {100, 150, 398, 500, 900, -9999}});
    const auto respiration = stack(box, "r.tif", {{140, 100, 200, 300, 400, 1}, {160, 100, 100, 300, 600, 1}});
    auto arguments = inputs(npp, respiration);
    const auto nep_map = box.path("nep.tif"), mean_map = box.path("mean.tif"), class_map = box.path("classes.tif");
    const auto by_class = box.path("class.csv"), by_year = box.path("year.csv");
    arguments.insert({{"nep", nep_map},
                      {"mean_nep", mean_map},
                      {"classes", class_map},
                      {"by_class", by_class},
                      {"by_year", by_year},
                      {"report", box.path("report.html")},
                      {"years", "2001,2003"}});
    const auto results = run_algorithm("nep", arguments);
    CHECK(read_raster(nep_map, 1) == std::vector<double>{-40, -50, 100, 200, 500, 6});
    const auto second = read_raster(nep_map, 2);
    CHECK(std::vector<double>(second.begin(), second.end() - 1) == std::vector<double>{-60, 50, 298, 200, 300});
    CHECK(std::isnan(second[5]));
    const auto mean = read_raster(mean_map);
    CHECK(std::vector<double>(mean.begin(), mean.end() - 1) == std::vector<double>{-50, 0, 199, 200, 400});
    CHECK(std::isnan(mean[5]));
    const auto codes = read_raster(class_map);
    CHECK(std::vector<double>(codes.begin(), codes.end() - 1) == std::vector<double>{1, 2, 2, 3, 4});
    CHECK(std::isnan(codes[5]));
    CHECK(number(results, "mean") == Approx(749 / 5.0).epsilon(1e-14));
    CHECK(number(results, "total_t") == Approx(749 * 0.01).epsilon(1e-14));  // 1 ha a cell
    CHECK(number(results, "sink_share") == Approx(0.8));
    CHECK(number(results, "source_share") == Approx(0.2));
    CHECK(csv_cell(by_class, {{"class", "2"}}, "cells") == "2");
    CHECK(csv_cell(by_class, {{"class", "2"}}, "share") == "0.4");
    CHECK(std::stod(csv_cell(by_class, {{"class", "2"}}, "mean_gc_m2")) == Approx(99.5));
    CHECK(csv_cell(by_class, {{"class", "1"}}, "name") == "Carbon source (below 0)");
    CHECK(csv_cell(by_class, {{"class", "4"}}, "from_gc_m2") == "400");
    CHECK(csv_cell(by_year, {{"step", "2"}}, "year") == "2003");
    CHECK(csv_cell(by_year, {{"step", "1"}}, "cells") == "6");
    CHECK_THAT(read_text(box.path("report.html")), ContainsSubstring("Carbon source"));

    // One year is enough when the user says so.
    auto gaps = inputs(npp, respiration);
    gaps.insert({{"min_valid", "1"}, {"mean_nep", box.path("gaps.tif")}});
    CHECK(number(run_algorithm("nep", gaps), "mean") == Approx(755 / 6.0).epsilon(1e-14));
    CHECK(read_raster(box.path("gaps.tif"))[5] == 6);
}

TEST_CASE("MOD17A3HGF as delivered, with and without a declared scale", "[nep]") {
    const Sandbox box;
    const std::vector<double> stored = {5000, 0, 32760, 32761, 32766, 65535};
    const auto plain = stack(box, "plain.tif", {stored}, GDT_UInt16);
    const auto scaled = stack(box, "scaled.tif", {stored}, GDT_UInt16);
    {
        const DatasetPtr file(GDALOpen(scaled.c_str(), GA_Update));
        REQUIRE(file);
        GDALSetRasterScale(GDALGetRasterBand(file.get(), 1), 0.0001);
    }
    const auto respiration = stack(box, "r.tif", {{100, 100, 100, 100, 100, 100}});
    for (const auto& npp : {plain, scaled}) {
        auto arguments = inputs(npp, respiration);
        arguments.insert({{"npp_product", "mod17a3hgf"}, {"nep", npp + ".nep.tif"}});
        const auto results = run_algorithm("nep", arguments);
        const auto map = read_raster(npp + ".nep.tif");
        CHECK(map[0] == Approx(400).epsilon(1e-6));
        CHECK(map[1] == -100);
        CHECK(map[2] == Approx(3176).epsilon(1e-6));
        for (std::size_t i = 3; i < 6; ++i) CHECK(std::isnan(map[i]));
        CHECK(number(results, "source_share") == Approx(1 / 3.0));
    }
    auto kilograms = inputs(stack(box, "kg.tif", {{0.5, 0.25}}), stack(box, "r2.tif", {{100, 100}}));
    kilograms["npp_scale"] = "1000";
    CHECK(number(run_algorithm("nep", kilograms), "mean") == Approx(275));
}

TEST_CASE("the mean is weighted with the cells' areas", "[nep]") {
    const Sandbox box;
    RasterRecipe recipe = geographic_recipe(1, 2, 0, 60, 30);
    recipe.type = GDT_Float32;
    recipe.bands = {{300, 100}};
    const auto npp = make_raster(box, "npp.tif", recipe);
    recipe.bands = {{0, 200}};
    const auto results = run_algorithm("nep", inputs(npp, make_raster(box, "r.tif", recipe)));
    // Zones of a sphere: sin 60 - sin 30 to sin 30; the ellipsoid differs by less than half a percent.
    const double north = std::sin(M_PI / 3) - 0.5, south = 0.5;
    CHECK(number(results, "mean") == Approx((300 * north - 100 * south) / (north + south)).epsilon(0.03));
    CHECK(number(results, "sink_share") == Approx(north / (north + south)).epsilon(0.005));
    CHECK(number(results, "sink_share") + number(results, "source_share") == Approx(1).epsilon(1e-15));
}

TEST_CASE("class bounds of NEP", "[nep]") {
    const auto usual = nep_classes("0,200,400");
    REQUIRE(usual.size() == 4);
    CHECK(usual[0].upper == 0);
    CHECK(usual[3].lower == 400);
    const auto own = nep_classes("-100, 0, 50");
    REQUIRE(own.size() == 4);
    CHECK(own[0].name == "below -100");
    CHECK(own[1].name == "-100 to 0");
    CHECK(own[3].name == "50 and above");
    CHECK(own[0].colour != own[1].colour);
    CHECK(nep_classes("0").size() == 2);
    CHECK_THROWS_WITH(nep_classes("0,100,100"), ContainsSubstring("does not lie above"));
    CHECK_THROWS_WITH(nep_classes("0,a"), ContainsSubstring("\"a\" is not a number"));
    CHECK_THROWS_WITH(nep_classes(""), ContainsSubstring("no bound"));
    CHECK_THROWS_WITH(nep_classes("0,inf"), ContainsSubstring("not a number"));
}

TEST_CASE("NEP says what is wrong", "[nep]") {
    const Sandbox box;
    const auto one = stack(box, "one.tif", {{1, 2}}), two = stack(box, "two.tif", {{1, 2}, {3, 4}});
    const auto none = stack(box, "none.tif", {{-9999, -9999}});
    const auto with = [&](const std::string& npp, const std::string& r, std::map<std::string, Value> extra) {
        extra.merge(inputs(npp, r));
        return error_of("nep", extra);
    };
    CHECK_THAT(with(two, one, {}), ContainsSubstring("RESPIRATION has 1 bands, NPP has 2"));
    CHECK_THAT(with(one, none, {}), ContainsSubstring("no cell has NPP and respiration"));
    CHECK_THAT(with(two, two, {{"min_valid", "3"}}), ContainsSubstring("there are only 2 years"));
    CHECK_THAT(with(two, two, {{"years", "2001"}}), ContainsSubstring("YEARS"));
    CHECK_THAT(with(one, one, {{"npp_product", "mod17a3hgf"}, {"npp_scale", "2"}}), ContainsSubstring("NPP_SCALE"));
    CHECK_THAT(with(one, one, {{"class_bounds", "5,1"}}), ContainsSubstring("CLASS_BOUNDS"));
}

TEST_CASE("NPP and respiration in other units are told", "[nep][fault]") {
    const Sandbox box;
    struct Listener : Monitor {
        void warning(const std::string& text) override { texts += text + "\n"; }
        std::string texts;
    };
    const auto said = [&](double npp, double respiration, const std::map<std::string, Value>& more) {
        Listener listener;
        auto arguments = inputs(stack(box, "n.tif", {{npp, npp / 2}}), stack(box, "r.tif", {{respiration, 9}}));
        arguments.insert(more.begin(), more.end());
        run_algorithm("nep", arguments, listener);
        return listener.texts;
    };
    CHECK(said(600, 300, {}).empty());
    CHECK_THAT(said(0.6, 300, {}),
               ContainsSubstring("NPP: its values go from 0.3 to 0.6. With NPP_SCALE, are they g C/m2"));
    CHECK(said(0.6, 300, {{"npp_scale", "1000"}}).empty());
    CHECK_THAT(said(6100, 300, {}), ContainsSubstring("NPP: its values go from 3050 to 6100"));
    CHECK(said(6100, 300, {{"npp_product", "mod17a3hgf"}}).empty());
    CHECK_THAT(said(600, 9000, {}), ContainsSubstring("RESPIRATION: its values go from 9 to 9000"));
}
