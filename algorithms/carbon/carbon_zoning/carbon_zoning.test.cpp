// Land Carbon Toolbox: tests of the zoning: conditions, scores by hand, zones against all divisions, wrong input.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "carbon/carbon_zoning/carbon_zoning.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>

#include "carbon/carbon_zoning/zone_scores.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"
#include "tables/published_tables.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

const std::vector<std::string> indices = {"CS", "NCE", "CE", "ECC", "ESC", "Cf", "Ec", "Ed"};
const std::vector<std::string> quantities = {"cs_t", "nce_t", "ce_t", "ecc", "esc", "cf_ha", "ec_ha", "ed_ha"};

/// A table of trends: Z of each unit in the order of `indices`.
std::string trends(const Sandbox& box, const std::map<std::string, std::vector<double>>& z) {
    std::string text = "unit,quantity,slope,z\n";
    for (const auto& [unit, values] : z)
        for (std::size_t i = 0; i < values.size(); ++i)
            text += unit + "," + quantities[i] + ",1," + (std::isnan(values[i]) ? "" : number_text(values[i])) + "\n";
    return box.text("trends.csv", text);
}

/// The least sum of squared deviations over all divisions of ascending values into classes.
double least_within(const std::vector<double>& values, std::size_t first, int classes) {
    const auto spread = [&](std::size_t from, std::size_t end) {
        double mean = 0, sum = 0;
        for (std::size_t i = from; i < end; ++i) mean += values[i] / static_cast<double>(end - from);
        for (std::size_t i = from; i < end; ++i) sum += (values[i] - mean) * (values[i] - mean);
        return sum;
    };
    if (classes == 1) return spread(first, values.size());
    double best = 1e300;
    for (std::size_t end = first + 1; end + static_cast<std::size_t>(classes) - 1 <= values.size(); ++end)
        best = std::min(best, spread(first, end) + least_within(values, end, classes - 1));
    return best;
}

}  // namespace

TEST_CASE("zoning: conditions are read", "[carbon_zoning]") {
    const auto holds = [](const char* text, double value) { return read_condition(text)->holds(value); };
    CHECK(holds("Z>1.66", 1.67));
    CHECK_FALSE(holds("Z>1.66", 1.66));
    CHECK(holds("0<Z<=1.66", 1.66));
    CHECK_FALSE(holds("0<Z<=1.66", 0));
    CHECK(holds("-1.66<=Z<0", -1.66));
    CHECK_FALSE(holds("-1.66<=Z<0", 0));
    CHECK(holds("'-1.66<=Z<0", -1));
    CHECK(holds("Z=0", 0));
    CHECK_FALSE(holds("Z=0", 1e-9));
    CHECK(holds(" Z ≤ −1.66 ", -1.66));
    CHECK(holds("1.66 < z", 2));
    CHECK(holds("2>=z>1", 2));
    CHECK_FALSE(holds("2>=z>1", 1));
    CHECK(holds("0.6..0.8", 0.8));
    CHECK_FALSE(holds("0.6..0.8", 0.6));
    CHECK(read_condition("Z>1")->on_trend);
    CHECK_FALSE(read_condition("x>1")->on_trend);
    CHECK(read_condition("Slightly significant")->word == "slightly_significant");
    for (const char* wrong : {"", "Z>", "1<Z>2", "2<Z<1", "Z>1<2", "a>b", "0.8..0.6", "..", "5", "1<2", "Z=1=2"}) {
        INFO(wrong);
        CHECK_FALSE(read_condition(wrong));
    }
}

