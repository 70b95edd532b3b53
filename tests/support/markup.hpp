// Land Carbon Toolbox: is a text well-formed XML of the plain kind that reports and styles are made of?
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace landcarbon::test {

/// The fault in a document, or nothing when tags balance, attributes are quoted and once each, and only the five
/// entities of XML and decimal references occur.
std::optional<std::string> xml_fault(std::string_view text);

}  // namespace landcarbon::test
