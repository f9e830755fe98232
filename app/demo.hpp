// The embedded demo: the bundled scenario behind a real WebSocket server on loopback, and a state
// directory of its own, so that the first time is the first time every time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "alerts/state_dir.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

namespace yagura::app {

class Demo {
 public:
  struct Options {
    alerts::StateDir state{""};         // emptied of an earlier demo, then given its history
    double speed = 0;                   // recorded seconds a second; 0: the script in about 30 s
    std::optional<std::uint64_t> seed;  // another path between the same points
  };
  // Starts serving. The error is one line for the user.
  [[nodiscard]] static Result<std::unique_ptr<Demo>> start(const Options& options);
  ~Demo();
  Demo(const Demo&) = delete;
  Demo& operator=(const Demo&) = delete;

  // Replaces the feeds by the demo's own and lets nothing be folded: the alerts are exactly those
  // of a backtest of the scenario.
  void redirect(config::Settings& settings) const;

 private:
  class Impl;
  explicit Demo(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace yagura::app
