// Land Carbon Toolbox: what OGR does not tell of a spreadsheet: truth values, formulas without a value, dates
// counted from 1904, hidden sheets, wrong endings.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/sheet_cells.hpp"

#include <cpl_vsi.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "engine/gdal.hpp"
#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// Sheets that are larger hold data, not a person's table.
constexpr std::size_t largest_sheet = 64u << 20;

/// A file inside the archive; empty where there is none.
std::string part_of(const std::string& path, const std::string& part) {
    const GdalMessages messages;
    VSILFILE* const file = VSIFOpenL(("/vsizip/{" + path + "}/" + part).c_str(), "rb");
    if (!file) return {};
    std::string text;
    std::vector<char> piece(1 << 16);
    while (text.size() <= largest_sheet) {
        const std::size_t read = VSIFReadL(piece.data(), 1, piece.size(), file);
        if (read == 0) break;
        text.append(piece.data(), read);
    }
    VSIFCloseL(file);
    return text.size() > largest_sheet ? std::string() : text;
}

/// The value of an attribute in a tag; empty where it has none.
std::string attribute(std::string_view tag, const std::string& name) {
    const std::string start = " " + name + "=\"";
    const auto at = tag.find(start);
    if (at == std::string_view::npos) return {};
    const auto from = at + start.size(), end = tag.find('"', from);
    if (end == std::string_view::npos) return {};
    std::string text(tag.substr(from, end - from));
    for (const auto& [entity, sign] :
         {std::pair{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}})
        for (auto found = text.find(entity); found != std::string::npos; found = text.find(entity, found + 1))
            text.replace(found, std::string_view(entity).size(), sign);
    return text;
}

/// Calls `see` with each tag that begins with `<name `, and the place behind it.
template <class See>
void each_tag(std::string_view xml, const std::string& name, See see) {
    const std::string start = "<" + name;
    for (auto at = xml.find(start); at != std::string_view::npos; at = xml.find(start, at + 1)) {
        const auto behind = at + start.size();
        if (behind >= xml.size() || (xml[behind] != ' ' && xml[behind] != '>' && xml[behind] != '/')) continue;
        const auto end = xml.find('>', behind);
        if (end == std::string_view::npos) return;
        see(xml.substr(at, end + 1 - at), end + 1);
    }
}

bool is_true(const std::string& value) { return value == "1" || value == "true"; }

/// A day of the calendar that begins 1904 as "2001/06/30"; empty where it is no day that people have data of.
std::string date_since_1904(std::string_view text) {
    const auto number = parse_number(text);
    constexpr double latest = 1000000;
    if (!number || !(*number >= 1 && *number < latest)) return {};
    // Days since 1 March of the year 0 (Howard Hinnant's civil_from_days).
    constexpr std::int64_t before_1904 = 695361, days_of_era = 146097;
    const std::int64_t days = before_1904 + static_cast<std::int64_t>(*number);
    const std::int64_t era = days / days_of_era, day = days % days_of_era;
    const std::int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const std::int64_t of_year = day - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    const std::int64_t of_month = of_year - (153 * month + 2) / 5 + 1, calendar = month < 10 ? month + 3 : month - 9;
    const auto two = [](std::int64_t part) { return (part < 10 ? "/0" : "/") + std::to_string(part); };
    return std::to_string(year + era * 400 + (calendar <= 2 ? 1 : 0)) + two(calendar) + two(of_month);
}

/// Whether OGR took a number for a date, as its format in the sheet says.
bool is_date(std::string_view text) {
    return text.size() >= 10 && text[4] == '/' && text[7] == '/' && text[0] >= '0' && text[0] <= '9';
}

std::string file_of_sheet(const std::string& path, const std::string& sheet) {
    std::string id, target;
    const std::string book = part_of(path, "xl/workbook.xml"), links = part_of(path, "xl/_rels/workbook.xml.rels");
    each_tag(book, "sheet", [&](std::string_view tag, std::size_t) {
        if (attribute(tag, "name") == sheet) id = attribute(tag, "r:id");
    });
    each_tag(links, "Relationship", [&](std::string_view tag, std::size_t) {
        if (!id.empty() && attribute(tag, "Id") == id) target = attribute(tag, "Target");
    });
    if (target.empty()) return {};
    return target.front() == '/' ? target.substr(1) : "xl/" + target;
}

