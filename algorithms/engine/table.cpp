// Land Carbon Toolbox: tables: read as text with exact places for messages, written through OGR.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/table.hpp"

#include <cpl_conv.h>
#include <cpl_csv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <algorithm>
#include <boost/locale/encoding_utf.hpp>
#include <cctype>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>
#include <set>

#include "engine/faults.hpp"
#include "engine/geometry.hpp"
#include "engine/input_files.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr std::uintmax_t largest_csv = 1024u * 1024u * 1024u;
constexpr std::size_t most_columns = 10000;

std::string lower(std::string_view text) {
    std::string result(trimmed(text));
    for (char& c : result)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return result;
}

bool is_csv(const std::string& path) {
    const std::string extension = lower(std::filesystem::path(path).extension().string());
    return extension == ".csv" || extension == ".txt" || extension == ".tsv";
}

/// A memory file that GDAL reads, gone at the end.
class MemoryFile {
public:
    explicit MemoryFile(std::string& bytes) {
        char name[64];
        std::snprintf(name, sizeof name, "/vsimem/landcarbon_%p.csv", static_cast<void*>(this));
        name_ = name;
        file_ = VSIFileFromMemBuffer(name, reinterpret_cast<GByte*>(bytes.data()), bytes.size(), FALSE);
    }
    ~MemoryFile() {
        if (file_) VSIFCloseL(file_);
        VSIUnlink(name_.c_str());
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    VSILFILE* get() const { return file_; }

private:
    std::string name_;
    VSILFILE* file_ = nullptr;
};

/// The character that separates the header's cells.
char separator_of(std::string_view header) {
    std::size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (const char c : header) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
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

}  // namespace

InputTable::InputTable(std::string parameter, const std::string& path, bool shapes)
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
        load_csv(std::move(bytes));
    } else
        load_layer(parts.file, parts.option.value_or(""), shapes);
}

InputTable InputTable::from_text(std::string parameter, std::string name, std::string bytes) {
    InputTable table;
    table.parameter_ = std::move(parameter);
    table.path_ = std::move(name);
    table.load_csv(std::move(bytes));
    return table;
}

void InputTable::add_cell(std::string_view text) {
    if (characters_.size() + text.size() > std::numeric_limits<std::uint32_t>::max())
        reject("its cells hold more than 4 GiB of text");
    cells_.push_back({static_cast<std::uint32_t>(characters_.size()), static_cast<std::uint32_t>(text.size())});
    characters_ += text;
}

