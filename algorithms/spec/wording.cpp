// Land Carbon Toolbox: names of arguments inside texts, in the words of each front-end.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/wording.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace landcarbon {

namespace {

bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// A choice whose word stands in a text, and where the word ends.
struct ChosenWord {
    const Choice* choice = nullptr;
    std::size_t end = 0;
};

/// The choice whose word stands behind what joins it to its name at `at`: METHOD=given, METHOD given, METHOD is given,
/// METHOD to given.
ChosenWord choice_behind(const std::string& text, std::size_t at, const Argument& argument) {
    for (const std::string_view joint : {"=", " is ", " to ", " "}) {
        if (text.compare(at, joint.size(), joint) != 0) continue;
        const std::size_t start = at + joint.size();
        std::size_t end = start;
        while (end < text.size() && is_word_character(text[end])) ++end;
        for (const Choice& choice : argument.choices)
            if (choice.key.size() == end - start && text.compare(start, choice.key.size(), choice.key) == 0)
                return {&choice, end};
    }
    return {};
}

}  // namespace

std::string message_text(const std::string& text) {
    constexpr std::size_t start = 6000, end = 1000;
    if (text.size() <= start + end + 100) return text;
    // Not within a character.
    const auto character = [&](std::size_t at) {
        while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
        return at;
    };
    const std::size_t from = character(start), to = character(text.size() - end);
    return text.substr(0, from) + " [" + std::to_string(to - from) + " bytes omitted] " + text.substr(to);
}

std::string with_names(const std::string& whole, const Spec& spec,
                       const std::function<std::string(const Argument&, NamePlace)>& name,
                       const std::function<std::string(const Choice&)>& choice) {
    const std::string text = message_text(whole);
    std::string result;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted || !is_word_character(text[i])) {
            result += text[i++];
            continue;
        }
        std::size_t end = i;
        while (end < text.size() && is_word_character(text[end])) ++end;
        const std::string word = text.substr(i, end - i);
        const bool starts_line = i == 0 || text[i - 1] == '\n';
        const bool starts_alone = starts_line || text[i - 1] == ' ' || text[i - 1] == '(';
        const bool is_file_name = end + 1 < text.size() && text[end] == '.' && is_word_character(text[end + 1]);
        const bool ends_alone =
            !is_file_name && (end == text.size() || std::string(" \n.,:;?!)").find(text[end]) != std::string::npos);
        const auto named = std::find_if(spec.arguments.begin(), spec.arguments.end(), [&](const auto& argument) {
            return argument->parameter_name() == word && (!argument->is_output() || argument->is_destination());
        });
        const bool heads = starts_line && text.compare(end, 2, ": ") == 0;
        const ChosenWord chosen =
            starts_alone && named != spec.arguments.end() ? choice_behind(text, end, **named) : ChosenWord{};
        if (chosen.choice) {
            result += name(**named, NamePlace::in_sentence) + choice(*chosen.choice);
            end = chosen.end;
        } else if (starts_alone && ends_alone && named != spec.arguments.end())
            result += name(**named, heads ? NamePlace::heads_line : NamePlace::in_sentence);
        else
            result += word;
        i = end;
    }
    return result;
}

std::string with_subject(const UserError& error, const Spec& spec) {
    const std::string text = error.what();
    const Argument* argument = spec.find(error.parameter());
    if (!argument || text.find(argument->parameter_name()) != std::string::npos) return text;
    return argument->parameter_name() + ": " + text;
}

}  // namespace landcarbon
