// Land Carbon Toolbox: running the stages of a oneTBB pipeline: how many threads, and what they see of what came before.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <mutex>

#include <tbb/enumerable_thread_specific.h>
#include <tbb/parallel_pipeline.h>

namespace landcarbon {

/// To be called first in each stage: so what was made ready before run_pipeline is seen by it, whichever thread it runs
/// in. oneTBB sees to that as well, but the thread sanitizer does not see into Debian's oneTBB.
void see_what_was_made_ready();

/// Runs the stages to their end. @param tokens how many things may be on their way at once
/// @throws what a stage throws
void run_pipeline(const tbb::filter<void, void>& stages, int threads, std::size_t tokens);

/// Sums up in parallel: a state for each thread that works, all merged at the end. For states with `order_free`, whose
/// order of merging does not matter.
/// @param work is called once, with a function that gives the state of the thread that calls it
template <class State, class Work>
State sum_by_thread(const State& empty, const Work& work) {
    static_assert(State::order_free);
    tbb::enumerable_thread_specific<State> states(empty);
    work([&]() -> State& { return states.local(); });
    State total = empty;
    for (const State& state : states) total.merge(state);
    return total;
}

/// Work on numbered things that do not depend on one another, such as tiles or ranges of rows, in parallel.
class NumberedWork {
public:
    /// @param cancel looked at before each thing
    NumberedWork(int threads, const std::atomic<bool>& cancel) : threads_(threads), cancel_(cancel) {}
    /// Calls `work` with 0 .. count-1, each once. With one thread they come in order.
    /// @throws Cancelled, and what `work` throws
    void each(std::size_t count, const std::function<void(std::size_t)>& work);
    /// @throws Cancelled
    void check_cancel() const;

private:
    int threads_;
    const std::atomic<bool>& cancel_;
    std::mutex handover_;  ///< taken before and after each thing: what one round leaves is seen by the next
};

}  // namespace landcarbon
