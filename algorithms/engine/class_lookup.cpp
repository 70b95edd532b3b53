// Land Carbon Toolbox: values by class (densities, factors, grades) inside kernels, and classes that a table misses.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/class_lookup.hpp"

#include <algorithm>

#include "engine/sink.hpp"

namespace landcarbon {

void ClassPainter::paint(const std::uint16_t* slots, const Window& window, float* cells) {
    const std::vector<double>& values = lookup_.by_slot();
    painted_.resize(values.size());
    const auto width = static_cast<std::size_t>(window.width);
    double last = -1;
    for (int row = 0; row < window.height; ++row) {
        if (const double factor = scale(window.y + row); factor != last) {
            for (std::size_t slot = 1; slot < values.size(); ++slot)
                painted_[slot] = static_cast<float>(values[slot] * factor);
            painted_[0] = static_cast<float>(real_nodata);
            last = factor;
        }
        const float* table = painted_.data();
        for (std::size_t i = 0; i < width; ++i) cells[i] = table[slots[i]];
        slots += width;
        cells += width;
    }
}

void ClassPainter::paint_difference(const std::uint16_t* earlier, const std::uint16_t* later, const Window& window,
                                    double factor, float* cells) {
    const double* values = lookup_.by_slot().data();
    const auto width = static_cast<std::size_t>(window.width);
    for (int row = 0; row < window.height; ++row) {
        const double scaled = factor * scale(window.y + row);
        for (std::size_t i = 0; i < width; ++i) {
            const bool both = earlier[i] != 0 && later[i] != 0;
            const double difference = (values[later[i]] - values[earlier[i]]) * scaled;
            cells[i] = both ? static_cast<float>(difference) : static_cast<float>(real_nodata);
        }
        earlier += width;
        later += width;
        cells += width;
    }
}

void reject_missing_classes(const InputTable& table, const std::vector<std::int64_t>& missing,
                            const ClassMatcher* names, const ClassCodes* codes) {
    const bool by_name = names && names->match() == ClassMatch::names;
    constexpr std::size_t most = 200;
    std::string list;
    for (std::size_t i = 0; i < std::min(missing.size(), most); ++i) {
        list += (i ? ", " : "") + std::to_string(missing[i]);
        if (!by_name) continue;
        const std::string name = names->name(missing[i]);
        list += name.empty() ? " (without a name)" : " (\"" + name + "\")";
    }
    if (missing.size() > most) list += " and " + std::to_string(missing.size() - most) + " more";
    const bool one = missing.size() == 1;
    if (by_name)
        table.reject((one ? "class " : "classes ") + list +
                     " of the maps: no row has the name; add a row with that name for each, or match by code");
    std::string why;
    for (const std::int64_t code : missing) {
        const std::string explanation = codes ? codes->explanation(code) : std::string();
        if (!explanation.empty()) why += (why.empty() ? "" : ". ") + explanation;
    }
    if (!why.empty())
        table.reject(one ? "class " + list + " is on the map but has no row: " + why + "; else add a row for it"
                         : "classes " + list + " are on the maps but have no row: " + why +
                               "; add a row for each class that is one");
    table.reject(one ? "class " + list + " is on the map but has no row; add a row for it"
                     : "classes " + list + " are on the maps but have no row; add a row for each of them");
}

}  // namespace landcarbon
