// Land Carbon Toolbox: the cells of rasters as observations of a Geodetector.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "drivers/geodetector/geodetector.hpp"
#include "drivers/geodetector_analysis.hpp"
#include "engine/run.hpp"

namespace landcarbon {

/// Cells that have a response and all factors; or, of these, a random sample. Nothing is kept but sums: each call is a
/// pass over the cells, or several where the tables of crossed strata do not fit the memory at once.
class RasterObservations final : public ObservationSource {
public:
    /// Opens the rasters. @throws UserError, IoError
    RasterObservations(const GeodetectorOptions& options, Run& run);

    const std::vector<Factor>& factors() const override { return factors_; }
    std::string one() const override { return "cell"; }
    FirstLook look(LookFor what) override;
    void sum(const MomentScale& scale, const FactorBreaks& breaks, const std::vector<FactorPair>& pairs, bool last,
             const std::function<void(const CrossedMoments&)>& take) override;
    std::vector<std::string> strata_names(std::size_t factor) const override;

private:
    struct Look;
    struct Tally;
    void look_at(Look& state, const Block& block) const;
    void add(Tally& state, const Block& block, const MomentScale& scale) const;
    void paint(Tally& state, Block& block) const;
    RasterSink* classified(const FactorBreaks& breaks);
    /// What the classes of the first factor are called; empty where they are many or not known.
    std::vector<ClassLabel> classes_of_first(const std::vector<double>& breaks) const;
    void hand_on(const Tally& total, const std::function<void(const CrossedMoments&)>& take);
    template <class Real>
    std::size_t take_cells(Tally& state, const Block& block, std::size_t start, std::size_t count,
                           const MomentScale& scale) const;

    const GeodetectorOptions& options_;
    Run& run_;
    std::vector<Layer> layers_;  ///< the response, then the factors
    std::vector<Factor> factors_;
    std::vector<std::vector<std::int64_t>> codes_;  ///< of the strata of factors that hold classes, ascending
    std::uint64_t highest_rank_;                    ///< cells with a higher one are not in the sample
};

}  // namespace landcarbon
