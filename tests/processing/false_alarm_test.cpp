// How often scaled moves cry wolf: five minutes with z of 6 and more, on walks in which nothing
// happens. Simulation says: normal returns none in 20 weeks of the yen or 800 sessions
// of the Nikkei; Student's t with 4 degrees of freedom, whose tails are those of real returns, 0.05 a
// week and 0.006 a session. Shortened here; at most twice that may come.
#include <random>

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

enum class Tails { kNormal, kStudent };

// Returns of unit variance.
class Returns {
 public:
  Returns(Tails tails, std::uint64_t seed) : tails_(tails), random_(seed) {}
  double next() { return tails_ == Tails::kNormal ? normal_(random_) : student_(random_) / std::sqrt(2.0); }

 private:
  Tails tails_;
  std::mt19937_64 random_;
  std::normal_distribution<double> normal_;
  std::student_t_distribution<double> student_{4};
};

class FalseAlarmSpec : public Timeline {
 protected:
  void given_moves(std::vector<MoveOptions::Window> windows) {
    auto rule = moves(std::move(windows));
    rule.min_z = 6;
    given_rule(rule);
  }
  // One stretch of ticks; the first few minutes ever, when no volatility is known, do not count.
  void walk(Timestamp from, Duration length, Duration step, double sigma, Returns& returns) {
    for (Timestamp t = from; t < from + length; t += step) {
      log_ += sigma * returns.next();
      send(print(t, Price::from_raw(std::llround(start_ * std::exp(log_)))));
    }
  }
  [[nodiscard]] std::size_t alarms() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        said(), [](const Said& said) { return said.signal.event == Event::kMove && said.signal.move.has_z; }));
  }

  std::size_t weeks_of_the_yen(int weeks, Tails tails) {
    watch(yen());
    given_moves({{300s, points(0.50_pts)}});
    start_ = 150e9;
    Returns returns{tails, 1};
    for (int week = 0; week < weeks; ++week) {
      log_ = 0;
      walk(utc("2026-01-05 00:00:00") + week * std::chrono::weeks{1}, 115h, 1s, 0.10 / std::sqrt(260 * 86'400.0),
           returns);
    }
    return alarms();
  }
  std::size_t sessions_of_the_nikkei(int sessions, Tails tails) {
    watch(nikkei());
    given_moves({{300s, percent(0.50_pct)}});
    start_ = 50'000e9;
    Returns returns{tails, 2};
    const double sigma = 0.20 / std::sqrt(245 * 3'960.0);
    for (Date date = day("2024-11-05"); sessions > 0; date += std::chrono::days{1}) {
      if (!tse_trading_day(date)) continue;
      --sessions;
      log_ = 0;
      walk(Timestamp{date}, 150min, 5s, sigma, returns);
      walk(Timestamp{date} + 210min, 175min, 5s, sigma, returns);
    }
    return alarms();
  }

 private:
  double start_ = 0;
  double log_ = 0;
};

TEST_F(FalseAlarmSpec, NormalWeeksOfTheYenAreQuiet) { EXPECT_EQ(weeks_of_the_yen(3, Tails::kNormal), 0U); }

TEST_F(FalseAlarmSpec, WeeksOfTheYenWithHeavyTailsAreNearlyQuiet) {
  EXPECT_LE(weeks_of_the_yen(3, Tails::kStudent), 1U);
}

TEST_F(FalseAlarmSpec, NormalSessionsOfTheNikkeiAreQuiet) {
  EXPECT_EQ(sessions_of_the_nikkei(200, Tails::kNormal), 0U);
}

TEST_F(FalseAlarmSpec, SessionsOfTheNikkeiWithHeavyTailsAreNearlyQuiet) {
  EXPECT_LE(sessions_of_the_nikkei(200, Tails::kStudent), 2U);
}

}  // namespace
}  // namespace yagura::processing
