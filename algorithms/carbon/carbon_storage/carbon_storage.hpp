// Land Carbon Toolbox: carbon storage of land-cover maps, its change, value and uncertainty: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "engine/class_lookup.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class DensityUnit { t_ha, kg_m2 };
/// How the densities of two dates hang together, for the standard deviation of a change.
enum class DensityModel {
    shared,      ///< one density per class and pool holds at both dates: what did not change has no uncertainty
    independent  ///< each date draws its own densities: variances of the two totals add
};

struct CarbonStorageOptions {
    RasterInput land_cover;
    TableInput pools;
    RasterInput later_land_cover;
    std::optional<double> price;
    std::optional<std::int64_t> years_between;
    std::optional<double> discount_rate;
    std::optional<double> price_change;
    DensityUnit density_unit = DensityUnit::t_ha;
    CellContent map_unit = CellContent::per_ha;
    DensityModel uncertainty = DensityModel::shared;
    ClassMatch match = ClassMatch::codes_and_names;
    bool blank_is_zero = false;

    RasterOutput storage_map;
    RasterOutput pool_maps;
    RasterOutput change_map;
    RasterOutput value_map;
    RasterOutput confidence_map;
    TableOutput by_class;
    ReportOutput report;

    NumberOutput total_storage_t;
    NumberOutput total_storage_sd_t;
    NumberOutput mean_density_t_ha;
    NumberOutput later_storage_t;
    NumberOutput storage_change_t;
    NumberOutput storage_change_sd_t;
    NumberOutput confidence;
    NumberOutput net_present_value;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void carbon_storage(CarbonStorageOptions& options, Run& run);

/// The pools in the order of all tables: above ground, below ground, soil, dead matter.
constexpr std::size_t carbon_pools = 4;

/// Carbon of one hectare of a class by pool, in t/ha, and the standard deviation of each.
struct CarbonDensity {
    std::array<double, carbon_pools> pools{};
    std::array<double, carbon_pools> deviations{};
    /// Sum of the pools.
    double total() const;
    /// Variance of the sum; pools vary independently.
    double variance() const;
};

/// One class: its densities and its area at one or two dates.
struct ClassCarbon {
    CarbonDensity density;
    double area_ha = 0;
    double later_area_ha = 0;
    double area_change_ha = 0;  ///< later - earlier, from exact areas
};

/// A sum of carbon in t and its standard deviation.
struct CarbonSum {
    double tonnes = 0;
    double deviation = 0;
};

/// Storage at the first date: sum over classes of density * area (as InVEST's carbon model).
/// A class's density in a pool is one random variable, the same in all its cells, and classes and pools are
/// independent: deviation = sqrt(sum_k A_k^2 sum_p sd_kp^2).
CarbonSum storage_of(const std::vector<ClassCarbon>& classes);
/// The same at the later date.
CarbonSum later_storage_of(const std::vector<ClassCarbon>& classes);
/// Later - earlier storage: sum over classes of density * change of area.
/// Deviation with shared densities: sqrt(sum_k (A2_k - A1_k)^2 sum_p sd_kp^2); with independent ones:
/// sqrt(var_1 + var_2), as InVEST's former uncertainty module took it.
CarbonSum storage_change_of(const std::vector<ClassCarbon>& classes, DensityModel model);

/// The probability that a normally distributed change is above zero: Phi(mean / deviation). A change without deviation
/// is certain (1 or 0); no change without deviation has none.
std::optional<double> confidence_of_growth(double mean, double deviation);

/// Sum of the discount factors of n years: sum over t = 0..n-1 of q^t, q = 1 / ((1 + r/100) (1 + c/100)).
/// The first year is not discounted. Summed, not in closed form, so that no digits are lost near q = 1.
/// @param years n >= 1
/// @param discount_rate r, % a year, above -100
/// @param price_change c, % a year, above -100; a positive one lowers the value
double discount_sum(std::int64_t years, double discount_rate, double price_change);

/// Net present value of `tonnes` of carbon taken up evenly over n years: V s/n * discount_sum (InVEST carbon model).
/// @param price V, currency per t of elemental carbon
double net_present_value(double tonnes, double price, std::int64_t years, double discount_rate, double price_change);

/// Densities by class, from a table with the columns class, c_above, c_below, c_soil, c_dead and optionally sd_above,
/// sd_below, sd_soil, sd_dead. @throws UserError naming the line
struct CarbonPoolsTable {
    std::map<std::int64_t, CarbonDensity> densities;
    bool has_deviations = false;
    std::vector<std::string> pools_without_deviation;  ///< when other pools have one
};
CarbonPoolsTable read_carbon_pools(const InputTable& table, DensityUnit unit, bool blank_is_zero);

}  // namespace landcarbon
