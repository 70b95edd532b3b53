// Land Carbon Toolbox: control of the false-discovery rate over any number of tests, exactly and in little memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/false_discovery.hpp"

#include <bit>
#include <cmath>

namespace landcarbon {
namespace {

constexpr int lower_bits = PValueCounts::lower_bits;
constexpr std::uint32_t values_a_bin = 1U << lower_bits;
/// One bin after that of 1.
constexpr std::size_t bin_count = (std::bit_cast<std::uint32_t>(1.0f) >> lower_bits) + 1;
/// How many bins are counted exactly in one pass: 8 MiB of counters a thread.
constexpr std::size_t most_wanted = 256;

float p_of(std::size_t bin, std::uint32_t within) {
    return std::bit_cast<float>((static_cast<std::uint32_t>(bin) << lower_bits) | within);
}

}  // namespace

double harmonic_number(std::int64_t n) {
    const auto x = static_cast<double>(n);
    constexpr double euler_gamma = 0.57721566490153286;
    // The next term of the series is below 1e-20.
    if (n > 2000) return std::log(x) + euler_gamma + 1 / (2 * x) - 1 / (12 * x * x) + 1 / (120 * x * x * x * x);
    double sum = 0;
    for (std::int64_t i = n; i >= 1; --i) sum += 1 / static_cast<double>(i);
    return sum;
}

PValueCounts::PValueCounts(const std::vector<std::uint32_t>& looked_into) {
    if (looked_into.empty()) {
        counts_.assign(bin_count, 0);
        return;
    }
    auto places = std::make_shared<std::vector<std::int32_t>>(bin_count, -1);
    for (std::size_t i = 0; i < looked_into.size(); ++i) (*places)[looked_into[i]] = static_cast<std::int32_t>(i);
    places_ = std::move(places);
    counts_.assign(looked_into.size() * values_a_bin, 0);
}

void PValueCounts::add(const float* p, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (!(p[i] >= 0 && p[i] <= 1)) continue;
        // Adding zero makes -0 the zero that has no bits.
        const auto bits = std::bit_cast<std::uint32_t>(p[i] + 0.0f);
        const std::uint32_t bin = bits >> lower_bits;
        if (!places_)
            ++counts_[bin];
        else if (const std::int32_t place = (*places_)[bin]; place >= 0)
            ++counts_[static_cast<std::size_t>(place) * values_a_bin + (bits & (values_a_bin - 1))];
    }
}

void PValueCounts::merge(const PValueCounts& other) {
    for (std::size_t i = 0; i < counts_.size(); ++i) counts_[i] += other.counts_[i];
}

FalseDiscoverySearch::FalseDiscoverySearch(const PValueCounts& bins, FalseDiscovery method, double rate)
    : bins_(bins.counts()), rate_(rate), next_(bins_.size()) {
    for (const std::int64_t count : bins_) tests_ += count;
    below_ = tests_;
    if (tests_ == 0) return;
    if (method == FalseDiscovery::benjamini_yekutieli) rate_ /= harmonic_number(tests_);
    scan();
}

bool FalseDiscoverySearch::passes(float p, std::int64_t rank) const {
    return static_cast<double>(p) <= rate_ * (static_cast<double>(rank) / static_cast<double>(tests_));
}

void FalseDiscoverySearch::scan() {
    wanted_.clear();
    wanted_upto_.clear();
    while (next_ > 0 && wanted_.size() < most_wanted) {
        --next_;
        const std::int64_t count = bins_[next_];
        if (count == 0) continue;
        const std::int64_t upto = below_;
        below_ -= count;
        // Not even the smallest p that the bin may hold passes with the highest rank.
        if (!passes(p_of(next_, 0), upto)) continue;
        wanted_.push_back(static_cast<std::uint32_t>(next_));
        wanted_upto_.push_back(upto);
        // The bin's largest p passes whatever it is: nothing below matters.
        if (passes(p_of(next_, values_a_bin - 1), upto)) next_ = 0;
    }
}

void FalseDiscoverySearch::look_into(const PValueCounts& counts) {
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        std::int64_t rank = wanted_upto_[i];
        for (std::uint32_t within = values_a_bin; within-- > 0;) {
            const std::int64_t count = counts.counts()[i * values_a_bin + within];
            if (count > 0 && passes(p_of(wanted_[i], within), rank)) {
                found_ = p_of(wanted_[i], within);
                wanted_.clear();
                return;
            }
            rank -= count;
        }
    }
    scan();
}

}  // namespace landcarbon
