// Land Carbon Toolbox: what a room works with: its inputs, its passes over the cells, its outputs.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/class_match.hpp"
#include "engine/report/report.hpp"
#include "engine/staging.hpp"
#include "engine/sweep.hpp"
#include "engine/table.hpp"
#include "engine/tile_sweeps.hpp"
#include "engine/zones.hpp"
#include "maths/class_tally.hpp"
#include "maths/cross_table.hpp"
#include "spec/algorithm.hpp"

namespace landcarbon {

/// One run of an algorithm. Opens, checks, passes over blocks, writes, publishes; rooms do maths only.
class Run {
public:
    Run(const Spec& spec, const RunOptions& options, Monitor& monitor);
    ~Run();

    // Inputs -------------------------------------------------------------------------------------------------------
    /// Opens one band as classes or as measurements. The first raster sets the grid; the others must share it.
    /// @throws UserError, IoError
    Layer classes(const RasterInput& input);
    Layer measurements(const RasterInput& input, ReadAs as = ReadAs::real64);
    /// Every band of every file, in order.
    std::vector<Layer> classes(const RasterStack& input);
    std::vector<Layer> measurements(const RasterStack& input, ReadAs as = ReadAs::real64);
    /// The bands of a stack as measurements, to be asked what they are: neither laid on the grid nor to be read.
    static std::vector<Layer> inspect(const RasterStack& input);
    /// @param shapes keep the polygons or points of a vector layer as well
    InputTable table(const InputPath& input, bool shapes = false);
    /// All bytes of a file, such as a model that another algorithm has written.
    /// @throws IoError when it cannot be read or is larger than `most` bytes
    std::string text(const FileInput& input, std::uintmax_t most = 64u << 20);
    std::unique_ptr<Zones> zones(const VectorInput& input);
    const Grid& grid() const;
    /// Areas of the grid's cells. @throws UserError where they are not defined
    const CellAreas& areas();
    ClassCodes& class_codes() { return class_codes_; }
    /// Names and colours of all classes met so far: from `given` (a CLASSES table), else from the rasters, else
    /// "Class 7" and the palette. In ascending order of code. Warns of a table that says nothing of them.
    /// @throws UserError when no class of the table is one of them
    std::vector<ClassLabel> class_labels(const ClassTable& given);
    /// What the class rasters opened so far call their classes.
    std::vector<MapNames> class_names() const;
    const RunOptions& options() const { return options_; }
    /// How many threads work on blocks.
    int threads() const { return threads_; }

    /// What the largest value of a stack usually is; a warning tells the user where it is another, when all its bands
    /// have been read.
    /// @param otherwise what the rasters may hold then, as a sentence
    void expect_largest(const RasterStack& input, ValueRange usual, const std::string& otherwise);

    /// Warns where numbers of a stack have decimals and lie below a bound all, though they should be whole ones as a
    /// product stores them.
    /// @param otherwise what the rasters may hold then, as a sentence
    void expect_whole(const RasterStack& input, double below, const std::string& otherwise);
    /// What the user gives to turn the numbers of a stack into the argument's unit; 0: the numbers are those of a
    /// product, whatever unit the rasters declare.
    void expect_factor(const RasterStack& input, double factor) { unit_factors_[input.argument] = factor; }
    /// The room knows fill codes of a stack, and takes them for NoData itself.
    void knows_fills(const RasterStack& input) { known_fills_.insert(input.argument); }

