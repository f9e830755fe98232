#include "alerts/kind_texts.hpp"

#include <string_view>

namespace yagura::alerts {
namespace {

std::string_view reason_text(StaleReason reason) {
  switch (reason) {
    case StaleReason::kNoData: return "connected, but no data";
    case StaleReason::kSocketClosed: return "the connection is lost";
    case StaleReason::kAuth: return "the vendor refuses our key";
    case StaleReason::kSequenceGap: return "numbers are missing in the sequence";
    case StaleReason::kClock: return "the clocks disagree";
    case StaleReason::kFrozen: return "the price stands still";
  }
  return "";
}

}  // namespace

void stale_texts(Draft& draft, const Signal& signal, const Phrases& say) {
  const auto& stale = signal.stale;
  const auto silence = silence_text(stale.silence);
  const std::string_view reason = reason_text(stale.reason);
  if (signal.event == Event::kRecovered) {
    draft.title<"{}: data again after {}">(say.name(), silence);
    return draft.text<"{} sends data again after {}: {}{}.{}">(
        say.name(), silence, say.price(signal.price), say.on_the_day(),
        sentence(say.price_before(), when(stale.reason == StaleReason::kSequenceGap, reason)));
  }
  const bool ever = to_ns(signal.previous_ts) != 0;
  const auto last = text<"last price {} at {}">(say.price(signal.price), say.moment(signal.previous_ts));
  draft.title<"{}: no data for {}">(say.name(), silence);
  // A backtest knows nothing of connections.
  draft.text<"{} sends no data, for {} now, although its market is open.{} You are told when it returns.">(
      say.name(), silence,
      sentence(when(ever, last), when(!ever, "no price yet"), when(stale.reason != StaleReason::kNoData, reason)));
}

}  // namespace yagura::alerts
