// Land Carbon Toolbox: where work that is not cut into slices looks whether the run is to stop.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/pauses.hpp"

#include <chrono>
#include <utility>

#include "spec/errors.hpp"

namespace landcarbon {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds between{40};

thread_local Pauses* current = nullptr;
thread_local Clock::time_point asked{};

}  // namespace

Pauses::Pauses(std::function<bool()> stop) : stop_(std::move(stop)), outer_(std::exchange(current, this)) {}

Pauses::~Pauses() { current = outer_; }

bool Pauses::stop_wanted() {
    if (!current) return false;
    const auto now = Clock::now();
    if (now - asked < between) return false;
    asked = now;
    return current->stop_();
}

void Pauses::look() {
    if (stop_wanted()) throw Cancelled();
}

}  // namespace landcarbon