    // Passes -------------------------------------------------------------------------------------------------------
    /// How many passes are to come; call before the first one, for an honest progress.
    void expect_passes(int passes) { passes_ = passes_done_ + passes; }
    /// `map`: fills outputs from inputs, cell by cell.
    void map(std::vector<Layer> inputs, const std::vector<RasterSink*>& outputs,
             const std::function<void(Block&)>& kernel);
    /// `reduce`: adds blocks to a state. A state with `order_free` is kept once a thread; any other once a block,
    /// merged in the order of blocks. Both give the same bits for any number of threads. May fill outputs on the way.
    template <class State, class Add>
    State reduce(std::vector<Layer> inputs, State empty, Add add, const std::vector<RasterSink*>& outputs = {});
    /// Adds a block's cells to a cross table or a tally, with the areas of their rows; call areas() before the pass.
    /// @throws UserError when a cross table would have more than 2000 classes, and naming MEMORY when it is too large
    void add_rows(CrossTable& table, const Block& block, const std::uint16_t* from, const std::uint16_t* to) const;
    void add_rows(ClassTally& tally, const Block& block, const std::uint16_t* classes) const;
    /// An empty tally and an empty cross table for this grid.
    ClassTally class_tally() { return ClassTally(areas().varying()); }
    CrossTable cross_table() { return CrossTable(areas().varying()); }
    /// `whole`: all cells of one band at once. @throws UserError naming MEMORY when they do not fit the budget
    std::vector<float> whole(const Layer& layer);
    /// Work that is no pass over the cells, such as fitting a model: calls `work` once, away from the calling thread,
    /// which keeps talking to the user meanwhile. The work tells often what share of it is done, and leaves with
    /// Cancelled from there when the user stops. Counts as one pass.
    void compute(const std::function<void(const std::function<void(double)>& share)>& work);
    /// Calls `work` with 0 .. count-1, each once, in parallel: for things that do not depend on one another, such as
    /// the columns of a table. Counts as one pass.
    void each(std::size_t count, const std::function<void(std::size_t)>& work);
    /// Rows of a table in memory: calls `add` with a state, the first row and the number of rows of range after range,
    /// in parallel. The state is kept once a thread; its order of merging must not matter. Counts as one pass.
    template <class State, class Add>
    State over_rows(std::size_t rows, const State& empty, Add add);
    /// States the memory that the room is going to hold for the rest of the run; passes make do with the rest. Call
    /// before it is allocated.
    /// @param what completes the message "MEMORY: ... needs N MiB"
    /// @throws UserError naming MEMORY when it does not fit the budget
    void hold(std::size_t bytes, const std::string& what);
    /// To be called before a table of many rows is filled. @throws UserError naming MEMORY when it does not fit
    void check_rows(const std::string& parameter, std::size_t rows, std::size_t columns) const;
    /// `iterate`: calls `work` once, away from the calling thread, which keeps talking to the user meanwhile. The work
    /// sweeps over the tiles of maps that it holds as often as it likes (see TileSweeps), and tells now and then what
    /// share of it is done. Counts as one pass.
    void iterate(const std::function<void(TileSweeps& sweeps, const std::function<void(double)>& share)>& work);

    // Outputs ------------------------------------------------------------------------------------------------------
    /// A raster output on the grid; nullptr when it is not wanted.
    RasterSink* raster(const RasterOutput& output, RasterDescription description);
    void write(const TableOutput& output, const OutputTable& table);
    void write(const VectorOutput& output, const OutputTable& table, const VectorStyle& style = {});
    /// Adds conventions and provenance to the report and writes it.
    void write(const ReportOutput& output, Report report);
    /// A text file that the algorithm has made itself.
    void write(const FileOutput& output, const std::string& text);

    // Words --------------------------------------------------------------------------------------------------------
    /// States a convention that the results rest on; goes to the report and the provenance.
    void convention(const std::string& name, const std::string& text);
    void info(const std::string& text) { monitor_.info(text); }
    /// A warning to the user; also kept in the report and the provenance.
    void warn(const std::string& text);
    /// @throws Cancelled when the user wants to stop
    void check_cancel();

    /// What the names of the maps that were opened say against their order, for a run that ends before its first pass:
    /// whoever mends its error should know it.
    void tell_orders();

    /// Finishes all outputs and moves them to their places together. Called by Algorithm::run.
    void publish();

private:
    struct Output {
        std::string parameter;
        std::string path;  ///< as the user gave it
        std::string staged;
        std::unique_ptr<RasterSink> sink;
        bool written = false;
    };
    /// What the names of a band and its file say of the step; `folder` where only the file has a name.
    struct StepName {
        std::string name;
        std::string folder;
    };
    std::shared_ptr<RasterFile> open(const std::string& parameter, const std::string& path, bool classes, int& band);
    Layer layer(const std::string& parameter, const std::shared_ptr<RasterFile>& file, int band, ReadAs as);
    Layer single(const RasterInput& input, ReadAs as);
    /// Warns of a raster that names classes but is read as measurements.
    void tell_named_classes(const Layer& layer);
    /// Tells of a table of classes that does not belong to the maps.
    void check_classes(const ClassTable& given);
    /// Warns of a table that gives names of the maps to other classes, or renames most of them.
    void check_names_of_classes(const ClassTable& given);
    /// Warns where two maps call a class by different names.
    void tell_other_names();
    /// Warns of rasters that declare another unit than their argument's.
    void tell_units();
    /// Warns of a step of a series whose values are many times those of the others.
    void tell_other_scales();
    /// Warns of a class such as 0 that one map holds and others do not.
    void tell_lone_fills();
    /// Warns of a band that is given twice, to one parameter or to two.
    /// @throws UserError where it is its own later map
    void tell_repeated();
    /// Warns where two class maps have hardly a class in common.
    void tell_other_codes();
    /// Warns where names that the user gives to bands stand in the names of other bands.
    void check_names(const Argument& argument);
    /// Whether a table of the run calls a class by a name that does not say "no data".
    bool is_named_in_tables(std::int64_t code) const;
    /// Warns where names of files and bands contradict the order that the spec asks for.
    void check_orders();
    void check_orders_of_names();
    void check_order(const Argument& argument, const std::vector<std::string>& names, std::size_t first_group,
                     const std::string& of_group);
    /// Tells of years in names that are not a year apart where no years are given: warns where they are uneven.
    void tell_distances(const Argument& argument, const std::vector<std::int64_t>& years);
    /// Warns where a number of years is another one than the names of the two maps tell.
    void check_years_between(const Argument& later, const std::vector<std::string>& names, std::int64_t years);
    void check_first_year(const Argument& stack, const std::vector<std::string>& names);
    /// Warns of what the first reading of some layers shows: numbers that may stand for no data.
    void tell_what_shows(const std::vector<Layer>& layers);
    /// How to say that a number stands for no data: "declare it (...), or NODATA=...".
    std::string how_to_declare(const Layer& layer, const std::string& numbers) const;
    /// Why a class that nobody expects may be on the maps; empty when nothing shows.
    std::string why_on_the_map(std::int64_t code) const;
    std::vector<Layer> layers(const RasterStack& input, ReadAs as);
    std::string stage(const std::string& parameter, const std::string& path);
    void pass(std::vector<Layer> inputs, const std::vector<RasterSink*>& outputs, const Sweep::Compute& compute,
              const std::function<void(Block&)>& settle);
    /// Runs `work` in a thread of its own and talks to the user meanwhile; then counts one pass.
    void attend(const std::function<void(const std::atomic<bool>& cancel, std::atomic<double>& share)>& work);
    std::string provenance() const;
    RasterFormat raster_format() const;
    /// All files that the inputs consist of.
    std::vector<std::filesystem::path> files_of_inputs() const;
    /// ENCODING, as it is decoded. @throws UserError when it is not known
    std::string encoding() const;
    void remember_input(const std::string& parameter, const std::string& path);
    void write_text(const std::string& staged, const std::string& shown, const std::string& text);

