// Land Carbon Toolbox: names of arguments inside texts, in the words of each front-end.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <functional>
#include <string>

#include "spec/spec.hpp"

namespace landcarbon {

/// A text that people can read: what lies in the middle of one of more than some 7,000 bytes, such as a cell of a
/// megabyte, is omitted; the start says what is wrong where, the end what to do.
std::string message_text(const std::string& text);

/// Where a name stands in a text: in front of a line, as "MATRIX: ..." does, or within a sentence.
enum class NamePlace { heads_line, in_sentence };

/// Texts of specs, rooms and the engine name arguments like MATRIX. Replaces each that is an input or a destination of
/// the spec and stands alone, outside of double quotes, by what `name` gives for it. A word of a choice right behind
/// its name, as in METHOD=given, METHOD given, "METHOD is given" or "METHOD to given", goes with it: `choice` gives
/// what stands there, with what joins them. Long texts are
/// shortened by message_text.
std::string with_names(const std::string& text, const Spec& spec,
                       const std::function<std::string(const Argument&, NamePlace)>& name,
                       const std::function<std::string(const Choice&)>& choice);

/// The text of an error with the argument that it is about in front, where it is not named at all.
std::string with_subject(const UserError& error, const Spec& spec);

}  // namespace landcarbon
