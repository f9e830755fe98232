#include "app/alert_desk.hpp"

#include "alerts/json.hpp"
#include "alerts/numbers.hpp"
#include "alerts/render.hpp"
#include "alerts/terminal_line.hpp"

namespace yagura::app {

void AlertDesk::hand_out(const SignalBuffer& signals) {
  for (const auto& signal : signals.signals()) {
    const auto [seq, repeat] = journal_.number(alerts::journal_key(signal));
    if (repeat) {
      ++repeats_;
      continue;
    }
    ++alerts_;
    const bool has_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
    const auto alert =
        alerts::make_alert(seq, signal, has_levels ? signals.levels_of(signal) : std::span<const Price>{}, catalog_);
    json_.clear();
    alerts::encode(alert, catalog_, {}, json_);
    if (outputs_.console) outputs_.console(seq, json_);
    journal_.append(seq, alerts::journal_key(signal), signal.ts_event, json_);
    for (auto& file : outputs_.files) file->append(json_);
    if (outputs_.screen != nullptr) show(alert);
  }
}

void AlertDesk::show(const alerts::Alert& alert) {
  if (outputs_.format == ScreenFormat::kJson) {
    outputs_.screen->append(json_);
    return;
  }
  // Lines carry the time of day; the date stands above the first of each.
  const auto date = alerts::local_date(alert.signal.ts_event, catalog_.instrument(alert.signal).calendar);
  if (date != shown_date_) {
    shown_date_ = date;
    outputs_.screen->append("-- " + to_string(date) + " --");
  }
  outputs_.screen->append(alerts::plain_line(alert, catalog_, outputs_.format == ScreenFormat::kColour));
}

}  // namespace yagura::app