TEST_CASE("zoning: the published scores, every value of Z has one", "[carbon_zoning]") {
    const auto rules = read_score_rules(read_published_table("scores", "qinba_zoning_scores"));
    REQUIRE(rules.size() == 10);
    const std::map<std::string, bool> rising_is_good = {{"CS", true},  {"NCE", false}, {"CE", false}, {"ECC", true},
                                                        {"ESC", true}, {"Cf", false},  {"Ec", true},  {"Ed", false}};
    for (const auto& rule : rules) {
        INFO(rule.index);
        if (const auto good = rising_is_good.find(rule.index); good != rising_is_good.end()) {
            CHECK(rule.on_trend);
            const double sign = good->second ? 1 : -1;
            CHECK(rule.score(sign * 3) == 5);
            CHECK(rule.score(sign * 1.66) == 4);
            CHECK(rule.score(sign * 0.5) == 4);
            CHECK(rule.score(0) == 3);
            CHECK(rule.score(sign * -0.5) == 2);
            CHECK(rule.score(sign * -1.66) == 2);
            CHECK(rule.score(sign * -3) == 1);
        }
    }
    CHECK(rules[8].index == "CEP");
    CHECK(rules[8].by_word);
    CHECK(rules[8].score("Slightly Significant") == 4);
    CHECK(rules[8].score(5) == 5);
    CHECK_FALSE(rules[8].score(2.5));
    CHECK_FALSE(rules[8].score("unknown"));
    CHECK(rules[9].index == "CLI");
    const std::pair<double, int> expected[] = {{0, 1}, {0.2, 1}, {0.21, 2}, {0.6, 3}, {0.61, 4}, {0.81, 5}, {1, 5}};
    for (const auto& [value, points] : expected) CHECK(rules[9].score(value) == points);
    CHECK_FALSE(rules[9].score(1.01));
    CHECK_FALSE(rules[9].score(-0.01));
}

TEST_CASE("zoning: scores and zones of four units by hand", "[carbon_zoning]") {
    const Sandbox box;
    const double gap = std::nan("");
    // CS, NCE, CE, ECC, ESC, Cf, Ec, Ed
    const auto table = trends(box, {{"好县", {3, -3, -3, 3, 3, -3, 3, -3}},
                                    {"中县", {0, 0, 0, 0, 0, 0, 0, 0}},
                                    {"近县", {1, 1, 1, 0, 0, 0, 0, 0}},
                                    {"坏县", {-3, 3, 3, -3, -3, 3, -3, 3}},
                                    {"缺县", {1, 1, 1, gap, 1, 1, 1, 1}},
                                    {"外县", {1, 1, 1, 1, 1, 1, 1, 1}}});
    const auto units = box.text("u.csv", "county,CLI\n好县,0.9\n中县,0.5\n近县,0.5\n坏县,0.1\n缺县,0.5\n");
    const auto cep = box.text("cep.csv",
                              "unit,scenario,peak_year,neutral_year,cep\n好县,low,2020,2050,5\n好县,high,2030,,4\n中县,"
                              "low,2030,,stable\n近县,low,,,3\n坏县,low,,,non-significant\n缺县,low,,,3\n");
    const auto results = run_algorithm("carbon_zoning", {{"units", units},
                                                         {"trends", table},
                                                         {"cep", cep},
                                                         {"scenario", "low"},
                                                         {"zones", "3"},
                                                         {"zoned", box.path("z.csv")},
                                                         {"summary", box.path("s.csv")},
                                                         {"report", box.path("r.html")}});
    const auto of = [&](const char* unit, const char* column) {
        return csv_cell(box.path("z.csv"), {{"unit", unit}}, column);
    };
    CHECK(of("好县", "total") == "50");  // 8*5 + 5 + 5
    CHECK(of("中县", "total") == "30");  // 8*3 + 3 + 3
    // CS rises a little: 4, NCE and CE rise a little: 2 and 2, five times 3, CEP 3, CLI 3
    CHECK(of("近县", "total") == "29");
    CHECK(of("坏县", "total") == "10");
    CHECK(of("近县", "score_cs") == "4");
    CHECK(of("近县", "score_nce") == "2");
    CHECK(of("近县", "z_cs") == "1");
    CHECK(of("坏县", "value_cep") == "1");
    CHECK(of("坏县", "score_cli") == "1");
    CHECK(of("好县", "zone") == "1");
    CHECK(of("中县", "zone") == "2");
    CHECK(of("近县", "zone") == "2");
    CHECK(of("坏县", "zone") == "3");
    CHECK(of("坏县", "zone_name") == "Zone 3");
    CHECK(of("缺县", "zone").empty());
    CHECK(of("缺县", "total").empty());
    CHECK(of("缺县", "note") == "missing: ECC");
    CHECK(number(results, "zoned_units") == 4);
    // Mean 29.75: 20.25^2 + 0.25^2 + 0.75^2 + 19.75^2 = 800.75; within the zones 0.5.
    CHECK(number(results, "goodness") == Approx(1 - 0.5 / 800.75).epsilon(1e-14));
    CHECK(csv_cell(box.path("s.csv"), {{"zone", "2"}}, "units") == "2");
    CHECK(csv_cell(box.path("s.csv"), {{"zone", "2"}}, "total_mean") == "29.5");
    CHECK(csv_cell(box.path("s.csv"), {{"zone", "2"}}, "mean_cs") == "3.5");
    CHECK(csv_cell(box.path("s.csv"), {{"zone", "1"}}, "share") == "0.25");
    const auto record = read_text(box.path("z.csv") + ".json");
    CHECK_THAT(record, ContainsSubstring("1 unit of other tables is not in UNITS: 外县"));
    CHECK_THAT(record, ContainsSubstring("10.1038/s41598-025-95156-x"));
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("好县") && ContainsSubstring("none: missing: ECC"));
}

