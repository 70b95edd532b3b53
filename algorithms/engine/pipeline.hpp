// Land Carbon Toolbox: running the stages of a oneTBB pipeline: how many threads, and what they see of what came before.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

#include <tbb/parallel_pipeline.h>

namespace landcarbon {

/// To be called first in each stage: so what was made ready before run_pipeline is seen by it, whichever thread it runs
/// in. oneTBB sees to that as well, but the thread sanitizer does not see into Debian's oneTBB.
void see_what_was_made_ready();

/// Runs the stages to their end. @param tokens how many things may be on their way at once
/// @throws what a stage throws
void run_pipeline(const tbb::filter<void, void>& stages, int threads, std::size_t tokens);

}  // namespace landcarbon
