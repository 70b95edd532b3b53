// Land Carbon Toolbox: fuzz target: any bytes as a formula of a scenario table; nothing but ExpressionError may come out.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "expect.hpp"
#include "forecast/stirpat_scenarios/scenario_expression.hpp"

namespace {

std::optional<double> value(const landcarbon::ScenarioExpression& formula, const landcarbon::ScenarioWords& words) {
    try {
        const double result = formula.value(words);
        expect(std::isfinite(result), "a formula's value is finite");
        return result;
    } catch (const landcarbon::ExpressionError& error) {
        expect(error.what()[0] != '\0', "an error has a text");
        return std::nullopt;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    try {
        const auto formula = landcarbon::ScenarioExpression::parse(text);
        const auto one = value(formula, {0.02, -0.01, 0.05}), other = value(formula, {0.7, 0.3, 0.9});
        if (!formula.has_words()) expect(one == other, "without words, a formula is the same for all units");
    } catch (const landcarbon::ExpressionError& error) {
        expect(error.what()[0] != '\0', "an error has a text");
    }
    return 0;
}
