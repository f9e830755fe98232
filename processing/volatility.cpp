#include "processing/volatility.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace yagura::processing {
namespace {

using namespace std::chrono_literals;

constexpr Duration kLongestSpan = 10min;
constexpr double kHalfLife = 1800;     // of the volatility, in seconds
constexpr double kLeastReturns = 24;   // with so few, a standard error of 17 %
constexpr double kLeastSeconds = 300;  // of market time
constexpr double kLevelCounts = 1200;  // so many seconds of returns is the level of before worth
constexpr double kLeastOfDay = 1800;   // of market time, for a day's level to stand in on the next

constexpr double kRunTime = 60;  // how fast the way gone fades, in seconds
constexpr double kRunSigmas = 4;
constexpr Duration kRunCalm = 5min;
constexpr Duration kRunLongest = 15min;

// Turns the square of a median of three absolute normal returns into a variance.
const double kMedian = std::numbers::pi / (6 - 4 * std::numbers::sqrt3 + std::numbers::pi);

// Market time of a year, for "5 % a year": sessions times their hours.
double seconds_of_year(CalendarKind calendar) {
  switch (calendar) {
    case CalendarKind::kTse: return 245 * 5.5 * 3600;
    case CalendarKind::kOse: return 245 * 20 * 3600;
    case CalendarKind::kFx: return 260 * 86400;
    case CalendarKind::kAlways: break;
  }
  return 365 * 86400;
}

Duration step_of(CalendarKind calendar) { return calendar == CalendarKind::kFx ? 5s : 10s; }

double seconds_of(Duration d) { return std::chrono::duration<double>(d).count(); }

double median(const std::array<double, 3>& v) {
  return std::max(std::min(v[0], v[1]), std::min(std::max(v[0], v[1]), v[2]));
}

}  // namespace

Volatility::Volatility(const InstrumentInfo& info)
    : calendar_kind_(info.calendar),
      calendar_(info.calendar),
      step_(step_of(info.calendar)),
      least_(0.05 / std::sqrt(seconds_of_year(info.calendar))),
      half_tick_raw_(static_cast<double>(info.tick.raw()) / 2 / std::sqrt(seconds_of(step_))) {}

void Volatility::start_from(Timestamp t, Price price) noexcept {
  has_sample_ = true;
  sample_ts_ = t;
  sample_price_ = price;
}

void Volatility::sample(Timestamp t, Price price) noexcept {
  const auto& piece = calendar_.at(t);
  if (piece.trading_date != date_) change_date(piece.trading_date);
  if (t < day_start_ || t - day_start_ >= 24h) day_start_ = t - time_of_day(t);

  const Duration span = t - sample_ts_;
  const bool first = !has_sample_ || span > kLongestSpan;
  const auto before = static_cast<double>(sample_price_.raw());
  start_from(t, price);
  if (first) {
    sizes_known_ = 0;
    return;
  }
  const double seconds = seconds_of(span);
  const auto bucket = DayShape::bucket_of(t - day_start_);
  const double plain = std::log(static_cast<double>(price.raw()) / before) / std::sqrt(seconds);
  shape_.add(bucket, std::abs(plain));

  const double calm = plain / shape_.factor(bucket);
  if (stands_still(t, calm, seconds)) {
    sizes_known_ = 0;
    return;
  }
  learn();
  sizes_ = {std::abs(calm), sizes_[0], sizes_[1]};
  spans_ = {seconds, spans_[0], spans_[1]};
  sizes_known_ = std::min(sizes_known_ + 1, 3U);
}

// The three returns before the newest one go into the means.
void Volatility::learn() noexcept {
  if (sizes_known_ < 3) return;
  const double middle = median(sizes_);
  const double variance = kMedian * middle * middle;
  const double keep = std::exp2(-spans_[0] / kHalfLife);
  spot_.sum = spot_.sum * keep + variance * (1 - keep);
  spot_.weight = spot_.weight * keep + (1 - keep);
  today_.sum += variance * spans_[0];
  today_.weight += spans_[0];
  for (auto* mean : {&spot_, &today_}) {
    mean->returns += 1;
    mean->seconds += spans_[0];
  }
}

