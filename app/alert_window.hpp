// Which ticks of an instrument are kept for good: those of a minute before and after each alert. By event
// time.
#pragma once

#include <algorithm>
#include <optional>

#include "core/time.hpp"
#include "processing/state_io.hpp"

namespace yagura::app {

class AlertWindow {
 public:
  static constexpr Duration kBefore = std::chrono::seconds{60};
  static constexpr Duration kAfter = std::chrono::seconds{60};
  // While a window is open its ticks are stored bit by bit, so that a crash takes no more than this.
  static constexpr Duration kBit = std::chrono::seconds{15};

  void note_alert(Timestamp at) {
    const auto begin = open() ? std::min(begin_, at - kBefore) : at - kBefore;
    begin_ = std::max(begin, stored_);
    end_ = std::max(end_, at + kAfter);
    urgent_ = true;
  }

  struct Stretch {
    Timestamp from, to;
  };
  // What is to be stored now, `market` being the market's time: ticks before it have all come, some of its
  // very moment perhaps not. `all`: as far as it goes.
  [[nodiscard]] std::optional<Stretch> due(Timestamp market, bool all = false) const {
    const auto to = std::min(end_, market + Duration{1});
    if (!open() || to <= begin_) return std::nullopt;
    if (!all && !urgent_ && to != end_ && to - begin_ < kBit) return std::nullopt;
    return Stretch{begin_, to};
  }
  // It was handed over. The next begins with the last moment of this one, which it replaces there.
  void stored_to(Timestamp to) {
    stored_ = begin_ = std::max(begin_, to == end_ ? to : to - Duration{1});
    urgent_ = false;
  }

  void state(processing::StateIo& io) { io(stored_, begin_, end_, urgent_); }

 private:
  [[nodiscard]] bool open() const { return begin_ < end_; }

  Timestamp stored_{};         // wanted ticks before it are stored
  Timestamp begin_{}, end_{};  // wanted and not stored
  bool urgent_ = false;        // an alert came since something was stored: what led to it is not at risk any more
};

}  // namespace yagura::app
