#include "alerts/instrument_words.hpp"

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

using Quote = InstrumentWords::Quote;

constexpr std::size_t kLongestName = 60;

const std::string& first_of(const std::string& name, const std::string& other) { return name.empty() ? other : name; }

int decimals_of(PriceDelta step) {
  InstrumentInfo scale;
  scale.tick = step;
  return scale.decimals();
}

std::string_view unit_of(const InstrumentInfo& instrument) {
  if (instrument.symbol.ends_with("JPY")) return " yen";
  return instrument.calendar == CalendarKind::kTse ? " points" : "";
}

Quote quote_of(const InstrumentInfo& instrument) {
  const bool tokyo = instrument.calendar == CalendarKind::kTse || instrument.calendar == CalendarKind::kOse;
  if (instrument.symbol.ends_with("JPY"))
    return instrument.calendar == CalendarKind::kFx ? Quote::kYenPair : Quote::kYen;
  if (!tokyo) return Quote::kNumber;
  return instrument.name_ja.starts_with("日経") ? Quote::kYen : Quote::kPoints;
}

}  // namespace

InstrumentWords::InstrumentWords(const InstrumentInfo& instrument)
    : name(printable(first_of(instrument.name, instrument.symbol), kLongestName)),
      name_ja(printable(first_of(instrument.name_ja, first_of(instrument.name, instrument.symbol)), kLongestName)),
      unit(unit_of(instrument)),
      tick(instrument.tick),
      pip(instrument.pip),
      decimals(instrument.decimals()),
      pip_decimals(decimals_of(instrument.pip)),
      calendar(instrument.calendar),
      pair(instrument.calendar == CalendarKind::kFx),
      against_yen(pair && instrument.symbol.ends_with("JPY")),
      dollar_yen(pair && instrument.symbol == "USDJPY"),
      quote(quote_of(instrument)),
      escaped(needs_escape(name) || needs_escape(name_ja)) {}

}  // namespace yagura::alerts
