// Land Carbon Toolbox: names that people write in several ways for one thing.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/names_alike.hpp"

#include <map>

#include "engine/text.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// A name without case, accents, and the blanks and lower lines in it; hyphens and dots stay, which make codes.
std::string bare(const std::string& name) {
    std::string text;
    for (const char c : without_accents(half_width(trimmed(name))))
        if (c != ' ' && c != '_') text += c;
    return text;
}

}  // namespace

std::string names_alike(const std::vector<std::string>& names, const std::vector<std::size_t>& counts,
                        const std::string& of) {
    std::map<std::string, std::vector<std::size_t>> groups;
    // Short codes may well differ by case: Qh and QH of geological maps.
    constexpr std::size_t shortest = 4;
    for (std::size_t i = 0; i < names.size(); ++i)
        if (const std::string key = bare(names[i]); key.size() >= shortest) groups[key].push_back(i);
    std::vector<std::string> told;
    for (const auto& [key, group] : groups) {
        if (group.size() < 2) continue;
        std::vector<std::string> words;
        for (const std::size_t i : group)
            words.push_back("\"" + names[i] + "\"" + (i < counts.size() ? " (" + counted(counts[i], of) + ")" : ""));
        told.push_back(listed(words));
    }
    return listed_entries(told, 4);
}

}  // namespace landcarbon
