// Land Carbon Toolbox: the equation that stirpat finds and the scenarios project with: its file and its value.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "drivers/stirpat_model.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "spec/errors.hpp"
#include "spec/spec.hpp"
#include "spec/values.hpp"

namespace landcarbon {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* format = "landcarbon stirpat model";
constexpr std::int64_t version = 1;
constexpr std::size_t most_drivers = 1000;

/// Takes members out of a JSON object, with messages that say where it stands.
class Reader {
public:
    Reader(const std::string& parameter, const std::string& name) : parameter_(parameter), name_(name) {}

    [[noreturn]] void reject(const std::string& reason) const {
        throw wrong(parameter_, "model " + name_ + ": " + reason);
    }
    Json parse(std::string_view text) const;
    /// All keys of the object must be among `known`.
    void only(const Json& object, const std::string& place, const std::vector<std::string>& known) const {
        if (!object.is_object()) reject(place + " is not an object with keys and values");
        for (const auto& [key, value] : object.items())
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                const std::string meant = closest(key, known);
                reject(place + " has the unknown key \"" + key + "\"" +
                       (meant.empty() ? "; its keys are: " + value_text(known) : "; did you mean \"" + meant + "\"?"));
            }
    }
    const Json& member(const Json& object, const std::string& place, const std::string& key) const {
        const auto found = object.find(key);
        if (found == object.end()) reject(place + " lacks the key \"" + key + "\"");
        return *found;
    }
    double number(const Json& object, const std::string& place, const std::string& key) const {
        const Json& value = member(object, place, key);
        if (!value.is_number()) reject("\"" + key + "\" of " + place + " is not a number but " + kind(value));
        const double number = value.get<double>();
        if (!std::isfinite(number)) reject("\"" + key + "\" of " + place + " is too large a number");
        return number;
    }
    std::optional<double> maybe_number(const Json& object, const std::string& place, const std::string& key) const {
        if (!object.contains(key)) return std::nullopt;
        return number(object, place, key);
    }
    std::string text(const Json& object, const std::string& place, const std::string& key) const {
        const Json& value = member(object, place, key);
        if (!value.is_string()) reject("\"" + key + "\" of " + place + " is not a text but " + kind(value));
        const std::string text(trimmed(value.get<std::string>()));
        if (text.empty()) reject("\"" + key + "\" of " + place + " is empty");
        return text;
    }
    bool flag(const Json& object, const std::string& place, const std::string& key) const {
        const Json& value = member(object, place, key);
        if (!value.is_boolean()) reject("\"" + key + "\" of " + place + " is not true or false but " + kind(value));
        return value.get<bool>();
    }

private:
    static std::string kind(const Json& value) {
        if (value.is_null()) return "null";
        if (value.is_boolean()) return "true or false";
        if (value.is_number()) return "a number";
        if (value.is_string()) return "a text";
        return value.is_array() ? "a list" : "an object";
    }
    std::string parameter_, name_;
};

Json Reader::parse(std::string_view text) const {
    // The library takes the last of two equal keys; here the second one is an error.
    std::vector<std::set<std::string>> keys;
    std::string twice;
    const auto watch = [&](int, Json::parse_event_t event, Json& value) {
        if (event == Json::parse_event_t::object_start) keys.emplace_back();
        if (event == Json::parse_event_t::object_end) keys.pop_back();
        if (event == Json::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second && twice.empty())
            twice = value.get<std::string>();
        return true;
    };
    Json json;
    try {
        json = Json::parse(text, watch);
    } catch (const Json::parse_error& error) {
        reject("it is not a model file: it is no JSON, from byte " + std::to_string(error.byte) + " on");
    } catch (const Json::exception&) {
        reject("it is not a model file: it holds a number that is too large");
    }
    if (!twice.empty()) reject("the key \"" + twice + "\" appears twice in one object");
    return json;
}

}  // namespace

