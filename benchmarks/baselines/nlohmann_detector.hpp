// The half of beast_nlohmann that knows prices: a thread of its own behind a queue.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "baselines/watches.hpp"

namespace yagura::baselines {

struct Tick {
  std::string symbol;
  std::int64_t ts_ns;
  double price;  // of a quote the middle
};

// Nothing for other messages. Throws nlohmann::json::exception or std::logic_error for a tick that is none.
[[nodiscard]] std::optional<Tick> parse_tick(std::string_view message);

class NlohmannDetector {
 public:
  // `publish` is called on the detector's thread, with an alert's JSON.
  NlohmannDetector(std::size_t alert_bytes, std::function<void(std::string)> publish);
  ~NlohmannDetector();

  // From any thread.
  void push(Tick tick);

 private:
  void run();
  void on_tick(const Tick& tick);
  [[nodiscard]] std::string words(const Tick& tick, const Thresholds::Crossing& crossing);

  std::size_t alert_bytes_;
  std::function<void(std::string)> publish_;
  Watches watches_;
  std::uint64_t count_ = 0;
  std::string text_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Tick> ticks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace yagura::baselines
