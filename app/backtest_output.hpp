// Where the results of a backtest go.
#pragma once

#include <fstream>
#include <iosfwd>
#include <string>

#include "alerts/catalog.hpp"
#include "alerts/storm.hpp"
#include "app/commands.hpp"
#include "core/result.hpp"

namespace yagura::app {

// A file, or standard output for "-". One thread.
class OutputFile {
 public:
  // Replaces the file. `option` is named when that fails.
  [[nodiscard]] static Result<OutputFile> open(const std::string& file, const std::string& option);
  [[nodiscard]] std::ostream& stream();
  // False when something was not written.
  [[nodiscard]] bool finish();
  // What to call it in an error.
  [[nodiscard]] std::string name() const { return file_ == "-" ? "standard output" : file_; }

 private:
  std::string file_;
  std::ofstream out_;
};

// Alerts one a line, as JSON or for people.
class AlertLines {
 public:
  AlertLines(OutputFile out, bool json) : out_(std::move(out)), json_(json) {}
  void write(const alerts::StormSummary& summary, const alerts::Catalog& catalog);
  void write(const std::string& line);
  // The line of an alert without its end; valid until the next call.
  [[nodiscard]] const std::string& line_of(const Signal& signal, std::string_view json, std::string_view title,
                                           const alerts::Catalog& catalog);
  [[nodiscard]] OutputFile& file() { return out_; }

 private:
  OutputFile out_;
  bool json_;
  std::string line_;
};

// "alerts.jsonl" and "wide" make "alerts.wide.jsonl".
[[nodiscard]] std::string file_for(const std::string& file, const std::string& label);

// Why these options do not go together; empty when they do.
[[nodiscard]] std::string conflict_of(const BacktestOptions& options);

}  // namespace yagura::app
