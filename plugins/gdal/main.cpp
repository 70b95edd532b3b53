// Land Carbon Toolbox: the command `landcarbon`: every algorithm in the manner of GDAL's programs.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>

#include <cpl_conv.h>
#include <cpl_error.h>
#include <fcntl.h>
#include <gdal.h>
#include <malloc.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

#include "command_line.hpp"
#include "console.hpp"
#include "spec/wording.hpp"
#include "usage.hpp"

namespace landcarbon {
namespace {

using Json = nlohmann::ordered_json;

/// Without this, a file that is opened for writing would become standard output when the caller closed that.
void fill_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (fcntl(stream, F_GETFD) == -1 && errno == EBADF && open("/dev/null", O_RDWR) == -1) _exit(1);
}

struct JsonOf {
    Json operator()(std::monostate) const { return nullptr; }
    Json operator()(const Matrix& matrix) const { return matrix.rows; }
    template <class Other>
    Json operator()(const Other& value) const {
        return value;
    }
};

/// One object of the values that are present, by parameter name.
Json values_json(const Spec& spec, bool outputs) {
    Json json = Json::object();
    for (const auto& argument : spec.arguments) {
        const Value value = argument->get();
        if (argument->is_output() == outputs && !std::holds_alternative<std::monostate>(value))
            json[argument->parameter_name()] = std::visit(JsonOf{}, value);
    }
    return json;
}

std::string results_json(const Algorithm& algorithm, const ConsoleMonitor& monitor) {
    const Spec& spec = algorithm.spec();
    Json json;
    json["algorithm"] = "landcarbon:" + spec.algorithm_name();
    json["version"] = version();
    json["results"] = values_json(spec, true);
    json["parameters"] = values_json(spec, false);
    if (!algorithm.run_options().output_format.empty())
        json["parameters"]["OUTPUT_FORMAT"] = algorithm.run_options().output_format;
    json["messages"] = monitor.infos();
    json["warnings"] = monitor.warnings();
    return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string results_text(const Spec& spec) {
    std::string text;
    for (const auto& argument : spec.arguments) {
        if (!argument->is_output()) continue;
        const std::string value = value_text(argument->get());
        if (!value.empty()) text += argument->parameter_name() + " = " + one_line(value) + "\n";
    }
    return text;
}

/// Writes to standard output. A reader that went away (`| head`) is no failure, a full disk is.
bool print(const std::string& text) {
    // A long text is written before it is flushed: either may fail.
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    if ((written && std::fflush(stdout) == 0) || errno == EPIPE) return true;
    print_error(ErrorNumber::open_failed, std::string("standard output cannot be written: ") + std::strerror(errno));
    return false;
}

void print_user_error(const UserError& error, const Spec& spec) {
    print_error(ErrorNumber::illegal_argument, with_option_names(with_subject(error, spec), spec));
}

/// Prints what the caught exception says. Call inside a catch block.
void print_caught(const Spec& spec) {
    try {
        throw;
    } catch (const UserErrors& errors) {
        for (const auto& error : errors.errors()) print_user_error(error, spec);
    } catch (const UserError& error) {
        print_user_error(error, spec);
    } catch (const IoError& error) {
        print_error(ErrorNumber::open_failed, error.what());
    } catch (const Cancelled& error) {
        print_error(ErrorNumber::interrupted, error.what());
    } catch (const Error& error) {
        print_error(ErrorNumber::application, error.what());
    } catch (const std::bad_alloc&) {
        // No text is put together here: that would need memory.
        std::fputs("ERROR 2: out of memory; nothing was written; try a smaller --memory or fewer --threads\n", stderr);
    } catch (const std::exception& error) {
        print_error(ErrorNumber::application, std::string("internal error, please report it: ") + error.what());
    } catch (...) {
        print_error(ErrorNumber::application, "internal error, please report it");
    }
}

/// Runs the algorithm that was named. Returns the exit code.
int run_algorithm(CommandLine& line) {
    Algorithm& algorithm = *line.algorithm;
    ConsoleMonitor monitor(algorithm.spec(), line.quiet || line.json);
    try {
        assign(algorithm.spec(), line.values);
        algorithm.run_options().overwrite = line.overwrite;
        algorithm.run_options().output_format = line.output_format;
        GDALAllRegister();
        catch_signals();
        algorithm.run(monitor);
        monitor.finish(true);
    } catch (...) {
        monitor.finish(false);
        print_caught(algorithm.spec());
        return 1;
    }
    if (line.json) return print(results_json(algorithm, monitor)) ? 0 : 1;
    return line.quiet || print(results_text(algorithm.spec())) ? 0 : 1;
}

/// Lists GDAL's formats with GDAL's own words. Returns the exit code.
int list_formats() {
    GDALAllRegister();
    char name[] = "landcarbon", option[] = "--formats";
    char* arguments[] = {name, option, nullptr};
    char** list = arguments;
    return GDALGeneralCmdLineProcessor(2, &list, GDAL_OF_RASTER | GDAL_OF_VECTOR) == 0 ? 0 : 1;
}

int run_command(const std::vector<std::string>& words) {
    CommandLine line = read_command_line(words);
    if (line.debug)
        CPLSetConfigOption("CPL_DEBUG", "ON");
    else
        CPLSetErrorHandler(CPLQuietErrorHandler);  // the core attaches GDAL's messages to its errors
    for (const auto& [name, value] : line.config) CPLSetConfigOption(name.c_str(), value.c_str());

    if (line.help && line.algorithm) return print(algorithm_help(line.algorithm->spec())) ? 0 : 1;
    if (line.help && line.errors.empty()) return print(command_help()) ? 0 : 1;
    if (line.errors.empty() && !line.completion.empty() && line.completion != "bash")
        line.errors.push_back("--completion: \"" + line.completion + "\" is not bash, the only shell supported");
    const bool shows = line.version || line.list || line.json_usage || line.formats || !line.completion.empty();
    if (line.errors.empty() && !line.algorithm && !shows)
        line.errors.push_back("no algorithm is named; landcarbon --list shows all, landcarbon --help explains");
    for (const auto& error : line.errors) print_error(ErrorNumber::illegal_argument, error);
    if (!line.errors.empty()) return 1;

    if (line.version) return print(version_text()) ? 0 : 1;
    if (line.list) return print(algorithm_list()) ? 0 : 1;
    if (line.json_usage) return print(line.algorithm ? spec_json(line.algorithm->spec()) + "\n" : json_usage()) ? 0 : 1;
    if (line.formats) return list_formats();
    if (!line.completion.empty()) return print(bash_completion()) ? 0 : 1;
    return run_algorithm(line);
}

}  // namespace
}  // namespace landcarbon

int main(int argc, char** argv) {
    landcarbon::fill_standard_streams();
    // Each thread's own pool of memory takes 64 MiB of addresses; where these are limited (ulimit -v), one has to do.
    rlimit addresses{};
    if (::getrlimit(RLIMIT_AS, &addresses) == 0 && addresses.rlim_cur != RLIM_INFINITY) ::mallopt(M_ARENA_MAX, 1);
    // A reader of the progress line that goes away must not end a run halfway.
    std::signal(SIGPIPE, SIG_IGN);
    // A file beyond the limit on sizes (ulimit -f) is to be an error of writing, after which the run cleans up.
    std::signal(SIGXFSZ, SIG_IGN);
    try {
        return landcarbon::run_command({argv + std::min(argc, 1), argv + argc});
    } catch (...) {
        landcarbon::print_caught({});
        return 1;
    }
}
