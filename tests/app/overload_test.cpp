// A market of 200,000 ticks a second against a detector that stalls: ticks are folded, memory stays
// bounded, and every level that the price crossed is said, no other. Driven by counts of ticks, not by
// the clock, so that a busy machine changes nothing but the time it takes.
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "tests/app/pipeline_fixture.hpp"

namespace yagura::app {
namespace {

constexpr std::size_t kTicksPerSecond = 200'000;
constexpr std::int64_t kCent = Price::kScale / 100;
constexpr std::int64_t kLowest = 90'000, kHighest = 110'000;  // of the levels, in cents; one each 0.50
constexpr std::int64_t kStep = 50;

// How many seconds of that market: 2, or what YAGURA_OVERLOAD_SECONDS says.
std::size_t seconds_of_market() {
  const char* const text = std::getenv("YAGURA_OVERLOAD_SECONDS");
  const auto seconds = text == nullptr ? 0UL : std::strtoul(text, nullptr, 10);
  return seconds == 0 ? 2 : seconds;
}

std::size_t resident_bytes() {
  std::size_t pages = 0, resident = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

using Levels = std::set<std::int64_t>;  // in cents
struct Crossings {
  Levels up, down;
  bool operator==(const Crossings&) const = default;
};

// A price that rises through most levels, falls below where it came from and rises half way again,
// and on all of that way trembles by more than a level: cents, tick after tick.
class Walk {
 public:
  explicit Walk(std::size_t ticks) : ticks_(ticks) {}

  std::int64_t next() {
    random_ = random_ * 6364136223846793005U + 1442695040888963407U;
    const auto tremble = static_cast<std::int64_t>(random_ >> 33) % 121 - 60;
    const auto at = static_cast<std::int64_t>(1'000 * n_++ / ticks_);  // thousandths of the way
    const auto trend = at < 400   ? 95'025 + at * 30                   // to 1,070.25
                       : at < 800 ? 107'025 - (at - 400) * 35          // to 930.25
                                  : 93'025 + (at - 800) * 20;
    return trend + tremble;
  }

 private:
  std::size_t ticks_, n_ = 0;
  std::uint64_t random_ = 7;
};

void note_crossings(std::int64_t from, std::int64_t to, Crossings& out) {
  auto level = (std::min(from, to) / kStep + 1) * kStep;  // the first above the lower price
  for (; level <= std::max(from, to); level += kStep) (to > from ? out.up : out.down).insert(level);
}

processing::MonitorOptions level_rule() {
  processing::MonitorOptions options;
  InstrumentInfo info;
  info.symbol = info.name = "TEST";
  info.filter = false;
  options.instruments = {info};
  processing::LevelOptions rule;
  for (auto level = kLowest; level <= kHighest; level += kStep)
    rule.levels.push_back({Price::from_raw(level * kCent), "", false});
  rule.crossing.rearm = processing::Band::of_points(PriceDelta::from_raw(0));
  options.rules.push_back({"levels", SymbolId{0}, rule});
  return options;
}

// Feed and detector on threads of their own, as live; the detector stands still every so often until
// the feed has sent a fifth of a second more.
class Overload {
 public:
  explicit Overload(std::size_t ticks) : ticks_(ticks) {}

  void run() {
    const auto before = resident_bytes();
    std::thread detector{[this] { detect(); }};
    feed();
    resident_growth = resident_bytes() - std::min(before, resident_bytes());
    finished_.store(true);
    detector.join();
    folded = pipeline_.folded();
    decided = pipeline_.ticks();
  }

  Crossings crossed, said;
  std::size_t peak_queue = 0, stalls = 0, resident_growth = 0;
  std::uint64_t folded = 0, decided = 0;
  [[nodiscard]] std::size_t capacity() const { return pipeline_.queue().capacity(); }

 private:
  static constexpr std::size_t kBetweenStalls = 500;             // decided ticks
  static constexpr std::size_t kStallFor = kTicksPerSecond / 5;  // sent ticks

  void feed() {
    Walk walk{ticks_};
    std::int64_t last = 0;
    for (std::size_t i = 0; i < ticks_; ++i) {
      const auto cents = walk.next();
      if (i != 0) note_crossings(last, cents, crossed);
      last = cents;
      Tick tick{};
      tick.price = Price::from_raw(cents * kCent);
      tick.ts_event = kOpen + std::chrono::nanoseconds{i * 1'000'000'000 / kTicksPerSecond};
      tick.ts_recv = clock_.now();
      tick.mono_recv = clock_.mono();
      port_.on_tick(tick);
      port_.on_batch_end();
      sent_.store(i + 1, std::memory_order_relaxed);
      if (i % 1'000 == 0) peak_queue = std::max(peak_queue, pipeline_.queue().depth());
    }
    while (pipeline_.folding()) {  // as the feed's thread does some milliseconds later
      pipeline_.flush_folded();
      std::this_thread::yield();
    }
  }

  void detect() {
    for (bool last = false; !last;) {
      last = finished_.load();
      while (pipeline_.drain() != 0) {
      }
      std::this_thread::yield();
    }
  }

  // The hook: called for each tick decided.
  void decided_one() {
    if (++accepted_ % kBetweenStalls != 0) return;
    ++stalls;
    const auto until = std::min(ticks_, sent_.load(std::memory_order_relaxed) + kStallFor);
    while (sent_.load(std::memory_order_relaxed) < until) std::this_thread::yield();
  }

  void say(const SignalBuffer& signals) {
    for (const auto& signal : signals.signals()) {
      for (const auto level : signals.levels_of(signal)) {
        if (signal.event == Event::kReached) said.up.insert(level.raw() / kCent);
        if (signal.event == Event::kLost) said.down.insert(level.raw() / kCent);
      }
    }
  }

  std::size_t ticks_;
  RealClock clock_;
  processing::Monitor monitor_{level_rule()};
  std::atomic<std::size_t> sent_{0};
  std::atomic<bool> finished_{false};
  std::size_t accepted_ = 0;  // detector's thread
  Pipeline pipeline_{{.future_limit = {}, .feeds = 1},
                     monitor_,
                     clock_,
                     {.alerts = [this](SignalBuffer& signals) { say(signals); },
                      .accepted = [this](const processing::InstrumentMonitor&, MonoTime) { decided_one(); },
                      .wake = [] {},
                      .folding = [] {}}};
  Pipeline::Port port_{pipeline_, 0, 1};
};

TEST(Overload, KeepsEveryCrossingAndItsMemoryWhileTheDetectorStalls) {
  const auto ticks = seconds_of_market() * kTicksPerSecond;
  Overload overload{ticks};
  overload.run();
  std::printf(
      "%zu ticks, %zu s of market: %llu folded, %llu decided, %zu stalls, at most %zu in a queue for %zu, "
      "resident memory +%.1f MiB, %zu levels reached and %zu lost\n",
      ticks, ticks / kTicksPerSecond, static_cast<unsigned long long>(overload.folded),
      static_cast<unsigned long long>(overload.decided), overload.stalls, overload.peak_queue, overload.capacity(),
      static_cast<double>(overload.resident_growth) / (1 << 20), overload.said.up.size(), overload.said.down.size());

  EXPECT_EQ(overload.said.up, overload.crossed.up);
  EXPECT_EQ(overload.said.down, overload.crossed.down);
  EXPECT_GT(overload.crossed.up.size(), 250U) << "the walk has to mean something";
  EXPECT_GT(overload.folded, ticks / 4) << "and so has the stall";
  EXPECT_EQ(overload.folded + overload.decided, ticks) << "every tick is decided or counted as folded";
  EXPECT_LE(overload.peak_queue, 2 * overload.capacity());  // moodycamel's bound is approximate
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  EXPECT_LT(overload.resident_growth, std::size_t{16} << 20);
#endif
}

}  // namespace
}  // namespace yagura::app
