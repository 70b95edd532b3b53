// Land Carbon Toolbox: counts and areas of the pairs of classes that two maps show in the same cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "maths/cell_area.hpp"
#include "maths/lane_counts.hpp"

namespace landcarbon {

/// Cross table of two class maps (or of one with itself). Classes are slots 1..n; slot 0 stands for "no class".
/// All sums are exact, so cells may come in any order and tables may be merged in any order.
class CrossTable {
public:
    static constexpr bool order_free = true;

    /// @param varying_areas true when cells of different rows have different areas (geographic grids)
    explicit CrossTable(bool varying_areas = false) : varying_areas_(varying_areas) {}

    /// Adds `count` cells (below 2^32), each of area `area`.
    /// @param slots how many slots exist so far (largest slot + 1)
    void add(const std::uint16_t* from, const std::uint16_t* to, std::size_t count, std::size_t slots, FixedArea area);
    void merge(const CrossTable& other);

    std::size_t slots() const { return slots_; }
    /// What the pairs take in memory.
    std::size_t bytes() const { return counts_.size() * sizeof(std::int64_t) + areas_.size() * sizeof(FixedArea); }
    std::int64_t count(std::size_t from, std::size_t to) const;
    /// @param cell the area of one cell where all are alike
    FixedArea area(std::size_t from, std::size_t to, FixedArea cell) const;

private:
    void reserve(std::size_t slots);
    void add_pair(std::size_t pair, std::int64_t cells, FixedArea area);
    void add_runs(const std::uint16_t* from, const std::uint16_t* to, std::size_t count, FixedArea area);
    bool varying_areas_;
    std::size_t slots_ = 0;
    std::vector<std::int64_t> counts_;
    std::vector<FixedArea> areas_;
    LaneCounts lanes_;  ///< of one call to add
};

}  // namespace landcarbon
