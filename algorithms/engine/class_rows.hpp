// Land Carbon Toolbox: tables with one row for each class, row by row, with all their faults at once.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>

#include "engine/table.hpp"

namespace landcarbon {

/// Calls `work` with class and row of each row of a table with the column class. Rows that it rejects, and classes that
/// appear twice, are told together, up to twenty of them.
/// @throws UserError for one such row, UserErrors for several
void each_class(const InputTable& table, const std::function<void(std::int64_t code, std::size_t row)>& work);

}  // namespace landcarbon
