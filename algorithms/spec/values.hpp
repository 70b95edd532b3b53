// Land Carbon Toolbox: the types of arguments inside an options struct, and the value a front-end hands in.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "spec/errors.hpp"

namespace landcarbon {

/// A member that a spec has bound knows its argument.
struct Bound {
    std::string argument;  ///< id
};
/// What is wrong with a bound member, with the name of its argument before the text.
UserError wrong(const Bound& member, const std::string& text);

/// A file that is read; an empty path means: not given.
struct InputPath : Bound {
    std::string path;
    bool given() const { return !path.empty(); }
};
/// A file that is written; an empty path means: not wanted.
struct OutputPath : Bound {
    std::string path;
    bool wanted() const { return !path.empty(); }
};

/// One band of a raster file: `path` or `path|band=N` (the first band when not said).
struct RasterInput : InputPath {};
/// Several bands in order: each entry a file with all its bands, or `path|band=N` for one band.
struct RasterStack : Bound {
    std::vector<std::string> paths;
};
/// A vector layer: `path` or `path|layername=NAME`.
struct VectorInput : InputPath {};
/// A table: any OGR layer, `path` or `path|layername=NAME`.
struct TableInput : InputPath {};
struct FileInput : InputPath {};

struct RasterOutput : OutputPath {};
struct TableOutput : OutputPath {};
struct VectorOutput : OutputPath {};
struct ReportOutput : OutputPath {};
struct FileOutput : OutputPath {};

/// A number or text that the algorithm finds; absent when it is not defined for these inputs (never NaN).
using NumberOutput = std::optional<double>;
using TextOutput = std::optional<std::string>;

/// A small table typed by the user, row by row.
struct Matrix {
    std::vector<std::vector<std::string>> rows;
    bool operator==(const Matrix&) const = default;
};

/// A value on its way from a front-end into an options struct.
/// Numbers may come as text: they are read strictly, with a decimal point.
using Value = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>, Matrix>;

/// Reads a whole text as a finite or infinite number in the C locale; nothing when it is not one.
std::optional<double> parse_number(std::string_view text);
/// Reads a whole text as an integer; nothing when it is not one or does not fit.
std::optional<std::int64_t> parse_integer(std::string_view text);
/// Shortest text that reads back as the same number ("0.1", "1e+20", "nan", "inf").
std::string number_text(double value);
/// "1 driver", "3 drivers", "2 classes".
/// @param many the plural, where it is not `one` with an s
std::string counted(std::size_t count, const std::string& one, const std::string& many = {});
/// Words for a message: a, b, c; what is more than `most` becomes "...".
std::string listed(const std::vector<std::string>& words, std::size_t most = std::numeric_limits<std::size_t>::max());
/// Entries for a message, each of several words: a; b; c; of more than `most` the rest as "; and 3 more".
std::string listed_entries(const std::vector<std::string>& entries, std::size_t most);
/// Each word in quotation marks.
std::vector<std::string> quoted(std::vector<std::string> words);

/// A value as a user would type it; lists joined by commas, so that split_list() gives their entries back.
std::string value_text(const Value& value);
/// Splits at commas; blanks around entries are dropped; an empty text gives no entry. An entry in quotation marks may
/// hold commas; a quotation mark in it is doubled.
std::vector<std::string> split_list(std::string_view text);
/// An argument's id as messages and QGIS write it: "carbon_pools" -> "CARBON_POOLS".
std::string parameter_name(std::string id);
/// The text without blanks at both ends; no-break, full-width and zero-width ones count as blanks.
std::string_view trimmed(std::string_view text);

}  // namespace landcarbon
