#include "processing/shards.hpp"

#include <algorithm>
#include <chrono>
#include <map>

#include "core/relax.hpp"
#include "core/thread_name.hpp"

namespace yagura::processing {

Shards::Shards(Options options, std::span<const std::uint32_t> groups, Steps steps)
    : options_(options), steps_(std::move(steps)) {
  const auto most = std::max<std::size_t>(1, groups.size());
  const auto workers = std::clamp<std::size_t>(static_cast<std::size_t>(std::max(1, options.workers)), 1, most);
  for (std::size_t i = 0; i < workers; ++i) {
    auto& shard = *shards_.emplace_back(std::make_unique<Shard>());
    if (workers == 1) break;
    shard.ticks.reserve(options.batch);
    shard.done.reserve(options.batch);
  }
  assign(groups);
  for (std::size_t i = 1; i < workers; ++i) {
    auto& shard = *shards_[i];
    shard.thread = std::thread([this, &shard] { help(shard); });
  }
}

Shards::~Shards() = default;

Shards::Shard::~Shard() {
  if (!thread.joinable()) return;
  state.store(State::kStopped, std::memory_order_release);
  state.notify_one();
  thread.join();
}

// Groups in the order of their first instruments, dealt out in turn: the same on every machine.
void Shards::assign(std::span<const std::uint32_t> groups) {
  std::map<std::uint32_t, std::uint16_t> dealt;
  shard_of_.clear();
  for (const auto group : groups) {
    const auto next = static_cast<std::uint16_t>(dealt.size() % shards_.size());
    shard_of_.push_back(dealt.try_emplace(group, next).first->second);
  }
}

std::vector<const Pulse*> Shards::pulses() const {
  std::vector<const Pulse*> pulses;
  for (const auto& shard : std::span{shards_}.subspan(1)) pulses.push_back(&shard->pulse);
  return pulses;
}

void Shards::run(std::span<const Tick> batch) noexcept {
  if (shards_.size() > 1 && batch.size() >= 2 * options_.min_share && deal(batch)) {
    share();
    hand_out(batch);
  } else {
    alone(batch);
  }
}

void Shards::alone(std::span<const Tick> batch) noexcept {
  auto& signals = shards_.front()->signals;
  for (const auto& tick : batch) {
    Decision decision;
    steps_.decide(tick, decision, signals);
    steps_.hand_out(tick, decision, signals);
    if (!signals.empty()) signals.clear();
  }
}

// Sorts the batch into shards; whether there is enough for two to do.
bool Shards::deal(std::span<const Tick> batch) noexcept {
  for (auto& shard : shards_) {
    shard->batch = batch;
    shard->ticks.clear();
    shard->done.clear();
    shard->handed_ticks = shard->handed_signals = 0;
  }
  for (std::uint32_t i = 0; i < batch.size(); ++i) shards_[shard_of_[index_of(batch[i].symbol)]]->ticks.push_back(i);
  const auto enough = [&](const auto& shard) { return shard->ticks.size() >= options_.min_share; };
  return std::ranges::count_if(shards_, enough) >= 2;
}

void Shards::share() noexcept {
  const auto helpers = std::span{shards_}.subspan(1);
  for (auto& shard : helpers) {
    if (shard->ticks.size() < options_.min_share) continue;
    shard->state.store(State::kOffered, std::memory_order_release);
    shard->state.notify_one();
  }
  // The caller's own, and what is not worth a hop.
  decide(*shards_.front());
  for (auto& shard : helpers) {
    if (shard->ticks.size() < options_.min_share) decide(*shard);
  }
  // A helper that is not awake by now is not waited for: its share is decided here.
  for (auto& shard : helpers) {
    if (!take(*shard)) continue;
    decide(*shard);
    shard->state.store(State::kIdle, std::memory_order_relaxed);
  }
  for (auto& shard : helpers) {
    await(*shard, State::kDone, State::kIdle);
    shard->state.store(State::kIdle, std::memory_order_relaxed);
  }
}

// Whoever has taken the shard.
void Shards::decide(Shard& shard) noexcept {
  for (const auto i : shard.ticks) {
    Decision decision;
    steps_.decide(shard.batch[i], decision, shard.signals);
    shard.done.push_back({decision, shard.signals.signals().size()});
  }
}

void Shards::hand_out(std::span<const Tick> batch) noexcept {
  for (const auto& tick : batch) {
    auto& shard = *shards_[worker_of(tick.symbol)];
    const auto& done = shard.done[shard.handed_ticks++];
    shard.signals.narrow(shard.handed_signals, done.signals_end);
    shard.handed_signals = done.signals_end;
    steps_.hand_out(tick, done.decision, shard.signals);
  }
  for (auto& shard : shards_) shard->signals.clear();
}

// -- A helper's thread -------------------------------------------------------------------------

void Shards::help(Shard& shard) noexcept {
  name_this_thread("worker");
  while (await(shard, State::kOffered, State::kStopped) != State::kStopped) {
    if (!take(shard)) continue;
    shard.pulse.beat();
    decide(shard);
    shard.pulse.rest();
    shard.state.store(State::kDone, std::memory_order_release);
    shard.state.notify_one();
  }
}

// Either side.
bool Shards::take(Shard& shard) noexcept {
  auto offered = State::kOffered;
  return shard.state.compare_exchange_strong(offered, State::kTaken, std::memory_order_acquire,
                                             std::memory_order_relaxed);
}

// Either side: spins for a while, then sleeps until one of two states has come.
Shards::State Shards::await(const Shard& shard, State one, State other) const noexcept {
  auto state = shard.state.load(std::memory_order_acquire);
  const auto come = [&] { return state == one || state == other; };
  if (come()) return state;
  if (options_.spin_for > Duration{0}) {
    const auto begin = std::chrono::steady_clock::now();
    do {
      relax();
      state = shard.state.load(std::memory_order_acquire);
    } while (!come() && std::chrono::steady_clock::now() - begin < options_.spin_for);
  }
  while (!come()) {
    shard.state.wait(state, std::memory_order_acquire);
    state = shard.state.load(std::memory_order_acquire);
  }
  return state;
}

}  // namespace yagura::processing
