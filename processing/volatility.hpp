// How far a price usually goes: the volatility of the moment, told apart from the time of day.
//
// A sample is the first tick a step (fx 5 s, others 10 s) or more after the sample before: beyond the to
// and fro of bid and ask, and two prints of an index, as single ones have tails so heavy that whatever
// is robust falls 15 % short. Its return is divided by the square root of the time it really spans, so
// that a dense feed, prints every 5 s and bars give the same unit: standard deviation of the logarithm
// per square root of a second. A span above 10 min, or a new segment, is no return.
//
// Each return is freed of the time of day (DayShape). Of every three neighbours the median counts
// (MedRV; Andersen, Dobrev, Schaumburg 2012: pi / (6 - 4 sqrt 3 + pi) * med^2), averaged with a
// half-life of 30 min of market time. A lone jump leaves that alone altogether; products of
// neighbours (bipower) do so only on fine grids, and are a third too high on bars, whose ticks are
// extremes: there this one stays within 16 %. The newest return is left out, so that nothing is
// measured with itself.
//
// A run of returns must not hide itself either. Once the way gone in the last minute or so exceeds four
// standard deviations, the volatility stands still until five minutes after the last such moment, at
// most 15 min. That is decided here, from the ticks alone: were detectors to ask for it, one rule
// would change what another says.
//
// A segment begins with the level of before, which counts like 20 min of returns: that of the segment
// before, or of the trading date before when that is over. Until 5 min and 24 returns of its own are
// known, the level alone stands ("seeded").
#pragma once

#include <array>
#include <optional>

#include "core/instrument.hpp"
#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/calendar.hpp"
#include "processing/day_shape.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// One instrument. Detector thread only; nothing allocates after construction. About 3.4 KB of state.
class Volatility {
 public:
  explicit Volatility(const InstrumentInfo& info);

  // A detector needs it: until then push() is not called.
  void want() { wanted_ = true; }
  [[nodiscard]] bool wanted() const { return wanted_; }

  // Each accepted tick, before the detectors; times must not decrease.
  void push(Timestamp t, Price price) noexcept {
    if (has_sample_ && t - sample_ts_ < step_) return;
    sample(t, price);
  }
  void on_segment_start() noexcept;
  void forget() noexcept;

  // One standard deviation of the natural logarithm of a move over `window` that ends at `t`. Never
  // below 5 % a year, nor half a tick of the instrument a step.
  struct Scale {
    double sigma;
    bool seeded;  // too little is known of today: taken from earlier days
  };
  [[nodiscard]] std::optional<Scale> over(Timestamp t, Duration window) const noexcept;  // nothing until learnt

  void state(StateIo& io);

 private:
  static constexpr double kUnknown = -1;

  // The variance of one stretch of time, weights falling exponentially or not at all.
  struct Mean {
    double sum = 0;
    double weight = 0;
    double returns = 0;  // that went in
    double seconds = 0;  // which they span
    [[nodiscard]] double variance() const { return weight > 0 ? sum / weight : 0; }
  };
  // Whether a run of returns is under way.
  struct Run {
    double way = 0;       // recent returns, older ones fading
    double variance = 0;  // of `way` at unit volatility
    Timestamp since{};    // the volatility stands still since; zero: no run
    Timestamp last{};     // the last moment of it
  };

  void sample(Timestamp t, Price price) noexcept;
  void start_from(Timestamp t, Price price) noexcept;
  void change_date(Date date) noexcept;
  void learn() noexcept;
  [[nodiscard]] bool stands_still(Timestamp t, double size, double span) noexcept;
  [[nodiscard]] bool known() const noexcept;
  [[nodiscard]] double sigma() const noexcept;  // per root of a second, without floors; negative: unknown
  [[nodiscard]] double floor_at(Price price) const noexcept;
  [[nodiscard]] Duration time_of_day(Timestamp t) const noexcept;

  CalendarKind calendar_kind_;
  CalendarCursor calendar_;
  Duration step_;
  double least_;          // 5 % a year
  double half_tick_raw_;  // over the root of a step
  bool wanted_ = false;
  // Where the day of the last sample begins; the next 24 h belong to it. Found again after a restart.
  Timestamp day_start_{};

  DayShape shape_;
  Mean spot_;
  Mean today_;
  double level_ = kUnknown;  // of before: stands in while `spot_` knows too little
  Run run_;
  Date date_{};
  Timestamp sample_ts_{};
  Price sample_price_{};
  std::array<double, 3> sizes_{};  // of the last returns, newest first
  std::array<double, 3> spans_{};  // in seconds
  std::uint32_t sizes_known_ = 0;  // of the three
  bool has_sample_ = false;
};

}  // namespace yagura::processing
