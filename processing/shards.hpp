// A batch of ticks decided by several threads, with the outcome of one. Instruments that share
// nothing go to different workers; each worker takes its own ticks in order, and when all are done
// the caller hands out what was decided in the order of the ticks. So the alerts cannot depend on
// the number of workers, and between two batches every helper is idle: the caller may save, edit or
// replace what the detectors know without a lock.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include "core/pulse.hpp"
#include "core/tick.hpp"
#include "processing/signal.hpp"

namespace yagura::processing {

// What became of a tick besides its signals; for the two steps below to pass on.
struct Decision {
  MonoTime taken{};  // its turn came
  MonoTime decided{};
  bool refused = false;   // never reached the detectors
  bool accepted = false;  // passed integrity
};

class Shards {
 public:
  struct Options {
    int workers = 1;             // threads that decide, the caller among them; no more than instruments
    std::size_t batch = 256;     // most ticks in a batch; more are taken, but may allocate
    std::size_t min_share = 32;  // a helper is not asked for fewer ticks: they cost less than the hop
    // How long a thread looks for the other before it sleeps in the kernel; Duration::max(): forever.
    Duration spin_for{0};
  };
  // Neither may throw.
  struct Steps {
    // Takes one tick through its detectors. On any worker's thread; ticks of one group one after the
    // other and in order. Signals are appended to `out`.
    std::function<void(const Tick& tick, Decision& decision, SignalBuffer& out)> decide;
    // Caller's thread, every tick in the order of the batch. `signals`: those of this tick.
    std::function<void(const Tick& tick, const Decision& decision, SignalBuffer& signals)> hand_out;
  };

  // `groups`, by SymbolId: instruments with the same number depend on each other (Monitor::groups).
  // Starts workers - 1 threads; throws std::system_error when there are none to be had.
  Shards(Options options, std::span<const std::uint32_t> groups, Steps steps);
  ~Shards();
  Shards(const Shards&) = delete;
  Shards& operator=(const Shards&) = delete;

  // The caller is always the same thread. Decides and hands out the whole batch. A small batch, or one
  // that concerns one worker only, the caller decides alone and hands out tick by tick. Allocates
  // nothing once warm, takes no lock; waits only for helpers that are at work.
  void run(std::span<const Tick> batch) noexcept;

  // Other groups for the same instruments; between two batches.
  void assign(std::span<const std::uint32_t> groups);

  // Of the helpers: they rest but while they decide.
  [[nodiscard]] std::vector<const Pulse*> pulses() const;
  [[nodiscard]] std::size_t workers() const { return shards_.size(); }
  [[nodiscard]] std::size_t worker_of(SymbolId symbol) const { return shard_of_[index_of(symbol)]; }

 private:
  // One batch of a helper: offered -> taken -> done -> idle. Offered work is taken by its helper or,
  // when that is not awake in time, by the caller.
  enum class State : int { kIdle, kOffered, kTaken, kDone, kStopped };

  struct alignas(kCacheLine) Shard {
    std::atomic<State> state{State::kIdle};
    // Written by the caller before it offers, read by whoever has taken the shard.
    alignas(kCacheLine) std::span<const Tick> batch;
    std::vector<std::uint32_t> ticks;  // positions in the batch, ascending
    // Written by whoever has taken the shard, read by the caller afterwards.
    struct Done {
      Decision decision;
      std::size_t signals_end;  // in `signals`
    };
    std::vector<Done> done;  // one for each of `ticks`
    SignalBuffer signals;
    // The caller's place in them while it hands out.
    std::size_t handed_ticks = 0;
    std::size_t handed_signals = 0;
    Pulse pulse;         // of its thread
    std::thread thread;  // none for the first shard: that is the caller's
    ~Shard();
  };

  void alone(std::span<const Tick> batch) noexcept;
  bool deal(std::span<const Tick> batch) noexcept;
  void share() noexcept;
  void decide(Shard& shard) noexcept;
  void hand_out(std::span<const Tick> batch) noexcept;
  void help(Shard& shard) noexcept;
  [[nodiscard]] static bool take(Shard& shard) noexcept;
  State await(const Shard& shard, State one, State other) const noexcept;

  Options options_;
  Steps steps_;
  std::vector<std::uint16_t> shard_of_;         // by SymbolId
  std::vector<std::unique_ptr<Shard>> shards_;  // last: their threads stop before what they use is gone
};

}  // namespace yagura::processing
