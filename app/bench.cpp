// yagura bench: ticks in at scheduled times, alerts out, and how long that took.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "app/bench/child.hpp"
#include "app/bench/compare.hpp"
#include "app/bench/hgrm.hpp"
#include "app/bench/plan.hpp"
#include "app/bench/report_html.hpp"
#include "app/bench/report_json.hpp"
#include "app/bench/report_text.hpp"
#include "app/bench/runner.hpp"
#include "app/commands.hpp"
#include "app/progress.hpp"
#include "core/clock.hpp"
#include "processing/calendar.hpp"

namespace yagura::app {
namespace {

using namespace bench;

int load(const BenchOptions& options, std::optional<Workload>& workload) {
  if (options.sources.empty()) {
    auto bundled = bundled_workload();
    if (!bundled) return complain(kFailed, bundled.error().message);
    workload = std::move(*bundled);
    return kDone;
  }
  auto loaded = load_workload(options.sources);
  if (!loaded) {
    const bool data = loaded.error().kind == feeds::SourceErrorKind::kData;
    return complain(data ? kBadData : kUsage, loaded.error().message);
  }
  workload = std::move(*loaded);
  return kDone;
}

// The shipped rules keep the dollar's week.
void warn_of_weekend(const Plan& plan, const Workload& workload) {
  const bool shipped = std::ranges::any_of(plan.paths, [](const Path& path) { return path.rules == Rules::kShipped; });
  const bool dollar = std::ranges::find(workload.symbols, "USDJPY") != workload.symbols.end();
  if (shipped && dollar && !processing::calendar_piece(CalendarKind::kFx, RealClock{}.now()).open)
    complain(kDone,
             "it is the weekend of USDJPY: the shipped rules refuse its ticks, so there is less work than usual");
}

// Asked before minutes of measuring, not after.
bool can_write(const std::string& file) {
  if (file.empty() || file == "-") return true;
  const std::filesystem::path path{file};
  std::error_code none;
  if (std::filesystem::exists(path, none))
    return !std::filesystem::is_directory(path, none) && ::access(file.c_str(), W_OK) == 0;
  return ::access(path.has_parent_path() ? path.parent_path().c_str() : ".", W_OK | X_OK) == 0;
}

int cannot_write(const char* option, const std::string& file) {
  return complain(kFailed, option + (" " + file) + ": cannot be written");
}

bool write_file(const std::string& file, const std::string& text) {
  if (file == "-") return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  std::ofstream out{file, std::ios::binary};
  out << text;
  return static_cast<bool>(out.flush());
}

int write_files(const BenchOptions& options, const Report& report) {
  if (!options.json.empty() && !write_file(options.json, report_json(report)))
    return cannot_write("--json", options.json);
  if (!options.html.empty() && !write_file(options.html, report_html(report)))
    return cannot_write("--html", options.html);
  if (!options.hgrm.empty()) {
    if (const auto written = write_hgrm_files(report, options.hgrm); !written)
      return complain(kFailed, written.error().message);
  }
  return kDone;
}

}  // namespace

int measure(const BenchOptions& options) {
  const auto plan = plan_of(options);
  if (!plan) return complain(kUsage, plan.error().message);
  if (!can_write(options.json)) return cannot_write("--json", options.json);
  if (!can_write(options.html)) return cannot_write("--html", options.html);
  std::optional<Workload> workload;
  if (const int code = load(options, workload); code != kDone) return code;
  warn_of_weekend(*plan, *workload);
  catch_interrupts();
  Progress progress{"bench"};
  const auto on_step = [&](const std::string& what, std::size_t done, std::size_t all) {
    if (progress.visible()) std::fprintf(stderr, "\r\033[K%zu of %zu: %s", done, all, what.c_str());
  };
  const auto report = run_plan(*plan, *workload, on_step);
  if (progress.visible()) std::fprintf(stderr, "\r\033[K");
  if (!report) return complain(kFailed, report.error().message);
  for (const auto& [path, why] : report->skipped) complain(kDone, path + " is left out: " + why);
  if (options.json != "-") std::fputs(report_text(*report).c_str(), stdout);
  if (const int code = write_files(options, *report); code != kDone) return code;
  if (options.json.empty())
    std::fputs(
        "\nMore: --rate 50000, --runs 5, --json FILE, --baseline; docs/benchmarking.md says what each figure means.\n",
        stdout);
  return kDone;
}

int compare_measurements(const std::string& before, const std::string& after) {
  const auto comparison = compare(before, after);
  if (!comparison) return complain(kBadData, comparison.error().message);
  std::fputs(comparison_text(*comparison).c_str(), stdout);
  return comparison->worse() ? kFailed : kDone;
}

}  // namespace yagura::app
