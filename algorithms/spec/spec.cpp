// Land Carbon Toolbox: binding arguments to members, checking them, and the spec as JSON.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/spec.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <nlohmann/json.hpp>
#include <tuple>

namespace landcarbon {

UserErrors::UserErrors(std::vector<UserError> errors)
    : Error([&errors] {
          std::string text;
          for (const auto& error : errors) {
              if (!text.empty()) text += '\n';
              text += error.what();
          }
          return text;
      }()),
      errors_(std::move(errors)) {}

namespace {

struct KindInfo {
    Kind kind;
    const char* name;
};
constexpr KindInfo kinds[] = {
    {Kind::raster_in, "rasterIn"},
    {Kind::raster_stack, "rasterStack"},
    {Kind::class_raster, "classRaster"},
    {Kind::vector_in, "vectorIn"},
    {Kind::table_in, "tableIn"},
    {Kind::field_of, "fieldOf"},
    {Kind::fields_of, "fieldsOf"},
    {Kind::real, "real"},
    {Kind::integer, "integer"},
    {Kind::choice, "choice"},
    {Kind::flag, "flag"},
    {Kind::text, "text"},
    {Kind::matrix, "matrix"},
    {Kind::file_in, "fileIn"},
    {Kind::raster_out, "rasterOut"},
    {Kind::table_out, "tableOut"},
    {Kind::vector_out, "vectorOut"},
    {Kind::report_out, "reportOut"},
    {Kind::file_out, "fileOut"},
    {Kind::number_out, "numberOut"},
    {Kind::text_out, "textOut"},
};

std::string replaced(const std::string& text, char from, const char* to) {
    std::string result;
    for (const char c : text) {
        if (c == from)
            result += to;
        else
            result += c;
    }
    return result;
}

[[noreturn]] void wrong(const Argument& argument, const std::string& message) {
    throw UserError(argument.id, argument.parameter_name() + ": " + message);
}

std::string quoted(const Value& value) { return "\"" + value_text(value) + "\""; }

double number_from(const Argument& argument, const Value& value) {
    double number = 0;
    if (const auto* real = std::get_if<double>(&value))
        number = *real;
    else if (const auto* integer = std::get_if<std::int64_t>(&value))
        number = static_cast<double>(*integer);
    else if (const auto* text = std::get_if<std::string>(&value)) {
        const auto parsed = parse_number(*text);
        if (!parsed) {
            const bool comma = text->find(',') != std::string::npos;
            // "5%": of what counts in per cent, or of a share.
            const std::string_view plain = trimmed(*text);
            std::optional<double> percent;
            if (plain.size() > 1 && plain.back() == '%') percent = parse_number(plain.substr(0, plain.size() - 1));
            std::string advice;
            if (comma)
                advice = "; write a decimal point, not a comma";
            else if (percent && argument.unit.find('%') != std::string::npos)
                advice = "; it counts in %, write it without the sign";
            else if (percent && argument.minimum >= 0 && argument.maximum <= 1)
                advice = "; write " + number_text(*percent / 100) + " for " + std::string(plain);
            wrong(argument, quoted(value) + " is not a number" + advice);
        }
        number = *parsed;
    } else
        wrong(argument, "a number is needed");
    if (!std::isfinite(number)) wrong(argument, quoted(value) + " is not a finite number");
    return number;
}

void check_range(const Argument& argument, double number) {
    const bool too_small = argument.minimum_excluded ? number <= argument.minimum : number < argument.minimum;
    if (too_small)
        wrong(argument, number_text(number) + " is too small; it must be " +
                            (argument.minimum_excluded ? "above " : "at least ") + number_text(argument.minimum));
    if (number > argument.maximum)
        wrong(argument, number_text(number) + " is too large; it must be at most " + number_text(argument.maximum));
}

double real_from(const Argument& argument, const Value& value) {
    const double number = number_from(argument, value);
    check_range(argument, number);
    return number;
}

std::int64_t integer_from(const Argument& argument, const Value& value) {
    std::int64_t integer = 0;
    const auto* text = std::get_if<std::string>(&value);
    const auto parsed = text ? parse_integer(*text) : std::nullopt;
    if (const auto* exact = std::get_if<std::int64_t>(&value))
        integer = *exact;
    else if (parsed)
        integer = *parsed;
    else {
        const double number = number_from(argument, value);
        if (number != std::floor(number) || std::abs(number) > 9e15)
            wrong(argument, quoted(value) + " is not a whole number");
        integer = static_cast<std::int64_t>(number);
    }
    check_range(argument, static_cast<double>(integer));
    return integer;
}

bool flag_from(const Argument& argument, const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* integer = std::get_if<std::int64_t>(&value); integer && (*integer == 0 || *integer == 1))
        return *integer == 1;
    if (const auto* text = std::get_if<std::string>(&value)) {
        std::string word(trimmed(*text));
        std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
        if (word == "true" || word == "yes" || word == "1" || word == "on") return true;
        if (word == "false" || word == "no" || word == "0" || word == "off") return false;
    }
    wrong(argument, quoted(value) + " is neither true nor false");
}

/// The text itself. Files and GDAL would take it for shorter than it is if it had a zero byte.
const std::string& whole(const Argument& argument, const std::string& text) {
    if (text.find('\0') != std::string::npos) wrong(argument, "the text has a zero byte in it");
    return text;
}

std::string text_from(const Argument& argument, const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return whole(argument, *text);
    if (const auto* list = std::get_if<std::vector<std::string>>(&value); list && list->size() == 1)
        return whole(argument, list->front());
    if (std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value)) return value_text(value);
    wrong(argument, "a text is needed");
}

