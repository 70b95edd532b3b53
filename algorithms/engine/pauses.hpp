// Land Carbon Toolbox: where work that is not cut into slices looks whether the run is to stop.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>

namespace landcarbon {

/// While it lives, writing in this thread asks `stop` whether it shall end: rows of a table, rows of a raster that is
/// read again, a format that is copied to. Writers deep below need no monitor handed down.
class Pauses {
public:
    explicit Pauses(std::function<bool()> stop);
    ~Pauses();
    Pauses(const Pauses&) = delete;
    Pauses& operator=(const Pauses&) = delete;

    /// True when the run shall end. Asks every 40 ms at most, and is cheap in between. False where nobody is asked.
    static bool stop_wanted();
    /// @throws Cancelled when the run shall end
    static void look();

private:
    std::function<bool()> stop_;
    Pauses* outer_;
};

}  // namespace landcarbon
