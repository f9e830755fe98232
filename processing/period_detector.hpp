// Percent since a reference close: the last one of the year before, or that of so many months or days
// ago. Every multiple of a step, away from the reference, is said once: a price that flickers on the
// line is silent until it has gone back by `rearm`, and no multiple is said twice in a session.
#pragma once

#include "processing/detector.hpp"

namespace yagura::processing {

class PeriodDetector final : public Detector {
 public:
  PeriodDetector(const PeriodOptions& options, Announcer announcer);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void forget() noexcept override;
  void state(StateIo& io) override;
  [[nodiscard]] std::string fingerprint() const override;

 private:
  // One side of the reference. Multiples of the step are counted away from it, on both sides upwards.
  struct Side {
    std::int64_t held = 0;  // crossed, and the price has not gone back by `rearm` since
    std::int64_t said = 0;  // furthest of this session
  };

  void start_day(const TickContext& context) noexcept;
  void place(Price price) noexcept;
  void find_quiet() noexcept;
  [[nodiscard]] std::int64_t crossed(Price price, bool up) const noexcept;
  [[nodiscard]] std::int64_t not_left(Price price, bool up) const noexcept;
  void speak(const TickContext& context, bool up, std::int64_t held_before, SignalBuffer& out) noexcept;

  PeriodOptions options_;
  Announcer announcer_;
  Date date_{};  // of the reference below; another date asks for it anew
  bool known_ = false;
  DatedPrice reference_{};
  Side up_, down_;
  Date said_on_{};  // session of what is said
  // Strictly between these two nothing can happen.
  Price quiet_low_{}, quiet_high_{};
};

// The date whose close is the reference on `today`: 31 December of the year before, the same day so
// many months ago (the month's last where it has no such day), or so many days ago.
[[nodiscard]] Date reference_date(const PeriodOptions& options, Date today);

}  // namespace yagura::processing
