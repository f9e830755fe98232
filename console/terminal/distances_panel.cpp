// How far it is to the next thing.
#include <algorithm>
#include <cmath>

#include "console/terminal/numbers.hpp"
#include "console/terminal/panels.hpp"

namespace yagura::console::terminal {
namespace {

constexpr int kBrief = 46;  // below so many columns the short names are taken
constexpr int kPrice = 9, kDistance = 9, kPercent = 6, kSigma = 5;

double percent(PriceDelta part, Price whole) {
  return 100.0 * static_cast<double>(part.raw()) / static_cast<double>(whole.raw());
}

// From `levels` and `records`, for a monitor that does not list distances.
std::vector<DistanceRow> from_levels(const InstrumentSnapshot& it) {
  std::vector<DistanceRow> rows;
  if (!it.price) return rows;
  const auto add = [&](std::string_view kind, const std::string& name, Price price) {
    const auto distance = price - *it.price;
    rows.push_back({std::string{kind}, {}, name, price, distance, percent(distance, *it.price), {}, false});
  };
  for (const auto& next : it.levels) {
    if (next.above) add(next.kind, {}, next.above->price);
    if (next.below) add(next.kind, {}, next.below->price);
  }
  for (const auto& record : it.records) {
    if (record.high) add("record", record.horizon, *record.high);
    if (record.low) add("record", record.horizon, *record.low);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.price > b.price; });
  return rows;
}

// Highest price first; of records at one price the first, which has the longest horizon.
std::vector<DistanceRow> rows_of(const InstrumentSnapshot& it) {
  auto rows = it.distances.empty() ? from_levels(it) : it.distances;
  const auto same = [](const auto& a, const auto& b) { return a.kind == b.kind && a.price == b.price; };
  rows.erase(std::unique(rows.begin(), rows.end(), same), rows.end());
  return rows;
}

// The `most` nearest ones, as many above as below where there are as many.
std::vector<DistanceRow> nearest(const std::vector<DistanceRow>& rows, std::size_t most) {
  const auto below = static_cast<std::size_t>(
      std::find_if(rows.begin(), rows.end(), [](const auto& row) { return row.distance.raw() < 0; }) - rows.begin());
  auto first = below, end = below;
  while (end - first < most && (first > 0 || end < rows.size())) {
    const bool fewer_above = below - first <= end - below;
    if (first > 0 && (fewer_above || end == rows.size()))
      --first;
    else
      ++end;
  }
  return {rows.begin() + static_cast<std::ptrdiff_t>(first), rows.begin() + static_cast<std::ptrdiff_t>(end)};
}

bool in_pips(const InstrumentSnapshot& it) { return it.calendar == "fx" && it.pip.raw() > 0; }

std::string_view unit_of(const Scene& scene, const InstrumentSnapshot& it) {
  if (in_pips(it))
    return scene.say(it.symbol.ends_with("JPY") && it.pip.raw() == Price::kScale / 100 ? "unit.sen" : "unit.pips");
  return scene.say(it.name_ja.starts_with("日経") ? "unit.yen" : "unit.points");
}

// "+80.4" pips, "-990.85" points; beyond a thousand without a fraction.
std::string distance_text(const InstrumentSnapshot& it, PriceDelta distance) {
  if (in_pips(it)) {
    const double pips = static_cast<double>(distance.raw()) / static_cast<double>(it.pip.raw());
    return signed_real(pips, std::abs(pips) < 1'000 ? 1 : 0);
  }
  if (std::abs(distance.raw()) < 1'000 * Price::kScale) return signed_text(distance, it.decimals);
  return signed_text(PriceDelta::from_raw(distance.raw() / Price::kScale * Price::kScale), 0);
}

std::string name_of(const Scene& scene, const DistanceRow& row, int columns) {
  const bool brief = columns < kBrief;
  if (row.kind != "record") {
    const auto kind = scene.named(brief ? "brief" : "near", row.kind);
    if (row.name.empty()) return kind;
    return brief ? row.name : kind + " " + row.name;
  }
  const bool above = row.distance.raw() >= 0;
  return scene.named(above ? (brief ? "brief.high" : "high") : (brief ? "brief.low" : "low"), row.name);
}

// The units stand over their columns.
Line title_of(const Scene& scene, const InstrumentSnapshot& it, int columns) {
  const auto title = columns < kBrief ? scene.say("distances.near", {scene.name_of(it)})
                                      : std::string{scene.say("distances")} + " " + std::string{scene.name_of(it)};
  auto units = scene.line();
  units.add(" ").right(unit_of(scene, it), kDistance - 1, Ink::kSoft).right("%", kPercent, Ink::kSoft);
  units.right(scene.look.unicode ? "σ" : "sd", kSigma, Ink::kSoft);
  auto line = scene.line();
  line.add(title, Ink::kStrong).add(" ").cut(columns - units.width()).rule(columns - units.width());
  return line.append(units);
}

Line line_of(const Scene& scene, const InstrumentSnapshot& it, const DistanceRow& row, int columns) {
  const bool up = row.distance.raw() >= 0;
  auto line = scene.line();
  line.right(short_price(row.price, it.decimals), kPrice).add(" ");
  const int name = std::max(4, columns - kPrice - kDistance - kPercent - kSigma - 1);
  line.cell(name_of(scene, row, columns), name, row.kind == "level" ? Ink::kStrong : Ink::kSoft);
  line.right(distance_text(it, row.distance), kDistance, up ? Ink::kUp : Ink::kDown);
  line.right(signed_real(row.distance_pct, std::abs(row.distance_pct) < 10 ? 2 : 1), kPercent);
  const double sigma = std::abs(row.sigma.value_or(0));
  line.right(row.sigma ? real_text(sigma, sigma < 10 ? 1 : 0) : "", kSigma);
  return line.cut(columns);
}

Lines block(const Scene& scene, const InstrumentSnapshot& it, int columns, int rows) {
  Lines lines;
  if (rows < 1) return lines;
  lines.push_back(title_of(scene, it, columns));
  const auto all = rows_of(it);
  for (const auto& row : nearest(all, static_cast<std::size_t>(rows - 1)))
    lines.push_back(line_of(scene, it, row, columns));
  if (all.empty() && rows > 1) lines.push_back(scene.line().add(" ").add(scene.say("distances.none"), Ink::kSoft));
  return lines;
}

}  // namespace

Lines distances_panel(const Scene& scene, int columns, int rows) {
  Lines lines;
  if (scene.model.state() == nullptr) return lines;
  const auto& instruments = scene.model.state()->instruments;
  const int count = static_cast<int>(instruments.size());
  // One below the other where that leaves each at least six rows, for the sake of the long names.
  const bool stacked = rows >= count * 7 && columns < 2 * kBrief + 2;
  const int abreast = stacked ? 1 : std::min(count, std::max(1, (columns + 2) / 41));
  if (abreast == 0) return lines;
  const int width = (columns - (abreast - 1) * 2) / abreast;
  const int high = std::max(3, rows / std::max(1, (count + abreast - 1) / abreast));
  for (int first = 0; first < count && static_cast<int>(lines.size()) < rows; first += abreast) {
    std::vector<Lines> blocks;
    const int room = std::min(high, rows - static_cast<int>(lines.size()));
    for (int i = first; i < std::min(count, first + abreast); ++i)
      blocks.push_back(block(scene, instruments[static_cast<std::size_t>(i)], width, room));
    std::size_t most = 0;
    for (const auto& one : blocks) most = std::max(most, one.size());
    for (std::size_t row = 0; row < most; ++row) {
      auto& line = lines.emplace_back(scene.line());
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        line.to(static_cast<int>(i) * (width + 2));
        if (row < blocks[i].size()) line.append(blocks[i][row]);
      }
    }
  }
  return lines;
}

}  // namespace yagura::console::terminal
