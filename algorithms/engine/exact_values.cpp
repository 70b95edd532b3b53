// Land Carbon Toolbox: numbers that a Float32 map rounds, kept beside it so that what reads it can sum them exactly.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/exact_values.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <string_view>

#include "spec/values.hpp"

namespace landcarbon {
namespace {

constexpr const char* item_name = "LANDCARBON_EXACT_VALUES";
constexpr std::size_t most_values = 1000;

double as_float32(double value) { return static_cast<double>(static_cast<float>(value)); }

}  // namespace

std::vector<std::pair<std::string, std::string>> exact_values_item(const std::vector<double>& values) {
    std::set<double> rounded;
    for (const double value : values)
        if (std::abs(value) <= static_cast<double>(std::numeric_limits<float>::max()) && as_float32(value) != value)
            rounded.insert(value);
    if (rounded.empty() || rounded.size() > most_values) return {};
    std::string text;
    for (const double value : rounded) text += (text.empty() ? "" : " ") + number_text(value);
    return {{item_name, text}};
}

ExactValues::ExactValues(const Layer& layer) {
    const GdalMessages messages;
    const char* const item =
        GDALGetMetadataItem(GDALGetRasterBand(layer.file().handle(), layer.band()), item_name, nullptr);
    if (!item) return;
    std::set<double> shared;
    const std::string_view text = item;
    for (std::size_t start = 0; start < text.size();) {
        const std::size_t end = std::min(text.find(' ', start), text.size());
        const auto value = parse_number(text.substr(start, end - start));
        start = end + 1;
        if (!value || !std::isfinite(*value)) continue;
        if (!exact_.emplace(as_float32(*value), *value).second) shared.insert(as_float32(*value));
    }
    for (const double value : shared) exact_.erase(value);
}

const double* ExactValues::of(const double* values, std::size_t count, std::vector<double>& scratch) const {
    if (exact_.empty()) return values;
    scratch.resize(count);
    // Neighbouring cells mostly hold the same number.
    double last = std::numeric_limits<double>::quiet_NaN(), exact = last;
    for (std::size_t i = 0; i < count; ++i) {
        if (values[i] != last) {
            last = values[i];
            const auto found = exact_.find(last);
            exact = found == exact_.end() ? last : found->second;
        }
        scratch[i] = exact;
    }
    return scratch.data();
}

}  // namespace landcarbon
