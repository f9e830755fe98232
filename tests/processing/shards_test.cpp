// A batch over several workers: the same signals, byte for byte, in the order of the ticks.
#include "processing/shards.hpp"

#include <array>
#include <atomic>
#include <random>
#include <string>
#include <thread>

#include "tests/processing/timeline.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

constexpr std::size_t kInstruments = 8;
constexpr std::size_t kBatch = 256;

// Eight markets that never close, with a rule of every kind that fires often.
MonitorOptions eight_instruments() {
  MonitorOptions options;
  for (std::uint16_t i = 0; i < kInstruments; ++i) {
    auto info = filtered(coin());
    info.symbol = info.name = "COIN" + std::to_string(i);
    info.pip = 0.01_pts;
    options.instruments.push_back(info);
    auto record = records(all_horizons(), points(0.001_pts));
    record.lows = true;
    record.min_gap = 0s;
    auto milestone = milestones(0.1_pts, points(0.02_pts));
    milestone.crossing.cooldown = 0s;
    milestone.crossing.near = points(0.01_pts);
    const SymbolId symbol{i};
    const auto id = [&](const char* kind) { return kind + std::to_string(i); };
    options.rules.push_back({id("record"), symbol, record});
    options.rules.push_back({id("milestone"), symbol, milestone});
    options.rules.push_back({id("level"), symbol, levels({{150_pts, "note", false}}, percent(0.01_pct))});
    options.rules.push_back({id("move"), symbol, moves({{10s, points(0.05_pts)}, {60s, points(0.1_pts)}})});
  }
  return options;
}

