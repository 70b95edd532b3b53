// Land Carbon Toolbox: how suitable each cell is for each land-cover class: the run.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "land_simulation/suitability/suitability.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <numeric>

#include "engine/class_lookup.hpp"
#include "engine/report/escape.hpp"
#include "engine/run.hpp"
#include "land_simulation/suitability/evaluation.hpp"
#include "land_simulation/suitability/neighbour_shares.hpp"
#include "land_simulation/suitability/samples.hpp"
#include "land_simulation/suitability/suitability_report.hpp"
#include "land_simulation/suitability/training.hpp"
#include "maths/counter_random.hpp"

namespace landcarbon {
namespace {

/// Bands of the result, and outputs of a model.
constexpr std::size_t most_classes = 255;
/// Samples that permutation importance looks at.
constexpr std::size_t most_mixed = 2000;

class Work {
public:
    Work(SuitabilityOptions& options, Run& run) : options_(options), run_(run) {}
    void operator()();

private:
    void open();
    void count();
    void open_trained();
    void read_trained();
    void hold_map(const Layer& layer);
    void choose();
    void train();
    void assess();
    void state_conventions();
    void predict();
    void write_accuracy();
    void write_contributions();
    void write_report();
    std::vector<Layer> class_layers() const;
    std::string driver_list(const std::vector<SuitabilityModel::Driver>& drivers) const;
    bool expansion() const { return options_.later_land_cover.given(); }
    bool trained_before() const { return options_.trained_model.given(); }
    /// Position of a slot's class in the model; the number of classes when it has none.
    std::map<std::int64_t, std::uint16_t> places() const;
    std::vector<std::uint16_t> class_slots() const;

