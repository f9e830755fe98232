#include "alerts/kind_texts.hpp"

#include <string_view>

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
void add_noun(TextBuffer& out, Horizon horizon, Basis basis, bool high) {
  const std::string_view side = high ? "high" : "low";
  const bool close = basis == Basis::kClose;
  switch (horizon) {
    case Horizon::kSinceStart: return out.write<"{}est{} since the start of the data">(side, close ? " close" : "");
    case Horizon::kAllTime:
      if (close) return out.add(high ? "record close" : "record low close");
      return out.write<"all-time {}">(side);
    case Horizon::kWeek:
      if (close) return out.write<"{}est close of the week">(side);
      return out.write<"{} of the week">(side);
    default: return out.write<"{} {}{}">(adjective(horizon), close ? "closing " : "", side);
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
void add_old_record(TextBuffer& out, const Signal& signal, const Phrases& say) {
  out.add(say.price(signal.record.record_before));
  if (signal.record.record_date == Date{}) return;
  if (signal.record.record_date == signal.trading_date) return out.add(" earlier in the session");
  out.write<" ({})">(say.date(signal.record.record_date));
}

}  // namespace

void record_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  const auto& record = signal.record;
  const bool high = signal.direction == Direction::kUp;
  const Horizon first = longest(record.horizons);  // a record of a long time is one of every shorter time
  const auto noun = [&](TextBuffer& out) { add_noun(out, first, record.basis, high); };
  const auto old_record = [&](TextBuffer& out) { add_old_record(out, signal, say); };
  if (signal.event == Event::kWithdrawn) {
    draft.title<"{}: {} withdrawn">(say.name(), noun);
    return draft.text<"{}: the {} of {} is withdrawn, its print did not stand{}. The record is {} again.">(
        say.name(), noun, say.price(signal.price), say.circumstances(), old_record);
  }
  const Verb verb = record_verb(first, record.basis);
  draft.title<"{} {} {}">(say.name(), verb.past, noun);
  draft.text<"{} {} {}: {}, {} {} the old mark of {}{}{}.{}">(
      say.name(), verb.present, noun, say.price(signal.price), say.amount(record.margin.abs()),
      high ? "above" : "below", old_record, say.on_the_day(), say.circumstances(),
      sentence(when(record.count_today > 1, text<"alert no. {} of today's records">(record.count_today)),
               say.previous_close(), say.confirmed()));
}

}  // namespace yagura::alerts
