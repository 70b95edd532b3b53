// Land Carbon Toolbox: example of a room: shares of the classes of a land-cover map; the maths and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_change/class_share/class_share.hpp"

#include <cmath>
#include <numbers>

#include "engine/run.hpp"

namespace landcarbon {

double shannon_diversity(const std::vector<double>& shares) {
    double sum = 0;
    for (const double share : shares)
        if (share > 0) sum -= share * std::log(share);
    return sum;
}

void class_share(ClassShareOptions& options, Run& run) {
    // Inputs: the first raster sets the grid; the table is read before the pass, so that its errors come early.
    const Layer land_cover = run.classes(options.land_cover);
    std::map<std::int64_t, ClassInfo> names;
    if (options.classes.given()) names = read_classes(run.table(options.classes));
    const CellAreas& areas = run.areas();

    // One pass over the cells. The engine reads, runs the threads, shows progress and sees a cancel.
    const ClassTally tally = run.reduce({land_cover}, run.class_tally(), [&](ClassTally& counts, const Block& block) {
        run.add_rows(counts, block, block.classes(0));
    });

    // Results, in ascending order of class.
    const std::vector<ClassLabel> labels = run.class_labels(names);
    FixedArea total;
    std::vector<FixedArea> area_of_class;
    for (const auto& label : labels) {
        area_of_class.push_back(tally.area(run.class_codes().slot(label.code), areas.cell()));
        total += area_of_class.back();
    }
    if (total == FixedArea()) throw wrong(options.land_cover, "no cell has a class");

    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer}, {"name", Type::text}, {"area_ha", Type::real}, {"share", Type::real}});
    std::vector<double> shares;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        shares.push_back(area_of_class[i].hectares() / total.hectares());
        table.add({labels[i].code, labels[i].name, area_of_class[i].hectares(), shares[i]});
    }
    run.write(options.shares, table);
    options.total_area_ha = total.hectares();
    const double nats = shannon_diversity(shares);
    options.diversity = options.unit == DiversityUnit::bits ? nats / std::numbers::ln2 : nats;
    run.convention("diversity", options.unit == DiversityUnit::bits ? "in bits (logarithm to base 2)"
                                                                    : "in nats (natural logarithm)");
}

}  // namespace landcarbon
