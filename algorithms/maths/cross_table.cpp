// Land Carbon Toolbox: counts and areas of the pairs of classes that two maps show in the same cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/cross_table.hpp"

#include <algorithm>

namespace landcarbon {

void CrossTable::reserve(std::size_t slots) {
    if (slots <= slots_) return;
    const std::size_t wider = std::max(slots, slots_ + slots_ / 2);
    std::vector<std::int64_t> counts(wider * wider);
    std::vector<FixedArea> areas(varying_areas_ ? wider * wider : 0);
    for (std::size_t from = 0; from < slots_; ++from)
        for (std::size_t to = 0; to < slots_; ++to) {
            counts[from * wider + to] = counts_[from * slots_ + to];
            if (varying_areas_) areas[from * wider + to] = areas_[from * slots_ + to];
        }
    counts_ = std::move(counts);
    areas_ = std::move(areas);
    slots_ = wider;
}

void CrossTable::add(const std::uint16_t* from, const std::uint16_t* to, std::size_t count, std::size_t slots,
                     FixedArea area) {
    reserve(slots);
    const std::size_t pairs = slots_ * slots_;
    if (!LaneCounts::pays(pairs, count)) {
        add_runs(from, to, count, area);
        return;
    }
    lanes_.count(
        pairs, count,
        [from, to, width = static_cast<std::uint32_t>(slots_)](std::size_t i) { return from[i] * width + to[i]; },
        [from, to](std::size_t i) { return LaneCounts::alike(from + i) && LaneCounts::alike(to + i); },
        [&](std::size_t pair, std::int64_t cells) { add_pair(pair, cells, area); });
}

void CrossTable::add_pair(std::size_t pair, std::int64_t cells, FixedArea area) {
    counts_[pair] += cells;
    if (varying_areas_) areas_[pair] += cells * area;
}

void CrossTable::add_runs(const std::uint16_t* from, const std::uint16_t* to, std::size_t count, FixedArea area) {
    // Neighbouring cells often hold the same pair: count runs, and add each run once.
    std::size_t start = 0;
    while (start < count) {
        std::size_t end = start + 1;
        while (end < count && from[end] == from[start] && to[end] == to[start]) ++end;
        add_pair(from[start] * slots_ + to[start], static_cast<std::int64_t>(end - start), area);
        start = end;
    }
}

void CrossTable::merge(const CrossTable& other) {
    reserve(other.slots_);
    for (std::size_t from = 0; from < other.slots_; ++from)
        for (std::size_t to = 0; to < other.slots_; ++to) {
            counts_[from * slots_ + to] += other.counts_[from * other.slots_ + to];
            if (varying_areas_) areas_[from * slots_ + to] += other.areas_[from * other.slots_ + to];
        }
}

std::int64_t CrossTable::count(std::size_t from, std::size_t to) const {
    return from < slots_ && to < slots_ ? counts_[from * slots_ + to] : 0;
}

FixedArea CrossTable::area(std::size_t from, std::size_t to, FixedArea cell) const {
    if (!varying_areas_) return count(from, to) * cell;
    return from < slots_ && to < slots_ ? areas_[from * slots_ + to] : FixedArea();
}

}  // namespace landcarbon
