// Land Carbon Toolbox: control of the false-discovery rate over any number of tests, exactly and in little memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace landcarbon {

/// What is assumed of the tests of the many cells.
enum class FalseDiscovery {
    none,
    benjamini_hochberg,   ///< independent or positively dependent tests (Benjamini & Hochberg 1995)
    benjamini_yekutieli,  ///< any dependence (Benjamini & Yekutieli 2001)
};

/// Sum of 1/i for i = 1..n.
double harmonic_number(std::int64_t n);

/// How often each p occurs, in bins of the upper 20 bits of its 32, and exactly within bins that are asked for.
/// All counts are exact: cells may come in any order, counts be merged in any order.
class PValueCounts {
public:
    static constexpr bool order_free = true;
    static constexpr int lower_bits = 12;

    /// @param looked_into bins to be counted exactly, and nothing else; empty: count all bins
    explicit PValueCounts(const std::vector<std::uint32_t>& looked_into = {});
    /// Adds the p that are not NaN. @param p 0..1
    void add(const float* p, std::size_t count);
    void merge(const PValueCounts& other);
    const std::vector<std::int64_t>& counts() const { return counts_; }

private:
    std::shared_ptr<const std::vector<std::int32_t>> places_;  ///< of each bin among those looked into, or -1
    std::vector<std::int64_t> counts_;
};

/// Finds the largest p that is significant: the largest p_(k) with p_(k) <= k q / m (divided by sum 1/i with
/// Benjamini-Yekutieli), p_(1) <= ... <= p_(m) all p. Needs one pass over the p for the bins and mostly one more, for
/// the few bins in which the answer may lie.
class FalseDiscoverySearch {
public:
    /// @param bins counts of all p
    /// @param rate q, the share of false ones among the significant that is accepted
    FalseDiscoverySearch(const PValueCounts& bins, FalseDiscovery method, double rate);
    /// Bins that must be counted exactly before more can be said; empty: the search is over.
    const std::vector<std::uint32_t>& wanted() const { return wanted_; }
    /// Takes the counts of the bins that were wanted, and goes on.
    void look_into(const PValueCounts& counts);
    /// The largest p that is significant; nothing when none is. Call when nothing is wanted any more.
    std::optional<float> largest_significant() const { return found_; }
    std::int64_t tests() const { return tests_; }

private:
    void scan();
    bool passes(float p, std::int64_t rank) const;
    std::vector<std::int64_t> bins_;
    double rate_;
    std::int64_t tests_ = 0;
    std::int64_t below_ = 0;                 ///< how many p lie in the bins that are not scanned yet
    std::size_t next_ = 0;                   ///< bins below this one are not scanned yet
    std::vector<std::uint32_t> wanted_;      ///< descending
    std::vector<std::int64_t> wanted_upto_;  ///< how many p lie in each wanted bin and below it
    std::optional<float> found_;
};

}  // namespace landcarbon
