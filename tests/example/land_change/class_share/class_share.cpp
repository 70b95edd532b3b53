// Land Carbon Toolbox: example of a room: shares of the classes of a land-cover map; the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/class_share/class_share.hpp"

#include <cmath>
#include <numbers>

#include "engine/class_summary.hpp"
#include "engine/run.hpp"
#include "engine/table_columns.hpp"

namespace landcarbon {

double shannon_diversity(const std::vector<double>& shares) {
    double sum = 0;
    for (const double share : shares)
        if (share > 0) sum -= share * std::log(share);
    return sum;
}

namespace {

struct Inputs {
    Layer land_cover;
    ClassTable names;
    const CellAreas* areas;
};

/// The first raster sets the grid. The table is read before the pass, so that its errors come early.
Inputs open(const ClassShareOptions& options, Run& run) {
    Inputs in{run.classes(options.land_cover), {}, &run.areas()};
    if (options.classes.given()) in.names = read_classes(run.table(options.classes));
    return in;
}

/// One pass over the cells. The engine reads, runs the threads, shows progress and sees a cancel.
ClassTally count(const Inputs& in, Run& run) {
    return run.reduce({in.land_cover}, run.class_tally(),
                      [&](ClassTally& counts, const Block& block) { run.add_rows(counts, block, block.classes(0)); });
}

/// In ascending order of class.
ClassSummary results_of(const ClassTally& counts, const Inputs& in, Run& run) {
    ClassSummary classes;
    for (const ClassLabel& label : run.class_labels(in.names)) {
        const std::size_t slot = run.class_codes().slot(label.code);
        classes.add(label, counts.count(slot), counts.area(slot, in.areas->cell()));
    }
    return classes;
}

OutputTable shares_of(const ClassSummary& classes) {
    return TableColumns<ClassPart>()
        .add("class", &ClassPart::code)
        .add("name", &ClassPart::name)
        .add("area_ha", &ClassPart::hectares)
        .add("share", &ClassPart::share)
        .of(classes.parts());
}

}  // namespace

void class_share(ClassShareOptions& options, Run& run) {
    const Inputs in = open(options, run);
    const ClassSummary classes = results_of(count(in, run), in, run);
    if (classes.empty()) throw wrong(options.land_cover, "no cell has a class");
    std::vector<double> shares;
    for (const ClassPart& part : classes.parts()) shares.push_back(part.share);
    const bool bits = options.unit == DiversityUnit::bits;
    run.convention("diversity", bits ? "in bits (logarithm to base 2)" : "in nats (natural logarithm)");
    options.total_area_ha = classes.all().hectares();
    options.diversity = shannon_diversity(shares) / (bits ? std::numbers::ln2 : 1);
    run.write(options.shares, shares_of(classes));
}

}  // namespace landcarbon
