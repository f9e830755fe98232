// Writing a day of prices down as a timeline: ticks go through a whole Monitor, alerts come back as
// one line each, such as "10:00:05 reached 58000". Times of day are Tokyo's.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "processing/monitor.hpp"

namespace yagura::processing::timeline {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// A number of price units: a price or a distance, as the place asks for.
struct Points {
  std::int64_t raw;
  constexpr operator Price() const { return Price::from_raw(raw); }            // NOLINT: implicit on purpose
  constexpr operator PriceDelta() const { return PriceDelta::from_raw(raw); }  // NOLINT: implicit on purpose
};

inline Points operator""_pts(unsigned long long value) { return {static_cast<std::int64_t>(value) * Price::kScale}; }
inline Points operator""_pts(long double value) {
  return {std::llround(value * static_cast<long double>(Price::kScale))};
}
inline Percent operator""_pct(unsigned long long value) {
  return Percent::from_units(static_cast<std::int64_t>(value) * 1'000'000);
}
inline Percent operator""_pct(long double value) { return Percent::from_units(std::llround(value * 1e6L)); }

inline Band points(Points p) { return Band::of_points(p); }
inline Band percent(Percent p) { return Band::of_percent(p); }

inline Date day(std::string_view text) { return parse_date(text).value(); }

// "2026-02-09 09:00:05", seconds and their fraction optional, in a zone such as "+09:00".
inline Timestamp moment(std::string_view text, std::string_view zone) {
  std::string iso{text};
  if (iso.size() == 16) iso += ":00";
  return parse_iso8601(iso.append(zone)).value();
}
inline Timestamp jst(std::string_view text) { return moment(text, "+09:00"); }
inline Timestamp utc(std::string_view text) { return moment(text, "Z"); }

// Without the filter of outliers: what a detector sees is what the timeline says.
inline InstrumentInfo nikkei() { return {"NI225", "", "", 0.01_pts, 0.1_pts, CalendarKind::kTse, false, {}}; }
inline InstrumentInfo yen() { return {"USDJPY", "", "", 0.001_pts, 0.01_pts, CalendarKind::kFx, false, {}}; }
inline InstrumentInfo coin() { return {"BTCUSD", "", "", 1_pts, 10_pts, CalendarKind::kAlways, false, {}}; }
inline InstrumentInfo filtered(InstrumentInfo info) {
  info.filter = true;
  return info;
}

inline CrossingOptions crossing(Band rearm) {
  CrossingOptions options;
  options.rearm = rearm;
  return options;
}
inline MilestoneOptions milestones(Points step, Band rearm) { return {step, crossing(rearm)}; }
inline LevelOptions levels(std::vector<LevelEntry> entries, Band rearm) {
  return {std::move(entries), crossing(rearm)};
}
inline HorizonSet horizons(std::initializer_list<Horizon> list) {
  HorizonSet set;
  for (const auto h : list) set.insert(h);
  return set;
}
inline HorizonSet all_horizons() {
  return horizons({Horizon::kAllTime, Horizon::k52Week, Horizon::kYearToDate, Horizon::kWeek, Horizon::kSession});
}
inline RecordOptions records(HorizonSet set, Band step) {
  RecordOptions options;
  options.horizons = set;
  options.step = step;
  return options;
}
inline MoveOptions moves(std::vector<MoveOptions::Window> windows) { return {std::move(windows)}; }

inline DayBar bar(std::string_view date, Points high, Points low, Points close) {
  return {day(date), high, low, close};
}

// A signal with the levels it points to.
struct Said {
  Signal signal;
  std::vector<Price> levels;
};

inline std::string time_of_day(Timestamp t) {
  const auto text = format_utc(t + 9h).substr(11, 15);  // "09:00:05.000000"
  return text.substr(9) == "000000" ? text.substr(0, 8) : text;
}

inline std::string text_of(const Said& said) {
  const auto& s = said.signal;
  std::string text = time_of_day(s.ts_event) + ' ' + std::string(name_of(s.event));
  switch (s.kind) {
    case RuleKind::kMilestone:
    case RuleKind::kLevel:
      for (const auto level : said.levels) text += ' ' + to_string(level);
      if (s.levels.first_ever) text += " first ever";
      if (s.levels.first_close_ever) text += " first close ever";
      break;
    case RuleKind::kRecord:
      for (std::size_t h = 0; h < kHorizonNames; ++h) {
        if (s.record.horizons.contains(static_cast<Horizon>(h)))
          text += ' ' + std::string(name_of(static_cast<Horizon>(h)));
      }
      break;
    case RuleKind::kMove:
      text += ' ' + std::string(s.move.change.raw() > 0 ? "+" : "") + to_string(s.move.change) + ' ' +
              format_duration(s.move.window);
      break;
    case RuleKind::kPeriod:
      text += ' ' + to_string(PriceDelta::from_raw(s.period.steps * s.period.step.units() * 1'000)) + " %";
      break;
    case RuleKind::kIntervention: text += ' ' + std::to_string(s.intervention.score); break;
    case RuleKind::kStale: text += ' ' + format_duration(s.stale.silence); break;
    default: break;
  }
  return text + (s.gap ? " gap" : "");
}

class Timeline : public ::testing::Test {
 protected:
  // -- what is given; before the first tick --
  SymbolId watch(InstrumentInfo info) {
    options_.instruments.push_back(std::move(info));
    return SymbolId{static_cast<std::uint16_t>(options_.instruments.size() - 1)};
  }
  template <class Options>
  RuleIndex given_rule(Options options, SymbolId symbol = SymbolId{0}, std::string id = {}) {
    if (id.empty()) id = "rule-" + std::to_string(options_.rules.size());
    options_.rules.push_back({std::move(id), symbol, std::move(options)});
    return RuleIndex{static_cast<std::uint16_t>(options_.rules.size() - 1)};
  }
  void given_history(std::vector<DayBar> days, SymbolId symbol = SymbolId{0}) {
    history_[options_.instruments[index_of(symbol)].symbol] = std::move(days);
  }
  // A previous close and nothing else: on Friday, 6 February 2026, the day before all timelines.
  void given_previous_close(Points close) { given_history({bar("2026-02-06", close, close, close)}); }

  // -- what happens --
  void on(std::string_view date) { date_ = date; }
  [[nodiscard]] Timestamp at(std::string_view time) const { return jst(date_ + ' ' + std::string(time)); }
  [[nodiscard]] static Tick print(Timestamp t, Price price, SymbolId symbol = SymbolId{0}) {
    Tick tick{};
    tick.ts_event = tick.ts_recv = t;
    tick.price = price;
    tick.symbol = symbol;
    return tick;
  }
  [[nodiscard]] static Tick two_sided(Timestamp t, Price bid, Price ask) {
    Tick tick = print(t, mid(bid, ask));
    tick.bid = bid;
    tick.ask = ask;
    tick.flags = TickFlag::kHasBid | TickFlag::kHasAsk;
    return tick;
  }
  [[nodiscard]] static Tick numbered(Tick tick, std::uint64_t seq, SourceId source = SourceId{1}) {
    tick.seq = seq;
    tick.source = source;
    tick.flags |= TickFlag::kHasSeq;
    return tick;
  }
  void send(const Tick& tick) {
    monitor().on_tick(tick, buffer_);
    collect();
  }
  void tick(std::string_view time, Points price, SymbolId symbol = SymbolId{0}) {
    send(print(at(time), price, symbol));
  }
  // The same price once a second, `count` times, from `time` on.
  void flat(std::string_view time, int count, Points price) {
    for (int i = 0; i < count; ++i) send(print(at(time) + std::chrono::seconds{i}, price));
  }
  void clock_says(std::string_view time) {
    monitor().on_clock(SymbolId{0}, at(time), buffer_);
    collect();
  }
  void watch_silence(std::string_view time, SymbolId symbol = SymbolId{0}) {
    monitor().instrument(symbol).watch_silence(at(time), buffer_);
    collect();
  }
  void input_ends() {
    monitor().on_end_of_input(buffer_);
    collect();
  }
  // As if the program had never run.
  void restart_from_nothing() { build(); }
  // The program ends and starts again, or reloads its rules; both with the settings as they are now.
  void resume(Resumed resumed) {
    const auto snapshot = monitor().save();
    build();
    const auto loaded = monitor_->load(snapshot, resumed);
    ASSERT_TRUE(loaded) << loaded.error().message;
  }

  // -- what came of it --
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const auto& said : said_) all.push_back(text_of(said));
    return all;
  }
  [[nodiscard]] const std::vector<Said>& said() const { return said_; }
  [[nodiscard]] const Signal& signal(std::size_t i) const { return said_.at(i).signal; }
  [[nodiscard]] std::vector<Severity> severities() const {
    std::vector<Severity> all;
    for (const auto& said : said_) all.push_back(said.signal.severity);
    return all;
  }
  void clear() { said_.clear(); }

  Monitor& monitor() {
    if (!monitor_) build();
    return *monitor_;
  }
  [[nodiscard]] const IntegrityCounts& counts() { return monitor().instrument(SymbolId{0}).filter().counts(); }
  [[nodiscard]] std::uint64_t rejected(Reject reason) { return counts().rejected[static_cast<std::size_t>(reason)]; }
  [[nodiscard]] std::size_t held() { return monitor().instrument(SymbolId{0}).filter().held(); }

  MonitorOptions options_;
  Monitor::History history_;

 private:
  void build() { monitor_ = std::make_unique<Monitor>(options_, history_); }
  void collect() {
    for (const auto& signal : buffer_.signals()) {
      Said said{signal, {}};
      if (signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel) {
        const auto crossed = buffer_.levels_of(signal);
        said.levels.assign(crossed.begin(), crossed.end());
      }
      said_.push_back(std::move(said));
    }
    buffer_.clear();
  }

  std::string date_ = "2026-02-09";  // a Monday, all markets open
  std::unique_ptr<Monitor> monitor_;
  SignalBuffer buffer_;
  std::vector<Said> said_;
};

}  // namespace yagura::processing::timeline
