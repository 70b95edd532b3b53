// Land Carbon Toolbox: a place where tests let writing fail, to see that nothing is left behind.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/faults.hpp"

#include <atomic>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

std::atomic<int> calls_left{0};
std::string armed_step;

}  // namespace

void fail_writing(const std::string& step, int nth) {
    armed_step = step;
    calls_left = nth;
}

void writing(const char* step, const std::string& path) {
    if (calls_left == 0 || armed_step != step) return;
    if (--calls_left == 0) throw IoError(path, std::string("injected failure at step ") + step);
}

}  // namespace landcarbon
