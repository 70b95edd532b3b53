// Land Carbon Toolbox: outputs appear whole or not at all.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/staging.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "engine/faults.hpp"
#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace fs = std::filesystem;
namespace {

// What a staging folder holds besides outputs. The lock tells that the folder is ours. The journal is there while files
// are moved: where it is missing, nothing but fresh files is in the folder.
constexpr const char* lock_name = ".landcarbon-lock";
constexpr const char* journal_name = ".landcarbon-moves";
constexpr const char* old_name = ".old";
constexpr const char* style_ending = ".qml";

bool is_own(const fs::path& file) {
    const fs::path name = file.filename();
    return name == lock_name || name == journal_name || name == old_name;
}

bool is_there(const fs::path& file) {
    std::error_code error;
    return fs::exists(fs::symlink_status(file, error));
}

bool same_file(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::equivalent(a, b, error)) return true;
    return fs::weakly_canonical(a, error) == fs::weakly_canonical(b, error);
}

std::string ending_of(const fs::path& place) {
    std::string ending = place.extension().string();
    for (char& c : ending) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return ending;
}

/// Files that are written with an output, as far as its kind and ending tell.
std::set<fs::path> companions_of(const fs::path& place, OutputKind kind) {
    std::set<fs::path> files = {place.string() + ".json"};
    const auto beside = [&](std::initializer_list<const char*> endings) {
        for (const char* ending : endings) files.insert(fs::path(place).replace_extension(ending));
    };
    if (kind == OutputKind::raster || kind == OutputKind::vector) beside({style_ending});
    if (kind == OutputKind::table || kind == OutputKind::vector) {
        const std::string ending = ending_of(place);
        if (ending == ".csv" || ending == ".tsv" || ending == ".txt") beside({".csvt"});
        if (ending == ".shp") beside({".shx", ".dbf", ".prj", ".cpg"});
        if (ending == ".dbf") beside({".cpg"});
        if (ending == ".tab") beside({".dat", ".map", ".id"});
        if (ending == ".mif") beside({".mid"});
        if (ending == ".gml") beside({".xsd"});
    }
    files.erase(place);
    return files;
}

/// Files that GDAL or OGR would take for a part of an output, were they left beside it.
std::set<fs::path> confusable_with(const fs::path& place, OutputKind kind) {
    std::set<fs::path> files;
    const std::string ending = ending_of(place);
    const auto add = [&](std::initializer_list<const char*> endings) {
        for (const char* suffix : endings) files.insert(place.string() + suffix);
    };
    const auto beside = [&](std::initializer_list<const char*> endings) {
        for (const char* suffix : endings) files.insert(fs::path(place).replace_extension(suffix));
    };
    if (kind == OutputKind::raster) add({".aux.xml", ".ovr", ".msk"});
    if (kind != OutputKind::report && kind != OutputKind::file) {
        if (ending == ".gpkg" || ending == ".sqlite" || ending == ".db" || ending == ".mbtiles")
            add({"-wal", "-shm", "-journal"});
        if (ending == ".shp") beside({".qix", ".sbn", ".sbx", ".qpj", ".idm", ".ind"});
    }
    return files;
}

/// True where a layer other than `place` has the same name but for the ending, and so the same style file.
bool is_style_of_another(const fs::path& place) {
    constexpr std::array layers = {".tif",     ".tiff", ".img", ".vrt", ".asc", ".nc",  ".shp",    ".gpkg",
                                   ".geojson", ".gml",  ".kml", ".fgb", ".tab", ".mif", ".sqlite", ".sdat"};
    return std::any_of(layers.begin(), layers.end(), [&](const char* ending) {
        const fs::path other = fs::path(place).replace_extension(ending);
        return other != place && is_there(other);
    });
}

/// True for a record that a run has written beside an output.
bool is_record(const fs::path& file) {
    std::error_code error;
    if (!fs::is_regular_file(file, error)) return false;
    std::ifstream stream(file, std::ios::binary);
    std::string head(64, 0);
    stream.read(head.data(), static_cast<std::streamsize>(head.size()));
    return head.find("\"program\": \"Land Carbon Toolbox\"") != std::string::npos;
}

