// What a running monitor says of itself: health, metrics, the service's status, the table at the end.
#include <fmt/format.h>

#include "app/health.hpp"
#include "app/live_monitor.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

// Beyond these a thread is said to be stuck. A disk may take its time, a tick may not.
constexpr Duration kStandstill = std::chrono::seconds{5};
constexpr Duration kDiskStandstill = std::chrono::seconds{30};

std::vector<feeds::FeedStatus> all_of(const FeedThread& feeds) {
  std::vector<feeds::FeedStatus> all;
  for (std::size_t i = 0; i < feeds.size(); ++i) all.push_back(feeds.status(i));
  return all;
}

}  // namespace

std::vector<Vitals::Thread> LiveMonitor::critical_threads() const {
  std::vector<Vitals::Thread> threads{{"detector", &pulse_, kStandstill},
                                      {"feeds", &feeds_->pulse(), kStandstill},
                                      {"storage", &journal_->pulse(), kDiskStandstill}};
  for (const auto* pulse : pipeline_->helpers())
    threads.push_back({fmt::format("worker-{}", threads.size() - 1), pulse, kStandstill});
  return threads;
}

std::vector<SinkFigures> LiveMonitor::sink_figures() const {
  std::vector<SinkFigures> all;
  const auto now = clock_.now();
  const auto times = outbox_->times();
  for (auto& status : outbox_->status()) {
    SinkFigures figures;
    figures.name = std::move(status.name);
    figures.delivered = status.delivered;
    figures.failed = status.failed;
    figures.refused = status.refused;
    figures.pending = status.waiting;
    if (status.oldest) figures.oldest_age_s = std::chrono::duration<double>(now - *status.oldest).count();
    figures.dead = status.dead;
    figures.off = status.off;
    figures.delivery = times[all.size()].taken;
    all.push_back(std::move(figures));
  }
  return all;
}

console::HealthReport LiveMonitor::health() {
  HealthFacts facts;
  if (supervisor_) facts.stuck = supervisor_->stuck();
  facts.config_problem = config_problem_;
  facts.storage = journal_->status();
  facts.storage.reason += ring_trouble();
  facts.feeds = all_of(*feeds_);
  facts.market_open = std::ranges::any_of(settings_.monitor.instruments, [&](const InstrumentInfo& info) {
    const bool served =
        std::ranges::any_of(settings_.feeds, [&](const auto& feed) { return feed.symbols.contains(info.symbol); });
    return served && processing::calendar_piece(info.calendar, clock_.now()).open;
  });
  for (const auto& sink : sink_figures()) facts.dead_letters += sink.dead;
  facts.clock = clock_watch_.status();
  return health_of(facts);
}

std::string LiveMonitor::metrics() {
  console::StateSnapshot state;
  fill(state);
  Figures figures;
  figures.state = &state;
  figures.latency = &pipeline_->latency();
  figures.ticks = pipeline_->ticks();
  for (std::size_t i = 0; i < monitor_->size(); ++i)
    figures.gaps.push_back(monitor_->instrument(SymbolId{static_cast<std::uint16_t>(i)}).filter().counts().gaps);
  figures.feeds = all_of(*feeds_);
  figures.mono = clock_.mono();
  figures.alerts = desk_->counts();
  for (const auto& rule : catalog_->rules) figures.alerts.try_emplace(rule.id);
  figures.sinks = sink_figures();
  figures.storage = journal_->status();
  if (console_) {
    figures.console = {.clients = console_->clients(),
                       .queued_bytes = console_->queued_bytes(),
                       .server = console_->server_stats(),
                       .access = console_->access_stats()};
  }
  const auto stuck = supervisor_->stuck();
  for (const auto& thread : supervisor_->threads()) {
    const bool still = std::ranges::any_of(stuck, [&](const auto& it) { return it.name == thread.name; });
    figures.threads.push_back({thread.name, still});
  }
  figures.clock = clock_watch_.status();
  figures.log = log_counts();
  figures.config_ok = config_problem_.empty();
  figures.config_loaded = config_loaded_;
  return metrics_page(figures);
}

// One line for `systemctl status`, when it is another than before.
void LiveMonitor::tell_manager() {
  const auto feeds = all_of(*feeds_);
  const auto live =
      std::ranges::count_if(feeds, [](const auto& feed) { return feed.state == feeds::FeedState::kLive; });
  auto text = fmt::format("{} of {} feeds live, {} alerts{}", live, feeds.size(), desk_->alerts(),
                          journal_->storage_ok() ? "" : ", storage refuses");
  if (text == told_manager_) return;
  options_.manager.status(text);
  told_manager_ = std::move(text);
}

std::string LiveMonitor::latency_table() const {
  auto table = fmt::format("{:<14} {:>12} {:>10} {:>10} {:>10} {:>10} {:>10}  us\n", "stage", "count", "p50", "p90",
                           "p99", "p99.9", "max");
  const auto us = [](Duration d) { return static_cast<double>(d.count()) / 1000.0; };
  for (std::size_t s = 0; s < LatencyStages::kStages; ++s) {
    const auto& h = pipeline_->latency().of(static_cast<LatencyStages::Stage>(s));
    table += fmt::format("{:<14} {:>12} {:>10.2f} {:>10.2f} {:>10.2f} {:>10.2f} {:>10.2f}\n", LatencyStages::kNames[s],
                         grouped(h.count()), us(h.percentile(50)), us(h.percentile(90)), us(h.percentile(99)),
                         us(h.percentile(99.9)), us(h.max()));
  }
  return table;
}

}  // namespace yagura::app
