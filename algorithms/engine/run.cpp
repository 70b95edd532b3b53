// Land Carbon Toolbox: what a room works with: its inputs, its passes over the cells, its outputs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/run.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <cstring>
#include <ctime>
#include <exception>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>
#include <thread>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "engine/faults.hpp"
#include "engine/geometry.hpp"
#include "engine/input_files.hpp"
#include "engine/band_axes.hpp"
#include "engine/declared_units.hpp"
#include "engine/input_size.hpp"
#include "engine/pauses.hpp"
#include "engine/point_style.hpp"
#include "engine/report/colour.hpp"
#include "engine/threads.hpp"
#include "engine/text.hpp"
#include "engine/report/escape.hpp"
#include "engine/step_order.hpp"
#include "engine/time_axis.hpp"
#include "spec/wording.hpp"

namespace landcarbon {
namespace {

/// Whether any of cells all over a grid lies on the raster that is carried over to it.
bool touches(const GridMapping& mapping, const Grid& grid) {
    constexpr int most = 33;
    std::vector<Footprint> found;
    for (int i = 0; i < most; ++i)
        for (int k = 0; k < most; ++k) {
            Window window;
            window.x = static_cast<int>(static_cast<std::int64_t>(grid.width - 1) * i / (most - 1));
            window.y = static_cast<int>(static_cast<std::int64_t>(grid.height - 1) * k / (most - 1));
            window.width = window.height = 1;
            mapping.footprints(window, found);
            const Footprint& place = found.front();
            if (place.x + place.width / 2 > 0 && place.y + place.height / 2 > 0 &&
                place.x - place.width / 2 < mapping.source().width &&
                place.y - place.height / 2 < mapping.source().height)
                return true;
        }
    return false;
}

/// The names of classes in the table that ArcGIS keeps beside a raster (NAME.tif.vat.dbf); none where there is no such
/// table, or where it cannot be read: it is not an input that the user gave.
std::map<std::int64_t, std::string> names_beside(const RasterFile& file) {
    std::map<std::int64_t, std::string> names;
    const std::filesystem::path path = file.path();
    for (const std::filesystem::path& table_path : {std::filesystem::path(path.string() + ".vat.dbf"),
                                                    std::filesystem::path(path).replace_extension(".vat.dbf")}) {
        std::error_code error;
        if (!std::filesystem::is_regular_file(table_path, error)) continue;
        try {
            const InputTable table(file.parameter(), table_path.string());
            if (!table.has("value")) continue;
            const std::size_t value = table.column("value");
            std::optional<std::size_t> name;
            for (const char* word : {"class_name", "class_names", "classname", "name", "label", "landcover",
                                     "land_cover", "lulc_name", "lulc", "category", "class", "type"})
                if (!name && table.has(word)) name = table.column(word);
            // Else the first column of words.
            for (std::size_t column = 0; column < table.columns().size() && !name; ++column)
                for (std::size_t row = 0; row < table.rows() && !name; ++row)
                    if (const auto text = table.text(row, column); !text.empty() && !parse_number(text)) name = column;
            for (std::size_t row = 0; name && row < table.rows(); ++row)
                if (const auto code = parse_number(table.text(row, value)); code && *code == std::floor(*code))
                    names.emplace(static_cast<std::int64_t>(*code), table.text(row, *name));
        } catch (const Error&) {
        }
        if (!names.empty()) break;
    }
    return names;
}

bool same_words(const std::string& a, const std::string& b) {
    const auto plain = [](const std::string& text) {
        std::string words;
        for (const char c : lower_case(half_width(trimmed(text))))
            if (c != ' ' && c != '_' && c != '-' && c != '(' && c != ')' && c != '.' && (c < '0' || c > '9'))
                words += c;
        return words;
    };
    const std::string first = plain(a), second = plain(b);
    // "1 Crop", "Crop (1)", "Crops" and "Class 1" call it nothing else.
    return first.find(second) != std::string::npos || second.find(first) != std::string::npos || first == "class" ||
           second == "class";
}

/// What a raster and the table beside it call their classes, by code; the raster's own words go first.
std::map<std::int64_t, ClassLabel> labels_of(const Layer& layer) {
    std::map<std::int64_t, ClassLabel> labels;
    for (auto& label : layer.file().labels(layer.band())) labels.emplace(label.code, std::move(label));
    for (const auto& [code, name] : names_beside(layer.file())) {
        ClassLabel& label = labels[code];
        label.code = code;
        if (label.name.empty()) label.name = name;
    }
    return labels;
}

/// Whether a class's name is none, or says that the class stands for no data.
bool says_no_data(const std::string& name) {
    std::string tight;
    for (const char c : lower_case(half_width(trimmed(name))))
        if (c != ' ' && c != '_' && c != '-') tight += c;
    if (tight.empty()) return true;
    for (const char* word : {"nodata", "background", "fill", "fillvalue", "null", "none", "na", "n/a", "unclassified",
                             "novalue", "outside", "mask", "无数据", "背景", "空值", "填充值", "無資料", "背景值"})
        if (tight == word) return true;
    return false;
}

/// Whether a raster calls a code by a name: whoever does so means the class.
bool is_named(const Layer& layer, std::int64_t code) {
    const auto labels = labels_of(layer);
    const auto label = labels.find(code);
    return label != labels.end() && !says_no_data(label->second.name);
}

constexpr std::size_t mebibyte = std::size_t{1024} * 1024;

/// The value of a parameter as it stands in the provenance: files that are written by name only, so that the same run
/// into another folder tells the same.
nlohmann::ordered_json provenance_value(const Argument& argument, const RunOptions& options) {
    const Value value = argument.get();
    if (argument.is_destination()) return std::filesystem::path(value_text(value)).filename().string();
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
        std::vector<std::string> called;
        for (const auto& entry : *list) called.push_back(options.as_called(entry));
        return called;
    }
    if (const auto* number = std::get_if<double>(&value)) return *number;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* matrix = std::get_if<Matrix>(&value)) return matrix->rows;
    return options.as_called(value_text(value));
}

/// Address space that is left to this process where the system limits it (ulimit -v); GDAL ends a program that gets
/// none.
std::size_t memory_left() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return std::numeric_limits<std::size_t>::max();
    std::size_t pages = 0;
    std::ifstream("/proc/self/statm") >> pages;
    const std::size_t used = pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
    return std::max<std::size_t>(limit.rlim_cur > used ? limit.rlim_cur - used : 0, 48 * mebibyte);
}

OutputKind output_kind(Kind kind) {
    switch (kind) {
        case Kind::raster_out:
            return OutputKind::raster;
        case Kind::table_out:
            return OutputKind::table;
        case Kind::vector_out:
            return OutputKind::vector;
        case Kind::report_out:
            return OutputKind::report;
        default:
            return OutputKind::file;
    }
}

/// oneTBB has no more workers than this.
constexpr int most_threads = 256;

int wanted_threads(const RunOptions& options) {
    const auto cores = static_cast<std::int64_t>(std::max(1u, std::thread::hardware_concurrency()));
    return static_cast<int>(std::min<std::int64_t>(options.threads > 0 ? options.threads : cores, most_threads));
}

/// Where the address space is limited, each thread takes its part of it: a stack, and a heap of its own (64 MiB in
/// glibc), for the worker and for GDAL's compression. GDAL waits for ever for a thread it does not get.
int threads_that_fit(int wanted) {
    constexpr std::size_t each = 160 * mebibyte;
    return static_cast<int>(std::clamp<std::size_t>(memory_left() / each, 1, static_cast<std::size_t>(wanted)));
}

UserError no_thread() {
    return {"threads",
            "THREADS: the system gives this program no further thread; raise its limit (ulimit -u, ulimit -v "
            "or that of the container)"};
}

bool is_given(const Argument& argument) { return !std::holds_alternative<std::monostate>(argument.get()); }

}  // namespace

Run::Run(const Spec& spec, const RunOptions& options, Monitor& monitor)
    : spec_(spec),
      options_(options),
      monitor_(monitor),
      threads_(threads_to_be_had(threads_that_fit(wanted_threads(options)))),
      memory_(std::min(options.memory_bytes(), memory_left() / 3)),
      staging_(options.overwrite),
      open_rasters_(std::make_shared<OpenFiles>(OpenFiles::share_of_limit(threads_))),
      value_options_(spec, options) {
    start_gdal();
    if (threads_ == 0) throw no_thread();
    if (threads_ < wanted_threads(options))
        // Told, but not kept: what comes out is the same.
        monitor_.warning("THREADS: the system gives " + std::to_string(threads_) + " of " +
                         std::to_string(wanted_threads(options)) + " threads; the run takes longer");
    static_cast<void>(encoding());
    class_codes_.explained_by([this](std::int64_t code) { return why_on_the_map(code); });
    for (const auto& [id, text] : {std::pair{"nodata", options_.nodata}, {"valid_range", options_.valid_range}})
        if (!text.empty()) convention(parameter_name(id), text + ", in numbers as stored");
    // All inputs are known before any output is reserved, so that none is overwritten.
    for (const auto& argument : spec_.arguments) {
        if (argument->is_output() || !argument->is_path()) continue;
        const Value value = argument->get();
        if (const auto* path = std::get_if<std::string>(&value)) remember_input(argument->id, *path);
        if (const auto* paths = std::get_if<std::vector<std::string>>(&value))
            for (const auto& path : *paths) remember_input(argument->id, path);
        if (argument->kind == Kind::table_in || argument->kind == Kind::vector_in)
            check_input_size(argument->id, value_text(value), memory_);
    }
    staging_.ask_for_inputs([this] { return files_of_inputs(); });
    // Outputs are reserved at once, so that a run fails before its work, not after it.
    for (const auto& argument : spec_.arguments) {
        if (!argument->is_destination() || !is_given(*argument)) continue;
        const std::string path = value_text(argument->get());
        const OutputKind kind = output_kind(argument->kind);
        outputs_.push_back(
            std::make_unique<Output>(Output{argument->id, path, staging_.reserve(argument->id, path, kind), nullptr}));
        const std::string folder = std::filesystem::path(outputs_.back()->staged).parent_path().string();
        std::vector<std::string> files;
        if (kind == OutputKind::raster)
            files = try_raster_format(argument->id, folder, path, raster_format());
        else if (kind == OutputKind::table || kind == OutputKind::vector)
            files = OutputTable::try_format(argument->id, folder, path, kind == OutputKind::vector);
        for (const auto& file : files) staging_.reserve_companion(argument->id, file);
    }
    for (const auto& place : staging_.recovered())
        warn(place + " was left half moved by a run that was killed; it is whole now");
}

