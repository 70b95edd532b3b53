// Land Carbon Toolbox: which stored numbers are no data: what the user says, and what looks like it.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine/value_rules.hpp"

#include <algorithm>
#include <array>

#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

/// Every cell is compared with every entry.
constexpr std::size_t most_entries = 256;

/// Valid numbers as stored, from the products' user guides. mod17: MOD17A3HGF and MOD17A2HGF, fill codes from 32761;
/// mod13: NDVI and EVI, fill -3000; mod11: land surface temperature, fill 0; mod15: LAI and FPAR, fill from 249; mod16:
/// evapotranspiration, fill from 32761.
const std::vector<std::pair<std::string, ValueRange>>& products() {
    static const std::vector<std::pair<std::string, ValueRange>> all = {{"mod11", {7500, 65535}},
                                                                        {"mod13", {-2000, 10000}},
                                                                        {"mod15", {0, 100}},
                                                                        {"mod16", {-32767, 32700}},
                                                                        {"mod17", {-30000, 32700}}};
    return all;
}

/// "5", "1..9", "1..", "..9".
bool read_range(const std::string& text, ValueRange& range) {
    const auto dots = text.find("..");
    if (dots == std::string::npos) {
        const auto number = parse_number(text);
        if (!number || !std::isfinite(*number)) return false;
        range = {*number, *number};
        return true;
    }
    const std::string from(trimmed(std::string_view(text).substr(0, dots)));
    const std::string to(trimmed(std::string_view(text).substr(dots + 2)));
    if (from.empty() && to.empty()) return false;
    range = {};
    for (const auto& [word, end] : {std::pair{&from, &range.from}, {&to, &range.to}}) {
        if (word->empty()) continue;
        const auto number = parse_number(*word);
        if (!number || !std::isfinite(*number)) return false;
        *end = *number;
    }
    return range.from <= range.to;
}

}  // namespace

ValueOptions::ValueOptions(const Spec& spec, const RunOptions& options) {
    std::vector<UserError> errors;
    std::vector<std::string> rasters;
    for (const auto& argument : spec.arguments)
        if (argument->kind == Kind::raster_in || argument->kind == Kind::raster_stack ||
            argument->kind == Kind::class_raster)
            rasters.push_back(argument->id);
    const auto read = [&](const std::string& id, const std::string& text, bool is_valid, std::vector<Entry>& entries) {
        const auto refuse = [&](const std::string& what) { errors.emplace_back(id, parameter_name(id) + ": " + what); };
        const std::vector<std::string> listed_entries = split_list(text);
        if (listed_entries.size() > most_entries)
            return refuse("there are " + std::to_string(listed_entries.size()) + " entries; at most " +
                          std::to_string(most_entries) + " are read");
        for (const std::string& entry : listed_entries) {
            const auto colon = entry.find(':');
            std::string name;
            if (colon != std::string::npos) {
                std::string given(trimmed(std::string_view(entry).substr(0, colon)));
                std::replace(given.begin(), given.end(), '-', '_');  // as the command spells it
                for (const std::string& raster : rasters)
                    if (parameter_name(raster) == parameter_name(given)) name = raster;
                if (name.empty()) {
                    std::vector<std::string> names;
                    for (const std::string& raster : rasters) names.push_back(parameter_name(raster));
                    refuse("\"" + given + "\" is no raster parameter; there are " + listed(names));
                    continue;
                }
            }
            const std::string word(trimmed(std::string_view(entry).substr(colon == std::string::npos ? 0 : colon + 1)));
            ValueRange range;
            const auto product = std::find_if(products().begin(), products().end(),
                                              [&](const auto& known) { return known.first == word; });
            if (is_valid && product != products().end())
                range = product->second;
            else if (!read_range(word, range)) {
                refuse("\"" + entry + "\" is " +
                       (is_valid
                            ? "no range; write it as in 0..10000, or name a product: mod11, mod13, mod15, mod16, mod17"
                            : "no number; write numbers and ranges separated by commas, as in -9999,32761..32767"));
                continue;
            }
            if (is_valid)
                for (const Entry& other : entries)
                    if (other.first == name) refuse("there are two ranges for the same rasters; give one");
            entries.emplace_back(name, range);
        }
    };
    read("nodata", options.nodata, false, none_);
    read("valid_range", options.valid_range, true, valid_);
    if (!errors.empty()) throw UserErrors(std::move(errors));
}

ValueRules ValueOptions::of(const std::string& parameter, bool classes) const {
    ValueRules rules;
    for (const auto& [name, range] : none_)
        if (name.empty() || name == parameter) rules.none.push_back(range);
    for (const auto& [name, range] : valid_)
        if (name.empty() && !classes) rules.valid = range;
    for (const auto& [name, range] : valid_)
        if (name == parameter) rules.valid = range;
    return rules;
}

