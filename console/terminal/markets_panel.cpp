// The Nikkei against the yen, and suspicions of intervention.
#include <algorithm>
#include <cmath>

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

void add_model(const Scene& scene, const PairSnapshot& pair, Line& line) {
  line.add(scene.say("pair.beta", {number(pair.beta)})).add("  ");
  line.add(pair.rho_long ? scene.say("pair.rho_long", {number(pair.rho), number(pair.rho_long)})
                         : scene.say("pair.rho", {number(pair.rho)}));
  const bool wide = pair.residual_z && std::abs(*pair.residual_z) >= 3;
  line.add("  ").add(scene.say("pair.z", {pair.residual_z ? signed_real(*pair.residual_z, 2) : "-"}),
                     wide ? Ink::kWarn : Ink::kPlain);
}

void add_changes(const Scene& scene, const PairSnapshot& pair, Line& line) {
  const auto change = [&](std::string_view symbol, const std::optional<double>& percent) {
    if (!percent) return;
    line.add(scene.name_of(symbol), Ink::kSoft).add(" ");
    line.add(percent_text(*percent), *percent < 0 ? Ink::kDown : Ink::kUp).add("  ");
  };
  change(pair.instrument, pair.own_change_pct);
  change(pair.other, pair.other_change_pct);
  if (pair.expected_pct) line.add(scene.say("pair.expected", {percent_text(*pair.expected_pct)}), Ink::kSoft).add(" ");
  if (pair.own_change_pct && pair.window_ms > 0)
    line.add(scene.say("pair.window", {length_text(std::chrono::milliseconds{pair.window_ms}, scene.lang)}),
             Ink::kSoft);
}

Line pair_line(const Scene& scene, const PairSnapshot& pair, int columns) {
  auto line = scene.line();
  line.cell(scene.say("pair"), kLabel, Ink::kStrong);
  line.add(scene.named("pair", pair.state), pair_ink(pair.state));
  if (pair.state == "learning" && !pair.beta) return line.cut(columns);
  line.add("  ");
  add_model(scene, pair, line);
  line.add("  ");
  if (columns >= 100) add_changes(scene, pair, line);
  return line.cut(columns);
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

void add_stage(const Scene& scene, const InterventionSnapshot& it, Line& line) {
  line.add(scene.named("stage", it.stage), stage_ink(it.stage)).add("  ");
  line.add(scene.say("watch.score", {std::to_string(it.score)}), it.score > 0 ? Ink::kStrong : Ink::kSoft).add(" ");
  line.add(scene.say("watch.at",
                     {std::to_string(it.watch_at), std::to_string(it.suspected_at), std::to_string(it.strong_at)}),
           Ink::kSoft);
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

void pair_block(const Scene& scene, const PairSnapshot& pair, int columns, Lines& lines) {
  auto title = std::string{scene.name_of(pair.instrument)} + " / " + std::string{scene.name_of(pair.other)};
  const auto as_of = pair.as_of == Timestamp{}
                         ? std::string{}
                         : clock_text(pair.as_of, scene.zone) + " " + zone_text(pair.as_of, scene.zone);
  lines.push_back(head(scene, title, columns, as_of));
  auto& model = lines.emplace_back(scene.line());
  model.add(" ").add(scene.named("pair", pair.state), pair_ink(pair.state)).add("  ");
  add_model(scene, pair, model);
  auto changes = scene.line();
  add_changes(scene, pair, changes);
  if (changes.width() > 0) lines.push_back(scene.line().add(" ").append(changes));
}

void watch_block(const Scene& scene, const InterventionSnapshot& it, int columns, Lines& lines) {
  const auto title = std::string{scene.say("watch")} + " " + std::string{scene.name_of(it.instrument)};
  std::string push;
  const auto* const row = scene.instrument(it.instrument);
  const int decimals = row == nullptr ? 0 : row->decimals;
  if (it.start && it.extreme)
    push = scene.say("watch.from", {price_text(*it.start, decimals), price_text(*it.extreme, decimals)});
  lines.push_back(head(scene, title, columns, push));
  auto& stage = lines.emplace_back(scene.line());
  add_stage(scene, it, stage.add(" "));
  constexpr int kItem = 22;
  auto items = scene.line();
  for (const auto& item : by_points(it)) {
    if (items.width() > 0 && items.width() + kItem > columns) lines.push_back(std::exchange(items, scene.line()));
    auto cell = scene.line();
    add_item(scene, item, cell.add(" "));
    items.append(cell.cut(kItem).to(kItem));
  }
  if (items.width() > 0) lines.push_back(std::move(items));
}

}  // namespace

Lines pair_lines(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr) return lines;
  const auto& state = *scene.model.state();
  for (const auto& pair : state.pairs) lines.push_back(pair_line(scene, pair, columns));
  if (state.pairs.empty()) lines.push_back(nothing(scene, "pair", "pair.none"));
  // One line of each before more of the first.
  const auto pairs = std::min(lines.size(), static_cast<std::size_t>(std::max(1, rows - 1)));
  lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(pairs), lines.end());
  for (const auto& it : state.interventions) lines.push_back(watch_line(scene, it, columns));
  if (state.interventions.empty()) lines.push_back(nothing(scene, "watch.short", "watch.none"));
  if (static_cast<int>(lines.size()) > rows) lines.erase(lines.begin() + rows, lines.end());
  return lines;
}

Lines pair_table(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr) return lines;
  const auto& state = *scene.model.state();
  for (const auto& pair : state.pairs) pair_block(scene, pair, columns, lines);
  if (state.pairs.empty()) lines.push_back(nothing(scene, "pair", "pair.none"));
  for (const auto& it : state.interventions) watch_block(scene, it, columns, lines);
  if (state.interventions.empty()) lines.push_back(nothing(scene, "watch", "watch.none"));
  if (static_cast<int>(lines.size()) > rows) lines.erase(lines.begin() + std::max(0, rows), lines.end());
  for (auto& line : lines) line.cut(columns);
  return lines;
}

}  // namespace yagura::console::terminal
