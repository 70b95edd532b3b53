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

constexpr const char* clcd =
    "Yang, J., Huang, X. (2021). The 30 m annual land cover dataset and its dynamics in China from 1990 to 2019. Earth "
    "System Science Data 13, 3907-3925. https://doi.org/10.5194/essd-13-3907-2021 (classes of CLCD; the grouping is a "
    "usual one)";
constexpr const char* cnlucc =
    "Liu, J., Kuang, W., Zhang, Z., et al. (2014). Spatiotemporal characteristics, patterns, and causes of land-use "
    "changes in China since the late 1980s. Journal of Geographical Sciences 24(2), 195-210 (classes of CNLUCC, whose "
    "first digit is the group)";
constexpr const char* globeland30 =
    "Chen, J., et al. (2015). Global land cover mapping at 30 m resolution: A POK-based operational approach. ISPRS "
    "Journal of Photogrammetry and Remote Sensing 103, 7-27 (classes of GlobeLand30; the grouping is a usual one)";
constexpr const char* worldcover =
    "Zanaga, D., et al. (2022). ESA WorldCover 10 m 2021 v200. https://doi.org/10.5281/zenodo.7254221 (classes of "
    "WorldCover; the grouping is a usual one)";
constexpr const char* igbp =
    "Sulla-Menashe, D., et al. (2019). Hierarchical mapping of annual global land cover 2001 to present: The MODIS "
    "Collection 6 Land Cover product. Remote Sensing of Environment 222, 183-194 (classes of MCD12Q1, IGBP; the "
    "grouping is a usual one)";

constexpr const char* beibu_classes =
    "Beibu: 1 Cropland, 2 Forest land, 3 Grassland, 4 Construction land, 5 Water area, 6 Unutilised land";
constexpr const char* muus_classes =
    "Mu Us: 1 Cropland, 2 Forest land, 3 Grassland, 4 Water, 5 Impervious surface, 6 Unused land";
constexpr const char* clcd_to_six_classes =
    "CLCD: 1 Cropland, 2 Forest, 3 Shrub, 4 Grassland, 5 Water, 6 Snow/Ice, 7 Barren, 8 Impervious, 9 "
    "Wetland";
constexpr const char* cnlucc_to_six_classes =
    "CNLUCC: 11 Paddy field, 12 Dry land, 21 Forest, 22 Shrub, 23 Sparse woods, 24 Other woods, 31 "
    "Grassland of high cover, 32 Grassland of medium cover, 33 Grassland of low cover, 41 River and "
    "canal, 42 Lake, 43 Reservoir and pond, 44 Permanent snow and ice, 45 Tidal flat, 46 Floodplain, 51 "
    "Urban land, 52 Rural settlement, 53 Other construction land, 61 Sand, 62 Gobi, 63 Saline land, 64 "
    "Marsh, 65 Bare land, 66 Bare rock, 67 Other unused land";
constexpr const char* globeland30_to_six_classes =
    "GlobeLand30: 10 Cultivated land, 20 Forest, 30 Grassland, 40 Shrubland, 50 Wetland, 60 Water bodies, "
    "70 Tundra, 80 Artificial surfaces, 90 Bareland, 100 Permanent snow and ice";
constexpr const char* worldcover_to_six_classes =
    "ESA WorldCover: 10 Tree cover, 20 Shrubland, 30 Grassland, 40 Cropland, 50 Built-up, 60 Bare / "
    "sparse vegetation, 70 Snow and ice, 80 Permanent water bodies, 90 Herbaceous wetland, 95 Mangroves, "
    "100 Moss and lichen";
constexpr const char* igbp_to_seven_classes =
    "IGBP (MCD12Q1): 1 Evergreen needleleaf forests, 2 Evergreen broadleaf forests, 3 Deciduous "
    "needleleaf forests, 4 Deciduous broadleaf forests, 5 Mixed forests, 6 Closed shrublands, 7 Open "
    "shrublands, 8 Woody savannas, 9 Savannas, 10 Grasslands, 11 Permanent wetlands, 12 Croplands, 13 "
    "Urban and built-up lands, 14 Cropland/natural vegetation mosaics, 15 Permanent snow and ice, 16 "
    "Barren, 17 Water bodies";

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
        {"clcd_to_six",
         "From the nine classes of CLCD to the six of Mu Us (1 cropland, 2 forest land, 3 grassland, 4 water, "
         "5 impervious surface, 6 unused land), for Reclassify land cover (classes of CLCD)",
         clcd, clcd_to_six_classes},
        {"cnlucc_to_six",
         "From the 25 classes of CNLUCC to the six of Mu Us, for Reclassify land cover (classes of CNLUCC)", cnlucc,
         cnlucc_to_six_classes},
        {"globeland30_to_six",
         "From the ten classes of GlobeLand30 to the six of Mu Us, for Reclassify land cover (classes of "
         "GlobeLand30)",
         globeland30, globeland30_to_six_classes},
        {"worldcover_to_six",
         "From the eleven classes of ESA WorldCover to the six of Mu Us, for Reclassify land cover (classes of "
         "ESA WorldCover)",
         worldcover, worldcover_to_six_classes},
        {"igbp_to_seven",
         "From the 17 classes of IGBP (MCD12Q1) to seven (1 cropland, 2 forest land, 3 grassland and "
         "shrubland, 4 water and wetland, 5 impervious surface, 6 barren land, 7 snow and ice), for Reclassify "
         "land cover (classes of IGBP)",
         igbp, igbp_to_seven_classes},
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
