// A currency pair: bids and asks at irregular times, in bursts, around the clock.
#include <algorithm>
#include <array>

#include "feeds/price_path.hpp"

namespace yagura::feeds {
namespace {

using std::chrono::hours;

// Square root of the seconds in a year of 252 days: variance grows with time.
constexpr std::int64_t kSqrtYear = 4'666;
constexpr std::int64_t kWeekendStep = 3'600'000'000;  // a weekend moves the price like an hour of trading

// Quantiles of the exponential distribution with mean 1, in thousandths.
constexpr std::array<std::int64_t, 32> kExponential = {16,   48,   81,   116,  152,  189,  227,  267,  309,  352,  398,
                                                       445,  495,  548,  604,  662,  725,  792,  863,  940,  1023, 1114,
                                                       1214, 1326, 1451, 1594, 1761, 1962, 2213, 2549, 3060, 4159};
// Of 40 quiet quotes one starts a burst, of 8 quotes in a burst one ends it; a burst is six times as
// fast, and the quiet is so much slower that the mean is the configured spacing.
constexpr std::int64_t kBurstStart = 40;
constexpr std::int64_t kBurstEnd = 8;
constexpr std::int64_t kBurstPermille = 200;
constexpr std::int64_t kQuietPermille = 1'173;
constexpr Duration kLeastGap = std::chrono::milliseconds{20};

// 21:00 to 24:00 UTC: New York has closed, Tokyo has not begun.
bool is_thin(Timestamp at) { return at - std::chrono::floor<std::chrono::days>(at) >= hours{21}; }

class FxPath final : public PricePath {
 public:
  FxPath(const ScenarioInstrument& instrument, Timestamp until, Random random)
      : instrument_(instrument),
        until_(until),
        random_(random),
        walk_(instrument.days.front().open.price.raw(), instrument.yearly_volatility.units() * 10'000 / kSqrtYear,
              instrument.tick.raw()) {
    for (const auto& day : instrument.days) {
      for (const auto& leg : legs_of(day)) legs_.push_back(leg);
    }
  }

  void next(ReplayTick& tick) override {
    const bool on_point = leg_ < legs_.size() ? follow(legs_[leg_]) : wander();
    const auto spread = draw_spread(on_point);
    const auto unit = instrument_.tick.raw();
    const auto bid = on_point ? walk_.exact() - spread / 2 : (walk_.exact() - spread / 2 + unit / 2) / unit * unit;
    tick = {instrument_.symbol, {}, Price::from_raw(bid), Price::from_raw(bid + spread), now_, {}};
  }

 private:
  // True when the quote is exactly at the leg's end.
  bool follow(const Leg& leg) {
    const auto at = leg.jump ? leg.end : now_ + draw_gap();
    if (at >= leg.end) {
      now_ = leg.end;
      walk_.jump_to(leg.price);
      ++leg_;
      return true;
    }
    walk_.bridge(leg, microseconds(at - now_), microseconds(leg.end - now_), random_);
    now_ = at;
    return false;
  }

  // Beyond the last point, whose bounds hold to the end of the script.
  bool wander() {
    const auto at = now_ + draw_gap();
    const auto open = fx_next_open(at);
    const auto& last = legs_.back();
    const bool scripted = at < until_;
    walk_.wander(open == at ? microseconds(at - now_) : kWeekendStep, scripted ? last.floor : kNoFloor,
                 scripted ? last.ceiling : kNoCeiling, random_);
    now_ = open;
    return false;
  }

  static std::int64_t microseconds(Duration duration) { return duration.count() / 1'000; }

  Duration draw_gap() {
    const auto permille = kExponential[static_cast<std::size_t>(random_.below(kExponential.size()))];
    for (const auto& fast : instrument_.fast) {
      if (now_ >= fast.from && now_ < fast.to) return gap(fast.spacing, permille, 2 * fast.spacing);
    }
    if (random_.below(in_burst_ ? kBurstEnd : kBurstStart) == 0) in_burst_ = !in_burst_;
    const auto mean = instrument_.spacing * (in_burst_ ? kBurstPermille : kQuietPermille) / 1'000;
    return gap(is_thin(now_) ? 2 * mean : mean, permille, std::chrono::minutes{1});
  }
  // With a jitter of up to a 32nd, in whole microseconds.
  Duration gap(Duration mean, std::int64_t permille, Duration most) {
    const auto jitter = random_.below(mean.count() / 32 + 1);
    const auto drawn = Duration{mean.count() / 1'000 * permille + jitter};
    const auto bounded = std::clamp(drawn, std::min(kLeastGap, most), most);
    return bounded - bounded % std::chrono::microseconds{1};
  }

  std::int64_t draw_spread(bool on_point) {
    const auto unit = instrument_.tick.raw();
    const auto least = instrument_.spread_min.raw() / unit;
    const auto most = instrument_.spread_max.raw() / unit;
    auto ticks = least + random_.below(most - least + 1);
    if (is_thin(now_)) ticks = 2 * ticks;
    if (on_point) ticks = std::max<std::int64_t>(ticks / 2 * 2, 2);  // its mid is the point's price
    return ticks * unit;
  }

  const ScenarioInstrument& instrument_;
  Timestamp until_;
  Random random_;
  Walk walk_;
  std::vector<Leg> legs_;  // of all scripted days
  std::size_t leg_ = 0;
  Timestamp now_{};
  bool in_burst_ = false;
};

}  // namespace

std::unique_ptr<PricePath> make_fx_path(const ScenarioInstrument& instrument, Timestamp until, Random random) {
  return std::make_unique<FxPath>(instrument, until, random);
}

}  // namespace yagura::feeds
