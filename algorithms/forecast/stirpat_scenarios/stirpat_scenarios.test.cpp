// Land Carbon Toolbox: tests of STIRPAT scenarios: arithmetic by hand, classes, formulas, wrong input.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/stirpat_scenarios.hpp"

#include <cmath>
#include <filesystem>

#include "forecast/stirpat_scenarios/scenario_expression.hpp"
#include "forecast/stirpat_scenarios/scenario_report.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

using Values = std::map<std::string, Value>;

Values joined(Values a, const Values& b) {
    for (const auto& [id, value] : b) a[id] = value;
    return a;
}

double cell(const std::string& path, const std::map<std::string, std::string>& where, const std::string& column) {
    return std::stod(csv_cell(path, where, column));
}

/// I = e sqrt(P) U^2.
const std::string model =
    R"({"format": "landcarbon stirpat model", "version": 1, "response": "CE", "logarithms": true, "intercept": 1,
        "smearing": 1.25, "drivers": [{"name": "P", "coefficient": 0.5, "minimum": 50, "maximum": 150},
                                      {"name": "U", "coefficient": 2}]})";
// A: growth of P 0.2 and 0.1. B: 60.5 / 50 = 1.1^2 over a gap of two years.
const std::string base =
    "county,year,P,U,CE,CS\n"
    "A,2018,100,0.4,9,2\nA,2019,120,0.5,9,2\nA,2020,132,0.6,8,2\n"
    "B,2020,60.5,0.3,1,0.5\nB,2018,50,0.2,1,0.4\n";
const std::string scenarios =
    "scenario,period,P_growth,U_threshold\n"
    "bend,2020-2022,min,max+10%\nbend,2022-2025,-D*0.5,D\n";

Values arguments(const Sandbox& box, const Values& more = {}) {
    return joined({{"model", box.text("m.json", model)},
                   {"base", box.text("b.csv", base)},
                   {"unit_field", std::string("county")},
                   {"year_field", std::string("year")},
                   {"scenarios", box.text("s.csv", scenarios)},
                   {"horizon", std::int64_t{2025}},
                   {"peak_by", std::int64_t{2023}},
                   {"neutral_by", std::int64_t{2025}},
                   {"paths", box.path("p.csv")},
                   {"milestones", box.path("q.csv")}},
                  more);
}

double formula(const std::string& text, const ScenarioWords& words = {0.02, 0.01, 0.05}) {
    return ScenarioExpression::parse(text).value(words);
}

