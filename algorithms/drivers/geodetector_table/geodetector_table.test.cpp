// Land Carbon Toolbox: tests of the Geodetector of tables.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/geodetector_table/geodetector_table.hpp"

#include <cmath>
#include <filesystem>

#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;

/// The data set that comes with the R package geodetector: 185 villages, incidence of neural-tube defects.
std::string disease() { return source_file("tests/data/geodetector_disease.csv"); }

double cell(const std::string& path, const std::map<std::string, std::string>& where, const std::string& column) {
    const auto text = csv_cell(path, where, column);
    return text.empty() ? std::nan("") : std::stod(text);
}

Values disease_run(const Sandbox& box, Values more = {}) {
    Values arguments = {{"data", disease()},
                        {"response", std::string("incidence")},
                        {"factors", std::vector<std::string>{"soiltype", "watershed", "elevation"}},
                        {"factor", box.path("factor.csv")},
                        {"interaction", box.path("interaction.csv")},
                        {"risk", box.path("risk.csv")},
                        {"risk_tests", box.path("risk_tests.csv")},
                        {"ecological", box.path("ecological.csv")},
                        {"discretization_table", box.path("discretization.csv")},
                        {"report", box.path("report.html")}};
    arguments.insert(more.begin(), more.end());
    return run_algorithm("geodetector_table", arguments);
}

/// Runs on a table of its own in a folder that is emptied first.
Values run_on(const Sandbox& box, const std::string& csv, const std::vector<std::string>& factors, Values more = {}) {
    Values arguments = {{"response", std::string("y")},
                        {"factors", factors},
                        {"factor", box.path("factor.csv")},
                        {"interaction", box.path("interaction.csv")},
                        {"risk", box.path("risk.csv")},
                        {"risk_tests", box.path("risk_tests.csv")},
                        {"ecological", box.path("ecological.csv")},
                        {"discretization_table", box.path("discretization.csv")},
                        {"report", box.path("report.html")}};
    arguments.insert(more.begin(), more.end());
    for (const auto& name : box.names()) std::filesystem::remove(box.path(name));
    arguments["data"] = box.text("t.csv", csv);
    return run_algorithm("geodetector_table", arguments);
}

}  // namespace

TEST_CASE("Geodetector: the authors' data set as their R package has it", "[geodetector]") {
    const Sandbox box;
    const Values results = disease_run(box);
    // R package geodetector 1.0. R's noncentral F distribution is right to about 1e-9 only.
    const auto factor = box.path("factor.csv");
    CHECK(cell(factor, {{"factor", "soiltype"}}, "q") == Approx(0.385716842809).epsilon(1e-11));
    CHECK(cell(factor, {{"factor", "watershed"}}, "q") == Approx(0.63777367007).epsilon(1e-11));
    CHECK(cell(factor, {{"factor", "elevation"}}, "q") == Approx(0.606708709728).epsilon(1e-11));
    CHECK(cell(factor, {{"factor", "soiltype"}}, "p") == Approx(0.363236288544).margin(2e-9));
    CHECK(cell(factor, {{"factor", "watershed"}}, "p") == Approx(0.000116991385023).margin(2e-9));
    CHECK(cell(factor, {{"factor", "elevation"}}, "p") == Approx(0.0408040687344).margin(2e-9));
    CHECK(cell(factor, {{"factor", "soiltype"}}, "strata") == 5);
    CHECK(cell(factor, {{"factor", "soiltype"}}, "n") == 185);
    CHECK(cell(factor, {{"factor", "soiltype"}}, "q_per_stratum") == Approx(0.385716842809 / 4));
    const auto pair = box.path("interaction.csv");
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "watershed"}}, "q") ==
          Approx(0.735680548139531).epsilon(1e-13));
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "elevation"}}, "q") ==
          Approx(0.663523698335635).epsilon(1e-13));
    CHECK(cell(pair, {{"first", "watershed"}, {"second", "elevation"}}, "q") ==
          Approx(0.71359677853471).epsilon(1e-13));
    CHECK(csv_cell(pair, {{"first", "soiltype"}, {"second", "watershed"}}, "type") == "enhance_bi");
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "watershed"}}, "above_larger") ==
          Approx(0.735680548139531 - 0.637773670070423).epsilon(1e-11));
    const auto risk = box.path("risk.csv");
    const double soil[] = {6.340000, 6.687500, 6.583279, 5.843810, 6.347073};
    const double watershed[] = {6.167813, 6.813103, 6.474231, 6.728000, 5.910000,
                                5.845714, 6.494167, 6.360769, 6.579231};
    for (int s = 0; s < 5; ++s)
        CHECK(cell(risk, {{"factor", "soiltype"}, {"stratum", std::to_string(s + 1)}}, "mean") ==
              Approx(soil[s]).margin(5e-7));
    for (int s = 0; s < 9; ++s)
        CHECK(cell(risk, {{"factor", "watershed"}, {"stratum", std::to_string(s + 1)}}, "mean") ==
              Approx(watershed[s]).margin(5e-7));
    // Soil types that differ at 0.05.
    std::string differing;
    for (int a = 1; a <= 5; ++a)
        for (int b = a + 1; b <= 5; ++b)
            if (cell(box.path("risk_tests.csv"),
                     {{"factor", "soiltype"}, {"first", std::to_string(a)}, {"second", std::to_string(b)}},
                     "differs") == 1)
                differing += std::to_string(a) + "-" + std::to_string(b) + " ";
    CHECK(differing == "1-2 1-3 1-4 2-4 2-5 3-4 3-5 4-5 ");
    CHECK(value_text(results.at("best_factor")) == "watershed");
    CHECK(value_text(results.at("best_pair")) == "soiltype, watershed");
    CHECK(number(results, "best_pair_q") == Approx(0.735680548139531).epsilon(1e-13));
    CHECK(number(results, "observations") == 185);
    CHECK_THAT(read_text(box.path("report.html")), ContainsSubstring("Interaction detector"));
}

