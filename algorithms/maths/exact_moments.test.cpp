// Land Carbon Toolbox: tests of exact counts, sums and sums of squares.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/exact_moments.hpp"

#include <limits>
#include <vector>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

ExactMoments moments_of(const std::vector<double>& values, const MomentScale& scale) {
    ExactMoments all;
    for (const double value : values) {
        ExactMoments one;
        one.set(scale.fixed(value));
        all.add(one);
    }
    return all;
}

}  // namespace

TEST_CASE("exact moments by hand", "[exact_moments]") {
    const std::vector<double> values = {3, -1.5, 4, 4, 0.25};
    const MomentScale scale = MomentScale::of(4);
    const Spread spread = moments_of(values, scale).spread();
    CHECK(spread.count == 5);
    CHECK(scale.value(spread.mean) == 1.95);
    // 43.3125 - 5 * 1.95^2
    CHECK(scale.value(scale.value(spread.squares)) == Approx(24.3).epsilon(1e-15));
    CHECK(ExactMoments().spread().count == 0);
    CHECK(moments_of({7}, MomentScale::of(7)).spread().squares == 0);
    CHECK(moments_of({0, 0}, MomentScale::of(0)).spread().squares == 0);
}

TEST_CASE("exact moments do not lose small departures from a large mean", "[exact_moments]") {
    // Floats around 2^24 that differ by 1: naive sums of squares in double precision would lose everything.
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i) values.push_back(16777215.0 - i % 2);
    const MomentScale scale = MomentScale::of(16777215);
    const Spread spread = moments_of(values, scale).spread();
    CHECK(scale.value(scale.value(spread.squares)) == 250);
}

TEST_CASE("exact moments hold for the largest and the smallest numbers", "[exact_moments]") {
    for (const double unit : {1e300, 1e-300, 5e-324}) {
        const MomentScale scale = MomentScale::of(4 * unit);
        const Spread spread = moments_of({unit, 2 * unit, -4 * unit}, scale).spread();
        CHECK(scale.value(spread.mean) == Approx(-unit / 3));
        // In units: 21 - 1/3 times the square of the unit.
        const double size = static_cast<double>(scale.fixed(unit));
        CHECK(spread.squares / size / size == Approx(21 - 1.0 / 3).epsilon(1e-14));
    }
}

TEST_CASE("exact moments: any order, any grouping, more than 2^31 values", "[exact_moments]") {
    const MomentScale scale = MomentScale::of(0.7);
    ExactMoments lump = moments_of({0.7, 0.1, -0.3}, scale);
    const Spread one = lump.spread();
    // Doubled 31 times: 3 * 2^31 values.
    for (int i = 0; i < 31; ++i) {
        const ExactMoments same = lump;
        lump.merge(same);
    }
    const Spread all = lump.spread();
    CHECK(all.count == std::int64_t{3} << 31);
    CHECK(all.mean == one.mean);
    CHECK(all.squares == one.squares * 2147483648.0);
    ExactMoments a = moments_of({0.7}, scale), b = moments_of({-0.3, 0.1}, scale);
    b.merge(a);
    CHECK(b.spread().squares == one.squares);
    CHECK(b.spread().mean == one.mean);
}

TEST_CASE("exact moments: 2^30 values without settling", "[exact_moments]") {
    // The largest piece that a value can give, as often as may be added before the sums are settled.
    ExactMoments one, sum;
    one.set(-(std::int64_t{1} << 61) + 1);
    for (int piece = 0; piece < 8; ++piece) sum.pieces[piece] = one.pieces[piece] * ExactMoments::adds_until_settled;
    const Spread spread = sum.spread();
    CHECK(spread.mean == -std::ldexp(1.0, 61));
    CHECK(spread.squares == 0);
    CHECK(MomentScale::idle_bits(0) == 61);
    CHECK(MomentScale::idle_bits(1) == 60);
    CHECK(MomentScale::idle_bits(std::int64_t{1} << 60) == 0);
}
