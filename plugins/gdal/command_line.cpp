// Land Carbon Toolbox: reading the words of a command line with CLI11, guided by the algorithm's spec.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "command_line.hpp"

#include <algorithm>
#include <cctype>

#include <CLI/CLI.hpp>
#include <cpl_string.h>
#include <cpl_vsi.h>

namespace landcarbon {

const std::vector<CommandOption>& command_options() {
    static const std::vector<CommandOption> options = {
        {"--overwrite", "", "Replace outputs that exist. Without it they are refused.", true},
        {"--of,--output-format", "DRIVER", "GDAL driver for raster outputs. Without it, the extension says.", true},
        {"--co,--creation-option", "NAME=VALUE", "One creation option of the raster format; may be repeated.", true},
        {"--config", "NAME=VALUE", "A configuration option of GDAL; may be repeated.", true},
        {"--json", "", "Print the results as one JSON object, and nothing else, on standard output.", true},
        {"-q,--quiet", "", "No progress, information or results on standard output.", true},
        {"--debug", "", "Let GDAL tell what it does, on standard error.", true},
        {"-h,--help", "", "Show this help.", false},
        {"--json-usage", "", "Show the algorithm, or all of them, as JSON.", false},
        {"--list", "", "List the algorithms by group.", false},
        {"--formats", "", "List the file formats.", false},
        {"--completion", "bash", "Write a completion script for the shell.", false},
        {"--version", "", "Show the version.", false},
    };
    return options;
}

namespace {

using Words = std::vector<std::string>;

/// A name without the signs in which spellings differ: `Carbon_Storage` and `carbon-storage` are one.
std::string plain_name(const std::string& name) {
    std::string plain;
    for (const char c : name)
        if (c != '-' && c != '_') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return plain;
}

/// The candidate whose plain name comes closest to the word's, or empty.
std::string closest_name(const std::string& word, const Words& candidates) {
    Words plain;
    for (const auto& candidate : candidates) plain.push_back(plain_name(candidate));
    const auto found = std::find(plain.begin(), plain.end(), closest(plain_name(word), plain));
    return found == plain.end() ? "" : candidates[static_cast<std::size_t>(found - plain.begin())];
}

bool is_option_word(const std::string& word) { return word.size() > 1 && word[0] == '-' && !parse_number(word); }

std::unique_ptr<Algorithm> algorithm_named(const std::string& word) {
    for (const auto& entry : registry())
        if (plain_name(entry.id) == plain_name(word)) return entry.make();
    return nullptr;
}

/// An app that reads words as they are: nothing is printed, converted or thrown for repeated options.
struct Reader {
    CLI::App app;
    std::map<std::string, CLI::Option*> own;                      ///< by the last of the command option's names
    std::vector<std::pair<const Argument*, CLI::Option*>> given;  ///< the algorithm's arguments in order