TEST_CASE("Geodetector: the conventions of GD and gdverse", "[geodetector]") {
    const Sandbox box;
    disease_run(box, {{"variance", std::string("population")},
                      {"singletons", std::string("drop")},
                      {"ecological_test", std::string("unexplained_ratio")},
                      {"alpha", std::string("0.1")}});
    const auto factor = box.path("factor.csv");
    // GD and gdverse: no stratum of the factors has one member, so that only s^2 matters.
    CHECK(cell(factor, {{"factor", "soiltype"}}, "p") == Approx(0.37215).margin(5e-6));
    CHECK(cell(factor, {{"factor", "watershed"}}, "p") == Approx(0.000128803).margin(2e-9));
    CHECK(cell(factor, {{"factor", "elevation"}}, "p") == Approx(0.0433822).margin(1e-7));
    const auto pair = box.path("interaction.csv");
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "watershed"}}, "q") == Approx(0.7232).margin(5e-5));
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "elevation"}}, "q") == Approx(0.6630).margin(5e-5));
    CHECK(cell(pair, {{"first", "watershed"}, {"second", "elevation"}}, "q") == Approx(0.7103).margin(5e-5));
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "watershed"}}, "singletons") == 2);
    CHECK(cell(pair, {{"first", "soiltype"}, {"second", "watershed"}}, "n") == 183);
    // GD's gdrisk and gdverse's ecological_detector and interaction_detector, run on the same rows.
    const std::map<std::string, std::string> one_two = {{"factor", "soiltype"}, {"first", "1"}, {"second", "2"}};
    CHECK(cell(box.path("risk_tests.csv"), one_two, "t") == Approx(-3.835231076452).epsilon(1e-12));
    CHECK(cell(box.path("risk_tests.csv"), one_two, "degrees_of_freedom") == Approx(14.8930013810).epsilon(1e-11));
    CHECK(cell(box.path("risk_tests.csv"), one_two, "p") == Approx(0.00164140221626).epsilon(1e-10));
    CHECK(cell(box.path("risk_tests.csv"), {{"factor", "soiltype"}, {"first", "1"}, {"second", "4"}}, "p") ==
          Approx(7.26359240247e-19).epsilon(1e-10));
    const std::map<std::string, std::string> soil_water = {{"first", "soiltype"}, {"second", "watershed"}};
    CHECK(cell(box.path("ecological.csv"), soil_water, "f") == Approx(1.695854515352321).epsilon(1e-13));
    CHECK(cell(box.path("ecological.csv"), soil_water, "p") == Approx(0.000187536964706).epsilon(1e-11));
    CHECK(cell(pair, soil_water, "p") == Approx(0.996740217307749).margin(2e-9));
}

