// Land Carbon Toolbox: zonal summary: exact sums over the cells of each zone.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/summary_sums.hpp"

#include <algorithm>
#include <cmath>

namespace landcarbon {
namespace {

/// The bounds of what is in two parts.
void widen(MeasureSums& bounds, std::int64_t counted, double low, double high) {
    bounds.low = counted == 0 ? low : std::min(bounds.low, low);
    bounds.high = counted == 0 ? high : std::max(bounds.high, high);
}

/// Adds to the class of a slot; classes are kept by slot.
void add_class(std::vector<ClassSums>& classes, const ClassSums& added) {
    auto place = std::lower_bound(classes.begin(), classes.end(), added.slot,
                                  [](const ClassSums& a, std::uint16_t slot) { return a.slot < slot; });
    if (place == classes.end() || place->slot != added.slot) place = classes.insert(place, {added.slot, 0, {}});
    place->cells += added.cells;
    place->area += added.area;
}

/// A block's cells of one zone: runs of it.
struct ZoneCells {
    const ZoneRun* first;
    const ZoneRun* last;
    const Block& block;
    const CellAreas& areas;
    bool weighted;

    std::size_t place(const ZoneRun& run) const {
        return static_cast<std::size_t>(run.row) * static_cast<std::size_t>(block.window.width) +
               static_cast<std::size_t>(run.first);
    }
    FixedArea cell(const ZoneRun& run) const { return areas.row(block.window.y + run.row); }
};

/// @return false where a value is too large
template <class T>
bool add_measure(MeasureSums& measure, const ZoneCells& cells, const T* values) {
    AreaSums<ExactSum> sums;
    for (const ZoneRun* run = cells.first; run != cells.last; ++run) {
        const T* const row = values + cells.place(*run);
        const auto length = static_cast<std::size_t>(run->last - run->first);
        const std::int64_t before = sums.cells;
        if (run->share == 1) {
            const RowSums added = add_row(sums, row, length, cells.cell(*run), cells.weighted, false);
            if (added.count == 0) continue;
            if (std::max(std::abs(added.low), std::abs(added.high)) > largest_summed_value) return false;
            widen(measure, before, added.low, added.high);
            continue;
        }
        const FixedArea part = cell_share(*run, cells.cell(*run));
        const double hectares = part.hectares();
        for (std::size_t i = 0; i < length; ++i) {
            const auto x = static_cast<double>(row[i]);
            if (std::isnan(x)) continue;
            if (std::abs(x) > largest_summed_value) return false;
            widen(measure, sums.cells, x, x);
            add_weighted(sums, x, hectares);
            sums.weights.add(hectares);
            sums.area += part;
            ++sums.cells;
        }
    }
    if (sums.cells > 0) measure.sums.merge(sums);
    return true;
}

void add_classes(std::vector<ClassSums>& classes, const ZoneCells& cells, const std::uint16_t* slots) {
    for (const ZoneRun* run = cells.first; run != cells.last; ++run) {
        const std::uint16_t* const row = slots + cells.place(*run);
        const int length = run->last - run->first;
        for (int i = 0; i < length;) {
            const int start = i;
            while (i < length && row[i] == row[start]) ++i;
            if (row[start] != 0)
                add_class(classes, {row[start], i - start, (i - start) * cell_share(*run, cells.cell(*run))});
        }
    }
}

}  // namespace

FixedArea cell_share(const ZoneRun& run, FixedArea cell) {
    return run.share == 1 ? cell : FixedArea::from(cell.square_metres() * run.share);
}

void ZoneTally::merge(const ZoneTally& other) {
    cells += other.cells;
    area += other.area;
    if (measures.size() < other.measures.size()) measures.resize(other.measures.size());
    for (std::size_t i = 0; i < other.measures.size(); ++i) {
        const MeasureSums& added = other.measures[i];
        if (added.sums.cells == 0) continue;
        widen(measures[i], measures[i].sums.cells, added.low, added.high);
        measures[i].sums.merge(added.sums);
    }
    if (classes.size() < other.classes.size()) classes.resize(other.classes.size());
    for (std::size_t i = 0; i < other.classes.size(); ++i)
        for (const ClassSums& added : other.classes[i]) add_class(classes[i], added);
}

void SummarySums::merge(const SummarySums& block) {
    totals_.resize(zones_);
    const auto classes_of = [](const ZoneTally& tally) {
        std::size_t count = 0;
        for (const auto& classes : tally.classes) count += classes.size();
        return count;
    };
    for (const Entry& entry : block.entries_) {
        ZoneTally& total = totals_[entry.zone];
        const std::size_t before = classes_of(total);
        total.merge(entry.tally);
        class_bytes_ += (classes_of(total) - before) * 2 * sizeof(ClassSums);
    }
    if (static_cast<double>(class_bytes_) > most_class_bytes_)
        throw wrong("memory",
                    "the classes of all zones need more than the memory allowed; give more memory, larger zones, or "
                    "name rasters that hold measurements in CONTINUOUS");
}

std::vector<ZoneTally> sum_zones(const SummaryRasters& rasters, const Zones& zones, bool weighted, Run& run) {
    const CellAreas& areas = run.areas();
    const auto allowed = static_cast<double>(run.options().memory_bytes());
    SummarySums sums =
        run.reduce(rasters.layers, SummarySums(zones.size(), allowed), [&](SummarySums& state, const Block& block) {
            std::vector<ZoneRun> runs = zones.runs(block.window);
            std::stable_sort(runs.begin(), runs.end(),
                             [](const ZoneRun& a, const ZoneRun& b) { return a.zone < b.zone; });
            for (std::size_t first = 0; first < runs.size();) {
                std::size_t last = first;
                ZoneTally tally;
                tally.measures.resize(rasters.measured);
                tally.classes.resize(rasters.classed);
                for (; last < runs.size() && runs[last].zone == runs[first].zone; ++last) {
                    const std::int64_t cells = runs[last].last - runs[last].first;
                    tally.cells += cells;
                    tally.area += cells * cell_share(runs[last], areas.row(block.window.y + runs[last].row));
                }
                const ZoneCells cells{runs.data() + first, runs.data() + last, block, areas, weighted};
                for (std::size_t i = 0; i < rasters.rasters.size(); ++i) {
                    const SummaryRaster& raster = rasters.rasters[i];
                    if (!raster.continuous) {
                        add_classes(tally.classes[raster.place], cells, block.classes(i));
                        continue;
                    }
                    MeasureSums& measure = tally.measures[raster.place];
                    if (!(rasters.layers[i].as() == ReadAs::real32
                              ? add_measure(measure, cells, block.values<float>(i))
                              : add_measure(measure, cells, block.values<double>(i))))
                        throw wrong("rasters", rasters.layers[i].name() +
                                                   ": a value is too large to be summed; is a NoData value missing?");
                }
                state.add(runs[first].zone, std::move(tally));
                first = last;
            }
        });
    std::vector<ZoneTally> totals = sums.totals();
    totals.resize(zones.size());
    for (ZoneTally& total : totals) {
        total.measures.resize(rasters.measured);
        total.classes.resize(rasters.classed);
    }
    return totals;
}

}  // namespace landcarbon
