// Head and foot of the screen.
#include <algorithm>
#include <set>

#include "console/terminal/numbers.hpp"
#include "console/terminal/panels.hpp"
#include "console/terminal/utf8.hpp"

namespace yagura::console::terminal {
namespace {

using std::chrono::seconds;

constexpr Duration kSilent = seconds{4};      // state comes every second
constexpr Duration kComplaint = seconds{30};  // for so long it is shown what the monitor complained about

Line alarm(const Scene& scene, int columns) {
  const auto lost = scene.model.lost_at().value_or(scene.now);
  const auto when = scene.wall - std::chrono::duration_cast<Duration>(scene.now - lost);
  auto text = scene.say("lost.at", {clock_text(when, scene.zone) + " " + zone_text(when, scene.zone),
                                    length_text(std::max(Duration{0}, Duration{scene.now - lost}), scene.lang)});
  if (!scene.model.lost_why().empty()) text = scene.say("lost.why", {text, scene.model.lost_why()});
  auto line = scene.line();
  line.add(" !! ").add(text).cut(columns).to(columns);
  return line.all(Ink::kAlarm);
}

// What comes next and when: "lunch in 12:33".
std::string then_text(const Scene& scene, const InstrumentSnapshot& row) {
  const auto& session = row.session;
  const auto then = session.open ? session.until : session.opens ? session.opens : session.until;
  if (!then || session.market_now == Timestamp{}) return {};
  const bool named_next = session.open || row.segment == "lunch";
  const auto next = !named_next ? "opens" : session.next.empty() ? "closed" : session.next;
  const auto left = *then - session.market_now;
  return filled(scene.named("then", next), {span_text(left, scene.lang)});
}

std::string_view prompt_of(Desk::Entry entry) {
  switch (entry) {
    case Desk::Entry::kFilter: return "filter";
    case Desk::Entry::kAcknowledge: return "ack";
    case Desk::Entry::kSilence: return "silence";
    case Desk::Entry::kAddLevel: return "level";
    case Desk::Entry::kRemoveLevel: return "unlevel";
    case Desk::Entry::kNone: break;
  }
  return {};
}

// The entry with its cursor in sight: of a long text the end before the cursor.
Line entry_line(const Scene& scene, int columns, std::optional<int>& cursor) {
  auto line = scene.line();
  line.add(scene.say(std::string{"entry."} += prompt_of(scene.desk.entry())), Ink::kStrong).cut(columns / 2);
  auto before = scene.line();
  before.add(scene.desk.line().before_cursor());
  const int room = std::max(1, columns - line.width() - 1);
  auto text = scene.line();
  text.add(scene.desk.line().text());
  if (before.width() <= room) {
    cursor = line.width() + before.width();
    return line.append(text).cut(columns);
  }
  std::string_view tail = before.spans().front().text;
  while (width_of(tail) > room) tail.remove_prefix(std::max<std::size_t>(1, decode(tail).size));
  line.add(tail);
  cursor = line.width();
  return line;
}

Line key_bar(const Scene& scene, int columns) {
  struct Hint {
    std::string_view key, words;
  };
  // In the order in which they are worth their room; where only one panel fits the others come first.
  constexpr Hint kHints[] = {{"?", "keys.help"},    {"q", "keys.quit"},  {"Enter", "keys.detail"}, {"a", "keys.ack"},
                             {"s", "keys.silence"}, {"+", "keys.level"}, {"/", "keys.filter"},     {"f", "keys.least"},
                             {"Tab", "keys.panel"}, {"L", "keys.lang"}};
  auto line = scene.line();
  if (columns < 80) line.add(" Tab ").add(scene.say("keys.panel")).add(" ");
  for (const auto& hint : kHints) {
    if (columns < 80 && hint.key == "Tab") continue;
    auto next = scene.line();
    next.add(" ").add(hint.key, Ink::kStrong).add(" ").add(scene.say(hint.words)).add(" ");
    if (line.width() + next.width() > columns) break;
    line.append(next);
  }
  line.to(columns);
  return line.all(Ink::kBar);
}

}  // namespace

Line title_bar(const Scene& scene, int columns) {
  const auto link = scene.model.link();
  const auto* const state = scene.model.state();
  auto left = scene.line();
  left.add(" Yagura");
  if (scene.lang == Lang::kJapanese) left.add(" 櫓");
  const auto words = link == Model::Link::kLive   ? "link.live"
                     : link == Model::Link::kLost ? "link.lost"
                                                  : "link.connecting";
  left.add("  ").add(scene.say(words));
  const auto market = scene.market_now();
  auto right = scene.line();
  if (columns >= 60) right.add(date_text(market, scene.zone, scene.lang)).add(" ");
  right.add(clock_text(market, scene.zone)).add(" ").add(zone_text(market, scene.zone)).add(" ");
  const auto add_if_it_fits = [&](std::string_view text) {
    auto more = scene.line();
    more.add("  ").add(text);
    if (!text.empty() && left.width() + more.width() + right.width() + 2 <= columns) left.append(more);
  };
  add_if_it_fits(scene.look.run);
  add_if_it_fits(scene.look.url);
  if (state != nullptr) {
    add_if_it_fits(state->version);
    add_if_it_fits(scene.say("run", {std::to_string(state->epoch)}));
  }
  left.cut(std::max(0, columns - right.width())).to(columns - right.width()).append(right).cut(columns);
  return left.all(Ink::kBar);
}

Line notice_bar(const Scene& scene, int columns) {
  const auto& model = scene.model;
  auto line = scene.line();
  const auto notice = [&](std::string_view text, Ink ink) { line.add(line.width() > 0 ? "  " : " ").add(text, ink); };
  if (model.link() == Model::Link::kLost) return alarm(scene, columns);
  if (model.state() == nullptr) {
    notice(scene.say("waiting", {scene.look.url.empty() ? "/ws" : scene.look.url}), Ink::kWarn);
    return line.cut(columns);
  }
  const auto& state = *model.state();
  const auto quiet = scene.now - model.heard();
  if (quiet >= kSilent) {
    notice(scene.say("silent", {length_text(quiet, scene.lang)}), Ink::kAlarm);
    line.to(columns);
    return line.all(Ink::kAlarm).cut(columns);
  }
  const auto reason = [&](const std::string& text) { return text.empty() ? scene.say("trouble.failed") : text; };
  if (!state.storage_ok) notice(scene.say("trouble.storage", {reason(state.storage_reason)}), Ink::kBad);
  if (const auto at = model.last_error_at(); at && scene.now - *at < kComplaint)
    notice(scene.say("trouble.server", {model.last_error()}), Ink::kWarn);
  if (state.demo)
    notice(scene.say("note.demo"), Ink::kInfo);
  else if (!state.note.empty())
    notice(state.note, Ink::kInfo);
  if (!state.clock_reason.empty()) notice(scene.say("trouble.clock", {state.clock_reason}), Ink::kWarn);
  return line.cut(columns);
}

Lines session_clocks(const Scene& scene) {
  Lines clocks;
  if (scene.model.state() == nullptr) return clocks;
  std::set<std::string_view> calendars;
  for (const auto& row : scene.model.state()->instruments) {
    if (!calendars.insert(row.calendar).second) continue;
    auto& clock = clocks.emplace_back(scene.line());
    clock.add(scene.named("calendar", row.calendar), Ink::kStrong);
    clock.add(" ").add(scene.named("segment", row.segment));
    if (!row.session.closed_reason.empty())
      clock.add(" (").add(scene.named("closed", row.session.closed_reason)).add(")");
    if (const auto then = then_text(scene, row); !then.empty())
      clock.add(scene.say("comma"), Ink::kSoft).add(then, Ink::kSoft);
    for (const auto& tag : row.session.tags) clock.add(" ").add(scene.named("tag", tag), Ink::kWarn);
  }
  return clocks;
}

Line session_bar(const Scene& scene, int columns) {
  auto line = scene.line();
  for (const auto& clock : session_clocks(scene)) line.add(line.width() > 0 ? "   " : " ").append(clock);
  return line.cut(columns);
}

Lines bottom(const Scene& scene, int columns, std::optional<int>& cursor) {
  Lines lines;
  if (scene.desk.entry() != Desk::Entry::kNone) {
    auto& hint = lines.emplace_back(scene.line());
    const auto& problem = scene.desk.problem();
    const auto key = std::string{"hint."} += prompt_of(scene.desk.entry());
    hint.add(problem.empty() ? scene.say(key) : problem, problem.empty() ? Ink::kSoft : Ink::kWarn).cut(columns);
    lines.push_back(entry_line(scene, columns, cursor));
    return lines;
  }
  if (const auto outcome = scene.desk.outcome(scene.now); !outcome.empty()) {
    auto& line = lines.emplace_back(scene.line());
    line.add(" ").add(outcome, Ink::kStrong).cut(columns);
    return lines;
  }
  lines.push_back(key_bar(scene, columns));
  return lines;
}

}  // namespace yagura::console::terminal
