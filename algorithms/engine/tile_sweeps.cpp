// Land Carbon Toolbox: the shape `iterate`: sweeping again and again over the tiles of a map held in memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/tile_sweeps.hpp"

#include <tbb/global_control.h>
#include <tbb/parallel_pipeline.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

std::size_t ceil_div(int a, int b) { return static_cast<std::size_t>((a - 1) / b + 1); }

/// Sweeps begun so far; counted before a sweep and looked at first by each tile's work, as in engine/sweep.cpp: so what
/// was made ready before the sweep is seen by the tiles, whichever thread they run in.
std::atomic<std::uint64_t> begun{0};

/// Takes a lock for a moment when it goes: what was done before, also when it failed, is seen by whoever locks next.
struct Handover {
    std::mutex& mutex;
    ~Handover() { const std::scoped_lock lock(mutex); }
};

}  // namespace

std::size_t TileSweeps::tiles() const { return ceil_div(width_, tile_.width) * ceil_div(height_, tile_.height); }

void TileSweeps::check_cancel() const {
    if (cancel_) throw Cancelled();
}

void TileSweeps::each_tile(const std::function<void(std::size_t, const Window&)>& work) {
    const std::size_t across = ceil_div(width_, tile_.width);
    const auto one = [&](std::size_t number) {
        if (begun.load() == 0) return;
        const Handover after{handover_};
        check_cancel();
        { const std::scoped_lock lock(handover_); }
        const int x = static_cast<int>(number % across) * tile_.width;
        const int y = static_cast<int>(number / across) * tile_.height;
        work(number, {x, y, std::min(tile_.width, width_ - x), std::min(tile_.height, height_ - y)});
    };
    if (threads_ == 1) {
        ++begun;
        for (std::size_t number = 0; number < tiles(); ++number) one(number);
        return;
    }
    // Without this oneTBB complains on stderr when more threads are asked for than there are cores.
    std::optional<tbb::global_control> more_workers;
    if (threads_ > tbb::this_task_arena::max_concurrency())
        more_workers.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads_));
    std::size_t next = 0;  // with `handover_` held
    const auto hand_out = [&](tbb::flow_control& flow) -> std::size_t {
        if (begun.load() == 0) return 0;
        const std::scoped_lock lock(handover_);
        if (next == tiles()) {
            flow.stop();
            return 0;
        }
        return next++;
    };
    const tbb::filter<void, void> stages =
        tbb::make_filter<void, std::size_t>(tbb::filter_mode::serial_in_order, hand_out) &
        tbb::make_filter<std::size_t, void>(tbb::filter_mode::parallel, one);
    ++begun;
    const Handover after{handover_};
    tbb::task_arena arena(threads_);
    arena.execute([&] { tbb::parallel_pipeline(static_cast<std::size_t>(threads_) + 2, stages); });
}

}  // namespace landcarbon
