#include "config/scenario_file.hpp"

#include <filesystem>

#include "config/load.hpp"
#include "config/table_reader.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;

class ScenarioLoader {
 public:
  ScenarioLoader(const std::string& path, Problems& problems)
      : folder_(std::filesystem::path(path).parent_path()), problems_(problems) {}

  ScenarioFile run(const toml::table& root) {
    const TableReader reader{root, "scenario", "scenario", problems_};
    auto& scenario = file_.scenario;
    scenario.name = reader.text("name").value_or("");
    if (scenario.name.empty()) reader.missing("name");
    (void)reader.flag("synthetic");
    scenario.seed =
        static_cast<std::uint64_t>(reader.integer("seed", 0, std::numeric_limits<std::int64_t>::max()).value_or(1));
    if (const auto until = time(reader, "until")) scenario.until = *until;
    if (const auto* history = reader.table("history")) {
      for (const auto& [symbol, node] : *history) {
        file_.history[std::string(symbol.str())] = (folder_ / node.value_or(std::string{})).string();
      }
    }
    const auto* instruments = reader.array("instrument");
    if (instruments == nullptr || instruments->empty())
      reader.problem("instrument", "is missing; wanted [[instrument]] tables");
    else
      for (const auto& node : *instruments) {
        if (const auto* table = node.as_table()) scenario.instruments.push_back(instrument(*table));
      }
    return std::move(file_);
  }

 private:
  static std::optional<Timestamp> time(const TableReader& reader, std::string_view key) {
    const auto text = reader.text(key);
    if (!text) {
      if (!reader.contains(key)) reader.missing(key);
      return std::nullopt;
    }
    const auto parsed = parse_iso8601(*text);
    if (!parsed) reader.problem(key, "must be a time such as \"2026-02-09T09:00:00+09:00\", not \"" + *text + "\"");
    return parsed;
  }

  feeds::ScenarioPoint point(const toml::table& table, const std::string& path) {
    const TableReader reader{table, "scenario point", path, problems_};
    feeds::ScenarioPoint result;
    if (const auto at = time(reader, "at")) result.at = *at;
    if (const auto price = reader.price("price"))
      result.price = *price;
    else if (!reader.contains("price"))
      reader.missing("price");
    result.floor = reader.price("floor");
    result.ceiling = reader.price("ceiling");
    return result;
  }

  feeds::ScenarioDay day(const toml::table& table, const std::string& path) {
    const TableReader reader{table, "scenario day", path, problems_};
    const auto named = [&](std::string_view key) -> std::optional<feeds::ScenarioPoint> {
      const auto* inner = reader.table(key);
      if (inner == nullptr) return std::nullopt;
      return point(*inner, path + "." + std::string(key));
    };
    feeds::ScenarioDay result;
    if (auto open = named("open"))
      result.open = *open;
    else
      reader.missing("open");
    result.high = named("high");
    result.low = named("low");
    result.close = named("close");
    result.highest = reader.price("highest");
    result.lowest = reader.price("lowest");
    if (const auto* points = reader.array("points")) {
      for (const auto& node : *points) {
        if (const auto* inner = node.as_table()) result.points.push_back(point(*inner, path + ".points"));
      }
    }
    return result;
  }

  feeds::ScenarioInstrument instrument(const toml::table& table) {
    const auto* symbol = table.get("symbol");
    const std::string path =
        "instrument " + (symbol == nullptr ? std::string("?") : symbol->value_or(std::string("?")));
    const TableReader reader{table, "scenario instrument", path, problems_};
    feeds::ScenarioInstrument result;
    result.symbol = reader.text("symbol").value_or("");
    if (result.symbol.empty()) reader.missing("symbol");
    result.kind = reader.choice("kind", {"index", "fx"}).value_or(0) == 1 ? feeds::ScenarioKind::kFx
                                                                          : feeds::ScenarioKind::kIndex;
    if (const auto tick = reader.price("tick")) result.tick = *tick - Price{};
    result.spacing = reader.duration("spacing", 1ms, 24h).value_or(result.spacing);
    result.yearly_volatility = reader.percent("yearly_volatility_pct").value_or(result.yearly_volatility);
    result.spread_min = reader.distance("spread_min").value_or(result.spread_min);
    result.spread_max = reader.distance("spread_max").value_or(result.spread_max);
    for (const auto& text : reader.texts("closed")) {
      if (const auto date = parse_date(text))
        result.closed.push_back(*date);
      else
        reader.problem("closed", "'" + text + "' is no date");
    }
    if (const auto* days = reader.array("day")) {
      for (std::size_t i = 0; i < days->size(); ++i) {
        if (const auto* inner = (*days)[i].as_table())
          result.days.push_back(day(*inner, path + " day " + std::to_string(i + 1)));
      }
    }
    if (const auto* fast = reader.array("fast")) {
      for (const auto& node : *fast) {
        const auto* inner = node.as_table();
        if (inner == nullptr) continue;
        const TableReader times{*inner, "scenario fast", path + ".fast", problems_};
        const auto from = time(times, "from");
        const auto to = time(times, "to");
        const auto spacing = times.duration("spacing", 1ms, 1h);
        if (from && to && spacing) result.fast.push_back({*from, *to, *spacing});
      }
    }
    return result;
  }

  std::filesystem::path folder_;
  Problems& problems_;
  ScenarioFile file_;
};

}  // namespace

ScenarioFile load_scenario(const std::string& path) {
  Problems problems{path};
  ScenarioFile file;
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec))
    problems.add(0, "", "is a directory; wanted a scenario file");
  else if (!std::filesystem::exists(path, ec))
    problems.add(0, "", "no such file; wanted a scenario");
  else {
    try {
      const toml::table root = toml::parse_file(path);
      file = ScenarioLoader{path, problems}.run(root);
      if (problems.empty()) {
        if (const auto possible = feeds::check_scenario(file.scenario); !possible)
          problems.add(0, "", possible.error().message);
      }
    } catch (const toml::parse_error& error) {
      problems.add(error.source().begin.line, "", "is no TOML: " + std::string(error.description()));
    }
  }
  file.problems = problems.lines();
  return file;
}

std::string default_scenario_path() {
  const auto config = std::filesystem::path(default_config_path()).parent_path();
  return (config / "scenarios" / "2026-02-rally.toml").string();
}

}  // namespace yagura::config
