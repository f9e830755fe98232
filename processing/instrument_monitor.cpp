#include "processing/instrument_monitor.hpp"

#include <algorithm>
#include <utility>

#include "processing/series.hpp"

namespace yagura::processing {
namespace {

// How old the tick before a window may be and still serve as its start.
Duration anchor_age(CalendarKind calendar) {
  return calendar == CalendarKind::kTse ? std::chrono::seconds{15} : std::chrono::seconds{30};
}

// Whether the feed lives, records, then milestones and levels together, then moves (SEMANTICS 8), then
// what is made of them.
int order_of(const RuleOptions& rule) {
  switch (kind_of(rule)) {
    case RuleKind::kStale: return 0;
    case RuleKind::kRecord: return 1;
    case RuleKind::kMilestone:
    case RuleKind::kLevel: return 2;
    case RuleKind::kMove: return 3;
    case RuleKind::kCusum: return 4;
    case RuleKind::kDivergence: return 5;
    case RuleKind::kIntervention: return 6;
    case RuleKind::kPeriod: return 7;
  }
  return 7;
}
constexpr int kLastOrder = 7;

// A last tick may still be on its way when the bell rings.
constexpr auto kDayEndGrace = std::chrono::seconds{60};
// So late a tick may be and still prove that the feed was not silent.
constexpr auto kSilenceGrace = std::chrono::milliseconds{750};

}  // namespace

InstrumentMonitor::InstrumentMonitor(SymbolId symbol, const MonitorOptions& options, std::vector<DayBar> history)
    : symbol_(symbol),
      info_(options.instruments[index_of(symbol)]),
      filter_(info_, options.series_of(symbol) != nullptr),
      days_(std::move(history), info_.calendar != CalendarKind::kFx),
      extremes_(anchor_age(info_.calendar)),
      volatility_(info_),
      liveness_(info_.calendar) {
  const DetectorEnvironment environment{info_, options.instruments, days_, extremes_, volatility_};
  for (int order = 0; order <= kLastOrder; ++order) {
    for (std::size_t i = 0; i < options.rules.size(); ++i) {
      const auto& rule = options.rules[i];
      if (rule.instrument != symbol || order_of(rule) != order) continue;
      const RuleIndex index{static_cast<std::uint16_t>(i)};
      detectors_.push_back({rule.id, index, make_detector(index, rule, environment)});
      auto& detector = *detectors_.back().detector;
      if (detector.hears_ticks()) hearing_.push_back(&detector);
      if (auto* judge = detector.silence_judge()) silence_judges_.push_back(judge);
    }
  }
}

void InstrumentMonitor::on_tick(const Tick& tick, SignalBuffer& out) noexcept {
  const auto holes = filter_.counts().gaps;
  const auto outcome = filter_.push(tick, days_);
  if (outcome.restart) forget();
  feed_gap_ = {};
  if (outcome.arrived) note_arrival(tick, filter_.counts().gaps != holes, out);
  for (const auto& accepted : outcome.accepted) accept(accepted, outcome.confirmed, out);
}

// What the tick says by coming at all, whatever becomes of its price.
void InstrumentMonitor::note_arrival(const Tick& tick, bool hole, SignalBuffer& out) noexcept {
  if (const auto silence = liveness_.before(tick)) {
    for (auto* judge : silence_judges_) judge->on_silence(*silence, liveness_, days_, &tick, out);
    if (liveness_.is_stale(*silence)) feed_gap_ = tick.ts_event - silence->since;
  }
  if (hole) liveness_.note_hole(tick.mono_recv);
  if (std::ranges::any_of(silence_judges_, &SilenceJudge::is_stale)) {
    const TickContext context{.tick = tick,
                              .days = days_,
                              .trading_date = filter_.calendar().at(tick.ts_event).trading_date,
                              .previous = liveness_.heard() ? std::optional{liveness_.last_price()} : std::nullopt,
                              .previous_ts = liveness_.heard() ? liveness_.last() : Timestamp{}};
    for (auto* judge : silence_judges_) judge->on_arrival(context, liveness_, hole, out);
  }
  liveness_.on_arrival(tick);
}

void InstrumentMonitor::watch_silence(Timestamp now, SignalBuffer& out) noexcept {
  for (const auto& silence : {liveness_.until(now - kSilenceGrace), liveness_.unheard(now - kSilenceGrace)}) {
    if (!silence) continue;
    for (auto* judge : silence_judges_) judge->on_silence(*silence, liveness_, days_, nullptr, out);
  }
}

void InstrumentMonitor::on_made_tick(const Tick& tick, bool confirmed, SignalBuffer& out) noexcept {
  filter_.note_confirmed(confirmed);
  on_tick(tick, out);
}

void InstrumentMonitor::accept(const Tick& tick, bool confirmed, SignalBuffer& out) noexcept {
  const CalendarPiece& piece = filter_.calendar().at(tick.ts_event);
  if (!days_.started() || piece.trading_date != days_.date()) change_day(piece.trading_date, out);

  const bool same_segment = has_segment_ && segment_ == piece.segment;
  if (!same_segment) {
    has_segment_ = true;
    segment_ = piece.segment;
    extremes_.clear();
    volatility_.on_segment_start();
    for (auto& named : detectors_) named.detector->on_segment_start();
  }
  bool after_gap = filter_.take_gap();
  if (info_.gap_after && has_last_ && same_segment && tick.ts_event - last_.ts_event > *info_.gap_after)
    after_gap = true;
  if (!extremes_.empty()) extremes_.push(tick.ts_event, tick.price);
  if (volatility_.wanted()) volatility_.push(tick.ts_event, tick.price);

  const TickContext context{.tick = tick,
                            .days = days_,
                            .trading_date = piece.trading_date,
                            .previous = has_last_ ? std::optional{last_.price} : days_.previous_close(),
                            .previous_ts = has_last_ ? last_.ts_event : Timestamp{},
                            .after_gap = after_gap,
                            .while_down = std::exchange(while_down_, false),
                            .confirmed = confirmed};
  for (auto* detector : hearing_) detector->on_tick(context, out);
  for (auto* listener : listeners_) listener->on_other(tick, piece, out);
  if (observer_ != nullptr) observer_->on_accepted(tick, piece.trading_date, out);

  if (info_.calendar != CalendarKind::kTse || piece.close) {
    has_closing_ = true;
    closing_ = tick;
    closing_has_previous_ = context.previous.has_value();
    closing_previous_ = context.previous.value_or(Price{});
    closing_previous_ts_ = context.previous_ts;
    closing_after_gap_ = after_gap;
  }
  days_.on_tick(tick.price, tick.ts_event);
  has_last_ = true;
  last_ = tick;
  filter_.on_accepted(tick);
  for (auto* series : series_) series->on_leg(tick, after_gap, confirmed, out);
}

void InstrumentMonitor::change_day(Date date, SignalBuffer& out) noexcept {
  if (days_.started()) end_day(out);
  days_.start_day(date);
  has_closing_ = false;
  day_ended_ = false;
  for (auto& named : detectors_) named.detector->on_day_start();
}

void InstrumentMonitor::end_day(SignalBuffer& out) noexcept {
  if (day_ended_ || !has_closing_) return;
  day_ended_ = true;
  const TickContext closing{.tick = closing_,
                            .days = days_,
                            .trading_date = days_.date(),
                            .previous = closing_has_previous_ ? std::optional{closing_previous_} : std::nullopt,
                            .previous_ts = closing_previous_ts_,
                            .after_gap = closing_after_gap_};
  for (auto& named : detectors_) named.detector->on_day_end(closing, out);
}

void InstrumentMonitor::on_clock(Timestamp now, SignalBuffer& out) noexcept {
  if (!days_.started() || day_ended_ || !has_closing_) return;
  if (now >= session_end(info_.calendar, days_.date()) + kDayEndGrace) end_day(out);
}

Cancelled InstrumentMonitor::on_cancelled(const Tick& print, SignalBuffer& out) noexcept {
  const auto outcome = days_.cancel({print.price, print.ts_event});
  if (outcome != Cancelled::kDone) return outcome;
  if (has_closing_ && closing_.price == print.price && closing_.ts_event == print.ts_event) {
    // The print before closes the session instead, if it may.
    const auto& last = days_.last_print();
    has_closing_ = days_.has_ticks_today() &&
                   (info_.calendar != CalendarKind::kTse || calendar_piece(info_.calendar, last.ts_event).close);
    closing_.price = last.price;
    closing_.ts_event = last.ts_event;
  }
  const TickContext context{
      .tick = print, .days = days_, .trading_date = days_.date(), .previous = std::nullopt, .previous_ts = {}};
  for (auto& named : detectors_) named.detector->on_cancelled(context, out);
  return outcome;
}

void InstrumentMonitor::on_end_of_input(SignalBuffer& out) noexcept {
  filter_.end_of_input();
  if (info_.calendar == CalendarKind::kTse && days_.started()) end_day(out);
}

void InstrumentMonitor::forget() noexcept {
  days_.forget_ticks();
  extremes_.clear();
  volatility_.forget();
  liveness_.forget();
  has_last_ = has_segment_ = has_closing_ = false;
  for (auto& named : detectors_) named.detector->forget();
  for (auto* listener : listeners_) listener->on_other_forgotten();
  for (auto* series : series_) series->forget(symbol_);
  if (observer_ != nullptr) observer_->on_forgotten(symbol_);
}

LevelEditor* InstrumentMonitor::editor_of(std::string_view rule) {
  const auto known = std::ranges::find(detectors_, rule, &NamedDetector::rule);
  return known == detectors_.end() ? nullptr : known->detector->level_editor();
}

bool InstrumentMonitor::add_level(const RuntimeLevel& level, std::int32_t note) {
  auto* editor = editor_of(level.rule);
  if (editor == nullptr) return false;
  // One that was spent is replaced by the new one.
  remove_level(level.rule, level.price);
  if (!editor->add_level(level.price, note, level.once)) return false;
  runtime_levels_.push_back(level);
  return true;
}

bool InstrumentMonitor::remove_level(std::string_view rule, Price price) {
  auto* editor = editor_of(rule);
  const auto same = [&](const RuntimeLevel& level) { return level.rule == rule && level.price == price; };
  if (editor == nullptr || std::erase_if(runtime_levels_, same) == 0) return false;
  editor->remove_level(price);
  return true;
}

void InstrumentMonitor::save(std::string& out) {
  auto io = StateIo::writer(out);
  io(filter_, days_, extremes_, volatility_, liveness_, has_last_, last_, segment_, has_segment_, has_closing_,
     day_ended_, closing_, closing_has_previous_, closing_previous_, closing_previous_ts_, closing_after_gap_,
     while_down_, runtime_levels_);
  auto count = static_cast<std::uint32_t>(detectors_.size());
  io(count);
  for (auto& named : detectors_) {
    std::string fingerprint = named.detector->fingerprint();
    io(named.rule, fingerprint);
    io.part([&](std::string&) { named.detector->state(io); });
  }
}

bool InstrumentMonitor::load(std::string_view in, Resumed resumed) {
  auto io = StateIo::reader(in);
  io(filter_, days_, extremes_, volatility_, liveness_, has_last_, last_, segment_, has_segment_, has_closing_,
     day_ended_, closing_, closing_has_previous_, closing_previous_, closing_previous_ts_, closing_after_gap_,
     while_down_, runtime_levels_);
  if (!io.ok()) return false;
  // Before the detectors' own states, which refer to them.
  for (const auto& level : runtime_levels_) {
    if (auto* editor = editor_of(level.rule)) editor->add_level(level.price, -1, level.once);
  }
  std::uint32_t count = 0;
  io(count);
  for (std::uint32_t i = 0; i < count && io.ok(); ++i) {
    std::string rule, fingerprint, payload;
    io(rule, fingerprint, payload);
    const auto known = std::ranges::find(detectors_, rule, &NamedDetector::rule);
    if (!io.ok() || known == detectors_.end() || known->detector->fingerprint() != fingerprint) continue;
    auto inner = StateIo::reader(payload);
    known->detector->state(inner);
    if (!inner.ok() || !inner.at_end()) return false;
  }
  if (!io.ok() || !io.at_end()) return false;
  if (resumed == Resumed::kAfterDowntime) on_downtime();
  return true;
}

// Whatever happened while nobody watched shows in the first tick.
void InstrumentMonitor::on_downtime() noexcept {
  filter_.forget_connections();
  liveness_.on_resume();
  liveness_.listen_anew();
  if (!has_last_) return;
  while_down_ = true;
  filter_.note_gap();
}

}  // namespace yagura::processing
