// Land Carbon Toolbox: GDAL set up once, its messages collected, its handles closed.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/gdal.hpp"

#include <cpl_conv.h>
#include <cpl_error.h>

#include <mutex>

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
// GDAL's curl file systems open nothing but the one name that this option holds.
constexpr const char* only_name = "CPL_VSIL_CURL_ALLOWED_FILENAME";
}  // namespace

NoNetwork::NoNetwork(bool active) : active_(active) {
    if (!active_) return;
    if (const char* before = CPLGetThreadLocalConfigOption(only_name, nullptr)) {
        had_before_ = true;
        before_ = before;
    }
    CPLSetThreadLocalConfigOption(only_name, "no network");
}

NoNetwork::~NoNetwork() {
    if (active_) CPLSetThreadLocalConfigOption(only_name, had_before_ ? before_.c_str() : nullptr);
}

PathParts split_path(const std::string& path, const std::string& key) {
    const std::string marker = "|" + key + "=";
    const auto at = path.find(marker);
    if (at == std::string::npos) return {path, {}};
    return {path.substr(0, at), path.substr(at + marker.size())};
}

bool is_remote(const std::string& path) {
    for (const char* prefix : {"/vsicurl", "/vsis3", "/vsigs", "/vsiaz", "/vsiadls", "/vsioss", "/vsiswift",
                               "/vsihdfs", "/vsiwebhdfs", "http://", "https://", "ftp://", "WMS:", "WCS:", "WMTS:",
                               "WFS:", "PG:", "<"})
        if (path.rfind(prefix, 0) == 0) return true;
    return false;
}

}  // namespace landcarbon
