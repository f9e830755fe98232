#include "alerts/delivery.hpp"

#include <algorithm>
#include <utility>

#include "processing/calendar.hpp"

namespace yagura::alerts {
namespace {

// Things said once are remembered for so many levels, horizons or windows of a rule.
constexpr std::size_t kTold = 10'000;
constexpr std::size_t kFollowUps = 1'000;

// Whether an alert says that a state began or ended, or just that something happened.
enum class Phase : std::uint8_t { kHappened, kBegan, kEnded };

Phase phase_of(Event event) {
  if (event == Event::kStale) return Phase::kBegan;
  if (event == Event::kRecovered) return Phase::kEnded;
  return Phase::kHappened;
}

// Kinds that look at a stretch of prices and mean little when part of it is missing. Levels and
// records are facts of single prices.
bool needs_every_price(RuleKind kind) {
  return kind == RuleKind::kMove || kind == RuleKind::kCusum || kind == RuleKind::kDivergence ||
         kind == RuleKind::kIntervention;
}

// What goes out must not say less than what it stands for, so a note never absorbs a record.
bool absorbs(const Signal& level, const Signal& record) {
  if (level.kind != RuleKind::kMilestone && level.kind != RuleKind::kLevel) return false;
  if (record.event == Event::kWithdrawn) return false;
  return level.symbol == record.symbol && level.ts_event == record.ts_event && level.price == record.price &&
         level.severity >= record.severity;
}

// Osaka trades on holidays, too, but for the next business day's date.
bool is_trading_date(CalendarKind calendar, Date date) {
  if (calendar == CalendarKind::kOse) return processing::tokyo_business_day(date);
  return processing::closed_reason(processing::calendars(), calendar, date).empty();
}

// Whether `count` trading days, the first one on or after `first`, are over on `date`.
bool days_over(CalendarKind calendar, Date first, int count, Date date) {
  for (Date day = first; day < date && count > 0; day += std::chrono::days{1}) count -= is_trading_date(calendar, day);
  return count == 0;
}

Id128 cooldown_key(const Subject& subject) {
  return Fnv128{}
      .bytes("cooldown")
      .number(static_cast<std::uint64_t>(subject.event))
      .number(static_cast<std::uint64_t>(subject.headline))
      .value();
}

}  // namespace

std::string_view name_of(Held held) {
  static constexpr std::string_view kNames[] = {"delivered", "expired", "muted",   "inhibited", "absorbed", "repeated",
                                                "cooldown",  "storm",   "pending", "brief",     "silenced"};
  static_assert(std::size(kNames) == kHeldReasons);
  return kNames[static_cast<std::size_t>(held)];
}

Subject subject_of(const Signal& signal) {
  Subject subject{.id = signal.id,
                  .parent = signal.parent,
                  .at = signal.ts_event,
                  .trading_date = signal.trading_date,
                  .price = signal.price,
                  .size = {},
                  .headline = signal.headline,
                  .symbol = signal.symbol,
                  .rule = signal.rule,
                  .kind = signal.kind,
                  .event = signal.event,
                  .severity = signal.severity};
  if (signal.kind == RuleKind::kMove)
    subject.size = signal.move.change.abs();
  else if (signal.has_previous_close)
    subject.size = (signal.price - signal.previous_close).abs();
  return subject;
}

DeliveryPolicy::DeliveryPolicy(const Catalog& catalog, DeliveryOptions options) : options_(std::move(options)) {
  options_.rules.resize(catalog.rules.size());
  for (std::size_t i = 0; i < catalog.rules.size(); ++i) {
    const auto& info = catalog.rules[i];
    rules_.push_back({.id = info.id,
                      .kind = info.kind,
                      .instrument = info.instrument,
                      .options = options_.rules[i],
                      .told = BoundedMap<Told>{kTold},
                      .episodes = BoundedMap<Id128>{kFollowUps},
                      .conditions = {},
                      .counted = {},
                      .first_date = {}});
  }
  for (const auto& info : catalog.instruments)
    instruments_.push_back({.symbol = info.symbol, .calendar = info.calendar, .storm = {}});
}

// -- Alerts as they are decided ------------------------------------------------------------------

Id128 DeliveryPolicy::episode_of(Id128 id) const {
  for (const auto& rule : rules_) {
    if (const auto* first = rule.episodes.find(id)) return *first;
  }
  return id;
}

std::span<const Verdict> DeliveryPolicy::judge(std::span<const Signal> signals) {
  verdicts_.assign(signals.size(), {});
  has_verdict_.assign(signals.size(), false);
  for (std::size_t i = 0; i < signals.size(); ++i) judge(signals, i);
  return verdicts_;
}

Verdict& DeliveryPolicy::judge(std::span<const Signal> signals, std::size_t i) {
  auto& verdict = verdicts_[i];
  if (has_verdict_[i]) return verdict;
  has_verdict_[i] = true;
  const auto subject = subject_of(signals[i]);
  if (!subject.parent.empty()) {
    auto& episodes = rule_of(subject).episodes;
    const auto* first = episodes.find(subject.parent);
    episodes.put(subject.id, first != nullptr ? *first : subject.parent);
  }
  advance(subject.symbol, subject.at);
  if (auto* absorber = absorber_of(signals, i)) {
    absorber->absorbed.push_back(subject.id);
    verdict.held = Held::kAbsorbed;
  } else {
    switch (phase_of(subject.event)) {
      case Phase::kBegan: verdict.held = begin(subject); break;
      case Phase::kEnded: verdict.held = end(subject); break;
      case Phase::kHappened: verdict.held = pass(subject); break;
    }
  }
  if (verdict.held != Held::kPending) count_one(verdict.held);
  plan(subject.symbol);
  return verdict;
}

// A record is decided before the milestone of its tick, so those are judged first. Only what is
// delivered itself absorbs.
Verdict* DeliveryPolicy::absorber_of(std::span<const Signal> signals, std::size_t i) {
  if (signals[i].kind != RuleKind::kRecord || silenced(subject_of(signals[i])) != Held::kNot) return nullptr;
  for (std::size_t j = 0; j < signals.size(); ++j) {
    if (!absorbs(signals[j], signals[i])) continue;
    if (auto& verdict = judge(signals, j); verdict.held == Held::kNot) return &verdict;
  }
  return nullptr;
}

Held DeliveryPolicy::pass(const Subject& subject) {
  // A correction must reach whoever was told what it corrects.
  if (subject.event == Event::kWithdrawn) return Held::kNot;
  auto& rule = rule_of(subject);
  if (const auto held = silenced(subject); held != Held::kNot) return held;
  if (inhibited(subject)) return Held::kInhibited;
  if (const auto held = said_before(rule, subject); held != Held::kNot) return held;
  if (options_.storm) {
    auto& storm = instruments_[index_of(subject.symbol)].storm;
    summarise(storm.subside(subject.at, *options_.storm), subject.symbol);
    if (!storm.offer(subject, rule.id, *options_.storm)) return Held::kStorm;
  }
  note_told(rule, subject);
  return Held::kNot;
}

Held DeliveryPolicy::silenced(const Subject& subject) const {
  const auto& rule = rule_of(subject);
  if (expired(rule, subject.at, subject.trading_date)) return Held::kExpired;
  if (subject.severity == Severity::kCritical && !options_.mute_critical) return Held::kNot;
  const auto calendar = instruments_[index_of(subject.symbol)].calendar;
  const bool muted = is_muted(rule.options.mute, subject.at, calendar) || is_muted(options_.mute, subject.at, calendar);
  return muted ? Held::kMuted : Held::kNot;
}

// Nothing is held in favour of an alert that nobody gets. The first tick of another trading date is
// proof enough of data, should a recovery be missing because settings changed meanwhile.
bool DeliveryPolicy::inhibited(const Subject& subject) const {
  if (!needs_every_price(subject.kind)) return false;
  const auto stands = [&](const Condition& condition) {
    return condition.trading_date == subject.trading_date && condition.phase != Condition::Phase::kRecovering &&
           condition.begun != Held::kExpired && condition.begun != Held::kMuted;
  };
  return std::ranges::any_of(rules_, [&](const Rule& rule) {
    return rule.kind == RuleKind::kStale && rule.instrument == subject.symbol &&
           std::ranges::any_of(rule.conditions, stands);
  });
}

// -- Said before ---------------------------------------------------------------------------------

Id128 DeliveryPolicy::repeat_key(const Rule& rule, const Subject& subject) const {
  Fnv128 key;
  key.number(static_cast<std::uint64_t>(rule.options.repeat));
  if (rule.options.repeat == Repeat::kEpisode) {
    const auto* first = rule.episodes.find(subject.id);
    const auto id = first != nullptr ? *first : subject.id;
    return key.number(id.hi).number(id.lo).value();
  }
  key.number(static_cast<std::uint64_t>(subject.event)).number(static_cast<std::uint64_t>(subject.headline));
  if (rule.options.repeat == Repeat::kSegment) {
    const auto calendar = instruments_[index_of(subject.symbol)].calendar;
    const auto piece = processing::calendar_piece(calendar, subject.at);
    key.number(static_cast<std::uint64_t>(piece.segment));
    // A market that never closes has one endless segment; its dates stand for it.
    if (calendar == CalendarKind::kAlways)
      key.number(static_cast<std::uint64_t>(piece.trading_date.time_since_epoch().count()));
  }
  return key.value();
}

Held DeliveryPolicy::said_before(const Rule& rule, const Subject& subject) const {
  if (rule.options.repeat != Repeat::kAlways && rule.told.find(repeat_key(rule, subject)) != nullptr)
    return Held::kRepeated;
  if (rule.options.cooldown <= Duration{0}) return Held::kNot;
  const auto* last = rule.told.find(cooldown_key(subject));
  const bool cooling =
      last != nullptr && subject.at - last->at < rule.options.cooldown && subject.severity <= last->severity;
  return cooling ? Held::kCooldown : Held::kNot;
}

void DeliveryPolicy::note_told(Rule& rule, const Subject& subject) {
  const Told told{subject.at, subject.severity};
  if (rule.options.repeat != Repeat::kAlways) rule.told.put(repeat_key(rule, subject), told);
  if (rule.options.cooldown > Duration{0}) rule.told.put(cooldown_key(subject), told);
}

// -- Expiry --------------------------------------------------------------------------------------

void DeliveryPolicy::count_days(SymbolId symbol, Timestamp now) {
  for (auto& rule : rules_) {
    const auto* days = std::get_if<TradingDays>(&rule.options.expires);
    if (days == nullptr || rule.instrument != symbol || rule.counted == *days) continue;
    rule.counted = *days;
    rule.first_date = processing::calendar_piece(instruments_[index_of(symbol)].calendar, now).trading_date;
  }
}

bool DeliveryPolicy::expired(const Rule& rule, Timestamp t, Date trading_date) const {
  if (const auto* at = std::get_if<Timestamp>(&rule.options.expires)) return t >= *at;
  if (const auto* last = std::get_if<Date>(&rule.options.expires)) return trading_date > *last;
  const auto* days = std::get_if<TradingDays>(&rule.options.expires);
  if (days == nullptr || rule.counted != *days) return false;
  return days_over(instruments_[index_of(rule.instrument)].calendar, rule.first_date, days->count, trading_date);
}

bool DeliveryPolicy::expired(RuleIndex index, Timestamp t) const {
  const auto& rule = rules_[yagura::index_of(index)];
  const auto calendar = instruments_[index_of(rule.instrument)].calendar;
  return expired(rule, t, processing::calendar_piece(calendar, t).trading_date);
}

}  // namespace yagura::alerts
