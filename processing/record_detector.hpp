// New highs and lows of the session, week, year, 52 weeks and of all time, throttled so that a
// climbing market is a few alerts and not seventy. SEMANTICS 5.
#pragma once

#include <array>

#include "processing/detector.hpp"

namespace yagura::processing {

class RecordDetector final : public Detector {
 public:
  RecordDetector(const RecordOptions& options, Announcer announcer);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  [[nodiscard]] bool hears_ticks() const override { return options_.basis != Basis::kClose; }
  void on_day_end(const TickContext& closing, SignalBuffer& out) noexcept override;
  void on_day_start() noexcept override;
  void on_cancelled(const TickContext& print, SignalBuffer& out) noexcept override;
  void forget() noexcept override;
  void state(StateIo& io) override;
  [[nodiscard]] std::string fingerprint() const override;

 private:
  // A record said today, as much of it as withdrawing takes.
  struct Announced {
    Id128 id;
    Print print;
    Price before;  // the record it broke
    Date before_date;
    HorizonSet horizons;
    HorizonSet said_before;  // the side as it was before
    Price last_before;
    Timestamp last_time_before;
    std::uint32_t episode;
    std::uint32_t count;
    Horizon first;
    Severity severity;
  };
  // Highs or lows.
  struct Side {
    static constexpr std::size_t kKept = BestPrints::kKept;  // no earlier print can be cancelled
    bool started = false;                                    // this trading date has a tick
    Price last{};                                            // of the last alert; at first the session's first tick
    Timestamp last_time{};
    HorizonSet said;  // horizons alerted in this session
    std::uint32_t count = 0;
    std::array<Announced, kKept> announced{};  // oldest first
    std::uint32_t kept = 0;
  };
  struct Broken {
    HorizonSet horizons;
    Horizon first = Horizon::kSession;
    DatedPrice before;  // the record of `first`
  };

  void judge(const TickContext& context, Side& side, bool high, SignalBuffer& out) noexcept;
  [[nodiscard]] Broken broken(const TickContext& context, bool high) const noexcept;
  [[nodiscard]] bool speaks(const Side& side, const Broken& broken, const Tick& tick) const noexcept;
  void emit(const TickContext& context, const Broken& broken, bool high, Side& side, SignalBuffer& out) noexcept;
  void withdraw(const TickContext& print, Side& side, std::size_t at, bool high, SignalBuffer& out) noexcept;
  // The record of a horizon before this tick; none when the horizon is not wanted or reaches too far.
  [[nodiscard]] std::optional<DatedPrice> record_of(const DayBook& days, Horizon h, bool high) const noexcept;

  RecordOptions options_;
  Announcer announcer_;
  Side high_, low_;
};

}  // namespace yagura::processing
