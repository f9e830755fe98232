#include "app/supervisor.hpp"

#include <algorithm>

#include "app/log.hpp"
#include "core/thread_name.hpp"

namespace yagura::app {
namespace {

constexpr Duration kPeriod = std::chrono::seconds{1};
// A lost look or two must not end the service.
constexpr int kLooksPerWatchdog = 4;

bool has(const std::vector<Vitals::Stuck>& list, const std::string& name) {
  return std::ranges::any_of(list, [&](const auto& stuck) { return stuck.name == name; });
}

}  // namespace

Supervisor::Supervisor(std::vector<Vitals::Thread> threads, const ServiceManager& manager)
    : manager_(manager), vitals_(std::move(threads)) {}

void Supervisor::start() {
  thread_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

void Supervisor::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::vector<Vitals::Stuck> Supervisor::stuck() const {
  const std::scoped_lock guard{mutex_};
  return stuck_;
}

void Supervisor::run(const std::stop_token& stop) {
  name_this_thread("supervisor");
  const auto period = manager_.watchdog() ? std::min(kPeriod, *manager_.watchdog() / kLooksPerWatchdog) : kPeriod;
  while (!stop.stop_requested()) {
    vitals_.look(std::chrono::steady_clock::now(), period);
    if (manager_.watchdog() && vitals_.all_moved()) manager_.alive();
    report(vitals_.stuck());
    std::unique_lock guard{mutex_};
    stuck_ = vitals_.stuck();
    wake_.wait_for(guard, stop, period, [] { return false; });
  }
}

void Supervisor::report(const std::vector<Vitals::Stuck>& now_stuck) {
  for (const auto& [name, since] : now_stuck) {
    if (has(reported_, name)) continue;
    const auto seconds = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(since).count());
    log_event(spdlog::level::critical, "thread_stuck", {{"thread", name}, {"seconds", seconds}},
              "thread " + name + " has not moved for " + seconds + " s");
  }
  for (const auto& [name, since] : reported_) {
    if (!has(now_stuck, name))
      log_event(spdlog::level::warn, "thread_moves", {{"thread", name}}, "thread " + name + " moves again");
  }
  reported_ = now_stuck;
}

}  // namespace yagura::app
