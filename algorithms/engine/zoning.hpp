// Land Carbon Toolbox: the zones an algorithm works with: those of a layer, squares of a size, or the whole map.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/metric_zones.hpp"
#include "engine/run.hpp"

namespace landcarbon {

/// What is wrong with the parameters ZONES and GRID_SIZE, which exclude each other; for Spec::check.
std::vector<UserError> check_zoning(const VectorInput& zones, const std::optional<double>& grid_size);

/// Which cells belong to a zone.
enum class Coverage {
    centre,   ///< those whose centre lies in it
    fraction  ///< the share of each that lies in it
};

/// Zones as the user asks for them by ZONES and GRID_SIZE; with neither, one zone: the whole map.
class Zoning {
public:
    /// Lays the zones over the run's grid and states the convention that comes with them.
    /// @param bytes_each what the algorithm keeps for each zone, beside the zone itself
    /// @throws IoError, UserError; UserError naming MEMORY when all zones need more than the run may use
    Zoning(Run& run, const VectorInput& zones, const std::optional<double>& grid_size, std::size_t bytes_each);

    /// The same with squares or hexagons of so many metres.
    Zoning(Run& run, const VectorInput& zones, const std::optional<MetricGrid>& grid, Coverage coverage,
           std::size_t bytes_each);

    /// False when the whole map is the only zone.
    bool given() const { return kind_ != Kind::whole; }
    bool polygons() const { return kind_ == Kind::polygons; }
    /// True for the squares or hexagons of a grid.
    bool squares() const { return kind_ == Kind::squares; }
    /// What one of them is called: "zone", "square" or "hexagon".
    std::string one() const { return squares() ? (hexagons_ ? "hexagon" : "square") : "zone"; }

    const Zones& zones() const { return *zones_; }
    std::size_t size() const { return zones_->size(); }
    /// What people call a zone: its first text, else its first value; "row 2, column 3" for squares.
    std::string name(std::size_t zone) const;
    /// The first columns, at most three, that tell zones apart: texts and whole numbers.
    std::vector<std::size_t> telling_columns() const;
    /// An attribute of a zone in words; empty when it has no value.
    std::string text(std::size_t zone, std::size_t column) const;

    /// Fills a block's first output with the values of the zones that its cells lie in, a later zone over earlier ones.
    /// Absent values, values beyond 32 bits and cells that do not count become NoData.
    /// @param counts tells of the i-th cell of the block whether it counts
    template <class Counts>
    void paint(Block& block, const std::vector<std::optional<double>>& values, double nodata, Counts counts) const {
        float* const out = block.output<float>(0);
        std::fill_n(out, block.cells(), static_cast<float>(nodata));
        for (const ZoneRun& run : zones_->runs(block.window)) {
            const auto& value = values[run.zone];
            const bool shown = value && std::abs(*value) <= std::numeric_limits<float>::max();
            const auto painted = static_cast<float>(shown ? *value : nodata);
            const std::size_t line = static_cast<std::size_t>(run.row) * static_cast<std::size_t>(block.window.width);
            const std::size_t last = line + static_cast<std::size_t>(run.last);
            for (std::size_t i = line + static_cast<std::size_t>(run.first); i < last; ++i)
                if (counts(i)) out[i] = painted;
        }
    }

private:
    enum class Kind { whole, polygons, squares };
    void check_memory(const Run& run, double count, std::size_t bytes_each) const;
    Kind kind_;
    bool hexagons_ = false;
    std::unique_ptr<Zones> zones_;
};

}  // namespace landcarbon
