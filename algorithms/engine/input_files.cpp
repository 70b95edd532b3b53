// Land Carbon Toolbox: what a file may open when it is read: local files, in formats that are known to stay local.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/input_files.hpp"

#include <cpl_minixml.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>
#include <set>
#include <string_view>

#include "engine/layer_text.hpp"
#include "spec/errors.hpp"

namespace landcarbon {
namespace fs = std::filesystem;
namespace {

// Formats whose drivers read the named file and files beside it, and nothing else. A driver that connects to a server,
// follows links in a file or keeps caches on disk does not belong here.
constexpr std::array raster_drivers = {
    "GTiff",   "COG",         "LIBERTIFF", "VRT",      "HFA",     "netCDF",  "HDF4",    "HDF4Image",
    "HDF5",    "HDF5Image",   "BAG",       "GPKG",     "AAIGrid", "AIG",     "ENVI",    "GRASSASCIIGrid",
    "ISG",     "EHdr",        "SAGA",      "PNG",      "JPEG",    "GIF",     "BIGGIF",  "BMP",
    "WEBP",    "JP2OpenJPEG", "ILWIS",     "RST",      "GSAG",    "GSBG",    "GS7BG",   "GXF",
    "XYZ",     "DTED",        "KEA",       "USGSDEM",  "GRIB",    "SRTMHGT", "Zarr",    "PCRaster",
    "RRASTER", "BYN",         "SNODAS",    "XPM",      "PNM",     "LCP",     "ZMap",    "NWT_GRD",
    "BT",      "ROI_PAC",     "Terragen",  "Leveller", "RMF",     "SIGDEM",  "MAPGRID", "GTX",
    "LAN",     "OpenFileGDB"};
constexpr std::array vector_drivers = {"ESRI Shapefile",
                                       "GPKG",
                                       "GeoJSON",
                                       "GeoJSONSeq",
                                       "TopoJSON",
                                       "ESRIJSON",
                                       "JSONFG",
                                       "CSV",
                                       "XLSX",
                                       "XLS",
                                       "ODS",
                                       "SQLite",
                                       "KML",
                                       "LIBKML",
                                       "GML",
                                       "MapInfo File",
                                       "FlatGeobuf",
                                       "GPX",
                                       "DXF",
                                       "OpenFileGDB",
                                       "OGR_VRT",
                                       "Parquet",
                                       "Arrow",
                                       "OGR_GMT",
                                       "DGN",
                                       "Selafin",
                                       "AVCBin",
                                       "AVCE00",
                                       "netCDF",
                                       "Geoconcept",
                                       "MapML",
                                       "S57"};

// Elements that a VRT may hold. What is not among them (Python code, geolocation arrays, elevation for RPCs) opens or
// runs something.
constexpr std::array vrt_elements = {
    // rasters
    "VRTDataset", "SRS", "GeoTransform", "GCPList", "GCP", "Metadata", "MDI", "MaskBand", "VRTRasterBand",
    "Description", "UnitType", "Offset", "Scale", "CategoryNames", "Category", "ColorTable", "Entry", "NoDataValue",
    "HideNoDataValue", "ColorInterp", "GDALRasterAttributeTable", "FieldDefn", "Name", "Type", "Usage", "Row", "F",
    "Histograms", "HistItem", "HistMin", "HistMax", "BucketCount", "IncludeOutOfRange", "Approximate", "HistCounts",
    "SimpleSource", "ComplexSource", "AveragedSource", "NoDataFromMaskSource", "KernelFilteredSource", "SourceFilename",
    "SourceBand", "SourceProperties", "SrcRect", "DstRect", "OpenOptions", "OOI", "ScaleOffset", "ScaleRatio", "LUT",
    "NODATA", "ColorTableComponent", "Exponent", "SrcMin", "SrcMax", "DstMin", "DstMax", "Clamp", "UseMaskBand",
    "MaskValueThreshold", "RemappedValue", "Kernel", "Size", "Coefs", "Overview", "OverviewList", "BlockXSize",
    "BlockYSize", "GDALWarpOptions", "WarpMemoryLimit", "ResampleAlg", "WorkingDataType", "Option", "SourceDataset",
    "Transformer", "ApproxTransformer", "MaxError", "BaseTransformer", "GenImgProjTransformer", "SrcGeoTransform",
    "SrcInvGeoTransform", "DstGeoTransform", "DstInvGeoTransform", "ReprojectTransformer", "ReprojectionTransformer",
    "SrcGCPTransformer", "GCPTransformer", "Order", "Reversed", "Refine", "MinimumGcps", "Tolerance",
    "SrcTPSTransformer", "TPSTransformer", "SourceSRS", "TargetSRS", "Options", "BandList", "BandMapping",
    "SrcNoDataReal", "SrcNoDataImag", "DstNoDataReal", "DstNoDataImag", "SrcAlphaBand", "DstAlphaBand", "InitDest",
    "CutlineBlendDist", "Cutline", "MultiThread", "PixelFunctionType", "PixelFunctionArguments", "SourceTransferType",
    "SkipNonContributingSources", "PansharpeningOptions", "Algorithm", "AlgorithmOptions", "Weights", "Resampling",
    "NumThreads", "BitDepth", "NoData", "SpatialExtentAdjustment", "PanchroBand", "SpectralBand", "ImageOffset",
    "PixelOffset", "LineOffset", "ByteOrder", "RelativeToVRT", "DataAxisToSRSAxisMapping",
    // layers
    "OGRVRTDataSource", "OGRVRTLayer", "OGRVRTUnionLayer", "OGRVRTWarpedLayer", "SrcDataSource", "SrcLayer", "SrcSQL",
    "FID", "Style", "GeometryType", "LayerSRS", "GeometryField", "SrcRegion", "Field", "FeatureCount", "ExtentXMin",
    "ExtentXMax", "ExtentYMin", "ExtentYMax", "ExtentFromSources", "WarpedGeomFieldName", "SourceLayerFieldName",
    "PreserveSrcFID", "FieldStrategy", "XYPrecision", "ZPrecision", "MPrecision"};

// What a statement of a VRT may call: nothing that opens a file or a connection.
constexpr std::array sql_functions = {
    "avg",     "cast",   "ceil",    "coalesce",  "concat",      "count",        "distinct", "floor",
    "ifnull",  "length", "lower",   "max",       "min",         "nullif",       "printf",   "round",
    "replace", "sqrt",   "st_area", "st_buffer", "st_centroid", "st_transform", "st_union", "substr",
    "sum",     "trim",   "upper",   "abs",       "in",          "and",          "or",       "not",
    "as",      "from",   "where",   "on",        "by",          "select",       "having",   "then",
    "when",    "else",   "between", "like",      "values",      "exists"};

constexpr std::array ends_of_from = {"select", "where", "on",    "using",     "group",  "order",
                                     "having", "limit", "union", "intersect", "except", "offset"};

// Open options of sources that a VRT may name: how to read, and nothing that runs a statement, opens another file or
// writes one.
constexpr std::array open_options = {"ADJUST_TYPE",
                                     "AUTODETECT_TYPE",
                                     "AUTODETECT_WIDTH",
                                     "DATATYPE",
                                     "EMPTY_STRING_AS_NULL",
                                     "ENCODING",
                                     "FIELD_TYPES",
                                     "GEOM_POSSIBLE_NAMES",
                                     "GEOREF_SOURCES",
                                     "HEADERS",
                                     "HONOUR_VALID_RANGE",
                                     "IGNORE_XY_AXIS_NAME_CHECKS",
                                     "IMMUTABLE",
                                     "KEEP_GEOM_COLUMNS",
                                     "LIST_ALL_TABLES",
                                     "MERGE_SEPARATOR",
                                     "NOLOCK",
                                     "NUM_THREADS",
                                     "OVERVIEW_LEVEL",
                                     "QUOTED_FIELDS_AS_STRING",
                                     "SEPARATOR",
                                     "TABLE",
                                     "VARIABLES_AS_BANDS",
                                     "X_POSSIBLE_NAMES",
                                     "Y_POSSIBLE_NAMES",
                                     "Z_POSSIBLE_NAMES",
                                     "ZOOM_LEVEL"};
// What "vrt://file?..." may say of its file.
constexpr std::array vrt_words = {"bands",   "a_nodata", "a_scale", "a_offset", "a_ullr",  "a_srs",  "a_gt", "ot",
                                  "outsize", "projwin",  "srcwin",  "scale",    "unscale", "expand", "ovr",  "exponent",
                                  "mask",    "r",        "tr",      "sd",       "epo",     "eco",    "nogcp"};

constexpr std::array subdataset_prefixes = {"GTIFF_DIR:", "GTIFF_RAW:", "NETCDF:", "HDF5:", "HDF4_SDS:",   "HDF4_EOS:",
                                            "BAG:",       "GPKG:",      "ZARR:",   "GRIB:", "OpenFileGDB:"};
// File systems of GDAL that look into a local file.
constexpr std::array archive_prefixes = {"/vsizip/", "/vsigzip/", "/vsitar/", "/vsi7z/", "/vsirar/", "/vsisubfile/"};

constexpr int most_levels = 16;
constexpr std::size_t most_files = 200000;
constexpr vsi_l_offset largest_vrt = 64u << 20;

template <class List>
bool holds(const List& list, std::string_view word) {
    return std::any_of(list.begin(), list.end(), [&](const char* entry) { return word == entry; });
}

/// The same without regard to case, as GDAL compares names.
template <class List>
bool holds_word(const List& list, const std::string& word) {
    return std::any_of(list.begin(), list.end(), [&](const char* entry) { return EQUAL(word.c_str(), entry); });
}

bool starts_with(const std::string& text, std::string_view prefix) {
    return text.size() >= prefix.size() && EQUALN(text.c_str(), prefix.data(), prefix.size());
}

/// The drivers of a kind that this GDAL has, as GDALOpenEx takes them.
CPLStringList allowed(InputKind kind) {
    CPLStringList names;
    const auto add = [&names](const auto& list) {
        for (const char* name : list)
            if (GDALGetDriverByName(name)) names.AddString(name);
    };
    if (kind == InputKind::raster)
        add(raster_drivers);
    else
        add(vector_drivers);
    return names;
}

unsigned open_flag(InputKind kind) { return kind == InputKind::raster ? GDAL_OF_RASTER : GDAL_OF_VECTOR; }

/// Follows a path and what it names, and collects the files.
class Follower {
public:
    Follower(std::string root, InputKind kind) : root_(std::move(root)), kind_(kind), drivers_(allowed(kind)) {}
    void follow(const std::string& path, int level);
    std::vector<fs::path> files;

private:
    [[noreturn]] void refuse(const std::string& path, const std::string& why) const {
        throw IoError(root_, path == root_ ? why : "names " + path + ", which " + why);
    }
    void follow_local(const std::string& path, int level);
    /// GDAL opens what lies beside a file as well; a pipe there would hold it up just the same.
    void check_companions(const std::string& path, const fs::path& file) const;
    void follow_vrt(const std::string& path, const std::string& folder, const std::string& text, int level);
    void follow_element(const CPLXMLNode* node, const std::string& path, const std::string& folder, int level);
    void check_sql(const std::string& path, const std::string& statement) const;
    /// The file on this computer that a path leads to, through archives.
    fs::path ordinary_file(const std::string& path) const;

