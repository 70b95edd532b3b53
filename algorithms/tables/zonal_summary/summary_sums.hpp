// Land Carbon Toolbox: zonal summary: exact sums over the cells of each zone.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/zones.hpp"
#include "maths/area_sums.hpp"
#include "tables/zonal_summary/summary_rasters.hpp"

namespace landcarbon {

/// A measurement in a zone.
struct MeasureSums {
    AreaSums<PackedSum> sums;
    double low = 0, high = 0;  ///< where a cell counts
};

/// A class in a zone.
struct ClassSums {
    std::uint16_t slot = 0;
    std::int64_t cells = 0;
    FixedArea area;
};

struct ZoneTally {
    std::int64_t cells = 0;  ///< of the zone, whatever they hold
    FixedArea area;
    std::vector<MeasureSums> measures;            ///< by place; empty where none has a value
    std::vector<std::vector<ClassSums>> classes;  ///< by place, each by slot
    void merge(const ZoneTally& other);
    /// What a zone takes in memory, beside its classes.
    static std::size_t bytes(const SummaryRasters& rasters) {
        return sizeof(ZoneTally) + rasters.measured * (sizeof(MeasureSums) + 3 * PackedSum::usual_bytes) +
               rasters.classed * sizeof(std::vector<ClassSums>);
    }
};

/// What one block adds, and what all blocks come to.
class SummarySums {
public:
    /// @param most_class_bytes what the classes of all zones may take
    SummarySums(std::size_t zones, double most_class_bytes) : zones_(zones), most_class_bytes_(most_class_bytes) {}
    /// Adds a zone of a block.
    void add(std::uint32_t zone, ZoneTally tally) { entries_.push_back({zone, std::move(tally)}); }
    /// @throws UserError naming MEMORY when there are too many classes
    void merge(const SummarySums& block);
    const std::vector<ZoneTally>& totals() const { return totals_; }

private:
    struct Entry {
        std::uint32_t zone;
        ZoneTally tally;
    };
    std::size_t zones_;
    std::vector<Entry> entries_;  ///< of a block
    std::vector<ZoneTally> totals_;
    double most_class_bytes_;
    std::size_t class_bytes_ = 0;  ///< what the classes of all zones take
};

/// The area that a cell of a run counts with.
FixedArea cell_share(const ZoneRun& run, FixedArea cell);

/// One pass over the cells. @param weighted sums hold areas: those of cells differ, or parts of cells count
/// @throws UserError on values that cannot be summed, and naming MEMORY when there are too many classes
std::vector<ZoneTally> sum_zones(const SummaryRasters& rasters, const Zones& zones, bool weighted, Run& run);

}  // namespace landcarbon
