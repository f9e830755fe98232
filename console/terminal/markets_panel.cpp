// The Nikkei against the yen, and suspicions of intervention.
#include <algorithm>
#include <cmath>
#include <limits>

#include "console/terminal/numbers.hpp"
#include "console/terminal/panels.hpp"

namespace yagura::console::terminal {
namespace {

constexpr int kLabel = 12;  // columns of the label in front of a line

Ink pair_ink(std::string_view state) {
  if (state == "diverged" || state == "decoupled") return Ink::kWarn;
  return state == "learning" ? Ink::kSoft : Ink::kGood;
}

Ink stage_ink(std::string_view stage) {
  if (stage == "strong") return Ink::kCritical;
  if (stage == "suspected") return Ink::kHigh;
  return stage == "watch" ? Ink::kWarn : Ink::kSoft;
}

std::string number(const std::optional<double>& value) { return value ? real_text(*value, 2) : "-"; }

Lines model_of(const Scene& scene, const PairSnapshot& pair) {
  Lines parts;
  const auto add = [&](std::string_view text, Ink ink) { parts.push_back(scene.line().add(text, ink)); };
  add(scene.named("pair", pair.state), pair_ink(pair.state));
  if (pair.state == "learning" && !pair.beta) return parts;
  add(scene.say("pair.beta", {number(pair.beta)}), Ink::kPlain);
  add(pair.rho_long ? scene.say("pair.rho_long", {number(pair.rho), number(pair.rho_long)})
                    : scene.say("pair.rho", {number(pair.rho)}),
      Ink::kPlain);
  const bool wide = pair.residual_z && std::abs(*pair.residual_z) >= 3;
  add(scene.say("pair.z", {pair.residual_z ? signed_real(*pair.residual_z, 2) : "-"}), wide ? Ink::kWarn : Ink::kPlain);
  return parts;
}

Lines changes_of(const Scene& scene, const PairSnapshot& pair) {
  Lines parts;
  const auto change = [&](std::string_view symbol, const std::optional<double>& percent) {
    if (!percent) return;
    auto& part = parts.emplace_back(scene.line());
    part.add(scene.name_of(symbol), Ink::kSoft).add(" ");
    part.add(percent_text(*percent), *percent < 0 ? Ink::kDown : Ink::kUp);
  };
  change(pair.instrument, pair.own_change_pct);
  change(pair.other, pair.other_change_pct);
  const auto soft = [&](std::string_view text) { parts.push_back(scene.line().add(text, Ink::kSoft)); };
  if (pair.expected_pct) soft(scene.say("pair.expected", {percent_text(*pair.expected_pct)}));
  if (pair.own_change_pct && pair.window_ms > 0)
    soft(scene.say("pair.window", {length_text(std::chrono::milliseconds{pair.window_ms}, scene.lang)}));
  return parts;
}

Lines join(Lines above, const Lines& below) {
  above.insert(above.end(), below.begin(), below.end());
  return above;
}

// What fits behind the label; what does not is in the table of a larger screen.
Line pair_line(const Scene& scene, const PairSnapshot& pair, int columns) {
  auto line = scene.line();
  line.cell(scene.say("pair"), kLabel, Ink::kStrong);
  const auto parts = join(model_of(scene, pair), changes_of(scene, pair));
  return line.append(flowed(parts, columns - kLabel, 0, scene.look.unicode).front()).cut(columns);
}

std::vector<InterventionSnapshot::Item> by_points(const InterventionSnapshot& it) {
  auto items = it.items;
  std::stable_sort(items.begin(), items.end(), [](const auto& a, const auto& b) { return a.points > b.points; });
  return items;
}

void add_item(const Scene& scene, const InterventionSnapshot::Item& item, Line& line) {
  const auto ink = item.points > 0 ? Ink::kPlain : Ink::kSoft;
  line.add(scene.named("item", item.name), ink).add(" ");
  line.add((item.points > 0 ? "+" : "") + std::to_string(item.points), ink);
}

Line watch_line(const Scene& scene, const InterventionSnapshot& it, int columns) {
  auto line = scene.line();
  line.cell(scene.say("watch.short"), kLabel, Ink::kStrong);
  line.add(scene.named("stage", it.stage), stage_ink(it.stage)).add("  ");
  const auto at = [](int points) { return std::to_string(points); };
  line.add(scene.say("watch.of", {at(it.score), at(it.watch_at), at(it.suspected_at), at(it.strong_at)}));
  for (const auto& item : by_points(it)) {
    auto next = scene.line();
    add_item(scene, item, next.add("  "));
    if (line.width() + next.width() > columns) break;
    line.append(next);
  }
  return line.cut(columns);
}

Line nothing(const Scene& scene, std::string_view label, std::string_view words) {
  return scene.line().cell(scene.say(label), kLabel, Ink::kStrong).add(scene.say(words), Ink::kSoft);
}

Lines pair_block(const Scene& scene, const PairSnapshot& pair, int columns) {
  auto title = std::string{scene.name_of(pair.instrument)} + " / " + std::string{scene.name_of(pair.other)};
  const auto as_of = pair.as_of == Timestamp{}
                         ? std::string{}
                         : clock_text(pair.as_of, scene.zone) + " " + zone_text(pair.as_of, scene.zone);
  Lines lines{head(scene, title, columns, as_of)};
  lines = join(std::move(lines), flowed(model_of(scene, pair), columns, 1, scene.look.unicode));
  return join(std::move(lines), flowed(changes_of(scene, pair), columns, 1, scene.look.unicode));
}

Lines watch_block(const Scene& scene, const InterventionSnapshot& it, int columns) {
  const auto title = std::string{scene.say("watch")} + " " + std::string{scene.name_of(it.instrument)};
  std::string push;
  const auto* const row = scene.instrument(it.instrument);
  const int decimals = row == nullptr ? 0 : row->decimals;
  if (it.start && it.extreme)
    push = scene.say("watch.from", {price_text(*it.start, decimals), price_text(*it.extreme, decimals)});
  Lines lines{head(scene, title, columns, push)};
  const auto at = [](int points) { return std::to_string(points); };
  Lines stage{
      scene.line().add(scene.named("stage", it.stage), stage_ink(it.stage)),
      scene.line().add(scene.say("watch.score", {at(it.score)}), it.score > 0 ? Ink::kStrong : Ink::kSoft),
      scene.line().add(scene.say("watch.at", {at(it.watch_at), at(it.suspected_at), at(it.strong_at)}), Ink::kSoft)};
  lines = join(std::move(lines), flowed(stage, columns, 1, scene.look.unicode));
  constexpr int kItem = 19;
  Lines items;
  for (const auto& item : by_points(it)) {
    auto& cell = items.emplace_back(scene.line());
    add_item(scene, item, cell);
    cell.to(kItem);
  }
  return join(std::move(lines), flowed(items, std::max(columns, kItem + 1), 1, scene.look.unicode));
}

}  // namespace

Lines pair_lines(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr) return lines;
  const auto& state = *scene.model.state();
  for (const auto& pair : state.pairs) lines.push_back(pair_line(scene, pair, columns));
  if (state.pairs.empty()) lines.push_back(nothing(scene, "pair", "pair.none"));
  // One line of each before more of the first.
  keep_first(lines, std::max(1, rows - 1));
  for (const auto& it : state.interventions) lines.push_back(watch_line(scene, it, columns));
  if (state.interventions.empty()) lines.push_back(nothing(scene, "watch.short", "watch.none"));
  keep_first(lines, rows);
  return lines;
}

