// Land Carbon Toolbox: published coefficient tables as files: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/coefficient_table/coefficient_table.hpp"

#include "engine/run.hpp"

namespace landcarbon {
void coefficient_table(CoefficientTableOptions& options, Run& run) {
    const PublishedTable& described = published_table(options.table);
    const InputTable input = read_published_table("table", options.table);
    std::vector<OutputTable::Column> columns;
    for (std::size_t column = 0; column < input.columns().size(); ++column)
        columns.push_back({input.columns()[column], column_type(input, column)});
    OutputTable output(columns);
    for (std::size_t row = 0; row < input.rows(); ++row) {
        std::vector<Cell> cells;
        for (std::size_t column = 0; column < columns.size(); ++column)
            cells.push_back(typed_cell(input, row, column, columns[column].type));
        output.add(std::move(cells));
    }
    run.convention("source of the table", described.source);
    run.write("coefficients", options.coefficients, output);
    options.rows = static_cast<double>(input.rows());
    options.source = described.source;
}

}  // namespace landcarbon
