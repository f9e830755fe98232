// A slow push in one direction: small steps that no window sees, summed up. The two-sided tabular
// CUSUM of E. Page, "Continuous inspection schemes", Biometrika 41 (1954).
//
// On a grid in time each return is divided by what it usually is (Volatility) and cut to +-4, so that
// no single print fires; S = max(0, S + x - k) for either direction. Beyond h it says `drift`, dated
// from where S was last zero, and both sums begin anew. So they do with each segment and after gaps.
#pragma once

#include "processing/detector.hpp"

namespace yagura::processing {

class CusumDetector final : public Detector {
 public:
  // `volatility` belongs to the instrument, has been fed with the tick before on_tick is called and
  // outlives this detector.
  CusumDetector(const CusumOptions& options, Announcer announcer, Volatility& volatility);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void on_segment_start() noexcept override { has_sample_ = false; }
  void forget() noexcept override { has_sample_ = false; }
  void state(StateIo& io) override;
  [[nodiscard]] std::string fingerprint() const override;

 private:
  struct Sum {
    double value = 0;
    Timestamp since{};  // when it was last zero
    Price from{};       // and the price there
  };

  void start_from(const Tick& tick) noexcept;
  // True beyond the limit.
  [[nodiscard]] bool add(Sum& sum, double step, const Tick& tick) const noexcept;
  void announce(const TickContext& context, const Sum& sum, Direction direction, SignalBuffer& out) noexcept;

  CusumOptions options_;
  Announcer announcer_;
  Volatility& volatility_;
  Sum up_;
  Sum down_;
  Timestamp sample_ts_{};
  Price sample_price_{};
  bool has_sample_ = false;
};

}  // namespace yagura::processing
