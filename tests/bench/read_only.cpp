// Land Carbon Toolbox: the yardstick of the benchmarks: reads rasters through GDAL with two threads, nothing else.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <gdal.h>

#include <algorithm>
#include <cstdio>
#include <thread>
#include <vector>

int main(int argc, char** argv) {
    GDALAllRegister();
    constexpr int threads = 2;
    constexpr int rows = 256;
    std::vector<std::thread> readers;
    for (int k = 0; k < threads; ++k)
        readers.emplace_back([&, k] {
            std::vector<GDALDatasetH> files;
            for (int i = 1; i < argc; ++i) files.push_back(GDALOpen(argv[i], GA_ReadOnly));
            const int width = GDALGetRasterXSize(files[0]);
            const int height = GDALGetRasterYSize(files[0]);
            const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(files[0], 1));
            std::vector<unsigned char> buffer(static_cast<std::size_t>(width) * rows *
                                              static_cast<std::size_t>(GDALGetDataTypeSizeBytes(type)));
            for (int y = k * rows; y < height; y += rows * threads)
                for (GDALDatasetH file : files) {
                    const int count = std::min(rows, height - y);
                    if (GDALRasterIO(GDALGetRasterBand(file, 1), GF_Read, 0, y, width, count, buffer.data(), width,
                                     count, type, 0, 0) != CE_None)
                        std::fprintf(stderr, "reading failed\n");
                }
            for (GDALDatasetH file : files) GDALClose(file);
        });
    for (auto& reader : readers) reader.join();
}
