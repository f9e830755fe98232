#include "alerts/render.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "alerts/numbers.hpp"
#include "alerts/phrases.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

constexpr std::size_t kLongestNote = 80;

struct Texts {
  std::string title;
  std::string text;
};

// The same verb for a title (what happened) and a text (as it happens).
struct Verb {
  std::string_view past;
  std::string_view present;
};

Verb level_verb(const Signal& signal) {
  switch (signal.event) {
    case Event::kReached: return {"reached", signal.price > signal.levels.level ? "breaks" : "reaches"};
    case Event::kLost: return {"fell below", "falls below"};
    case Event::kCleared: return {"cleared", "clears"};
    case Event::kRejected: return {"was rejected at", "is rejected at"};
    case Event::kBroken: return {"broke clear below", "breaks clear below"};
    case Event::kRegained: return {"regained", "regains"};
    case Event::kNear: return {"is near", "nears"};
    case Event::kClosedAbove: return {"closed above", "closes above"};
    case Event::kClosedBelow: return {"closed below", "closes below"};
    default: return {"is at", "is at"};
  }
}

// What a print did to its level or levels: went through several, or how far it is from the one.
std::string level_detail(const Signal& signal, std::span<const Price> levels, const Phrases& say) {
  const bool closed = signal.event == Event::kClosedAbove || signal.event == Event::kClosedBelow;
  const bool crossed = signal.event == Event::kReached || signal.event == Event::kLost;
  if (levels.size() > 1) {
    if (crossed) return fmt::format(", through {} in one print", list_of(levels));
    if (closed) return fmt::format(", across {} since the previous close", list_of(levels));
    return fmt::format(", levels {} together", list_of(levels));
  }
  const PriceDelta distance = signal.price - signal.levels.level;
  if (crossed || closed || distance.raw() == 0) return {};
  return fmt::format(", {} {} the level", say.amount(distance.abs()), distance.raw() > 0 ? "above" : "below");
}

Texts level_texts(const Signal& signal, std::span<const Price> levels, const Catalog& catalog, const Phrases& say) {
  const auto* note = catalog.note(signal);
  const bool first = signal.kind == RuleKind::kMilestone &&
                     (signal.event == Event::kClosedAbove ? signal.levels.first_close_ever : signal.levels.first_ever);
  const std::string where = fmt::format("{}{}{}", level_text(signal.levels.level), first ? " for the first time" : "",
                                        note ? fmt::format(" ({})", printable(*note, kLongestNote)) : "");
  const bool closed = signal.event == Event::kClosedAbove || signal.event == Event::kClosedBelow;
  const Verb verb = level_verb(signal);
  const std::array evidence{closed ? std::string{} : say.price_before(), say.previous_close(), say.confirmed(),
                            std::string{signal.levels.gone ? "this level was set to alert once and is done" : ""}};
  return {fmt::format("{} {} {}", say.name(), verb.past, where),
          fmt::format("{} {} {}: {}{}{}{}.{}", say.name(), verb.present, where, say.price(signal.price),
                      level_detail(signal, levels, say), say.on_the_day(), say.circumstances(), sentence(evidence))};
}

// The horizon as an adjective: "52-week" high.
std::string_view adjective(Horizon horizon) {
  switch (horizon) {
    case Horizon::kAllTime: return "all-time";
    case Horizon::kSinceStart: return "since-start";
    case Horizon::k52Week: return "52-week";
    case Horizon::kYearToDate: return "year-to-date";
    case Horizon::kWeek: return "weekly";
    case Horizon::kSession: return "session";
  }
  return "";
}

// The record as a thing: "all-time high", "highest close of the week".
std::string record_noun(Horizon horizon, Basis basis, bool high) {
  const std::string_view side = high ? "high" : "low";
  const std::string_view close = basis == Basis::kClose ? " close" : "";
  switch (horizon) {
    case Horizon::kSinceStart: return fmt::format("{}est{} since the start of the data", high ? "high" : "low", close);
    case Horizon::kAllTime:
      if (basis == Basis::kClose) return high ? "record close" : "record low close";
      return fmt::format("all-time {}", side);
    case Horizon::kWeek:
      return basis == Basis::kClose ? fmt::format("{}est close of the week", side)
                                    : fmt::format("{} of the week", side);
    default: return fmt::format("{} {}{}", adjective(horizon), basis == Basis::kClose ? "closing " : "", side);
  }
}

// The verb and article that go with record_noun().
Verb record_verb(Horizon horizon, Basis basis) {
  if (basis == Basis::kClose) {
    const bool superlative = horizon == Horizon::kSinceStart || horizon == Horizon::kWeek;
    return superlative ? Verb{"posted its", "posts its"} : Verb{"posted a", "posts a"};
  }
  return horizon == Horizon::kSinceStart ? Verb{"is at its", "is at its"} : Verb{"set a new", "sets a new"};
}

std::vector<Horizon> horizons_of(HorizonSet set) {
  std::vector<Horizon> list;
  for (std::size_t i = 0; i < kHorizonNames; ++i) {
    if (set.contains(static_cast<Horizon>(i))) list.push_back(static_cast<Horizon>(i));
  }
  return list;
}

