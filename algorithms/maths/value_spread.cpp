// Land Carbon Toolbox: how the values of a map are spread: quantiles and histograms of any number of cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/value_spread.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace landcarbon {
namespace {

constexpr int dropped_bits = 15;
constexpr std::size_t bin_count = std::size_t{1} << (32 - dropped_bits);

/// Bits that ascend with the value.
std::uint32_t ordered(float value) {
    // -0 is 0.
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value + 0.0f);
    return bits & 0x80000000u ? ~bits : bits | 0x80000000u;
}

double from_ordered(std::uint32_t bits) {
    return std::bit_cast<float>(bits & 0x80000000u ? bits & 0x7fffffffu : ~bits);
}

}  // namespace

ValueSpread::ValueSpread() : bins_(bin_count) {}

void ValueSpread::add(const float* values, std::size_t count, float nodata) {
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(values[i]) || values[i] == nodata) continue;
        const std::uint32_t bits = ordered(values[i]);
        ++bins_[bits >> dropped_bits];
        ++count_;
        lowest_ = std::min(lowest_, bits);
        highest_ = std::max(highest_, bits);
    }
}

void ValueSpread::merge(const ValueSpread& other) {
    for (std::size_t bin = 0; bin < bin_count; ++bin) bins_[bin] += other.bins_[bin];
    count_ += other.count_;
    lowest_ = std::min(lowest_, other.lowest_);
    highest_ = std::max(highest_, other.highest_);
}

double ValueSpread::lowest() const { return from_ordered(lowest_); }
double ValueSpread::highest() const { return from_ordered(highest_); }

namespace {

struct Range {
    double low, high;
};

/// The values of a bin, no further than the values that there are.
Range range_of(std::size_t bin, std::uint32_t lowest, std::uint32_t highest) {
    const auto first = static_cast<std::uint32_t>(bin) << dropped_bits;
    const std::uint32_t last = first | ((1u << dropped_bits) - 1);
    return {from_ordered(std::max(first, lowest)), from_ordered(std::min(last, highest))};
}

}  // namespace

double ValueSpread::quantile(double share) const {
    const double rank = std::clamp(share, 0.0, 1.0) * static_cast<double>(count_);
    double before = 0;
    for (std::size_t bin = lowest_ >> dropped_bits; bin <= highest_ >> dropped_bits; ++bin) {
        const auto here = static_cast<double>(bins_[bin]);
        if (here > 0 && before + here >= rank) {
            const Range range = range_of(bin, lowest_, highest_);
            const double value = range.low + (range.high - range.low) * (rank - before) / here;
            // The bin of 0 reaches into the denormal numbers, which nobody means.
            return std::abs(value) < std::numeric_limits<float>::min() ? 0 : value;
        }
        before += here;
    }
    return highest();
}

std::vector<double> ValueSpread::counts_between(const std::vector<double>& edges) const {
    if (edges.size() < 2) return {};
    std::vector<double> counts(edges.size() - 1);
    if (count_ == 0) return counts;
    for (std::size_t bin = lowest_ >> dropped_bits; bin <= highest_ >> dropped_bits; ++bin) {
        if (bins_[bin] == 0) continue;
        const auto here = static_cast<double>(bins_[bin]);
        const Range range = range_of(bin, lowest_, highest_);
        // Which of the wished bins an end lies in.
        const auto place = [&](double value) {
            const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, value);
            return static_cast<std::size_t>(above - (edges.begin() + 1));
        };
        const std::size_t first = place(range.low), last = place(range.high);
        if (first == last) {
            counts[first] += here;
            continue;
        }
        for (std::size_t i = first; i <= last; ++i) {
            const double low = i == first ? range.low : edges[i];
            const double high = i == last ? range.high : edges[i + 1];
            counts[i] += here * (high - low) / (range.high - range.low);
        }
    }
    return counts;
}

}  // namespace landcarbon
