// Land Carbon Toolbox: running any algorithm on its example arguments, for tests over the registry.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "spec/algorithm.hpp"
#include "support/catch.hpp"
#include "support/examples.hpp"

namespace landcarbon::test {

using Values = std::map<std::string, Value>;

/// True where a sanitizer watches: runs are then ten times slower, and tests over many of them take smaller maps.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

inline Values joined(Values a, const Values& b) {
    a.insert(b.begin(), b.end());
    return a;
}

/// Runs with the front-ends' permission to replace outputs.
inline Values run_with(const std::string& id, const Values& arguments, Monitor& monitor, bool overwrite = false) {
    const auto algorithm = make_algorithm(id);
    assign(algorithm->spec(), arguments);
    algorithm->run_options().overwrite = overwrite;
    algorithm->run(monitor);
    Values results;
    for (const auto& argument : algorithm->spec().arguments)
        if (argument->kind == Kind::number_out || argument->kind == Kind::text_out)
            results[argument->id] = argument->get();
    return results;
}

/// Every file of a folder by name, with its bytes.
inline std::map<std::string, std::string> files_of(const std::filesystem::path& folder) {
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
        if (entry.is_regular_file())
            files[std::filesystem::relative(entry.path(), folder).string()] = read_text(entry.path().string());
    return files;
}

inline std::vector<std::string> names_of(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        names.push_back(entry.path().filename().string());
    std::sort(names.begin(), names.end());
    return names;
}

/// Calls `check` with each algorithm that fits, in a section of its own.
template <class Fits, class Check>
void over_registry(Fits fits, Check check) {
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        if (!fits(algorithm->spec())) continue;
        INFO("algorithm " << entry.id);
        const Sandbox box;
        check(box, algorithm->spec());
    }
}
inline bool any(const Spec&) { return true; }

}  // namespace landcarbon::test
