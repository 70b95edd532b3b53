// Land Carbon Toolbox: published coefficient tables as files: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "tables/coefficient_table/coefficient_table.hpp"

#include <algorithm>
#include <set>

#include "engine/run.hpp"

namespace landcarbon {
namespace {

/// The code that a column to_<class> is about.
std::optional<std::int64_t> class_of_column(const std::string& name) {
    return name.compare(0, 3, "to_") == 0 ? parse_integer(name.substr(3)) : std::nullopt;
}

/// The column with the classes of the rows; nothing where the table is about something else.
std::optional<std::string> class_column(const InputTable& table) {
    for (const char* name : {"class", "from"})
        if (table.has(name)) return name;
    return std::nullopt;
}

std::string in_words(std::int64_t code, const std::string& name) {
    return std::to_string(code) + (name.empty() ? "" : " (\"" + name + "\")");
}

std::string joined(const std::vector<std::string>& entries) {
    std::string list;
    for (const auto& entry : entries) list += (list.empty() ? "" : ", ") + entry;
    return list;
}

/// Finds out which codes the table's classes get: those of RECODE first, then those that their names have on the map.
class Recoder {
public:
    Recoder(const CoefficientTableOptions& options, Run& run, const InputTable& table)
        : options_(options), run_(run), table_(table) {}
    Recoding operator()() {
        read_names();
        read_recode();
        if (by_name()) match_names();
        keep_the_rest();
        tell();
        return recoding_;
    }

private:
    bool by_name() const { return !recoding_.names.empty(); }

    void read_names() {
        const std::size_t code = table_.column(*class_column(table_));
        for (std::size_t row = 0; row < table_.rows(); ++row)
            published_.emplace(table_.required_integer(row, code),
                               std::string(trimmed(table_.text(row, table_.column("name")))));
        if (options_.land_cover.given()) read_map();
        if (!options_.classes.given()) return;
        for (const auto& [key, info] : read_classes(run_.table(options_.classes)))
            if (!info.name.empty()) recoding_.names[key] = info.name;
    }

    /// The classes that the map shows, and their names.
    void read_map() {
        const Layer map = run_.classes(options_.land_cover);
        ClassTally cells(false);
        cells = run_.reduce({map}, cells, [&](ClassTally& state, const Block& block) {
            state.add(block.classes(0), block.cells(), run_.class_codes().slots(), FixedArea());
        });
        const auto shown = run_.class_codes().codes();
        if (shown.empty()) throw wrong("land_cover", "no cell of " + map.name() + " has a class");
        for (const auto& named : run_.class_names())
            for (const auto& [code, name] : named.names)
                if (std::binary_search(shown.begin(), shown.end(), code)) recoding_.names[code] = name;
        if (!recoding_.names.empty() || options_.classes.given()) return;
        run_.warn("LAND_COVER: " + map.name() +
                  " does not name its classes, so that codes stay as published where RECODE says nothing; give the "
                  "names as CLASSES");
    }

    void read_recode() {
        for (std::size_t row = 0; row < options_.recode.rows.size(); ++row) {
            const auto& entries = options_.recode.rows[row];
            const auto fail = [&](const std::string& reason) {
                throw wrong("recode", "row " + std::to_string(row + 1) + ": " + reason);
            };
            const auto from = parse_integer(entries[0]), to = parse_integer(entries[1]);
            if (!from || !to) fail("from and to must be class codes");
            if (!published_.count(*from))
                fail("the table has no class " + std::to_string(*from) + "; it has " + table_classes());
            if (!taken_.insert(*to).second) fail("class " + std::to_string(*to) + " has a row already");
            recoding_.codes[*from].push_back(*to);
        }
    }

    void match_names() {
        for (const auto& [code, name] : recoding_.names) {
            const std::string key = class_name_key(name, code);
            if (key.empty() || taken_.count(code)) continue;
            const auto same = std::find_if(published_.begin(), published_.end(), [&](const auto& entry) {
                return class_name_key(entry.second, entry.first) == key;
            });
            if (same == published_.end()) {
                without_row_.push_back(in_words(code, name));
                continue;
            }
            recoding_.codes[same->first].push_back(code);
            taken_.insert(code);
        }
        if (recoding_.codes.empty())
            throw UserError(options_.land_cover.given() ? "land_cover" : "classes",
                            "no class of the table has a name of the map: the map has " + joined(without_row_) +
                                ", the table has " + table_classes() + "; say with RECODE which is which");
    }

