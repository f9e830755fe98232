// Suspicion of an intervention in the yen: a score of nine items, kept over a push. It is never a
// claim; the authorities confirm weeks later, if at all.
//
// A push is measured from the highest price of the last 15 minutes or the last hour, whichever says more.
// It is judged at each new low while one of three things holds: a yen lost within 15 minutes, two
// within the hour, or eight standard deviations and half a yen within five minutes. From three points
// on it is an episode; what its size and speed have earned is kept to its end, which comes 30 minutes
// after the last new low that still scored, with a rebound of more than 60 %, or with the market's
// segment. The next push is measured from there. All comparisons but that of the speed are exact.
#pragma once

#include <array>
#include <optional>

#include "processing/detector.hpp"
#include "processing/price_trail.hpp"
#include "processing/push_path.hpp"

namespace yagura::processing {

class InterventionDetector final : public Detector {
 public:
  InterventionDetector(const InterventionOptions& options, Announcer announcer, const DetectorEnvironment& environment);

  void on_tick(const TickContext& context, SignalBuffer& out) noexcept override;
  void on_segment_start() noexcept override;
  void forget() noexcept override;
  void state(StateIo& io) override;
  [[nodiscard]] std::span<const SymbolId> also_hears() const override { return others_; }
  void on_other(const Tick& tick, const CalendarPiece& piece, SignalBuffer& out) noexcept override;
  [[nodiscard]] std::string fingerprint() const override;
  [[nodiscard]] DetectorView view(Price last) const override;

 private:
  enum class Stage : std::uint8_t { kNone, kWatch, kSuspected, kStrong };
  [[nodiscard]] static Event event_of(Stage stage) noexcept;

  // Heights are prices, or their negatives on the side that watches rises: a push goes down.
  struct Episode {
    Stage stage = Stage::kNone;
    Timestamp last_step{};  // of the last new low that scored
    SlidingExtremes::Point start{};
    SlidingExtremes::Point low{};
    PriceDelta drop_15m{}, drop_60m{};  // largest so far
    bool fast = false;
    double z = 0;  // largest so far
    bool has_z = false;
    std::array<std::int8_t, kSuspicions> points{};
    double one_sided = 0;
    double rebound = 0;
    Id128 last_id{};
  };
  struct Side {
    bool rises = false;
    SlidingExtremes extremes;
    std::size_t window_5m, window_15m, window_60m;
    PushPath path;
    Episode episode;
    Timestamp episode_before = Timestamp::min();  // last step of the one before

    Side(bool upwards, Duration anchor_age);
    void push(Timestamp t, std::int64_t height) noexcept;
    void end_episode() noexcept;
    void state(StateIo& io);
    [[nodiscard]] Price price(std::int64_t height) const { return Price::from_raw(rises ? -height : height); }
    [[nodiscard]] PriceDelta signed_drop(PriceDelta drop) const { return rises ? drop : -drop; }
    [[nodiscard]] Direction direction() const { return rises ? Direction::kUp : Direction::kDown; }
  };

  void watch(const TickContext& context, Side& side, SignalBuffer& out) noexcept;
  [[nodiscard]] static bool reverted(const Side& side, Timestamp t, std::int64_t height) noexcept;
  void revert(const TickContext& context, Side& side, std::int64_t height, SignalBuffer& out) noexcept;
  void judge(const TickContext& context, const Side& side, const PushPath::Shape& shape, Episode& episode) noexcept;
  [[nodiscard]] std::optional<double> speed(const Side& side, Timestamp t, Price from, Price price) const noexcept;
  [[nodiscard]] bool from_extreme(const Side& side, Price start) const noexcept;
  [[nodiscard]] bool beside_release(Timestamp from, Timestamp to) const noexcept;
  [[nodiscard]] bool yen_alone(const Side& side, const Episode& episode, Timestamp t, Price price) const noexcept;
  void announce(const TickContext& context, const Side& side, Event event, Episode& episode,
                SignalBuffer& out) noexcept;
  void note_spread(const Tick& tick) noexcept;
  [[nodiscard]] bool wide_spread(const Tick& tick) const noexcept;

  InterventionOptions options_;
  Announcer announcer_;
  const DayBook& days_;
  const Volatility& volatility_;
  std::vector<SymbolId> others_;  // the crosses, then the euro against the dollar
  std::string other_names_;
  std::vector<PriceTrail> trails_;  // of others_
  std::vector<Side> sides_;         // falls, rises: those that are watched
  static constexpr std::size_t kSpreads = 60;
  std::array<std::int64_t, kSpreads> spreads_{};  // of the last two-sided ticks
  std::uint64_t spread_count_ = 0;
};

}  // namespace yagura::processing
