// Reads a journal while the monitor that owns it may go on writing: for the console's list and for
// tools. Own read-only connection, short transactions. One thread at a time; may wait for the disk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "alerts/journal_store.hpp"

namespace yagura::alerts {

struct StoredAlert {
  std::uint64_t seq = 0;
  Timestamp ts_event;
  std::string json;
};

class JournalReader {
 public:
  // Never creates a journal: a missing file is an error that names it.
  static Result<JournalReader, StateError> open(const std::filesystem::path& file);

  Result<std::vector<StoredAlert>, StateError> read_after(std::uint64_t seq, std::size_t limit);
  Result<std::vector<StoredAlert>, StateError> read_newest(std::size_t limit);  // oldest of them first
  Result<std::optional<std::string>, StateError> find(Id128 id);                // the alert's JSON
  Result<std::uint64_t, StateError> last_seq();
  Result<std::int64_t, StateError> epoch();
  Result<std::optional<Snapshot>, StateError> load_snapshot();

 private:
  JournalReader(std::filesystem::path file, sqlite::Connection connection)
      : file_(std::move(file)), connection_(std::move(connection)) {}
  Result<std::vector<StoredAlert>, StateError> read(std::string_view sql, std::int64_t first, std::size_t limit);
  [[nodiscard]] StateError error(const sqlite::Failure& failure) const;

  std::filesystem::path file_;
  sqlite::Connection connection_;
};

}  // namespace yagura::alerts
