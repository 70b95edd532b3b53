// Land Carbon Toolbox: dividing values into classes: equal intervals, quantiles, natural breaks and others.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "maths/class_breaks.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace landcarbon {
namespace {

std::vector<double> equal_intervals(double lowest, double highest, int classes) {
    const double range = highest - lowest;
    std::vector<double> breaks;
    for (int i = 1; i < classes; ++i)
        // A range beyond the largest double is taken in parts.
        breaks.push_back(std::isfinite(range) ? lowest + range * i / classes
                                              : lowest / classes * (classes - i) + highest / classes * i);
    return breaks;
}

std::vector<double> quantiles(const CountedValues& values, int classes) {
    std::vector<double> breaks;
    const std::int64_t steps = values.total() - 1;
    // upto: how many values there are up to and with the one at `place`.
    std::size_t place = 0;
    std::int64_t upto = values.counts[0];
    for (int i = 1; i < classes; ++i) {
        // The quantile lies at rank + rest / classes, from 0; whole numbers, so that no rank is missed by rounding.
        const std::int64_t rank = steps / classes * i + steps % classes * i / classes;
        const std::int64_t rest = steps % classes * i % classes;
        while (upto <= rank) upto += values.counts[++place];
        const double here = values.values[place];
        const bool next_is_larger = rest > 0 && upto == rank + 1;
        breaks.push_back(!next_is_larger ? here
                                         : here + (values.values[place + 1] - here) *
                                                      (static_cast<double>(rest) / static_cast<double>(classes)));
    }
    return breaks;
}

std::vector<double> geometric_intervals(double lowest, double highest, int classes) {
    std::vector<double> breaks;
    for (int i = 1; i < classes; ++i)
        breaks.push_back(lowest * std::pow(highest / lowest, static_cast<double>(i) / classes));
    return breaks;
}

std::vector<double> standard_deviations(double mean, double deviation, int classes) {
    std::vector<double> breaks;
    for (int i = 1; i < classes; ++i) breaks.push_back(mean + (i - classes / 2.0) * deviation);
    return breaks;
}

}  // namespace

int ClassBreaks::empty_classes() const { return static_cast<int>(std::count(counts.begin(), counts.end(), 0)); }

int ClassBreaks::class_of(double value) const {
    return static_cast<int>(std::lower_bound(breaks.begin(), breaks.end(), value) - breaks.begin());
}

ClassBreakFinder::ClassBreakFinder(CountedValues values, int most_classes, const std::optional<WholeFigures>& whole)
    : values_(std::move(values)), most_classes_(most_classes) {
    if (values_.size() == 0 || most_classes < 1) throw std::invalid_argument("class breaks of nothing");
    whole_ = whole ? *whole : WholeFigures{values_.values.front(), values_.values.back()};
    if (!whole_.mean) whole_.mean = mean_of(values_);
    if (!whole_.deviation && values_.total() > 1) whole_.deviation = sample_deviation(values_);
}

ClassBreaks ClassBreakFinder::find(BreakMethod method, int classes) {
    if (classes < 1 || classes > most_classes_) throw std::invalid_argument("class breaks: number of classes");
    const auto refused = [&](const char* reason) {
        ClassBreaks one = divided({}, classes);
        one.refusal = reason;
        return one;
    };
    const double lowest = whole_.lowest, highest = whole_.highest;
    switch (method) {
        case BreakMethod::equal_interval:
            return divided(equal_intervals(lowest, highest, classes), classes);
        case BreakMethod::quantile:
            return divided(quantiles(values_, classes), classes);
        case BreakMethod::natural:
            if (!natural_) natural_ = std::make_unique<NaturalBreaks>(values_, most_classes_, poll_);
            return divided(natural_->breaks(std::min(classes, natural_->most_classes()), poll_), classes);
        case BreakMethod::geometric:
            if (lowest <= 0 && highest >= 0)
                return refused("geometric intervals need values that are all above 0, or all below 0");
            return divided(geometric_intervals(lowest, highest, classes), classes);
        case BreakMethod::standard_deviation:
            if (!whole_.deviation) return refused("a standard deviation needs two values or more");
            return divided(standard_deviations(*whole_.mean, *whole_.deviation, classes), classes);
    }
    throw std::invalid_argument("class breaks: method");
}

ClassBreaks given_breaks(std::vector<double> breaks) {
    for (double& value : breaks) {
        if (!std::isfinite(value)) throw std::invalid_argument("class breaks: a break is not finite");
        value += 0.0;
    }
    std::sort(breaks.begin(), breaks.end());
    ClassBreaks result;
    result.asked = static_cast<int>(breaks.size()) + 1;
    result.open_ends = true;
    const auto end = std::unique(breaks.begin(), breaks.end());
    result.merged = static_cast<int>(breaks.end() - end);
    breaks.erase(end, breaks.end());
    result.breaks = std::move(breaks);
    result.counts.assign(result.breaks.size() + 1, 0);
    return result;
}

ClassBreaks ClassBreakFinder::given(std::vector<double> breaks) const {
    ClassBreaks result = given_breaks(std::move(breaks));
    count(result);
    return result;
}

ClassBreaks ClassBreakFinder::divided(const std::vector<double>& breaks, int asked) const {
    ClassBreaks result;
    result.asked = asked;
    for (const double value : breaks) {
        if (value < whole_.lowest || value >= whole_.highest)
            ++result.outside;
        else if (!result.breaks.empty() && result.breaks.back() == value)
            ++result.merged;
        else
            result.breaks.push_back(value);
    }
    count(result);
    return result;
}

void ClassBreakFinder::count(ClassBreaks& classes) const {
    classes.lowest = whole_.lowest;
    classes.highest = whole_.highest;
    classes.counts.assign(classes.breaks.size() + 1, 0);
    std::size_t place = 0;
    for (std::size_t i = 0; i < values_.size(); ++i) {
        while (place < classes.breaks.size() && values_.values[i] > classes.breaks[place]) ++place;
        classes.counts[place] += values_.counts[i];
    }
}

double ClassBreakFinder::goodness_of_fit(const ClassBreaks& breaks) const {
    std::vector<std::size_t> ends;
    for (const double limit : breaks.breaks) {
        const auto end = std::upper_bound(values_.values.begin(), values_.values.end(), limit);
        ends.push_back(static_cast<std::size_t>(end - values_.values.begin()));
    }
    ends.push_back(values_.size());
    return share_between(values_, ends);
}

}  // namespace landcarbon