void InputTable::load_csv(std::string bytes) {
    csv_ = true;
    const auto starts = [&bytes](const char* mark, std::size_t size) {
        return bytes.compare(0, size, mark, size) == 0;
    };
    if (starts("\xff\xfe", 2) || starts("\xfe\xff", 2)) {
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
    } else if (starts("\xef\xbb\xbf", 3))
        bytes.erase(0, 3);
    if (const auto zero = bytes.find('\0'); zero != std::string::npos)
        reject("it holds a zero byte at position " + std::to_string(zero) + "; it is not a text file");
    if (!CPLIsUTF8(bytes.c_str(), static_cast<int>(std::min<std::size_t>(bytes.size(), INT_MAX)))) {
        std::size_t line = 1, start = 0;
        while (start < bytes.size()) {
            const auto end = std::min(bytes.find('\n', start), bytes.size());
            if (!CPLIsUTF8(bytes.c_str() + start, static_cast<int>(end - start))) break;
            start = end + 1;
            ++line;
        }
        reject("line " + std::to_string(line) + " is not UTF-8; save the file as UTF-8 (in Excel: CSV UTF-8)");
    }
    // Lines of remarks before the header.
    std::int64_t line = 1;
    std::size_t start = 0;
    while (start < bytes.size() && (bytes[start] == '#' || bytes[start] == '\n' || bytes[start] == '\r')) {
        start = std::min(bytes.find('\n', start), bytes.size() - 1) + 1;
        ++line;
    }
    bytes.erase(0, start);
    if (trimmed(bytes).empty()) reject("it is empty; a header line with column names is needed");
    const char separator = separator_of(std::string_view(bytes).substr(0, bytes.find('\n')));
    const char delimiter[2] = {separator, 0};

    characters_ = std::move(bytes);
    // Room for all cells at once: growing it would copy them again and again.
    cells_.reserve(static_cast<std::size_t>(std::count(characters_.begin(), characters_.end(), separator) +
                                            std::count(characters_.begin(), characters_.end(), '\n') + 1));
    std::string unquoted;  // cells that differ from what stands in the file
    std::optional<MemoryFile> file;
    std::vector<std::string_view> cells;
    for (std::size_t offset = 0; offset < characters_.size();) {
        const std::string_view rest = std::string_view(characters_).substr(offset);
        std::size_t length = cut_plain(rest, separator, cells);
        const bool plain = length > 0;
        CPLStringList parsed;
        if (!plain) {
            const GdalMessages messages;
            if (!file) file.emplace(characters_);
            VSIFSeekL(file->get(), offset, SEEK_SET);
            parsed = CPLStringList(CSVReadParseLine3L(file->get(), 0, delimiter, true, false, false, false), true);
            if (messages.failed())
                reject("line " + std::to_string(line) + " cannot be read (" + messages.text("") + ")");
            length = static_cast<std::size_t>(VSIFTellL(file->get())) - offset;
            if (std::count(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length), '"') % 2 != 0)
                reject("line " + std::to_string(line) + ": a quotation mark is opened and never closed");
            cells.assign(parsed.List(), parsed.List() + parsed.Count());
        }
        // Spreadsheets write empty rows as separators only.
        const bool blank = std::all_of(cells.begin(), cells.end(), [](auto cell) { return trimmed(cell).empty(); });
        if (columns_.empty()) {
            if (cells.size() > most_columns) reject("it has more than " + std::to_string(most_columns) + " columns");
            for (const auto cell : cells) columns_.emplace_back(trimmed(cell));
            std::set<std::string> names;
            for (const auto& column : columns_)
                if (!column.empty() && !names.insert(lower(column)).second)
                    reject("the column \"" + column + "\" appears twice");
        } else if (!blank) {
            if (cells.size() > columns_.size()) {
                const bool comma = separator == ',';
                reject("line " + std::to_string(line) + " has " + std::to_string(cells.size()) +
                       " cells, but the header has " + std::to_string(columns_.size()) +
                       (comma ? "; write a decimal point, not a comma, and quote texts with commas" : ""));
            }
            cells.resize(columns_.size());
            for (const auto cell : cells) {
                const std::size_t start = cell.empty() ? 0
                                          : plain      ? static_cast<std::size_t>(cell.data() - characters_.data())
                                                       : characters_.size() + unquoted.size();
                cells_.push_back({static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(cell.size())});
                if (!plain) unquoted += cell;
            }
            places_.push_back(line);
        }
        line += plain ? 1 : std::count(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(length), '\n');
        offset += length;
    }
    file.reset();
    characters_ += unquoted;
    if (places_.empty()) reject("it has a header but no rows");
}