    SuitabilityOptions& options_;
    Run& run_;
    std::optional<Layer> land_cover_, later_;
    std::vector<Layer> drivers_;
    ClassTable given_;
    std::vector<ClassLabel> labels_;  ///< of the model's classes
    SuitabilityModel model_;
    std::optional<SuitabilityModel> trained_;  ///< as it was read
    std::optional<NeighbourShares> neighbours_;
    SampleCounts counts_;
    SampleSet training_, test_;
    std::vector<std::int64_t> training_cells_, test_cells_;  ///< by class, and those without growth
    std::vector<LearningStep> curve_;
    Evaluation evaluation_;
    std::vector<Importance> importance_;
};

std::vector<Layer> Work::class_layers() const {
    std::vector<Layer> layers{*land_cover_};
    if (later_) layers.push_back(*later_);
    return layers;
}

std::string Work::driver_list(const std::vector<SuitabilityModel::Driver>& drivers) const {
    std::string list;
    for (const auto& driver : drivers) list += (list.empty() ? "" : ", ") + driver.name;
    return list;
}

void Work::open() {
    if (options_.classes.given()) given_ = read_classes(run_.table(options_.classes));
    land_cover_ = run_.classes(options_.land_cover);
    if (expansion()) later_ = run_.classes(options_.later_land_cover);
    drivers_ = run_.measurements(options_.drivers, ReadAs::real32);
    for (const Layer& layer : drivers_) {
        std::string name = std::filesystem::path(layer.file().path()).stem().string();
        if (layer.file().bands() > 1) name += " band " + std::to_string(layer.band());
        model_.drivers.push_back({name, 0, 0});
    }
}

/// Before the first pass, so that a broken file is told at once.
void Work::open_trained() {
    if (!trained_before()) return;
    // Forests of many trees make large files: as large as the memory allows.
    const std::string text = run_.text(options_.trained_model, run_.options().memory_bytes());
    trained_ = read_model(text, options_.trained_model.path);
}

void Work::count() {
    const std::size_t width = drivers_.size();
    SampleCounts empty;
    empty.low.assign(width, std::numeric_limits<float>::infinity());
    empty.high.assign(width, -std::numeric_limits<float>::infinity());
    std::vector<Layer> inputs = class_layers();
    inputs.insert(inputs.end(), drivers_.begin(), drivers_.end());
    const std::size_t first = inputs.size() - width;
    counts_ = run_.reduce(inputs, empty, [&](SampleCounts& counts, const Block& block) {
        thread_local std::vector<std::uint8_t> whole;
        const std::size_t cells = block.cells();
        whole.assign(cells, 1);
        for (std::size_t d = 0; d < width; ++d)
            for (std::size_t i = 0; i < cells; ++i) whole[i] &= block.valid(first + d)[i];
        if (const std::size_t slots = run_.class_codes().slots(); counts.cells.size() < slots)
            counts.cells.resize(slots);
        const std::uint16_t* const was = block.classes(0);
        const std::uint16_t* const is = block.classes(first - 1);
        for (std::size_t i = 0; i < cells; ++i) {
            if (was[i] == 0 || is[i] == 0) {
                whole[i] = 0;
                continue;
            }
            if (!whole[i])
                ++counts.holes;
            else
                ++counts.cells[first == 2 && was[i] == is[i] ? 0 : is[i]];
        }
        for (std::size_t d = 0; d < width; ++d) {
            const float* const values = block.values<float>(first + d);
            float low = counts.low[d], high = counts.high[d];
            for (std::size_t i = 0; i < cells; ++i) {
                if (!whole[i]) continue;
                low = std::min(low, values[i]);
                high = std::max(high, values[i]);
            }
            counts.low[d] = low;
            counts.high[d] = high;
        }
    });
    const std::int64_t all = std::accumulate(counts_.cells.begin(), counts_.cells.end(), std::int64_t{0});
    if (all == 0)
        throw UserError("land_cover", counts_.holes > 0 ? "DRIVERS: no cell with a class has a value of every driver"
                                                        : "LAND_COVER: no cell has a class" +
                                                              std::string(expansion() ? " on both maps" : ""));
    for (std::size_t d = 0; d < width; ++d)
        if (!can_be_scaled(counts_.low[d], counts_.high[d]))
            throw wrong("drivers", drivers_[d].name() + " ranges from " + number_text(counts_.low[d]) + " to " +
                                       number_text(counts_.high[d]) +
                                       (std::isfinite(counts_.high[d] - counts_.low[d])
                                            ? ", too narrow to be scaled to 0..1; multiply its values"
                                            : ", too wide to be scaled to 0..1; is a NoData value missing?"));
    if (counts_.holes > 0)
        run_.warn(std::to_string(counts_.holes) +
                  " cells with a class lack a value of some driver; they are not learned from and become NoData");
    if (expansion() && all == counts_.cells[0])
        throw wrong("later_land_cover",
                    "no cell changes its class between the two maps, so that "
                    "no growth can be learned");
}

void Work::read_trained() {
    const std::string& path = options_.trained_model.path;
    SuitabilityModel& model = *trained_;
    const std::vector<SuitabilityModel::Driver> measured(
        model.drivers.begin(), model.drivers.begin() + static_cast<std::ptrdiff_t>(model.measured()));
    if (measured.size() != drivers_.size())
        throw wrong("drivers", "there are " + std::to_string(drivers_.size()) + " (" + driver_list(model_.drivers) +
                                   "), but " + path + " was trained with " + std::to_string(measured.size()) + " (" +
                                   driver_list(measured) + ")");
    if (driver_list(measured) != driver_list(model_.drivers))
        run_.warn("the drivers are " + driver_list(model_.drivers) + "; " + path + " was trained with " +
                  driver_list(measured) + ", taken to mean the same in this order");
    if (model.expansion != expansion())
        throw wrong("later_land_cover",
                    path + (model.expansion ? " was trained on growth between two maps and needs a later map"
                                            : " was trained on one map; leave the later map out"));
    std::string unknown;
    for (const std::int64_t code : run_.class_codes().codes())
        if (std::none_of(model.classes.begin(), model.classes.end(), [&](const auto& c) { return c.code == code; }))
            unknown += (unknown.empty() ? "" : ", ") + std::to_string(code);
    if (!unknown.empty())
        throw wrong("trained_model", path + " does not know the classes " + unknown + " of the maps; train anew");
    for (std::size_t d = 0; d < drivers_.size(); ++d)
        if (counts_.low[d] < model.drivers[d].low || counts_.high[d] > model.drivers[d].high)
            run_.warn("driver " + model_.drivers[d].name + " ranges from " + number_text(counts_.low[d]) + " to " +
                      number_text(counts_.high[d]) + ", beyond what the model was trained on (" +
                      number_text(model.drivers[d].low) + " to " + number_text(model.drivers[d].high) +
                      "); values beyond count as its ends");
    model_ = std::move(model);
}

std::map<std::int64_t, std::uint16_t> Work::places() const {
    std::map<std::int64_t, std::uint16_t> places;
    for (const auto& entry : model_.classes) places.emplace(entry.code, static_cast<std::uint16_t>(places.size()));
    return places;
}

std::vector<std::uint16_t> Work::class_slots() const {
    std::vector<std::uint16_t> slots;
    for (const auto& entry : model_.classes) slots.push_back(run_.class_codes().slot(entry.code));
    return slots;
}

/// Keeps the map whose neighbours are counted.
void Work::hold_map(const Layer& layer) {
    if (model_.distances.empty()) return;
    const Grid& grid = run_.grid();
    if (!neighbours_) {
        run_.hold(NeighbourShares::bytes(grid.width, grid.height), "the land cover, whose neighbours are counted,");
        neighbours_.emplace(grid.width, grid.height);
    }
    run_.map({layer}, {}, [&](Block& block) { neighbours_->fill(block.window, block.classes(0)); });
}

void Work::choose() {
    // Classes in ascending order; slots depend on chance.
    const std::size_t classes = model_.classes.size();
    std::vector<std::size_t> slot_of(classes);
    for (std::size_t k = 0; k < classes; ++k) slot_of[k] = run_.class_codes().slot(model_.classes[k].code);
    counts_.cells.resize(run_.class_codes().slots());
    std::vector<std::int64_t> cells(classes + 1);
    cells[classes] = counts_.cells[0];
    for (std::size_t k = 0; k < classes; ++k) cells[k] = counts_.cells[slot_of[k]];
    const auto all = static_cast<double>(std::accumulate(cells.begin(), cells.end(), std::int64_t{0}));
    const auto there = static_cast<double>(std::count_if(cells.begin(), cells.end() - 1, [](auto n) { return n > 0; }));
    std::vector<double> shares(classes + 1);
    for (std::size_t k = 0; k <= classes; ++k) {
        if (cells[k] == 0) continue;
        if (options_.sampling == Sampling::proportional)
            shares[k] = static_cast<double>(cells[k]) / all;
        else if (expansion())
            shares[k] = k == classes ? 0.5 : 0.5 / there;
        else
            shares[k] = 1 / there;
    }
    const std::vector<std::int64_t> quotas = sample_quotas(cells, shares, options_.samples);
    if (static_cast<double>(options_.samples) > all)
        run_.info("SAMPLES: " + std::to_string(options_.samples) + " are asked for; all " + format_grouped(all, 0) +
                  " cells are used");
    std::vector<std::int64_t> by_slot(run_.class_codes().slots());
    by_slot[0] = quotas[classes];
    for (std::size_t k = 0; k < classes; ++k) by_slot[slot_of[k]] = quotas[k];

    hold_map(*land_cover_);
    const std::size_t width = drivers_.size(), shares_kept = model_.shares();
    const std::vector<std::uint16_t> slots = class_slots();
    std::vector<Layer> inputs = class_layers();
    inputs.insert(inputs.end(), drivers_.begin(), drivers_.end());
    const std::size_t first = inputs.size() - width;
    const RandomStream random = RandomStream::of(static_cast<std::uint64_t>(options_.seed), 0, 1);
    const auto columns = static_cast<std::uint64_t>(run_.grid().width);
    SampleChoice choice =
        run_.reduce(inputs, SampleChoice(by_slot, width + shares_kept), [&](SampleChoice& state, const Block& block) {
            const std::uint16_t* const was = block.classes(0);
            const std::uint16_t* const is = block.classes(first - 1);
            std::vector<const float*> values;
            for (std::size_t d = 0; d < width; ++d) values.push_back(block.values<float>(first + d));
            thread_local std::vector<std::vector<float>> shares;
            if (neighbours_) neighbours_->shares(block.window, model_.distances, slots, shares);
            for (std::size_t d = 0; d < shares_kept; ++d) values.push_back(shares[d].data());
            std::size_t i = 0;
            for (int y = 0; y < block.window.height; ++y)
                for (int x = 0; x < block.window.width; ++x, ++i) {
                    if (was[i] == 0 || is[i] == 0) continue;
                    bool whole = true;
                    for (std::size_t d = 0; d < width; ++d) whole = whole && block.valid(first + d)[i];
                    if (!whole) continue;
                    const std::uint64_t cell = static_cast<std::uint64_t>(block.window.y + y) * columns +
                                               static_cast<std::uint64_t>(block.window.x + x);
                    state.offer(first == 2 && was[i] == is[i] ? 0 : is[i], random.bits(cell), was[i],
                                [&](std::size_t d) { return values[d][i]; });
                }
        });

    const SuitabilityPredictor scale(model_);
    std::vector<std::size_t> place_of(run_.class_codes().slots(), classes);
    for (std::size_t k = 0; k < classes; ++k) place_of[slot_of[k]] = k;
    training_.inputs = test_.inputs = model_.inputs();
    training_cells_.assign(classes + 1, 0);
    test_cells_.assign(classes + 1, 0);
    std::vector<std::int64_t> taken(classes + 1);
    for (const auto& cell : choice.chosen()) {
        const std::size_t label = cell.stratum == 0 ? classes : place_of[cell.stratum];
        // In each class the same share is held out; with one cell only, that one is learned from.
        const std::int64_t n = taken[label]++;
        const bool held_out = trained_before() || std::floor(static_cast<double>(n + 1) * options_.test_share + 1e-9) >
                                                      std::floor(static_cast<double>(n) * options_.test_share + 1e-9);
        SampleSet& set = held_out ? test_ : training_;
        ++(held_out ? test_cells_ : training_cells_)[label];
        for (std::size_t d = 0; d < width + shares_kept; ++d) set.values.push_back(scale.scaled(d, cell.values[d]));
        if (model_.present_class)
            for (std::size_t k = 0; k < classes; ++k) set.values.push_back(place_of[cell.own] == k ? 1.0f : 0.0f);
        set.labels.push_back(static_cast<std::uint16_t>(label));
    }
}

void Work::train() {
    run_.compute([&](const std::function<void(double)>& share) {
        const double part = trained_before() ? 0 : 0.7;
        TrainingSettings settings;
        settings.epochs = static_cast<int>(options_.epochs);
        settings.weight_decay = options_.weight_decay;
        settings.trees = static_cast<int>(options_.trees);
        settings.tree_depth = static_cast<int>(options_.tree_depth);
        settings.seed = static_cast<std::uint64_t>(options_.seed);
        const auto learning = [&](double value) { share(part * std::min(1.0, value)); };
        if (!trained_before()) {
            if (model_.method == SuitabilityMethod::random_forest)
                train_forests(model_, training_, settings, learning);
            else
                curve_ = train_network(model_, training_, test_, settings, learning);
        }
        // Without held-out cells the training itself is all there is to look at.
        const SampleSet& seen = test_.size() ? test_ : training_;
        evaluation_ = evaluate(model_, seen);
        SampleSet some;
        some.inputs = seen.inputs;
        const std::size_t n = std::min(seen.size(), most_mixed);
        some.labels.assign(seen.labels.begin(), seen.labels.begin() + static_cast<std::ptrdiff_t>(n));
        some.values.assign(seen.values.begin(), seen.values.begin() + static_cast<std::ptrdiff_t>(n * seen.inputs));
        importance_ = permutation_importance(model_, some, static_cast<int>(options_.permutations), settings.seed,
                                             [&](double value) { share(part + (1 - part) * value); });
    });
}

void Work::assess() {
    options_.training_samples = static_cast<double>(training_.size());
    options_.test_samples = static_cast<double>(test_.size());
    if (test_.size() == 0) {
        run_.warn("no cell was held out, so that accuracy and contributions are those of the training cells");
        options_.mean_auc = evaluation_.mean_auc();
        return;
    }
    options_.test_accuracy = evaluation_.accuracy;
    options_.mean_auc = evaluation_.mean_auc();
    options_.test_log_loss = evaluation_.log_loss;
    std::string untested;
    for (std::size_t k = 0; k < labels_.size(); ++k)
        if (test_cells_[k] == 0 && training_cells_[k] > 0) untested += (untested.empty() ? "" : ", ") + labels_[k].name;
    if (!untested.empty()) run_.warn("too few cells to hold any out: " + untested + "; they have no AUC");
}

void Work::state_conventions() {
    const char* methods[] = {"network with one hidden layer of sigmoids", "random forest, one for each class",
                             "multinomial logistic regression"};
    std::string method = methods[static_cast<int>(model_.method)];
    if (model_.method == SuitabilityMethod::neural_network) method += ", " + std::to_string(model_.hidden) + " neurons";
    if (model_.expansion && model_.method == SuitabilityMethod::logistic) method = "logistic regression for each class";
    run_.convention("method", method);
    run_.convention("what is learned", model_.expansion
                                           ? "growth of each class between the two maps against all other cells; the "
                                             "values of a cell do not sum to 1"
                                           : "the class of each cell; the values of a cell sum to 1" +
                                                 std::string(model_.method == SuitabilityMethod::random_forest
                                                                 ? " but for the differences of the classes' forests"
                                                                 : ""));
    run_.convention(
        "inputs",
        "drivers scaled by their lowest and highest value among the cells learned from; values beyond count "
        "as the ends" +
            std::string(model_.present_class ? "; the present class of the cell, one input a class" : ""));
    if (!model_.distances.empty())
        run_.convention(
            "neighbourhoods",
            "shares of the classes among the cells with a class in squares around the cell, without the cell; "
            "squares are cut off at the edge of the map");
    if (trained_before()) return;
    run_.convention("samples", options_.sampling == Sampling::uniform
                                   ? expansion()
                                         ? "half of them cells without growth, the other half shared evenly "
                                           "among the classes that grow"
                                         : "as many of each class, as far as it has cells; rare classes come out "
                                           "more probable than they are frequent"
                                   : "of each class in proportion to its cells");
    run_.convention("held-out cells", format_percent(options_.test_share, 0) +
                                          " of the samples of each class, chosen by SEED; not spatially apart from the "
                                          "others, so that accuracy elsewhere is lower");
}

void Work::predict() {
    RasterDescription description;
    description.type = GDT_Float32;
    description.nodata = real_nodata;
    description.style.ramp = sequential_ramp(0, 1);
    for (std::size_t k = 0; k < model_.classes.size(); ++k) {
        description.bands.push_back(labels_[k].name);
        description.band_metadata.push_back({{"LANDCARBON_CLASS", std::to_string(model_.classes[k].code)}});
    }
    RasterSink* const sink = run_.raster(options_.suitability, description);
    if (!sink) return;
    const SuitabilityPredictor predictor(model_);
    const std::map<std::int64_t, std::uint16_t> places = this->places();
    std::vector<Layer> inputs = drivers_;
    if (model_.present_class) inputs.push_back(later_ ? *later_ : *land_cover_);
    const std::size_t width = drivers_.size(), shares_kept = model_.shares();
    if (later_) hold_map(*later_);
    const std::vector<std::uint16_t> class_slots = this->class_slots();
    run_.map(inputs, {sink}, [&](Block& block) {
        std::vector<const float*> values;
        std::vector<float*> outputs;
        for (std::size_t d = 0; d < width; ++d) values.push_back(block.values<float>(d));
        thread_local std::vector<std::vector<float>> shares;
        if (neighbours_) neighbours_->shares(block.window, model_.distances, class_slots, shares);
        for (std::size_t d = 0; d < shares_kept; ++d) values.push_back(shares[d].data());
        for (std::size_t k = 0; k < model_.classes.size(); ++k) outputs.push_back(block.output<float>(0, k));
        const std::size_t cells = block.cells();
        thread_local std::vector<std::uint16_t> own;
        const std::uint16_t* slots = nullptr;
        if (model_.present_class) {
            ClassLookup<std::uint16_t> lookup(run_.class_codes(), places, 0);
            const std::vector<std::uint16_t>& place = lookup.by_slot();
            slots = block.classes(width);
            own.resize(cells);
            for (std::size_t i = 0; i < cells; ++i) own[i] = place[slots[i]];
        }
        predictor(values.data(), own.data(), cells, outputs.data());
        for (float* const band : outputs)
            for (std::size_t i = 0; i < cells; ++i)
                band[i] = band[i] == band[i] && (!slots || slots[i] != 0) ? band[i] : static_cast<float>(real_nodata);
    });
}

void Work::write_accuracy() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"training_samples", Type::integer},
                       {"test_samples", Type::integer},
                       {"auc", Type::real}});
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        std::vector<Cell> row(5);
        row[0] = labels_[k].code;
        row[1] = labels_[k].name;
        row[2] = training_cells_[k];
        row[3] = test_cells_[k];
        if (evaluation_.auc[k]) row[4] = *evaluation_.auc[k];
        table.add(std::move(row));
    }
    run_.write(options_.accuracy, table);
}

