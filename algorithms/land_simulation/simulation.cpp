// Land Carbon Toolbox: land simulation: the run of FLUS and PLUS.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/simulation.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "engine/class_raster.hpp"
#include "engine/class_lookup.hpp"
#include "engine/run.hpp"
#include "engine/step_order.hpp"
#include "engine/text.hpp"
#include "land_simulation/simulation_conventions.hpp"
#include "land_simulation/simulation_inputs.hpp"
#include "land_simulation/simulation_report.hpp"
#include "tables/published_tables.hpp"

namespace landcarbon {
namespace {

constexpr std::size_t most_classes = 254;
constexpr float largest_suitability = 1.000001F;  ///< 1, and what rounding has made of it
constexpr int shown_side = 220;                   // cells a side of a map in the report

/// What reading the maps into memory finds out.
struct Loaded {
    static constexpr bool order_free = true;
    CellGroups groups;
    std::int64_t restricted = 0, holes = 0;
    double worst = 0;  ///< a suitability outside 0..1, or 0
    void merge(const Loaded& other) {
        for (const auto& [group, cells] : other.groups) groups[group] += cells;
        restricted += other.restricted;
        holes += other.holes;
        // The same for any order: the one that is farthest out, of two the larger.
        const auto out = [](double value) { return value < 0 ? -value : value - 1; };
        if (other.worst != 0 && (worst == 0 || std::pair(out(other.worst), other.worst) > std::pair(out(worst), worst)))
            worst = other.worst;
    }
};

/// What writing the result counts.
struct Moved {
    static constexpr bool order_free = true;
    std::vector<std::int64_t> pairs;
    void merge(const Moved& other) {
        for (std::size_t i = 0; i < pairs.size(); ++i) pairs[i] += other.pairs[i];
    }
};

class Work {
public:
    Work(SimulationOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void count();
    void find_classes();
    void match_bands();
    void tell_other_order();
    void set_rules();
    void load();
    void add(Loaded& state, const Block& block);
    void aim();
    [[noreturn]] void reject_demand(const Reach& reach) const;
    void simulate();
    void write_map();
    std::uint16_t changed_near(int x, int y, int step) const;
    void write_history();
    void set_results();
    std::string stopped_because() const;
    std::string name(std::size_t k) const {
        const std::string plain = "class " + std::to_string(codes_[k]);
        const std::string& label = story_.labels[k].name;
        return label == "Class " + std::to_string(codes_[k]) ? plain : plain + " (" + label + ")";
    }

    SimulationOptions& options_;
    Run& run_;
    std::optional<Layer> land_cover_, restricted_;
    ClassTable given_;           ///< names of a CLASSES table
    std::vector<Layer> bands_;   ///< as the files have them
    std::vector<Layer> inputs_;  ///< of the second pass: land cover, the bands of the classes, restricted cells
    ClassDemand asked_;
    std::vector<std::int64_t> codes_;  ///< of the classes, ascending
    std::vector<std::int64_t> cells_;  ///< of the classes on the first map
    std::int64_t total_ = 0;
    double total_ha_ = 0;
    AutomatonRules rules_;
    std::vector<std::uint8_t> numbers_;  ///< of the classes by slot; 0 for none
    std::optional<AutomatonMaps> maps_;
    SimulationStory story_;
};

void Work::open() {
    land_cover_ = run_.classes(options_.land_cover);
    bands_ = run_.measurements(options_.suitability, ReadAs::real32);
    if (options_.restricted.given()) restricted_ = run_.measurements(options_.restricted, ReadAs::real32);
    asked_ = read_demand(run_.table(options_.demand), options_.year);
    if (!asked_.warning.empty()) run_.warn("DEMAND: " + asked_.warning);
}

void Work::count() {
    const bool by_area = asked_.unit == ClassDemand::Unit::area_ha;
    ClassTally tally(by_area && run_.areas().varying());
    tally = run_.reduce({*land_cover_}, tally, [&](ClassTally& state, const Block& block) {
        if (by_area)
            run_.add_rows(state, block, block.classes(0));
        else
            state.add(block.classes(0), block.cells(), run_.class_codes().slots(), FixedArea());
    });
    for (const std::int64_t code : run_.class_codes().codes()) {
        const std::uint16_t slot = run_.class_codes().slot(code);
        total_ += tally.count(slot);
        if (by_area) total_ha_ += tally.area(slot, run_.areas().cell()).hectares();
    }
    if (total_ == 0) throw wrong("land_cover", "no cell of " + land_cover_->name() + " has a class");
    if (by_area && run_.areas().varying())
        run_.warn(
            "DEMAND is given as areas, and cells have different areas; the shares of the area are taken as shares of "
            "the cells");
    find_classes();
    for (const std::int64_t code : codes_) cells_.push_back(tally.count(run_.class_codes().slot(code)));
}

void Work::find_classes() {
    // Classes that are wanted but not there yet count as well.
    for (const auto& [code, amount] : asked_.amounts)
        if (amount > 0) run_.class_codes().slot(code);
    for (const Layer& band : bands_)
        if (const auto code = band.file().class_of_band(band.band())) run_.class_codes().slot(*code);
    codes_ = run_.class_codes().codes();
    if (codes_.size() > most_classes)
        throw wrong("land_cover", counted(codes_.size(), "class is", "classes are") +
                                      " on the map or asked for; at most " + std::to_string(most_classes) +
                                      " can be simulated. Join classes first");
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    story_.labels = run_.class_labels(given_);
    numbers_.assign(run_.class_codes().slots(), 0);
    for (std::size_t k = 0; k < codes_.size(); ++k)
        numbers_[run_.class_codes().slot(codes_[k])] = static_cast<std::uint8_t>(k + 1);
}

void Work::match_bands() {
    inputs_ = {*land_cover_};
    std::map<std::int64_t, Layer> by_class;
    for (const Layer& band : bands_) {
        const auto code = band.file().class_of_band(band.band());
        if (code && !by_class.emplace(*code, band).second)
            throw wrong("suitability", "two bands are for class " + std::to_string(*code) + ", one is " + band.name());
    }
    const std::string counts = "SUITABILITY: " + std::to_string(bands_.size()) +
                               (bands_.size() == 1 ? " band is" : " bands are") + " given for " +
                               counted(codes_.size(), "class", "classes");
    if (by_class.empty()) {
        if (bands_.size() != codes_.size())
            throw UserError("suitability", counts +
                                               " of the map and the demand; give one band for each class, in ascending "
                                               "order of the classes");
        inputs_.insert(inputs_.end(), bands_.begin(), bands_.end());
        run_.convention("bands of suitability", "one for each class, in ascending order of the classes");
        tell_other_order();
    } else {
        if (by_class.size() != bands_.size())
            throw UserError("suitability", counts +
                                               "; some name their class (metadata item LANDCARBON_CLASS) and some do "
                                               "not. Use bands that all do, or none");
        for (std::size_t k = 0; k < codes_.size(); ++k) {
            const auto band = by_class.find(codes_[k]);
            if (band == by_class.end()) throw wrong("suitability", "no band is for " + name(k));
            inputs_.push_back(band->second);
        }
        run_.convention("bands of suitability", "by their metadata item LANDCARBON_CLASS");
    }
    if (restricted_) inputs_.push_back(*restricted_);
}

/// Names of bands or files that hold the codes of the classes, in another order than the bands are taken in.
void Work::tell_other_order() {
    std::vector<std::string> names;
    for (const Layer& band : bands_)
        names.push_back(band.file().bands() > 1 ? band.title()
                                                : std::filesystem::path(band.file().path()).stem().string());
    const auto plain = [](const std::string& text) { return lower_case(half_width(text)); };
    // By the names of the classes: a band that is called after another class, and not after its own.
    for (std::size_t band = 0; band < names.size(); ++band)
        for (std::size_t k = 0; k < codes_.size(); ++k) {
            const auto holds = [&](std::size_t which) {
                const std::string& label = story_.labels[which].name;
                return label.size() > 1 && label != "Class " + std::to_string(codes_[which]) &&
                       plain(names[band]).find(plain(label)) != std::string::npos;
            };
            if (k == band || !holds(k) || holds(band)) continue;
            return run_.warn("SUITABILITY: band " + std::to_string(band + 1) + " is called \"" + names[band] +
                             "\", but the bands are taken for the classes in ascending order, and number " +
                             std::to_string(band + 1) + " is for " + name(band) + "; sort them so");
        }
    std::vector<std::int64_t> codes;
    for (const auto& mark : order_of_names(names).marks) codes.push_back(parse_integer(mark).value_or(-1));
    if (codes == codes_ || !std::is_permutation(codes.begin(), codes.end(), codes_.begin(), codes_.end())) return;
    std::string order;
    for (const std::int64_t code : codes) order += (order.empty() ? "" : ", ") + std::to_string(code);
    run_.warn("SUITABILITY: the names of its bands hold the classes in the order " + order +
              ", but the bands are taken for the classes in ascending order; sort them so");
}

void Work::set_rules() {
    ConversionRules conversions;
    const ClassMatcher matcher(run_, options_.match, given_);
    const auto fitted_rules = [&](const InputTable& table, const std::string& scenario) {
        conversions = ConversionRules(table, scenario);
        matcher.check(table, run_.class_codes(), "from");
        if (matcher.match() == ClassMatch::names) conversions.rename(matcher.codes_by_name(table, "from"));
    };
    const auto preset = [&](const char* scenario) {
        fitted_rules(read_published_table("rules", "beibu_conversion_cost"), scenario);
    };
    const auto weights_of = [&](const InputTable& table) {
        const InputTable fitted = matcher.fitted(table);
        matcher.check(fitted, run_.class_codes());
        return read_weights(fitted, codes_);
    };
    switch (options_.rules) {
        case RulesPreset::as_given:
            if (options_.conversion.given()) fitted_rules(run_.table(options_.conversion), options_.scenario);
            break;
        case RulesPreset::beibu_urbanized:
            preset("urbanized");
            break;
        case RulesPreset::beibu_agricultural:
            preset("agricultural");
            break;
        case RulesPreset::beibu_ecological:
            preset("ecological");
            break;
    }
    if (const auto unknown = conversions.unknown(codes_); !unknown.empty()) {
        std::vector<std::string> classes;
        for (const std::int64_t code : unknown) {
            const auto which = std::find(codes_.begin(), codes_.end(), code) - codes_.begin();
            const std::string& name = story_.labels[static_cast<std::size_t>(which)].name;
            const bool named = !name.empty() && name != "Class " + std::to_string(code);
            classes.push_back(std::to_string(code) + (named ? " " + name : ""));
        }
        throw wrong(options_.conversion.given() ? "conversion" : "rules",
                    "nothing is said about what these classes may become: " + listed(classes) +
                        ". Give a table of your own with rows for them; Coefficient table writes a shipped one for the "
                        "codes of your map, also for classes whose names differ");
    }
    conversions.change("conversion_changes", options_.conversion_changes.rows);
    rules_.kernel.classes = codes_.size();
    rules_.kernel.radius = static_cast<int>(options_.window / 2);
    rules_.kernel.ease = conversions.matrix(codes_);
    rules_.kernel.centre = options_.centre;
    rules_.weights.assign(codes_.size(), 1);
    if (options_.weighting == WeightsPreset::beibu)
        rules_.weights = weights_of(read_published_table("weighting", "beibu_neighbourhood_weights"));
    else if (options_.weights.given())
        rules_.weights = weights_of(run_.table(options_.weights));
    rules_.allocation = options_.allocation;
    rules_.control = options_.control;
    rules_.iterations = options_.iterations;
    rules_.tolerance = options_.tolerance;
    rules_.acceleration = options_.acceleration;
    rules_.exchange = options_.exchange;
    rules_.seed = static_cast<std::uint64_t>(options_.seed);
    rules_.patches = options_.patches;
}

void Work::load() {
    const Grid& grid = run_.grid();
    run_.hold(AutomatonMaps::bytes(grid.width, grid.height, rules_.kernel.radius, codes_.size()),
              "a simulation of " + std::to_string(grid.width) + " x " + std::to_string(grid.height) + " cells and " +
                  counted(codes_.size(), "class", "classes"));
    maps_.emplace(grid.width, grid.height, rules_.kernel.radius, codes_.size());
    const Loaded loaded = run_.reduce(inputs_, Loaded{}, [&](Loaded& state, const Block& block) { add(state, block); });
    if (loaded.worst != 0)
        throw UserError("suitability",
                        "SUITABILITY holds " + number_text(loaded.worst) +
                            "; suitabilities are probabilities and lie between 0 and 1. Scale them first");
    story_.restricted = loaded.restricted;
    story_.holes = loaded.holes;
    if (loaded.holes > 0)
        run_.warn(counted(static_cast<std::size_t>(loaded.holes), "cell has", "cells have") +
                  " a class but no suitability in some band (NoData); they keep their class");
    std::vector<std::int64_t> silent;
    for (std::size_t k = 0; k < codes_.size(); ++k)
        if (cells_[k] > 0 && !asked_.amounts.count(codes_[k])) silent.push_back(codes_[k]);
    if (!silent.empty()) reject_missing_classes(run_.table(options_.demand), silent, nullptr, &run_.class_codes());
    story_.asked = demand_in_cells(asked_, codes_, total_, total_ha_, options_.demand_total == DemandTotal::scale);
    const Reach reach = reach_of(loaded.groups, story_.asked);
    if (reach.short_of > 0 && options_.unreachable == Unreachable::error) reject_demand(reach);
    if (reach.short_of > 0)
        run_.warn("DEMAND cannot be met: " + std::to_string(reach.short_of) +
                  " cells of it are out of reach under the rules; the simulation aims at the nearest counts");
    story_.demand = rules_.demand = reach.nearest;
}

void Work::add(Loaded& state, const Block& block) {
    const std::size_t n = codes_.size();
    const auto width = static_cast<std::size_t>(block.window.width);
    std::vector<const float*> bands(n);
    for (std::size_t k = 0; k < n; ++k) bands[k] = block.values<float>(k + 1);
    const float* const mask = restricted_ ? block.values<float>(n + 1) : nullptr;
    // What may become what, for cells of each class with a suitability for everything: the usual case.
    std::vector<CellGroup> usual(n);
    std::vector<std::int64_t> usual_cells(n);
    const auto may = [&](std::size_t from, std::size_t to) {
        if (from == to) return true;
        // Without patches a class grows from its own cells only.
        return rules_.kernel.ease[from * n + to] > 0 && (cells_[to] > 0 || rules_.patches.has_value()) &&
               (rules_.weights[to] > 0 || rules_.patches.has_value());
    };
    for (std::size_t c = 0; c < n; ++c) {
        usual[c].present = c;
        for (std::size_t k = 0; k < n; ++k)
            if (may(c, k)) add_class(usual[c].may, k);
    }
    for (int row = 0; row < block.window.height; ++row) {
        const std::size_t first = static_cast<std::size_t>(row) * width;
        const std::uint16_t* const slots = block.classes(0) + first;
        const auto y = block.window.y + row;
        std::uint8_t* const cells = maps_->cells.filled_row(y) + block.window.x;
        const std::size_t cell = static_cast<std::size_t>(y) * static_cast<std::size_t>(run_.grid().width) +
                                 static_cast<std::size_t>(block.window.x);
        for (std::size_t i = 0; i < width; ++i) {
            const std::uint8_t number = numbers_[slots[i]];
            cells[i] = number;
            if (number == 0) continue;
            const std::size_t c = number - std::size_t{1};
            std::uint16_t* const steps = maps_->suitability.data() + (cell + i) * n;
            // Nearly all cells may become anything; they are told from the others without a branch for each class.
            const bool restricted = mask && mask[first + i] == mask[first + i] && mask[first + i] != 0;
            bool everything = !restricted;
            for (std::size_t k = 0; k < n; ++k) {
                const float value = bands[k][first + i];
                everything &= value > 0 && value <= largest_suitability;
                steps[k] = suitability_steps(std::min(1.0, std::max(0.0, static_cast<double>(value))));  // no value: 0
            }
            if (everything) {
                maps_->start[cell + i] = number;
                ++usual_cells[c];
                continue;
            }
            bool hole = false;
            for (std::size_t k = 0; k < n; ++k) {
                const float value = bands[k][first + i];
                hole = hole || !(value == value);
                if (value < 0 || value > largest_suitability) {
                    Loaded other;
                    other.worst = static_cast<double>(value);
                    state.merge(other);
                }
            }
            state.restricted += restricted;
            state.holes += hole && !restricted;
            if (restricted || hole) {
                CellGroup fixed{c, {}};
                add_class(fixed.may, c);
                ++state.groups[fixed];
                continue;
            }
            maps_->start[cell + i] = number;
            CellGroup group{c, {}};
            for (std::size_t k = 0; k < n; ++k)
                if (k == c || (steps[k] > 0 && has_class(usual[c].may, k))) add_class(group.may, k);
            ++state.groups[group];
        }
    }
    for (std::size_t c = 0; c < n; ++c)
        if (usual_cells[c] > 0) state.groups[usual[c]] += usual_cells[c];
}

void Work::reject_demand(const Reach& reach) const {
    if (story_.restricted + story_.holes == total_)
        throw UserError("demand",
                        "DEMAND differs from the map, but no cell may change: " + std::to_string(story_.restricted) +
                            " are restricted and " + std::to_string(story_.holes) +
                            " have no suitability. Check RESTRICTED and SUITABILITY");
    std::string text;
    for (std::size_t k = 0; k < codes_.size(); ++k) {
        const std::int64_t want = story_.asked[k];
        if (want > reach.most[k])
            text += "; " + name(k) + ": " + counted(static_cast<std::size_t>(want), "cell is", "cells are") +
                    " asked for, at most " + std::to_string(reach.most[k]) + " are reachable" +
                    (cells_[k] == 0 && !rules_.patches ? " (no cell of it is there to grow from; PLUS begins patches)"
                                                       : "");
        if (want < reach.least[k])
            text += "; " + name(k) + ": " + counted(static_cast<std::size_t>(want), "cell is", "cells are") +
                    " asked for, at least " + std::to_string(reach.least[k]) + " must stay";
    }
    if (text.empty()) text = "; each class alone could, but not all together";
    std::string nearest;
    for (std::size_t k = 0; k < codes_.size(); ++k)
        nearest += (k ? ", " : "") + std::to_string(codes_[k]) + ": " + std::to_string(reach.nearest[k]);
    throw UserError("demand", "DEMAND cannot be met under the conversion rules, restricted cells and suitabilities" +
                                  text + ". Counts that come nearest: " + nearest +
                                  ". Change the demand or the rules, or use UNREACHABLE=nearest");
}

void Work::simulate() {
    run_.iterate([&](TileSweeps& sweeps, const std::function<void(double)>& share) {
        story_.result = run_automaton(*maps_, rules_, cells_, sweeps, share);
    });
}

void Work::write_map() {
    RasterDescription description = class_raster(codes_, "land_cover");
    description.bands = {"simulated land cover"};
    description.style.classes = story_.labels;
    const GDALDataType type = description.type;
    std::vector<std::int32_t> values = {static_cast<std::int32_t>(description.nodata)};
    for (const std::int64_t code : codes_) values.push_back(static_cast<std::int32_t>(code));
    RasterSink* const sink = run_.raster(options_.simulated, std::move(description));
    const Grid& grid = run_.grid();
    const auto& t = grid.transform;
    story_.stretch = std::hypot(t[2], t[5]) / std::hypot(t[1], t[4]);
    story_.thinning = Thinning(grid.width, grid.height, shown_side);
    const Thinning& thin = story_.thinning;
    story_.first.assign(thin.columns * thin.rows, 0);
    story_.simulated = story_.changed = story_.first;
    const std::size_t n = codes_.size();
    Moved none;
    none.pairs.assign((n + 1) * (n + 1), 0);
    const Moved moved = run_.reduce(
        {*land_cover_}, none,
        [&](Moved& state, Block& block) {
            const Window& window = block.window;
            for (int row = 0; row < window.height; ++row) {
                const auto first = static_cast<std::size_t>(row) * static_cast<std::size_t>(window.width);
                const std::uint16_t* const slots = block.classes(0) + first;
                const std::uint8_t* const now = maps_->cells.row(window.y + row) + window.x;
                for (int i = 0; i < window.width; ++i) ++state.pairs[numbers_[slots[i]] * (n + 1) + now[i]];
                if (sink && type == GDT_Byte)
                    for (int i = 0; i < window.width; ++i)
                        block.output<std::uint8_t>(0)[first + static_cast<std::size_t>(i)] =
                            static_cast<std::uint8_t>(values[now[i]]);
                if (sink && type != GDT_Byte)
                    for (int i = 0; i < window.width; ++i)
                        block.output<std::int32_t>(0)[first + static_cast<std::size_t>(i)] = values[now[i]];
            }
            // Cells of the report's maps that lie in this block; nobody else writes them.
            for (std::size_t row = 0; row < thin.rows; ++row)
                for (std::size_t i = 0; i < thin.columns; ++i) {
                    const int x = thin.column(i) - window.x, y = thin.row(row) - window.y;
                    if (x < 0 || y < 0 || x >= window.width || y >= window.height) continue;
                    story_.first[row * thin.columns + i] =
                        numbers_[block.classes(0)[static_cast<std::size_t>(y) * static_cast<std::size_t>(window.width) +
                                                  static_cast<std::size_t>(x)]];
                    story_.simulated[row * thin.columns + i] = maps_->cells.row(window.y + y)[window.x + x];
                    story_.changed[row * thin.columns + i] = changed_near(thin.column(i), thin.row(row), thin.step);
                }
        },
        {sink});
    for (std::size_t from = 1; from <= n; ++from)
        for (std::size_t to = 1; to <= n; ++to) story_.moved.push_back(moved.pairs[from * (n + 1) + to]);
}

/// The new class of the first changed cell among those that a cell of the report's map stands for; 0 if there is none.
std::uint16_t Work::changed_near(int x, int y, int step) const {
    const Grid& grid = run_.grid();
    for (int row = y - step / 2; row < std::min(y - step / 2 + step, grid.height); ++row)
        for (int column = x - step / 2; column < std::min(x - step / 2 + step, grid.width); ++column) {
            if (row < 0 || column < 0) continue;
            // Cells that keep their class have no start.
            const std::uint8_t start =
                maps_->start[static_cast<std::size_t>(row) * static_cast<std::size_t>(grid.width) +
                             static_cast<std::size_t>(column)];
            const std::uint8_t now = maps_->cells.row(row)[column];
            if (start != 0 && start != now) return now;
        }
    return 0;
}

void Work::write_history() {
    using Type = OutputTable::Type;
    OutputTable table({{"iteration", Type::integer},
                       {"class", Type::integer},
                       {"name", Type::text},
                       {"cells", Type::integer},
                       {"gap", Type::integer},
                       {"inertia", Type::real}});
    for (const AutomatonRecord& record : story_.result.history)
        for (std::size_t k = 0; k < codes_.size(); ++k)
            table.add({record.iteration, codes_[k], story_.labels[k].name, record.cells[k],
                       story_.demand[k] - record.cells[k], record.inertia[k]});
    run_.write(options_.history, table);
}

std::string Work::stopped_because() const {
    const AutomatonResult& result = story_.result;
    const std::int64_t missing = missing_cells(story_.demand, result.cells());
    const std::string off = std::to_string(missing) + (missing == 1 ? " cell is" : " cells are") + " in a wrong class";
    switch (result.reason) {
        case StopReason::met:
            return "every class has the cells of its demand";
        case StopReason::tolerance:
            return "the demand is met within TOLERANCE; " + off;
        case StopReason::limit:
            return missing > 0 ? "all ITERATIONS are done; " + off : "all ITERATIONS are done; the demand is met";
        case StopReason::stuck:
            return "no conversion that would help is possible any more (rules, restricted cells, neighbourhoods and "
                   "suitabilities leave none); " +
                   off;
    }
    return {};
}

void Work::set_results() {
    story_.cells = total_;
    story_.reason = stopped_because();
    const std::int64_t residual = missing_cells(story_.asked, story_.result.cells());
    std::int64_t changed = 0;
    const std::size_t n = codes_.size();
    for (std::size_t from = 0; from < n; ++from)
        for (std::size_t to = 0; to < n; ++to)
            if (from != to) changed += story_.moved[from * n + to];
    options_.iterations_done = static_cast<double>(story_.result.history.back().iteration);
    options_.residual_cells = static_cast<double>(residual);
    options_.residual_share = static_cast<double>(residual) / static_cast<double>(total_);
    options_.changed_cells = static_cast<double>(changed);
    options_.seed_used = static_cast<double>(options_.seed);
    if (asked_.year) options_.target_year = *asked_.year;
    options_.stop_reason = story_.reason;
    if (story_.result.reason == StopReason::stuck || story_.result.reason == StopReason::limit)
        if (missing_cells(story_.demand, story_.result.cells()) > 0)
            run_.warn("The simulation stopped because " + story_.reason);
}

void Work::operator()() {
    run_.expect_passes(4);
    open();
    count();
    match_bands();
    set_rules();
    load();
    simulate();
    write_map();
    set_results();
    state_conventions(options_, run_);
    write_history();
    if (!options_.report.wanted()) return;
    story_.title = rules_.patches ? "PLUS land simulation" : "FLUS land simulation";
    if (asked_.year) story_.title += " " + number_text(*asked_.year);
    run_.write(options_.report, simulation_report(story_));
}

}  // namespace

void simulate(SimulationOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
