// Land Carbon Toolbox: one include for Catch2 version 2 (Debian 12) and version 3 (Debian 13).
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
#else
#include <catch2/catch.hpp>

#include <string>

/// Version 3's name for version 2's Contains.
inline auto ContainsSubstring(const std::string& text) { return Catch::Matchers::Contains(text); }
#endif
