// Land Carbon Toolbox: tests of STIRPAT: known answers, selection of K, the model file, wrong input.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/stirpat/stirpat.hpp"

#include <cmath>
#include <filesystem>

#include "drivers/stirpat_model.hpp"
#include "engine/table.hpp"
#include "spec/errors.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;

const std::string longley = source_file("tests/data/nist_longley.csv");
const std::vector<std::string> all_six = {"x1", "x2", "x3", "x4", "x5", "x6"};

Values joined(Values a, const Values& b) {
    for (const auto& [id, value] : b) a[id] = value;
    return a;
}

double cell(const std::string& path, const std::map<std::string, std::string>& where, const std::string& column) {
    return std::stod(csv_cell(path, where, column));
}

/// Two drivers and a response without noise: ln y = 1 + 2 ln a - 0.5 ln b.
const std::string exact_rows =
    "y,a,b\n2.718281828459045,1,1\n10.87312731383618,2,1\n1.359140914229522,1,4\n12.232268228065703,3,4\n";

}  // namespace

TEST_CASE("stirpat: logarithms of Longley as R's lm has them", "[stirpat]") {
    const Sandbox box;
    const auto results = run_algorithm("stirpat", {{"data", longley},
                                                   {"response", std::string("y")},
                                                   {"drivers", all_six},
                                                   {"k", 0.0},
                                                   {"coefficients", box.path("c.csv")},
                                                   {"fitted", box.path("f.csv")},
                                                   {"report", box.path("r.html")}});
    // R 4.2.2: lm(log(y) ~ log(x1) + ...).
    CHECK(number(results, "chosen_k") == 0);
    CHECK(number(results, "r2") == Approx(0.99332355008123).epsilon(1e-12));
    CHECK(number(results, "adjusted_r2") == Approx(0.98887258346872).epsilon(1e-12));
    CHECK(number(results, "f") == Approx(223.17029907358094).epsilon(1e-10));
    CHECK(number(results, "p") == Approx(2.8704101803276e-09).epsilon(1e-9));
    CHECK(number(results, "rows") == 16);
    const auto c = box.path("c.csv");
    const double coefficients[] = {-0.175599452324547,  -0.0514239132471958, -0.0797563525655708,
                                   -0.0335638182786333, -1.29706982726403,   74.5358214168579};
    const double errors[] = {0.138654048088924,  0.157864412714322, 0.0189114207627894,
                             0.0104486950864405, 0.501996439253319, 26.6621488614518};
    for (const std::string method : {"ols", "ridge"}) {
        for (std::size_t j = 0; j < 6; ++j) {
            const std::map<std::string, std::string> row = {{"method", method}, {"term", all_six[j]}};
            CHECK(cell(c, row, "coefficient") == Approx(coefficients[j]).epsilon(1e-9));
            CHECK(cell(c, row, "standard_error") == Approx(errors[j]).epsilon(1e-9));
        }
        const std::map<std::string, std::string> row = {{"method", method}, {"term", "(intercept)"}};
        CHECK(cell(c, row, "coefficient") == Approx(-536.225506317723).epsilon(1e-9));
        CHECK(cell(c, row, "standard_error") == Approx(194.915598851649).epsilon(1e-9));
        CHECK(csv_cell(c, row, "vif").empty());
    }
    const std::map<std::string, std::string> x3 = {{"method", "ols"}, {"term", "x3"}};
    CHECK(cell(c, x3, "t") == Approx(-4.21736).epsilon(1e-5));
    CHECK(cell(c, x3, "p") == Approx(0.0022482).epsilon(1e-4));
    // qt(0.975, 9) = 2.2621571627982 on both sides.
    CHECK(cell(c, x3, "upper") == Approx(-0.0797563525655708 + 2.2621571627982 * 0.0189114207627894).epsilon(1e-9));
    const auto f = box.path("f.csv");
    CHECK(csv_cell(f, {{"row", "1"}}, "actual") == "60323");
    for (const auto* row : {"1", "16"}) {
        CHECK(std::exp(cell(f, {{"row", row}}, "log_fitted")) ==
              Approx(cell(f, {{"row", row}}, "fitted")).epsilon(1e-14));
        CHECK(cell(f, {{"row", row}}, "actual") - cell(f, {{"row", row}}, "fitted") ==
              Approx(cell(f, {{"row", row}}, "residual")).epsilon(1e-12));
    }
    // t.test(y, exp(fitted), var.equal = TRUE): t = 0.000482, df 30, p 0.99962; mean(exp(residuals)) = 1.00000912.
    const std::string report = read_text(box.path("r.html"));
    CHECK_THAT(report, ContainsSubstring("t = 0.000, 30 degrees of freedom, p: 1"));
    CHECK_THAT(report, ContainsSubstring("1.00000912"));
}

