// Land Carbon Toolbox: tests of the four detectors, and of the sums that they work on.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/detectors.hpp"

#include <boost/math/distributions/fisher_f.hpp>
#include <cmath>
#include <map>

#include "drivers/crossed_moments.hpp"
#include "maths/counter_random.hpp"
#include "maths/wide.hpp"
#include "support/catch.hpp"

using namespace landcarbon;

namespace {

std::vector<ExactMoments> strata_of(const std::vector<double>& response, const std::vector<int>& strata,
                                    const MomentScale& scale) {
    std::vector<ExactMoments> sums;
    for (std::size_t i = 0; i < response.size(); ++i) {
        ExactMoments one;
        one.set(scale.fixed(response[i]));
        const auto stratum = static_cast<std::size_t>(strata[i]);
        if (stratum >= sums.size()) sums.resize(stratum + 1);
        sums[stratum].add(one);
    }
    return sums;
}

const std::vector<double> toy = {1, 2, 3, 10, 11, 12, 5, 6, 20};
const std::vector<int> toy_strata = {0, 0, 0, 1, 1, 1, 2, 2, 3};

Power toy_power(SingletonStrata singletons, ResponseVariance variance) {
    DetectorConventions conventions;
    conventions.singletons = singletons;
    conventions.variance = variance;
    return power_of(strata_of(toy, toy_strata, MomentScale::of(20)), conventions, true);
}

Spread spread_of(const std::vector<double>& values) {
    Spread spread;
    spread.count = static_cast<std::int64_t>(values.size());
    for (const double value : values) spread.mean += value / static_cast<double>(values.size());
    for (const double value : values) spread.squares += (value - spread.mean) * (value - spread.mean);
    return spread;
}

}  // namespace

TEST_CASE("factor detector: a stratum with one member, kept and dropped", "[geodetector]") {
    // R package geodetector 1.0 (kept, s^2 of the sample); formula by hand without the member (N = 8, L = 3).
    const Power kept = toy_power(SingletonStrata::keep, ResponseVariance::sample);
    CHECK(*kept.q == Approx(0.9847744361).epsilon(1e-10));
    CHECK(std::exp(*kept.log_p) == Approx(0.0008311945).margin(1e-9));
    CHECK(kept.n == 9);
    CHECK(kept.strata == 4);
    CHECK(kept.singletons == 1);
    CHECK(kept.smallest == 1);
    const Power dropped = toy_power(SingletonStrata::drop, ResponseVariance::sample);
    CHECK(*dropped.q == Approx(0.9647058824).epsilon(1e-10));
    CHECK(std::exp(*dropped.log_p) == Approx(0.0011101).margin(5e-8));
    CHECK(std::exp(*toy_power(SingletonStrata::drop, ResponseVariance::population).log_p) ==
          Approx(0.0012771).margin(5e-8));
    CHECK(dropped.n == 8);
    CHECK(dropped.strata == 3);
    CHECK(dropped.singletons == 1);
}

TEST_CASE("factor detector: the limits", "[geodetector]") {
    const MomentScale scale = MomentScale::of(3);
    const DetectorConventions conventions;
    // One stratum: nothing is explained, and there is no test.
    const Power one = power_of(strata_of({1, 2, 3}, {0, 0, 0}, scale), conventions, true);
    CHECK(*one.q == 0);
    CHECK_FALSE(one.log_p);
    CHECK_FALSE(one.lower);
    // As many strata as observations: all is explained, and there is no test.
    const Power fine = power_of(strata_of({1, 2, 3}, {0, 1, 2}, scale), conventions, true);
    CHECK(*fine.q == 1);
    CHECK_FALSE(fine.log_p);
    // Strata without variation: p is 0.
    const Power perfect = power_of(strata_of({1, 1, 3, 3}, {0, 0, 1, 1}, scale), conventions, true);
    CHECK(*perfect.q == 1);
    CHECK(std::isinf(*perfect.log_p));
    CHECK_FALSE(perfect.f);
    // The same mean in all strata: q 0, p 1, an interval that starts at 0.
    const Power useless = power_of(strata_of({1, 3, 1, 3, 1, 3}, {0, 0, 1, 1, 2, 2}, scale), conventions, true);
    CHECK(*useless.q == 0);
    CHECK(*useless.log_p == 0);
    CHECK(*useless.lower == 0);
    // No variation at all: no q.
    const Power constant = power_of(strata_of({2, 2, 2}, {0, 1, 1}, scale), conventions, true);
    CHECK_FALSE(constant.q);
    CHECK_FALSE(power_of({}, conventions, true).q);
    // All dropped.
    DetectorConventions dropping;
    dropping.singletons = SingletonStrata::drop;
    CHECK_FALSE(power_of(strata_of({1, 2, 3}, {0, 1, 2}, scale), dropping, true).q);
}

