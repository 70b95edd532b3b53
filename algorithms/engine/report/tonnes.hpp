// Land Carbon Toolbox: amounts of carbon in a unit of a handy size, for reports.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cmath>
#include <string>

namespace landcarbon {

/// A unit and how many tonnes it is.
struct TonneUnit {
    double tonnes = 1;
    std::string name;  ///< "t C", "kt C", "Mt C"
};

/// The unit in which an amount has a handy size: t below 10 kt, kt below 10 Mt, else Mt.
inline TonneUnit handy_tonnes(double tonnes, const std::string& substance = "C") {
    if (std::abs(tonnes) >= 1e7) return {1e6, "Mt " + substance};
    if (std::abs(tonnes) >= 1e4) return {1e3, "kt " + substance};
    return {1, "t " + substance};
}

}  // namespace landcarbon
