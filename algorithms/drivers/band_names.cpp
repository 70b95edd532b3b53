// Land Carbon Toolbox: what the bands of a stack are called in results.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/band_names.hpp"

#include <algorithm>
#include <cstddef>
#include <filesystem>

#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

std::vector<std::string> band_names(const std::string& id, const std::string& given, const std::vector<Layer>& layers,
                                    const std::string& kind) {
    std::vector<std::string> names = split_list(given);
    if (!names.empty() && names.size() != layers.size())
        throw wrong(id, std::to_string(names.size()) + " names for " + std::to_string(layers.size()) + " " + kind +
                            "; give one for each");
    if (names.empty())
        for (const Layer& layer : layers) {
            const bool several = layer.file().bands() > 1;
            std::string name = several ? layer.title() : "";
            if (name.empty()) {
                name = std::filesystem::path(layer.file().path()).stem().string();
                if (several) name += " " + std::to_string(layer.band());
            }
            names.push_back(name);
        }
    for (std::size_t i = 0; i < names.size(); ++i) {
        const std::string name = names[i];
        const auto here = names.begin() + static_cast<std::ptrdiff_t>(i);
        for (int n = 2; std::find(names.begin(), here, names[i]) != here; ++n)
            names[i] = name + " (" + std::to_string(n) + ")";
    }
    return names;
}

}  // namespace landcarbon
