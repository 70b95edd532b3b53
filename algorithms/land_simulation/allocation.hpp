// Land Carbon Toolbox: how many cells change from which class to which: what is reachable, and what is accepted.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace landcarbon {

// Classes are numbers 0..n-1 here, by position.

/// A set of up to 256 classes.
using ClassSet = std::array<std::uint64_t, 4>;
inline void add_class(ClassSet& set, std::size_t k) { set[k / 64] |= std::uint64_t{1} << (k % 64); }
inline bool has_class(const ClassSet& set, std::size_t k) { return (set[k / 64] >> (k % 64) & 1) != 0; }

/// Cells that have the same class now and may become the same classes (their own among them).
struct CellGroup {
    std::size_t present = 0;
    ClassSet may = {};
    bool operator<(const CellGroup& other) const {
        return present != other.present ? present < other.present : may < other.may;
    }
    bool operator==(const CellGroup&) const = default;
};
using CellGroups = std::map<CellGroup, std::int64_t>;

/// What demands a map can meet, by class.
struct Reach {
    std::vector<std::int64_t> least;    ///< cells that cannot be anything else
    std::vector<std::int64_t> most;     ///< cells that can be of the class
    std::vector<std::int64_t> nearest;  ///< the demand where it can be met; else counts that come nearest to it
    std::int64_t short_of = 0;          ///< cells of the demand that `nearest` misses
};
/// The largest flow of cells from their groups into the classes' demands: exact, and for all classes together. (Each
/// class alone may lie between `least` and `most`, and still not all at once.)
/// @param demand cells by class; their sum is that of the groups
Reach reach_of(const CellGroups& groups, const std::vector<std::int64_t>& demand);

/// How many proposals of each pair of classes (from x to) to accept.
/// @param proposed cells that propose the conversion
/// @param gap demand - present cells, by class
/// @param most how many cells the gap may shrink by
/// First surplus classes and wanted classes are joined in proportion to what is proposed; what is left then goes
/// through other classes where it can (a cell of A becomes B and another one of B becomes C). Never more than is
/// proposed, never past the demand; the gap shrinks whenever the proposals let it.
std::vector<std::int64_t> accepted_conversions(const std::vector<std::int64_t>& proposed,
                                               const std::vector<std::int64_t>& gap, std::int64_t most);

/// Adds conversions that cancel out (as many from A to B as from B to A), up to `most` cells in all, in proportion to
/// what `proposed` has left. Returns how many cells.
std::int64_t add_exchange(std::vector<std::int64_t>& accepted, const std::vector<std::int64_t>& proposed,
                          std::size_t classes, std::int64_t most);

/// Pairs of classes (from x to) whose conversion can help to close the gaps: those that lie on a way from a class with
/// too many cells to one with too few.
/// @param allowed classes x classes
/// @param direct only ways of one step
std::vector<std::uint8_t> helpful_conversions(const std::vector<std::uint8_t>& allowed,
                                              const std::vector<std::int64_t>& gap, bool direct);

}  // namespace landcarbon
