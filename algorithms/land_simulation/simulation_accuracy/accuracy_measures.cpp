// Land Carbon Toolbox: measures of agreement of two class maps, and of their changes since a third one.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation_accuracy/accuracy_measures.hpp"

#include <algorithm>
#include <cstdlib>

namespace landcarbon {
namespace {

__extension__ typedef __int128 Wide;  // products of two counts

std::optional<double> ratio(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

std::optional<double> ratio(Wide part, Wide whole) {
    if (whole == 0) return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::int64_t PairCounts::row_sum(std::size_t row) const {
    std::int64_t sum = 0;
    for (std::size_t column = 0; column < classes; ++column) sum += at(row, column);
    return sum;
}

std::int64_t PairCounts::column_sum(std::size_t column) const {
    std::int64_t sum = 0;
    for (std::size_t row = 0; row < classes; ++row) sum += at(row, column);
    return sum;
}

std::int64_t PairCounts::total() const {
    std::int64_t sum = 0;
    for (const std::int64_t entry : cells) sum += entry;
    return sum;
}

Agreement agreement(const PairCounts& pairs) {
    // Everything is a whole number over total^2 until the last division, so that "not defined" is told exactly.
    const Wide total = pairs.total();
    Wide agreeing = 0, expected = 0, largest = 0;
    std::int64_t quantity = 0;  // twice
    for (std::size_t k = 0; k < pairs.classes; ++k) {
        const std::int64_t row = pairs.row_sum(k), column = pairs.column_sum(k);
        agreeing += pairs.at(k, k) * total;
        expected += Wide{row} * column;
        largest += std::min(row, column) * total;
        quantity += std::abs(row - column);
    }
    const Wide all = total * total;
    Agreement result;
    if (total == 0) return result;
    result.overall = *ratio(agreeing, all);
    result.expected = *ratio(expected, all);
    result.largest = *ratio(largest, all);
    result.quantity = *ratio(Wide{quantity}, 2 * total);
    result.allocation = *ratio(largest - agreeing, all);
    result.kappa = ratio(agreeing - expected, all - expected);
    result.kappa_location = ratio(agreeing - expected, largest - expected);
    result.kappa_histogram = ratio(largest - expected, all - expected);
    return result;
}

std::optional<double> ChangeCounts::figure_of_merit() const {
    return ratio(hits, misses + hits + wrong_hits + false_alarms);
}
std::optional<double> ChangeCounts::producer_accuracy() const { return ratio(hits, misses + hits + wrong_hits); }
std::optional<double> ChangeCounts::user_accuracy() const { return ratio(hits, hits + wrong_hits + false_alarms); }

std::optional<double> ClassGains::figure_of_merit() const {
    return ratio(hits, misses + hits + simulated_as_other + observed_as_other + false_alarms);
}

ChangeKappa change_kappa(const PairCounts& observed, const PairCounts& simulated, std::int64_t overall) {
    const std::int64_t total = observed.total();
    ChangeKappa result;
    if (total == 0) return result;
    double expected = 0, largest = 0;
    bool certain = true, reached = true;  // pe = 1; pe = largest
    for (std::size_t i = 0; i < observed.classes; ++i) {
        const std::int64_t cells = observed.row_sum(i);
        if (cells == 0) continue;
        Wide together = 0;
        std::int64_t most = 0;
        for (std::size_t j = 0; j < observed.classes; ++j) {
            together += Wide{observed.at(i, j)} * simulated.at(i, j);
            most += std::min(observed.at(i, j), simulated.at(i, j));
        }
        certain = certain && together == Wide{cells} * cells;
        reached = reached && together == Wide{most} * cells;
        expected += static_cast<double>(together) / static_cast<double>(cells);
        largest += static_cast<double>(most);
    }
    const auto all = static_cast<double>(total), agreeing = static_cast<double>(overall);
    if (!certain) {
        result.simulation = (agreeing - expected) / (all - expected);
        result.transition = (largest - expected) / (all - expected);
    }
    if (!reached) result.translocation = (agreeing - expected) / (largest - expected);
    return result;
}

void ChangeTally::add(const std::uint16_t* initial, const std::uint16_t* observed, const std::uint16_t* simulated,
                      std::size_t count, std::size_t slots, std::uint8_t* outcomes) {
    if (gains_.size() < slots) gains_.resize(slots);
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint16_t was = initial ? initial[i] : observed[i], is = observed[i], said = simulated[i];
        if (was == 0 || is == 0 || said == 0) {
            left_out_ += (initial && was != 0) || is != 0 || said != 0;
            outcomes[i] = none;
            continue;
        }
        if (!initial) {
            outcomes[i] = is == said ? agrees : disagrees;
            continue;
        }
        if (is == was && said == was) {
            outcomes[i] = persistence;
        } else if (is == was) {
            ++changes_.false_alarms;
            ++gains_[said].false_alarms;
            outcomes[i] = false_alarm;
        } else if (said == was) {
            ++changes_.misses;
            ++gains_[is].misses;
            outcomes[i] = miss;
        } else if (said == is) {
            ++changes_.hits;
            ++gains_[is].hits;
            outcomes[i] = hit;
        } else {
            ++changes_.wrong_hits;
            ++gains_[is].simulated_as_other;
            ++gains_[said].observed_as_other;
            outcomes[i] = wrong_hit;
        }
    }
}

void ChangeTally::merge(const ChangeTally& other) {
    changes_.misses += other.changes_.misses;
    changes_.hits += other.changes_.hits;
    changes_.wrong_hits += other.changes_.wrong_hits;
    changes_.false_alarms += other.changes_.false_alarms;
    left_out_ += other.left_out_;
    if (gains_.size() < other.gains_.size()) gains_.resize(other.gains_.size());
    for (std::size_t slot = 0; slot < other.gains_.size(); ++slot) {
        gains_[slot].misses += other.gains_[slot].misses;
        gains_[slot].hits += other.gains_[slot].hits;
        gains_[slot].simulated_as_other += other.gains_[slot].simulated_as_other;
        gains_[slot].observed_as_other += other.gains_[slot].observed_as_other;
        gains_[slot].false_alarms += other.gains_[slot].false_alarms;
    }
}

ResolutionTally::ResolutionTally(const Grid& grid, std::vector<int> sides) : columns_(grid.width), rows_(grid.height) {
    for (const int side : sides) levels_.push_back({side});
}

void ResolutionTally::add(const Window& window, const std::uint16_t* first, const std::uint16_t* second,
                          std::size_t slots) {
    if (difference_.size() < slots) difference_.resize(slots);
    const int right = window.x + window.width, bottom = window.y + window.height;
    for (Level& level : levels_) {
        const int side = level.side;
        const std::uint64_t across = (static_cast<std::uint64_t>(columns_) + static_cast<std::uint64_t>(side) - 1) /
                                     static_cast<std::uint64_t>(side);
        for (int top = window.y / side * side; top < bottom; top += side)
            for (int left = window.x / side * side; left < right; left += side) {
                const int y_end = std::min(top + side, bottom), x_end = std::min(left + side, right);
                const int y_start = std::max(top, window.y), x_start = std::max(left, window.x);
                for (int y = y_start; y < y_end; ++y) {
                    const std::size_t row =
                        static_cast<std::size_t>(y - window.y) * static_cast<std::size_t>(window.width);
                    for (int x = x_start; x < x_end; ++x) {
                        const std::size_t i = row + static_cast<std::size_t>(x - window.x);
                        if (first[i] == second[i] || first[i] == 0 || second[i] == 0) continue;
                        for (const auto& [slot, change] : {std::pair{first[i], 1}, std::pair{second[i], -1}}) {
                            if (difference_[slot] == 0) touched_.push_back(slot);
                            difference_[slot] += change;
                        }
                    }
                }
                if (touched_.empty()) continue;
                const bool whole = top >= window.y && left >= window.x && std::min(top + side, rows_) <= bottom &&
                                   std::min(left + side, columns_) <= right;
                const std::uint64_t square =
                    static_cast<std::uint64_t>(top / side) * across + static_cast<std::uint64_t>(left / side);
                for (const std::uint16_t slot : touched_) {
                    if (difference_[slot] == 0) continue;  // came back to zero, or was met before
                    if (whole)
                        level.twice += std::abs(difference_[slot]);
                    else
                        level.open[square * 65536 + slot] += difference_[slot];
                    difference_[slot] = 0;
                }
                touched_.clear();
            }
    }
}

void ResolutionTally::merge(const ResolutionTally& other) {
    for (std::size_t i = 0; i < levels_.size(); ++i) {
        levels_[i].twice += other.levels_[i].twice;
        for (const auto& [key, difference] : other.levels_[i].open) levels_[i].open[key] += difference;
    }
}

std::vector<std::int64_t> ResolutionTally::disagreement() const {
    std::vector<std::int64_t> cells;
    for (const Level& level : levels_) {
        std::int64_t twice = level.twice;
        for (const auto& [key, difference] : level.open) twice += std::abs(difference);
        cells.push_back(twice / 2);
    }
    return cells;
}

}  // namespace landcarbon
