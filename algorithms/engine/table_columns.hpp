// Land Carbon Toolbox: output tables whose columns are declared once, each with its name and what it holds of a row.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/table.hpp"

namespace landcarbon {

/// The columns of a table of rows of one kind.
///
///     TableColumns<ClassPart>().add("class", &ClassPart::code).add("share", [&](const ClassPart& part) { ...
///     }).of(parts)
///
/// The type of a column follows from what it holds: whole numbers, numbers (a std::optional without a value is an empty
/// cell), texts.
template <class Row>
class TableColumns {
public:
    /// @param value what a row has in the column: a member of Row, or a function of a Row
    template <class Value>
    TableColumns& add(std::string name, Value value) {
        using Held = std::remove_cvref_t<std::invoke_result_t<Value, const Row&>>;
        constexpr auto type = type_of<Held>();
        declared_.push_back({std::move(name), type});
        values_.push_back([value = std::move(value)](const Row& row) -> Cell {
            if constexpr (std::same_as<Held, std::optional<double>>)
                return cell_of(std::invoke(value, row));
            else if constexpr (type == OutputTable::Type::integer)
                return static_cast<std::int64_t>(std::invoke(value, row));
            else if constexpr (type == OutputTable::Type::real)
                return static_cast<double>(std::invoke(value, row));
            else
                return std::string(std::invoke(value, row));
        });
        return *this;
    }
    /// The same columns and rows as an output table.
    OutputTable of(const std::vector<Row>& rows) const {
        OutputTable table(declared_);
        for (const Row& row : rows) {
            std::vector<Cell> cells;
            cells.reserve(values_.size());
            for (const auto& value : values_) cells.push_back(value(row));
            table.add(std::move(cells));
        }
        return table;
    }

private:
    template <class Held>
    static constexpr OutputTable::Type type_of() {
        if constexpr (std::integral<Held>)
            return OutputTable::Type::integer;
        else if constexpr (std::floating_point<Held> || std::same_as<Held, std::optional<double>>)
            return OutputTable::Type::real;
        else
            return OutputTable::Type::text;
    }
    std::vector<OutputTable::Column> declared_;
    std::vector<std::function<Cell(const Row&)>> values_;
};

}  // namespace landcarbon
