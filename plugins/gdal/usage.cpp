// Land Carbon Toolbox: help, lists and completion for the command.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "usage.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include <gdal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "command_line.hpp"

namespace landcarbon {

namespace {

/// Characters per line: 100, or fewer on a narrow terminal.
std::size_t line_width() {
    winsize size{};
    const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? std::clamp<std::size_t>(size.ws_col, 40, 100) : 100;
}

/// How many characters a UTF-8 text has.
std::size_t character_count(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// The text wrapped at blanks, every line indented; line ends in the text are kept.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t further_indent = 0) {
    const std::size_t width = line_width();
    std::string result;
    std::istringstream paragraphs(text);
    for (std::string paragraph; std::getline(paragraphs, paragraph);) {
        std::string line;
        std::size_t margin = indent;
        std::istringstream words(paragraph);
        for (std::string word; words >> word;) {
            if (!line.empty() && margin + character_count(line) + 1 + character_count(word) > width) {
                result += std::string(margin, ' ') + line + '\n';
                line.clear();
                margin = indent + further_indent;
            }
            line += (line.empty() ? "" : " ") + word;
        }
        result += (line.empty() ? "" : std::string(margin, ' ') + line) + '\n';
    }
    return result;
}

/// A name at the margin and its explanation beside it, in columns.
std::string row(const std::string& name, const std::string& text, std::size_t indent, std::size_t name_width) {
    const std::size_t column = indent + name_width + 2;
    std::string lines = wrapped(text.empty() ? "-" : text, column);
    const std::string margin = std::string(indent, ' ') + name;
    return lines.replace(0, column, margin + std::string(column - margin.size(), ' '));
}

std::string heading(const std::string& title) { return "\n" + title + ":\n"; }

std::string joined(const std::vector<std::string>& parts, const std::string& between) {
    std::string text;
    for (const auto& part : parts) text += (text.empty() ? "" : between) + part;
    return text;
}

/// What stands for the argument's value in a usage line.
std::string placeholder(const Argument& argument) {
    switch (argument.kind) {
        case Kind::raster_in:
        case Kind::class_raster:
        case Kind::raster_out:
            return "RASTER";
        case Kind::raster_stack:
            return "RASTER...";
        case Kind::vector_in:
        case Kind::vector_out:
            return "VECTOR";
        case Kind::table_in:
        case Kind::table_out:
            return "TABLE";
        case Kind::field_of:
            return "FIELD";
        case Kind::fields_of:
            return "FIELD...";
        case Kind::real:
            return "NUMBER";
        case Kind::integer:
            return "INTEGER";
        case Kind::choice:
            return "WORD";
        case Kind::text:
            return "TEXT";
        case Kind::matrix:
            return "ROWS";
        case Kind::report_out:
            return "HTML";
        case Kind::file_in:
        case Kind::file_out:
            return "FILE";
        case Kind::flag:
        case Kind::number_out:
        case Kind::text_out:
            break;
    }
    return {};
}

/// The numbers that an argument accepts, in words; empty when there is no limit.
std::string range_text(const Argument& argument) {
    const std::string least = (argument.minimum_excluded ? "above " : "at least ") + number_text(argument.minimum);
    const std::string most = "at most " + number_text(argument.maximum);
    if (std::isfinite(argument.minimum) && std::isfinite(argument.maximum)) {
        if (!argument.minimum_excluded) return number_text(argument.minimum) + " to " + number_text(argument.maximum);
        return least + ", " + most;
    }
    return std::isfinite(argument.minimum) ? least : std::isfinite(argument.maximum) ? most : "";
}

/// Label, help and all that the spec knows about the values, as paragraphs.
std::string explanation(const Argument& argument) {
    std::string text = argument.label + ".";
    if (!argument.help.empty()) text += " " + argument.help;
    std::vector<std::string> facts;
    if (!argument.unit.empty()) facts.push_back("Unit: " + argument.unit + ".");
    if (const std::string range = range_text(argument); !range.empty()) facts.push_back("Range: " + range + ".");
    if (argument.is_list() && argument.minimum_count > 1)
        facts.push_back("At least " + std::to_string(argument.minimum_count) + ".");
    if (argument.holds_classes) facts.push_back("Every band holds classes.");
    if (!argument.parent.empty()) {
        std::string parent = argument.parent;
        std::replace(parent.begin(), parent.end(), '_', '-');
        facts.push_back("A column of --" + parent + ".");
        if (argument.is_list())
            facts.push_back("A name that holds a comma goes into quotation marks: '\"GDP, total\"'.");
    }
    if (!argument.is_output() && argument.kind != Kind::flag)
        if (const std::string usual = value_text(argument.get()); !usual.empty())
            facts.push_back("Default: " + usual + ".");
    if (!argument.alias.empty()) {
        std::string alias = argument.alias;
        std::replace(alias.begin(), alias.end(), '_', '-');
        facts.push_back("Also: --" + alias + ".");
    }
    if (!facts.empty()) text += "\n" + joined(facts, " ");
    if (!argument.columns.empty()) text += "\nColumns: " + joined(argument.columns, ", ") + ".";
    return text;
}

std::string option_entry(const Argument& argument) {
    const std::string value = placeholder(argument);
    std::string text = "  --" + argument.option_name() + (value.empty() ? "" : " " + value) + "\n";
    text += wrapped(explanation(argument), 6);
    std::size_t widest = 0;
    for (const auto& choice : argument.choices) widest = std::max(widest, choice.key.size());
    for (const auto& choice : argument.choices) text += row(choice.key, choice.label, 8, widest);
    return text;
}

std::string own_option_entry(const CommandOption& option) {
    std::string names = option.names;
    for (auto comma = names.find(','); comma != std::string::npos; comma = names.find(',', comma + 2))
        names.replace(comma, 1, ", ");
    return "  " + names + (option.placeholder.empty() ? "" : " " + option.placeholder) + "\n" + wrapped(option.help, 6);
}

std::string own_option_entries(bool for_runs) {
    std::string text;
    for (const auto& option : command_options())
        if (option.is_for_runs == for_runs) text += own_option_entry(option);
    return text;
}

/// The ids of the arguments that every algorithm has.
std::set<std::string> common_ids() {
    Spec spec;
    RunOptions options;
    describe_run_options(spec, options);
    std::set<std::string> ids;
    for (const auto& argument : spec.arguments) ids.insert(argument->id);
    return ids;
}

bool is_required(const Argument& argument) {
    return !argument.is_output() && !argument.is_optional && value_text(argument.get()).empty() &&
           argument.kind != Kind::matrix;
}

/// One value that an example may show for a required argument or an output.
std::string example_value(const Argument& argument) {
    switch (argument.kind) {
        case Kind::raster_in:
        case Kind::class_raster:
        case Kind::raster_out:
            return argument.id + ".tif";
        case Kind::raster_stack: {
            std::vector<std::string> files;
            for (int i = 1; i <= std::max(2, argument.minimum_count); ++i)
                files.push_back(argument.id + "_" + std::to_string(i) + ".tif");
            return joined(files, " ");
        }
        case Kind::vector_in:
        case Kind::vector_out:
            return argument.id + ".gpkg";
        case Kind::table_in:
        case Kind::table_out:
            return argument.id + ".csv";
        case Kind::report_out:
            return argument.id + ".html";
        default:
            return placeholder(argument);
    }
}

/// A call for the shell, one option to a line.
std::string example(const Spec& spec) {
    std::string text = "  landcarbon " + spec.command_name();
    for (const auto& argument : spec.arguments)
        if (!argument->is_hidden && (is_required(*argument) || (argument->is_destination() && argument->by_default)))
            text += " \\\n      --" + argument->option_name() + " " + example_value(*argument);
    return text + "\n";
}

}  // namespace

std::string algorithm_help(const Spec& spec) {
    const auto common = common_ids();
    std::string usage = "Usage: landcarbon " + spec.command_name();
    std::string required, optional, outputs, results, advanced, shared;
    for (const auto& argument : spec.arguments) {
        if (argument->is_hidden) continue;
        if (argument->kind == Kind::number_out || argument->kind == Kind::text_out)
            results += "  " + argument->parameter_name() + "\n" + wrapped(explanation(*argument), 6);
        else if (common.count(argument->id))
            shared += option_entry(*argument);
        else if (argument->is_destination())
            outputs += option_entry(*argument);
        else if (argument->is_advanced)
            advanced += option_entry(*argument);
        else if (is_required(*argument))
            required += option_entry(*argument);
        else
            optional += option_entry(*argument);
        if (is_required(*argument)) usage += " --" + argument->option_name() + " " + placeholder(*argument);
    }
    std::string text = wrapped(usage + " [options]", 0, 4);
    text += "\n" + wrapped(spec.name + ". " + spec.summary, 0);
    if (!spec.description.empty()) text += "\n" + wrapped(spec.description, 0);
    const auto section = [&text](const char* title, const std::string& entries) {
        if (!entries.empty()) text += heading(title) + entries;
    };
    section("Required", required);
    section("Optional", optional);
    section("Outputs, each made when it is named", outputs);
    section("Results, printed at the end", results);
    section("Advanced", advanced);
    section("Common options", shared + own_option_entries(true) +
                                  own_option_entry({"-h,--help", "", "Show this help.", false}) +
                                  own_option_entry({"--json-usage", "", "Show this algorithm as JSON.", false}));
    std::string references;
    for (const auto& reference : spec.references) references += wrapped(reference, 2, 2);
    section("References", references);
    section("Example", example(spec));
    const std::string manners =
        "One band of a raster is \"FILE|band=2\", one layer of a file \"FILE|layername=NAME\". Lists (...) are "
        "separated by blanks or commas, or the option is repeated. Flags take true or false, or no value.";
    return text + "\n" + wrapped(manners, 0);
}

std::string algorithm_list() {
    std::string text;
    std::size_t widest = 0;
    for (const auto& entry : registry()) widest = std::max(widest, entry.make()->spec().command_name().size());
    for (const auto& [group, title] : groups()) {
        std::string members;
        for (const auto& entry : registry()) {
            const auto algorithm = entry.make();
            const Spec& spec = algorithm->spec();
            if (spec.group != group) continue;
            members += row(spec.command_name(), spec.summary, 2, widest);
        }
        if (!members.empty()) text += (text.empty() ? "" : "\n") + title + ":\n" + members;
    }
    return text;
}

std::string command_help() {
    return "Usage: landcarbon ALGORITHM [options]\n"
           "       landcarbon ALGORITHM --help\n\n" +
           wrapped("Land Carbon Toolbox: land-use change and its carbon, on rasters and tables that GDAL reads.", 0) +
           "\n" + algorithm_list() + heading("Options of every algorithm") + own_option_entries(true) +
           heading("Options that show something") + own_option_entries(false);
}

std::string version_text() {
    return std::string("landcarbon ") + version() + ", " + GDALVersionInfo("--version") + "\n";
}

std::string json_usage() {
    std::vector<std::string> specs;
    for (const auto& entry : registry()) specs.push_back(spec_json(entry.make()->spec()));
    return "[\n" + joined(specs, ",\n") + "\n]\n";
}

std::string bash_completion() {
    std::vector<std::string> own, names;
    for (const auto& option : command_options())
        for (const auto& name : split_list(option.names)) own.push_back(name);
    std::string options, choices;
    for (const auto& entry : registry()) {
        const auto algorithm = entry.make();
        const std::string name = algorithm->spec().command_name();
        names.push_back(name);
        std::vector<std::string> words;
        for (const auto& argument : algorithm->spec().arguments) {
            if (argument->is_hidden || (argument->is_output() && !argument->is_destination())) continue;
            words.push_back("--" + argument->option_name());
            std::vector<std::string> keys;
            for (const auto& choice : argument->choices) keys.push_back(choice.key);
            if (!keys.empty())
                choices +=
                    "        '" + name + " --" + argument->option_name() + "') words='" + joined(keys, " ") + "' ;;\n";
        }
        options += "            " + name + ") words=\"$own " + joined(words, " ") + "\" ;;\n";
    }
    return "# Completion of the command landcarbon for bash.\n"
           "_landcarbon() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} algorithm= words= word\n"
           "    local names='" +
           joined(names, " ") +
           "'\n"
           "    local own='" +
           joined(own, " ") +
           "'\n"
           "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
           "        [[ \" $names \" == *\" $word \"* ]] && { algorithm=$word; break; }\n"
           "    done\n"
           "    case \"$algorithm $previous\" in\n" +
           choices +
           "        *) case \"$algorithm\" in\n"
           "            '') words=\"$names $own\" ;;\n" +
           options +
           "           esac\n"
           "           [[ -n $algorithm && $current != -* ]] && words= ;;\n"
           "    esac\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "}\n"
           "complete -o default -F _landcarbon landcarbon\n";
}

}  // namespace landcarbon