TEST_CASE("zoning: no other division into zones is better", "[carbon_zoning]") {
    std::uint32_t state = 7;
    const auto random = [&] { return static_cast<double>((state = state * 1664525u + 1013904223u) >> 16); };
    for (int round = 0; round < 40; ++round) {
        std::vector<double> totals;
        for (int i = 0; i < 14; ++i) totals.push_back(std::floor(random() / 65536 * 41) + 10);
        std::vector<double> sorted = totals;
        std::sort(sorted.begin(), sorted.end());
        for (int zones = 1; zones <= std::min(5, different_totals(totals)); ++zones) {
            const ZoneDivision division = divide_into_zones(totals, zones);
            // Spread within the zones as they were given to the units.
            double within = 0, all = 0, mean_of_all = 0;
            for (const double total : totals) mean_of_all += total / static_cast<double>(totals.size());
            for (int zone = 1; zone <= zones; ++zone) {
                double mean = 0, count = 0;
                for (std::size_t i = 0; i < totals.size(); ++i)
                    if (division.zone[i] == zone) {
                        mean += totals[i];
                        ++count;
                    }
                REQUIRE(count > 0);
                mean /= count;
                for (std::size_t i = 0; i < totals.size(); ++i)
                    if (division.zone[i] == zone) within += (totals[i] - mean) * (totals[i] - mean);
            }
            for (const double total : totals) all += (total - mean_of_all) * (total - mean_of_all);
            CHECK(within == Approx(least_within(sorted, 0, zones)).margin(1e-9));
            CHECK(division.goodness == Approx(1 - within / all).margin(1e-12));
            // A higher total is never in a later zone.
            for (std::size_t i = 0; i < totals.size(); ++i)
                for (std::size_t j = 0; j < totals.size(); ++j)
                    if (totals[i] >= totals[j]) CHECK(division.zone[i] <= division.zone[j]);
        }
    }
}

