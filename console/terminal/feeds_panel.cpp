// Whether the data can be trusted, and how late they are.
#include <algorithm>

#include "console/terminal/numbers.hpp"
#include "console/terminal/panels.hpp"

namespace yagura::console::terminal {
namespace {

constexpr int kLabel = 12;
constexpr int kTable = 72;  // columns that the table needs

Ink ink_of(const FeedSnapshot& feed) {
  if (feed.state == "LIVE") return Ink::kGood;
  return feed.state == "BACKOFF" || feed.state == "STOPPED" ? Ink::kBad : Ink::kWarn;
}

// While the link is lost a feed's age goes on; nobody can know its state.
std::string age_of(const Scene& scene, const FeedSnapshot& feed) {
  if (!feed.last_rx_age_ms) return "-";
  const auto since = std::max(Duration{0}, Duration{scene.now - scene.model.state_at()});
  return length_text(std::chrono::milliseconds{*feed.last_rx_age_ms} + since, scene.lang);
}

std::uint64_t rejected(const InstrumentSnapshot& it) {
  std::uint64_t sum = 0;
  for (const auto& [reason, count] : it.rejected) sum += count;
  return sum;
}

Line count_of(const Scene& scene, std::string_view key, std::uint64_t count) {
  auto line = scene.line();
  line.add(scene.say(key), Ink::kSoft).add(" ").add(count_text(count), count > 0 ? Ink::kWarn : Ink::kPlain);
  return line;
}

// What is wrong in words, of a feed that does not speak.
std::string trouble_of(const Scene& scene, const FeedSnapshot& feed) {
  std::string text = feed.why;
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : "; ") + more; };
  if (feed.state == "LIVE") return text;
  if (feed.next_attempt_ms)
    add(scene.say("feeds.next", {length_text(std::chrono::milliseconds{*feed.next_attempt_ms}, scene.lang)}));
  if (!feed.last_error.empty()) add(scene.say("feeds.error", {feed.last_error}));
  return text;
}

// Those with trouble first: they must not be the ones left out.
std::vector<const FeedSnapshot*> in_order(const StateSnapshot& state) {
  std::vector<const FeedSnapshot*> feeds;
  for (const auto& feed : state.feeds) feeds.push_back(&feed);
  std::stable_sort(feeds.begin(), feeds.end(),
                   [](const auto* a, const auto* b) { return (a->state == "LIVE") < (b->state == "LIVE"); });
  return feeds;
}

void add_state(const Scene& scene, const FeedSnapshot& feed, Line& line) {
  line.add(feed.name).add(" ").add(feed.state, ink_of(feed)).add(" ").add(age_of(scene, feed), Ink::kSoft);
}

// Of one feed what its line says, the most important first.
Lines parts_of(const Scene& scene, const FeedSnapshot& feed) {
  Lines parts;
  add_state(scene, feed, parts.emplace_back(scene.line()));
  parts.push_back(count_of(scene, "feeds.gaps", feed.gaps));
  parts.push_back(count_of(scene, "feeds.errors", feed.errors));
  parts.push_back(count_of(scene, "feeds.reconnects", feed.reconnects));
  parts.push_back(scene.line().add(trouble_of(scene, feed), Ink::kWarn));
  return parts;
}

Line feed_line(const Scene& scene, const FeedSnapshot& feed, int columns) {
  auto line = scene.line().to(kLabel);
  for (const auto& part : parts_of(scene, feed)) {
    if (part.width() > 0) line.add(line.width() > kLabel ? "  " : "").append(part);
  }
  return line.cut(columns);
}

