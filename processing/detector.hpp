// What every detector is: one rule of one instrument, fed with accepted ticks, saying Signals.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/tick.hpp"
#include "processing/calendar.hpp"
#include "processing/day_book.hpp"
#include "processing/detector_view.hpp"
#include "processing/feed_liveness.hpp"
#include "processing/rules.hpp"
#include "processing/signal.hpp"
#include "processing/sliding_extremes.hpp"
#include "processing/state_io.hpp"
#include "processing/volatility.hpp"

namespace yagura::processing {

// One accepted tick with all that a detector may know about the moment. Valid during the call.
struct TickContext {
  const Tick& tick;
  const DayBook& days;  // as it was before this tick; its date is this tick's
  Date trading_date;
  // Last accepted price before; on the instrument's first tick the previous close stands in.
  std::optional<Price> previous;
  Timestamp previous_ts;  // zero when `previous` is a previous close
  bool after_gap = false;
  bool while_down = false;
  bool confirmed = false;  // held in quarantine first
};

// A detector whose levels may change while the market runs. A new level starts from the last
// accepted price: it is not crossed by being added.
class LevelEditor {
 public:
  virtual bool add_level(Price price, std::int32_t note, bool once) = 0;  // false: it is there, or spent
  virtual bool remove_level(Price price) = 0;                             // false: it is not there
  [[nodiscard]] virtual bool has_level(Price price) const = 0;
  virtual void set_note(Price price, std::int32_t note) = 0;

 protected:
  ~LevelEditor() = default;
};

// A detector that judges silence instead of prices.
class SilenceJudge {
 public:
  // Data is missing. `ended_by` is the tick that ends the silence; null: the clock asks, and it may go on.
  virtual void on_silence(const Silence& silence, FeedLiveness& feed, const DayBook& days, const Tick* ended_by,
                          SignalBuffer& out) noexcept = 0;
  // A tick came, accepted or held; `feed` is as it was before. `hole`: its sequence number shows that
  // ticks were lost.
  virtual void on_arrival(const TickContext& context, const FeedLiveness& feed, bool hole,
                          SignalBuffer& out) noexcept = 0;
  // It said that the feed is silent: until then arrivals are no news to it, and need not be told.
  [[nodiscard]] bool is_stale() const { return stale_; }

 protected:
  ~SilenceJudge() = default;
  bool stale_ = false;
};

// All calls on the detector thread, noexcept in effect: nothing allocates once warm.
class Detector {
 public:
  virtual ~Detector() = default;
  virtual void on_tick(const TickContext& context, SignalBuffer& out) noexcept = 0;
  // False, asked once, for those to which on_tick() says nothing.
  [[nodiscard]] virtual bool hears_ticks() const { return true; }
  // The session of `closing.tick` is over; called before the first tick of the next trading date.
  // `closing` shows the closing tick as it was when it came, but `days` with the whole day in it.
  virtual void on_day_end(const TickContext& /*closing*/, SignalBuffer& /*out*/) noexcept {}
  virtual void on_day_start() noexcept {}
  // An operator says that `print.tick`, one of today's, was cancelled; `days` is corrected already.
  virtual void on_cancelled(const TickContext& /*print*/, SignalBuffer& /*out*/) noexcept {}
  virtual void on_segment_start() noexcept {}
  // The instrument's first ticks proved wrong: forget all but the episode counts.
  virtual void forget() noexcept = 0;
  // Everything needed to go on after a restart.
  virtual void state(StateIo& io) = 0;
  // Other instruments whose accepted ticks this detector needs to see. They come through on_other()
  // after that instrument's own detectors had them. What is concluded must not depend on how ticks of
  // different instruments were interleaved on their way here, only on each one's own order.
  [[nodiscard]] virtual std::span<const SymbolId> also_hears() const { return {}; }
  virtual void on_other(const Tick& /*tick*/, const CalendarPiece& /*piece*/, SignalBuffer& /*out*/) noexcept {}
  // The volatility of one of those, once, before the first tick. It belongs to that instrument, has seen
  // each tick before on_other() is called and outlives the detector.
  virtual void meet(SymbolId /*other*/, Volatility& /*volatility*/) {}
  // One of those instruments had to forget its first ticks.
  virtual void on_other_forgotten() noexcept {}
  // Null for those whose levels are fixed.
  [[nodiscard]] virtual LevelEditor* level_editor() { return nullptr; }
  // Null for those that judge prices.
  [[nodiscard]] virtual SilenceJudge* silence_judge() { return nullptr; }
  // What people see of it between alerts; `last` is the instrument's last price. Not on the tick path.
  [[nodiscard]] virtual DetectorView view(Price /*last*/) const { return {}; }
  // Settings that the state depends on: another fingerprint, and the state is not taken over.
  [[nodiscard]] virtual std::string fingerprint() const = 0;
};

// Stamps signals of one rule: episode number and id (SEMANTICS 8).
class Announcer {
 public:
  Announcer(RuleIndex rule, const RuleOptions& options, const InstrumentInfo& instrument, RuleKind kind);

  // A signal with everything that does not depend on the kind.
  [[nodiscard]] Signal draft(const TickContext& context, Event event, Direction direction,
                             Severity severity) const noexcept;
  // Numbers the episode, computes the id and hands the signal over. `headline` is the level, the
  // first horizon or the window.
  Id128 emit(Signal& signal, std::int64_t headline, SignalBuffer& out) noexcept;

  void state(StateIo& io) { io(date_, episodes_); }

 private:
  struct Episodes {
    std::int64_t headline;
    std::uint32_t count;
    Event event;
  };
  Fnv128 prefix_;  // of rule and instrument
  RuleIndex rule_;
  RuleKind kind_;
  SymbolId instrument_;
  Date date_{};                     // of the last signal
  std::vector<Episodes> episodes_;  // of that trading date
};

// What the detectors of one instrument share. All of it belongs to the instrument, has seen the tick
// before on_tick is called (`days` has not) and outlives the detectors.
struct DetectorEnvironment {
  const InstrumentInfo& instrument;
  const std::vector<InstrumentInfo>& instruments;  // all, by SymbolId; during construction only
  const DayBook& days;
  SlidingExtremes& extremes;  // windows are registered during construction
  Volatility& volatility;
};

// Builds the detector of a rule.
[[nodiscard]] std::unique_ptr<Detector> make_detector(RuleIndex rule, const RuleOptions& options,
                                                      const DetectorEnvironment& environment);

}  // namespace yagura::processing
