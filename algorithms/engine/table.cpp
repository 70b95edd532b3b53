// Land Carbon Toolbox: tables: read as text with exact places for messages, written through OGR.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/table.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <boost/locale/encoding_utf.hpp>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <set>

#include "engine/cell_number.hpp"
#include "engine/class_rows.hpp"
#include "engine/faults.hpp"
#include "engine/geometry.hpp"
#include "engine/input_files.hpp"
#include "engine/layer_choice.hpp"
#include "engine/layer_text.hpp"
#include "engine/pauses.hpp"
#include "engine/sheet_cells.hpp"
#include "engine/text.hpp"
#include "engine/value_rules.hpp"
#include "spec/spec.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr std::uintmax_t largest_csv = std::uintmax_t{1024} * 1024 * 1024;
constexpr std::size_t most_columns = 10000;
/// Most rows above the header.
constexpr std::size_t most_titles = 30;
constexpr const char* other_tables = "it holds several tables";

/// A column's name for comparison.
std::string plain(std::string_view name) { return lower_case(half_width(trimmed(name))); }

/// What other programs and people call columns that are looked for by one name here: InVEST's carbon model, class
/// tables of land-cover products, yearbooks in Chinese. docs/input-data.md lists the Chinese ones.
const std::vector<std::string>& other_names(const std::string& name) {
    static const std::map<std::string, std::vector<std::string>> known = {
        {"class",
         {"lucode", "lulc_code", "lu_code", "lulc", "class_code", "code", "代码", "编码", "地类代码", "地类编码",
          "类别代码", "类别编码", "地类编号", "土地利用代码", "土地利用类型代码"}},
        {"name",
         {"lulc_name", "lulc_desc", "lulc_description", "class_name", "名称", "地类名称", "类别名称", "地类",
          "土地利用类型", "用地类型"}},
        {"c_above", {"地上碳密度", "地上碳储量", "地上生物量碳密度", "地上部分碳密度", "地上"}},
        {"c_below", {"地下碳密度", "地下碳储量", "地下生物量碳密度", "地下部分碳密度", "地下"}},
        {"c_soil", {"土壤碳密度", "土壤碳储量", "土壤有机碳密度", "土壤"}},
        {"c_dead",
         {"死亡有机质碳密度", "死亡有机碳密度", "死亡有机质碳储量", "枯落物碳密度", "凋落物碳密度", "死亡有机质"}},
        {"from", {"转出", "转出代码", "转出地类", "原代码", "原地类代码"}},
        {"to", {"转入", "转入代码", "转入地类", "新代码", "新编码", "新地类代码"}},
        {"to_name", {"新地类", "新名称", "新地类名称", "新类别"}},
        {"to_colour", {"to_color", "新颜色"}},
        {"colour", {"颜色"}},
        {"grade", {"等级", "分级", "分级指数"}},
        {"factor", {"因子", "系数"}},
        {"weight", {"权重"}},
        {"year", {"年份", "年度", "年"}},
        {"scenario", {"情景"}},
        {"zone", {"分区", "区域代码"}},
        {"cells", {"像元数", "栅格数"}},
        {"area_ha", {"面积(公顷)", "面积(ha)", "面积_公顷"}},
    };
    static const std::vector<std::string> none;
    const auto found = known.find(name);
    return found == known.end() ? none : found->second;
}

/// A configuration option of this thread, as it was before at the end.
class ThreadOption {
public:
    ThreadOption(const char* name, const char* value) : name_(name) {
        if (const char* before = CPLGetThreadLocalConfigOption(name, nullptr)) before_ = before;
        CPLSetThreadLocalConfigOption(name, value);
    }
    ~ThreadOption() { CPLSetThreadLocalConfigOption(name_, before_ ? before_->c_str() : nullptr); }
    ThreadOption(const ThreadOption&) = delete;
    ThreadOption& operator=(const ThreadOption&) = delete;

private:
    const char* name_;
    std::optional<std::string> before_;
};

/// Makes OGR hand over sheets as they stand: no row is taken for a header, no cell for a type.
class SheetsAsTheyStand {
    ThreadOption xlsx_headers_{"OGR_XLSX_HEADERS", "DISABLE"}, xlsx_types_{"OGR_XLSX_FIELD_TYPES", "STRING"};
    ThreadOption ods_headers_{"OGR_ODS_HEADERS", "DISABLE"}, ods_types_{"OGR_ODS_FIELD_TYPES", "STRING"};
    ThreadOption xls_headers_{"OGR_XLS_HEADERS", "DISABLE"}, xls_types_{"OGR_XLS_FIELD_TYPES", "STRING"};
};

bool is_csv(const std::string& path) {
    const std::string extension = lower_case(trimmed(std::filesystem::path(path).extension().string()));
    return extension == ".csv" || extension == ".txt" || extension == ".tsv";
}

/// Whether a cell names a total of other rows.
bool is_total(std::string_view cell) {
    std::string word = plain(cell);
    while (!word.empty() && (word.back() == ':' || word.back() == '.')) word.pop_back();
    for (const char* known : {"total", "totals", "sum",  "subtotal", "grand total", "all classes", "average", "mean",
                              "合计",  "总计",   "小计", "共计",     "总和",        "平均",        "平均值",  "均值",
                              "合計",  "總計",   "小計", "平均値",   "합계",        "총계"})
        if (word == known) return true;
    // "合 计" is set with blanks; "全国总计" says of what.
    std::string tight;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (word.compare(i, 3, "\xe3\x80\x80") == 0)
            i += 2;
        else if (word[i] != ' ')
            tight += word[i];
    for (const char* known : {"全省", "全市", "全县", "全区", "全国"})
        if (tight == known) return true;
    for (const char* known : {"合计", "总计", "小计", " total"}) {
        const std::string_view end = known;
        const std::string& text = end[0] == ' ' ? word : tight;
        if (text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0) return true;
    }
    return false;
}

/// The character that separates the header's cells.
char separator_of(std::string_view header) {
    std::size_t commas = 0, semicolons = 0, tabs = 0, bars = 0;
    bool quoted = false;
    for (const char c : header) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
        bars += c == '|';
    }
    if (bars > 1 && commas + semicolons + tabs == 0) return '|';
    if (tabs > commas && tabs > semicolons) return '\t';
    return semicolons > commas ? ';' : ',';
}

/// Cuts the line that `text` begins with at its separators, if there is nothing more to it: no quotation mark, no line
/// end of another kind. Returns how long it is, its line end included; 0 where it is not as plain.
std::size_t cut_plain(std::string_view text, char separator, std::vector<std::string_view>& cells) {
    cells.clear();
    std::size_t start = 0, at = 0;
    for (; at < text.size(); ++at) {
        const char c = text[at];
        if (c == separator) {
            cells.push_back(text.substr(start, at - start));
            start = at + 1;
        } else if (c == '\n') {
            break;
        } else if (c == '"' || (c == '\r' && text.substr(at, 2) != "\r\n")) {
            return 0;
        }
    }
    std::string_view last = text.substr(start, at - start);
    if (!last.empty() && last.back() == '\r') last.remove_suffix(1);
    cells.push_back(last);
    return std::min(at + 1, text.size());
}

/// Cuts a record that holds quotation marks or ends with a lone carriage return. As in RFC 4180, a mark counts where a
/// cell begins with it; within a cell, as in 5" and 108Â°30'15", it is a character.
/// @param lines how many lines it spans
/// @returns its length with the end of its last line; 0 when a cell is opened and never closed
std::size_t cut_quoted(std::string_view text, char separator, std::vector<std::string>& cells, std::int64_t& lines) {
    cells.assign(1, {});
    lines = 1;
    bool quoted = false, may_open = true;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        const bool ends_line = c == '\n' || (c == '\r' && text.substr(at, 2) != "\r\n");
        if (quoted) {
            if (c == '"' && text.substr(at, 2) == "\"\"")
                cells.back() += text[at++];
            else if (c == '"')
                quoted = false;
            else
                cells.back() += c;
            lines += ends_line;
        } else if (c == '"' && may_open) {
            quoted = true;
            may_open = false;
            cells.back().clear();
        } else if (c == separator) {
            cells.emplace_back();
            may_open = true;
        } else if (ends_line) {
            return at + 1;
        } else if (c != '\r') {
            cells.back() += c;
            may_open = may_open && (c == ' ' || c == '\t');
        }
    }
    return quoted ? 0 : text.size();
}

}  // namespace

InputTable::InputTable(std::string parameter, const std::string& path, bool shapes, const std::string& encoding)
    : parameter_(std::move(parameter)), path_(path) {
    start_gdal();
    const PathParts parts = split_path(path, "layername");
    std::error_code error;
    if (std::filesystem::is_directory(parts.file, error)) throw IoError(parts.file, "is a folder, not a table");
    check_input(parts.file, InputKind::vector);
    if (is_csv(parts.file) && std::filesystem::exists(parts.file, error)) {
        const std::uintmax_t size = std::filesystem::file_size(parts.file, error);
        if (size > largest_csv) throw IoError(parts.file, "is larger than 1 GiB; that is not a table of coefficients");
        std::string bytes(size, 0);
        std::ifstream file(parts.file, std::ios::binary);
        file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        bytes.resize(static_cast<std::size_t>(file.gcount()));
        if (!file.is_open() || file.bad()) throw IoError(parts.file, "cannot be read; check its permissions");
        std::string stated = encoding;
        if (stated.empty()) {
            // As some programs write beside CSV as well.
            std::string line;  // all of it: "ANSI 936" is two words
            const auto named = std::filesystem::path(parts.file).replace_extension(".cpg");
            if (std::filesystem::is_regular_file(named, error)) {
                std::ifstream file_of_encoding(named);
                std::getline(file_of_encoding, line);
            }
            stated = encoding_called(line);
        }
        load_csv(std::move(bytes), stated);
    } else {
        // What another program saved under the ending of a spreadsheet.
        if (const std::string what = not_a_spreadsheet(parts.file); !what.empty()) reject(what);
        load_layer(parts.file, parts.option.value_or(""), shapes, encoding);
    }
}

