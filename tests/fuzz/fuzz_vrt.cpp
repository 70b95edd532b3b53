// Land Carbon Toolbox: fuzz target: any bytes as a VRT of a raster or of a layer. Whatever it says, it opens no connection
// and makes no file; nothing but landcarbon::Error may come out.
// SPDX-License-Identifier: GPL-2.0-or-later
//
// The VRT lies in a folder with files that it may name: tile.tif, table.csv, data.sqlite (a table t), inner.vrt.
// Connections are caught where all libraries make them, in connect() and getaddrinfo().
#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>

#include "engine/gdal.hpp"
#include "engine/input_files.hpp"
#include "expect.hpp"
#include "spec/errors.hpp"

namespace {

using namespace landcarbon;
namespace fs = std::filesystem;

fs::path folder;
std::set<std::string> before;

std::set<std::string> names() {
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        found.insert(entry.path().string() + " " + (entry.is_regular_file() ? std::to_string(entry.file_size()) : ""));
    return found;
}

void make_files() {
    std::ofstream("table.csv") << "class,factor\n1,2\n2,3\n";
    std::ofstream("inner.vrt") << "<VRTDataset rasterXSize='4' rasterYSize='4'><VRTRasterBand dataType='Byte' band='1'>"
                                  "<SimpleSource><SourceFilename relativeToVRT='1'>tile.tif</SourceFilename>"
                                  "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>";
    const DatasetPtr tile(GDALCreate(GDALGetDriverByName("GTiff"), "tile.tif", 4, 4, 1, GDT_Byte, nullptr));
    expect(tile != nullptr, "a tile can be made");
    const DatasetPtr database(GDALCreate(GDALGetDriverByName("SQLite"), "data.sqlite", 0, 0, 0, GDT_Unknown, nullptr));
    expect(database != nullptr, "a database can be made");
    OGRLayerH layer = GDALDatasetCreateLayer(database.get(), "t", nullptr, wkbNone, nullptr);
    const FieldPtr field(OGR_Fld_Create("class", OFTInteger));
    OGR_L_CreateField(layer, field.get(), 1);
    const FeaturePtr feature(OGR_F_Create(OGR_L_GetLayerDefn(layer)));
    OGR_F_SetFieldInteger(feature.get(), 0, 1);
    static_cast<void>(OGR_L_CreateFeature(layer, feature.get()));
}

/// Reads a little of what has passed the check, so that sources are opened as well.
void read(const std::string& path, InputKind kind) {
    for (const auto& file : check_input(path, kind)) expect(fs::exists(file), "an accepted source is there");
    const GdalMessages messages;
    const NoNetwork offline(true);
    const DatasetPtr dataset = open_checked(path, kind);
    if (!dataset) return;
    if (kind == InputKind::raster && GDALGetRasterCount(dataset.get()) > 0) {
        float cells[4] = {};
        const int width = std::min(2, GDALGetRasterXSize(dataset.get()));
        static_cast<void>(GDALRasterIO(GDALGetRasterBand(dataset.get(), 1), GF_Read, 0, 0, width, 1, cells, width, 1,
                                       GDT_Float32, 0, 0));
    }
    for (int i = 0; kind == InputKind::vector && i < std::min(3, GDALDatasetGetLayerCount(dataset.get())); ++i)
        if (OGRLayerH layer = GDALDatasetGetLayer(dataset.get(), i)) {
            const FeaturePtr feature(OGR_L_GetNextFeature(layer));
        }
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int connect(int, const sockaddr* address, socklen_t) {
    expect(!address || address->sa_family == AF_UNIX, "no connection is made");
    errno = ECONNREFUSED;
    return -1;
}

extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* node, const char*, const addrinfo*,
                                                                  addrinfo**) {
    std::fprintf(stderr, "%s is looked up\n", node ? node : "?");
    expect(false, "no address is looked up");
    return EAI_FAIL;
}

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    expect(dlsym(RTLD_DEFAULT, "connect") == reinterpret_cast<void*>(&connect),
           "libraries connect through this program");
    start_gdal();
    folder = fs::temp_directory_path() / ("landcarbon_fuzz_vrt_" + std::to_string(::getpid()));
    fs::create_directory(folder);
    fs::current_path(folder);  // names of files in arguments must be whole paths
    make_files();
    std::atexit([] {
        std::error_code error;
        fs::remove_all(folder, error);
    });
    before = names();
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string path = (folder / "x.vrt").string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
    for (const InputKind kind : {InputKind::raster, InputKind::vector}) {
        try {
            read(path, kind);
        } catch (const Error& error) {
            expect(error.what()[0] != '\0', "an error has a text");
        }
    }
    fs::remove(path);
    if (names() != before) {
        for (const auto& name : names())
            if (!before.count(name)) std::fprintf(stderr, "made: %s\n", name.c_str());
        expect(false, "no file is made or changed");
    }
    return 0;
}