// Prices that wander and jump, some of them wrong; busy instruments and quiet ones.
std::vector<Tick> random_ticks(std::size_t count) {
  std::mt19937_64 random{20260209};
  std::vector<std::int64_t> prices(kInstruments, (150_pts).raw);
  std::vector<Tick> ticks;
  auto t = jst("2026-02-09 09:01:00");
  for (std::size_t i = 0; i < count; ++i) {
    t += std::chrono::milliseconds{random() % 40};
    const auto instrument = std::min(random() % kInstruments, random() % kInstruments);
    auto& price = prices[instrument];
    price += (static_cast<std::int64_t>(random() % 11) - 5) * 2'000'000 - (price - (150_pts).raw) / 1'000;
    if (random() % 2'000 == 0) price += random() % 2 == 0 ? (0.2_pts).raw : -(0.2_pts).raw;
    Tick tick{};
    tick.symbol = SymbolId{static_cast<std::uint16_t>(instrument)};
    tick.ts_event = tick.ts_recv = t;
    tick.price = Price::from_raw(random() % 500 == 0 ? price + (5_pts).raw : price);
    ticks.push_back(tick);
  }
  return ticks;
}

// Every field that is set, as it lies in memory.
void write(const Signal& signal, std::span<const Price> crossed, std::string& out) {
  auto io = StateIo::writer(out);
  auto s = signal;
  io(s.id, s.parent, s.ts_event, s.ts_recv, s.previous_ts, s.price, s.previous, s.previous_close, s.trading_date,
     s.episode, s.symbol, s.rule, s.kind, s.event, s.severity, s.direction, s.has_previous, s.has_previous_close, s.gap,
     s.after_gap, s.while_down, s.confirmed);
  switch (s.kind) {
    case RuleKind::kMilestone:
    case RuleKind::kLevel: {
      io(s.levels.level, s.levels.note, s.levels.first_ever, s.levels.first_close_ever, s.levels.gone);
      std::vector<Price> list(crossed.begin(), crossed.end());
      io(list);
      break;
    }
    case RuleKind::kRecord:
      io(s.record.horizons, s.record.basis, s.record.record_before, s.record.margin, s.record.record_date,
         s.record.count_today);
      break;
    case RuleKind::kMove:
      io(s.move.window, s.move.change, s.move.threshold, s.move.reference, s.move.reference_ts, s.move.threshold_pct,
         s.move.has_z);
      break;
    default: FAIL() << "no rule of this kind was given";
  }
}

// What was handed out, in that order: each tick's number and its signals.
struct HandedOut {
  std::string bytes;
  std::size_t signals = 0;
  std::size_t ticks = 0;
  bool operator==(const HandedOut&) const = default;

  void add(const Tick& tick, const Decision& decision, const SignalBuffer& buffer) {
    auto io = StateIo::writer(bytes);
    auto at = tick.ts_event;
    auto accepted = decision.accepted;
    io(at, accepted);
    ++ticks;
    for (const auto& signal : buffer.signals()) {
      const bool lists = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
      write(signal, lists ? buffer.levels_of(signal) : std::span<const Price>{}, bytes);
      ++signals;
    }
  }
};

HandedOut one_thread(std::span<const Tick> ticks) {
  Monitor monitor{eight_instruments()};
  SignalBuffer buffer;
  HandedOut out;
  for (const auto& tick : ticks) {
    const auto& counts = monitor.instrument(tick.symbol).filter().counts();
    Decision decision;
    const auto before = counts.accepted;
    monitor.on_tick(tick, buffer);
    decision.accepted = counts.accepted != before;
    out.add(tick, decision, buffer);
    buffer.clear();
  }
  return out;
}

// Batches of random sizes, as a queue gives them.
template <class Run>
void in_batches(std::span<const Tick> ticks, Run&& run) {
  std::mt19937 random{1};
  while (!ticks.empty()) {
    const auto size = std::min<std::size_t>({ticks.size(), kBatch, 1 + random() % (2 * kBatch)});
    run(ticks.first(size));
    ticks = ticks.subspan(size);
  }
}

struct Case {
  int workers;
  Duration spin_for;
};
class ShardsSpec : public ::testing::TestWithParam<Case> {};

TEST_P(ShardsSpec, SayTheSameAsOneThread) {
  const auto ticks = random_ticks(40'000);
  const auto expected = one_thread(ticks);
  ASSERT_GT(expected.signals, 1'000U);

  Monitor monitor{eight_instruments()};
  HandedOut out;
  const auto caller = std::this_thread::get_id();
  bool handed_out_elsewhere = false;
  const auto decide = [&](const Tick& tick, Decision& decision, SignalBuffer& buffer) {
    const auto& counts = monitor.instrument(tick.symbol).filter().counts();
    const auto before = counts.accepted;
    monitor.on_tick(tick, buffer);
    decision.accepted = counts.accepted != before;
  };
  const auto hand_out = [&](const Tick& tick, const Decision& decision, const SignalBuffer& signals) {
    handed_out_elsewhere = handed_out_elsewhere || std::this_thread::get_id() != caller;
    out.add(tick, decision, signals);
  };
  Shards shards{{.workers = GetParam().workers, .batch = kBatch, .min_share = 8, .spin_for = GetParam().spin_for},
                monitor.groups(),
                {decide, hand_out}};
  in_batches(ticks, [&](std::span<const Tick> batch) { shards.run(batch); });
  EXPECT_EQ(out.ticks, ticks.size());
  EXPECT_EQ(out.signals, expected.signals);
  EXPECT_TRUE(out == expected);
  EXPECT_FALSE(handed_out_elsewhere);
}

TEST_P(ShardsSpec, TakeNoMemoryOnceWarm) {
  const auto ticks = random_ticks(30'000);
  Monitor monitor{eight_instruments()};
  std::atomic<std::size_t> taken_elsewhere{0};
  const auto caller = std::this_thread::get_id();
  std::size_t signals = 0;
  Shards shards{
      {.workers = GetParam().workers, .batch = kBatch, .min_share = 8, .spin_for = GetParam().spin_for},
      monitor.groups(),
      {[&](const Tick& tick, Decision&, SignalBuffer& buffer) {
         const auto before = test::allocations();
         monitor.on_tick(tick, buffer);
         if (std::this_thread::get_id() != caller) taken_elsewhere += test::allocations() - before;
       },
       [&](const Tick&, const Decision&, const SignalBuffer& buffer) { signals += buffer.signals().size(); }}};
  const auto run = [&](std::span<const Tick> batch) { shards.run(batch); };
  in_batches(std::span{ticks}.first(20'000), run);
  signals = taken_elsewhere = 0;
  const auto before = test::allocations();
  in_batches(std::span{ticks}.subspan(20'000), run);
  EXPECT_EQ(test::allocations() - before, 0U);
  EXPECT_EQ(taken_elsewhere, 0U);
  EXPECT_GT(signals, 100U);
}

INSTANTIATE_TEST_SUITE_P(Workers, ShardsSpec,
                         ::testing::Values(Case{1, 0s}, Case{2, 0s}, Case{4, 0s}, Case{2, 50us}, Case{4, 50us}),
                         [](const auto& tested) {
                           return std::to_string(tested.param.workers) +
                                  (tested.param.spin_for > 0s ? "Spinning" : "Sleeping");
                         });

// -- Who decides what --------------------------------------------------------------------------

Tick tick_of(std::uint16_t symbol, std::uint64_t number = 0) {
  Tick tick{};
  tick.symbol = SymbolId{symbol};
  tick.seq = number;
  return tick;
}

// `each` ticks of every symbol from 0 on, in turn.
std::vector<Tick> in_turn(std::uint16_t symbols, std::size_t each) {
  std::vector<Tick> ticks;
  for (std::size_t i = 0; i < each; ++i) {
    for (std::uint16_t s = 0; s < symbols; ++s) ticks.push_back(tick_of(s, i));
  }
  return ticks;
}

const std::vector<std::uint32_t> kApart{0, 1, 2, 3};

TEST(Shards, WorkAtTheSameTime) {
  std::array<std::atomic<bool>, 2> begun{};
  const auto decide = [&](const Tick& tick, Decision&, SignalBuffer&) {
    const auto own = index_of(tick.symbol);
    begun[own] = true;
    begun[own].notify_all();
    begun[1 - own].wait(false);  // one after the other would wait forever
  };
  std::size_t handed_out = 0;
  Shards shards{{.workers = 2}, std::span{kApart}.first(2), {decide, [&](const auto&...) { ++handed_out; }}};
  shards.run(in_turn(2, 100));
  EXPECT_EQ(handed_out, 200U);
}

TEST(Shards, HelpersHaveAPulseWhileTheyDecide) {
  std::array<std::atomic<bool>, 2> begun{};
  std::atomic<bool> at_work{false};
  const Pulse* helper = nullptr;
  const auto decide = [&](const Tick& tick, Decision&, SignalBuffer&) {
    const auto own = index_of(tick.symbol);
    if (own == 1) at_work = Pulse::at_work(helper->value());
    begun[own] = true;
    begun[own].notify_all();
    begun[1 - own].wait(false);  // so that the helper takes its share itself
  };
  Shards shards{{.workers = 2}, std::span{kApart}.first(2), {decide, [](const auto&...) {}}};
  ASSERT_EQ(shards.pulses().size(), 1U);
  helper = shards.pulses().front();
  const auto before = helper->value();
  EXPECT_FALSE(Pulse::at_work(before));
  shards.run(in_turn(2, 100));
  EXPECT_TRUE(at_work);
  EXPECT_NE(helper->value(), before);
  EXPECT_FALSE(Pulse::at_work(helper->value())) << "at rest until there is work again";
}

TEST(Shards, KeepAGroupOnOneThreadAndInOrder) {
  const std::vector<std::uint32_t> groups{7, 3, 7, 3};
  std::array<std::uint64_t, 2> next{};  // by group; plain on purpose, the thread sanitizer looks on
  std::size_t disorder = 0;
  const auto decide = [&](const Tick& tick, Decision&, SignalBuffer&) {
    const auto group = index_of(tick.symbol) % 2;
    if (tick.seq * 2 + index_of(tick.symbol) / 2 != next[group]++) ++disorder;
  };
  Shards shards{{.workers = 4}, groups, {decide, [](const auto&...) {}}};
  for (int i = 0; i < 500; ++i) {
    next = {};
    shards.run(in_turn(4, 50));
  }
  EXPECT_EQ(disorder, 0U);
  EXPECT_EQ(shards.worker_of(SymbolId{0}), 0U);
  EXPECT_EQ(shards.worker_of(SymbolId{1}), 1U);
  EXPECT_EQ(shards.worker_of(SymbolId{2}), 0U);
  EXPECT_EQ(shards.worker_of(SymbolId{3}), 1U);
}

TEST(Shards, TakeOtherGroupsBetweenBatches) {
  std::atomic<std::size_t> decided{0};
  Shards shards{{.workers = 4}, kApart, {[&](const auto&...) { ++decided; }, [](const auto&...) {}}};
  shards.run(in_turn(4, 50));
  shards.assign(std::vector<std::uint32_t>{1, 1, 1, 1});
  shards.run(in_turn(4, 50));
  EXPECT_EQ(decided, 400U);
  for (std::uint16_t s = 0; s < 4; ++s) EXPECT_EQ(shards.worker_of(SymbolId{s}), 0U);
}

TEST(Shards, AreNoMoreThanInstruments) {
  const Shards::Steps nothing{[](const auto&...) {}, [](const auto&...) {}};
  EXPECT_EQ((Shards{{.workers = 64}, kApart, nothing}.workers()), 4U);
  EXPECT_EQ((Shards{{.workers = 0}, kApart, nothing}.workers()), 1U);
  EXPECT_EQ((Shards{{.workers = 2}, {}, nothing}.workers()), 1U);
}

// The steps of a batch in the order they happened, on the caller's thread alone: "d" and "h".
std::string steps_of(const std::vector<Tick>& batch) {
  std::string steps;
  const auto caller = std::this_thread::get_id();
  const auto note = [&](char step) {
    if (std::this_thread::get_id() == caller) steps += step;
  };
  Shards shards{
      {.workers = 4, .min_share = 8}, kApart, {[&](const auto&...) { note('d'); }, [&](const auto&...) { note('h'); }}};
  shards.run(batch);
  return steps;
}

TEST(Shards, HandOutASmallBatchTickByTick) { EXPECT_EQ(steps_of(in_turn(4, 1)), "dhdhdhdh"); }

TEST(Shards, HandOutWhatConcernsOneWorkerTickByTick) {
  const auto steps = steps_of(in_turn(1, 100));
  EXPECT_EQ(steps.size(), 200U);
  EXPECT_EQ(steps.find("hh"), std::string::npos);
}

TEST(Shards, AskNobodyForAHandful) {
  auto batch = in_turn(1, 100);
  for (std::uint64_t i = 0; i < 7; ++i) batch.push_back(tick_of(1, i));
  EXPECT_EQ(steps_of(batch).find("hh"), std::string::npos);
  batch.push_back(tick_of(1, 7));
  EXPECT_NE(steps_of(batch).find("hh"), std::string::npos);
}

}  // namespace
}  // namespace yagura::processing