bool Volatility::stands_still(Timestamp t, double size, double span) noexcept {
  const double keep = std::exp(-span / kRunTime);
  run_.way = run_.way * keep + size * std::sqrt(span);
  run_.variance = run_.variance * keep * keep + span;
  const double scale = sigma();
  if (scale < 0) return false;
  const double usual = std::max(scale, floor_at(sample_price_));
  const bool far = run_.way * run_.way > kRunSigmas * kRunSigmas * usual * usual * run_.variance;
  if (far) {
    run_.last = t;
    if (run_.since == Timestamp{}) run_.since = t;
  } else if (run_.since != Timestamp{} && t - run_.last >= kRunCalm) {
    run_.since = {};
  }
  return run_.since != Timestamp{} && t - run_.since < kRunLongest;
}

void Volatility::change_date(Date date) noexcept {
  if (date_ != Date{}) {
    shape_.fold();
    if (today_.seconds >= kLeastOfDay && today_.returns >= kLeastReturns) level_ = std::sqrt(today_.variance());
  }
  today_ = {};
  date_ = date;
}

void Volatility::on_segment_start() noexcept {
  if (known()) level_ = std::sqrt(spot_.variance());
  spot_ = {};
  if (level_ > 0) {
    spot_.weight = 1 - std::exp2(-kLevelCounts / kHalfLife);
    spot_.sum = level_ * level_ * spot_.weight;
  }
  run_ = {};
  sizes_known_ = 0;
  has_sample_ = false;
}

void Volatility::forget() noexcept {
  shape_ = {};
  level_ = kUnknown;
  today_ = {};
  date_ = {};
  spot_ = {};
  on_segment_start();
}

bool Volatility::known() const noexcept { return spot_.returns >= kLeastReturns && spot_.seconds >= kLeastSeconds; }

double Volatility::sigma() const noexcept { return known() ? std::sqrt(spot_.variance()) : level_; }

double Volatility::floor_at(Price price) const noexcept {
  return std::max(least_, half_tick_raw_ / static_cast<double>(price.raw()));
}

Duration Volatility::time_of_day(Timestamp t) const noexcept {
  if (t >= day_start_ && t - day_start_ < 24h) return t - day_start_;
  Duration zone{0};
  if (calendar_kind_ == CalendarKind::kTse || calendar_kind_ == CalendarKind::kOse) zone = 9h;
  if (calendar_kind_ == CalendarKind::kFx) zone = new_york_offset(t) + 7h;  // the day begins at 17:00 in New York
  const auto local = t + zone;
  return local - std::chrono::floor<std::chrono::days>(local);
}

std::optional<Volatility::Scale> Volatility::over(Timestamp t, Duration window) const noexcept {
  const double spot = sigma();
  if (spot < 0 || !has_sample_) return std::nullopt;
  const double second = std::max(spot, floor_at(sample_price_));
  return Scale{second * std::sqrt(shape_.seconds(time_of_day(t), window)), !known()};
}

void Volatility::state(StateIo& io) {
  io(shape_, spot_, today_, level_, run_, date_, sample_ts_, sample_price_, sizes_, spans_, sizes_known_, has_sample_);
  const auto sound = [](double value) { return std::isfinite(value) && value >= 0; };
  const auto all = [&](const Mean& mean) { return sound(mean.sum) && sound(mean.weight) && sound(mean.returns); };
  if (io.reading() && !(all(spot_) && all(today_) && std::isfinite(level_) && std::isfinite(run_.way) &&
                        sound(run_.variance) && std::ranges::all_of(sizes_, sound) &&
                        std::ranges::all_of(spans_, sound) && (sample_price_.raw() > 0 || !has_sample_))) {
    io.fail();
  }
}

}  // namespace yagura::processing