std::vector<std::string> list_from(const Argument& argument, const Value& value) {
    std::vector<std::string> list;
    if (const auto* entries = std::get_if<std::vector<std::string>>(&value))
        list = *entries;
    else
        list = split_list(text_from(argument, value));
    for (const auto& entry : list)
        if (whole(argument, entry).empty()) wrong(argument, "the list has an empty entry");
    if (static_cast<int>(list.size()) < argument.minimum_count && !(list.empty() && argument.is_optional))
        wrong(argument, "at least " + std::to_string(argument.minimum_count) + " entries are needed, " +
                            std::to_string(list.size()) + " given");
    return list;
}

Matrix matrix_from(const Argument& argument, const Value& value) {
    Matrix matrix;
    if (const auto* typed = std::get_if<Matrix>(&value))
        matrix = *typed;
    else {
        const std::string text = text_from(argument, value);
        std::size_t start = 0;
        while (!trimmed(text).empty() && start <= text.size()) {
            const auto end = std::min(text.find(';', start), text.size());
            matrix.rows.push_back(split_list(std::string_view(text).substr(start, end - start)));
            start = end + 1;
        }
    }
    for (std::size_t row = 0; row < matrix.rows.size(); ++row)
        if (matrix.rows[row].size() != argument.columns.size())
            wrong(argument, "row " + std::to_string(row + 1) + " has " + counted(matrix.rows[row].size(), "cell") +
                                ", but the columns are " + value_text(argument.columns));
    return matrix;
}

void bind_path(Argument& argument, std::string& path) {
    argument.set = [&argument, &path](const Value& value) { path = text_from(argument, value); };
    argument.get = [&path]() -> Value { return path.empty() ? Value{} : Value{path}; };
}

}  // namespace

std::string kind_name(Kind kind) {
    for (const auto& info : kinds)
        if (info.kind == kind) return info.name;
    return {};
}

bool Argument::is_path() const {
    return is_destination() || kind == Kind::raster_in || kind == Kind::raster_stack || kind == Kind::class_raster ||
           kind == Kind::vector_in || kind == Kind::table_in || kind == Kind::file_in;
}
std::string Argument::option_name() const { return replaced(id, '_', "-"); }
std::string Argument::parameter_name() const { return landcarbon::parameter_name(id); }
bool Spec::reads_rasters() const {
    for (const auto& argument : arguments)
        if (argument->kind == Kind::raster_in || argument->kind == Kind::raster_stack ||
            argument->kind == Kind::class_raster)
            return true;
    return false;
}

