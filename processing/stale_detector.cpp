#include "processing/stale_detector.hpp"

#include <algorithm>

#include "processing/calendar.hpp"

namespace yagura::processing {

StaleDetector::StaleDetector(const StaleOptions& options, Announcer announcer, CalendarKind calendar)
    : options_(options), announcer_(std::move(announcer)), calendar_(calendar) {}

// The alert carries the moment the limit was reached, not that of its discovery: the clock and the
// next tick say the same.
void StaleDetector::on_silence(const Silence& silence, FeedLiveness& feed, const DayBook& days, const Tick* ended_by,
                               SignalBuffer& out) noexcept {
  if (stale_ || silence.due_until - silence.since < options_.after.value_or(FeedLiveness::kLeastStale)) return;
  const Duration limit = options_.after ? *options_.after : feed.limits(silence.since).stale;
  if (silence.due_until - silence.since < limit) return;

  Tick moment{};
  moment.ts_event = silence.since + limit;
  moment.ts_recv = ended_by != nullptr ? ended_by->ts_recv : moment.ts_event;
  moment.mono_recv = ended_by != nullptr ? ended_by->mono_recv : MonoTime{};
  if (feed.heard()) moment.price = feed.last_price();
  const TickContext context{.tick = moment,
                            .days = days,
                            .trading_date = calendar_piece(calendar_, moment.ts_event).trading_date,
                            .previous = std::nullopt,
                            .previous_ts = feed.heard() ? feed.last() : Timestamp{}};
  auto signal = announcer_.draft(context, Event::kStale, Direction::kDown, Severity::kHigh);
  if (!feed.heard() || context.trading_date != days.date()) signal.has_previous_close = false;
  signal.stale = {.silence = limit, .limit = limit, .reason = StaleReason::kNoData};
  stale_ = true;
  since_ = silence.since;
  limit_ = limit;
  headline_ = silence.after_tick ? Headline::kAfterTick : Headline::kUnheard;
  said_ = announcer_.emit(signal, static_cast<std::int64_t>(headline_), out);
}

void StaleDetector::on_arrival(const TickContext& context, const FeedLiveness& feed, bool hole,
                               SignalBuffer& out) noexcept {
  if (!stale_) return;
  stale_ = false;
  auto signal = announcer_.draft(context, Event::kRecovered, Direction::kUp, Severity::kLow);
  if (context.trading_date != context.days.date()) signal.has_previous_close = false;
  const Timestamp from = feed.heard() ? feed.last() : since_;
  signal.parent = said_;
  signal.stale = {.silence = std::max<Duration>(context.tick.ts_event - from, Duration{0}),
                  .limit = limit_,
                  .reason = hole ? StaleReason::kSequenceGap : StaleReason::kNoData};
  announcer_.emit(signal, static_cast<std::int64_t>(headline_), out);
}

void StaleDetector::state(StateIo& io) { io(announcer_, stale_, headline_, since_, limit_, said_); }

std::string StaleDetector::fingerprint() const {
  return "stale/" + (options_.after ? std::to_string(options_.after->count()) : "learnt");
}

}  // namespace yagura::processing
