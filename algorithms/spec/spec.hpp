// Land Carbon Toolbox: how an algorithm describes itself. All that front-ends and manual show comes from here.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "spec/errors.hpp"
#include "spec/values.hpp"

namespace landcarbon {

/// The closed vocabulary of arguments. Meaning is in the kind, never in the name.
enum class Kind {
    raster_in,
    raster_stack,
    class_raster,
    vector_in,
    table_in,
    field_of,
    fields_of,
    real,
    integer,
    choice,
    flag,
    text,
    matrix,
    file_in,
    raster_out,
    table_out,
    vector_out,
    report_out,
    file_out,
    number_out,
    text_out
};

/// One word that a choice accepts, and how it is explained.
struct Choice {
    std::string key;
    std::string label;
};

/// One argument, bound to a member of an options struct. The member's initialiser is its default.
struct Argument {
    std::string id;  ///< snake case; `carbon_pools` becomes --carbon-pools and CARBON_POOLS
    Kind kind{};
    std::string label;  ///< sentence case, a few words
    std::string help;   ///< full sentences: meaning, unit, what happens when it is left out
    std::string unit;
    bool is_optional = false;
    bool is_advanced = false;
    bool is_hidden = false;
    bool holds_classes = false;  ///< raster_stack: every band is a class raster
    bool paced = false;          ///< raster_stack in time: how far apart the steps are tells in the result
    bool by_default = true;      ///< optional outputs: made unless the user says no (QGIS dialog)
    int minimum_count = 1;       ///< raster_stack, fields_of
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool minimum_excluded = false;
    std::vector<Choice> choices;
    std::string parent;                 ///< field_of, fields_of: id of the table or vector argument
    std::vector<std::string> columns;   ///< table_in, table_out, vector_out, matrix: the columns, in order
    std::string alias;                  ///< one further name that the command accepts
    std::vector<std::string> dated_by;  ///< outputs: ids of what tells the years that the loaded layer's name ends with
    std::map<std::string, std::vector<Choice>> words;  ///< outputs: columns that hold words, and what these mean
    std::string needed;  ///< outputs: id of the optional input without which there is nothing to make
    // Rasters of several dates; the engine warns where names of files and bands contradict what is said here.
    bool steps_in_time = false;  ///< raster_stack: its bands follow one another in time
    std::string years_in;        ///< id of the text that holds the years of the steps, where there is one
    std::string groups_like;     ///< raster_stack: group after group, each with as many bands as the stack of this id
    std::string later_than;      ///< id of the raster that shows an earlier date
    // Numbers that the names of rasters tell: dialogs begin with them, and the engine warns where they disagree.
    std::vector<std::string> years_between;  ///< ids of two rasters: the number of years from the one to the other
    std::string only_with;                   ///< id of what must be given for that number to make sense
    std::string first_year_of;               ///< id of the raster_stack of which the number is the first year
    std::string names_stack;                 ///< text: id of the raster_stack whose bands, or groups of bands, it names

    std::function<void(const Value&)> set;  ///< throws UserError when the value does not fit
    std::function<Value()> get;             ///< the member's present value

    bool is_output() const { return kind >= Kind::raster_out; }
    bool is_destination() const { return kind >= Kind::raster_out && kind <= Kind::file_out; }
    bool is_list() const { return kind == Kind::raster_stack || kind == Kind::fields_of; }
    bool is_path() const;
    std::string option_name() const;     ///< "carbon-pools"
    std::string parameter_name() const;  ///< "CARBON_POOLS"

