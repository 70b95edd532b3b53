// Land Carbon Toolbox: tables: read as text with exact places for messages, written through OGR.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/source.hpp"

namespace landcarbon {

/// A table as it was read: every cell a text, every row with the line it stands on.
class InputTable {
public:
    /// Reads any OGR layer. CSV may have a BOM, be UTF-16 or in an East Asian encoding, use , ; or tab, and start with
    /// lines of # remarks. CSV and spreadsheets may have titles above the header (rows with a single cell), empty rows,
    /// and columns without a name.
    /// @param shapes keep the polygons or points of a vector layer as well
    /// @param encoding of text whose file does not say its own, as encoding_called gives it; empty: not known
    /// @throws IoError, UserError
    InputTable(std::string parameter, const std::string& path, bool shapes = false, const std::string& encoding = {});
    /// Reads CSV text that is in memory. `name` is used in messages.
    static InputTable from_text(std::string parameter, std::string name, std::string bytes,
                                const std::string& encoding = {});

    /// What the user should know: an encoding that was assumed, titles, other sheets.
    const std::vector<std::string>& warnings() const { return warnings_; }
    const std::vector<std::string>& columns() const { return columns_; }
    /// Id of the argument that the table was given as.
    const std::string& argument() const { return parameter_; }
    std::size_t rows() const { return places_.size(); }
    bool has(const std::string& column) const { return find(column).has_value(); }
    /// Column by name; case, blanks at the ends and full-width letters do not matter. What InVEST and yearbooks call
    /// the columns `class` and `name` (lucode, LULC_Name ...) is found under these names.
    /// @throws UserError listing the columns there are, or where two have this name
    std::size_t column(const std::string& name) const;
    /// The columns of several names. @throws UserError listing all that are missing
    std::vector<std::size_t> columns_of(const std::vector<std::string>& names) const;
    /// Columns by a list of names. A name with commas that was taken for several is put together again.
    std::vector<std::size_t> columns_called(const std::vector<std::string>& names) const;
    /// A cell's text, without blanks at its ends.
    std::string_view text(std::size_t row, std::size_t column) const;
    /// A cell as a number; nothing when it is blank or says that there is none (NA, #N/A, null ...).
    /// @throws UserError with row, column and advice
    std::optional<double> number(std::size_t row, std::size_t column) const;
    /// A cell that must hold a number. @throws UserError
    double required_number(std::size_t row, std::size_t column) const;
    /// A cell that must hold a whole number. @throws UserError
    std::int64_t required_integer(std::size_t row, std::size_t column) const;
    /// The rows of `rows`, in that order and as often as they appear there, each with another text in `column`.
    /// Messages still name the lines of the file.
    InputTable with_cells(std::size_t column, const std::vector<std::pair<std::size_t, std::string>>& rows) const;
    /// A cell that must hold a year: a number or a date. @throws UserError
    double required_year(std::size_t row, std::size_t column) const;
    /// True when shapes were asked for and the layer has some.
    bool has_shapes() const { return !shapes_.empty(); }
    /// The polygons or the point of a row as ISO WKB; empty where there are none.
    const std::vector<unsigned char>& shape(std::size_t row) const { return shapes_[row]; }
    /// Reference system of the shapes, WKT; empty when unknown.
    const std::string& crs() const { return crs_; }
    /// Rejects a cell with a reason. @throws UserError always
    [[noreturn]] void reject(std::size_t row, std::size_t column, const std::string& reason) const;
    /// Rejects the table. @throws UserError always
    [[noreturn]] void reject(const std::string& reason) const;

private:
    InputTable() = default;
    /// A row of a file before the header is found.
    struct Row {
        std::int64_t number;
        std::vector<std::string> cells;
    };
    void load_csv(std::string bytes, const std::string& encoding);
    void load_layer(const std::string& path, const std::string& layer, bool shapes, const std::string& encoding);
    std::string utf8_of(std::string bytes, const std::string& encoding);
    /// Takes the next row of a CSV file or sheet: a title, the header, or data.
    void take_row(const std::vector<std::string_view>& cells, std::int64_t number);
    void take_data(const std::vector<std::string_view>& cells, std::int64_t number);
    /// Tells the titles from the header among the first rows.
    void settle_header();
    void finish_rows();
    /// Where semicolons or tabs part the cells, commas may stand before decimals: such numbers get a point. The signs
    /// are the whole table's: one column that settles them settles those that may mean two things.
    void settle_decimal_commas();
    /// Leaves out notes below the table: rows whose only cell, the first, says so ("Source: ...", "注：...").
    void leave_out_notes();
    /// Years of two digits across a century, which count only as 1997 ... 2001, are written so.
    void settle_short_years();
    /// Tells columns of whole numbers in which a point may stand between thousands.
    void tell_points_between_thousands();
    /// Puts another text into a cell.
    void put(std::size_t row, std::size_t column, std::string_view text);
    std::string who() const;
    void add_cell(std::string_view text);
    std::string at(std::int64_t number) const { return (csv_ ? "line " : "row ") + std::to_string(number); }
    std::vector<std::string> column_names() const;
    std::optional<std::size_t> find(const std::string& column) const;
    std::string parameter_;
    std::string path_;
    std::vector<std::string> columns_;
    /// Where a cell stands in `characters_`.
    struct Place {
        std::uint32_t start;
        std::uint32_t size;
    };
    std::string characters_;            ///< the text of a CSV file and cells that do not stand in it as they are
    std::vector<Place> cells_;          ///< row by row
    std::vector<std::int64_t> places_;  ///< line (CSV) or feature id of each row
    bool csv_ = false;
    char separator_ = 0;        ///< of CSV
    std::vector<Row> leading_;  ///< the first rows, until the header is known
    std::string loose_;         ///< while reading: cells that do not stand in `characters_`
    std::vector<std::string> warnings_;
    std::vector<std::vector<unsigned char>> shapes_;  ///< one a row, or none at all
    std::string crs_;
};

/// Names, colours and grades of classes, as a user's table gives them.
struct ClassInfo {
    std::string name;
    std::string colour;
    std::optional<double> grade;
};
/// What a table says of classes, by code, and the argument that it was given as.
struct ClassTable : std::map<std::int64_t, ClassInfo> {
    std::string argument;
};
/// Reads a table with columns class, and optionally name, colour (or color) and grade.
/// @throws UserError on a repeated class or a wrong colour
ClassTable read_classes(const InputTable& table);
/// The table's row of each class. @throws UserError on a repeated class
std::map<std::int64_t, std::size_t> rows_by_class(const InputTable& table);

/// One cell of an output table.
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;
/// A number, or an empty cell where it is not defined.
inline Cell cell_of(const std::optional<double>& value) { return value ? Cell(*value) : Cell(); }

/// A table to be written: typed columns, rows, and for vector outputs a geometry for each row.
class OutputTable {
public:
    enum class Type { integer, real, text };
    struct Column {
        std::string name;
        Type type;
    };
    explicit OutputTable(std::vector<Column> columns) : columns_(std::move(columns)) {}

