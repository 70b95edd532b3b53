// Land Carbon Toolbox: sums without rounding on the way: hard cases, any order, any grouping.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/exact_sum.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "support/catch.hpp"

using landcarbon::ExactSum;

namespace {

double sum_of(const std::vector<double>& terms) {
    ExactSum sum;
    for (const double term : terms) sum.add(term);
    return sum.value();
}

constexpr double smallest = std::numeric_limits<double>::denorm_min();
constexpr double largest = std::numeric_limits<double>::max();
const double epsilon = std::ldexp(1.0, -52);

}  // namespace

TEST_CASE("exact sum: cases that plain sums get wrong", "[exact_sum]") {
    CHECK(sum_of({}) == 0);
    CHECK_FALSE(std::signbit(sum_of({-0.0})));
    CHECK(sum_of({0.1}) == 0.1);
    CHECK(sum_of({1e16, 1, -1e16}) == 1);
    CHECK(sum_of({1e308, 1e308, -1e308, -1e308, 3.5}) == 3.5);
    CHECK(sum_of({1e100, 1, -1e100, smallest, -smallest}) == 1);
    CHECK(sum_of(std::vector<double>(10, 0.1)) == 1.0);  // 1 after one rounding; 0.9999999999999999 term by term
    CHECK(sum_of({smallest, smallest, smallest}) == 3 * smallest);
    CHECK(sum_of({-smallest}) == -smallest);
    CHECK(sum_of({std::ldexp(1.0, -1022), -smallest}) == std::ldexp(1.0, -1022) - smallest);
    CHECK(sum_of({largest, largest, -largest}) == largest);
    CHECK(sum_of({largest, largest}) == std::numeric_limits<double>::infinity());
    CHECK(sum_of({-5, 3}) == -2);
}

TEST_CASE("exact sum: rounds once, half to even", "[exact_sum]") {
    const double half = epsilon / 2;
    CHECK(sum_of({1, half}) == 1);                          // a tie goes to the even neighbour
    CHECK(sum_of({1, half, smallest}) == 1 + epsilon);      // a hair above the tie
    CHECK(sum_of({1, half, -smallest}) == 1);               // a hair below it
    CHECK(sum_of({1 + epsilon, half}) == 1 + 2 * epsilon);  // the tie above an odd mantissa
    CHECK(sum_of({-1, -half}) == -1);
    CHECK(sum_of({-1, -half, -smallest}) == -(1 + epsilon));
    CHECK(sum_of({1e16, 1}) == 1e16);  // 1e16 + 1 lies between two doubles, 1e16 is even
    CHECK(sum_of({1e16, 1, std::ldexp(1.0, -60)}) == 1e16 + 2);
    CHECK(sum_of({std::ldexp(1.0, 53), 1, 1}) == std::ldexp(1.0, 53) + 2);
}

TEST_CASE("exact sum: alternation of 16777216 and 1", "[exact_sum]") {
    ExactSum sum;
    for (int i = 0; i < 4500000; ++i) {
        sum.add(16777216.0);
        sum.add(1.0);
    }
    CHECK(sum.value() == 75497476500000.0);
}

TEST_CASE("exact sum: any order and any grouping give the same bits", "[exact_sum]") {
    std::mt19937_64 random(20240717);
    std::vector<double> terms;
    for (int i = 0; i < 2000; ++i) {
        const double mantissa = static_cast<double>(random() >> 11) / 9007199254740992.0 - 0.5;
        terms.push_back(std::ldexp(mantissa, static_cast<int>(random() % 600) - 300));
    }
    const double expected = sum_of(terms);
    // Integers show that the value is right, not only the same.
    __extension__ typedef __int128 Wide;
    Wide integer_sum = 0;
    std::vector<double> integers;
    for (int i = 0; i < 5000; ++i) {
        const auto integer = static_cast<std::int64_t>(random() >> 11) * (i % 2 ? 1 : -1);
        integers.push_back(static_cast<double>(integer));
        integer_sum += integer;
    }
    CHECK(sum_of(integers) == static_cast<double>(integer_sum));
    for (int round = 0; round < 25; ++round) {
        for (std::size_t i = terms.size() - 1; i > 0; --i) std::swap(terms[i], terms[random() % (i + 1)]);
        CHECK(sum_of(terms) == expected);
        // Split at random places, merged in a random order.
        std::vector<ExactSum> parts(1 + random() % 17);
        for (const double term : terms) parts[random() % parts.size()].add(term);
        ExactSum merged;
        for (const auto& part : parts) merged.merge(part);
        CHECK(merged.value() == expected);
    }
    // Every term and its opposite: exactly nothing is left.
    ExactSum nothing;
    for (const double term : terms) nothing.add(term);
    for (const double term : terms) nothing.add(-term);
    CHECK(nothing.value() == 0);
}

TEST_CASE("exact sum: what one rounding leaves over", "[exact_sum]") {
    ExactSum sum;
    for (const double term : {1e16, 1.0, 0.125, -1e-30}) sum.add(term);
    landcarbon::PackedSum packed;
    CHECK(packed.parts() == std::array<double, 2>{0, 0});
    packed.merge(sum);
    CHECK(packed.parts() == std::array<double, 2>{1e16 + 2, -0.875});
    ExactSum opposite;
    for (const double term : {-1e16, -1.0, -0.125}) opposite.add(term);
    packed.merge(opposite);
    CHECK(packed.parts() == std::array<double, 2>{-1e-30, 0});
}
