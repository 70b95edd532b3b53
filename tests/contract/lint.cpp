// Land Carbon Toolbox: what every spec must say, and the approved snapshot of all of them.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cctype>
#include <cmath>
#include <fstream>
#include <map>
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
            for (const char* phrase : {"Left out", "as wanted", "where wanted", "Fewest", "Least number"})
                CHECK((argument->label + " " + argument->help).find(phrase) == std::string::npos);
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

TEST_CASE("numbers fit the boxes that QGIS shows them in", "[contract]") {
    // Whole numbers are int there, and one below the least says "not set". Real numbers have ten decimals.
    constexpr double most_integer = 2147483647, most_real = 1e12;
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        for (const auto& argument : algorithm->spec().arguments) {
            if (argument->kind != Kind::integer && argument->kind != Kind::real) continue;
            INFO("algorithm " << entry.id << ", argument " << argument->id);
            const bool real = argument->kind == Kind::real;
            const double most = real ? most_real : most_integer;
            if (std::isfinite(argument->minimum)) CHECK(argument->minimum >= -most);
            if (std::isfinite(argument->maximum)) CHECK(argument->maximum <= most);
            const auto given = parse_number(value_text(argument->get()));
            if (!given) continue;  // optional, without a default
            CHECK(*given >= argument->minimum);
            CHECK(*given <= argument->maximum);
            CHECK(std::abs(*given) <= most);
            if (real)
                CHECK(std::abs(std::round(*given * 1e10) / 1e10 - *given) < 1e-15 * std::max(1.0, std::abs(*given)));
        }
    }
}

TEST_CASE("results that QGIS loads say by their names what they are", "[contract]") {
    std::map<std::string, std::string> owners;  // label -> algorithm
    // The same detectors and regressions of maps and of tables, the same simulation of FLUS and of PLUS.
    const auto family = [](const std::string& id) {
        return id.rfind("geodetector", 0) == 0 ? "geodetector"
               : id.rfind("gwr", 0) == 0       ? "gwr"
               : id == "plus"                  ? "flus"
                                               : id;
    };
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        for (const auto& argument : algorithm->spec().arguments) {
            if (!argument->is_destination()) {
                CHECK(argument->dated_by.empty());
                CHECK(argument->needed.empty());
                continue;
            }
            if (!argument->needed.empty()) {
                const Argument* input = algorithm->spec().find(argument->needed);
                REQUIRE(input);
                CHECK((!input->is_output() && input->is_optional));
            }
            INFO("algorithm " << entry.id << ", output " << argument->id << ", \"" << argument->label << "\"");
            const auto [known, is_new] = owners.emplace(argument->label, family(entry.id));
            if (argument->kind != Kind::report_out) CHECK((is_new || known->second == family(entry.id)));
            for (const auto& [column, meanings] : argument->words) {
                CHECK(std::count(argument->columns.begin(), argument->columns.end(), column) == 1);
                for (const auto& word : meanings) CHECK_FALSE(word.label.empty());
            }
            for (const auto& input : argument->dated_by) {
                const Argument* source = algorithm->spec().find(input);
                REQUIRE(source);
                // An input, or a year that the run finds out.
                CHECK((!source->is_output() || source->kind == Kind::number_out));
            }
        }
    }
}

TEST_CASE("no two labels of an algorithm are equal", "[contract]") {
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        std::map<std::string, std::string> owners;  // label, whatever its case -> argument
        for (const auto& argument : algorithm->spec().arguments) {
            if (argument->is_hidden) continue;
            std::string label = argument->label;
            for (char& c : label) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
            const auto [known, is_new] = owners.emplace(label, argument->id);
            INFO("algorithm " << entry.id << ": " << argument->id << " and " << known->second << " are \""
                              << argument->label << "\"");
            CHECK(is_new);
        }
    }
}

TEST_CASE("choices read well in a box", "[contract]") {
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        for (const auto& argument : algorithm->spec().arguments) {
            std::set<std::string> labels;
            for (const auto& choice : argument->choices) {
                INFO("algorithm " << entry.id << ", argument " << argument->id << ", \"" << choice.label << "\"");
                CHECK(labels.insert(choice.label).second);
                CHECK_FALSE(std::islower(static_cast<unsigned char>(choice.label[0])));
                CHECK(choice.label.back() != '.');
            }
        }
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