InputTable InputTable::from_text(std::string parameter, std::string name, std::string bytes,
                                 const std::string& encoding) {
    InputTable table;
    table.parameter_ = std::move(parameter);
    table.path_ = std::move(name);
    table.load_csv(std::move(bytes), encoding);
    return table;
}

void InputTable::add_cell(std::string_view text) {
    // Cells that stand in the file as they are need no room of their own.
    const std::less<const char*> before;
    const bool inside = !text.empty() && !before(text.data(), characters_.data()) &&
                        before(text.data(), characters_.data() + characters_.size());
    const std::size_t start = text.empty() ? 0
                              : inside     ? static_cast<std::size_t>(text.data() - characters_.data())
                                           : characters_.size() + loose_.size();
    if (start + text.size() > std::numeric_limits<std::uint32_t>::max())
        reject("its cells hold more than 4 GiB of text");
    cells_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(text.size())});
    if (!inside) loose_ += text;
}

std::string InputTable::utf8_of(std::string bytes, const std::string& encoding) {
    const std::string zeros(2, '\0');
    if (bytes.rfind("\xff\xfe" + zeros, 0) == 0 || bytes.rfind(zeros + "\xfe\xff", 0) == 0) {
        auto text = decoded(bytes, "UTF-32");
        if (!text) reject("it is broken UTF-32; save it again as UTF-8");
        bytes = std::move(*text);
    } else if (bytes.rfind("\xff\xfe", 0) == 0 || bytes.rfind("\xfe\xff", 0) == 0) {
        const bool little = bytes[0] == '\xff';
        if (bytes.size() % 2) reject("it is UTF-16 with half a character at the end; save it again as UTF-8");
        std::u16string wide;
        for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
            const auto first = static_cast<unsigned char>(bytes[i]);
            const auto second = static_cast<unsigned char>(bytes[i + 1]);
            wide += static_cast<char16_t>(little ? first | second << 8 : first << 8 | second);
        }
        try {
            bytes = boost::locale::conv::utf_to_utf<char>(wide, boost::locale::conv::stop);
        } catch (const std::exception&) {
            reject("it is broken UTF-16; save it again as UTF-8");
        }
    } else if (bytes.rfind("\xef\xbb\xbf", 0) == 0) {
        bytes.erase(0, 3);
    } else if (bytes.size() % 2 == 0 && bytes.find('\0') != std::string::npos) {
        // UTF-16 without a mark: of its separators, digits and line ends, every other byte is zero. The other bytes are
        // zero for a character in 256, and for U+4E00, which is "one" in Chinese and Japanese.
        std::size_t even = 0, odd = 0;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            if (bytes[i] == '\0') ++(i % 2 ? odd : even);
        if (4 * std::min(even, odd) <= std::max(even, odd) && 8 * (even + odd) >= bytes.size())
            if (auto text = decoded(bytes, odd > even ? "UTF-16LE" : "UTF-16BE");
                text && text->find_first_of(",;\t") != std::string::npos && text->find('\0') == std::string::npos) {
                warnings_.push_back(parameter_name(parameter_) + ": table " + path_ +
                                    ": it does not say its encoding; it was read as UTF-16");
                return std::move(*text);
            }
    }
    if (const auto zero = bytes.find('\0'); zero != std::string::npos)
        reject("it holds a zero byte at position " + std::to_string(zero) + "; it is not a text file");
    if (is_ascii(bytes)) return bytes;
    const bool utf8 = is_utf8(bytes) && !doubtful_utf8(bytes);
    const bool surely_utf8 =
        utf8 && std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xe0; });
    if (!encoding.empty() && encoding != "UTF-8" && !surely_utf8) {
        if (auto text = decoded(bytes, encoding)) return std::move(*text);
    } else if (utf8) {
        return bytes;
    }
    std::size_t line = 1, start = 0, end = 0;
    for (; start < bytes.size(); start = end + 1, ++line) {
        end = std::min(bytes.find('\n', start), bytes.size());
        const std::string_view text = std::string_view(bytes).substr(start, end - start);
        if (!is_utf8(text) || doubtful_utf8(text)) break;
    }
    if (!encoding.empty() && encoding != "UTF-8")
        reject("it is not " + encoding + " as ENCODING or its .cpg file says; say its encoding in ENCODING");
    const auto guess = guessed_encoding(bytes);
    if (!guess)
        reject("line " + std::to_string(line) +
               " is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8), or say its encoding in ENCODING, for "
               "example GB18030, Big5, Shift_JIS, EUC-KR, Windows-1251 or Windows-1252");
    const std::string example =
        half_width(trimmed(decoded(std::string_view(bytes).substr(start, end - start), *guess).value_or("")));
    warnings_.push_back(parameter_name(parameter_) + ": table " + path_ + ": it is not UTF-8; it was read as " +
                        *guess + ", the likeliest encoding (line " + std::to_string(line) + ": \"" +
                        example.substr(0, whole_characters(example, 60)) +
                        "\"). If names look wrong, say its encoding in ENCODING");
    return decoded(bytes, *guess).value();
}

void InputTable::load_csv(std::string bytes, const std::string& encoding) {
    csv_ = true;
    bytes = utf8_of(std::move(bytes), encoding);
    // Lines of remarks before the header.
    std::int64_t line = 1;
    std::size_t start = 0;
    while (start < bytes.size() && (bytes[start] == '#' || bytes[start] == '\n' || bytes[start] == '\r')) {
        start = std::min(bytes.find('\n', start), bytes.size() - 1) + 1;
        ++line;
    }
    bytes.erase(0, start);
    // "sep=;" tells Excel the separator.
    if (bytes.size() > 5 && lower_case(bytes.substr(0, 4)) == "sep=" &&
        (bytes[5] == '\n' || bytes[5] == '\r' || (bytes[4] == '"' && bytes.size() > 7 && bytes[6] == '"'))) {
        bytes.erase(0, std::min(bytes.find('\n'), bytes.size() - 1) + 1);
        ++line;
    }
    if (trimmed(bytes).empty()) reject("it is empty; a header line with column names is needed");
    // The first line with a separator says which it is; a title above the header has none.
    separator_ = ',';
    for (std::size_t from = 0, lines = 0; from < bytes.size() && lines < most_titles; ++lines) {
        const std::size_t end = std::min(bytes.find('\n', from), bytes.size());
        const std::string_view text = std::string_view(bytes).substr(from, end - from);
        from = end + 1;
        if (text.find_first_of(",;\t") == std::string_view::npos && std::count(text.begin(), text.end(), '|') < 2)
            continue;
        separator_ = separator_of(text);
        break;
    }
    characters_ = std::move(bytes);
    // Room for all cells at once: growing it would copy them again and again.
    cells_.reserve(static_cast<std::size_t>(std::count(characters_.begin(), characters_.end(), separator_) +
                                            std::count(characters_.begin(), characters_.end(), '\n') + 1));
    std::vector<std::string_view> cells;
    std::vector<std::string> parsed;
    for (std::size_t offset = 0; offset < characters_.size();) {
        const std::string_view rest = std::string_view(characters_).substr(offset);
        std::int64_t lines = 1;
        std::size_t length = cut_plain(rest, separator_, cells);
        if (length == 0) {
            length = cut_quoted(rest, separator_, parsed, lines);
            if (length == 0) reject("line " + std::to_string(line) + ": a quotation mark is opened and never closed");
            cells.assign(parsed.begin(), parsed.end());
        }
        take_row(cells, line);
        line += lines;
        offset += length;
    }
    finish_rows();
}

void InputTable::take_row(const std::vector<std::string_view>& cells, std::int64_t number) {
    // Spreadsheets write empty rows as separators only.
    if (std::all_of(cells.begin(), cells.end(), [](auto cell) { return trimmed(cell).empty(); })) return;
    if (!columns_.empty()) {
        take_data(cells, number);
        return;
    }
    leading_.push_back({number, {cells.begin(), cells.end()}});
    if (leading_.size() > most_titles) settle_header();
}

namespace {

/// How often a text holds full-width commas or semicolons, as East Asian keyboards write them.
std::size_t full_width_separators(std::string_view text) {
    std::size_t count = 0;
    for (const char* sign : {"\xef\xbc\x8c", "\xef\xbc\x9b", "\xe3\x80\x81"})  // U+FF0C, U+FF1B, U+3001
        for (auto at = text.find(sign); at != std::string_view::npos; at = text.find(sign, at + 3)) ++count;
    return count;
}

}  // namespace

namespace {

/// The last word above a cell of the header.
template <class Row>
std::string name_above(const std::vector<Row>& rows, std::size_t row, std::size_t column) {
    while (row-- > 0)
        if (column < rows[row].cells.size())
            if (const std::string_view cell = trimmed(rows[row].cells[column]); !cell.empty()) return std::string(cell);
    return {};
}

}  // namespace