/// Where an output is written: `map.tif.part` beside `map.tif`. GDAL takes a folder for an archive when .xlsx or .zip
/// stands in its name: such outputs get `table-xlsx.part`.
fs::path folder_for(const fs::path& place) {
    const std::string extension = place.extension().string();
    const bool archive = extension == ".xlsx" || extension == ".ods" || extension == ".zip" || extension == ".kmz";
    if (!archive) return place.string() + ".part";
    return (place.parent_path() / place.stem()).string() + "-" + extension.substr(1) + ".part";
}

/// Makes sure that a file, or the names in a folder, are on the disk.
void sync_path(const fs::path& path, int flags) {
    writing("sync", path.string());
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | flags);
    if (file < 0) return;
    const int result = syncs_to_disk() ? ::fsync(file) : 0;
    const int code = errno;
    ::close(file);
    // Some file systems cannot sync a folder.
    if (result != 0 && !(flags & O_DIRECTORY))
        throw IoError(path.string(), std::string("cannot be stored: ") + std::strerror(code));
}

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder))
        if (!is_own(entry.path())) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

enum class Direction : char { forward = 'F', back = 'B' };

/// Folders and places of all outputs of a run, and whether they are moved or put back.
void write_journal(const fs::path& folder, Direction direction,
                   const std::vector<std::pair<fs::path, fs::path>>& outputs) {
    std::string text(1, static_cast<char>(direction));
    for (const auto& [from, to] : outputs) text += from.string() + '\0' + to.string() + '\0';
    text += "end";
    const fs::path file = folder / journal_name, fresh = folder / old_name / journal_name;
    {
        std::ofstream stream(fresh, std::ios::binary);
        stream << text;
        stream.close();
        if (!stream) throw IoError(fresh.string(), "cannot be written; is the disk full?");
    }
    sync_path(fresh, 0);
    fs::rename(fresh, file);
    sync_path(folder, O_DIRECTORY);
}

struct Journal {
    Direction direction = Direction::forward;
    std::vector<std::pair<fs::path, fs::path>> outputs;
};

Journal read_journal(const fs::path& folder) {
    std::ifstream stream(folder / journal_name, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
    Journal journal;
    if (text.size() < 4 || text.compare(text.size() - 3, 3, "end") != 0) return journal;
    journal.direction = static_cast<Direction>(text[0]);
    for (std::size_t at = 1; at + 3 < text.size();) {
        const auto middle = text.find('\0', at);
        const auto end = middle == std::string::npos ? middle : text.find('\0', middle + 1);
        if (end == std::string::npos) break;
        journal.outputs.emplace_back(text.substr(at, middle - at), text.substr(middle + 1, end - middle - 1));
        at = end + 1;
    }
    return journal;
}

/// Gives what stands at `place` a second name in `old`, so that there is no moment without it.
bool link_old(const fs::path& place, const fs::path& old) {
    return ::linkat(AT_FDCWD, place.c_str(), AT_FDCWD, old.c_str(), 0) == 0;
}

/// Sees to it that what stands at `place` is in `old`; where the file system knows no second names, it is moved there.
void keep_old(const fs::path& place, const fs::path& old) {
    if (is_there(old) || link_old(place, old)) return;
    writing("rename", place.string());
    fs::rename(place, old);
}

bool is_linked(const fs::path& a, const fs::path& b) {
    struct stat first {
    }, second{};
    return ::lstat(a.c_str(), &first) == 0 && ::lstat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

/// Brings what a killed run has left in one folder to its end: all files moved, or all put back. Returns how many.
std::size_t finish(const fs::path& folder, const fs::path& place, Direction direction) {
    const fs::path old = folder / old_name;
    std::size_t moved = 0;
    std::error_code error;
    if (direction == Direction::back) {
        if (fs::is_directory(old, error))
            for (const auto& file : files_in(old)) {
                writing("rename", file.string());
                fs::rename(file, place.parent_path() / file.filename());
                ++moved;
            }
        return moved;
    }
    for (const auto& file : files_in(folder)) {
        const fs::path to = place.parent_path() / file.filename(), kept = old / file.filename();
        if (is_there(to) && !is_linked(to, kept))
            throw IoError(to.string(), "was to be replaced by " + file.string() +
                                           " when a run was killed, and has changed since; move one of them away");
        writing("rename", to.string());
        fs::rename(file, to);
        ++moved;
    }
    // What had no successor.
    if (fs::is_directory(old, error))
        for (const auto& file : files_in(old))
            if (const fs::path at = place.parent_path() / file.filename(); is_linked(at, file)) {
                writing("rename", at.string());
                fs::remove(at);
            }
    return moved;
}

/// Removes a staging folder, its lock last: were the run killed in between, the next one would still know the folder as
/// ours. What cannot be removed stays.
void remove_folder(const fs::path& folder) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        if (entry.path().filename() == lock_name) continue;
        could_die("remove", entry.path().string());
        fs::remove_all(entry.path(), error);
    }
    could_die("remove", folder.string());
    fs::remove_all(folder, error);
}

