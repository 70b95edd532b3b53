// Land Carbon Toolbox: what the command prints: progress, warnings and errors in GDAL's manner.
// SPDX-License-Identifier: GPL-2.0-or-later
#include "console.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdio>

#include "spec/wording.hpp"

namespace landcarbon {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

void on_signal(int) {
    interrupted = true;
    for (const int number : {SIGINT, SIGTERM, SIGHUP}) std::signal(number, SIG_DFL);
}

/// Length of the UTF-8 sequence that starts at `at`, or 0 when there is none.
std::size_t utf8_length(const std::string& text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    const unsigned lead = byte(at);
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead >= 0xE0 && lead < 0xF0 ? 3
                               : lead >= 0xF0 && lead < 0xF5 ? 4
                                                             : 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(at + i) & 0xC0) != 0x80) return 0;
    const unsigned second = byte(at + 1);
    const bool overlong_or_surrogate = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second >= 0xA0) ||
                                       (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second >= 0x90);
    return overlong_or_surrogate ? 0 : length;
}

}  // namespace

std::string one_line(const std::string& text) {
    std::string line;
    const auto add_blank = [&line] {
        if (!line.empty() && line.back() != ' ') line += ' ';
    };
    for (std::size_t i = 0; i < text.size();) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const std::size_t length = utf8_length(text, i);
        const bool is_c1_control = byte == 0xC2 && length == 2 && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (length == 0) {
            char escaped[5];
            std::snprintf(escaped, sizeof escaped, "\\x%02X", byte);
            line += escaped;
        } else if (byte < 0x20 || byte == 0x7F || is_c1_control) {
            add_blank();
        } else {
            line.append(text, i, length);
        }
        i += std::max<std::size_t>(length, 1);
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

std::string with_option_names(const std::string& text, const Spec& spec) {
    return with_names(
        text, spec, [](const Argument& argument, NamePlace) { return "--" + argument.option_name(); },
        [](const Choice& choice) { return "=" + choice.key; });
}

void print_error(ErrorNumber number, const std::string& text) {
    std::fprintf(stderr, "ERROR %d: %s\n", static_cast<int>(number), one_line(text).c_str());
}

void catch_signals() {
    struct sigaction action = {};
    action.sa_handler = on_signal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
    // A run under nohup goes on when its terminal closes.
    struct sigaction present = {};
    if (sigaction(SIGHUP, nullptr, &present) == 0 && present.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

bool ConsoleMonitor::cancelled() { return interrupted; }

void ConsoleMonitor::progress(double done) {
    if (silent_) return;
    // As GDALTermProgress: 40 steps of 2.5 %, every fourth one a number.
    const int reached = 1 + std::clamp(static_cast<int>(done * 40), 0, 40);
    for (; ticks_ < reached; ++ticks_) {
        if (ticks_ % 4 == 0)
            std::printf("%d", ticks_ / 4 * 10);
        else
            std::putchar('.');
        line_open_ = true;
    }
    if (ticks_ == 41 && line_open_) {
        std::puts(" - done.");
        line_open_ = false;
    }
    std::fflush(stdout);
}

void ConsoleMonitor::info(const std::string& text) {
    infos_.push_back(with_option_names(text, spec_));
    if (!line_open_) print_waiting();
}

void ConsoleMonitor::warning(const std::string& text) {
    warnings_.push_back(with_option_names(text, spec_));
    if (!line_open_) print_waiting();
}

void ConsoleMonitor::finish(bool succeeded) {
    if (succeeded) progress(1);
    if (line_open_) {
        std::putchar('\n');
        line_open_ = false;
    }
    print_waiting();
}

void ConsoleMonitor::print_waiting() {
    for (; printed_infos_ < infos_.size(); ++printed_infos_)
        if (!silent_) std::puts(one_line(infos_[printed_infos_]).c_str());
    std::fflush(stdout);
    for (; printed_warnings_ < warnings_.size(); ++printed_warnings_)
        std::fprintf(stderr, "Warning 1: %s\n", one_line(warnings_[printed_warnings_]).c_str());
}

}  // namespace landcarbon