void InputTable::settle_header() {
    const std::vector<Row> rows = std::move(leading_);
    leading_.clear();
    std::vector<std::size_t> filled;
    std::size_t widest = 0;
    for (const Row& row : rows) {
        filled.push_back(static_cast<std::size_t>(std::count_if(
            row.cells.begin(), row.cells.end(), [](const auto& cell) { return !trimmed(cell).empty(); })));
        widest = std::max(widest, filled.back());
    }
    const auto has_words = [](const Row& row) {
        return std::any_of(row.cells.begin(), row.cells.end(),
                           [](const auto& cell) { return read_cell_number(cell).kind >= CellNumber::Kind::broken; });
    };
    // The second row of a header: years below a quantity, and nothing below the name that spans both rows.
    const auto is_years_below = [&](std::size_t i) {
        if (filled[i] < 2 || filled[i] == rows[i].cells.size()) return false;
        // Without a row above, only the corner may be empty, as programs write it.
        if (i == 0 && (filled[i] + 1 < rows[i].cells.size() || !trimmed(rows[i].cells[0]).empty())) return false;
        for (std::size_t k = 0; k < rows[i].cells.size(); ++k) {
            const std::string_view cell = trimmed(rows[i].cells[k]);
            const auto year = read_cell_year(cell);
            if (cell.empty() ? i > 0 && k == 0 && name_above(rows, i, k).empty()
                             : !year || *year < 1000 || *year > 2999)
                return false;
        }
        return true;
    };
    // Titles fill one cell, or a few of many: "Table 1" and at the other end "unit: t/ha".
    std::size_t header = 0;
    for (std::size_t i = 0; i < rows.size() && widest > 1; ++i)
        if (filled[i] > 1 && 2 * filled[i] >= widest && (has_words(rows[i]) || is_years_below(i))) {
            header = i;
            break;
        }
    // A quantity that spans its years leaves cells beside it empty.
    if (header + 1 < rows.size() && filled[header] < widest && is_years_below(header + 1)) ++header;
    const bool of_two_rows = is_years_below(header);
    for (std::size_t i = 0; csv_ && i <= header; ++i)
        if (filled[i] == 1 && full_width_separators(rows[i].cells.front()) > (i < header ? 1u : 0u))
            reject(at(rows[i].number) + " holds full-width commas; the cells of a row are separated by ordinary ones");
    if (rows[header].cells.size() > most_columns)
        reject("it has more than " + std::to_string(most_columns) + " columns");
    for (std::size_t k = 0; k < rows[header].cells.size(); ++k) {
        std::string name(trimmed(rows[header].cells[k]));
        if (of_two_rows && name.empty()) name = name_above(rows, header, k);
        // Spreadsheets break long names into lines.
        for (auto end = name.find_first_of("\r\n"); end != std::string::npos; end = name.find_first_of("\r\n", end))
            name.replace(end, name.compare(end, 2, "\r\n") == 0 ? 2 : 1, " ");
        columns_.push_back(std::move(name));
    }
    if (header > 0)
        warnings_.push_back(parameter_name(parameter_) + ": table " + path_ +
                            ": the names of its columns were taken from " + at(rows[header].number) +
                            "; what is above it was taken for titles");
    std::size_t first = header + 1;
    // R names rows without a name above them. Commas that part cells might stand before decimals instead.
    if (csv_ && separator_ != ',' && first < rows.size() &&
        std::all_of(rows.begin() + static_cast<std::ptrdiff_t>(first), rows.end(), [&](const Row& row) {
            return row.cells.size() == columns_.size() + 1 && !trimmed(row.cells.front()).empty();
        })) {
        columns_.insert(columns_.begin(), "");
        warnings_.push_back(who() +
                            "the header has a name less than the rows have cells; the first cell of each row "
                            "was taken for its name, as R writes it");
    }
    // A header in two languages: the same years again, below another word.
    const auto repeats_years = [&](const Row& row) {
        std::size_t years = 0;
        for (std::size_t k = 0; k < columns_.size() && k < row.cells.size(); ++k) {
            const auto year = read_cell_year(columns_[k]);
            if (!year || *year < 1000 || *year > 2999) continue;
            if (read_cell_year(row.cells[k]) != year) return false;
            ++years;
        }
        if (years < 2) return false;
        // A unit may have such numbers too: a header begins with a word that heads columns, or with nothing.
        const std::string first_cell = plain(row.cells.front());
        static const std::set<std::string> heads = {
            "",          "region", "area",    "name",       "county",   "city", "province",    "unit",
            "district",  "year",   "years",   "code",       "id",       "date", "region name", "county name",
            "indicator", "item",   "country", "prefecture", "variable", "地区", "区域",        "名称",
            "县",        "市",     "省",      "省份",       "单位",     "年份", "年度",        "城市",
            "县域",      "县区",   "区县",    "行政区",     "指标",     "项目", "地市",        "国家",
            "地域",      "市町村", "年"};
        return heads.count(first_cell) > 0 || plain(columns_.front()) == first_cell;
    };
    if (first < rows.size() && repeats_years(rows[first])) {
        warnings_.push_back(parameter_name(parameter_) + ": table " + path_ + ": " + at(rows[first].number) +
                            " repeats the years of the header and was taken for a part of it");
        ++first;
    }
    for (std::size_t i = first; i < rows.size(); ++i)
        take_data({rows[i].cells.begin(), rows[i].cells.end()}, rows[i].number);
}

void InputTable::take_data(const std::vector<std::string_view>& cells, std::int64_t number) {
    std::size_t count = cells.size();
    while (count > columns_.size() && trimmed(cells[count - 1]).empty()) --count;
    if (count > columns_.size()) {
        const bool comma = csv_ && separator_ == ',';
        reject(at(number) + " has " + std::to_string(count) + " cells, but the header has " +
               std::to_string(columns_.size()) +
               (comma ? "; write a decimal point, not a comma, and quote texts with commas" : "") +
               (comma && count == columns_.size() + 1 && trimmed(cells[0]) == std::to_string(places_.size() + 1)
                    ? ". If R wrote the table with names of rows, write it again with row.names = FALSE"
                    : ""));
    }
    for (std::size_t i = 0; i < columns_.size(); ++i) add_cell(i < count ? cells[i] : std::string_view());
    places_.push_back(number);
}

namespace {

/// The word by which a row is a total of others; empty when there is none.
std::string total_of(const InputTable& table, std::size_t row) {
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        const std::string_view cell = table.text(row, i);
        if (cell.empty()) continue;
        if (is_total(cell)) return std::string(cell);
        // The name may follow a code or an index.
        if (read_cell_number(cell).kind != CellNumber::Kind::number) return {};
    }
    return {};
}

/// Warns of columns of numbers with -9999 and its like far from all others.
void tell_marks(const InputTable& table, const std::string& who, bool csv, const std::vector<std::int64_t>& places,
                std::vector<std::string>& warnings) {
    // Few cells begin so; columns without one need no more than this look.
    const auto may_be_mark = [](std::string_view cell) {
        if (cell.size() < 3) return false;
        if (cell[0] == '-') return cell[1] == '9' || cell[1] == '3';
        const std::string_view start = cell.substr(0, 2);
        return start == "99" || start == "32" || start == "65" || start == "21" || start == "42" || start == "3." ||
               start == "1e" || start == "1E" || start == "10";
    };
    // Codes of classes may be any whole numbers.
    const auto holds_codes = [](const std::string& column) {
        const std::string name = plain(column);
        const auto& known = other_names("class");
        const auto ends = [&](std::string_view word) {
            return name.size() >= word.size() && name.compare(name.size() - word.size(), word.size(), word) == 0;
        };
        for (const char* word : {"id", "_code", "_no", "代码", "编码", "编号", "序号", "邮编"})
            if (ends(word)) return true;
        return name == "class" || name == "from" || name == "to" || name == "gridcode" || name == "zone" ||
               name == "number" || name == "no" || std::find(known.begin(), known.end(), name) != known.end();
    };
    // A column of nothing else has no other numbers to lie far from: marks that no measurement is.
    const auto is_sure = [](double mark) {
        if (mark <= -32767 || std::abs(mark) >= 1e15) return true;
        for (std::int64_t nines = 99; nines < 10000000000; nines = nines * 10 + 9)
            if (mark == -static_cast<double>(nines)) return true;
        return mark == -999.9 || mark == -9999.9;
    };
    for (std::size_t column = 0; column < table.columns().size(); ++column) {
        if (holds_codes(table.columns()[column])) continue;
        std::size_t row = 0;
        while (row < table.rows() && !may_be_mark(table.text(row, column))) ++row;
        if (row == table.rows()) continue;
        std::size_t marks = 0, alike = 0, first = 0, numbers = 0;
        double mark = 0, low = std::numeric_limits<double>::infinity(), high = -low;
        for (row = 0; row < table.rows(); ++row) {
            const CellNumber number = read_cell_number(table.text(row, column));
            if (number.kind != CellNumber::Kind::number) continue;
            ++numbers;
            if ((number.value < -90 || number.value >= 999) && is_nodata_mark(number.value)) {
                if (marks++ == 0) {
                    first = row;
                    mark = number.value;
                }
                alike += number.value == mark;
            } else {
                low = std::min(low, number.value);
                high = std::max(high, number.value);
            }
        }
        const bool sure = is_sure(mark) || (alike >= 3 && mark >= 9999 && alike == table.rows());
        if (numbers > 0 && alike == numbers && 2 * numbers >= table.rows() && sure) {
            warnings.push_back(who + "column \"" + table.columns()[column] + "\" holds nothing but " +
                               number_text(mark) +
                               ", which is read as a number. If it stands for no data, leave the "
                               "cells empty");
            continue;
        }
        if (marks == 0 || 2 * numbers < table.rows() || !stands_apart(mark, low, high)) continue;
        // Above, numbers of units differ by themselves: a mark is far beyond several others, or very far beyond two.
        const bool beyond_several = numbers >= marks + 3 && low != high && mark >= 5 * std::abs(high);
        const bool far_beyond = numbers >= marks + 2 && mark >= 9999 && mark >= 20 * std::abs(high);
        if (mark > high && !beyond_several && !far_beyond) continue;
        warnings.push_back(
            who + (csv ? "line " : "row ") + std::to_string(places[first]) + ", column \"" + table.columns()[column] +
            "\": " + number_text(mark) + " lies far " + (mark < low ? "below" : "above") + " all others (" +
            number_text(low) + " to " + number_text(high) + ")" +
            (marks > 1 ? (marks == 2 ? ", as does 1 more" : ", as do " + std::to_string(marks - 1) + " more") : "") +
            ", and is read as a number. If it stands for no data, leave the cell empty");
    }
}

