#include "console/terminal/scene.hpp"

#include <algorithm>

namespace yagura::console::terminal {

Timestamp Scene::market_now() const {
  if (model.state() == nullptr) return wall;
  Timestamp latest{};
  for (const auto& row : model.state()->instruments) latest = std::max(latest, row.session.market_now);
  return latest == Timestamp{} ? wall : latest;
}

std::string_view Scene::condition(std::size_t instrument) const {
  if (model.link() == Model::Link::kLost) return "LOST";
  const auto& feed = model.state()->instruments[instrument].feed;
  const bool spoke = feed.state == "LIVE" || feed.state == "LATE";
  const auto age = model.age(instrument, now);
  // The monitor says so a second later; a silent link never would.
  if (spoke && age && feed.stale_after_ms > 0 && *age > std::chrono::milliseconds{feed.stale_after_ms}) return "STALE";
  return feed.state;
}

bool is_old(std::string_view condition) { return condition == "LOST" || condition == "STALE" || condition == "FROZEN"; }

Ink ink_of(std::string_view condition) {
  if (condition == "LIVE") return Ink::kGood;
  if (is_old(condition)) return Ink::kBad;
  if (condition == "LATE" || condition == "SUSPECT" || condition == "CONNECTING") return Ink::kWarn;
  return Ink::kSoft;
}

Line head(const Scene& scene, std::string_view title, int columns, std::string_view right) {
  auto end = scene.line();
  if (!right.empty()) end.add(" ").add(right, Ink::kSoft).add(" ");
  auto line = scene.line();
  line.add(title, Ink::kStrong).add(" ").cut(columns);
  if (end.width() + line.width() + 2 > columns) return line.rule(columns);
  return line.rule(columns - end.width()).append(end);
}

}  // namespace yagura::console::terminal
