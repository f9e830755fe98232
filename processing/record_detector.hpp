// New highs and lows of the session, week, year, 52 weeks and of all time, throttled so that a
// climbing market is a few alerts and not seventy. SEMANTICS 5.
#pragma once

#include "processing/detector.hpp"

namespace yagura::processing {

class RecordDetector final : public Detector {
 public:
  RecordDetector(const RecordOptions& options, Announcer announcer);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void on_day_end(const TickContext& closing, SignalBuffer& out) noexcept override;
  void on_day_start() noexcept override;
  void forget() noexcept override;
  void state(StateIo& io) override { io(announcer_, high_, low_); }
  [[nodiscard]] std::string fingerprint() const override;

 private:
  // Highs or lows.
  struct Side {
    bool started = false;  // this trading date has a tick
    Price last{};          // of the last alert; at first the session's first tick
    Timestamp last_time{};
    HorizonSet said;  // horizons alerted in this session
    std::uint32_t count = 0;
  };
  struct Broken {
    HorizonSet horizons;
    Horizon first = Horizon::kSession;
    DatedPrice before;  // the record of `first`
  };

  void judge(const TickContext& context, Side& side, bool high, SignalBuffer& out) noexcept;
  [[nodiscard]] Broken broken(const TickContext& context, bool high) const noexcept;
  [[nodiscard]] bool speaks(const Side& side, const Broken& broken, const Tick& tick) const noexcept;
  void emit(const TickContext& context, const Broken& broken, bool high, std::uint32_t count,
            SignalBuffer& out) noexcept;

  RecordOptions options_;
  Announcer announcer_;
  Side high_, low_;
};

}  // namespace yagura::processing