// "also the 52-week and session high": the horizons behind the first.
std::string other_horizons(std::span<const Horizon> list, Basis basis, bool high) {
  std::vector<std::string> words;
  for (const Horizon horizon : list) words.emplace_back(adjective(horizon));
  if (words.size() < 2) return {};
  return fmt::format("also the {} {}{}", join_words(std::span{words}.subspan(1)),
                     basis == Basis::kClose ? "closing " : "", high ? "high" : "low");
}

// "54,782.83 (2026-02-03)".
std::string old_record(const Signal& signal, const Phrases& say) {
  std::string value = say.price(signal.record.record_before);
  if (signal.record.record_date == Date{}) return value;
  if (signal.record.record_date == signal.trading_date) return value + " earlier in the session";
  return fmt::format("{} ({})", value, to_string(signal.record.record_date));
}

Texts record_texts(const Signal& signal, const Phrases& say) {
  const auto& record = signal.record;
  const bool high = signal.direction == Direction::kUp;
  const auto horizons = horizons_of(record.horizons);
  const Horizon first = horizons.empty() ? Horizon::kSession : horizons.front();
  const std::string noun = record_noun(first, record.basis, high);
  if (signal.event == Event::kWithdrawn) {
    return {fmt::format("{}: {} withdrawn", say.name(), noun),
            fmt::format("{}: the {} of {} is withdrawn, its print did not stand{}. The record is {} again.", say.name(),
                        noun, say.price(signal.price), say.circumstances(), old_record(signal, say))};
  }
  const Verb verb = record_verb(first, record.basis);
  const std::array evidence{other_horizons(horizons, record.basis, high),
                            fmt::format("record alert no. {} today", record.count_today), say.previous_close(),
                            say.confirmed()};
  return {fmt::format("{} {} {}", say.name(), verb.past, noun),
          fmt::format("{} {} {}: {}, {} {} the old mark of {}{}{}.{}", say.name(), verb.present, noun,
                      say.price(signal.price), say.amount(record.margin.abs()), high ? "above" : "below",
                      old_record(signal, say), say.on_the_day(), say.circumstances(), sentence(evidence))};
}

// "-0.25 yen (-0.17 %)".
std::string change_text(const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  std::string points = (move.change.raw() > 0 ? "+" : "") + say.points(move.change);
  if (move.reference.raw() <= 0) return points;
  return fmt::format("{} ({})", points, percent_text(move.change, move.reference));
}

std::string move_title(const Signal& signal, const Phrases& say) {
  const std::string change = change_text(signal, say);
  switch (signal.event) {
    case Event::kExtended: return fmt::format("{} extended its move to {}", say.name(), change);
    case Event::kReversal:
      return fmt::format("{} reversed {} from {}", say.name(), change, say.price(signal.move.reference));
    default: return fmt::format("{} moved {} in {}", say.name(), change, window_text(signal.move.window));
  }
}

// "falls 25 pips within 60 s".
std::string move_headline(const Signal& signal, const Phrases& say) {
  const bool up = signal.direction == Direction::kUp;
  const std::string pips = say.pips(signal.move.change.abs());
  const std::string size = pips.empty() ? say.points(signal.move.change.abs()) : pips;
  switch (signal.event) {
    case Event::kExtended: return fmt::format("keeps {}, now {}", up ? "rising" : "falling", size);
    case Event::kReversal: return fmt::format("turns {} {}", up ? "up" : "down", size);
    default: return fmt::format("{} {} within {}", up ? "rises" : "falls", size, window_text(signal.move.window));
  }
}

std::string threshold_text(const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  const std::string window = window_text(move.window);
  if (move.threshold_pct.units() == 0) return fmt::format("threshold {} in {}", say.amount(move.threshold), window);
  return fmt::format("threshold {} in {}, here {}", percent_text(move.threshold_pct), window,
                     say.amount(move.threshold));
}

Texts move_texts(const Signal& signal, const Phrases& say) {
  const auto& move = signal.move;
  const bool up = signal.direction == Direction::kUp;
  std::string day = say.on_the_day();
  if (!day.empty()) day = say.previous_close() + day;
  const std::array evidence{threshold_text(signal, say), day, say.confirmed()};
  return {move_title(signal, say),
          fmt::format("{} {}: {}, {} from the {} of {} at {}{}.{}", say.name(), move_headline(signal, say),
                      say.price(signal.price), change_text(signal, say), up ? "low" : "high", say.price(move.reference),
                      say.moment(move.reference_ts), say.circumstances(), sentence(evidence))};
}

Texts texts_of(const Signal& signal, std::span<const Price> levels, const Catalog& catalog) {
  const Phrases say{signal, catalog.instrument(signal)};
  switch (signal.kind) {
    case RuleKind::kRecord: return record_texts(signal, say);
    case RuleKind::kMove: return move_texts(signal, say);
    default: return level_texts(signal, levels, catalog, say);
  }
}

}  // namespace

Alert make_alert(std::uint64_t seq, const Signal& signal, std::span<const Price> levels, const Catalog& catalog) {
  auto [title, text] = texts_of(signal, levels, catalog);
  return {seq, signal, {levels.begin(), levels.end()}, std::move(title), std::move(text)};
}

}  // namespace yagura::alerts
