// Land Carbon Toolbox: the run shapes: passing over aligned rasters block by block, in parallel, in bounded memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include <tbb/enumerable_thread_specific.h>

#include "engine/sink.hpp"
#include "engine/source.hpp"

namespace landcarbon {

class Monitor;

/// A rectangle of cells on its way through a pass: inputs filled in, outputs to be filled. Buffers are row-major, one
/// after the other by input and by output band, so that loops over cells vectorise.
class Block {
public:
    Window window;

    std::size_t cells() const { return window.cells(); }
    /// Slots of classes (0: no class) of input `i`, which was opened as classes.
    const std::uint16_t* classes(std::size_t i) const {
        return reinterpret_cast<const std::uint16_t*>(inputs_[i].data());
    }
    /// Measurements of input `i`; invalid cells hold NaN. T is float or double, as the input was opened.
    template <class T>
    const T* values(std::size_t i) const {
        return reinterpret_cast<const T*>(inputs_[i].data());
    }
    /// 1 where input `i` (measurements) holds a value.
    const std::uint8_t* valid(std::size_t i) const { return valid_[i].data(); }
    /// Cells of one output band, to be written; T must be the output's type.
    template <class T>
    T* output(std::size_t sink, std::size_t band = 0) {
        auto& buffer = outputs_[sink];
        return reinterpret_cast<T*>(buffer.data()) + band * cells();
    }

private:
    friend class Sweep;
    std::mutex mutex_;  ///< held by the stage that works on it
    std::vector<std::vector<unsigned char>> inputs_;
    std::vector<std::vector<std::uint8_t>> valid_;
    std::vector<std::vector<unsigned char>> outputs_;
};

/// One pass over all cells. Reading and computing run in parallel, writing and merging in the order of blocks.
class Sweep {
public:
    std::vector<Layer> inputs;
    std::vector<RasterSink*> outputs;

    struct Limits {
        int threads = 1;
        std::size_t memory = 0;  ///< bytes for blocks
        int block_rows = 0;      ///< for tests: height of blocks; 0: chosen
    };

    /// @param compute runs in parallel, once for each block
    /// @param settle runs in order, after `compute`, one block at a time; may be empty
    /// @param cancel checked between blocks
    /// @param progress called in order with the share of cells done
    void run(const Grid& grid, const Limits& limits, const std::function<void(Block&)>& compute,
             const std::function<void(Block&)>& settle, const std::atomic<bool>& cancel,
             const std::function<void(double)>& progress);

private:
    struct Plan {
        int width, height, across, down;
        int tokens;
    };
    class Passing;
    Plan plan(const Grid& grid, const Limits& limits) const;
};

}  // namespace landcarbon
