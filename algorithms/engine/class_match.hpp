// Land Carbon Toolbox: whether a table and the maps mean the same by a class: by code, by name, or by both.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/class_codes.hpp"
#include "engine/table.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

class Run;

/// How the rows of a table find the classes of the maps.
enum class ClassMatch {
    codes_and_names,  ///< by code; where both name a class, the names must agree
    codes,            ///< by code, whatever the names say
    names             ///< by name; the table's codes do not matter
};

/// Adds the argument MATCH. @param tables the arguments whose tables it is about, as "the carbon pools"
Argument& match_argument(Spec& spec, ClassMatch& match, const std::string& tables);

/// What a map calls its classes: names from its attribute table or category names.
struct MapNames {
    std::string map;
    std::map<std::int64_t, std::string> names;
};

/// A name as it is compared: without case, punctuation, repeated blanks and the plural s of its words. Empty for names
/// that say no more than the code ("4", "Class 4").
std::string class_name_key(std::string_view name, std::int64_t code);

/// Brings tables and maps of one run together.
class ClassMatcher {
public:
    /// @param run its class rasters must be open
    /// @param given names of a CLASSES table, which count instead of those on the maps
    ClassMatcher(const Run& run, ClassMatch match, const std::map<std::int64_t, ClassInfo>& given = {});
    ClassMatcher(ClassMatch match, std::vector<MapNames> maps);

    /// The table to work with: with ClassMatch::names its rows hold the codes that their names have on the maps, once
    /// for each of them, and rows of names that no map has are gone.
    /// @throws UserError when names are missing or stand for several rows
    InputTable fitted(const InputTable& table) const;
    /// The codes on the maps of each code of the table, by name, for tables with several rows a class. Only for
    /// ClassMatch::names.
    std::map<std::int64_t, std::vector<std::int64_t>> codes_by_name(const InputTable& table,
                                                                    const std::string& column) const;
    /// Checks a table as it was read against the classes that the maps really show.
    /// @param column the one with the codes
    /// @throws UserError listing each class that has another name in the table
    void check(const InputTable& table, const ClassCodes& shown, const std::string& column = "class") const;
    ClassMatch match() const { return match_; }
    /// The name of a class on the maps; empty where it has none.
    std::string name(std::int64_t code) const;

private:
    ClassMatch match_;
    std::vector<MapNames> maps_;
};

}  // namespace landcarbon
