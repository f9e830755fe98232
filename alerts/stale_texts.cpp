#include "alerts/kind_texts.hpp"

#include <fmt/format.h>

#include <array>
#include <string>
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

Texts stale_texts(const Signal& signal, const Phrases& say) {
  const auto& stale = signal.stale;
  const bool ever = to_ns(signal.previous_ts) != 0;
  if (signal.event == Event::kRecovered) {
    const std::array evidence{
        say.price_before(),
        std::string{stale.reason == StaleReason::kSequenceGap ? reason_text(stale.reason) : std::string_view{}}};
    return {fmt::format("{}: data again after {}", say.name(), silence_text(stale.silence)),
            fmt::format("{} sends data again after {}: {}{}.{}", say.name(), silence_text(stale.silence),
                        say.price(signal.price), say.on_the_day(), sentence(evidence))};
  }
  // A backtest knows nothing of connections.
  const std::array evidence{
      ever ? fmt::format("last price {} at {}", say.price(signal.price), say.moment(signal.previous_ts))
           : std::string{"no price yet"},
      stale.reason == StaleReason::kNoData ? std::string{} : std::string{reason_text(stale.reason)}};
  return {fmt::format("{}: no data for {}", say.name(), silence_text(stale.silence)),
          fmt::format("{} sends no data, for {} now, although its market is open.{} You are told when it returns.",
                      say.name(), silence_text(stale.silence), sentence(evidence))};
}

}  // namespace yagura::alerts
