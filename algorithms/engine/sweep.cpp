// Land Carbon Toolbox: the run shapes: passing over aligned rasters block by block, in parallel, in bounded memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/sweep.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <optional>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

constexpr std::int64_t wanted_cells = 1 << 20;
constexpr int wanted_side = 512;  // what two byte rasters read and compute on fits a second-level cache

int ceil_div(int a, int b) { return (a - 1) / b + 1; }

}  // namespace

Sweep::Plan Sweep::plan(const Grid& grid, const Limits& limits) const {
    std::size_t bytes = 0;
    for (const auto& input : inputs) bytes += input.bytes_per_cell();
    for (const auto* output : outputs) bytes += output->bytes_per_cell();
    bytes = std::max<std::size_t>(bytes, 1);
    // Reading follows the blocks of the files: whole rows when any file is stored so, else squares of tiles.
    bool rows_only = inputs.empty();
    int tile_width = 1;
    int tile_height = 1;
    for (const auto& input : inputs) {
        const RasterFile& file = input.file();
        if (file.block_width() >= grid.width) rows_only = true;
        tile_height = std::max(tile_height, file.block_height());
        tile_width = std::max(tile_width, file.block_width());
    }
    for (const auto* output : outputs) {
        tile_height = std::max(tile_height, output->block_height());
        tile_width = std::max(tile_width, output->block_width());
    }
    const auto fits = [&](std::int64_t width, std::int64_t height) {
        return static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * bytes <= limits.memory;
    };
    const auto multiple = [](int unit, std::int64_t wanted, int all) {
        const std::int64_t count = std::max<std::int64_t>(1, wanted / unit);
        return static_cast<int>(std::min<std::int64_t>(static_cast<std::int64_t>(unit) * count, all));
    };
    Plan plan{};
    if (rows_only) {
        plan.width = grid.width;
        plan.height = multiple(tile_height, wanted_cells / std::max(1, grid.width), grid.height);
        // Too wide for whole tiles of the output: fewer rows, through GDAL's cache.
        while (plan.height > 1 && !fits(plan.width, static_cast<std::int64_t>(plan.height) * 2)) plan.height /= 2;
    } else {
        plan.width = multiple(tile_width, wanted_side, grid.width);
        plan.height = multiple(tile_height, wanted_side, grid.height);
        while (!fits(plan.width, static_cast<std::int64_t>(plan.height) * 2) && plan.height > tile_height)
            plan.height = multiple(tile_height, plan.height / 2, grid.height);
        while (!fits(plan.width, static_cast<std::int64_t>(plan.height) * 2) && plan.width > tile_width)
            plan.width = multiple(tile_width, plan.width / 2, grid.width);
    }
    if (limits.block_rows > 0) plan.height = std::min(limits.block_rows, grid.height);
    if (!fits(plan.width, plan.height))
        throw UserError(
            "memory",
            "MEMORY: one block of this raster needs " +
                std::to_string(static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height) * bytes /
                                   1048576 +
                               1) +
                " MiB, more than the " + std::to_string(limits.memory / 1048576) +
                " MiB allowed; give more memory, or store the raster in tiles (gdal_translate -co TILED=YES)");
    const std::size_t block_bytes =
        static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height) * bytes;
    plan.tokens = static_cast<int>(
        std::clamp<std::size_t>(limits.memory / block_bytes, 1, static_cast<std::size_t>(limits.threads) + 2));
    plan.across = ceil_div(grid.width, plan.width);
    plan.down = ceil_div(grid.height, plan.height);
    return plan;
}

void Sweep::run(const Grid& grid, const Limits& limits, const std::function<void(Block&)>& compute,
                const std::function<void(Block&)>& settle, const std::atomic<bool>& cancel,
                const std::function<void(double)>& progress) {
    const Plan plan = this->plan(grid, limits);
    const std::size_t total = static_cast<std::size_t>(plan.across) * static_cast<std::size_t>(plan.down);

    // Blocks are reused: as many as may be on their way at once.
    std::vector<std::unique_ptr<Block>> pool;
    std::vector<Block*> idle;
    std::mutex idle_mutex;
    for (int i = 0; i < plan.tokens; ++i) {
        pool.push_back(std::make_unique<Block>());
        pool.back()->inputs_.resize(inputs.size());
        pool.back()->valid_.resize(inputs.size());
        pool.back()->outputs_.resize(outputs.size());
        idle.push_back(pool.back().get());
    }

    const auto read = [&](Block& block) {
        const std::size_t cells = block.cells();
        for (std::size_t i = 0; i < inputs.size(); ++i) {
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
        }
        for (std::size_t i = 0; i < inputs.size(); ++i)
            if (i == 0 || &inputs[i].file() != &inputs[i - 1].file()) inputs[i].file().forget_blocks();
        for (std::size_t i = 0; i < outputs.size(); ++i) block.outputs_[i].resize(cells * outputs[i]->bytes_per_cell());
    };
    const auto write = [&](Block& block) {
        for (std::size_t i = 0; i < outputs.size(); ++i) {
            const std::size_t bands = outputs[i]->description().bands.size();
            const std::size_t stride = block.outputs_[i].size() / bands;
            for (std::size_t band = 0; band < bands; ++band)
                outputs[i]->write(static_cast<int>(band) + 1, block.window, block.outputs_[i].data() + band * stride);
        }
    };

    std::size_t next = 0;
    std::size_t finished = 0;
    // Without this oneTBB complains on stderr when more threads are asked for than there are cores.
    std::optional<tbb::global_control> more_workers;
    if (limits.threads > tbb::this_task_arena::max_concurrency())
        more_workers.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(limits.threads));
    tbb::task_arena arena(limits.threads);
    arena.execute([&] {
        tbb::parallel_pipeline(
            static_cast<std::size_t>(plan.tokens),
            tbb::make_filter<void, Block*>(tbb::filter_mode::serial_in_order, [&](tbb::flow_control& flow) -> Block* {
                if (cancel) throw Cancelled();
                if (next == total) {
                    flow.stop();
                    return nullptr;
                }
                Block* block = nullptr;
                {
                    const std::scoped_lock lock(idle_mutex);
                    block = idle.back();
                    idle.pop_back();
                }
                const int x = static_cast<int>(next % static_cast<std::size_t>(plan.across)) * plan.width;
                const int y = static_cast<int>(next / static_cast<std::size_t>(plan.across)) * plan.height;
                block->window = {x, y, std::min(plan.width, grid.width - x), std::min(plan.height, grid.height - y)};
                block->index_ = next++;
                return block;
            }) & tbb::make_filter<Block*, Block*>(tbb::filter_mode::parallel, [&](Block* block) {
                if (cancel) throw Cancelled();
                read(*block);
                if (cancel) throw Cancelled();
                compute(*block);
                return block;
            }) & tbb::make_filter<Block*, void>(tbb::filter_mode::serial_in_order, [&](Block* block) {
                if (cancel) throw Cancelled();
                if (settle) settle(*block);
                write(*block);
                progress(static_cast<double>(++finished) / static_cast<double>(total));
                const std::scoped_lock lock(idle_mutex);
                idle.push_back(block);
            }));
    });
}

}  // namespace landcarbon
