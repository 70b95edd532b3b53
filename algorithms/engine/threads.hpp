// Land Carbon Toolbox: how many threads the system gives this program.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace landcarbon {

/// How many threads can work at once, `wanted` at most. A system that limits processes (ulimit -u), threads of a
/// container or address space (ulimit -v) may give fewer; oneTBB, GDAL and OpenMP each hang or end the program when
/// they are refused one, so they must be asked for no more than there are. Counts what each worker needs: a thread that
/// computes and one that compresses; besides, one that is under way while the caller talks to the user.
/// @return 0 when not even that one can be had
int threads_to_be_had(int wanted);

/// For tests: the system gives so many threads at most; below 0: as many as it has.
void limit_threads(int most);

}  // namespace landcarbon
