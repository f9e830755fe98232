// Where the time of a tick goes, from the last byte of its frame to the alert in the console's sockets, and
// what comes behind that.
#pragma once

#include <array>
#include <string_view>

#include "core/latency_histogram.hpp"
#include "core/tick.hpp"

namespace yagura::app {

// Detector thread only.
class LatencyStages {
 public:
  enum Stage : std::size_t {
    kDecode,    // frame complete -> parsed
    kEnqueue,   // parsed -> in the queue, of the last tick of a read
    kQueue,     // parsed -> taken out
    kDetect,    // taken out -> decided
    kTick,      // frame complete -> decided, every tick
    kAlert,     // frame complete -> decided, ticks that fire
    kHandOver,  // decided -> words and JSON, written to the console's clients
    kSettle,    // written -> journal, sinks and screen have it
    kStages,
  };
  static constexpr std::array<std::string_view, kStages> kNames = {"decode", "enqueue",       "queue",     "detect",
                                                                   "tick",   "tick_to_alert", "hand_over", "settle"};

  void on_enqueued(Duration took) noexcept { stages_[kEnqueue].record(took); }
  void on_tick(const Tick& tick, MonoTime dequeued, MonoTime decided) noexcept {
    const Duration decode{std::int64_t{tick.enqueue_delay_64ns} * 64};
    stages_[kDecode].record(decode);
    stages_[kQueue].record(dequeued - tick.mono_recv - decode);
    stages_[kDetect].record(decided - dequeued);
    stages_[kTick].record(decided - tick.mono_recv);
  }
  void on_alert(const Tick& tick, MonoTime decided, MonoTime written, MonoTime settled) noexcept {
    stages_[kAlert].record(decided - tick.mono_recv);
    stages_[kHandOver].record(written - decided);
    stages_[kSettle].record(settled - written);
  }
  [[nodiscard]] const LatencyHistogram& of(Stage stage) const { return stages_[stage]; }

 private:
  std::array<LatencyHistogram, kStages> stages_;
};

}  // namespace yagura::app
