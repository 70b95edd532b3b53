// Land Carbon Toolbox: what a map that an algorithm makes shows as a whole: means by area, areas of its classes, ramps.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/map_summary.hpp"

#include <algorithm>
#include <cmath>

namespace landcarbon {

void AreaMean::add(const Block& block, const CellAreas& areas, const float* values, float nodata) {
    const auto width = static_cast<std::size_t>(block.window.width);
    for (int row = 0; row < block.window.height; ++row) {
        const float* const line = values + static_cast<std::size_t>(row) * width;
        const FixedArea area = areas.row(block.window.y + row);
        const double weight = varying_areas_ ? area.hectares() : 1;
        std::int64_t cells = 0;
        for (std::size_t i = 0; i < width; ++i) {
            if (!std::isfinite(line[i]) || line[i] == nodata) continue;
            ++cells;
            sum_.add(weight * static_cast<double>(line[i]));
        }
        count_ += cells;
        if (varying_areas_) area_ += cells * area;
    }
}

void AreaMean::merge(const AreaMean& other) {
    count_ += other.count_;
    area_ += other.area_;
    sum_.merge(other.sum_);
}

std::optional<double> AreaMean::mean() const {
    if (count_ == 0) return std::nullopt;
    return sum_.value() / (varying_areas_ ? area_.hectares() : static_cast<double>(count_));
}

void tally_rows(ClassTally& tally, const Block& block, const CellAreas& areas, const std::uint16_t* slots,
                std::size_t slot_count) {
    if (!areas.varying()) return tally.add(slots, block.cells(), slot_count, areas.cell());
    const auto width = static_cast<std::size_t>(block.window.width);
    for (int row = 0; row < block.window.height; ++row)
        tally.add(slots + static_cast<std::size_t>(row) * width, width, slot_count, areas.row(block.window.y + row));
}

std::vector<RampStop> sequential_ramp_of(const ValueSpread& spread) {
    if (spread.count() == 0) return sequential_ramp(0, 1);
    const double low = spread.quantile(0.02), high = spread.quantile(0.98);
    // Ends of a ramp must differ.
    return high > low ? sequential_ramp(low, high) : sequential_ramp(low - 0.5, low + 0.5);
}

std::vector<RampStop> diverging_ramp_of(const ValueSpread& spread) {
    if (spread.count() == 0) return diverging_ramp(-1, 1);
    const double reach = std::max(std::abs(spread.quantile(0.02)), std::abs(spread.quantile(0.98)));
    return reach > 0 ? diverging_ramp(-reach, reach) : diverging_ramp(-1, 1);
}

HistogramChart histogram_of(const ValueSpread& spread) {
    HistogramChart chart;
    if (spread.count() == 0) return chart;
    const double low = spread.quantile(0.001), high = spread.quantile(0.999);
    const double raw = (high - low) / 40;
    double width = std::pow(10, std::floor(std::log10(raw > 0 ? raw : 1)));
    for (const double step : {2.0, 2.5, 2.0})
        if (raw > width) width *= step;
    const double first = std::floor(low / width);
    const auto bins = static_cast<std::size_t>(std::max(1.0, std::ceil(high / width) - first));
    // A map of one value.
    if (!(raw > 0)) width = std::max(1e-6, std::abs(low) / 10);
    for (std::size_t i = 0; i <= bins; ++i)
        chart.edges.push_back(raw > 0 ? (first + static_cast<double>(i)) * width
                                      : low + (static_cast<double>(i) - 0.5) * width);
    chart.counts = spread.counts_between(chart.edges);
    chart.value_title = "Cells";
    return chart;
}

BarChart class_shares_chart(const std::vector<ClassShare>& classes) {
    BarChart bars;
    BarSeries series{"Share of the area", {}, "", {}};
    for (const ClassShare& entry : classes) {
        bars.categories.push_back(entry.name);
        bars.category_colours.push_back(entry.colour);
        series.values.push_back(entry.percent);
    }
    bars.series = {series};
    bars.horizontal = true;
    bars.value_title = "Share of the area";
    bars.unit = "%";
    return bars;
}

}  // namespace landcarbon
