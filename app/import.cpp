// yagura import: daily history into the state directory, the memory of records.
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "app/commands.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

void print_summary(const std::string& symbol, const std::vector<processing::DailyRow>& rows, std::size_t added,
                   std::size_t replaced) {
  const auto high = std::ranges::max_element(rows, {}, [](const auto& row) { return row.bar.high; });
  const auto close = std::ranges::max_element(rows, {}, [](const auto& row) { return row.bar.close; });
  std::printf("%s: %s days from %s to %s (%s rows read, %s of them changed what was there)\n", symbol.c_str(),
              grouped(rows.size()).c_str(), to_string(rows.front().bar.date).c_str(),
              to_string(rows.back().bar.date).c_str(), grouped(added).c_str(), grouped(replaced).c_str());
  std::printf("  highest  %s on %s\n", to_string(high->bar.high).c_str(), to_string(high->bar.date).c_str());
  std::printf("  highest close  %s on %s\n", to_string(close->bar.close).c_str(), to_string(close->bar.date).c_str());
  std::printf("  last close  %s on %s\n", to_string(rows.back().bar.close).c_str(),
              to_string(rows.back().bar.date).c_str());
}

}  // namespace

int import_history(const ImportOptions& options) {
  const auto settings = load_settings(options.config);
  if (!settings) return kUsage;
  if (!settings->symbols.find(options.instrument)) {
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
  print_summary(options.instrument, merged, rows->size(), replaced);
  return kDone;
}

}  // namespace yagura::app
