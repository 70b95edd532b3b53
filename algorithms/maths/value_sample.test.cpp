// Land Carbon Toolbox: tests of collecting the values of a map: exact counts, samples, and that order does not matter.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/value_sample.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>

#include "maths/counter_random.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

/// The cells shared out among states in pieces, which are merged in another order.
template <class T>
ValueSample collected(const std::vector<T>& cells, std::size_t size, std::uint64_t seed, std::size_t piece,
                      std::size_t states) {
    std::vector<ValueSample> parts(states, ValueSample(size, seed));
    for (std::size_t start = 0, i = 0; start < cells.size(); start += piece, ++i)
        parts[i % states].add(cells.data() + start, std::min(piece, cells.size() - start), start);
    ValueSample all(size, seed);
    for (std::size_t i = states; i-- > 0;) all.merge(parts[i]);
    return all;
}

}  // namespace

TEST_CASE("few distinct values are counted exactly", "[value_sample]") {
    std::mt19937 random(2);
    std::vector<double> cells(30000);
    std::map<double, std::int64_t> expected;
    for (double& cell : cells) {
        cell = static_cast<double>(random() % 3000) / 7 - 100;
        ++expected[cell];
    }
    for (const std::size_t piece : {1000u, 7u, 30000u}) {
        const ValueSample sample = collected(cells, 3000, 5, piece, 3);
        REQUIRE(sample.is_complete());
        const CountedValues values = sample.values();
        REQUIRE(values.size() == expected.size());
        std::size_t i = 0;
        for (const auto& [value, count] : expected) {
            CHECK(values.values[i] == value);
            CHECK(values.counts[i] == count);
            ++i;
        }
        CHECK(sample.count() == 30000);
        CHECK(sample.lowest() == expected.begin()->first);
        CHECK(sample.highest() == expected.rbegin()->first);
    }
}

TEST_CASE("what is no value is left out", "[value_sample]") {
    const float infinite = std::numeric_limits<float>::infinity();
    const std::vector<float> cells = {NAN, 3, -0.0f, 0, infinite, -infinite, -9999, 3, 3, NAN, 1};
    ValueSample sample(10, 1);
    sample.add(cells.data(), cells.size(), 0, -9999.0f);
    CHECK(sample.count() == 6);
    CHECK(sample.values().values == std::vector<double>{0, 1, 3});
    CHECK(sample.values().counts == std::vector<std::int64_t>{2, 1, 3});
    CHECK_FALSE(std::signbit(sample.values().values[0]));
    ValueSample none(10, 1);
    none.add(cells.data(), 1, 0);
    CHECK(none.count() == 0);
    CHECK(none.values().size() == 0);
    CHECK_THROWS_AS(ValueSample(0, 1), std::invalid_argument);
}

TEST_CASE("as many distinct values as the size are complete, one more is a sample", "[value_sample]") {
    std::vector<double> cells(2001);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<double>(i * 31 % cells.size());
    CHECK(collected(cells, 2001, 1, 100, 4).is_complete());
    // No state of its own has seen too many.
    const ValueSample one_too_many = collected(cells, 2000, 1, 100, 4);
    CHECK_FALSE(one_too_many.is_complete());
    CHECK(one_too_many.values().total() == 2000);
    CHECK(one_too_many.count() == 2001);
    CHECK(one_too_many.highest() == 2000);
}

TEST_CASE("the sample is the cells with the smallest random numbers, however they come", "[value_sample]") {
    std::mt19937 random(9);
    std::vector<float> cells(20000);
    for (float& cell : cells) cell = random() % 10 == 0 ? NAN : static_cast<float>(random() % 1000000) / 1000;
    for (const std::size_t size : {1u, 10u, 500u}) {
        std::vector<std::pair<std::uint64_t, double>> numbered;
        for (std::size_t i = 0; i < cells.size(); ++i)
            if (!std::isnan(cells[i])) numbered.emplace_back(random_bits(77, i), cells[i]);
        std::sort(numbered.begin(), numbered.end());
        std::vector<double> drawn;
        for (std::size_t i = 0; i < size; ++i) drawn.push_back(numbered[i].second);
        const CountedValues expected = count_values(drawn);
        for (const auto& [piece, states] : {std::pair<std::size_t, std::size_t>{20000, 1}, {64, 1}, {300, 5}, {1, 2}}) {
            const CountedValues values = collected(cells, size, 77, piece, states).values();
            CHECK(values.values == expected.values);
            CHECK(values.counts == expected.counts);
        }
        CHECK(collected(cells, size, 78, 300, 5).values().values != expected.values);
    }
}

TEST_CASE("every cell is as likely to be drawn as any other", "[value_sample]") {
    // 400 samples of 50 of 1000 cells: each cell is drawn 20 times on average. Chi-square with 999 degrees of freedom,
    // of drawing without replacement (the factor 0.95): mean 999, standard deviation 45; 5 of them are allowed.
    std::vector<double> cells(1000);
    for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = static_cast<double>(i);
    std::vector<double> times(1000);
    for (std::uint64_t seed = 0; seed < 400; ++seed)
        for (const double value : collected(cells, 50, seed, 1000, 1).values().values)
            ++times[static_cast<std::size_t>(value)];
    double chi_square = 0;
    for (const double count : times) chi_square += (count - 20) * (count - 20) / 20 / 0.95;
    CHECK(chi_square == Approx(999).margin(5 * 45));
}

TEST_CASE("random bits are those of SplitMix64", "[value_sample]") {
    // Its first numbers from the state 0 (mixed_bits(0) is 0), as printed in many test suites.
    CHECK(random_bits(0, 0) == 0xe220a8397b1dcdafu);
    CHECK(random_bits(0, 1) == 0x6e789e6aa1b965f4u);
    CHECK(random_bits(0, 2) == 0x06c45d188009454fu);
    CHECK(random_bits(1, 0) != random_bits(0, 1));
}
