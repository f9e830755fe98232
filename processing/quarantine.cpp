#include "processing/quarantine.hpp"

#include <algorithm>
#include <cstdlib>

namespace yagura::processing {
namespace {

// Window k, factor c, supporting ticks that confirm: docs/detectors.md, "What is not believed".
constexpr std::size_t kTseWindow = 24;
constexpr std::size_t kOtherWindow = 60;
constexpr std::int64_t kTseFactor = 6;
constexpr std::int64_t kOtherFactor = 8;
constexpr auto kSlackPercent = Percent::from_units(150'000);  // 0.15 %
constexpr std::int64_t kSlackPips = 3;
// Two feeds of one market may differ by so much: 5 basis points, or three median spreads.
constexpr auto kSourcesPercent = Percent::from_units(50'000);
constexpr std::int64_t kSourcesSpreads = 3;

// No further than `slack` from both ends, and so from all between them.
bool within(std::int64_t slack, Price price, const SortedWindow::Bounds& ends) {
  return price.raw() - ends.low <= slack && ends.high - price.raw() <= slack;
}

// The tenth at each end.
constexpr std::size_t trimmed_off(std::size_t count) { return count / 10; }

std::span<const std::int64_t> trimmed(std::span<const std::int64_t> sorted) {
  const std::size_t cut = trimmed_off(sorted.size());
  return sorted.subspan(cut, sorted.size() - 2 * cut);
}

}  // namespace

SuspectTest SuspectTest::over(std::span<const std::int64_t> prices, std::int64_t base, std::int64_t slack,
                              std::int64_t factor) noexcept {
  SuspectTest test;
  test.base = base;
  test.slack = slack;
  test.factor = factor;
  test.count = static_cast<std::int64_t>(prices.size());
  UInt128 squares = 0;
  for (const auto price : prices) {
    const std::int64_t d = price - base;
    test.sum += d;
    squares += static_cast<UInt128>(static_cast<Int128>(d) * d);
    // Deviations beyond 3.6e7 price units leave 128 bits: then long double decides.
    if (std::llabs(d) > (std::int64_t{1} << 55)) test.exact = false;
  }
  const auto n = static_cast<UInt128>(test.count);
  const auto spread = static_cast<UInt128>(factor * factor) *
                      (n * squares - static_cast<UInt128>(static_cast<Int128>(test.sum) * test.sum));
  test.spread_hi = static_cast<std::uint64_t>(spread >> 64);
  test.spread_lo = static_cast<std::uint64_t>(spread);
  if (!test.exact) {
    double sum = 0;
    double sum_of_squares = 0;
    for (const auto price : prices) {
      const auto d = static_cast<double>(price - base);
      sum += d;
      sum_of_squares += d * d;
    }
    test.spread_float =
        static_cast<double>(factor * factor) * (static_cast<double>(test.count) * sum_of_squares - sum * sum);
  }
  return test;
}

bool SuspectTest::suspects(Price p) const noexcept {
  const Int128 offset = distance(p);
  const Int128 a = (offset < 0 ? -offset : offset) - static_cast<Int128>(count) * slack;
  if (a <= 0) return false;
  if (!exact || a > static_cast<Int128>(~std::uint64_t{0} >> 1)) {
    const double spread = exact ? static_cast<double>(static_cast<UInt128>(spread_hi) << 64 | spread_lo) : spread_float;
    return static_cast<double>(a) * static_cast<double>(a) > spread;
  }
  return static_cast<UInt128>(a) * static_cast<UInt128>(a) > (static_cast<UInt128>(spread_hi) << 64 | spread_lo);
}

Quarantine::Quarantine(CalendarKind calendar, PriceDelta pip)
    : fx_(calendar == CalendarKind::kFx),
      factor_(calendar == CalendarKind::kTse ? kTseFactor : kOtherFactor),
      confirm_at_(calendar == CalendarKind::kTse ? 1 : 2),
      fx_slack_(PriceDelta::from_raw(kSlackPips * pip.raw())),
      window_(calendar == CalendarKind::kTse ? kTseWindow : kOtherWindow),
      tse_(calendar == CalendarKind::kTse) {}

bool Quarantine::supports(Price p) const noexcept {
  const auto suspect = test_.distance(held_[0].price);
  const auto here = test_.distance(p);
  return suspect < 0 ? 2 * here <= suspect : 2 * here >= suspect;
}

// Judged against the other feed's last price alone.
bool Quarantine::sources_disagree(const Tick& tick, const Context& context) noexcept {
  const std::int64_t slack =
      std::max(kSourcesPercent.of(context.last_accepted.raw()), kSourcesSpreads * context.median_spread.raw());
  const std::int64_t one = context.last_accepted.raw();
  const auto test = SuspectTest::over(std::span{&one, 1}, one, slack, factor_);
  if (!test.suspects(tick.price)) return false;
  test_ = test;
  return true;
}

bool Quarantine::is_calm(Price price, Price last_accepted, PriceDelta least_spread) const noexcept {
  if (held_count_ != 0) return false;
  if (window_.size() < window_.capacity() / 2) return true;
  // At most the slack of judge(): not the median of spreads, and 0.146 % where that has 0.15, without a division.
  const std::int64_t slack =
      fx_ ? fx_slack_.raw() + least_spread.raw() : (last_accepted.raw() >> 10) + (last_accepted.raw() >> 11);
  return within(slack, price, window_.bounds()) ||
         window_.near_trimmed_mean(price.raw(), trimmed_off(window_.size()), slack);
}

Quarantine::Verdict Quarantine::judge(const Tick& tick, const Context& context) noexcept {
  if (held_count_ != 0) {
    const bool support = supports(tick.price);
    if (context.close && !support) return Verdict::kReject;
    if (!support && !test_.suspects(tick.price)) return Verdict::kReject;
    hold(tick);
    support_ += support ? 1 : 0;
    const bool confirmed = context.close || support_ >= confirm_at_ || held_count_ == kMaxHeld;
    return confirmed ? Verdict::kConfirm : Verdict::kHold;
  }
  if (context.close) return Verdict::kAccept;
  if (context.other_source && sources_disagree(tick, context)) {
    support_ = 0;
    hold(tick);
    return Verdict::kHold;
  }
  if (window_.size() < window_.capacity() / 2) return Verdict::kAccept;

  std::int64_t slack =
      fx_ ? fx_slack_.raw() + context.median_spread.raw() : kSlackPercent.of(context.last_accepted.raw());
  if (context.opening) slack *= 4;
  if (within(slack, tick.price, window_.bounds())) return Verdict::kAccept;
  const auto kept = trimmed(window_.sorted());
  // The mean lies between the ends, so a price within `slack` of both is no suspect: nearly all.
  if (within(slack, tick.price, {kept.front(), kept.back()})) return Verdict::kAccept;

  // Nor is one within `slack` of the mean itself, whatever the spread of the others.
  Int128 sum = 0;
  for (const auto p : kept) sum += p;
  const auto n = static_cast<Int128>(kept.size());
  const Int128 off = n * tick.price.raw() - sum;
  if ((off < 0 ? -off : off) <= n * slack) return Verdict::kAccept;

  const auto test = SuspectTest::over(kept, context.last_accepted.raw(), slack, factor_);
  if (!test.suspects(tick.price)) return Verdict::kAccept;
  test_ = test;
  support_ = 0;
  hold(tick);
  return Verdict::kHold;
}

}  // namespace yagura::processing
