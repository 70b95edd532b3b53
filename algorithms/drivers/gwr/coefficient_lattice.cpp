// Land Carbon Toolbox: local fits at every so many-th cell of a grid, and what lies between.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/gwr/coefficient_lattice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace landcarbon {

CoefficientLattice::CoefficientLattice(const Grid& grid, int step, const GwrFindings& model,
                                       const GwrObservations& observations)
    : grid_(grid),
      step_(step),
      model_(model),
      observations_(observations),
      terms_(model.terms()),
      width_(width_of(terms_)),
      columns_(nodes(grid.width, step)),
      rows_(nodes(grid.height, step)),
      squares_(model.multiscale ? std::vector<double>() : model.model->squared_residuals(model.fit)),
      left_(model.multiscale ? model.multiscale_model->left_for_terms(*model.multiscale)
                             : std::vector<std::vector<double>>()),
      numbers_(columns_ * rows_ * width_, std::numeric_limits<double>::quiet_NaN()) {}

int CoefficientLattice::step_for(const Grid& grid) {
    constexpr double most = 40000;
    const double cells = static_cast<double>(grid.width) * grid.height;
    return std::max(1, static_cast<int>(std::ceil(std::sqrt(cells / most))));
}

std::size_t CoefficientLattice::bytes(const Grid& grid, int step, std::size_t terms) {
    return nodes(grid.width, step) * nodes(grid.height, step) * width_of(terms) * sizeof(double);
}

void CoefficientLattice::fill(std::size_t row) {
    for (std::size_t column = 0; column < columns_; ++column) {
        const auto place = observations_.measured(
            grid_.position(static_cast<double>(column) * step_ + 0.5, static_cast<double>(row) * step_ + 0.5));
        double* const numbers = numbers_.data() + (row * columns_ + column) * width_;
        if (model_.multiscale) {
            fill_multiscale(place[0], place[1], numbers);
            continue;
        }
        const auto fit = model_.model->at(place[0], place[1], model_.fit.window, &squares_);
        if (!fit) continue;
        std::copy(fit->coefficients.begin(), fit->coefficients.end(), numbers);
        for (std::size_t a = 0; a < terms_; ++a)
            for (std::size_t b = a; b < terms_; ++b)
                numbers[half(a) + b] = fit->covariance[a * terms_ + b] * model_.fit.figures.sigma2;
        // Without a local R2 a place has coefficients all the same.
        numbers[width_ - 1] = std::isnan(fit->local_r2) ? 0 : fit->local_r2;
    }
}

void CoefficientLattice::fill_multiscale(double x, double y, double* numbers) const {
    const auto coefficients = model_.multiscale_model->at(x, y, *model_.multiscale, left_);
    if (!coefficients) return;
    std::fill_n(numbers, width_, 0.0);
    std::copy(coefficients->begin(), coefficients->end(), numbers);
    std::vector<Neighbour> nearest;
    const GwrPlaces& places = model_.model->places();
    places.index.nearest(x, y, 1, nearest);
    for (std::size_t a = 0; a < terms_; ++a) {
        const double error = model_.error(places.order[nearest.front().place], a);
        numbers[half(a) + a] = error * error;
    }
}

bool CoefficientLattice::at(int column, int row, std::vector<double>& numbers) const {
    const auto left = static_cast<std::size_t>(column / step_), top = static_cast<std::size_t>(row / step_);
    const double across = static_cast<double>(column % step_) / step_, down = static_cast<double>(row % step_) / step_;
    numbers.assign(width_, 0);
    const std::array<double, 4> shares = {(1 - across) * (1 - down), across * (1 - down), (1 - across) * down,
                                          across * down};
    for (std::size_t corner = 0; corner < 4; ++corner) {
        if (shares[corner] == 0) continue;
        const double* const node = numbers_.data() + ((top + corner / 2) * columns_ + left + corner % 2) * width_;
        if (std::isnan(node[0])) return false;
        for (std::size_t i = 0; i < width_; ++i) numbers[i] += shares[corner] * node[i];
    }
    return true;
}

double CoefficientLattice::variance(const std::vector<double>& numbers, std::size_t term) const {
    return numbers[half(term) + term];
}

double CoefficientLattice::spread(const std::vector<double>& numbers, const std::vector<double>& x) const {
    double sum = 0;
    for (std::size_t a = 0; a < terms_; ++a) {
        sum += x[a] * x[a] * numbers[half(a) + a];
        for (std::size_t b = a + 1; b < terms_; ++b) sum += 2 * x[a] * x[b] * numbers[half(a) + b];
    }
    return sum;
}

}  // namespace landcarbon
