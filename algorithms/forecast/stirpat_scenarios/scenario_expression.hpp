// Land Carbon Toolbox: STIRPAT scenarios: the small formulas of a scenario table, such as D*1.2 or min-5%.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "spec/errors.hpp"

namespace landcarbon {

/// What is wrong with a formula, for a message that names its cell.
class ExpressionError : public Error {
public:
    using Error::Error;
};

/// What the words of a formula stand for, in one unit.
struct ScenarioWords {
    double d = 0;     ///< D: mean
    double low = 0;   ///< min
    double high = 0;  ///< max
};

/// A formula of numbers, the words D, min and max (in any case), + - * / %, signs and brackets. A per cent sign divides
/// what stands before it by 100: min-5% is min - 0.05. The signs of Chinese keyboards and of word processors are
/// understood too, and an apostrophe at the start, which spreadsheets put before a text that begins with a minus sign,
/// is dropped. No other name or sign is.
class ScenarioExpression {
public:
    /// @throws ExpressionError with the place in the text
    static ScenarioExpression parse(std::string_view text);
    /// The value for a unit. @throws ExpressionError on a division by zero and on a result that is too large
    double value(const ScenarioWords& words) const;
    /// True when it holds one of the words, so that it differs from unit to unit.
    bool has_words() const { return has_words_; }

private:
    friend class ExpressionParser;
    enum class Kind { number, d, low, high, plus, minus, times, divide, negate, percent };
    struct Step {
        Kind kind;
        double number = 0;
    };
    std::vector<Step> steps_;  ///< in reverse Polish order
    std::size_t depth_ = 0;    ///< most values that wait at a time
    bool has_words_ = false;
};

}  // namespace landcarbon
