// Land Carbon Toolbox: units that rasters declare, against those that an algorithm reads.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>

namespace landcarbon {

/// A unit of mass, length, time and their quotients, such as t/ha, "g C m-2 yr-1", mm/day.
struct DeclaredUnit {
    double factor = 1;  ///< of kilograms, metres and years
    int mass = 0, length = 0, time = 0;
    int cells = 0;    ///< -1: by cell
    double area = 0;  ///< m2 that the amount is of: 1e4 for t/ha, 1 for g m-2; 0: of no area
    bool co2 = false;
};

/// Reads a unit as files write it; nothing where a word of it is not known, so that nobody is told of what only this
/// reader does not understand. A factor of ten ("0.1 mm", "10^3 t") is read as well.
std::optional<DeclaredUnit> read_unit(const std::string& text);

/// What is wrong when numbers in the unit `declared` are read as `wanted`, and how to mend it; empty when they are the
/// same, or when it cannot be said. Temperatures and plain lengths are left to the numbers themselves, which tell them
/// apart: programs keep the old unit when they convert. An amount without a time is not told from the same amount in a
/// year, but for one in a year where an amount without a time is wanted.
/// @param factor that the user gives for the numbers already, such as 1000 for kg where g are wanted
std::string unit_advice(const std::string& declared, const std::string& wanted, double factor = 1);

/// Whether a unit or the name of a band says that it counts carbon dioxide.
bool names_co2(const std::string& text);

}  // namespace landcarbon
