// Land Carbon Toolbox: the main function of the unit tests where Catch2 (version 2) needs one.
// SPDX-License-Identifier: GPL-2.0-or-later
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