// All in one line: what is counted of them together.
Line summary(const Scene& scene, const std::vector<const FeedSnapshot*>& named, int columns) {
  const auto& state = *scene.model.state();
  std::uint64_t gaps = 0, rejects = 0, failovers = 0;
  for (const auto& feed : state.feeds) gaps += feed.gaps;
  for (const auto& it : state.instruments) {
    rejects += rejected(it);
    failovers += it.feed.failovers;
  }
  auto counts = scene.line();
  counts.append(count_of(scene, "feeds.gaps", gaps)).add("  ");
  counts.append(count_of(scene, "feeds.rejects", rejects)).add("  ");
  counts.append(count_of(scene, "feeds.failovers", failovers));
  auto line = scene.line();
  line.cell(scene.say("feeds"), kLabel, Ink::kStrong);
  std::size_t shown = 0;
  for (const auto* feed : named) {
    auto next = scene.line();
    add_state(scene, *feed, next.add(shown > 0 ? "  " : ""));
    if (shown > 0 && line.width() + next.width() + 2 + counts.width() > columns) break;
    line.append(next);
    ++shown;
  }
  if (named.empty() && state.feeds.empty()) line.add(scene.say("feeds.none"), Ink::kSoft);
  if (shown < named.size()) line.add("  +" + std::to_string(named.size() - shown), Ink::kWarn);
  return line.add(named.empty() ? "" : "  ").append(counts).cut(columns);
}

Line table_head(const Scene& scene) {
  auto line = scene.line();
  line.add(" ").cell(scene.say("feeds.name"), 14, Ink::kSoft).cell(scene.say("feeds.state"), 13, Ink::kSoft);
  line.right(scene.say("feeds.age"), 10, Ink::kSoft).right(scene.say("feeds.ticks"), 14, Ink::kSoft);
  line.right(scene.say("feeds.gaps"), 8, Ink::kSoft).right(scene.say("feeds.errors"), 8, Ink::kSoft);
  return line.right(scene.say("feeds.reconnects"), 12, Ink::kSoft);
}

Line table_row(const Scene& scene, const FeedSnapshot& feed) {
  const auto ink = [](std::uint64_t count) { return count > 0 ? Ink::kWarn : Ink::kPlain; };
  auto line = scene.line();
  line.add(" ").cell(feed.name, 13).add(" ").cell(feed.state, 12, ink_of(feed)).add(" ");
  line.right(age_of(scene, feed), 10).right(count_text(feed.ticks), 14);
  line.right(count_text(feed.gaps), 8, ink(feed.gaps)).right(count_text(feed.errors), 8, ink(feed.errors));
  return line.right(count_text(feed.reconnects), 12, ink(feed.reconnects));
}

// "NI225 rejected: outlier 3, late 2    failovers 1"
Line refusals(const Scene& scene, const InstrumentSnapshot& it) {
  std::string reasons;
  for (const auto& [reason, count] : it.rejected) {
    if (count > 0) reasons += (reasons.empty() ? "" : ", ") + reason + " " + count_text(count);
  }
  auto line = scene.line();
  const auto name = scene.name_of(it);
  line.add(" ").add(
      reasons.empty() ? scene.say("feeds.none_rejected", {name}) : scene.say("feeds.rejected", {name, reasons}),
      reasons.empty() ? Ink::kSoft : Ink::kWarn);
  if (it.feed.failovers > 0) line.add("  ").append(count_of(scene, "feeds.failovers", it.feed.failovers));
  return line;
}

Line monitor_line(const Scene& scene, const StateSnapshot& state) {
  std::uint64_t held = 0;
  for (const auto& [reason, count] : state.held) held += count;
  auto line = scene.line();
  line.add(" ").add(scene.say("feeds.queue", {count_text(state.queue_depth), count_text(state.queue_capacity)}));
  line.add("  ").add(
      scene.say("feeds.sent", {count_text(state.alert_count), count_text(state.delivered), count_text(held)}));
  return line.all(Ink::kSoft);
}

}  // namespace

Lines feeds_lines(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr || rows < 1) return lines;
  const auto feeds = in_order(*scene.model.state());
  const bool one_each = static_cast<int>(feeds.size()) < rows;
  lines.push_back(summary(scene, one_each ? std::vector<const FeedSnapshot*>{} : feeds, columns));
  if (!one_each) return lines;
  for (const auto* feed : feeds) lines.push_back(feed_line(scene, *feed, columns));
  return lines;
}

