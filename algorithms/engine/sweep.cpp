// Land Carbon Toolbox: the run shapes: passing over aligned rasters block by block, in parallel, in bounded memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/sweep.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "engine/pipeline.hpp"
#include "spec/errors.hpp"

namespace landcarbon {
namespace {

constexpr std::int64_t wanted_cells = 1 << 20;
constexpr int wanted_side = 512;                // what two byte rasters read and compute on fits a second-level cache
constexpr std::size_t wanted_bytes = 32 << 20;  // of a block of a deep stack, so that threads have blocks to share

int ceil_div(int a, int b) { return (a - 1) / b + 1; }

}  // namespace

Sweep::Plan Sweep::plan(const Grid& grid, const Limits& limits) const {
    std::size_t bytes = 0;
    std::size_t scratch = 0;
    for (const auto& input : inputs) {
        bytes += input.bytes_per_cell();
        scratch = std::max(scratch, input.scratch_per_cell());
    }
    bytes += scratch;
    for (const auto* output : outputs) bytes += output->bytes_per_cell();
    bytes = std::max<std::size_t>(bytes, 1);
    // GDAL unfolds a tile and keeps it in its cache as well; one file after another is read for a block.
    std::size_t tile_bytes = 0;
    for (const auto& input : inputs) tile_bytes = std::max(tile_bytes, 2 * input.file().tile_bytes());
    if (tile_bytes <= 2 * largest_kept_tile) tile_bytes = 0;
    // Reading follows the blocks of the files: whole rows when any file is stored so, else squares of tiles. A block
    // holds whole tiles of the outputs, so that each of these is compressed and written once.
    bool rows_only = inputs.empty();
    int read_width = 1;
    int read_height = 1;
    for (const auto& input : inputs) {
        const RasterFile& file = input.file();
        if (file.block_width() >= grid.width) rows_only = true;
        read_width = std::max(read_width, file.block_width());
        read_height = std::max(read_height, file.block_height());
    }
    int write_width = 1;
    int write_height = 1;
    for (const auto* output : outputs) {
        write_width = std::max(write_width, output->block_width());
        write_height = std::max(write_height, output->block_height());
    }
    const int unit_width = ceil_div(read_width, write_width) * write_width;
    const int unit_height = ceil_div(read_height, write_height) * write_height;
    // Two blocks to work on and one to be written. Never by the number of threads: sums that are merged block by block
    // must not depend on it.
    constexpr std::size_t under_way = 3;
    const auto fits = [&](std::int64_t width, std::int64_t height) {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * bytes * under_way <=
               limits.memory - std::min(tile_bytes, limits.memory / 2);
    };
    // As many whole units as `wanted` holds, but one at least and not more than there are cells.
    const auto multiple = [](int unit, std::int64_t wanted, int all) {
        const std::int64_t count = std::max<std::int64_t>(1, wanted / unit);
        return static_cast<int>(std::min<std::int64_t>(static_cast<std::int64_t>(unit) * count, all));
    };
    Plan plan{};
    if (rows_only) {
        plan.width = grid.width;
        plan.height = multiple(unit_height, wanted_cells / std::max(1, grid.width), grid.height);
    } else {
        plan.width = multiple(unit_width, wanted_side, grid.width);
        plan.height = multiple(unit_height, wanted_side, grid.height);
    }
    // Deep stacks: fewer whole units, never less than one, which would be read again.
    while (plan.height > unit_height &&
           static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height) * bytes > wanted_bytes)
        plan.height = multiple(unit_height, plan.height / 2, grid.height);
    while (!fits(plan.width, plan.height) && plan.height > write_height)
        plan.height = multiple(write_height, plan.height / 2, grid.height);
    while (!rows_only && !fits(plan.width, plan.height) && plan.width > write_width)
        plan.width = multiple(write_width, plan.width / 2, grid.width);
    // Deep stacks and very wide rasters: less than a tile at once, read again for each part and written through GDAL's
    // cache.
    while (plan.height > 1 && !fits(plan.width, plan.height)) plan.height /= 2;
    if (limits.block_rows > 0) plan.height = std::min(limits.block_rows, grid.height);
    const std::size_t block_bytes =
        static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height) * bytes;
    if (block_bytes > limits.memory)
        throw wrong("memory",
                    "one block of this raster needs " + std::to_string(block_bytes / 1048576 + 1) +
                        " MiB, more than the " + std::to_string(limits.memory / 1048576) +
                        " MiB allowed; give more memory, or store the raster in tiles (gdal_translate -co TILED=YES)");
    plan.tokens = static_cast<int>(std::clamp<std::size_t>(limits.memory / (block_bytes + tile_bytes), 1,
                                                           static_cast<std::size_t>(limits.threads) + 2));
    plan.across = ceil_div(grid.width, plan.width);
    plan.down = ceil_div(grid.height, plan.height);
    return plan;
}

