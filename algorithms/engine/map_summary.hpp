// Land Carbon Toolbox: what a map that an algorithm makes shows as a whole: means by area, areas of its classes, ramps.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/grid.hpp"
#include "engine/report/charts.hpp"
#include "engine/style.hpp"
#include "engine/sweep.hpp"
#include "maths/class_tally.hpp"
#include "maths/exact_sum.hpp"
#include "maths/value_spread.hpp"

namespace landcarbon {

/// Mean of a map over the area of its valid cells. Exact sums: the same for any order of cells.
class AreaMean {
public:
    static constexpr bool order_free = true;
    explicit AreaMean(bool varying_areas = false) : varying_areas_(varying_areas) {}
    /// Adds the cells of a block that are finite and not `nodata`.
    void add(const Block& block, const CellAreas& areas, const float* values, float nodata);
    void merge(const AreaMean& other);
    std::int64_t count() const { return count_; }
    FixedArea area(const CellAreas& areas) const { return varying_areas_ ? area_ : count_ * areas.cell(); }
    /// Nothing without cells.
    std::optional<double> mean() const;

private:
    bool varying_areas_;
    std::int64_t count_ = 0;
    FixedArea area_;
    ExactSum sum_;  ///< of values, or of values times hectares where areas vary
};

/// Adds a block's cells to a tally of classes that the algorithm makes itself.
/// @param slots 0 for no class
/// @param slot_count largest slot + 1
void tally_rows(ClassTally& tally, const Block& block, const CellAreas& areas, const std::uint16_t* slots,
                std::size_t slot_count);

/// A green ramp from the 2 % to the 98 % quantile, so that few extreme cells do not drain the colours.
std::vector<RampStop> sequential_ramp_of(const ValueSpread& spread);
/// A diverging ramp around zero that reaches to the 2 % or 98 % quantile.
std::vector<RampStop> diverging_ramp_of(const ValueSpread& spread);
/// A histogram with about forty bins of a round width between the 0.1 % and 99.9 % quantiles; no bins without values.
HistogramChart histogram_of(const ValueSpread& spread);

/// A class and its share of the area.
struct ClassShare {
    std::string name, colour;
    double percent = 0;
};
/// Lying bars of the shares of the area, one for each class.
BarChart class_shares_chart(const std::vector<ClassShare>& classes);

}  // namespace landcarbon
