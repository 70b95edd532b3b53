// Land Carbon Toolbox: an algorithm that front-ends can hold: its spec, its arguments and its run.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spec/monitor.hpp"
#include "spec/run_options.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

class Run;

/// One algorithm with one set of arguments. Not shared between threads.
class Algorithm {
public:
    virtual ~Algorithm() = default;
    Spec& spec() { return spec_; }
    const Spec& spec() const { return spec_; }
    RunOptions& run_options() { return run_options_; }
    const RunOptions& run_options() const { return run_options_; }
    /// Runs with the arguments as assigned; publishes all outputs at the end or none.
    /// @throws UserError, UserErrors, IoError, Cancelled; anything else is a bug.
    void run(Monitor& monitor);

protected:
    Algorithm();
    /// Adds the arguments that every algorithm has (threads, memory, ...). Call at the end of construction.
    void add_common_arguments();
    virtual void execute(Run& run) = 0;

private:
    Spec spec_;
    RunOptions run_options_;
};

/// Binds a room: its options struct, its description and its function.
template <class Options>
class BoundAlgorithm final : public Algorithm {
public:
    BoundAlgorithm(void (*describe)(Spec&, Options&), void (*execute)(Options&, Run&)) : execute_(execute) {
        describe(spec(), options_);
        add_common_arguments();
    }

private:
    void execute(Run& run) override { execute_(options_, run); }
    Options options_;
    void (*execute_)(Options&, Run&);
};

/// Makes every algorithm of the toolbox by id; the list is generated from algorithms/CMakeLists.txt.
struct RegistryEntry {
    const char* id;
    std::unique_ptr<Algorithm> (*make)();
};
const std::vector<RegistryEntry>& registry();
/// A fresh algorithm by id (snake case), or nullptr.
std::unique_ptr<Algorithm> make_algorithm(const std::string& id);

/// The toolbox's version, from the build.
const char* version();

}  // namespace landcarbon
