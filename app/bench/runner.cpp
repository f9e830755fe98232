#include "app/bench/runner.hpp"

#include <sched.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "app/bench/cell.hpp"
#include "app/start_up.hpp"

namespace yagura::app::bench {
namespace {

constexpr auto kIdleWatch = std::chrono::seconds{1};  // on each core
constexpr std::size_t kSlots = 240;                   // of a time series

std::vector<Slot> series_of(const CellResult& cell, Duration length) {
  std::vector<std::vector<double>> slots(kSlots);
  const auto width = std::max<std::int64_t>(length.count() / static_cast<std::int64_t>(kSlots), 1);
  for (const auto& mark : cell.marks) {
    if (!mark.answered()) continue;
    const auto slot = static_cast<std::size_t>((mark.intended - cell.start).count() / width);
    const Duration took = mark.received - mark.intended;
    slots[std::min(slot, kSlots - 1)].push_back(static_cast<double>(took.count()) / 1000.0);
  }
  std::vector<Slot> series;
  for (std::size_t i = 0; i < kSlots; ++i) {
    if (slots[i].empty()) continue;
    const auto all = summary_of(std::move(slots[i]));
    series.push_back({static_cast<double>(width) * static_cast<double>(i) / 1e6, all.median, all.max});
  }
  return series;
}

std::vector<int> our_cores() {
  cpu_set_t set;
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core) {
    if (CPU_ISSET(static_cast<std::size_t>(core), &set)) cores.push_back(core);
  }
  return cores;
}

class Runner {
 public:
  Runner(const Plan& plan, const Workload& workload, const OnStep& on_step, ScratchDir& dir)
      : plan_(plan), workload_(workload), on_step_(on_step), dir_(dir) {}

  Result<Report> run() {
    describe();
    pin();
    on_step_("listening to the idle machine", 0, 1);
    report_.idle = watch_idle_cores(kIdleWatch);
    all_ =
        static_cast<std::size_t>(plan_.runs) * plan_.paths.size() * (plan_.rates.size() + (plan_.saturation ? 1 : 0));
    for (const double rate : plan_.rates) {
      if (auto done = rounds(rate); !done) return done.error();
    }
    if (plan_.saturation) {
      if (auto done = rounds(std::nullopt); !done) return done.error();
    }
    for (const auto& path : plan_.paths) {
      if (!plan_.hold || report_.skipped.contains(path.name)) continue;
      if (auto done = look_for_highest(path); !done) return done.error();
    }
    return std::move(report_);
  }

 private:
  void describe() {
    report_.plan = plan_;
    report_.source = workload_.name;
    report_.sha256 = workload_.sha256;
    report_.seed = workload_.seed;
    report_.source_ticks = workload_.ticks.size();
    report_.system = read_system_info();
    report_.pinning = "none";
  }

  // The harness has one core to itself, what it measures the others.
  void pin() {
    const auto cores = our_cores();
    if (!plan_.pin || cores.size() < 2) return;
    cpu_set_t ours;
    CPU_ZERO(&ours);
    CPU_SET(static_cast<std::size_t>(cores.front()), &ours);
    if (::sched_setaffinity(0, sizeof ours, &ours) != 0) return;
    theirs_.assign(cores.begin() + 1, cores.end());
    report_.pinning =
        fmt::format("harness on core {}, what is measured on {}", cores.front(), fmt::join(theirs_, ", "));
  }

  Schedule schedule_for(std::optional<double> rate) const {
    if (!rate) return Schedule::flat_out(plan_.saturation_ticks);
    if (plan_.burst) return Schedule::burst(*rate, plan_.length, plan_.probe_every);
    if (plan_.pace == Pace::kConstant) return Schedule::constant(*rate, plan_.length, plan_.probe_every);
    std::vector<Timestamp> times;
    for (const auto& tick : workload_.ticks) times.push_back(tick.ts);
    return Schedule::paced(times, plan_.speed, plan_.length, plan_.probe_every);
  }

  // Without a rate: saturation.
  Result<void> rounds(std::optional<double> rate) {
    const auto schedule = schedule_for(rate);
    if (schedule.probes() == 0)
      return Error{"no tick of the schedule asks for an alert; choose more --seconds, or a smaller --alert-every"};
    auto load = plan_.burst && rate ? make_load(with_burst(workload_, schedule), schedule, plan_.probe_every)
                                    : make_load(workload_, schedule, plan_.probe_every);
    for (int round = 0; round < plan_.runs; ++round) {
      for (std::size_t i = 0; i < plan_.paths.size(); ++i) {
        const auto& path = plan_.paths[(i + static_cast<std::size_t>(round)) % plan_.paths.size()];
        if (report_.skipped.contains(path.name)) continue;
        if (auto done = one(path, round, rate, load); !done) return done;
      }
    }
    return {};
  }