TEST_CASE("stirpat: without logarithms, Longley as NIST certifies it", "[stirpat]") {
    const Sandbox box;
    const auto results = run_algorithm("stirpat", {{"data", longley},
                                                   {"response", std::string("y")},
                                                   {"drivers", all_six},
                                                   {"log", false},
                                                   {"k", 0.0},
                                                   {"coefficients", box.path("c.csv")}});
    const double certified[] = {15.0618722713733,  -0.0358191792925910, -2.02022980381683,
                                -1.03322686717359, -0.0511041056535807, 1829.15146461355};
    const double errors[] = {84.9149257747669,  0.0334910077722432, 0.488399681651699,
                             0.214274163161675, 0.226073200069370,  455.478499142212};
    for (std::size_t j = 0; j < 6; ++j) {
        const std::map<std::string, std::string> row = {{"method", "ols"}, {"term", all_six[j]}};
        CHECK(cell(box.path("c.csv"), row, "coefficient") == Approx(certified[j]).epsilon(1e-12));
        CHECK(cell(box.path("c.csv"), row, "standard_error") == Approx(errors[j]).epsilon(1e-12));
    }
    CHECK(cell(box.path("c.csv"), {{"method", "ols"}, {"term", "(intercept)"}}, "coefficient") ==
          Approx(-3482258.63459582).epsilon(1e-12));
    CHECK(number(results, "r2") == Approx(0.995479004577296).epsilon(1e-13));
    CHECK(number(results, "f") == Approx(330.285339234588).epsilon(1e-12));
    // R 4.2.2: pf(330.285339234588, 6, 9, lower = FALSE).
    CHECK(number(results, "p") == Approx(4.98403052872481e-10).epsilon(1e-11));
}

TEST_CASE("stirpat: K is chosen as the rules say", "[stirpat]") {
    const auto choose = [&](const Values& more) {
        return number(
            run_algorithm(
                "stirpat",
                joined({{"data", longley}, {"response", std::string("y")}, {"drivers", all_six}, {"log", false}},
                       more)),
            "chosen_k");
    };
    // VIF falls below 10 between 0.01 (17.2) and 0.02 (8.4); the trace changes by 0.077 per 0.01 there, by 0.038 at
    // 0.03.
    CHECK(choose({}) == 0.03);
    CHECK(choose({{"stability", 1.0}}) == 0.02);
    CHECK(choose({{"stability", 1.0}, {"vif_limit", 20.0}}) == 0.01);
    CHECK(choose({{"stability", 0.01}, {"k_step", 0.05}}) == 0.1);
    CHECK(choose({{"selection", std::string("gcv")}}) == 0);
    CHECK(choose({{"selection", std::string("gcv")}, {"k_step", 0.0001}}) == 0.0002);
    CHECK(choose({{"selection", std::string("hkb")}}) == Approx(0.0042753573939830524 / 16).epsilon(1e-11));
    CHECK(choose({{"selection", std::string("lawless_wang")}}) == Approx(0.032295307722061989 / 16).epsilon(1e-11));
    CHECK(choose({{"k", 0.123}}) == 0.123);
    CHECK(trace_steps(0.01).size() == 101);
    CHECK(trace_steps(0.01)[35] == 0.35);
    CHECK(trace_steps(0.3) == std::vector<double>{0, 0.3, 0.6, 0.9});
}