std::vector<std::filesystem::path> Run::files_of_inputs() const {
    std::vector<std::filesystem::path> files;
    for (const auto& argument : spec_.arguments) {
        if (argument->is_output() || !argument->is_path()) continue;
        const bool raster = argument->kind == Kind::raster_in || argument->kind == Kind::class_raster ||
                            argument->kind == Kind::raster_stack;
        if (argument->kind == Kind::file_in) continue;  // the file itself is known
        std::vector<std::string> paths;
        const Value value = argument->get();
        if (const auto* path = std::get_if<std::string>(&value)) paths = {*path};
        if (const auto* list = std::get_if<std::vector<std::string>>(&value)) paths = *list;
        for (const auto& path : paths)
            for (auto& file : files_of_input(split_path(split_path(path, "band").file, "layername").file,
                                             raster ? InputKind::raster : InputKind::vector))
                files.push_back(std::move(file));
    }
    return files;
}

Run::~Run() = default;

void Run::remember_input(const std::string& parameter, const std::string& path) {
    std::string file;
    try {
        file = split_path(split_path(path, "band").file, "layername").file;
    } catch (const UserError& error) {
        if (!error.parameter().empty()) throw;
        throw wrong(parameter, error.what());
    }
    staging_.add_input(file);
    InputRecord record{parameter, options_.as_called(file), {}, 0};
    std::error_code error;
    struct stat info {};
    // Size and date of a copy say nothing of what it is a copy of.
    if (record.path == file && ::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode)) {
        record.path = std::filesystem::canonical(file, error).string();
        record.bytes = static_cast<std::uintmax_t>(info.st_size);
        std::tm utc{};
        char text[32];
        gmtime_r(&info.st_mtime, &utc);
        std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
        record.modified = text;
    }
    inputs_.push_back(std::move(record));
}

namespace {

/// The band that a path names; `band` stays as it is when it names none.
PathParts split_band(const std::string& parameter, const std::string& path, int& band) {
    PathParts parts = split_path(path, "band");
    if (parts.option) {
        const auto number = parse_integer(*parts.option);
        if (!number || *number < 1 || *number > 65536)
            throw wrong(parameter, "\"" + *parts.option + "\" is not a band number (in " + path + ")");
        band = static_cast<int>(*number);
    }
    return parts;
}

}  // namespace

std::vector<Layer> Run::inspect(const RasterStack& input) {
    std::vector<Layer> bands;
    for (const auto& path : input.paths) {
        int band = 0;
        const auto file = std::make_shared<RasterFile>(input.argument, split_band(input.argument, path, band).file);
        const int last = band ? band : file->bands();
        for (int b = band ? band : 1; b <= last; ++b) bands.emplace_back(file, b, ReadAs::real32, nullptr);
    }
    return bands;
}

std::shared_ptr<RasterFile> Run::open(const std::string& parameter, const std::string& path, bool classes, int& band) {
    const PathParts parts = split_band(parameter, path, band);
    std::shared_ptr<RasterFile> file;
    for (const auto& known : files_)
        if (known->path() == parts.file && known->parameter() == parameter) file = known;
    const bool fresh = !file;
    if (fresh) {
        file = std::make_shared<RasterFile>(parameter, parts.file, open_rasters_);
        files_.push_back(file);
        if (!file->note().empty()) {
            info(file->note());
            convention("reference system", file->note());
        }
    }
    if (classes && !parts.option && file->is_picture())
        throw wrong(parameter, file->path() +
                                   " holds red, green and blue: a picture, not classes. Give the raster that it was "
                                   "drawn from; or add |band=N to the path if one of its bands holds classes");
    if (const std::string how = classes ? file->lossy_compression() : ""; !how.empty() && fresh)
        warn(parameter_name(parameter) + ": " + file->path() + " is compressed with " + how +
             ", which changes cells, so that classes may be wrong, above all at their borders. Take the raster that it "
             "was made from");
    if (!grid_) {
        grid_ = file->grid();
        grid_path_ = file->path();
    } else if (const std::string differs = difference(*grid_, file->grid()); !differs.empty()) {
        if (!options_.align)
            throw wrong(parameter, grid_path_ + " and " + file->path() + " do not lie on one grid: " + differs +
                                       (grid_->crs.empty() != file->grid().crs.empty()
                                            ? ". Assign the one that is missing: gdal_edit.py -a_srs EPSG:CODE FILE"
                                            : ". Bring them to one grid first, or use ALIGN to warp on the fly"));
        file->align_to(*grid_, options_.resampling);
        if (const GridMapping* mapping = file->mapping();
            mapping && !touches(*mapping, *grid_) &&
            // A small raster on a large grid lies between the cells that are looked at.
            !touches(GridMapping(*grid_, mapping->source()), mapping->source()))
            warn(parameter_name(parameter) + ": " + file->path() + " seems to lie beside the grid of " + grid_path_ +
                 ", so that it has no data there; check the reference systems of both");
    }
    if (file->aligned()) {
        const Resampling how = file->resampling(classes);
        convention("alignment of " + std::filesystem::path(file->path()).filename().string(),
                   "to the grid of " + std::filesystem::path(grid_path_).filename().string() + ": " +
                       (how == Resampling::nearest    ? "the nearest cell"
                        : how == Resampling::mode     ? "the majority of the cell's area"
                        : how == Resampling::bilinear ? "bilinear, without cells of no data"
                                                      : "average by area, without cells of no data"));
    }
    return file;
}

Layer Run::layer(const std::string& parameter, const std::shared_ptr<RasterFile>& file, int band, ReadAs as) {
    const bool classes = as == ReadAs::classes;
    auto& kept = classes ? class_layers_ : value_layers_;
    kept.emplace_back(file, band, as, classes ? &class_codes_ : nullptr, value_options_.of(parameter, classes));
    StepName step{file->bands() > 1 ? kept.back().title() : "", ""};
    // The date on the file's own time axis says more than a name.
    if (std::string date = date_of_band(file->handle(), band); !date.empty()) step.name = std::move(date);
    if (step.name.empty() && file->bands() == 1) {
        const std::filesystem::path path = file->path();
        step = {path.stem().string(), path.parent_path().filename().string()};
    }
    steps_[parameter].push_back(std::move(step));
    // Of a series one step speaks for all; drivers are different things.
    const Argument* const argument = spec_.find(parameter);
    if (!classes && (steps_[parameter].size() == 1 || (argument && !argument->steps_in_time)))
        tell_named_classes(kept.back());
    return kept.back();
}

Layer Run::single(const RasterInput& input, ReadAs as) {
    int band = 0;
    auto file = open(input.argument, input.path, as == ReadAs::classes, band);
    // The first band of this toolbox's own rasters is what the raster is called after.
    const char* const made_by = GDALGetMetadataItem(file->handle(), "LANDCARBON_ALGORITHM", nullptr);
    if (band == 0 && file->bands() > 1 && !(made_by && made_by == input.argument))
        warn(parameter_name(input.argument) + ": " + file->path() + " has " + std::to_string(file->bands()) +
             " bands, band 1 is used; say " + file->path() + "|band=N for another one");
    return layer(input.argument, file, std::max(band, 1), as);
}

Layer Run::classes(const RasterInput& input) { return single(input, ReadAs::classes); }

Layer Run::measurements(const RasterInput& input, ReadAs as) { return single(input, as); }

std::vector<Layer> Run::layers(const RasterStack& input, ReadAs as) {
    const Argument* const argument = spec_.find(input.argument);
    std::vector<Layer> layers;
    for (const auto& path : input.paths) {
        int band = 0;
        const auto file = open(input.argument, path, as == ReadAs::classes, band);
        if (band == 0 && argument && argument->steps_in_time)
            if (const std::string why = mixed_bands(file->handle()); !why.empty())
                throw wrong(input.argument, file->path() + ": " + why);
        const int last = band ? band : file->bands();
        for (int b = band ? band : 1; b <= last; ++b) layers.push_back(layer(input.argument, file, b, as));
    }
    // One file that lost its scale on the way gives numbers ten thousand times as large.
    std::size_t group = layers.size();
    if (argument && !argument->groups_like.empty())
        if (const std::size_t steps = steps_[argument->groups_like].size(); steps > 0 && layers.size() % steps == 0)
            group = steps;
    for (std::size_t i = 0; argument && argument->steps_in_time && as != ReadAs::classes && i < layers.size(); ++i) {
        const Layer &first = layers[i / group * group], &other = layers[i];
        const double ratio = other.declared_scale() / first.declared_scale();
        const bool same_scale = ratio > 0.2 && ratio < 5;
        if (same_scale && (ratio != 1 || first.declared_offset() == other.declared_offset())) continue;
        const auto declared = [&](const Layer& layer) {
            return same_scale ? number_text(layer.declared_offset()) : number_text(layer.declared_scale());
        };
        warn(parameter_name(input.argument) + ": " + first.name() + " declares the " +
             (same_scale ? "offset " : "scale ") + declared(first) + ", " + other.name() + " " + declared(other) +
             ". Do both hold the same quantity in the same unit? Else declare it, for example with gdal_translate " +
             (same_scale ? "-a_offset" : "-a_scale"));
        break;
    }
    return layers;
}

std::vector<Layer> Run::classes(const RasterStack& input) { return layers(input, ReadAs::classes); }

std::vector<Layer> Run::measurements(const RasterStack& input, ReadAs as) { return layers(input, as); }

std::string Run::encoding() const {
    if (trimmed(options_.encoding).empty()) return {};
    std::string name = encoding_called(options_.encoding);
    if (name.empty())
        throw wrong("encoding", "\"" + options_.encoding +
                                    "\" is not known; say for example UTF-8, GB18030, Big5, Shift_JIS or EUC-KR");
    return name;
}

InputTable Run::table(const InputPath& input, bool shapes) {
    InputTable table(input.argument, input.path, shapes, encoding());
    for (const auto& warning : table.warnings()) warn(warning);
    return table;
}

std::string Run::text(const FileInput& input, std::uintmax_t most) {
    const std::string name = parameter_name(input.argument) + ": " + input.path;
    std::error_code error;
    if (!std::filesystem::exists(input.path, error)) throw IoError(name, "does not exist");
    if (!is_ordinary_file(input.path)) throw IoError(name, "is no ordinary file");
    const std::uintmax_t size = std::filesystem::file_size(input.path, error);
    if (error) throw IoError(name, "cannot be read; check its permissions");
    most = std::min<std::uintmax_t>(most, memory_ - held_);
    if (size > most)
        throw IoError(name, "is larger than " + std::to_string(most) +
                                " bytes, the most that is read of it; is it the right file? Else give more MEMORY");
    std::ifstream file(input.path, std::ios::binary);
    std::string bytes(static_cast<std::size_t>(size), '\0');
    file.read(bytes.data(), static_cast<std::streamsize>(size));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, file.gcount())));
    if (!file.is_open() || file.bad()) throw IoError(name, "cannot be read; check its permissions");
    return bytes;
}

