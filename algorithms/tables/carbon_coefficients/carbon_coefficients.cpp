// Land Carbon Toolbox: the coefficients of regional carbon indices as one table to edit: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/carbon_coefficients/carbon_coefficients.hpp"

#include <set>

#include "engine/run.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {

void carbon_coefficients(CarbonCoefficientsOptions& options, Run& run) {
    using Type = OutputTable::Type;
    OutputTable table({{"table", Type::text},
                       {"item", Type::text},
                       {"coefficient", Type::text},
                       {"value", Type::real},
                       {"unit", Type::text},
                       {"source", Type::text}});
    std::set<std::string> items, sources;
    const auto coefficients = published_index_coefficients(options.table);
    for (const auto& entry : coefficients) {
        table.add(
            {index_table_name(entry.table), entry.item, entry.coefficient, entry.value, entry.unit, entry.source});
        items.insert(entry.item);
        sources.insert(entry.source);
    }
    for (const auto& source : sources) run.convention("source of " + source, published_table(source).source);
    run.write(options.coefficients, table);
    options.rows = static_cast<double>(coefficients.size());
    options.items = static_cast<double>(items.size());
}

}  // namespace landcarbon