TEST_CASE("Geodetector: gdverse's confidence intervals of q", "[geodetector]") {
    // factor_detector with alpha = 0.975, which leaves 2.5 % on each side.
    const Sandbox box;
    disease_run(box);
    const auto factor = box.path("factor.csv");
    CHECK(cell(factor, {{"factor", "soiltype"}}, "q_lower") == Approx(0.266982267528).epsilon(1e-7));
    CHECK(cell(factor, {{"factor", "soiltype"}}, "q_upper") == Approx(0.467340656878).epsilon(1e-7));
    CHECK(cell(factor, {{"factor", "watershed"}}, "q_lower") == Approx(0.53797293549717).epsilon(1e-7));
    CHECK(cell(factor, {{"factor", "watershed"}}, "q_upper") == Approx(0.68583654915343).epsilon(1e-7));
    CHECK(cell(factor, {{"factor", "elevation"}}, "q_lower") == Approx(0.5064423792447).epsilon(1e-7));
    CHECK(cell(factor, {{"factor", "elevation"}}, "q_upper") == Approx(0.6618439117126).epsilon(1e-7));
}

TEST_CASE("Geodetector: crossed strata are not joined texts", "[geodetector]") {
    // As texts, "1" and "11" would be the same as "11" and "1".
    const Sandbox box;
    run_on(box, "y,a,b\n1,1,11\n2,1,11\n8,11,1\n9,11,1\n4,1,1\n5,1,1\n", {"a", "b"});
    const auto pair = box.path("interaction.csv");
    CHECK(csv_cell(pair, {{"first", "a"}}, "strata") == "3");
    // SST 46.8333, SSW 3 * 0.5.
    CHECK(cell(pair, {{"first", "a"}}, "q") == Approx(1 - 1.5 / (191 - 29.0 * 29 / 6)).epsilon(1e-14));
}

TEST_CASE("Geodetector: classes of texts and of numbers, incomplete rows", "[geodetector]") {
    const Sandbox box;
    run_on(box, "y,a,b\n1,forest,1\n3,forest,1.0\n8,city,01\n10,city,2\n,city,2\n5,,2\n7,city,\n", {"a", "b"},
           {{"continuous", std::string("none")}});
    const auto factor = box.path("factor.csv");
    CHECK(csv_cell(factor, {{"factor", "a"}}, "n") == "4");
    CHECK(csv_cell(factor, {{"factor", "b"}}, "strata") == "2");
    CHECK(cell(factor, {{"factor", "a"}}, "q") == Approx(1 - 4.0 / 53));
    CHECK(csv_cell(box.path("risk.csv"), {{"factor", "a"}, {"stratum", "city"}}, "mean") == "9");
    CHECK(csv_cell(box.path("risk.csv"), {{"factor", "b"}, {"stratum", "1"}}, "n") == "3");
}

namespace {

/// y follows steps of a, which is continuous; b is noise.
std::string steps() {
    std::string csv = "y,a,b,c\n";
    for (int i = 0; i < 400; ++i) {
        const double a = (i * 37 % 400) / 40.0 + 0.0125;
        const int level = a < 2 ? 0 : a < 7 ? 1 : 2;
        csv += number_text(level * 10 + i % 5 * 0.1) + "," + number_text(a) + "," + number_text((i * 61 % 400) / 7.0) +
               "," + std::to_string(i % 4) + "\n";
    }
    return csv;
}

}  // namespace