namespace {

using Clock = std::chrono::steady_clock;

/// What a slice should take: short beside what a user notices, long beside what handing it out costs.
constexpr double wanted_seconds = 0.02;
/// Pairs of bands in the first slice, as if a cell cost a step for each pair.
constexpr std::size_t first_pairs = 1 << 12;

std::atomic<std::size_t> fixed_cells{0};

}  // namespace

/// A block that is cut: who asks gets the next slice.
class Slices::Cutting {
public:
    Cutting(Slices& slices, Block& block, const std::function<void(Block&)>& kernel)
        : slices_(slices), block_(block), kernel_(kernel) {}

    /// Works on slices until none is left, or until `stop` says so. @throws Cancelled, and what the kernel throws
    template <class Stop>
    void work(Stop stop) {
        try {
            while (!stop()) {
                if (slices_.cancel_) throw Cancelled();
                Window part;
                std::size_t first = 0;
                if (!next(part, first)) return;
                Block slice(block_, part, first);
                const auto begun = Clock::now();
                kernel_(slice);
                slices_.told(slice.cells(), std::chrono::duration<double>(Clock::now() - begun).count());
            }
        } catch (...) {
            const std::scoped_lock lock(slices_.mutex_);
            next_ = block_.cells();  // nobody begins another one
            throw;
        }
    }
    /// Slices that are left, were they all as long as the next one.
    std::size_t left() {
        const std::scoped_lock lock(slices_.mutex_);
        return (block_.cells() - next_) / slices_.cells_;
    }

private:
    bool next(Window& part, std::size_t& first) {
        const std::scoped_lock lock(slices_.mutex_);
        if (next_ == block_.cells()) return false;
        const auto width = static_cast<std::size_t>(block_.window.width);
        const std::size_t column = next_ % width, row = next_ / width;
        const std::size_t fixed = fixed_cells;
        const std::size_t wanted = fixed ? fixed : slices_.cells_;
        part = block_.window;
        part.y += static_cast<int>(row);
        if (column > 0 || wanted < width) {
            part.x += static_cast<int>(column);
            part.width = static_cast<int>(std::min(wanted, width - column));
            part.height = 1;
        } else {
            part.height = std::min(static_cast<int>(std::min<std::size_t>(wanted / width, 1 << 30)),
                                   block_.window.height - static_cast<int>(row));
        }
        first = next_;
        next_ += part.cells();
        return true;
    }
    Slices& slices_;
    Block& block_;
    const std::function<void(Block&)>& kernel_;
    std::size_t next_ = 0;  ///< the first cell that nobody has; with the mutex of `slices_` held
};

Slices::Slices(const std::atomic<bool>& cancel, int threads, std::size_t bands)
    : cancel_(cancel), threads_(threads), cells_(std::max<std::size_t>(1, first_pairs / (bands * bands))) {}

void Slices::fix(std::size_t cells) { fixed_cells = cells; }

void Slices::told(std::size_t cells, double seconds) {
    const std::scoped_lock lock(mutex_);
    // Work that costs much by itself, such as laying polygons on the cells, gains nothing from small slices.
    bool by_cells = true;
    if (last_cells_ > 0 && last_cells_ != cells) {
        const double more = static_cast<double>(cells) / static_cast<double>(last_cells_);
        const double longer = seconds / std::max(last_seconds_, 1e-9);
        by_cells = more > 1 ? longer > more / 2 : longer < more * 2;
    }
    constexpr std::size_t most = std::size_t{1} << 40;
    if (seconds < wanted_seconds / 2 || !by_cells)
        cells_ = std::min(std::max(cells, cells_ / 4) * 4, most);
    else if (seconds > wanted_seconds * 2)
        cells_ = std::max<std::size_t>(
            1, std::max(cells / 4, static_cast<std::size_t>(static_cast<double>(cells) * wanted_seconds / seconds)));
    last_cells_ = cells;
    last_seconds_ = seconds;
}

