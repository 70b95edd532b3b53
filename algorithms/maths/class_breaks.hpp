// Land Carbon Toolbox: dividing values into classes: equal intervals, quantiles, natural breaks and others.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "maths/counted_values.hpp"
#include "maths/natural_breaks.hpp"

namespace landcarbon {

/// How breaks are found. With k classes asked for there are k - 1 breaks b_1 < b_2 < ... between them.
enum class BreakMethod {
    /// b_i = lowest + i (highest - lowest) / k.
    equal_interval,
    /// b_i = the i/k quantile of all values, interpolated between the two values at the ranks around 1 + (N - 1) i / k
    /// (type 7 of Hyndman & Fan 1996, doi:10.1080/00031305.1996.10473566: the default of R and NumPy).
    quantile,
    /// b_i = the largest value of class i in the best division (see NaturalBreaks).
    natural,
    /// b_i = lowest (highest / lowest)^(i/k); refused unless all values are above 0 or all below 0.
    geometric,
    /// b_i = mean + (i - k/2) s with the sample standard deviation s: classes one standard deviation wide around the
    /// mean, the outer two open. k even: the mean is a break; k odd: it is in the middle of a class.
    standard_deviation,
};

/// A division of values into classes. A value v is in the class whose interval (b_i, b_(i+1)] it lies in: one that is
/// equal to a break belongs to the class below it. The first class has no lower bound and the last no upper one, so
/// that the lowest value belongs to the first class, and values that were not in the sample have a class as well.
struct ClassBreaks {
    std::vector<double> breaks;        ///< strictly ascending; one fewer than there are classes
    std::vector<std::int64_t> counts;  ///< how many values (of the sample) are in each class; may be 0
    double lowest = 0, highest = 0;    ///< of all values
    bool open_ends = false;            ///< breaks were given: nothing is said of where the outer classes end
    int asked = 0;                     ///< classes that were asked for
    /// Breaks that fell together with another one and count once.
    int merged = 0;
    /// Breaks below the lowest value, or not below the highest: they would only make empty classes and are left out.
    /// (Breaks that were given are kept.)
    int outside = 0;
    /// Why the method cannot be used with these values, as "geometric intervals need ...": then there are no breaks and
    /// one class. Empty otherwise.
    std::string refusal;

    int classes() const { return static_cast<int>(breaks.size()) + 1; }
    int empty_classes() const;
    /// As many classes as asked for, and a value in each: what GD and gdverse require of a candidate.
    bool as_asked() const { return refusal.empty() && classes() == asked && empty_classes() == 0; }
    /// The class of a value, from 0. NaN is in none: do not ask.
    int class_of(double value) const;
};

/// Classes between breaks that are given, before any value is known: counts are 0, lowest and highest unset.
/// @throws std::invalid_argument when a break is not finite
ClassBreaks given_breaks(std::vector<double> breaks);

/// What is known of all values where the finder is given only a sample of them: some breaks follow from it exactly.
struct WholeFigures {
    double lowest = 0, highest = 0;
    /// Mean and sample standard deviation; left out, those of the sample are used.
    std::optional<double> mean = {}, deviation = {};
};

/// Finds the breaks of one set of values by any method and for any number of classes. Natural breaks for all numbers
/// are found in one run, at the first call that needs them.
class ClassBreakFinder {
public:
    /// @param values one or more
    /// @param most_classes the largest number that will be asked for
    /// @param whole of all values, where `values` is a sample
    /// @throws std::invalid_argument without values or classes
    ClassBreakFinder(CountedValues values, int most_classes, const std::optional<WholeFigures>& whole = {});
    ClassBreakFinder(const ClassBreakFinder&) = delete;
    ClassBreakFinder& operator=(const ClassBreakFinder&) = delete;

    /// `poll` is called while natural breaks are found, and leaves by throwing when there is no time for more.
    void poll_with(std::function<void()> poll) { poll_ = std::move(poll); }
    /// Where the values have fewer distinct ones than classes, natural breaks give each its own class.
    /// @param classes 1 to most_classes
    ClassBreaks find(BreakMethod method, int classes);
    /// Classes between breaks that the user gives, in any order. @throws std::invalid_argument when one is not finite
    ClassBreaks given(std::vector<double> breaks) const;

    const CountedValues& values() const { return values_; }
    /// Goodness of variance fit: 1 - (squared deviations from the means of the classes) / (squared deviations from the
    /// mean), 0 to 1. NaN where all values are equal. The same quantity as Geodetector's q of the values themselves.
    double goodness_of_fit(const ClassBreaks& breaks) const;

private:
    /// @param breaks ascending
    ClassBreaks divided(const std::vector<double>& breaks, int asked) const;
    /// Sets counts, lowest and highest.
    void count(ClassBreaks& classes) const;
    CountedValues values_;
    WholeFigures whole_;
    int most_classes_;
    std::unique_ptr<NaturalBreaks> natural_;
    std::function<void()> poll_;
};

}  // namespace landcarbon