Lines feeds_table(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr || rows < 1) return lines;
  const auto& state = *scene.model.state();
  const bool table = columns >= kTable;
  lines.push_back(head(scene, scene.say("feeds"), columns));
  if (table) lines.push_back(table_head(scene));
  for (const auto* feed : in_order(state)) {
    if (!table) {
      for (auto& line : flowed(parts_of(scene, *feed), columns, 1, scene.look.unicode))
        lines.push_back(std::move(line));
      continue;
    }
    lines.push_back(table_row(scene, *feed));
    if (const auto trouble = trouble_of(scene, *feed); !trouble.empty())
      lines.push_back(scene.line().add("   ").add(trouble, Ink::kWarn));
  }
  for (const auto& it : state.instruments) lines.push_back(refusals(scene, it));
  lines.push_back(monitor_line(scene, state));
  keep_first(lines, rows);
  for (auto& line : lines) line.cut(columns);
  return lines;
}

namespace {

// "20/352/413 µs"; where that would be long each in its own unit.
std::string triple(const StageLatency& stage) {
  const auto us = [](double value) { return real_text(value, value < 10 ? 1 : 0); };
  if (stage.max_us < 10'000) return us(stage.p50_us) + "/" + us(stage.p99_us) + "/" + us(stage.max_us) + " µs";
  return micro_text(stage.p50_us) + "/" + micro_text(stage.p99_us) + "/" + micro_text(stage.max_us);
}

}  // namespace

Line latency_line(const Scene& scene, int columns) {
  auto line = scene.line();
  if (scene.model.state() == nullptr) return line;
  line.cell(scene.say("latency"), kLabel, Ink::kStrong);
  bool any = false;
  const auto add = [&](const StageLatency& stage) {
    if (stage.count == 0) return;
    auto next = scene.line();
    next.add(any ? "  " : "").add(scene.named("delay", stage.stage), Ink::kSoft).add(" ");
    next.add(triple(stage));
    if (line.width() + next.width() > columns) return;
    line.append(next);
    any = true;
  };
  line.add(scene.say("latency.columns"), Ink::kSoft).add("  ");
  const auto& stages = scene.model.state()->latency;
  // What people feel comes first.
  for (const auto& stage : stages)
    if (stage.stage == "tick_to_alert") add(stage);
  for (const auto& stage : stages)
    if (stage.stage != "tick_to_alert") add(stage);
  if (!any) line.add(scene.say("latency.none"), Ink::kSoft);
  return line.cut(columns);
}

Lines latency_table(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr || rows < 1) return lines;
  struct Column {
    std::string_view title;
    double StageLatency::*us;
  };
  std::vector<Column> shown{{"p50", &StageLatency::p50_us}, {"p99", &StageLatency::p99_us}};
  if (columns >= 60) shown.push_back({"p99.9", &StageLatency::p999_us});
  shown.push_back({scene.say("latency.max"), &StageLatency::max_us});
  const bool wide = columns >= 60;
  const int name = wide ? 20 : columns >= 54 ? 15 : 13, width = wide ? 10 : 9, count = wide ? 13 : 12;
  const bool counted = name + width * static_cast<int>(shown.size()) + count <= columns;
  lines.push_back(head(scene, scene.say("latency"), columns));
  auto& titles = lines.emplace_back(scene.line()).to(name);
  for (const auto& column : shown) titles.right(column.title, width, Ink::kSoft);
  if (counted) titles.right(scene.say("latency.count"), count, Ink::kSoft);
  for (const auto& stage : scene.model.state()->latency) {
    auto& line = lines.emplace_back(scene.line());
    line.add(" ").cell(scene.named("delay", stage.stage), name - 1);
    if (stage.count == 0) continue;
    for (const auto& column : shown) line.right(micro_text(stage.*column.us), width);
    if (counted) line.right(count_text(stage.count), count, Ink::kSoft);
  }
  keep_first(lines, rows);
  for (auto& line : lines) line.cut(columns);
  return lines;
}

}  // namespace yagura::console::terminal
