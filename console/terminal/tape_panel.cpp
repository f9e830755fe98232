// The alerts, newest first, and one of them with all that is known of it.
#include <algorithm>

#include "console/terminal/evidence.hpp"
#include "console/terminal/numbers.hpp"
#include "console/terminal/panels.hpp"

namespace yagura::console::terminal {
namespace {

Ink ink_of(Level severity) {
  switch (severity) {
    case Level::kCritical: return Ink::kCritical;
    case Level::kHigh: return Ink::kHigh;
    case Level::kLow: return Ink::kLow;
    case Level::kInfo: break;
  }
  return Ink::kInfo;
}

// As the plain output has them.
std::string_view mark_of(const Scene& scene, Level severity) {
  switch (severity) {
    case Level::kCritical: return "!!";
    case Level::kHigh: return "! ";
    case Level::kLow: return "- ";
    case Level::kInfo: break;
  }
  return scene.look.unicode ? "· " : ". ";
}

std::string_view severity_name(Level severity) {
  constexpr std::string_view kNames[] = {"info", "low", "high", "critical"};
  return kNames[static_cast<std::size_t>(severity)];
}

const std::string& title_of(const Scene& scene, const AlertRow& alert) {
  return scene.lang == Lang::kJapanese && !alert.title_ja.empty() ? alert.title_ja : alert.title;
}

const std::string& text_of(const Scene& scene, const AlertRow& alert) {
  return scene.lang == Lang::kJapanese && !alert.text_ja.empty() ? alert.text_ja : alert.text;
}

std::string price_of(const Scene& scene, const AlertRow& alert) {
  const auto price = parse_price(alert.price);
  if (!price) return {};
  const auto* const row = scene.instrument(alert.instrument);
  return price_text(*price, row == nullptr ? 0 : row->decimals);
}

std::string moment(const Scene& scene, Timestamp at, bool day) {
  return (day ? day_text(at, scene.zone, scene.lang) + " " : std::string{}) + clock_text(at, scene.zone);
}

Line line_of(const Scene& scene, const AlertRow& alert, bool selected, int columns) {
  const auto* const ack = scene.model.acknowledged(alert);
  const bool held = !alert.held.empty();
  auto line = scene.line();
  line.add(selected ? ">" : " ");
  line.cell(moment(scene, alert.ts_event, columns >= 60), columns >= 60 ? 16 : 9, Ink::kSoft);
  line.add(ack == nullptr ? " " : scene.tick_mark(), Ink::kGood).add(" ");
  const auto ink = held ? Ink::kSoft : ink_of(alert.severity);
  line.add(mark_of(scene, alert.severity), ink).add(" ");
  auto end = scene.line();
  if (columns >= 100) end.right(price_of(scene, alert), 13).add(" ");
  auto title = title_of(scene, alert);
  if (held) title += scene.say("tape.held", {scene.named("held", alert.held)});
  line.cell(title, std::max(1, columns - line.width() - end.width()), ink).append(end).cut(columns);
  if (selected) line.to(columns).all(Ink::kSelected);
  return line;
}

struct Tape {
  std::vector<const AlertRow*> rows;  // newest first, those that pass
  std::size_t selected = 0;
};

Tape tape_of(const Scene& scene) {
  Tape tape;
  const auto* const selected = scene.desk.selected(scene.model);
  const auto& alerts = scene.model.alerts();
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) {
    if (&*alert == selected) tape.selected = tape.rows.size();
    if (scene.desk.passes(*alert)) tape.rows.push_back(&*alert);
  }
  return tape;
}

Line tape_head(const Scene& scene, const Tape& tape, int columns) {
  std::string about;
  const auto add = [&](std::string_view text) { about += (about.empty() ? "" : "  ") + std::string{text}; };
  if (tape.selected > 0 && !scene.desk.follows()) add(scene.say("tape.newer", {std::to_string(tape.selected)}));
  if (!scene.desk.filter().empty()) add(scene.say("tape.filter", {scene.desk.filter()}));
  if (scene.desk.least() != Level::kInfo)
    add(scene.say("tape.least", {scene.named("severity", severity_name(scene.desk.least()))}));
  add(scene.say("tape.count", {count_text(tape.rows.size()), count_text(scene.model.alerts().size())}));
  return head(scene, std::string{scene.say("tape")} + " " + zone_text(scene.wall, scene.zone), columns, about);
}

// In as many columns as there is room for.
template <class Push>
void push_evidence(const Scene& scene, const AlertRow& alert, int columns, Push push) {
  const auto rows = evidence_of(scene, alert);
  if (rows.empty()) return;
  push(head(scene, scene.say("alert.evidence"), columns));
  const int abreast = std::max(1, columns / 40), width = columns / abreast;
  for (std::size_t i = 0; i < rows.size();) {
    auto line = scene.line();
    for (int place = 0; place < abreast && i < rows.size(); ++place, ++i) {
      auto cell = scene.line();
      cell.add(" ").add(rows[i].name, Ink::kSoft).add(": ", Ink::kSoft).add(rows[i].value).cut(width - 1);
      line.to(place * width).append(cell);
    }
    push(std::move(line));
  }
}

std::string acknowledgement(const Scene& scene, const AlertRow& alert) {
  const auto* const ack = scene.model.acknowledged(alert);
  if (ack == nullptr) return std::string{scene.say("alert.open")};
  const auto at = parse_iso8601(ack->at);
  return std::string{scene.tick_mark()} + " " +
         scene.say("alert.acked", {ack->author, at ? moment(scene, *at, true) : ack->at, ack->reason});
}

}  // namespace

