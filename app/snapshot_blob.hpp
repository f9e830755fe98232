// What a snapshot of the monitor is made of, as one blob for the journal.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "processing/state_io.hpp"

namespace yagura::app {

// Layout of the blob. 1: the detectors' state alone; 2: and that of delivery; 3: and which crash ring the
// snapshot's position counts in; 4: and the newest candles.
inline constexpr std::int64_t kSnapshotVersion = 4;

struct SnapshotParts {
  std::string detectors;   // processing::Monitor::save()
  std::string delivery;    // alerts::DeliveryPolicy::save(); empty in version 1
  std::uint64_t ring = 0;  // alerts::CrashRing::Spec::id; 0 before version 3, and where there is none
  std::string history{};   // PriceKeeper::save(); empty before version 4
};

// `room`: how long it will be, roughly. It is made behind alerts, and memory asked for in one go is soon had.
template <class Detectors, class Delivery, class History>
[[nodiscard]] std::string join(Detectors& detectors, Delivery& delivery, std::uint64_t ring, History& history,
                               std::size_t room) {
  std::string blob;
  blob.reserve(room);
  auto io = processing::StateIo::writer(blob);
  io.part([&](std::string& out) { detectors.save(out); });
  io.part([&](std::string& out) { delivery.save(out); });
  io(ring);
  io.part([&](std::string& out) { history.save(out); });
  return blob;
}
[[nodiscard]] Result<SnapshotParts> split(std::int64_t version, std::string blob);

}  // namespace yagura::app