    void add(std::vector<Cell> row) { rows_.push_back(std::move(row)); }
    /// Adds a row with a geometry (ISO WKB).
    void add(std::vector<Cell> row, std::vector<unsigned char> geometry);
    /// Rows that are made while they are written, one at a time: for tables too long to be held. `make` gets the number
    /// of the row, from 0, and the row's cells, empty; it is called once a row, in order. They follow those of add().
    void add_later(std::size_t count, std::function<void(std::size_t, std::vector<Cell>&)> make);
    const std::vector<Column>& columns() const { return columns_; }
    const std::vector<std::vector<Cell>>& rows() const { return rows_; }
    const std::vector<std::vector<unsigned char>>& geometries() const { return geometries_; }
    std::string crs;  ///< WKT of the geometries

    /// Writes the table with OGR; the format follows the extension. Text is UTF-8 and says so: with a byte order mark
    /// in CSV that holds other than ASCII, with a .cpg file beside a .dbf.
    /// @returns what the user should know: names and texts that the format cut
    /// @throws UserError, IoError
    std::vector<std::string> write(const std::string& parameter, const std::string& path,
                                   const std::string& shown) const;

    /// Writes a small table of the format that `shown` has, reads it back and removes it again; says before the work
    /// whether the format holds tables, or layers of shapes.
    /// @param folder an existing folder to work in
    /// @return names of the files that such an output consists of
    /// @throws UserError
    static std::vector<std::string> try_format(const std::string& parameter, const std::string& folder,
                                               const std::string& shown, bool shapes);

private:
    std::vector<Column> columns_;
    std::vector<std::vector<Cell>> rows_;
    std::size_t later_ = 0;
    std::function<void(std::size_t, std::vector<Cell>&)> make_;
    std::vector<std::vector<unsigned char>> geometries_;
};

/// The narrowest type that all cells of a column fit: integer, real, text. Blank cells fit every type; a column of
/// blanks is text. Codes with leading zeros ("007") are texts, so that nothing is lost.
OutputTable::Type column_type(const InputTable& table, std::size_t column);
/// A cell as the type of its column; nothing when it is blank. The cell must fit the type.
Cell typed_cell(const InputTable& table, std::size_t row, std::size_t column, OutputTable::Type type);

/// A published coefficient table that ships with the toolbox, as CSV text.
struct EmbeddedTable {
    const char* name;
    const char* text;
};
const std::vector<EmbeddedTable>& embedded_tables();

}  // namespace landcarbon
