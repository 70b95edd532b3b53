// Land Carbon Toolbox: outputs appear whole or not at all.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/staging.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>

#include "engine/faults.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace fs = std::filesystem;
namespace {

constexpr const char* lock_name = ".lock";
constexpr const char* style_ending = ".qml";

bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::equivalent(a, b, error)) return true;
    return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

/// Files that GDAL, OGR or QGIS keep beside a data file, and that would be wrong beside its successor.
std::vector<fs::path> companions(const fs::path& place) {
    std::vector<fs::path> list;
    for (const char* suffix : {".aux.xml", ".ovr", ".msk", ".json", "-wal", "-shm", "-journal"})
        list.push_back(place.string() + suffix);
    // A style belongs to a map; beside a table of the same stem it is another output's.
    const std::string extension = place.extension().string();
    constexpr std::array without_style = {".csv", ".tsv", ".txt", ".xlsx", ".ods", ".html", ".json"};
    if (std::find(without_style.begin(), without_style.end(), extension) == without_style.end())
        list.push_back(fs::path(place).replace_extension(style_ending));
    return list;
}

/// Where an output is written: `map.tif.part` beside `map.tif`. GDAL takes a folder for an archive when .xlsx or .zip
/// stands in its name: such outputs get `table-xlsx.part`.
fs::path folder_for(const fs::path& place) {
    const std::string extension = place.extension().string();
    const bool archive = extension == ".xlsx" || extension == ".ods" || extension == ".zip" || extension == ".kmz";
    if (!archive) return place.string() + ".part";
    return (place.parent_path() / place.stem()).string() + "-" + extension.substr(1) + ".part";
}

void sync_folder(const fs::path& folder) {
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (!entry.is_regular_file()) continue;
        const int file = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) continue;
        const int result = ::fsync(file);
        const int code = errno;
        ::close(file);
        if (result != 0) throw IoError(entry.path().string(), std::string("cannot be stored: ") + std::strerror(code));
    }
}

}  // namespace

void Staging::add_input(const std::string& path) {
    std::error_code error;
    if (fs::exists(path, error)) inputs_.emplace_back(path);
}