TEST_CASE("Geodetector: the best division is found, and all are listed", "[geodetector]") {
    const Sandbox box;
    const Values results = run_on(box, steps(), {"a", "b", "c"}, {{"classes_max", std::string("8")}});
    CHECK(value_text(results.at("best_factor")) == "a");
    const auto table = read_csv(box.path("discretization.csv"));
    // Five methods, 3 to 8 classes, two continuous factors; c is given.
    CHECK(table.size() == 1 + 2 * 5 * 6 + 1);
    // Ten equal parts would be right at 2 and 7; of 3 to 8 classes, those whose breaks come nearest.
    double most = 0;
    std::string chosen;
    for (const auto& row : table) {
        if (row[0] != "a" || !row[7].empty()) continue;
        most = std::max(most, std::stod(row[3]));
        if (row[6] == "1") chosen = row[3];
    }
    REQUIRE_FALSE(chosen.empty());
    CHECK(std::stod(chosen) == most);
    CHECK(cell(box.path("factor.csv"), {{"factor", "a"}}, "q") == most);
    // One method only, one number of classes: breaks at 2.5, 5 and 7.5 of 0.0125 .. 9.9875.
    run_on(box, steps(), {"a", "c"},
           {{"discretization", std::string("equal")},
            {"classes_min", std::string("4")},
            {"classes_max", std::string("4")}});
    const double low = 0.0125, width = 9.975 / 4;
    std::vector<double> sum(4), count(4), squares(4);
    for (int i = 0; i < 400; ++i) {
        const double a = (i * 37 % 400) / 40.0 + 0.0125;
        const double y = (a < 2 ? 0 : a < 7 ? 10 : 20) + i % 5 * 0.1;
        const auto k = static_cast<std::size_t>(std::min(3.0, std::ceil((a - low) / width) - (a > low)));
        sum[k] += y;
        squares[k] += y * y;
        ++count[k];
    }
    double within = 0, all = 0, all_squares = 0;
    for (std::size_t k = 0; k < 4; ++k) {
        within += squares[k] - sum[k] * sum[k] / count[k];
        all += sum[k];
        all_squares += squares[k];
    }
    CHECK(cell(box.path("factor.csv"), {{"factor", "a"}}, "q") ==
          Approx(1 - within / (all_squares - all * all / 400)).epsilon(1e-12));
    CHECK(csv_cell(box.path("factor.csv"), {{"factor", "a"}}, "method") == "equal");
    // The right breaks, given.
    run_on(box, steps(), {"a", "c"}, {{"discretization", std::string("given")}, {"breaks", std::string("1: 7, 2")}});
    CHECK(cell(box.path("factor.csv"), {{"factor", "a"}}, "q") > most);
    CHECK(csv_cell(box.path("risk.csv"), {{"factor", "a"}, {"stratum", "2 to 7"}}, "lower_break") == "2");
    CHECK(csv_cell(box.path("factor.csv"), {{"factor", "a"}}, "classes") == "3");
}

TEST_CASE("Geodetector: a stratum that is too small is not chosen", "[geodetector]") {
    const Sandbox box;
    run_on(box, steps(), {"a", "c"}, {{"minimum_stratum", std::string("60")}});
    CHECK(cell(box.path("factor.csv"), {{"factor", "a"}}, "smallest") >= 60);
    CHECK(cell(box.path("factor.csv"), {{"factor", "a"}}, "classes") <= 6);
    CHECK_THAT(csv_cell(box.path("discretization.csv"), {{"factor", "a"}, {"method", "quantile"}, {"classes", "10"}},
                        "remark"),
               ContainsSubstring("MINIMUM_STRATUM"));
}

TEST_CASE("Geodetector: samples follow the seed", "[geodetector]") {
    const Sandbox box;
    const auto sampled = [&](const char* seed) {
        const Values results =
            run_on(box, steps(), {"a", "c"}, {{"sample", std::string("100")}, {"seed", std::string(seed)}});
        CHECK(number(results, "observations") == 100);
        return number(results, "best_q");
    };
    const double first = sampled("1");
    CHECK(sampled("1") == first);
    CHECK(sampled("2") != first);
}