std::string formula_error(const std::string& text) {
    try {
        formula(text);
    } catch (const ExpressionError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace

TEST_CASE("scenario formulas: the published ones and arithmetic", "[stirpat_scenarios]") {
    CHECK(formula("D") == 0.02);
    CHECK(formula("min") == 0.01);
    CHECK(formula("max") == 0.05);
    CHECK(formula("0.65") == 0.65);
    CHECK(formula("-D*1.2") == -0.02 * 1.2);
    CHECK(formula("min-5%") == 0.01 - 0.05);
    CHECK(formula("max+1%") == 0.05 + 0.01);
    CHECK(formula(" d * 1.15 ") == 0.02 * 1.15);
    CHECK(formula("2%") == 0.02);
    CHECK(formula("1-2-3") == -4);
    CHECK(formula("8/4/2") == 1);
    CHECK(formula("2+3*4") == 14);
    CHECK(formula("(2+3)*4") == 20);
    CHECK(formula("-2*-3") == 6);
    CHECK(formula("- -2") == 2);
    CHECK(formula("-(MAX - Min)") == -(0.05 - 0.01));
    CHECK(formula("1e-2") == 0.01);
    CHECK(formula(".5") == 0.5);
    CHECK(formula("50%%") == 0.005);
    // An apostrophe as spreadsheets and the toolbox put it, true minus and times signs, signs of Chinese keyboards.
    CHECK(formula("'-D*1.2") == -0.02 * 1.2);
    CHECK(formula("\xe2\x88\x92"
                  "D\xc3\x97"
                  "1.2") == -0.02 * 1.2);
    CHECK(formula("\xef\xbc\x88"
                  "D\xef\xbc\x8b"
                  "5\xef\xbc\x85\xef\xbc\x89") == 0.02 + 0.05);
    CHECK(ScenarioExpression::parse("2*3").has_words() == false);
    CHECK(ScenarioExpression::parse("2*min").has_words());
}

TEST_CASE("scenario formulas: what is wrong with them", "[stirpat_scenarios]") {
    CHECK_THAT(formula_error("mean"), ContainsSubstring("the word \"mean\" is unknown"));
    CHECK_THAT(formula_error("D*mix"), ContainsSubstring("the word \"mix\" is unknown; did you mean"));
    CHECK_THAT(formula_error("2D"), ContainsSubstring("a sign + - * / is missing at position 2"));
    CHECK_THAT(formula_error("D 2"), ContainsSubstring("a sign + - * / is missing at position 3"));
    CHECK_THAT(formula_error("0,65"), ContainsSubstring("write a decimal point, not a comma"));
    CHECK_THAT(formula_error("=D*1.2"), ContainsSubstring("without the sign ="));
    CHECK_THAT(formula_error("D*"), ContainsSubstring("the formula ends where a number"));
    CHECK_THAT(formula_error("(D"), ContainsSubstring("the bracket at position 1 is never closed"));
    CHECK_THAT(formula_error("D)"), ContainsSubstring("\")\" at position 2 is out of place"));
    CHECK_THAT(formula_error("*D"), ContainsSubstring("\"*\" at position 1 is out of place"));
    CHECK_THAT(formula_error("1.2.3"), ContainsSubstring("\"1.2.3\" is not a number"));
    CHECK_THAT(formula_error("1e999"), ContainsSubstring("too large"));
    CHECK_THAT(formula_error("1e300*1e300"), ContainsSubstring("too large"));
    CHECK_THAT(formula_error("1/(D-D)"), ContainsSubstring("divides by zero"));
    CHECK_THAT(formula_error(""), ContainsSubstring("the cell is empty"));
    CHECK_THAT(formula_error("'"), ContainsSubstring("the cell is empty"));
    CHECK_THAT(formula_error("\xe5\xb9\xb3"), ContainsSubstring("\"\xe5\xb9\xb3\" has no meaning in a formula"));
    CHECK_THAT(formula_error("D&1"), ContainsSubstring("\"&\" at position 2 is out of place"));
    CHECK_THAT(formula_error(std::string(501, '1')), ContainsSubstring("longer than 500"));
    CHECK_THAT(formula_error(std::string(60, '(') + "1" + std::string(60, ')')),
               ContainsSubstring("too many brackets"));
    CHECK_THAT(formula_error(std::string(60, '-') + "1"), ContainsSubstring("too many brackets or signs"));
}

TEST_CASE("scenarios: D, min and max of a history, with gaps", "[stirpat_scenarios]") {
    const std::vector<YearValue> p = {{2018, 100, 0}, {2019, 120, 0}, {2020, 132, 0}};
    const auto compound = growth_words(p, MeanRate::compound);
    CHECK(compound->d == Approx(std::sqrt(1.32) - 1).epsilon(1e-14));
    CHECK(compound->low == Approx(0.1).epsilon(1e-14));
    CHECK(compound->high == Approx(0.2).epsilon(1e-14));
    CHECK(growth_words(p, MeanRate::arithmetic)->d == Approx(0.15).epsilon(1e-14));
    // 0.1 a year over two years, then 0.4 over one: (2 * 0.1 + 0.4) / 3.
    const std::vector<YearValue> gap = {{2017, 100, 0}, {2019, 121, 0}, {2020, 169.4, 0}};
    CHECK(growth_words(gap, MeanRate::arithmetic)->d == Approx(0.2).epsilon(1e-13));
    CHECK(growth_words(gap, MeanRate::compound)->d == Approx(std::cbrt(1.694) - 1).epsilon(1e-13));
    CHECK(growth_words(gap, MeanRate::compound)->low == Approx(0.1).epsilon(1e-13));
    CHECK_FALSE(growth_words({{2020, 1, 0}}, MeanRate::compound));
    const ScenarioWords words = value_words({{2018, 0.4, 0}, {2019, 0.7, 0}, {2020, 0.1, 0}});
    CHECK(words.d == Approx(0.4));
    CHECK(words.low == 0.1);
    CHECK(words.high == 0.7);
    CHECK(projected(RuleKind::growth, 100, 0.1, 2020, 2030, 2022) == Approx(121));
    CHECK(projected(RuleKind::threshold, 0.4, 0.8, 2020, 2030, 2025) == Approx(0.6));
    CHECK(projected(RuleKind::threshold, 0.4, 0.8, 2020, 2030, 2030) == 0.8);
    CHECK(path_years(2020, 2030, 4) == std::vector<int>{2020, 2024, 2028, 2030});
}

TEST_CASE("scenarios: two units by hand", "[stirpat_scenarios]") {
    const Sandbox box;
    const auto results = run_algorithm("stirpat_scenarios", arguments(box, {{"sink", std::string("CS")}}));
    CHECK(number(results, "units") == 2);
    const auto emission = [&](const std::string& unit, int year) {
        return cell(box.path("p.csv"), {{"unit", unit}, {"scenario", "bend"}, {"year", std::to_string(year)}},
                    "emission");
    };
    const double e = std::exp(1);
    const auto is = [&](const std::string& unit, int year, double p, double u) {
        INFO(unit << " " << year);
        CHECK(emission(unit, year) == Approx(e * std::sqrt(p) * u * u).epsilon(1e-13));
    };
    // A: P grows by min = 0.1, U goes to max + 0.1 = 0.7; then P by -D / 2 with D = sqrt(1.32) - 1, U to the mean 0.5.
    const double a = 1 - (std::sqrt(1.32) - 1) / 2;
    is("A", 2020, 132, 0.6);
    is("A", 2021, 145.2, 0.65);
    is("A", 2022, 159.72, 0.7);
    is("A", 2023, 159.72 * a, 0.7 - 0.2 / 3);
    is("A", 2024, 159.72 * a * a, 0.7 - 0.4 / 3);
    is("A", 2025, 159.72 * a * a * a, 0.5);
    // B: D = min = max = 0.1; U to 0.3 + 0.1, then to (0.2 + 0.3) / 2.
    is("B", 2020, 60.5, 0.3);
    is("B", 2021, 66.55, 0.35);
    is("B", 2022, 73.205, 0.4);
    is("B", 2023, 73.205 * 0.95, 0.35);
    is("B", 2025, 73.205 * 0.95 * 0.95 * 0.95, 0.25);
    CHECK(read_csv(box.path("p.csv")).size() == 1 + 2 * 6);
    CHECK(cell(box.path("p.csv"), {{"unit", "B"}, {"year", "2025"}}, "sink") == 0.5);
    const auto q = box.path("q.csv");
    CHECK(read_csv(q)[0] == std::vector<std::string>{"unit", "scenario", "peak_year", "neutral_year", "cep",
                                                     "first_emission", "largest_emission", "last_emission",
                                                     "growth_percent"});
    for (const std::string unit : {"A", "B"}) {
        CHECK(csv_cell(q, {{"unit", unit}}, "peak_year") == "2022");
        CHECK(csv_cell(q, {{"unit", unit}}, "neutral_year").empty());
        CHECK(csv_cell(q, {{"unit", unit}}, "cep") == "4");
        CHECK(cell(q, {{"unit", unit}}, "largest_emission") == emission(unit, 2022));
        CHECK(cell(q, {{"unit", unit}}, "first_emission") == emission(unit, 2020));
        CHECK(cell(q, {{"unit", unit}}, "last_emission") == emission(unit, 2025));
        CHECK(cell(q, {{"unit", unit}}, "growth_percent") ==
              Approx(100 * (std::cbrt(emission(unit, 2023) / emission(unit, 2020)) - 1)).epsilon(1e-12));
    }
    CHECK(number(results, "peaking") == 2);
    CHECK(number(results, "neutral") == 0);
}

TEST_CASE("scenarios: steps and horizons do not change values, levels scale them", "[stirpat_scenarios]") {
    const Sandbox box;
    run_algorithm("stirpat_scenarios", arguments(box));
    const auto value = [&](const std::string& file, const std::string& year) {
        return cell(box.path(file), {{"unit", "A"}, {"year", year}}, "emission");
    };
    run_algorithm("stirpat_scenarios",
                  arguments(box, {{"step", std::int64_t{2}}, {"paths", box.path("p2.csv")}, {"milestones", ""}}));
    for (const std::string year : {"2020", "2022", "2024", "2025"})
        CHECK(value("p2.csv", year) == value("p.csv", year));
    CHECK(read_csv(box.path("p2.csv")).size() == 1 + 2 * 4);
    run_algorithm("stirpat_scenarios", arguments(box, {{"horizon", std::int64_t{2024}},
                                                       {"neutral_by", std::int64_t{2024}},
                                                       {"paths", box.path("p3.csv")},
                                                       {"milestones", ""}}));
    CHECK(value("p3.csv", "2024") == value("p.csv", "2024"));
    run_algorithm(
        "stirpat_scenarios",
        arguments(box, {{"level", std::string("smearing")}, {"paths", box.path("p4.csv")}, {"milestones", ""}}));
    CHECK(value("p4.csv", "2023") == Approx(1.25 * value("p.csv", "2023")).epsilon(1e-14));
    run_algorithm(
        "stirpat_scenarios",
        arguments(box, {{"level", std::string("base_year")}, {"paths", box.path("p5.csv")}, {"milestones", ""}}));
    CHECK(value("p5.csv", "2020") == Approx(8).epsilon(1e-14));
    CHECK(value("p5.csv", "2023") == Approx(8 * value("p.csv", "2023") / value("p.csv", "2020")).epsilon(1e-13));
    // A sink that the scenarios project.
    const auto with_sink = box.text("s2.csv",
                                    "scenario,period,P_growth,U_threshold,CS_growth\n"
                                    "bend,2020-2022,min,max+10%,50%\nbend,2022-2025,-D*0.5,D,0\n");
    run_algorithm("stirpat_scenarios", arguments(box, {{"scenarios", with_sink},
                                                       {"sink", std::string("CS")},
                                                       {"paths", box.path("p6.csv")},
                                                       {"milestones", ""}}));
    CHECK(cell(box.path("p6.csv"), {{"unit", "A"}, {"year", "2021"}}, "sink") == 3);
    CHECK(cell(box.path("p6.csv"), {{"unit", "A"}, {"year", "2025"}}, "sink") == 4.5);
}

TEST_CASE("scenarios: each class of the carbon emission peak", "[stirpat_scenarios]") {
    const Sandbox box;
    // I = X; X grows by the unit's own rate D, or by two points less. Rates -5 %, -5 %, 1 %, 2.5 %, 8 %.
    const auto linear = box.text("m.json", R"({"format": "landcarbon stirpat model", "version": 1, "response": "CE",
        "logarithms": false, "intercept": 0, "drivers": [{"name": "X", "coefficient": 1}]})");
    const auto units =
        box.text("b.csv",
                 "county,year,X,CS\n5,2019,100,0\n5,2020,95,60\n4,2019,100,0\n4,2020,95,1\n"
                 "3,2019,100,0\n3,2020,101,1\n2,2019,100,0\n2,2020,102.5,1\n1,2019,100,0\n1,2020,108,1\n");
    const auto rules = box.text("s.csv", "scenario,period,X_growth\nlow,2020-2060,D-2%\nhigh,2020-2060,D\n");
    const auto run = [&](const Values& more) {
        return run_algorithm("stirpat_scenarios", joined({{"model", linear},
                                                          {"base", units},
                                                          {"unit_field", std::string("county")},
                                                          {"year_field", std::string("year")},
                                                          {"scenarios", rules},
                                                          {"sink", std::string("CS")},
                                                          {"strong_rise", 2.0},
                                                          {"milestones", box.path("q.csv")},
                                                          {"report", box.path("r.html")}},
                                                         more));
    };
    const auto results = run({});
    const auto of = [&](const std::string& unit, const std::string& scenario, const std::string& column) {
        return csv_cell(box.path("q.csv"), {{"unit", unit}, {"scenario", scenario}}, column);
    };
    for (const std::string unit : {"5", "4", "3", "2", "1"})
        for (const std::string scenario : {"low", "high"}) CHECK(of(unit, scenario, "cep") == unit);
    CHECK(of("5", "high", "peak_year") == "2020");
    // 95 * 0.95^t <= 60 from t = 9 on; 95 * 0.93^t from t = 7 on.
    CHECK(of("5", "high", "neutral_year") == "2029");
    CHECK(of("5", "low", "neutral_year") == "2027");
    CHECK(of("4", "high", "neutral_year").empty());
    CHECK(of("3", "low", "peak_year") == "2020");
    CHECK(of("3", "high", "peak_year").empty());
    CHECK(std::stod(of("3", "high", "growth_percent")) == Approx(1).epsilon(1e-10));
    CHECK(number(results, "peaking") == 2);
    CHECK(number(results, "neutral") == 1);
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring("peaks in some scenarios only"));
    // Without a sink class 5 is not given; a lower bound of strong growth makes class 2 class 1.
    std::filesystem::remove(box.path("q.csv"));
    std::filesystem::remove(box.path("q.csv.json"));
    const auto without =
        run({{"sink", std::string()}, {"strong_rise", 1.0}, {"report", ""}, {"milestones", box.path("w.csv")}});
    CHECK(csv_cell(box.path("w.csv"), {{"unit", "5"}}, "cep") == "4");
    CHECK(csv_cell(box.path("w.csv"), {{"unit", "2"}}, "cep") == "1");
    CHECK(without.count("neutral") == 0);
}

