// Land Carbon Toolbox: zonal summary: medians of the cells of each zone, by area, in bounded memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/zonal_summary/summary_medians.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace landcarbon {
namespace {

/// Numbers whose order is that of the values. -0 is 0.
std::uint64_t key_of(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
    return bits >> 63 ? ~bits : bits | (std::uint64_t{1} << 63);
}

double value_of(std::uint64_t key) { return std::bit_cast<double>(key >> 63 ? key & ~(std::uint64_t{1} << 63) : ~key); }

std::size_t fixed_budget = 0;  ///< for tests

constexpr std::uint64_t none_above = std::numeric_limits<std::uint64_t>::max();

/// What is known of one median.
struct Search {
    std::uint64_t low = 0, high = 0;  ///< bounds of the median, as keys
    FixedArea below;                  ///< of the cells under `low`
    std::int64_t cells = 0;           ///< between the bounds
    FixedArea half_twice;             ///< the area of all cells
    bool done = true;
    bool awaits_next = false;  ///< the median is the mean of `low` and the next value
    double median = 0;
};

struct Bin {
    FixedArea area;
    std::int64_t cells = 0;
};
struct Taken {
    std::uint64_t key;
    FixedArea area;
};

/// What a pass finds of one median.
struct Found {
    std::vector<Bin> bins;
    std::vector<Taken> taken;
    std::uint64_t above = none_above;  ///< the least key above the bounds
    void merge(const Found& other) {
        if (bins.size() < other.bins.size()) bins.resize(other.bins.size());
        for (std::size_t i = 0; i < other.bins.size(); ++i) {
            bins[i].area += other.bins[i].area;
            bins[i].cells += other.bins[i].cells;
        }
        taken.insert(taken.end(), other.taken.begin(), other.taken.end());
        above = std::min(above, other.above);
    }
};

/// What one block adds, and what all blocks come to.
struct FoundSums {
    struct Entry {
        std::size_t search;
        Found found;
    };
    std::size_t searches = 0;
    std::vector<Entry> entries;
    std::vector<Found> totals;
    void merge(const FoundSums& block) {
        totals.resize(searches);
        for (const Entry& entry : block.entries) totals[entry.search].merge(entry.found);
    }
};

class Medians {
public:
    Medians(const SummaryRasters& rasters, const Zones& zones, const std::vector<ZoneTally>& tallies, Run& run);
    std::vector<std::vector<std::optional<double>>> operator()();

private:
    FoundSums pass(bool take, std::uint64_t bins);
    template <class T>
    void add(Found& found, const Search& search, const ZoneRun& zone_run, const T* row, FixedArea area, bool take,
             std::uint64_t bins) const;
    void narrow(Search& search, const Found& found, std::uint64_t bins) const;
    void settle(Search& search, Found& found) const;
    static std::uint64_t width(const Search& search, std::uint64_t bins) {
        return (search.high - search.low) / bins + 1;
    }

