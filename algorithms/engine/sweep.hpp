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

    Block() = default;
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    std::size_t cells() const { return window.cells(); }
    /// Slots of classes (0: no class) of input `i`, which was opened as classes.
    const std::uint16_t* classes(std::size_t i) const {
        return reinterpret_cast<const std::uint16_t*>(whole_->inputs_[i].data()) + first_;
    }
    /// Measurements of input `i`; invalid cells hold NaN. T is float or double, as the input was opened.
    template <class T>
    const T* values(std::size_t i) const {
        return reinterpret_cast<const T*>(whole_->inputs_[i].data()) + first_;
    }
    /// 1 where input `i` (measurements) holds a value.
    const std::uint8_t* valid(std::size_t i) const { return whole_->valid_[i].data() + first_; }
    /// Cells of one output band, to be written; T must be the output's type.
    template <class T>
    T* output(std::size_t sink, std::size_t band = 0) {
        return reinterpret_cast<T*>(whole_->outputs_[sink].data()) + band * whole_->cells() + first_;
    }

private:
    friend class Sweep;
    friend class Slices;
    /// Cells of `whole` from `first` on that follow each other in its buffers: rows, or a part of one row.
    Block(Block& whole, const Window& part, std::size_t first) : window(part), whole_(&whole), first_(first) {}
    Block* whole_ = this;    ///< whose buffers it looks into
    std::size_t first_ = 0;  ///< its first cell in them
    std::mutex mutex_;       ///< held by the stage that works on it
    std::vector<std::vector<unsigned char>> inputs_;
    std::vector<std::vector<std::uint8_t>> valid_;
    std::vector<std::vector<unsigned char>> outputs_;
};

/// Hands the cells of blocks to a kernel, slice by slice. What a cell costs is known only when it has been worked on (a
/// series of 400 steps takes a million times as long as a count), so slices are cut by the time that the last ones
/// took: cancel is seen between them, and the threads share a block of costly cells. Kernels give the same bits for any
/// cut.
class Slices {
public:
    /// @param bands how many bands a cell has: where the first slices begin
    Slices(const std::atomic<bool>& cancel, int threads, std::size_t bands);
    /// In any order, by several threads when it takes long. @throws Cancelled, and what the kernel throws
    void spread(Block& block, const std::function<void(Block&)>& kernel);
    /// One after the other. @throws Cancelled, and what the kernel throws
    void each(Block& block, const std::function<void(Block&)>& kernel);
    /// For tests: all slices from now on have so many cells at most; 0: by time again.
    static void fix(std::size_t cells);

private:
    class Cutting;
    void told(std::size_t cells, double seconds);
    const std::atomic<bool>& cancel_;
    const int threads_;
    std::mutex mutex_;
    std::size_t cells_;           ///< of the next slice; this and the next ones with `mutex_` held
    std::size_t last_cells_ = 0;  ///< of the slice that was measured last, and what it took
    double last_seconds_ = 0;
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

    using Compute = std::function<void(Block&, Slices&)>;
    /// @param compute runs in parallel, once for each block, and hands its cells on by `Slices`
    /// @param settle runs in order, after `compute`, one block at a time; may be empty
    /// @param cancel checked between slices, and between the bands that are read and written
    /// @param progress called in order with the share of cells done
    void run(const Grid& grid, const Limits& limits, const Compute& compute, const std::function<void(Block&)>& settle,
             const std::atomic<bool>& cancel, const std::function<void(double)>& progress);

private:
    struct Plan {
        int width, height, across, down;
        int tokens;
    };
    class Passing;
    Plan plan(const Grid& grid, const Limits& limits) const;
};

}  // namespace landcarbon