void Slices::each(Block& block, const std::function<void(Block&)>& kernel) {
    Cutting(*this, block, kernel).work([] { return false; });
}

/// A block that several threads work on: who takes part sees what its own thread has made ready, and that thread sees
/// in the end what all have done, also where they end with an error. oneTBB sees to that as well, but the thread
/// sanitizer does not see into Debian's oneTBB.
template <class Cut>
struct SharedBlock {
    explicit SharedBlock(Cut& cut) { cut_.store(&cut, std::memory_order_release); }
    ~SharedBlock() { finished_.load(std::memory_order_acquire); }
    SharedBlock(const SharedBlock&) = delete;
    SharedBlock& operator=(const SharedBlock&) = delete;
    __attribute__((noinline)) void help() {
        struct Leaving {
            std::atomic<int>& finished;
            ~Leaving() { finished.fetch_add(1, std::memory_order_acq_rel); }
        } leaving{finished_};
        cut_.load(std::memory_order_acquire)->work([] { return false; });
    }

private:
    std::atomic<Cut*> cut_{nullptr};
    std::atomic<int> finished_{0};
};

void Slices::spread(Block& block, const std::function<void(Block&)>& kernel) {
    Cutting cutting(*this, block, kernel);
    if (threads_ == 1) return cutting.work([] { return false; });
    // Alone while a slice is a matter of little time; more threads are called where it is worth it.
    const auto begun = Clock::now();
    cutting.work([&] {
        return std::chrono::duration<double>(Clock::now() - begun).count() > wanted_seconds / 2 && cutting.left() > 1;
    });
    if (cutting.left() == 0) return cutting.work([] { return false; });
    // No thread of these takes up another block meanwhile: its own is locked.
    SharedBlock<Cutting> shared(cutting);
    tbb::this_task_arena::isolate([&] {
        tbb::parallel_for(
            0, threads_, [&shared](int) __attribute__((no_sanitize("thread"))) { shared.help(); },
            tbb::simple_partitioner());
    });
    const std::scoped_lock lock(mutex_);  // what the others did is seen
}

/// One pass under way. Its stages run in oneTBB's threads; what one thread leaves to another it leaves under a lock.
/// oneTBB keeps the order of the stages by itself, so no lock is waited for long; they say who may touch what, to the
/// reader and to the thread sanitizer, which does not see into Debian's oneTBB.
class Sweep::Passing {
public:
    Passing(Sweep& sweep, const Grid& grid, const Plan& plan, int threads, const Compute& compute,
            const std::function<void(Block&)>& settle, const std::atomic<bool>& cancel,
            const std::function<void(double)>& progress)
        : sweep_(sweep),
          grid_(grid),
          plan_(plan),
          total_(static_cast<std::size_t>(plan.across) * static_cast<std::size_t>(plan.down)),
          compute_(compute),
          settle_(settle),
          cancel_(cancel),
          progress_(progress),
          slices_(cancel, threads, std::max<std::size_t>(1, sweep.inputs.size())) {
        // Blocks are used again: as many as may be on their way at once.
        for (int i = 0; i < plan.tokens; ++i) {
            Block& block = *pool_.emplace_back(std::make_unique<Block>());
            block.inputs_.resize(sweep.inputs.size());
            block.valid_.resize(sweep.inputs.size());
            block.outputs_.resize(sweep.outputs.size());
            idle_.push_back(&block);
        }
    }
    ~Passing() {
        for (const auto& block : pool_) const std::scoped_lock lock(block->mutex_);
        const std::scoped_lock lock(hand_out_, finish_);
    }

    /// First stage, in order: an idle block with its window; nullptr after the last one.
    Block* hand_out() {
        const std::scoped_lock lock(hand_out_);
        if (cancel_) throw Cancelled();
        if (next_ == total_) return nullptr;
        Block* block = idle_.back();
        idle_.pop_back();
        const std::scoped_lock own(block->mutex_);
        const int x = static_cast<int>(next_ % static_cast<std::size_t>(plan_.across)) * plan_.width;
        const int y = static_cast<int>(next_ / static_cast<std::size_t>(plan_.across)) * plan_.height;
        block->window = {x, y, std::min(plan_.width, grid_.width - x), std::min(plan_.height, grid_.height - y)};
        ++next_;
        return block;
    }