std::string Spec::command_name() const { return replaced(id, '_', "-"); }
std::string Spec::algorithm_name() const { return replaced(id, '_', ""); }

Argument& Spec::add(std::string id, Kind kind) {
    arguments.push_back(std::make_unique<Argument>());
    arguments.back()->id = std::move(id);
    arguments.back()->kind = kind;
    return *arguments.back();
}

Argument* Spec::find(const std::string& id) {
    for (const auto& argument : arguments)
        if (argument->id == id) return argument.get();
    return nullptr;
}
const Argument* Spec::find(const std::string& id) const { return const_cast<Spec*>(this)->find(id); }

std::size_t Spec::choice_index(const Argument& argument, const Value& value) {
    const std::string word = text_from(argument, value);
    std::vector<std::string> words;
    for (std::size_t i = 0; i < argument.choices.size(); ++i) {
        if (argument.choices[i].key == word) return i;
        words.push_back(argument.choices[i].key);
    }
    const std::string guess = closest(word, words);
    wrong(argument, "\"" + word + "\" is not one of " + value_text(words) +
                        (guess.empty() ? "" : "; did you mean \"" + guess + "\"?"));
}

#define LANDCARBON_PATH_ARGUMENT(function, Type, kind_)       \
    Argument& Spec::function(std::string id, Type& member) {  \
        member.argument = id;                                 \
        Argument& argument = add(std::move(id), Kind::kind_); \
        bind_path(argument, member.path);                     \
        return argument;                                      \
    }
LANDCARBON_PATH_ARGUMENT(raster_in, RasterInput, raster_in)
LANDCARBON_PATH_ARGUMENT(class_raster, RasterInput, class_raster)
LANDCARBON_PATH_ARGUMENT(vector_in, VectorInput, vector_in)
LANDCARBON_PATH_ARGUMENT(table_in, TableInput, table_in)
LANDCARBON_PATH_ARGUMENT(file_in, FileInput, file_in)
LANDCARBON_PATH_ARGUMENT(raster_out, RasterOutput, raster_out)
LANDCARBON_PATH_ARGUMENT(table_out, TableOutput, table_out)
LANDCARBON_PATH_ARGUMENT(vector_out, VectorOutput, vector_out)
LANDCARBON_PATH_ARGUMENT(report_out, ReportOutput, report_out)
LANDCARBON_PATH_ARGUMENT(file_out, FileOutput, file_out)
#undef LANDCARBON_PATH_ARGUMENT

Argument& Spec::raster_stack(std::string id, RasterStack& member) {
    member.argument = id;
    Argument& argument = add(std::move(id), Kind::raster_stack);
    argument.set = [&argument, &member](const Value& value) { member.paths = list_from(argument, value); };
    argument.get = [&member]() -> Value { return member.paths.empty() ? Value{} : Value{member.paths}; };
    return argument;
}

Argument& Spec::fields_of(std::string id, std::vector<std::string>& member) {
    Argument& argument = add(std::move(id), Kind::fields_of);
    argument.set = [&argument, &member](const Value& value) { member = list_from(argument, value); };
    argument.get = [&member]() -> Value { return member.empty() ? Value{} : Value{member}; };
    return argument;
}

Argument& Spec::field_of(std::string id, std::string& member) {
    Argument& argument = add(std::move(id), Kind::field_of);
    bind_path(argument, member);
    return argument;
}

Argument& Spec::text(std::string id, std::string& member) {
    Argument& argument = add(std::move(id), Kind::text);
    bind_path(argument, member);
    // A blank text says nothing: it is as good as none.
    argument.set = [&argument, &member](const Value& value) {
        member = text_from(argument, value);
        if (trimmed(member).empty()) member.clear();
    };
    return argument;
}

namespace {

template <class Member, class From>
void bind_value(Argument& argument, Member& member, From from) {
    argument.set = [&argument, &member, from](const Value& value) { member = from(argument, value); };
    argument.get = [&member]() -> Value { return Value{member}; };
}
template <class Member, class From>
void bind_value(Argument& argument, std::optional<Member>& member, From from) {
    argument.is_optional = true;
    argument.set = [&argument, &member, from](const Value& value) { member = from(argument, value); };
    argument.get = [&member]() -> Value { return member ? Value{*member} : Value{}; };
}

}  // namespace

