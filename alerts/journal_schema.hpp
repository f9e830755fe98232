// What a journal file looks like, how a new one is made and an older one brought up to date, and
// whether a file is one that can be trusted.
#pragma once

#include <cstdint>
#include <filesystem>

#include "alerts/sqlite.hpp"
#include "alerts/state_dir.hpp"

namespace yagura::alerts {

// Grows by one when a table changes its meaning. 1: alerts and snapshot; 2: deliveries and actions;
// 3: candles and ticks.
inline constexpr std::int64_t kJournalSchema = 3;

// A new file appears under its name only when complete.
Result<void, StateError> create_journal(const std::filesystem::path& file);

// Looks at an existing file through a connection that cannot write to it.
Result<void, StateError> inspect_journal(const std::filesystem::path& file);

// Whether `connection` is a journal this program understands, all of it sound. Reads only; `deep`
// looks at every page. The error names the file.
Result<void, StateError> inspect(sqlite::Connection& connection, const std::filesystem::path& file, bool deep);

// From any earlier schema, one transaction for all steps: the file is as it was or as it should be.
Result<void, sqlite::Failure> migrate(sqlite::Connection& connection);

// An I/O error or a full disk may pass; anything else says that the file is not what it should be.
[[nodiscard]] StateError describe(const std::filesystem::path& file, const sqlite::Failure& failure);

}  // namespace yagura::alerts
