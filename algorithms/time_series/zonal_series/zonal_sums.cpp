// Land Carbon Toolbox: zonal series: exact sums over the cells of each zone at each step.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "time_series/zonal_series/zonal_sums.hpp"

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>

namespace landcarbon {
namespace {

constexpr double largest_value = 1e100;

/// Adds a b, exactly: the rounded product and what the rounding left over.
void add_product(ExactSum& sum, double a, double b) {
    const double product = a * b;
    sum.add(product);
    sum.add(std::fma(a, b, -product));
}

void add_value(ZonalSums<ExactSum>& sums, double x) {
    sums.values.add(x);
    // The square of a number of 24 bits has 48: nothing is left over.
    if (static_cast<double>(static_cast<float>(x)) == x)
        sums.squares.add(x * x);
    else
        add_product(sums.squares, x, x);
}

void add_weighted(ZonalSums<ExactSum>& sums, double x, double hectares) {
    const double product = hectares * x;
    const double rest = std::fma(hectares, x, -product);
    sums.values.add(product);
    sums.values.add(rest);
    add_product(sums.squares, product, x);
    sums.squares.add(rest * x);
}

}  // namespace

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
                ZonalSums<ExactSum> sums;
                for (std::size_t r = first; r < last; ++r) {
                    const ZoneRun& run = runs[r];
                    const std::size_t line = static_cast<std::size_t>(run.row) * width;
                    const FixedArea area = areas.row(window.y + run.row);
                    const double hectares = area.hectares();
                    std::int64_t found = 0;
                    for (std::size_t i = line + static_cast<std::size_t>(run.first);
                         i < line + static_cast<std::size_t>(run.last); ++i) {
                        const double x = values[step][i];
                        if (std::isnan(x) || counts[i] < least) continue;
                        if (std::abs(x) > largest_value) return step;
                        ++found;
                        if (!varying) {
                            add_value(sums, x);
                            continue;
                        }
                        add_weighted(sums, x, hectares);
                        if (plain) sums.plain.add(x);
                    }
                    sums.cells += found;
                    sums.area += found * area;
                    if (varying) add_product(sums.weights, static_cast<double>(found), hectares);
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

ZonalMoments zonal_moments(const ZonalSums<PackedSum>& sums, bool varying_areas) {
    using Quad = boost::multiprecision::cpp_bin_float_quad;
    const auto whole = [](const PackedSum& sum) {
        const auto [rounded, rest] = sum.parts();
        return Quad(rounded) + Quad(rest);
    };
    const Quad weight = varying_areas ? whole(sums.weights) : Quad(sums.cells);
    const Quad mean = whole(sums.values) / weight;
    const Quad variance = whole(sums.squares) / weight - mean * mean;
    // What is left of equal values is rounding.
    const bool spread = variance > mean * mean * Quad(1e-30);
    return {static_cast<double>(mean), spread ? static_cast<double>(sqrt(variance)) : 0.0};
}

}  // namespace landcarbon
