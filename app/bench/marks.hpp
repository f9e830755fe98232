// The timed alerts: one mark for each probe tick. An alert is matched to its tick by the event time it names.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/bench/schedule.hpp"
#include "core/time.hpp"

namespace yagura::app::bench {

struct Mark {
  std::size_t tick = 0;  // in the schedule
  MonoTime intended{};
  MonoTime sent{};           // the write that took its last byte began
  MonoTime received{};       // the read that brought its alert's last byte returned
  std::int64_t recv_ns = 0;  // the monitor's word: frame complete, wall ns; 0: it said none
  std::int64_t decided_ns = 0;
  std::int64_t wall_minus_mono = 0;  // of our clocks when the alert came
  [[nodiscard]] bool answered() const { return received != MonoTime{}; }
};

// Made before the run; nothing is allocated during it.
class MarkBook {
 public:
  MarkBook(const Schedule& schedule, MonoTime start, Timestamp start_wall);

  // The next probes whose last byte went out with the tick before `next`.
  void sent_up_to(std::size_t next, MonoTime at) noexcept {
    while (unsent_ < marks_.size() && marks_[unsent_].tick < next) marks_[unsent_++].sent = at;
  }
  // A text from the alert server. True when it answers a probe of this book for the first time.
  bool on_message(std::string_view text, MonoTime at, std::int64_t wall_minus_mono) noexcept;

  [[nodiscard]] const std::vector<Mark>& marks() const { return marks_; }
  [[nodiscard]] std::size_t missing() const { return marks_.size() - answered_; }
  [[nodiscard]] std::uint64_t other_alerts() const { return other_alerts_; }
  [[nodiscard]] std::uint64_t repeated() const { return repeated_; }
  // Of the last probe's alert, in bytes; 0 before the first.
  [[nodiscard]] std::size_t alert_bytes() const { return alert_bytes_; }

 private:
  [[nodiscard]] Mark* find(std::int64_t event_ns) noexcept;

  std::vector<Mark> marks_;
  std::vector<std::int64_t> events_;  // what ts_event_ns each will have, ascending
  std::size_t unsent_ = 0;
  std::size_t expected_ = 0;  // the one that most likely answers next
  std::size_t answered_ = 0;
  std::uint64_t other_alerts_ = 0;
  std::uint64_t repeated_ = 0;
  std::size_t alert_bytes_ = 0;
};

// The whole number behind `key`, such as "\"ts_event_ns\":".
[[nodiscard]] std::optional<std::int64_t> number_behind(std::string_view text, std::string_view key) noexcept;

}  // namespace yagura::app::bench