/// What else a row may be whose cell is wrong: a total, a note, units.
std::string hint(const InputTable& table, std::size_t row, std::size_t column) {
    const auto is_number_at = [&](std::size_t i, std::size_t k) {
        return read_cell_number(table.text(i, k)).kind == CellNumber::Kind::number;
    };
    if (const std::string total = total_of(table, row); !total.empty())
        return "; with \"" + total + "\" the row looks like a total of others: take it out";
    std::size_t filled = 0, numbers = 0;
    for (std::size_t i = 0; i < table.columns().size(); ++i) {
        if (table.text(row, i).empty()) continue;
        ++filled;
        numbers += is_number_at(row, i);
    }
    if (table.columns().size() < 2 || numbers > 0) return {};
    if (filled == 1) return "; the row has this cell alone: take it out if it is a note";
    if (row == 0 && table.rows() > 1 && is_number_at(1, column))
        return "; the row holds no number: take it out if it holds units or is a second header";
    return {};
}

}  // namespace

std::string InputTable::who() const { return parameter_name(parameter_) + ": table " + path_ + ": "; }

void InputTable::put(std::size_t row, std::size_t column, std::string_view text) {
    Place& cell = cells_[row * columns_.size() + column];
    if (text.size() <= cell.size) {
        std::copy(text.begin(), text.end(), characters_.begin() + cell.start);
    } else {
        cell.start = static_cast<std::uint32_t>(characters_.size());
        characters_ += text;
    }
    cell.size = static_cast<std::uint32_t>(text.size());
}

namespace {

/// What a point within the digits of a cell shows.
enum class Point {
    none,       ///< there is none, or the cell is no number
    decimal,    ///< it can only stand before decimals: 1.5 and 0.125
    either,     ///< before decimals or between thousands: 1.200
    thousands,  ///< there are several, or a decimal comma behind them: 1.200.000 and 1.200,5
};
Point point_in(std::string_view cell) {
    const auto point = cell.find('.');
    if (point == std::string_view::npos || cell.find_first_not_of("+-0123456789.,eE") != std::string_view::npos)
        return Point::none;
    std::string other(cell);  // with points and commas changed for one another
    for (char& c : other) c = c == '.' ? ',' : c == ',' ? '.' : c;
    switch (comma_in(other)) {
        case Comma::thousands:
            return Point::thousands;
        case Comma::either:
            return Point::either;
        default:
            return read_cell_number(cell).kind == CellNumber::Kind::number ? Point::decimal : Point::none;
    }
}

/// The cell with a decimal point and nothing between thousands.
std::string with_decimal_point(std::string_view cell) {
    std::string plain;
    for (const char c : cell)
        if (c != '.') plain += c == ',' ? '.' : c;
    return plain;
}

/// Words with which notes below a table begin.
bool is_note(std::string_view cell) {
    const std::string text = lower_case(half_width(trimmed(cell)));
    for (const std::string_view word :
         {"注",           "注释",   "备注",    "附注", "说明",  "数据来源", "资料来源",     "来源",
          "数据出处",     "单位",   "注意",    "note", "notes", "source",   "sources",      "data source",
          "data sources", "remark", "remarks", "unit", "units", "footnote", "last updated", "data from database",
          "注記",         "出典",   "資料"}) {
        if (text.compare(0, word.size(), word) != 0) continue;
        std::string_view rest = trimmed(std::string_view(text).substr(word.size()));
        // "Note 1:", "注1."
        while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9') rest.remove_prefix(1);
        if (!rest.empty() && (rest[0] == ':' || rest[0] == '.' || rest.compare(0, 3, "、") == 0)) return true;
    }
    return false;
}

/// Warns where all rows of a table stand in it twice: one below the other, or the whole table pasted again.
void tell_repeats(const InputTable& table, const std::string& who, std::vector<std::string>& warnings) {
    constexpr std::size_t fewest = 6;
    const std::size_t rows = table.rows(), half = rows / 2;
    if (rows % 2 != 0 || rows < fewest || table.columns().size() < 2) return;
    const auto same = [&](std::size_t a, std::size_t b) {
        for (std::size_t i = 0; i < table.columns().size(); ++i)
            if (table.text(a, i) != table.text(b, i)) return false;
        return true;
    };
    const auto all_same = [&](std::size_t step, std::size_t apart) {
        for (std::size_t i = 0; i < half; ++i)
            if (!same(i * step, i * step + apart)) return false;
        return true;
    };
    const bool pasted = all_same(1, half);
    if (!pasted && !all_same(2, 1)) return;
    // Rows of a few classes are alike without having been pasted.
    std::set<std::string> different;
    for (std::size_t i = 0; i < half; ++i) {
        std::string row;
        for (std::size_t k = 0; k < table.columns().size(); ++k) {
            row += table.text(pasted ? i : 2 * i, k);
            row += '\x1f';
        }
        if (!different.insert(row).second) return;
    }
    warnings.push_back(who + "each of its " + std::to_string(half) + " rows stands in it twice" +
                       (pasted ? ", as if the table had been pasted below itself" : "") +
                       "; both are used. Take the repeated rows out, else they count double");
}

}  // namespace

void InputTable::leave_out_notes() {
    if (!shapes_.empty() || columns_.size() < 2) return;
    std::size_t first = 0;
    while (first + 1 < columns_.size() && columns_[first].empty()) ++first;
    std::vector<std::string> notes;
    while (rows() > 1) {
        const std::size_t row = rows() - 1;
        std::size_t filled = 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) filled += !text(row, i).empty();
        const std::string_view cell = text(row, first);
        if (filled != 1 || !is_note(cell)) break;
        notes.insert(notes.begin(),
                     at(places_[row]) + " (\"" + std::string(cell.substr(0, whole_characters(cell, 40))) + "\")");
        places_.pop_back();
        cells_.resize(places_.size() * columns_.size());
    }
    if (!notes.empty())
        warnings_.push_back(who() + listed(notes, 3) +
                            (notes.size() == 1 ? " is a note below the table and was left out"
                                               : " are notes below the table and were left out"));
}

void InputTable::settle_decimal_commas() {
    if (!csv_ || separator_ == ',') return;
    const bool any_comma = characters_.find(',') != std::string::npos;
    // One number with commas between thousands or a decimal point anywhere, and commas stay what they may be.
    for (std::size_t row = 0; row < rows(); ++row)
        for (std::size_t column = 0; column < columns_.size(); ++column) {
            const std::string_view cell = text(row, column);
            if (comma_in(cell) == Comma::thousands || point_in(cell) == Point::decimal) return;
        }
    // What stands in each column.
    struct Signs {
        std::size_t numbers = 0, words = 0;
        std::string decimal;   ///< a number whose comma can only stand before decimals
        std::string doubtful;  ///< one whose comma or point may be either
    };
    std::vector<Signs> signs(columns_.size());
    const auto may_change = [](std::string_view cell) {
        return comma_in(cell) != Comma::none || point_in(cell) != Point::none;
    };
    bool settled = false;
    for (std::size_t column = 0; any_comma && column < columns_.size(); ++column) {
        Signs& own = signs[column];
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::string_view cell = text(row, column);
            const bool decimal = comma_in(cell) == Comma::decimal ||
                                 (point_in(cell) == Point::thousands && cell.find(',') != std::string_view::npos);
            if (may_change(cell)) {
                ++own.numbers;
                if (decimal && own.decimal.empty()) own.decimal = cell;
                if (!decimal && own.doubtful.empty()) own.doubtful = cell;
            } else {
                own.words += read_cell_number(cell).kind == CellNumber::Kind::text;
            }
        }
        settled = settled || (!own.decimal.empty() && own.numbers > own.words);
    }
    if (!settled) {
        tell_points_between_thousands();
        return;
    }
    std::string example, doubtful;
    std::size_t changed = 0;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        const Signs& own = signs[column];
        if (own.numbers <= own.words) continue;
        if (example.empty()) example = own.decimal;
        if (doubtful.empty()) doubtful = own.doubtful;
        for (std::size_t row = 0; row < rows(); ++row) {
            const std::string_view cell = text(row, column);
            if (!may_change(cell)) continue;
            put(row, column, with_decimal_point(cell));
            ++changed;
        }
    }
    if (changed > 0)
        warnings_.push_back(who() + std::to_string(changed) +
                            (changed == 1 ? " number has a decimal comma" : " numbers have a decimal comma") + " (" +
                            example + ") and " + (changed == 1 ? "was" : "were") + " read as such" +
                            (doubtful.empty() ? "" : "; so " + doubtful + " is " + with_decimal_point(doubtful)));
}

