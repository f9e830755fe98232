// All that happens to the ticks of one instrument, in order: integrity, day and segment changes,
// detectors, books. One thread at a time; instruments share nothing, so they may be spread over
// threads without changing an alert.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "processing/detector.hpp"
#include "processing/integrity.hpp"
#include "processing/tick_observer.hpp"

namespace yagura::processing {

// What lies between saving a state and loading it.
enum class Resumed : std::uint8_t {
  kAfterDowntime,  // ticks were missed: the first one comes after a gap and happened "while down"
  kInPlace,        // none: only the rules were changed
};

// A level that was added while the monitor ran.
struct RuntimeLevel {
  std::string rule;
  Price price;
  std::string note;
  bool once = false;
  void state(StateIo& io) { io(rule, price, note, once); }
};

class Series;

class InstrumentMonitor {
 public:
  // `history`: sorted daily bars. Rules of other instruments are skipped.
  InstrumentMonitor(SymbolId symbol, const MonitorOptions& options, std::vector<DayBar> history);

  // One tick of this instrument, accepted or not. Signals are appended to `out` in the order of
  // decisions. Never throws; allocates only when a signal carries more than ever before.
  void on_tick(const Tick& tick, SignalBuffer& out) noexcept;
  // A tick of a series, made from legs that have passed their own filters. `confirmed`: its leg's tick was
  // held in quarantine first.
  void on_made_tick(const Tick& tick, bool confirmed, SignalBuffer& out) noexcept;
  // Live: the market's clock says `now`. Ends a session that is over although no later tick came.
  void on_clock(Timestamp now, SignalBuffer& out) noexcept;
  // Live, some times a second: looks for silence. `now` is this market's time, or the wall's while
  // nothing was heard yet.
  void watch_silence(Timestamp now, SignalBuffer& out) noexcept;
  // A recording is over: held ticks are dropped and a finished Tokyo session ends (SEMANTICS 8).
  void on_end_of_input(SignalBuffer& out) noexcept;
  // Live: one of today's prints was cancelled, as somebody says; `print` carries its price and event
  // time, and when we heard of it. Records that were announced on it are withdrawn; levels and moves
  // stay said.
  Cancelled on_cancelled(const Tick& print, SignalBuffer& out) noexcept;

  // Null for nobody. Must outlive this object or be taken away.
  void observe(TickObserver* observer) noexcept { observer_ = observer; }

  // What a console shows. Same thread.
  [[nodiscard]] const InstrumentInfo& info() const { return info_; }
  [[nodiscard]] const DayBook& days() const { return days_; }
  [[nodiscard]] const IntegrityFilter& filter() const { return filter_; }
  [[nodiscard]] const Tick* last_tick() const { return has_last_ ? &last_ : nullptr; }
  [[nodiscard]] FeedLiveness& liveness() { return liveness_; }
  // Each detector's rule and what it knows now.
  template <class Look>
  void each_view(Look&& look) const {
    for (const auto& named : detectors_) look(named.index, named.detector->view(last_.price));
  }
  // The tick handled last ended a silence beyond the limit; how long it was, else zero.
  [[nodiscard]] Duration feed_gap() const { return feed_gap_; }

  // Levels at run time, kept in the snapshot. `note` is the index that signals will carry, see
  // Signal::Levels. False: no level rule of that name, or the price is there already.
  bool add_level(const RuntimeLevel& level, std::int32_t note);
  // Only what was added at run time can be removed; false otherwise.
  bool remove_level(std::string_view rule, Price price);
  [[nodiscard]] const std::vector<RuntimeLevel>& runtime_levels() const { return runtime_levels_; }
  // After load(), which has put them back: gives each the index of its note.
  template <class NoteIndex>
  void restore_levels(NoteIndex&& note_index) {
    for (const auto& level : runtime_levels_) {
      if (auto* editor = editor_of(level.rule)) editor->set_note(level.price, note_index(level));
    }
  }

  // Detectors that need to hear others, and the way to be heard. Monitor joins them.
  template <class Join>
  void each_listener(Join&& join) {
    for (auto& named : detectors_) {
      for (const auto other : named.detector->also_hears()) join(*named.detector, other);
    }
  }
  void add_listener(Detector& listener) { listeners_.push_back(&listener); }
  // A series of which this instrument is a leg: it gets each accepted tick last of all.
  void add_series(Series& series) { series_.push_back(&series); }
  // The first ticks proved wrong: everything made of them goes, here and in what hears this instrument.
  void forget() noexcept;

  void count_reject(Reject reason) noexcept { filter_.count_reject(reason); }
  [[nodiscard]] Volatility& volatility() { return volatility_; }

  // Snapshot. Rules are matched by id and fingerprint: what was added or changed starts afresh.
  void save(std::string& out);
  [[nodiscard]] bool load(std::string_view in, Resumed resumed);
  // Nobody watched from the tick before to the one that comes: Resumed::kAfterDowntime, said later.
  void on_downtime() noexcept;

 private:
  struct NamedDetector {
    std::string rule;
    RuleIndex index;
    std::unique_ptr<Detector> detector;
  };

  void note_arrival(const Tick& tick, bool hole, SignalBuffer& out) noexcept;
  [[nodiscard]] LevelEditor* editor_of(std::string_view rule);
  void accept(const Tick& tick, bool confirmed, SignalBuffer& out) noexcept;
  void change_day(Date date, SignalBuffer& out) noexcept;
  void end_day(SignalBuffer& out) noexcept;

  SymbolId symbol_;
  InstrumentInfo info_;
  IntegrityFilter filter_;
  DayBook days_;
  SlidingExtremes extremes_;
  Volatility volatility_;
  std::vector<RuntimeLevel> runtime_levels_;
  std::vector<NamedDetector> detectors_;       // by kind as order_of() says, each in config order
  std::vector<Detector*> hearing_;             // those of detectors_ that hear ticks
  std::vector<Detector*> listeners_;           // detectors of other instruments that hear this one's ticks
  std::vector<SilenceJudge*> silence_judges_;  // those of detectors_
  FeedLiveness liveness_;
  Duration feed_gap_{};
  std::vector<Series*> series_;  // made from this instrument's ticks and others'

  TickObserver* observer_ = nullptr;

  bool has_last_ = false;
  Tick last_{};  // last accepted
  std::int64_t segment_ = 0;
  bool has_segment_ = false;
  bool while_down_ = false;  // the next accepted tick is the first after a restart

  // The tick that closes the session so far: the last CLOSE tick (tse) or the last tick.
  bool has_closing_ = false;
  bool day_ended_ = false;  // close events of the current date are out
  Tick closing_{};
  bool closing_has_previous_ = false;
  Price closing_previous_{};
  Timestamp closing_previous_ts_{};
  bool closing_after_gap_ = false;
};

}  // namespace yagura::processing
