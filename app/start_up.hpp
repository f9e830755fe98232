// Steps that several commands share before their work begins.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "alerts/catalog.hpp"
#include "alerts/state_dir.hpp"
#include "config/settings.hpp"
#include "feeds/source.hpp"
#include "processing/daily_history.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

// Reads the file, or the default one when `path` is empty. Problems go to stderr, all of them.
[[nodiscard]] std::optional<config::Settings> load_settings(const std::string& path);
// The same for commands that connect: the feeds' keys are read as well.
[[nodiscard]] std::optional<config::Settings> load_settings_and_keys(const std::string& path);

// Names of rules and instruments, and notes of levels, for the words of alerts.
[[nodiscard]] alerts::Catalog make_catalog(const config::Settings& settings);

// Rules that can say something: not the empty ones that wait for levels at run time.
[[nodiscard]] std::size_t speaking_rules(const config::Settings& settings);

// feeds::load_source with its progress on a terminal.
[[nodiscard]] Result<feeds::LoadedSource, feeds::SourceError> read_source(const feeds::SourceSpec& spec,
                                                                          const SymbolTable& symbols,
                                                                          feeds::SourceNames& names,
                                                                          feeds::SourceOptions options);

// Daily rows from a plain or gzip file.
[[nodiscard]] Result<std::vector<processing::DailyRow>> read_daily(const std::string& file);

// What `yagura import` stored for one instrument; nothing when that is nothing.
[[nodiscard]] Result<std::vector<processing::DailyRow>> imported_days(const alerts::StateDir& dir,
                                                                      const std::string& symbol);
// What `yagura import` stored for the instruments watched. A file that cannot be read is an error:
// an empty history would let a "first ever" lie.
[[nodiscard]] Result<processing::Monitor::History> load_history(const alerts::StateDir& dir,
                                                                const config::Settings& settings);

// Whether a file is named with one of these endings.
[[nodiscard]] bool has_ending(std::string_view file, std::initializer_list<std::string_view> endings);

// "1", "60", "0.5" or "60x": above zero, up to a million.
[[nodiscard]] std::optional<double> parse_speed(std::string text);

// "65536", "64K", "256M" or "1G", of 1024 each; nullopt for anything else and what is beyond 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

// "123,456".
[[nodiscard]] std::string grouped(std::uint64_t number);

}  // namespace yagura::app
