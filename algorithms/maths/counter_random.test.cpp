// Land Carbon Toolbox: random numbers by counting: published values, even spread, no relation between streams.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/counter_random.hpp"

#include <bit>
#include <cmath>
#include <vector>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

/// Chi square of counts that should be equal, as a normal deviate.
double deviate(const std::vector<double>& counts) {
    double total = 0;
    for (const double count : counts) total += count;
    const double expected = total / static_cast<double>(counts.size());
    double chi = 0;
    for (const double count : counts) chi += (count - expected) * (count - expected) / expected;
    const auto freedom = static_cast<double>(counts.size() - 1);
    return (chi - freedom) / std::sqrt(2 * freedom);
}

}  // namespace

TEST_CASE("streams are those of SplitMix64", "[counter_random]") {
    // The first numbers of SplitMix64 with the seed 1234567, as given with Vigna's reference implementation.
    const RandomStream stream(1234567);
    CHECK(stream.bits(0) == 6457827717110365317ULL);
    CHECK(stream.bits(1) == 3203168211198807973ULL);
    CHECK(stream.bits(2) == 9817491932198370423ULL);
    CHECK(stream.bits(3) == 4593380528125082431ULL);
    CHECK(stream.bits(4) == 16408922859458223821ULL);
}

TEST_CASE("random numbers are spread evenly over cells, iterations, draws and seeds", "[counter_random]") {
    constexpr int n = 1 << 16;
    const auto check_even = [](const char* what, auto bits_of) {
        INFO(what);
        // High and low bytes, and pairs of numbers that follow each other.
        std::vector<double> high(256), low(256), pairs(4096);
        std::uint64_t before = 0;
        for (int i = 0; i < n; ++i) {
            const std::uint64_t bits = bits_of(static_cast<std::uint64_t>(i));
            ++high[bits >> 56];
            ++low[bits & 255];
            if (i % 2) ++pairs[(before >> 58) * 64 + (bits >> 58)];
            before = bits;
        }
        CHECK(std::abs(deviate(high)) < 4);
        CHECK(std::abs(deviate(low)) < 4);
        CHECK(std::abs(deviate(pairs)) < 4);
    };
    check_even("cells", [](std::uint64_t i) { return RandomStream::of(1, 0, 0).bits(i); });
    check_even("rows of a map of 4096 columns", [](std::uint64_t i) { return RandomStream::of(1, 0, 0).bits(i << 12); });
    check_even("iterations", [](std::uint64_t i) { return RandomStream::of(1, i, 0).bits(77); });
    check_even("draws", [](std::uint64_t i) { return RandomStream::of(1, 0, i).bits(77); });
    check_even("seeds", [](std::uint64_t i) { return RandomStream::of(i, 0, 0).bits(77); });
}

TEST_CASE("neighbouring streams have nothing in common", "[counter_random]") {
    // Of 64 bits 32 differ on average; the mean over n pairs has the deviation 4/sqrt(n).
    constexpr int n = 20000;
    const auto check_apart = [](const char* what, auto one, auto other) {
        INFO(what);
        double differing = 0;
        for (int i = 0; i < n; ++i)
            differing += std::popcount(one(static_cast<std::uint64_t>(i)) ^ other(static_cast<std::uint64_t>(i)));
        CHECK(std::abs(differing / n - 32) < 5 * 4 / std::sqrt(n));
    };
    const auto base = [](std::uint64_t i) { return RandomStream::of(5, 3, 1).bits(i); };
    check_apart("seeds", base, [](std::uint64_t i) { return RandomStream::of(4, 3, 1).bits(i); });
    check_apart("iterations", base, [](std::uint64_t i) { return RandomStream::of(5, 2, 1).bits(i); });
    check_apart("draws", base, [](std::uint64_t i) { return RandomStream::of(5, 3, 0).bits(i); });
    check_apart("cells", base, [](std::uint64_t i) { return RandomStream::of(5, 3, 1).bits(i ^ 1); });
    check_apart("iteration and draw exchanged", base, [](std::uint64_t i) { return RandomStream::of(5, 1, 3).bits(i); });
}

TEST_CASE("random numbers in ranges", "[counter_random]") {
    CHECK(random_below(0, 7) == 0);
    CHECK(random_below(0xffffffff, 7) == 6);
    CHECK(random_below(0x80000000, 6) == 3);
    CHECK(random_below(0xffffffff, 0) == 0);
    CHECK(random_unit(0) == 0);
    CHECK(random_unit(~std::uint64_t{0}) < 1);
    CHECK(random_unit(std::uint64_t{1} << 63) == 0.5);
    // Four numbers of 16 bits: all least, all largest, all in the middle.
    CHECK(random_about_one(0) == 0);
    CHECK(random_about_one(~std::uint64_t{0}) == 2);
    CHECK(random_about_one(0xffff00000000ffff) == 1);
    double sum = 0, squares = 0;
    constexpr int n = 1 << 16;
    for (int i = 0; i < n; ++i) {
        const double x = random_about_one(RandomStream::of(9, 1, 2).bits(static_cast<std::uint64_t>(i)));
        sum += x;
        squares += (x - 1) * (x - 1);
    }
    CHECK(sum / n == Approx(1).margin(5.0 / 3 / 256));
    CHECK(std::sqrt(squares / n) == Approx(1.0 / 3).epsilon(0.02));
}
