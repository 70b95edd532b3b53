// Land Carbon Toolbox: published coefficient tables as files: the typing of columns and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/coefficient_table/coefficient_table.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/run.hpp"

namespace landcarbon {
namespace {

constexpr const char* beibu =
    "Qin, M., et al. (2023). Chinese Geographical Science 33(1). https://doi.org/10.1007/s11769-023-1327-3 (Beibu "
    "Gulf)";
constexpr const char* muus =
    "Zhang, X., et al. (2026). Arid Zone Research 43(1). https://doi.org/10.13866/j.azr.2026.01.18 (Mu Us region)";
constexpr const char* qinba =
    "Huo, J., et al. (2025). Scientific Reports. https://doi.org/10.1038/s41598-025-95156-x (Qinba mountains)";
constexpr const char* zhuang =
    "Zhuang, D., Liu, J. (1997). Study on the model of regional differentiation of land use degree in China. Journal "
    "of Natural Resources 12(2), 105-111 "
    "(in Chinese)";

/// "007" and "-01" are codes, "0", "0.5" and "-0" are numbers.
bool has_leading_zero(std::string_view text) {
    if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
    return text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9';
}

bool is_number(std::string_view text) {
    const auto value = parse_number(text);
    return value && std::isfinite(*value) && !has_leading_zero(text);
}

Cell cell_of(std::string_view text, OutputTable::Type type) {
    if (text.empty()) return {};
    if (type == OutputTable::Type::integer) return parse_integer(text).value();
    if (type == OutputTable::Type::real) return parse_number(text).value();
    return std::string(text);
}

}  // namespace

const std::vector<PublishedTable>& published_tables() {
    static const std::vector<PublishedTable> tables = {
        {"beibu_carbon_pools",
         "Carbon pools by class, t/ha: class, c_above, c_below, c_soil, c_dead (Beibu Gulf, Qin et al. 2023)", beibu},
        {"beibu_soil_national",
         "National soil carbon by class, t/ha, and below/above ratio, for Carbon density correction (Beibu Gulf, Qin "
         "et al. 2023)",
         beibu},
        {"beibu_conversion_cost",
         "Which class may become which, for FLUS land simulation: scenario, from, to_1 .. to_6, 1 = allowed; rows are "
         "the present classes (Beibu Gulf, Qin et al. 2023)",
         beibu},
        {"beibu_neighbourhood_weights",
         "Neighbourhood weights by class, for FLUS land simulation (Beibu Gulf, Qin et al. 2023)", beibu},
        {"muus_emission_factors", "Emission factors by class, t C/ha a year (Mu Us, Zhang et al. 2026)", muus},
        {"land_use_intensity_grades", "Grades of land-use intensity by class (Zhuang & Liu 1997, classes as in Mu Us)",
         zhuang},
        {"qinba_index_coefficients", "Coefficients of regional carbon indices (Qinba mountains, Huo et al. 2025)",
         qinba},
        {"qinba_energy_coefficients", "Standard coal and carbon emission by energy (Qinba mountains, Huo et al. 2025)",
         qinba},
    };
    return tables;
}

OutputTable::Type column_type(const InputTable& table, std::size_t column) {
    bool any = false;
    bool integers = true;
    for (std::size_t row = 0; row < table.rows(); ++row) {
        const std::string_view text = trimmed(table.text(row, column));
        if (text.empty()) continue;
        any = true;
        if (!is_number(text)) return OutputTable::Type::text;
        integers = integers && parse_integer(text).has_value();
    }
    if (!any) return OutputTable::Type::text;
    return integers ? OutputTable::Type::integer : OutputTable::Type::real;
}

void coefficient_table(CoefficientTableOptions& options, Run& run) {
    const auto& embedded = embedded_tables();
    const auto shipped = std::find_if(embedded.begin(), embedded.end(),
                                      [&](const EmbeddedTable& table) { return options.table == table.name; });
    const auto& known = published_tables();
    const auto described = std::find_if(known.begin(), known.end(),
                                        [&](const PublishedTable& table) { return options.table == table.name; });
    if (shipped == embedded.end() || described == known.end()) throw std::logic_error("no table " + options.table);
    const InputTable input = InputTable::from_text("table", options.table, shipped->text);
    std::vector<OutputTable::Column> columns;
    for (std::size_t column = 0; column < input.columns().size(); ++column)
        columns.push_back({input.columns()[column], column_type(input, column)});
    OutputTable output(columns);
    for (std::size_t row = 0; row < input.rows(); ++row) {
        std::vector<Cell> cells;
        for (std::size_t column = 0; column < columns.size(); ++column)
            cells.push_back(cell_of(trimmed(input.text(row, column)), columns[column].type));
        output.add(std::move(cells));
    }
    run.convention("source of the table", described->source);
    run.write("coefficients", options.coefficients, output);
    options.rows = static_cast<double>(input.rows());
    options.source = described->source;
}

}  // namespace landcarbon