std::unique_ptr<Zones> Run::zones(const VectorInput& input) {
    auto zones = polygon_zones(input.argument, input.path, grid(), encoding());
    for (const auto& warning : zones->warnings()) warn(warning);
    if (const auto survey = zones->survey()) {
        for (const std::string& said : survey->shapes()) warn(parameter_name(input.argument) + ": " + said);
        surveys_.push_back(survey);
    }
    return zones;
}

namespace {

/// A number as a raster holds it: 0.1 rather than the 0.10000000149011612 that single precision makes of it.
std::string cell_text(double value) {
    const auto single = static_cast<float>(value);
    if (value == std::round(value) || static_cast<double>(single) != value) return number_text(value);
    std::array<char, 40> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), single).ptr};
}

std::string range_text(double low, double high) {
    return low == high ? cell_text(low) : cell_text(low) + " to " + cell_text(high);
}

/// A very large number with few digits: -3.40282e+38.
std::string short_number(double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.6g", value);
    return text;
}

/// "a, b, c ... z" of many words.
std::string shortened(const std::vector<std::string>& words) {
    constexpr std::size_t most = 6;
    if (words.size() <= most) return listed(words);
    return words[0] + ", " + words[1] + ", " + words[2] + " ... " + words.back();
}

template <class Number>
std::vector<Number> sorted(std::vector<Number> numbers) {
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::vector<std::string> as_texts(const std::vector<double>& numbers) {
    std::vector<std::string> texts;
    for (const double number : numbers) texts.push_back(number_text(number));
    return texts;
}

std::vector<std::string> as_texts(const std::vector<std::int64_t>& numbers) {
    std::vector<std::string> texts;
    for (const std::int64_t number : numbers) texts.push_back(std::to_string(number));
    return texts;
}

}  // namespace

void Run::check_order(const Argument& argument, const std::vector<std::string>& names, std::size_t,
                      const std::string& of) {
    const NamedOrder order = order_of_names(names);
    const std::string who = argument.parameter_name() + of;
    if (!order.undated.empty())
        warn(who + ": " + std::to_string(order.undated.size()) + " of " + std::to_string(names.size()) + " steps " +
             (order.undated.size() == 1 ? "has" : "have") +
             " no year in the name, the others have: " + listed(order.undated, 4) +
             (order.undated.size() == 1 ? ". It counts as a step like the others. Does it belong to the series?"
                                        : ". They count as steps like the others. Do they belong to the series?"));
    if (const auto year = doubled_year(order.years))
        warn(who + ": two steps hold the year " + std::to_string(*year) +
             " in their names, each other year has one. They count as two steps. Is one of them to be left out?");
    std::vector<double> years;
    if (!argument.years_in.empty())
        if (const Argument* text = spec_.find(argument.years_in))
            if (const auto listed = listed_years(value_text(text->get()))) years = *listed;
    if (!order.years.empty() && order.undated.empty() && !years.empty() && names.size() % years.size() == 0) {
        const std::size_t each = names.size() / years.size();
        bool same = true;
        for (std::size_t i = 0; i < names.size(); ++i)
            same = same && static_cast<double>(order.years[i]) == std::floor(years[i / each]);
        if (!same)
            return warn(who + ": the names of files or bands hold the years " + shortened(as_texts(order.years)) +
                        ", " + parameter_name(argument.years_in) + " says " + shortened(as_texts(years)) +
                        "; the bands are taken in the order given. Put them into the order of the years, or mend " +
                        parameter_name(argument.years_in));
        return;
    }
    if (!order.disordered) {
        if (argument.paced && years.empty()) tell_distances(argument, order.years);
        return;
    }
    std::vector<std::int64_t> steps;
    for (std::size_t i = 1; i <= names.size(); ++i) steps.push_back(static_cast<std::int64_t>(i));
    std::vector<std::string> in_time = as_texts(sorted(order.years));
    warn(who + ": the names of files or bands do not ascend: " + shortened(order.marks) +
         (in_time.empty() ? "" : "; in the order of time they are " + shortened(in_time)) +
         ". The steps are taken in the order given, as " + shortened(as_texts(steps)) +
         ". Is it the order of time? Else sort them");
}

void Run::tell_distances(const Argument& argument, const std::vector<std::int64_t>& years) {
    const bool uneven = are_uneven(years);
    const std::int64_t distance = years.size() < 2 ? 0 : years[1] - years[0];
    const bool even = !uneven && distance > 1 &&
                      years.back() - years.front() == distance * static_cast<std::int64_t>(years.size() - 1);
    if (!uneven && !even) return;
    const std::string seen =
        argument.parameter_name() + ": the names of files or bands hold the years " + shortened(as_texts(years));
    if (argument.years_in.empty()) {
        if (uneven) warn(seen + ", which are not evenly apart; the steps are taken as if they were");
        return;
    }
    std::string all;
    for (const std::int64_t year : years) all += (all.empty() ? "" : ",") + std::to_string(year);
    const std::string give = "give " + parameter_name(argument.years_in) + " " + all;
    if (uneven)
        warn(seen + ", which are not evenly apart, and " + parameter_name(argument.years_in) +
             " is not given; the steps count as 1, 2, 3 ... For results by year " + give);
    else
        info(seen + "; results are by step, " + std::to_string(distance) + " years each. For results by year " + give);
}

void Run::check_years_between(const Argument& later, const std::vector<std::string>& names, std::int64_t years) {
    for (const auto& argument : spec_.arguments) {
        if (argument->years_between != std::vector<std::string>{later.later_than, later.id} || !is_given(*argument))
            continue;
        const std::string said = value_text(argument->get());
        if (years > 0 && parse_number(said).value_or(0) != static_cast<double>(years))
            warn(argument->parameter_name() + ": " + said + " is used, though by their names " + names[0] + " and " +
                 names[1] + " are " + std::to_string(years) + (years == 1 ? " year" : " years") + " apart");
    }
}

void Run::check_first_year(const Argument& stack, const std::vector<std::string>& names) {
    const NamedOrder order = order_of_names(names);
    if (order.years.empty() || !order.undated.empty()) return;
    for (const auto& argument : spec_.arguments) {
        if (argument->first_year_of != stack.id || !is_given(*argument)) continue;
        const std::string said = value_text(argument->get());
        if (said != std::to_string(order.years.front()))
            warn(argument->parameter_name() + ": " + said + " is used, though by its name the first band of " +
                 stack.parameter_name() + " is of the year " + std::to_string(order.years.front()));
    }
}

void Run::tell_named_classes(const Layer& layer) {
    std::vector<std::string> names;
    for (const auto& label : layer.file().labels(layer.band()))
        if (!label.name.empty() && names.size() < 3) names.push_back(std::to_string(label.code) + " " + label.name);
    if (names.size() < 2) return;
    warn(parameter_name(layer.file().parameter()) + ": " + layer.name() + " names classes (" + listed(names) +
         " ...), but its cells are read as measurements");
}

/// A message names no more pairs of names than these.
constexpr std::size_t most_pairs = 12;

void Run::tell_other_names() {
    std::map<std::int64_t, std::pair<std::string, const Layer*>> known;
    std::vector<std::string> pairs;
    for (const Layer& layer : class_layers_) {
        // Rasters of a stack that need not be classes are maps of different things.
        const Argument* const argument = spec_.find(layer.file().parameter());
        if (!argument || (argument->kind != Kind::class_raster && !argument->holds_classes)) continue;
        for (const auto& [code, label] : labels_of(layer)) {
            if (label.name.empty()) continue;
            const auto [first, fresh] = known.emplace(code, std::pair{label.name, &layer});
            const std::string& name = first->second.first;
            const Layer& other = *first->second.second;
            if (fresh || other.file().path() == layer.file().path() || same_words(name, label.name)) continue;
            if (pairs.empty())
                pairs.push_back(parameter_name(layer.file().parameter()) + ": class " + std::to_string(code) +
                                " is called \"" + label.name + "\" on " + layer.name() + " and \"" + name + "\" on " +
                                other.name());
            else
                pairs.push_back(std::to_string(code) + ": \"" + label.name + "\" and \"" + name + "\"");
        }
    }
    if (pairs.empty()) return;
    warn(listed_entries(pairs, most_pairs) +
         "; cells are compared by their codes. Do both maps have the same classes?");
}

void Run::tell_other_codes() {
    if (codes_compared_) return;
    std::vector<const Layer*> maps;
    for (const Layer& layer : class_layers_) {
        const Argument* const argument = spec_.find(layer.file().parameter());
        // Factors that are classes are of different kinds.
        if (!argument || (argument->kind != Kind::class_raster && !argument->holds_classes)) continue;
        if (layer.look().looking) return;  // not yet read
        maps.push_back(&layer);
    }
    codes_compared_ = true;
    std::vector<std::int64_t> first;
    for (const Layer* const map : maps) {
        std::vector<std::int64_t> codes = map->codes_met();
        std::erase_if(codes, [](std::int64_t code) { return is_nodata_mark(static_cast<double>(code)); });
        if (codes.empty()) continue;
        if (first.empty()) {
            first = std::move(codes);
            continue;
        }
        bool shifted =
            codes.size() == first.size() && codes.size() >= 3 && (codes.front() == 0) != (first.front() == 0);
        for (std::size_t i = 0; i < codes.size() && shifted; ++i)
            shifted = codes[i] - first[i] == codes.front() - first.front();
        if (shifted && std::abs(codes.front() - first.front()) == 1) {
            const Layer &from_zero = codes.front() == 0 ? *map : *maps.front(),
                        &from_one = codes.front() == 0 ? *maps.front() : *map;
            told_fills_.emplace(from_zero.name(), 0);
            return warn(parameter_name(map->file().parameter()) + ": the classes of " + from_zero.name() + " are " +
                        shortened(as_texts(codes.front() == 0 ? codes : first)) + ", those of " + from_one.name() +
                        " " + shortened(as_texts(codes.front() == 0 ? first : codes)) +
                        ": one may count its classes from 0, the other from 1. Cells are compared by their codes: give "
                        "both maps the same ones first, for example with Reclassify by table");
        }
        std::vector<std::int64_t> common;
        std::set_intersection(first.begin(), first.end(), codes.begin(), codes.end(), std::back_inserter(common));
        const std::size_t fewer = std::min(first.size(), codes.size());
        if (std::max(first.size(), codes.size()) < 2 || 2 * common.size() >= fewer) continue;
        return warn(parameter_name(map->file().parameter()) + ": the classes of " + map->name() + " are " +
                    shortened(as_texts(codes)) + ", those of " + maps.front()->name() + " " +
                    shortened(as_texts(first)) + "; " +
                    (common.empty()
                         ? "none is on both"
                         : "only " + shortened(as_texts(common)) + (common.size() == 1 ? " is" : " are") + " on both") +
                    ". Cells are compared by their codes: give both maps the same ones first, for example with "
                    "Reclassify land cover");
    }
}

