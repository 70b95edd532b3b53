// Land Carbon Toolbox: the coefficients of regional carbon indices as one table to edit: what users see.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/carbon_coefficients/carbon_coefficients.hpp"

#include "spec/algorithm.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {
namespace {

void describe(Spec& spec, CarbonCoefficientsOptions& o) {
    spec.id = "carbon_coefficients";
    spec.name = "Carbon index coefficients";
    spec.group = "tables";
    spec.summary = "Writes the coefficients that Carbon indices uses: energy, agriculture, livestock, crops, land.";
    spec.description =
        "Carbon indices of counties need some ninety coefficients: carbon of fertilizer and machinery, standard coal "
        "and carbon of each energy carrier, breathing and manure of animals, carbon of crops, sequestration and net "
        "ecosystem productivity of land. This algorithm writes the published ones as one table with a row for each "
        "coefficient, to be used as it is or changed in a spreadsheet.\n\n"
        "Rows may be changed, added and removed: each item in the table is a quantity that Carbon indices can count. "
        "The numbers hold for the region of their study.";
    for (const char* name : {"qinba_index_coefficients", "crop_coefficients"})
        spec.references.emplace_back(published_table(name).source);
    spec.tags = {"coefficients", "carbon emission", "energy", "standard coal", "livestock", "crops", "counties"};
    spec.choice("table", o.table,
                {{{"all", "All of them, as Carbon indices needs them"}, std::optional<IndexTable>()},
                 {{"agriculture", "Agriculture: fertilizer, pesticide, film, irrigation, sown area, machinery"},
                  IndexTable::agriculture},
                 {{"energy", "Energy: standard coal and carbon emission of each carrier"}, IndexTable::energy},
                 {{"population", "Population: breathing"}, IndexTable::population},
                 {{"livestock", "Livestock: respiration, enteric fermentation and manure"}, IndexTable::livestock},
                 {{"crops", "Crops: carbon fraction, economic coefficient, water content"}, IndexTable::crops},
                 {{"land", "Land: sequestration and net ecosystem productivity"}, IndexTable::land}})
        .named("Table")
        .says("The coefficients to write.");
    spec.table_out("coefficients", o.coefficients)
        .named("Carbon index coefficients")
        .says(
            "One row for each coefficient: the table it belongs to, the item, the name of the coefficient, its value, "
            "its unit and the published table it comes from.")
        .with_columns({"table", "item", "coefficient", "value", "unit", "source"});
    spec.number_out("rows", o.rows).named("Rows").says("Number of coefficients.");
    spec.number_out("items", o.items).named("Items").says("Number of items that the coefficients belong to.");
}

}  // namespace

std::unique_ptr<Algorithm> make_carbon_coefficients() {
    return std::make_unique<BoundAlgorithm<CarbonCoefficientsOptions>>(describe, carbon_coefficients);
}

}  // namespace landcarbon
