// Land Carbon Toolbox: outputs appear whole or not at all.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace landcarbon {

/// What an output is; it tells which files come along with it.
enum class OutputKind { raster, table, vector, report, file };

/// Outputs are written into a folder `<output>.part` beside their place and moved there together at the end. What a
/// killed run left in such a folder is settled by the next run that meets it: a move that had begun is finished, all
/// else is removed. A folder that a living run holds, or that another program has made, is refused.
///
/// One rule for outputs and the files that come with them (records, styles, types of columns, indices): what exists is
/// refused, or replaced where the user wants that; an input never is; no two outputs share a file.
class Staging {
public:
    explicit Staging(bool overwrite) : overwrite_(overwrite) {}
    ~Staging();
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    /// Tells of a file that is read, so that no output replaces it.
    void add_input(const std::string& path);
    /// Tells where to ask for the files that inputs consist of besides: called once, when an output meets a file.
    void ask_for_inputs(std::function<std::vector<std::filesystem::path>()> ask) { more_inputs_ = std::move(ask); }
    /// Reserves an output. What can be known before the work is checked here: folder, permission, existing files,
    /// inputs, twins.
    /// @return the path to write to; files beside it (same folder) are moved along
    /// @throws UserError, IoError
    std::string reserve(const std::string& parameter, const std::string& path, OutputKind kind = OutputKind::raster);
    /// Reserves a file that turns out to come with an output of `parameter`, by its name.
    /// @throws UserError as reserve does
    void reserve_companion(const std::string& parameter, const std::string& name);
    /// Outputs that get no style, each with the style file that is another layer's and stays as it is.
    std::vector<std::pair<std::string, std::string>> kept_styles() const;
    /// Files that a killed run had left half moved, and that reserve() has brought to their places.
    const std::vector<std::string>& recovered() const { return recovered_; }
    /// Moves all outputs to their places; on failure everything is as before. @throws IoError
    void publish();

private:
    struct Output {
        std::string parameter;
        std::string shown;             ///< as the user named it
        std::filesystem::path place;   ///< where it shall be
        std::filesystem::path folder;  ///< where it is written
        int lock = -1;
        std::set<std::filesystem::path> companions;  ///< files that come with it
        std::set<std::filesystem::path> stale;       ///< files that would be taken for a part of it
        std::filesystem::path kept_style;            ///< another layer's; empty: none
        bool leave_folder = false;                   ///< it holds what could not be put back
    };
    void take_folder(Output& output, const std::string& path);
    void settle(const std::filesystem::path& folder, int lock);
    /// Checks a file that an output would replace or be confused with.
    void check_companion(Output& output, const std::filesystem::path& file, bool is_stale);
    /// The input that a file is, by device and inode; empty: none.
    std::string input_at(const std::filesystem::path& file);
    void discard();
    bool overwrite_;
    std::vector<std::filesystem::path> inputs_;
    std::function<std::vector<std::filesystem::path>()> more_inputs_;
    std::vector<Output> outputs_;
    std::vector<std::string> recovered_;
};

}  // namespace landcarbon
