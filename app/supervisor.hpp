// A thread that watches the others: names the one that stands still, and keeps systemd's watchdog
// quiet only while all of them move.
#pragma once

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <vector>

#include "app/service_manager.hpp"
#include "app/vitals.hpp"

namespace yagura::app {

class Supervisor {
 public:
  // The pulses and `manager` outlive it.
  Supervisor(std::vector<Vitals::Thread> threads, const ServiceManager& manager);
  ~Supervisor() { stop(); }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  void start();
  // The threads are about to end, each in its own time: nobody watches any more.
  void stop();

  // Any thread.
  [[nodiscard]] std::vector<Vitals::Stuck> stuck() const;
  [[nodiscard]] const std::vector<Vitals::Thread>& threads() const { return vitals_.threads(); }

 private:
  void run(const std::stop_token& stop);
  void report(const std::vector<Vitals::Stuck>& now_stuck);

  const ServiceManager& manager_;
  Vitals vitals_;
  std::vector<Vitals::Stuck> reported_;  // supervisor's thread
  mutable std::mutex mutex_;
  std::condition_variable_any wake_;
  std::vector<Vitals::Stuck> stuck_;  // guarded by mutex_
  std::jthread thread_;               // last: ends before what it uses is gone
};

}  // namespace yagura::app