TEST_CASE("zoning: own scores, intensity of a table, polygons and their style", "[carbon_zoning]") {
    const Sandbox box;
    const auto layer = box.text(
        "l.geojson",
        R"({"type":"FeatureCollection","features":[)"
        R"({"type":"Feature","properties":{"unit":"a","rain":5},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}},)"
        R"({"type":"Feature","properties":{"unit":"b","rain":50},"geometry":{"type":"Polygon","coordinates":[[[1,0],[2,0],[2,1],[1,0]]]}}]})");
    const auto scores =
        box.text("s.csv", "index,score1,score9\nCE,Z>0,Z<=0\nCLI,0..0.5,0.5..1\nrain,rain<10,rain>=10\n");
    run_algorithm("carbon_zoning",
                  {{"units", layer},
                   {"trends", box.text("t.csv", "unit,quantity,z\na,ce_t,1\nb,CE,-1\na,ce_energy_t,-9\n")},
                   {"intensity", box.text("i.csv", "name,scaled\na,0\nb,0.6\n")},
                   {"scores", scores},
                   {"zones", "2"},
                   {"zone_names", "Green, Brown"},
                   {"zoned", box.path("z.gpkg")}});
    const InputTable out("zoned", box.path("z.gpkg"), true);
    REQUIRE(out.has_shapes());
    CHECK(out.required_integer(0, out.column("total")) == 3);
    CHECK(out.required_integer(1, out.column("total")) == 27);
    CHECK(out.text(1, out.column("zone_name")) == "Green");
    const auto style = read_text(box.path("z.qml"));
    CHECK_THAT(style, ContainsSubstring("\"Green\"") && ContainsSubstring("attr=\"&quot;zone&quot;\""));
}

TEST_CASE("zoning: the written score table gives what the default gives", "[carbon_zoning]") {
    const Sandbox box;
    const auto scores = box.path("scores.csv");
    run_algorithm("coefficient_table", {{"table", "qinba_zoning_scores"}, {"coefficients", scores}});
    const auto table = trends(box, {{"a", {3, -3, -3, 3, 3, -3, 3, -3}}, {"b", {-3, 3, 1, -1, 0, 0, 0, 3}}});
    const auto units = box.text("u.csv", "unit,cep,cli\na,1,0.9\nb,2,0.5\n");
    for (const std::string& given : {std::string(), scores}) {
        std::map<std::string, Value> arguments = {{"units", units},
                                                  {"trends", table},
                                                  {"zones", "2"},
                                                  {"zoned", box.path(given.empty() ? "a.csv" : "b.csv")}};
        if (!given.empty()) arguments["scores"] = given;
        run_algorithm("carbon_zoning", arguments);
    }
    CHECK(read_text(box.path("a.csv")) == read_text(box.path("b.csv")));
}

