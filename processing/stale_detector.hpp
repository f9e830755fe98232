// Says when an instrument's data stops although its market is at work, and when it is back.
// docs/detectors.md, "Is the feed alive?".
#pragma once

#include "processing/detector.hpp"

namespace yagura::processing {

class StaleDetector final : public Detector, public SilenceJudge {
 public:
  StaleDetector(const StaleOptions& options, Announcer announcer, CalendarKind calendar);

  void on_tick(const TickContext& /*context*/, SignalBuffer& /*out*/) noexcept override {}
  [[nodiscard]] bool hears_ticks() const override { return false; }  // prices say nothing
  void on_silence(const Silence& silence, FeedLiveness& feed, const DayBook& days, const Tick* ended_by,
                  SignalBuffer& out) noexcept override;
  void on_arrival(const TickContext& context, const FeedLiveness& feed, bool hole, SignalBuffer& out) noexcept override;
  void forget() noexcept override {}
  void state(StateIo& io) override;
  [[nodiscard]] std::string fingerprint() const override;
  [[nodiscard]] SilenceJudge* silence_judge() override { return this; }

 private:
  // Part of the id, so that what only a clock can know does not shift the episodes of the rest.
  enum class Headline : std::int64_t { kAfterTick = 0, kUnheard = 1 };

  StaleOptions options_;
  Announcer announcer_;
  CalendarKind calendar_;
  Headline headline_ = Headline::kAfterTick;
  Timestamp since_{};
  Duration limit_{};
  Id128 said_{};
};

}  // namespace yagura::processing
