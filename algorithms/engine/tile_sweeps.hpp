// Land Carbon Toolbox: the shape `iterate`: sweeping again and again over the tiles of a map held in memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "engine/grid.hpp"
#include "engine/pipeline.hpp"

namespace landcarbon {

/// Sweeps over a grid, tile by tile and in parallel. A tile's work may read all of the present map and write its own
/// cells of the next one; random numbers it takes by cell (maths/counter_random.hpp). So neither threads nor the size
/// of tiles can change a result.
class TileSweeps {
public:
    struct Shape {
        int width = 256, height = 128;  ///< of a tile: what a byte grid reads and writes stays in a first-level cache
    };
    /// @param cancel looked at before each tile
    TileSweeps(int width, int height, Shape tile, int threads, const std::atomic<bool>& cancel)
        : width_(width), height_(height), tile_(tile), work_(threads, cancel) {}

    /// Works on all tiles once. A state with `order_free` is kept once a thread, any other once a tile and merged in
    /// the order of tiles.
    /// @param step called with the state to add to and the tile's window; runs in parallel
    /// @throws Cancelled, and what `step` throws
    template <class State, class Step>
    State sweep(const State& empty, const Step& step) {
        if constexpr (requires { State::order_free; }) {
            return sum_by_thread(empty, [&](const auto& own) {
                each_tile([&](std::size_t, const Window& tile) { step(own(), tile); });
            });
        } else {
            State total = empty;
            std::vector<State> states(tiles(), empty);
            each_tile([&](std::size_t number, const Window& tile) { step(states[number], tile); });
            for (const State& state : states) total.merge(state);
            return total;
        }
    }
    /// The same for work that leaves nothing but cells.
    void sweep(const std::function<void(const Window&)>& step) {
        each_tile([&](std::size_t, const Window& tile) { step(tile); });
    }
    /// For work between sweeps that takes long. @throws Cancelled
    void check_cancel() const { work_.check_cancel(); }

private:
    std::size_t tiles() const;
    void each_tile(const std::function<void(std::size_t, const Window&)>& work);
    int width_, height_;
    Shape tile_;
    NumberedWork work_;
};

}  // namespace landcarbon