TEST_CASE("stirpat: the ridge trace holds every K and the chosen one", "[stirpat]") {
    const Sandbox box;
    run_algorithm("stirpat", {{"data", longley},
                              {"response", std::string("y")},
                              {"drivers", all_six},
                              {"log", false},
                              {"k", 0.0155},
                              {"ridge_trace", box.path("t.csv")},
                              {"report", box.path("r.html")}});
    const auto rows = read_csv(box.path("t.csv"));
    CHECK(rows.size() == 1 + 102 * 6);
    // R: solve(R + 0.02 I, r) and its VIF.
    const std::map<std::string, std::string> row = {{"k", "0.02"}, {"driver", "x4"}};
    CHECK(cell(box.path("t.csv"), row, "standardised") == Approx(-0.102729454503024).epsilon(1e-11));
    CHECK(cell(box.path("t.csv"), row, "vif") == Approx(1.89440254612914).epsilon(1e-11));
    CHECK(csv_cell(box.path("t.csv"), row, "chosen") == "0");
    CHECK(csv_cell(box.path("t.csv"), {{"k", "0.0155"}, {"driver", "x4"}}, "chosen") == "1");
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("0.0155 (chosen)"));
}

TEST_CASE("stirpat: the model file gives back what was fitted", "[stirpat]") {
    const Sandbox box;
    run_algorithm("stirpat", {{"data", longley},
                              {"response", std::string("y")},
                              {"drivers", all_six},
                              {"k", 0.02},
                              {"fitted", box.path("f.csv")},
                              {"model", box.path("m.json")}});
    const StirpatModel model = read_stirpat_model("model", "m.json", read_text(box.path("m.json")));
    CHECK(model.response == "y");
    CHECK(model.logarithms);
    CHECK(model.k == 0.02);
    CHECK(model.rows == 16);
    CHECK(model.drivers.size() == 6);
    CHECK(model.drivers[0].minimum == 83);
    CHECK(model.drivers[0].maximum == 116.9);
    const double first[] = {83, 234289, 2356, 1590, 107608, 1947};
    CHECK(model.value(first) == Approx(cell(box.path("f.csv"), {{"row", "1"}}, "fitted")).epsilon(1e-13));
    CHECK(stirpat_model_json(model) == read_text(box.path("m.json")));
}

TEST_CASE("stirpat: the published equation of the Qinba mountains", "[stirpat]") {
    const std::string path = source_file("../shared/published/qinba_stirpat.csv");
    if (!std::filesystem::exists(path)) {
        WARN("not tested: " << path << " is absent");
        return;
    }
    const InputTable table("model", path);
    StirpatModel model;
    model.intercept = 15.421;
    for (std::size_t row = 0; row < table.rows(); ++row)
        model.drivers.push_back({std::string(table.text(row, table.column("variable"))),
                                 table.required_number(row, table.column("ridge_b")),
                                 {},
                                 {}});
    REQUIRE(model.drivers.size() == 6);
    // ln of the drivers 1, 2, -1, 0.5, -0.5, -2:
    // 0.016 + 0.548 - 0.001 - 0.0395 - 0.1885 - 0.608 + 15.421 = 15.148.
    const double drivers[] = {std::exp(1), std::exp(2), std::exp(-1), std::exp(0.5), std::exp(-0.5), std::exp(-2)};
    CHECK(model.linear(drivers) == Approx(15.148).epsilon(1e-14));
    CHECK(model.value(drivers) == Approx(std::exp(15.148)).epsilon(1e-13));
    // All drivers 1: nothing but the intercept.
    const double ones[] = {1, 1, 1, 1, 1, 1};
    CHECK(model.linear(ones) == 15.421);
}

