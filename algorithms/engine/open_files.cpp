// Land Carbon Toolbox: keeps the number of files that are open at once below what the system allows.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/open_files.hpp"

#include <sys/resource.h>

#include <algorithm>

namespace landcarbon {

GDALDatasetH OpenFiles::Handles::find() {
    const DatasetPtr& dataset = by_thread_.local();
    return dataset.get();
}

GDALDatasetH OpenFiles::Handles::keep(DatasetPtr dataset) {
    std::deque<Handles*>& open = all_.in_order_.local();
    while (open.size() >= all_.most_) {
        Handles* const first = open.front();
        open.pop_front();
        if (first != this) {
            const GdalMessages messages;
            first->by_thread_.local().reset();
        }
    }
    open.push_back(this);
    DatasetPtr& kept = by_thread_.local();
    kept = std::move(dataset);
    return kept.get();
}

void OpenFiles::Handles::clear() {
    by_thread_.clear();
    for (auto& open : all_.in_order_) open.erase(std::remove(open.begin(), open.end(), this), open.end());
}

std::size_t OpenFiles::share_of_limit(int threads) {
    constexpr rlim_t most = 4096;
    constexpr rlim_t others = 96;  // outputs, libraries, PROJ's database and what the program itself holds
    rlimit limit{};
    const rlim_t allowed = ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? std::min(limit.rlim_cur, most) : 256;
    // The thread that talks to the user and the one that starts the pass hold handles as well.
    const auto sharers = static_cast<rlim_t>(threads) + 2;
    return static_cast<std::size_t>(std::max<rlim_t>(1, allowed > others ? (allowed - others) / sharers : 1));
}

}  // namespace landcarbon