    /// Without names, what RECODE does not name keeps its code.
    void keep_the_rest() {
        for (const auto& [code, name] : published_) {
            if (recoding_.codes.count(code)) continue;
            if (by_name()) {
                unused_.push_back(in_words(code, name));
                continue;
            }
            if (!taken_.insert(code).second)
                throw wrong("recode", "class " + std::to_string(code) + " would have two rows; say what " +
                                          in_words(code, name) + " of the table becomes");
            recoding_.codes[code].push_back(code);
        }
    }

    void tell() {
        if (!without_row_.empty())
            run_.warn("no row has the name of these classes of the map: " + joined(without_row_) +
                      (unused_.empty() ? std::string() : "; rows of the table that are left out: " + joined(unused_)) +
                      ". Where one stands for the other, say so with RECODE");
        for (const auto& [from, to] : recoding_.codes)
            for (const std::int64_t code : to) {
                const auto name = recoding_.names.find(code);
                run_.convention("class " + std::to_string(code),
                                in_words(from, published_.at(from)) + " of the published table" +
                                    (name == recoding_.names.end() ? "" : ", \"" + name->second + "\" of the map"));
            }
    }

    std::string table_classes() const {
        std::vector<std::string> entries;
        for (const auto& [code, name] : published_) entries.push_back(in_words(code, name));
        return joined(entries);
    }

    const CoefficientTableOptions& options_;
    Run& run_;
    const InputTable& table_;
    std::map<std::int64_t, std::string> published_;  ///< names of the table's classes
    std::set<std::int64_t> taken_;                   ///< new codes
    std::vector<std::string> without_row_, unused_;
    Recoding recoding_;
};

OutputTable as_published(const InputTable& table) {
    Recoding same;
    return recoded_table(table, same);
}

}  // namespace

OutputTable recoded_table(const InputTable& table, const Recoding& recoding) {
    const auto by_class = class_column(table);
    const bool recoded = by_class && !recoding.codes.empty();
    // Columns in the table's order; those about a class that gets several codes are repeated.
    std::vector<OutputTable::Column> columns;
    std::vector<std::size_t> sources;
    for (std::size_t column = 0; column < table.columns().size(); ++column) {
        const std::string& name = table.columns()[column];
        const auto about = class_of_column(name);
        if (!recoded || !about) {
            columns.push_back({name, column_type(table, column)});
            sources.push_back(column);
        } else if (const auto codes = recoding.codes.find(*about); codes != recoding.codes.end())
            for (const std::int64_t code : codes->second) {
                columns.push_back({"to_" + std::to_string(code), column_type(table, column)});
                sources.push_back(column);
            }
    }
    OutputTable output(columns);
    const auto add = [&](std::size_t row, std::optional<std::int64_t> code) {
        std::vector<Cell> cells;
        for (std::size_t column = 0; column < columns.size(); ++column) {
            cells.push_back(typed_cell(table, row, sources[column], columns[column].type));
            if (code && columns[column].name == *by_class) cells.back() = *code;
            if (code && columns[column].name == "name")
                if (const auto name = recoding.names.find(*code); name != recoding.names.end())
                    cells.back() = name->second;
        }
        output.add(std::move(cells));
    };
    if (!recoded) {
        for (std::size_t row = 0; row < table.rows(); ++row) add(row, std::nullopt);
        return output;
    }
    // In the order of the new codes; tables of scenarios stay scenario by scenario.
    const std::size_t code_column = table.column(*by_class);
    const auto part = [&](std::size_t row) {
        return table.has("scenario") ? std::string(table.text(row, table.column("scenario"))) : std::string();
    };
    for (std::size_t first = 0; first < table.rows();) {
        std::size_t end = first;
        std::map<std::int64_t, std::size_t> rows;
        for (; end < table.rows() && part(end) == part(first); ++end)
            if (const auto codes = recoding.codes.find(table.required_integer(end, code_column));
                codes != recoding.codes.end())
                for (const std::int64_t code : codes->second) rows.emplace(code, end);
        for (const auto& [code, row] : rows) add(row, code);
        first = end;
    }
    return output;
}

void coefficient_table(CoefficientTableOptions& options, Run& run) {
    const PublishedTable& described = published_table(options.table);
    const InputTable input = read_published_table("table", options.table);
    const bool recode = options.land_cover.given() || options.classes.given() || !options.recode.rows.empty();
    if (recode && !class_column(input))
        throw wrong("table",
                    options.table + " is not about land-cover classes; leave LAND_COVER, CLASSES and RECODE empty");
    const OutputTable output = recode ? recoded_table(input, Recoder(options, run, input)()) : as_published(input);
    run.convention("source of the table", described.source);
    if (described.classes) run.convention("classes of the published table", described.classes);
    run.write(options.coefficients, output);
    options.rows = static_cast<double>(output.rows().size());
    if (described.classes) options.class_system = described.classes;
    options.source = described.source;
}

}  // namespace landcarbon
