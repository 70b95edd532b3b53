// Land Carbon Toolbox: keeps the number of files that are open at once below what the system allows.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <deque>

#include <tbb/enumerable_thread_specific.h>

#include "engine/gdal.hpp"

namespace landcarbon {

/// The open datasets of a run, one a thread and raster. A stack of hundreds of files with a handle for each thread
/// would pass the limit of open files (often 1024, in QGIS shared with all else): the handle that a thread opened first
/// is closed when it may have no more.
class OpenFiles {
public:
    /// One raster's handles; to be told by the raster that owns it.
    class Handles {
    public:
        explicit Handles(OpenFiles& all) : all_(all) {}
        ~Handles() { clear(); }
        Handles(const Handles&) = delete;
        Handles& operator=(const Handles&) = delete;

        /// This thread's dataset; empty when it is not open (any more). Valid until another raster's `keep`.
        GDALDatasetH find();
        /// Keeps `dataset` for this thread, closing the one opened first when there are too many.
        GDALDatasetH keep(DatasetPtr dataset);
        /// Closes the datasets of all threads. Call it while no thread reads.
        void clear();

    private:
        friend class OpenFiles;
        OpenFiles& all_;
        tbb::enumerable_thread_specific<DatasetPtr> by_thread_;
    };

    /// @param most datasets that one thread may hold open
    explicit OpenFiles(std::size_t most) : most_(most) {}
    /// What one of `threads` threads may hold open, from the system's limit.
    static std::size_t share_of_limit(int threads);

private:
    std::size_t most_;
    tbb::enumerable_thread_specific<std::deque<Handles*>> in_order_;
};

}  // namespace landcarbon