void Work::write_contributions() {
    using Type = OutputTable::Type;
    OutputTable table({{"class", Type::integer},
                       {"name", Type::text},
                       {"driver", Type::text},
                       {"auc_fall", Type::real},
                       {"share", Type::real}});
    for (std::size_t k = 0; k < labels_.size(); ++k) {
        double sum = 0;
        for (const auto& entry : importance_) sum += std::max(0.0, entry.auc_fall[k].value_or(0));
        for (const auto& entry : importance_) {
            std::vector<Cell> row(5);
            row[0] = labels_[k].code;
            row[1] = labels_[k].name;
            row[2] = model_.drivers[entry.driver].name;
            if (entry.auc_fall[k]) row[3] = *entry.auc_fall[k];
            if (entry.auc_fall[k] && sum > 0) row[4] = std::max(0.0, *entry.auc_fall[k]) / sum;
            table.add(std::move(row));
        }
    }
    run_.write(options_.contributions, table);
}

void Work::write_report() {
    if (!options_.report.wanted()) return;
    run_.write(options_.report, suitability_report({model_, labels_, training_cells_, test_cells_, training_.size(),
                                                    test_.size(), curve_, evaluation_, importance_, trained_before()}));
}

void Work::operator()() {
    open();
    open_trained();
    const bool near = trained_ ? !trained_->distances.empty() : !options_.neighbourhoods.empty();
    const int held = !near ? 0 : expansion() && options_.suitability.wanted() ? 2 : 1;
    run_.expect_passes((options_.suitability.wanted() ? 4 : 3) + held);
    count();
    if (run_.class_codes().codes().size() > most_classes)
        throw wrong("land_cover", "there are " + counted(run_.class_codes().codes().size(), "class", "classes") +
                                      "; suitability is worked out for at most " + std::to_string(most_classes));
    if (trained_before()) {
        read_trained();
        for (const auto& entry : model_.classes) {
            run_.class_codes().slot(entry.code);
            if (ClassInfo& info = given_[entry.code]; info.name.empty()) info.name = entry.name;
        }
        labels_ = run_.class_labels(given_);
    } else {
        labels_ = run_.class_labels(given_);
        model_.method = options_.method;
        model_.expansion = expansion();
        model_.present_class = options_.present_class;
        model_.hidden =
            options_.method == SuitabilityMethod::neural_network ? static_cast<std::size_t>(options_.hidden) : 0;
        for (const auto& label : labels_) model_.classes.push_back({label.code, label.name});
        for (std::size_t d = 0; d < drivers_.size(); ++d) {
            model_.drivers[d].low = counts_.low[d];
            model_.drivers[d].high = counts_.high[d];
            if (counts_.low[d] == counts_.high[d])
                run_.warn("driver " + model_.drivers[d].name + " is constant (" + number_text(counts_.low[d]) +
                          ") and tells nothing");
        }
        model_.distances = read_distances(options_.neighbourhoods);
        for (const int distance : model_.distances)
            for (const auto& label : labels_)
                model_.drivers.push_back({label.name + " within " + std::to_string(distance), 0, 1});
        std::string missing;
        for (const auto& label : labels_)
            if (counts_.cells.size() <= run_.class_codes().slot(label.code) ||
                counts_.cells[run_.class_codes().slot(label.code)] == 0)
                missing += (missing.empty() ? "" : ", ") + std::to_string(label.code) + " (" + label.name + ")";
        if (!missing.empty())
            run_.warn(expansion()
                          ? "nothing grows of class " + missing + "; its suitability is near 0 everywhere"
                          : "no cell with all drivers has class " + missing + "; its suitability is near 0 everywhere");
    }
    state_conventions();
    choose();
    train();
    assess();
    predict();
    write_accuracy();
    write_contributions();
    run_.write(options_.model, write_model(model_));
    write_report();
}

}  // namespace

void suitability(SuitabilityOptions& options, Run& run) { Work(options, run)(); }

}  // namespace landcarbon