/// Opens and locks the lock of a folder; -1 when another run has it or it cannot be opened.
int lock_folder(const fs::path& folder, int flags) {
    const int lock = ::open((folder / lock_name).c_str(), flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) return -1;
    // The run that held the lock may have removed it together with its folder since it was opened.
    struct stat held {
    }, present{};
    if (::flock(lock, LOCK_EX | LOCK_NB) != 0 || ::fstat(lock, &held) != 0 ||
        ::stat((folder / lock_name).c_str(), &present) != 0 || held.st_ino != present.st_ino) {
        ::close(lock);
        errno = EWOULDBLOCK;
        return -1;
    }
    return lock;
}

}  // namespace

void Staging::add_input(const std::string& path) {
    std::error_code error;
    if (fs::exists(path, error)) inputs_.emplace_back(path);
}

std::string Staging::input_at(const fs::path& file) {
    if (more_inputs_) {
        const auto ask = std::exchange(more_inputs_, nullptr);
        for (auto& input : ask()) inputs_.push_back(std::move(input));
    }
    for (const auto& input : inputs_)
        if (same_file(input, file)) return input.string();
    return {};
}

void Staging::check_companion(Output& output, const fs::path& file, bool is_stale) {
    const std::string name = parameter_name(output.parameter);
    for (const auto& other : outputs_)
        if (other.place == file || (!is_stale && other.companions.count(file))) {
            if (is_stale) return;  // it will be fresh
            throw wrong(output.parameter, output.shown + " comes with the file " + file.string() +
                                              ", which is also written for " + parameter_name(other.parameter) +
                                              "; give them different names");
        }
    if (!is_there(file)) return;
    if (const std::string input = input_at(file); !input.empty())
        throw wrong(output.parameter, output.shown + " comes with the file " + file.string() +
                                          ", which is an input; choose another name");
    if (!overwrite_)
        throw wrong(output.parameter, file.string() + " exists already and would be " +
                                          (is_stale ? "taken for a part of " : "replaced together with ") +
                                          output.shown + "; choose another name, or use --overwrite to replace it");
    if (fs::is_directory(file))
        throw wrong(output.parameter, "the folder " + file.string() + " is in the way; choose another name");
    if (file == output.place.string() + ".json" && !is_record(file))
        throw wrong(output.parameter, "the record of " + output.shown + " would replace " + file.string() +
                                          ", which is no record; choose another name");
    constexpr std::array data = {".dbf", ".dat", ".mid"};
    if (!is_there(output.place) && std::find(data.begin(), data.end(), ending_of(file)) != data.end())
        throw wrong(output.parameter,
                    output.shown + " would replace " + file.string() + ", which is no part of it; choose another name");
    if (file.extension() == style_ending && is_style_of_another(output.place)) output.kept_style = file;
}

