// Which of several feeds speaks for an instrument: the one of best priority that is heard. Another
// takes over when it has been silent for too long, and hands back when it returns.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "core/instrument.hpp"
#include "core/tick.hpp"

namespace yagura::app {

// Feed thread only, but for feed_of(). Judges by when ticks arrive, never by sockets.
class SourceSelector {
 public:
  explicit SourceSelector(const std::vector<InstrumentInfo>& instruments) : speakers_(instruments.size()) {
    for (std::size_t i = 0; i < instruments.size(); ++i) {
      // An index print is due every 5 s, a currency quote far sooner.
      speakers_[i].limit =
          instruments[i].calendar == CalendarKind::kTse ? std::chrono::seconds{30} : std::chrono::seconds{10};
    }
  }

  enum class Choice : std::uint8_t { kPass, kSwitched, kStandby };

  // A tick of a feed with this number and priority arrived.
  [[nodiscard]] Choice choose(SymbolId symbol, int feed, int priority, MonoTime at) noexcept {
    auto& speaker = speakers_[index_of(symbol)];
    const int before = speaker.feed.load(std::memory_order_relaxed);
    const bool same = feed == before;
    if (!same && before >= 0 && priority >= speaker.priority && at - speaker.heard <= speaker.limit) {
      return Choice::kStandby;
    }
    const bool first = before < 0;
    if (!same) speaker.feed.store(feed, std::memory_order_relaxed);
    speaker.priority = priority;
    speaker.heard = at;
    return same || first ? Choice::kPass : Choice::kSwitched;
  }

  // The feed that speaks, -1 while none has.
  [[nodiscard]] int feed_of(SymbolId symbol) const noexcept {
    return speakers_[index_of(symbol)].feed.load(std::memory_order_relaxed);
  }

 private:
  struct Speaker {
    Duration limit{};
    std::atomic<int> feed{-1};
    int priority = 0;
    MonoTime heard{};
  };
  std::vector<Speaker> speakers_;  // by SymbolId
};

}  // namespace yagura::app
