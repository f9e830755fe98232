// Prints that were cancelled after the fact: what the console is told, done to the detectors. Detector
// thread only; it never happens in a backtest.
#pragma once

#include <functional>
#include <memory>

#include "config/settings.hpp"
#include "console/corrections_api.hpp"
#include "core/clock.hpp"
#include "processing/monitor.hpp"

namespace yagura::app {

class Corrections final : public console::CorrectionDesk {
 public:
  // All outlive it. `monitor` is looked up at each call: a reload replaces it. `changed` gets the print
  // and the withdrawals, perhaps none; it hands them out and stores a snapshot behind them.
  Corrections(const config::Settings& settings, const std::unique_ptr<processing::Monitor>& monitor, const Clock& clock,
              std::function<void(const Tick& print, const SignalBuffer& withdrawn)> changed)
      : settings_(settings), monitor_(monitor), clock_(clock), changed_(std::move(changed)) {}

  console::CorrectionAnswer cancel(const console::Correction& print) override;

 private:
  const config::Settings& settings_;
  const std::unique_ptr<processing::Monitor>& monitor_;
  const Clock& clock_;
  std::function<void(const Tick& print, const SignalBuffer& withdrawn)> changed_;
  SignalBuffer signals_;
};

}  // namespace yagura::app
