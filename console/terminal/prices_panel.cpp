// The prices of now, and whether they are of now.
#include <algorithm>

#include "console/terminal/numbers.hpp"
#include "console/terminal/panels.hpp"
#include "console/terminal/sparkline.hpp"

namespace yagura::console::terminal {
namespace {

struct Row {
  const InstrumentSnapshot& it;
  std::string_view condition;
  std::optional<Duration> age;
};

Ink change_ink(const InstrumentSnapshot& it) {
  const auto raw = it.change ? it.change->raw() : 0;
  return raw > 0 ? Ink::kUp : raw < 0 ? Ink::kDown : Ink::kPlain;
}

std::string age_of(const Scene& scene, const Row& row) {
  return row.age ? length_text(*row.age, scene.lang) : std::string{};
}

Ink price_ink(const Row& row) { return is_old(row.condition) ? Ink::kSoft : Ink::kStrong; }

// The change since the previous close; of an old price that, and how old it is.
void add_change(const Scene& scene, const Row& row, int columns, Line& line) {
  if (is_old(row.condition)) {
    line.cell("  " + scene.say("price.old", {scene.named("feed", row.condition), age_of(scene, row)}), columns,
              Ink::kBad);
    return;
  }
  if (!row.it.change || !row.it.change_pct) {
    line.to(line.width() + columns);
    return;
  }
  const auto ink = change_ink(row.it);
  line.right(signed_text(*row.it.change, row.it.decimals), columns - 9, ink);
  line.right(percent_text(*row.it.change_pct), 9, ink);
}

std::string price_of(const Scene& scene, const InstrumentSnapshot& it) {
  return it.price ? price_text(*it.price, it.decimals) : std::string{scene.say("price.none")};
}

void add_quote(const Scene& scene, const InstrumentSnapshot& it, Line& line) {
  if (!it.bid && !it.ask) return;
  const auto side = [&](std::string_view key, const std::optional<Price>& price) {
    line.add(scene.say(key), Ink::kSoft).add(" ").add(price ? price_text(*price, it.decimals) : "-").add(" ");
  };
  side("price.bid", it.bid);
  side("price.ask", it.ask);
}

void add_range(const Scene& scene, const InstrumentSnapshot& it, Line& line) {
  if (!it.low || !it.high) return;
  line.add(scene.say("price.day"), Ink::kSoft).add(" ");
  line.add(price_text(*it.low, it.decimals) + " - " + price_text(*it.high, it.decimals)).add(" ");
}

void add_health(const Scene& scene, const Row& row, Line& line) {
  line.add(scene.named("feed", row.condition), ink_of(row.condition)).add(" ");
  line.add(age_of(scene, row), Ink::kSoft);
}

// One line: where there is hardly any room.
Line brief(const Scene& scene, const Row& row, int columns) {
  auto line = scene.line();
  line.add(" ").cell(scene.name_of(row.it), 10, Ink::kStrong).right(price_of(scene, row.it), 12, price_ink(row));
  if (columns < 60 && !is_old(row.condition)) {
    line.right(row.it.change_pct ? percent_text(*row.it.change_pct) : "", 9, change_ink(row.it));
  } else {
    add_change(scene, row, std::min(20, columns - line.width()), line);
  }
  if (!is_old(row.condition)) line.add("  ");
  // What is live needs no word where there is no room for one.
  if (columns < 60 && row.condition == "LIVE")
    line.add(age_of(scene, row), Ink::kSoft);
  else if (!is_old(row.condition))
    add_health(scene, row, line);
  if (columns >= 80) {
    line.to(58);
    add_quote(scene, row.it, line);
  }
  return line.cut(columns);
}

Lines two_lines(const Scene& scene, const Row& row, int columns) {
  Lines lines(2, scene.line());
  lines[0].add(" ").cell(scene.name_of(row.it), 11, Ink::kStrong).right(price_of(scene, row.it), 12, price_ink(row));
  add_change(scene, row, 21, lines[0]);
  lines[0].add("  ");
  if (!is_old(row.condition)) add_health(scene, row, lines[0]);
  lines[0].cut(columns);
  lines[1].add(" ");
  add_quote(scene, row.it, lines[1]);
  add_range(scene, row.it, lines[1]);
  lines[1].add(row.it.source, Ink::kSoft).cut(columns);
  return lines;
}

Lines block(const Scene& scene, const Row& row, int columns) {
  Lines lines(5, scene.line());
  lines[0].add(" ").add(scene.name_of(row.it), Ink::kStrong).add("  ").add(row.it.symbol, Ink::kSoft);
  lines[1].add(" ").right(price_of(scene, row.it), 12, price_ink(row));
  add_change(scene, row, 21, lines[1]);
  lines[2].add(" ");
  add_health(scene, row, lines[2]);
  lines[2].add("  ").add(row.it.source, Ink::kSoft);
  lines[3].add(" ");
  add_quote(scene, row.it, lines[3]);
  lines[4].add(" ");
  add_range(scene, row.it, lines[4]);
  if (row.it.previous_close && lines[4].width() < columns / 2)
    lines[3]
        .add(scene.say("price.close"), Ink::kSoft)
        .add(" ")
        .add(price_text(*row.it.previous_close, row.it.decimals));
  for (auto& line : lines) line.cut(columns);
  return lines;
}

// The picture of the past hours beside the numbers.
void add_history(const Scene& scene, const Row& row, int from, int columns, Lines& lines) {
  const auto* const history = scene.model.history(row.it.symbol);
  if (history == nullptr || columns - from < 6) return;
  const auto picture =
      sparkline(history->prices(), columns - from - 1, static_cast<int>(lines.size()), scene.look.unicode);
  for (std::size_t i = 0; i < picture.size(); ++i)
    lines[i].to(from).add(picture[i], is_old(row.condition) ? Ink::kSoft : change_ink(row.it));
}

}  // namespace

Lines prices_panel(const Scene& scene, int columns, int rows_each) {
  Lines lines;
  if (scene.model.state() == nullptr) return lines;
  const auto& instruments = scene.model.state()->instruments;
  const int numbers = std::min(columns, rows_each >= 5 ? std::max(52, columns / 2) : 60);
  for (std::size_t i = 0; i < instruments.size(); ++i) {
    const Row row{instruments[i], scene.condition(i), scene.model.age(i, scene.now)};
    auto own = rows_each >= 5   ? block(scene, row, numbers)
               : rows_each >= 2 ? two_lines(scene, row, numbers)
                                : Lines{brief(scene, row, columns)};
    if (rows_each >= 2) add_history(scene, row, numbers, columns, own);
    for (auto& line : own) lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace yagura::console::terminal
