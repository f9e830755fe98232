// The path of a tick: feed -> queue -> integrity and detectors -> alert. See pipeline.cpp.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "alerts/crash_ring.hpp"
#include "app/latency_stages.hpp"
#include "app/source_selector.hpp"
#include "core/clock.hpp"
#include "feeds/tick_sink.hpp"
#include "processing/monitor.hpp"
#include "processing/shards.hpp"
#include "processing/tick_queue.hpp"

namespace yagura::app {

class Pipeline {
 public:
  struct Options {
    std::size_t queue_capacity = 65'536;
    processing::WhenFull when_full = processing::WhenFull::kFold;
    bool on_feed_thread = false;  // workers = 0: each tick is decided as it is read, without the queue
    int workers = 1;              // threads that decide, the detector thread among them
    Duration helpers_spin{0};     // how long the others look for work before they sleep
    std::optional<Duration> future_limit;
    std::size_t feeds = 8;  // numbers of feeds are below this
  };
  // Called on the detector thread. None may wait; what they need more time for they pass on.
  struct Outlets {
    // The decisions of one tick, in order: write them to whoever is listening, and no more.
    std::function<void(SignalBuffer& signals)> alerts;
    // A tick passed integrity and detectors. With several workers the instrument may be a few ticks
    // ahead: the batch is decided by then.
    std::function<void(const processing::InstrumentMonitor& instrument, MonoTime decided)> accepted;
    // There is work in the queue and the detector thread may be asleep. Feed's thread.
    std::function<void()> wake;
    // The queue was full and something is folded: call flush_folded() soon. Feed's thread.
    std::function<void()> folding;
    // Why an instrument's feeds are silent; may be empty. Asked when an alert says so.
    std::function<StaleReason(SymbolId)> silence_reason{};
    // The market's clock of an instrument moved on; what that decided is out.
    std::function<void(SymbolId, Timestamp now)> clock{};
    // Right behind `alerts`, with the same: what else belongs to them. May be empty.
    std::function<void(SignalBuffer& signals)> settle{};
    // A batch in which something was said is decided and handed out: what could wait until now, such as
    // waking threads. May be empty.
    std::function<void()> rest{};
  };

  Pipeline(Options options, processing::Monitor& monitor, const Clock& clock, Outlets outlets);

  // One feed's entrance; feed's thread.
  class Port final : public feeds::TickSink {
   public:
    Port(Pipeline& pipeline, int feed, int priority) : pipeline_(pipeline), feed_(feed), priority_(priority) {}
    void on_tick(const Tick& tick) noexcept override { pipeline_.from_feed(tick, feed_, priority_); }
    void on_batch_end() noexcept override { pipeline_.batch_end(); }

   private:
    Pipeline& pipeline_;
    int feed_;
    int priority_;
  };

  // Detector thread: takes a batch from the queue through the detectors; how many ticks that was.
  std::size_t drain() noexcept;
  // Detector thread, about once a second: sessions end by the clock, too.
  void on_second() noexcept;
  // Detector thread, some times a second: feeds fall silent by the clock alone.
  void watch_silence() noexcept;
  // Feed's thread, while folding(): tries to hand over what was folded.
  void flush_folded() noexcept;
  [[nodiscard]] bool folding() const noexcept { return producer_.folding(); }
  // Any thread: a feed that waits for room gives up.
  void stop() noexcept { stopping_.store(true, std::memory_order_relaxed); }

  // Detector thread, between two drains: other rules for the same instruments.
  void replace(processing::Monitor& monitor);

  // Detector thread, before the first tick: where everything is noted that changes what the detectors
  // know, before anyone sees what comes of it. Outlives the pipeline; null: nowhere.
  void record_to(alerts::CrashRing* ring) noexcept { ring_ = ring; }
  // Detector thread, before that: takes what the last run had noted the same way, but it is no news to
  // latencies and views.
  void run_again(const alerts::RingEntry& entry) noexcept;

  // What the clock on this market's wall says; the epoch before its first tick. Detector thread.
  [[nodiscard]] Timestamp market_time(SymbolId symbol, MonoTime now) const;

  [[nodiscard]] const processing::TickQueue& queue() const { return queue_; }
  [[nodiscard]] std::uint64_t folded() const { return producer_.folded(); }
  [[nodiscard]] std::uint64_t ticks() const { return ticks_; }             // detector thread
  [[nodiscard]] const LatencyStages& latency() const { return latency_; }  // detector thread
  // Of the threads that help the detector thread.
  [[nodiscard]] std::vector<const Pulse*> helpers() const { return shards_.pulses(); }
  // Number of the feed that speaks for an instrument, -1 while none has; any thread.
  [[nodiscard]] int speaking_feed(SymbolId symbol) const { return selector_.feed_of(symbol); }
  // Any thread: how often another feed took over, when a feed was last heard, the silence that makes
  // it stale.
  [[nodiscard]] std::uint64_t failovers(SymbolId symbol) const { return selector_.switches(symbol); }
  [[nodiscard]] SourceSelector::Heard heard(SymbolId symbol, std::size_t feed) const {
    return selector_.heard(symbol, feed);
  }
  [[nodiscard]] Duration silence_limit(SymbolId symbol) const { return selector_.limit_of(symbol); }
  // Since when data has been due; MonoTime::max() while it is not. Detector thread.
  [[nodiscard]] MonoTime due_since(SymbolId symbol) const { return due_since_[index_of(symbol)]; }

 private:
  void from_feed(const Tick& tick, int feed, int priority) noexcept;
  void batch_end() noexcept;
  bool make_room() noexcept;
  void run(std::span<const Tick> ticks) noexcept;
  void decide(const Tick& tick, processing::Decision& decision, SignalBuffer& out) noexcept;
  void hand_out(const Tick& tick, const processing::Decision& decision, SignalBuffer& signals) noexcept;
  void note(alerts::RingEntry::Kind kind, const Tick& moment, StaleReason reason = {}) noexcept;
  MonoTime say(SignalBuffer& signals) noexcept;
  void rest() noexcept;
  void hand_out_by_clock(MonoTime decided) noexcept;
  void look_for_silence(const Tick& moment) noexcept;
  [[nodiscard]] bool plays_a_recording(MonoTime mono, Timestamp wall) const noexcept;

  Options options_;
  processing::Monitor* monitor_;
  const Clock& clock_;
  Outlets outlets_;

  // Feed's thread.
  SourceSelector selector_;
  processing::TickQueue queue_;
  processing::TickProducer producer_;
  MonoTime parsed_{};  // when the last tick of this read was
  std::atomic<bool> stopping_{false};
  // What the last read's hand-over took, for the detector thread; zero when it has seen it.
  std::atomic<std::int64_t> enqueued_ns_{0};

  // Detector thread.
  alignas(kCacheLine) std::vector<Tick> batch_;
  alerts::CrashRing* ring_ = nullptr;
  SignalBuffer signals_;
  bool said_ = false;  // since the last rest()
  LatencyStages latency_;
  std::uint64_t ticks_ = 0;
  // The market's own clock: the newest time any tick of the instrument has shown, accepted or not,
  // and when that was. So a replay of last February ends its sessions in February.
  struct MarketClock {
    Timestamp newest{};
    MonoTime seen{};
  };
  std::vector<MarketClock> market_;  // by SymbolId
  std::vector<MonoTime> due_since_;  // by SymbolId
  processing::Shards shards_;        // last: its threads use what stands above
};

}  // namespace yagura::app