void InputTable::tell_points_between_thousands() {
    // 80, 1.200, 90: decimals would not be three for one number and none for all others below a thousand.
    constexpr double thousand = 1000;
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        std::string_view doubtful;
        std::size_t row_of_it = 0, whole = 0;
        bool plain = true;
        for (std::size_t row = 0; row < rows() && plain; ++row) {
            const std::string_view cell = text(row, column);
            if (point_in(cell) == Point::either) {
                if (doubtful.empty()) row_of_it = row;
                if (doubtful.empty()) doubtful = cell;
            } else if (const CellNumber number = read_cell_number(cell); number.kind == CellNumber::Kind::number) {
                plain = std::abs(number.value) < thousand;
                ++whole;
            }
        }
        if (!plain || whole == 0 || doubtful.empty()) continue;
        warnings_.push_back(who() + at(places_[row_of_it]) + ", column \"" + columns_[column] +
                            "\": " + std::string(doubtful) + " was read as " + number_text(*parse_number(doubtful)) +
                            ". Where " + (separator_ == ';' ? "semicolons" : "no commas") +
                            " part the cells, the point may stand between thousands: then write " +
                            with_decimal_point(doubtful));
    }
}

namespace {

bool is_heading_of_years(const std::string& column) {
    const std::string name = plain(column);
    for (const char* word : {"year", "years", "yr", "date", "time", "年份", "年", "年度", "时间", "日期"})
        if (name == word) return true;
    return name.find("year") != std::string::npos;
}

/// The number of a cell that may be a year of two digits.
std::optional<double> short_year(std::string_view cell) {
    constexpr std::string_view sign = "年";
    if (cell.size() > sign.size() && cell.substr(cell.size() - sign.size()) == sign) cell.remove_suffix(sign.size());
    if (cell.empty() || cell.size() > 2 || cell.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    return parse_number(cell);
}

/// 97 is 1997 and 3 is 2003.
double whole_year(double year) { return year + (year >= 50 ? 1900 : 2000); }

/// Whether numbers in ascending order are evenly apart.
bool is_even(const std::set<double>& numbers) {
    if (numbers.size() < 2) return false;
    const double step = *std::next(numbers.begin()) - *numbers.begin();
    for (auto next = std::next(numbers.begin()); next != numbers.end(); ++next)
        if (*next - *std::prev(next) != step) return false;
    return true;
}

/// The numbers of a column of years of two digits on both sides of 2000; nothing where it is another column.
std::set<double> short_years(const InputTable& table, std::size_t column) {
    constexpr std::size_t most_rows = 2000, most_years = 100;
    constexpr double turn = 50;
    std::set<double> numbers;
    for (std::size_t row = 0; row < std::min(table.rows(), most_rows); ++row) {
        const std::string_view cell = table.text(row, column);
        if (is_gap(cell)) continue;
        const auto number = short_year(cell);
        if (!number) return {};
        numbers.insert(*number);
    }
    const bool both = numbers.size() > 2 && numbers.size() <= most_years && *numbers.begin() < turn &&
                      *numbers.rbegin() >= turn && !is_even(numbers);
    return both ? numbers : std::set<double>();
}

/// "00" among 97, 98: a step is not written so.
bool has_leading_zero_in(const InputTable& table, std::size_t column) {
    constexpr std::size_t most_rows = 2000;
    for (std::size_t row = 0; row < std::min(table.rows(), most_rows); ++row)
        if (const std::string_view cell = table.text(row, column); cell.size() >= 2 && cell[0] == '0') return true;
    return false;
}

}  // namespace

void InputTable::settle_short_years() {
    for (std::size_t column = 0; column < columns_.size(); ++column) {
        if (!is_heading_of_years(columns_[column])) continue;
        std::set<double> years;
        for (const double number : short_years(*this, column)) years.insert(whole_year(number));
        if (!is_even(years)) continue;
        const std::string example(text(0, column));
        for (std::size_t row = 0; row < rows(); ++row)
            if (const auto number = short_year(text(row, column))) put(row, column, number_text(whole_year(*number)));
        warnings_.push_back(who() + "column \"" + columns_[column] + "\" holds years of two digits (" + example +
                            "), which were read as " + number_text(*years.begin()) + " to " +
                            number_text(*years.rbegin()));
    }
}

void InputTable::finish_rows() {
    if (columns_.empty() && !leading_.empty()) settle_header();
    characters_ += loose_;
    loose_ = std::string();
    if (columns_.empty() && places_.empty()) reject("it is empty; a header line with column names is needed");
    if (places_.empty()) reject("it has a header but no rows");
    leave_out_notes();
    settle_decimal_commas();
    settle_short_years();
    // Columns with cells but without a name are called by their place.
    for (std::size_t i = 0; i < columns_.size(); ++i)
        for (std::size_t row = 0; columns_[i].empty() && row < rows(); ++row)
            if (!text(row, i).empty()) columns_[i] = "column_" + std::to_string(i + 1);
    tell_marks(*this, who(), csv_, places_, warnings_);
    if (shapes_.empty()) tell_repeats(*this, who(), warnings_);
    // Totals stand at an end, mostly; of tables of many rows nothing else is looked at.
    std::vector<std::string> totals;
    const std::size_t ends = rows() <= 20000 ? rows() : 5;
    for (std::size_t row = 0; row < rows(); ++row) {
        if (row == ends && rows() > 2 * ends) row = rows() - ends;
        if (const std::string total = total_of(*this, row); !total.empty())
            totals.push_back(at(places_[row]) + " (\"" + total + "\")");
    }
    if (!totals.empty() && totals.size() < rows())
        warnings_.push_back(parameter_name(parameter_) + ": table " + path_ + ": " + listed(totals, 3) +
                            (totals.size() == 1 ? " looks like a total" : " look like totals") +
                            (totals.size() == 1
                                 ? " of other rows and is read as any other row; take it out if it is one"
                                 : " of other rows and are read as any other rows; take them out if they are"));
}

void InputTable::load_layer(const std::string& path, const std::string& layer_name, bool shapes,
                            const std::string& encoding) {
    const GdalMessages messages;
    const NoNetwork offline(!is_remote(path));
    std::optional<SheetsAsTheyStand> as_they_stand(std::in_place);
    const DatasetPtr dataset = open_checked(path, InputKind::vector);
    if (!dataset) throw IoError(path, "cannot be opened as a table (" + messages.text("unknown format") + ")");
    // A VRT asks for a sheet's columns by the names in its header, and opens the sheet later.
    if (GDALDriverH opened = GDALGetDatasetDriver(dataset.get());
        opened && EQUAL(GDALGetDriverShortName(opened), "OGR_VRT"))
        as_they_stand.reset();
    const std::string name = parameter_name(parameter_) + ": table " + path_;
    const auto& [layer, remark] = choose_layer(dataset.get(), name, layer_name, "tables", hidden_sheets(path));
    if (!remark.empty()) warnings_.push_back(name + ": " + remark);
    GDALDriverH driver = GDALGetDatasetDriver(dataset.get());
    const std::string format = driver ? GDALGetDriverShortName(driver) : "";
    const bool sheet = format == "XLSX" || format == "ODS" || format == "XLS";
    const bool keeps_numbers = format == "GPKG" || format == "SQLite" || format == "PGDump" || format == "PostgreSQL";
    const OddCells odd = format == "XLSX" ? OddCells(path, OGR_L_GetName(layer)) : OddCells();
    const LayerText decode(parameter_, name, dataset.get(), layer, encoding);
    warnings_.insert(warnings_.end(), decode.warnings().begin(), decode.warnings().end());
    if (const std::string where = odd.first_unsaved(); !where.empty())
        warnings_.push_back(name + ": cell " + where + ": " + advice_on_formula);
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    const int fields = OGR_FD_GetFieldCount(definition);
    if (!sheet)
        for (int i = 0; i < fields; ++i)
            columns_.push_back(decode(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i))));
    OGR_L_ResetReading(layer);
    bool any_shape = false;
    std::vector<std::string> texts(static_cast<std::size_t>(fields));
    std::vector<std::string_view> cells(texts.size());
    std::vector<bool> is_truth;  // TRUE and FALSE of spreadsheets are no 1 and 0
    for (int i = 0; i < fields; ++i)
        is_truth.push_back(OGR_Fld_GetSubType(OGR_FD_GetFieldDefn(definition, i)) == OFSTBoolean);
    for (FeaturePtr next; next.reset(OGR_L_GetNextFeature(layer)), next;) {
        OGRFeatureH feature = next.get();
        for (int i = 0; i < fields; ++i) {
            std::string& text = texts[static_cast<std::size_t>(i)];
            const auto type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, i));
            if (!OGR_F_IsFieldSetAndNotNull(feature, i))
                text.clear();
            else if (type == OFTReal)
                text = number_text(OGR_F_GetFieldAsDouble(feature, i));
            else if (type == OFTInteger && is_truth[static_cast<std::size_t>(i)])
                text = OGR_F_GetFieldAsInteger(feature, i) ? "true" : "false";
            else
                text = decode(OGR_F_GetFieldAsString(feature, i));
            // Numbers of ODS come with sixteen decimals.
            if (format == "ODS" && text.size() > 16 && text[text.size() - 17] == '.')
                if (const auto value = parse_number(text)) text = number_text(*value);
            cells[static_cast<std::size_t>(i)] = text;
        }
        if (sheet) {
            odd.put(OGR_F_GetFID(feature), cells);
            take_row(cells, OGR_F_GetFID(feature));
            continue;
        }
        // Databases number their rows themselves; what other formats call a row begins at 0 or 1.
        take_data(cells, keeps_numbers ? OGR_F_GetFID(feature) : static_cast<std::int64_t>(places_.size()) + 1);
        if (shapes) {
            shapes_.emplace_back();
            OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
            GeometryPtr shape = geometry ? polygon_of(geometry) : nullptr;
            if (!shape && geometry) shape = point_of(geometry);
            if (shape) {
                shapes_.back() = wkb_of(shape.get());
                any_shape = true;
            }
        }
    }
    if (!any_shape) shapes_.clear();
    if (OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer); srs && any_shape) {
        char* text = nullptr;
        if (OSRExportToWkt(srs, &text) == OGRERR_NONE) crs_ = text;
        CPLFree(text);
    }
    if (messages.failed()) throw IoError(path, "cannot be read (" + messages.text("") + ")");
    if (places_.empty() && leading_.empty()) reject(columns_.empty() && sheet ? "it is empty" : "it has no rows");
    finish_rows();
}

