// Land Carbon Toolbox: whether bands and columns hold classes or measurements: by what they look like, or as users say.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/band_kinds.hpp"

#include <algorithm>

#include "engine/run.hpp"

namespace landcarbon {

KindLook look_of_whole_numbers(std::size_t different, bool at_least, std::size_t observations) {
    // Land-cover schemes of one level have up to about thirty classes. Strata of one or two observations explain
    // anything.
    constexpr std::size_t most_classes = 30, always_classes = 10;
    KindLook look;
    look.continuous =
        different > most_classes || (different > always_classes && observations > 0 && different > observations / 2);
    look.doubtful = look.continuous;
    look.why = std::to_string(different) + (at_least ? " or more" : "") + " different whole numbers";
    return look;
}

/// What a band looks like: floating-point numbers, classes with names or colours, or whole numbers.
KindLook look_of_band(const Layer& layer) {
    const auto labels = layer.file().labels(layer.band());
    const bool named =
        std::any_of(labels.begin(), labels.end(), [](const ClassLabel& label) { return !label.name.empty(); });
    constexpr std::size_t most = 1000;
    if (layer.is_floating()) {
        // Programs keep classes as floating-point numbers as well.
        const std::size_t different = layer.different_values(most);
        if (!look_of_whole_numbers(different, false, 0).continuous) {
            if (named && layer.holds_whole_numbers()) return {false, "classes with names", false};
            const double cells = static_cast<double>(layer.file().grid().width) * layer.file().grid().height;
            return {true, std::to_string(different) + " different floating-point numbers",
                    different > 1 && 4 * static_cast<double>(different) < cells};
        }
        return {true, "floating-point numbers", false};
    }
    if (named) return {false, "classes with names", false};
    if (!labels.empty() && !is_colour_ramp(labels)) return {false, "classes with colours", false};
    const std::size_t different = layer.different_values(most);
    return look_of_whole_numbers(different, different == most, 0);
}

std::vector<bool> choose_continuous(const std::vector<std::string>& names, const std::string& given_continuous,
                                    const std::string& given_categorical, const std::vector<KindLook>& looks,
                                    const KindWords& words, Run& run) {
    const auto continuous = split_list(given_continuous), categorical = split_list(given_categorical);
    const auto is = [](const std::vector<std::string>& entries, const char* word) {
        return entries.size() == 1 && entries.front() == word;
    };
    const bool all = is(continuous, "all") || is(categorical, "none");
    const bool none = is(continuous, "none") || is(categorical, "all");
    std::vector<bool> by_user(names.size(), all || none), measured(names.size()), named(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) measured[i] = all || (!none && looks[i].continuous);
    const auto mark = [&](const std::vector<std::string>& entries, const char* parameter, bool as) {
        if (is(entries, "all") || is(entries, "none")) return;
        for (const auto& entry : entries) {
            const std::size_t i = named_by(entry, names, parameter, words);
            if (named[i] && measured[i] != as)
                throw wrong("categorical",
                            "\"" + entry + "\" is in CONTINUOUS as well; name each " + words.one + " in one of them");
            measured[i] = as;
            by_user[i] = named[i] = true;
        }
    };
    mark(continuous, "continuous", true);
    mark(categorical, "categorical", false);
    std::string told;
    std::vector<std::size_t> doubted[2];  ///< taken as classes, as measurements
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string as = measured[i] ? "a measurement" : "classes";
        told += (i ? "; " : "") + names[i] + ": " + as + " (" + (by_user[i] ? "as given" : looks[i].why) + ")";
        if (!by_user[i] && looks[i].doubtful) doubted[measured[i] ? 1 : 0].push_back(i);
    }
    for (const bool as_measured : {true, false}) {
        const auto& alike = doubted[as_measured ? 1 : 0];
        if (alike.empty()) continue;
        const bool one = alike.size() == 1;
        std::vector<std::string> called;
        for (const std::size_t i : alike)
            called.push_back("\"" + names[i] + "\"" + (one ? "" : " (" + looks[i].why + ")"));
        const std::string it = one ? "it" : "them";
        run.warn(
            parameter_name(words.many) + ": " + listed(called) +
            (one ? " holds " + looks[alike[0]].why + " and was taken as " + (as_measured ? "a measurement" : "classes")
                 : " were taken as " + std::string(as_measured ? "measurements" : "classes")) +
            (as_measured ? (one ? words.then_one : words.then_many) +
                               std::string(". If the numbers are codes of classes, name ") + it + " in CATEGORICAL"
                         : ". If they are measurements, name " + it + " in CONTINUOUS"));
    }
    run.convention(words.many, told);
    std::string begin = words.many;
    begin[0] = static_cast<char>(begin[0] - 'a' + 'A');
    run.info(begin + ": " + told + ". CONTINUOUS and CATEGORICAL say otherwise");
    return measured;
}

std::size_t named_by(const std::string& entry, const std::vector<std::string>& names, const std::string& parameter,
                     const KindWords& words) {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == entry) return i;
    const auto number = parse_integer(entry);
    if (number && *number >= 1 && *number <= static_cast<std::int64_t>(names.size()))
        return static_cast<std::size_t>(*number - 1);
    throw wrong(parameter, "there is no " + words.one + " \"" + entry + "\"; the " + words.many + " are " +
                               value_text(names) + ", or 1 to " + std::to_string(names.size()));
}

}  // namespace landcarbon
