// An index: a print every few seconds while the exchange is open, and one at the close.
#include <algorithm>

#include "feeds/price_path.hpp"

namespace yagura::feeds {
namespace {

constexpr std::int64_t kPrint = 1'000'000;  // the walk takes a print for a second
// Of a year's variance, 60 % falls into the prints of 245 sessions and 40 % between them; both are
// usual for an index of shares.
constexpr std::int64_t kSessions = 245;
constexpr std::int64_t kInSession = 60;
constexpr std::int64_t kOvernight = 40;

// Standard deviation of one print. Percent's units are 1e-8 of the whole, sigma's 1e-12.
std::int64_t sigma_of(Percent yearly, std::int64_t prints) {
  const auto prints_a_year = kSessions * prints * (kInSession + kOvernight) / kInSession;
  std::int64_t root = 1;
  while ((root + 1) * (root + 1) <= prints_a_year) ++root;
  return yearly.units() * 10'000 / root;
}

class IndexPath final : public PricePath {
 public:
  IndexPath(const ScenarioInstrument& instrument, Random random)
      : instrument_(instrument),
        grid_(instrument.spacing),
        random_(random),
        walk_(instrument.days.front().open.price.raw(), sigma_of(instrument.yearly_volatility, grid_.count()),
              instrument.tick.raw()) {}

  void next(ReplayTick& tick) override {
    if (print_ == grid_.count()) {
      start_day();
    } else {
      step();
    }
    tick = {instrument_.symbol, Price::from_raw(walk_.on_tick()), {}, {}, grid_.time_of(date_, print_), {}};
    ++print_;
  }

 private:
  void start_day() {
    print_ = 0;
    legs_.clear();
    if (day_ < instrument_.days.size()) {
      const auto& day = instrument_.days[day_++];
      date_ = tokyo_date(day.open.at);
      legs_ = legs_of(day);
      for (auto& leg : legs_) leg.end_print = *grid_.print_at(leg.end);
      walk_.jump_to(legs_.front().price);
      return;
    }
    do {
      date_ += std::chrono::days{1};
    } while (is_closed(date_));
    walk_.wander(grid_.count() * kPrint * kOvernight / kInSession, kNoFloor, kNoCeiling, random_);
  }

  void step() {
    const auto leg = std::find_if(legs_.begin(), legs_.end(), [&](const Leg& l) { return l.end_print >= print_; });
    if (leg == legs_.end()) {
      walk_.wander(kPrint, kNoFloor, kNoCeiling, random_);
    } else if (leg->end_print == print_) {
      walk_.jump_to(leg->price);
    } else {
      walk_.bridge(*leg, kPrint, (leg->end_print - print_ + 1) * kPrint, random_);
    }
  }

  [[nodiscard]] bool is_closed(Date date) const {
    const std::chrono::weekday day{date};
    return day == std::chrono::Saturday || day == std::chrono::Sunday ||
           std::find(instrument_.closed.begin(), instrument_.closed.end(), date) != instrument_.closed.end();
  }

  const ScenarioInstrument& instrument_;
  PrintGrid grid_;
  Random random_;
  Walk walk_;
  std::size_t day_ = 0;                 // next scripted day
  Date date_{};                         // of the current one
  std::int64_t print_ = grid_.count();  // next print; the count: the day is over
  std::vector<Leg> legs_;
};

}  // namespace

std::unique_ptr<PricePath> make_index_path(const ScenarioInstrument& instrument, Random random) {
  return std::make_unique<IndexPath>(instrument, random);
}

}  // namespace yagura::feeds