/// Row and column (from 0) of "C5".
std::optional<std::pair<std::int64_t, std::size_t>> place_of(const std::string& reference) {
    std::size_t column = 0, i = 0;
    for (; i < reference.size() && reference[i] >= 'A' && reference[i] <= 'Z' && i < 4; ++i)
        column = column * 26 + static_cast<std::size_t>(reference[i] - 'A' + 1);
    std::int64_t row = 0;
    for (std::size_t k = i; k < reference.size(); ++k) {
        if (reference[k] < '0' || reference[k] > '9' || row > 100000000) return std::nullopt;
        row = row * 10 + (reference[k] - '0');
    }
    if (column == 0 || row == 0) return std::nullopt;
    return std::pair{row, column - 1};
}

}  // namespace

OddCells::OddCells(const std::string& path, const std::string& sheet) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return;
    const std::string file = file_of_sheet(path, sheet);
    if (file.empty() || file.find("..") != std::string::npos) return;
    const std::string xml = part_of(path, file);
    bool from_1904 = false, calculates = false;
    const std::string book = part_of(path, "xl/workbook.xml");
    each_tag(book, "workbookPr",
             [&](std::string_view tag, std::size_t) { from_1904 = is_true(attribute(tag, "date1904")); });
    each_tag(book, "calcPr",
             [&](std::string_view tag, std::size_t) { calculates = is_true(attribute(tag, "fullCalcOnLoad")); });
    if (!from_1904 && xml.find(" t=\"b\"") == std::string::npos && xml.find("<f") == std::string::npos) return;
    const std::string_view text = xml;
    each_tag(text, "c", [&](std::string_view tag, std::size_t behind) {
        const auto place = place_of(attribute(tag, "r"));
        if (!place || tag[tag.size() - 2] == '/') return;
        const std::string_view inside = text.substr(behind, std::min(text.find("</c>", behind), text.size()) - behind);
        const auto value = inside.find("<v>");
        const bool has_value = value != std::string_view::npos && inside.compare(value, 7, "<v></v>") != 0;
        const std::string type = attribute(tag, "t");
        const bool is_formula = inside.rfind("<f>", 0) == 0 || inside.rfind("<f ", 0) == 0;
        const bool is_zero = has_value && inside.compare(value, 8, "<v>0</v>") == 0;
        if (from_1904 && has_value && (type.empty() || type == "n")) {
            const auto from = value + 3, end = inside.find("</v>", from);
            if (std::string date = date_since_1904(inside.substr(from, end - from)); !date.empty())
                dates_[*place] = std::move(date);
        }
        const bool is_placeholder = calculates && is_zero && (type.empty() || type == "n");
        const bool is_without = !has_value && inside.find("<is>") == std::string_view::npos && type != "str";
        if (type == "b" && has_value)
            texts_[*place] = inside.compare(value, 5, "<v>1<") == 0 ? "TRUE" : "FALSE";
        else if (is_formula && (is_placeholder || is_without))
            texts_[*place] = unsaved_formula;
    });
}

void OddCells::put(std::int64_t row, std::vector<std::string_view>& cells) const {
    for (auto entry = texts_.lower_bound({row, 0}); entry != texts_.end() && entry->first.first == row; ++entry)
        if (entry->first.second < cells.size()) cells[entry->first.second] = entry->second;
    for (auto entry = dates_.lower_bound({row, 0}); entry != dates_.end() && entry->first.first == row; ++entry)
        if (entry->first.second < cells.size() && is_date(cells[entry->first.second]))
            cells[entry->first.second] = entry->second;
}

