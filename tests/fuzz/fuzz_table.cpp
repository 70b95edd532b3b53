// Land Carbon Toolbox: fuzz target: any bytes as a CSV table; nothing but landcarbon::Error may come out.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "engine/table.hpp"
#include "expect.hpp"
#include "spec/errors.hpp"

namespace {

/// Calls `work`; a landcarbon::Error is an answer, provided that it says something.
template <class Work>
void allow_errors(Work work) {
    try {
        work();
    } catch (const landcarbon::Error& error) {
        expect(error.what()[0] != '\0', "an error has a text");
    }
}

void read_cells(const landcarbon::InputTable& table) {
    expect(table.rows() > 0 && !table.columns().empty(), "a table has columns and rows");
    for (const auto& column : table.columns())
        expect(column.empty() || table.has(column), "a table has the columns that it names");
    for (std::size_t row = 0; row < table.rows(); ++row)
        for (std::size_t column = 0; column < table.columns().size(); ++column) {
            std::optional<double> number;
            allow_errors([&] {
                number = table.number(row, column);
                expect(!number || std::isfinite(*number), "a cell's number is finite");
            });
            allow_errors([&] {
                const std::int64_t integer = table.required_integer(row, column);
                expect(number.has_value(), "a whole number is a number");
                expect(static_cast<double>(integer) == *number, "a cell's whole number is its number");
            });
        }
    std::size_t classes = 0;
    allow_errors([&] {
        classes = landcarbon::rows_by_class(table).size();
        expect(classes == table.rows(), "every row has a class of its own");
    });
    allow_errors([&] { expect(landcarbon::read_classes(table).size() == classes, "every class is read"); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    allow_errors([&] {
        read_cells(landcarbon::InputTable::from_text("classes", "classes.csv",
                                                     std::string(reinterpret_cast<const char*>(data), size)));
    });
    return 0;
}