std::string_view InputTable::text(std::size_t row, std::size_t column) const {
    const Place& cell = cells_[row * columns_.size() + column];
    return trimmed({characters_.data() + cell.start, cell.size});
}

InputTable InputTable::with_cells(std::size_t column,
                                  const std::vector<std::pair<std::size_t, std::string>>& rows) const {
    InputTable changed = *this;
    changed.cells_.clear();
    changed.places_.clear();
    changed.shapes_.clear();
    for (const auto& [row, text] : rows) {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (i == column)
                changed.add_cell(text);
            else
                changed.cells_.push_back(cells_[row * columns_.size() + i]);
        changed.places_.push_back(places_[row]);
        if (!shapes_.empty()) changed.shapes_.push_back(shapes_[row]);
    }
    changed.characters_ += changed.loose_;
    changed.loose_.clear();
    return changed;
}

std::optional<std::size_t> InputTable::find(const std::string& column) const {
    const auto called = [&](const std::string& name) -> std::optional<std::size_t> {
        for (std::size_t i = 0; i < columns_.size(); ++i)
            if (plain(columns_[i]) == name) return i;
        return std::nullopt;
    };
    const std::string name = plain(column);
    if (name.empty()) return std::nullopt;
    if (const auto found = called(name)) return found;
    for (const auto& other : other_names(name))
        if (const auto found = called(other)) return found;
    return std::nullopt;
}

namespace {

/// The sheet of a workbook among whose first rows one holds all these names; empty where there is none.
std::string sheet_with(const std::string& path, const std::vector<std::string>& names) {
    const GdalMessages messages;
    const std::string file = split_path(path, "layername").file;
    const NoNetwork offline(!is_remote(file));
    const SheetsAsTheyStand as_they_stand;
    const DatasetPtr dataset = open_checked(file, InputKind::vector);
    if (!dataset) return {};
    for (int i = 0; i < GDALDatasetGetLayerCount(dataset.get()); ++i) {
        OGRLayerH layer = GDALDatasetGetLayer(dataset.get(), i);
        OGR_L_ResetReading(layer);
        for (std::size_t row = 0; row < most_titles; ++row) {
            const FeaturePtr feature(OGR_L_GetNextFeature(layer));
            if (!feature) break;
            std::set<std::string> cells;
            for (int k = 0; k < OGR_F_GetFieldCount(feature.get()); ++k)
                cells.insert(plain(OGR_F_GetFieldAsString(feature.get(), k)));
            const auto is_there = [&](const std::string& name) {
                const auto& others = other_names(plain(name));
                return cells.count(plain(name)) > 0 ||
                       std::any_of(others.begin(), others.end(),
                                   [&](const std::string& other) { return cells.count(other) > 0; });
            };
            if (std::all_of(names.begin(), names.end(), is_there)) return OGR_L_GetName(layer);
        }
    }
    return {};
}

}  // namespace

std::vector<std::string> InputTable::column_names() const {
    std::vector<std::string> names;
    for (const auto& column : columns_)
        if (!column.empty()) names.push_back(column);
    return names;
}

std::size_t InputTable::column(const std::string& name) const { return columns_of({name}).front(); }

std::vector<std::size_t> InputTable::columns_of(const std::vector<std::string>& names) const {
    std::vector<std::size_t> places;
    std::string missing, why;
    std::size_t count = 0;
    for (const std::string& name : names) {
        const auto found = find(name);
        if (found) {
            places.push_back(*found);
            continue;
        }
        missing += (count++ ? ", \"" : "\"") + name + "\"";
        // Headers of two rows, and of another sheet.
        for (std::size_t row = 0; row < rows() && row < 3 && why.empty(); ++row)
            for (std::size_t i = 0; i < columns_.size(); ++i)
                if (plain(text(row, i)) == plain(name))
                    why = "; " + at(places_[row]) + " holds this name: keep one row of headers";
    }
    if (count > 0) {
        // "c_above (t/ha)" for c_above, "npp mean" for npp_mean, and slips of the finger.
        for (const std::string& name : names) {
            if (!why.empty() || find(name)) continue;
            const auto tight = [](const std::string& text) {
                std::string word;
                for (const char c : plain(text))
                    if (c != ' ' && c != '_' && c != '-' && c != '.') word += c;
                return word;
            };
            // 地上碳密度(t/ha) as well.
            const auto is_with_unit = [&](const std::string& word, const std::string& known) {
                const auto& others = other_names(plain(known));
                return std::any_of(others.begin(), others.end(),
                                   [&](const std::string& other) { return word.rfind(tight(other) + "(", 0) == 0; });
            };
            std::string meant;
            for (const std::string& column : columns_)
                if (const std::string word = tight(column);
                    meant.empty() && !word.empty() &&
                    (word == tight(name) || word.rfind(tight(name) + "(", 0) == 0 || is_with_unit(word, name)))
                    meant = column;
            if (meant.empty()) meant = closest(plain(name), column_names());
            if (!meant.empty()) why = "; is \"" + meant + "\" meant? Then call it \"" + name + "\"";
        }
        if (csv_ && columns_.size() == 1) why = "; separate its cells by commas, semicolons or tabs";
        for (const std::string& said : warnings_)
            if (const auto sheets = said.find(other_tables); why.empty() && sheets != std::string::npos) {
                why = "; " + said.substr(sheets);
                if (const std::string sheet = sheet_with(path_, names); !sheet.empty())
                    why += ". \"" + sheet + "\" has " + (count == 1 ? "this column" : "these columns");
            }
        reject((count == 1 ? "the column " + missing + " is" : "the columns " + missing + " are") +
               " missing; its columns are: " + value_text(column_names()) + why);
    }
    for (const std::size_t place : places)
        for (std::size_t i = place + 1; i < columns_.size(); ++i)
            if (plain(columns_[i]) == plain(columns_[place]))
                reject("the column \"" + columns_[place] + "\" appears twice (columns " + std::to_string(place + 1) +
                       " and " + std::to_string(i + 1) + "); rename one of them");
    return places;
}

std::vector<std::size_t> InputTable::columns_called(const std::vector<std::string>& names) const {
    std::vector<std::string> whole;
    for (std::size_t i = 0; i < names.size();) {
        std::string name = names[i];
        std::size_t end = i + 1;
        if (!has(name)) {
            // "GDP, per capita" comes as two names where a list was split at its commas.
            std::string tight = name, wide = name;
            for (std::size_t k = i + 1; k < names.size() && end == i + 1; ++k) {
                tight += "," + names[k];
                wide += ", " + names[k];
                for (const auto& joined : {tight, wide})
                    if (has(joined)) {
                        name = joined;
                        end = k + 1;
                    }
            }
        }
        whole.push_back(name);
        i = end;
    }
    return columns_of(whole);
}

void InputTable::reject(const std::string& reason) const { throw wrong(parameter_, "table " + path_ + ": " + reason); }

void InputTable::reject(std::size_t row, std::size_t column, const std::string& reason) const {
    reject(at(places_[row]) + ", column \"" + columns_[column] + "\": " + reason + hint(*this, row, column));
}

std::optional<double> InputTable::number(std::size_t row, std::size_t column) const {
    const std::string_view cell = text(row, column);
    const CellNumber number = read_cell_number(cell);
    if (number.kind == CellNumber::Kind::gap) return std::nullopt;
    if (cell == unsaved_formula) reject(row, column, advice_on_formula);
    if (number.kind != CellNumber::Kind::number)
        reject(row, column,
               "\"" + std::string(cell) + "\" is not a number" + (number.advice.empty() ? "" : "; " + number.advice));
    return number.value;
}

double InputTable::required_number(std::size_t row, std::size_t column) const {
    const auto value = number(row, column);
    if (!value) {
        const std::string_view cell = text(row, column);
        reject(row, column,
               cell.empty() ? "a number is missing" : "a number is missing; the cell says " + std::string(cell));
    }
    return *value;
}

