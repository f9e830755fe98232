// The crash ring that the last run left, read for what the detectors' snapshot does not contain yet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "alerts/crash_ring.hpp"
#include "alerts/state_dir.hpp"
#include "core/result.hpp"

namespace yagura::alerts {

// What lies behind a snapshot.
struct RingTail {
  std::vector<RingEntry> entries;  // without a hole, oldest first
  std::uint64_t last = 0;          // number of the last of them; the snapshot's own when there are none
  std::uint64_t overwritten = 0;   // entries after the snapshot that the ring has run over
  std::uint64_t unusable = 0;      // entries from the first bad one on, as far as can be told
  std::string damage;              // what is wrong with the first bad one, and where; empty when nothing is
};

class RingFile {
 public:
  // None when there is no such file. Fails when it cannot be read or a newer program wrote it.
  static Result<std::optional<RingFile>, StateError> read(const std::filesystem::path& file);

  // Why nothing in it can be used: a head that is damaged or another build's. Empty when it is sound.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }
  [[nodiscard]] const CrashRing::Spec& spec() const { return spec_; }  // when sound

  // What follows entry `position`. Sound rings only.
  [[nodiscard]] RingTail after(std::uint64_t position) const;

 private:
  explicit RingFile(std::string bytes) : bytes_(std::move(bytes)) {}
  Result<void, StateError> read_head(const std::filesystem::path& file);
  struct Look {
    bool whole = false;  // the slot lies within the file
    bool sound = false;
    std::uint64_t number = 0;
    RingEntry entry;
  };
  [[nodiscard]] Look look(std::uint64_t number) const;  // at the slot of that entry
  [[nodiscard]] std::uint64_t newest() const;
  [[nodiscard]] std::string damage_at(std::uint64_t number, const Look& slot) const;

  std::string bytes_;
  std::string trouble_;
  CrashRing::Spec spec_;
};

}  // namespace yagura::alerts
