#include "console/terminal/view.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "console/terminal/panels.hpp"

namespace yagura::console::terminal {
namespace {

constexpr Size kLeast{40, 10};
constexpr Size kWhole{80, 24};     // from here on everything is there at once
constexpr Size kAbreast{120, 36};  // from here on in two columns

bool holds(Size size, Size least) { return size.columns >= least.columns && size.rows >= least.rows; }

class Screen {
 public:
  explicit Screen(const Scene& scene) : scene_(scene), size_(scene.look.size) {}

  void put(Line line) {
    if (static_cast<int>(lines_.size()) < size_.rows) lines_.push_back(std::move(line.cut(size_.columns)));
  }
  void put(Lines lines) {
    for (auto& line : lines) put(std::move(line));
  }
  // Exactly `rows` of them.
  void fill(Lines lines, int rows) {
    for (int i = 0; i < rows; ++i) {
      const auto at = static_cast<std::size_t>(i);
      put(at < lines.size() ? std::move(lines[at]) : scene_.line());
    }
  }
  [[nodiscard]] int left() const { return size_.rows - static_cast<int>(lines_.size()); }

  Frame frame(std::optional<int> cursor) {
    Frame frame;
    for (const auto& line : lines_) frame.lines.push_back(line.spans());
    if (cursor && !lines_.empty())
      frame.cursor = Frame::Cursor{std::clamp(*cursor, 0, size_.columns - 1), static_cast<int>(lines_.size()) - 1};
    return frame;
  }

 private:
  const Scene& scene_;
  Size size_;
  Lines lines_;
};

int count(const Scene& scene, const auto StateSnapshot::*rows) {
  return scene.model.state() == nullptr ? 0 : static_cast<int>((scene.model.state()->*rows).size());
}

Lines join(Lines above, Lines below) {
  for (auto& line : below) above.push_back(std::move(line));
  return above;
}

// What takes the place of the panels, if anything does.
std::optional<Lines> overlay(const Scene& scene, int columns, int rows) {
  if (scene.desk.help()) return help_panel(scene, columns, rows);
  if (scene.desk.detail() && scene.desk.selected(scene.model) != nullptr) return alert_panel(scene, columns, rows);
  return std::nullopt;
}

Lines one_panel(const Scene& scene, int columns, int rows) {
  switch (scene.desk.panel()) {
    case Desk::Panel::kPrices: return prices_panel(scene, columns, 5);
    case Desk::Panel::kDistances: return distances_panel(scene, columns, rows);
    case Desk::Panel::kPair: return markets_panel(scene, columns, rows);
    case Desk::Panel::kFeeds: return feeds_table(scene, columns, rows);
    case Desk::Panel::kLatency: return latency_table(scene, columns, rows);
    case Desk::Panel::kTape: break;
  }
  return tape_panel(scene, columns, rows);
}

// Prices on top, below them the panel that Tab has chosen.
void draw_small(const Scene& scene, Screen& screen, int foot) {
  const auto columns = scene.look.size.columns;
  const auto notice = notice_bar(scene, columns);
  const bool lost = scene.model.link() == Model::Link::kLost;
  if (notice.width() > 0 && (lost || scene.look.size.rows >= 12)) screen.put(notice);
  if (scene.desk.panel() != Desk::Panel::kPrices || scene.desk.help() || scene.desk.detail()) {
    auto prices = prices_panel(scene, columns, 1);
    keep_first(prices, std::max(1, screen.left() / 3));
    screen.put(std::move(prices));
  }
  const int rows = screen.left() - foot;
  auto over = overlay(scene, columns, rows);
  screen.fill(over ? *std::move(over) : one_panel(scene, columns, rows), rows);
}

// Everything, one below the other: at 80 by 24 the least of each, then the tape grows.
void draw_stacked(const Scene& scene, Screen& screen, int foot) {
  const auto [columns, rows] = scene.look.size;
  const int instruments = count(scene, &StateSnapshot::instruments);
  const bool covered = scene.desk.help() || scene.desk.detail();
  const int rows_each = covered || instruments > 2 ? 1 : rows >= 40 ? 5 : 2;
  screen.put(notice_bar(scene, columns));
  screen.put(session_bar(scene, columns));
  auto prices = prices_panel(scene, columns, rows_each);
  keep_first(prices, rows / 3);
  screen.put(std::move(prices));
  const int below = screen.left() - foot;
  if (auto over = overlay(scene, columns, below)) return screen.fill(*std::move(over), below);

  constexpr int kTape = 7, kDistances = 5, kPair = 2, kLatency = 1;
  const int latency = foot > 1 ? 0 : kLatency;  // an entry's hint takes its place
  int spare = std::max(0, below - kTape - kDistances - kPair - 1 - latency);
  // One line for all of them, or one each and one for what is counted of all.
  const int each = count(scene, &StateSnapshot::feeds);
  const int feeds = each <= spare ? each + 1 : 1;
  spare -= feeds - 1;
  const int distances = kDistances + std::min(spare / 3, 8);
  const int tape = below - distances - kPair - feeds - latency;
  screen.fill(distances_panel(scene, columns, distances), distances);
  screen.fill(tape_panel(scene, columns, tape), tape);
  screen.fill(pair_lines(scene, columns, kPair), kPair);
  screen.fill(feeds_lines(scene, columns, feeds), feeds);
  if (latency > 0) screen.put(latency_line(scene, columns));
}

// Prices, alerts and the selected one on the left, what stands behind them on the right.
void draw_abreast(const Scene& scene, Screen& screen, int foot) {
  const int columns = scene.look.size.columns;
  screen.put(notice_bar(scene, columns));
  screen.put(session_bar(scene, columns));
  const int rows = screen.left() - foot;
  const int right_columns = std::clamp(columns * 2 / 5, 56, 90);
  const int left_columns = columns - right_columns - 3;

  auto left = prices_panel(scene, left_columns, count(scene, &StateSnapshot::instruments) <= 3 ? 5 : 2);
  keep_first(left, rows / 2);
  const int below = rows - static_cast<int>(left.size());
  if (auto over = overlay(scene, left_columns, below)) {
    left = join(std::move(left), *std::move(over));
  } else {
    const int detail = std::min(13, below / 3);
    auto tape = tape_panel(scene, left_columns, below - detail);
    tape.resize(static_cast<std::size_t>(below - detail), scene.line());
    left = join(join(std::move(left), std::move(tape)), alert_panel(scene, left_columns, detail));
  }

  auto feeds = feeds_table(scene, right_columns, rows / 3);
  auto latency = latency_table(scene, right_columns, 9);
  auto pair = pair_table(scene, right_columns, rows / 3);
  const int distances = rows - static_cast<int>(feeds.size() + latency.size() + pair.size());
  auto right = distances_panel(scene, right_columns, distances);
  right = join(join(join(std::move(right), std::move(pair)), std::move(feeds)), std::move(latency));

  Lines both;
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows); ++i) {
    auto& line = both.emplace_back(scene.line());
    if (i < left.size()) line.append(left[i].cut(left_columns));
    line.to(left_columns).add(scene.look.unicode ? " │ " : " | ", Ink::kSoft);
    if (i < right.size()) line.append(right[i]);
  }
  screen.fill(std::move(both), rows);
}

