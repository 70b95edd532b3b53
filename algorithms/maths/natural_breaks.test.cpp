// Land Carbon Toolbox: tests of natural breaks: against all divisions there are, and against mapclassify and classInt.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/natural_breaks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <random>
#include <stdexcept>
#include <utility>

#include "maths/class_breaks.hpp"
#include "support/catch.hpp"
#include "support/plain_numbers.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

/// A fraction of whole numbers: sums of squared deviations without any rounding.
struct Fraction {
    __int128 above = 0, below = 1;
};
Fraction operator+(Fraction a, Fraction b) {
    Fraction sum{a.above * b.below + b.above * a.below, a.below * b.below};
    __int128 x = sum.above, y = sum.below;
    while (y != 0) x = std::exchange(y, x % y);
    if (x != 0) sum = {sum.above / x, sum.below / x};
    return sum;
}
bool operator<(Fraction a, Fraction b) { return a.above * b.below < b.above * a.below; }
double value(Fraction a) { return static_cast<double>(a.above) / static_cast<double>(a.below); }

/// Squared deviations of whole numbers: sum of x^2 - (sum of x)^2 / n.
Fraction deviations(const CountedValues& values, std::size_t first, std::size_t end) {
    std::int64_t count = 0, sum = 0, squares = 0;
    for (std::size_t i = first; i < end; ++i) {
        const auto x = static_cast<std::int64_t>(values.values[i]);
        count += values.counts[i];
        sum += values.counts[i] * x;
        squares += values.counts[i] * x * x;
    }
    return {__int128{squares} * count - __int128{sum} * sum, count};
}

struct Best {
    std::vector<double> breaks;
    Fraction within;
};

/// Tries every division of whole numbers into classes; of several best ones it keeps the one whose last break is the
/// smallest, then the last but one.
Best best_of_all(const CountedValues& values, std::size_t classes) {
    Best best;
    bool found = false;
    // Where each class but the first starts.
    std::vector<std::size_t> starts(classes - 1);
    std::iota(starts.begin(), starts.end(), 1);
    for (;;) {
        Fraction within;
        std::vector<double> breaks;
        std::size_t first = 0;
        for (const std::size_t start : starts) {
            within = within + deviations(values, first, start);
            breaks.push_back(values.values[start - 1]);
            first = start;
        }
        within = within + deviations(values, first, values.size());
        const bool earlier =
            std::lexicographical_compare(breaks.rbegin(), breaks.rend(), best.breaks.rbegin(), best.breaks.rend());
        if (!found || within < best.within || (!(best.within < within) && earlier)) best = {breaks, within};
        found = true;
        // The next choice of starts.
        std::size_t i = starts.size();
        while (i > 0 && starts[i - 1] == values.size() - (starts.size() - i) - 1) --i;
        if (i == 0) return best;
        ++starts[i - 1];
        for (; i < starts.size(); ++i) starts[i] = starts[i - 1] + 1;
    }
}

void check_against_all(const CountedValues& values) {
    const NaturalBreaks natural(values, 6);
    REQUIRE(natural.most_classes() == static_cast<int>(std::min<std::size_t>(6, values.size())));
    for (int classes = 1; classes <= natural.most_classes(); ++classes) {
        const Best best = best_of_all(values, static_cast<std::size_t>(classes));
        INFO(classes << " classes of " << Catch::Detail::stringify(values.values) << " times "
                     << Catch::Detail::stringify(values.counts));
        CHECK(natural.breaks(classes) == best.breaks);
        CHECK(natural.within(classes) == Approx(value(best.within)).epsilon(1e-14));
    }
}

}  // namespace

TEST_CASE("natural breaks are the best of all divisions", "[class_breaks]") {
    std::mt19937 random(11);
    SECTION("of few whole numbers, with ties and below zero") {
        for (int round = 0; round < 250; ++round) {
            std::vector<double> values(1 + random() % 14);
            const int range = 1 << (2 + random() % 6);
            for (double& x : values) x = static_cast<int>(random() % static_cast<unsigned>(range)) - range / 3;
            check_against_all(count_values(values));
        }
    }
    SECTION("of values that occur often") {
        for (int round = 0; round < 60; ++round) {
            CountedValues values;
            double x = -50;
            for (std::size_t i = 0; i < 2 + random() % 9; ++i) {
                values.values.push_back(x += 1 + random() % 20);
                values.counts.push_back(1 + random() % 1000);
            }
            check_against_all(values);
        }
    }
    SECTION("of evenly spaced values, where most divisions have a rival") {
        for (int size = 1; size <= 12; ++size) {
            std::vector<double> values(static_cast<std::size_t>(size));
            std::iota(values.begin(), values.end(), -3);
            check_against_all(count_values(values));
        }
    }
}

