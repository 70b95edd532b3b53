// Land Carbon Toolbox: classes that are intervals of a map's values: their codes, names, colours, and what to say of
// them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_classes.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/class_summary.hpp"
#include "engine/report/colour.hpp"
#include "engine/report/escape.hpp"
#include "engine/table_columns.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// A number as text that is plain ASCII, for names that go into files.
std::string plain(double value, int significant) {
    std::string text = format_number(value, significant);
    const std::string minus = "\xe2\x88\x92";
    for (std::size_t at = text.find(minus); at != std::string::npos; at = text.find(minus)) {
        text.erase(at, minus.size());
        text.insert(at, 1, '-');
    }
    return text;
}

/// The breaks and ends with as many digits as tell them apart.
std::vector<std::string> texts_of(const std::vector<double>& numbers) {
    const std::set<double> distinct(numbers.begin(), numbers.end());
    std::vector<std::string> texts;
    for (int significant = 4; significant <= 17; ++significant) {
        texts.clear();
        for (const double number : numbers) texts.push_back(plain(number, significant));
        if (std::set<std::string>(texts.begin(), texts.end()).size() == distinct.size()) break;
    }
    return texts;
}

std::string interval(const std::string& lower, const std::string& upper, bool closed) {
    std::string text = closed ? "[" : "(";
    text += lower;
    text += ", ";
    text += upper;
    text += "]";
    return text;
}

std::string classes_text(int count) { return std::to_string(count) + (count == 1 ? " class" : " classes"); }

std::string breaks_text(int count) { return std::to_string(count) + (count == 1 ? " break" : " breaks"); }

}  // namespace

std::vector<double> read_breaks(const std::string& text, const std::string& parameter) {
    std::vector<double> breaks;
    for (const std::string& entry : split_list(text)) {
        const auto number = parse_number(entry);
        if (!number || !std::isfinite(*number))
            throw wrong(parameter,
                        "\"" + entry + "\" is not a number; give breaks separated by commas, such as 0, 0.5, 1");
        breaks.push_back(*number + 0.0);
    }
    std::sort(breaks.begin(), breaks.end());
    if (const auto twice = std::adjacent_find(breaks.begin(), breaks.end()); twice != breaks.end())
        throw wrong(parameter, number_text(*twice) + " is given twice");
    if (breaks.size() >= most_value_classes)
        throw wrong(parameter, "more than " + std::to_string(most_value_classes - 1) + " breaks");
    return breaks;
}

ValueClasses::ValueClasses(ClassBreaks breaks) : breaks_(std::move(breaks)) {
    std::vector<double> ends = breaks_.breaks;
    if (!breaks_.open_ends) {
        ends.insert(ends.begin(), breaks_.lowest);
        ends.push_back(breaks_.highest);
    }
    const std::vector<std::string> texts = texts_of(ends);
    const std::size_t count = breaks_.breaks.size() + 1;
    for (std::size_t i = 0; i < count; ++i) {
        std::string name;
        if (!breaks_.open_ends)
            name = interval(texts[i], texts[i + 1], i == 0);
        else if (count == 1)
            name = "all values";
        else if (i == 0)
            name = "<= " + texts[0];
        else if (i + 1 == count)
            name = "> " + texts[i - 1];
        else
            name = interval(texts[i - 1], texts[i], false);
        // The lightest colour of the ramp is hardly seen on white.
        const double share = count == 1 ? 0.5 : 0.12 + 0.88 * static_cast<double>(i) / static_cast<double>(count - 1);
        labels_.push_back({static_cast<std::int64_t>(i + 1), name, to_hex(sequential_ramp(share))});
    }
}

std::optional<double> ValueClasses::lower(std::size_t i) const {
    if (i > 0) return breaks_.breaks[i - 1];
    return breaks_.open_ends ? std::nullopt : std::optional(breaks_.lowest);
}

std::optional<double> ValueClasses::upper(std::size_t i) const {
    if (i < breaks_.breaks.size()) return breaks_.breaks[i];
    return breaks_.open_ends ? std::nullopt : std::optional(breaks_.highest);
}

