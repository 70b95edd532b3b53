// Land Carbon Toolbox: random samples that do not depend on the order in which their members come by.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace landcarbon {

/// A random sample without replacement: the members with the lowest ranks, each with some numbers of its own, for
/// example the values of several maps in one cell. The same for any order of offering and any order of merging. Ranks
/// are random_bits of the members' places. (ValueSample is for one map, and counts where it holds few different
/// values.)
class RankedSample {
public:
    /// @param size members at most; @param width numbers that each member brings
    RankedSample(std::size_t size, std::size_t width) : size_(size), width_(width) {}

    /// Members with a higher rank need not be offered.
    std::uint64_t highest() const { return highest_; }
    /// @param numbers `width` of them
    void offer(std::uint64_t rank, const double* numbers) {
        if (rank > highest_ || size_ == 0) return;
        ranks_.push_back(rank);
        numbers_.insert(numbers_.end(), numbers, numbers + width_);
        if (ranks_.size() >= 2 * size_) prune();
    }
    void merge(const RankedSample& other) {
        for (std::size_t i = 0; i < other.ranks_.size(); ++i)
            offer(other.ranks_[i], other.numbers_.data() + i * width_);
    }
    /// Brings the members into the order of their ranks and lets go of what is too many.
    void prune() {
        std::vector<std::size_t> order(ranks_.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        const std::size_t kept = std::min(size_, order.size());
        std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(),
                          [&](std::size_t a, std::size_t b) { return ranks_[a] < ranks_[b]; });
        std::vector<std::uint64_t> ranks;
        std::vector<double> numbers;
        ranks.reserve(2 * kept);
        numbers.reserve(2 * kept * width_);
        for (std::size_t i = 0; i < kept; ++i) {
            ranks.push_back(ranks_[order[i]]);
            const double* const own = numbers_.data() + order[i] * width_;
            numbers.insert(numbers.end(), own, own + width_);
        }
        ranks_ = std::move(ranks);
        numbers_ = std::move(numbers);
        if (size_ > 0 && ranks_.size() == size_) highest_ = ranks_.back();
    }

    // After prune():
    /// Lets go of all but the first members.
    void keep(std::size_t members) {
        ranks_.resize(std::min(members, ranks_.size()));
        numbers_.resize(ranks_.size() * width_);
    }
    std::size_t members() const { return ranks_.size(); }
    double number(std::size_t member, std::size_t which) const { return numbers_[member * width_ + which]; }

private:
    std::size_t size_, width_;
    std::uint64_t highest_ = std::numeric_limits<std::uint64_t>::max();
    std::vector<std::uint64_t> ranks_;
    std::vector<double> numbers_;  ///< of each member, one after the other
};

}  // namespace landcarbon