Lines tape_panel(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (rows < 1) return lines;
  const auto tape = tape_of(scene);
  lines.push_back(tape_head(scene, tape, columns));
  const auto room = static_cast<std::size_t>(rows - 1);
  if (tape.rows.empty() && room > 0) {
    const auto key = scene.model.alerts().empty() ? "tape.empty" : "tape.none";
    lines.push_back(scene.line().add(" ").add(scene.say(key), Ink::kSoft).cut(columns));
  }
  // The selected one in sight, in the middle while there is something on both sides.
  const auto last_top = tape.rows.size() - std::min(tape.rows.size(), room);
  const auto top = std::min(last_top, tape.selected - std::min(tape.selected, room / 2));
  for (auto i = top; i < std::min(tape.rows.size(), top + room); ++i)
    lines.push_back(line_of(scene, *tape.rows[i], i == tape.selected, columns));
  return lines;
}

Lines alert_panel(const Scene& scene, int columns, int rows) {
  Lines lines;
  const auto* const alert = scene.desk.selected(scene.model);
  if (alert == nullptr || rows < 1) return lines;
  const auto push = [&](Line line) {
    if (static_cast<int>(lines.size()) < rows) lines.push_back(std::move(line.cut(columns)));
  };
  push(head(scene, scene.named("kind", alert->kind), columns, scene.desk.detail() ? scene.say("alert.closed") : ""));
  auto title = scene.line();
  title.add(" ").add(mark_of(scene, alert->severity), ink_of(alert->severity)).add(" ");
  push(title.add(title_of(scene, *alert), ink_of(alert->severity)));
  auto about = scene.line();
  about.add(" ").add(moment(scene, alert->ts_event, true)).add(" ").add(zone_text(alert->ts_event, scene.zone));
  about.add("  ").add(scene.named("severity", severity_name(alert->severity)), ink_of(alert->severity));
  about.add("  ").add(scene.say("alert.rule", {alert->rule}), Ink::kSoft);
  about.add("  ").add(alert->event, Ink::kSoft).add("  ").add(price_of(scene, *alert), Ink::kStrong);
  push(about.add("  #").add(std::to_string(alert->seq), Ink::kSoft));
  auto ack = scene.line();
  ack.add(" ").add(acknowledgement(scene, *alert), scene.model.acknowledged(*alert) ? Ink::kGood : Ink::kSoft);
  if (!alert->held.empty()) ack.add("  ").add(scene.say("tape.held", {scene.named("held", alert->held)}), Ink::kWarn);
  push(std::move(ack));
  auto text = scene.line();
  text.add(text_of(scene, *alert));
  for (const auto& span : text.spans())
    for (const auto& line : wrapped(span.text, columns - 2, static_cast<std::size_t>(std::max(2, rows / 2))))
      push(scene.line().add(" ").add(line));
  push_evidence(scene, *alert, columns, push);
  return lines;
}

}  // namespace yagura::console::terminal
