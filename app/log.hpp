// Diagnostics on stderr, for commands that run for long. spdlog::warn("...") and the like work as ever;
// log_event() adds what a program would look for.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/common.h>

#include "config/settings.hpp"

namespace yagura::app {

// Lines leave the thread that says them at once; another writes them. A reader of stderr that is stuck
// or gone stops nobody: the oldest of the 8,192 lines that wait are dropped, and counted. Text has
// colour only on a terminal and without NO_COLOR.
void set_up_log(const config::LogSettings& settings);
// Writes what waits, for a second at most, and ends the thread. What is said later is lost.
void close_log();

// Whether lines are JSON objects; what else goes to stderr should then be events, too.
[[nodiscard]] bool log_is_json();

struct LogCounts {
  std::uint64_t written = 0;
  std::uint64_t dropped = 0;   // never reached stderr
  std::uint64_t repeated = 0;  // held back: the same line again and again
};
[[nodiscard]] LogCounts log_counts();  // any thread

// A line with the name of what happened and its fields; `text` says the same to people. As text only
// `text` is shown.
using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
void log_event(spdlog::level::level_enum level, std::string_view event, LogFields fields, std::string_view text);

// Something for people only, such as a table at the end: to stderr past the log, for two seconds at most.
// Nothing when the log is JSON.
void print_to_people(std::string_view text);

// While a screen covers the terminal, lines for that terminal wait in memory, the newest 500 of them. `trouble` is
// told of each warning and error, from the log's thread; called again, only it changes. Lines for a file or pipe go on
// as ever.
void hold_log(std::function<void(std::string text)> trouble);
// Writes what waited, for two seconds at most, and holds no more.
void release_log();

}  // namespace yagura::app
