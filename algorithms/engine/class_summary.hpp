// Land Carbon Toolbox: areas and shares of the classes of a map that an algorithm makes, for its tables and its report.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/report/report.hpp"
#include "engine/source.hpp"
#include "maths/cell_area.hpp"

namespace landcarbon {

/// A class and what it covers.
struct ClassPart {
    ClassLabel label;
    std::int64_t cells = 0;
    FixedArea area;
    double share = 0;  ///< of the area of all classes, 0..1

    std::int64_t code() const { return label.code; }
    const std::string& name() const { return label.name; }
    double hectares() const { return area.hectares(); }
};

/// All classes of a map in the order in which they are told, and all of them together.
class ClassSummary {
public:
    /// Adds a class; call before anything else.
    void add(const ClassLabel& label, std::int64_t cells, FixedArea area);
    const std::vector<ClassPart>& parts() const { return parts_; }
    const ClassPart& operator[](std::size_t i) const { return parts_[i]; }
    std::size_t size() const { return parts_.size(); }
    /// All classes together, called "All classes", with a share of 1.
    const ClassPart& all() const { return all_; }
    bool empty() const { return all_.area == FixedArea(); }

    /// Adds bars of the shares of the area to a report.
    void add_bars(Report& report, const std::string& caption) const;
    /// A column that a room puts into the table of the classes: its head, the cell of each class, the cell of all.
    struct Column {
        TableData::Column head;
        std::vector<std::string> cells;
        std::string all = {};
    };
    enum class Cells { shown, hidden };
    /// The table of the classes for a report: class, cells when shown, area, share, then `more`; all classes come last.
    TableData table(Cells cells, const std::vector<Column>& more = {}) const;

private:
    std::vector<ClassPart> parts_;
    ClassPart all_{{0, "All classes", ""}, 0, {}, 1};
};

}  // namespace landcarbon