void Run::tell_lone_fills() {
    if (!codes_compared_ || fills_compared_) return;
    fills_compared_ = true;
    std::vector<const Layer*> maps;
    for (const Layer& layer : class_layers_) {
        const Argument* const argument = spec_.find(layer.file().parameter());
        if (argument && (argument->kind == Kind::class_raster || argument->holds_classes)) maps.push_back(&layer);
    }
    if (maps.size() < 2) return;
    const double cells = static_cast<double>(grid().width) * static_cast<double>(grid().height);
    std::map<std::int64_t, std::vector<std::pair<const Layer*, std::int64_t>>> found;
    std::set<std::int64_t> others;  // codes that surely are classes
    for (const Layer* const map : maps) {
        BandLook& look = map->look();
        const std::scoped_lock lock(look.mutex);
        for (const auto& [code, count] : look.fills) found[code].emplace_back(map, count);
    }
    for (const std::int64_t code : class_codes_.codes())
        if (!found.count(code)) others.insert(code);
    for (const auto& [code, on] : found) {
        // At most half of the maps hold it, each in more than a few cells, beside two classes that it is no kin of.
        if (2 * on.size() > maps.size() || others.size() < 2 || (code == 15 && *others.rbegin() > 13)) continue;
        for (const auto& [map, count] : on) {
            if (static_cast<double>(count) < std::max(5.0, 0.001 * cells) || told_fills_.count({map->name(), code}) ||
                is_named(*map, code) || is_named_in_tables(code))
                continue;
            const auto other = std::find_if(maps.begin(), maps.end(), [&, code = code](const Layer* one) {
                const auto met = one->codes_met();
                return std::find(met.begin(), met.end(), code) == met.end();
            });
            if (other == maps.end()) continue;
            warn(parameter_name(map->file().parameter()) + ": " + map->name() + ": about " +
                 format_number(100 * static_cast<double>(count) / cells, 3) + " % of the cells are of class " +
                 std::to_string(code) + ", which is not on " + (*other)->name() +
                 " at all, and not declared NoData; they are counted as a class. If it stands for "
                 "no data, " +
                 how_to_declare(*map, std::to_string(code)));
        }
    }
}

void Run::tell_repeated() {
    std::vector<const Layer*> all;
    for (const auto* layers : {&class_layers_, &value_layers_})
        for (const Layer& layer : *layers) all.push_back(&layer);
    std::map<std::string, std::size_t> places;  // in their stack, as layers stand in `all`
    std::vector<std::size_t> numbers;
    // By what a layer is known, the layers before: pairs are not compared, as stacks hold thousands of bands.
    std::unordered_map<std::string, std::vector<std::size_t>> known;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const std::string& mine = all[i]->file().parameter();
        numbers.push_back(++places[mine]);
        const Argument* const argument = spec_.find(mine);
        const bool is_stack = !argument || argument->kind == Kind::raster_stack;
        std::size_t first = i;
        for (const std::string& key : {band_key(*all[i]), "name " + options_.as_called(all[i]->name())}) {
            std::vector<std::size_t>& before = known[key];
            // Rooms may open the raster of a parameter in two ways.
            const auto other = std::find_if(before.begin(), before.end(), [&](std::size_t k) {
                return is_stack || all[k]->file().parameter() != mine;
            });
            if (other != before.end()) first = std::min(first, *other);
            before.push_back(i);
        }
        if (first == i) continue;
        const std::string& other = all[first]->file().parameter();
        for (const auto& [later, earlier] : {std::pair{mine, other}, std::pair{other, mine}})
            if (const Argument* const map = spec_.find(later); map && map->later_than == earlier)
                throw wrong(later, all[i]->name() + " is the raster of " + parameter_name(earlier) +
                                       " as well: nothing changes from a map to itself. Give the later map");
        return warn(parameter_name(mine) + ": " + all[i]->name() +
                    (mine == other ? " is given twice, as number " + std::to_string(numbers[first]) + " and " +
                                         std::to_string(numbers[i])
                                   : " is the raster of " + parameter_name(other) + " as well"));
    }
}

namespace {

/// The layers of an argument in the order in which the user gave them, whatever they were read as.
std::vector<Layer> in_given_order(const Argument* argument, const std::vector<const std::vector<Layer>*>& kinds) {
    if (!argument) return {};
    const Value value = argument->get();
    const auto* const paths = std::get_if<std::vector<std::string>>(&value);
    std::vector<std::pair<std::size_t, Layer>> placed;
    for (const auto* layers : kinds)
        for (const Layer& layer : *layers) {
            if (layer.file().parameter() != argument->id) continue;
            std::size_t place = 0;
            while (paths && place < paths->size()) {
                int band = 0;
                if (split_band(argument->id, (*paths)[place], band).file == layer.file().path() &&
                    (band == 0 || band == layer.band()))
                    break;
                ++place;
            }
            placed.emplace_back(place, layer);
        }
    std::stable_sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) {
        return std::pair{a.first, a.second.band()} < std::pair{b.first, b.second.band()};
    });
    std::vector<Layer> ordered;
    for (auto& [place, layer] : placed) ordered.push_back(std::move(layer));
    return ordered;
}

}  // namespace

void Run::check_names(const Argument& argument) {
    const std::vector<std::string> names = split_list(value_text(argument.get()));
    std::vector<std::string> bands;
    for (const Layer& layer : in_given_order(spec_.find(argument.names_stack), {&class_layers_, &value_layers_}))
        bands.push_back(std::filesystem::path(layer.file().path()).stem().string() + ' ' +
                        (layer.file().bands() > 1 ? layer.title() : ""));
    if (names.size() < 2 || bands.empty() || bands.size() % names.size() != 0) return;
    const auto plain = [](const std::string& text) { return lower_case(half_width(text)); };
    const std::size_t each = bands.size() / names.size();
    const auto holds = [&](std::size_t band, std::size_t name) {
        return names[name].size() > 1 && plain(bands[band * each]).find(plain(names[name])) != std::string::npos;
    };
    for (std::size_t name = 0; name < names.size(); ++name)
        for (std::size_t band = 0; band < names.size(); ++band) {
            // The band is called after this name, and neither it nor the name's own after another.
            if (band == name || !holds(band, name) || holds(name, name) || holds(band, band)) continue;
            return warn(argument.parameter_name() + ": \"" + names[name] + "\" is the name of number " +
                        std::to_string(name + 1) + " of " + parameter_name(argument.names_stack) + ", " +
                        std::string(trimmed(bands[name * each])) + ", though number " + std::to_string(band + 1) +
                        " is called " + std::string(trimmed(bands[band * each])) + ". Are the names in the order of " +
                        parameter_name(argument.names_stack) + "?");
        }
}

void Run::expect_largest(const RasterStack& input, ValueRange usual, const std::string& otherwise) {
    Expected& expected = expected_[input.argument];
    expected.usual = usual;
    expected.otherwise = otherwise;
}

void Run::expect_whole(const RasterStack& input, double below, const std::string& otherwise) {
    expected_[input.argument].whole_below = below;
    expected_[input.argument].whole_otherwise = otherwise;
}

void Run::tell_units() {
    std::map<std::string, std::string> co2;  // by parameter: the band that says so
    std::map<std::string, const Layer*> others;
    std::set<std::string> told;
    for (const Layer& layer : value_layers_) {
        const std::string& parameter = layer.file().parameter();
        const Argument* const argument = spec_.find(parameter);
        if (!argument || argument->unit.empty()) continue;
        const auto scaled = unit_factors_.find(parameter);
        const double factor = scaled == unit_factors_.end() ? 1 : scaled->second;
        if (factor == 0) continue;
        const std::string unit = layer.declared_unit();
        const auto wanted = read_unit(argument->unit);
        if (wanted && wanted->mass == 1) {
            if (names_co2(unit) || names_co2(layer.title()))
                co2.emplace(parameter, layer.name());
            else
                others.emplace(parameter, &layer);
        }
        if (unit.empty() || told.count(parameter)) continue;
        const std::string advice = unit_advice(unit, argument->unit, factor);
        if (advice.empty()) continue;
        told.insert(parameter);
        expected_.erase(parameter);
        warn(argument->parameter_name() + ": " + layer.name() + ": " + advice);
    }
    for (const auto& [parameter, name] : co2)
        for (const auto& [other, layer] : others)
            if (co2.count(other) == 0)
                return warn(parameter_name(parameter) + ": " + name + " counts carbon dioxide by its own words, " +
                            layer->name() + " of " + parameter_name(other) +
                            " says nothing of it. Both must count the same: multiply carbon dioxide by 12/44, 0.2727, "
                            "for carbon");
}

void Run::tell_other_scales() {
    for (const auto& argument : spec_.arguments) {
        if (!argument->steps_in_time || scales_compared_.count(argument->id)) continue;
        std::vector<const Layer*> steps;
        bool read = true;
        for (const Layer& layer : value_layers_) {
            if (layer.file().parameter() != argument->id) continue;
            steps.push_back(&layer);
            read = read && !layer.look().looking;
        }
        if (steps.empty() || !read) continue;
        scales_compared_.insert(argument->id);
        std::size_t group = steps.size();
        if (!argument->groups_like.empty())
            if (const std::size_t each = steps_[argument->groups_like].size(); each > 0 && steps.size() % each == 0)
                group = each;
        for (std::size_t first = 0; first < steps.size(); first += group) {
            std::vector<double> middles;
            for (std::size_t i = first; i < first + group; ++i) {
                BandLook& look = steps[i]->look();
                const std::scoped_lock lock(look.mutex);
                middles.push_back(middle_of(look.sample));
                look.sample = {};
            }
            std::vector<std::string> names;
            for (std::size_t i = first; i < first + group && i < steps_[argument->id].size(); ++i)
                names.push_back(steps_[argument->id][i].name);
            const std::vector<std::int64_t> years = order_of_names(names).years;
            const bool yearly =
                std::adjacent_find(years.begin(), years.end(), std::greater_equal<>()) == years.end() && !years.empty();
            // Of four seasons one is often of another size.
            constexpr std::size_t round_the_year = 6;
            if (!yearly && group < round_the_year) continue;
            const auto odd = other_scale(middles);
            if (!odd) continue;
            const Layer& layer = *steps[first + odd->step];
            warn(argument->parameter_name() + ": the values of " + layer.name() + " are " +
                 format_number(odd->ratio, 3) + " times those of the other steps (medians " +
                 format_number(middles[odd->step], 4) + " and " + format_number(odd->usual, 4) +
                 "). Is it in another unit, or without its scale? Bring all steps to one unit first");
            break;
        }
    }
}