TEST_CASE("stirpat: an exact fit leaves errors, t, p and F empty", "[stirpat]") {
    const Sandbox box;
    const auto results = run_algorithm("stirpat", {{"data", box.text("d.csv", exact_rows)},
                                                   {"response", std::string("y")},
                                                   {"drivers", std::vector<std::string>{"a", "b"}},
                                                   {"k", 0.0},
                                                   {"coefficients", box.path("c.csv")},
                                                   {"report", box.path("r.html")}});
    CHECK(cell(box.path("c.csv"), {{"method", "ols"}, {"term", "a"}}, "coefficient") == Approx(2).epsilon(1e-12));
    CHECK(cell(box.path("c.csv"), {{"method", "ols"}, {"term", "b"}}, "coefficient") == Approx(-0.5).epsilon(1e-12));
    for (const auto* column : {"standard_error", "t", "p", "lower"})
        CHECK(csv_cell(box.path("c.csv"), {{"method", "ols"}, {"term", "a"}}, column).empty());
    CHECK(results.count("f") == 0);
    CHECK(results.count("p") == 0);
    CHECK(number(results, "r2") == Approx(1).epsilon(1e-14));
}

TEST_CASE("stirpat: very large and very small numbers", "[stirpat]") {
    const Sandbox box;
    const auto fit = [&](const std::string& rows, bool log) {
        return run_algorithm("stirpat", {{"data", box.text("d.csv", "y,a\n" + rows)},
                                         {"response", std::string("y")},
                                         {"drivers", std::vector<std::string>{"a"}},
                                         {"log", log},
                                         {"k", 0.0},
                                         {"model", box.path(log ? "log.json" : "plain.json")},
                                         {"report", box.path(log ? "log.html" : "plain.html")}});
    };
    // The same numbers on another scale have the same R2: by hand, Sxy = 5.5, Sxx = 5, Syy = 8.75.
    CHECK(number(fit("5e-200,1e-180\n7e-200,2e-180\n6e-200,3e-180\n9e-200,4e-180\n", false), "r2") ==
          Approx(30.25 / 43.75).epsilon(1e-13));
    // Logarithms so far from the fit that exp of a residual is no number: no smearing factor, no test, no error.
    fit("1e-300,1\n1e139,2\n1e-300,3\n1e139,4\n1e-300,5\n", true);
    CHECK_FALSE(read_stirpat_model("model", "m", read_text(box.path("log.json"))).smearing);
    CHECK_THAT(read_text(box.path("log.html")), !ContainsSubstring("t-test with"));
    CHECK_THAT(error_of("stirpat", {{"data", box.text("e.csv", "y,a\n1,1\n2,1e200\n3,2\n")},
                                    {"response", std::string("y")},
                                    {"drivers", std::vector<std::string>{"a"}},
                                    {"log", false}}),
               ContainsSubstring("line 3, column \"a\": 1e+200 is too large for a regression"));
}

TEST_CASE("stirpat: tables as spreadsheets save them", "[stirpat]") {
    const Sandbox box;
    const std::string plain = "\xe7\xa2\xb3,\xe4\xba\xba\xe5\x8f\xa3\n5,1\n7,2\n6,3\n,9\n9,4\n";  // carbon, people
    const auto fit = [&](const std::string& name, const std::string& bytes) {
        return number(run_algorithm("stirpat", {{"data", box.text(name, bytes)},
                                                {"response", std::string("\xe7\xa2\xb3")},
                                                {"drivers", std::vector<std::string>{"\xe4\xba\xba\xe5\x8f\xa3"}},
                                                {"log", false},
                                                {"k", 0.0},
                                                {"report", box.path(name + ".html")}}),
                      "r2");
    };
    // By hand: x - 2.5 and y - 6.75 give Sxy = 5.5, Sxx = 5, Syy = 8.75; R2 = 30.25 / 43.75.
    CHECK(fit("plain.csv", plain) == Approx(30.25 / 43.75).epsilon(1e-14));
    CHECK(fit("mark.csv", "\xef\xbb\xbf" + plain) == fit("plain2.csv", plain));
    std::string semicolons = plain;
    for (char& c : semicolons)
        if (c == ',') c = ';';
    CHECK(fit("semicolons.csv", semicolons) == fit("plain3.csv", plain));
    std::string wide = "\xff\xfe";
    for (const char16_t c : std::u16string(u"\u78b3,\u4eba\u53e3\n5,1\n7,2\n6,3\n,9\n9,4\n")) {
        wide += static_cast<char>(c & 0xff);
        wide += static_cast<char>(c >> 8);
    }
    CHECK(fit("wide.csv", wide) == fit("plain4.csv", plain));
    CHECK_THAT(read_text(box.path("plain.csv.html")),
               ContainsSubstring("\xe4\xba\xba\xe5\x8f\xa3") && ContainsSubstring("1 row has an empty cell"));
}

