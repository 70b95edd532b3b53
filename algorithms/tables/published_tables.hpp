// Land Carbon Toolbox: the published tables that ship with the toolbox: what they are and where they are from.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/table.hpp"

namespace landcarbon {

/// What users are told about a table that ships with the toolbox.
struct PublishedTable {
    const char* name;  ///< as in embedded_tables()
    const char* label;
    const char* source;   ///< full citation
    const char* classes;  ///< the codes of its classes; nullptr where it is not about land cover
};
/// All tables that ship with the toolbox, in the order users see them.
const std::vector<PublishedTable>& published_tables();
/// One of them. @throws std::logic_error when there is none of this name
const PublishedTable& published_table(const std::string& name);
/// Its cells. @param parameter the argument that messages name
InputTable read_published_table(const std::string& parameter, const std::string& name);

}  // namespace landcarbon
