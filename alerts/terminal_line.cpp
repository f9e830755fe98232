#include "alerts/terminal_line.hpp"

#include <fmt/format.h>

#include <string_view>

#include "alerts/numbers.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

struct Style {
  std::string_view mark;
  std::string_view colour;  // ANSI, empty for the terminal's own
};

Style style_of(Severity severity) {
  switch (severity) {
    case Severity::kCritical: return {"!!", "\x1b[1;31m"};
    case Severity::kHigh: return {"! ", "\x1b[33m"};
    case Severity::kLow: return {"- ", ""};
    case Severity::kInfo: break;
  }
  return {"  ", "\x1b[2m"};
}

}  // namespace

std::string plain_line(const Alert& alert, const Catalog& catalog, bool colour) {
  const auto& signal = alert.signal;
  const auto& instrument = catalog.instrument(signal);
  const Style style = style_of(signal.severity);
  const bool coloured = colour && !style.colour.empty();
  // A feed that never spoke has no last price.
  const bool priced = signal.kind != RuleKind::kStale || signal.price.raw() != 0;
  std::string line =
      fmt::format("{}  {}{} {}{}{}{}", local_time_text(signal.ts_event, instrument.calendar),
                  coloured ? style.colour : "", style.mark, printable(alert.title), coloured ? "\x1b[0m" : "",
                  priced ? "   " : "", priced ? price_text(signal.price, instrument) : std::string{});
  if (signal.has_previous_close && signal.previous_close.raw() > 0) {
    line += fmt::format("  ({} on the day)", percent_text(signal.price - signal.previous_close, signal.previous_close));
  }
  return line;
}

std::string held_line(const Alert& alert, const Catalog& catalog, std::string_view reason, bool colour) {
  return fmt::format("{}{}  (held: {}){}", colour ? "\x1b[2m" : "", plain_line(alert, catalog, false), reason,
                     colour ? "\x1b[0m" : "");
}

}  // namespace yagura::alerts
