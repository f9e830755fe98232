#include "processing/record_detector.hpp"

#include <algorithm>

namespace yagura::processing {
namespace {

constexpr Horizon kLongestFirst[] = {Horizon::kAllTime,    Horizon::kSinceStart, Horizon::k52Week,
                                     Horizon::kYearToDate, Horizon::kWeek,       Horizon::kSession};

bool beats(Price price, Price record, bool high) { return high ? price > record : price < record; }

Severity severity_of(HorizonSet horizons) {
  if (horizons.contains(Horizon::kAllTime) || horizons.contains(Horizon::k52Week)) return Severity::kHigh;
  HorizonSet session_alone;
  session_alone.insert(Horizon::kSession);
  return horizons == session_alone ? Severity::kInfo : Severity::kLow;
}

// Is this horizon asked for? A rule that wants the longest takes it under either name.
bool wanted(const RecordOptions& options, Horizon h) {
  if (h == Horizon::kSinceStart) return options.horizons.contains(Horizon::kAllTime) || options.horizons.contains(h);
  if (h == Horizon::kAllTime) return options.horizons.contains(h) || options.horizons.contains(Horizon::kSinceStart);
  return options.horizons.contains(h);
}

}  // namespace

RecordDetector::RecordDetector(const RecordOptions& options, Announcer announcer)
    : options_(options), announcer_(std::move(announcer)) {}

void RecordDetector::on_tick(const TickContext& context, SignalBuffer& out) noexcept {
  if (!hears_ticks()) return;
  if (options_.highs) judge(context, high_, true, out);
  if (options_.lows) judge(context, low_, false, out);
}

void RecordDetector::judge(const TickContext& context, Side& side, bool high, SignalBuffer& out) noexcept {
  const auto& tick = context.tick;
  if (!side.started) {
    side.started = true;
    side.last = tick.price;
    side.last_time = tick.ts_event;
  } else if (context.days.has_ticks_today()) {
    // Every record of today is at least the session's: nearly all ticks end here.
    const auto& today = context.days.today();
    if (!beats(tick.price, high ? today.high : today.low, high)) return;
  }
  const auto what = broken(context, high);
  if (what.horizons.empty() || !speaks(side, what, tick)) return;
  ++side.count;
  emit(context, what, high, side, out);
  side.said.bits = static_cast<std::uint8_t>(side.said.bits | what.horizons.bits);
  side.last = tick.price;
  side.last_time = tick.ts_event;
}

std::optional<DatedPrice> RecordDetector::record_of(const DayBook& days, Horizon h, bool high) const noexcept {
  const bool close = options_.basis == Basis::kClose;
  // Earlier ticks of today belong to every horizon; a close is judged against closes of known days.
  const bool has_today = !close && days.has_ticks_today();
  const DatedPrice today{high ? days.today().high : days.today().low, days.date()};
  if (!wanted(options_, h) || (close && h == Horizon::kSession)) return std::nullopt;
  std::optional<DatedPrice> record;
  if (h != Horizon::kSession) {
    const auto& book = days.known(h);
    if (!book.active) return std::nullopt;
    if (book.has_days) record = close ? (high ? book.high_close : book.low_close) : (high ? book.high : book.low);
  }
  if (has_today && (!record || beats(today.price, record->price, high))) record = today;
  return record;
}

RecordDetector::Broken RecordDetector::broken(const TickContext& context, bool high) const noexcept {
  Broken result;
  for (const Horizon h : kLongestFirst) {
    const auto record = record_of(context.days, h, high);
    if (!record || !beats(context.tick.price, record->price, high)) continue;
    if (result.horizons.empty()) {
      result.first = h;
      result.before = *record;
    }
    result.horizons.insert(h);
  }
  return result;
}

bool RecordDetector::speaks(const Side& side, const Broken& broken, const Tick& tick) const noexcept {
  HorizonSet session;
  session.insert(Horizon::kSession);
  if ((broken.horizons.bits & ~side.said.bits & ~session.bits) != 0) return true;
  return options_.step.reached_by((tick.price - side.last).abs(), side.last) &&
         tick.ts_event - side.last_time >= options_.min_gap;
}

void RecordDetector::emit(const TickContext& context, const Broken& broken, bool high, Side& side,
                          SignalBuffer& out) noexcept {
  const auto severity = severity_of(broken.horizons);
  auto signal = announcer_.draft(context, high ? Event::kNewHigh : Event::kNewLow,
                                 high ? Direction::kUp : Direction::kDown, severity);
  signal.record = {.horizons = broken.horizons,
                   .basis = options_.basis,
                   .record_before = broken.before.price,
                   .margin = (context.tick.price - broken.before.price).abs(),
                   .record_date = broken.before.date,
                   .count_today = side.count};
  const auto id = announcer_.emit(signal, static_cast<std::int64_t>(broken.first), out);
  if (side.kept == Side::kKept)
    std::shift_left(side.announced.begin(), side.announced.end(), 1);
  else
    ++side.kept;
  side.announced[side.kept - 1] = {.id = id,
                                   .print = {context.tick.price, context.tick.ts_event},
                                   .before = broken.before.price,
                                   .before_date = broken.before.date,
                                   .horizons = broken.horizons,
                                   .said_before = side.said,
                                   .last_before = side.last,
                                   .last_time_before = side.last_time,
                                   .episode = signal.episode,
                                   .count = side.count,
                                   .first = broken.first,
                                   .severity = severity};
}

void RecordDetector::on_cancelled(const TickContext& print, SignalBuffer& out) noexcept {
  const Print cancelled{print.tick.price, print.tick.ts_event};
  for (const bool high : {true, false}) {
    auto& side = high ? high_ : low_;
    for (std::size_t i = 0; i < side.kept; ++i) {
      if (side.announced[i].print == cancelled) {
        withdraw(print, side, i, high, out);
        break;
      }
    }
  }
}

void RecordDetector::withdraw(const TickContext& print, Side& side, std::size_t at, bool high,
                              SignalBuffer& out) noexcept {
  const Announced gone = side.announced[at];
  const auto standing = record_of(print.days, gone.first, high).value_or(DatedPrice{gone.before, gone.before_date});
  auto signal = announcer_.draft(print, Event::kWithdrawn, high ? Direction::kUp : Direction::kDown, gone.severity);
  signal.id = gone.id;  // the announcement's own: whoever keeps it finds what to strike out
  signal.episode = gone.episode;
  signal.record = {.horizons = gone.horizons,
                   .basis = options_.basis,
                   .record_before = standing.price,
                   .margin = (gone.print.price - standing.price).abs(),
                   .record_date = standing.date,
                   .count_today = gone.count};
  out.add(signal);

  // The side as if this one had never been said; what was said after it keeps its words.
  if (at + 1 == side.kept) {
    side.last = gone.last_before;
    side.last_time = gone.last_time_before;
  } else {
    side.announced[at + 1].last_before = gone.last_before;
    side.announced[at + 1].last_time_before = gone.last_time_before;
  }
  side.said = gone.said_before;
  for (std::size_t i = at + 1; i < side.kept; ++i) {
    auto& later = side.announced[i];
    later.said_before = side.said;
    side.said.bits = static_cast<std::uint8_t>(side.said.bits | later.horizons.bits);
    side.announced[i - 1] = later;
  }
  --side.kept;
}

void RecordDetector::on_day_end(const TickContext& closing, SignalBuffer& out) noexcept {
  if (options_.basis != Basis::kClose) return;
  for (const bool high : {true, false}) {
    if (!(high ? options_.highs : options_.lows)) continue;
    auto& side = high ? high_ : low_;
    side.count = 1;
    if (const auto what = broken(closing, high); !what.horizons.empty()) emit(closing, what, high, side, out);
  }
}

void RecordDetector::state(StateIo& io) {
  io(announcer_, high_, low_);
  if (!io.reading()) return;
  for (const Side* side : {&high_, &low_}) {
    if (side->kept > Side::kKept) return io.fail();
    for (std::size_t i = 0; i < side->kept; ++i) {
      if (static_cast<std::size_t>(side->announced[i].first) >= kHorizonNames) return io.fail();
    }
  }
}

void RecordDetector::on_day_start() noexcept { high_ = low_ = {}; }

void RecordDetector::forget() noexcept { high_ = low_ = {}; }

std::string RecordDetector::fingerprint() const {
  return "record/" + std::to_string(options_.horizons.bits) + '/' + std::string(name_of(options_.basis)) +
         (options_.highs ? "/h" : "") + (options_.lows ? "/l" : "");
}

}  // namespace yagura::processing