Lines pair_table(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr) return lines;
  const auto& state = *scene.model.state();
  for (const auto& pair : state.pairs) lines = join(std::move(lines), pair_block(scene, pair, columns));
  if (state.pairs.empty()) lines.push_back(nothing(scene, "pair", "pair.none"));
  for (const auto& it : state.interventions) lines = join(std::move(lines), watch_block(scene, it, columns));
  if (state.interventions.empty()) lines.push_back(nothing(scene, "watch.short", "watch.none"));
  keep_first(lines, rows);
  for (auto& line : lines) line.cut(columns);
  return lines;
}

Lines markets_panel(const Scene& scene, int columns, int rows) {
  const bool unicode = scene.look.unicode;
  const auto clocks = flowed(session_clocks(scene), columns, 0, unicode);
  auto tables = pair_table(scene, columns, std::numeric_limits<int>::max());
  if (scene.model.state() == nullptr) return tables;
  if (static_cast<int>(tables.size() + clocks.size()) <= rows) return join(std::move(tables), clocks);
  Lines lines;
  for (const auto& pair : scene.model.state()->pairs) {
    const Lines label{scene.line().add(scene.say("pair"), Ink::kStrong)};
    lines = join(std::move(lines), flowed(join(label, model_of(scene, pair)), columns, 0, unicode));
  }
  for (const auto& it : scene.model.state()->interventions) {
    Lines parts{scene.line().add(scene.say("watch"), Ink::kStrong),
                scene.line().add(scene.named("stage", it.stage), stage_ink(it.stage)),
                scene.line().add(scene.say("watch.score", {std::to_string(it.score)}))};
    for (const auto& item : by_points(it)) {
      if (item.points > 0) add_item(scene, item, parts.emplace_back(scene.line()));
    }
    lines = join(std::move(lines), flowed(parts, columns, 0, unicode));
  }
  return join(std::move(lines), clocks);
}

}  // namespace yagura::console::terminal
