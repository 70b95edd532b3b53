// Land Carbon Toolbox: what every spec must say, and the approved snapshot of all of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>

#include "spec/algorithm.hpp"
#include "support/catch.hpp"
#include "support/sandbox.hpp"

using namespace landcarbon;
using namespace landcarbon::test;

namespace {

bool is_snake_case(const std::string& id) {
    return !id.empty() && std::islower(static_cast<unsigned char>(id[0])) &&
           std::all_of(id.begin(), id.end(),
                       [](unsigned char c) { return std::islower(c) || std::isdigit(c) || c == '_'; });
}

bool is_sentence(const std::string& text) {
    return text.size() > 10 &&
           (std::isupper(static_cast<unsigned char>(text[0])) || std::isdigit(static_cast<unsigned char>(text[0])) ||
            static_cast<unsigned char>(text[0]) > 127) &&
           text.back() == '.';
}

}  // namespace

TEST_CASE("every spec says all that users need", "[contract]") {
    // Options of the command that no argument may be called like.
    const std::set<std::string> taken = {
        "json",       "config",  "quiet",     "q",  "overwrite", "list",          "debug",
        "help",       "h",       "version",   "of", "co",        "output_format", "creation_option",
        "json_usage", "formats", "completion"};
    std::set<std::string> ids;
    std::string last_group;
    std::set<std::string> groups_seen;
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        const Spec& spec = algorithm->spec();
        INFO("algorithm " << spec.id);
        CHECK(spec.id == entry.id);
        CHECK(is_snake_case(spec.id));
        CHECK(ids.insert(spec.algorithm_name()).second);
        CHECK(std::isupper(static_cast<unsigned char>(spec.name[0])));
        CHECK(std::count(spec.name.begin(), spec.name.end(), ' ') <= 3);
        CHECK(std::any_of(groups().begin(), groups().end(),
                          [&](const auto& group) { return group.first == spec.group; }));
        // Algorithms of one group stand together in the list.
        if (spec.group != last_group) CHECK(groups_seen.insert(spec.group).second);
        last_group = spec.group;
        CHECK(is_sentence(spec.summary));
        CHECK(spec.description.size() > 100);
        CHECK_FALSE(spec.references.empty());
        for (const auto& reference : spec.references) CHECK(reference.size() > 30);
        CHECK(spec.tags.size() >= 3);
        std::set<std::string> names;
        bool optional_seen = false;
        for (const auto& argument : spec.arguments) {
            INFO("argument " << argument->id);
            CHECK(is_snake_case(argument->id));
            CHECK(names.insert(argument->id).second);
            CHECK(taken.count(argument->id) == 0);
            CHECK(taken.count(argument->alias) == 0);
            CHECK_FALSE(argument->label.empty());
            CHECK_FALSE(std::islower(static_cast<unsigned char>(argument->label.empty() ? 'a' : argument->label[0])));
            CHECK((argument->label.empty() || argument->label.back() != '.'));
            CHECK(is_sentence(argument->help));
            CHECK(argument->minimum <= argument->maximum);
            if (argument->kind == Kind::choice) {
                CHECK(argument->choices.size() >= 2);
                std::set<std::string> keys;
                for (const auto& choice : argument->choices) {
                    CHECK(keys.insert(choice.key).second);
                    CHECK(is_snake_case(choice.key));
                    CHECK_FALSE(choice.label.empty());
                }
                CHECK(keys.count(value_text(argument->get())) == 1);  // the default is one of them
            }
            const bool has_columns = argument->kind == Kind::table_in || argument->kind == Kind::table_out ||
                                     argument->kind == Kind::vector_out || argument->kind == Kind::matrix;
            // A table whose columns depend on what is asked for says so.
            if (has_columns && argument->columns.empty()) CHECK(argument->help.find("columns") != std::string::npos);
            for (const auto& column : argument->columns) CHECK(is_snake_case(column));
            CHECK(argument->help.size() > argument->label.size() + 5);  // says more than the label
            if (argument->kind == Kind::field_of || argument->kind == Kind::fields_of)
                CHECK(spec.find(argument->parent) != nullptr);
            // What must be given stands before what may be left out.
            if (argument->is_output()) continue;
            const bool required = !argument->is_optional && value_text(argument->get()).empty();
            if (required) CHECK_FALSE(optional_seen);
            optional_seen = optional_seen || !required;
        }
        for (const char* common : {"threads", "memory", "align", "cell_area", "creation_options"})
            CHECK(names.count(common) == 1);
    }
}

TEST_CASE("the interface is the approved one", "[contract]") {
    std::string all = "[\n";
    for (const auto& entry : registry()) all += (all.size() > 2 ? ",\n" : "") + spec_json(entry.make()->spec());
    all += "\n]\n";
    const std::string approved = source_file("metadata/interface.json");
    const std::string known = std::ifstream(approved) ? read_text(approved) : "";
    const auto at = static_cast<std::size_t>(std::mismatch(known.begin(), known.end(), all.begin(), all.end()).first -
                                             known.begin());
    INFO("approved: " << known.substr(at < 80 ? 0 : at - 80, 200));
    INFO("now:      " << all.substr(at < 80 ? 0 : at - 80, 200));
    INFO(
        "Names, kinds, defaults or texts of the algorithms changed. Look at the difference and, when it is meant, "
        "approve it: "
        "build/bin/landcarbon --json-usage > metadata/interface.json");
    CHECK((known == all));
}
