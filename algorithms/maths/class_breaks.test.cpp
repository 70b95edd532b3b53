// Land Carbon Toolbox: tests of dividing values into classes, by hand and against R and mapclassify.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/class_breaks.hpp"

#include <cmath>
#include <stdexcept>

#include "support/catch.hpp"
#include "support/plain_numbers.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

ClassBreaks found(std::vector<double> values, BreakMethod method, int classes) {
    return ClassBreakFinder(count_values(std::move(values)), classes).find(method, classes);
}

void check_near(const std::vector<double>& breaks, const std::vector<double>& expected) {
    REQUIRE(breaks.size() == expected.size());
    for (std::size_t i = 0; i < breaks.size(); ++i) CHECK(breaks[i] == Approx(expected[i]).epsilon(1e-13));
}

}  // namespace

TEST_CASE("a value on a break belongs to the class below it", "[class_breaks]") {
    const ClassBreaks equal = found({0, 1, 2, 3, 4, 5, 6}, BreakMethod::equal_interval, 3);
    CHECK(equal.breaks == std::vector<double>{2, 4});
    CHECK(equal.counts == std::vector<std::int64_t>{3, 2, 2});
    CHECK(equal.class_of(0) == 0);
    CHECK(equal.class_of(2) == 0);
    CHECK(equal.class_of(std::nextafter(2, 3)) == 1);
    CHECK(equal.class_of(4) == 1);
    CHECK(equal.class_of(6) == 2);
    // Values that were not in the sample.
    CHECK(equal.class_of(-100) == 0);
    CHECK(equal.class_of(100) == 2);
    CHECK(equal.as_asked());
    CHECK(equal.classes() == 3);
}

TEST_CASE("equal intervals by hand and by mapclassify", "[class_breaks]") {
    // An empty class in the middle stays, and says so.
    const ClassBreaks gap = found({0, 1, 9}, BreakMethod::equal_interval, 3);
    CHECK(gap.breaks == std::vector<double>{3, 6});
    CHECK(gap.counts == std::vector<std::int64_t>{2, 0, 1});
    CHECK(gap.empty_classes() == 1);
    CHECK_FALSE(gap.as_asked());
    // A break between -1e308 and 1e308, though their difference is infinite.
    CHECK(found({-1e308, 1e308}, BreakMethod::equal_interval, 2).breaks == std::vector<double>{0});
    // mapclassify 2.10.0, EqualInterval(values, k).bins and counts.
    const ClassBreaks five = found(tied_numbers(), BreakMethod::equal_interval, 5);
    check_near(five.breaks, {14.34, 28.68, 43.019999999999996, 57.36});
    CHECK(five.counts == std::vector<std::int64_t>{1333, 240, 174, 140, 113});
    const ClassBreaks seven = found(tied_numbers(), BreakMethod::equal_interval, 7);
    CHECK(seven.counts == std::vector<std::int64_t>{1222, 225, 153, 127, 98, 95, 80});
}

TEST_CASE("quantiles by hand and by R", "[class_breaks]") {
    // Ranks 1 + 4/3 and 1 + 8/3 of 5 values.
    const ClassBreaks three = found({10, 20, 30, 50, 90}, BreakMethod::quantile, 3);
    check_near(three.breaks, {10 + 10 * 4.0 / 3, 30 + 20 * 2.0 / 3});
    CHECK(three.counts == std::vector<std::int64_t>{2, 1, 2});
    // R 4.2.2, quantile(values, (0:k) / k); mapclassify 2.10.0, Quantiles(values, k).counts.
    const ClassBreaks four = found(tied_numbers(), BreakMethod::quantile, 4);
    CHECK(four.breaks == std::vector<double>{0.3, 4.7, 24});
    CHECK(four.counts == std::vector<std::int64_t>{519, 484, 498, 499});
    const ClassBreaks seven = found(tied_numbers(), BreakMethod::quantile, 7);
    check_near(seven.breaks, {0, 0.5, 2.4, 7.7, 19.3, 39.942857142857136});
    CHECK(seven.counts == std::vector<std::int64_t>{367, 227, 270, 281, 285, 284, 286});
    const ClassBreaks cubes = found(cubed_numbers(), BreakMethod::quantile, 7);
    check_near(cubes.breaks, {-0.19674592150361228, -0.17770383324663477, -0.13124973838349543, -0.032845134465658482,
                              0.15614468826846145, 0.40001762659518908});
    CHECK(cubes.counts == std::vector<std::int64_t>{215, 214, 214, 214, 214, 214, 215});
}

