// A pipeline on a held clock, and what comes out of it.
#pragma once

#include <string>
#include <vector>

#include "app/pipeline.hpp"
#include "core/clock.hpp"

namespace yagura::app {

// Monday 9 February 2026, 09:00 in Tokyo.
inline constexpr auto kOpen = Timestamp{std::chrono::sys_days{std::chrono::year{2026} / 2 / 9}};

inline Price price(const char* text) { return *parse_price(text); }

// NI225 with a milestone every 1,000 and an always-open TEST with one every 10.
inline processing::MonitorOptions two_instruments() {
  processing::MonitorOptions options;
  InstrumentInfo nikkei;
  nikkei.symbol = nikkei.name = "NI225";
  nikkei.calendar = CalendarKind::kTse;
  InstrumentInfo other;
  other.symbol = other.name = "TEST";
  other.filter = false;
  options.instruments = {nikkei, other};
  processing::CrossingOptions crossing;
  crossing.rearm = processing::Band::of_percent(*parse_percent("0.1"));
  crossing.close = true;
  options.rules.push_back({"nikkei", SymbolId{0}, processing::MilestoneOptions{price("1000") - Price{}, crossing}});
  crossing.close = false;
  options.rules.push_back({"test", SymbolId{1}, processing::MilestoneOptions{price("10") - Price{}, crossing}});
  processing::RecordOptions record;
  record.horizons.insert(Horizon::kSession);
  record.highs = record.lows = true;
  record.step = processing::Band::of_points(price("1") - Price{});
  options.rules.push_back({"record", SymbolId{1}, record});
  processing::MoveOptions move;
  move.windows.push_back({std::chrono::seconds{60}, processing::Band::of_points(price("2") - Price{})});
  options.rules.push_back({"move", SymbolId{1}, move});
  return options;
}

// The rules of TEST on NI225 too, and both never close.
inline processing::MonitorOptions two_always_open() {
  auto options = two_instruments();
  options.instruments[0].calendar = CalendarKind::kAlways;
  options.instruments[0].filter = false;
  options.rules.erase(options.rules.begin());
  const auto rules = options.rules;
  for (auto rule : rules) {
    rule.id += "-too";
    rule.instrument = SymbolId{0};
    options.rules.push_back(rule);
  }
  return options;
}

struct PipelineFixture {
  explicit PipelineFixture(Pipeline::Options options = {}, const processing::MonitorOptions& rules = two_instruments())
      : monitor(rules),
        pipeline(options, monitor, clock,
                 {.alerts = [this](SignalBuffer& signals) { take(signals); },
                  .accepted = [this](const processing::InstrumentMonitor&, MonoTime) { ++accepted; },
                  .wake = [this] { ++wakes; },
                  .folding = [this] { ++fold_calls; }}) {
    said.reserve(65'536);
  }

  void take(SignalBuffer& signals) {
    for (const auto& signal : signals.signals()) said.push_back(signal);
  }
  [[nodiscard]] Tick tick(int symbol, const char* at, Duration since_open = {}) const {
    Tick t{};
    t.symbol = SymbolId{static_cast<std::uint16_t>(symbol)};
    t.price = price(at);
    t.ts_event = kOpen + since_open;
    t.ts_recv = clock.now();
    t.mono_recv = clock.mono();
    return t;
  }
  [[nodiscard]] std::size_t count(Event event) const {
    return static_cast<std::size_t>(std::ranges::count(said, event, &Signal::event));
  }

  ManualClock clock{kOpen};
  processing::Monitor monitor;
  std::vector<Signal> said;
  std::uint64_t accepted = 0;
  int wakes = 0;
  int fold_calls = 0;
  Pipeline pipeline;
  Pipeline::Port port{pipeline, 0, 1};
};

}  // namespace yagura::app
