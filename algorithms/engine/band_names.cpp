// Land Carbon Toolbox: what the bands of a stack are called in results.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/band_names.hpp"

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
        throw wrong(id, counted(names.size(), "name") + " for " + std::to_string(layers.size()) + " " + kind +
                            "; give one for each");
    if (names.empty()) {
        std::vector<std::string> titles;
        for (const Layer& layer : layers) titles.push_back(layer.file().bands() > 1 ? layer.title() : "");
        for (std::size_t i = 0; i < layers.size(); ++i) {
            const std::string file = std::filesystem::path(layers[i].file().path()).stem().string();
            const std::string& title = titles[i];
            // A year, or what several bands are called, says nothing without the file.
            const bool enough = !title.empty() && title.find_first_not_of("0123456789") != std::string::npos &&
                                std::count(titles.begin(), titles.end(), title) == 1;
            if (enough)
                names.push_back(title);
            else if (layers[i].file().bands() == 1)
                names.push_back(file);
            else
                names.push_back(file + " " + (title.empty() ? std::to_string(layers[i].band()) : title));
        }
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
