// Land Carbon Toolbox: local fits at every so many-th cell of a grid, and what lies between.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "drivers/gwr_analysis.hpp"
#include "engine/grid.hpp"

namespace landcarbon {

/// Fits of a model at the centres of every `step`-th cell of every `step`-th row, from the first to one beyond the
/// last. Coefficients and their covariances vary as smoothly as the kernel's window moves; between four fits they are
/// interpolated bilinearly. With a step of 1 every cell has a fit of its own. A multiscale model tells no covariances:
/// a node has the variances of the nearest observation, NaN where the model has none.
class CoefficientLattice {
public:
    CoefficientLattice(const Grid& grid, int step, const GwrFindings& model, const GwrObservations& observations);
    /// A step that makes about 40 000 fits.
    static int step_for(const Grid& grid);
    static std::size_t bytes(const Grid& grid, int step, std::size_t terms);

    std::size_t rows() const { return rows_; }
    /// Fits one row of the lattice; rows may be filled by several threads.
    void fill(std::size_t row);

    /// The numbers of a cell: coefficients, upper half of their covariance, local R2. False where a fit that the cell
    /// lies beside does not exist. @param numbers replaced
    bool at(int column, int row, std::vector<double>& numbers) const;
    /// Of a cell's numbers: the variance of a coefficient, of the sum of x times the coefficients, and the local R2.
    double variance(const std::vector<double>& numbers, std::size_t term) const;
    double spread(const std::vector<double>& numbers, const std::vector<double>& x) const;
    double local_r2(const std::vector<double>& numbers) const { return numbers[width_ - 1]; }

private:
    static std::size_t nodes(int cells, int step) {
        return static_cast<std::size_t>((cells - 1 + step - 1) / step) + 1;
    }
    static std::size_t width_of(std::size_t terms) { return terms + terms * (terms + 1) / 2 + 1; }
    /// Where the row a of the upper half begins, less a.
    std::size_t half(std::size_t a) const { return terms_ + a * terms_ - a * (a + 1) / 2; }
    const Grid& grid_;
    int step_;
    const GwrFindings& model_;
    const GwrObservations& observations_;
    std::size_t terms_, width_, columns_, rows_;
    void fill_multiscale(double x, double y, double* numbers) const;
    std::vector<double> squares_;
    std::vector<std::vector<double>> left_;  ///< of a multiscale model: what the others leave each term
    std::vector<double> numbers_;            ///< node by node; NaN where there is no fit
};

}  // namespace landcarbon