  Result<void> one(const Path& path, int round, std::optional<double> rate, Load& load) {
    const auto what = rate ? rate_key(plan_, *rate) + (plan_.pace == Pace::kConstant ? " ticks/s" : "") : "saturation";
    on_step_(fmt::format("{}, {}, run {} of {}", path.name, what, round + 1, plan_.runs), done_++, all_);
    auto options = cell_options(path);
    options.path.wait_when_full = !rate;
    if (!rate) options.patience = std::chrono::seconds{30};
    auto cell = run_cell(options, load);
    if (!cell && !path.monitor() && !measured(path.name)) return leave_out(path, cell.error().message);
    if (!cell) return failed(cell.error().message);
    if (cell->missing != 0)
      return failed(fmt::format("{}: {} of {} alerts never came", path.name, cell->missing, cell->marks.size()));
    if (report_.alert_bytes == 0) report_.alert_bytes = cell->alert_bytes;
    if (rate)
      note(path, round, *rate, std::move(*cell), load.schedule.length());
    else
      note_saturation(path, round, *cell);
    return {};
  }

  [[nodiscard]] bool measured(const std::string& path) const {
    return std::ranges::any_of(report_.runs, [&](const Run& run) { return run.path == path; });
  }

  Result<void> leave_out(const Path& path, const std::string& why) {
    if (interrupted()) return Error{"interrupted"};
    report_.skipped[path.name] = why;
    return {};
  }

  // The highest rate whose p99 stays within the bound: doubled until it does not, then halved in between.
  Result<void> look_for_highest(const Path& path) {
    constexpr double kFirst = 10'000;
    constexpr double kMost = 2'000'000;
    constexpr int kHalvings = 5;
    double holds = 0;
    double fails = 0;
    for (int halved = 0; halved < kHalvings && holds < kMost;) {
      const double rate = fails != 0 ? std::round((holds + fails) / 2) : holds == 0 ? kFirst : 2 * holds;
      const auto held = holds_at(path, rate);
      if (!held) return held.error();
      (*held ? holds : fails) = rate;
      if (fails != 0) ++halved;
    }
    report_.highest_rate[path.name] = holds;
    return {};
  }

  Result<bool> holds_at(const Path& path, double rate) {
    constexpr auto kStep = std::chrono::seconds{1};
    on_step_(fmt::format("{}, does p99 hold at {} ticks/s", path.name, rate), done_, all_);
    auto load = make_load(workload_, Schedule::constant(rate, kStep, plan_.probe_every), plan_.probe_every);
    const auto cell = run_cell(cell_options(path), load);
    if (!cell) return failed(cell.error().message);
    return cell->missing == 0 && cell->response.percentile(99) <= *plan_.hold;
  }

  CellOptions cell_options(const Path& path) const {
    CellOptions options;
    options.path = path;
    options.subject = {
        .symbols = workload_.symbols, .levels = plan_.levels, .alert_bytes = report_.alert_bytes, .cores = theirs_};
    options.clients = plan_.clients;
    options.dir = dir_.path() / path.name;
    return options;
  }

  void note_saturation(const Path& path, int round, const CellResult& cell) {
    Saturation one{.round = round, .path = path.name, .per_s = cell.ticks_per_s};
    if (cell.processor_time && cell.sent != 0)
      one.cpu_ns_per_tick = static_cast<double>(cell.processor_time->count()) / static_cast<double>(cell.sent);
    report_.saturations.push_back(std::move(one));
  }

  void note(const Path& path, int round, double rate, CellResult cell, Duration length) {
    Run run;
    run.round = round;
    run.path = path.name;
    run.rate = rate_key(plan_, rate);
    run.series = series_of(cell, length);
    run.response = cell.response;
    run.service = cell.service;
    run.stages = std::move(cell.stages);
    run.sent = cell.sent;
    run.sent_late = cell.sent_late;
    run.other_alerts = cell.other_alerts;
    run.gaps = cell.hiccups.gaps();
    report_.during.append(cell.hiccups);
    report_.runs.push_back(std::move(run));
  }

  Error failed(std::string message) {
    if (interrupted()) return Error{"interrupted"};
    dir_.keep();
    return Error{message + " (its files: " + dir_.path().string() + ")"};
  }

  const Plan& plan_;
  const Workload& workload_;
  const OnStep& on_step_;
  ScratchDir& dir_;
  Report report_;
  std::vector<int> theirs_;
  std::size_t done_ = 0;
  std::size_t all_ = 0;
};

}  // namespace

Result<Report> run_plan(const Plan& plan, const Workload& workload, const OnStep& on_step) {
  auto dir = ScratchDir::make();
  if (!dir) return dir.error();
  return Runner{plan, workload, on_step, *dir}.run();
}

}  // namespace yagura::app::bench