Argument& Spec::real(std::string id, double& member) {
    Argument& argument = add(std::move(id), Kind::real);
    bind_value(argument, member, real_from);
    return argument;
}
Argument& Spec::real(std::string id, std::optional<double>& member) {
    Argument& argument = add(std::move(id), Kind::real);
    bind_value(argument, member, real_from);
    return argument;
}
Argument& Spec::integer(std::string id, std::int64_t& member) {
    Argument& argument = add(std::move(id), Kind::integer);
    bind_value(argument, member, integer_from);
    return argument;
}
Argument& Spec::integer(std::string id, std::optional<std::int64_t>& member) {
    Argument& argument = add(std::move(id), Kind::integer);
    bind_value(argument, member, integer_from);
    return argument;
}
Argument& Spec::flag(std::string id, bool& member) {
    Argument& argument = add(std::move(id), Kind::flag);
    bind_value(argument, member, flag_from);
    return argument;
}
Argument& Spec::matrix(std::string id, Matrix& member) {
    Argument& argument = add(std::move(id), Kind::matrix);
    bind_value(argument, member, matrix_from);
    return argument;
}

Argument& Spec::number_out(std::string id, NumberOutput& member) {
    Argument& argument = add(std::move(id), Kind::number_out);
    argument.set = [](const Value&) {};
    argument.get = [&member]() -> Value { return member && std::isfinite(*member) ? Value{*member} : Value{}; };
    return argument;
}
Argument& Spec::text_out(std::string id, TextOutput& member) {
    Argument& argument = add(std::move(id), Kind::text_out);
    argument.set = [](const Value&) {};
    argument.get = [&member]() -> Value { return member ? Value{*member} : Value{}; };
    return argument;
}

namespace {

bool is_empty(const Value& value) {
    if (std::holds_alternative<std::monostate>(value)) return true;
    const auto* text = std::get_if<std::string>(&value);
    const auto* list = std::get_if<std::vector<std::string>>(&value);
    return (text && text->empty()) || (list && list->empty());
}

}  // namespace

void assign(Spec& spec, const std::map<std::string, Value>& values) {
    std::vector<UserError> errors;
    std::vector<std::string> known;
    for (const auto& argument : spec.arguments)
        if (argument->kind != Kind::number_out && argument->kind != Kind::text_out) known.push_back(argument->id);
    for (const auto& [id, value] : values) {
        Argument* argument = std::find(known.begin(), known.end(), id) == known.end() ? nullptr : spec.find(id);
        if (!argument) {
            const std::string guess = closest(id, known);
            errors.emplace_back(
                id, "unknown parameter " + parameter_name(id) +
                        (guess.empty() ? "" : "; did you mean " + spec.find(guess)->parameter_name() + "?"));
            continue;
        }
        if (is_empty(value)) continue;  // the same as not given
        gather(errors, [&, &given = value] { argument->set(given); });
    }
    for (const auto& argument : spec.arguments) {
        if (argument->is_output() || argument->is_optional) continue;
        const auto given = values.find(argument->id);
        const bool missing = given == values.end() || is_empty(given->second);
        // A required argument without a default must be given.
        if (missing && is_empty(argument->get()) && argument->kind != Kind::matrix)
            errors.emplace_back(argument->id,
                                argument->parameter_name() + ": missing; " + argument->label + " is required");
    }
    if (errors.empty() && spec.check) errors = spec.check();
    for (const auto& argument : spec.arguments) {
        if (argument->needed.empty() || is_empty(argument->get())) continue;
        const Argument* input = spec.find(argument->needed);
        if (input && is_empty(input->get()))
            errors.emplace_back(argument->id, argument->parameter_name() + " needs " + input->parameter_name());
    }
    if (!errors.empty()) throw UserErrors(std::move(errors));
}

std::size_t edit_distance(const std::string& a, const std::string& b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row.back();
}