TEST_CASE("scenarios: milestones and classes of paths", "[stirpat_scenarios]") {
    const std::vector<int> years = {2020, 2025, 2030, 2035};
    const auto of = [&](std::vector<double> emission, std::vector<double> sink = {}) {
        return milestone_of({std::move(emission), std::move(sink)}, years);
    };
    CHECK(of({1, 2, 3, 4}).peak_year == std::nullopt);
    CHECK(of({1, 4, 4, 2}).peak_year == 2025);
    CHECK(of({1, 1, 1, 1}).peak_year == 2020);
    CHECK(of({4, 1, 1, 4}).peak_year == 2020);
    CHECK(of({4, 3, 2, 1}, {3, 3, 3, 3}).neutral_year == 2025);
    // Neutral for a while only does not count.
    CHECK(of({4, 3, 2, 5}, {3, 3, 3, 3}).neutral_year == std::nullopt);
    CHECK(of({2, 4, 3, 1}, {3, 3, 3, 3}).neutral_year == 2030);
    CHECK(of({1, 1, 1, 1}, {1, 1, 1, 1}).neutral_year == 2020);
    CHECK(peak_class({{2025, 2040}, {2030, 2060}}, 0, 2030, 2060, 0.01) == 5);
    CHECK(peak_class({{2025, 2040}, {2030, 2061}}, 0, 2030, 2060, 0.01) == 4);
    CHECK(peak_class({{2025, 2040}, {2031, 2050}}, 0, 2030, 2060, 0.01) == 3);
    CHECK(peak_class({{2035, {}}, {{}, {}}}, 0.01, 2030, 2060, 0.01) == 2);
    CHECK(peak_class({{2035, {}}, {{}, {}}}, 0.011, 2030, 2060, 0.01) == 1);
    CHECK(yearly_growth(100, 121, 2) == Approx(0.1));
    CHECK(std::isinf(yearly_growth(0, 1, 2)));
}

