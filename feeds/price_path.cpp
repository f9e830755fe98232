#include "feeds/price_path.hpp"

#include <algorithm>
#include <cmath>

namespace yagura::feeds {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr hours kTokyo{9};
constexpr hours kMorning{9};
constexpr minutes kMorningEnd{11 * 60 + 30};
constexpr minutes kAfternoon{12 * 60 + 30};
constexpr minutes kAuction{15 * 60 + 25};  // no prints from here to the closing one
constexpr minutes kClose{15 * 60 + 30};

std::uint64_t square_root(UInt128 value) {
  // The double is only a first guess: the loops make it exact wherever it came from.
  auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value)));
  while (UInt128{root} * root > value) --root;
  while (UInt128{root + 1} * (root + 1) <= value) ++root;
  return root;
}

// Turns back what would pass a bound, by as much as it went beyond.
std::int64_t reflect(std::int64_t price, std::int64_t low, std::int64_t high) {
  if (low > high) return low / 2 + high / 2;
  if (price > high) price = high - std::min(price - high, high);
  if (price < low) price = low + (low - price);
  return std::clamp(price, low, high);
}

// Daylight saving in New York: second Sunday of March to first Sunday of November, judged by the
// UTC date; the hours of the change are in the weekend.
bool is_new_york_summer(Date date) {
  using namespace std::chrono;
  const auto year = year_month_day{date}.year();
  return date >= Date{year / March / Sunday[2]} && date < Date{year / November / Sunday[1]};
}

Timestamp five_pm_new_york(Date date) { return date + hours{is_new_york_summer(date) ? 21 : 22}; }

}  // namespace

std::vector<Leg> legs_of(const ScenarioDay& day) {
  const auto floor = day.low ? day.low->price.raw() : day.lowest ? day.lowest->raw() : kNoFloor;
  const auto ceiling = day.high ? day.high->price.raw() : day.highest ? day.highest->raw() : kNoCeiling;
  std::vector<Leg> legs;
  const auto add = [&](const ScenarioPoint& point) {
    legs.push_back({point.at, 0, point.price.raw(), std::max(floor, point.floor ? point.floor->raw() : floor),
                    std::min(ceiling, point.ceiling ? point.ceiling->raw() : ceiling), false});
  };
  add(day.open);
  for (const auto* extreme : {&day.high, &day.low, &day.close}) {
    if (*extreme) add(**extreme);
  }
  for (const auto& point : day.points) add(point);
  std::stable_sort(legs.begin(), legs.end(), [](const Leg& a, const Leg& b) { return a.end < b.end; });
  // The open may be the day's low or high as well.
  legs.erase(std::unique(legs.begin(), legs.end(), [](const Leg& a, const Leg& b) { return a.end == b.end; }),
             legs.end());
  legs.front().jump = true;
  return legs;
}

UInt128 Walk::variance(std::int64_t step_us) const {
  const auto deviation = static_cast<UInt128>(price_) * static_cast<std::uint64_t>(sigma_) / 1'000'000'000'000U;
  return deviation * deviation * static_cast<std::uint64_t>(step_us) / 1'000'000U;
}

void Walk::move(std::int64_t drift, UInt128 variance, std::int64_t floor, std::int64_t ceiling, Random& random) {
  const auto noise = static_cast<Int128>(square_root(variance)) * random.normal_q16() / 65'536;
  const auto low = floor + tick_;
  const auto high = ceiling == kNoCeiling ? ceiling / 2 : ceiling - tick_;
  price_ = reflect(price_ + drift + static_cast<std::int64_t>(noise), low, high);
}

void Walk::bridge(const Leg& leg, std::int64_t step_us, std::int64_t remaining_us, Random& random) {
  const auto drift = static_cast<Int128>(leg.price - price_) * step_us / remaining_us;
  const auto left = static_cast<std::uint64_t>(remaining_us - step_us);
  const auto spread = variance(step_us) * left / static_cast<std::uint64_t>(remaining_us);
  move(static_cast<std::int64_t>(drift), spread, leg.floor, leg.ceiling, random);
}

void Walk::wander(std::int64_t step_us, std::int64_t floor, std::int64_t ceiling, Random& random) {
  move(0, variance(step_us), floor, ceiling, random);
}

std::int64_t Walk::on_tick() const { return (price_ + tick_ / 2) / tick_ * tick_; }

Date tokyo_date(Timestamp at) { return std::chrono::floor<days>(at + kTokyo); }

PrintGrid::PrintGrid(Duration spacing)
    : spacing_(spacing),
      morning_((kMorningEnd - kMorning) / spacing + 1),
      afternoon_((kAuction - kAfternoon) / spacing + 1) {}

Timestamp PrintGrid::time_of(Date date, std::int64_t print) const {
  const Timestamp midnight = Timestamp{date} - kTokyo;
  if (print < morning_) return midnight + kMorning + print * spacing_;
  if (print < morning_ + afternoon_) return midnight + kAfternoon + (print - morning_) * spacing_;
  return midnight + kClose;
}

std::optional<std::int64_t> PrintGrid::print_at(Timestamp at) const {
  const auto date = tokyo_date(at);
  const auto into = [&](auto session) { return (at - (Timestamp{date} - kTokyo + session)) / spacing_; };
  for (const auto print : {into(kMorning), morning_ + into(kAfternoon), morning_ + afternoon_}) {
    if (print >= 0 && print < count() && time_of(date, print) == at) return print;
  }
  return std::nullopt;
}

bool fx_is_open(Timestamp at) {
  const auto date = std::chrono::floor<days>(at);
  switch (std::chrono::weekday{date}.c_encoding()) {
    case 0: return at >= five_pm_new_york(date);  // Sunday
    case 5: return at < five_pm_new_york(date);   // Friday
    case 6: return false;
    default: return true;
  }
}

Timestamp fx_next_open(Timestamp at) {
  if (fx_is_open(at)) return at;
  auto date = std::chrono::floor<days>(at);
  while (std::chrono::weekday{date} != std::chrono::Sunday) date += days{1};
  return five_pm_new_york(date);
}

}  // namespace yagura::feeds
