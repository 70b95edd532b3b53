// Land Carbon Toolbox: areas and shares of the classes of a map that an algorithm makes, for its tables and its report.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_summary.hpp"

#include "engine/map_summary.hpp"
#include "engine/report/escape.hpp"

namespace landcarbon {

void ClassSummary::add(const ClassLabel& label, std::int64_t cells, FixedArea area) {
    parts_.push_back({label, cells, area, 0});
    all_.cells += cells;
    all_.area += area;
    for (ClassPart& part : parts_) part.share = part.hectares() / all_.hectares();
}

void ClassSummary::add_bars(Report& report, const std::string& caption) const {
    std::vector<ClassShare> shares;
    for (const ClassPart& part : parts_) shares.push_back({part.name(), part.label.colour, part.share * 100});
    report.figure(bar_chart(class_shares_chart(shares)), caption);
}

TableData ClassSummary::table(Cells cells, const std::vector<Column>& more) const {
    TableData table;
    table.last_row_is_total = true;
    table.columns = {text_column("Class")};
    if (cells == Cells::shown) table.columns.push_back(number_column("Cells"));
    table.columns.push_back(number_column("Area", "ha"));
    table.columns.push_back(number_column("Share of the area"));
    for (const Column& column : more) table.columns.push_back(column.head);
    const auto add = [&](const ClassPart& part) {
        std::vector<std::string> row = {part.name()};
        if (cells == Cells::shown) row.push_back(format_grouped(static_cast<double>(part.cells), 0));
        row.push_back(format_grouped(part.hectares(), 1));
        row.push_back(format_percent(part.share));
        table.rows.push_back(std::move(row));
        table.row_colours.push_back(part.label.colour);
    };
    for (std::size_t i = 0; i < size(); ++i) {
        add(parts_[i]);
        for (const Column& column : more) table.rows.back().push_back(column.cells[i]);
    }
    add(all_);
    for (const Column& column : more) table.rows.back().push_back(column.all);
    return table;
}

}  // namespace landcarbon
