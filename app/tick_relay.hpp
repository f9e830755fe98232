// Ticks from feeds to NATS: the way in on a machine that has no detectors.
#pragma once

#include <concurrentqueue/blockingconcurrentqueue.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "core/net/nats_client.hpp"
#include "core/symbol.hpp"
#include "feeds/tick_sink.hpp"

namespace yagura::app {

// A feed's thread hands ticks over without waiting; a thread of the relay's publishes them, each to
// SUBJECT.INSTRUMENT in the native JSON, in the order they came. Numbers are the venue's, or where it
// gives none the relay's own, so that a subscriber sees what it missed.
class TickRelay final : public feeds::TickSink {
 public:
  // Both outlive it.
  TickRelay(net::NatsClient& nats, const SymbolTable& symbols, const std::string& subject);
  ~TickRelay();
  TickRelay(const TickRelay&) = delete;
  TickRelay& operator=(const TickRelay&) = delete;

  void on_tick(const Tick& tick) noexcept override;
  void on_batch_end() noexcept override {}
  // Publishes what waits and ends the thread. The feeds must have stopped.
  void stop();

  // Any thread.
  struct Stats {
    std::uint64_t published = 0;
    std::uint64_t lost = 0;  // no connection, or no room to wait: the numbers tell the subscribers
  };
  [[nodiscard]] Stats stats() const { return {published_, lost_}; }

 private:
  void run();
  void publish(const Tick& tick);

  net::NatsClient& nats_;
  std::vector<std::string> names_, subjects_;  // by SymbolId
  std::vector<std::uint64_t> numbers_;         // the feeds' thread
  std::string text_;
  moodycamel::BlockingConcurrentQueue<Tick> queue_;
  moodycamel::ProducerToken feeds_;  // without one it has room for a thousand only
  std::atomic<bool> stopping_{false};
  std::atomic<std::uint64_t> published_{0}, lost_{0};
  std::thread thread_;
};

}  // namespace yagura::app