template <class T>
void ValueClasses::find(const T* values, std::size_t count, T nodata, std::uint16_t* slots) const {
    // Few breaks: each is compared with all values of a stretch, which vectorises. Many: search.
    constexpr std::size_t few = 24, stretch = 256;
    const std::vector<double>& breaks = breaks_.breaks;
    for (std::size_t start = 0; start < count; start += stretch) {
        const std::size_t here = std::min(stretch, count - start);
        const T* const from = values + start;
        std::uint16_t* const to = slots + start;
        double numbers[stretch];
        for (std::size_t i = 0; i < here; ++i) numbers[i] = static_cast<double>(from[i]);
        if (breaks.size() <= few) {
            for (std::size_t i = 0; i < here; ++i) to[i] = 1;
            for (const double limit : breaks)
                for (std::size_t i = 0; i < here; ++i) to[i] = static_cast<std::uint16_t>(to[i] + (numbers[i] > limit));
        } else {
            for (std::size_t i = 0; i < here; ++i)
                to[i] = static_cast<std::uint16_t>(std::lower_bound(breaks.begin(), breaks.end(), numbers[i]) -
                                                   breaks.begin() + 1);
        }
        for (std::size_t i = 0; i < here; ++i) to[i] = from[i] == from[i] && from[i] != nodata ? to[i] : 0;
    }
}

template void ValueClasses::find(const float*, std::size_t, float, std::uint16_t*) const;
template void ValueClasses::find(const double*, std::size_t, double, std::uint16_t*) const;

namespace {

ClassSummary summary_of(const ValueClasses& classes, const ClassTally& tally, const CellAreas& areas) {
    ClassSummary summary;
    for (std::size_t i = 0; i < classes.size(); ++i)
        summary.add(classes.labels()[i], tally.count(i + 1), tally.area(i + 1, areas.cell()));
    return summary;
}

}  // namespace

OutputTable class_table(const ValueClasses& classes, const ClassTally& tally, const CellAreas& areas) {
    const auto index = [](const ClassPart& part) { return static_cast<std::size_t>(part.code() - 1); };
    return TableColumns<ClassPart>()
        .add("class", &ClassPart::code)
        .add("name", &ClassPart::name)
        .add("lower", [&](const ClassPart& part) { return classes.lower(index(part)); })
        .add("upper", [&](const ClassPart& part) { return classes.upper(index(part)); })
        .add("cells", &ClassPart::cells)
        .add("area_ha", &ClassPart::hectares)
        .add("share", &ClassPart::share)
        .of(summary_of(classes, tally, areas).parts());
}

void add_classes(Report& report, const ValueClasses& classes, const ClassTally& tally, const CellAreas& areas,
                 const std::string& caption) {
    const ClassSummary summary = summary_of(classes, tally, areas);
    summary.add_bars(report, "Share of the area of each class.");
    TableData table = summary.table(ClassSummary::Cells::shown);
    // Here a class is a number, and its name an interval.
    table.columns.insert(table.columns.begin() + 1, text_column("Interval"));
    for (std::size_t i = 0; i < table.rows.size(); ++i)
        table.rows[i].insert(table.rows[i].begin(), i < summary.size() ? std::to_string(summary[i].code()) : "All");
    table.rows.back()[1].clear();
    report.table(table, caption);
}

std::string break_method_text(BreakMethod method) {
    switch (method) {
        case BreakMethod::equal_interval:
            return "equal intervals: lowest + i (highest - lowest) / k";
        case BreakMethod::quantile:
            return "quantiles: the i/k quantile, interpolated between the values at the ranks around 1 + (N - 1) i / k "
                   "(type 7 of Hyndman & Fan, as R and NumPy)";
        case BreakMethod::natural:
            return "natural breaks (Fisher-Jenks): the division with the least squared deviations from the means of "
                   "the "
                   "classes, found exactly; a break is the largest value of the class below it";
        case BreakMethod::geometric:
            return "geometric intervals: lowest (highest / lowest)^(i/k)";
        case BreakMethod::standard_deviation:
            return "standard deviations: mean + (i - k/2) s with the sample standard deviation s; breaks beyond the "
                   "values are left out";
    }
    return {};
}

std::string interval_text() {
    return "a value equal to a break belongs to the class below it: (lower, upper], the first class with its lower end";
}

std::string shortfall_text(const ClassBreaks& breaks) {
    std::string text;
    const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
    if (breaks.classes() < breaks.asked) {
        std::string reason;
        if (breaks.lowest == breaks.highest)
            reason = "all values are equal";
        else if (breaks.merged > 0 && breaks.outside > 0)
            reason = breaks_text(breaks.merged) + " fell together with others, " + breaks_text(breaks.outside) +
                     " would be beyond the values";
        else if (breaks.merged > 0)
            reason = breaks_text(breaks.merged) + " fell together with others";
        else if (breaks.outside > 0)
            reason = breaks_text(breaks.outside) + " would be beyond the values";
        else
            reason = "there are no more distinct values";
        add(classes_text(breaks.classes()) + " instead of " + std::to_string(breaks.asked) + ": " + reason);
    }
    if (const int empty = breaks.empty_classes(); empty > 0)
        add(classes_text(empty) + (empty == 1 ? " has" : " have") + " no value");
    return text;
}

}  // namespace landcarbon
