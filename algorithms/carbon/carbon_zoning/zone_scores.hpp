// Land Carbon Toolbox: rules that turn trends and classes of a unit into scores.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table.hpp"

namespace landcarbon {

/// When a unit gets a score: its value lies between two bounds, or its word is this one.
struct ScoreCondition {
    double lower = -std::numeric_limits<double>::infinity();
    double upper = std::numeric_limits<double>::infinity();
    bool lower_included = false, upper_included = false;
    std::string word;       ///< not empty: a word instead of bounds
    bool on_trend = false;  ///< it is about Z, the trend of an index

    bool holds(double value) const;
};
/// Reads a condition: "Z>1.66", "0<Z<=1.66", "-1.66<=Z<0", "Z=0", "0.6..0.8" (above 0.6, up to 0.8) or a word. A quote
/// before it, as tables have it before what a spreadsheet would take for a formula, does not count.
/// @return nothing when it is none of these
std::optional<ScoreCondition> read_condition(std::string_view text);

/// How one index is scored.
struct ScoreRule {
    std::string group, index, attribute;
    std::vector<std::pair<int, ScoreCondition>> conditions;  ///< score and when it is given, the highest score first
    bool on_trend = false;                                   ///< it goes by the Z of the index's trend
    bool by_word = false;                                    ///< its conditions are words
    std::map<int, std::string> words;                        ///< as the table writes them, by score

    /// The score of a value; with words, the value is the score itself. Nothing when no condition holds.
    std::optional<int> score(double value) const;
    /// The score of a word; case and blanks do not matter.
    std::optional<int> score(std::string_view word) const;
};
/// Reads a table with the columns index, score1, score2, ... and, where they are given, group and attribute.
/// @throws UserError naming row and column: blank or repeated index, unreadable condition, conditions of different
/// kinds or that overlap
std::vector<ScoreRule> read_score_rules(const InputTable& table);

}  // namespace landcarbon
