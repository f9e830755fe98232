#include "config/rule_reader.hpp"

#include "config/delivery_reader.hpp"
#include "config/rule_kinds.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using processing::Band;

constexpr Duration kMaxCooldown = std::chrono::days{366};
constexpr std::size_t kMaxLevelErrors = 5;

Band pips(const InstrumentInfo& info, std::int64_t count) {
  return Band::of_points(PriceDelta::from_raw(info.pip.raw() * count));
}

// Band h: 10 pips for currencies, 0.10 % for the rest.
Band default_rearm(const InstrumentInfo& info) {
  return info.calendar == CalendarKind::kFx ? pips(info, 10) : Band::of_percent(Percent::from_units(100'000));
}

// 20 pips for currencies, 0.20 % for the rest.
Band default_record_step(const InstrumentInfo& info) {
  return info.calendar == CalendarKind::kFx ? pips(info, 20) : Band::of_percent(Percent::from_units(200'000));
}

processing::CrossingOptions read_crossing(const TableReader& reader, const InstrumentInfo& info) {
  processing::CrossingOptions options;
  options.rearm = reader.band("rearm").value_or(default_rearm(info));
  options.cooldown = reader.duration("cooldown", 0s, kMaxCooldown).value_or(options.cooldown);
  const auto directions = reader.choice("directions", {"up", "down", "both"}).value_or(2);
  options.directions = {.up = directions != 1, .down = directions != 0};
  options.near = reader.band("near");
  options.close = reader.flag("close").value_or(false);
  return options;
}

std::optional<processing::MilestoneOptions> read_milestone(const TableReader& reader, const InstrumentInfo& info) {
  const auto step = reader.price("step");
  if (!step && !reader.contains("step")) reader.missing("step");
  auto crossing = read_crossing(reader, info);
  if (!step) return std::nullopt;
  return processing::MilestoneOptions{.step = *step - Price{}, .crossing = std::move(crossing)};
}

// `price[,note]`; a first line whose first cell is no price is a header.
void read_levels_file(const TableReader& reader, const std::string& path, processing::LevelList& levels) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec))
    return reader.problem("levels_file", "'" + path + "' is a directory; wanted a file of price[,note] lines");
  std::ifstream file(path);
  if (!file) return reader.problem("levels_file", "cannot read '" + path + "'");
  std::string line;
  std::size_t errors = 0;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (line.find_first_not_of(" \t") == std::string::npos || line[line.find_first_not_of(" \t")] == '#') continue;
    const auto comma = line.find(',');
    const auto price = parse_price(std::string_view{line}.substr(0, comma));
    if (!price && number == 1) continue;
    if (!price || price->raw() <= 0) {
      if (++errors <= kMaxLevelErrors) {
        reader.problem("levels_file", path + ":" + std::to_string(number) + ": '" + line.substr(0, comma) +
                                          "' is no price above zero");
      }
      continue;
    }
    levels.push_back({*price, comma == std::string::npos ? std::string{} : line.substr(comma + 1), false});
  }
}

std::optional<processing::LevelEntry> read_level(const toml::node& node, const TableReader& reader) {
  if (const auto* table = node.as_table()) {
    const TableReader entry{*table, "rule level entry", reader.path() + ".levels", reader.problems()};
    const auto price = entry.price("price");
    if (!price) {
      if (!entry.contains("price")) entry.missing("price");
      return std::nullopt;
    }
    return processing::LevelEntry{*price, entry.text("note").value_or(""), entry.flag("once").value_or(false)};
  }
  const auto digits = TableReader::decimal(node);
  const auto price = digits ? parse_price(*digits) : std::nullopt;
  if (!price || price->raw() <= 0) {
    reader.problem("levels", "holds something that is no price above zero and no { price = ... }");
    return std::nullopt;
  }
  return processing::LevelEntry{*price, "", false};
}