    const Spec& spec_;
    const RunOptions& options_;
    Monitor& monitor_;
    int threads_;
    std::size_t memory_;
    std::size_t held_ = 0;                            ///< of memory_: what the room said it holds
    mutable std::atomic<std::size_t> pair_bytes_{0};  ///< of the cross tables of a pass
    Staging staging_;
    std::shared_ptr<OpenFiles> open_rasters_;
    std::vector<std::shared_ptr<RasterFile>> files_;
    ValueOptions value_options_;
    std::map<std::string, std::vector<StepName>> steps_;  ///< by parameter: the bands as opened
    bool orders_checked_ = false;
    bool codes_compared_ = false, fills_compared_ = false;
    std::set<std::pair<std::string, std::int64_t>> told_fills_;  ///< by name of the layer
    std::set<std::string> scales_compared_, known_fills_;        ///< parameters
    std::map<std::string, double> unit_factors_;                 ///< by parameter
    struct Expected {
        ValueRange usual;
        std::string otherwise;
        double low = std::numeric_limits<double>::infinity(), high = -low;
        std::size_t bands = 0;  ///< read so far
        double whole_below = -std::numeric_limits<double>::infinity();
        std::string whole_otherwise;
        bool fractions = false;
    };
    std::map<std::string, Expected> expected_;          ///< by parameter
    std::vector<std::shared_ptr<ZoneSurvey>> surveys_;  ///< of zones that no pass has gone over yet
    std::vector<Layer> class_layers_;
    std::vector<Layer> value_layers_;
    std::optional<Grid> grid_;
    std::string grid_path_;
    std::optional<CellAreas> areas_;
    ClassCodes class_codes_;
    std::vector<std::unique_ptr<Output>> outputs_;
    struct InputRecord {
        std::string parameter, path, modified;
        std::uintmax_t bytes;
    };
    std::vector<InputRecord> inputs_;
    std::vector<std::pair<std::string, std::string>> conventions_;
    std::vector<std::string> warnings_;
    int passes_ = 1;
    int passes_done_ = 0;
    double told_ = 0;  ///< the progress that was told last
};

template <class State, class Add>
State Run::reduce(std::vector<Layer> inputs, State empty, Add add, const std::vector<RasterSink*>& outputs) {
    if constexpr (requires { State::order_free; }) {
        return sum_by_thread(empty, [&](const auto& own) {
            pass(std::move(inputs), outputs,
                 [&](Block& block, Slices& slices) { slices.spread(block, [&](Block& slice) { add(own(), slice); }); },
                 {});
        });
    } else {
        State total = empty;
        std::mutex mutex;
        std::map<Block*, State> states;
        pass(
            std::move(inputs), outputs,
            [&](Block& block, Slices& slices) {
                State state = empty;
                slices.each(block, [&](Block& slice) { add(state, slice); });
                const std::scoped_lock lock(mutex);
                states.insert_or_assign(&block, std::move(state));
            },
            [&](Block& block) {
                State state = empty;
                {
                    const std::scoped_lock lock(mutex);
                    state = std::move(states.at(&block));
                }
                total.merge(state);
            });
        return total;
    }
}

template <class State, class Add>
State Run::over_rows(std::size_t rows, const State& empty, Add add) {
    constexpr std::size_t range = 8192;
    return sum_by_thread(empty, [&](const auto& own) {
        each((rows + range - 1) / range,
             [&](std::size_t number) { add(own(), number * range, std::min(range, rows - number * range)); });
    });
}

}  // namespace landcarbon
