// Every tick passes here before a detector sees it: duplicates, order, holes, hours, hard rules,
// quarantine. What is rejected is counted by reason; nothing disappears. SEMANTICS 2.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "core/instrument.hpp"
#include "core/tick.hpp"
#include "processing/calendar.hpp"
#include "processing/day_book.hpp"
#include "processing/quarantine.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

enum class Reject : std::uint8_t {
  kDuplicate,
  kLate,
  kClosed,
  kNotPositive,
  kCrossed,
  kWideSpread,
  kDecimalSlip,
  kImplausible,
  kOutlier,
  kUnconfirmed,
  kFuture,
};
inline constexpr std::size_t kRejectReasons = 11;
[[nodiscard]] std::string_view name_of(Reject reason);

struct IntegrityCounts {
  std::uint64_t ticks = 0;  // everything that came in
  std::uint64_t accepted = 0;
  std::uint64_t gaps = 0;       // holes in sequence numbers
  std::uint64_t restarted = 0;  // cold starts that threw the first ticks away
  std::array<std::uint64_t, kRejectReasons> rejected{};
};

// One instrument, one thread.
class IntegrityFilter {
 public:
  // `made`: ticks are made from others that have passed such a filter; all that is asked of them is a
  // price above zero.
  explicit IntegrityFilter(const InstrumentInfo& info, bool made = false);

  // What became of a tick. `accepted` are the ticks to give to the detectors now, in order (held
  // ones that were just confirmed come first); valid until the next call.
  struct Outcome {
    std::span<const Tick> accepted{};
    bool confirmed = false;  // they were held in quarantine
    bool restart = false;    // everything before this tick is to be forgotten, by everybody
    bool arrived = false;    // the tick obeys the hard rules: accepted, or held for now
  };
  // `days` answers for the previous close. Never throws, never allocates.
  Outcome push(const Tick& tick, const DayBook& days) noexcept;
  // The caller is about to hand an accepted tick to the detectors: true if ticks are missing before it.
  [[nodiscard]] bool take_gap() noexcept { return std::exchange(pending_gap_, false); }
  void note_gap() noexcept { pending_gap_ = true; }
  // What the next made tick comes from was held in quarantine first.
  void note_confirmed(bool confirmed) noexcept { confirmed_ = confirmed; }
  // The process was started anew: numbers of connections from before mean nothing any more.
  void forget_connections() noexcept;
  // One accepted tick has passed through the detectors.
  void on_accepted(const Tick& tick) noexcept;
  // Counts a tick that somebody before the filter refused.
  void count_reject(Reject reason) noexcept {
    ++counts_.rejected[static_cast<std::size_t>(reason)];
    ++counts_.ticks;
  }
  void end_of_input() noexcept { drop_held(Reject::kUnconfirmed); }

  [[nodiscard]] std::optional<Price> last_accepted() const {
    return has_last_ ? std::optional{last_price_} : std::nullopt;
  }
  [[nodiscard]] Timestamp last_accepted_time() const { return last_time_; }
  [[nodiscard]] const IntegrityCounts& counts() const { return counts_; }
  [[nodiscard]] CalendarCursor& calendar() { return calendar_; }
  [[nodiscard]] std::size_t held() const { return quarantine_.held().size(); }

  void state(StateIo& io);

 private:
  static constexpr std::size_t kRecent = 64;
  static constexpr std::size_t kSpreads = 60;

  struct Seen {
    std::uint64_t seq;
    Timestamp time;
    Price price, bid, ask;
    SourceId source;
    std::uint8_t flags;
  };

  bool is_duplicate(const Tick& tick) noexcept;
  void note_sequence(const Tick& tick) noexcept;
  std::optional<Reject> hard_rules(const Tick& tick, const CalendarPiece& piece, const DayBook& days) noexcept;
  [[nodiscard]] bool implausible(const Tick& tick, const CalendarPiece& piece,
                                 std::optional<Price> previous_close) const noexcept;
  bool cold_restart(const Tick& tick, Reject verdict, const CalendarPiece& piece, const DayBook& days) noexcept;
  void forget(const Tick& tick) noexcept;
  Outcome push_made(const Tick& tick) noexcept;
  Outcome reject(Reject reason) noexcept;
  Outcome pass(const Tick& tick, const CalendarPiece& piece) noexcept;
  void drop_held(Reject reason) noexcept;
  // No more than the median, without sorting.
  [[nodiscard]] PriceDelta least_spread() const noexcept;
  [[nodiscard]] PriceDelta median_spread() noexcept;
  [[nodiscard]] bool is_wide(PriceDelta spread) noexcept;

  InstrumentInfo info_;
  bool made_;
  bool confirmed_ = false;
  CalendarCursor calendar_;
  Quarantine quarantine_;
  IntegrityCounts counts_;

  std::array<Seen, kRecent> recent_{};
  std::size_t recent_count_ = 0;
  std::size_t recent_at_ = 0;
  // At or above everything in recent_; kept when a row leaves, so it may be above all of it.
  Timestamp latest_ = Timestamp::min();
  std::uint64_t highest_seq_ = 0;

  struct SourceSeq {
    SourceId source;
    std::uint64_t seq;
  };
  std::vector<SourceSeq> last_seq_;  // of the newest sources
  bool pending_gap_ = false;

  bool has_newest_ = false;
  Timestamp newest_{};  // of all ticks accepted or held
  bool has_last_ = false;
  Price last_price_{};
  Timestamp last_time_{};
  Date last_date_{};
  std::int64_t segment_ = 0;  // of the quarantine's window
  bool has_segment_ = false;
  std::uint64_t accepted_since_start_ = 0;

  SortedWindow spreads_{kSpreads};

  std::array<Price, 3> cold_{};  // the last rows rejected in a row during a cold start
  std::size_t cold_count_ = 0;

  std::array<Tick, Quarantine::kMaxHeld> out_{};
};

}  // namespace yagura::processing