std::string Staging::reserve(const std::string& parameter, const std::string& path, OutputKind kind) {
    const std::string name = parameter_name(parameter);
    if (path.rfind("/vsi", 0) == 0) throw wrong(parameter, path + " is a virtual path; give an ordinary file");
    fs::path place = fs::absolute(path);
    std::error_code error;
    if (place.filename().empty() || fs::is_directory(place, error))
        throw wrong(parameter, path + " is a folder; give a file name");
    if (place.filename().string().size() > 240)
        throw wrong(parameter, "the file name is longer than 240 bytes; give a shorter one");
    const fs::path parent = place.parent_path();
    if (!fs::is_directory(parent, error))
        throw wrong(parameter, "the folder " + parent.string() + " does not exist; create it first");
    if (::access(parent.c_str(), W_OK | X_OK) != 0)
        throw wrong(parameter, "the folder " + parent.string() + " cannot be written to; choose another one");
    place = fs::canonical(parent) / place.filename();
    Output output;
    output.parameter = parameter;
    output.shown = path;
    output.place = place;
    output.folder = folder_for(place);
    // What a killed run was about to move belongs to its places before these are looked at.
    if (is_there(output.folder / journal_name))
        if (const int lock = lock_folder(output.folder, 0); lock >= 0) settle(output.folder, lock);

    if (is_there(place))
        if (const std::string input = input_at(place); !input.empty())
            throw wrong(parameter, path + " is also an input (" + input + "); choose another file");
    for (const auto& other : outputs_) {
        if (same_file(other.place, place))
            throw wrong(parameter,
                        path + " is also the output of " + parameter_name(other.parameter) + "; choose another file");
        if (other.companions.count(place))
            throw wrong(parameter, path + " is also written with the output of " + parameter_name(other.parameter) +
                                       "; choose another file");
    }
    if (is_there(place) && !overwrite_) throw wrong(parameter, path + " exists already; use --overwrite to replace it");
    const auto present = fs::status(place, error).type();
    if (present != fs::file_type::not_found && present != fs::file_type::regular && present != fs::file_type::none)
        throw wrong(parameter, path + " is a pipe, a socket or a device; give an ordinary file");
    output.companions = companions_of(place, kind);
    output.stale = confusable_with(place, kind);
    for (const auto& file : output.companions) check_companion(output, file, false);
    for (const auto& file : output.stale)
        if (!output.companions.count(file)) check_companion(output, file, true);
    take_folder(output, path);
    outputs_.push_back(std::move(output));
    return (outputs_.back().folder / place.filename()).string();
}

void Staging::reserve_companion(const std::string& parameter, const std::string& name) {
    for (std::size_t i = 0; i < outputs_.size(); ++i) {
        if (outputs_[i].parameter != parameter) continue;
        const fs::path file = outputs_[i].place.parent_path() / name;
        if (file == outputs_[i].place || outputs_[i].companions.count(file)) return;
        check_companion(outputs_[i], file, false);
        outputs_[i].companions.insert(file);
        return;
    }
}

void Staging::take_folder(Output& output, const std::string& path) {
    const std::string name = parameter_name(output.parameter);
    std::error_code error;
    if (!fs::create_directory(output.folder, error)) {
        const std::string reason = error.message();
        const fs::file_status present = fs::symlink_status(output.folder, error);
        const bool is_folder = fs::is_directory(present);
        if (!fs::exists(present)) throw IoError(path, "cannot be written: " + reason);
        if (!is_folder || (!is_there(output.folder / lock_name) && !fs::is_empty(output.folder, error)))
            throw wrong(output.parameter, output.folder.string() +
                                              " is in the way (outputs are made in such a folder, and this one is "
                                              "not ours); move it away or choose another name");
    }
    output.lock = lock_folder(output.folder, O_CREAT);
    if (output.lock < 0) {
        const int code = errno;
        if (code == EWOULDBLOCK)
            throw wrong(output.parameter, "another run is writing " + path + "; wait for it or choose another file");
        fs::remove(output.folder, error);
        throw IoError(path, std::string("cannot be written: ") + std::strerror(code));
    }
    // Without a journal, what a killed run left here is of no use.
    for (const auto& entry : fs::directory_iterator(output.folder, error))
        if (entry.path().filename() != lock_name) fs::remove_all(entry.path(), error);
}

