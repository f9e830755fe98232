#include "app/tick_relay.hpp"

#include <array>
#include <chrono>

#include "feeds/vendors/native.hpp"

namespace yagura::app {
namespace {

constexpr std::size_t kMostWaiting = 65'536;
constexpr std::size_t kBatch = 256;
constexpr auto kNap = std::chrono::milliseconds{20};

}  // namespace

TickRelay::TickRelay(net::NatsClient& nats, const SymbolTable& symbols, const std::string& subject)
    : nats_(nats), numbers_(symbols.size()), queue_(kMostWaiting), feeds_(queue_) {
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    names_.push_back(symbols.name(SymbolId{static_cast<std::uint16_t>(i)}));
    subjects_.push_back(subject + "." + net::nats_token(names_.back()));
  }
  thread_ = std::thread{[this] { run(); }};
}

TickRelay::~TickRelay() { stop(); }

void TickRelay::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void TickRelay::on_tick(const Tick& tick) noexcept {
  Tick numbered = tick;
  const auto number = ++numbers_[index_of(tick.symbol)];  // before it can be lost
  if (!has(tick.flags, TickFlag::kHasSeq)) {
    numbered.seq = number;
    numbered.flags |= TickFlag::kHasSeq;
  }
  if (!queue_.try_enqueue(feeds_, numbered)) lost_.fetch_add(1, std::memory_order_relaxed);
}

void TickRelay::run() {
  std::array<Tick, kBatch> batch;
  for (;;) {
    const bool last = stopping_;
    const auto count = queue_.wait_dequeue_bulk_timed(batch.begin(), batch.size(), kNap);
    for (std::size_t i = 0; i < count; ++i) publish(batch[i]);
    if (count == 0 && last) return;
  }
}

void TickRelay::publish(const Tick& tick) {
  const auto symbol = index_of(tick.symbol);
  feeds::ReplayTick out{
      .symbol = names_[symbol], .price = tick.price, .bid = {}, .ask = {}, .ts = tick.ts_event, .seq = tick.seq};
  if (has(tick.flags, TickFlag::kHasBid)) out.bid = tick.bid;
  if (has(tick.flags, TickFlag::kHasAsk)) out.ask = tick.ask;
  text_.clear();
  feeds::encode_native_tick(out, text_);
  (nats_.publish(subjects_[symbol], text_) ? published_ : lost_).fetch_add(1, std::memory_order_relaxed);
}

}  // namespace yagura::app
