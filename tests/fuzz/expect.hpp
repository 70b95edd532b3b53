// Land Carbon Toolbox: how a fuzz target ends when something does not hold.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdio>
#include <cstdlib>

/// Stops the program, so that libFuzzer keeps the input, unless `holds`. `what` says what should have held.
inline void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}
