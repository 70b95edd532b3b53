// Land Carbon Toolbox: what a geographically weighted regression finds, from rows of a layer or cells of rasters.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/gwr_choices.hpp"
#include "drivers/gwr_model.hpp"
#include "drivers/mgwr_model.hpp"

namespace landcarbon {

/// Places with their values.
struct GwrObservations {
    std::vector<double> x, y;  ///< m or map units; degrees on the globe
    Distances distances = Distances::plane;
    bool metres = true;  ///< false: no reference system, so that distances are in map units
    std::vector<std::string> responses, drivers;
    std::vector<std::vector<double>> response_values, driver_values;  ///< one vector each
    std::string one;                                 ///< what one is called: "row", "cell", "zone" or "square"
    std::function<std::string(std::size_t)> called;  ///< what the i-th is called, with its coordinates
    std::string response_id = "responses", driver_id = "drivers";  ///< of the arguments, for messages
    /// Mean and standard deviation that were taken out of each column; empty where none were.
    std::vector<std::pair<double, double>> response_scales, driver_scales;

    /// A driver's value as the model has it, and the model's response in its own unit.
    double driver_in_model(std::size_t driver, double value) const {
        return driver_scales.empty() ? value : (value - driver_scales[driver].first) / driver_scales[driver].second;
    }
    double response_from_model(std::size_t response, double value) const {
        return response_scales.empty() ? value : response_scales[response].first + value * response_scale(response);
    }
    double response_scale(std::size_t response) const {
        return response_scales.empty() ? 1 : response_scales[response].second;
    }

    /// Says how distances are measured. @param crs WKT; empty: not known
    void measure_by(const std::string& crs);
    /// Adds a place in map coordinates.
    void add_place(const std::array<double, 2>& at);
    /// Map coordinates as x and y have them.
    std::array<double, 2> measured(const std::array<double, 2>& at) const { return {at[0] * unit, at[1] * unit}; }
    double unit = 1;  ///< of map coordinates: m, or degrees on the globe
};

/// One model: a response and some drivers.
struct GwrFindings {
    std::size_t response = 0;
    std::vector<std::size_t> drivers;
    std::shared_ptr<const GwrModel> model;
    BandwidthSearch search;  ///< empty where the bandwidth was given
    GwrFit fit, ols;
    std::vector<double> p, corrected_p;  ///< as the coefficients
    /// -1 and 1: significant and below or above zero, 0: not significant, or no fit.
    std::vector<signed char> significant;
    std::vector<double> critical_t;  ///< by term: |t| from which coefficients are significant; infinite where none is
    std::optional<double> f, f_p;    ///< of gwr against ols
    std::optional<MoransI> moran, ols_moran;
    /// R2 of predictions for blocks, of gwr and ols; by term p of a coefficient that does not vary. Where asked for.
    std::optional<double> block_r2, ols_block_r2;
    std::vector<double> stationarity_p;
    /// With METHOD=mgwr `fit` is that of the multiscale model, and this one is what it began from.
    std::optional<MgwrFit> multiscale;
    std::shared_ptr<const MgwrModel> multiscale_model;
    GwrFigures begun;

    std::size_t terms() const { return fit.terms; }
    double coefficient(std::size_t i, std::size_t term) const { return fit.coefficients[i * terms() + term]; }
    double error(std::size_t i, std::size_t term) const { return fit.errors[i * terms() + term]; }
};

/// The model of a response without drivers: an intercept that varies in space.
struct GwrWithout {
    GwrFigures figures;
    double bandwidth = 0;
    std::optional<double> block_r2;
};

struct GwrResults {
    std::vector<GwrFindings> models;                 ///< response by response
    std::vector<std::optional<GwrWithout>> without;  ///< by response
};

/// Searches bandwidths, fits, tests. Columns are standardised first where the choices say so.
/// @throws UserError for data that cannot be fitted: too few observations, constant or dependent columns, coincident
/// places, bandwidths without a fit
GwrResults find_gwr(GwrObservations& observations, const GwrChoices& choices, Run& run);

/// Two-sided p values corrected for the many places. @param enp effective number of parameters, @param terms
/// coefficients of a place; NaN stay
std::vector<double> corrected_p_values(const std::vector<double>& p, GwrCorrection correction, double enp,
                                       std::size_t terms);

/// A model's drivers in words.
std::string drivers_text(const GwrFindings& model, const GwrObservations& observations);
/// How many observations have no fit, because their window does not tell all coefficients.
std::size_t places_without_fit(const GwrFindings& model);

/// Tables and report. @param maps figures of the models' coefficients with their captions, for the report
void write_gwr(const GwrResults& results, const GwrObservations& observations, const GwrChoices& choices,
               GwrOutputs& outputs, const std::function<void(Report&)>& maps, Run& run);

}  // namespace landcarbon
