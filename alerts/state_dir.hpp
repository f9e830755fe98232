// Where Yagura keeps what must outlive it. Start-up and tools; nothing here is for the tick path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace yagura::alerts {

// What went wrong with the state, so that main can pick the exit code.
struct StateError {
  enum class Kind : std::uint8_t {
    kBusy,     // another monitor owns the directory: exit 1
    kIo,       // the disk refuses: exit 1
    kBadData,  // damaged, unreadable or from a newer version: exit 3, nothing was changed
  };
  Kind kind = Kind::kIo;
  std::string message;  // one line that names the file
};

class StateDir {
 public:
  explicit StateDir(std::filesystem::path path) : path_(std::move(path)) {}

  // `flag` (the value of --state, may be empty), $YAGURA_STATE_DIR, $XDG_STATE_HOME/yagura, then
  // ~/.local/state/yagura. Fails when none of them says where.
  static Result<StateDir, StateError> resolve(std::string_view flag);

  // Makes the directory and its missing parents, readable by the owner only. One that exists keeps
  // its mode.
  Result<void, StateError> create() const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path journal_file() const { return path_ / "journal.db"; }
  [[nodiscard]] std::filesystem::path ring_file() const { return path_ / "ring"; }
  [[nodiscard]] std::filesystem::path lock_file() const { return path_ / "lock"; }
  // Imported days of an instrument. Anything but letters, digits, '.', '-' and '_' becomes '_'.
  [[nodiscard]] std::filesystem::path history_file(std::string_view symbol) const;

 private:
  std::filesystem::path path_;
};

// Holds STATE/lock while it lives, and with it the right to write the state. The kernel releases
// the lock however the process ends.
class StateLock {
 public:
  static Result<StateLock, StateError> acquire(const StateDir& dir);  // kBusy names the owner's pid
  StateLock(StateLock&& other) noexcept;
  StateLock& operator=(StateLock&& other) noexcept;
  ~StateLock();

 private:
  explicit StateLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

// Replaces the file in one step, durably: a crash leaves the old content or the new, never a mix.
Result<void, StateError> replace_file(const std::filesystem::path& file, std::string_view content);

// Makes a rename or a new file in `dir` survive a power cut.
Result<void, StateError> sync_directory(const std::filesystem::path& dir);

}  // namespace yagura::alerts
