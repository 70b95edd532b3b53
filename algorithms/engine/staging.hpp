// Land Carbon Toolbox: outputs appear whole or not at all.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace landcarbon {

/// Outputs are written into a folder `<output>.part` beside their place and moved there together at the end.
/// A folder left by a killed run is replaced; one that a living run holds is refused.
class Staging {
public:
    explicit Staging(bool overwrite) : overwrite_(overwrite) {}
    ~Staging();
    Staging(const Staging&) = delete;
    Staging& operator=(const Staging&) = delete;

    /// Tells of a file that is read, so that no output replaces it.
    void add_input(const std::string& path);
    /// Reserves an output. Nothing is checked later than here: folder, permission, existing files, inputs, twins.
    /// @return the path to write to; files beside it (same folder) are moved along
    /// @throws UserError, IoError
    std::string reserve(const std::string& parameter, const std::string& path);
    /// Outputs whose style will be lost, each with the earlier output that keeps its own: QGIS looks for the style of
    /// map.tif and of map.gpkg in one file, map.qml. Call when all is written.
    std::vector<std::pair<std::string, std::string>> lost_styles() const;
    /// Moves all outputs to their places; on failure everything is as before. @throws IoError
    void publish();

private:
    struct Output {
        std::string parameter;
        std::filesystem::path place;   ///< where it shall be
        std::filesystem::path folder;  ///< where it is written
        int lock = -1;
    };
    void discard();
    bool overwrite_;
    std::vector<std::filesystem::path> inputs_;
    std::vector<Output> outputs_;
};

}  // namespace landcarbon
