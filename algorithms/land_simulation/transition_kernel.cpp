// Land Carbon Toolbox: what a cell may become in one step of a cellular automaton, and which of it it proposes.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/transition_kernel.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "maths/wide.hpp"

namespace landcarbon {
namespace {

/// Counts of eight classes, a byte each; a window of 15 x 15 cells holds at most 225.
using Packed = std::uint64_t;
constexpr Packed every_byte = 0x0101010101010101;

/// 1 in the byte of each class; nothing for class 0.
constexpr std::array<Packed, 256> ones = [] {
    std::array<Packed, 256> table{};
    for (std::size_t k = 1; k < 256; ++k) table[k] = Packed{1} << (8 * ((k - 1) % 8));
    return table;
}();

inline unsigned sum_of_bytes(Packed packed) { return static_cast<unsigned>((packed * every_byte) >> 56); }

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wpsabi"  // vectors are passed between inline code of this file only
#endif
using Bytes = std::uint8_t __attribute__((vector_size(8)));
using Shorts = std::uint16_t __attribute__((vector_size(16)));
using Ints = std::int32_t __attribute__((vector_size(32)));
using Floats = float __attribute__((vector_size(32)));

/// The largest lane, in all lanes.
[[gnu::always_inline]] inline Ints largest(Ints t) {
    const Ints halves = __builtin_shufflevector(t, t, 4, 5, 6, 7, 0, 1, 2, 3);
    t = t > halves ? t : halves;
    const Ints quarters = __builtin_shufflevector(t, t, 2, 3, 0, 1, 6, 7, 4, 5);
    t = t > quarters ? t : quarters;
    const Ints pairs = __builtin_shufflevector(t, t, 1, 0, 3, 2, 5, 4, 7, 6);
    return t > pairs ? t : pairs;
}

/// Sums of the first 1, 2, .. 8 lanes.
[[gnu::always_inline]] inline void add_up(Ints& t) {
    const Ints zero = {};
    t += __builtin_shufflevector(t, zero, 8, 0, 1, 2, 3, 4, 5, 6);
    t += __builtin_shufflevector(t, zero, 8, 8, 0, 1, 2, 3, 4, 5);
    t += __builtin_shufflevector(t, zero, 8, 8, 8, 8, 0, 1, 2, 3);
}

}  // namespace

double adapted_inertia(double inertia, std::int64_t gap, std::int64_t gap_before) {
    const auto d1 = static_cast<double>(gap), d2 = static_cast<double>(gap_before);
    if (gap < gap_before && gap_before < 0) return inertia * d2 / d1;
    if (gap > gap_before && gap_before > 0) return inertia * d1 / d2;
    return inertia;
}

TransitionKernel::TransitionKernel(const Rules& rules, const Step& step)
    : rules_(rules),
      step_(step),
      // Pairs of many classes are many, and proposals of each few.
      bins_(rules.classes <= 16 ? 64 : 16),
      small_(rules.classes <= lanes && !step.patches),
      draws_(RandomStream::of(step.seed, step.iteration, 0)),
      seeds_(RandomStream::of(step.seed, step.iteration, 1)),
      growth_(RandomStream::of(step.seed, step.iteration, 2)) {
    const std::size_t n = rules_.classes;
    // Seeds know no weight.
    double largest = 0;
    for (std::size_t k = 0; k < n; ++k)
        largest =
            std::max(largest, step_.inertia[k] * (step_.patches ? std::max(1.0, step_.weights[k]) : step_.weights[k]));
    for (std::size_t k = 0; k < n; ++k) {
        const double share = largest > 0 ? step_.inertia[k] / largest * scale : 0;
        factors_.push_back(static_cast<float>(share * step_.weights[k]));
        seed_factors_.push_back(static_cast<float>(share));
    }
    unit_ = largest / (scale * 65535);
    const int window = (2 * rules_.radius + 1) * (2 * rules_.radius + 1);
    for (int neighbours = 0; neighbours < window; ++neighbours)
        shares_.push_back(neighbours ? 1 / static_cast<float>(neighbours) : 0.0F);
    if (!small_) return;
    pair_factors_.assign(lanes * lanes * lanes, 0);
    for (std::size_t s = 1; s <= n; ++s)
        for (std::size_t c = 1; c <= n; ++c)
            for (std::size_t k = 1; k <= n; ++k)
                if (allowed(s, c, k) && may_propose(c, k))
                    pair_factors_[((s - 1) * lanes + c - 1) * lanes + k - 1] = factors_[k - 1] * ease(c, k);
}

std::uint32_t TransitionKernel::steps_of(std::uint16_t suitability, unsigned count, unsigned neighbours, std::size_t c,
                                         std::size_t k) const {
    const float product = static_cast<float>(suitability) * (static_cast<float>(count) * shares_[neighbours]) *
                          (factors_[k - 1] * ease(c, k));
    return static_cast<std::uint32_t>(product) + (product > 0);
}

void TransitionKernel::propose(AutomatonMaps& maps, const Window& tile, Proposals& proposals) const {
    if (small_ && step_.allocation == Allocation::likeliest)
        propose_small<Allocation::likeliest>(maps, tile, proposals);
    else if (small_)
        propose_small<Allocation::roulette>(maps, tile, proposals);
    else
        propose_general(maps, tile, proposals);
}

template <Allocation allocation>
void TransitionKernel::propose_small(AutomatonMaps& maps, const Window& tile, Proposals& proposals) const {
    struct Candidate {
        Packed around;  ///< neighbours of each class
        std::size_t x;
    };
    const auto tile_width = static_cast<std::size_t>(tile.width);
    std::vector<Candidate> candidate_buffer(tile_width + 1);
    std::vector<Packed> column_buffer(tile_width + 2 * static_cast<std::size_t>(rules_.radius));
    wide([&] {
        // All that the loops use is held in values of their own: they write bytes, which may be part of anything else,
        // so that the rest would be read anew for each cell.
        CellGrid<std::uint8_t>& cells = maps.cells;
        const int r = rules_.radius;
        const std::size_t window = 2 * static_cast<std::size_t>(r), width = static_cast<std::size_t>(tile.width);
        const std::ptrdiff_t stride = cells.stride();
        const std::size_t n = rules_.classes, bins = bins_;
        const auto grid_width = static_cast<std::size_t>(cells.width());
        const Packed centre = rules_.centre == CentreCount::isolated ? every_byte : 0;
        const float* const shares = shares_.data();
        const float* const factors = pair_factors_.data();
        const std::uint16_t* const suitabilities = maps.suitability.data();
        const RandomStream draws = draws_;
        std::int64_t* const counts = proposals.counts.data();
        Candidate* const candidates = candidate_buffer.data();
        Packed* const column = column_buffer.data();
        // Sums of the columns of the window, kept from row to row.
        const std::uint8_t* const top = cells.row(tile.y) + tile.x - r;
        for (std::size_t i = 0; i < width + window; ++i) {
            Packed sum = 0;
            for (int dy = -r; dy < r; ++dy) sum += ones[top[static_cast<std::ptrdiff_t>(i) + dy * stride]];
            column[i] = sum;
        }
        for (int y = tile.y; y < tile.y + tile.height; ++y) {
            const std::uint8_t* const entering = cells.row(y + r) + tile.x - r;
            const std::uint8_t* const leaving = cells.row(y - r) + tile.x - r;
            const std::uint8_t* const present = cells.row(y) + tile.x;
            std::uint8_t* const next = cells.next_row(y) + tile.x;
            const std::size_t first = static_cast<std::size_t>(y) * grid_width + static_cast<std::size_t>(tile.x);
            const std::uint8_t* const start = maps.start.data() + first;
            for (std::size_t i = 0; i < width + window; ++i) column[i] += ones[entering[i]];
            Packed sum = 0;
            for (std::size_t i = 0; i < window; ++i) sum += column[i];
            // Where all neighbours have the cell's class, nothing else is possible. The others are listed first,
            // without a branch, so that the work on them is one even loop.
            std::size_t listed = 0;
            for (std::size_t x = 0; x < width; ++x) {
                sum += column[x + window];
                const std::uint8_t c = present[x];
                const Packed own = ones[c];
                const Packed around = sum - own;
                sum -= column[x];
                next[x] = c;
                candidates[listed] = {around, x};
                listed += (start[x] != 0) & ((around & ~(own * 255)) != 0);
            }
            for (std::size_t i = 0; i < listed; ++i) {
                const auto [around, x] = candidates[i];
                const std::size_t c = present[x];
                const std::size_t cell = first + x;
                Shorts suitability;
                std::memcpy(&suitability, suitabilities + cell * n, sizeof suitability);
                Floats factor;
                std::memcpy(&factor, factors + ((std::size_t{start[x]} - 1) * lanes + c - 1) * lanes, sizeof factor);
                const Packed own = ones[c];
                const Packed alone = (around & (own * 255)) == 0 ? own & centre : 0;
                const Bytes count = std::bit_cast<Bytes>(around + alone);
                const Floats product = __builtin_convertvector(__builtin_convertvector(suitability, Ints), Floats) *
                                       (__builtin_convertvector(__builtin_convertvector(count, Ints), Floats) *
                                        shares[sum_of_bytes(around)]) *
                                       factor;
                Ints steps = __builtin_convertvector(product, Ints) - (product > 0);
                std::size_t k = 0, bin = 0;
                if constexpr (allocation == Allocation::roulette) {
                    add_up(steps);
                    const auto total = static_cast<std::uint32_t>(steps[7]);
                    if (total == 0) continue;
                    const std::uint64_t bits = draws.bits(cell);
                    const auto drawn =
                        static_cast<std::int32_t>(random_below(static_cast<std::uint32_t>(bits >> 32), total));
                    // The class is the first whose sum is above the number drawn: as many are not.
                    const Bytes passed = __builtin_convertvector((steps <= drawn) & 1, Bytes);
                    k = sum_of_bytes(std::bit_cast<Packed>(passed)) + 1;
                    bin = bin_of_draw(static_cast<std::uint32_t>(bits));
                } else {
                    const Ints most = largest(steps);
                    if (most[0] == 0) continue;
                    const Bytes best = __builtin_convertvector((steps == most) & 1, Bytes);
                    k = static_cast<std::size_t>(std::countr_zero(std::bit_cast<Packed>(best))) / 8 + 1;
                    bin = bin_of_steps(static_cast<std::uint32_t>(most[0]));
                }
                next[x] = static_cast<std::uint8_t>(k);
                ++counts[((c - 1) * n + k - 1) * bins + bin];
            }
            for (std::size_t i = 0; i < width + window; ++i) column[i] -= ones[leaving[i]];
        }
    });
    const std::size_t n = rules_.classes, bins = bins_;
    std::int64_t* const counts = proposals.counts.data();
    // Cells that drew their own class propose nothing.
    for (std::size_t k = 0; k < n; ++k) std::fill_n(counts + (k * n + k) * bins, bins, 0);
}

namespace {

/// Neighbours of each class in the windows of a tile's cells, for any number of classes: words of eight classes each.
class WindowCounts {
public:
    WindowCounts(const CellGrid<std::uint8_t>& cells, int radius, std::size_t classes, const Window& tile)
        : cells_(cells),
          radius_(radius),
          words_((classes + 7) / 8),
          tile_(tile),
          columns_((static_cast<std::size_t>(tile.width) + 2 * static_cast<std::size_t>(radius)) * words_),
          sum_(words_) {
        for (int y = tile.y - radius; y < tile.y + radius; ++y) add_row(y, 1);
    }
    void begin_row(int y) {
        add_row(y + radius_, 1);
        std::fill(sum_.begin(), sum_.end(), 0);
        for (int i = 0; i < 2 * radius_; ++i) add_column(i, 1);
        next_ = 2 * radius_;
    }
    /// The counts of the window around the row's next cell, the cell included.
    const std::vector<Packed>& next_window() {
        if (next_ > 2 * radius_) add_column(next_ - 2 * radius_ - 1, -1);
        add_column(next_++, 1);
        return sum_;
    }
    void end_row(int y) { add_row(y - radius_, -1); }

private:
    void add_row(int y, int sign) {
        const std::uint8_t* const row = cells_.row(y) + tile_.x - radius_;
        const int width = tile_.width + 2 * radius_;
        for (int i = 0; i < width; ++i)
            if (const std::size_t k = row[i])
                columns_[static_cast<std::size_t>(i) * words_ + (k - 1) / 8] += sign > 0 ? ones[k] : ~ones[k] + 1;
    }
    void add_column(int i, int sign) {
        const Packed* const column = columns_.data() + static_cast<std::size_t>(i) * words_;
        for (std::size_t word = 0; word < words_; ++word) sum_[word] += sign > 0 ? column[word] : ~column[word] + 1;
    }
    const CellGrid<std::uint8_t>& cells_;
    int radius_;
    std::size_t words_;
    Window tile_;
    std::vector<Packed> columns_, sum_;
    int next_ = 0;
};

}  // namespace

void TransitionKernel::propose_general(AutomatonMaps& maps, const Window& tile, Proposals& proposals) const {
    const std::size_t n = rules_.classes;
    const auto grid_width = static_cast<std::size_t>(maps.cells.width());
    const auto& patches = step_.patches;
    const bool likeliest = step_.allocation == Allocation::likeliest;
    WindowCounts windows(maps.cells, rules_.radius, n, tile);
    std::vector<Packed> counts;
    std::vector<std::pair<std::size_t, std::uint32_t>> possible;  // class and steps of its probability
    for (int y = tile.y; y < tile.y + tile.height; ++y) {
        windows.begin_row(y);
        const std::uint8_t* const present = maps.cells.row(y);
        std::uint8_t* const next = maps.cells.next_row(y);
        for (int x = tile.x; x < tile.x + tile.width; ++x) {
            const std::vector<Packed>& window = windows.next_window();
            const std::size_t c = present[x];
            next[x] = present[x];
            const std::size_t cell = static_cast<std::size_t>(y) * grid_width + static_cast<std::size_t>(x);
            const std::size_t s = maps.start[cell];
            if (s == 0) continue;
            counts = window;
            counts[(c - 1) / 8] -= ones[c];
            unsigned neighbours = 0;
            for (const Packed word : counts) neighbours += sum_of_bytes(word);
            const auto count_of = [&](std::size_t k) {
                return static_cast<unsigned>(counts[(k - 1) / 8] >> (8 * ((k - 1) % 8))) & 255;
            };
            const unsigned own = count_of(c);
            const bool may_seed = patches && random_unit(seeds_.bits(cell)) < patches->seed_share;
            if (own == neighbours && !may_seed) continue;
            if (own == 0 && rules_.centre == CentreCount::isolated) counts[(c - 1) / 8] += ones[c];
            const std::uint16_t* const suitability = maps.suitability.data() + cell * n;
            possible.clear();
            std::uint64_t total = 0;
            for (std::size_t k = 1; k <= n; ++k) {
                const unsigned count = count_of(k);
                if ((count == 0 && !may_seed) || suitability[k - 1] == 0 || !allowed(s, c, k)) continue;
                std::uint32_t steps = 0;
                if (count > 0) {
                    steps = steps_of(suitability[k - 1], count, neighbours, c, k);
                } else if (k != c) {
                    // A seed, where a random number r falls below the growth probability P: P * (r * mu) * Inertia.
                    const double p = suitability[k - 1] / 65535.0;
                    const double r = random_unit(growth_.bits(cell * (n + 1) + k));
                    if (r < p)
                        steps = static_cast<std::uint32_t>(65535 * p * r * patches->expansion *
                                                           static_cast<double>(seed_factors_[k - 1] * ease(c, k))) +
                                1;
                }
                if (steps == 0) continue;
                if (!may_propose(c, k)) continue;
                possible.emplace_back(k, steps);
                total += steps;
            }
            if (total == 0) continue;
            const std::uint64_t bits = draws_.bits(cell);
            std::size_t k = 0;
            if (likeliest) {
                std::uint32_t best = 0;
                for (const auto& [candidate, steps] : possible)
                    if (steps > best) {
                        best = steps;
                        k = candidate;
                    }
            } else {
                auto drawn = static_cast<std::uint64_t>((static_cast<unsigned __int128>(bits >> 32) * total) >> 32);
                for (const auto& [candidate, steps] : possible) {
                    k = candidate;
                    if (drawn < steps) break;
                    drawn -= steps;
                }
            }
            if (k == c) continue;
            if (patches) {
                const double least = patches->threshold * random_about_one(growth_.bits(cell * (n + 1)));
                if (!(suitability[k - 1] / 65535.0 > least)) continue;
            }
            next[x] = static_cast<std::uint8_t>(k);
            ++proposals.counts[proposals.pair(c, k) * bins_ + bin(rank(maps, x, y, k))];
        }
        windows.end_row(y);
    }
}

std::uint32_t TransitionKernel::steps_at(const AutomatonMaps& maps, int x, int y, std::size_t to) const {
    const std::size_t n = rules_.classes;
    const std::size_t cell =
        static_cast<std::size_t>(y) * static_cast<std::size_t>(maps.cells.width()) + static_cast<std::size_t>(x);
    const std::size_t s = maps.start[cell];
    const std::size_t c = maps.cells.row(y)[x];
    if (s == 0 || !allowed(s, c, to)) return 0;
    unsigned count = 0, neighbours = 0;
    for (int dy = -rules_.radius; dy <= rules_.radius; ++dy)
        for (int dx = -rules_.radius; dx <= rules_.radius; ++dx) {
            if (dx == 0 && dy == 0) continue;
            const std::size_t k = maps.cells.row(y + dy)[x + dx];
            count += k == to;
            neighbours += k != 0;
        }
    if (to == c && count == 0 && rules_.centre == CentreCount::isolated) count = 1;
    return steps_of(maps.suitability[cell * n + to - 1], count, neighbours, c, to);
}

double TransitionKernel::probability(const AutomatonMaps& maps, int x, int y, std::size_t to) const {
    return steps_at(maps, x, y, to) * unit_;
}

}  // namespace landcarbon
