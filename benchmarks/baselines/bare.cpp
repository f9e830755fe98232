// The same work without libraries: own framing, a scanner by hand, milestones of three instruments,
// the alert's JSON; one thread from the frame to the socket.
#include <chrono>

#include "baselines/alert_frame.hpp"
#include "baselines/connections.hpp"
#include "baselines/feed_reader.hpp"
#include "baselines/tick_scanner.hpp"
#include "baselines/watches.hpp"

namespace yagura::baselines {

namespace {

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
      .count();
}

class Monitor {
 public:
  explicit Monitor(std::size_t alert_bytes) : alert_(alert_bytes) {}

  // The frame to send; empty when the tick says nothing new.
  std::string_view on_tick(const ScannedTick& tick) {
    auto* watch = watches_.find(tick.symbol);
    if (watch == nullptr) return {};
    const auto crossing = watch->thresholds.on_price(tick.price);
    if (!crossing) return {};
    return alert_.write({.instrument = watch->symbol,
                         .reached = crossing->reached,
                         .level = crossing->level,
                         .price = tick.price,
                         .previous = crossing->previous,
                         .ts_event_ns = tick.ts_ns,
                         .ts_decided_ns = now_ns()});
  }

 private:
  Watches watches_;
  AlertFrame alert_;
};

}  // namespace

void run_bare(const Options& options) {
  Monitor monitor{options.alert_bytes};
  const auto [client, feed] = connect_both(options);
  FeedReader reader{feed.get(), options.wait};
  while (reader.wait()) {
    while (const auto frame = reader.next()) {
      if (frame->opcode == Opcode::kClose) return;
      const auto tick = scan_tick(frame->payload);
      if (!tick) continue;
      const auto alert = monitor.on_tick(*tick);
      if (!alert.empty() && !send_frame(client.get(), alert)) return;
    }
  }
}

}  // namespace yagura::baselines
