// The terminal screen of the monitor in this process: a client of its console like any other, on a thread of its
// own, so that a terminal that stands still stops nothing but itself.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/screen_options.hpp"
#include "app/terminal_screen.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

namespace yagura::app {

class LiveMonitor;

class MonitorScreen {
 public:
  struct Options {
    ScreenOptions screen;
    const config::ConsoleSettings& console;
    std::string greeting;  // shown for a while
  };

  // `monitor` is started and outlives it; it is stopped when the viewer ends the screen, or the terminal goes away.
  // While the screen is up the log waits (hold_log). The error is one line.
  [[nodiscard]] static Result<std::unique_ptr<MonitorScreen>> open(Options options, LiveMonitor& monitor);
  // Gives the terminal back, and prints what the log held.
  ~MonitorScreen();
  MonitorScreen(const MonitorScreen&) = delete;
  MonitorScreen& operator=(const MonitorScreen&) = delete;

 private:
  explicit MonitorScreen(std::unique_ptr<TerminalScreen> screen);

  std::unique_ptr<TerminalScreen> screen_;
  std::jthread thread_;
};

}  // namespace yagura::app
