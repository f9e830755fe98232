#include "app/remote_lines.hpp"

#include <algorithm>

#include "alerts/numbers.hpp"
#include "alerts/terminal_line.hpp"

namespace yagura::app {
namespace {

using console::terminal::AlertRow;

CalendarKind calendar_of(const std::string& name) {
  if (name == "tse") return CalendarKind::kTse;
  return name == "fx" ? CalendarKind::kFx : CalendarKind::kAlways;
}

Severity severity_of(const AlertRow& alert) { return static_cast<Severity>(alert.severity); }

std::string evidence_of(const AlertRow& alert, std::string_view name) {
  const auto found = std::ranges::find(alert.evidence, name, [](const auto& it) { return it.first; });
  return found == alert.evidence.end() ? std::string{} : found->second;
}

}  // namespace

std::string RemoteLines::line(const AlertRow& alert, const console::StateSnapshot& state) {
  const auto found = std::ranges::find(state.instruments, alert.instrument, &console::InstrumentSnapshot::symbol);
  if (found == state.instruments.end()) return {};
  alerts::Catalog catalog;
  auto& info = catalog.instruments.emplace_back();
  info.symbol = found->symbol;
  info.tick = PriceDelta::from_raw(Price::kScale);
  for (int i = 0; i < found->decimals; ++i) info.tick = PriceDelta::from_raw(info.tick.raw() / 10);
  info.calendar = calendar_of(found->calendar);
  Signal signal{};
  signal.symbol = SymbolId{0};
  signal.severity = severity_of(alert);
  signal.ts_event = alert.ts_event;
  // What has no price says so, whatever it is.
  signal.kind = alert.price.empty() ? RuleKind::kStale : RuleKind::kMilestone;
  signal.price = parse_price(alert.price).value_or(Price{});
  if (const auto close = parse_price(evidence_of(alert, "previous_close"))) {
    signal.has_previous_close = true;
    signal.previous_close = *close;
  }
  std::string out;
  if (const auto date = alerts::local_date(signal.ts_event, info.calendar); date != shown_date_) {
    shown_date_ = date;
    out = "-- " + to_string(date) + " --\n";
  }
  return out + (alert.held.empty() ? alerts::plain_line(signal, title(alert), catalog, colour_)
                                   : alerts::held_line(signal, title(alert), catalog, alert.held, colour_));
}

std::string_view RemoteLines::title(const AlertRow& alert) const {
  const bool japanese = lang_ == console::terminal::Lang::kJapanese && !alert.title_ja.empty();
  return japanese ? alert.title_ja : alert.title;
}

}  // namespace yagura::app
