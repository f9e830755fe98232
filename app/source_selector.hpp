// Which of several feeds speaks for an instrument: the best by priority that is alive. Another takes over
// when it is stale, and hands back when it has been back for a while. A feed whose times lag behind what
// another has already said is as good as stale: every tick of it would be refused as late.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/instrument.hpp"
#include "core/tick.hpp"

namespace yagura::app {

// Judges by when ticks arrive, never by sockets. Feed's thread, but for what says otherwise.
class SourceSelector {
 public:
  // Feeds numbered from `feeds` on are heard, but never spoken for by another.
  SourceSelector(const std::vector<InstrumentInfo>& instruments, std::size_t feeds)
      : feeds_(feeds), markets_(instruments.size()), sources_(instruments.size() * feeds) {
    for (std::size_t i = 0; i < instruments.size(); ++i) {
      // Until the detectors know better: an index print is due every 5 s, a currency quote far sooner.
      const bool index = instruments[i].calendar == CalendarKind::kTse;
      markets_[i].limit.store(index ? std::chrono::seconds{30} : std::chrono::seconds{10}, std::memory_order_relaxed);
    }
  }

  enum class Choice : std::uint8_t { kPass, kSwitched, kStandby };

  // A tick of a feed with this number and priority arrived.
  [[nodiscard]] Choice choose(const Tick& tick, int feed, int priority) noexcept {
    auto& market = markets_[index_of(tick.symbol)];
    const bool settled = hear(tick, feed);
    if (market.first == MonoTime{}) market.first = tick.mono_recv;
    const int before = market.feed.load(std::memory_order_relaxed);
    if (feed == before) return passed(market, tick, Choice::kPass);
    if (before >= 0) {
      const bool better = priority < market.priority;
      // At the start the order in which connections came about decides nothing.
      const bool young = tick.mono_recv - market.first < kSettledTime && !lags(market, tick);
      if (!(better && (settled || young)) && !stale(tick.symbol, before, tick.mono_recv)) return Choice::kStandby;
      market.switches.store(market.switches.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    }
    market.feed.store(feed, std::memory_order_relaxed);
    market.priority = priority;
    return passed(market, tick, before < 0 ? Choice::kPass : Choice::kSwitched);
  }

  // Any thread: the silence that makes a feed of this instrument stale, and since when data has been
  // due; MonoTime::max() while it is not.
  void set_limit(SymbolId symbol, Duration limit, MonoTime due_since) noexcept {
    markets_[index_of(symbol)].limit.store(limit, std::memory_order_relaxed);
    markets_[index_of(symbol)].due_since.store(due_since, std::memory_order_relaxed);
  }

  // Any thread. The feed that speaks, -1 while none has; how often that changed.
  [[nodiscard]] int feed_of(SymbolId symbol) const noexcept {
    return markets_[index_of(symbol)].feed.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t switches(SymbolId symbol) const noexcept {
    return markets_[index_of(symbol)].switches.load(std::memory_order_relaxed);
  }
  [[nodiscard]] Duration limit_of(SymbolId symbol) const noexcept {
    return markets_[index_of(symbol)].limit.load(std::memory_order_relaxed);
  }
  // Any thread: when a feed last brought a tick of the instrument, and one with another price; zero
  // before the first.
  struct Heard {
    MonoTime at{};
    MonoTime moved{};
  };
  [[nodiscard]] Heard heard(SymbolId symbol, std::size_t feed) const noexcept {
    if (feed >= feeds_) return {};
    const auto& source = source_of(symbol, static_cast<int>(feed));
    return {source.heard.load(std::memory_order_relaxed), source.moved.load(std::memory_order_relaxed)};
  }

 private:
  // Back for good: so many ticks over so long, without a stale pause between them.
  static constexpr std::uint32_t kSettledTicks = 3;
  static constexpr Duration kSettledTime = std::chrono::seconds{10};

  struct Market {
    std::atomic<Duration> limit{};
    std::atomic<MonoTime> due_since{MonoTime{}};
    std::atomic<int> feed{-1};
    std::atomic<std::uint64_t> switches{0};
    int priority = 0;
    MonoTime first{};    // any feed's first tick
    Timestamp newest{};  // of the ticks that passed, by event time; never ahead of their receipt
    int only_feed = -1;  // the one heard so far
    bool several = false;
  };
  struct Source {
    std::atomic<MonoTime> heard{MonoTime{}};
    std::atomic<MonoTime> moved{MonoTime{}};
    Price price{};
    MonoTime useful{};  // its latest tick that did not lag
    MonoTime since{};   // first tick after it was last stale
    std::uint32_t ticks = 0;
  };

  [[nodiscard]] bool known(int feed) const noexcept { return feed >= 0 && static_cast<std::size_t>(feed) < feeds_; }
  [[nodiscard]] Source& source_of(SymbolId symbol, int feed) noexcept {
    return sources_[index_of(symbol) * feeds_ + static_cast<std::size_t>(feed)];
  }
  [[nodiscard]] const Source& source_of(SymbolId symbol, int feed) const noexcept {
    return sources_[index_of(symbol) * feeds_ + static_cast<std::size_t>(feed)];
  }

  [[nodiscard]] bool stale(SymbolId symbol, int feed, MonoTime at) const noexcept {
    const auto& market = markets_[index_of(symbol)];
    const auto due_since = market.due_since.load(std::memory_order_relaxed);
    if (!known(feed) || due_since > at) return false;
    return at - std::max(source_of(symbol, feed).useful, due_since) > market.limit.load(std::memory_order_relaxed);
  }

  [[nodiscard]] static bool lags(const Market& market, const Tick& tick) noexcept {
    return market.several && market.newest - tick.ts_event > market.limit.load(std::memory_order_relaxed);
  }
  static Choice passed(Market& market, const Tick& tick, Choice choice) noexcept {
    market.newest = std::max(market.newest, std::min(tick.ts_event, tick.ts_recv));
    return choice;
  }

  // Notes the tick; true when its feed has been well for a while.
  bool hear(const Tick& tick, int feed) noexcept {
    if (!known(feed)) return true;
    auto& market = markets_[index_of(tick.symbol)];
    market.several = market.several || (market.only_feed >= 0 && market.only_feed != feed);
    market.only_feed = feed;
    auto& source = source_of(tick.symbol, feed);
    if (source.ticks == 0 || stale(tick.symbol, feed, tick.mono_recv)) {
      source.since = tick.mono_recv;
      source.ticks = 0;
    }
    if (source.ticks < kSettledTicks) ++source.ticks;
    source.heard.store(tick.mono_recv, std::memory_order_relaxed);
    if (tick.price != source.price) source.moved.store(tick.mono_recv, std::memory_order_relaxed);
    source.price = tick.price;
    if (lags(market, tick)) {
      source.ticks = 0;
      return false;
    }
    source.useful = tick.mono_recv;
    return source.ticks >= kSettledTicks && tick.mono_recv - source.since >= kSettledTime;
  }

  std::size_t feeds_;
  std::vector<Market> markets_;  // by SymbolId
  std::vector<Source> sources_;  // by SymbolId, then feed
};

}  // namespace yagura::app