std::optional<processing::LevelOptions> read_level_rule(const TableReader& reader, const InstrumentInfo& info,
                                                        const std::string& folder) {
  processing::LevelOptions options;
  options.crossing = read_crossing(reader, info);
  if (const auto* list = reader.array("levels")) {
    for (const auto& node : *list) {
      if (auto level = read_level(node, reader)) options.levels.push_back(std::move(*level));
    }
  }
  if (const auto file = reader.text("levels_file")) {
    read_levels_file(reader, (std::filesystem::path(folder) / *file).string(), options.levels);
  }
  if (!reader.contains("levels") && !reader.contains("levels_file")) {
    reader.problem("", "has neither 'levels' nor 'levels_file'");
    return std::nullopt;
  }
  return options;
}

std::optional<processing::RecordOptions> read_record(const TableReader& reader, const InstrumentInfo& info) {
  processing::RecordOptions options;
  static constexpr std::pair<std::string_view, Horizon> kNames[] = {{"all_time", Horizon::kAllTime},
                                                                    {"52w", Horizon::k52Week},
                                                                    {"ytd", Horizon::kYearToDate},
                                                                    {"week", Horizon::kWeek},
                                                                    {"session", Horizon::kSession}};
  if (!reader.contains("horizons")) {
    for (const auto& [name, horizon] : kNames) options.horizons.insert(horizon);
  }
  for (const auto& text : reader.texts("horizons")) {
    const auto known = std::ranges::find(kNames, text, &std::pair<std::string_view, Horizon>::first);
    if (known != std::end(kNames))
      options.horizons.insert(known->second);
    else
      reader.problem("horizons", "'" + text + "' is none of \"all_time\", \"52w\", \"ytd\", \"week\", \"session\"");
  }
  if (options.horizons.empty() && reader.contains("horizons")) reader.problem("horizons", "names no horizon");
  options.basis = reader.choice("basis", {"intraday", "close"}).value_or(0) == 1 ? Basis::kClose : Basis::kIntraday;
  const auto sides = reader.choice("sides", {"high", "low", "both"}).value_or(0);
  options.highs = sides != 1;
  options.lows = sides != 0;
  options.step = reader.band("step").value_or(default_record_step(info));
  options.min_gap = reader.duration("min_gap", 0s, kMaxCooldown).value_or(options.min_gap);
  return options;
}

std::optional<processing::MoveOptions> read_move(const TableReader& reader) {
  processing::MoveOptions options;
  const auto* list = reader.array("windows");
  if (list == nullptr && !reader.contains("windows")) reader.missing("windows");
  if (list != nullptr && list->empty())
    reader.problem("windows", "is empty; wanted { window = \"60s\", threshold = \"0.25\" }");
  for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
    const auto* table = (*list)[i].as_table();
    if (table == nullptr) {
      reader.problem("windows", "must hold { window = ..., threshold = ... } only");
      continue;
    }
    const TableReader window{*table, "rule move window", reader.path() + ".windows[" + std::to_string(i) + "]",
                             reader.problems()};
    const auto length = window.duration("window", 1s, 24h);
    if (!length && !window.contains("window")) window.missing("window");
    const auto threshold = window.band("threshold");
    if (!threshold && !window.contains("threshold") && !window.contains("threshold_pct")) {
      window.problem("", "has neither 'threshold' nor 'threshold_pct'");
    }
    if (threshold && threshold->points.raw() == 0 && threshold->percent.units() == 0) {
      window.problem(threshold->is_percent ? "threshold_pct" : "threshold", "must be above zero");
    } else if (length && threshold) {
      options.windows.push_back({*length, *threshold});
    }
  }
  options.min_z = reader.number("min_z", 0, 100).value_or(0);
  return options;
}

std::optional<processing::StaleOptions> read_stale(const TableReader& reader) {
  processing::StaleOptions options;
  options.after = reader.duration("after", 1s, 24h);
  if (reader.contains("after") && !options.after) return std::nullopt;
  return options;
}

// One kind of rule: its name in the file and who reads it.
struct Kind {
  std::string_view name;
  std::optional<RuleKinds> (*read)(const RuleContext& context);
};

template <class Options>
std::optional<RuleKinds> some(std::optional<Options> options) {
  if (!options) return std::nullopt;
  return RuleKinds{std::move(*options)};
}

