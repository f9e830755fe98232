#include "processing/record_detector.hpp"

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
  if (options_.basis == Basis::kClose) return;
  if (options_.highs) judge(context, high_, true, out);
  if (options_.lows) judge(context, low_, false, out);
}

void RecordDetector::judge(const TickContext& context, Side& side, bool high, SignalBuffer& out) noexcept {
  const auto& tick = context.tick;
  if (!side.started) {
    side.started = true;
    side.last = tick.price;
    side.last_time = tick.ts_event;
  } else {
    // Every record of today is at least the session's: nearly all ticks end here.
    const auto& today = context.days.today();
    if (!beats(tick.price, high ? today.high : today.low, high)) return;
  }
  const auto what = broken(context, high);
  if (what.horizons.empty() || !speaks(side, what, tick)) return;
  side.said.bits = static_cast<std::uint8_t>(side.said.bits | what.horizons.bits);
  side.last = tick.price;
  side.last_time = tick.ts_event;
  emit(context, what, high, ++side.count, out);
}

RecordDetector::Broken RecordDetector::broken(const TickContext& context, bool high) const noexcept {
  const auto& days = context.days;
  const bool close = options_.basis == Basis::kClose;
  // Earlier ticks of today belong to every horizon; a close is judged against closes of known days.
  const bool has_today = !close && days.has_ticks_today();
  const DatedPrice today{high ? days.today().high : days.today().low, days.date()};
  Broken result;
  for (const Horizon h : kLongestFirst) {
    if (!wanted(options_, h) || (close && h == Horizon::kSession)) continue;
    std::optional<DatedPrice> record;
    if (h == Horizon::kSession) {
      if (has_today) record = today;
    } else {
      const auto& book = days.known(h);
      if (!book.active) continue;
      if (book.has_days) record = close ? (high ? book.high_close : book.low_close) : (high ? book.high : book.low);
      if (has_today && (!record || beats(today.price, record->price, high))) record = today;
    }
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

void RecordDetector::emit(const TickContext& context, const Broken& broken, bool high, std::uint32_t count,
                          SignalBuffer& out) noexcept {
  auto signal = announcer_.draft(context, high ? Event::kNewHigh : Event::kNewLow,
                                 high ? Direction::kUp : Direction::kDown, severity_of(broken.horizons));
  signal.record = {.horizons = broken.horizons,
                   .basis = options_.basis,
                   .record_before = broken.before.price,
                   .margin = (context.tick.price - broken.before.price).abs(),
                   .record_date = broken.before.date,
                   .count_today = count};
  announcer_.emit(signal, static_cast<std::int64_t>(broken.first), out);
}

void RecordDetector::on_day_end(const TickContext& closing, SignalBuffer& out) noexcept {
  if (options_.basis != Basis::kClose) return;
  for (const bool high : {true, false}) {
    if (!(high ? options_.highs : options_.lows)) continue;
    const auto what = broken(closing, high);
    if (!what.horizons.empty()) emit(closing, what, high, 1, out);
  }
}

void RecordDetector::on_day_start() noexcept { high_ = low_ = {}; }

void RecordDetector::forget() noexcept { high_ = low_ = {}; }

std::string RecordDetector::fingerprint() const {
  return "record/" + std::to_string(options_.horizons.bits) + '/' + std::string(name_of(options_.basis)) +
         (options_.highs ? "/h" : "") + (options_.lows ? "/l" : "");
}

}  // namespace yagura::processing