TEST_CASE("factor detector: q does not change with unit and origin, by one part in 10^12", "[geodetector]") {
    std::vector<double> plain;
    std::vector<int> strata;
    for (int i = 0; i < 2000; ++i) {
        // Multiples of 1/1024, so that adding a large number does not round.
        plain.push_back(std::round(1024 * (i % 7 + 1e-10 * static_cast<double>(random_bits(5, i) >> 33))) / 1024);
        strata.push_back(i % 5 + i % 7 / 3);
    }
    const double q = *q_of(strata_of(plain, strata, MomentScale::of(8)), SingletonStrata::keep);
    // By the definition, in long double.
    std::map<int, std::pair<long double, int>> means;
    long double mean = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        means[strata[i]].first += plain[i];
        ++means[strata[i]].second;
        mean += plain[i] / static_cast<long double>(plain.size());
    }
    long double within = 0, total = 0;
    for (std::size_t i = 0; i < plain.size(); ++i) {
        const long double own = plain[i] - means[strata[i]].first / means[strata[i]].second;
        within += own * own;
        total += (plain[i] - mean) * (plain[i] - mean);
    }
    CHECK(q == Approx(static_cast<double>(1 - within / total)).epsilon(1e-13));
    for (const double origin : {0.0, 1e6, -4e9})
        for (const double unit : {1.0, 1e-30, 1e200}) {
            std::vector<double> changed;
            double largest = 0;
            for (const double value : plain) {
                changed.push_back((value + origin) * unit);
                largest = std::max(largest, std::abs(changed.back()));
            }
            INFO(origin << ' ' << unit);
            // Multiplying rounds each value to 2^-53 of itself.
            CHECK(*q_of(strata_of(changed, strata, MomentScale::of(largest)), SingletonStrata::keep) ==
                  Approx(q).margin(1e-12 + 1e-16 * std::abs(origin)));
        }
}

TEST_CASE("interaction types", "[geodetector]") {
    CHECK(interaction_of(0.2, 0.3, 0.1, 1e-10) == Interaction::weaken_nonlinear);
    CHECK(interaction_of(0.2, 0.3, 0.2, 1e-10) == Interaction::weaken_uni);
    CHECK(interaction_of(0.2, 0.3, 0.25, 1e-10) == Interaction::weaken_uni);
    // The same factor twice.
    CHECK(interaction_of(0.3, 0.3, 0.3, 1e-10) == Interaction::weaken_uni);
    CHECK(interaction_of(0.2, 0.3, 0.4, 1e-10) == Interaction::enhance_bi);
    // 0.1 + 0.2 is not 0.3 in floating point.
    CHECK(interaction_of(0.1, 0.2, 0.3, 1e-10) == Interaction::independent);
    CHECK(interaction_of(0.2, 0.3, 0.51, 0.02) == Interaction::independent);
    CHECK(interaction_of(0.2, 0.3, 0.6, 1e-10) == Interaction::enhance_nonlinear);
}

TEST_CASE("risk detector: Welch's test", "[geodetector]") {
    // R 4.2.2: t.test(c(1, 2, 3, 4), c(4, 6, 8, 11, 12)).
    const Spread a = spread_of({1, 2, 3, 4}), b = spread_of({4, 6, 8, 11, 12});
    const RiskDifference welch = risk_difference(a, b, RiskTest::welch);
    CHECK(welch.difference == Approx(-5.7));
    CHECK(*welch.t == Approx(-3.49708607864).epsilon(1e-11));
    CHECK(*welch.degrees == Approx(5.37837166573).epsilon(1e-11));
    CHECK(std::exp(*welch.log_p) == Approx(0.0153871825865).epsilon(1e-10));
    const RiskDifference rounded = risk_difference(a, b, RiskTest::welch_rounded);
    CHECK(*rounded.degrees == 5);
    CHECK(*rounded.t == *welch.t);
    // One member, or no variation: no test.
    CHECK_FALSE(risk_difference(a, spread_of({7}), RiskTest::welch).t);
    CHECK_FALSE(risk_difference(spread_of({3, 3}), spread_of({4, 4}), RiskTest::welch).log_p);
    CHECK(risk_difference(spread_of({3, 3}), spread_of({4, 6}), RiskTest::welch).degrees == 1.0);
}

