// What the last run had taken after the snapshot that the journal holds: read at the start, and run again
// before a feed is connected, so that a crash loses nothing and says nothing twice.
//
//   read()      decides what can be used, and so how the snapshot is to be loaded: resumed()
//   run()       every entry through Pipeline::run_again; from then on ticks count as missed
//   open_ring() goes on in the same file, behind what was run again
//
// Detector thread, at the start only.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "alerts/crash_ring.hpp"
#include "alerts/journal.hpp"
#include "alerts/ring_file.hpp"
#include "app/pipeline.hpp"
#include "core/result.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class Recovery {
 public:
  // The entry up to which a snapshot reaches.
  struct Place {
    std::uint64_t ring = 0;  // CrashRing::Spec::id
    std::uint64_t position = 0;
  };
  // `snapshot`: of the journal, none when there is none. Fails when the file cannot be read or is of a
  // newer version; anything less is told in remarks() and costs what is lost, not the start. `wanted`:
  // there will be an open_ring().
  static Result<Recovery, alerts::StateError> read(const std::filesystem::path& file,
                                                   const processing::MonitorOptions& options,
                                                   std::optional<Place> snapshot, bool wanted = true);

  // In place when the entries join the snapshot without a hole.
  [[nodiscard]] processing::Resumed resumed() const;
  // What was not as it should be, a line each; for the log.
  [[nodiscard]] const std::vector<std::string>& remarks() const { return remarks_; }
  [[nodiscard]] std::size_t entries() const { return tail_.entries.size(); }

  // The journal is given time to store what is said; its queue is made for live markets.
  void run(Pipeline& pipeline, processing::Monitor& monitor, alerts::Journal& journal);

  // Of the snapshot behind all this; and, until the ring moves on, of later ones.
  [[nodiscard]] Place place() const { return {id_, tail_.last}; }
  // `stored`: that snapshot is on the disk, so the entries are not needed any more.
  Result<alerts::CrashRing, alerts::StateError> open_ring(std::size_t slots, bool stored);

 private:
  Recovery(std::filesystem::path file, std::uint64_t symbols) : file_(std::move(file)), symbols_(symbols) {}
  void weigh(const std::optional<alerts::RingFile>& ring, const std::optional<Place>& snapshot);
  void use(const alerts::RingFile& ring, const Place& snapshot);

  std::filesystem::path file_;
  std::uint64_t symbols_;
  bool after_snapshot_ = false;
  bool damaged_ = false;                           // the whole file: kept aside
  std::optional<alerts::CrashRing::Spec> usable_;  // the ring to go on in
  std::uint64_t id_ = 0;
  alerts::RingTail tail_;
  std::vector<std::string> remarks_;
};

// Who SymbolId 0, 1, ... are, as one number.
[[nodiscard]] std::uint64_t identity_of(const processing::MonitorOptions& options);

}  // namespace yagura::app