    Reader() {
        app.set_help_flag();
        app.allow_extras();
        for (const auto& option : command_options()) {
            const std::string key = option.names.substr(option.names.rfind("--"));
            own[key] = option.placeholder.empty() ? app.add_flag(option.names) : add(option.names);
        }
    }
    CLI::Option* add(const std::string& names) {
        return app.add_option(names)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    }
    void add_arguments(const Spec& spec) {
        for (const auto& argument : spec.arguments) {
            if (argument->is_output() && !argument->is_destination()) continue;
            std::string names = "--" + argument->option_name();
            if (!argument->alias.empty()) {
                std::string alias = argument->alias;
                std::replace(alias.begin(), alias.end(), '_', '-');
                names += ",--" + alias;
            }
            CLI::Option* option = add(names);
            if (argument->kind == Kind::flag) option->expected(0, 1);
            if (argument->is_list()) option->expected(1, -1)->allow_extra_args();
            given.emplace_back(argument.get(), option);
        }
    }
    bool has(const std::string& name) { return is_option_word(name) && app.get_option_no_throw(name) != nullptr; }
    void parse(Words words) {
        std::reverse(words.begin(), words.end());  // as CLI11 wants them
        app.parse(words);
    }
    Words option_names() const {
        Words names;
        for (const CLI::Option* option : app.get_options())
            for (const auto& name : option->get_lnames()) names.push_back("--" + name);
        return names;
    }
};

/// Words in one manner that CLI11 reads without guessing: GDAL's `-overwrite` becomes `--overwrite`,
/// `--config NAME VALUE` becomes `--config NAME=VALUE`, and options that lack their value are taken out and reported.
Words plain_words(Reader& reader, const Words& words, Words& errors) {
    Words result;
    for (std::size_t i = 0; i < words.size(); ++i) {
        std::string word = words[i];
        const auto equals = word.find('=');
        std::string name = word.substr(0, equals);
        if (name.size() > 2 && name[1] != '-' && reader.has("-" + name)) {
            word.insert(0, "-");
            name.insert(0, "-");
        }
        if (!reader.has(name)) {
            result.push_back(word);
            continue;
        }
        const bool needs_value = reader.app.get_option(name)->get_items_expected_min() > 0;
        if (equals == std::string::npos && needs_value) {
            const bool follows = i + 1 < words.size() && words[i + 1].rfind("--", 0) != 0 && !reader.has(words[i + 1]);
            word += "=" + (follows ? words[++i] : "");
            if (name == "--config" && words[i].find('=') == std::string::npos && i + 1 < words.size() &&
                !is_option_word(words[i + 1]))
                word += "=" + words[++i];
        }
        if (word.back() == '=' && word.size() == name.size() + 1)
            errors.push_back(name + ": a value is missing");
        else
            result.push_back(word);
    }
    return result;
}

/// The file that a raster or layer name speaks of: `FILE|band=2` is about FILE.
bool exists_as_path(const std::string& name) {
    VSIStatBufL status;
    const auto exists = [&status](const std::string& path) {
        return VSIStatExL(path.c_str(), &status, VSI_STAT_EXISTS_FLAG) == 0;
    };
    return exists(name) || exists(name.substr(0, name.rfind('|')));
}

/// The typed words of one argument as the value that `assign` takes.
Value value_of(const Argument& argument, const Words& typed) {
    if (argument.is_list()) {
        Words entries;
        for (const auto& word : typed) {
            if (argument.is_path() && exists_as_path(word)) {
                entries.push_back(word);
                continue;
            }
            const Words parts = split_list(word);
            entries.insert(entries.end(), parts.begin(), parts.end());
        }
        return entries;
    }
    if (argument.kind == Kind::flag && typed.front().empty()) return true;
    return typed.front();
}

/// Takes the algorithm's name out of the words: the first word that is no option and no option's value.
std::string take_algorithm_name(Words& words) {
    Reader reader;
    reader.app.prefix_command();
    Words ignored;  // the second reading reports them
    reader.parse(plain_words(reader, words, ignored));
    const Words rest = reader.app.remaining();
    auto named = std::find_if_not(rest.begin(), rest.end(), is_option_word);
    // Behind an algorithm's option, a word may be its value: then only a real name counts.
    if (named != rest.begin())
        named = std::find_if(rest.begin(), rest.end(), [](const auto& word) { return algorithm_named(word); });
    if (named == rest.end()) return {};
    const std::string name = *named;
    words.erase(std::find(words.begin(), words.end(), name));
    return name;
}

void report_unknown_words(Reader& reader, CommandLine& line) {
    const Words names = reader.option_names();
    bool after_unknown_option = false;
    for (const auto& word : reader.app.remaining()) {
        if (is_option_word(word)) {
            const std::string name = word.substr(0, word.find('='));
            const std::string guess = closest_name(name, names);
            line.errors.push_back("unknown option " + name + (guess.empty() ? "" : "; did you mean " + guess + "?"));
            after_unknown_option = word.find('=') == std::string::npos;
        } else if (!after_unknown_option) {  // else it is that option's value
            line.errors.push_back("\"" + word +
                                  "\" belongs to no option; inputs and outputs are given by options, see --help");
        }
    }
}

std::string given_often(const std::string& option, std::size_t times) {
    return option + ": given " + std::to_string(times) + " times; it takes one value";
}

void read_own_options(Reader& reader, CommandLine& line) {
    const auto flag = [&](const char* name) {
        const auto& typed = reader.own.at(name)->results();
        if (typed.empty() || typed.back() == "false") return false;
        if (typed.back() != "true")
            line.errors.push_back(std::string(name) + ": \"" + typed.back() + "\" is neither true nor false");
        return true;
    };
    const auto text = [&](const char* name) {
        const auto& typed = reader.own.at(name)->results();
        if (typed.size() > 1) line.errors.push_back(given_often(name, typed.size()));
        return typed.empty() ? std::string() : typed.back();
    };
    line.help = flag("--help");
    line.version = flag("--version");
    line.list = flag("--list");
    line.json_usage = flag("--json-usage");
    line.formats = flag("--formats");
    line.json = flag("--json");
    line.quiet = flag("--quiet");
    line.overwrite = flag("--overwrite");
    line.debug = flag("--debug");
    line.completion = text("--completion");
    line.output_format = text("--output-format");
    for (const auto& setting : reader.own.at("--config")->results()) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos || equals == 0)
            line.errors.push_back("--config: \"" + setting + "\" is not of the form NAME=VALUE");
        else
            line.config.emplace_back(setting.substr(0, equals), setting.substr(equals + 1));
    }
}

void read_arguments(Reader& reader, CommandLine& line) {
    for (const auto& [argument, option] : reader.given) {
        const Words& typed = option->results();
        if (typed.empty()) continue;
        if (typed.size() > 1 && !argument->is_list())
            line.errors.push_back(given_often("--" + argument->option_name(), typed.size()));
        else
            line.values[argument->id] = value_of(*argument, typed);
    }
    std::string creation_options = value_text(line.values["creation_options"]);
    for (const auto& creation_option : reader.own.at("--creation-option")->results()) {
        if (creation_option.find('=') == std::string::npos)
            line.errors.push_back("--creation-option: \"" + creation_option + "\" is not of the form NAME=VALUE");
        creation_options += (creation_options.empty() ? "" : "|") + creation_option;
    }
    line.values["creation_options"] = creation_options;
}

}  // namespace

CommandLine read_command_line(const std::vector<std::string>& words) {
    CommandLine line;
    for (const auto& word : words)
        if (!CPLIsUTF8(word.c_str(), -1)) line.errors.push_back("\"" + word + "\" is not UTF-8 text");
    if (!line.errors.empty()) return line;
    try {
        Words rest = words;
        const std::string name = take_algorithm_name(rest);
        if (!name.empty()) {
            line.algorithm = algorithm_named(name);
            if (!line.algorithm) {
                Words names;
                for (const auto& entry : registry()) names.push_back(entry.make()->spec().command_name());
                const std::string guess = closest_name(name, names);
                line.errors.push_back("unknown algorithm \"" + name + "\"; " +
                                      (guess.empty() ? "landcarbon --list shows all" : "did you mean " + guess + "?"));
                return line;
            }
        }
        Reader reader;
        if (line.algorithm) reader.add_arguments(line.algorithm->spec());
        reader.parse(plain_words(reader, rest, line.errors));
        report_unknown_words(reader, line);
        read_own_options(reader, line);
        if (line.algorithm) read_arguments(reader, line);
    } catch (const CLI::ParseError& error) {
        line.errors.push_back(error.what());
    }
    return line;
}

}  // namespace landcarbon
