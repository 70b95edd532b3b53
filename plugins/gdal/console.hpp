// Land Carbon Toolbox: what the command prints: progress, warnings and errors in GDAL's manner.
// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "spec/monitor.hpp"
#include "spec/spec.hpp"

namespace landcarbon {

/// GDAL's error numbers, as far as the command uses them.
enum class ErrorNumber { application = 1, out_of_memory = 2, open_failed = 4, illegal_argument = 5, interrupted = 9 };

/// The text on one line that is safe for a terminal: control characters become blanks, bytes that are not UTF-8
/// are written as \xHH.
std::string one_line(const std::string& text);

/// The text with the spec's PARAMETER_NAMES written as --parameter-names. Quoted passages and parts of paths are
/// what the user typed and stay as they are.
std::string with_option_names(const std::string& text, const Spec& spec);

/// Prints `ERROR n: text` on standard error.
void print_error(ErrorNumber number, const std::string& text);

/// From now on the first interrupt or termination signal only sets a flag; the second one kills.
void catch_signals();

/// Shows a run on the terminal. The progress line is never interrupted: messages wait until it ends.
class ConsoleMonitor final : public Monitor {
public:
    /// `spec` must live longer than the monitor. Progress and information are shown unless `silent`.
    ConsoleMonitor(const Spec& spec, bool silent) : spec_(spec), silent_(silent) {}
    bool cancelled() override;
    void progress(double done) override;
    void info(const std::string& text) override;
    void warning(const std::string& text) override;
    /// Ends the progress line, completing it when the run succeeded, and prints what waited for that.
    void finish(bool succeeded);
    const std::vector<std::string>& infos() const { return infos_; }
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    void print_waiting();
    const Spec& spec_;
    bool silent_;
    bool line_open_ = false;
    int ticks_ = 0;  ///< how much of the progress line stands: 0 nothing, 41 all
    std::vector<std::string> infos_;
    std::vector<std::string> warnings_;
    std::size_t printed_infos_ = 0;
    std::size_t printed_warnings_ = 0;
};

}  // namespace landcarbon
