// Land Carbon Toolbox: running an algorithm from checked arguments to published outputs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "spec/algorithm.hpp"

#include "engine/run.hpp"
#include "spec/errors.hpp"

namespace landcarbon {

Algorithm::Algorithm() = default;

void Algorithm::add_common_arguments() { describe_run_options(spec_, run_options_); }

void Algorithm::run(Monitor& monitor) {
    Run run(spec_, run_options_, monitor);
    try {
        execute(run);
    } catch (const UserError&) {
        run.tell_orders();
        throw;
    } catch (const UserErrors&) {
        run.tell_orders();
        throw;
    }
    run.publish();
}

std::unique_ptr<Algorithm> make_algorithm(const std::string& id) {
    for (const auto& entry : registry())
        if (id == entry.id) return entry.make();
    return nullptr;
}

}  // namespace landcarbon
