// Land Carbon Toolbox: the published tables that ship with the toolbox: what they are and where they are from.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/published_tables.hpp"

#include <algorithm>
#include <stdexcept>

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
constexpr const char* tian =
    "Tian, Y., Zhang, J. (2013). Regional differentiation research on net carbon effect of agricultural production in "
    "China. Journal of Natural Resources 28(8), 1298-1309 (in Chinese)";

constexpr const char* beibu_classes =
    "Beibu: 1 Cropland, 2 Forest land, 3 Grassland, 4 Construction land, 5 Water area, 6 Unutilised land";
constexpr const char* muus_classes =
    "Mu Us: 1 Cropland, 2 Forest land, 3 Grassland, 4 Water, 5 Impervious surface, 6 Unused land";

}  // namespace

const std::vector<PublishedTable>& published_tables() {
    static const std::vector<PublishedTable> tables = {
        {"beibu_carbon_pools",
         "Carbon pools by class, t/ha: class, c_above, c_below, c_soil, c_dead (Beibu Gulf, Qin et al. 2023; classes "
         "of Beibu: 4 "
         "construction land, 5 water)",
         beibu, beibu_classes},
        {"beibu_soil_national",
         "National soil carbon by class, t/ha, and below/above ratio, for Carbon density correction (Beibu Gulf, Qin "
         "et al. 2023; classes of Beibu: 4 construction land, 5 water)",
         beibu, beibu_classes},
        {"beibu_conversion_cost",
         "Allowed conversions between classes, for FLUS land simulation: scenario, from, to_1 .. to_6, 1 = allowed; "
         "rows are the present classes (Beibu Gulf, Qin et al. 2023; classes of Beibu: 4 construction land, 5 water)",
         beibu, beibu_classes},
        {"beibu_neighbourhood_weights",
         "Neighbourhood weights by class, for FLUS land simulation (Beibu Gulf, Qin et al. 2023; classes of Beibu: 4 "
         "construction land, 5 water)",
         beibu, beibu_classes},
        {"muus_emission_factors",
         "Emission factors by class, t C/ha a year (Mu Us, Zhang et al. 2026; classes of Mu Us: 4 water, 5 impervious "
         "surface)",
         muus, muus_classes},
        {"land_use_intensity_grades",
         "Grades of land-use intensity by class (Zhuang & Liu 1997; classes of Mu Us: 4 water, 5 impervious surface)",
         zhuang, muus_classes},
        {"qinba_index_coefficients", "Coefficients of regional carbon indices (Qinba mountains, Huo et al. 2025)",
         qinba, nullptr},
        {"qinba_energy_coefficients", "Standard coal and carbon emission by energy (Qinba mountains, Huo et al. 2025)",
         qinba, nullptr},
        {"qinba_scenarios",
         "Growth rates and thresholds of drivers, for STIRPAT scenarios (Qinba mountains, Huo et al. "
         "2025)",
         qinba, nullptr},
        {"crop_coefficients",
         "Carbon fraction, economic coefficient and water content of crops (usual figures, after Tian & Zhang 2013; to "
         "be checked before use)",
         tian, nullptr},
        {"qinba_zoning_scores",
         "Scores of trends, carbon peaking and land-use intensity for Carbon zoning (Qinba mountains, Huo et al. 2025)",
         qinba, nullptr},
    };
    return tables;
}

const PublishedTable& published_table(const std::string& name) {
    const auto& known = published_tables();
    const auto found =
        std::find_if(known.begin(), known.end(), [&](const PublishedTable& table) { return name == table.name; });
    if (found == known.end()) throw std::logic_error("no table " + name);
    return *found;
}

InputTable read_published_table(const std::string& parameter, const std::string& name) {
    const auto& embedded = embedded_tables();
    const auto shipped =
        std::find_if(embedded.begin(), embedded.end(), [&](const EmbeddedTable& table) { return name == table.name; });
    if (shipped == embedded.end()) throw std::logic_error("no table " + name);
    return InputTable::from_text(parameter, name, shipped->text);
}

}  // namespace landcarbon
