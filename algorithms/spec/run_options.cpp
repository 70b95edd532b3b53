// Land Carbon Toolbox: the arguments that every algorithm has.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/run_options.hpp"

namespace landcarbon {

void describe_run_options(Spec& spec, RunOptions& options) {
    spec.flag("align", options.align)
        .named("Align rasters")
        .says(
            "Warp rasters on the fly to the grid of the first one: nearest neighbour for classes, bilinear for "
            "measurements. Without it, rasters that do not share one grid are refused.")
        .advanced();
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
            "Encoding of text in tables and vector layers that are not UTF-8 and do not say their own, for example "
            "GB18030, Big5, Shift_JIS or EUC-KR. If omitted, the likeliest one is taken, with a warning. Outputs are "
            "always UTF-8.")
        .optional()
        .advanced();
    spec.integer("threads", options.threads)
        .named("Threads")
        .says("How many processor cores to use; 0 means all. The result does not depend on it.")
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
