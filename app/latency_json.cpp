#include "app/latency_json.hpp"

#include "core/json_writer.hpp"

namespace yagura::app {

std::string latency_json(const LatencyStages& stages) {
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("v", 1).key("stages").begin_object();
  for (std::size_t s = 0; s < LatencyStages::kStages; ++s) {
    const auto& histogram = stages.of(static_cast<LatencyStages::Stage>(s));
    json.key(LatencyStages::kNames[s]).begin_object();
    json.field("count", histogram.count()).field("sum_ns", histogram.sum().count());
    json.field("min_ns", histogram.min().count()).field("max_ns", histogram.max().count());
    json.key("buckets").begin_array();
    for (const auto& bucket : histogram.buckets())
      json.begin_array().value(bucket.upper.count()).value(bucket.count).end_array();
    json.end_array().end_object();
  }
  json.end_object().end_object();
  return text;
}

}  // namespace yagura::app
