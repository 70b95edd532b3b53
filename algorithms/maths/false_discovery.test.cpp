// Land Carbon Toolbox: tests of the false-discovery rate.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/false_discovery.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/catch.hpp"

using namespace landcarbon;

namespace {

struct Found {
    std::optional<float> p;
    int passes = 1;
};

Found searched(const std::vector<float>& p, FalseDiscovery method, double rate) {
    PValueCounts bins;
    // In two parts, merged.
    const std::size_t half = p.size() / 2;
    PValueCounts other;
    bins.add(p.data(), half);
    other.add(p.data() + half, p.size() - half);
    bins.merge(other);
    FalseDiscoverySearch search(bins, method, rate);
    Found found;
    while (!search.wanted().empty()) {
        PValueCounts exact(search.wanted());
        exact.add(p.data(), p.size());
        search.look_into(exact);
        ++found.passes;
    }
    found.p = search.largest_significant();
    return found;
}

/// By the book: sort, and look from the largest down.
std::optional<float> by_sorting(std::vector<float> p, FalseDiscovery method, double rate) {
    p.erase(std::remove_if(p.begin(), p.end(), [](float v) { return std::isnan(v); }), p.end());
    std::sort(p.begin(), p.end());
    const auto m = static_cast<double>(p.size());
    if (method == FalseDiscovery::benjamini_yekutieli) rate /= harmonic_number(static_cast<std::int64_t>(p.size()));
    for (std::size_t k = p.size(); k > 0; --k)
        if (static_cast<double>(p[k - 1]) <= rate * (static_cast<double>(k) / m)) return p[k - 1];
    return std::nullopt;
}

}  // namespace

TEST_CASE("false-discovery rate: the example of Benjamini and Hochberg", "[false_discovery]") {
    // Benjamini & Hochberg (1995), section 3.3: 15 p, of which the four smallest are significant at q = 0.05.
    const std::vector<float> p = {0.0001f, 0.0004f, 0.0019f, 0.0095f, 0.0201f, 0.0278f, 0.0298f, 0.0344f,
                                  0.0459f, 0.3240f, 0.4262f, 0.5719f, 0.6528f, 0.7590f, 1.0f};
    CHECK(searched(p, FalseDiscovery::benjamini_hochberg, 0.05).p == 0.0095f);
    CHECK(searched(p, FalseDiscovery::benjamini_yekutieli, 0.05).p == 0.0019f);
}

TEST_CASE("false-discovery rate: as by sorting", "[false_discovery]") {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> uniform;
    for (const double power : {1.0, 1.05, 1.5, 4.0, 20.0})
        for (const std::size_t size : {1, 2, 50, 20000})
            for (const auto method : {FalseDiscovery::benjamini_hochberg, FalseDiscovery::benjamini_yekutieli})
                for (const double rate : {0.01, 0.05, 0.5, 0.999}) {
                    std::vector<float> p;
                    for (std::size_t i = 0; i < size; ++i) {
                        p.push_back(static_cast<float>(std::pow(uniform(random), power)));
                        if (i % 7 == 3) p.back() = std::numeric_limits<float>::quiet_NaN();
                        if (i % 5 == 2 && i > 2) p.back() = p[i - 2];
                    }
                    INFO(power << " " << size << " " << rate);
                    CHECK(searched(p, method, rate).p == by_sorting(p, method, rate));
                }
}

TEST_CASE("false-discovery rate: all, none, nothing", "[false_discovery]") {
    const auto bh = FalseDiscovery::benjamini_hochberg;
    CHECK_FALSE(searched({}, bh, 0.05).p);
    CHECK_FALSE(searched(std::vector<float>(100, 1.0f), bh, 0.05).p);
    CHECK(searched(std::vector<float>(100, 0.0f), bh, 0.05).p == 0.0f);
    CHECK(searched(std::vector<float>(100, 0.05f), bh, 0.0500001).p == 0.05f);
    CHECK_FALSE(searched({std::numeric_limits<float>::quiet_NaN()}, bh, 0.05).p);
    // p that run along the line of significance just above it: many bins are looked into, and none is found.
    std::vector<float> along;
    for (int i = 1; i <= 30000; ++i) along.push_back(static_cast<float>(0.9 * i / 30000 * 1.0000003));
    const auto found = searched(along, bh, 0.9);
    CHECK(found.p == by_sorting(along, bh, 0.9));
    CHECK(found.passes < 1000);
}

TEST_CASE("harmonic numbers", "[false_discovery]") {
    CHECK(harmonic_number(1) == 1);
    CHECK(harmonic_number(4) == Approx(25.0 / 12));
    double sum = 0;
    for (int i = 1; i <= 5000; ++i) sum += 1.0 / i;
    CHECK(harmonic_number(5000) == Approx(sum).epsilon(1e-13));
    CHECK(harmonic_number(400000000) == Approx(20.38413).epsilon(1e-4));
}
