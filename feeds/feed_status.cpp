#include "feeds/feed_status.hpp"

#include <utility>

namespace yagura::feeds {

static_assert(std::atomic<MonoTime>::is_always_lock_free, "read by other threads from the hot path's line");

std::string_view to_string(FeedState state) {
  switch (state) {
    case FeedState::kStopped: return "STOPPED";
    case FeedState::kConnecting: return "CONNECTING";
    case FeedState::kHandshake: return "HANDSHAKE";
    case FeedState::kSubscribed: return "SUBSCRIBED";
    case FeedState::kLive: return "LIVE";
    case FeedState::kBackoff: return "BACKOFF";
  }
  return "?";
}

std::string_view to_string(FeedReason reason) {
  switch (reason) {
    case FeedReason::kNone: return "none";
    case FeedReason::kNoData: return "no_data";
    case FeedReason::kSocketClosed: return "socket_closed";
    case FeedReason::kRefused: return "refused";
    case FeedReason::kTimeout: return "timeout";
    case FeedReason::kDns: return "dns";
    case FeedReason::kProxy: return "proxy";
    case FeedReason::kTls: return "tls";
    case FeedReason::kHttp: return "http";
    case FeedReason::kAuth: return "auth";
    case FeedReason::kRejected: return "rejected";
    case FeedReason::kGarbage: return "garbage";
  }
  return "?";
}

void FeedStatusBoard::enter(FeedState state, MonoTime at) noexcept {
  if (state != FeedState::kBackoff) attempt_at(MonoTime{});
  since_.store(at, std::memory_order_relaxed);
  state_.store(state, std::memory_order_release);
}

void FeedStatusBoard::explain(FeedReason reason, std::string text) {
  reason_.store(reason, std::memory_order_relaxed);
  const std::lock_guard lock{text_mutex_};
  text_ = std::move(text);
}

void FeedStatusBoard::set_last_error(std::string text) {
  const std::lock_guard lock{text_mutex_};
  last_error_ = std::move(text);
}

FeedStatus FeedStatusBoard::snapshot() const {
  FeedStatus status;
  status.name = name_;
  status.url = url_;
  status.state = state_.load(std::memory_order_acquire);
  status.reason = reason_.load(std::memory_order_relaxed);
  status.frames = frames.get();
  status.ticks = ticks.get();
  status.decode_errors = decode_errors.get();
  status.vendor_errors = vendor_errors.get();
  status.unknown_symbols = unknown_symbols.get();
  status.one_sided = one_sided.get();
  status.connects = connects.get();
  status.attempts = attempts.get();
  status.drops = drops.get();
  status.last_rx = last_rx_.load(std::memory_order_relaxed);
  status.last_tick = last_tick_.load(std::memory_order_relaxed);
  status.last_open = last_open_.load(std::memory_order_relaxed);
  status.since = since_.load(std::memory_order_relaxed);
  status.next_attempt = next_attempt_.load(std::memory_order_relaxed);
  const std::lock_guard lock{text_mutex_};
  status.text = text_;
  status.last_error = last_error_;
  return status;
}

}  // namespace yagura::feeds
