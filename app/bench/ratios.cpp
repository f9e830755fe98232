#include "app/bench/ratios.hpp"

#include <cmath>
#include <utility>

namespace yagura::app::bench {
namespace {

struct Other {
  std::string name;  // in the ratio's name
  std::string path;
};

// What spins is held against the floor that spins, what blocks against the one that blocks.
std::vector<Other> others_of(const Path& path) {
  const bool spins = path.wait.value_or("block") == "spin";
  return {
      {"floor", spins ? "floor" : "floor_block"}, {"bare", "bare"}, {"beast", "beast_nlohmann"}, {"node", "node_ws"}};
}

double rounded(double value) { return std::round(value * 1000) / 1000; }

void write(JsonWriter& json, const Ratio& ratio) { json.field(ratio.name, rounded(ratio.value.median)); }

void write_range(JsonWriter& json, const Ratio& ratio) {
  json.key(ratio.name).begin_array().value(rounded(ratio.value.min)).value(rounded(ratio.value.max)).end_array();
}

}  // namespace

std::vector<Ratio> latency_ratios(const Report& report, const Path& path, const std::string& rate) {
  std::vector<Ratio> ratios;
  const auto ours = report.runs_of(path.name, rate);
  for (const auto& other : others_of(path)) {
    const auto theirs = report.runs_of(other.path, rate);
    if (theirs.empty()) continue;
    for (const auto& percentile : {kPercentiles[0], kPercentiles[2]}) {
      std::vector<double> values;
      for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
        values.push_back(value_of(ours[i]->response, percentile) / value_of(theirs[i]->response, percentile));
      ratios.push_back({std::string{percentile.key} + "_vs_" + other.name, summary_of(std::move(values))});
    }
  }
  return ratios;
}

std::vector<Ratio> saturation_ratios(const Report& report, const Path& path) {
  std::vector<Ratio> ratios;
  const auto ours = report.saturations_of(path.name);
  for (const auto& other : others_of(path)) {
    const auto theirs = report.saturations_of(other.path);
    std::vector<double> values;
    for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i) values.push_back(ours[i] / theirs[i]);
    if (!values.empty()) ratios.push_back({"saturation_vs_" + other.name, summary_of(std::move(values))});
  }
  return ratios;
}

void write_ratios(JsonWriter& json, const Report& report) {
  json.key("ratios").begin_object();
  for (const auto& path : report.plan.paths) {
    if (!path.monitor() || report.plan.paths.size() == 1 || report.skipped.contains(path.name)) continue;
    json.key(path.name).begin_object();
    for (const auto& rate : report.rates()) {
      const auto ratios = latency_ratios(report, path, rate);
      json.key(rate).begin_object();
      for (const auto& ratio : ratios) write(json, ratio);
      json.key("ranges").begin_object();
      for (const auto& ratio : ratios) write_range(json, ratio);
      json.end_object().end_object();
    }
    const auto ratios = saturation_ratios(report, path);
    for (const auto& ratio : ratios) write(json, ratio);
    json.key("ranges").begin_object();
    for (const auto& ratio : ratios) write_range(json, ratio);
    json.end_object().end_object();
  }
  json.end_object();
}

}  // namespace yagura::app::bench
