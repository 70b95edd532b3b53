// Land Carbon Toolbox: the shape `iterate`: sweeping again and again over the tiles of a map held in memory.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/tile_sweeps.hpp"

#include <algorithm>

#include "engine/pipeline.hpp"
#include "spec/errors.hpp"

namespace landcarbon {
namespace {

std::size_t ceil_div(int a, int b) { return static_cast<std::size_t>((a - 1) / b + 1); }

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
        see_what_was_made_ready();
        const Handover after{handover_};
        check_cancel();
        { const std::scoped_lock lock(handover_); }
        const int x = static_cast<int>(number % across) * tile_.width;
        const int y = static_cast<int>(number / across) * tile_.height;
        work(number, {x, y, std::min(tile_.width, width_ - x), std::min(tile_.height, height_ - y)});
    };
    if (threads_ == 1) {
        for (std::size_t number = 0; number < tiles(); ++number) one(number);
        return;
    }
    std::size_t next = 0;  // with `handover_` held
    const auto hand_out = [&](tbb::flow_control& flow) -> std::size_t {
        see_what_was_made_ready();
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
    const Handover after{handover_};
    run_pipeline(stages, threads_, static_cast<std::size_t>(threads_) + 2);
}

}  // namespace landcarbon
