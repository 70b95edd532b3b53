// Land Carbon Toolbox: builder of HTML reports: one self-contained file, no script, nothing external.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landcarbon {

/// A table as text; numbers are formatted by the caller (format_grouped, format_percent, ...).
struct TableData {
    enum class Align { left, right };
    struct Column {
        std::string name;
        std::string unit = {};
        Align align = Align::left;
    };
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;  ///< short rows are filled with empty cells, surplus cells dropped
    std::vector<std::string> row_colours = {};   ///< optional, one per row: a swatch before the first cell
    bool last_row_is_total = false;
};

/// A column of text.
TableData::Column text_column(std::string name);
/// A column of numbers: right-aligned, the unit under the name.
TableData::Column number_column(std::string name, std::string unit = {});

/// Collects the parts of a report in reading order and writes them as one HTML5 file that is also well-formed XML,
/// opens without a network and prints on A4. All text is escaped; only figures are taken as they are and must come
/// from the charts or from Svg. The same calls give the same bytes: no time or machine is written unless the caller
/// adds it. All adding functions return the report, so that calls can be chained.
class Report {
public:
    Report(std::string title, std::string subtitle);

    /// A headline card; consecutive cards stand side by side. The tooltip explains the number.
    Report& number(std::string_view label, std::string_view value_text, std::string_view unit = {},
                   std::string_view tooltip = {});
    /// A heading; reports with three sections or more get a line of contents.
    Report& section(std::string_view title);
    /// Text; empty lines separate paragraphs.
    Report& paragraph(std::string_view text);
    /// A remark that must not be overlooked.
    Report& warning(std::string_view text);
    /// A table with its caption above. After `row_limit` rows it ends with a line saying how many more the output
    /// table has (a total in the last row is kept). Long tables scroll on screen and are whole in print.
    Report& table(const TableData& data, std::string_view caption, std::size_t row_limit = 200);
    /// A figure made by the charts or by Svg, with its caption below.
    Report& figure(std::string_view svg, std::string_view caption);
    /// Terms and what they mean, e.g. conventions or provenance, to fold and unfold; always unfolded in print.
    Report& definitions(std::string_view title, const std::vector<std::pair<std::string, std::string>>& entries,
                        bool open = false);
    /// The line at the end, e.g. name and version of the program.
    Report& footer(std::string_view text);

    /// The file.
    std::string str() const;

private:
    void close_numbers();

    std::string title_, subtitle_, footer_, body_;
    std::vector<std::string> sections_;
    std::size_t figures_ = 0, tables_ = 0;
    bool in_numbers_ = false;
};

}  // namespace landcarbon
