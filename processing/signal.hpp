// What a detector says: plain data, no text, no allocation. The alerts side turns it into an Alert.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "core/hash128.hpp"
#include "core/price.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"

namespace yagura {

// Position of a rule in the configuration.
enum class RuleIndex : std::uint16_t {};
[[nodiscard]] constexpr std::size_t index_of(RuleIndex rule) { return static_cast<std::size_t>(rule); }

// In the order of the alternatives of RuleOptions::kind.
enum class RuleKind : std::uint8_t {
  kMilestone,
  kLevel,
  kRecord,
  kMove,
  kStale,
  kCusum,
  kDivergence,
  kIntervention,
  kPeriod,
};

// Part of every alert's id: new ones go to the end.
enum class Event : std::uint8_t {
  kReached,
  kLost,
  kCleared,
  kRejected,
  kBroken,
  kRegained,
  kNear,
  kClosedAbove,
  kClosedBelow,
  kNewHigh,
  kNewLow,
  kWithdrawn,
  kMove,
  kExtended,
  kReversal,
  // stale
  kStale,
  kRecovered,
  // cusum
  kDrift,
  // divergence
  kDiverged,
  kDecoupled,
  kJoint,
  // intervention
  kWatch,
  kSuspected,
  kStrong,
  kReverted,
  // period
  kCrossed,
};

enum class Severity : std::uint8_t { kInfo, kLow, kHigh, kCritical };
enum class Direction : std::uint8_t { kUp, kDown };

// Longest first, the order in which an alert lists them. kAllTime and kSinceStart are one horizon
// under two names: without imported history nobody may say "all time".
enum class Horizon : std::uint8_t { kAllTime, kSinceStart, k52Week, kYearToDate, kWeek, kSession };
inline constexpr std::size_t kHorizonNames = 6;

// Set of horizons, one bit each.
struct HorizonSet {
  std::uint8_t bits = 0;
  [[nodiscard]] constexpr bool contains(Horizon h) const { return (bits >> static_cast<unsigned>(h)) & 1U; }
  constexpr void insert(Horizon h) { bits = static_cast<std::uint8_t>(bits | (1U << static_cast<unsigned>(h))); }
  [[nodiscard]] constexpr bool empty() const { return bits == 0; }
  friend constexpr bool operator==(HorizonSet, HorizonSet) = default;
};

enum class Basis : std::uint8_t { kIntraday, kClose };

// Why a feed is not to be trusted.
enum class StaleReason : std::uint8_t { kNoData, kSocketClosed, kAuth, kSequenceGap, kClock, kFrozen };

// What an intervention score is made of, in the order in which alerts list it.
enum class Suspicion : std::uint8_t {
  kSize15m,   // a yen and more within 15 minutes
  kSize60m,   // two within the hour
  kSpeed,     // far beyond what volatility explains
  kOneSided,  // hardly a step back
  kLevel,     // from near the 52-week extreme or a listed zone
  kThin,      // thin hours, or a holiday in Tokyo
  kYenAlone,  // other yen pairs go along, the euro against the dollar does not
  kNews,      // a scheduled release stands beside it: counts against
  kRepeat,    // the second within 48 hours
};
inline constexpr std::size_t kSuspicions = 9;

[[nodiscard]] std::string_view name_of(RuleKind kind);
[[nodiscard]] std::string_view name_of(Event event);
[[nodiscard]] std::string_view name_of(Severity severity);
[[nodiscard]] std::string_view name_of(Direction direction);
[[nodiscard]] std::string_view name_of(Horizon horizon);
[[nodiscard]] std::string_view name_of(Basis basis);
[[nodiscard]] std::string_view name_of(StaleReason reason);
[[nodiscard]] std::string_view name_of(Suspicion suspicion);

// What every kind of alert says about the tick that caused it.
struct Signal {
  Id128 id;      // hash of rule, instrument, trading date, event, headline and episode
  Id128 parent;  // empty when the alert stands alone
  Timestamp ts_event;
  Timestamp ts_recv;
  MonoTime mono_recv;
  MonoTime mono_decided;  // zero in a backtest
  Timestamp previous_ts;  // event time of `previous`; zero when that is a previous close
  Price price;
  Price previous;        // last accepted price before, or the previous close on the first tick
  Price previous_close;  // of the trading date; valid with has_previous_close
  Date trading_date;
  std::int64_t headline = 0;  // what of its rule it is about: level, first horizon, window; part of the id
  std::uint32_t episode;
  SymbolId symbol;
  RuleIndex rule;
  RuleKind kind;
  Event event;
  Severity severity;
  Direction direction;
  bool has_previous;
  bool has_previous_close;
  bool gap;         // SEMANTICS 6: several levels on one print, or the tick came after a gap
  bool after_gap;   // the tick came after a gap
  bool while_down;  // the first tick after a restart: it happened while nobody watched
  bool confirmed;   // the tick was held in quarantine first
  // Live, milestones, levels and records: the feed was stale for so long before this tick; else zero.
  Duration feed_gap{};