TEST_CASE("stirpat: wrong input", "[stirpat]") {
    const Sandbox box;
    const auto error = [&](const std::string& text, const std::vector<std::string>& drivers, const Values& more = {}) {
        return error_of("stirpat", joined({{"data", box.text("d.csv", text)},
                                           {"response", std::string("y")},
                                           {"drivers", drivers},
                                           {"model", box.path("m.json")}},
                                          more));
    };
    const std::string head = "y,a,b\n";
    CHECK_THAT(error(head + "1,1,2\n2,3,0\n3,4,4\n4,1,5\n5,3,1\n", {"a", "b"}),
               ContainsSubstring("DATA: table") && ContainsSubstring("line 3, column \"b\": 0 has no logarithm"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n-3,4,4\n4,1,5\n5,3,1\n", {"a", "b"}),
               ContainsSubstring("line 4, column \"y\": -3 has no logarithm"));
    // Fewer rows than drivers, n = p, and no degree of freedom left.
    CHECK_THAT(error(head + "1,1,2\n", {"a", "b"}), ContainsSubstring("it has 1 rows without empty cells"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n", {"a", "b"}),
               ContainsSubstring("2 drivers and an intercept need 4 or more"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n3,4,4\n", {"a", "b"}), ContainsSubstring("need 4 or more"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n3,4,4\n4,,4\n", {"a", "b"}), ContainsSubstring("need 4 or more"));
    // b = a^2: in logarithms each follows from the other.
    CHECK_THAT(error(head + "1,1,1\n2,3,9\n3,4,16\n4,5,25\n5,3,9\n", {"a", "b"}),
               ContainsSubstring("DRIVERS: \"a\", \"b\" depend on one another (in logarithms)"));
    CHECK_THAT(error(head + "1,1,7\n2,3,7\n3,4,7\n4,5,7\n5,3,7\n", {"a", "b"}),
               ContainsSubstring("DRIVERS: \"b\" has the same value in all rows"));
    CHECK_THAT(error(head + "2,1,7\n2,3,8\n2,4,7\n2,5,7\n2,3,7\n", {"a", "b"}),
               ContainsSubstring("RESPONSE: \"y\" has the same value in all rows"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n3,4,4\n4,1,5\n5,3,1\n", {"a", "y"}),
               ContainsSubstring("DRIVERS: \"y\" is the response as well"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n3,4,4\n4,1,5\n5,3,1\n", {"a", "a"}),
               ContainsSubstring("\"a\" is named twice"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n3,4,4\n4,1,5\n5,3,1\n", {"a", "A"}),
               ContainsSubstring("\"a\" is named twice"));
    CHECK_THAT(error(head + "1,1,2\n2,3,1\n3,4,4\n4,1,5\n5,3,1\n", {"a", "c"}),
               ContainsSubstring("the column \"c\" is missing; its columns are: y,a,b"));
    CHECK_THAT(error("y,a,b\n1,\"1,5\",2\n2,3,1\n", {"a", "b"}),
               ContainsSubstring("line 2, column \"a\": \"1,5\" is not a number; write a decimal point, not a comma"));
    CHECK_THAT(error(head + "1,=1+1,2\n", {"a", "b"}), ContainsSubstring("\"=1+1\" is not a number"));
    CHECK_THAT(error(exact_rows, {"a", "b"}, {{"selection", std::string("hkb")}}),
               ContainsSubstring("SELECTION: hkb and lawless_wang need three drivers or more"));
    CHECK_THAT(error(exact_rows, {"a", "b"}, {{"k", 1.5}}), ContainsSubstring("K: "));
    CHECK_THAT(error_of("stirpat",
                        {{"data", longley}, {"response", std::string("y")}, {"drivers", all_six}, {"stability", 1e-9}}),
               ContainsSubstring("SELECTION: no K of the trace"));
    CHECK_FALSE(std::filesystem::exists(box.path("m.json")));
}

TEST_CASE("stirpat: model files are read strictly", "[stirpat]") {
    const std::string good =
        R"({"format": "landcarbon stirpat model", "version": 1, "response": "CE", "logarithms": true, "intercept": 15.421,)"
        R"( "drivers": [{"name": "P", "coefficient": 0.016}, {"name": "W", "coefficient": 0.274, "minimum": 1}]})";
    const auto read = [](const std::string& text) { return read_stirpat_model("model", "m.json", text); };
    const auto error = [&](std::string text, const std::string& from, const std::string& to) {
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
        try {
            read(text);
        } catch (const UserError& e) {
            CHECK(e.parameter() == "model");
            return std::string(e.what());
        }
        return std::string("no error");
    };
    CHECK(read(good).drivers[1].coefficient == 0.274);
    CHECK(read(good).drivers[1].minimum == 1);
    CHECK_FALSE(read(good).smearing);
    CHECK_THAT(error(good, good, "year,unit\n2020,a\n"),
               ContainsSubstring("MODEL: model m.json: it is not a model file: it is no JSON, from byte 1 on"));
    CHECK_THAT(error(good, good, ""), ContainsSubstring("it is no JSON"));
    CHECK_THAT(error(good, good, "[1, 2]"), ContainsSubstring("its key \"format\" must be"));
    CHECK_THAT(error(good, "stirpat model", "other"), ContainsSubstring("its key \"format\" must be"));
    CHECK_THAT(error(good, "\"version\": 1", "\"version\": 2"),
               ContainsSubstring("it is of version 2, but this toolbox reads version 1"));
    CHECK_THAT(error(good, "\"version\": 1, ", ""), ContainsSubstring("the model lacks the key \"version\""));
    CHECK_THAT(error(good, "\"intercept\": 15.421,", ""), ContainsSubstring("the model lacks the key \"intercept\""));
    CHECK_THAT(error(good, "\"logarithms\": true,", ""), ContainsSubstring("lacks the key \"logarithms\""));
    CHECK_THAT(error(good, ", \"coefficient\": 0.016", ""),
               ContainsSubstring("driver 1 lacks the key \"coefficient\""));
    CHECK_THAT(error(good, "0.274", "\"0.274\""),
               ContainsSubstring("\"coefficient\" of driver 2 is not a number but a text"));
    CHECK_THAT(error(good, "0.274", "1e999"), ContainsSubstring("too large"));
    CHECK_THAT(error(good, "true", "1"),
               ContainsSubstring("\"logarithms\" of the model is not true or false but a number"));
    CHECK_THAT(error(good, "intercept", "intercep"),
               ContainsSubstring("the unknown key \"intercep\"; did you mean \"intercept\"?"));
    CHECK_THAT(error(good, "\"name\": \"W\"", "\"name\": \"P\""), ContainsSubstring("the driver \"P\" appears twice"));
    CHECK_THAT(error(good, "\"minimum\": 1", "\"minimum\": 1, \"minimum\": 2"),
               ContainsSubstring("the key \"minimum\" appears twice"));
    CHECK_THAT(error(good, "\"minimum\": 1", "\"minimum\": 1, \"maximum\": 0.5"), ContainsSubstring("is above its"));
    CHECK_THAT(error(good, "\"P\"", "\"  \""), ContainsSubstring("\"name\" of driver 1 is empty"));
}
