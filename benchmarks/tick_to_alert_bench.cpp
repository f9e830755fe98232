// One frame's bytes to an alert's JSON: what the desk would feel, less the network. Decoding,
// integrity, every shipped rule and the words of the alert, all on one thread as with workers = 0.
// Replays the whole scenario, so that branches and caches behave as they do when it plays.
#include <benchmark/benchmark.h>

#include <string>
#include <vector>

#include "alerts/alert_writer.hpp"
#include "app/pipeline.hpp"
#include "app/start_up.hpp"
#include "benchmarks/support/report.hpp"
#include "benchmarks/support/scenario.hpp"
#include "core/clock.hpp"
#include "core/latency_histogram.hpp"
#include "feeds/codec.hpp"
#include "feeds/vendor_tick.hpp"

namespace yagura::bench {
namespace {

// Two readings of the clock in a row, as many as a pass has frames: what measuring costs, and in
// its tail the hiccups of the machine, which no figure below can be better than.
void BM_ClockFloor(benchmark::State& state) {
  const RealClock clock;
  LatencyHistogram pairs;
  for (auto _ : state) {
    for (std::size_t i = 0; i < scenario().ticks.size(); ++i) {
      const auto first = clock.mono();
      pairs.record(clock.mono() - first);
    }
  }
  report_each(state, "pair", scenario().ticks.size());
  report_percentiles(state, pairs);
}
BENCHMARK(BM_ClockFloor)->Unit(benchmark::kMillisecond)->Apply(min_too);

// The desk at the end of the path: words and JSON, then the alert is there to be written.
class Desk {
 public:
  explicit Desk(const Clock& clock) : clock_(clock), catalog_(app::make_catalog(scenario().settings)) {}

  void hand_out(const SignalBuffer& signals) {
    for (const auto& signal : signals.signals()) {
      const bool has_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
      const auto levels = has_levels ? signals.levels_of(signal) : std::span<const Price>{};
      benchmark::DoNotOptimize(writer_.write(++seq_, signal, levels).data());
      alerts_.record(clock_.mono() - frame_complete_);
    }
  }
  // The frame whose ticks come next. An alert's own times will not do: what is said at the end of a
  // session carries those of the closing tick.
  void begin_frame(MonoTime complete) { frame_complete_ = complete; }
  [[nodiscard]] const LatencyHistogram& alerts() const { return alerts_; }

 private:
  const Clock& clock_;
  alerts::Catalog catalog_;
  alerts::AlertWriter writer_{catalog_};
  std::uint64_t seq_ = 0;
  MonoTime frame_complete_{};
  LatencyHistogram alerts_;
};

// A feed session without a socket: the frame lies in the read buffer, then the clock is read.
class Feed {
 public:
  Feed(const char* vendor, app::Pipeline& pipeline, const Clock& clock, Desk& desk)
      : vendor_(*feeds::find_vendor(vendor)),
        codec_(vendor_.make_codec()),
        port_(pipeline, 0, 1),
        clock_(clock),
        desk_(desk) {
    for (const auto& info : scenario().settings.monitor.instruments)
      theirs_.push_back(vendor_.vendor_symbol(info.symbol));
  }

  void on_frame(const std::string& frame) {
    buffer_.assign(frame);
    const auto complete = clock_.mono();
    const auto received = clock_.now();
    desk_.begin_frame(complete);
    codec_->decode({buffer_}, decoded_);
    for (const auto& from : decoded_.ticks) {
      auto tick = feeds::to_tick(from, ours(from.symbol), SourceId{1}, received);
      if (!tick) continue;
      tick->mono_recv = complete;
      port_.on_tick(*tick);
    }
    port_.on_batch_end();
  }

 private:
  [[nodiscard]] SymbolId ours(std::string_view symbol) const {
    std::uint16_t i = 0;
    while (theirs_[i] != symbol) ++i;
    return SymbolId{i};
  }

  const feeds::Vendor& vendor_;
  std::unique_ptr<feeds::Codec> codec_;
  app::Pipeline::Port port_;
  const Clock& clock_;
  Desk& desk_;
  std::vector<std::string> theirs_;  // by SymbolId
  std::string buffer_;
  feeds::Decoded decoded_;
};

// `tick_..`: frame complete to decided, every tick. `alert_..`: frame complete to the alert's JSON,
// ticks that fire. Each iteration is a pass with fresh detectors.
void BM_TickToAlert(benchmark::State& state, const char* vendor) {
  const auto& input = scenario();
  const auto frames = frames_of(*feeds::find_vendor(vendor), "/", 1).all;
  const RealClock clock;
  Desk desk{clock};
  processing::Monitor idle{input.settings.monitor};
  app::Pipeline pipeline{{.on_feed_thread = true, .future_limit = {}},
                         idle,
                         clock,
                         {.alerts = [&desk](SignalBuffer& signals) { desk.hand_out(signals); },
                          .accepted = [](const processing::InstrumentMonitor&, MonoTime) {},
                          .wake = [] {},
                          .folding = [] {}}};
  Feed feed{vendor, pipeline, clock, desk};
  for (auto _ : state) {
    state.PauseTiming();
    processing::Monitor monitor{input.settings.monitor, input.history};
    pipeline.replace(monitor);
    state.ResumeTiming();
    for (const auto& frame : frames) feed.on_frame(frame);
    state.PauseTiming();
    pipeline.replace(idle);
    state.ResumeTiming();
  }
  report_each(state, "tick", frames.size());
  report_percentiles(state, pipeline.latency().of(app::LatencyStages::kTick), "tick_");
  report_percentiles(state, desk.alerts(), "alert_");
  report_mean(state, "alerts", static_cast<double>(desk.alerts().count()));
}
BENCHMARK_CAPTURE(BM_TickToAlert, native, "native")->Unit(benchmark::kMillisecond)->Apply(min_too);
BENCHMARK_CAPTURE(BM_TickToAlert, gmo, "gmo")->Unit(benchmark::kMillisecond)->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
