// How far a price usually goes: the volatility of the moment, told apart from the time of day.
#pragma once

#include <optional>

#include "core/instrument.hpp"
#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// One instrument. Detector thread only; nothing allocates after construction.
class Volatility {
 public:
  explicit Volatility(const InstrumentInfo& info);

  // A detector needs it: until then push() is not called.
  void want() { wanted_ = true; }
  [[nodiscard]] bool wanted() const { return wanted_; }

  // Each accepted tick, before the detectors; times must not decrease.
  void push(Timestamp t, Price price) noexcept;
  void on_segment_start() noexcept;
  void forget() noexcept;

  // One standard deviation of the natural logarithm of a move over `window` that ends at `t`.
  struct Scale {
    double sigma;
    bool seeded;  // too little is known of today: taken from earlier days
  };
  [[nodiscard]] std::optional<Scale> over(Timestamp t, Duration window) const noexcept;  // nothing until learnt

  void state(StateIo& io);

 private:
  InstrumentInfo info_;
  bool wanted_ = false;
};

}  // namespace yagura::processing
