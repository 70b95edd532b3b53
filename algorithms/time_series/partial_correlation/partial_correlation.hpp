// Land Carbon Toolbox: partial correlation of a series with each of its drivers, cell by cell: options and maths.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/values.hpp"

namespace landcarbon {

class Run;

struct PartialCorrelationOptions {
    RasterStack response;
    RasterStack drivers;
    std::string driver_names;
    std::optional<std::int64_t> min_valid;

    RasterOutput correlations;
    RasterOutput classes;
    TableOutput summary;
    ReportOutput report;

    NumberOutput significant_share;
    NumberOutput singular;
    NumberOutput too_short;
    TextOutput strongest_driver;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void partial_correlation(PartialCorrelationOptions& options, Run& run);

/// Names of the drivers: those given, else "Driver 1" ... Their number is that of the groups of `steps` bands.
/// @throws UserError naming DRIVERS or DRIVER_NAMES
std::vector<std::string> driver_groups(const std::string& names, std::size_t bands, std::size_t steps);

/// Two-sided p of a correlation r with df degrees of freedom, many at once: of Student's t = r sqrt(df / (1 - r^2)),
/// which is p = I_{1-r^2}(df/2, 1/2), the regularised incomplete beta function. p / (1-r^2)^(df/2) is a smooth function
/// of |r|; it is taken from a table of exact values and slopes by cubic interpolation, with a relative error below
/// 1e-9 for df up to 100.
class CorrelationTest {
public:
    /// @param fewest_df,most_df the degrees of freedom that will be asked for, from 1 on
    CorrelationTest(std::size_t fewest_df, std::size_t most_df);
    /// @param df whole numbers, fewest_df .. most_df; @param r -1 .. 1
    template <std::size_t lanes>
    inline void p_values(const double* df, const double* r, double* p) const;
    std::size_t fewest_df() const { return fewest_df_; }

private:
    static constexpr std::size_t intervals = 1024;
    static constexpr std::size_t row = (intervals + 2) * 2;
    std::size_t fewest_df_;
    int bits_ = 0;               ///< of half the largest df
    std::vector<double> table_;  ///< by df: value and slope (times the width of an interval) at each node
};

/// Why a cell has no correlations.
enum class PartialState : std::uint8_t { computed, too_short, singular };

/// Partial correlations of a response with each driver, given all other drivers, in many cells at once: from the
/// inverse P of the correlation matrix of all variables, r_j = -P_0j / sqrt(P_00 P_jj). Steps that miss any variable
/// are left out. A variable that the others explain but for 1e-10 of its variance, or a constant one, makes the matrix
/// singular. One object a thread.
class PartialCorrelationKernel {
public:
    /// @param test shared by all threads; must outlive the kernel
    PartialCorrelationKernel(std::size_t drivers, std::size_t steps, std::size_t min_valid,
                             const CorrelationTest& test);

    /// @param series values of the response at each step, then of each driver at each step, `cells` each; NaN: missing
    /// @param r,p drivers x cells; NaN where not defined
    /// @param n complete steps of each cell
    template <class Value>
    void operator()(const std::vector<const Value*>& series, std::size_t cells, double* r, double* p, double* n,
                    PartialState* states);

private:
    static constexpr std::size_t lanes = 16;  ///< cells that go through the loops side by side
    template <class Value>
    void load(const std::vector<const Value*>& series, std::size_t first);
    template <class Value>
    void load_complete(const std::vector<const Value*>& series, std::size_t first, std::size_t count);
    std::size_t variables_;
    std::size_t steps_;
    double min_valid_;
    const CorrelationTest* test_;
    std::vector<double> values_;  ///< variables x steps x lanes, complete steps closed up
    std::vector<double> matrix_;  ///< variables x variables x lanes
    double counts_[lanes] = {};
};

/// One cell's series, for tests.
struct PartialResult {
    PartialState state = PartialState::too_short;
    std::vector<double> r, p;
    double n = 0;
};
PartialResult partial_correlation_of(const std::vector<double>& response,
                                     const std::vector<std::vector<double>>& drivers, std::size_t min_valid = 4);

/// The same p for one correlation.
double correlation_p_value(double df, double r);

/// The fewest complete steps that leave one degree of freedom.
constexpr std::size_t fewest_steps(std::size_t drivers) { return drivers + 2; }

/// Class of a correlation: sign, 1 for p < 0.05, 2 for p < 0.01, 0 where not significant.
inline int correlation_class(double r, double p) {
    const int strength = (p < 0.05) + (p < 0.01);
    return r < 0 ? -strength : strength;
}

}  // namespace landcarbon
