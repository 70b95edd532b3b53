// Land Carbon Toolbox: choosing cells to learn suitability from.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace landcarbon {

/// What is counted before cells are chosen. Slots as in the blocks; for growth the later slot where the class changed,
/// and 0 where it stayed.
struct SampleCounts {
    static constexpr bool order_free = true;
    std::vector<std::int64_t> cells = {};    ///< by stratum: slot of class, 0: none of them grew
    std::vector<float> low = {}, high = {};  ///< of each driver, over all cells that count
    std::int64_t holes = 0;                  ///< cells with a class and without some driver
    void merge(const SampleCounts& other);
};

/// A random choice of cells by stratum: those whose numbers, drawn from seed and cell, are the smallest. So the choice
/// is the same for any order of cells and any number of threads.
class SampleChoice {
public:
    static constexpr bool order_free = true;
    /// @param quotas cells wanted of each stratum
    /// @param width values kept of each cell
    SampleChoice(std::vector<std::int64_t> quotas, std::size_t width);
    /// Offers a cell. @param number random, of this cell alone
    /// @param value (i) -> float: the i-th value of the cell
    template <class Value>
    void offer(std::size_t stratum, std::uint64_t number, std::uint16_t own, Value value) {
        if (stratum >= strata_.size() || strata_[stratum].quota == 0) return;
        Stratum& s = strata_[stratum];
        if (number >= s.limit) return;
        s.chosen.push_back({number, own, s.values.size()});
        for (std::size_t i = 0; i < width_; ++i) s.values.push_back(value(i));
        if (s.chosen.size() >= 2 * s.quota + 64) prune(s);
    }
    void merge(const SampleChoice& other);

    struct Chosen {
        std::uint64_t number;
        std::uint16_t own;  ///< slot of the cell's class before
        std::size_t at;     ///< first of its values
        std::size_t stratum = 0;
        const float* values = nullptr;
    };
    /// All chosen cells in the order of their numbers, strata mixed.
    std::vector<Chosen> chosen();

private:
    struct Stratum {
        std::size_t quota = 0;
        std::uint64_t limit = UINT64_MAX;
        std::vector<Chosen> chosen = {};
        std::vector<float> values = {};
    };
    void prune(Stratum& stratum) const;
    std::size_t width_;
    std::vector<Stratum> strata_;
};

/// Cells to take of each stratum so that they come to `wanted`, or to all there are.
/// @param counts cells there are; @param shares how many of the wanted ones each should have, not negative, sum 1
/// Strata with fewer cells than their share give all they have, and the others more.
std::vector<std::int64_t> sample_quotas(const std::vector<std::int64_t>& counts, const std::vector<double>& shares,
                                        std::int64_t wanted);

}  // namespace landcarbon
