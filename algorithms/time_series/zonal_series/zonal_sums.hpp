// Land Carbon Toolbox: zonal series: exact sums over the cells of each zone at each step.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/grid.hpp"
#include "engine/zones.hpp"
#include "maths/area_sums.hpp"
#include "maths/cell_area.hpp"

namespace landcarbon {

/// Which cells a zone's statistic is taken of.
enum class ZonalCells {
    each_step,  ///< at each step those that hold a value then
    all_steps   ///< those that hold a value at every step
};

/// All steps of one zone.
struct ZoneTotals {
    std::vector<AreaSums<PackedSum>> steps;  ///< empty for a zone without cells
    std::int64_t cells = 0;                  ///< that hold a value at some step
    FixedArea area;                          ///< of these
    void merge(const ZoneTotals& other);
    /// What a zone takes in memory, beside its name.
    static std::size_t bytes(std::size_t steps) {
        return sizeof(ZoneTotals) + steps * (sizeof(AreaSums<PackedSum>) + 4 * PackedSum::usual_bytes);
    }
};

/// What one block adds, and what all blocks come to.
class ZonalState {
public:
    /// Adds the cells of a block, zone by zone.
    /// @param values one pointer for each step; NaN where missing
    /// @param runs the zones' cells, sorted by zone
    /// @param plain whether `plain` is wanted
    /// @return the first step (from 0) with a value beyond 1e100, which cannot be squared and summed
    std::optional<std::size_t> add(const std::vector<const double*>& values, const Window& window,
                                   const std::vector<ZoneRun>& runs, const CellAreas& areas, ZonalCells cells,
                                   bool plain);
    void merge(const ZonalState& block);
    /// By number of zone; zones beyond the end have no cells.
    const std::vector<ZoneTotals>& totals() const { return totals_; }

private:
    struct Entry {
        std::uint32_t zone;
        ZoneTotals totals;
    };
    std::vector<Entry> entries_;  ///< of a block
    std::vector<ZoneTotals> totals_;
};

/// Runs of neighbouring cells of one class: the class's slot is the zone. Slot 0 is no zone.
std::vector<ZoneRun> class_runs(const std::uint16_t* slots, const Window& window);

}  // namespace landcarbon