std::int64_t InputTable::required_integer(std::size_t row, std::size_t column) const {
    const std::string_view cell = text(row, column);
    if (const auto exact = parse_integer(cell)) return *exact;
    const double value = required_number(row, column);
    if (value != std::floor(value) || std::abs(value) > 9007199254740992.0)
        reject(row, column, "\"" + std::string(cell) + "\" is not a whole number");
    return static_cast<std::int64_t>(value);
}

double InputTable::required_year(std::size_t row, std::size_t column) const {
    const std::string_view cell = text(row, column);
    if (const auto year = read_cell_year(cell)) {
        // 204 and 3004 among 2001, 2002 ...: slips of the finger.
        if (*year < 1000 || (*year > 2999 && *year <= latest_first_year)) {
            constexpr std::size_t most = 64;
            std::size_t usual = 0;
            const std::size_t looked_at = std::min(rows(), most);
            for (std::size_t i = 0; i < looked_at; ++i)
                if (const auto other = read_cell_year(text(i, column)); other && *other >= 1000 && *other <= 2999)
                    ++usual;
            if (2 * usual > looked_at)
                reject(row, column, "\"" + std::string(cell) + "\" is no year like the others of its column");
        }
        if (short_year(cell) && !short_years(*this, column).empty() && has_leading_zero_in(*this, column))
            reject(row, column,
                   "\"" + std::string(cell) +
                       "\" is a year of two digits, and the column holds years before and after "
                       "2000; write all four digits");
        const auto first = read_cell_year(text(0, column));
        // Steps may be counted from 0 or 1.
        if (*year > latest_first_year && first && *first >= 1000) {
            // 1940 to 2120 as spreadsheets count days, from 1900 or 1904.
            const bool days = *year >= 14600 && *year <= 80400;
            reject(row, column,
                   "\"" + std::string(cell) + "\" is no year; " +
                       (days ? "it looks like a date as spreadsheets count days: format the column as dates, or write "
                               "the year alone"
                             : "write the year alone"));
        }
        return *year;
    }
    if (is_gap(cell)) reject(row, column, "a year is missing");
    if (cell == unsaved_formula) reject(row, column, advice_on_formula);
    reject(row, column, "\"" + std::string(cell) + "\" is neither a year nor a date; write the year alone");
}

void each_class(const InputTable& table, const std::function<void(std::int64_t, std::size_t)>& work) {
    constexpr std::size_t most = 20;
    const std::size_t code_column = table.column("class");
    std::set<std::int64_t> met;
    std::vector<UserError> errors;
    for (std::size_t row = 0; row < table.rows() && errors.size() < most; ++row)
        gather(errors, [&] {
            const std::int64_t code = table.required_integer(row, code_column);
            if (!met.insert(code).second)
                table.reject(row, code_column, "class " + std::to_string(code) + " appears twice");
            work(code, row);
        });
    if (errors.size() == 1) throw UserError(errors.front());
    if (!errors.empty()) throw UserErrors(std::move(errors));
}

std::map<std::int64_t, std::size_t> rows_by_class(const InputTable& table) {
    std::map<std::int64_t, std::size_t> rows;
    each_class(table, [&](std::int64_t code, std::size_t row) { rows.emplace(code, row); });
    return rows;
}

ClassTable read_classes(const InputTable& table) {
    const std::string colour_name = table.has("color") && !table.has("colour") ? "color" : "colour";
    ClassTable classes;
    classes.argument = table.argument();
    each_class(table, [&](std::int64_t code, std::size_t row) {
        ClassInfo info;
        if (table.has("name")) info.name = trimmed(table.text(row, table.column("name")));
        if (is_void(info.name) || is_sheet_error(info.name)) info.name.clear();
        if (table.has(colour_name)) {
            const std::size_t column = table.column(colour_name);
            info.colour = lower_case(trimmed(table.text(row, column)));
            const bool hex = info.colour.size() == 7 && info.colour[0] == '#' &&
                             info.colour.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
            if (!info.colour.empty() && !hex)
                table.reject(row, column, "\"" + info.colour + "\" is not a colour of the form #rrggbb");
        }
        if (table.has("grade")) info.grade = table.number(row, table.column("grade"));
        classes.emplace(code, std::move(info));
    });
    return classes;
}

void OutputTable::add(std::vector<Cell> row, std::vector<unsigned char> geometry) {
    rows_.push_back(std::move(row));
    geometries_.push_back(std::move(geometry));
}

void OutputTable::add_later(std::size_t count, std::function<void(std::size_t, std::vector<Cell>&)> make) {
    later_ = count;
    make_ = std::move(make);
}

namespace {

/// "007" and "-01" are codes, "0", "0.5" and "-0" are numbers.
bool has_leading_zero(std::string_view text) {
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

bool is_number(std::string_view text) {
    const auto value = parse_number(text);
    return value && std::isfinite(*value) && !has_leading_zero(text);
}

/// Text that a spreadsheet would take for a formula gets a quote before it.
std::string harmless(const std::string& text, bool sheet) {
    if (sheet && !text.empty() && !parse_number(text) &&
        (std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos || text.compare(0, 4, "of:=") == 0))
        return "'" + text;
    return text;
}

/// Text that a .dbf holds in one cell.
constexpr std::size_t most_dbf_text = 254;

struct SetField {
    OGRFeatureH feature;
    int index;
    bool csv;
    bool sheet;  ///< CSV and ODS
    bool dbf;
    bool* beyond_ascii;  ///< set where a text is not ASCII
    std::size_t* cut;    ///< counts texts that were cut
    void operator()(std::monostate) const { OGR_F_SetFieldNull(feature, index); }
    void operator()(std::int64_t value) const { OGR_F_SetFieldInteger64(feature, index, value); }
    void operator()(double value) const {
        if (!std::isfinite(value))
            OGR_F_SetFieldNull(feature, index);
        else if (csv)  // as text, so that the shortest exact digits are written
            OGR_F_SetFieldString(feature, index, number_text(value).c_str());
        else
            OGR_F_SetFieldDouble(feature, index, value);
    }
    void operator()(const std::string& value) const {
        std::string text = harmless(value, sheet);
        *beyond_ascii = *beyond_ascii || !is_ascii(text);
        if (dbf && text.size() > most_dbf_text) {
            text.resize(whole_characters(text, most_dbf_text));
            ++*cut;
        }
        OGR_F_SetFieldString(feature, index, text.c_str());
    }
};

/// The columns' names as a .dbf holds them: at most 10 bytes, each once. UTF-8 is not cut within a character.
std::vector<std::string> dbf_names(const std::vector<OutputTable::Column>& columns) {
    std::vector<std::string> names;
    const auto taken = [&](const std::string& name) {
        return std::any_of(names.begin(), names.end(), [&](const std::string& other) {
            return lower_case(trimmed(other)) == lower_case(trimmed(name));
        });
    };
    constexpr std::size_t most = 10;
    for (const auto& column : columns) {
        std::string name = column.name.substr(0, whole_characters(column.name, most));
        for (int n = 1; taken(name); ++n) {
            const std::string end = "_" + std::to_string(n);
            name = column.name.substr(0, whole_characters(column.name, most - end.size())) + end;
        }
        names.push_back(name);
    }
    return names;
}

/// Puts a byte order mark before a file's text.
bool add_mark(const std::string& path) {
    const std::string with_mark = path + ".mark";
    {
        std::ifstream from(path, std::ios::binary);
        std::ofstream to(with_mark, std::ios::binary);
        to << "\xef\xbb\xbf" << from.rdbuf();
        to.close();
        if (!from || !to) return false;
    }
    std::error_code error;
    std::filesystem::rename(with_mark, path, error);
    return !error;
}

/// Keeps the time of writing out of a GeoPackage, so that the same results are the same bytes.
class FixedDate {
public:
    FixedDate() {
        if (active_) CPLSetThreadLocalConfigOption(option, "1970-01-01T00:00:00.000Z");
    }
    ~FixedDate() {
        if (active_) CPLSetThreadLocalConfigOption(option, nullptr);
    }
    FixedDate(const FixedDate&) = delete;
    FixedDate& operator=(const FixedDate&) = delete;

private:
    static constexpr const char* option = "OGR_CURRENT_DATE";
    const bool active_ = !CPLGetConfigOption(option, nullptr);  ///< a date that the user has set stays
};

GDALDriverH vector_driver(const std::string& path) {
    const std::string extension = lower_case(trimmed(std::filesystem::path(path).extension().string()));
    for (int i = 0; i < GDALGetDriverCount() && extension.size() > 1; ++i) {
        GDALDriverH driver = GDALGetDriver(i);
        if (!GDALGetMetadataItem(driver, GDAL_DCAP_VECTOR, nullptr) ||
            !GDALGetMetadataItem(driver, GDAL_DCAP_CREATE, nullptr))
            continue;
        const char* list = GDALGetMetadataItem(driver, GDAL_DMD_EXTENSIONS, nullptr);
        const CPLStringList extensions(CSLTokenizeString(list ? list : ""));
        if (extensions.FindString(extension.c_str() + 1) >= 0) return driver;
    }
    return nullptr;
}

}  // namespace

OutputTable::Type column_type(const InputTable& table, std::size_t column) {
    bool any = false;
    bool integers = true;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view text = trimmed(table.text(row, column));
        if (text.empty()) continue;
        any = true;
        if (!is_number(text)) return OutputTable::Type::text;
        integers = integers && parse_integer(text).has_value();
    }
    if (!any) return OutputTable::Type::text;
    return integers ? OutputTable::Type::integer : OutputTable::Type::real;
}