    /// Second stage, in any order and in parallel.
    void work(Block& block) {
        const std::scoped_lock own(block.mutex_);
        if (cancel_) throw Cancelled();
        read(block);
        if (cancel_) throw Cancelled();
        compute_(block, slices_);
    }

    /// Last stage, in order.
    void finish(Block& block) {
        const std::scoped_lock lock(finish_);
        {
            const std::scoped_lock own(block.mutex_);
            if (cancel_) throw Cancelled();
            if (settle_) settle_(block);
            write(block);
        }
        progress_(static_cast<double>(++finished_) / static_cast<double>(total_));
        const std::scoped_lock idle(hand_out_);
        idle_.push_back(&block);
    }

private:
    void read(Block& block) {
        std::vector<Layer>& inputs = sweep_.inputs;
        const std::size_t cells = block.cells();
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (cancel_) throw Cancelled();
            auto& buffer = block.inputs_[i];
            switch (inputs[i].as()) {
                case ReadAs::classes:
                    buffer.resize(cells * sizeof(std::uint16_t));
                    inputs[i].read_classes(block.window, reinterpret_cast<std::uint16_t*>(buffer.data()));
                    break;
                case ReadAs::real32:
                    buffer.resize(cells * sizeof(float));
                    block.valid_[i].resize(cells);
                    inputs[i].read(block.window, reinterpret_cast<float*>(buffer.data()), block.valid_[i].data());
                    break;
                case ReadAs::real64:
                    buffer.resize(cells * sizeof(double));
                    block.valid_[i].resize(cells);
                    inputs[i].read(block.window, reinterpret_cast<double*>(buffer.data()), block.valid_[i].data());
                    break;
            }
            // The bands of one file follow each other and share what GDAL has read of it.
            if (i + 1 == inputs.size() || &inputs[i].file() != &inputs[i + 1].file()) inputs[i].file().forget_blocks();
        }
        for (std::size_t i = 0; i < sweep_.outputs.size(); ++i)
            block.outputs_[i].resize(cells * sweep_.outputs[i]->bytes_per_cell());
    }

    void write(Block& block) {
        for (std::size_t i = 0; i < sweep_.outputs.size(); ++i) {
            RasterSink& output = *sweep_.outputs[i];
            const std::size_t bands = output.description().bands.size();
            const std::size_t stride = block.outputs_[i].size() / bands;
            for (std::size_t band = 0; band < bands; ++band) {
                if (cancel_) throw Cancelled();
                output.write(static_cast<int>(band) + 1, block.window, block.outputs_[i].data() + band * stride);
            }
        }
    }

    Sweep& sweep_;
    const Grid& grid_;
    const Plan plan_;
    const std::size_t total_;
    const Compute& compute_;
    const std::function<void(Block&)>& settle_;
    const std::atomic<bool>& cancel_;
    const std::function<void(double)>& progress_;
    Slices slices_;
    std::vector<std::unique_ptr<Block>> pool_;
    std::mutex hand_out_;
    std::vector<Block*> idle_;  ///< with `hand_out_` held
    std::size_t next_ = 0;      ///< with `hand_out_` held
    std::mutex finish_;
    std::size_t finished_ = 0;  ///< with `finish_` held
};

void Sweep::run(const Grid& grid, const Limits& limits, const Compute& compute,
                const std::function<void(Block&)>& settle, const std::atomic<bool>& cancel,
                const std::function<void(double)>& progress) {
    const Plan plan = this->plan(grid, limits);
    Passing passing(*this, grid, plan, limits.threads, compute, settle, cancel, progress);
    const auto hand_out = [&passing](tbb::flow_control& flow) -> Block* {
        see_what_was_made_ready();
        Block* block = passing.hand_out();
        if (!block) flow.stop();
        return block;
    };
    const auto work = [&passing](Block* block) {
        see_what_was_made_ready();
        passing.work(*block);
        return block;
    };
    const auto finish = [&passing](Block* block) {
        see_what_was_made_ready();
        passing.finish(*block);
    };
    constexpr auto in_order = tbb::filter_mode::serial_in_order;
    const tbb::filter<void, void> stages = tbb::make_filter<void, Block*>(in_order, hand_out) &
                                           tbb::make_filter<Block*, Block*>(tbb::filter_mode::parallel, work) &
                                           tbb::make_filter<Block*, void>(in_order, finish);
    run_pipeline(stages, limits.threads, static_cast<std::size_t>(plan.tokens));
}

}  // namespace landcarbon
