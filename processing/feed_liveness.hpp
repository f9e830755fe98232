// Is an instrument's data still coming? Judged by when data arrives, never by sockets: one that
// answers pings may bring nothing. docs/detectors.md, "Is the feed alive?".
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/tick.hpp"
#include "processing/data_due.hpp"
#include "processing/gap_statistics.hpp"
#include "processing/signal.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

enum class Liveness : std::uint8_t {
  kClosed,
  kQuiet,       // nothing must come now: lunch, auction, before the open
  kConnecting,  // never heard from, and not for long
  kLive,
  kLate,
  kStale,
  kFrozen,   // ticks come, but always with the same price
  kSuspect,  // the last price looked odd and nothing came to confirm or deny it
};
[[nodiscard]] std::string_view name_of(Liveness state);  // "LIVE"

// Silences beyond these, counted while data is due, make a feed late and stale.
struct SilenceLimits {
  Duration late{};
  Duration stale{};
};

// By age alone; `due`: data is due now.
[[nodiscard]] Liveness liveness_of(Expect expect, std::optional<Duration> age, Duration listening,
                                   const SilenceLimits& limits) noexcept;

// A time without data, all of it inside one stretch in which data was due.
struct Silence {
  Timestamp since;
  Timestamp due_until;
  // It began with a tick, so that everybody who sees the same ticks sees it. Otherwise it began
  // with the stretch, or when we began to listen, and only the clock can know.
  bool after_tick = true;
};

// One instrument, detector thread. Times are the market's.
class FeedLiveness {
 public:
  explicit FeedLiveness(CalendarKind calendar) : calendar_(calendar), due_(calendar), gaps_(calendar) {}

  // A tick passed the hard rules, accepted or held. Never allocates.
  void on_arrival(const Tick& tick) noexcept;
  // A number was missing in the sequence before the tick that comes now.
  void note_hole(MonoTime at) noexcept { hole_at_ = at; }
  // After a restart: nobody was listening until the clock says so.
  void on_resume() noexcept { resumed_ = true; }
  // And what was heard so far, another run had heard, by another steady clock.
  void listen_anew() noexcept {
    listening_since_.reset();
    hole_at_ = moved_at_ = MonoTime{};
  }
  // Since when somebody has listened, as the clock that looks for silence says; and what it said then.
  [[nodiscard]] std::optional<Timestamp> listening_since() const { return listening_since_; }
  void listen_since(Timestamp t) noexcept { listening_since_ = t; }
  void forget() noexcept;

  [[nodiscard]] bool heard() const { return heard_; }
  [[nodiscard]] Timestamp last() const { return last_; }
  [[nodiscard]] Price last_price() const { return last_price_; }
  // Shorter silences than this are never worth asking about: the least that a rule may set itself.
  static constexpr Duration kLeastLimit = std::chrono::seconds{1};

  // The silence that a tick at `t` ends, as far as data was due; none when gaps mean nothing: around
  // ticks made from bars or folded ones, at first, after a restart.
  [[nodiscard]] std::optional<Silence> before(const Tick& tick) noexcept;
  // Live: the silence since the last tick, as far as data was due; and the one since the market
  // opened or we began to listen, when no tick came in that time.
  [[nodiscard]] std::optional<Silence> until(Timestamp now) noexcept;
  [[nodiscard]] std::optional<Silence> unheard(Timestamp now) noexcept;
  // Limits of a silence that began at `since`. Takes a microsecond: it asks the calendar for rollovers.
  [[nodiscard]] SilenceLimits limits(Timestamp since) noexcept;
  // No limit is below this.
  static constexpr Duration kLeastStale = std::chrono::seconds{10};
  [[nodiscard]] bool is_stale(const Silence& silence) noexcept {
    const Duration length = silence.due_until - silence.since;
    return length >= kLeastStale && length >= limits(silence.since).stale;
  }

  struct Condition {
    Liveness state = Liveness::kConnecting;
    std::optional<StaleReason> reason;
    Duration silence{};  // since the last tick, or since we listen
    SilenceLimits limits;
  };
  // `suspect`: ticks are held. `others_move`: another instrument's or source's price changed since
  // this one's did.
  [[nodiscard]] Condition condition(Timestamp now, MonoTime mono, bool suspect, bool others_move) noexcept;
  [[nodiscard]] Expect expected(Timestamp now) noexcept { return due_.at(now).expect; }
  // Since when data has been due; none while it is not. At most a week back.
  [[nodiscard]] std::optional<Timestamp> due(Timestamp now) noexcept {
    const auto& stretch = due_.at(now);
    if (stretch.expect != Expect::kDue) return std::nullopt;
    return std::max(stretch.from, now - std::chrono::days{7});
  }
  // When the price last changed; zero before it did.
  [[nodiscard]] MonoTime moved_at() const { return moved_at_; }

  void state(StateIo& io);

 private:
  static constexpr std::size_t kDelays = 100;

  [[nodiscard]] bool frozen() noexcept;
  [[nodiscard]] bool clock_is_off() const noexcept;

  CalendarKind calendar_;
  DueCursor due_;
  GapStatistics gaps_;
  bool heard_ = false;
  bool resumed_ = false;      // the silence before the next tick is not the feed's
  bool last_counts_ = false;  // gaps after the last tick mean something
  Timestamp last_{};
  Price last_price_{};
  std::optional<Timestamp> listening_since_;  // by the clock, since the start of the program

  std::uint32_t same_prints_ = 0;  // with one price, in one stretch
  Timestamp same_since_{};
  MonoTime moved_at_{};
  MonoTime hole_at_{};

  std::array<std::int64_t, kDelays> delays_{};  // ts_recv - ts_event
  std::size_t delay_count_ = 0;
  std::size_t delay_at_ = 0;
};

}  // namespace yagura::processing
