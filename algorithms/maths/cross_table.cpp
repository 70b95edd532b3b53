// Land Carbon Toolbox: counts and areas of the pairs of classes that two maps show in the same cells.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/cross_table.hpp"

#include <algorithm>
#include <cstring>

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
    // Neighbouring cells mostly hold the same pair: count runs, four cells at a time, and add each run once.
    constexpr std::uint64_t four = 0x0001000100010001ULL;
    std::size_t start = 0;
    while (start < count) {
        const std::uint16_t a = from[start];
        const std::uint16_t b = to[start];
        std::size_t end = start + 1;
        for (const std::uint64_t as = a * four, bs = b * four; end + 4 <= count; end += 4) {
            std::uint64_t next_from, next_to;
            std::memcpy(&next_from, from + end, sizeof next_from);
            std::memcpy(&next_to, to + end, sizeof next_to);
            if (next_from != as || next_to != bs) break;
        }
        while (end < count && from[end] == a && to[end] == b) ++end;
        const std::size_t pair = a * slots_ + b;
        const auto run = static_cast<std::int64_t>(end - start);
        counts_[pair] += run;
        if (varying_areas_) areas_[pair] += run * area;
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