bool Run::is_named_in_tables(std::int64_t code) const {
    for (const auto& argument : spec_.arguments) {
        if (argument->kind != Kind::table_in || !is_given(*argument)) continue;
        try {
            const InputTable table(argument->id, value_text(argument->get()), false, encoding());
            if (!table.has("class") || !table.has("name")) continue;
            const std::size_t codes = table.column("class"), names = table.column("name");
            for (std::size_t row = 0; row < table.rows(); ++row)
                if (parse_integer(table.text(row, codes)) == code && !says_no_data(std::string(table.text(row, names))))
                    return true;
        } catch (const Error&) {
            continue;  // told where the room reads it
        }
    }
    return false;
}

void Run::check_orders() {
    if (orders_checked_) return;
    orders_checked_ = true;
    // An order that is wrong makes all else wrong as well: it is told first.
    check_orders_of_names();
    tell_other_names();
    tell_repeated();
    tell_units();
    for (const auto& argument : spec_.arguments)
        if (!argument->names_stack.empty() && is_given(*argument)) check_names(*argument);
}

void Run::tell_orders() {
    if (std::exchange(orders_checked_, true)) return;
    check_orders_of_names();
}

void Run::check_orders_of_names() {
    const auto named = [](const std::vector<std::string>& names) {
        return std::none_of(names.begin(), names.end(), [](const auto& name) { return name.empty(); });
    };
    const auto group_of = [](const Argument& argument) {
        return argument.later_than.empty() ? argument.id : argument.later_than;
    };
    // Folders tell years where all files have one name: 2001/ndvi.tif, 2002/ndvi.tif.
    std::map<std::string, std::set<std::string>> files;
    std::map<std::string, std::vector<std::string>> step_names;
    for (const auto& argument : spec_.arguments)
        for (const auto& step : steps_[argument->id]) files[group_of(*argument)].insert(step.name);
    for (const auto& argument : spec_.arguments)
        for (const auto& [name, folder] : steps_[argument->id])
            step_names[argument->id].push_back(
                files[group_of(*argument)].size() > 1 || folder.empty() ? name : folder + '/' + name);
    // The years of the first series that has some; those of others in the same run go beside them.
    const Argument* dated = nullptr;
    std::vector<std::int64_t> years_of_dated;
    const auto compare_years = [&](const Argument& argument, const std::vector<std::string>& names,
                                   const std::string& of) {
        const NamedOrder order = order_of_names(names);
        if (order.years.size() < 2 || order.disordered || !order.undated.empty()) return;
        if (!dated) {
            dated = &argument;
            years_of_dated = order.years;
        } else if (order.years.size() == years_of_dated.size() && order.years != years_of_dated) {
            warn(argument.parameter_name() + of + ": the names of files or bands hold the years " +
                 shortened(as_texts(order.years)) + ", those of " + dated->parameter_name() + " " +
                 shortened(as_texts(years_of_dated)) + "; they are paired in the order given");
        }
    };
    for (const auto& argument : spec_.arguments) {
        const auto opened = step_names.find(argument->id);
        if (opened == step_names.end() || !named(opened->second)) continue;
        const std::vector<std::string>& names = opened->second;
        if (!argument->later_than.empty()) {
            const auto earlier = step_names.find(argument->later_than);
            if (earlier == step_names.end() || earlier->second.size() != 1 || names.size() != 1 ||
                !named(earlier->second))
                continue;
            const std::vector<std::string> pair = {earlier->second.front(), names.front()};
            const NamedOrder order = order_of_names(pair);
            if (order.years.empty()) continue;
            check_years_between(*argument, pair, order.years[1] - order.years[0]);
            const std::string first = parameter_name(argument->later_than), second = argument->parameter_name();
            std::vector<double> years;
            if (const Argument* text = argument->years_in.empty() ? nullptr : spec_.find(argument->years_in))
                if (const auto listed = listed_years(value_text(text->get()))) years = *listed;
            if (order.years[0] > order.years[1])
                warn(second + ": by its name " + pair[1] + " is of the year " + std::to_string(order.years[1]) +
                     ", earlier than " + pair[0] + " of " + first + " (" + std::to_string(order.years[0]) +
                     "); is the order right? The change is counted from " + std::to_string(order.years[0]) + " to " +
                     std::to_string(order.years[1]) + ", gains as losses. Swap the two maps to count it from " +
                     std::to_string(order.years[1]) + " to " + std::to_string(order.years[0]));
            else if (years.size() == 2 && (static_cast<double>(order.years[0]) != std::floor(years[0]) ||
                                           static_cast<double>(order.years[1]) != std::floor(years[1])))
                warn(second + ": the names of the maps hold the years " + listed(as_texts(order.years)) + ", " +
                     parameter_name(argument->years_in) + " says " + listed(as_texts(years)));
            continue;
        }
        if (!argument->steps_in_time) continue;
        if (argument->groups_like.empty()) {
            check_first_year(*argument, names);
            check_order(*argument, names, 0, "");
            if (const std::string mixed = mixed_quantities(names); !mixed.empty())
                warn(argument->parameter_name() + ": " + mixed +
                     ". All count as steps of one series, in the order given. Give the bands of one quantity alone, as "
                     "FILE|band=N");
            compare_years(*argument, names, "");
            continue;
        }
        const auto like = step_names.find(argument->groups_like);
        const std::size_t steps = like == step_names.end() ? 0 : like->second.size();
        if (steps < 2 || names.size() % steps != 0) continue;
        bool mixed = false;
        for (std::size_t i = 0; i < names.size() && !mixed; ++i) {
            const std::size_t first = i / steps * steps;
            if (name_stem(names[i]) == name_stem(names[first])) continue;
            mixed = true;
            const std::vector<std::string> group(names.begin() + static_cast<std::ptrdiff_t>(first),
                                                 names.begin() + static_cast<std::ptrdiff_t>(first + steps));
            warn(argument->parameter_name() + ": the names of group " + std::to_string(first / steps + 1) + " (" +
                 shortened(group) + ") do not go together; give all " + std::to_string(steps) +
                 " bands of the first, then all of the second, and so on, in the order of " +
                 parameter_name(argument->groups_like));
        }
        for (std::size_t first = 0; first < names.size() && !mixed; first += steps) {
            const std::vector<std::string> group(names.begin() + static_cast<std::ptrdiff_t>(first),
                                                 names.begin() + static_cast<std::ptrdiff_t>(first + steps));
            const std::string of = ", group " + std::to_string(first / steps + 1);
            check_order(*argument, group, first, of);
            compare_years(*argument, group, of);
        }
    }
}

std::string Run::how_to_declare(const Layer& layer, const std::string& numbers) const {
    std::size_t rasters = 0;
    for (const auto& argument : spec_.arguments)
        rasters += (argument->kind == Kind::raster_in || argument->kind == Kind::raster_stack ||
                    argument->kind == Kind::class_raster) &&
                   is_given(*argument);
    std::string option = numbers;
    if (const std::string& id = layer.file().parameter(); rasters > 1) {
        option.clear();
        for (const std::string& number : split_list(numbers)) option += (option.empty() ? "" : ",") + id + ":" + number;
    }
    const std::string first = split_list(numbers).front();
    return "declare it" +
           (first.find("..") == std::string::npos ? " (gdal_edit.py -a_nodata " + first + ", or in QGIS)" : "") +
           ", or set NODATA to " + option;
}

std::string Run::why_on_the_map(std::int64_t code) const {
    for (const Layer& layer : class_layers_) {
        BandLook& look = layer.look();
        const std::scoped_lock lock(look.mutex);
        for (const auto& [slot, cells] : look.edge_classes)
            if (slot != 0 && class_codes_.code(slot) == code && 2 * cells >= look.edge_cells)
                return std::to_string(code) + " fills the edge of the map and " +
                       (layer.tells_nodata() ? "is not declared NoData" : "no NoData is declared") +
                       ". If it stands for no data, " + how_to_declare(layer, std::to_string(code));
    }
    if (code > 0 && !is_nodata_mark(static_cast<double>(code))) return {};
    if (class_layers_.empty()) return {};
    return std::to_string(code) + " often stands for no data. If it does, " +
           how_to_declare(class_layers_.front(), std::to_string(code));
}

