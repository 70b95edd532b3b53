// Land Carbon Toolbox: collecting the values of a map, to find breaks between classes from them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_sampling.hpp"

#include <algorithm>

#include "engine/run.hpp"

namespace landcarbon {

void describe_sample(Spec& spec, SampleChoices& choices) {
    spec.integer("sample", choices.sample)
        .named("Sample")
        .says(
            "A map with no more distinct values than this is taken as a whole: breaks are exact. Of one with more, "
            "this "
            "many cells are drawn at random and the breaks are found from them; the report says which.")
        .at_least(100)
        .at_most(1000000)
        .advanced();
    spec.integer("seed", choices.seed)
        .named("Seed")
        .says("Which cells are drawn where a sample is needed. The same seed draws the same cells on every machine.")
        .at_least(0)
        .advanced();
}

ClassBreaks find_breaks(Run& run, const ValueSample& sample, BreakMethod method, int classes,
                        const WholeFigures& whole) {
    ClassBreakFinder finder(sample.values(), classes, whole);
    const std::size_t distinct = finder.values().size();
    if (method == BreakMethod::natural)
        run.hold(NaturalBreaks::bytes(distinct, classes),
                 "finding natural breaks of " + std::to_string(distinct) + " different values");
    ClassBreaks breaks;
    run.compute([&](const std::function<void(double)>& share) {
        double polls = 0;
        finder.poll_with([&] { share(std::min(1.0, ++polls / NaturalBreaks::polls(distinct, classes))); });
        breaks = finder.find(method, classes);
    });
    return breaks;
}

std::string sample_text(const ValueSample& sample, const SampleChoices& choices) {
    const std::string cells = std::to_string(sample.count()) + " cells with a value";
    const CountedValues values = sample.values();
    if (sample.is_complete())
        return "all " + cells + ", " + std::to_string(values.size()) + " distinct values; each cell counts once";
    return "a random sample of " + std::to_string(values.total()) + " of the " + cells + ", drawn with SEED " +
           std::to_string(choices.seed) + "; lowest and highest value are those of all cells";
}

}  // namespace landcarbon
