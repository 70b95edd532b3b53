// Land Carbon Toolbox: running the stages of a oneTBB pipeline: how many threads, and what they see of what came before.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/pipeline.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <cstdint>
#include <optional>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

/// Pipelines begun so far: counted before one runs, looked at by its stages.
std::atomic<std::uint64_t> begun{0};

/// Takes a lock for a moment when it goes: what was done before, also when it failed, is seen by whoever locks next.
struct Handover {
    std::mutex& mutex;
    ~Handover() { const std::scoped_lock lock(mutex); }
};

}  // namespace

void see_what_was_made_ready() { begun.load(); }

void run_pipeline(const tbb::filter<void, void>& stages, int threads, std::size_t tokens) {
    // Without this oneTBB complains on stderr when more threads are asked for than there are cores.
    std::optional<tbb::global_control> more_workers;
    if (threads > tbb::this_task_arena::max_concurrency())
        more_workers.emplace(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(threads));
    ++begun;
    tbb::task_arena arena(threads);
    arena.execute([&] { tbb::parallel_pipeline(tokens, stages); });
}

void NumberedWork::check_cancel() const {
    if (cancel_) throw Cancelled();
}

void NumberedWork::each(std::size_t count, const std::function<void(std::size_t)>& work) {
    const auto one = [&](std::size_t number) {
        see_what_was_made_ready();
        const Handover after{handover_};
        check_cancel();
        { const std::scoped_lock lock(handover_); }
        work(number);
    };
    if (threads_ == 1) {
        for (std::size_t number = 0; number < count; ++number) one(number);
        return;
    }
    std::size_t next = 0;  // with `handover_` held
    const auto hand_out = [&](tbb::flow_control& flow) -> std::size_t {
        see_what_was_made_ready();
        const std::scoped_lock lock(handover_);
        if (next == count) {
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
