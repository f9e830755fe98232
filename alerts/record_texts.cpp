#include "alerts/kind_texts.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

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

Horizon longest(HorizonSet horizons) {
  for (std::size_t i = 0; i < kHorizonNames; ++i) {
    if (horizons.contains(static_cast<Horizon>(i))) return static_cast<Horizon>(i);
  }
  return Horizon::kSession;
}

// "54,782.83 (3 Feb)".
std::string old_record(const Signal& signal, const Phrases& say) {
  std::string value = say.price(signal.record.record_before);
  if (signal.record.record_date == Date{}) return value;
  if (signal.record.record_date == signal.trading_date) return value + " earlier in the session";
  return fmt::format("{} ({})", value, say.date(signal.record.record_date));
}

}  // namespace

Texts record_texts(const Signal& signal, const Phrases& say) {
  const auto& record = signal.record;
  const bool high = signal.direction == Direction::kUp;
  const Horizon first = longest(record.horizons);  // a record of a long time is one of every shorter time
  const std::string noun = record_noun(first, record.basis, high);
  if (signal.event == Event::kWithdrawn) {
    return {fmt::format("{}: {} withdrawn", say.name(), noun),
            fmt::format("{}: the {} of {} is withdrawn, its print did not stand{}. The record is {} again.", say.name(),
                        noun, say.price(signal.price), say.circumstances(), old_record(signal, say))};
  }
  const Verb verb = record_verb(first, record.basis);
  const std::array evidence{
      record.count_today > 1 ? fmt::format("alert no. {} of today's records", record.count_today) : std::string{},
      say.previous_close(), say.confirmed()};
  return {fmt::format("{} {} {}", say.name(), verb.past, noun),
          fmt::format("{} {} {}: {}, {} {} the old mark of {}{}{}.{}", say.name(), verb.present, noun,
                      say.price(signal.price), say.amount(record.margin.abs()), high ? "above" : "below",
                      old_record(signal, say), say.on_the_day(), say.circumstances(), sentence(evidence))};
}

}  // namespace yagura::alerts
