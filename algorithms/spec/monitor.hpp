// Land Carbon Toolbox: how a run talks to whoever started it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>

namespace landcarbon {

/// Progress, messages and cancel. Called from the thread that started the run, except `cancelled`,
/// which may be called from any thread.
class Monitor {
public:
    virtual ~Monitor() = default;
    virtual bool cancelled() { return false; }
    /// Monotone, 0..1 over the whole run.
    virtual void progress(double) {}
    virtual void info(const std::string&) {}
    virtual void warning(const std::string&) {}
};

}  // namespace landcarbon