    const SummaryRasters& rasters_;
    const Zones& zones_;
    Run& run_;
    std::vector<Search> searches_;       ///< zone by zone
    std::vector<std::size_t> measured_;  ///< the rasters that are, by place
};

Medians::Medians(const SummaryRasters& rasters, const Zones& zones, const std::vector<ZoneTally>& tallies, Run& run)
    : rasters_(rasters), zones_(zones), run_(run) {
    for (std::size_t i = 0; i < rasters.rasters.size(); ++i)
        if (rasters.rasters[i].continuous) measured_.push_back(i);
    for (const ZoneTally& tally : tallies)
        for (const MeasureSums& measure : tally.measures) {
            Search search;
            if (measure.sums.cells > 0) {
                search.low = key_of(measure.low);
                search.high = key_of(measure.high);
                search.cells = measure.sums.cells;
                search.half_twice = measure.sums.area;
                search.done = search.low == search.high;
                search.median = measure.low;
            }
            searches_.push_back(search);
        }
}

template <class T>
void Medians::add(Found& found, const Search& search, const ZoneRun& zone_run, const T* row, FixedArea area, bool take,
                  std::uint64_t bins) const {
    const std::uint64_t wide = width(search, bins);
    for (int i = 0; i < zone_run.last - zone_run.first; ++i) {
        const auto x = static_cast<double>(row[i]);
        if (std::isnan(x)) continue;
        const std::uint64_t key = key_of(x);
        if (key < search.low) continue;
        if (key > search.high) {
            found.above = std::min(found.above, key);
        } else if (search.awaits_next) {
            continue;
        } else if (take) {
            found.taken.push_back({key, area});
        } else {
            Bin& bin = found.bins[static_cast<std::size_t>((key - search.low) / wide)];
            bin.area += area;
            ++bin.cells;
        }
    }
}

FoundSums Medians::pass(bool take, std::uint64_t bins) {
    std::vector<Layer> layers;
    for (const std::size_t raster : measured_) layers.push_back(rasters_.layers[raster]);
    const CellAreas& areas = run_.areas();
    FoundSums empty;
    empty.searches = searches_.size();
    return run_.reduce(layers, empty, [&](FoundSums& state, const Block& block) {
        std::vector<ZoneRun> runs = zones_.runs(block.window);
        std::stable_sort(runs.begin(), runs.end(), [](const ZoneRun& a, const ZoneRun& b) { return a.zone < b.zone; });
        for (std::size_t first = 0; first < runs.size();) {
            std::size_t last = first;
            while (last < runs.size() && runs[last].zone == runs[first].zone) ++last;
            for (std::size_t place = 0; place < measured_.size(); ++place) {
                const std::size_t number = runs[first].zone * measured_.size() + place;
                const Search& search = searches_[number];
                if (search.done) continue;
                Found found;
                if (!take && !search.awaits_next) found.bins.resize(static_cast<std::size_t>(bins));
                for (std::size_t r = first; r < last; ++r) {
                    const ZoneRun& cells = runs[r];
                    const std::size_t at =
                        static_cast<std::size_t>(cells.row) * static_cast<std::size_t>(block.window.width) +
                        static_cast<std::size_t>(cells.first);
                    const FixedArea area = cell_share(cells, areas.row(block.window.y + cells.row));
                    if (layers[place].as() == ReadAs::real32)
                        add(found, search, cells, block.values<float>(place) + at, area, take, bins);
                    else
                        add(found, search, cells, block.values<double>(place) + at, area, take, bins);
                }
                state.entries.push_back({number, std::move(found)});
            }
            first = last;
        }
    });
}

/// The bin in which half of the area is reached.
void Medians::narrow(Search& search, const Found& found, std::uint64_t bins) const {
    const std::uint64_t wide = width(search, bins);
    FixedArea reached = search.below;
    for (std::size_t i = 0; i < found.bins.size(); ++i) {
        const FixedArea above = reached + found.bins[i].area;
        if (found.bins[i].cells == 0 || 2 * above < search.half_twice) {
            reached = above;
            continue;
        }
        search.low += i * wide;
        search.high = std::min(search.high, search.low + (wide - 1));
        search.below = reached;
        search.cells = found.bins[i].cells;
        if (search.low == search.high) {
            search.median = value_of(search.low);
            search.awaits_next = 2 * above == search.half_twice;
            search.done = !search.awaits_next;
        }
        return;
    }
}

void Medians::settle(Search& search, Found& found) const {
    const auto mean_with = [&](std::uint64_t next) {
        search.median = next == none_above ? search.median : (search.median + value_of(next)) / 2;
    };
    search.done = true;
    if (search.awaits_next) {
        mean_with(found.above);
        return;
    }
    std::sort(found.taken.begin(), found.taken.end(), [](const Taken& a, const Taken& b) { return a.key < b.key; });
    FixedArea reached = search.below;
    for (std::size_t i = 0; i < found.taken.size();) {
        const std::uint64_t key = found.taken[i].key;
        for (; i < found.taken.size() && found.taken[i].key == key; ++i) reached += found.taken[i].area;
        if (2 * reached < search.half_twice) continue;
        search.median = value_of(key);
        if (2 * reached == search.half_twice) mean_with(i < found.taken.size() ? found.taken[i].key : found.above);
        return;
    }
}

std::vector<std::vector<std::optional<double>>> Medians::operator()() {
    const double budget =
        fixed_budget > 0 ? static_cast<double>(fixed_budget) : static_cast<double>(run_.options().memory_bytes()) / 4;
    for (;;) {
        double cells = 0, open = 0;
        for (const Search& search : searches_) {
            if (search.done) continue;
            ++open;
            if (!search.awaits_next) cells += static_cast<double>(search.cells);
        }
        if (open == 0) break;
        const bool take = cells * sizeof(Taken) <= budget;
        const auto bins = static_cast<std::uint64_t>(std::clamp(budget / (open * sizeof(Bin)), 4.0, 4096.0));
        run_.expect_passes(take ? 1 : 2);
        FoundSums found = pass(take, bins);
        found.totals.resize(searches_.size());
        for (std::size_t i = 0; i < searches_.size(); ++i) {
            if (searches_[i].done) continue;
            if (take || searches_[i].awaits_next)
                settle(searches_[i], found.totals[i]);
            else
                narrow(searches_[i], found.totals[i], bins);
        }
    }
    std::vector<std::vector<std::optional<double>>> medians(zones_.size());
    for (std::size_t i = 0; i < searches_.size(); ++i) {
        const bool known = !(searches_[i].half_twice == FixedArea());
        medians[i / measured_.size()].push_back(known ? std::optional(searches_[i].median) : std::nullopt);
    }
    return medians;
}

}  // namespace

void set_median_budget(std::size_t bytes) { fixed_budget = bytes; }

std::vector<std::vector<std::optional<double>>> zone_medians(const SummaryRasters& rasters, const Zones& zones,
                                                             const std::vector<ZoneTally>& tallies, Run& run) {
    return Medians(rasters, zones, tallies, run)();
}

}  // namespace landcarbon
