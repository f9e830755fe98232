#include "app/start_up.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <limits>

#include "app/commands.hpp"
#include "app/progress.hpp"
#include "config/load.hpp"
#include "feeds/line_reader.hpp"

namespace yagura::app {

std::optional<config::Settings> load_settings(const std::string& path) {
  auto loaded = config::load_file(path.empty() ? config::default_config_path() : path);
  if (loaded.ok()) {
    processing::use_calendars(loaded.settings.calendars);
    return std::move(loaded.settings);
  }
  for (const auto& problem : loaded.problems) complain(kUsage, problem);
  return std::nullopt;
}

std::optional<config::Settings> load_settings_and_keys(const std::string& path) {
  auto settings = load_settings(path);
  if (!settings) return std::nullopt;
  const auto problems = config::read_credentials(*settings);
  for (const auto& problem : problems) complain(kUsage, problem);
  return problems.empty() ? std::move(settings) : std::nullopt;
}

alerts::Catalog make_catalog(const config::Settings& settings) {
  alerts::Catalog catalog;
  catalog.instruments = settings.monitor.instruments;
  for (const auto& rule : settings.monitor.rules) {
    alerts::RuleInfo info{
        .id = rule.id, .kind = processing::kind_of(rule), .instrument = rule.instrument, .notes = {}, .step = {}};
    if (const auto* levels = std::get_if<processing::LevelOptions>(&rule.kind)) {
      info.notes = levels->levels.notes();
    }
    if (const auto* milestones = std::get_if<processing::MilestoneOptions>(&rule.kind)) info.step = milestones->step;
    catalog.rules.push_back(std::move(info));
  }
  return catalog;
}

std::size_t speaking_rules(const config::Settings& settings) {
  return static_cast<std::size_t>(std::ranges::count_if(settings.monitor.rules, std::not_fn(processing::is_empty)));
}

Result<feeds::LoadedSource, feeds::SourceError> read_source(const feeds::SourceSpec& spec, const SymbolTable& symbols,
                                                            feeds::SourceNames& names, feeds::SourceOptions options) {
  Progress progress{"reading " + std::filesystem::path{spec.file}.filename().string()};
  options.on_read = reading(progress);
  return feeds::load_source(spec, symbols, names, options);
}

Result<std::vector<processing::DailyRow>> read_daily(const std::string& file) {
  Progress progress{"reading " + std::filesystem::path{file}.filename().string()};
  auto reader = feeds::LineReader::open(file, reading(progress));
  if (!reader) return Error{reader.error().message};
  processing::DailyReader daily{file};
  auto& lines = **reader;
  for (std::string_view line; lines.next(line);) daily.line(line);
  if (lines.error()) return Error{lines.error()->message};
  return daily.finish();
}

Result<std::vector<processing::DailyRow>> imported_days(const alerts::StateDir& dir, const std::string& symbol) {
  const auto file = dir.history_file(symbol);
  std::error_code ec;
  if (!std::filesystem::exists(file, ec)) return std::vector<processing::DailyRow>{};
  return read_daily(file.string());
}

Result<processing::Monitor::History> load_history(const alerts::StateDir& dir, const config::Settings& settings) {
  processing::Monitor::History history;
  for (const auto& info : settings.monitor.instruments) {
    auto rows = imported_days(dir, info.symbol);
    if (!rows) return rows.error();
    if (!rows->empty()) history[info.symbol] = processing::bars_of(*rows);
  }
  return history;
}

bool has_ending(std::string_view file, std::initializer_list<std::string_view> endings) {
  return std::ranges::any_of(endings, [&](std::string_view ending) { return file.ends_with(ending); });
}

std::optional<double> parse_speed(std::string text) {
  constexpr std::int64_t kFastest = 1'000'000;
  if (text.ends_with('x')) text.pop_back();
  const auto number = parse_price(text);
  if (!number || number->raw() <= 0 || number->raw() > kFastest * Price::kScale) return std::nullopt;
  return static_cast<double>(number->raw()) / static_cast<double>(Price::kScale);
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  constexpr std::string_view kUnits = "KMG";
  int shift = 0;
  if (!text.empty() && kUnits.find(text.back()) != std::string_view::npos) {
    shift = 10 * (1 + static_cast<int>(kUnits.find(text.back())));
    text.remove_suffix(1);
  }
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (size > std::numeric_limits<std::uint64_t>::max() >> shift) return std::nullopt;
  return size << shift;
}

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

}  // namespace yagura::app
