// Signals to a running monitor: SIGHUP takes a changed file over, SIGINT and SIGTERM end it.
#include <csignal>

#include <spdlog/spdlog.h>

#include "app/live_monitor.hpp"
#include "app/log.hpp"
#include "app/start_up.hpp"
#include "config/load.hpp"

namespace yagura::app {

void LiveMonitor::await_signal() {
  signals_.async_wait([this](const boost::system::error_code& error, int signal) {
    if (error) return;
    if (signal == SIGHUP) {
      options_.manager.reloading(clock_.mono());
      reload();
      options_.manager.ready(told_manager_);
      return await_signal();
    }
    stopping_ = true;
  });
}

// New rules for the same instruments take over the state of those that did not change. What needs
// new connections or threads is named and left for a restart.
void LiveMonitor::reload() {
  auto loaded = config::load_file(settings_.file);
  if (!loaded.ok()) return refuse_reload(loaded.problems);
  auto& fresh = loaded.settings;
  const auto& instruments = fresh.monitor.instruments;
  const bool same_instruments = std::ranges::equal(instruments, settings_.monitor.instruments, {},
                                                   &InstrumentInfo::symbol, &InstrumentInfo::symbol);
  if (!same_instruments) return refuse_reload({"other instruments need a restart"});
  for (std::size_t i = 0; i < fresh.delivery.rules.size(); ++i) {
    for (const auto& name : fresh.delivery.rules[i].sinks) {
      if (std::ranges::find(settings_.sinks, name, &alerts::SinkOptions::name) == settings_.sinks.end())
        return refuse_reload({"rule '" + fresh.monitor.rules[i].id + "' names sink '" + name +
                              "', which is not running yet: that needs a restart"});
    }
  }
  auto history = load_history(options_.state, fresh);
  if (!history) return refuse_reload({history.error().message});
  auto monitor = std::make_unique<processing::Monitor>(fresh.monitor, std::move(*history));
  if (const auto carried = monitor->load(monitor_->save(), processing::Resumed::kInPlace); !carried) {
    return refuse_reload({carried.error().message});
  }
  processing::use_calendars(fresh.calendars);
  settings_.monitor = fresh.monitor;
  settings_.delivery = fresh.delivery;
  *catalog_ = make_catalog(settings_);
  alerts::DeliveryPolicy delivery{*catalog_, settings_.delivery};
  delivery.succeed(*delivery_);
  *delivery_ = std::move(delivery);
  report_expired();
  desk_->use(alerts::Routing{settings_.sinks, settings_.delivery.rules});
  monitor_ = std::move(monitor);
  levels_.restore();
  view_ = std::make_unique<StateView>(settings_, *catalog_, *monitor_);
  pipeline_->replace(*monitor_);
  prices_->use(settings_.monitor);
  prices_->listen_to(*monitor_);
  snapshot_due_ = true;  // what the ring holds from before was meant for the old rules
  config_problem_.clear();
  config_loaded_ = clock_.now();
  const auto rules = std::to_string(speaking_rules(settings_));
  log_event(spdlog::level::info, "reloaded", {{"rules", rules}},
            "reload: " + rules + " rules in force; changes to feeds, pipeline, console and sinks need a restart");
}

void LiveMonitor::refuse_reload(const std::vector<std::string>& problems) {
  for (const auto& problem : problems)
    log_event(spdlog::level::err, "reload_refused", {{"problem", problem}}, "reload: " + problem);
  spdlog::error("reload: nothing was changed");
  config_problem_ =
      problems.front() + (problems.size() > 1 ? ", and more" : "") + "; the settings before stay in force";
}

}  // namespace yagura::app