std::string OddCells::first_unsaved() const {
    for (const auto& [place, text] : texts_) {
        if (text != unsaved_formula) continue;
        std::string column;
        for (std::size_t rest = place.second + 1; rest > 0; rest = (rest - 1) / 26)
            column.insert(column.begin(), static_cast<char>('A' + (rest - 1) % 26));
        return column + std::to_string(place.first);
    }
    return {};
}

std::vector<std::string> hidden_sheets(const std::string& path) {
    const std::string ending = lower_case(std::filesystem::path(path).extension().string());
    std::vector<std::string> hidden;
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return hidden;
    if (ending == ".xlsx" || ending == ".xlsm") {
        const std::string book = part_of(path, "xl/workbook.xml");
        each_tag(book, "sheet", [&](std::string_view tag, std::size_t) {
            const std::string state = attribute(tag, "state");
            if (state == "hidden" || state == "veryHidden") hidden.push_back(attribute(tag, "name"));
        });
    } else if (ending == ".ods") {
        // A sheet's style says whether it is shown.
        const std::string content = part_of(path, "content.xml");
        if (content.find("table:display=\"false\"") == std::string::npos) return hidden;
        std::vector<std::string> styles;
        each_tag(content, "style:style", [&](std::string_view tag, std::size_t behind) {
            if (attribute(tag, "style:family") != "table" || tag[tag.size() - 2] == '/') return;
            const std::string_view rest = std::string_view(content).substr(behind);
            const std::string_view inside = rest.substr(0, rest.find("</style:style>"));
            if (inside.find("table:display=\"false\"") != std::string_view::npos)
                styles.push_back(attribute(tag, "style:name"));
        });
        each_tag(content, "table:table", [&](std::string_view tag, std::size_t) {
            if (std::find(styles.begin(), styles.end(), attribute(tag, "table:style-name")) != styles.end())
                hidden.push_back(attribute(tag, "table:name"));
        });
    }
    return hidden;
}

std::string not_a_spreadsheet(const std::string& path) {
    const std::string ending = lower_case(std::filesystem::path(path).extension().string());
    if (ending != ".xls" && ending != ".xlsx" && ending != ".ods" && ending != ".xlsm") return {};
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error)) return {};
    std::ifstream file(path, std::ios::binary);
    std::string start(4096, 0);
    file.read(start.data(), static_cast<std::streamsize>(start.size()));
    start.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    const auto begins = [&](std::string_view sign) { return start.compare(0, sign.size(), sign) == 0; };
    const std::string and_then =
        " with the ending " + ending + ". Open it in Excel or LibreOffice and save it as .xlsx";
    if (begins("PK"))
        return ending == ".xls" ? "it is a workbook of the newer kind with the ending .xls; rename it to .xlsx" : "";
    if (begins("\xd0\xcf\x11\xe0"))
        return ending == ".xlsx" || ending == ".xlsm"
                   ? "it is a workbook of the older kind (.xls), or locked by a password, with the ending " + ending +
                         ". Open it in Excel or LibreOffice and save it as .xlsx"
                   : "";
    if (start.empty()) return "it is empty";
    const std::string lower = lower_case(start);
    if (lower.find("urn:schemas-microsoft-com:office:spreadsheet") != std::string::npos)
        return "it is a spreadsheet in XML (Excel 2003)" + and_then;
    for (const char* sign : {"<html", "<!doctype html", "<table", "<tr", "<meta"})
        if (lower.find(sign) != std::string::npos) return "it is a web page (HTML)" + and_then;
    // Biff of Excel 2 to 4 begins with bytes that are no text.
    const bool wide = begins("\xff\xfe") || begins("\xfe\xff");
    const bool is_text = wide || std::none_of(start.begin(), start.end(), [](char c) {
                             const auto byte = static_cast<unsigned char>(c);
                             return byte < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f';
                         });
    if (!is_text) return {};
    const char* const parts = start.find('\t') != std::string::npos  ? " separated by tabs"
                              : start.find(',') != std::string::npos ? " separated by commas"
                              : start.find(';') != std::string::npos ? " separated by semicolons"
                                                                     : "";
    return std::string("it is text") + parts + ", with the ending " + ending + "; rename it to .csv";
}

}  // namespace landcarbon