constexpr Kind kKinds[] = {
    {"milestone", [](const RuleContext& c) { return some(read_milestone(c.reader, c.instrument)); }},
    {"level", [](const RuleContext& c) { return some(read_level_rule(c.reader, c.instrument, c.folder)); }},
    {"record", [](const RuleContext& c) { return some(read_record(c.reader, c.instrument)); }},
    {"move", [](const RuleContext& c) { return some(read_move(c.reader)); }},
    {"cusum", [](const RuleContext& c) { return some(read_cusum(c)); }},
    {"stale", [](const RuleContext& c) { return some(read_stale(c.reader)); }},
    {"intervention", [](const RuleContext& c) { return some(read_intervention(c)); }},
    {"period", [](const RuleContext& c) { return some(read_period(c)); }},
    {"divergence", [](const RuleContext& c) { return some(read_divergence(c)); }},
};

std::string all_kinds() {
  std::string all;
  for (const auto& kind : kKinds) all += (all.empty() ? "\"" : ", \"") + std::string(kind.name) + "\"";
  return all;
}

void check_id(const TableReader& reader, const std::string& id) {
  const bool good = !id.empty() && std::ranges::all_of(id, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
  if (!good) reader.problem("id", "'" + id + "' must be made of a-z, 0-9 and '-'");
}

}  // namespace

std::optional<ReadRule> read_rule(const toml::table& table, std::size_t number, const std::string& folder,
                                  const SymbolTable& symbols, const std::vector<InstrumentInfo>& instruments,
                                  Problems& problems) {
  const auto* kind_node = table.get("kind");
  const auto kind = kind_node != nullptr ? kind_node->value_or(std::string{}) : std::string{};
  const auto* id_node = table.get("id");
  const auto given_id = id_node != nullptr ? id_node->value_or(std::string{}) : std::string{};
  const std::string path = given_id.empty() ? "rule " + std::to_string(number) : "rule '" + given_id + "'";
  const auto known = std::ranges::find(kKinds, kind, &Kind::name);
  if (known == std::end(kKinds)) {
    problems.add(TableReader::line_of(kind_node != nullptr ? *kind_node : static_cast<const toml::node&>(table)),
                 path + ".kind",
                 (kind_node == nullptr ? "is missing; one of " : "must be one of ") + all_kinds() +
                     (kind_node == nullptr ? "" : ", not \"" + kind + "\""));
    return std::nullopt;
  }

  const TableReader reader{table, "rule " + kind, path, problems};
  const auto before = problems.lines().size();
  processing::RuleOptions rule;
  if (const auto id = reader.text("id"))
    check_id(reader, rule.id = *id);
  else if (!reader.contains("id"))
    reader.missing("id");

  const InstrumentInfo* info = nullptr;
  if (const auto symbol = reader.text("instrument")) {
    if (const auto id = symbols.find(*symbol)) {
      rule.instrument = *id;
      info = &instruments[index_of(*id)];
    } else {
      reader.problem("instrument", "'" + *symbol + "' has no [instrument." + *symbol + "] table");
    }
  } else if (!reader.contains("instrument")) {
    reader.missing("instrument");
  }
  static const InstrumentInfo kAny;
  const InstrumentInfo& instrument = info == nullptr ? kAny : *info;

  if (auto options = known->read({reader, instrument, symbols, instruments, folder})) rule.kind = std::move(*options);
  auto delivery = read_rule_delivery(reader);
  if (problems.lines().size() != before) return std::nullopt;
  return ReadRule{std::move(rule), std::move(delivery)};
}

processing::RuleOptions empty_level_rule(SymbolId symbol, const InstrumentInfo& info) {
  std::string id = "levels-";
  for (const char c : info.symbol)
    id += c >= 'A' && c <= 'Z'                               ? static_cast<char>(c - 'A' + 'a')
          : (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c
                                                             : '-';
  processing::LevelOptions options;
  options.crossing.rearm = default_rearm(info);
  return {std::move(id), symbol, std::move(options)};
}

}  // namespace yagura::config