void Run::tell_what_shows(const std::vector<Layer>& layers) {
    const auto percent = [](double share) { return format_number(100 * share, share < 0.1 ? 2 : 3) + " %"; };
    const double cells = static_cast<double>(grid().width) * static_cast<double>(grid().height);
    struct Found {
        const Layer* layer = nullptr;
        std::size_t bands = 0, of = 0;
        std::int64_t cells = 0;
        std::set<double> marks;
        double low = std::numeric_limits<double>::infinity(), high = -low;
        bool above = false;
    };
    std::map<std::string, Found> found, zeros;
    std::map<std::pair<std::string, std::int64_t>, Found> classes;
    std::map<std::string, std::size_t> bands;
    // The codes that surely are classes.
    double lowest_code = std::numeric_limits<double>::infinity(), highest_code = -lowest_code;
    for (const std::int64_t code : class_codes_.codes())
        if (!is_nodata_mark(static_cast<double>(code))) {
            lowest_code = std::min(lowest_code, static_cast<double>(code));
            highest_code = std::max(highest_code, static_cast<double>(code));
        }
    // 15 is what four bits hold where there is no data, unless the classes reach that far.
    double highest_other = -std::numeric_limits<double>::infinity();
    for (const std::int64_t code : class_codes_.codes())
        if (code != 15 && !is_nodata_mark(static_cast<double>(code)))
            highest_other = std::max(highest_other, static_cast<double>(code));
    const auto may_be_fill = [&](std::int64_t code) {
        return code == 0 || code == -1 || is_nodata_mark(static_cast<double>(code)) ||
               (code == 15 && highest_other <= 13);
    };
    std::map<std::string, std::pair<double, double>> ranges;
    for (const Layer& layer : layers) {
        BandLook& look = layer.look();
        const std::scoped_lock lock(look.mutex);
        if (layer.as() == ReadAs::classes || !(look.low <= look.high)) continue;
        const auto [range, fresh] = ranges.emplace(layer.file().parameter(), std::pair{look.low, look.high});
        range->second = {std::min(range->second.first, look.low), std::max(range->second.second, look.high)};
    }
    for (const Layer& layer : layers) {
        BandLook& look = layer.look();
        if (!look.looking.exchange(false)) continue;
        const std::scoped_lock lock(look.mutex);
        const std::string& parameter = layer.file().parameter();
        if (layer.as() == ReadAs::classes) {
            ++bands[parameter];
            // Codes that programs write where there is no data; any other code at the edge is a class.
            std::set<std::int64_t> told;
            for (const auto& [slot, edge] : look.edge_classes) {
                // A map of nothing else has no frame.
                if (slot == 0 || class_codes_.slots() <= 2) continue;
                const std::int64_t code = class_codes_.code(slot);
                if (!may_be_fill(code)) continue;
                const auto& codes = class_codes_.codes();
                const auto others = std::count_if(codes.begin(), codes.end(), [&](std::int64_t other) {
                    return other != code && !is_nodata_mark(static_cast<double>(other));
                });
                static constexpr std::array side_names = {"upper", "lower", "left", "right"};
                std::string side;
                // Maps of 0 and 1 are masks.
                for (std::size_t i = 0; i < side_names.size() && others >= 2; ++i)
                    if (constexpr std::int64_t long_enough = 10;
                        look.side_cells[i] >= long_enough && look.side_classes[slot][i] == look.side_cells[i])
                        side = side_names[i];
                // A corner, or a strip that is cut slantwise: long runs of one class.
                constexpr std::int64_t few = 20, run = 10;
                const bool solid =
                    others >= 2 && edge >= few && 5 * edge >= look.edge_cells && run * look.edge_runs[slot] <= edge;
                const bool frame = 2 * edge >= look.edge_cells;
                if (!frame && !solid && side.empty()) continue;
                const std::string share = percent(static_cast<double>(edge) / static_cast<double>(look.edge_cells));
                if (is_named(layer, code) || is_named_in_tables(code)) continue;
                told.insert(code);
                told_fills_.emplace(layer.name(), code);
                warn(parameter_name(parameter) + ": " + layer.name() + ": class " + std::to_string(code) + " fills " +
                     (frame || side.empty() ? share + " of the map's edge"
                                            : "the whole " + side + " side of the map (" + share + " of its edge)") +
                     ", and is not declared NoData; it is counted as a class. If it stands for no data, " +
                     how_to_declare(layer, std::to_string(code)));
            }
            for (const auto& [mark, count] : look.marks) {
                const auto code = static_cast<std::int64_t>(mark);
                if (told.count(code) || !stands_apart(mark, lowest_code, highest_code)) continue;
                told_fills_.emplace(layer.name(), code);
                Found& all = classes[{parameter, code}];
                if (!all.layer) all.layer = &layer;
                ++all.bands;
                all.cells += count;
            }
            continue;
        }
        ++bands[parameter];
        if (const auto expected = expected_.find(parameter); expected != expected_.end()) {
            expected->second.low = std::min(expected->second.low, look.low);
            expected->second.high = std::max(expected->second.high, look.high);
            ++expected->second.bands;
            for (const float value : look.sample) {
                const double number = layer.stored(static_cast<double>(value));
                expected->second.fractions = expected->second.fractions || number != std::round(number);
            }
        }
        Found mine;
        double low = look.low, high = look.high;
        const auto is_apart = [&](double mark) {
            const double number = layer.stored(mark);
            return stands_apart(number, layer.stored(low), layer.stored(high)) ||
                   (layer.is_byte() && lies_above_percent(number, layer.stored(low), layer.stored(high)));
        };
        // A band of nothing but marks is compared with the others of its parameter.
        if (const auto other = ranges.find(parameter); !(low <= high) && other != ranges.end())
            std::tie(low, high) = other->second;
        // One negative number, and no other, in many cells among positive measurements.
        std::optional<double> lone;
        auto negatives = look.lone_negatives;
        for (const auto& [mark, count] : look.marks)
            if (mark < 0) negatives[mark] += count;
        if (negatives.size() == 1) {
            const auto& [number, count] = *negatives.begin();
            if (is_lone_negative(number, low, high) && static_cast<double>(count) >= std::max(5.0, 0.005 * cells)) {
                lone = number;
                mine.cells += count;
                mine.marks.insert(layer.stored(number));
            }
        }
        for (const auto& [number, count] : look.lone_negatives)
            if (number != lone) low = std::min(low, number);
        // Marks that do not stand apart are values like others.
        for (bool again = true; again;) {
            again = false;
            for (const auto& [mark, count] : look.marks)
                if (mark != lone && !(low <= mark && mark <= high) && low <= high && !is_apart(mark)) {
                    low = std::min(low, mark);
                    high = std::max(high, mark);
                    again = true;
                }
        }
        // Beside a NoData value that is declared, zeros must lie far from all else and not be a few at its border.
        const bool part = layer.tells_nodata() || look.edge_valid < look.edge_cells;
        const bool far = look.lowest_positive >= 0.05 * look.high;
        // A strip along a side, where no other value comes near 0.
        const bool strip =
            far && !part && look.lowest_positive >= 0.1 * look.high && 10 * look.edge_zeros >= look.edge_cells;
        const bool framed =
            look.edge_valid > 0 && (strip || (2 * look.edge_zeros >= look.edge_valid &&
                                              (!part || (20 * look.edge_zeros >= look.edge_cells && far))));
        // A mask of 0 and 255.
        const bool is_mask = low == 0 && high == 0 && look.marks.size() == 1;
        // Any other number must stand in several cells to be one that a program has put there.
        constexpr std::int64_t several = 3;
        for (const auto& [mark, count] : look.marks)
            if (mark != lone && !is_mask && (count >= several || mark == 0 || is_nodata_mark(layer.stored(mark))) &&
                low <= high && (mark < low || mark > high) && !(mark == 0 && framed)) {
                mine.cells += count;
                mine.marks.insert(layer.stored(mark));
                mine.above = mark > high;
            }
        if (!mine.marks.empty() && known_fills_.count(parameter) == 0) {
            Found& all = found[parameter];
            if (!all.layer) all.layer = &layer;
            ++all.bands;
            all.cells += mine.cells;
            all.marks.insert(mine.marks.begin(), mine.marks.end());
            all.low = std::min(all.low, layer.stored(low));
            all.high = std::max(all.high, layer.stored(high));
            all.above = mine.above;
        }
        // A frame of zeros around values above zero. Rasters of 0 and 1 are no measurements.
        const bool zero_is_lowest = (low == 0 || (low > 0 && look.marks.count(0) > 0)) && high > 1;
        if (zero_is_lowest && framed) {
            Found& all = zeros[parameter];
            if (!all.layer) all.layer = &layer;
            ++all.bands;
            all.cells += look.edge_zeros;
            all.low = std::min(all.low, static_cast<double>(look.edge_zeros) / static_cast<double>(look.edge_valid));
        }
    }
    for (auto expected = expected_.begin(); expected != expected_.end();) {
        const auto& [parameter, is] = *expected;
        const auto all = static_cast<std::size_t>(
            std::count_if(value_layers_.begin(), value_layers_.end(),
                          [&, id = parameter](const Layer& layer) { return layer.file().parameter() == id; }));
        if (is.bands < all) {
            ++expected;
            continue;
        }
        if (is.low <= is.high && is.fractions && is.high < is.whole_below)
            warn(parameter_name(parameter) + ": its values go from " + format_number(is.low, 4) + " to " +
                 format_number(is.high, 4) + " and have decimals. " + is.whole_otherwise);
        else if (is.low <= is.high && !is.usual.holds(is.high))
            warn(parameter_name(parameter) + ": its values go from " + format_number(is.low, 4) + " to " +
                 format_number(is.high, 4) + ". " + is.otherwise);
        expected = expected_.erase(expected);
    }
    tell_other_codes();
    tell_lone_fills();
    tell_other_scales();
    const auto of_bands = [&](const std::string& parameter, const Found& all) {
        return all.layer->name() + (all.bands > 1 ? " and " + std::to_string(all.bands - 1) + " more of " +
                                                        std::to_string(bands[parameter]) + " bands"
                                                  : "");
    };
    for (const auto& [which, all] : classes) {
        const auto& [parameter, code] = which;
        if (is_named(*all.layer, code) || is_named_in_tables(code)) continue;
        warn(parameter_name(parameter) + ": " + of_bands(parameter, all) + ": " + std::to_string(all.cells) +
             (all.cells == 1 ? " cell is" : " cells are") + " of class " + std::to_string(code) + " (" +
             percent(static_cast<double>(all.cells) / (cells * static_cast<double>(all.bands))) +
             " of the cells), far " + (static_cast<double>(code) > highest_code ? "above" : "below") + " all others (" +
             range_text(lowest_code, highest_code) +
             "), and not declared NoData; they are counted as a class. If it stands for no data, " +
             how_to_declare(*all.layer, std::to_string(code)));
    }
    for (const auto& [parameter, all] : found) {
        std::vector<std::string> texts;
        for (const double mark : all.marks)
            texts.push_back(std::abs(mark) < 1e15 ? cell_text(mark) : short_number(mark));
        const double share = static_cast<double>(all.cells) / (cells * static_cast<double>(all.bands));
        const bool one = all.cells == 1;
        const bool modis = *all.marks.begin() >= 32761 && *all.marks.rbegin() <= 32767;
        std::string numbers = modis ? "32761..32767" : "";
        if (!modis)
            for (const double mark : all.marks)
                numbers += (numbers.empty() ? "" : ",") + (mark <= -1e30  ? std::string("..-1e30")
                                                           : mark >= 1e30 ? "1e30.."
                                                                          : cell_text(mark));
        warn(parameter_name(parameter) + ": " + of_bands(parameter, all) + ": " + std::to_string(all.cells) +
             (one ? " cell holds " : " cells hold ") + shortened(texts) + " (" + percent(share) +
             " of the cells), far " + (all.above ? "above" : "below") + " all others (" +
             range_text(all.low, all.high) + "), and not declared NoData" +
             (modis ? "; 32761 to 32767 are fill codes of MODIS products" : "") + ". If it stands for no data, " +
             how_to_declare(*all.layer, numbers) + ", or give VALID_RANGE");
    }
    for (const auto& [parameter, all] : zeros)
        warn(parameter_name(parameter) + ": " + all.layer->name() +
             (all.bands > 1
                  ? " and " + std::to_string(all.bands - 1) + " more of " + std::to_string(bands[parameter]) + " bands"
                  : "") +
             ": 0 fills " + percent(all.low) + " of the map's edge and is the lowest value, and " +
             (all.layer->tells_nodata() ? "another number is declared NoData" : "no NoData is declared") +
             ". If it stands for no data, " + how_to_declare(*all.layer, "0"));
}

const Grid& Run::grid() const {
    if (!grid_) throw std::logic_error("the grid is asked for before a raster is opened");
    return *grid_;
}

const CellAreas& Run::areas() {
    if (!areas_) {
        try {
            areas_ = CellAreas::of(grid(), options_.cell_area);
        } catch (const UserError& error) {
            throw UserError(error.parameter(), grid_path_ + ": " + error.what());
        }
        convention("cell areas", areas_->convention());
        if (!areas_->warning().empty()) warn(areas_->warning());
    }
    return *areas_;
}

