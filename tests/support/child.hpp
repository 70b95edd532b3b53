// Land Carbon Toolbox: work in a process of its own, which may be killed on the way.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <exception>

#include "support/catch.hpp"

namespace landcarbon::test {

/// Runs `work` in a child of this process. Fails the test where it ends otherwise than by its end or by SIGKILL.
/// @return true when it came to its end
template <class Work>
bool ends_unless_killed(const Work& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            work();
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
            ::_exit(2);
        }
        ::_exit(0);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK((WIFSIGNALED(status) ? WTERMSIG(status) == SIGKILL : WEXITSTATUS(status) == 0));
    return WIFEXITED(status);
}

}  // namespace landcarbon::test