  struct Levels {
    Price level;          // the headline: the furthest crossed
    std::uint32_t first;  // into SignalBuffer::levels, `count` of them in crossing order
    std::uint32_t count;
    std::int32_t note;  // index of the level's note in its rule; -1 without
    bool first_ever;
    bool first_close_ever;
    bool gone;  // `once`: this level will not speak again
  };
  struct Record {
    HorizonSet horizons;
    Basis basis;
    Price record_before;        // of the first horizon
    PriceDelta margin;          // how far beyond it, positive
    Date record_date;           // trading date of record_before
    std::uint32_t count_today;  // alerts of this rule and side today, this one included
  };
  struct Move {
    Duration window;
    PriceDelta change;     // price - reference, signed
    PriceDelta threshold;  // in price units; a percentage is taken of the reference
    Price reference;       // the extreme it is measured from
    Timestamp reference_ts;
    Percent threshold_pct;  // zero when the rule gives points
    double z;               // in standard deviations of a move over the window; valid with has_z
    bool has_z;
    bool seeded;  // the volatility is that of earlier days: too little is known of today's
    bool scaled;  // the rule asks for a size in standard deviations beside the threshold
  };
  struct Stale {
    Duration silence;  // so far; of the whole outage when recovered
    Duration limit;
    StaleReason reason;
  };
  struct Cusum {
    Timestamp since;    // where the run began
    Price from;         // price there
    PriceDelta change;  // price - from, signed
    double statistic;   // of the side that spoke
    double limit;       // h
    double allowance;   // k
  };
  struct Divergence {
    SymbolId other;
    Duration window;
    Price other_price;
    double change_pct;        // of the rule's instrument over the window
    double other_change_pct;  // of the other
    double model_pct;         // beta times the other's
    double z;                 // of the residual; of the correlation's change when decoupled
    double beta;
    double rho;
    double rho_long;  // of the last 20 sessions
    double own_z;     // joint: of the instrument's own move
    double other_z;
  };
  struct Intervention {
    Price start;  // where the push began
    Timestamp start_ts;
    Price furthest;         // how far it came
    PriceDelta change_15m;  // largest distance from the extreme of 15 minutes, signed
    PriceDelta change_60m;
    std::array<std::int8_t, kSuspicions> points;  // by Suspicion
    std::int8_t score;
    std::int8_t most;  // what can be had with what is fed
    bool has_z;
    bool wide_spread;
    double z;          // of the move in 5 minutes
    double one_sided;  // share of steps, by size, in the push's direction
    double rebound;    // largest step back as a share of the push; reverted: what was won back
  };
  struct Period {
    std::int32_t months;  // either, or both zero for the year to date
    std::int32_t days;
    Price reference;
    Date reference_date;
    Percent step;
    std::int64_t steps;  // the multiple of `step` that was crossed, signed
  };
  union {
    Levels levels;  // milestone and level
    Record record;
    Move move;
    Stale stale;
    Cusum cusum;
    Divergence divergence;
    Intervention intervention;
    Period period;
  };
  Signal() noexcept : id{}, levels{} {}
};
static_assert(std::is_trivially_copyable_v<Signal>, "crosses threads as bytes");

// The signals of the ticks handled since it was last cleared, in the order of decisions. Reserved
// once; a tick that crosses more levels than that at once may allocate, and only then.
class SignalBuffer {
 public:
  SignalBuffer() {
    signals_.reserve(256);
    levels_.reserve(4096);
  }
  void add(const Signal& signal) { signals_.push_back(signal); }
  // Stores a list of levels; returns where it starts.
  std::uint32_t add_levels(std::span<const Price> levels) {
    const auto first = static_cast<std::uint32_t>(levels_.size());
    levels_.insert(levels_.end(), levels.begin(), levels.end());
    return first;
  }
  [[nodiscard]] std::span<const Signal> signals() const { return std::span{signals_}.subspan(from_, shown()); }
  [[nodiscard]] std::span<Signal> signals() { return std::span{signals_}.subspan(from_, shown()); }
  [[nodiscard]] std::span<const Price> levels_of(const Signal& signal) const {
    return std::span{levels_}.subspan(signal.levels.first, signal.levels.count);
  }
  [[nodiscard]] bool empty() const { return shown() == 0; }
  // Shows only the signals [from, to), those of one tick, until the next narrow() or clear().
  void narrow(std::size_t from, std::size_t to) {
    from_ = from;
    to_ = to;
  }
  void clear() {
    signals_.clear();
    levels_.clear();
    narrow(0, kAll);
  }

 private:
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t shown() const { return std::min(to_, signals_.size()) - from_; }

  std::size_t from_ = 0;
  std::size_t to_ = kAll;
  std::vector<Signal> signals_;
  std::vector<Price> levels_;
};

}  // namespace yagura