TEST_CASE("quantiles of counts are those of the values one by one", "[class_breaks]") {
    const CountedValues few{{-3, 1, 2, 8}, {4, 1, 9, 3}};
    std::vector<double> all;
    for (std::size_t i = 0; i < few.size(); ++i)
        all.insert(all.end(), static_cast<std::size_t>(few.counts[i]), few.values[i]);
    for (int classes = 1; classes <= 20; ++classes) {
        ClassBreakFinder finder(few, 20);
        const ClassBreaks breaks = finder.find(BreakMethod::quantile, classes);
        std::vector<double> expected;
        int merged = 0;
        for (int i = 1; i < classes; ++i) {
            const double rank = static_cast<double>(16 * i) / classes;
            const auto below = static_cast<std::size_t>(std::floor(rank));
            const double here =
                all[below] + (all[std::min<std::size_t>(below + 1, 16)] - all[below]) * (rank - std::floor(rank));
            if (here >= 8) continue;
            if (!expected.empty() && here == Approx(expected.back()).margin(1e-12))
                ++merged;
            else
                expected.push_back(here);
        }
        check_near(breaks.breaks, expected);
        CHECK(breaks.merged == merged);
    }
    // 2^52 values: no rank is lost to rounding.
    const CountedValues many{{0, 1, 2}, {std::int64_t{1} << 51, 1, (std::int64_t{1} << 51) - 1}};
    CHECK(ClassBreakFinder(many, 2).find(BreakMethod::quantile, 2).breaks == std::vector<double>{0.5});
}

TEST_CASE("breaks that fall together count once, and those with nothing beyond are left out", "[class_breaks]") {
    // Quartiles 0, 0 and 1.75 of 0 0 0 0 0 0 7 9.
    const ClassBreaks zeros = found({0, 0, 0, 0, 0, 0, 7, 9}, BreakMethod::quantile, 4);
    CHECK(zeros.breaks == std::vector<double>{0, 1.75});
    CHECK(zeros.merged == 1);
    CHECK(zeros.asked == 4);
    CHECK(zeros.classes() == 3);
    CHECK_FALSE(zeros.as_asked());
    // All breaks are at the highest value: one class.
    const ClassBreaks high = found({0, 9, 9, 9, 9, 9, 9, 9}, BreakMethod::quantile, 3);
    CHECK(high.breaks.empty());
    CHECK(high.outside == 2);
    CHECK(high.counts == std::vector<std::int64_t>{8});
}

TEST_CASE("a constant is one class by every method", "[class_breaks]") {
    for (const BreakMethod method : {BreakMethod::equal_interval, BreakMethod::quantile, BreakMethod::natural,
                                     BreakMethod::geometric, BreakMethod::standard_deviation}) {
        const ClassBreaks one = found({4, 4, 4}, method, 3);
        CHECK(one.breaks.empty());
        CHECK(one.counts == std::vector<std::int64_t>{3});
        CHECK_FALSE(one.as_asked());
    }
    const ClassBreakFinder finder(count_values({4, 4, 4}), 3);
    CHECK(std::isnan(finder.goodness_of_fit(finder.given({}))));
}

TEST_CASE("geometric intervals by hand", "[class_breaks]") {
    check_near(found({1, 3, 20, 500, 1000}, BreakMethod::geometric, 3).breaks, {10, 100});
    check_near(found({-1000, -20, -1}, BreakMethod::geometric, 3).breaks, {-100, -10});
    for (const std::vector<double>& values : {std::vector<double>{0, 1, 2}, {-1, 2, 3}, {-2, -1, 0}}) {
        const ClassBreaks refused = found(values, BreakMethod::geometric, 3);
        CHECK(refused.refusal == "geometric intervals need values that are all above 0, or all below 0");
        CHECK(refused.classes() == 1);
        CHECK_FALSE(refused.as_asked());
    }
}

