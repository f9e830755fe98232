// How a feed is doing, for other threads: the console, metrics and the liveness rules.
#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>

#include "core/tick.hpp"  // kCacheLine

namespace yagura::feeds {

enum class FeedState : std::uint8_t {
  kStopped,
  kConnecting,  // name, TCP, TLS, HTTP
  kHandshake,   // open; subscription sent, nothing confirmed
  kSubscribed,  // confirmed by the vendor, no tick yet
  kLive,        // a tick arrived over this connection
  kBackoff,     // waiting to try again
};
[[nodiscard]] std::string_view to_string(FeedState state);  // "LIVE"

// Why the feed is not live.
enum class FeedReason : std::uint8_t {
  kNone,
  kNoData,
  kSocketClosed,
  kRefused,
  kTimeout,
  kDns,
  kProxy,
  kTls,
  kHttp,
  kAuth,
  kRejected,  // the vendor ended the session with a message
  kGarbage,
};
[[nodiscard]] std::string_view to_string(FeedReason reason);  // "no_data"

struct FeedStatus {
  std::string name;
  std::string url;  // redacted
  FeedState state = FeedState::kStopped;
  FeedReason reason = FeedReason::kNone;  // of the last disconnection; none again once live
  std::string text;                       // the same for people
  std::string last_error;                 // latest vendor error or undecodable frame, cleaned
  std::uint64_t frames = 0;
  std::uint64_t ticks = 0;
  std::uint64_t decode_errors = 0;    // frames that could not be understood
  std::uint64_t vendor_errors = 0;    // errors the vendor reported
  std::uint64_t unknown_symbols = 0;  // ticks of symbols nobody asked for
  std::uint64_t one_sided = 0;        // quotes without a price and with one side only: no tick
  std::uint64_t connects = 0;         // connections that opened
  std::uint64_t attempts = 0;         // connections tried
  std::uint64_t drops = 0;            // connections that were open and ended
  MonoTime last_rx{};                 // any frame or ping; zero before the first
  MonoTime last_tick{};
  MonoTime last_open{};     // when the latest connection opened
  MonoTime since{};         // of the state; zero before the first
  MonoTime next_attempt{};  // while in kBackoff, else zero
};

// The feed's thread writes, any thread reads. Numbers are atomics with one writer, so the hot path
// adds without a locked instruction; texts change only with the state or, at most once a second,
// with an error, and are copied under a mutex that no tick ever takes. A snapshot is exact field by
// field, not across fields.
class FeedStatusBoard {
 public:
  class Counter {
   public:
    void add(std::uint64_t by = 1) noexcept { value_.store(get() + by, std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t get() const noexcept { return value_.load(std::memory_order_relaxed); }

   private:
    std::atomic<std::uint64_t> value_{0};
  };

  FeedStatusBoard(std::string name, std::string url) : name_(std::move(name)), url_(std::move(url)) {}

  // Feed's thread only, hot path included.
  Counter frames, ticks, decode_errors, vendor_errors, unknown_symbols, one_sided, connects, attempts, drops;
  void received(MonoTime at) noexcept { last_rx_.store(at, std::memory_order_relaxed); }
  void ticked(MonoTime at) noexcept { last_tick_.store(at, std::memory_order_relaxed); }
  void opened(MonoTime at) noexcept { last_open_.store(at, std::memory_order_relaxed); }
  [[nodiscard]] FeedState state() const noexcept { return state_.load(std::memory_order_relaxed); }

  // Feed's thread only, takes the mutex.
  void enter(FeedState state, MonoTime at) noexcept;
  void attempt_at(MonoTime at) noexcept { next_attempt_.store(at, std::memory_order_relaxed); }
  void explain(FeedReason reason, std::string text);
  void set_last_error(std::string text);

  [[nodiscard]] FeedStatus snapshot() const;  // any thread

 private:
  const std::string name_;
  const std::string url_;
  std::atomic<FeedState> state_{FeedState::kStopped};
  std::atomic<FeedReason> reason_{FeedReason::kNone};
  std::atomic<MonoTime> last_rx_{MonoTime{}};
  std::atomic<MonoTime> last_tick_{MonoTime{}};
  std::atomic<MonoTime> last_open_{MonoTime{}};
  std::atomic<MonoTime> since_{MonoTime{}};
  std::atomic<MonoTime> next_attempt_{MonoTime{}};
  mutable std::mutex text_mutex_;  // guards the two below
  std::string text_;
  std::string last_error_;
};

}  // namespace yagura::feeds