TEST_CASE("scenarios: the published table and equation, with Chinese names", "[stirpat_scenarios]") {
    const Sandbox box;
    run_algorithm("coefficient_table",
                  {{"table", std::string("qinba_scenarios")}, {"coefficients", box.path("scenarios.csv")}});
    // Equation 13 of the study.
    const auto equation = box.text("m.json", R"({"format": "landcarbon stirpat model", "version": 1, "response": "CE",
        "logarithms": true, "intercept": 15.421, "drivers": [{"name": "P", "coefficient": 0.016},
        {"name": "W", "coefficient": 0.274}, {"name": "IS", "coefficient": 0.001}, {"name": "TI", "coefficient": -0.079},
        {"name": "UR", "coefficient": 0.377}, {"name": "CEI", "coefficient": 0.304}]})");
    const std::string name = "\xe5\x9f\x8e\xe5\x9b\xba\xe5\x8e\xbf";  // Chenggu
    const std::string rows =
        "county,year,P,W,IS,TI,UR,CEI\n" + name + ",2010,50,1,0.5,2,0.3,1\n" + name + ",2020,55,2,0.4,1.5,0.5,0.8\n";
    const Values common = {{"model", equation},
                           {"unit_field", std::string("county")},
                           {"year_field", std::string("year")},
                           {"scenarios", box.path("scenarios.csv")}};
    run_algorithm("stirpat_scenarios", joined(common, {{"base", box.text("b.csv", "\xef\xbb\xbf" + rows)},
                                                       {"paths", box.path("p.csv")},
                                                       {"milestones", box.path("q.csv")},
                                                       {"report", box.path("r.html")}}));
    const std::map<std::string, std::string> row = {{"unit", name}, {"scenario", "low"}, {"year", "2060"}};
    // By hand. One rate a variable, so that D, min and max of growth are the same: (after / before)^(1 / 10) - 1.
    const double p = std::pow(1.1, 0.1) - 1, w = std::pow(2, 0.1) - 1, ti = std::pow(0.75, 0.1) - 1,
                 cei = std::pow(0.8, 0.1) - 1;
    const double expected =
        15.421 + 0.016 * (std::log(55) + 10 * std::log1p(p) + 30 * std::log1p(-1.2 * p)) +
        0.274 * (std::log(2) + 10 * std::log1p(w) + 30 * std::log1p(1.1 * w)) + 0.001 * std::log(0.4 - 0.05) -
        0.079 * (std::log(1.5) + 10 * std::log1p(ti) + 30 * std::log1p(1.2 * ti)) + 0.377 * std::log(0.7) +
        0.304 * (std::log(0.8) + 10 * std::log1p(cei) + 30 * std::log1p(cei - 0.01));
    CHECK(std::log(cell(box.path("p.csv"), row, "emission")) == Approx(expected).epsilon(1e-13));
    CHECK_THAT(read_text(box.path("r.html")), ContainsSubstring(name));
    CHECK(csv_cell(box.path("q.csv"), {{"unit", name}, {"scenario", "high"}}, "unit") == name);
    // UTF-16 gives the same.
    std::string wide = "\xff\xfe";
    for (const char16_t c : std::u16string(u"county,year,P,W,IS,TI,UR,CEI\n\u57ce\u56fa\u53bf,2010,50,1,0.5,2,0.3,1\n"
                                           u"\u57ce\u56fa\u53bf,2020,55,2,0.4,1.5,0.5,0.8\n")) {
        wide += static_cast<char>(c & 0xff);
        wide += static_cast<char>(c >> 8);
    }
    run_algorithm("stirpat_scenarios",
                  joined(common, {{"base", box.text("w.csv", wide)}, {"paths", box.path("p2.csv")}}));
    CHECK(read_text(box.path("p.csv")) == read_text(box.path("p2.csv")));
}

