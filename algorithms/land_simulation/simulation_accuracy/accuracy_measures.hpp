// Land Carbon Toolbox: measures of agreement of two class maps, and of their changes since a third one.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "engine/grid.hpp"

namespace landcarbon {

/// Cells of two maps by pair of classes, row = reference (or earlier) class, column = compared (or later) class.
struct PairCounts {
    std::size_t classes = 0;
    std::vector<std::int64_t> cells = {};  ///< classes x classes

    std::int64_t at(std::size_t row, std::size_t column) const { return cells[row * classes + column]; }
    std::int64_t row_sum(std::size_t row) const;
    std::int64_t column_sum(std::size_t column) const;
    std::int64_t total() const;
};

/// Agreement of a compared map with a reference, as shares of all cells; what is not defined is absent. With p_ij the
/// share of cells with reference class i and compared class j, p_k. and p_.k the sums of rows and columns:
/// overall accuracy sum p_kk; expected sum p_k. p_.k; largest sum min(p_k., p_.k);
/// kappa (OA - expected) / (1 - expected); of location (OA - expected) / (largest - expected); of the histogram
/// (largest - expected) / (1 - expected); quantity disagreement sum |p_k. - p_.k| / 2; allocation 1 - OA - quantity.
/// Sources: Cohen (1960); Pontius (2000); Hagen (2002); Pontius & Millones (2011).
struct Agreement {
    double overall = 0, expected = 0, largest = 0, quantity = 0, allocation = 0;
    std::optional<double> kappa, kappa_location, kappa_histogram;
};
Agreement agreement(const PairCounts& pairs);

/// How observed and simulated changes since an initial map meet.
struct ChangeCounts {
    std::int64_t misses = 0;        ///< A: changed, simulated as persistent
    std::int64_t hits = 0;          ///< B: changed, simulated as the right class
    std::int64_t wrong_hits = 0;    ///< C: changed, simulated as a change to a wrong class
    std::int64_t false_alarms = 0;  ///< D: persistent, simulated as changed

    /// B / (A + B + C + D), B / (A + B + C) and B / (B + C + D); absent where nothing changes.
    /// Source: Pontius et al. (2008), Comparing the input, output, and validation maps for several models of land
    /// change.
    std::optional<double> figure_of_merit() const;
    std::optional<double> producer_accuracy() const;
    std::optional<double> user_accuracy() const;
};

/// Changes to one class: what it gained in the observed and in the simulated map.
struct ClassGains {
    std::int64_t misses = 0;              ///< became this class, simulated as persistent
    std::int64_t hits = 0;                ///< became this class, simulated so
    std::int64_t simulated_as_other = 0;  ///< became this class, simulated as a change to another one
    std::int64_t observed_as_other = 0;   ///< simulated as this class, but became another one
    std::int64_t false_alarms = 0;        ///< simulated as this class, but persistent
    /// Cells that both gain over cells that either gains.
    std::optional<double> figure_of_merit() const;
};

/// Kappa of the changes: agreement beyond what the two maps' own transitions from each initial class make expect.
struct ChangeKappa {
    std::optional<double> simulation;     ///< (OA - pe) / (1 - pe), pe = sum_i d_i sum_j a_ij b_ij
    std::optional<double> transition;     ///< (largest - pe) / (1 - pe), largest = sum_i d_i sum_j min(a_ij, b_ij)
    std::optional<double> translocation;  ///< (OA - pe) / (largest - pe)
};
/// d_i is the share of class i in the initial map, a_ij and b_ij the shares of its cells that became class j in the
/// observed and in the simulated map.
/// @param overall cells that agree
/// Source: van Vliet, J., Bregt, A. K., Hagen-Zanker, A. (2011), Revisiting Kappa to account for change in the accuracy
/// assessment of land-use change models, Ecological Modelling 222, 1367-1375.
ChangeKappa change_kappa(const PairCounts& observed, const PairCounts& simulated, std::int64_t overall);

/// Everything that is counted of the cells, by slot of class. Whole numbers only: the same for any order of cells.
class ChangeTally {
public:
    static constexpr bool order_free = true;
    /// Adds cells; a cell counts where all maps show a class. What it is goes to `outcomes` (see Outcome).
    /// @param initial nullptr without an initial map
    /// @param slots largest slot + 1
    void add(const std::uint16_t* initial, const std::uint16_t* observed, const std::uint16_t* simulated,
             std::size_t count, std::size_t slots, std::uint8_t* outcomes);
    void merge(const ChangeTally& other);
    const ChangeCounts& changes() const { return changes_; }
    ClassGains gains(std::size_t slot) const { return slot < gains_.size() ? gains_[slot] : ClassGains(); }
    std::int64_t left_out() const { return left_out_; }

    /// Codes of outcomes on the map.
    enum Outcome : std::uint8_t {
        none = 0,
        persistence = 1,
        hit = 2,
        wrong_hit = 3,
        miss = 4,
        false_alarm = 5,
        agrees = 6,    ///< without an initial map
        disagrees = 7  ///< without an initial map
    };

private:
    ChangeCounts changes_;
    std::vector<ClassGains> gains_;
    std::int64_t left_out_ = 0;
};

/// Disagreement of two maps at several resolutions: cells are united to squares, and in each square only the difference
/// of the class shares counts: sum over squares and classes of |n_k - m_k| / 2 cells. With squares of one cell it is
/// the number of cells that disagree; with one square for the whole map, the quantity disagreement. Sources: Costanza
/// (1989), whose fit is 1 minus this over the cells, for windows side by side; Pontius et al. (2004).
class ResolutionTally {
public:
    static constexpr bool order_free = true;
    /// @param sides of the squares in cells, ascending; squares start at the grid's upper left corner
    ResolutionTally(const Grid& grid, std::vector<int> sides);
    /// Adds cells of two maps; those of class 0 in `first` or `second` are left out.
    void add(const Window& window, const std::uint16_t* first, const std::uint16_t* second, std::size_t slots);
    void merge(const ResolutionTally& other);
    /// Disagreement in cells, one for each resolution. Halves are possible nowhere: both maps have as many cells.
    std::vector<std::int64_t> disagreement() const;

private:
    struct Level {
        int side = 1;
        std::int64_t twice = 0;  ///< twice the disagreement of squares that are complete
        /// Differences by square and class where blocks cut through: key = square * 65536 + slot.
        std::unordered_map<std::uint64_t, std::int64_t> open = {};
    };
    int columns_, rows_;
    std::vector<Level> levels_;
    std::vector<std::int32_t> difference_;  ///< of the square at work, by slot
    std::vector<std::uint16_t> touched_;
};

}  // namespace landcarbon
