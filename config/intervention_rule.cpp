#include <algorithm>
#include <filesystem>
#include <fstream>

#include "config/rule_kinds.hpp"

namespace yagura::config {
namespace {

constexpr std::size_t kMaxEventErrors = 5;
constexpr std::size_t kMaxEventLine = 1024;

// `time,name` a line, the time with its zone; a first line whose first cell is no time is a header.
void read_events_file(const TableReader& reader, const std::string& path, std::vector<Timestamp>& releases) {
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec))
    return reader.problem("events_file", "'" + path + "' is a directory; wanted a file of time,name lines");
  std::ifstream file(path);
  if (!file) return reader.problem("events_file", "cannot read '" + path + "'");
  std::string line;
  std::size_t errors = 0;
  for (std::size_t number = 1; errors < kMaxEventErrors && std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    const auto text = line.find_first_not_of(" \t");
    if (text == std::string::npos || line[text] == '#') continue;
    const auto cell = std::string_view{line}.substr(text, line.find(',') - text);
    const auto time = parse_iso8601(cell.substr(0, cell.find_last_not_of(" \t") + 1));
    if (!time && number == 1) continue;
    if (!time || line.size() > kMaxEventLine) {
      ++errors;
      reader.problem("events_file", path + ":" + std::to_string(number) + ": '" + std::string(cell.substr(0, 60)) +
                                        "' is no time with a zone, such as 2026-02-11T22:30:00+09:00");
      continue;
    }
    releases.push_back(*time);
  }
  std::ranges::sort(releases);
}

std::optional<SymbolId> other_pair(const RuleContext& context, std::string_view key, const std::string& symbol) {
  const auto id = context.symbols.find(symbol);
  if (!id) {
    context.reader.problem(key, "'" + symbol + "' has no [instrument." + symbol + "] table");
    return std::nullopt;
  }
  if (symbol == context.instrument.symbol) {
    context.reader.problem(key, "'" + symbol + "' is the rule's own instrument");
    return std::nullopt;
  }
  return id;
}

}  // namespace

std::optional<processing::InterventionOptions> read_intervention(const RuleContext& context) {
  const auto& reader = context.reader;
  const auto& own = context.instrument;
  if (!own.symbol.empty() && (own.calendar != CalendarKind::kFx || !own.symbol.ends_with("JPY")))
    reader.problem("instrument", "'" + own.symbol + "' is no currency quoted in yen, such as USDJPY");
  processing::InterventionOptions options;
  if (const auto* zones = reader.array("zones")) {
    for (const auto& node : *zones) {
      const auto digits = TableReader::decimal(node);
      const auto price = digits ? parse_price(*digits) : std::nullopt;
      if (price && price->raw() > 0)
        options.zones.push_back(*price);
      else
        reader.problem("zones", "holds something that is no price above zero");
    }
  }
  const auto sides = reader.choice("sides", {"fall", "rise", "both"}).value_or(0);
  options.falls = sides != 1;
  options.rises = sides != 0;
  const auto crosses = reader.texts("crosses");
  for (const auto& symbol : crosses) {
    if (const auto id = other_pair(context, "crosses", symbol)) options.crosses.push_back(*id);
  }
  if (const auto symbol = reader.text("eurusd")) options.eurusd = other_pair(context, "eurusd", *symbol);
  if (crosses.empty() == reader.contains("eurusd")) {
    reader.problem("", R"(needs both crosses = ["EURJPY"] and eurusd = "EURUSD", or neither)");
  }
  if (const auto file = reader.text("events_file")) {
    read_events_file(reader, (std::filesystem::path(context.folder) / *file).string(), options.releases);
  }
  return options;
}

}  // namespace yagura::config
