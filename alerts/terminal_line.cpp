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

std::string plain_line(const Signal& signal, std::string_view title, const Catalog& catalog, bool colour) {
  const auto& instrument = catalog.instrument(signal);
  const Style style = style_of(signal.severity);
  const bool coloured = colour && !style.colour.empty();
  TextBuffer line{256};
  add_local_time(line, signal.ts_event, instrument.calendar);
  line.write<"  {}{} ">(coloured ? style.colour : std::string_view{}, style.mark);
  add_printable(line, title, kNoLimit);
  if (coloured) line.add("\x1b[0m");
  // A feed that never spoke has no last price.
  if (signal.kind != RuleKind::kStale || signal.price.raw() != 0) {
    line.add("   ");
    add_grouped(line, signal.price.raw(), instrument.decimals());
  }
  if (signal.has_previous_close && signal.previous_close.raw() > 0) {
    const auto change = [&](TextBuffer& to) {
      add_percent(to, signal.price - signal.previous_close, signal.previous_close);
    };
    line.write<"  ({} % on the day)">(change);
  }
  return std::string{line.view()};
}

std::string held_line(const Signal& signal, std::string_view title, const Catalog& catalog, std::string_view reason,
                      bool colour) {
  const auto line = plain_line(signal, title, catalog, false);
  return fmt::format("{}{}  (held: {}){}", colour ? "\x1b[2m" : "", line, reason, colour ? "\x1b[0m" : "");
}

}  // namespace yagura::alerts
