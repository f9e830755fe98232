// The alert that floor and bare send: JSON of a given size in a text frame, written by hand.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace yagura::baselines {

// Prices in 1e-9, as integers.
struct Alert {
  std::string_view instrument;
  bool reached = true;  // else lost
  std::int64_t level = 0;
  std::int64_t price = 0;
  std::int64_t previous = 0;
  std::int64_t ts_event_ns = 0;
  std::int64_t ts_decided_ns = 0;
};

class AlertFrame {
 public:
  // Of `alert_bytes` of JSON. Throws std::invalid_argument when an alert needs more.
  explicit AlertFrame(std::size_t alert_bytes);

  // The whole frame, valid until the next call. Counts alerts in the field `seq`.
  [[nodiscard]] std::string_view write(const Alert& alert) noexcept;

 private:
  std::string frame_;
  std::size_t header_;
  std::uint64_t count_ = 0;
};

// One send(): the frame goes out whole, waiting for room if it must. False when the client is gone.
[[nodiscard]] bool send_frame(int client, std::string_view frame) noexcept;

}  // namespace yagura::baselines
