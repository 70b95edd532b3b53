// Land Carbon Toolbox: GDAL set up once, its messages collected, its handles closed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/gdal.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>
#include <cpl_string.h>
#include <cpl_vsi.h>

#include <array>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/layer_choice.hpp"
#include "spec/errors.hpp"

namespace landcarbon {

void start_gdal() {
    static std::once_flag once;
    std::call_once(once, [] {
        if (GDALGetDriverCount() == 0) GDALAllRegister();
    });
}

GdalMessages::GdalMessages() { CPLPushErrorHandlerEx(&GdalMessages::receive, this); }

GdalMessages::~GdalMessages() { CPLPopErrorHandler(); }

void CPL_STDCALL GdalMessages::receive(CPLErr level, CPLErrorNum, const char* message) {
    auto* self = static_cast<GdalMessages*>(CPLGetErrorHandlerUserData());
    if (!self || !message || level == CE_None || level == CE_Debug) return;
    std::string line = message;
    for (char& c : line)
        if (c == '\n' || c == '\r') c = ' ';
    if (level >= CE_Failure) {
        ++self->failures_;
        if (self->failure_.empty()) self->failure_ = std::move(line);
    } else if (self->warning_.empty())
        self->warning_ = std::move(line);
}

std::string GdalMessages::text(const std::string& otherwise) const {
    if (!failure_.empty()) return failure_;
    if (!warning_.empty()) return warning_;
    return otherwise;
}

void GdalMessages::clear() {
    failures_ = 0;
    failure_.clear();
    warning_.clear();
}

namespace {
// GDAL's curl file systems open nothing but the one name that the first option holds. The next two stop what goes to
// curl without them (/vsicurl_streaming): curl refuses a proxy of unknown kind before it connects. The last keeps
// SQLite from opening other data sources for the virtual tables that a database may hold.
constexpr std::array<std::pair<const char*, const char*>, 4> no_network = {{
    {"CPL_VSIL_CURL_ALLOWED_FILENAME", "no network"},
    {"GDAL_HTTP_PROXY", "none://no.network"},
    {"GDAL_HTTPS_PROXY", "none://no.network"},
    {"OGR_SQLITE_STATIC_VIRTUAL_OGR", "NO"},
}};

/// Answers what GDAL would fetch from the network. A proxy is passed by where the environment says so (no_proxy); this
/// is not.
CPLHTTPResult* fetch_nothing(const char* address, CSLConstList, GDALProgressFunc, void*, CPLHTTPFetchWriteFunc, void*,
                             void*) {
    CPLError(CE_Failure, CPLE_AppDefined, "a local file may not open the network (%s)", address);
    return nullptr;
}
}  // namespace

NoNetwork::NoNetwork(bool active) : active_(active) {
    if (!active_) return;
    for (const auto& [name, value] : no_network) {
        const char* before = CPLGetThreadLocalConfigOption(name, nullptr);
        before_.push_back(before ? std::optional<std::string>(before) : std::nullopt);
        CPLSetThreadLocalConfigOption(name, value);
    }
    CPLHTTPPushFetchCallback(&fetch_nothing, nullptr);
}

NoNetwork::~NoNetwork() {
    if (!active_) return;
    CPLHTTPPopFetchCallback();
    for (std::size_t i = 0; i < before_.size(); ++i)
        CPLSetThreadLocalConfigOption(no_network[i].first, before_[i] ? before_[i]->c_str() : nullptr);
}

namespace {

/// A zipped shapefile, as data portals hand it out, is named by the archive alone: the shapefile in it, where there is
/// one only. Any other path as it is.
std::string inside_archive(const std::string& path) {
    const std::string prefix = "/vsizip/";
    const std::string archive = path.rfind(prefix, 0) == 0 ? path.substr(prefix.size()) : path;
    std::error_code error;
    if (archive.size() < 4 || !EQUAL(archive.c_str() + archive.size() - 4, ".zip") ||
        !std::filesystem::is_regular_file(archive, error))
        return path;
    start_gdal();
    const GdalMessages messages;
    const std::string inside = prefix + "{" + archive + "}";
    constexpr int most = 1000;
    const CPLStringList names(VSIReadDirEx(inside.c_str(), most));
    std::vector<std::string> found;
    for (int i = 0; i < names.size(); ++i) {
        const std::string name = names[i];
        if (name.size() > 4 && EQUAL(name.c_str() + name.size() - 4, ".shp")) found.push_back(name);
    }
    return found.size() == 1 ? inside + "/" + found.front() : path;
}

/// What QGIS writes behind a file: |layername=, |layerid=, |geometrytype=, |subset=.
PathParts split_layer(const std::string& path) {
    static const std::vector<std::string> keys = {"layername", "layerid", "geometrytype", "subset"};
    std::map<std::size_t, std::string> marks;
    for (const auto& key : keys)
        if (const auto at = path.find("|" + key + "="); at != std::string::npos) marks.emplace(at, key);
    if (marks.empty()) return {inside_archive(path), std::nullopt};
    PathParts parts{inside_archive(path.substr(0, marks.begin()->first)), std::nullopt};
    for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
        const auto start = mark->first + mark->second.size() + 2;
        const auto next = std::next(mark);
        const std::string value = path.substr(start, next == marks.end() ? std::string::npos : next->first - start);
        if (mark->second == "subset")
            throw UserError("", path +
                                    ": a filter of QGIS (|subset=) is not read; save what it shows as a file of its "
                                    "own, or run the algorithm in QGIS");
        if (mark->second == "layername") parts.option = value;
        if (mark->second == "layerid" && !parts.option) parts.option = numbered_layer + value;
    }
    return parts;
}

}  // namespace

PathParts split_path(const std::string& path, const std::string& key) {
    if (key == "layername") return split_layer(path);
    const std::string marker = "|" + key + "=";
    const auto at = path.find(marker);
    if (at == std::string::npos) return {path, std::nullopt};
    return {path.substr(0, at), path.substr(at + marker.size())};
}

bool is_remote(const std::string& path) {
    for (const char* prefix :
         {"/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "/vsiadls", "/vsioss", "/vsiswift", "/vsihdfs", "/vsiwebhdfs",
          "http://", "https://", "ftp://", "WMS:", "WCS:", "WMTS:", "WFS:", "PG:", "<"})
        if (path.rfind(prefix, 0) == 0) return true;
    return false;
}

}  // namespace landcarbon
