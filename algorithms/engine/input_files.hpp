// Land Carbon Toolbox: what a file may open when it is read: local files, in formats that are known to stay local.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/gdal.hpp"

namespace landcarbon {

/// What a path is opened as.
enum class InputKind { raster, vector };

/// Checks a path that the user gave before anything opens it, and all that it names in turn (sources of a VRT). Local
/// paths must lead to ordinary files or folders in a format of the allow-list; a path that is explicitly remote
/// (see is_remote) is left alone.
/// @return all local files that reading it touches, as far as they can be told without opening it as a dataset
/// @throws IoError naming the path, and the file within it that is refused
std::vector<std::filesystem::path> check_input(const std::string& path, InputKind kind);

/// Opens a path that check_input has let pass, read-only; GDAL's messages go to the caller's GdalMessages.
/// @return empty when it cannot be opened
/// @throws IoError when the opened dataset names a remote file of its own (overviews, geolocation)
DatasetPtr open_checked(const std::string& path, InputKind kind);

/// True for a file on a disk: no pipe, socket or device, and no file of the kernel (/proc, /sys), which has no size and
/// may never end. False also for what is not there.
bool is_ordinary_file(const std::filesystem::path& file);

/// Every local file that an input consists of: the file, its companions, what it names in turn. Never throws; what
/// cannot be opened contributes what is known.
std::vector<std::filesystem::path> files_of_input(const std::string& path, InputKind kind);

}  // namespace landcarbon
