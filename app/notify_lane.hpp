// One sink of `yagura notify`: takes alerts from a durable consumer of its own, so that a slow or dead
// sink delays no other, and says so to the stream only when the sink has them. Several processes may
// share the consumer: each alert goes to one of them, and to another when that one dies.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <stop_token>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "alerts/channel.hpp"
#include "alerts/facts.hpp"
#include "alerts/sink_options.hpp"
#include "app/dead_letters.hpp"
#include "core/clock.hpp"
#include "core/instrument.hpp"
#include "core/net/nats_client.hpp"

namespace yagura::app {

class NotifyLane {
 public:
  struct Options {
    alerts::SinkOptions sink;
    net::NatsStream stream;                                // made when it is not there
    std::string durable;                                   // of the consumer; the same in every process
    std::vector<InstrumentInfo> instruments;               // names for the words
    int tries = 10;                                        // of one process; then it is a dead letter
    Duration first_wait = std::chrono::milliseconds{500};  // doubling, full jitter
    Duration longest_wait = std::chrono::seconds{60};
    std::uint64_t seed = 1;  // of the jitter
  };

  // All outlive it.
  NotifyLane(Options options, net::NatsClient& nats, std::unique_ptr<alerts::Channel> channel, DeadLetters& dead,
             const Clock& clock);

  // Works until a stop is requested, or the sink's place is gone for good. The sink's own thread.
  void run(const std::stop_token& stop);

  // Any thread.
  struct Stats {
    std::uint64_t delivered = 0, repeated = 0, failed = 0, dead = 0, below = 0;
    bool gone = false;
  };
  [[nodiscard]] Stats stats() const;

 private:
  bool prepare();
  void handle(net::NatsMessage& message, const std::stop_token& stop);
  void send(net::NatsMessage& message, const alerts::Facts& facts, const std::stop_token& stop);
  void later(net::NatsMessage& message, const std::string& key, const alerts::Attempt& attempt);
  void bury(net::NatsMessage& message, std::string_view why, std::uint64_t tries, bool is_json);
  void finish(net::NatsMessage& message);
  void remember(const std::string& key);
  void say(const std::string& problem);
  [[nodiscard]] Duration wait_before(int tries);
  [[nodiscard]] std::optional<Duration> held_back(const alerts::Facts& facts);

  Options options_;
  net::NatsClient& nats_;
  std::unique_ptr<alerts::Channel> channel_;
  DeadLetters& dead_;
  const Clock& clock_;
  std::unique_ptr<net::NatsConsumer> consumer_;
  std::minstd_rand random_;
  std::string said_;      // the latest problem in the log
  MonoTime next_free_{};  // of the sink's budget

  std::unordered_set<std::string> done_;  // the newest of those that the sink has
  std::deque<std::string> done_order_;
  // Of alerts that failed: how often, and when the next try is due.
  struct Failing {
    int tries = 0;
    MonoTime due{};
  };
  std::unordered_map<std::string, Failing> failing_;

  std::atomic<std::uint64_t> delivered_{0}, repeated_{0}, failed_{0}, buried_{0}, below_{0};
  std::atomic<bool> gone_{false};
};

// How long one attempt over this sink may take, by its settings.
[[nodiscard]] Duration attempt_limit(const alerts::ChannelOptions& channel);

}  // namespace yagura::app
