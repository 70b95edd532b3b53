// Land Carbon Toolbox: transition matrix: the change between dates and what follows from it.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "maths/cell_area.hpp"

namespace landcarbon {

/// The change between two dates: for classes in a fixed order, row = from, column = to.
struct Transitions {
    std::size_t classes = 0;
    double years = 1;
    std::vector<std::int64_t> pixels;  ///< classes x classes
    std::vector<FixedArea> areas;      ///< classes x classes

    FixedArea area(std::size_t from, std::size_t to) const { return areas[from * classes + to]; }
    std::int64_t count(std::size_t from, std::size_t to) const { return pixels[from * classes + to]; }
    FixedArea earlier(std::size_t k) const;  ///< area of class k at the first date (row sum)
    FixedArea later(std::size_t k) const;    ///< area of class k at the second date (column sum)
    FixedArea total() const;
    FixedArea changed() const;  ///< all that is not on the diagonal
};

/// What happened to one class.
struct ClassChange {
    FixedArea earlier, later, persistence, gain, loss;
    double net_ha = 0;                     ///< later - earlier
    double swap_ha = 0;                    ///< 2 min(gain, loss)
    double total_ha = 0;                   ///< gain + loss
    std::optional<double> dynamic_degree;  ///< (later - earlier) / earlier / years * 100 %; absent for an absent class
};
ClassChange class_change(const Transitions& transitions, std::size_t k);

/// Changed area / total area, 0 to 1; absent where there is no area.
std::optional<double> changed_share(const Transitions& transitions);

/// Comprehensive dynamic degree in % a year: the changed area over twice the total area, by years.
/// Source: the sum over i != j of M_ij, divided by 2 sum U_i and by T (Wang & Bao 1999).
std::optional<double> comprehensive_dynamic_degree(const Transitions& transitions);

/// One row of an intensity analysis (Aldwaik & Pontius 2012), in % a year.
struct IntensityRow {
    std::string level;  ///< interval, category, transition
    std::string kind;   ///< change, gain, loss, transition to
    std::size_t period = 0;
    std::ptrdiff_t from = -1;  ///< class index or -1
    std::ptrdiff_t to = -1;
    double observed = 0;
    double uniform = 0;
};
/// All three levels over consecutive periods: the interval's change against the uniform change of the whole time, each
/// class's gain and loss against its interval's change, each transition to a class against the uniform transition.
/// Rows whose base is empty (a class that is absent) are left out.
std::vector<IntensityRow> intensity_analysis(const std::vector<Transitions>& periods);

/// The factor K of change codes from * K + to: the next power of ten above the largest class.
std::int64_t change_code_factor(std::int64_t largest_class);

}  // namespace landcarbon
