// Land Carbon Toolbox: net ecosystem productivity: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

enum class NppProduct { grams, mod17a3hgf };

struct NepOptions {
    RasterStack npp;
    RasterStack respiration;
    std::string years;
    NppProduct npp_product = NppProduct::grams;
    std::optional<double> npp_scale;
    std::optional<std::int64_t> min_valid;
    std::string class_bounds = "0,200,400";

    RasterOutput nep;
    RasterOutput mean_nep;
    RasterOutput classes;
    TableOutput by_class;
    TableOutput by_year;
    ReportOutput report;

    NumberOutput mean;
    NumberOutput total_t;
    NumberOutput sink_share;
    NumberOutput source_share;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void nep(NepOptions& options, Run& run);

/// How the values of an NPP raster become g C/m2.
struct NppReading {
    double factor = 1;
    double fill_from = std::numeric_limits<double>::infinity();  ///< values from here on are no measurements
};
/// MOD17A3HGF stores 0.0001 kg C/m2 and fills with 32761 and above (Running & Zhao, user's guide of collection 6.1).
/// @param declared_scale the scale that the file declares, which the values have been multiplied with already
NppReading read_mod17a3hgf(double declared_scale);

/// NEP = NPP - R_h, cell by cell, in g C/m2; `none` where one of them is NaN or a fill value.
void nep_of(const float* npp, const float* respiration, std::size_t cells, const NppReading& reading, float none,
            float* nep);

/// A class of NEP: from `lower` (included) to `upper` (excluded), g C/m2 a year.
struct NepClass {
    std::int64_t code = 0;
    double lower = -std::numeric_limits<double>::infinity();
    double upper = std::numeric_limits<double>::infinity();
    std::string name;
    std::string colour;
};
/// Classes between ascending bounds; codes from 1. @throws UserError naming CLASS_BOUNDS
std::vector<NepClass> nep_classes(const std::string& bounds);

}  // namespace landcarbon