void InputTable::load_layer(const std::string& path, const std::string& layer_name, bool shapes) {
    const GdalMessages messages;
    const NoNetwork offline(!is_remote(path));
    const DatasetPtr dataset = open_checked(path, InputKind::vector);
    if (!dataset) throw IoError(path, "cannot be opened as a table (" + messages.text("unknown format") + ")");
    OGRLayerH layer = layer_name.empty() ? GDALDatasetGetLayer(dataset.get(), 0)
                                         : GDALDatasetGetLayerByName(dataset.get(), layer_name.c_str());
    if (!layer) throw IoError(path, layer_name.empty() ? "has no layer" : "has no layer \"" + layer_name + "\"");
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(layer);
    const int fields = OGR_FD_GetFieldCount(definition);
    for (int i = 0; i < fields; ++i) columns_.emplace_back(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i)));
    OGR_L_ResetReading(layer);
    bool any_shape = false;
    for (FeaturePtr next; next.reset(OGR_L_GetNextFeature(layer)), next;) {
        OGRFeatureH feature = next.get();
        for (int i = 0; i < fields; ++i) {
            const auto type = OGR_Fld_GetType(OGR_FD_GetFieldDefn(definition, i));
            if (!OGR_F_IsFieldSetAndNotNull(feature, i))
                add_cell("");
            else if (type == OFTReal)
                add_cell(number_text(OGR_F_GetFieldAsDouble(feature, i)));
            else
                add_cell(OGR_F_GetFieldAsString(feature, i));
        }
        places_.push_back(OGR_F_GetFID(feature));
        if (shapes) {
            shapes_.emplace_back();
            OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
            const auto type = geometry ? OGR_GT_Flatten(OGR_G_GetGeometryType(geometry)) : wkbNone;
            if (type == wkbPolygon || type == wkbMultiPolygon) {
                shapes_.back() = wkb_of(geometry);
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
    if (places_.empty()) reject("it has no rows");
}

std::string_view InputTable::text(std::size_t row, std::size_t column) const {
    const Place& cell = cells_[row * columns_.size() + column];
    return {characters_.data() + cell.start, cell.size};
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
    return changed;
}

std::optional<std::size_t> InputTable::find(const std::string& column) const {
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (lower(columns_[i]) == lower(column)) return i;
    return std::nullopt;
}

std::size_t InputTable::column(const std::string& name) const {
    if (const auto found = find(name)) return *found;
    reject("the column \"" + name + "\" is missing; its columns are: " + value_text(columns_));
}

void InputTable::reject(const std::string& reason) const {
    throw UserError(parameter_, parameter_name(parameter_) + ": table " + path_ + ": " + reason);
}

void InputTable::reject(std::size_t row, std::size_t column, const std::string& reason) const {
    reject((csv_ ? "line " : "row ") + std::to_string(places_[row]) + ", column \"" + columns_[column] +
           "\": " + reason);
}

std::optional<double> InputTable::number(std::size_t row, std::size_t column) const {
    const std::string_view cell = trimmed(text(row, column));
    if (cell.empty()) return std::nullopt;
    const auto value = parse_number(cell);
    if (!value || !std::isfinite(*value)) {
        const bool comma = cell.find(',') != std::string_view::npos;
        reject(row, column,
               "\"" + std::string(cell) + "\" is not a number" + (comma ? "; write a decimal point, not a comma" : ""));
    }
    return value;
}

double InputTable::required_number(std::size_t row, std::size_t column) const {
    const auto value = number(row, column);
    if (!value) reject(row, column, "a number is missing");
    return *value;
}

std::int64_t InputTable::required_integer(std::size_t row, std::size_t column) const {
    const std::string_view cell = trimmed(text(row, column));
    if (const auto exact = parse_integer(cell)) return *exact;
    const double value = required_number(row, column);
    if (value != std::floor(value) || std::abs(value) > 9007199254740992.0)
        reject(row, column, "\"" + std::string(cell) + "\" is not a whole number");
    return static_cast<std::int64_t>(value);
}

std::map<std::int64_t, std::size_t> rows_by_class(const InputTable& table) {
    const std::size_t code_column = table.column("class");
    std::map<std::int64_t, std::size_t> rows;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::int64_t code = table.required_integer(row, code_column);
        if (!rows.emplace(code, row).second)
            table.reject(row, code_column, "class " + std::to_string(code) + " appears twice");
    }
    return rows;
}

std::map<std::int64_t, ClassInfo> read_classes(const InputTable& table) {
    const std::string colour_name = table.has("color") && !table.has("colour") ? "color" : "colour";
    std::map<std::int64_t, ClassInfo> classes;
    for (const auto& [code, row] : rows_by_class(table)) {
        ClassInfo info;
        if (table.has("name")) info.name = trimmed(table.text(row, table.column("name")));
        if (table.has(colour_name)) {
            const std::size_t column = table.column(colour_name);
            info.colour = lower(table.text(row, column));
            const bool hex = info.colour.size() == 7 && info.colour[0] == '#' &&
                             info.colour.find_first_not_of("0123456789abcdef", 1) == std::string::npos;
            if (!info.colour.empty() && !hex)
                table.reject(row, column, "\"" + info.colour + "\" is not a colour of the form #rrggbb");
        }
        if (table.has("grade")) info.grade = table.number(row, table.column("grade"));
        classes.emplace(code, std::move(info));
    }
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
std::string harmless(const std::string& text, bool csv) {
    if (csv && !text.empty() && std::string_view("=+-@\t\r").find(text[0]) != std::string_view::npos &&
        !parse_number(text))
        return "'" + text;
    return text;
}

struct SetField {
    OGRFeatureH feature;
    int index;
    bool csv;
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
        OGR_F_SetFieldString(feature, index, harmless(value, csv).c_str());
    }
};

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
    const std::string extension = lower(std::filesystem::path(path).extension().string());
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

void OutputTable::write(const std::string& parameter, const std::string& path, const std::string& shown) const {
    start_gdal();
    GDALDriverH driver = vector_driver(path);
    if (!driver)
        throw UserError(parameter, parameter_name(parameter) + ": no table format is known for " + shown +
                                       "; use .csv, .gpkg or .xlsx");
    const std::string format = GDALGetDriverShortName(driver);
    const bool csv = format == "CSV";
    const bool spatial = !geometries_.empty();
    writing("table", shown);
    const GdalMessages messages;
    const FixedDate fixed_date;
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
    OGRLayerH layer = GDALDatasetCreateLayer(dataset.get(), layer_name.c_str(), srs.get(),
                                             spatial ? wkbMultiPolygon : wkbNone, options.List());
    if (!layer) fail();
    for (const auto& column : columns_) {
        const OGRFieldType type = column.type == Type::integer        ? OFTInteger64
                                  : column.type == Type::real && !csv ? OFTReal
                                                                      : OFTString;
        const FieldPtr field(OGR_Fld_Create(column.name.c_str(), type));
        if (OGR_L_CreateField(layer, field.get(), TRUE) != OGRERR_NONE) fail();
    }
    if (OGR_L_StartTransaction(layer) != OGRERR_NONE) fail();
    std::vector<Cell> made(columns_.size());
    for (std::size_t row = 0; row < rows_.size() + later_; ++row) {
        if (row >= rows_.size()) {
            std::fill(made.begin(), made.end(), Cell());
            make_(row - rows_.size(), made);
        }
        const std::vector<Cell>& cells = row < rows_.size() ? rows_[row] : made;
        const FeaturePtr feature(OGR_F_Create(OGR_L_GetLayerDefn(layer)));
        for (std::size_t i = 0; i < columns_.size(); ++i)
            std::visit(SetField{feature.get(), static_cast<int>(i), csv}, cells[i]);
        if (row < geometries_.size() && !geometries_[row].empty()) {
            OGRGeometryH geometry = nullptr;
            if (OGR_G_CreateFromWkb(geometries_[row].data(), nullptr, &geometry,
                                    static_cast<int>(geometries_[row].size())) != OGRERR_NONE)
                fail();
            OGR_F_SetGeometryDirectly(feature.get(), OGR_G_ForceToMultiPolygon(geometry));
        }
        if (OGR_L_CreateFeature(layer, feature.get()) != OGRERR_NONE || messages.failed()) fail();
    }
    if (OGR_L_CommitTransaction(layer) != OGRERR_NONE) fail();
    GDALFlushCache(dataset.get());
    dataset.reset();
    if (messages.failed()) fail();
    if (!csv) return;
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
}

std::vector<std::string> OutputTable::try_format(const std::string& parameter, const std::string& folder,
                                                 const std::string& shown, bool shapes) {
    namespace fs = std::filesystem;
    start_gdal();
    // The formats that the toolbox writes by default hold everything, and need no trial.
    if (is_csv(shown) || lower(fs::path(shown).extension().string()) == ".gpkg") return {};
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
    const auto wrong = [&](const std::string& why) {
        throw UserError(parameter, parameter_name(parameter) + ": " + shown + " cannot be written as " +
                                       (shapes ? "a layer of polygons" : "a table") + " (" + why + "); use " +
                                       (shapes ? ".gpkg" : ".csv, .gpkg or .xlsx"));
    };
    try {
        table.write(parameter, path, shown);
    } catch (const IoError& error) {
        wrong(error.what());
    }
    for (const auto& entry : fs::directory_iterator(trial)) files.push_back(entry.path().filename().string());
    if (std::find(files.begin(), files.end(), fs::path(shown).filename().string()) == files.end())
        wrong("the format makes no file of that name without shapes");
    const GdalMessages messages;
    const DatasetPtr again(GDALOpenEx(path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr));
    OGRLayerH layer = again ? GDALDatasetGetLayer(again.get(), 0) : nullptr;
    if (!layer) wrong("it holds nothing when it is read again" + messages.text(""));
    const FeaturePtr feature(OGR_L_GetNextFeature(layer));
    if (!feature) wrong("its row is not there when it is read again");
    for (std::size_t i = 0; i < table.columns_.size(); ++i) {
        const int field = OGR_F_GetFieldIndex(feature.get(), table.columns_[i].name.c_str());
        if (field < 0) wrong("its columns are not there when it is read again");
        const bool same = i == 0   ? OGR_F_GetFieldAsInteger(feature.get(), field) == 7
                          : i == 1 ? OGR_F_GetFieldAsDouble(feature.get(), field) == 0.64
                                   : std::string(OGR_F_GetFieldAsString(feature.get(), field)) == "seven";
        if (!same) wrong("the column \"" + table.columns_[i].name + "\" comes back with another value");
    }
    return files;
}

}  // namespace landcarbon
