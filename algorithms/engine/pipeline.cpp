// Land Carbon Toolbox: running the stages of a oneTBB pipeline: how many threads, and what they see of what came before.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/pipeline.hpp"

#include <tbb/global_control.h>
#include <tbb/task_arena.h>

#include <atomic>
#include <cstdint>
#include <optional>

namespace landcarbon {
namespace {

/// Pipelines begun so far: counted before one runs, looked at by its stages.
std::atomic<std::uint64_t> begun{0};

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

}  // namespace landcarbon