TEST_CASE("scenarios: wrong tables", "[stirpat_scenarios]") {
    const Sandbox box;
    const auto with_base = [&](const std::string& text, const Values& more = {}) {
        return error_of("stirpat_scenarios", arguments(box, joined({{"base", box.text("b2.csv", text)}}, more)));
    };
    const auto with_rules = [&](const std::string& text, const Values& more = {}) {
        return error_of("stirpat_scenarios", arguments(box, joined({{"scenarios", box.text("s2.csv", text)}}, more)));
    };
    const std::string head = "county,year,P,U,CE,CS\n", rules = "scenario,period,P_growth,U_threshold\n";
    // Units.
    CHECK_THAT(
        with_base(head + "A,2020,132,0.6,8,2\n"),
        ContainsSubstring("BASE: table") && ContainsSubstring("line 2, column \"P\": unit \"A\" has a value in one "
                                                              "year only"));
    CHECK_THAT(with_base(base + "A,2019,1,1,1,1\n"),
               ContainsSubstring("line 7, column \"year\": unit \"A\" has 2019 twice"));
    CHECK_THAT(with_base(head + "A,2018,132,0.6,8,2\nA,2019,132,0.6,8,2\n"),
               ContainsSubstring("line 2, column \"county\": unit \"A\" has no row for 2020"));
    CHECK_THAT(with_base(head + "A,2019,132,0.6,8,2\nA,2020,132,,8,2\n"),
               ContainsSubstring("line 3, column \"U\": unit \"A\" needs a number here"));
    CHECK_THAT(with_base(head + "A,2019,0,0.6,8,2\nA,2020,132,0.6,8,2\n"),
               ContainsSubstring("line 2, column \"P\": D, min and max of growth rates need values above zero"));
    CHECK_THAT(with_base(head + "A,2019,132,0.6,8,2\nA,2020,132,0,8,2\n"),
               ContainsSubstring("line 3, column \"U\": 0 has no logarithm"));
    CHECK_THAT(with_base(head + ",2019,132,0.6,8,2\n"),
               ContainsSubstring("line 2, column \"county\": the cell is empty"));
    CHECK_THAT(with_base(head + "A,19,132,0.6,8,2\n"), ContainsSubstring("19 is not a year from 1000 to 3000"));
    CHECK_THAT(with_base(head + "A,2020.5,132,0.6,8,2\n"), ContainsSubstring("2020.5 is not a whole year"));
    CHECK_THAT(with_base("county,year,P,U\nA,2020,\"1,5\",2\n"),
               ContainsSubstring("write a decimal point, not a comma"));
    CHECK_THAT(with_base("county,year,P\nA,2020,2\n"), ContainsSubstring("the column \"U\" is missing"));
    CHECK_THAT(with_base(head + "A,2019,132,0.6,8,2\nA,2020,132,0.6,0,2\n", {{"level", std::string("base_year")}}),
               ContainsSubstring("line 3, column \"CE\": LEVEL base_year needs an emission above zero"));
    // Formulas, with line and column.
    CHECK_THAT(with_rules(rules + "s,2020-2025,mean,0.5\n"),
               ContainsSubstring("SCENARIOS: table") &&
                   ContainsSubstring("line 2, column \"P_growth\": the word \"mean\" is unknown"));
    CHECK_THAT(with_rules(rules + "s,2020-2025,D,1/(max-max)\n"),
               ContainsSubstring("line 2, column \"U_threshold\": the formula divides by zero for unit \"A\""));
    CHECK_THAT(with_rules(rules + "s,2020-2025,D,=0.5\n"), ContainsSubstring("without the sign ="));
    CHECK_THAT(with_rules(rules + "s,2020-2025,D,\n"),
               ContainsSubstring("line 2, column \"U_threshold\": the cell is empty"));
    CHECK_THAT(with_rules("scenario;period;P_growth;U_threshold\ns;2020-2025;0,02;0.5\n"),
               ContainsSubstring("write a decimal point, not a comma"));
    CHECK_THAT(with_rules(rules + "s,2020-2025,-2,0.5\n"),
               ContainsSubstring("a yearly growth of -200 % leaves nothing"));
    CHECK_THAT(
        with_rules(rules + "s,2020-2025,0,min-90%\n"),
        ContainsSubstring("line 2, column \"U_threshold\": unit \"A\" comes to") && ContainsSubstring("no logarithm"));
    CHECK_THAT(with_rules(rules + "s,2020-2025,1e200,0.5\n"), ContainsSubstring("too large a number"));
    CHECK_THAT(with_rules("scenario,period,P_growth,U_threshold,CS_growth\ns,2020-2025,0,0.5,1e200\n",
                          {{"sink", std::string("CS")}}),
               ContainsSubstring("column \"CS_growth\": the sink of unit \"A\" becomes too large a number"));
    // Periods and columns.
    CHECK_THAT(with_rules(rules + "s,2020,D,0.5\n"), ContainsSubstring("\"2020\" is not a period of years"));
    CHECK_THAT(with_rules(rules + "s,2030-2020,D,0.5\n"), ContainsSubstring("is not a period of years"));
    CHECK_THAT(with_rules(rules + "s,2020-2022,D,0.5\ns,2023-2025,D,0.5\n"),
               ContainsSubstring("line 3, column \"period\"") && ContainsSubstring("begins in 2023, but the one before "
                                                                                   "ends in 2022"));
    CHECK_THAT(with_rules(rules + "s,2020-2025,D,0.5\nt,2019-2025,D,0.5\n"),
               ContainsSubstring("all must begin in the same year"));
    CHECK_THAT(with_rules(rules + "s,2020-2024,D,0.5\n"), ContainsSubstring("ends in 2024, before HORIZON 2025"));
    CHECK_THAT(with_rules(rules + ",2020-2025,D,0.5\n"), ContainsSubstring("every row needs a scenario"));
    CHECK_THAT(with_rules("scenario,period,P_growth\ns,2020-2025,D\n"),
               ContainsSubstring("it says nothing of \"U\"; add a column \"U_growth\" or \"U_threshold\""));
    CHECK_THAT(with_rules("scenario,period,P_growth,U_threshold,U_growth\ns,2020-2025,D,D,D\n"),
               ContainsSubstring("both the columns \"U_growth\" and \"U_threshold\""));
    CHECK_THAT(with_rules("scenario,period,P_growth,U_threshold,W_growth\ns,2020-2025,D,D,D\n"),
               ContainsSubstring("the column \"W_growth\" is unknown"));
    // Years that do not go together.
    CHECK_THAT(with_base(base, {{"peak_by", std::int64_t{2020}}}),
               ContainsSubstring("PEAK_BY: 2020 is not after 2020"));
    CHECK_THAT(with_base(base, {{"peak_by", std::int64_t{2026}}}), ContainsSubstring("PEAK_BY: 2026 is after HORIZON"));
    CHECK_THAT(with_base(base, {{"sink", std::string("U")}}),
               ContainsSubstring("SINK: \"U\" is a driver of the model"));
    // Models.
    const auto with_model = [&](const std::string& path) {
        return error_of("stirpat_scenarios", arguments(box, {{"model", path}}));
    };
    CHECK_THAT(with_model(box.path("none.json")), ContainsSubstring("MODEL: ") && ContainsSubstring("does not exist"));
    CHECK_THAT(with_model(box.folder().string()), ContainsSubstring("is no ordinary file"));
    CHECK_THAT(with_model(box.text("t.csv", base)), ContainsSubstring("it is not a model file"));
    CHECK_FALSE(std::filesystem::exists(box.path("p.csv")));
}

TEST_CASE("scenarios: warnings of years, ranges and units of measure", "[stirpat_scenarios]") {
    const Sandbox box;
    struct Listener : Monitor {
        void warning(const std::string& text) override { texts += text + "\n"; }
        std::string texts;
    } listener;
    // P leaves 50 to 150 in A; a threshold of 0.5 where U is in per cent; rows of 2021.
    const auto units = box.text("b2.csv", "county,year,P,U\nA,2020,140,50\nB,2020,60,55\nA,2021,1,1\n");
    const auto rules = box.text("s2.csv", "scenario,period,P_growth,U_threshold\ns,2020-2025,2%,0.5\n");
    run_algorithm("stirpat_scenarios", arguments(box, {{"base", units}, {"scenarios", rules}}), listener);
    CHECK_THAT(listener.texts, ContainsSubstring("1 row is of a year after 2020"));
    CHECK_THAT(listener.texts,
               ContainsSubstring("the paths are extrapolations there: \"P\" (50 to 150) in 1 of 2 units"));
    CHECK_THAT(listener.texts, ContainsSubstring("a threshold of \"U\" is more than twenty times") &&
                                   ContainsSubstring("0.5 in unit \"A\", which has 50 in 2020"));
}
