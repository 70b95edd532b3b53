// Land Carbon Toolbox: Geodetector of a table or vector layer: options and how rows become observations.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "drivers/geodetector_analysis.hpp"
#include "spec/values.hpp"

namespace landcarbon {

class InputTable;
class Run;

struct GeodetectorTableOptions {
    TableInput data;
    std::string response;
    std::vector<std::string> factors;
    GeodetectorChoices choices;
    GeodetectorOutputs outputs;
};

/// Runs the algorithm. @throws UserError, IoError, Cancelled
void geodetector_table(GeodetectorTableOptions& options, Run& run);

/// The complete rows of a table, in memory.
class TableObservations final : public ObservationSource {
public:
    /// Keeps the rows that have a response and all factors; or, of these, a random sample.
    /// @param run for its threads
    /// @throws UserError naming the row or column
    TableObservations(const InputTable& table, const GeodetectorTableOptions& options, Run& run);

    const std::vector<Factor>& factors() const override { return factors_; }
    std::string one() const override { return "row"; }
    FirstLook look(LookFor what) override;
    void sum(const MomentScale& scale, const FactorBreaks& breaks, const std::vector<FactorPair>& pairs, bool last,
             const std::function<void(const CrossedMoments&)>& take) override;
    std::vector<std::string> strata_names(std::size_t factor) const override { return columns_[factor].names; }
    /// Rows that lack something.
    std::size_t incomplete() const { return incomplete_; }

private:
    /// A factor's values, or its strata and what they are called.
    struct Column {
        std::vector<double> values;
        std::vector<std::uint16_t> strata;
        std::vector<std::string> names;
    };
    Run& run_;
    std::vector<Factor> factors_;
    std::vector<Column> columns_;
    std::vector<double> response_;
    std::uint64_t seed_;
    std::size_t incomplete_ = 0;
};

}  // namespace landcarbon
