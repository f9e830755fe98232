#include "processing/detector.hpp"

#include <algorithm>

#include "processing/crossing_detector.hpp"
#include "processing/cusum_detector.hpp"
#include "processing/divergence_detector.hpp"
#include "processing/intervention_detector.hpp"
#include "processing/move_detector.hpp"
#include "processing/period_detector.hpp"
#include "processing/record_detector.hpp"
#include "processing/stale_detector.hpp"

namespace yagura::processing {

Announcer::Announcer(RuleIndex rule, const RuleOptions& options, const InstrumentInfo& instrument, RuleKind kind)
    : rule_(rule), kind_(kind), instrument_(options.instrument) {
  prefix_.bytes(options.id).number(0).bytes(instrument.symbol).number(0);
  episodes_.reserve(256);
}

Signal Announcer::draft(const TickContext& context, Event event, Direction direction,
                        Severity severity) const noexcept {
  Signal signal;
  signal.parent = {};
  signal.ts_event = context.tick.ts_event;
  signal.ts_recv = context.tick.ts_recv;
  signal.mono_recv = context.tick.mono_recv;
  signal.mono_decided = {};
  signal.previous_ts = context.previous_ts;
  signal.price = context.tick.price;
  signal.has_previous = context.previous.has_value();
  signal.previous = context.previous.value_or(Price{});
  const auto previous_close = context.days.previous_close();
  signal.has_previous_close = previous_close.has_value();
  signal.previous_close = previous_close.value_or(Price{});
  signal.trading_date = context.trading_date;
  signal.symbol = instrument_;
  signal.rule = rule_;
  signal.kind = kind_;
  signal.event = event;
  signal.severity = severity;
  signal.direction = direction;
  signal.gap = context.after_gap;
  signal.after_gap = context.after_gap;
  signal.while_down = context.while_down;
  signal.confirmed = context.confirmed;
  return signal;
}

Id128 Announcer::emit(Signal& signal, std::int64_t headline, SignalBuffer& out) noexcept {
  if (signal.trading_date != date_) {
    date_ = signal.trading_date;
    episodes_.clear();
  }
  auto known = std::ranges::find_if(
      episodes_, [&](const Episodes& e) { return e.headline == headline && e.event == signal.event; });
  if (known == episodes_.end()) known = episodes_.insert(known, {headline, 0, signal.event});
  signal.headline = headline;
  signal.episode = ++known->count;
  auto hash = prefix_;
  signal.id = hash.number(static_cast<std::uint64_t>(signal.trading_date.time_since_epoch().count()))
                  .number(static_cast<std::uint64_t>(signal.event))
                  .number(static_cast<std::uint64_t>(headline))
                  .number(signal.episode)
                  .value();
  out.add(signal);
  return signal.id;
}

std::unique_ptr<Detector> make_detector(RuleIndex rule, const RuleOptions& options,
                                        const DetectorEnvironment& environment) {
  struct Maker {
    RuleIndex rule;
    const RuleOptions& options;
    const DetectorEnvironment& environment;

    [[nodiscard]] Announcer announcer() const {
      return Announcer{rule, options, environment.instrument, kind_of(options)};
    }
    std::unique_ptr<Detector> operator()(const MilestoneOptions& kind) const {
      return make_crossing_detector(kind, announcer());
    }
    std::unique_ptr<Detector> operator()(const LevelOptions& kind) const {
      return make_crossing_detector(kind, announcer());
    }
    std::unique_ptr<Detector> operator()(const RecordOptions& kind) const {
      return std::make_unique<RecordDetector>(kind, announcer());
    }
    std::unique_ptr<Detector> operator()(const MoveOptions& kind) const {
      return std::make_unique<MoveDetector>(kind, announcer(), environment.extremes, environment.volatility);
    }
    std::unique_ptr<Detector> operator()(const CusumOptions& kind) const {
      return std::make_unique<CusumDetector>(kind, announcer(), environment.volatility);
    }
    std::unique_ptr<Detector> operator()(const StaleOptions& kind) const {
      return std::make_unique<StaleDetector>(kind, announcer(), environment.instrument.calendar);
    }
    std::unique_ptr<Detector> operator()(const DivergenceOptions& kind) const {
      return std::make_unique<DivergenceDetector>(kind, announcer(), environment);
    }
    std::unique_ptr<Detector> operator()(const InterventionOptions& kind) const {
      return std::make_unique<InterventionDetector>(kind, announcer(), environment);
    }
    std::unique_ptr<Detector> operator()(const PeriodOptions& kind) const {
      return std::make_unique<PeriodDetector>(kind, announcer());
    }
  };
  return std::visit(Maker{rule, options, environment}, options.kind);
}

}  // namespace yagura::processing
