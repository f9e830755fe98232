// Sends what the journal hands over, each sink on a thread of its own, so that a slow or hostile place
// delays nobody else. What was sent is marked only after it was taken: a crash in between, or a
// time-out, sends it again with the same id.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "alerts/channel.hpp"
#include "alerts/journal.hpp"
#include "alerts/lane.hpp"
#include "alerts/sink_options.hpp"
#include "core/clock.hpp"
#include "core/latency_histogram.hpp"

namespace yagura::alerts {

// What is known of a sink.
struct SinkStatus {
  std::string name;
  std::string_view kind;
  std::uint64_t delivered = 0;  // since the start, as the next two
  std::uint64_t failed = 0;     // attempts
  std::uint64_t refused = 0;
  std::uint64_t folded = 0;
  std::size_t waiting = 0;
  std::size_t dead = 0;
  std::optional<Timestamp> oldest;  // of those that wait
  bool off = false;                 // the place is gone: nothing is sent until the next start
  bool down = false;
  std::string last_problem;
};

// How long its letters took. 60 KB.
struct SinkTimes {
  LatencyHistogram first_attempt;  // handed over to the first attempt's beginning
  LatencyHistogram taken;          // handed over to taken, of this run's letters
};

class Outbox {
 public:
  struct Sink {
    SinkOptions options;
    std::unique_ptr<Channel> channel;
  };
  struct Options {
    Lane::Options lane;  // its rate is the sink's
    // Words for one sink. Any thread.
    std::function<Letter(const Delivery& delivery, std::string_view json, const SinkOptions& sink)> compose;
    // The JSON of a summary of letters whose sink's budget was spent, with its own id.
    std::function<std::string(const std::vector<Delivery>& folded, const SinkOptions& sink)> summarise;
    std::uint64_t seed = 0;        // of the jitter
    const Clock* clock = nullptr;  // outlives it; null: the real one
  };

  // The journal outlives it, and was opened with these sinks' names in this order.
  Outbox(std::vector<Sink> sinks, Journal& journal, Options options);
  ~Outbox();

  // Takes over what the last run left open, and begins.
  void start();
  // Attempts end within 100 ms; what was not taken stays in the journal for the next start.
  void stop();
  // Waits until nothing is due, or `limit` has passed; then stops. For an orderly end.
  void finish(Duration limit);

  // -- Any thread.

  // Acknowledged, and that is stored: nothing of it escalates.
  void cancel(Id128 episode);
  // Dead letters again, of all sinks: one alert's, or all when empty. How many.
  std::size_t resend(Id128 id);
  [[nodiscard]] std::vector<SinkStatus> status() const;  // cheap enough for every second
  [[nodiscard]] std::vector<SinkTimes> times() const;    // in the same order
  [[nodiscard]] std::size_t size() const { return senders_.size(); }

 private:
  class Sender;
  void take(std::vector<Delivery> deliveries);
  void taken(const std::string& sink, Id128 id);

  Journal& journal_;
  std::vector<std::unique_ptr<Sender>> senders_;
};

// "webhook": the kind as it stands in the settings.
[[nodiscard]] std::string_view kind_of(const SinkOptions& sink);

}  // namespace yagura::alerts
