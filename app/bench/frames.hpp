// Frames made ready before the run: WebSocket headers, symbols, prices and numbers stand; at the start only
// the digits of ts_ns are filled in.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/bench/schedule.hpp"
#include "app/bench/workload.hpp"

namespace yagura::app::bench {

inline constexpr std::string_view kProbe = "PROBE";

class FrameBuffer {
 public:
  [[nodiscard]] std::size_t size() const { return ends_.size(); }
  // Where frame `i` begins and ends in bytes().
  [[nodiscard]] std::size_t begin_of(std::size_t i) const { return i == 0 ? 0 : ends_[i - 1]; }
  [[nodiscard]] std::size_t end_of(std::size_t i) const { return ends_[i]; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }
  // Writes start + due of each frame, wall ns.
  void stamp(const Schedule& schedule, Timestamp start);

 private:
  friend class FrameMaker;
  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::vector<std::uint16_t> digits_;  // of ts_ns, from the frame's begin
};

// Renders one schedule after the other for one connection: sequence numbers go on, and the probe's price
// goes on alternating around 150. {"type":"tick","symbol":"PROBE","ts_ns":…,"price":"150.001","seq":42}
class FrameMaker {
 public:
  explicit FrameMaker(const Workload& workload);
  [[nodiscard]] FrameBuffer make(const Schedule& schedule);

 private:
  const SourceTick& next_source();

  const Workload& workload_;
  std::size_t at_ = 0;
  bool forward_ = true;                  // at the end the source runs backward: no price jumps
  std::vector<std::uint64_t> sequence_;  // by symbol; the probe's last
  std::uint64_t probes_ = 0;
};

}  // namespace yagura::app::bench