TEST_CASE("natural breaks by hand", "[class_breaks]") {
    const CountedValues values = count_values({1, 2, 4, 5, 7, 9, 10, 20});
    const NaturalBreaks natural(values, 4);
    CHECK(natural.breaks(1).empty());
    // {1, 2, 4, 5, 7}, {9, 10}, {20}: 22.8 + 0.5; {1, 2, 4, 5}, {7, 9, 10}, {20}: 10 + 14/3, which is less.
    CHECK(natural.breaks(3) == std::vector<double>{5, 10});
    CHECK(natural.within(3) == Approx(10 + 14.0 / 3).epsilon(1e-15));
    CHECK(natural.within(1) == 255.5);
}

TEST_CASE("two equal divisions: the one with the smaller break", "[class_breaks]") {
    // R's classInt (style fisher) cuts 1, 2, 3 at 1.5 as well.
    const CountedValues values = count_values({1, 2, 3});
    CHECK(NaturalBreaks(values, 2).breaks(2) == std::vector<double>{1});
}

TEST_CASE("fewer distinct values than classes, and a single one", "[class_breaks]") {
    const CountedValues three = count_values({5, 5, 5, 7, 9, 9});
    const NaturalBreaks natural(three, 5);
    CHECK(natural.most_classes() == 3);
    CHECK(natural.breaks(3) == std::vector<double>{5, 7});
    CHECK(natural.within(3) == 0);
    CHECK_THROWS_AS(natural.breaks(4), std::invalid_argument);
    const CountedValues same = count_values({4, 4, 4});
    CHECK(NaturalBreaks(same, 3).most_classes() == 1);
    CHECK(NaturalBreaks(same, 3).breaks(1).empty());
    const CountedValues none;
    CHECK_THROWS_AS(NaturalBreaks(none, 3), std::invalid_argument);
    CHECK_THROWS_AS(NaturalBreaks(same, 0), std::invalid_argument);
}

TEST_CASE("natural breaks are those of mapclassify and classInt", "[class_breaks]") {
    // mapclassify 2.10.0, FisherJenks(values, k).bins; R classInt 0.4-9, classIntervals(values, k, "fisher") makes the
    // same classes with breaks halfway to the next value, and jenks.tests() says how well they fit.
    struct Expected {
        int classes;
        std::vector<double> breaks;
        double fit;
    };
    SECTION("717 possible values, many of them equal") {
        const CountedValues values = count_values(tied_numbers());
        const double all = squared_deviations(values);
        const NaturalBreaks natural(values, 9);
        for (const Expected& expected :
             std::vector<Expected>{{2, {25.6}, 0.79754983777093635},
                                   {3, {15.1, 41.7}, 0.91516655265596691},
                                   {5, {6.9, 20.4, 36.7, 54.1}, 0.97038112984051283},
                                   {7, {3.7, 10.8, 20.3, 31.1, 42.8, 57.1}, 0.98621903616044215},
                                   {9, {3.4, 10.1, 18.6, 27.9, 36.4, 45.1, 53.7, 62.9}, 0.99162069220430105}}) {
            CHECK(natural.breaks(expected.classes) == expected.breaks);
            CHECK(1 - natural.within(expected.classes) / all == Approx(expected.fit).epsilon(1e-13));
        }
    }
    SECTION("1500 different values, some below zero") {
        const CountedValues values = count_values(cubed_numbers());
        const double all = squared_deviations(values);
        const NaturalBreaks natural(values, 9);
        for (const Expected& expected : std::vector<Expected>{
                 {2, {0.16124943911701134}, 0.78947142903839940},
                 {3, {0.01201921802648212, 0.3729914876637335}, 0.90757137511895924},
                 {5,
                  {-0.08693389473630213, 0.10765462144632032, 0.3191471070776764, 0.5478545804651063},
                  0.97007442656005383},
                 {7,
                  {-0.12954921940630554, -0.01334785954957976, 0.13210162989265883, 0.2945748802165189,
                   0.45398618802349594, 0.6242994356546729},
                  0.98505804920255247},
                 {9,
                  {-0.15731865809591405, -0.08384112933976302, 0.01201921802648212, 0.13210162989265883,
                   0.2649376899609782, 0.3928607485788807, 0.5254395519049107, 0.6648476255473241},
                  0.99095429733597651}}) {
            CHECK(natural.breaks(expected.classes) == expected.breaks);
            CHECK(1 - natural.within(expected.classes) / all == Approx(expected.fit).epsilon(1e-13));
        }
    }
}

TEST_CASE("an outlier does not hide the classes of the rest", "[class_breaks]") {
    // The squares of the outlier are 1e24 times those of the rest, beyond the 16 digits of a double.
    std::vector<double> values = {0, 0.1, 0.2, 10, 10.1, 10.3, 30, 30.2};
    const CountedValues plain = count_values(values);
    values.push_back(1e13);
    const CountedValues with_outlier = count_values(values);
    std::vector<double> expected = NaturalBreaks(plain, 3).breaks(3);
    CHECK(expected == std::vector<double>{0.2, 10.3});
    expected.push_back(30.2);
    CHECK(NaturalBreaks(with_outlier, 4).breaks(4) == expected);
}