void draw_too_small(const Scene& scene, Screen& screen) {
  const auto [columns, rows] = scene.look.size;
  const auto text = scene.say("too_small", {std::to_string(columns), std::to_string(rows)});
  if (scene.model.link() == Model::Link::kLost) screen.put(scene.line().add(scene.say("link.lost"), Ink::kAlarm));
  for (const auto& line : wrapped(text, columns, static_cast<std::size_t>(std::max(1, rows))))
    screen.put(scene.line().add(line, Ink::kStrong));
}

}  // namespace

Frame draw(const Model& model, const Desk& desk, const Look& look, MonoTime now, Timestamp wall) noexcept {
  if (look.size.columns < 1 || look.size.rows < 1) return {};
  const Scene scene{model, desk, look, now, wall, desk.lang(look), desk.zone()};
  Screen screen{scene};
  std::optional<int> cursor;
  if (!holds(look.size, kLeast)) {
    draw_too_small(scene, screen);
    return screen.frame(cursor);
  }
  auto foot = bottom(scene, look.size.columns, cursor);
  const int rows = static_cast<int>(foot.size());
  screen.put(title_bar(scene, look.size.columns));
  if (holds(look.size, kAbreast))
    draw_abreast(scene, screen, rows);
  else if (holds(look.size, kWhole))
    draw_stacked(scene, screen, rows);
  else
    draw_small(scene, screen, rows);
  screen.put(std::move(foot));
  return screen.frame(cursor);
}

}  // namespace yagura::console::terminal
