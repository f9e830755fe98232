#include "app/backtest_output.hpp"

#include <filesystem>
#include <iostream>

#include "alerts/numbers.hpp"
#include "alerts/terminal_line.hpp"

namespace yagura::app {

Result<OutputFile> OutputFile::open(const std::string& file, const std::string& option) {
  OutputFile output;
  output.file_ = file;
  if (file == "-") return output;
  output.out_.open(file, std::ios::binary | std::ios::trunc);
  if (!output.out_) return Error{file + ": cannot be written (" + option + ")"};
  return output;
}

std::ostream& OutputFile::stream() { return file_ == "-" ? std::cout : out_; }

bool OutputFile::finish() {
  stream().flush();
  return static_cast<bool>(stream());
}

const std::string& AlertLines::line_of(const Signal& signal, std::string_view json, std::string_view title,
                                       const alerts::Catalog& catalog) {
  if (json_)
    line_ = json;
  else
    line_ = to_string(alerts::local_date(signal.ts_event, catalog.instrument(signal).calendar)) + ' ' +
            alerts::plain_line(signal, title, catalog, false);
  return line_;
}

void AlertLines::write(const alerts::StormSummary& summary, const alerts::Catalog& catalog) {
  line_.clear();
  if (json_)
    alerts::encode(summary, catalog, line_);
  else
    line_ = to_string(alerts::local_date(summary.to, catalog.instruments[index_of(summary.instrument)].calendar)) +
            ' ' + alerts::plain_line(summary, catalog);
  write(line_);
}

void AlertLines::write(const std::string& line) { out_.stream() << line << '\n'; }

std::string file_for(const std::string& file, const std::string& label) {
  const std::filesystem::path path{file};
  auto name = path.stem();
  name += "." + label;
  name += path.extension();
  return (path.parent_path() / name).string();
}

std::string conflict_of(const BacktestOptions& options) {
  if (options.summary_json == "-" && options.summary)
    return "--summary-json -: standard output holds the JSON alone; leave --summary out or name a file";
  if (options.summary_json == "-" && (options.json || options.alerts == "-"))
    return "--summary-json -: standard output cannot hold alerts as well; name a file for one of them";
  if (!options.summary_json.empty() && options.summary_json == options.alerts)
    return "--summary-json " + options.summary_json + ": is the file of --alerts; name another";
  if (options.configs.size() < 2) return {};
  if (options.alerts == "-")
    return "--alerts -: takes one configuration; of several a file name such as out.jsonl makes one file each";
  if (options.json && options.alerts.empty())
    return "--json: takes one configuration; of several --alerts out.jsonl makes one file each";
  return {};
}

}  // namespace yagura::app