TEST_CASE("natural breaks go with the values' scale", "[class_breaks]") {
    const CountedValues values = count_values(cubed_numbers());
    const NaturalBreaks natural(values, 6);
    for (const int exponent : {-1000, -300, 500, 1000}) {
        CountedValues scaled = values;
        for (double& x : scaled.values) x = std::ldexp(x, exponent);
        const NaturalBreaks found(scaled, 6);
        for (int classes = 2; classes <= 6; ++classes) {
            std::vector<double> expected = natural.breaks(classes);
            for (double& x : expected) x = std::ldexp(x, exponent);
            CHECK(found.breaks(classes) == expected);
        }
    }
}

TEST_CASE("of more values, no break can be moved for the better, and more classes fit better", "[class_breaks]") {
    std::mt19937 random(5);
    std::vector<double> drawn(20000);
    for (double& x : drawn) x = std::pow(static_cast<double>(random()) / 4294967296.0, 5);
    const CountedValues values = count_values(drawn);
    const NaturalBreaks natural(values, 12);
    double before = std::numeric_limits<double>::infinity();
    for (int classes = 1; classes <= 12; ++classes) {
        CHECK(natural.within(classes) < before);
        before = natural.within(classes);
    }
    // The condition of a minimum: each break lies nearer to the mean of its own class than to that of the next.
    ClassBreakFinder finder(values, 12);
    const ClassBreaks division = finder.find(BreakMethod::natural, 12);
    std::vector<double> sums(12);
    for (std::size_t i = 0; i < values.size(); ++i)
        sums[static_cast<std::size_t>(division.class_of(values.values[i]))] +=
            values.values[i] * static_cast<double>(values.counts[i]);
    for (std::size_t c = 0; c < 11; ++c) {
        const double mean = sums[c] / static_cast<double>(division.counts[c]);
        const double next = sums[c + 1] / static_cast<double>(division.counts[c + 1]);
        CHECK(division.breaks[c] <= (mean + next) / 2);
        const auto above = std::upper_bound(values.values.begin(), values.values.end(), division.breaks[c]);
        CHECK(*above >= (mean + next) / 2);
    }
}

TEST_CASE("divisions into many classes, whose layers are found again, are those into as few", "[class_breaks]") {
    std::mt19937 random(11);
    std::vector<double> drawn(700);
    for (double& x : drawn) x = static_cast<double>(random() % 300) * static_cast<double>(random() % 40);
    const CountedValues values = count_values(drawn);
    const int most = 90;
    int polls = 0;
    const NaturalBreaks many(
        values, most, [&] { ++polls; }, 0);
    for (int classes = 1; classes <= most; ++classes)
        CHECK(many.breaks(classes) == NaturalBreaks(values, classes).breaks(classes));
    // And against a plain programme over all places of the last break.
    const std::size_t size = values.size();
    std::vector<double> least(size + 1, std::numeric_limits<double>::infinity());
    for (std::size_t n = 1; n <= size; ++n) least[n] = squared_deviations(values, 0, n);
    std::vector<std::vector<double>> runs(size + 1, std::vector<double>(size + 1));
    for (std::size_t first = 0; first < size; ++first)
        for (std::size_t end = first + 1; end <= size; ++end) runs[first][end] = squared_deviations(values, first, end);
    for (int classes = 2; classes <= most; ++classes) {
        std::vector<double> next(size + 1, std::numeric_limits<double>::infinity());
        for (std::size_t n = 1; n <= size; ++n)
            for (std::size_t first = 1; first < n; ++first) next[n] = std::min(next[n], least[first] + runs[first][n]);
        least = next;
        INFO(classes << " classes");
        CHECK(many.breaks(classes).size() + 1 == static_cast<std::size_t>(classes));
        CHECK(many.within(classes) == Approx(least[size]).epsilon(1e-9));
    }
    polls = 0;
    const NaturalBreaks again(
        values, most, [&] { ++polls; }, 0);
    again.breaks(most, [&] { ++polls; });
    CHECK(polls >= most);
    CHECK(polls <= 2 * most);
    CHECK(NaturalBreaks::polls(1000000, most) == 2 * most);
    CHECK(NaturalBreaks::polls(1000, most) == most);
    // A caller that has no time for more is left from the second half as well.
    CHECK_THROWS_AS(again.breaks(most, [] { throw std::runtime_error("stop"); }), std::runtime_error);
}

TEST_CASE("what natural breaks take grows with the root of the number of classes", "[class_breaks]") {
    CHECK(NaturalBreaks::bytes(1000000, 255) < std::size_t{400} << 20);
    CHECK(NaturalBreaks::bytes(1000000, 2) >= std::size_t{100} << 20);
}
