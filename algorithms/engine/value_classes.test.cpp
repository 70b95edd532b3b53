// Land Carbon Toolbox: tests of classes that are intervals of values: names, slots, lists of breaks, remarks.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_classes.hpp"

#include <cmath>
#include <random>
#include <set>

#include "spec/errors.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

ClassBreakFinder finder(std::vector<double> values) { return {count_values(std::move(values)), 300}; }

std::vector<std::string> names(const ValueClasses& classes) {
    std::vector<std::string> names;
    for (const ClassLabel& label : classes.labels()) names.push_back(label.name);
    return names;
}

}  // namespace

TEST_CASE("classes are called after their intervals", "[value_classes]") {
    auto values = finder({-2, 0, 1, 2.5, 7, 8});
    const ValueClasses equal(values.find(BreakMethod::equal_interval, 4));
    CHECK(names(equal) == std::vector<std::string>{"[-2, 0.5]", "(0.5, 3]", "(3, 5.5]", "(5.5, 8]"});
    CHECK(equal.labels()[3].code == 4);
    CHECK(equal.lower(0) == -2);
    CHECK(equal.upper(0) == 0.5);
    CHECK(equal.upper(3) == 8);
    std::set<std::string> colours;
    for (const ClassLabel& label : equal.labels()) colours.insert(label.colour);
    CHECK(colours.size() == 4);

    const ValueClasses given(values.given({200, 0}));
    CHECK(names(given) == std::vector<std::string>{"<= 0", "(0, 200]", "> 200"});
    CHECK_FALSE(given.lower(0));
    CHECK(given.lower(1) == 0);
    CHECK_FALSE(given.upper(2));
    CHECK(names(ValueClasses(values.given({}))) == std::vector<std::string>{"all values"});
    // As many digits as tell the breaks apart.
    auto near = finder({100.00001, 100.00002, 100.00004});
    CHECK(names(ValueClasses(near.find(BreakMethod::natural, 3))) ==
          std::vector<std::string>{"[100.00001, 100.00001]", "(100.00001, 100.00002]", "(100.00002, 100.00004]"});
    auto one = finder({5, 5});
    CHECK(names(ValueClasses(one.find(BreakMethod::quantile, 3))) == std::vector<std::string>{"[5, 5]"});
}

TEST_CASE("slots of values, by few breaks and by many", "[value_classes]") {
    std::mt19937 random(3);
    std::vector<double> values(5000);
    for (double& value : values) value = static_cast<double>(random() % 2000) / 4;
    for (const int count : {1, 2, 5, 25, 26, 255}) {
        auto all = finder(values);
        const ValueClasses classes(all.find(BreakMethod::equal_interval, count));
        std::vector<double> cells = values;
        // On each break and just above it.
        for (const double limit : classes.breaks().breaks) {
            cells.push_back(limit);
            cells.push_back(std::nextafter(limit, 1e9));
        }
        cells.push_back(NAN);
        cells.push_back(-7);
        std::vector<std::uint16_t> slots(cells.size(), 99);
        classes.find(cells.data(), cells.size(), -7.0, slots.data());
        for (std::size_t i = 0; i + 2 < cells.size(); ++i) REQUIRE(slots[i] == classes.breaks().class_of(cells[i]) + 1);
        CHECK(slots[cells.size() - 2] == 0);
        CHECK(slots[cells.size() - 1] == 0);
    }
    // Single precision: 0.1f is larger than 0.1.
    const float cell[] = {0.1f, 0.5f};
    std::uint16_t slots[2];
    auto all = finder({0, 1});
    ValueClasses(all.given({0.1, 0.5})).find(cell, 2, -1.0f, slots);
    CHECK(slots[0] == 2);
    CHECK(slots[1] == 2);
}

TEST_CASE("lists of breaks", "[value_classes]") {
    CHECK(read_breaks(" 400, 0 ,2e2", "breaks") == std::vector<double>{0, 200, 400});
    CHECK(read_breaks("", "breaks").empty());
    CHECK_THROWS_WITH(read_breaks("1,x", "breaks"),
                      "BREAKS: \"x\" is not a number; give breaks separated by commas, "
                      "such as 0, 0.5, 1");
    CHECK_THROWS_AS(read_breaks("1,nan", "breaks"), UserError);
    CHECK_THROWS_AS(read_breaks("1,inf", "breaks"), UserError);
    CHECK_THROWS_WITH(read_breaks("3,1,3.0", "breaks"), "BREAKS: 3 is given twice");
    std::string many = "0";
    for (int i = 1; i < 254; ++i) many += "," + std::to_string(i);
    CHECK(read_breaks(many, "breaks").size() == 254);
    CHECK_THROWS_WITH(read_breaks(many + ",254", "breaks"), "BREAKS: more than 254 breaks");
}

TEST_CASE("what to say where breaks are not as asked for", "[value_classes]") {
    const auto said = [](std::vector<double> values, BreakMethod method, int classes) {
        return shortfall_text(finder(std::move(values)).find(method, classes));
    };
    CHECK(said({1, 2, 3, 4}, BreakMethod::natural, 3).empty());
    CHECK(said({4, 4}, BreakMethod::quantile, 3) == "1 class instead of 3: all values are equal");
    CHECK(said({1, 2}, BreakMethod::natural, 3) == "2 classes instead of 3: there are no more distinct values");
    CHECK(said({0, 0, 0, 0, 0, 1, 7, 9}, BreakMethod::quantile, 4) ==
          "3 classes instead of 4: 1 break fell together with others");
    CHECK(said({1, 3, 5, 7, 9}, BreakMethod::standard_deviation, 6) ==
          "4 classes instead of 6: 2 breaks would be beyond the values");
    CHECK(said({0, 1, 9}, BreakMethod::equal_interval, 3) == "1 class has no value");
    CHECK(said({0, 9}, BreakMethod::equal_interval, 4) == "2 classes have no value");
}
