// Land Carbon Toolbox: the yardstick of the benchmarks: reads rasters through GDAL with two threads, nothing else.
// All bands of all files, a strip of rows at a time.
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
            std::vector<unsigned char> buffer;
            for (int y = k * rows; y < height; y += rows * threads)
                for (GDALDatasetH file : files)
                    for (int band = 1; band <= GDALGetRasterCount(file); ++band) {
                        const int count = std::min(rows, height - y);
                        const GDALDataType type = GDALGetRasterDataType(GDALGetRasterBand(file, band));
                        buffer.resize(static_cast<std::size_t>(width) * rows *
                                      static_cast<std::size_t>(GDALGetDataTypeSizeBytes(type)));
                        if (GDALRasterIO(GDALGetRasterBand(file, band), GF_Read, 0, y, width, count, buffer.data(),
                                         width, count, type, 0, 0) != CE_None)
                            std::fprintf(stderr, "reading failed\n");
                    }
            for (GDALDatasetH file : files) GDALClose(file);
        });
    for (auto& reader : readers) reader.join();
}
