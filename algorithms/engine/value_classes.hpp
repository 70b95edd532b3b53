// Land Carbon Toolbox: classes that are intervals of a map's values: their codes, names, colours, and what to say of
// them.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/grid.hpp"
#include "engine/report/report.hpp"
#include "engine/source.hpp"
#include "engine/table.hpp"
#include "maths/class_breaks.hpp"
#include "maths/class_tally.hpp"

namespace landcarbon {

/// Most classes that a map of classes may have: codes 1 to 255 fit a byte, 0 is NoData.
constexpr int most_value_classes = 255;

/// Reads breaks as users write them: "0, 200, 400", in any order; empty when the text is.
/// @param parameter id of the argument, for messages
/// @throws UserError when one is not a finite number, when two are equal or when there are too many
std::vector<double> read_breaks(const std::string& text, const std::string& parameter);

/// Intervals of values as the classes 1, 2, ... of a map.
class ValueClasses {
public:
    explicit ValueClasses(ClassBreaks breaks);

    std::size_t size() const { return labels_.size(); }
    const ClassBreaks& breaks() const { return breaks_; }
    /// Code, name and colour of each class. The name is its interval: "[0, 2]", "(2, 5.5]"; with given breaks the outer
    /// two are open: "<= 2", "> 5.5".
    const std::vector<ClassLabel>& labels() const { return labels_; }
    /// Ends of class i (from 0); nothing where it is open.
    std::optional<double> lower(std::size_t i) const;
    std::optional<double> upper(std::size_t i) const;
    /// The slot (class, from 1) of each value; 0 for NaN and `nodata`. T is float or double.
    template <class T>
    void find(const T* values, std::size_t count, T nodata, std::uint16_t* slots) const;

private:
    ClassBreaks breaks_;
    std::vector<ClassLabel> labels_;
};

/// One row for each class: class, name, lower, upper, cells, area_ha, share. Open ends are blank.
/// @param tally of slots, as `find` gives them
OutputTable class_table(const ValueClasses& classes, const ClassTally& tally, const CellAreas& areas);
/// Bars of the classes' shares of the area and the table of the classes, for a report.
void add_classes(Report& report, const ValueClasses& classes, const ClassTally& tally, const CellAreas& areas,
                 const std::string& caption);

/// How breaks are found, for conventions: "natural breaks (Fisher-Jenks), exact: ...".
std::string break_method_text(BreakMethod method);
/// Which class a value on a break belongs to, for conventions.
std::string interval_text();
/// What a user should know where breaks are not as asked for, as "3 classes instead of 5: 2 breaks fell together with
/// others"; empty when they are.
std::string shortfall_text(const ClassBreaks& breaks);

}  // namespace landcarbon
