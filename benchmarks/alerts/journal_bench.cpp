// What the journal costs the thread that decides: a number and Journal::append, its storage thread
// running beside it, and what that thread gets onto a real file. Beside them the least there is: the
// alert's text copied to the heap, and an fdatasync of as many bytes without SQLite.
//
// The file lies in $TMPDIR; name a directory of the disk in question (a tmpfs syncs for nothing).
#include <benchmark/benchmark.h>

#include <fcntl.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "alerts/journal.hpp"
#include "benchmarks/support/report.hpp"
#include "core/latency_histogram.hpp"
#include "tests/alerts/temp_dir.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kAlertBytes = 900;
constexpr std::size_t kCapacity = 10'000;  // as shipped

struct OpenJournal {
  alerts::TempDir folder;
  std::unique_ptr<alerts::Journal> journal = [this] {
    auto opened = alerts::Journal::open(alerts::StateDir{folder.path() / "state"});
    if (!opened) throw std::runtime_error(opened.error().message);
    return *std::move(opened);
  }();
  std::string json = std::string(kAlertBytes, 'x');
  std::uint64_t next = 0;

  bool append() {
    const Id128 id{0xabc, ++next};
    return journal->append(journal->number(id).seq, id, timestamp_from_ns(static_cast<std::int64_t>(next)), json);
  }
};

void BM_JournalAppendFloor(benchmark::State& state) {
  const std::string json(kAlertBytes, 'x');
  for (auto _ : state) {
    const auto copy = std::make_shared<const std::string>(json);
    benchmark::DoNotOptimize(copy->data());
  }
}
BENCHMARK(BM_JournalAppendFloor)->Apply(min_too);

// On the caller's thread, one by one with the clock's cost in it; the storage thread is given time to
// write before its queue is full. Real time, since what it costs includes waking that thread.
void BM_JournalAppend(benchmark::State& state) {
  OpenJournal open;
  LatencyHistogram each;
  std::size_t allocations = 0;
  for (auto _ : state) {
    if (open.journal->queued() > kCapacity / 2) {
      state.PauseTiming();
      open.journal->flush();
      state.ResumeTiming();
    }
    const auto before = test::allocations();
    const auto start = Steady::now();
    if (!open.append()) return state.SkipWithError("the queue is full");
    each.record(Steady::now() - start);
    allocations += test::allocations() - before;
  }
  report_percentiles(state, each);
  report_mean(state, "allocs", static_cast<double>(allocations));
}
BENCHMARK(BM_JournalAppend)->UseRealTime()->Apply(min_too);

// The same after a pause in which the storage thread has fallen asleep: what a lone alert pays.
void BM_JournalAppendLone(benchmark::State& state) {
  OpenJournal open;
  LatencyHistogram each;
  for (auto _ : state) {
    state.PauseTiming();
    open.journal->flush();
    state.ResumeTiming();
    const auto start = Steady::now();
    if (!open.append()) return state.SkipWithError("the queue is full");
    each.record(Steady::now() - start);
  }
  report_percentiles(state, each);
}
BENCHMARK(BM_JournalAppendLone)->UseRealTime()->Iterations(200)->Apply(min_too);

// `alerts` at once until they are on the disk, the window for company (5 ms) included.
void BM_JournalCommit(benchmark::State& state) {
  OpenJournal open;
  const auto before = open.journal->status().commits;
  for (auto _ : state) {
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      if (!open.append()) return state.SkipWithError("the queue is full");
    }
    if (!open.journal->flush()) return state.SkipWithError("the disk refuses");
  }
  const auto status = open.journal->status();
  const auto commits = static_cast<double>(status.commits - before);
  state.counters["commits_per_s"] = benchmark::Counter(commits, benchmark::Counter::kIsRate);
  state.counters["commit_ms"] =
      static_cast<double>(status.commit_total.count()) / 1e6 / static_cast<double>(status.commits);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_JournalCommit)
    ->ArgName("alerts")
    ->Arg(1)
    ->Arg(100)
    ->Arg(5000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);

void BM_JournalCommitFloor(benchmark::State& state) {
  const alerts::TempDir folder;
  const std::string bytes(kAlertBytes * static_cast<std::size_t>(state.range(0)), 'x');
  const int file = ::open((folder.path() / "floor").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC | O_APPEND, 0600);
  for (auto _ : state) {
    if (::write(file, bytes.data(), bytes.size()) < 0 || ::fdatasync(file) != 0) {
      state.SkipWithError("the disk refuses");
      break;
    }
  }
  ::close(file);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_JournalCommitFloor)
    ->ArgName("alerts")
    ->Arg(1)
    ->Arg(100)
    ->Arg(5000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond)
    ->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
