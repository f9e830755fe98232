// What is compared with what: a ratio is taken inside a round, where both ran back to back, and the median of
// those is what counts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/bench/report.hpp"
#include "core/json_writer.hpp"

namespace yagura::app::bench {

// "p50_vs_floor" of one path and rate; nothing without the other path.
struct Ratio {
  std::string name;
  Summary value;
};
[[nodiscard]] std::vector<Ratio> latency_ratios(const Report& report, const Path& path, const std::string& rate);
[[nodiscard]] std::vector<Ratio> saturation_ratios(const Report& report, const Path& path);

// "ratios":{…}, empty without baselines.
void write_ratios(JsonWriter& json, const Report& report);

}  // namespace yagura::app::bench
