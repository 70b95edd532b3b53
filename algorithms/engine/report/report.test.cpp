// Land Carbon Toolbox: tests of the report library: safe text, valid figures, true proportions, same bytes each time.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/report/report.hpp"

#include <cctype>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/report/axis.hpp"
#include "engine/report/charts.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/report/svg.hpp"
#include "engine/report/text_layout.hpp"
#include "engine/style.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/markup.hpp"

using namespace landcarbon;
using landcarbon::test::xml_fault;

namespace {

const double missing = std::numeric_limits<double>::quiet_NaN();
const double infinity = std::numeric_limits<double>::infinity();

const std::vector<std::string> hostile_names{
    "<script>alert(1)</script>", "\"><img src=x onerror='alert(1)'>",
    "../../etc/passwd",          "broken \xC3( \xFF \xED\xA0\x80 utf-8",
    "nul \x01 bell \x07 & amp;", "]]> --> <!-- <![CDATA[",
    std::string(400, 'W'),       "\xE6\xA3\xAE\xE6\x9E\x97 \xD0\x9B\xD0\xB5\xD1\x81 for\xC3\xAAt"};

void check_figure(const std::string& svg) {
    INFO(svg.substr(0, 2000));
    const auto fault = xml_fault(svg);
    INFO(fault.value_or(""));
    CHECK_FALSE(fault);
    CHECK(svg.substr(0, 5) == "<svg ");
    CHECK(clean_utf8(svg) == svg);
    for (const char* bad :
         {"<script", "<img", "href", "url(", "=\"nan", "=\"inf", "=\"-nan", "=\"-inf", "nan,", "inf,"}) {
        INFO(bad);
        CHECK(svg.find(bad) == std::string::npos);
    }
    // The name of the SVG vocabulary is the only address.
    CHECK(svg.find("http") == svg.rfind("http"));
    CHECK(svg.find("xmlns=\"http://www.w3.org/2000/svg\"") != std::string::npos);
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

/// The number in an attribute of the element whose tooltip begins with `tooltip`.
double attribute_of(const std::string& svg, const std::string& tooltip, const std::string& name) {
    const std::size_t title = svg.find("<title>" + tooltip);
    REQUIRE(title != std::string::npos);
    const std::size_t start = svg.rfind('<', title - 1);
    const std::size_t at = svg.find(" " + name + "=\"", start);
    REQUIRE(at < title);
    return std::stod(svg.substr(at + name.size() + 3));
}

SankeyChart three_dates() {
    SankeyChart chart;
    chart.title = "Change";
    chart.dates = {"1985", "1991", "1999"};
    chart.classes = {{"Cropland", "#f0d77a"}, {"Forest land", "#3b8f4b"}, {"Water", "#3f7fd0"}};
    chart.links = {{0, 0, 0, 60}, {0, 0, 1, 10}, {0, 1, 1, 25}, {0, 2, 2, 5},
                   {1, 0, 0, 55}, {1, 0, 2, 5},  {1, 1, 1, 35}, {1, 2, 2, 5}};
    return chart;
}

/// All charts with the given names and values in every place where they fit.
std::vector<std::string> all_charts(const std::vector<std::string>& names, const std::vector<double>& values,
                                    const std::string& text) {
    std::vector<std::string> out;
    BarChart bars;
    bars.title = bars.value_title = bars.unit = bars.category_title = text;
    bars.categories = names;
    bars.series = {{.name = text, .values = values, .colour = text, .errors = values}, {.name = "b", .values = values}};
    bars.category_colours = names;
    bars.reference_lines = {{1, text}, {missing, text}, {infinity, text}};
    bars.show_title = true;
    for (const bool horizontal : {false, true}) {
        for (const bool stacked : {false, true}) {
            bars.horizontal = horizontal;
            bars.stacked = stacked;
            out.push_back(bar_chart(bars));
        }
    }
    DivergingBars diverging;
    diverging.title = diverging.value_title = diverging.unit = diverging.loss_name = text;
    diverging.categories = diverging.category_colours = names;
    diverging.loss = diverging.gain = values;
    out.push_back(diverging_bars(diverging));

    HeatMap heat;
    heat.title = heat.row_title = heat.column_title = heat.value_title = heat.unit = text;
    heat.row_labels = heat.column_labels = names;
    heat.values.assign(names.size(), values);
    heat.grey_diagonal = heat.totals = heat.show_title = true;
    out.push_back(heat_map(heat));
    heat.scale = HeatScale::square_root;
    heat.grey_diagonal = heat.totals = heat.show_title = false;
    heat.cell_texts = heat.tooltips = {names, names};
    out.push_back(heat_map(heat));

    SankeyChart flow;
    flow.title = flow.unit = text;
    flow.dates = names;
    for (const auto& name : names) flow.classes.push_back({name, name});
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t k = 0; k < values.size(); ++k) flow.links.push_back({k, i, k, values[k]});
    out.push_back(sankey(flow));

    LineChart lines;
    lines.title = lines.x_title = lines.value_title = lines.unit = text;
    lines.series = {{.name = text, .x = values, .y = values, .lower = values, .upper = values},
                    {.name = text, .x = values, .y = {1, missing, 3}, .dashed = true}};
    lines.reference_lines = bars.reference_lines;
    out.push_back(line_chart(lines));

    ScatterChart scatter;
    scatter.title = scatter.x_title = scatter.y_title = text;
    scatter.series = {{.name = text, .x = values, .y = values, .labels = names}, {.name = text, .x = values, .y = {1}}};
    out.push_back(scatter_chart(scatter));
    scatter.one_to_one = true;
    out.push_back(scatter_chart(scatter));

    HistogramChart bins = histogram_of(values);
    bins.title = bins.x_title = text;
    bins.reference_lines = bars.reference_lines;
    out.push_back(histogram(bins));
    return out;
}

Report full_report(const std::string& text) {
    Report report(text, text);
    report.number(text, "1", text, text).number("b", "2").section(text).paragraph(text).warning(text);
    report.section("two").section("three");
    TableData table;
    table.columns = {text_column(text), number_column("Area", text)};
    table.rows = {{text, "1"}, {"short"}, {"a", "b", "surplus"}, {"Total", text}};
    table.row_colours = {text, "#ff0000"};
    table.last_row_is_total = true;
    report.table(table, text).figure(sankey(three_dates()), text);
    report.definitions(text, {{text, text}, {"Area", "ellipsoidal"}}, true)
        .definitions("empty", {})
        .number("last", "1");
    return report.footer(text);
}

}  // namespace

