// What happened on the days before and on this one: imported history and our own ticks together,
// as SEMANTICS 4 and 5 define known days, previous close and horizons.
#pragma once

#include <array>
#include <optional>
#include <vector>

#include "core/price.hpp"
#include "core/time.hpp"
#include "processing/best_prints.hpp"
#include "processing/signal.hpp"
#include "processing/state_io.hpp"

namespace yagura::processing {

// One trading date in brief.
struct DayBar {
  Date date;
  Price high;
  Price low;
  Price close;
};

// An extreme and the date it stands on.
struct DatedPrice {
  Price price;
  Date date;
};

// Extremes of the known days within one horizon.
struct HorizonBook {
  bool active = false;               // the data reaches back past the horizon's start
  bool has_days = false;             // some known day lies in it: the extremes are valid
  DatedPrice high, low;              // intraday
  DatedPrice high_close, low_close;  // of closes
};

// What became of a print that is to be forgotten.
enum class Cancelled : std::uint8_t {
  kNothing,  // no extreme stands on it: nothing changes, or it is none of today's
  kDone,     // the runner-up stands again
  kTooFar,   // the runner-up is not known any more: refused, nothing changed
};

// Same date one year earlier; 29 February becomes the 28th.
[[nodiscard]] Date one_year_before(Date date);

// One instrument. Detector thread only.
class DayBook {
 public:
  // `history` sorted by date, without doubles. `may_seed`: history makes "all time" sayable (not
  // for FX, which has no single tape).
  DayBook(std::vector<DayBar> history, bool may_seed);

  // Opens a later trading date; the day before becomes known.
  void start_day(Date date);
  void on_tick(Price price, Timestamp ts_event = {}) noexcept;
  // Takes one of today's best prints, or the last, out of today's high, low and close. The day's first
  // price stays. At most 8 a side are known, see BestPrints.
  Cancelled cancel(const Print& print) noexcept;
  void forget_ticks();  // everything of our own ticks; history stays

  [[nodiscard]] bool started() const { return started_; }
  [[nodiscard]] Date date() const { return today_.date; }
  [[nodiscard]] bool has_ticks_today() const { return has_ticks_; }
  [[nodiscard]] const DayBar& today() const { return today_; }  // valid with has_ticks_today
  [[nodiscard]] Price first_today() const { return first_; }
  [[nodiscard]] const Print& last_print() const { return last_; }  // valid with has_ticks_today

  // Close of the newest known day, at most 14 calendar days before `date` (today or later).
  [[nodiscard]] std::optional<Price> previous_close_at(Date date) const;
  [[nodiscard]] std::optional<Price> previous_close() const { return previous_close_; }  // of today
  // Close of the newest known day at or before `date`, at most 14 calendar days before it.
  [[nodiscard]] std::optional<DatedPrice> close_at_or_before(Date date) const;
  // History is visible and the instrument may say "all time" and "first ever".
  [[nodiscard]] bool seeded() const { return seeded_; }
  // Known days of today by horizon; session is not among them. kAllTime and kSinceStart: one of
  // them is active.
  [[nodiscard]] const HorizonBook& known(Horizon h) const { return books_[static_cast<std::size_t>(h)]; }

  void state(StateIo& io);

 private:
  void rebuild();

  std::vector<DayBar> history_;
  bool may_seed_;
  std::vector<DayBar> own_;    // earlier dates with our ticks
  std::vector<DayBar> known_;  // both, of the current date; kept for its memory
  bool started_ = false;
  bool has_ticks_ = false;
  DayBar today_{};
  Price first_{};
  BestPrints highs_{true}, lows_{false};
  Print last_{}, before_last_{};  // of today
  bool has_before_last_ = false;
  // Derived from the above at each new day:
  std::optional<Price> previous_close_;
  bool seeded_ = false;
  std::array<HorizonBook, kHorizonNames> books_{};
};

}  // namespace yagura::processing
