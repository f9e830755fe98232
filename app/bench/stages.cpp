#include "app/bench/stages.hpp"

#include <simdjson.h>

#include "app/http_client.hpp"

namespace yagura::app::bench {
namespace {

struct Name {
  std::string_view monitors;
  std::string_view ours;
};
constexpr Name kNames[] = {{"decode", "parsed"},  {"enqueue", "enqueued"},      {"queue", "dequeued"},
                           {"detect", "decided"}, {"hand_over", "on_the_wire"}, {"settle", "settled"}};

std::string ours(const std::string& monitors) {
  for (const auto& name : kNames) {
    if (name.monitors == monitors) return std::string{name.ours};
  }
  return monitors;
}

}  // namespace

Result<MonitorStages> read_monitor_stages(std::uint16_t port) {
  const auto answer = http_request("127.0.0.1:" + std::to_string(port), "GET", "/api/v1/latency", {}, {});
  if (!answer) return answer.error();
  if (answer->status != 200) return Error{error_of(*answer)};
  return parse_stages(answer->body);
}

Result<MonitorStages> parse_stages(std::string_view json) {
  const Error bad{"/api/v1/latency: not what was expected"};
  MonitorStages all;
  simdjson::dom::parser parser;
  simdjson::dom::object stages;
  if (parser.parse(json.data(), json.size())["stages"].get(stages) != simdjson::SUCCESS) return bad;
  for (const auto [name, stage] : stages) {
    simdjson::dom::array buckets;
    std::uint64_t sum = 0;
    std::uint64_t min = 0;
    std::uint64_t max = 0;
    if (stage["buckets"].get(buckets) != simdjson::SUCCESS || stage["sum_ns"].get(sum) != simdjson::SUCCESS ||
        stage["min_ns"].get(min) != simdjson::SUCCESS || stage["max_ns"].get(max) != simdjson::SUCCESS)
      return bad;
    std::vector<LatencyHistogram::Bucket> counts;
    for (const auto bucket : buckets) {
      std::uint64_t upper = 0;
      std::uint64_t count = 0;
      if (bucket.at(0).get(upper) != simdjson::SUCCESS || bucket.at(1).get(count) != simdjson::SUCCESS) return bad;
      counts.push_back({Duration{static_cast<std::int64_t>(upper)}, count});
    }
    all[std::string{name}] = LatencyHistogram::from_buckets(counts, Duration{static_cast<std::int64_t>(sum)},
                                                            Duration{static_cast<std::int64_t>(min)},
                                                            Duration{static_cast<std::int64_t>(max)});
  }
  return all;
}

void add_monitor_stages(const MonitorStages& before, const MonitorStages& after,
                        std::map<std::string, LatencyHistogram>& stages) {
  for (const auto& [name, histogram] : after) {
    const auto known = before.find(name);
    stages[ours(name)] = known == before.end() ? histogram : histogram.since(known->second);
  }
}

void add_mark_stages(const std::vector<Mark>& marks, std::map<std::string, LatencyHistogram>& stages) {
  for (const auto& mark : marks) {
    if (!mark.answered() || mark.recv_ns == 0 || mark.decided_ns == 0) continue;
    const auto wall = [&mark](MonoTime at) { return at.time_since_epoch().count() + mark.wall_minus_mono; };
    stages["wire_in"].record(Duration{mark.recv_ns - wall(mark.sent)});
    stages["at_the_client"].record(Duration{wall(mark.received) - mark.decided_ns});
  }
}

const std::vector<std::string>& stage_order() {
  static const std::vector<std::string> order{"wire_in", "parsed",      "enqueued",      "dequeued",
                                              "decided", "on_the_wire", "at_the_client", "settled"};
  return order;
}

}  // namespace yagura::app::bench
