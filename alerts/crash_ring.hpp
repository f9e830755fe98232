// What the detectors were given, in a file mapped into memory: written before anyone sees what came of
// it, so it outlives a `kill -9` without a system call. The journal's snapshot says up to which entry the
// detectors' state reaches; a start runs what lies behind it again (app/recovery.hpp).
//
// A power cut may take the last seconds: nothing here waits for the disk. A file that lost its end, or
// has one bit wrong, is used up to there (alerts/ring_file.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "alerts/state_dir.hpp"
#include "core/result.hpp"
#include "core/tick.hpp"

namespace yagura::alerts {

struct RingEntry {
  enum class Kind : std::uint8_t {
    kTick = 1,       // as it reached the integrity filter
    kClock = 2,      // the market's clock of `tick.symbol` said `tick.ts_event`
    kSilence = 3,    // somebody looked whether its feed is silent
    kCancelled = 4,  // `tick` is a print that was cancelled
  };
  Kind kind = Kind::kTick;
  std::uint8_t detail = 0;  // the kind's own
  Tick tick;
};

struct RingSlot;

// One thread at a time. It owns the mapping; the file stays.
class CrashRing {
 public:
  struct Spec {
    std::size_t slots = 65'536;  // a power of two, at most 2^20
    std::uint64_t id = 0;        // of the sequence of entries
    std::uint64_t symbols = 0;   // who SymbolId 0, 1, ... are; another number, and no entry means anything
  };

  // A new file in place of what is there, whole or not at all. The first entry will be `next`, from 1.
  static Result<CrashRing, StateError> create(const std::filesystem::path& file, const Spec& spec, std::uint64_t next);
  // Goes on in a file with such a head; what it says of entry `next` and later ones is wiped out.
  static Result<CrashRing, StateError> resume(const std::filesystem::path& file, const Spec& spec, std::uint64_t next);

  CrashRing(CrashRing&& other) noexcept;
  CrashRing& operator=(CrashRing&& other) noexcept;
  ~CrashRing();

  // Overwrites the oldest entry. Never waits, allocates or fails; some tens of ns.
  void append(RingEntry::Kind kind, const Tick& tick, std::uint8_t detail = 0) noexcept;

  [[nodiscard]] std::uint64_t last() const { return next_ - 1; }  // number of the newest entry
  [[nodiscard]] std::size_t capacity() const { return slots_.size(); }
  [[nodiscard]] std::uint64_t id() const { return id_; }

 private:
  CrashRing(std::span<std::byte> map, const Spec& spec, std::uint64_t next);
  static Result<CrashRing, StateError> map(int fd, const std::filesystem::path& file, const Spec& spec,
                                           std::uint64_t next);
  void wipe_from(std::uint64_t number) noexcept;

  std::span<std::byte> map_;
  std::span<RingSlot> slots_;
  std::uint64_t id_ = 0;
  std::uint64_t next_ = 1;
};

}  // namespace yagura::alerts