TEST_CASE("the tests' own checker finds faults", "[report]") {
    CHECK_FALSE(xml_fault("<a b=\"c\"><d/>&amp; text</a>"));
    for (const char* bad : {"<a>", "</a>", "<a></b>", "<a b=c/>", "<a b=\"<\"/>", "a & b", "&nbsp;",
                            "<a b=\"1\" b=\"2\"/>", "1 < 2", "<a b=\"\"c=\"\"/>", "\x01"})
        CHECK(xml_fault(bad));
}

TEST_CASE("text is escaped and repaired", "[report]") {
    CHECK(escape_xml("a & b < c > d \" e ' f") == "a &amp; b &lt; c &gt; d &quot; e &#39; f");
    CHECK(escape_xml("tab\tline\nreturn\r") == "tab\tline\nreturn ");
    CHECK(escape_xml(std::string_view("a\0b\x1F\x7F", 5)) == "a\uFFFDb\uFFFD\uFFFD");
    CHECK(escape_xml("\xC2\x85") == "\uFFFD");        // a C1 control
    CHECK(clean_utf8("\xFF\xFE") == "\uFFFD\uFFFD");  // never valid
    CHECK(clean_utf8("\xC0\xAF") == "\uFFFD\uFFFD");  // overlong /
    CHECK(clean_utf8("\xE2\x82") == "\uFFFD");        // cut off
    CHECK(clean_utf8("\xE2\x82"
                     "A") ==
          "\uFFFD"
          "A");
    CHECK(clean_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");            // surrogate
    CHECK(clean_utf8("\xF4\x90\x80\x80") == "\uFFFD\uFFFD\uFFFD\uFFFD");  // above U+10FFFF
    CHECK(clean_utf8("\xEF\xBF\xBE") == "\uFFFD");                        // U+FFFE
    const std::string good = "for\u00EAt \u68EE\u6797 \U0001F332";
    CHECK(clean_utf8(good) == good);
    for (const auto& name : hostile_names) CHECK(escape_xml(name).find_first_of("<>\"'") == std::string::npos);
}

TEST_CASE("maps and reports have one palette for gains and losses", "[report]") {
    const auto on_maps = diverging_ramp(-1.0, 1.0);
    CHECK(on_maps.front().colour == to_hex(diverging_ramp(-1)));
    CHECK(on_maps.back().colour == to_hex(diverging_ramp(1)));
    DivergingBars bars;
    bars.categories = {"Whole map"};
    bars.loss = {1};
    bars.gain = {2};
    const std::string change = diverging_bars(bars);
    bars.more_is_worse = true;
    const std::string emission = diverging_bars(bars);
    CHECK(change.find(loss_colour) < change.find(gain_colour));
    CHECK(emission.find(gain_colour) < emission.find(loss_colour));
}

TEST_CASE("the legend of a ramp says where values lie beyond its ends", "[report]") {
    RasterStyle style;
    style.ramp = diverging_ramp(-2.0, 2.0);
    CHECK(qml(style).find("or less") == std::string::npos);
    style.open_ends = true;
    const std::string text = qml(style);
    CHECK(text.find("minimumLabel=\"-2 or less\"") != std::string::npos);
    CHECK(text.find("maximumLabel=\"2 or more\"") != std::string::npos);
}

TEST_CASE("numbers read well and do not depend on the locale", "[report]") {
    CHECK(format_probability(0.04567) == "0.0457");
    CHECK(format_probability(1e-9) == "< 0.0001");
    CHECK(format_probability(0) == "< 0.0001");
    CHECK(format_number(1234567.8) == "1234568");
    CHECK(format_number(0.1) == "0.1");
    CHECK(format_number(3.14159265) == "3.14159");
    CHECK(format_number(9.9999996) == "10");
    CHECK(format_number(-2.5, 2) == "\u22122.5");
    CHECK(format_number(1.5e-7) == "1.5e-7");
    CHECK(format_number(2e20) == "2e20");
    CHECK(format_grouped(12345.6, 1) == "12\u202F345.6");
    CHECK(format_grouped(1234567, 0) == "1\u202F234\u202F567");
    CHECK(format_grouped(999, 0) == "999");
    CHECK(format_grouped(0.123456, 3) == "0.123");
    CHECK(format_grouped(-1234, 0) == "\u22121\u202F234");
    CHECK(format_signed(12, 1) == "+12.0");
    CHECK(format_signed(-12, 1) == "\u221212.0");
    CHECK(format_signed(0.001, 1) == "0.0");
    CHECK(format_value(12345.67) == "12\u202F346");
    CHECK(format_value(123.456) == "123.5");
    CHECK(format_value(0.0123456) == "0.01235");
    CHECK(format_short(950) == "950");
    CHECK(format_short(12345) == "12k");
    CHECK(format_short(1234567) == "1.2M");
    CHECK(format_short(999900) == "1M");
    CHECK(format_percent(0.123) == "12.3\u202F%");
    CHECK(format_percent(1, 0) == "100\u202F%");
    for (const double zero : {0.0, -0.0, -1e-9}) {
        CHECK(format_grouped(zero, 2) == "0.00");
        CHECK(format_signed(zero, 2) == "0.00");
        CHECK(format_percent(zero) == "0.0\u202F%");
    }
    CHECK(format_number(-0.0) == "0");
    CHECK(format_value(-0.0) == "0");
    CHECK(svg_number(-0.001) == "0");
    for (const double value : {missing, infinity, -infinity}) {
        CHECK(format_number(value) == "\u2013");
        CHECK(format_grouped(value, 1) == "\u2013");
        CHECK(format_signed(value, 1) == "\u2013");
        CHECK(format_value(value) == "\u2013");
        CHECK(format_short(value) == "\u2013");
        CHECK(format_percent(value) == "\u2013");
        CHECK(svg_number(value) == "0");
    }
    for (const double huge : {std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min()}) {
        CHECK(format_number(huge, 3).size() < 12);
        CHECK(format_grouped(huge, 2).size() < 20);
        CHECK(format_short(huge).size() < 12);
    }
}

TEST_CASE("colours are parsed strictly and stay readable", "[report]") {
    CHECK(to_hex(*parse_colour("#F0D77A")) == "#f0d77a");
    CHECK(to_hex(*parse_colour("#abc")) == "#aabbcc");
    CHECK(to_hex(*parse_colour("#11223344")) == "#112233");
    CHECK(to_hex(*parse_colour(" 255, 0,16 ")) == "#ff0010");
    for (const char* bad :
         {"", "red", "#12", "#gggggg", "#-1-1-1", "1,2", "1,2,3,4", "256,0,0", "-1,0,0", "\" onload=\"x"})
        CHECK_FALSE(parse_colour(bad));
    CHECK(readable_on({255, 255, 255}) != "#ffffff");
    CHECK(readable_on({0, 0, 0}) == "#ffffff");
    for (int i = 1; i <= 100; ++i)
        CHECK(luminance(sequential_ramp(i / 100.0)) < luminance(sequential_ramp((i - 1) / 100.0)));
    std::map<std::string, int> used;
    for (std::size_t i = 0; i < 30; ++i) ++used[palette_colour(i)];
    CHECK(used.size() == 30);
}

TEST_CASE("text layout", "[report]") {
    CHECK(shorten("Forest", 100, 12) == "Forest");
    const std::string brief = shorten("Evergreen needleleaf forest, closed canopy, zone 12", 120, 12);
    CHECK(text_width(brief, 12) <= 120);
    CHECK(brief.find("\u2026") != std::string::npos);
    CHECK(brief.substr(0, 4) == "Ever");
    CHECK(brief.substr(brief.size() - 2) == "12");
    for (const auto& name : hostile_names)
        for (const double width : {0.0, 5.0, 30.0, 90.0})
            CHECK(clean_utf8(shorten(name, width, 12)) == shorten(name, width, 12));
    CHECK(wrap("Impervious surface", 80, 12, 3) == std::vector<std::string>{"Impervious", "surface"});
    CHECK(wrap("a b c d e f g h", 20, 12, 2).size() == 2);
    CHECK(wrap("", 20, 12, 2).empty());

    CHECK(keep_apart({10, 50, 90}, 15, 0, 100) == std::vector<double>{10, 50, 90});
    CHECK(keep_apart({50, 50}, 20, 0, 100) == std::vector<double>{40, 60});
    const auto packed = keep_apart({95, 96, 97, 98}, 20, 0, 100);
    for (std::size_t i = 1; i < packed.size(); ++i) CHECK(packed[i] - packed[i - 1] >= 20 - 1e-9);
    CHECK(packed.front() >= 0);
    CHECK(packed.back() <= 100);
    const auto crowded = keep_apart(std::vector<double>(11, 50), 20, 0, 100);
    for (std::size_t i = 0; i < crowded.size(); ++i) CHECK(crowded[i] == Approx(10.0 * static_cast<double>(i)));
}

TEST_CASE("axes have round ticks that cover the data", "[report]") {
    const std::vector<std::pair<double, double>> ranges{
        {0, 1}, {0, 97},       {-3, 12},     {1e-9, 3e-9},          {1e12, 1e12 + 5}, {5, 5},
        {0, 0}, {-1e99, 1e99}, {missing, 1}, {infinity, -infinity}, {0.1, 0.3},       {-7, -7}};
    for (const auto& [low, high] : ranges) {
        const ChartAxis axis = nice_axis(low, high, 6);
        INFO(low << " to " << high);
        CHECK(std::isfinite(axis.low));
        CHECK(std::isfinite(axis.high));
        CHECK(axis.high > axis.low);
        CHECK(axis.ticks.size() >= 2);
        CHECK(axis.ticks.size() <= 14);
        if (is_drawable(low) && is_drawable(high)) {
            const double slack = (axis.high - axis.low) * 1e-6;
            CHECK(axis.low <= low + slack);
            CHECK(axis.high >= high - slack);
        }
    }
    const ChartAxis axis = nice_axis(0, 1, 5);
    REQUIRE(axis.ticks.size() == 6);
    CHECK(axis.label(axis.ticks[3]) == "0.6");
    const ChartAxis decades = log_axis(0.3, 1800);
    CHECK(decades.ticks.size() == 6);
    CHECK(decades.low == 0.1);
    CHECK(decades.high == 10000);
    CHECK(decades.at(10, 0, 500) == Approx(200));
    CHECK(decades.label(decades.ticks[4]) == "1\u202f000");
    const ChartAxis few = log_axis(1.5, 4);
    CHECK(few.ticks == std::vector<double>{1, 2, 5});
    CHECK(few.high == 5);
    const ChartAxis one = log_axis(10, 10);
    CHECK(one.low < one.high);
    CHECK(log_axis(1e-90, 1e90).ticks.size() < 14);
    const ChartAxis years = year_axis(1985, 2019, 8);
    CHECK(years.low == 1985);
    CHECK(years.high == 2019);
    CHECK(years.label(years.ticks.front()) == "1985");
}

TEST_CASE("bars are as long as their values", "[report]") {
    BarChart chart;
    chart.title = "Areas";
    chart.categories = {"a", "b", "c"};
    chart.series = {{.name = "s", .values = {100, 250, -50}}};
    chart.unit = "ha";
    const std::string vertical = bar_chart(chart);
    check_figure(vertical);
    const double unit = attribute_of(vertical, "a, s: 100 ha", "height") / 100;
    CHECK(attribute_of(vertical, "b, s: 250 ha", "height") == Approx(250 * unit).margin(0.02));
    CHECK(attribute_of(vertical, "c, s: \u221250 ha", "height") == Approx(50 * unit).margin(0.02));
    // The negative bar hangs from the line on which the others stand.
    const double base = attribute_of(vertical, "a, s", "y") + attribute_of(vertical, "a, s", "height");
    CHECK(attribute_of(vertical, "c, s", "y") == Approx(base).margin(0.02));

    chart.horizontal = true;
    const std::string horizontal = bar_chart(chart);
    const double across = attribute_of(horizontal, "a, s", "width") / 100;
    CHECK(attribute_of(horizontal, "b, s", "width") == Approx(250 * across).margin(0.02));
    CHECK(attribute_of(horizontal, "c, s", "width") == Approx(50 * across).margin(0.02));

    chart.horizontal = false;
    chart.stacked = true;
    chart.series = {{.name = "s", .values = {10, 20, 30}}, {.name = "t", .values = {5, 40, 30}}};
    const std::string stacked = bar_chart(chart);
    CHECK(attribute_of(stacked, "b, t", "y") + attribute_of(stacked, "b, t", "height") ==
          Approx(attribute_of(stacked, "b, s", "y")).margin(0.02));
}

TEST_CASE("gains and losses share one scale", "[report]") {
    DivergingBars chart;
    chart.title = "Change";
    chart.categories = {"Cropland", "Forest land"};
    chart.loss = {300, 100};
    chart.gain = {50, 200};
    chart.unit = "ha";
    const std::string svg = diverging_bars(chart);
    check_figure(svg);
    const double unit = attribute_of(svg, "Cropland, Loss: 300 ha", "width") / 300;
    CHECK(attribute_of(svg, "Cropland, Gain: 50 ha", "width") == Approx(50 * unit).margin(0.02));
    CHECK(attribute_of(svg, "Forest land, Gain: 200 ha", "width") == Approx(200 * unit).margin(0.02));
    CHECK(svg.find("Cropland, Net change: \u2212250 ha") != std::string::npos);
    CHECK(svg.find("Forest land, Net change: +100 ha") != std::string::npos);
}

TEST_CASE("heat maps grey the diagonal and scale on the rest", "[report]") {
    HeatMap chart;
    chart.title = "Matrix";
    chart.row_labels = chart.column_labels = {"a", "b"};
    chart.values = {{1000, 3}, {1, 500}};
    chart.grey_diagonal = chart.totals = true;
    const std::string svg = heat_map(chart);
    check_figure(svg);
    const std::string darkest = to_hex(sequential_ramp(1)), arrow = " \u2192 ";
    const auto fill = [&](const std::string& cell) {
        const std::size_t title = svg.find("<title>" + cell);
        REQUIRE(title != std::string::npos);
        return svg.substr(svg.rfind("fill=\"", title) + 6, 7);
    };
    CHECK(fill("a" + arrow + "b") == darkest);
    CHECK(fill("b" + arrow + "a") == to_hex(sequential_ramp(1.0 / 3)));
    CHECK(fill("a" + arrow + "a") == fill("b" + arrow + "b"));
    CHECK(svg.find(">1\u202F504</text>") != std::string::npos);  // the sum of all

    chart.grey_diagonal = false;
    chart.values = {{-2, 1}, {missing, 2}};
    const std::string signs = heat_map(chart);
    check_figure(signs);
    CHECK(signs.find(to_hex(diverging_ramp(-1))) != std::string::npos);
    CHECK(signs.find("b" + arrow + "a: no data") != std::string::npos);
}

TEST_CASE("sankey bands add up to their nodes", "[report]") {
    const SankeyChart chart = three_dates();
    const SankeyLayout layout = sankey_layout(chart, 50, 450);
    REQUIRE(layout.nodes.size() == 9);
    REQUIRE(layout.bands.size() == 8);
    for (const SankeyNode& node : layout.nodes) {
        double in = 0, out = 0;
        for (const SankeyBand& band : layout.bands) {
            CHECK(band.width == Approx(band.link.value * layout.scale));
            if (band.link.step == node.column && band.link.from == node.class_index) {
                CHECK(band.y_from == Approx(node.y + out));  // without gaps, in the order of the targets
                out += band.width;
            }
            if (band.link.step + 1 == node.column && band.link.to == node.class_index) {
                CHECK(band.y_to == Approx(node.y + in));
                in += band.width;
            }
        }
        if (node.column < 2) CHECK(out == Approx(node.height));
        if (node.column > 0) CHECK(in == Approx(node.height));
        CHECK(node.y >= 50);
        CHECK(node.y + node.height <= 450 + 1e-9);
    }
    // Nodes of a column keep apart.
    for (std::size_t i = 1; i < layout.nodes.size(); ++i)
        if (layout.nodes[i].column == layout.nodes[i - 1].column)
            CHECK(layout.nodes[i].y > layout.nodes[i - 1].y + layout.nodes[i - 1].height);

    const std::string svg = sankey(chart);
    check_figure(svg);
    CHECK(count_of(svg, "<path ") == 8);
    CHECK(svg.find("Cropland \u2192 Forest land\n1985 \u2192 1991: 10 ha\n14.3\u202F% of Cropland 1985, 10.00\u202F% "
                   "of all") != std::string::npos);
    CHECK(svg.find("70 ha \u00B7 70.0\u202F%") != std::string::npos);

    SankeyChart repeated = chart;
    repeated.links.push_back({0, 0, 1, 4});
    CHECK(sankey_layout(repeated, 50, 450).bands.size() == 8);
    repeated.links = {{7, 0, 0, 1},  {0, 9, 0, 1},       {0, 0, 9, 1},
                      {0, 0, 0, -1}, {0, 0, 0, missing}, {std::size_t(-1), 0, 0, 1}};
    CHECK(sankey_layout(repeated, 50, 450).nodes.empty());
    CHECK(sankey(repeated).find("No data") != std::string::npos);
}

TEST_CASE("sankey labels keep apart with many classes and dates", "[report]") {
    SankeyChart chart;
    for (int i = 0; i < 8; ++i) chart.dates.push_back(std::to_string(1980 + 5 * i));
    for (int c = 0; c < 30; ++c) chart.classes.push_back({"class " + std::to_string(c), ""});
    for (std::size_t t = 0; t < 7; ++t)
        for (std::size_t i = 0; i < 30; ++i)
            for (std::size_t k = 0; k < 30; ++k) chart.links.push_back({t, i, k, i == k ? (i < 3 ? 1e5 : 1.0) : 0.1});
    const std::string svg = sankey(chart);
    check_figure(svg);
    // Baselines of the labels on the left, read from the text elements whose tooltip is "class n\n...".
    std::vector<double> baselines;
    for (int c = 0; c < 30; ++c) {
        const std::string label = "text-anchor=\"end\"";
        for (std::size_t at = svg.find("<title>class " + std::to_string(c) + "\n"); at != std::string::npos;
             at = svg.find("<title>class " + std::to_string(c) + "\n", at + 1)) {
            const std::size_t start = svg.rfind('<', at - 1);
            const std::string element = svg.substr(start, at - start);
            if (element.find(label) == std::string::npos) continue;
            baselines.push_back(std::stod(element.substr(element.find(" y=\"") + 4)));
            break;
        }
    }
    REQUIRE(baselines.size() == 30);
    for (std::size_t i = 1; i < baselines.size(); ++i) CHECK(baselines[i] - baselines[i - 1] >= 13);
}

TEST_CASE("line charts break at gaps and write years plainly", "[report]") {
    LineChart chart;
    chart.title = "Storage";
    chart.series = {{.name = "a", .x = {1990, 1995, 2000, 2005, 2010}, .y = {1, 2, missing, 4, 5}}};
    const std::string svg = line_chart(chart);
    check_figure(svg);
    CHECK(count_of(svg, "<polyline ") == 2);
    CHECK(svg.find(">1990</text>") != std::string::npos);
    CHECK(svg.find("a, 2005: 4") != std::string::npos);
}

TEST_CASE("line charts with upright lines and on a logarithmic axis", "[report]") {
    LineChart chart;
    chart.title = "VIF";
    chart.series = {{.name = "a", .x = {2000, 2010, 2020, 2030}, .y = {1000, 10, 0, 0.1}}};
    chart.upright_lines = {{2015, "Chosen"}, {1900, "outside"}};
    const std::string linear = line_chart(chart);
    check_figure(linear);
    CHECK(linear.find("Chosen 2015") != std::string::npos);
    CHECK(linear.find("outside") == std::string::npos);
    CHECK(count_of(linear, "<polyline ") == 1);
    chart.logarithmic = true;
    chart.reference_lines = {{10, "Limit"}, {-5, "below"}};
    const std::string logarithmic = line_chart(chart);
    check_figure(logarithmic);
    // Zero is a gap: two points, then one alone.
    CHECK(count_of(logarithmic, "<polyline ") == 1);
    CHECK(logarithmic.find("a, 2030: 0.1") != std::string::npos);
    CHECK(logarithmic.find("a, 2020") == std::string::npos);
    CHECK(logarithmic.find("Limit") != std::string::npos);
    CHECK(logarithmic.find("below") == std::string::npos);
    chart.series[0].y = {0, -1, 0, 0};
    CHECK(line_chart(chart).find("No data") != std::string::npos);
}

TEST_CASE("line charts put ticks between whole numbers only where x is no whole number", "[report]") {
    LineChart chart;
    chart.series = {{.name = "a"}};
    for (int step = 1; step <= 20; ++step) {
        chart.series[0].x.push_back(step);
        chart.series[0].y.push_back(30 + step);
    }
    CHECK(line_chart(chart).find(">2.5</text>") == std::string::npos);
    CHECK(line_chart(chart).find(">12</text>") != std::string::npos);
    chart.series[0].x[3] = 4.25;
    CHECK(line_chart(chart).find(">2.5</text>") != std::string::npos);
}

TEST_CASE("histograms count every finite value once", "[report]") {
    std::vector<double> values{missing, infinity};
    for (int i = 0; i < 1000; ++i) values.push_back(std::fmod(i * 0.618, 1.0) * 40 + 3);
    const HistogramChart chart = histogram_of(values);
    double sum = 0;
    for (const double count : chart.counts) sum += count;
    CHECK(sum == 1000);
    CHECK(chart.edges.size() == chart.counts.size() + 1);
    check_figure(histogram(chart));
    const HistogramChart constant = histogram_of({5, 5, 5});
    check_figure(histogram(constant));
    double three = 0;
    for (const double count : constant.counts) three += count;
    CHECK(three == 3);
    CHECK(histogram(histogram_of({})).find("No data") != std::string::npos);
}

TEST_CASE("bars of a histogram are cut where a class ends", "[report]") {
    HistogramChart chart;
    chart.edges = {0, 10, 20, 30};
    chart.counts = {4, 8, 2};
    chart.breaks = {10, 12.5, 17.5, 99};
    chart.class_colours = {"#111111", "#222222", "#333333", "#444444", "#555555"};
    const std::string svg = histogram(chart);
    check_figure(svg);
    // The first bar ends with its class, the second has three pieces, the third one.
    chart.breaks.clear();
    CHECK(count_of(svg, "<rect ") == count_of(histogram(chart), "<rect ") + 2);
    for (const char* colour : {"#111111", "#222222", "#333333", "#444444"})
        CHECK(count_of(svg, colour) == (std::string(colour) == "#444444" ? 2 : 1));
    CHECK(svg.find("#555555") == std::string::npos);
    // A line at each break within the axis.
    CHECK(count_of(svg, "break: ") == 3);
    // A quarter and a half of the bar.
    CHECK(attribute_of(svg, "break: 17.5", "x1") - attribute_of(svg, "break: 12.5", "x1") ==
          Approx(2 * (attribute_of(svg, "break: 12.5", "x1") - attribute_of(svg, "break: 10", "x1"))).margin(0.05));
}

TEST_CASE("hostile names are harmless in every chart and in the report", "[report]") {
    const std::vector<double> values{3, 1, 4, 1, 5, 9, 2, 6};
    for (const auto& name : hostile_names) {
        for (const auto& svg : all_charts(hostile_names, values, name)) check_figure(svg);
        const std::string html = full_report(name).str();
        const auto fault = xml_fault(html);
        INFO(fault.value_or(""));
        CHECK_FALSE(fault);
        CHECK(clean_utf8(html) == html);
        for (const char* bad : {"<script", "<img", "url(", "@import", "src="}) {
            if (std::string_view(bad) == "src=" && name.find("src=") != std::string::npos) continue;  // as escaped text
            INFO(bad);
            CHECK(html.find(bad) == std::string::npos);
        }
        CHECK(count_of(html, "href=\"") ==
              count_of(html, "href=\"#section-") + count_of(html, "href=\"data:image/svg+xml;"));
    }
}

TEST_CASE("degenerate input gives a figure and no numbers that are none", "[report]") {
    const double huge = std::numeric_limits<double>::max(), tiny = std::numeric_limits<double>::denorm_min();
    const std::vector<std::vector<double>> value_sets{{},
                                                      {0, 0, 0},
                                                      {missing, missing, missing},
                                                      {infinity, -infinity, 1},
                                                      {huge, -huge, 1},
                                                      {tiny, 0, -tiny},
                                                      {-1, -2, -3},
                                                      {1e99, -1e99, 0},
                                                      {5},
                                                      {1e-50, 2e-50, 3e-50},
                                                      {-0.0, 1, missing},
                                                      {7, 7, 7}};
    const std::vector<std::vector<std::string>> name_sets{{},
                                                          {""},
                                                          {"one"},
                                                          {"a", "b", "c"},
                                                          {"same", "same", "same"},
                                                          std::vector<std::string>(40, "A rather long class name")};
    for (const auto& values : value_sets)
        for (const auto& names : name_sets)
            for (const auto& svg : all_charts(names, values, "")) check_figure(svg);
    for (const double width : {1.0, 60.0, 200.0}) {  // too small for its content, but valid
        BarChart bars;
        bars.categories = {"a", "b"};
        bars.series = {{.values = {1, 2}}};
        bars.width = width;
        check_figure(bar_chart(bars));
        SankeyChart flow = three_dates();
        flow.width = width;
        flow.height = width;
        check_figure(sankey(flow));
        HeatMap heat;
        heat.row_labels = heat.column_labels = {"a", "b"};
        heat.values = {{1, 2}};
        heat.width = width;
        check_figure(heat_map(heat));
        check_figure(no_data_figure("x", width));
    }
}

TEST_CASE("reports are self-contained, whole and deterministic", "[report]") {
    const std::string html = full_report("Carbon").str();
    CHECK(html.substr(0, 15) == "<!DOCTYPE html>");
    CHECK(html.find("<html lang=\"en\">") != std::string::npos);
    CHECK(html.find("<meta charset=\"utf-8\"/>") != std::string::npos);
    CHECK(html.find("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"") != std::string::npos);
    CHECK(html.find("<tr class=\"total\"><td>Total</td>") != std::string::npos);
    CHECK(html.find("style=\"background:#ff0000\"") != std::string::npos);
    CHECK(html.find("surplus") == std::string::npos);
    CHECK(html.find("<nav") != std::string::npos);
    CHECK(count_of(html, "class=\"numbers\"") == 2);
    CHECK(html == full_report("Carbon").str());
    CHECK(all_charts({"a", "b"}, {1, 2}, "t") == all_charts({"a", "b"}, {1, 2}, "t"));

    CHECK_FALSE(xml_fault(Report("", "").str()));
    CHECK(Report("", "").str().find("<nav") == std::string::npos);
}

TEST_CASE("long tables are cut with a note and keep their total", "[report]") {
    TableData table;
    table.columns = {text_column("Class"), number_column("Area", "ha")};
    for (int i = 0; i < 1234; ++i) table.rows.push_back({"class " + std::to_string(i), std::to_string(i)});
    const std::string cut = Report("t", "").table(table, "c", 10).str();
    CHECK(count_of(cut, "<td>class ") == 10);
    CHECK(cut.find("The first 10 of 1\u202F234 rows are shown") != std::string::npos);
    table.rows.push_back({"Total", "760761"});
    table.last_row_is_total = true;
    const std::string total = Report("t", "").table(table, "c", 10).str();
    CHECK(total.find("<tr class=\"total\"><td>Total</td><td class=\"right\">760761</td></tr>") != std::string::npos);
    CHECK(total.find("of 1\u202F234 rows") != std::string::npos);
    const std::string whole = Report("t", "").table(table, "c", 5000).str();
    CHECK(count_of(whole, "<td>class ") == 1234);
    CHECK(whole.find("rows are shown") == std::string::npos);
    CHECK(Report("t", "").table({}, "empty").str().find("No rows.") != std::string::npos);
}

TEST_CASE("a saved figure is the figure", "[report]") {
    // "Man" and its shorter starts are the classic base64 cases.
    CHECK(Report("t", "").figure("Man", "c").str().find("base64,TWFu\"") != std::string::npos);
    CHECK(Report("t", "").figure("Ma", "c").str().find("base64,TWE=\"") != std::string::npos);
    CHECK(Report("t", "").figure("M", "c").str().find("base64,TQ==\"") != std::string::npos);
}
