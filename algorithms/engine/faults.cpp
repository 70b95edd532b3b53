// Land Carbon Toolbox: a place where tests let writing fail, to see that nothing is left behind.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/faults.hpp"

#include <atomic>
#include <csignal>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

std::atomic<int> calls_left{0};
std::string armed_step;
bool deadly = false;
std::atomic<bool> syncing{true};

}  // namespace

void fail_writing(const std::string& step, int nth) {
    armed_step = step;
    deadly = false;
    calls_left = nth;
}

void die_writing(const std::string& step, int nth) {
    fail_writing(step, nth);
    deadly = true;
}

void sync_to_disk(bool wanted) { syncing = wanted; }

bool syncs_to_disk() { return syncing; }

void writing(const char* step, const std::string& path) {
    if (calls_left == 0 || armed_step != step) return;
    if (--calls_left > 0) return;
    if (deadly) std::raise(SIGKILL);
    throw IoError(path, std::string("injected failure at step ") + step);
}

void could_die(const char* step, const std::string& path) {
    if (deadly) writing(step, path);
}

}  // namespace landcarbon
