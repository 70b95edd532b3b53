// Land Carbon Toolbox: collecting the values of a map, to find breaks between classes from them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "engine/grid.hpp"
#include "engine/sweep.hpp"
#include "maths/class_breaks.hpp"
#include "maths/value_sample.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

class Run;

/// Arguments of algorithms that find breaks from the values of a map.
struct SampleChoices {
    std::int64_t sample = 200000;
    std::int64_t seed = 1;

    /// An empty sample, for Run::reduce.
    ValueSample empty() const { return {static_cast<std::size_t>(sample), static_cast<std::uint64_t>(seed)}; }
};

/// Adds SAMPLE and SEED to a spec.
void describe_sample(Spec& spec, SampleChoices& choices);

/// Adds the cells of a block of a map. @param values of the block's cells; NaN, infinite numbers and `nodata` are none
template <class T>
void add_cells(ValueSample& sample, const Block& block, const Grid& grid, const T* values,
               T nodata = std::numeric_limits<T>::quiet_NaN()) {
    const auto width = static_cast<std::size_t>(block.window.width);
    const auto across = static_cast<std::uint64_t>(grid.width);
    const std::uint64_t first =
        static_cast<std::uint64_t>(block.window.y) * across + static_cast<std::uint64_t>(block.window.x);
    if (width == across) return sample.add(values, block.cells(), first, nodata);
    for (std::size_t row = 0; row < static_cast<std::size_t>(block.window.height); ++row)
        sample.add(values + row * width, width, first + row * across, nodata);
}

/// Finds breaks from a sample as one pass of a run: states the memory that it takes, works away from the calling
/// thread, and ends soon when the user stops. The sample must hold a value.
/// @throws UserError naming MEMORY
ClassBreaks find_breaks(Run& run, const ValueSample& sample, BreakMethod method, int classes,
                        const WholeFigures& whole);

/// What the breaks rest on, for conventions: "all 1 234 cells with a value (56 different values)", "a random sample of
/// ..., drawn with SEED 1".
std::string sample_text(const ValueSample& sample, const SampleChoices& choices);

}  // namespace landcarbon