void Staging::settle(const fs::path& folder, int lock) {
    struct Part {
        fs::path folder, place;
        int lock;
    };
    std::vector<Part> parts;
    const auto close_all = [&parts] {
        for (const auto& part : parts) ::close(part.lock);
    };
    std::error_code error;
    Journal journal = read_journal(folder);
    // Where an output has no journal, either no file had been moved or all had: there is nothing to finish.
    bool under_way = !journal.outputs.empty();
    parts.push_back({folder, {}, lock});
    for (const auto& [from, to] : journal.outputs) {
        struct stat info {};
        if (::lstat((from / journal_name).c_str(), &info) != 0 || info.st_uid != ::geteuid() ||
            folder_for(to) != from) {
            under_way = false;
            continue;
        }
        if (read_journal(from).direction == Direction::back) journal.direction = Direction::back;
        if (from == folder) {
            parts.front().place = to;
            continue;
        }
        const int held = lock_folder(from, 0);
        if (held < 0) {  // another run settles it at this moment
            close_all();
            throw IoError(to.string(), "is being brought to its place by another run; try again");
        }
        parts.push_back({from, to, held});
    }
    try {
        if (under_way)
            for (const auto& part : parts) {
                if (finish(part.folder, part.place, journal.direction) > 0) recovered_.push_back(part.place.string());
                sync_path(part.place.parent_path(), O_DIRECTORY);
            }
        for (const auto& part : parts) {
            writing("settle", part.folder.string());
            fs::remove(part.folder / journal_name, error);
        }
        for (const auto& part : parts) {
            writing("settle", part.folder.string());
            remove_folder(part.folder);
        }
    } catch (const fs::filesystem_error& failure) {
        close_all();
        throw IoError(
            folder.string(),
            std::string("holds what a killed run had left half moved, and it cannot be brought to its place: ") +
                failure.what());
    } catch (...) {
        close_all();
        throw;
    }
    close_all();
}

std::vector<std::pair<std::string, std::string>> Staging::kept_styles() const {
    std::vector<std::pair<std::string, std::string>> kept;
    for (const auto& output : outputs_)
        if (!output.kept_style.empty() && is_there(output.folder / output.kept_style.filename()))
            kept.emplace_back(output.parameter, output.kept_style.string());
    return kept;
}