    std::string root_;
    InputKind kind_;
    CPLStringList drivers_;
    std::set<std::string> under_way_;  ///< to see a VRT that includes itself
    std::set<std::string> done_;
};

/// The file that a subdataset's name is about: what stands in quotation marks, or the longest part that exists.
std::string file_of_subdataset(const std::string& path, std::string_view prefix) {
    const std::string rest = path.substr(prefix.size());
    if (const auto quote = rest.find('"'); quote != std::string::npos) {
        const auto end = rest.find('"', quote + 1);
        return end == std::string::npos ? "" : rest.substr(quote + 1, end - quote - 1);
    }
    VSIStatBufL status;
    for (std::size_t start = 0; start != std::string::npos;) {
        for (std::size_t end = rest.size(); end != std::string::npos && end > start;) {
            std::string part = rest.substr(start, end - start);
            if (VSIStatExL(part.c_str(), &status, VSI_STAT_EXISTS_FLAG) == 0) return part;
            const auto colon = rest.rfind(':', end - 1);
            end = colon == std::string::npos || colon < start ? std::string::npos : colon;
        }
        const auto colon = rest.find(':', start);
        start = colon == std::string::npos ? colon : colon + 1;
    }
    return {};
}

fs::path Follower::ordinary_file(const std::string& path) const {
    std::string file = path;
    bool archive = false;
    for (bool stripped = true; stripped;) {
        stripped = false;
        for (const char* prefix : archive_prefixes)
            if (starts_with(file, prefix)) {
                file.erase(0, std::strlen(prefix));
                if (EQUAL(prefix, "/vsisubfile/")) file.erase(0, std::min(file.find(','), file.size() - 1) + 1);
                if (!file.empty() && file.front() == '{') file.erase(0, 1);
                archive = stripped = true;
            }
    }
    std::error_code error;
    if (!archive) return file;
    if (const auto brace = file.find('}'); brace != std::string::npos) file.resize(brace);
    // The archive is the first part of the path that is no folder.
    if (starts_with(file, "/vsi")) refuse(path, "is no local file");
    for (auto slash = file.find('/', 1);; slash = file.find('/', slash + 1)) {
        const std::string part = file.substr(0, slash);
        if (fs::exists(part, error) && !fs::is_directory(part, error)) return part;
        if (slash == std::string::npos) return file;
    }
}

void Follower::follow(const std::string& path, int level) {
    if (level > most_levels) refuse(path, "lies more than " + std::to_string(most_levels) + " files deep");
    if (files.size() > most_files) refuse(path, "is one of more than " + std::to_string(most_files) + " files");
    const auto text_start = path.find_first_not_of(" \t\r\n");
    if (text_start != std::string::npos && path[text_start] == '<') {
        follow_vrt(path, ".", path, level);
        return;
    }
    if (starts_with(path, "vrt://")) {
        const auto question = path.find('?');
        if (question != std::string::npos) {
            const CPLStringList words(CSLTokenizeString2(path.substr(question + 1).c_str(), "&", 0));
            for (int i = 0; i < words.Count(); ++i) {
                const std::string text = words[i], word = text.substr(0, text.find('='));
                // A reference system may be the name of a file.
                const bool file = EQUAL(word.c_str(), "a_srs") && text.find('/') != std::string::npos;
                if (file || !holds_word(vrt_words, word))
                    refuse(path, "says \"" + text + "\", which is not read here; write it to a GeoTIFF first");
            }
        }
        follow(path.substr(6, question == std::string::npos ? question : question - 6), level + 1);
        return;
    }
    VSIStatBufL status;
    std::error_code error;
    if (!fs::exists(path, error))
        for (const char* prefix : subdataset_prefixes)
            if (starts_with(path, prefix)) {
                const std::string file = file_of_subdataset(path, prefix);
                if (file.empty() || VSIStatExL(file.c_str(), &status, VSI_STAT_EXISTS_FLAG) != 0)
                    refuse(path, "leads to no local file");
                follow_local(file, level);
                return;
            }
    follow_local(path, level);
}

void Follower::follow_local(const std::string& path, int level) {
    if (starts_with(path, "/vsimem/")) {
        // Memory of this process; holds what a script has put there.
    } else {
        const fs::path file = ordinary_file(path);
        struct stat info {};
        if (::stat(file.c_str(), &info) != 0) {
            const std::string reason = std::strerror(errno);
            // Names that are no paths at all ("PG:...") get a reason of their own.
            if (errno == ENOENT && path.find(':') != std::string::npos && level > 0) refuse(path, "is no local file");
            refuse(path, std::string("cannot be opened as a ") +
                             (kind_ == InputKind::raster ? "raster" : "table or layer") + " (" + reason + ")");
        }
        if (!S_ISDIR(info.st_mode) && !is_ordinary_file(file))
            refuse(
                path,
                "is no ordinary file (it is a pipe, a socket, a device or a file of the kernel); copy its content to a "
                "file first");
        files.push_back(file);
        if (S_ISREG(info.st_mode)) check_companions(path, file);
    }
    if (under_way_.count(path)) refuse(path, "includes itself");
    if (!done_.insert(path).second) return;

    // A VRT under whatever name.
    std::string head(65536, 0);
    VSILFILE* file = VSIFOpenL(path.c_str(), "rb");
    if (file) {
        head.resize(VSIFReadL(head.data(), 1, head.size(), file));
        const bool vrt = head.find("<VRTDataset") != std::string::npos || head.find("<OGRVRT") != std::string::npos;
        std::string text;
        bool whole = true;
        if (vrt) {
            VSIFSeekL(file, 0, SEEK_END);
            const vsi_l_offset size = VSIFTellL(file);
            whole = size <= largest_vrt;
            if (whole) {
                text.resize(static_cast<std::size_t>(size));
                VSIFSeekL(file, 0, SEEK_SET);
                text.resize(VSIFReadL(text.data(), 1, text.size(), file));
            }
        }
        VSIFCloseL(file);
        if (!whole) refuse(path, "is a VRT larger than 64 MiB");
        if (vrt) {
            under_way_.insert(path);
            const auto slash = path.find_last_of('/');
            follow_vrt(path, slash == std::string::npos ? "." : path.substr(0, slash), text, level);
            under_way_.erase(path);
            return;
        }
    }
    if (level == 0) return;  // GDALOpenEx gets the list itself, and says what is wrong with the file
    // A VRT opens its sources with whatever driver takes them: that must be one of the list.
    const GdalMessages messages;
    for (const InputKind kind : {InputKind::raster, InputKind::vector}) {
        GDALDriverH driver = GDALIdentifyDriverEx(path.c_str(), open_flag(kind), nullptr, nullptr);
        if (!driver) continue;
        const char* name = GDALGetDriverShortName(driver);
        if (!holds(raster_drivers, name) && !holds(vector_drivers, name))
            refuse(path, std::string("is of the format ") + name + ", which is not read through a VRT");
        std::error_code error;
        if (EQUAL(name, "GML") && !fs::exists(fs::path(path).replace_extension(".gfs"), error) &&
            !fs::exists(fs::path(path).replace_extension(".xsd"), error))
            refuse(path,
                   "is a GML file without its schema, for which a .gfs would be written beside it; give the "
                   "file itself, or convert it first (ogr2ogr)");
    }
}

/// True where a program holds a lock on a file. Opening it to ask would take away the locks that this very process may
/// hold on it (QGIS with the layer on its map), so the system's list is read; without one, the answer is `otherwise`.
bool is_locked(const fs::path& file, bool otherwise) {
    struct stat info {};
    if (::stat(file.c_str(), &info) != 0) return false;
    std::ifstream locks("/proc/locks");
    if (!locks) return otherwise;
    const std::string inode = ":" + std::to_string(info.st_ino) + " ";
    for (std::string line; std::getline(locks, line);)
        if (line.find(inode) != std::string::npos) return true;
    return false;
}

void Follower::check_companions(const std::string& path, const fs::path& file) const {
    // A log that no program holds is what one left that was killed: SQLite would put it into the database on closing.
    const fs::path log = file.string() + "-wal";
    std::error_code error;
    if (fs::is_regular_file(log, error) && fs::file_size(log, error) > 0 && !is_locked(file.string() + "-shm", true) &&
        !is_locked(file, true))
        refuse(path, "is a database that was not closed: part of it is still in " + log.string() +
                         ", and reading it would change the file; open and close it once in the program that wrote "
                         "it (QGIS, sqlite3), or copy both files and do so with the copy");
    const auto check = [&](const fs::path& companion) {
        struct stat info {};
        if (::stat(companion.c_str(), &info) == 0 && !S_ISDIR(info.st_mode) && !is_ordinary_file(companion))
            refuse(path, "has beside it " + companion.string() + ", which is no ordinary file; move it away");
    };
    for (const char* suffix : {".aux.xml", ".ovr", ".msk", ".hdr", "-wal", "-shm", "-journal"})
        check(file.string() + suffix);
    for (const char* ending : {".aux", ".rrd", ".ovr",  ".hdr", ".tfw", ".wld", ".prj", ".clr", ".dbf", ".shx", ".shp",
                               ".cpg", ".qix", ".csvt", ".dat", ".map", ".id",  ".ind", ".mid", ".xsd", ".gfs", ".ige"})
        check(fs::path(file).replace_extension(ending));
}

void Follower::follow_vrt(const std::string& path, const std::string& folder, const std::string& text, int level) {
    CPLXMLNode* const tree = [&] {
        const GdalMessages messages;
        return CPLParseXMLString(text.c_str());
    }();
    if (!tree) refuse(path.substr(0, 60), "is no valid XML");
    try {
        for (const CPLXMLNode* node = tree; node; node = node->psNext) follow_element(node, path, folder, level);
    } catch (...) {
        CPLDestroyXMLNode(tree);
        throw;
    }
    CPLDestroyXMLNode(tree);
}

void Follower::follow_element(const CPLXMLNode* node, const std::string& path, const std::string& folder, int level) {
    if (node->eType == CXT_Attribute) return;
    if (node->eType != CXT_Element) return;
    const std::string name = node->pszValue;
    if (!name.empty() && name[0] == '?') return;  // <?xml ...?>
    const std::string shown = path.substr(0, 200);
    if (!holds_word(vrt_elements, name))
        refuse(shown, "is a VRT with the element <" + name +
                          ">, which is not read here; write it to a GeoTIFF first "
                          "(gdal_translate)");
    const auto value = [&] {
        const char* found = CPLGetXMLValue(node, nullptr, "");
        return std::string(found ? found : "");
    };
    const auto is = [&](const char* wanted) { return EQUAL(name.c_str(), wanted); };
    if (is("SourceFilename") || is("SourceDataset") || is("SrcDataSource")) {
        std::string source = value();
        const char* const relative = CPLGetXMLValue(node, "relativeToVRT", CPLGetXMLValue(node, "relativetoVRT", "0"));
        if (CPLTestBool(relative) && !source.empty() && source[0] != '/' && source[0] != '<' &&
            source.find(':') == std::string::npos)
            source = folder + "/" + source;
        if (!source.empty()) follow(source, level + 1);
    } else if (is("SrcSQL")) {
        check_sql(shown, value());
    } else if (is("OOI")) {
        if (const std::string key = CPLGetXMLValue(node, "key", ""); !holds_word(open_options, key))
            refuse(shown,
                   "is a VRT with the open option " + key +
                       ", which is not used here; write it to a file of its own first (gdal_translate, ogr2ogr)");
    } else if (is("Metadata")) {
        const std::string domain = CPLGetXMLValue(node, "domain", "");
        if (EQUAL(domain.c_str(), "GEOLOCATION") || EQUAL(domain.c_str(), "OVERVIEWS") || EQUAL(domain.c_str(), "RPC"))
            refuse(shown, "is a VRT with metadata " + domain +
                              ", which is not read here; write it to a GeoTIFF first "
                              "(gdalwarp)");
        return;  // texts for people
    }
    for (const CPLXMLNode* child = node->psChild; child; child = child->psNext)
        follow_element(child, path, folder, level);
}

void Follower::check_sql(const std::string& path, const std::string& statement) const {
    const auto why = [&](const std::string& what) {
        refuse(path, "is a VRT whose SrcSQL " + what + "; save the result to a file (ogr2ogr -sql) and give that");
    };
    const auto first = statement.find_first_not_of(" \t\r\n");
    if (first == std::string::npos || !EQUALN(statement.c_str() + first, "select", 6)) why("is no SELECT");
    // What programs take in different ways (an escaped quotation mark, a comment) could hide the rest from this look.
    for (const char* const sign : {"\\", "--", "/*", ";", "["})
        if (statement.find(sign) != std::string::npos) why("holds a comment, an escape or more than one statement");
    const auto is_word = [](char c) {
        return c == '_' || std::isalnum(static_cast<unsigned char>(c)) || static_cast<unsigned char>(c) >= 0x80;
    };
    std::string last;  // the word before, in lower case; a quoted one as a quotation mark; empty behind other signs
    bool in_from = false;
    std::vector<bool> outside;  // in_from around each bracket
    for (std::size_t at = 0; at < statement.size();) {
        const char c = statement[at];
        if (c == '\'' || c == '"' || c == '`') {
            const auto end = statement.find(c, at + 1);
            if (end == std::string::npos) why("has a quotation mark without its twin");
            const std::string quoted = statement.substr(at + 1, end - at - 1);
            const auto next = statement.find_first_not_of(" \t\r\n", end + 1);
            // 'another data source'.table
            if (next != std::string::npos && statement[next] == '.' &&
                !std::all_of(quoted.begin(), quoted.end(), [&](char each) { return is_word(each) || each == ' '; }))
                why("reaches for another data source (" + quoted + ")");
            last = "\"";
            at = end + 1;
        } else if (is_word(c)) {
            const std::size_t start = at;
            while (at < statement.size() && is_word(statement[at])) ++at;
            last = statement.substr(start, at - start);
            for (char& letter : last) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
            if (last == "from" || last == "join")
                in_from = true;
            else if (holds(ends_of_from, last))
                in_from = false;
        } else {
            if (c == '(' && !last.empty() && !holds(sql_functions, last)) why("calls a function (" + last + ")");
            if (c == '(') outside.push_back(in_from);
            if (c == ')' && !outside.empty()) {
                in_from = outside.back();
                outside.pop_back();
            }
            if (c == '.' && in_from && !last.empty()) why("reaches for another data source (" + last + ")");
            if (!std::isspace(static_cast<unsigned char>(c))) last.clear();
            ++at;
        }
    }
}

/// True for an SQLite database that keeps a write-ahead log when it is in use, and is not in use now: it is then
/// opened as one that nobody changes, so that no log is made beside it.
bool is_idle_database(const std::string& path) {
    std::error_code error;
    VSILFILE* file = VSIFOpenL(path.c_str(), "rb");
    if (!file) return false;
    std::array<char, 20> head{};
    const bool whole = VSIFReadL(head.data(), 1, head.size(), file) == head.size();
    VSIFCloseL(file);
    return whole && std::memcmp(head.data(), "SQLite format 3", 16) == 0 && head[18] == 2 &&
           !fs::exists(path + "-wal", error);
}

bool holds_gml(const std::string& path) {
    const GdalMessages messages;
    GDALDriverH gml = GDALGetDriverByName("GML");
    return gml && GDALIdentifyDriverEx(path.c_str(), GDAL_OF_VECTOR, nullptr, nullptr) == gml;
}

}  // namespace

bool is_ordinary_file(const fs::path& file) {
    struct stat info {};
    struct statfs system {};
    if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return false;
    if (::statfs(file.c_str(), &system) != 0) return true;
    // From linux/magic.h: proc, sysfs, debugfs, tracefs.
    constexpr std::array kernel = {0x9fa0L, 0x62656572L, 0x64626720L, 0x74726163L};
    return std::find(kernel.begin(), kernel.end(), static_cast<long>(system.f_type)) == kernel.end();
}

std::vector<fs::path> check_input(const std::string& path, InputKind kind) {
    if (is_remote(path)) return {};
    start_gdal();
    const NoNetwork offline(true);
    Follower follower(path, kind);
    follower.follow(path, 0);
    return std::move(follower.files);
}

DatasetPtr open_checked(const std::string& path, InputKind kind) {
    const unsigned flags = open_flag(kind) | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR;
    if (is_remote(path)) return DatasetPtr(GDALOpenEx(path.c_str(), flags, nullptr, nullptr, nullptr));
    const NoNetwork offline(true);
    CPLStringList options;
    if (is_idle_database(path)) options.AddNameValue("IMMUTABLE", "YES");
    // What GDAL finds out of a GML file without a schema it would keep in a .gfs beside it.
    if (kind == InputKind::vector && holds_gml(path)) options.AddNameValue("WRITE_GFS", "NO");
    if (kind == InputKind::vector)
        for (const auto& option : raw_text_options(path)) options.AddString(option.c_str());
    DatasetPtr dataset(GDALOpenEx(path.c_str(), flags, allowed(kind).List(), options.List(), nullptr));
    if (!dataset || kind != InputKind::raster) return dataset;
    // What a file or its .aux.xml may name besides: rasters that GDAL opens by itself later.
    for (const auto& [domain, item] :
         {std::pair{"OVERVIEWS", "OVERVIEW_FILE"}, {"GEOLOCATION", "X_DATASET"}, {"GEOLOCATION", "Y_DATASET"}}) {
        const char* const named = GDALGetMetadataItem(dataset.get(), item, domain);
        if (!named || !*named) continue;
        std::string file = named;
        constexpr std::string_view beside = ":::BASE:::";
        if (starts_with(file, beside)) file = (fs::path(path).parent_path() / file.substr(beside.size())).string();
        // Some drivers name the place where overviews would be.
        VSIStatBufL status;
        if (file[0] == '/' && !starts_with(file, "/vsi") &&
            VSIStatExL(file.c_str(), &status, VSI_STAT_EXISTS_FLAG) != 0)
            continue;
        try {
            check_input(file, InputKind::raster);
            if (is_remote(file)) throw IoError(file, "is remote");
        } catch (const IoError& error) {
            throw IoError(path, std::string("names in its metadata ") + domain +
                                    " a raster that cannot be used: " + error.what());
        }
    }
    return dataset;
}

std::vector<fs::path> files_of_input(const std::string& path, InputKind kind) {
    std::vector<fs::path> files;
    try {
        files = check_input(path, kind);
        const GdalMessages messages;
        std::set<fs::path> asked;
        // By index: the list grows.
        for (std::size_t i = 0; i <= files.size(); ++i) {
            const std::string name = i == 0 ? path : files[i - 1].string();
            if (is_remote(name) || !asked.insert(name).second) continue;
            for (const InputKind each : {InputKind::raster, InputKind::vector}) {
                if (i == 0 && each != kind) continue;
                std::error_code error;
                if (i > 0 && fs::is_directory(name, error)) continue;
                const NoNetwork offline(true);
                const DatasetPtr dataset = open_checked(name, each);
                if (!dataset) continue;
                const CPLStringList list(GDALGetFileList(dataset.get()));
                for (int k = 0; k < list.Count(); ++k)
                    if (fs::exists(list[k], error)) files.emplace_back(list[k]);
                break;
            }
        }
    } catch (const std::exception&) {
        // The room opens it again and says what is wrong.
    }
    return files;
}

}  // namespace landcarbon
