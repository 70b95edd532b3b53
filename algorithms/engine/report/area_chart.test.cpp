// Land Carbon Toolbox: tests of stacked areas and small multiples: valid figures, true heights, gaps, hostile names.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/area_chart.hpp"

#include <cmath>
#include <limits>
#include <sstream>

#include "engine/report/small_multiples.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/markup.hpp"

using namespace landcarbon;
using landcarbon::test::xml_fault;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// The points of the n-th polygon (from 0).
std::vector<std::pair<double, double>> polygon(const std::string& svg, std::size_t n) {
    std::size_t at = 0;
    for (std::size_t i = 0; i <= n; ++i) at = svg.find("<polygon", at) + 1;
    const auto start = svg.find("points=\"", at) + 8;
    std::istringstream text(svg.substr(start, svg.find('"', start) - start));
    std::vector<std::pair<double, double>> points;
    double x = 0, y = 0;
    char comma = 0;
    while (text >> x >> comma >> y) points.emplace_back(x, y);
    return points;
}

}  // namespace

TEST_CASE("areas are stacked in true proportion", "[area_chart]") {
    AreaChart chart;
    chart.title = "<Areas>";
    chart.x = {2000, 2005, 2010};
    chart.series = {{"lower", {10, 20, 30}, "#112233"}, {"none", {0, 0, 0}, ""}, {"upper <&>", {30, 20, 10}, ""}};
    chart.unit = "t";
    const auto svg = area_chart(chart);
    INFO(xml_fault(svg).value_or(""));
    CHECK_FALSE(xml_fault(svg));
    CHECK(count_of(svg, "<polygon") == 2);  // the series of zeros is left out
    const auto lower = polygon(svg, 0), upper = polygon(svg, 1);
    REQUIRE(lower.size() == 6);
    REQUIRE(upper.size() == 6);
    // Upper edge first, then the lower edge backwards: 10 and 30 of a whole that is 40 throughout.
    const double base = lower[5].second, whole = base - upper[0].second;
    CHECK((base - lower[0].second) / whole == Approx(0.25).margin(1e-3));
    CHECK((base - lower[2].second) / whole == Approx(0.75).margin(1e-3));
    CHECK(upper[1].second == Approx(upper[0].second).margin(0.02));
    CHECK(upper[5].second == Approx(lower[0].second).margin(0.02));
    CHECK(svg.find("upper &lt;&amp;&gt;: 30 t") != std::string::npos);
}

TEST_CASE("unknown values make gaps in areas, and a chart without values says so", "[area_chart]") {
    AreaChart chart;
    chart.x = {1, 2, 3, 4, 5};
    chart.series = {{"a", {1, 2, missing, 4, 5}, ""}, {"b", {1, 1, 1, 1, 1}, ""}};
    const auto svg = area_chart(chart);
    CHECK_FALSE(xml_fault(svg));
    CHECK(count_of(svg, "<polygon") == 4);
    CHECK(svg.find("nan") == std::string::npos);
    chart.series = {{"a", {0, 0, 0, 0, 0}, ""}};
    CHECK(area_chart(chart).find("No data") != std::string::npos);
    CHECK(area_chart({}).find("No data") != std::string::npos);
    chart.series = {{"a", {missing, 3, missing, missing, 1e300}, ""}};
    CHECK_FALSE(xml_fault(area_chart(chart)));
}

TEST_CASE("small multiples: a panel for each unit, lines broken at gaps", "[area_chart]") {
    SmallMultiples chart;
    chart.x = {2000, 2001, 2002, 2003};
    chart.line_names = {"Emission", "Sink"};
    for (int i = 0; i < 8; ++i)
        chart.panels.push_back({i == 3 ? "<script>" : "县" + std::to_string(i), {{1, 2, missing, 4}, {3, 3, 3, 3}}});
    const auto svg = small_multiples(chart);
    INFO(xml_fault(svg).value_or(""));
    CHECK_FALSE(xml_fault(svg));
    CHECK(svg.find("<script") == std::string::npos);
    CHECK(svg.find("nan") == std::string::npos);
    // Each panel: a piece of two points, a dot for the year alone, a whole line.
    CHECK(count_of(svg, "<polyline") == 16);
    CHECK(count_of(svg, "<circle") == 8);
    CHECK(count_of(svg, ">2003<") == 6);  // under the last panel of each of the six columns
    CHECK(small_multiples({}).find("No data") != std::string::npos);
    chart.panels = {{"one", {{0, 0, 0, 0}, {missing, missing, missing, missing}}}};
    chart.x = {2000};
    CHECK_FALSE(xml_fault(small_multiples(chart)));
    chart.panels = {{std::string(300, 'W'), {{-5, 5}}}};
    chart.x = {1, 2};
    CHECK_FALSE(xml_fault(small_multiples(chart)));
}