void Staging::publish() {
    struct Move {
        Output* output;
        fs::path fresh;  ///< empty: an old file that goes without a successor
        fs::path place;
        bool replaces = false;
        bool done = false;
    };
    std::vector<Move> moves;
    std::vector<std::pair<fs::path, fs::path>> pairs;
    const auto is_of_another = [this](const Output& own, const fs::path& file) {
        return std::any_of(outputs_.begin(), outputs_.end(), [&](const Output& output) {
            return &output != &own && (output.place == file || output.companions.count(file) > 0);
        });
    };
    const auto old_of = [](const Move& move) { return move.output->folder / old_name / move.place.filename(); };
    const auto put_back = [&] {
        for (const auto& output : outputs_)
            if (is_there(output.folder / journal_name)) {
                try {
                    write_journal(output.folder, Direction::back, pairs);
                } catch (const std::exception&) {
                    // It is put back all the same; only a second fault could tell the difference.
                }
            }
        for (auto move = moves.rbegin(); move != moves.rend(); ++move) {
            std::error_code error;
            const fs::path old = old_of(*move);
            if (is_there(old)) {
                if (is_linked(old, move->place)) continue;
                fs::rename(old, move->place, error);
            } else if (move->done && !move->replaces) {
                fs::remove(move->place, error);
            }
            if (error) move->output->leave_folder = true;
        }
    };
    try {
        for (auto& output : outputs_) {
            std::vector<fs::path> fresh;
            if (!fs::is_directory(output.folder))
                throw IoError(output.shown, "cannot be written: its folder has gone while the run was on");
            fresh = files_in(output.folder);
            if (fresh.empty()) continue;
            pairs.emplace_back(output.folder, output.place);
            std::set<fs::path> gone = output.stale;
            gone.insert(output.companions.begin(), output.companions.end());
            for (const auto& file : fresh) {
                const fs::path place = output.place.parent_path() / file.filename();
                gone.erase(place);
                if (place == output.kept_style) {
                    fs::remove(file);
                    continue;
                }
                // Formats of several files may reach for a name that nobody has foreseen.
                const std::string comes_with =
                    parameter_name(output.parameter) + ": " + output.shown + " comes with the file " + place.string();
                for (const auto& move : moves)
                    if (move.place == place)
                        throw UserError(output.parameter, comes_with + ", which is also written for " +
                                                              parameter_name(move.output->parameter) +
                                                              "; give them different names");
                const bool replaces = is_there(place);
                if (replaces) {
                    if (const std::string input = input_at(place); !input.empty())
                        throw UserError(output.parameter, comes_with + ", which is an input; choose another name");
                    if (!overwrite_)
                        throw UserError(output.parameter,
                                        comes_with + ", which exists already; choose another name, or use --overwrite");
                }
                moves.push_back({&output, file, place, replaces});
            }
            gone.erase(output.kept_style);
            for (const auto& file : gone)
                if (overwrite_ && is_there(file) && !fs::is_directory(file) && !is_of_another(output, file))
                    moves.push_back({&output, {}, file, true});
        }
        for (const auto& output : outputs_)
            for (const auto& file : files_in(output.folder))
                if (fs::is_regular_file(file)) sync_path(file, 0);
        // From here on a killed run is finished by the next one.
        for (const auto& pair : pairs) fs::create_directory(pair.first / old_name);
        for (const auto& move : moves) {
            writing("link", move.place.string());
            // Where the file system knows no second names, keep_old moves it later.
            if (move.replaces) link_old(move.place, old_of(move));
        }
        for (const auto& pair : pairs) {
            writing("journal", pair.second.string());
            write_journal(pair.first, Direction::forward, pairs);
        }
        for (auto& move : moves) {
            if (move.replaces) keep_old(move.place, old_of(move));
            writing("rename", move.place.string());
            if (!move.fresh.empty())
                fs::rename(move.fresh, move.place);
            else if (is_there(move.place))
                fs::remove(move.place);
            move.done = true;
        }
        for (const auto& pair : pairs) sync_path(pair.second.parent_path(), O_DIRECTORY);
        for (const auto& pair : pairs) {
            std::error_code error;
            writing("settle", pair.second.string());
            fs::remove(pair.first / journal_name, error);
        }
    } catch (const std::exception& failure) {
        const std::string reason = failure.what();
        put_back();
        std::string left;
        for (const auto& output : outputs_)
            if (output.leave_folder) left += "; what was there before lies in " + (output.folder / old_name).string();
        discard();
        if (dynamic_cast<const Error*>(&failure) && left.empty()) throw;
        throw IoError("outputs", "cannot be moved to their places: " + reason + left);
    }
    discard();
}

void Staging::discard() {
    // With every file descriptor in use, a folder cannot be emptied before its lock has given back one.
    for (const bool with_lock : {true, false})
        for (auto& output : outputs_) {
            std::error_code error;
            if (!with_lock && output.lock >= 0) ::close(std::exchange(output.lock, -1));
            if (output.leave_folder || !is_there(output.folder)) continue;
            fs::remove(output.folder / journal_name, error);
            remove_folder(output.folder);
        }
    outputs_.clear();
}

Staging::~Staging() { discard(); }

}  // namespace landcarbon
