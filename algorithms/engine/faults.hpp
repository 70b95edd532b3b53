// Land Carbon Toolbox: a place where tests let writing fail, to see that nothing is left behind.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace landcarbon {

/// Called before every step that writes: "create", "block", "close", "table", "text", and, while outputs are brought to
/// their places, by this run or by one that finishes what another began, "sync" (each file and each folder), "link",
/// "journal", "rename", "settle". Does nothing unless a test has armed it. @throws IoError when armed for this call
void writing(const char* step, const std::string& path);

/// The same for a step whose failure is of no consequence ("remove"): a test can only let the process end there.
void could_die(const char* step, const std::string& path);

/// Lets the n-th call (from 1) of `writing` for `step` fail; 0 disarms. For tests only.
void fail_writing(const std::string& step, int nth);

/// Lets the n-th call end the process as SIGKILL does. For tests only, in a process of their own.
void die_writing(const std::string& step, int nth);

/// Whether outputs are made sure to be on the disk, which takes most of the time of small runs. For tests only, whose
/// outputs need not outlive a power cut.
void sync_to_disk(bool wanted);
bool syncs_to_disk();

}  // namespace landcarbon
