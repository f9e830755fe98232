#include "app/bench/compare.hpp"

#include <simdjson.h>

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "app/bench/rank_test.hpp"
#include "app/bench/report.hpp"
#include "app/text_table.hpp"

namespace yagura::app::bench {
namespace {

using simdjson::dom::element;

struct Key {
  std::string path, rate, figure;
  friend auto operator<=>(const Key&, const Key&) = default;
};

// What one file says: the runs' values by figure, in the file's order, and what must be alike.
struct File {
  std::vector<Key> order;
  std::map<Key, std::vector<double>> values;
  std::map<std::string, std::string> conditions;
};

// Written to be unlike each other on any two runs; the rest of a host or an input must be alike.
constexpr std::string_view kVaries[] = {"load", "alert_bytes", "rates"};

void read_conditions(const element& document, const char* part, File& file) {
  simdjson::dom::object fields;
  if (document[part].get(fields) != simdjson::SUCCESS) return;
  for (const auto [name, value] : fields) {
    if (std::ranges::find(kVaries, name) == std::end(kVaries))
      file.conditions[std::string{part} + "." + std::string{name}] = simdjson::minify(value);
  }
}

void add(File& file, Key key, double value) {
  auto& values = file.values[key];
  if (values.empty()) file.order.push_back(std::move(key));
  values.push_back(value);
}

bool read_round(const element& round, File& file) {
  std::string_view path;
  if (round["path"].get(path) != simdjson::SUCCESS) return false;
  double value = 0;
  if (round["saturation_per_s"].get(value) == simdjson::SUCCESS) {
    add(file, {std::string{path}, "", "saturation"}, value);
    return true;
  }
  std::string_view rate;
  if (round["rate"].get(rate) != simdjson::SUCCESS) return false;
  for (const auto& percentile : kPercentiles) {
    if (round["latency_us"][percentile.key].get(value) != simdjson::SUCCESS) return false;
    add(file, {std::string{path}, std::string{rate}, std::string{percentile.head}}, value);
  }
  return true;
}

Result<File> read_file(const std::string& name) {
  simdjson::dom::parser parser;
  element document;
  const auto failed = parser.load(name).get(document);
  if (failed == simdjson::IO_ERROR) return Error{name + ": cannot be read; wanted a file of yagura bench --json"};
  std::string_view tool;
  std::int64_t version = 0;
  simdjson::dom::array rounds;
  if (failed != simdjson::SUCCESS || document["tool"].get(tool) != simdjson::SUCCESS || tool != "yagura bench" ||
      document["v"].get(version) != simdjson::SUCCESS || version != 1 ||
      document["rounds"].get(rounds) != simdjson::SUCCESS)
    return Error{name + ": is no file of yagura bench --json, version 1"};
  File file;
  read_conditions(document, "host", file);
  read_conditions(document, "input", file);
  for (const auto round : rounds) {
    if (!read_round(round, file)) return Error{name + ": has a round without its path, rate or figures"};
  }
  return file;
}

Change change_of(const Key& key, const std::vector<double>& before, const std::vector<double>& after) {
  Change change{key.path,
                key.rate,
                key.figure,
                summary_of(before).median,
                summary_of(after).median,
                before.size(),
                after.size(),
                rank_test(before, after),
                {}};
  const bool more_is_better = key.rate.empty();
  if (smallest_probability(before.size(), after.size()) >= kSignificant)
    change.verdict = Change::Verdict::kTooFew;
  else if (change.probability >= kSignificant || change.after == change.before)
    change.verdict = Change::Verdict::kNoise;
  else
    change.verdict =
        (change.after > change.before) == more_is_better ? Change::Verdict::kBetter : Change::Verdict::kWorse;
  return change;
}

const char* text_of(Change::Verdict verdict) {
  switch (verdict) {
    case Change::Verdict::kTooFew: return "too few runs to tell";
    case Change::Verdict::kNoise: return "no more than noise";
    case Change::Verdict::kBetter: return "better";
    case Change::Verdict::kWorse: return "WORSE";
  }
  return "";
}

}  // namespace

bool Comparison::worse() const {
  return std::ranges::any_of(changes, [](const Change& change) {
    const bool telling = change.figure == "p50" || change.figure == "p99" || change.rate.empty();
    return telling && change.verdict == Change::Verdict::kWorse;
  });
}

Result<Comparison> compare(const std::string& file_before, const std::string& file_after) {
  const auto before = read_file(file_before);
  if (!before) return before.error();
  const auto after = read_file(file_after);
  if (!after) return after.error();
  Comparison comparison;
  for (const auto& [name, value] : before->conditions) {
    const auto other = after->conditions.find(name);
    if (other == after->conditions.end() || other->second != value)
      comparison.warnings.push_back(fmt::format("{} differs: {} and {}", name, value,
                                                other == after->conditions.end() ? "nothing" : other->second));
  }
  for (const auto& key : before->order) {
    const auto other = after->values.find(key);
    if (other != after->values.end())
      comparison.changes.push_back(change_of(key, before->values.at(key), other->second));
  }
  const auto lone = [&](const File& one, const File& two, const std::string& name) {
    for (const auto& key : one.order) {
      if (!two.values.contains(key) && (key.figure == "p50" || key.rate.empty()))
        comparison.warnings.push_back(
            fmt::format("only {} has {} at {}", name, key.path, key.rate.empty() ? "saturation" : key.rate));
    }
  };
  lone(*before, *after, file_before);
  lone(*after, *before, file_after);
  if (comparison.changes.empty())
    return Error{file_before + " and " + file_after + ": no path was measured at the same rate in both"};
  return comparison;
}

std::string comparison_text(const Comparison& comparison) {
  std::string text;
  for (const auto& warning : comparison.warnings) text += "warning: " + warning + "\n";
  TextTable table{{{"path", Align::kLeft},
                   {"rate", Align::kLeft},
                   {"figure", Align::kLeft},
                   {"before"},
                   {"after"},
                   {"change"},
                   {"runs"},
                   {"p"},
                   {"", Align::kLeft}}};
  for (const auto& change : comparison.changes) {
    const auto number = [&](double value) {
      return change.rate.empty() ? fmt::format("{:.0f}", value) : fmt::format("{:.2f}", value);
    };
    table.row({change.path, change.rate, change.rate.empty() ? "saturation /s" : change.figure + " us",
               number(change.before), number(change.after), fmt::format("{:+.1f} %", change.percent()),
               fmt::format("{}/{}", change.runs_before, change.runs_after), fmt::format("{:.3f}", change.probability),
               text_of(change.verdict)});
  }
  text += table.text(false);
  return text + fmt::format(
                    "p: the chance of such a difference between runs that are alike (Mann-Whitney, two-sided); "
                    "below {} it is more than noise.\n",
                    kSignificant);
}

}  // namespace yagura::app::bench
