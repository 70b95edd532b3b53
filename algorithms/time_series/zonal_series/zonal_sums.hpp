// Land Carbon Toolbox: zonal series: exact sums over the cells of each zone at each step.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/grid.hpp"
#include "engine/zones.hpp"
#include "maths/cell_area.hpp"
#include "maths/exact_sum.hpp"

namespace landcarbon {

/// Which cells a zone's statistic is taken of.
enum class ZonalCells {
    each_step,  ///< at each step those that hold a value then
    all_steps   ///< those that hold a value at every step
};

/// Sums over the cells of one zone at one step. T is ExactSum while cells are added, PackedSum afterwards. Nothing is
/// rounded on the way but the square of a value times an area, to 106 bits: cells may come in any order.
template <class T>
struct ZonalSums {
    T values;   ///< of values, each times the hectares of its cell where areas vary
    T squares;  ///< of squared values, likewise
    T weights;  ///< of the hectares, where areas vary
    T plain;    ///< of values alone, where areas vary
    std::int64_t cells = 0;
    FixedArea area;

    template <class Other>
    void merge(const ZonalSums<Other>& other) {
        values.merge(other.values);
        squares.merge(other.squares);
        weights.merge(other.weights);
        plain.merge(other.plain);
        cells += other.cells;
        area += other.area;
    }
};

/// All steps of one zone.
struct ZoneTotals {
    std::vector<ZonalSums<PackedSum>> steps;  ///< empty for a zone without cells
    std::int64_t cells = 0;                   ///< that hold a value at some step
    FixedArea area;                           ///< of these
    void merge(const ZoneTotals& other);
    /// What a zone takes in memory, beside its name.
    static std::size_t bytes(std::size_t steps) {
        return sizeof(ZoneTotals) + steps * (sizeof(ZonalSums<PackedSum>) + 4 * PackedSum::usual_bytes);
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

/// Mean and standard deviation over the area of a zone at one step: m = sum a x / sum a,
/// sd = sqrt(sum a (x - m)^2 / sum a) (all cells of the zone are there: no sample). Evaluated with 113 bits, so that a
/// large level costs the spread no digits and equal values have their value as mean and a spread of 0.
struct ZonalMoments {
    double mean = 0, sd = 0;
};
/// @param varying_areas whether the sums hold areas
ZonalMoments zonal_moments(const ZonalSums<PackedSum>& sums, bool varying_areas);

}  // namespace landcarbon
