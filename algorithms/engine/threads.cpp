// Land Carbon Toolbox: how many threads the system gives this program.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/threads.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace landcarbon {
namespace {

std::atomic<int> given{-1};

}  // namespace

void limit_threads(int most) { given = most; }

int threads_to_be_had(int wanted) {
    const int needed = 2 * wanted;
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::vector<std::thread> tried;
    tried.reserve(static_cast<std::size_t>(needed));
    // All at once: limits count the threads that are there.
    try {
        while (static_cast<int>(tried.size()) < needed && static_cast<int>(tried.size()) != given)
            tried.emplace_back([&] {
                std::unique_lock lock(mutex);
                changed.wait(lock, [&] { return done; });
            });
    } catch (const std::system_error&) {
        // There are no more.
    }
    {
        const std::scoped_lock lock(mutex);
        done = true;
    }
    changed.notify_all();
    for (std::thread& thread : tried) thread.join();
    const int had = static_cast<int>(tried.size());
    if (had == 0) return 0;
    return std::clamp(had == needed ? wanted : (had - 1) / 2, 1, wanted);
}

}  // namespace landcarbon