void Run::check_classes(const ClassTable& given) {
    if (given.empty() || class_codes_.codes().empty()) return;
    std::vector<std::int64_t> listed_codes;
    bool meets = false, says = false;
    for (const auto& [code, info] : given) {
        listed_codes.push_back(code);
        const auto& codes = class_codes_.codes();
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) continue;
        meets = true;
        says = says || !info.name.empty() || !info.colour.empty() || info.grade;
    }
    const std::string both = "it has the classes " + shortened(as_texts(listed_codes)) + ", the maps have " +
                             shortened(as_texts(class_codes_.codes()));
    if (!meets)
        throw wrong(given.argument,
                    "no class of the table is on the maps: " + both + ". Is it the table of these maps?");
    // A table that must be given holds other things than names.
    const Argument* argument = spec_.find(given.argument);
    if (!says && argument && argument->is_optional)
        warn(argument->parameter_name() + ": the table gives no class of the maps a name or a colour: " + both);
    // Where MATCH says how a table and the maps come together, that has been looked at.
    if (argument && (argument->is_optional || !spec_.find("match"))) check_names_of_classes(given);
}

void Run::check_names_of_classes(const ClassTable& given) {
    const auto name_in_table = [&](std::int64_t code) {
        const auto entry = given.find(code);
        return entry == given.end() ? std::string() : class_name_key(entry->second.name, code);
    };
    std::map<std::int64_t, std::string> others;  // by code: both names
    std::set<std::int64_t> compared, swapped;
    std::string map_name;
    for (const Layer& layer : class_layers_) {
        const Argument* const argument = spec_.find(layer.file().parameter());
        // Factors that are classes are of different kinds.
        if (!argument || (argument->kind != Kind::class_raster && !argument->holds_classes)) continue;
        const auto labels = labels_of(layer);
        std::map<std::string, std::int64_t> codes;
        for (const auto& [code, label] : labels)
            if (const std::string key = class_name_key(label.name, code); !key.empty()) codes.emplace(key, code);
        for (const auto& [code, label] : labels) {
            const std::string here = class_name_key(label.name, code), there = name_in_table(code);
            if (here.empty() || there.empty()) continue;
            compared.insert(code);
            if (here == there) continue;
            // The table has the map's names at other codes: it does not mean to rename a class.
            const auto other = codes.find(there);
            const bool moved =
                other != codes.end() && name_in_table(other->second) != there && !name_in_table(other->second).empty();
            if (!moved && same_words(label.name, given.at(code).name)) continue;
            if (moved) swapped.insert(code);
            if (map_name.empty()) map_name = layer.name();
            others.emplace(code, std::to_string(code) + ": \"" + label.name + "\" on the map, \"" +
                                     given.at(code).name + "\" in the table");
        }
    }
    if (others.empty() || (swapped.empty() && (others.size() < 2 || 2 * others.size() <= compared.size()))) return;
    std::vector<std::string> told;
    for (const auto& [code, pair] : others)
        if (swapped.empty() || swapped.count(code)) told.push_back(pair);
    const std::string pairs = listed_entries(told, most_pairs);
    if (!swapped.empty())
        warn(parameter_name(given.argument) + ": the table gives names of " + map_name + " to other classes: " + pairs +
             "; the table's names are used. Is it the table of these maps?");
    else
        warn(parameter_name(given.argument) + ": the table calls most classes otherwise than " + map_name +
             " does: " + pairs + "; the table's names are used. Is it the table of these maps?");
}

std::vector<ClassLabel> Run::class_labels(const ClassTable& given) {
    check_classes(given);
    std::map<std::int64_t, ClassLabel> from_rasters;
    for (const auto& layer : class_layers_) {
        for (const auto& [code, label] : labels_of(layer)) {
            ClassLabel& merged = from_rasters[code];
            if (merged.name.empty()) merged.name = label.name;
            if (merged.colour.empty()) merged.colour = label.colour;
        }
    }
    std::vector<ClassLabel> labels;
    for (const std::int64_t code : class_codes_.codes()) {
        ClassLabel label = from_rasters[code];
        label.code = code;
        if (const auto entry = given.find(code); entry != given.end()) {
            if (!entry->second.name.empty()) label.name = entry->second.name;
            if (!entry->second.colour.empty()) label.colour = entry->second.colour;
        }
        if (label.name.empty()) label.name = "Class " + std::to_string(code);
        if (label.colour.empty()) label.colour = palette_colour(labels.size());
        labels.push_back(std::move(label));
    }
    return labels;
}

std::vector<MapNames> Run::class_names() const {
    std::vector<MapNames> maps;
    for (const auto& layer : class_layers_) {
        maps.push_back({layer.name(), {}});
        for (const auto& [code, label] : labels_of(layer))
            if (!label.name.empty()) maps.back().names.emplace(code, label.name);
    }
    return maps;
}

void Run::attend(const std::function<void(const std::atomic<bool>&, std::atomic<double>&)>& work) {
    // The work is done elsewhere; this thread keeps talking to the user.
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    std::exception_ptr failure;
    std::atomic<bool> cancel{false};
    std::atomic<double> share{0};
    std::thread worker;
    try {
        worker = std::thread([&] {
            try {
                work(cancel, share);
            } catch (...) {
                failure = std::current_exception();
            }
            const std::scoped_lock lock(mutex);
            done = true;
            changed.notify_all();
        });
    } catch (const std::system_error&) {
        throw no_thread();
    }
    const int begun = passes_done_ + 1;
    const auto tell = [&] {
        // More passes than were expected do not turn it back.
        told_ = std::max(told_, (begun - 1 + share.load()) / std::max(passes_, begun));
        monitor_.progress(told_);
        if (monitor_.cancelled()) cancel = true;
    };
    try {
        std::unique_lock lock(mutex);
        while (!changed.wait_for(lock, std::chrono::milliseconds(40), [&] { return done; })) {
            lock.unlock();
            tell();
            lock.lock();
        }
    } catch (...) {
        cancel = true;
        worker.join();
        throw;
    }
    worker.join();
    if (failure) std::rethrow_exception(failure);
    share = 1;
    ++passes_done_;
    tell();
    if (cancel) throw Cancelled();
}

void Run::pass(std::vector<Layer> inputs, const std::vector<RasterSink*>& outputs, const Sweep::Compute& compute,
               const std::function<void(Block&)>& settle) {
    check_orders();
    Sweep sweep;
    sweep.inputs = std::move(inputs);
    pair_bytes_ = 0;
    std::vector<std::int64_t> infinite_before;
    for (const Layer& layer : sweep.inputs) infinite_before.push_back(layer.infinite_cells());
    for (auto* output : outputs)
        if (output) sweep.outputs.push_back(output);
    const Sweep::Limits limits{threads_, memory_ - held_, 0};
    attend([&](const std::atomic<bool>& cancel, std::atomic<double>& share) {
        if (surveys_.empty())
            sweep.run(grid(), limits, compute, settle, cancel, [&](double value) { share = value; });
        else
            sweep.run(
                grid(), limits,
                [&](Block& block, Slices& slices) {
                    compute(block, slices);
                    for (const auto& survey : surveys_)
                        survey->look(block.window, [&](std::size_t cell) {
                            for (std::size_t i = 0; i < sweep.inputs.size(); ++i)
                                if (sweep.inputs[i].as() == ReadAs::classes ? block.classes(i)[cell] != 0
                                                                            : block.valid(i)[cell] != 0)
                                    return true;
                            return sweep.inputs.empty();
                        });
                },
                settle, cancel, [&](double value) { share = value; });
    });
    tell_what_shows(sweep.inputs);
    for (auto survey = surveys_.begin(); survey != surveys_.end();)
        if ((*survey)->laid()) {
            for (const std::string& said : (*survey)->close()) warn("ZONES: " + said);
            survey = surveys_.erase(survey);
        } else
            ++survey;
    for (std::size_t i = 0; i < sweep.inputs.size(); ++i) {
        const Layer& layer = sweep.inputs[i];
        if (const std::int64_t cells = layer.infinite_cells() - infinite_before[i]; cells > 0)
            warn(parameter_name(layer.file().parameter()) + ": " + layer.name() + ": " + std::to_string(cells) +
                 " cells hold an infinite number and were taken as NoData");
    }
}

void Run::map(std::vector<Layer> inputs, const std::vector<RasterSink*>& outputs,
              const std::function<void(Block&)>& kernel) {
    pass(std::move(inputs), outputs, [&](Block& block, Slices& slices) { slices.spread(block, kernel); }, {});
}

namespace {

/// Calls `add` with the block's first cell, number of cells and area of each: at once where all cells have one area,
/// else row by row.
template <class Add>
void each_area(const CellAreas& areas, const Block& block, Add add) {
    if (!areas.varying()) {
        add(std::size_t{0}, block.cells(), areas.cell());
        return;
    }
    const auto width = static_cast<std::size_t>(block.window.width);
    for (int row = 0; row < block.window.height; ++row)
        add(static_cast<std::size_t>(row) * width, width, areas.row(block.window.y + row));
}

}  // namespace

void Run::add_rows(CrossTable& table, const Block& block, const std::uint16_t* from, const std::uint16_t* to) const {
    const std::size_t slots = class_codes_.slots();
    // The table holds all pairs: its memory must stay bounded where a raster of measurements is taken for classes.
    constexpr std::size_t most = 2000;
    if (slots > most + 1) {
        const std::string& parameter = class_layers_.front().file().parameter();
        throw wrong(parameter, "the maps hold more than " + std::to_string(most) +
                                   " different classes, too many to count all pairs; are they class rasters?");
    }
    const std::size_t before = table.bytes();
    each_area(areas_.value(), block, [&](std::size_t start, std::size_t cells, FixedArea area) {
        table.add(from + start, to + start, cells, slots, area);
    });
    if (table.bytes() == before) return;
    // Each thread has tables of its own, and the sum of them comes on top.
    const std::size_t grown = table.bytes() - before;
    if (const std::size_t all = pair_bytes_ += grown; all > (memory_ - held_) / 2)
        throw wrong("memory", "the pairs of " + std::to_string(slots - 1) +
                                  " classes, and perhaps of more, need over " + std::to_string(2 * all / mebibyte) +
                                  " MiB, more than the " + std::to_string(memory_ / mebibyte) + " MiB allowed; are " +
                                  parameter_name(class_layers_.front().file().parameter()) +
                                  " class rasters? Else give more memory, or fewer THREADS");
}

void Run::add_rows(ClassTally& tally, const Block& block, const std::uint16_t* classes) const {
    const std::size_t slots = class_codes_.slots();
    each_area(areas_.value(), block, [&](std::size_t start, std::size_t cells, FixedArea area) {
        tally.add(classes + start, cells, slots, area);
    });
}

