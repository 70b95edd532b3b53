// Land Carbon Toolbox: GDAL set up once, its messages collected, its handles closed.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace landcarbon {

/// Registers GDAL's drivers once for the process.
void start_gdal();

/// Collects what GDAL says in this thread while it lives; nothing is printed.
class GdalMessages {
public:
    GdalMessages();
    ~GdalMessages();
    GdalMessages(const GdalMessages&) = delete;
    GdalMessages& operator=(const GdalMessages&) = delete;
    bool failed() const { return failures_ > 0; }
    /// True when there was a failure or a warning.
    bool complained() const { return failures_ > 0 || !warning_.empty(); }
    /// The first failure, or the first warning, or `otherwise`; on one line.
    std::string text(const std::string& otherwise) const;
    void clear();

private:
    static void CPL_STDCALL receive(CPLErr level, CPLErrorNum number, const char* message);
    int failures_ = 0;
    std::string failure_;
    std::string warning_;
};

/// Closes a dataset when it goes out of scope.
struct CloseDataset {
    void operator()(GDALDatasetH dataset) const {
        if (dataset) GDALClose(dataset);
    }
};
using DatasetPtr = std::unique_ptr<void, CloseDataset>;

/// Gives a handle of OGR's back when it goes out of scope.
template <auto give_back>
struct GiveBack {
    void operator()(void* handle) const { give_back(handle); }
};
using GeometryPtr = std::unique_ptr<void, GiveBack<&OGR_G_DestroyGeometry>>;
using FeaturePtr = std::unique_ptr<void, GiveBack<&OGR_F_Destroy>>;
using FieldPtr = std::unique_ptr<void, GiveBack<&OGR_Fld_Destroy>>;
using SrsPtr = std::unique_ptr<void, GiveBack<&OSRRelease>>;
using TransformationPtr = std::unique_ptr<void, GiveBack<&OCTDestroyCoordinateTransformation>>;

/// Keeps GDAL from opening network connections in this thread, as a local file (a VRT) may ask for.
class NoNetwork {
public:
    explicit NoNetwork(bool active);
    ~NoNetwork();
    NoNetwork(const NoNetwork&) = delete;
    NoNetwork& operator=(const NoNetwork&) = delete;

private:
    bool active_;
    std::vector<std::optional<std::string>> before_;
};

/// A path the user gave, split at "|": the file, and what stands behind `key=`, if that is there.
struct PathParts {
    std::string file;
    std::optional<std::string> option;
};
PathParts split_path(const std::string& path, const std::string& key);

/// True when the path is explicitly a remote one (/vsicurl/, http:, ...), so that a network may be used.
bool is_remote(const std::string& path);

}  // namespace landcarbon