double StirpatModel::linear(const double* values) const {
    double sum = intercept;
    for (std::size_t i = 0; i < drivers.size(); ++i)
        sum += drivers[i].coefficient * (logarithms ? std::log(values[i]) : values[i]);
    return sum;
}

double StirpatModel::value(const double* values) const {
    return logarithms ? std::exp(linear(values)) : linear(values);
}

std::string stirpat_model_json(const StirpatModel& model) {
    Json json;
    json["format"] = format;
    json["version"] = version;
    json["response"] = model.response;
    json["logarithms"] = model.logarithms;
    json["intercept"] = model.intercept;
    json["drivers"] = Json::array();
    for (const auto& driver : model.drivers) {
        Json entry;
        entry["name"] = driver.name;
        entry["coefficient"] = driver.coefficient;
        if (driver.minimum) entry["minimum"] = *driver.minimum;
        if (driver.maximum) entry["maximum"] = *driver.maximum;
        json["drivers"].push_back(std::move(entry));
    }
    if (model.k) json["k"] = *model.k;
    if (model.r2) json["r2"] = *model.r2;
    if (model.rows) json["rows"] = *model.rows;
    if (model.smearing) json["smearing"] = *model.smearing;
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

StirpatModel read_stirpat_model(const std::string& parameter, const std::string& name, std::string_view text) {
    const Reader reader(parameter, name);
    const Json json = reader.parse(text);
    const std::string whole = "the model";
    if (!json.is_object() || !json.contains("format") || json["format"] != format)
        reader.reject(std::string("it is not a model file: its key \"format\" must be \"") + format + "\"");
    const Json& told = reader.member(json, whole, "version");
    if (told != version)
        reader.reject("it is of version " + told.dump(-1, ' ', false, Json::error_handler_t::replace) +
                      ", but this toolbox reads version " + std::to_string(version) +
                      "; fit the model again with this toolbox");
    reader.only(json, whole,
                {"format", "version", "response", "logarithms", "intercept", "drivers", "k", "r2", "rows", "smearing"});
    StirpatModel model;
    model.response = reader.text(json, whole, "response");
    model.logarithms = reader.flag(json, whole, "logarithms");
    model.intercept = reader.number(json, whole, "intercept");
    const Json& drivers = reader.member(json, whole, "drivers");
    if (!drivers.is_array() || drivers.empty()) reader.reject("\"drivers\" is not a list of one driver or more");
    if (drivers.size() > most_drivers)
        reader.reject("\"drivers\" has more than " + std::to_string(most_drivers) + " entries");
    std::set<std::string> names;
    for (const auto& entry : drivers) {
        const std::string place = "driver " + std::to_string(model.drivers.size() + 1);
        reader.only(entry, place, {"name", "coefficient", "minimum", "maximum"});
        StirpatModel::Driver driver;
        driver.name = reader.text(entry, place, "name");
        if (!names.insert(driver.name).second) reader.reject("the driver \"" + driver.name + "\" appears twice");
        driver.coefficient = reader.number(entry, place, "coefficient");
        driver.minimum = reader.maybe_number(entry, place, "minimum");
        driver.maximum = reader.maybe_number(entry, place, "maximum");
        if (driver.minimum && driver.maximum && *driver.minimum > *driver.maximum)
            reader.reject("\"minimum\" of " + place + " is above its \"maximum\"");
        model.drivers.push_back(std::move(driver));
    }
    model.k = reader.maybe_number(json, whole, "k");
    model.r2 = reader.maybe_number(json, whole, "r2");
    model.smearing = reader.maybe_number(json, whole, "smearing");
    if (model.smearing && !(*model.smearing > 0)) reader.reject("\"smearing\" is not above zero");
    if (json.contains("rows")) {
        const double rows = reader.number(json, whole, "rows");
        if (rows < 0 || rows != std::floor(rows) || rows > 1e15) reader.reject("\"rows\" is not a number of rows");
        model.rows = static_cast<std::int64_t>(rows);
    }
    return model;
}

}  // namespace landcarbon