TEST_CASE("zoning: wrong input", "[carbon_zoning]") {
    const Sandbox box;
    const auto units = box.text("u.csv", "unit,cep,cli\na,1,0.9\nb,2,0.5\n");
    const auto table = trends(box, {{"a", {3, -3, -3, 3, 3, -3, 3, -3}}, {"b", {-3, 3, 1, -1, 0, 0, 0, 3}}});
    const auto error = [&](const std::map<std::string, Value>& more) {
        std::map<std::string, Value> arguments = {
            {"units", units}, {"trends", table}, {"zones", "2"}, {"zoned", box.path("z.csv")}};
        for (const auto& [id, value] : more) arguments[id] = value;
        return error_of("carbon_zoning", arguments);
    };
    const auto text = [&](const char* name, const std::string& content) { return Value(box.text(name, content)); };
    CHECK_THAT(error({{"zones", "5"}}),
               ContainsSubstring("ZONES: 5 zones need as many different totals; the units have 2"));
    CHECK_THAT(error({{"units", text("v.csv", "unit,cep\na,1\nb,2\n")}}),
               ContainsSubstring("SCORES asks for CLI: give INTENSITY, or a column \"CLI\""));
    CHECK_THAT(error({{"units", text("v.csv", "unit,cli\na,1\nb,0\n")}}), ContainsSubstring("asks for CEP: give CEP"));
    CHECK_THAT(
        error({{"units", text("v.csv", "unit,cep,cli\na,soon,1\n")}}),
        ContainsSubstring("line 2, column \"cep\": \"soon\" is no class of CEP; the classes are: non-significant"));
    CHECK_THAT(error({{"units", text("v.csv", "unit,cep,cli\n,1,1\n")}}), ContainsSubstring("every row needs a unit"));
    CHECK_THAT(error({{"units", text("v.csv", "x,cep,cli\na,1,1\n")}}),
               ContainsSubstring("name it in UNIT_FIELD. The column with words is \"x\""));
    CHECK_THAT(error({{"units", text("v.csv", "unit,cep,cli\nz,1,1\n")}}),
               ContainsSubstring("no unit has all that SCORES asks for") && ContainsSubstring("missing: CS, NCE"));
    CHECK_THAT(error({{"units", text("v.csv", "unit,cep,cli\na,1,1.5\n")}}),
               ContainsSubstring("no condition holds for CLI = 1.5"));
    CHECK_THAT(error({{"trends", text("t.csv", "unit,quantity,z\na,npp,1\n")}}),
               ContainsSubstring("no trend of CS, which SCORES asks for; its quantities are: npp"));
    CHECK_THAT(error({{"trends", text("t.csv", "unit,quantity,z\na,cs,1\na,cs_t,2\n")}}),
               ContainsSubstring("line 3, column \"unit\": unit \"a\" has two trends of CS"));
    CHECK_THAT(error({{"trends", text("t.csv", "unit,quantity,z\na,cs,\"1,5\"\n")}}),
               ContainsSubstring("line 2, column \"z\"") && ContainsSubstring("decimal point"));
    CHECK_THAT(error({{"trends", text("t.csv", "unit,z\na,1\n")}}),
               ContainsSubstring("column \"quantity\" is missing"));
    CHECK_THAT(error({{"cep", text("c.csv", "unit,scenario,cep\na,low,5\na,high,1\nb,low,1\n")}}),
               ContainsSubstring("line 3, column \"cep\": unit \"a\" has \"5\" in another row; say in SCENARIO"));
    CHECK_THAT(error({{"cep", text("c.csv", "unit,scenario,cep\na,low,5\n")}, {"scenario", "hi"}}),
               ContainsSubstring("SCENARIO: CEP has no scenario \"hi\"; it has: low"));
    CHECK_THAT(error({{"scenario", "low"}}), ContainsSubstring("SCENARIO: it needs CEP"));
    CHECK_THAT(error({{"zone_names", "a,b,c"}}), ContainsSubstring("3 names for 2 zones"));
    const auto scores = [&](const std::string& rows) {
        return error({{"scores", text("s.csv", "index,score2,score1\n" + rows)}});
    };
    CHECK_THAT(scores("CE,Z>0,much\n"), ContainsSubstring("must all be about Z, all about its value or all words"));
    CHECK_THAT(scores("CE,Z>0,Z<1\n"),
               ContainsSubstring("line 2, column \"score1\": it overlaps the condition of score 2"));
    CHECK_THAT(scores("CE,Z>0,Z<\n"), ContainsSubstring("\"Z<\" is no condition; write for example Z>1.66"));
    CHECK_THAT(scores("CE,Z>0,Z<0\nce,Z>0,Z<0\n"), ContainsSubstring("line 3, column \"index\""));
    CHECK_THAT(scores(",Z>0,Z<0\n"), ContainsSubstring("every row needs an index"));
    CHECK_THAT(error({{"scores", text("s.csv", "index,what\nCE,1\n")}}),
               ContainsSubstring("columns score1, score2 and so on are missing"));
    CHECK_FALSE(std::filesystem::exists(box.path("z.csv")));
}

TEST_CASE("zoning: names that differ by case or accents only are told", "[carbon_zoning][fault]") {
    const Sandbox box;
    struct Listener : Monitor {
        void warning(const std::string& text) override { texts += text + "\n"; }
        std::string texts;
    };
    Listener listener;
    const std::string units = box.text("u.csv", "unit,cep,cli\nMa\xcc\x81laga,1,1\nb,2,0\n");
    const std::string trend_table =
        trends(box, {{"M\xc3\xa1laga", {1, 1, 1, 1, 1, 1, 1, 1}}, {"b", {2, 2, 2, 2, 2, 2, 2, 2}}});
    try {
        run_algorithm("carbon_zoning",
                      {{"units", units}, {"trends", trend_table}, {"zones", "2"}, {"zoned", box.path("z.csv")}},
                      listener);
    } catch (const Error&) {
    }
    CHECK_THAT(listener.texts, ContainsSubstring("differ by case, accents or full-width signs only"));
}