Cell typed_cell(const InputTable& table, std::size_t row, std::size_t column, OutputTable::Type type) {
    const std::string_view text = trimmed(table.text(row, column));
    if (text.empty()) return {};
    if (type == OutputTable::Type::integer) return parse_integer(text).value();
    if (type == OutputTable::Type::real) return parse_number(text).value();
    return std::string(text);
}

std::vector<std::string> OutputTable::write(const std::string& parameter, const std::string& path,
                                            const std::string& shown) const {
    start_gdal();
    GDALDriverH driver = vector_driver(path);
    if (!driver) throw wrong(parameter, "no table format is known for " + shown + "; use .csv, .gpkg or .xlsx");
    const std::string format = GDALGetDriverShortName(driver);
    const bool csv = format == "CSV", dbf = format == "ESRI Shapefile";
    const bool sheet = csv || format == "ODS";
    const bool spatial = !geometries_.empty();
    std::vector<std::string> warnings;
    std::vector<std::string> names;
    for (const auto& column : columns_) names.push_back(harmless(column.name, sheet));
    if (dbf) {
        names = dbf_names(columns_);
        std::vector<std::string> cut;
        for (std::size_t i = 0; i < names.size(); ++i)
            if (names[i] != columns_[i].name) cut.push_back(columns_[i].name + " -> " + names[i]);
        if (!cut.empty())
            warnings.push_back(parameter_name(parameter) + ": " + shown + ": this format holds names of 10 bytes; " +
                               (cut.size() > 1 ? "columns were" : "a column was") + " renamed: " + listed(cut, 50) +
                               ". Formats such as .gpkg and .csv keep the names");
    }
    bool beyond_ascii = std::any_of(names.begin(), names.end(), [](const auto& name) { return !is_ascii(name); });
    std::size_t texts_cut = 0;
    writing("table", shown);
    const GdalMessages messages;
    const FixedDate fixed_date;
    // QGIS sets this option to nothing, a shell does not set it: the same bytes either way.
    const ThreadOption utf8("SHAPE_ENCODING", "UTF-8");
    const auto fail = [&] { throw IoError(shown, "cannot be written (" + messages.text("is the disk full?") + ")"); };
    DatasetPtr dataset(GDALCreate(driver, path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
    if (!dataset) fail();
    const SrsPtr srs(spatial && !crs.empty() ? OSRNewSpatialReference(crs.c_str()) : nullptr);
    if (srs) OSRSetAxisMappingStrategy(srs.get(), OAMS_TRADITIONAL_GIS_ORDER);
    CPLStringList options;
    if (csv && spatial) options.AddNameValue("GEOMETRY", "AS_WKT");
    if (csv) options.AddNameValue("STRING_QUOTING", "IF_NEEDED");
    std::string layer_name = std::filesystem::path(shown).stem().string();
    // Databases keep some names for themselves, and GeoPackage takes none that begins with a sign.
    if ((format == "GPKG" || format == "SQLite") &&
        (EQUALN(layer_name.c_str(), "gpkg", 4) || EQUALN(layer_name.c_str(), "sqlite_", 7) ||
         std::ispunct(static_cast<unsigned char>(layer_name.front()))))
        layer_name.insert(0, "layer_");
    if (dbf) options.AddNameValue("ENCODING", "UTF-8");
    const OGRwkbGeometryType shapes = !spatial ? wkbNone : are_points(geometries_) ? wkbPoint : wkbMultiPolygon;
    OGRLayerH layer = GDALDatasetCreateLayer(dataset.get(), layer_name.c_str(), srs.get(), shapes, options.List());
    if (!layer) fail();
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        const Column& column = columns_[i];
        const OGRFieldType type = column.type == Type::integer        ? OFTInteger64
                                  : column.type == Type::real && !csv ? OFTReal
                                                                      : OFTString;
        const FieldPtr field(OGR_Fld_Create(names[i].c_str(), type));
        if (OGR_L_CreateField(layer, field.get(), TRUE) != OGRERR_NONE) fail();
    }
    if (OGR_L_StartTransaction(layer) != OGRERR_NONE) fail();
    std::vector<Cell> made(columns_.size());
    for (std::size_t row = 0; row < rows_.size() + later_; ++row) {
        Pauses::look();
        if (row >= rows_.size()) {
            std::fill(made.begin(), made.end(), Cell());
            make_(row - rows_.size(), made);
        }
        const std::vector<Cell>& cells = row < rows_.size() ? rows_[row] : made;
        const FeaturePtr feature(OGR_F_Create(OGR_L_GetLayerDefn(layer)));
        for (std::size_t i = 0; i < columns_.size(); ++i)
            std::visit(SetField{feature.get(), static_cast<int>(i), csv, sheet, dbf, &beyond_ascii, &texts_cut},
                       cells[i]);
        if (row < geometries_.size() && !geometries_[row].empty()) {
            OGRGeometryH geometry = nullptr;
            if (OGR_G_CreateFromWkb(geometries_[row].data(), nullptr, &geometry,
                                    static_cast<int>(geometries_[row].size())) != OGRERR_NONE)
                fail();
            OGR_F_SetGeometryDirectly(feature.get(),
                                      shapes == wkbPoint ? geometry : OGR_G_ForceToMultiPolygon(geometry));
        }
        if (OGR_L_CreateFeature(layer, feature.get()) != OGRERR_NONE || messages.failed()) fail();
    }
    if (OGR_L_CommitTransaction(layer) != OGRERR_NONE) fail();
    GDALFlushCache(dataset.get());
    dataset.reset();
    if (messages.failed()) fail();
    if (texts_cut > 0)
        warnings.push_back(parameter_name(parameter) + ": " + shown + ": this format holds texts of " +
                           std::to_string(most_dbf_text) + " bytes; " + std::to_string(texts_cut) + " were cut");
    if (!csv) return warnings;
    // Spreadsheets take text without a mark for the system's old encoding.
    if (beyond_ascii && !add_mark(path)) fail();
    // A description of the columns lets OGR and QGIS read numbers as numbers.
    std::string types;
    for (const auto& column : columns_) {
        if (!types.empty()) types += ',';
        types += column.type == Type::integer ? "\"Integer64\"" : column.type == Type::real ? "\"Real\"" : "\"String\"";
    }
    std::ofstream file(std::filesystem::path(path).replace_extension(".csvt"), std::ios::binary);
    file << (spatial ? "\"WKT\"," : "") << types << '\n';
    file.close();
    if (!file) fail();
    return warnings;
}

std::vector<std::string> OutputTable::try_format(const std::string& parameter, const std::string& folder,
                                                 const std::string& shown, bool shapes) {
    namespace fs = std::filesystem;
    start_gdal();
    // The formats that the toolbox writes by default hold everything, and need no trial.
    if (is_csv(shown) || lower_case(trimmed(fs::path(shown).extension().string())) == ".gpkg") return {};
    const fs::path trial = fs::path(folder) / ".trial";
    struct Remove {
        const fs::path& path;
        ~Remove() {
            std::error_code error;
            fs::remove_all(path, error);
        }
    } const remove{trial};
    fs::create_directory(trial);
    const std::string path = (trial / fs::path(shown).filename()).string();
    OutputTable table({{"code", Type::integer}, {"value", Type::real}, {"name", Type::text}});
    const std::vector<Cell> row = {std::int64_t{7}, 0.64, std::string("seven")};
    if (shapes)
        table.add(row, polygon_wkb({{105, 35}, {106, 35}, {106, 36}, {105, 36}}));
    else
        table.add(row);
    std::vector<std::string> files;
    const auto refuse = [&](const std::string& why) {
        throw wrong(parameter, shown + " cannot be written as " + (shapes ? "a layer of polygons" : "a table") + " (" +
                                   why + "); use " + (shapes ? ".gpkg" : ".csv, .gpkg or .xlsx"));
    };
    try {
        table.write(parameter, path, shown);
    } catch (const IoError& error) {
        refuse(error.what());
    }
    for (const auto& entry : fs::directory_iterator(trial)) files.push_back(entry.path().filename().string());
    if (std::find(files.begin(), files.end(), fs::path(shown).filename().string()) == files.end())
        refuse("the format makes no file of that name without shapes");
    const GdalMessages messages;
    const DatasetPtr again(GDALOpenEx(path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr));
    OGRLayerH layer = again ? GDALDatasetGetLayer(again.get(), 0) : nullptr;
    if (!layer) refuse("it holds nothing when it is read again" + messages.text(""));
    const FeaturePtr feature(OGR_L_GetNextFeature(layer));
    if (!feature) refuse("its row is not there when it is read again");
    for (std::size_t i = 0; i < table.columns_.size(); ++i) {
        const int field = OGR_F_GetFieldIndex(feature.get(), table.columns_[i].name.c_str());
        if (field < 0) refuse("its columns are not there when it is read again");
        const bool same = i == 0   ? OGR_F_GetFieldAsInteger(feature.get(), field) == 7
                          : i == 1 ? OGR_F_GetFieldAsDouble(feature.get(), field) == 0.64
                                   : std::string(OGR_F_GetFieldAsString(feature.get(), field)) == "seven";
        if (!same) refuse("the column \"" + table.columns_[i].name + "\" comes back with another value");
    }
    return files;
}

}  // namespace landcarbon
