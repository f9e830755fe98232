// The terminal screen of the monitor in this process: a client of its console like any other, on a thread of its
// own, so that a terminal that stands still stops nothing but itself.
#pragma once

#include <atomic>
#include <memory>
#include <thread>

#include "app/screen_options.hpp"
#include "app/terminal_screen.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

namespace yagura::app {

class LiveMonitor;

class MonitorScreen {
 public:
  // `monitor` is started and outlives it; it is stopped when the viewer ends the screen, or the terminal goes away.
  // While the screen is up the log waits (hold_log). The error is one line.
  [[nodiscard]] static Result<std::unique_ptr<MonitorScreen>> open(const ScreenOptions& options,
                                                                   const config::ConsoleSettings& console,
                                                                   LiveMonitor& monitor);
  // Whether it was the viewer who ended the monitor.
  [[nodiscard]] bool ended_it() const { return ended_it_->load(); }
  // Gives the terminal back, and prints what the log held.
  ~MonitorScreen();
  MonitorScreen(const MonitorScreen&) = delete;
  MonitorScreen& operator=(const MonitorScreen&) = delete;

 private:
  using Flag = std::shared_ptr<std::atomic<bool>>;
  MonitorScreen(std::unique_ptr<TerminalScreen> screen, Flag ended_it);

  const Flag ended_it_;
  std::unique_ptr<TerminalScreen> screen_;
  std::jthread thread_;
};

}  // namespace yagura::app
