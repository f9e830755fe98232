// yagura backtest: recordings through the same detectors, without a socket, as fast as they go; one
// configuration or several side by side.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <optional>

#include "alerts/plain_text.hpp"
#include "app/backtest_inputs.hpp"
#include "app/backtest_json.hpp"
#include "app/backtest_output.hpp"
#include "app/backtest_report.hpp"
#include "app/backtest_run.hpp"
#include "app/backtest_text.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

// All that is made of the inputs: runs, reports and files.
class Backtest {
 public:
  Backtest(const BacktestOptions& options, BacktestInputs inputs)
      : options_(options), configs_(std::move(inputs.configs)), ticks_(std::move(inputs.sources)) {}

  int run() {
    if (const int code = open_outputs(); code != kDone) return code;
    for (const auto& config : configs_) catalogs_.push_back(make_catalog(config.settings));
    for (std::size_t i = 0; i < configs_.size(); ++i) {
      if (const int code = run_config(i); code != kDone) return code;
    }
    return finish();
  }

 private:
  [[nodiscard]] bool several() const { return configs_.size() > 1; }
  [[nodiscard]] bool reports_wanted() const { return several() || options_.summary || !options_.summary_json.empty(); }

  int open_outputs() {
    if (!options_.summary_json.empty()) {
      auto opened = OutputFile::open(options_.summary_json, "--summary-json");
      if (!opened) return complain(kUsage, opened.error().message);
      summary_json_ = std::move(*opened);
    }
    for (const auto& config : configs_) {
      std::string file = options_.alerts;
      if (file.empty()) file = several() || options_.summary_json == "-" ? "" : "-";
      if (!options_.alerts.empty() && several()) file = file_for(file, config.label);
      if (file.empty()) continue;
      if (file != "-" && file == options_.summary_json)
        return complain(kUsage, "--summary-json " + file + ": is a file of --alerts; name another");
      auto opened = OutputFile::open(file, "--alerts");
      if (!opened) return complain(kUsage, opened.error().message);
      lines_.emplace_back(std::move(*opened), options_.json || !options_.alerts.empty());
    }
    return kDone;
  }

  int run_config(std::size_t i) {
    auto& config = configs_[i];
    auto* lines = lines_.empty() ? nullptr : &lines_[i];
    if (reports_wanted()) reports_.emplace_back(config.label, config.settings, catalogs_[i]);
    BacktestRun run{config, lines, reports_wanted() ? &reports_.back() : nullptr, catalogs_[i], options_.delivered};
    ticks_.rewind();
    run.play(ticks_, several() ? "backtest " + config.label : "backtest");
    if (lines != nullptr && !lines->file().finish())
      return complain(kFailed, lines->file().name() + ": writing failed");
    // Said once when it is the same for all.
    if (const auto integrity = run.integrity(); integrity != integrity_) {
      if (i > 0) std::fprintf(stderr, "%s:\n", config.label.c_str());
      std::fputs(integrity.c_str(), stderr);
      integrity_ = integrity;
    }
    timings_ += (several() ? config.label + ": " : std::string{}) + grouped(run.alerts()) + " alert" +
                (run.alerts() == 1 ? "" : "s") + " from " + grouped(ticks_.total()) + " ticks in " +
                fixed_seconds(run.seconds()) + " s" + run.deliveries() + "\n";
    return kDone;
  }

  static std::string fixed_seconds(double seconds) {
    char text[32];
    std::snprintf(text, sizeof text, "%.3f", seconds);
    return text;
  }

  // JSON on standard output keeps it to itself: tables then go to stderr.
  [[nodiscard]] std::string tables(bool colour) const {
    std::string text;
    if (options_.summary) {
      for (const auto& report : reports_) {
        if (several()) text += report.label() + " = " + alerts::printable(report.config()) + "\n\n";
        text += summary_text(report, colour);
        if (several()) text += '\n';
      }
    }
    if (several()) text += comparison_text(reports_, colour);
    return text;
  }

  int finish() {
    const bool taken = options_.summary_json == "-" || options_.alerts == "-" || (options_.json && lines_to_stdout());
    const bool colour = isatty(taken ? STDERR_FILENO : STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    const auto text = reports_wanted() && !(several() && options_.summary_json == "-") ? tables(colour) : std::string{};
    if (taken)
      std::fputs(text.c_str(), stderr);
    else
      std::cout << (text.empty() || !lines_to_stdout() || !printed_alerts() ? "" : "\n") << text << std::flush;
    if (summary_json_) {
      summary_json_->stream() << summary_json(reports_, ticks_.total());
      if (!summary_json_->finish()) return complain(kFailed, summary_json_->name() + ": writing failed");
    }
    std::fputs(timings_.c_str(), stderr);
    return kDone;
  }
  [[nodiscard]] bool lines_to_stdout() const { return options_.alerts.empty() && !lines_.empty(); }
  [[nodiscard]] bool printed_alerts() const {
    for (const auto& report : reports_) {
      for (const auto& rule : report.rules()) {
        if (rule.statistics.alerts() != 0) return true;
      }
    }
    return false;
  }

  const BacktestOptions& options_;
  std::vector<BacktestConfig> configs_;
  feeds::MergedTicks ticks_;
  std::deque<AlertLines> lines_;  // one a configuration, or none
  std::optional<OutputFile> summary_json_;
  std::deque<alerts::Catalog> catalogs_;
  std::vector<BacktestReport> reports_;
  std::string integrity_;
  std::string timings_;
};

}  // namespace

int backtest(const BacktestOptions& options) {
  if (const auto conflict = conflict_of(options); !conflict.empty()) return complain(kUsage, conflict);
  int code = kDone;
  auto inputs = load_inputs(options, code);
  if (!inputs) return code;
  return Backtest{options, std::move(*inputs)}.run();
}

}  // namespace yagura::app
