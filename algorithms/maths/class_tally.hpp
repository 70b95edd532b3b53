// Land Carbon Toolbox: counts and areas of the classes that one map shows.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "maths/cell_area.hpp"
#include "maths/lane_counts.hpp"

namespace landcarbon {

/// Cells and area of each class. Classes are slots 1..n; slot 0 stands for "no class". All sums are exact, so cells may
/// come in any order and tallies may be merged in any order. (CrossTable is the same for pairs of maps.)
class ClassTally {
public:
    static constexpr bool order_free = true;

    /// @param varying_areas true when cells of different rows have different areas (geographic grids)
    explicit ClassTally(bool varying_areas = false) : varying_areas_(varying_areas) {}

    /// Adds `count` cells (below 2^32), each of area `area`.
    /// @param slots how many slots exist so far (largest slot + 1)
    void add(const std::uint16_t* classes, std::size_t count, std::size_t slots, FixedArea area) {
        reserve(slots);
        if (LaneCounts::pays(counts_.size(), count)) {
            lanes_.count(
                counts_.size(), count, [&](std::size_t i) { return std::size_t{classes[i]}; },
                [&](std::size_t i) { return LaneCounts::alike(classes + i); },
                [&](std::size_t slot, std::int64_t cells) { add_cells(slot, cells, area); });
            return;
        }
        // Neighbouring cells mostly hold the same class: count runs, and add each run once.
        std::size_t start = 0;
        while (start < count) {
            std::size_t end = start + 1;
            while (end < count && classes[end] == classes[start]) ++end;
            add_cells(classes[start], static_cast<std::int64_t>(end - start), area);
            start = end;
        }
    }

    void merge(const ClassTally& other) {
        reserve(other.counts_.size());
        for (std::size_t slot = 0; slot < other.counts_.size(); ++slot) {
            counts_[slot] += other.counts_[slot];
            if (varying_areas_) areas_[slot] += other.areas_[slot];
        }
    }

    std::int64_t count(std::size_t slot) const { return slot < counts_.size() ? counts_[slot] : 0; }
    /// @param cell the area of one cell where all are alike
    FixedArea area(std::size_t slot, FixedArea cell) const {
        if (!varying_areas_) return count(slot) * cell;
        return slot < areas_.size() ? areas_[slot] : FixedArea();
    }

private:
    void reserve(std::size_t slots) {
        if (slots <= counts_.size()) return;
        counts_.resize(slots);
        if (varying_areas_) areas_.resize(slots);
    }
    void add_cells(std::size_t slot, std::int64_t cells, FixedArea area) {
        counts_[slot] += cells;
        if (varying_areas_) areas_[slot] += cells * area;
    }
    bool varying_areas_;
    std::vector<std::int64_t> counts_;
    std::vector<FixedArea> areas_;
    LaneCounts lanes_;  ///< of one call to add
};

}  // namespace landcarbon