std::vector<float> Run::whole(const Layer& layer) {
    const std::size_t cells = static_cast<std::size_t>(grid().width) * static_cast<std::size_t>(grid().height);
    if (cells > memory_ / sizeof(float))
        throw wrong("memory", layer.name() + " must be held as a whole, which needs " +
                                  std::to_string(cells * sizeof(float) / mebibyte + 1) + " MiB; give more memory");
    std::vector<float> all(cells);
    pass({layer.read_as(ReadAs::real32)}, {},
         [&](Block& block, Slices&) {
             for (int row = 0; row < block.window.height; ++row)
                 std::copy_n(
                     block.values<float>(0) +
                         static_cast<std::size_t>(row) * static_cast<std::size_t>(block.window.width),
                     block.window.width,
                     all.begin() + (static_cast<std::ptrdiff_t>(block.window.y) + row) * grid().width + block.window.x);
         },
         {});
    return all;
}

void Run::compute(const std::function<void(const std::function<void(double)>&)>& work) {
    attend([&](const std::atomic<bool>& cancel, std::atomic<double>& share) {
        work([&](double value) {
            if (cancel) throw Cancelled();
            share = value;
        });
    });
}

void Run::each(std::size_t count, const std::function<void(std::size_t)>& work) {
    attend([&](const std::atomic<bool>& cancel, std::atomic<double>& share) {
        std::atomic<std::size_t> done{0};
        NumberedWork(threads_, cancel).each(count, [&](std::size_t number) {
            work(number);
            share = static_cast<double>(++done) / static_cast<double>(count);
        });
    });
}

void Run::hold(std::size_t bytes, const std::string& what) {
    // An eighth stays for the blocks of passes.
    if (held_ + bytes > memory_ - memory_ / 8)
        throw wrong("memory", what + " needs " + std::to_string((held_ + bytes) / 7 * 8 / mebibyte + 1) +
                                  " MiB, more than the " + std::to_string(memory_ / mebibyte) +
                                  " MiB allowed; give more memory");
    held_ += bytes;
}

void Run::check_rows(const std::string& parameter, std::size_t rows, std::size_t columns) const {
    const std::size_t needed = rows * (columns * sizeof(Cell) + 4 * sizeof(void*));
    if (needed > memory_ - held_)
        throw wrong("memory", parameter_name(parameter) + " would have " + std::to_string(rows) + " rows, which need " +
                                  std::to_string(needed / mebibyte + 1) + " MiB, more than the " +
                                  std::to_string((memory_ - held_) / mebibyte) +
                                  " MiB left; give more memory, or leave this output out");
}

void Run::iterate(const std::function<void(TileSweeps&, const std::function<void(double)>&)>& work) {
    attend([&](const std::atomic<bool>& cancel, std::atomic<double>& share) {
        TileSweeps sweeps(grid().width, grid().height, {}, threads_, cancel);
        work(sweeps, [&](double value) { share = value; });
    });
}

std::string Run::stage(const std::string& parameter, const std::string& path) {
    for (const auto& output : outputs_)
        if (output->parameter == parameter) {
            output->written = true;
            return output->staged;
        }
    throw std::logic_error("output " + parameter + " (" + path + ") is not in the spec");
}

RasterFormat Run::raster_format() const { return {options_.output_format, options_.creation_options, threads_}; }

RasterSink* Run::raster(const RasterOutput& output, RasterDescription description) {
    if (!output.wanted()) return nullptr;
    const RasterFormat format = raster_format();
    description.metadata.emplace_back("LANDCARBON_ALGORITHM", spec_.algorithm_name());
    description.metadata.emplace_back("LANDCARBON_VERSION", version());
    for (auto& entry : outputs_)
        if (entry->parameter == output.argument) {
            const std::string folder = std::filesystem::path(entry->staged).parent_path().string();
            for (const auto& file :
                 try_raster_format(output.argument, folder, output.path, grid(), description, format))
                staging_.reserve_companion(output.argument, file);
            entry->sink = std::make_unique<RasterSink>(output.argument, entry->staged, output.path, grid(),
                                                       std::move(description), format);
            return entry->sink.get();
        }
    throw std::logic_error("output " + output.argument + " is not in the spec");
}

void Run::write(const TableOutput& output, const OutputTable& table) {
    if (!output.wanted()) return;
    check_cancel();
    const Pauses pauses([this] { return monitor_.cancelled(); });
    for (const auto& warning : table.write(output.argument, stage(output.argument, output.path), output.path))
        warn(warning);
}

void Run::write(const VectorOutput& output, const OutputTable& table, const VectorStyle& style) {
    if (!output.wanted()) return;
    check_cancel();
    const Pauses pauses([this] { return monitor_.cancelled(); });
    const std::string staged = stage(output.argument, output.path);
    for (const auto& warning : table.write(output.argument, staged, output.path)) warn(warning);
    const std::string text = are_points(table.geometries()) ? qml_of_points(style) : qml(style);
    if (!text.empty()) write_text(std::filesystem::path(staged).replace_extension(".qml").string(), output.path, text);
}

void Run::write(const ReportOutput& output, Report report) {
    if (!output.wanted()) return;
    check_cancel();
    // Readers of a report see no ids elsewhere in it.
    const auto labelled = [&](const std::string& text) {
        return with_names(
            text, spec_,
            [](const Argument& argument, NamePlace place) {
                return (place == NamePlace::heads_line ? argument.label : "\"" + argument.label + "\"") + " (" +
                       argument.parameter_name() + ")";
            },
            [](const Choice& choice) { return " = \"" + (choice.label.empty() ? choice.key : choice.label) + "\""; });
    };
    for (const auto& warning : warnings_) report.warning(options_.as_called(labelled(warning)));
    report.section("Method");
    auto conventions = conventions_;
    for (auto& [name, text] : conventions) text = options_.as_called(text);
    report.definitions("Conventions in force", conventions, true);
    for (const auto& reference : spec_.references) report.paragraph(reference);
    std::vector<std::pair<std::string, std::string>> facts;
    facts.emplace_back("Program", std::string("Land Carbon Toolbox ") + version() + ", " + spec_.name);
    for (const auto& argument : spec_.arguments) {
        if (argument->is_output() || !is_given(*argument)) continue;
        if (argument->id == "threads" || argument->id == "memory") continue;
        facts.emplace_back(argument->parameter_name(), options_.as_called(value_text(argument->get())));
    }
    for (const auto& input : inputs_)
        facts.emplace_back("Input " + parameter_name(input.parameter),
                           input.path + (input.modified.empty() ? ""
                                                                : " (" + std::to_string(input.bytes) +
                                                                      " bytes, modified " + input.modified + ")"));
    report.definitions("Provenance", facts);
    report.footer(std::string("Land Carbon Toolbox ") + version());
    write_text(stage(output.argument, output.path), output.path, report.str());
}

void Run::write(const FileOutput& output, const std::string& text) {
    if (!output.wanted()) return;
    check_cancel();
    write_text(stage(output.argument, output.path), output.path, text);
}

void Run::write_text(const std::string& staged, const std::string& shown, const std::string& text) {
    writing("text", shown);
    std::ofstream file(staged, std::ios::binary);
    file << text;
    file.close();
    if (!file) throw IoError(shown, "cannot be written; is the disk full?");
}

void Run::convention(const std::string& name, const std::string& text) {
    for (const auto& [known, told] : conventions_)
        if (known == name && told == text) return;
    conventions_.emplace_back(name, text);
}

void Run::warn(const std::string& whole) {
    const std::string text = message_text(whole);
    if (std::find(warnings_.begin(), warnings_.end(), text) != warnings_.end()) return;
    warnings_.push_back(text);
    monitor_.warning(text);
}

void Run::check_cancel() {
    if (monitor_.cancelled()) throw Cancelled();
}

std::string Run::provenance() const {
    nlohmann::ordered_json json;
    json["program"] = "Land Carbon Toolbox";
    json["version"] = version();
    json["algorithm"] = "landcarbon:" + spec_.algorithm_name();
    // Threads and memory do not change a result and are left out.
    for (const auto& argument : spec_.arguments)
        if (argument->kind != Kind::number_out && argument->kind != Kind::text_out && is_given(*argument) &&
            argument->id != "threads" && argument->id != "memory")
            json["parameters"][argument->parameter_name()] = provenance_value(*argument, options_);
    json["inputs"] = nlohmann::ordered_json::array();
    for (const auto& input : inputs_) {
        nlohmann::ordered_json entry{{"parameter", parameter_name(input.parameter)}, {"path", input.path}};
        if (!input.modified.empty()) {
            entry["bytes"] = input.bytes;
            entry["modified"] = input.modified;
        }
        json["inputs"].push_back(entry);
    }
    json["conventions"] = nlohmann::ordered_json::object();
    for (const auto& [name, text] : conventions_) json["conventions"][name] = options_.as_called(text);
    json["warnings"] = nlohmann::ordered_json::array();
    for (const auto& warning : warnings_) json["warnings"].push_back(options_.as_called(warning));
    for (const auto& argument : spec_.arguments)
        if ((argument->kind == Kind::number_out || argument->kind == Kind::text_out) && is_given(*argument))
            json["results"][argument->parameter_name()] = provenance_value(*argument, options_);
    return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void Run::publish() {
    const Pauses pauses([this] { return monitor_.cancelled(); });
    for (auto& output : outputs_)
        if (output->sink) {
            check_cancel();
            output->sink->close();
            if (const std::int64_t cells = output->sink->unwritable_cells(); cells > 0)
                warn(parameter_name(output->parameter) + ": " + std::to_string(cells) +
                     " cells hold a number that the map cannot hold and were written as NoData");
            output->sink.reset();
            output->written = true;
        }
    for (const auto& output : outputs_)
        if (output->written && !std::filesystem::exists(output->staged))
            throw IoError(output->path, "cannot be written: its folder " +
                                            std::filesystem::path(output->staged).parent_path().string() +
                                            " was emptied or removed while the run was on");
    for (const auto& [parameter, style] : staging_.kept_styles())
        warn(parameter_name(parameter) + " has no style of its own: " + style +
             " is the style of another layer and was kept. Give the output another name");
    const std::string record = provenance();
    for (const auto& output : outputs_)
        if (std::filesystem::exists(output->staged)) write_text(output->staged + ".json", output->path, record);
    check_cancel();
    staging_.publish();
    // An output that was promised but not made would be taken for a success.
    for (const auto& output : outputs_)
        if (!std::filesystem::exists(output->path)) throw std::logic_error(output->path + " was not written");
    monitor_.progress(1.0);
}

}  // namespace landcarbon