TEST_CASE("ecological detector: three conventions", "[geodetector]") {
    Power first, second;
    first.n = second.n = 101;
    first.total = second.total = 100;
    first.within = 40;
    first.q = 0.6;
    second.within = 60;
    second.q = 0.4;
    const boost::math::fisher_f f(100, 100);
    DetectorConventions conventions;
    const auto squares = ecological_difference(first, second, conventions);
    CHECK(*squares.f == Approx(2.0 / 3));
    CHECK(std::exp(*squares.log_p) == Approx(cdf(complement(f, 2.0 / 3))).epsilon(1e-9));
    CHECK(std::exp(*squares.log_p_reverse) == Approx(cdf(complement(f, 1.5))).epsilon(1e-9));
    CHECK(*squares.differs);
    conventions.ecological = EcologicalTest::q_ratio;
    CHECK(*ecological_difference(first, second, conventions).f == Approx(2.0 / 3));
    conventions.ecological = EcologicalTest::unexplained_ratio;
    const auto one_way = ecological_difference(first, second, conventions);
    CHECK(*one_way.f == Approx(2.0 / 3));
    CHECK_FALSE(one_way.log_p_reverse);
    CHECK_FALSE(*one_way.differs);
    CHECK(*ecological_difference(second, first, conventions).differs);
    // A perfect factor has no squares within strata.
    Power perfect = first;
    perfect.within = 0;
    perfect.q = 1;
    CHECK_FALSE(ecological_difference(first, perfect, conventions).f);
}

TEST_CASE("crossed sums are those of a plain table, in any order", "[geodetector]") {
    constexpr std::size_t n = 3000, factors = 4;
    const std::size_t strata[factors] = {3, 1, 40, 7};
    std::vector<std::int64_t> responses(n);
    std::vector<std::vector<std::uint16_t>> own(factors, std::vector<std::uint16_t>(n));
    for (std::size_t i = 0; i < n; ++i) {
        responses[i] = static_cast<std::int64_t>(random_bits(1, i) >> 3) - (std::int64_t{1} << 60);
        // Runs of cells that are alike, of many lengths.
        for (std::size_t f = 0; f < factors; ++f)
            own[f][i] = static_cast<std::uint16_t>(random_bits(2 + f, i / (1 + i % 2 * 5 + f)) % strata[f]);
    }
    const auto pairs = all_pairs(factors);
    REQUIRE(pairs.size() == 6);
    const auto add = [&](CrossedMoments& sums, std::size_t start, std::size_t count) {
        std::vector<const std::uint16_t*> at;
        for (const auto& one : own) at.push_back(one.data() + start);
        sums.add(responses.data() + start, at.data(), count);
    };
    const auto same = [](const ExactMoments& a, const ExactMoments& b) {
        const Spread x = a.spread(), y = b.spread();
        return x.count == y.count && x.mean == y.mean && x.squares == y.squares;
    };
    CrossedMoments whole(pairs, {3, 1, 40, 7}), narrow = whole;
    add(whole, 0, n);
    const VectorWidth width = vector_width();
    set_vector_width(VectorWidth::baseline);
    add(narrow, 0, n);
    set_vector_width(width);
    // Strata that turn up on the way, with numbers of their own, in two parts.
    CrossedMoments first(pairs, {0, 0, 0, 0}), second(pairs, {3, 1, 40, 7});
    for (std::size_t f = 0; f < factors; ++f) first.reserve(f, strata[f]);
    add(first, 1111, n - 1111);
    for (std::size_t f = 0; f < factors; ++f)
        for (auto& stratum : own[f]) stratum = static_cast<std::uint16_t>(strata[f] - 1 - stratum);
    add(second, 0, 1111);
    std::vector<std::vector<std::uint16_t>> reversed(factors);
    for (std::size_t f = 0; f < factors; ++f)
        for (std::size_t s = 0; s < strata[f]; ++s)
            reversed[f].push_back(static_cast<std::uint16_t>(strata[f] - 1 - s));
    first.merge(second, reversed);
    for (auto& one : own)
        for (auto& stratum : one)
            stratum = static_cast<std::uint16_t>(strata[static_cast<std::size_t>(&one - own.data())] - 1 - stratum);
    std::int64_t largest = 0;
    for (const std::int64_t response : responses) largest = std::max(largest, std::abs(response));
    CHECK(whole.largest() == largest);
    CHECK(first.largest() == largest);
    for (std::size_t p = 0; p < pairs.size(); ++p) {
        const std::size_t columns = strata[pairs[p].second];
        std::vector<ExactMoments> plain(strata[pairs[p].first] * columns);
        for (std::size_t i = 0; i < n; ++i) {
            ExactMoments one;
            one.set(responses[i]);
            plain[own[pairs[p].first][i] * columns + own[pairs[p].second][i]].add(one);
        }
        const auto a = whole.crossed(p), b = first.crossed(p), c = narrow.crossed(p);
        REQUIRE(a.size() == plain.size());
        REQUIRE(c.size() == plain.size());
        REQUIRE(b.size() == plain.size());
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < plain.size(); ++i)
            wrong += !same(a[i], plain[i]) + !same(b[i], plain[i]) + !same(c[i], plain[i]);
        CHECK(wrong == 0);
    }
    for (std::size_t f = 0; f < factors; ++f) {
        std::int64_t count = 0;
        for (const auto& sums : whole.single(f)) count += sums.count();
        CHECK(count == static_cast<std::int64_t>(n));
    }
    CHECK(all_pairs(1) == std::vector<FactorPair>{{0, FactorPair::none}});
}