TEST_CASE("standard deviations by hand and by R", "[class_breaks]") {
    // Mean 5, squared deviations 40, s = sqrt(40 / 4).
    const double s = std::sqrt(10.0);
    check_near(found({1, 3, 5, 7, 9}, BreakMethod::standard_deviation, 2).breaks, {5});
    check_near(found({1, 3, 5, 7, 9}, BreakMethod::standard_deviation, 3).breaks, {5 - s / 2, 5 + s / 2});
    // mean +- 2 s lies outside 1 to 9.
    const ClassBreaks six = found({1, 3, 5, 7, 9}, BreakMethod::standard_deviation, 6);
    check_near(six.breaks, {5 - s, 5, 5 + s});
    CHECK(six.outside == 2);
    // R 4.2.2: mean(values) 14.724299999999999, sd(values) 19.525544370169957.
    const ClassBreaks four = found(tied_numbers(), BreakMethod::standard_deviation, 4);
    check_near(four.breaks, {14.724299999999999, 14.724299999999999 + 19.525544370169957});
    CHECK(four.outside == 1);
    CHECK(found({3}, BreakMethod::standard_deviation, 2).refusal == "a standard deviation needs two values or more");
}

TEST_CASE("natural breaks of few values give each its own class", "[class_breaks]") {
    const ClassBreaks two = found({1, 1, 6}, BreakMethod::natural, 4);
    CHECK(two.breaks == std::vector<double>{1});
    CHECK(two.asked == 4);
    CHECK_FALSE(two.as_asked());
}

TEST_CASE("given breaks are kept, also where no value lies", "[class_breaks]") {
    const ClassBreakFinder finder(count_values({-5, 0, 120, 200}), 1);
    const ClassBreaks division = finder.given({400, 0, 200, 200});
    CHECK(division.breaks == std::vector<double>{0, 200, 400});
    CHECK(division.counts == std::vector<std::int64_t>{2, 2, 0, 0});
    CHECK(division.merged == 1);
    CHECK(division.outside == 0);
    CHECK_THROWS_AS(finder.given({1, NAN}), std::invalid_argument);
}

TEST_CASE("goodness of variance fit by hand", "[class_breaks]") {
    // {1, 2, 3}, {10, 12}: 2 + 2 of 101.2.
    const ClassBreakFinder finder(count_values({1, 2, 3, 10, 12}), 2);
    CHECK(finder.goodness_of_fit(finder.given({3})) == Approx(1 - 4 / 101.2).epsilon(1e-14));
    CHECK(finder.goodness_of_fit(finder.given({})) == 0);
    CHECK(finder.goodness_of_fit(finder.given({1, 2, 3, 10})) == 1);
    // Breaks beside all values.
    CHECK(finder.goodness_of_fit(finder.given({-5, 3, 100})) == Approx(1 - 4 / 101.2).epsilon(1e-14));
}

TEST_CASE("figures of all values, where the breaks go by a sample of them", "[class_breaks]") {
    ClassBreakFinder finder(count_values({10, 20, 40}), 4, WholeFigures{1, 81, 30, 20});
    CHECK(finder.find(BreakMethod::equal_interval, 4).breaks == std::vector<double>{21, 41, 61});
    check_near(finder.find(BreakMethod::geometric, 4).breaks, {3, 9, 27});
    CHECK(finder.find(BreakMethod::standard_deviation, 2).breaks == std::vector<double>{30});
    check_near(finder.find(BreakMethod::standard_deviation, 3).breaks, {20, 40});
    // 40 is not the highest value of all.
    CHECK(finder.given({}).highest == 81);
    CHECK(finder.find(BreakMethod::quantile, 2).breaks == std::vector<double>{20});
    // Without mean and deviation: those of the sample, 70/3 and sqrt(4200/18).
    ClassBreakFinder ends(count_values({10, 20, 40}), 4, WholeFigures{1, 81});
    check_near(ends.find(BreakMethod::standard_deviation, 3).breaks,
               {70.0 / 3 - std::sqrt(4200.0 / 18) / 2, 70.0 / 3 + std::sqrt(4200.0 / 18) / 2});
}

TEST_CASE("nothing, and numbers of classes that were not announced", "[class_breaks]") {
    CHECK_THROWS_AS(ClassBreakFinder({}, 3), std::invalid_argument);
    ClassBreakFinder finder(count_values({1, 2}), 3);
    CHECK_THROWS_AS(finder.find(BreakMethod::natural, 4), std::invalid_argument);
    CHECK_THROWS_AS(finder.find(BreakMethod::natural, 0), std::invalid_argument);
    CHECK(finder.find(BreakMethod::natural, 1).breaks.empty());
}
