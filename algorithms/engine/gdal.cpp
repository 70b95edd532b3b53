// Land Carbon Toolbox: GDAL set up once, its messages collected, its handles closed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/gdal.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_http.h>

#include <array>
#include <mutex>
#include <utility>

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

PathParts split_path(const std::string& path, const std::string& key) {
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
