// Land Carbon Toolbox: exact sums of a response by strata of factors, and by the crossed strata of pairs of factors.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "maths/exact_moments.hpp"

namespace landcarbon {

/// Two factors that are crossed, or one by itself.
struct FactorPair {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);
    std::size_t first = 0, second = none;
    bool operator==(const FactorPair&) const = default;
};

/// All pairs of factors; the factor itself where there is one only.
std::vector<FactorPair> all_pairs(std::size_t factors);

/// Sums of the response in each cell of the cross tables of pairs of factors. Strata are numbers 0, 1, 2, ... of each
/// factor: what is crossed are integers. All sums are exact, so observations may come in any order.
class CrossedMoments {
public:
    static constexpr bool order_free = true;

    /// @param pairs factors to be crossed
    /// @param strata how many strata each factor has, as far as they are known; more may turn up
    CrossedMoments(std::vector<FactorPair> pairs, std::vector<std::size_t> strata);

    /// Adds observations.
    /// @param responses as MomentScale gives them
    /// @param strata for each factor the stratum of each observation, below `strata()` of the factor
    void add(const std::int64_t* responses, const std::uint16_t* const* strata, std::size_t count);
    /// Makes room for a factor's strata. The numbers of strata that other factors have do not matter.
    void reserve(std::size_t factor, std::size_t strata);
    /// Adds sums of the same pairs. @param translation for each factor: which stratum of this one each stratum of the
    /// other is; empty where they have the same numbers
    void merge(const CrossedMoments& other, const std::vector<std::vector<std::uint16_t>>& translation);
    void merge(const CrossedMoments& other) { merge(other, std::vector<std::vector<std::uint16_t>>(strata_.size())); }

    const std::vector<FactorPair>& pairs() const { return pairs_; }
    std::size_t strata(std::size_t factor) const { return strata_[factor]; }
    /// Sums of a pair's crossed strata; those of the second factor follow each other. Strata without observations too.
    std::vector<ExactMoments> crossed(std::size_t pair) const;
    /// Sums of a factor's strata, from the first pair that holds it.
    std::vector<ExactMoments> single(std::size_t factor) const;
    bool has(std::size_t factor) const;
    /// The largest absolute response.
    std::int64_t largest() const { return largest_; }
    /// Bytes that the tables of pairs take with these numbers of strata.
    static double bytes(const std::vector<FactorPair>& pairs, const std::vector<std::size_t>& strata);
    double bytes() const;

private:
    struct Table {
        std::size_t rows = 0, columns = 0;  ///< room, which may be more than there are strata
        std::vector<ExactMoments> sums;
        ExactMoments& at(std::size_t first, std::size_t second) { return sums[first * columns + second]; }
        const ExactMoments& at(std::size_t first, std::size_t second) const { return sums[first * columns + second]; }
    };
    std::size_t columns_of(const FactorPair& pair) const {
        return pair.second == FactorPair::none ? 1 : room_[pair.second];
    }
    void settle();

    std::vector<FactorPair> pairs_;
    std::vector<std::size_t> strata_, room_;
    std::vector<Table> tables_;  ///< one a pair
    std::int64_t adds_left_ = ExactMoments::adds_until_settled;
    std::int64_t largest_ = 0;
};

}  // namespace landcarbon