std::string closest(const std::string& word, const std::vector<std::string>& candidates) {
    std::string best;
    // A word that was begun but not ended counts as one edit; of several such, the nearest.
    std::tuple least{std::max<std::size_t>(2, word.size() / 3) + 1, false, std::size_t{0}};
    for (const auto& candidate : candidates) {
        // At least as many edits as the word has more letters; it may be a cell of a megabyte.
        if (word.size() > candidate.size() && word.size() - candidate.size() > std::get<0>(least)) continue;
        const std::size_t edits = edit_distance(word, candidate);
        const bool begun = word.size() >= 3 && candidate.rfind(word, 0) == 0;
        const std::tuple distance{begun ? std::min<std::size_t>(edits, 1) : edits, !begun, edits};
        if (distance < least) {
            least = distance;
            best = candidate;
        }
    }
    return best;
}

const std::vector<std::pair<std::string, std::string>>& groups() {
    static const std::vector<std::pair<std::string, std::string>> list = {
        {"land_change", "Land-use change"},
        {"carbon", "Carbon accounting"},
        {"productivity", "Ecosystem productivity"},
        {"time_series", "Time series"},
        {"drivers", "Drivers"},
        {"forecast", "Forecast and scenarios"},
        {"land_simulation", "Land simulation"},
        {"density_estimation", "Carbon density estimation"},
        {"tables", "Tables"},
    };
    return list;
}

namespace {

nlohmann::ordered_json value_json(const Value& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag;
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (const auto* real = std::get_if<double>(&value)) return *real;
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* list = std::get_if<std::vector<std::string>>(&value)) return *list;
    if (const auto* matrix = std::get_if<Matrix>(&value)) return matrix->rows;
    return nullptr;
}

nlohmann::ordered_json argument_json(const Argument& argument) {
    nlohmann::ordered_json json;
    json["id"] = argument.id;
    json["option"] = "--" + argument.option_name();
    json["parameter"] = argument.parameter_name();
    json["kind"] = kind_name(argument.kind);
    json["label"] = argument.label;
    json["help"] = argument.help;
    if (!argument.unit.empty()) json["unit"] = argument.unit;
    if (argument.is_optional || argument.is_destination()) json["optional"] = true;
    if (argument.is_advanced) json["advanced"] = true;
    if (argument.is_hidden) json["hidden"] = true;
    if (argument.holds_classes) json["classes"] = true;
    if (argument.is_destination()) json["made_by_default"] = argument.by_default;
    if (argument.is_list()) json["minimum_count"] = argument.minimum_count;
    if (std::isfinite(argument.minimum)) json[argument.minimum_excluded ? "above" : "minimum"] = argument.minimum;
    if (std::isfinite(argument.maximum)) json["maximum"] = argument.maximum;
    for (const auto& choice : argument.choices)
        json["choices"].push_back({{"key", choice.key}, {"label", choice.label}});
    if (!argument.parent.empty()) json["parent"] = argument.parent;
    if (!argument.columns.empty()) json["columns"] = argument.columns;
    for (const auto& [column, meanings] : argument.words)
        for (const auto& word : meanings) json["words"][column][word.key] = word.label;
    if (!argument.alias.empty()) json["alias"] = argument.alias;
    if (!argument.dated_by.empty()) json["dated_by"] = argument.dated_by;
    if (!argument.needed.empty()) json["needs"] = argument.needed;
    if (!argument.is_output()) json["default"] = value_json(argument.get());
    return json;
}

}  // namespace

std::string spec_json(const Spec& spec) {
    nlohmann::ordered_json json;
    json["id"] = spec.id;
    json["command"] = spec.command_name();
    json["algorithm"] = "landcarbon:" + spec.algorithm_name();
    json["name"] = spec.name;
    json["group"] = spec.group;
    json["summary"] = spec.summary;
    json["description"] = spec.description;
    json["references"] = spec.references;
    json["tags"] = spec.tags;
    json["inputs"] = nlohmann::ordered_json::array();
    json["outputs"] = nlohmann::ordered_json::array();
    for (const auto& argument : spec.arguments)
        json[argument->is_output() ? "outputs" : "inputs"].push_back(argument_json(*argument));
    return json.dump(2);
}

}  // namespace landcarbon
