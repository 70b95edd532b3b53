// Land Carbon Toolbox: what a GWR of rasters is fitted on: cells, or means of zones and squares.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/gwr_sample.hpp"

#include <algorithm>
#include <cmath>

#include "engine/geometry.hpp"
#include "engine/run.hpp"
#include "maths/counter_random.hpp"
#include "maths/exact_amount.hpp"
#include "maths/ranked_sample.hpp"

namespace landcarbon {
namespace {

constexpr double most_cells = 1e6;       ///< that EVERY may take
constexpr double far_too_large = 1e150;  ///< what is larger is refused later on; sums of it stay finite

/// Cells by random rank, with column, row and the values of all layers.
struct Cells {
    static constexpr bool order_free = true;
    RankedSample sample;
    void merge(const Cells& other) { sample.merge(other.sample); }
};

/// Sums over the cells of a zone: its weight, and the weighted values of each layer.
template <class T>
struct ZoneSums {
    T weight;
    std::vector<T> values;
    template <class Other>
    void merge(const ZoneSums<Other>& other) {
        weight.merge(other.weight);
        values.resize(other.values.size());
        for (std::size_t i = 0; i < values.size(); ++i) values[i].merge(other.values[i]);
    }
};

/// What one block adds, and what all blocks come to.
struct AllSums {
    struct Entry {
        std::uint32_t zone;
        ZoneSums<PackedSum> sums;
    };
    std::size_t zones = 0;
    std::vector<Entry> entries;               ///< of a block
    std::vector<ZoneSums<PackedSum>> totals;  ///< one for each zone; empty in a block
    void merge(const AllSums& block) {
        if (totals.empty()) totals.resize(zones);
        for (const Entry& entry : block.entries) totals[entry.zone].merge(entry.sums);
    }
};

}  // namespace

GwrSample::GwrSample(const GwrOptions& options, const std::vector<Layer>& layers, GwrObservations& observations,
                     Run& run)
    : options_(options), layers_(layers), o_(observations), run_(run) {
    o_.response_values.assign(o_.responses.size(), {});
    o_.driver_values.assign(o_.drivers.size(), {});
    if (options_.zones.given() || options_.grid_size)
        take_zones();
    else
        draw_cells();
}

void GwrSample::add(const std::array<double, 2>& place, std::vector<unsigned char> shape, const double* values) {
    o_.add_place(place);
    shapes_.push_back(std::move(shape));
    for (auto& of_response : o_.response_values) of_response.push_back(*values++);
    for (auto& of_driver : o_.driver_values) of_driver.push_back(*values++);
}

void GwrSample::draw_cells() {
    o_.one = "cell";
    o_.called = [this](std::size_t i) {
        return "column " + std::to_string(cells_[i][0]) + ", row " + std::to_string(cells_[i][1]);
    };
    const Grid& grid = run_.grid();
    const auto step = static_cast<int>(options_.every.value_or(1));
    auto most = static_cast<std::size_t>(options_.samples);
    if (options_.every) {
        const double cells =
            std::ceil(grid.width / static_cast<double>(step)) * std::ceil(grid.height / static_cast<double>(step));
        if (cells > most_cells)
            throw wrong("every", "every " + std::to_string(step) + "-th cell of every " + std::to_string(step) +
                                     "-th row makes " + number_text(cells) +
                                     " cells, more than a million; take a larger step");
        most = static_cast<std::size_t>(cells);
    }
    const std::size_t width = 2 + layers_.size();
    run_.hold(most * (width * 32 + 200), "a sample of " + std::to_string(most) + " cells");
    const auto seed = static_cast<std::uint64_t>(options_.choices.seed);
    Cells chosen = run_.reduce(layers_, Cells{RankedSample(most, width)}, [&](Cells& state, const Block& block) {
        std::vector<double> numbers(width);
        for (int row = 0; row < block.window.height; ++row)
            for (int column = 0; column < block.window.width; ++column) {
                const int x = block.window.x + column, y = block.window.y + row;
                if (options_.every && (x % step != step / 2 || y % step != step / 2)) continue;
                const auto cell = static_cast<std::uint64_t>(y) * static_cast<std::uint64_t>(grid.width) +
                                  static_cast<std::uint64_t>(x);
                const std::uint64_t rank = options_.every ? cell : random_bits(seed, cell);
                if (rank > state.sample.highest()) continue;
                const std::size_t at = static_cast<std::size_t>(row) * static_cast<std::size_t>(block.window.width) +
                                       static_cast<std::size_t>(column);
                bool whole = true;
                for (std::size_t i = 0; i < layers_.size() && whole; ++i) {
                    whole = block.valid(i)[at];
                    numbers[2 + i] = block.values<double>(i)[at];
                }
                if (!whole) continue;
                numbers[0] = x;
                numbers[1] = y;
                state.sample.offer(rank, numbers.data());
            }
    });
    chosen.sample.prune();
    const std::size_t n = chosen.sample.members();
    std::vector<double> values(layers_.size());
    for (std::size_t i = 0; i < n; ++i) {
        const double x = chosen.sample.number(i, 0), y = chosen.sample.number(i, 1);
        for (std::size_t layer = 0; layer < layers_.size(); ++layer) values[layer] = chosen.sample.number(i, 2 + layer);
        const auto at = grid.position(x + 0.5, y + 0.5);
        cells_.push_back({static_cast<std::int64_t>(x), static_cast<std::int64_t>(y)});
        add(at, point_wkb(at[0], at[1]), values.data());
    }
    run_.convention("sample", options_.every
                                  ? "every " + std::to_string(step) + "-th cell of every " + std::to_string(step) +
                                        "-th row, " + std::to_string(n) + " cells"
                                  : std::to_string(n) + " cells at random, drawn by SEED from those that hold all");
}

void GwrSample::take_zones() {
    const std::size_t layers = layers_.size();
    const std::size_t bytes_each = (layers + 1) * (sizeof(PackedSum) + PackedSum::usual_bytes) + layers * 32 + 200;
    zoning_.emplace(run_, options_.zones, options_.grid_size, bytes_each);
    o_.one = zoning_->one();
    o_.called = [this](std::size_t i) { return zoning_->name(zones_[i]); };
    run_.hold(zoning_->size() * bytes_each, "means of " + std::to_string(zoning_->size()) + " " + o_.one + "s");
    // Where areas of cells are not known, all count alike.
    const CellAreas* const areas = run_.grid().crs.empty() ? nullptr : &run_.areas();
    AllSums empty;
    empty.zones = zoning_->size();
    AllSums all = run_.reduce(layers_, empty, [&](AllSums& sums, const Block& block) {
        std::vector<ZoneRun> runs = zoning_->zones().runs(block.window);
        std::stable_sort(runs.begin(), runs.end(), [](const ZoneRun& a, const ZoneRun& b) { return a.zone < b.zone; });
        for (std::size_t first = 0; first < runs.size();) {
            const std::uint32_t zone = runs[first].zone;
            ZoneSums<ExactSum> own;
            own.values.resize(layers);
            std::int64_t counted = 0;
            for (; first < runs.size() && runs[first].zone == zone; ++first) {
                const ZoneRun& run = runs[first];
                const double weight = areas ? areas->row(block.window.y + run.row).square_metres() : 1;
                const std::size_t line =
                    static_cast<std::size_t>(run.row) * static_cast<std::size_t>(block.window.width);
                std::int64_t here = 0;
                for (std::size_t i = line + static_cast<std::size_t>(run.first);
                     i < line + static_cast<std::size_t>(run.last); ++i) {
                    bool whole = true;
                    for (std::size_t layer = 0; layer < layers && whole; ++layer) whole = block.valid(layer)[i];
                    if (!whole) continue;
                    ++here;
                    for (std::size_t layer = 0; layer < layers; ++layer)
                        add_product(own.values[layer],
                                    std::clamp(block.values<double>(layer)[i], -far_too_large, far_too_large), weight);
                }
                add_product(own.weight, static_cast<double>(here), weight);
                counted += here;
            }
            if (counted == 0) continue;
            sums.entries.push_back({zone, {}});
            sums.entries.back().sums.merge(own);
        }
    });
    all.totals.resize(zoning_->size());
    std::vector<double> means(layers);
    std::size_t without = 0;
    for (std::size_t zone = 0; zone < zoning_->size(); ++zone) {
        const ZoneSums<PackedSum>& sums = all.totals[zone];
        const auto place = sums.values.empty() ? std::nullopt : place_of(zoning_->zones().geometry(zone));
        if (!place) {
            ++without;
            continue;
        }
        const double weight = sums.weight.value();
        for (std::size_t layer = 0; layer < layers; ++layer) means[layer] = sums.values[layer].value() / weight;
        zones_.push_back(zone);
        add(*place, zoning_->zones().geometry(zone), means.data());
    }
    if (without > 0 && zoning_->polygons())
        run_.warn(std::to_string(without) + " of " + std::to_string(zoning_->size()) +
                  " zones hold no cell with all responses and drivers and were left out");
    run_.convention("sample", "means of " + std::to_string(zones_.size()) + " " + o_.one +
                                  "s over the cells that hold all" + (areas ? ", weighted by the cells' areas" : "") +
                                  "; each lies at a point on its surface");
}

GwrLocal GwrSample::local() const {
    using Type = OutputTable::Type;
    GwrLocal local;
    if (zoning_ && zoning_->polygons()) {
        local.columns = {{"zone", Type::text}};
        local.fill = [this](std::size_t i, std::vector<Cell>& row) { row.emplace_back(zoning_->name(zones_[i])); };
    } else if (zoning_) {
        local.columns = {{"row", Type::integer}, {"column", Type::integer}};
        local.fill = [this](std::size_t i, std::vector<Cell>& row) {
            const auto& attributes = zoning_->zones().attributes(zones_[i]);
            row.insert(row.end(), attributes.begin(), attributes.begin() + 2);
        };
    } else {
        local.columns = {{"column", Type::integer}, {"row", Type::integer}};
        local.fill = [this](std::size_t i, std::vector<Cell>& row) {
            row.emplace_back(cells_[i][0]);
            row.emplace_back(cells_[i][1]);
        };
    }
    return local;
}

}  // namespace landcarbon