    Argument& named(std::string text) {
        label = std::move(text);
        return *this;
    }
    Argument& says(std::string text) {
        help = std::move(text);
        return *this;
    }
    Argument& in(std::string text) {
        unit = std::move(text);
        return *this;
    }
    Argument& optional() {
        is_optional = true;
        return *this;
    }
    Argument& advanced() {
        is_advanced = true;
        return *this;
    }
    Argument& hidden() {
        is_hidden = true;
        return *this;
    }
    Argument& classes() {
        holds_classes = true;
        return *this;
    }
    /// An output that is made only on request.
    Argument& on_request() {
        by_default = false;
        return *this;
    }
    /// A column of an output that holds one of some words: programs read the word, people its meaning.
    Argument& with_words(const std::string& column, std::vector<Choice> meanings) {
        words[column] = std::move(meanings);
        return *this;
    }
    /// An output that needs the optional input `id`: asked for without it, it is an error; where dialogs make it by
    /// default, they leave it out without it.
    Argument& with(std::string id) {
        needed = std::move(id);
        return *this;
    }
    Argument& at_least(double value) {
        minimum = value;
        return *this;
    }
    Argument& above(double value) {
        minimum = value;
        minimum_excluded = true;
        return *this;
    }
    Argument& at_most(double value) {
        maximum = value;
        return *this;
    }
    Argument& count_at_least(int n) {
        minimum_count = n;
        return *this;
    }
    Argument& of(std::string table) {
        parent = std::move(table);
        return *this;
    }
    Argument& with_columns(std::vector<std::string> names) {
        columns = std::move(names);
        return *this;
    }
    /// An output that is about the years of these inputs: texts that hold years, or files with a year in their names;
    /// or about a year among the number outputs.
    Argument& dated(std::vector<std::string> inputs) {
        dated_by = std::move(inputs);
        return *this;
    }
    /// The bands follow one another in time; `years` is the id of the text that holds their years.
    Argument& in_time(std::string years = {}) {
        steps_in_time = true;
        years_in = std::move(years);
        return *this;
    }
    /// The result depends on how far apart the steps of in_time are.
    Argument& by_distance() {
        paced = true;
        return *this;
    }
    /// As in_time, for group after group with as many bands each as the stack of the id `stack`.
    Argument& in_groups_like(std::string stack) {
        steps_in_time = true;
        groups_like = std::move(stack);
        return *this;
    }
    /// What the raster shows is later than what the raster of the id `earlier` shows.
    Argument& after(std::string earlier, std::string years = {}) {
        later_than = std::move(earlier);
        years_in = std::move(years);
        return *this;
    }
    /// The number of years from what the raster of the id `earlier` shows to what that of the id `later` shows; wanted
    /// only where `with` is given, if that is named.
    Argument& years_from(std::string earlier, std::string later, std::string with = {}) {
        years_between = {std::move(earlier), std::move(later)};
        only_with = std::move(with);
        return *this;
    }
    /// The year of the first band of the raster_stack of the id `stack`.
    Argument& begins(std::string stack) {
        first_year_of = std::move(stack);
        return *this;
    }
    /// Names for the bands of the raster_stack of the id `stack`, or for its groups; the engine warns where the files
    /// are called so in another order.
    Argument& names_bands_of(std::string stack) {
        names_stack = std::move(stack);
        return *this;
    }
    Argument& also_called(std::string name) {
        alias = std::move(name);
        return *this;
    }
};

/// An algorithm's description, bound to one options struct.
struct Spec {
    std::string id;  ///< snake case; `carbon_storage` becomes `landcarbon carbon-storage` and landcarbon:carbonstorage
    std::string name;                     ///< sentence case, at most four words
    std::string group;                    ///< one of groups()
    std::string summary;                  ///< one sentence
    std::string description;              ///< paragraphs of plain text, separated by blank lines
    std::vector<std::string> references;  ///< papers and standards the method is taken from
    std::vector<std::string> tags;
    /// Checks across arguments before the run; returns all that is wrong.
    std::function<std::vector<UserError>()> check;
    std::deque<std::unique_ptr<Argument>> arguments;  ///< in the order users see them

    Argument& raster_in(std::string id, RasterInput& member);
    Argument& raster_stack(std::string id, RasterStack& member);
    Argument& class_raster(std::string id, RasterInput& member);
    Argument& vector_in(std::string id, VectorInput& member);
    Argument& table_in(std::string id, TableInput& member);
    Argument& file_in(std::string id, FileInput& member);
    Argument& field_of(std::string id, std::string& member);
    Argument& fields_of(std::string id, std::vector<std::string>& member);
    Argument& real(std::string id, double& member);
    Argument& real(std::string id, std::optional<double>& member);
    Argument& integer(std::string id, std::int64_t& member);
    Argument& integer(std::string id, std::optional<std::int64_t>& member);
    Argument& flag(std::string id, bool& member);
    Argument& text(std::string id, std::string& member);
    Argument& matrix(std::string id, Matrix& member);
    Argument& raster_out(std::string id, RasterOutput& member);
    Argument& table_out(std::string id, TableOutput& member);
    Argument& vector_out(std::string id, VectorOutput& member);
    Argument& report_out(std::string id, ReportOutput& member);
    Argument& file_out(std::string id, FileOutput& member);
    Argument& number_out(std::string id, NumberOutput& member);
    Argument& text_out(std::string id, TextOutput& member);
    /// A choice among words; `words` pairs each word with the enumerator it stands for.
    template <class Enum>
    Argument& choice(std::string id, Enum& member, std::vector<std::pair<Choice, Enum>> words) {
        Argument& argument = add(std::move(id), Kind::choice);
        for (const auto& [word, value] : words) argument.choices.push_back(word);
        Argument* self = &argument;
        argument.set = [self, &member, words](const Value& value) {
            member = words[choice_index(*self, value)].second;
        };
        argument.get = [&member, words]() -> Value {
            for (const auto& [word, value] : words)
                if (value == member) return word.key;
            return {};
        };
        return argument;
    }

    Argument* find(const std::string& id);
    const Argument* find(const std::string& id) const;
    /// True when a raster is among the inputs.
    bool reads_rasters() const;
    std::string command_name() const;    ///< "carbon-storage"
    std::string algorithm_name() const;  ///< "carbonstorage"

private:
    Argument& add(std::string id, Kind kind);
    static std::size_t choice_index(const Argument& argument, const Value& value);
};

/// Sets arguments by id and checks the whole: unknown ids, missing ones, wrong values and cross checks.
/// @throws UserErrors with everything that is wrong.
void assign(Spec& spec, const std::map<std::string, Value>& values);

/// How many single edits lead from a to b; used for "did you mean".
std::size_t edit_distance(const std::string& a, const std::string& b);
/// The candidate that a mistyped word most likely meant, or empty.
std::string closest(const std::string& word, const std::vector<std::string>& candidates);

/// The groups in the order users see them: id and title.
const std::vector<std::pair<std::string, std::string>>& groups();

/// The spec as JSON (all that front-ends show; stable order): interface snapshot and --json-usage.
std::string spec_json(const Spec& spec);
/// The kind's name as it stands in the JSON: "rasterIn", "classRaster", ...
std::string kind_name(Kind kind);

}  // namespace landcarbon
