// Land Carbon Toolbox: the arguments that every algorithm has.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/run_options.hpp"

namespace landcarbon {

std::string RunOptions::as_called(std::string text) const {
    for (const auto& [path, name] : copies)
        for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + name.size()))
            text.replace(at, path.size(), name);
    return text;
}

void describe_run_options(Spec& spec, RunOptions& options) {
    spec.flag("align", options.align)
        .named("Align rasters")
        .says(
            "Resample rasters to the grid of the first one while they are read. If omitted, rasters that do not share "
            "one grid are refused.")
        .advanced();
    if (spec.reads_rasters()) {
        spec.choice("resampling", options.resampling,
                    {{{"auto", "By cell size"}, Resampling::automatic},
                     {{"nearest", "Nearest cell"}, Resampling::nearest},
                     {{"mode", "Majority (classes)"}, Resampling::mode},
                     {{"bilinear", "Bilinear (measurements)"}, Resampling::bilinear},
                     {{"average", "Average by area (measurements)"}, Resampling::average}})
            .named("Resampling")
            .says(
                "How ALIGN resamples values. auto: where the cells of the grid are 1.5 times as wide as those of the "
                "raster or more, the majority for classes and the average by area for measurements; else the nearest "
                "cell for classes and bilinear for measurements. bilinear and average hold for measurements, mode "
                "holds for classes; the other kind then goes as with auto. NoData never enters a value.")
            .advanced();
        spec.text("nodata", options.nodata)
            .named("NoData values")
            .says(
                "Numbers that stand for no data, beside the NoData value that the files declare: numbers and ranges "
                "separated by commas, as in -9999 or 0,32761..32767. The name of a parameter before a number restricts "
                "it to the rasters of that parameter, as in DRIVERS:-9999. Numbers are as the file stores them, before "
                "scale and offset.")
            .optional()
            .advanced();
        spec.text("valid_range", options.valid_range)
            .named("Valid range")
            .says(
                "The valid values of measurements, as in 0..10000 or 0.. without an upper end; all others are no data. "
                "Several ranges with the names of parameters before them, separated by commas, hold for the rasters of "
                "those parameters, as in SERIES:-2000..10000. Numbers are as the file stores them. Instead of a range, "
                "the name of a MODIS product: mod11, mod13, mod15, mod16, mod17. Class rasters are affected only where "
                "their parameter is named.")
            .optional()
            .advanced();
    }
    spec.real("cell_area", options.cell_area)
        .named("Cell area")
        .says(
            "Area of one cell, only for rasters that have no coordinate reference system. Rasters with one always "
            "use the exact area of their cells.")
        .in("m2")
        .above(0)
        .advanced();
    spec.text("creation_options", options.creation_options)
        .named("Creation options")
        .says("Options for the raster format, as NAME=VALUE joined by |, for example COMPRESS=ZSTD|PREDICTOR=2.")
        .optional()
        .advanced();
    spec.text("encoding", options.encoding)
        .named("Encoding")
        .says(
            "Encoding of text in tables and vector layers that are not UTF-8 and do not declare their own, for example "
            "GB18030, Big5, Shift_JIS or EUC-KR. If omitted, the likeliest one is taken, with a warning. Outputs are "
            "always UTF-8.")
        .optional()
        .advanced();
    spec.integer("threads", options.threads)
        .named("Threads")
        .says("Number of processor cores to use; 0 means all. The result does not depend on it.")
        .at_least(0)
        .at_most(1024)
        .advanced();
    spec.integer("memory", options.memory)
        .named("Memory")
        .says("Memory for buffers; 0 means 512 MiB. The result does not depend on it.")
        .in("MiB")
        .at_least(0)
        .advanced();
}

}  // namespace landcarbon
