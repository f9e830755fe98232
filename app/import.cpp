// yagura import: daily history into the state directory, the memory of records.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/commands.hpp"
#include "app/start_up.hpp"
#include "processing/history_summary.hpp"
#include "processing/level_sets.hpp"

namespace yagura::app {
namespace {

using processing::DatedPrice;
using processing::PeriodExtremes;

// Beyond any real day of an index or a major currency.
constexpr Percent kJump = Percent::from_units(25'000'000);
constexpr std::size_t kMaxWarnings = 10;

std::string dated(const DatedPrice& price) { return to_string(price.price) + " on " + to_string(price.date); }

std::string range(const PeriodExtremes& period) {
  return "high " + dated(period.high) + ", low " + dated(period.low) + "; closes " + dated(period.high_close) +
         " and " + dated(period.low_close);
}

// The milestones on both sides of the last close, by rule.
void print_milestones(const config::Settings& settings, SymbolId symbol, const processing::HistorySummary& summary) {
  for (const auto& rule : settings.monitor.rules) {
    const auto* milestone = std::get_if<processing::MilestoneOptions>(&rule.kind);
    if (milestone == nullptr || rule.instrument != symbol) continue;
    const processing::GridLevels levels{milestone->step};
    const Price last = summary.last_close.price;
    const Price above = levels.next_above(last);
    const Price below = levels.at_or_below(Price::from_raw(last.raw() - 1));
    std::string text;
    if (above != processing::kNoLevelAbove)
      text = to_string(above) + " above" + (above > summary.all.high.price ? ", never reached" : "");
    if (below != processing::kNoLevelBelow) text += (text.empty() ? "" : "; ") + to_string(below) + " below";
    std::printf("  next milestones  %s (%s)\n", text.empty() ? "none" : text.c_str(), rule.id.c_str());
  }
}

void print_warnings(const std::string& file, const std::vector<std::string>& warnings) {
  for (std::size_t i = 0; i < std::min(warnings.size(), kMaxWarnings); ++i)
    std::fprintf(stderr, "yagura: warning: %s: %s\n", file.c_str(), warnings[i].c_str());
  if (warnings.size() > kMaxWarnings)
    std::fprintf(stderr, "yagura: warning: %s: and %s more jumps\n", file.c_str(),
                 grouped(warnings.size() - kMaxWarnings).c_str());
}

void print_summary(const config::Settings& settings, SymbolId symbol, const std::vector<processing::DailyRow>& rows,
                   std::size_t added, std::size_t replaced) {
  const auto summary = processing::summarize(rows);
  std::printf("%s: %s days from %s to %s (%s rows read, %s of them changed what was there)\n",
              settings.symbols.name(symbol).c_str(), grouped(rows.size()).c_str(),
              to_string(rows.front().bar.date).c_str(), to_string(rows.back().bar.date).c_str(), grouped(added).c_str(),
              grouped(replaced).c_str());
  std::printf("  record high      %s\n", dated(summary.all.high).c_str());
  std::printf("  record close     %s\n", dated(summary.all.high_close).c_str());
  if (summary.year)
    std::printf("  52 weeks         %s\n", range(*summary.year).c_str());
  else
    std::printf("  52 weeks         not known, the history is shorter\n");
  std::printf("  year to date     %s\n", range(summary.calendar_year).c_str());
  std::printf("  last close       %s\n", dated(summary.last_close).c_str());
  print_milestones(settings, symbol, summary);
}

}  // namespace

int import_history(const ImportOptions& options) {
  const auto settings = load_settings(options.config);
  if (!settings) return kUsage;
  const auto symbol = settings->symbols.find(options.instrument);
  if (!symbol) {
    return complain(kUsage, "--instrument " + options.instrument + ": " + settings->file + " has no [instrument." +
                                options.instrument + "]");
  }
  const auto state = alerts::StateDir::resolve(options.state);
  if (!state) return complain(kUsage, state.error().message);

  std::error_code ec;
  if (!std::filesystem::exists(options.file, ec)) return complain(kUsage, options.file + ": no such file");
  if (std::filesystem::is_directory(options.file, ec))
    return complain(kUsage, options.file + ": is a directory; wanted a daily CSV");
  auto rows = read_daily(options.file);
  if (!rows) return complain(kBadData, rows.error().message);

  const auto target = state->history_file(options.instrument);
  std::vector<processing::DailyRow> known;
  if (std::filesystem::exists(target, ec)) {
    auto stored = read_daily(target.string());
    if (!stored) return complain(kBadData, stored.error().message);
    known = std::move(*stored);
  }
  std::size_t replaced = 0;
  const auto merged = processing::merge_history(std::move(known), *rows, replaced);
  if (const auto made = state->create(); !made) return complain(kFailed, made.error().message);
  std::filesystem::create_directories(target.parent_path(), ec);
  if (const auto stored = alerts::replace_file(target, processing::daily_csv(merged)); !stored)
    return complain(kFailed, stored.error().message);
  print_warnings(options.file, processing::jumps(*rows, kJump));
  print_summary(*settings, *symbol, merged, rows->size(), replaced);
  return kDone;
}

}  // namespace yagura::app
