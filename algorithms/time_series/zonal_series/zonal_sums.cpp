// Land Carbon Toolbox: zonal series: exact sums over the cells of each zone at each step.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/zonal_series/zonal_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace landcarbon {

void ZoneTotals::merge(const ZoneTotals& other) {
    if (steps.empty()) steps.resize(other.steps.size());
    for (std::size_t step = 0; step < other.steps.size(); ++step) steps[step].merge(other.steps[step]);
    cells += other.cells;
    area += other.area;
}

std::optional<std::size_t> ZonalState::add(const std::vector<const double*>& values, const Window& window,
                                           const std::vector<ZoneRun>& runs, const CellAreas& areas, ZonalCells cells,
                                           bool plain) {
    const std::size_t steps = values.size();
    const auto width = static_cast<std::size_t>(window.width);
    // How many steps of each cell hold a value.
    std::vector<std::uint32_t> counts(window.cells());
    for (const double* const step : values)
        for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += !std::isnan(step[i]);
    const std::uint32_t least = cells == ZonalCells::all_steps ? static_cast<std::uint32_t>(steps) : 1;
    const bool varying = areas.varying();
    std::vector<double> counting;
    for (std::size_t first = 0; first < runs.size();) {
        const std::uint32_t zone = runs[first].zone;
        std::size_t last = first;
        ZoneTotals totals;
        for (; last < runs.size() && runs[last].zone == zone; ++last) {
            const ZoneRun& run = runs[last];
            const std::size_t line = static_cast<std::size_t>(run.row) * width;
            std::int64_t found = 0;
            for (std::size_t i = line + static_cast<std::size_t>(run.first);
                 i < line + static_cast<std::size_t>(run.last); ++i)
                found += counts[i] > 0;
            totals.cells += found;
            totals.area += found * areas.row(window.y + run.row);
        }
        if (totals.cells > 0) {
            totals.steps.resize(steps);
            for (std::size_t step = 0; step < steps; ++step) {
                AreaSums<ExactSum> sums;
                for (std::size_t r = first; r < last; ++r) {
                    const ZoneRun& run = runs[r];
                    const std::size_t line =
                        static_cast<std::size_t>(run.row) * width + static_cast<std::size_t>(run.first);
                    const auto length = static_cast<std::size_t>(run.last - run.first);
                    const double* row = values[step] + line;
                    if (least > 1) {
                        counting.assign(row, row + length);
                        for (std::size_t i = 0; i < length; ++i)
                            if (counts[line + i] < least) counting[i] = std::numeric_limits<double>::quiet_NaN();
                        row = counting.data();
                    }
                    const RowSums added = add_row(sums, row, length, areas.row(window.y + run.row), varying, plain);
                    if (added.count > 0 && std::max(std::abs(added.low), std::abs(added.high)) > largest_summed_value)
                        return step;
                }
                if (sums.cells > 0) totals.steps[step].merge(sums);
            }
            entries_.push_back({zone, std::move(totals)});
        }
        first = last;
    }
    return std::nullopt;
}

void ZonalState::merge(const ZonalState& block) {
    for (const Entry& entry : block.entries_) {
        if (totals_.size() <= entry.zone) totals_.resize(entry.zone + 1);
        totals_[entry.zone].merge(entry.totals);
    }
}

std::vector<ZoneRun> class_runs(const std::uint16_t* slots, const Window& window) {
    std::vector<ZoneRun> runs;
    for (int row = 0; row < window.height; ++row) {
        const std::uint16_t* const line =
            slots + static_cast<std::size_t>(row) * static_cast<std::size_t>(window.width);
        for (int column = 0; column < window.width;) {
            const int first = column;
            while (column < window.width && line[column] == line[first]) ++column;
            if (line[first] != 0) runs.push_back({line[first], row, first, column});
        }
    }
    return runs;
}

}  // namespace landcarbon
