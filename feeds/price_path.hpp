// The simulator's workings: how one instrument's price moves from one point to the next.
#pragma once

#include <memory>

#include "feeds/codec.hpp"
#include "feeds/random.hpp"
#include "feeds/scenario.hpp"

namespace yagura::feeds {

inline constexpr std::int64_t kNoFloor = 0;
inline constexpr std::int64_t kNoCeiling = INT64_MAX;

// From the point before, whatever it is, to this one.
struct Leg {
  Timestamp end;
  std::int64_t end_print = 0;  // of an index: which print of the day `end` is
  std::int64_t price = 0;
  std::int64_t floor = kNoFloor;
  std::int64_t ceiling = kNoCeiling;
  bool jump = false;  // nothing in between: the market was closed, or a day ended
};

// The legs of a day in order of time; `end_print` is left to the caller.
[[nodiscard]] std::vector<Leg> legs_of(const ScenarioDay& day);

// A price under way. Keeps fractions of a tick; to print it, round it.
class Walk {
 public:
  // `sigma` is the relative standard deviation after one second, in units of 1e-12.
  Walk(std::int64_t price, std::int64_t sigma, std::int64_t tick) : price_(price), sigma_(sigma), tick_(tick) {}

  void jump_to(std::int64_t price) { price_ = price; }
  // One step of a Brownian bridge that must arrive at the leg's end in `remaining_us` > step_us.
  void bridge(const Leg& leg, std::int64_t step_us, std::int64_t remaining_us, Random& random);
  // One step of a free random walk.
  void wander(std::int64_t step_us, std::int64_t floor, std::int64_t ceiling, Random& random);

  [[nodiscard]] std::int64_t exact() const { return price_; }
  [[nodiscard]] std::int64_t on_tick() const;  // rounded to the tick size

 private:
  void move(std::int64_t drift, UInt128 variance, std::int64_t floor, std::int64_t ceiling, Random& random);
  [[nodiscard]] UInt128 variance(std::int64_t step_us) const;

  std::int64_t price_;
  std::int64_t sigma_;
  std::int64_t tick_;
};

// One instrument's ticks, without end.
class PricePath {
 public:
  virtual ~PricePath() = default;
  virtual void next(ReplayTick& tick) = 0;
};
[[nodiscard]] std::unique_ptr<PricePath> make_index_path(const ScenarioInstrument& instrument, Random random);
[[nodiscard]] std::unique_ptr<PricePath> make_fx_path(const ScenarioInstrument& instrument, Timestamp until,
                                                      Random random);

// Sessions of the index, in Tokyo. A print's number counts from 0 at 09:00.
class PrintGrid {
 public:
  explicit PrintGrid(Duration spacing);
  [[nodiscard]] std::int64_t count() const { return morning_ + afternoon_ + 1; }  // prints a day, the closing one last
  [[nodiscard]] Timestamp time_of(Date date, std::int64_t print) const;
  // The print at this time; nullopt when there is none.
  [[nodiscard]] std::optional<std::int64_t> print_at(Timestamp at) const;

 private:
  Duration spacing_;
  std::int64_t morning_;
  std::int64_t afternoon_;
};
[[nodiscard]] Date tokyo_date(Timestamp at);

// Trading hours of foreign exchange: Sunday to Friday, 17:00 in New York.
[[nodiscard]] bool fx_is_open(Timestamp at);
[[nodiscard]] Timestamp fx_next_open(Timestamp at);  // the first moment from `at` on that is open

}  // namespace yagura::feeds