bool is_nodata_mark(double value) {
    if (std::abs(value) >= 1e30) return true;
    // As single precision holds them.
    for (const double mark : {1e15, 1e20, -1e20, 2147483647.0, 4294967295.0, -99.9})
        if (value == static_cast<double>(static_cast<float>(mark))) return true;
    // -1000, -5000, -1e10: a digit and zeros.
    if (value <= -1000 && value >= -9e15 && value == std::floor(value)) {
        auto rest = static_cast<std::int64_t>(-value);
        while (rest % 10 == 0) rest /= 10;
        if (rest < 10) return true;
    }
    static constexpr std::array marks = {
        -2147483648.0, -2147483647.0, -32768.0, -32767.0, -28672.0, -10000.0,     -3000.0,      -128.0,  -99.0,
        127.0,         128.0,         249.0,    250.0,    251.0,    252.0,        253.0,        254.0,   255.0,
        32761.0,       32762.0,       32763.0,  32764.0,  32765.0,  32766.0,      32767.0,      65529.0, 65530.0,
        65531.0,       65532.0,       65533.0,  65534.0,  65535.0,  2147483647.0, 4294967295.0, 1e15,    1e20};
    static_assert(std::is_sorted(marks.begin(), marks.end()));
    if (std::binary_search(marks.begin(), marks.end(), value) || value == -1e20) return true;
    // 999, 9999, 99999 ..., of either sign.
    const double size = std::abs(value);
    for (double nines = 999; nines < 1e10; nines = nines * 10 + 9)
        if (size == nines) return true;
    // -999.9, -9999.9 and -99.9 as floats hold them.
    return value == -999.9 || value == -9999.9 || value == static_cast<double>(-999.9F) ||
           value == static_cast<double>(-9999.9F);
}

bool stands_apart(double mark, double low, double high) {
    if (!(low <= high)) return false;  // there is nothing else
    if (std::abs(mark) >= 1e30) return true;
    const double gap = mark < low ? low - mark : mark > high ? mark - high : 0;
    if (gap <= 0) return false;
    const double spread = high - low;
    // Zero is a common value; here it is one where all others are large and close together, as temperatures in kelvin.
    if (mark == 0) return spread > 0 && std::min(std::abs(low), std::abs(high)) >= 100 && gap >= 5 * spread;
    // These are codes of 16-bit products, whose values end well before them.
    const bool code = mark == -32768 || mark == -28672 || mark == -3000 || (mark >= 32761 && mark <= 32767) ||
                      (mark >= 65529 && mark <= 65535);
    if (code) return gap >= 50;
    return gap >= 0.5 * std::max(spread, 0.5 * std::max(std::abs(low), std::abs(high)));
}

bool is_byte_mark(double value) {
    for (const double mark : {200.0, 210.0, 211.0, 225.0, 237.0, 239.0, 243.0})
        if (value == mark) return true;
    return false;
}

bool lies_above_percent(double mark, double low, double high) {
    return low >= 0 && low <= high && high <= 100 && mark >= 120 && mark - high >= 20;
}

bool is_fill_class(double code) { return code == 0 || code == 15 || code == -1; }

bool is_lone_negative(double number, double low, double high) {
    const auto whole = [](double value) { return value == std::floor(value); };
    if (!(number < 0 && low >= 0 && low < high) || (whole(low) && whole(high))) return false;
    const double gap = low - number, spread = high - low;
    return gap >= 0.25 * spread || (whole(number) && gap >= 1 && gap >= 0.002 * spread);
}

double middle_of(std::vector<float> values) {
    constexpr std::size_t fewest = 5;
    if (values.size() < fewest) return std::numeric_limits<double>::quiet_NaN();
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return static_cast<double>(*middle);
}

std::optional<OtherScale> other_scale(const std::vector<double>& middles) {
    std::vector<double> known;
    for (const double middle : middles)
        if (std::isfinite(middle)) known.push_back(middle);
    constexpr std::size_t fewest = 4;
    if (known.size() < fewest) return std::nullopt;
    std::sort(known.begin(), known.end());
    const double usual = known[known.size() / 2];
    if (usual == 0) return std::nullopt;
    std::optional<OtherScale> odd;
    for (std::size_t i = 0; i < middles.size(); ++i) {
        const double ratio = middles[i] / usual;
        if (!std::isfinite(ratio) || (ratio >= 0.5 && ratio <= 2)) continue;
        const double tens = std::log10(ratio);  // NaN for other signs
        const bool scale = std::abs(tens - std::round(tens)) <= 0.2 && std::abs(std::round(tens)) >= 1;
        if (odd || !(scale || std::abs(tens) >= std::log10(20.0))) return std::nullopt;
        odd = OtherScale{i, ratio, usual};
    }
    return odd;
}

}  // namespace landcarbon
