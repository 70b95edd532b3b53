// Land Carbon Toolbox: STIRPAT scenarios: the arithmetic of paths and milestones, and the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "forecast/stirpat_scenarios/stirpat_scenarios.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "drivers/stirpat_model.hpp"
#include "engine/run.hpp"
#include "engine/unit_panel.hpp"
#include "forecast/stirpat_scenarios/scenario_report.hpp"
#include "maths/exact_sum.hpp"

namespace landcarbon {

double projected(RuleKind kind, double start, double rule, int first, int last, int year) {
    if (kind == RuleKind::growth) return start * std::pow(1 + rule, year - first);
    if (year == last) return rule;
    return start + (rule - start) * (static_cast<double>(year - first) / (last - first));
}

Milestone milestone_of(const EmissionPath& path, const std::vector<int>& years) {
    Milestone milestone;
    const auto highest = std::max_element(path.emission.begin(), path.emission.end());
    const auto place = static_cast<std::size_t>(highest - path.emission.begin());
    if (place + 1 < years.size()) milestone.peak_year = years[place];
    for (std::size_t i = path.sink.size(); i > 0 && path.emission[i - 1] - path.sink[i - 1] <= 0; --i)
        milestone.neutral_year = years[i - 1];
    return milestone;
}

int peak_class(const std::vector<Milestone>& milestones, double growth, int peak_by, int neutral_by,
               double strong_rise) {
    std::size_t peaks = 0, neutral = 0;
    for (const auto& milestone : milestones) {
        peaks += milestone.peak_year && *milestone.peak_year <= peak_by;
        neutral += milestone.neutral_year && *milestone.neutral_year <= neutral_by;
    }
    if (peaks == milestones.size()) return neutral == milestones.size() ? 5 : 4;
    if (peaks > 0) return 3;
    return growth <= strong_rise ? 2 : 1;
}

std::vector<int> path_years(int start, int horizon, int step) {
    std::vector<int> years;
    for (int year = start; year < horizon; year += step) years.push_back(year);
    years.push_back(horizon);
    return years;
}

double yearly_growth(double from, double to, int years) {
    if (from > 0 && to > 0) return std::pow(to / from, 1.0 / years) - 1;
    if (to > from) return std::numeric_limits<double>::infinity();
    return to < from ? -1 : 0;
}

namespace {

class Work {
public:
    Work(StirpatScenariosOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void read();
    double rule_of(const UnitHistory& unit, const ScenarioPeriod& period, std::size_t variable) const;
    void project();
    EmissionPath path_of(const UnitHistory& unit, const Scenario& scenario);
    double emission(const UnitHistory& unit, const ScenarioPeriod& period, const std::vector<double>& values,
                    double factor) const;
    void judge();
    void sum_up();
    void state_conventions();
    void warn_of_ranges();
    void write_paths();
    void write_milestones();

    StirpatScenariosOptions& options_;
    Run& run_;
    StirpatModel model_;
    std::optional<InputTable> base_table_, scenario_table_;
    ScenarioTable table_;
    UnitHistories histories_;
    std::size_t drivers_ = 0;
    std::optional<std::size_t> sink_;      ///< place among the columns of a unit
    std::optional<std::size_t> response_;  ///< likewise
    bool sink_projected_ = false;
    ScenarioResults r_;
    std::vector<double> growth_;                      ///< one a unit
    std::vector<std::vector<bool>> outside_;          ///< variable: is a path outside the model's range? by unit
    std::vector<std::optional<std::string>> unlike_;  ///< one a variable: a threshold that does not suit the values
    std::vector<std::optional<std::string>> quick_;   ///< one a variable: a growth that doubles it every year
};

void Work::read() {
    model_ = read_stirpat_model("model", options_.model.path, run_.text(options_.model, 16u << 20));
    drivers_ = model_.drivers.size();
    if (options_.level == PathLevel::smearing && !model_.smearing)
        throw wrong("level",
                    "the model has no smearing factor; it was fitted without logarithms or written "
                    "by hand");
    std::vector<std::string> needed, possible;
    for (const auto& driver : model_.drivers) needed.push_back(driver.name);
    if (!options_.sink.empty()) possible.push_back(options_.sink);
    scenario_table_.emplace(run_.table(options_.scenarios));
    table_ = read_scenarios(*scenario_table_, needed, possible, static_cast<int>(options_.horizon));
    const int start = table_.start;
    const auto after_start = [&](const char* id, std::int64_t year) {
        if (year <= start)
            throw wrong(id, std::to_string(year) + " is not after " + std::to_string(start) +
                                ", the year that the scenarios begin with");
    };
    after_start("horizon", options_.horizon);
    after_start("peak_by", options_.peak_by);
    after_start("neutral_by", options_.neutral_by);

    base_table_.emplace(run_.table(options_.base));
    HistoryRequest request;
    request.unit_column = base_table_->column(options_.unit_field);
    request.year_column = base_table_->column(options_.year_field);
    request.start = start;
    request.mean = options_.mean_rate;
    request.variables = table_.variables;
    for (const auto& driver : model_.drivers) request.columns.push_back(base_table_->column(driver.name));
    if (!options_.sink.empty()) {
        const std::size_t column = base_table_->column(options_.sink);
        const auto known = std::find(request.columns.begin(), request.columns.end(), column);
        if (known != request.columns.end()) throw wrong("sink", "\"" + options_.sink + "\" is a driver of the model");
        sink_ = request.columns.size();
        request.columns.push_back(column);
        sink_projected_ = table_.variables.size() > drivers_;
    }
    if (options_.level == PathLevel::base_year) {
        response_ = request.columns.size();
        request.columns.push_back(base_table_->column(model_.response));
    }
    histories_ = read_histories(*base_table_, request);
    std::vector<std::string> fields;
    for (const std::size_t column : request.columns) fields.push_back(base_table_->columns()[column]);
    const UnitPanel panel = panel_of_rows(*base_table_, options_.unit_field, options_.year_field, fields);
    if (const std::string alike = units_alike(panel); !alike.empty()) run_.warn("BASE: " + alike);
    for (const std::string& said : totals_told(panel))
        run_.warn("BASE: " + said +
                  "; it is counted as a unit like them, so that they count twice. Take its rows out if it is a total");
    if (histories_.later_rows > 0)
        run_.warn(std::to_string(histories_.later_rows) +
                  (histories_.later_rows == 1 ? " row is of a year" : " rows are of years") + " after " +
                  std::to_string(start) + ", the year that the scenarios begin with, and left out");
}

double Work::rule_of(const UnitHistory& unit, const ScenarioPeriod& period, std::size_t v) const {
    const ScenarioVariable& variable = table_.variables[v];
    const ScenarioExpression& formula = period.formulas[v];
    const auto reject = [&](const std::string& reason) {
        scenario_table_->reject(period.row, variable.column, reason + " for unit \"" + unit.name + "\"");
    };
    if (formula.has_words() && !unit.words[v])
        base_table_->reject(unit.row, base_table_->column(variable.name),
                            "unit \"" + unit.name +
                                "\" has a value in one year only; D, min and max of its yearly "
                                "growth in SCENARIOS need two or more");
    double rule = 0;
    try {
        rule = formula.value(unit.words[v].value_or(ScenarioWords{}));
    } catch (const ExpressionError& error) {
        reject(error.what());
    }
    if (variable.kind == RuleKind::growth && rule <= -1)
        reject("a yearly growth of " + number_text(100 * rule) + " % leaves nothing");
    return rule;
}

double Work::emission(const UnitHistory& unit, const ScenarioPeriod& period, const std::vector<double>& values,
                      double factor) const {
    if (model_.logarithms)
        for (std::size_t v = 0; v < drivers_; ++v)
            if (!(values[v] > 0))
                scenario_table_->reject(
                    period.row, table_.variables[v].column,
                    "unit \"" + unit.name + "\" comes to " + number_text(values[v]) + ", which has no logarithm");
    const double value = model_.value(values.data()) * factor;
    if (!std::isfinite(value))
        scenario_table_->reject(period.row, scenario_table_->column("period"),
                                "the emission of unit \"" + unit.name + "\" becomes too large a number");
    return value;
}

EmissionPath Work::path_of(const UnitHistory& unit, const Scenario& scenario) {
    const std::size_t variables = table_.variables.size();
    const int start = table_.start;
    const auto unit_number = static_cast<std::size_t>(&unit - histories_.units.data());
    EmissionPath path;
    std::vector<double> begin(unit.start.begin(), unit.start.begin() + static_cast<std::ptrdiff_t>(variables));
    std::vector<double> now = begin, rules(variables);
    double factor = options_.level == PathLevel::smearing ? *model_.smearing : 1;
    if (model_.logarithms)
        for (std::size_t v = 0; v < drivers_; ++v)
            if (!(begin[v] > 0))
                base_table_->reject(unit.row, base_table_->column(model_.drivers[v].name),
                                    number_text(begin[v]) + " has no logarithm, which the model takes");
    if (response_) {
        const double actual = unit.start[*response_];
        const double fitted = emission(unit, scenario.periods.front(), begin, 1);
        if (!(actual > 0) || !(fitted > 0))
            base_table_->reject(unit.row, base_table_->column(model_.response),
                                "LEVEL base_year needs an emission above zero in the first year, in the table (" +
                                    number_text(actual) + ") and by the equation (" + number_text(fitted) + ")");
        factor = actual / fitted;
    }
    path.at_start = emission(unit, scenario.periods.front(), begin, factor);
    std::size_t next = 0;
    const auto keep = [&](int year, const ScenarioPeriod& period) {
        const double value = year == start ? path.at_start : emission(unit, period, now, factor);
        if (year == options_.peak_by) path.at_peak_by = value;
        if (next < r_.years.size() && r_.years[next] == year) {
            path.emission.push_back(value);
            if (sink_) path.sink.push_back(sink_projected_ ? now[drivers_] : unit.start[*sink_]);
            if (sink_ && !std::isfinite(path.sink.back()))
                scenario_table_->reject(period.row, table_.variables[drivers_].column,
                                        "the sink of unit \"" + unit.name + "\" becomes too large a number");
            ++next;
        }
        for (std::size_t v = 0; v < drivers_; ++v) {
            const auto& driver = model_.drivers[v];
            if ((driver.minimum && now[v] < *driver.minimum) || (driver.maximum && now[v] > *driver.maximum))
                outside_[v][unit_number] = true;
        }
    };
    keep(start, scenario.periods.front());
    for (const auto& period : scenario.periods) {
        for (std::size_t v = 0; v < variables; ++v) {
            rules[v] = rule_of(unit, period, v);
            const double target = std::abs(rules[v]), value = std::abs(unit.start[v]);
            if (table_.variables[v].kind == RuleKind::growth && rules[v] >= 1 && !quick_[v] &&
                !period.formulas[v].has_words())
                quick_[v] = "the growth of \"" + table_.variables[v].name + "\" in scenario \"" + scenario.name +
                            "\", " + std::to_string(period.first) + "-" + std::to_string(period.last) + ", is " +
                            number_text(rules[v]) + ", which is " + number_text(100 * rules[v]) + " % a year";
            if (table_.variables[v].kind == RuleKind::threshold && !unlike_[v] && target > 0 && value > 0 &&
                (target > 20 * value || value > 20 * target))
                unlike_[v] = number_text(rules[v]) + " in unit \"" + unit.name + "\", which has " +
                             number_text(unit.start[v]) + " in " + std::to_string(start);
        }
        const int last = std::min(period.last, std::max(r_.years.back(), static_cast<int>(options_.peak_by)));
        for (int year = period.first + 1; year <= last; ++year) {
            const bool wanted = (next < r_.years.size() && r_.years[next] == year) || year == options_.peak_by;
            if (!wanted && year != period.last) continue;
            for (std::size_t v = 0; v < variables; ++v)
                now[v] = projected(table_.variables[v].kind, begin[v], rules[v], period.first, period.last, year);
            if (wanted) keep(year, period);
        }
        if (period.last >= r_.years.back()) break;
        begin = now;
    }
    return path;
}

void Work::project() {
    r_.response = model_.response;
    r_.years = path_years(table_.start, static_cast<int>(options_.horizon), static_cast<int>(options_.step));
    r_.peak_by = static_cast<int>(options_.peak_by);
    r_.neutral_by = static_cast<int>(options_.neutral_by);
    r_.with_sinks = sink_.has_value();
    const std::size_t bytes =
        histories_.units.size() * table_.scenarios.size() * r_.years.size() * sizeof(double) * (sink_ ? 2 : 1);
    if (bytes > run_.options().memory_bytes())
        throw wrong("memory", "the paths need " + std::to_string(bytes / (1024 * 1024) + 1) +
                                  " MiB; give more memory, a larger STEP or fewer scenarios");
    outside_.assign(drivers_, std::vector<bool>(histories_.units.size()));
    unlike_.resize(table_.variables.size());
    quick_.resize(table_.variables.size());
    for (const auto& scenario : table_.scenarios) r_.scenarios.push_back(scenario.name);
    for (const auto& unit : histories_.units) {
        run_.check_cancel();
        r_.units.push_back(unit.name);
        auto& paths = r_.paths.emplace_back();
        for (const auto& scenario : table_.scenarios) paths.push_back(path_of(unit, scenario));
    }
}

void Work::judge() {
    double peaking = 0, neutral = 0;
    for (const auto& paths : r_.paths) {
        auto& milestones = r_.milestones.emplace_back();
        double growth = 0;
        for (const auto& path : paths) {
            milestones.push_back(milestone_of(path, r_.years));
            growth += yearly_growth(path.at_start, path.at_peak_by, r_.peak_by - table_.start);
        }
        growth_.push_back(growth / static_cast<double>(paths.size()));
        r_.classes.push_back(
            peak_class(milestones, growth_.back(), r_.peak_by, r_.neutral_by, options_.strong_rise / 100));
        peaking += r_.classes.back() >= 4;
        neutral += r_.classes.back() == 5;
    }
    options_.units = static_cast<double>(r_.units.size());
    options_.peaking = peaking;
    if (sink_) options_.neutral = neutral;
}

void Work::sum_up() {
    for (std::size_t s = 0; s < r_.scenarios.size(); ++s) {
        r_.totals.emplace_back();
        if (sink_) r_.sinks.emplace_back();
        for (std::size_t y = 0; y < r_.years.size(); ++y) {
            ExactSum emission, sink;
            for (const auto& paths : r_.paths) {
                emission.add(paths[s].emission[y]);
                if (sink_) sink.add(paths[s].sink[y]);
            }
            r_.totals.back().push_back(emission.value());
            if (sink_) r_.sinks.back().push_back(sink.value());
        }
    }
}

void Work::state_conventions() {
    const std::string start = std::to_string(table_.start);
    run_.convention("history", "rows of the units from " + std::to_string(histories_.earliest) + " to " + start);
    run_.convention("D, min and max of growth",
                    std::string("of the unit's own yearly rates; D is ") +
                        (options_.mean_rate == MeanRate::compound ? "the compound rate (last / first)^(1 / years) - 1"
                                                                  : "the arithmetic mean of the yearly rates") +
                        "; over a gap of g years the rate is (after / before)^(1 / g) - 1");
    run_.convention("D, min and max of thresholds", "mean, smallest and largest value of the unit's own history");
    run_.convention("per cent", "5% in a formula is 0.05, added or taken away as it stands: min-5% is min - 0.05");
    run_.convention("growth", "value at the period's beginning times (1 + rate)^years");
    run_.convention("threshold", "reached at the period's end on a straight line, from above as well as from below");
    run_.convention("level of the paths", [&]() -> std::string {
        if (options_.level == PathLevel::smearing)
            return "the equation times the smearing factor " + number_text(*model_.smearing) + " (mean)";
        if (options_.level == PathLevel::base_year)
            return "scaled to each unit's own " + model_.response + " in " + start;
        return model_.logarithms ? "exp of the equation, which is the median and not the mean" : "the equation";
    }());
    run_.convention("peak",
                    "year of the largest emission of the path, the first of equal ones; none where it is the "
                    "last year, as the emission may rise further");
    if (sink_)
        run_.convention("neutral", std::string("from the year on, emission - sink <= 0 to the last year; sinks are ") +
                                       (sink_projected_ ? "projected by the scenario table" : "those of " + start));
    else
        run_.convention("neutral", "not looked at without SINK: no unit can be of class 5");
    run_.convention(
        "CEP class",
        "of a unit over all scenarios: 5 peaks by " + std::to_string(r_.peak_by) + " and is neutral by " +
            std::to_string(r_.neutral_by) +
            " in all; 4 peaks in all, not neutral in all; 3 peaks in some only; 2 peaks in none and rises by "
            "at most " +
            number_text(options_.strong_rise) + " % a year up to " + std::to_string(r_.peak_by) +
            " (mean of the scenarios); 1 rises faster");
}

void Work::warn_of_ranges() {
    std::string left;
    for (std::size_t v = 0; v < drivers_; ++v) {
        const auto count = std::count(outside_[v].begin(), outside_[v].end(), true);
        const auto& driver = model_.drivers[v];
        if (count == 0) continue;
        const auto bound = [](const std::optional<double>& value) { return value ? number_text(*value) : "any"; };
        left += (left.empty() ? "" : "; ") +
                ("\"" + driver.name + "\" (" + bound(driver.minimum) + " to " + bound(driver.maximum) + ") in " +
                 std::to_string(count) + " of " + counted(r_.units.size(), "unit"));
    }
    if (!left.empty())
        run_.warn("drivers leave the ranges that the model was fitted on, and the paths are extrapolations there: " +
                  left);
    for (std::size_t v = 0; v < quick_.size(); ++v)
        if (quick_[v])
            run_.warn("SCENARIOS: " + *quick_[v] + ". Rates are fractions: write 2% or 0.02 for two per cent a year");
    for (std::size_t v = 0; v < unlike_.size(); ++v)
        if (unlike_[v])
            run_.warn("a threshold of \"" + table_.variables[v].name +
                      "\" is more than twenty times larger or smaller "
                      "than the value it starts from: " +
                      *unlike_[v] + "; are both in one unit, shares or per cent?");
}

void Work::write_paths() {
    using Type = OutputTable::Type;
    std::vector<OutputTable::Column> columns = {
        {"unit", Type::text}, {"scenario", Type::text}, {"year", Type::integer}, {"emission", Type::real}};
    columns.push_back({"sink", Type::real});
    OutputTable table(columns);
    const std::size_t years = r_.years.size(), scenarios = r_.scenarios.size();
    table.add_later(r_.units.size() * scenarios * years, [&](std::size_t i, std::vector<Cell>& row) {
        if (i % 65536 == 0) run_.check_cancel();
        const std::size_t unit = i / (scenarios * years), scenario = i / years % scenarios, year = i % years;
        const EmissionPath& path = r_.paths[unit][scenario];
        row[0] = r_.units[unit];
        row[1] = r_.scenarios[scenario];
        row[2] = std::int64_t{r_.years[year]};
        row[3] = path.emission[year];
        if (sink_) row[4] = path.sink[year];
    });
    run_.write(options_.paths, table);
}

void Work::write_milestones() {
    using Type = OutputTable::Type;
    OutputTable table({{"unit", Type::text},
                       {"scenario", Type::text},
                       {"peak_year", Type::integer},
                       {"neutral_year", Type::integer},
                       {"cep", Type::integer},
                       {"first_emission", Type::real},
                       {"largest_emission", Type::real},
                       {"last_emission", Type::real},
                       {"growth_percent", Type::real}});
    const std::size_t scenarios = r_.scenarios.size();
    table.add_later(r_.units.size() * scenarios, [&](std::size_t i, std::vector<Cell>& row) {
        const std::size_t unit = i / scenarios, scenario = i % scenarios;
        const EmissionPath& path = r_.paths[unit][scenario];
        const Milestone& milestone = r_.milestones[unit][scenario];
        row[0] = r_.units[unit];
        row[1] = r_.scenarios[scenario];
        if (milestone.peak_year) row[2] = std::int64_t{*milestone.peak_year};
        if (milestone.neutral_year) row[3] = std::int64_t{*milestone.neutral_year};
        row[4] = std::int64_t{r_.classes[unit]};
        row[5] = path.at_start;
        row[6] = *std::max_element(path.emission.begin(), path.emission.end());
        row[7] = path.emission.back();
        const double growth = yearly_growth(path.at_start, path.at_peak_by, r_.peak_by - table_.start);
        if (std::isfinite(growth)) row[8] = 100 * growth;
    });
    run_.write(options_.milestones, table);
}

void Work::operator()() {
    read();
    project();
    judge();
    sum_up();
    state_conventions();
    warn_of_ranges();
    write_paths();
    write_milestones();
    if (options_.report.wanted()) run_.write(options_.report, scenario_report(r_));
}

}  // namespace

void stirpat_scenarios(StirpatScenariosOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