TEST_CASE("Geodetector: odd data give what is defined", "[geodetector]") {
    const Sandbox box;
    const auto factor = box.path("factor.csv");
    // A constant factor, the same factor twice under two names, one with as many strata as rows.
    Values results = run_on(box, "y,a,b,c,d\n1,7,1,1,p\n2,7,1,1,q\n4,7,2,2,r\n6,7,2,2,s\n", {"a", "b", "c", "d"},
                            {{"continuous", std::string("none")}});
    CHECK(csv_cell(factor, {{"factor", "a"}}, "q") == "0");
    CHECK(csv_cell(factor, {{"factor", "a"}}, "p").empty());
    CHECK(csv_cell(factor, {{"factor", "a"}}, "q_lower").empty());
    CHECK(csv_cell(factor, {{"factor", "d"}}, "q") == "1");
    CHECK(csv_cell(factor, {{"factor", "d"}}, "p").empty());
    CHECK(csv_cell(factor, {{"factor", "d"}}, "singletons") == "4");
    const auto pair = box.path("interaction.csv");
    CHECK(csv_cell(pair, {{"first", "b"}, {"second", "c"}}, "type") == "weaken_uni");
    CHECK(csv_cell(pair, {{"first", "b"}, {"second", "c"}}, "above_larger") == "0");
    CHECK(csv_cell(box.path("ecological.csv"), {{"first", "b"}, {"second", "c"}}, "differs") == "0");
    CHECK(csv_cell(box.path("ecological.csv"), {{"first", "a"}, {"second", "d"}}, "f").empty());
    CHECK(csv_cell(box.path("risk_tests.csv"), {{"factor", "d"}, {"first", "p"}}, "t").empty());
    // With all strata of one member dropped, the factor has nothing left.
    run_on(box, "y,b,d\n1,1,p\n2,1,q\n4,2,r\n6,2,s\n", {"b", "d"}, {{"singletons", std::string("drop")}});
    CHECK(csv_cell(factor, {{"factor", "d"}}, "q").empty());
    CHECK(csv_cell(factor, {{"factor", "d"}}, "n") == "0");
    // One factor: no pairs.
    results = run_on(box, "y,b\n1,1\n2,1\n4,2\n6,2\n", {"b"});
    CHECK(results.count("best_pair") == 0);
    CHECK(read_csv(pair).size() == 1);
    // A continuous factor of two values cannot have three classes.
    run_on(box, "y,b\n1,0.5\n2,0.5\n4,2\n6,2\n", {"b"});
    CHECK(csv_cell(factor, {{"factor", "b"}}, "strata") == "2");
    CHECK(cell(factor, {{"factor", "b"}}, "q") == Approx(1 - 2.5 / 14.75));
}

TEST_CASE("Geodetector: what is wrong is said", "[geodetector]") {
    const Sandbox box;
    const auto with = [&](const std::string& csv, const std::vector<std::string>& factors, Values more = {}) {
        more.insert({{"data", box.text("e.csv", csv)}, {"response", std::string("y")}, {"factors", factors}});
        return error_of("geodetector_table", more);
    };
    const std::string plain = "y,a,b\n1,1,0.5\n2,1,1.5\n4,2,2.5\n";
    CHECK_THAT(with("y,a\n3,1\n3,2\n3,2\n", {"a"}), ContainsSubstring("RESPONSE: it has the same value in all rows"));
    CHECK_THAT(with("y,a\n3,\n,2\n", {"a"}), ContainsSubstring("no row has a response and all factors"));
    CHECK_THAT(with("y,a\n3,1\ninf,2\n", {"a"}), ContainsSubstring("line 3, column \"y\""));
    CHECK_THAT(with(plain, {"z"}), ContainsSubstring("the column \"z\" is missing"));
    CHECK_THAT(with(plain, {"y"}), ContainsSubstring("\"y\" is the response"));
    CHECK_THAT(with(plain, {"a", "a"}), ContainsSubstring("\"a\" appears twice"));
    CHECK_THAT(with(plain, {"a"}, {{"continuous", std::string("3")}}),
               ContainsSubstring("there is no factor \"3\"; the factors are a, or 1 to 1"));
    CHECK_THAT(with("y,a\n1,x\n2,1.5\n4,2\n", {"a"}, {{"continuous", std::string("all")}}),
               ContainsSubstring("line 2, column \"a\": \"x\" is not a number"));
    CHECK_THAT(with(plain, {"a", "b"}, {{"discretization", std::string("given")}}),
               ContainsSubstring("BREAKS: missing for the continuous factor \"b\""));
    CHECK_THAT(with(plain, {"a", "b"}, {{"discretization", std::string("given")}, {"breaks", std::string("b 1, 2")}}),
               ContainsSubstring("has no colon"));
    CHECK_THAT(
        with(plain, {"a", "b"}, {{"discretization", std::string("given")}, {"breaks", std::string("b: 1; a: 2")}}),
        ContainsSubstring("\"a\" holds classes"));
    CHECK_THAT(with(plain, {"a"}, {{"breaks", std::string("a: 1")}}),
               ContainsSubstring("BREAKS: needs DISCRETIZATION"));
    CHECK_THAT(with(plain, {"a"}, {{"classes_min", std::string("9")}, {"classes_max", std::string("4")}}),
               ContainsSubstring("CLASSES_MAX: 4 is less than CLASSES_MIN, 9"));
    std::string many = "y,a\n";
    for (int i = 0; i < 66000; ++i) many += std::to_string(i % 9) + "," + std::to_string(i) + "\n";
    CHECK_THAT(with(many, {"a"}, {{"categorical", std::string("a")}}), ContainsSubstring("more than 65535 strata"));
}
