// Which of several feeds speaks for an instrument: the one of best priority that is heard. Another
// takes over when it has been silent for too long, and hands back when it returns.
#pragma once

#include <cstdint>
#include <vector>

#include "core/instrument.hpp"
#include "core/tick.hpp"

namespace yagura::app {

// Feed thread only. Judges by when ticks arrive, never by sockets.
class SourceSelector {
 public:
  explicit SourceSelector(const std::vector<InstrumentInfo>& instruments) {
    for (const auto& info : instruments) {
      // METHODS 3: an index print is due every 5 s, a currency quote far sooner.
      speakers_.push_back({.limit = info.calendar == CalendarKind::kTse ? std::chrono::seconds{30} : std::chrono::seconds{10}});
    }
  }

  enum class Choice : std::uint8_t { kPass, kSwitched, kStandby };

  // A tick of a feed with this number and priority arrived.
  [[nodiscard]] Choice choose(SymbolId symbol, int feed, int priority, MonoTime at) noexcept {
    auto& speaker = speakers_[index_of(symbol)];
    const bool same = feed == speaker.feed;
    if (!same && speaker.feed >= 0 && priority >= speaker.priority && at - speaker.heard <= speaker.limit) {
      ++standby_;
      return Choice::kStandby;
    }
    const bool first = speaker.feed < 0;
    speaker.feed = feed;
    speaker.priority = priority;
    speaker.heard = at;
    return same || first ? Choice::kPass : Choice::kSwitched;
  }

  // The feed that speaks, -1 while none has.
  [[nodiscard]] int feed_of(SymbolId symbol) const noexcept { return speakers_[index_of(symbol)].feed; }
  [[nodiscard]] std::uint64_t standby() const noexcept { return standby_; }

 private:
  struct Speaker {
    Duration limit;
    int feed = -1;
    int priority = 0;
    MonoTime heard{};
  };
  std::vector<Speaker> speakers_;  // by SymbolId
  std::uint64_t standby_ = 0;
};

}  // namespace yagura::app
