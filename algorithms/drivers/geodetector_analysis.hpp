// Land Carbon Toolbox: what a Geodetector finds, from observations that may be cells of rasters or rows of a table.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "drivers/crossed_moments.hpp"
#include "drivers/detectors.hpp"
#include "drivers/geodetector_choices.hpp"
#include "maths/class_breaks.hpp"
#include "maths/ranked_sample.hpp"

namespace landcarbon {

class Run;

/// Breaks are found from all values, or from those of so many observations drawn at random where there are more.
constexpr std::size_t break_sample = 50000;

/// What a first look is for.
enum class LookFor {
    any_response,  ///< the largest response, observation or not: the least work
    response,      ///< the largest response of an observation
    values         ///< that, and the values of continuous factors
};

/// What must be known of the observations before they can be summed.
struct FirstLook {
    double largest = 0;  ///< absolute response
    /// Of continuous factors, in their order: the observations that breaks are found from, and the range of all.
    RankedSample sample{0, 0};
    std::int64_t observations = 0;  ///< how many there are; not known of LookFor::any_response
    std::vector<std::pair<double, double>> ranges;
};

/// Breaks of each factor; those of factors that hold classes are not used.
using FactorBreaks = std::vector<std::vector<double>>;

/// Where observations come from. An observation has a response and all factors.
class ObservationSource {
public:
    virtual ~ObservationSource() = default;
    virtual const std::vector<Factor>& factors() const = 0;
    /// What an observation is called: "cell" or "row".
    virtual std::string one() const = 0;
    /// @throws UserError when there is no observation
    virtual FirstLook look(LookFor what) = 0;
    /// Sums the response by strata. Factors may need several passes; `take` is called with the sums of some of the
    /// pairs each time. @param last whether the factors are classified as they stay
    virtual void sum(const MomentScale& scale, const FactorBreaks& breaks, const std::vector<FactorPair>& pairs,
                     bool last, const std::function<void(const CrossedMoments&)>& take) = 0;
    /// What the strata of a factor that holds classes are called, in their order; known after `sum`.
    virtual std::vector<std::string> strata_names(std::size_t factor) const = 0;
};

/// One way to divide a continuous factor.
struct Candidate {
    BreakMethod method{};
    int asked = 0;  ///< classes
    ClassBreaks division;
    std::optional<double> q, gain;  ///< gain: over one class fewer by the same method
    std::int64_t smallest = 0;      ///< observations of its smallest class
    std::string remark;             ///< why it cannot be chosen; empty: it can
};

struct FactorFindings {
    std::string name;
    bool continuous = false;
    std::vector<Candidate> candidates;
    std::optional<std::size_t> chosen;  ///< of the candidates
    std::vector<double> breaks;         ///< of continuous factors
    std::vector<std::string> strata;    ///< what they are called
    std::vector<Spread> spreads;        ///< of the response by stratum, in its own unit
    Power power;
};

struct PairFindings {
    std::size_t first = 0, second = 0;
    Power power;
    Interaction type{};
    EcologicalDifference ecological;
};

struct GeodetectorFindings {
    std::vector<FactorFindings> factors;
    std::vector<PairFindings> pairs;
    std::size_t best_factor = 0;
    std::optional<std::size_t> best_pair;
};

/// Looks, divides, sums and tests. @throws UserError naming RESPONSE where it does not vary
GeodetectorFindings find_drivers(ObservationSource& source, const GeodetectorChoices& choices, Run& run);

}  // namespace landcarbon