std::string Staging::reserve(const std::string& parameter, const std::string& path) {
    const std::string name = parameter_name(parameter);
    if (path.rfind("/vsi", 0) == 0)
        throw UserError(parameter, name + ": " + path + " is a virtual path; give an ordinary file");
    fs::path place = fs::absolute(path);
    std::error_code error;
    if (place.filename().empty() || fs::is_directory(place, error))
        throw UserError(parameter, name + ": " + path + " is a folder; give a file name");
    if (place.filename().string().size() > 240)
        throw UserError(parameter, name + ": the file name is longer than 240 bytes; give a shorter one");
    const fs::path parent = place.parent_path();
    if (!fs::is_directory(parent, error))
        throw UserError(parameter, name + ": the folder " + parent.string() + " does not exist; create it first");
    if (::access(parent.c_str(), W_OK | X_OK) != 0)
        throw UserError(parameter,
                        name + ": the folder " + parent.string() + " cannot be written to; choose another one");
    place = fs::canonical(parent) / place.filename();
    for (const auto& input : inputs_)
        if (same_file(input, place))
            throw UserError(parameter,
                            name + ": " + path + " is also an input (" + input.string() + "); choose another file");
    for (const auto& other : outputs_)
        if (same_file(other.place, place))
            throw UserError(parameter, name + ": " + path + " is also the output of " +
                                           parameter_name(other.parameter) + "; choose another file");
    if (fs::exists(fs::symlink_status(place, error)) && !overwrite_)
        throw UserError(parameter, name + ": " + path + " exists already; use --overwrite to replace it");

    Output output{parameter, place, folder_for(place), -1};
    if (!fs::create_directory(output.folder, error)) {
        const std::string reason = error.message();
        const fs::file_status present = fs::symlink_status(output.folder, error);
        if (fs::exists(present) && !fs::is_directory(present))
            throw UserError(parameter, name + ": " + output.folder.string() + " is in the way; remove it");
        if (!fs::is_directory(present)) throw IoError(path, "cannot be written: " + reason);
    }
    output.lock = ::open((output.folder / lock_name).c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (output.lock < 0) {
        const std::string reason = std::strerror(errno);
        fs::remove(output.folder, error);
        throw IoError(path, "cannot be written: " + reason);
    }
    // The run that held the lock may have removed it together with its folder since it was opened.
    struct stat held {
    }, present{};
    if (::flock(output.lock, LOCK_EX | LOCK_NB) != 0 || ::fstat(output.lock, &held) != 0 ||
        ::stat((output.folder / lock_name).c_str(), &present) != 0 || held.st_ino != present.st_ino) {
        ::close(output.lock);
        throw UserError(parameter, name + ": another run is writing " + path + "; wait for it or choose another file");
    }
    // What a killed run left here is of no use.
    for (const auto& entry : fs::directory_iterator(output.folder, error))
        if (entry.path().filename() != lock_name) fs::remove_all(entry.path(), error);
    outputs_.push_back(output);
    return (output.folder / place.filename()).string();
}

std::vector<std::pair<std::string, std::string>> Staging::lost_styles() const {
    std::vector<std::pair<std::string, std::string>> lost;
    std::map<fs::path, std::string> keepers;
    for (const auto& output : outputs_) {
        const fs::path style = fs::path(output.place).replace_extension(style_ending);
        if (style == output.place || !fs::exists(output.folder / style.filename())) continue;
        const auto [keeper, first] = keepers.emplace(style, output.parameter);
        if (!first) lost.emplace_back(output.parameter, keeper->second);
    }
    return lost;
}

void Staging::publish() {
    struct Move {
        fs::path from, to;
    };
    std::vector<Move> done;
    const auto move = [&done](const fs::path& from, const fs::path& to) {
        writing("rename", to.string());
        fs::rename(from, to);
        done.push_back({from, to});
    };
    try {
        // Formats of several files (a shapefile's .dbf) may reach for a name that nobody has named.
        for (const auto& output : outputs_)
            for (const auto& entry : fs::directory_iterator(output.folder))
                for (const auto& input : inputs_)
                    if (const fs::path target = output.place.parent_path() / entry.path().filename();
                        same_file(input, target))
                        throw UserError(output.parameter, parameter_name(output.parameter) + ": " +
                                                              output.place.string() + " comes with the file " +
                                                              target.string() +
                                                              ", which is an input; choose another name");
        for (const auto& output : outputs_) {
            writing("sync", output.place.string());
            sync_folder(output.folder);
        }
        for (const auto& output : outputs_) {
            std::vector<fs::path> fresh;
            for (const auto& entry : fs::directory_iterator(output.folder))
                if (entry.path().filename() != lock_name) fresh.push_back(entry.path());
            if (fresh.empty()) continue;
            const fs::path old = output.folder / ".old";
            fs::create_directory(old);
            std::vector<fs::path> replaced = companions(output.place);
            for (const auto& file : fresh) replaced.push_back(output.place.parent_path() / file.filename());
            // Outputs may share a stem (map.tif, map.csv): what this run has just published is not an old companion.
            const auto is_new = [&done](const fs::path& file) {
                return std::any_of(done.begin(), done.end(), [&](const Move& step) { return step.to == file; });
            };
            for (const auto& file : replaced)
                if (fs::exists(fs::symlink_status(file)) && !is_new(file) && !fs::exists(old / file.filename()))
                    move(file, old / file.filename());
            for (const auto& file : fresh) {
                const fs::path to = output.place.parent_path() / file.filename();
                const bool is_style = file.extension() == style_ending && to != output.place;
                if (is_style && is_new(to)) continue;  // see lost_styles
                move(file, to);
            }
        }
    } catch (const std::exception& failure) {
        for (auto step = done.rbegin(); step != done.rend(); ++step) {
            std::error_code ignored;
            fs::rename(step->to, step->from, ignored);
        }
        const std::string reason = failure.what();
        discard();
        if (dynamic_cast<const Error*>(&failure)) throw;
        throw IoError("outputs", "cannot be moved to their places: " + reason);
    }
    discard();
}

void Staging::discard() {
    for (auto& output : outputs_) {
        std::error_code ignored;
        fs::remove_all(output.folder, ignored);
        if (output.lock >= 0) ::close(output.lock);
    }
    outputs_.clear();
}

Staging::~Staging() { discard(); }

}  // namespace landcarbon
