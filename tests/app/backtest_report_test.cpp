// What a report counts while ticks pass through a monitor of its rules.
#include "app/backtest_report.hpp"

#include <gtest/gtest.h>

#include "app/backtest_figures.hpp"
#include "app/backtest_text.hpp"
#include "app/start_up.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using processing::Band;

constexpr Price units(std::int64_t whole) { return Price::from_raw(whole * Price::kScale); }
constexpr PriceDelta distance(std::int64_t whole) { return PriceDelta::from_raw(whole * Price::kScale); }
const Timestamp kMidnight = timestamp_from_ns(1'770'595'200'000'000'000) - 0h;  // 2026-02-09 00:00 UTC

// A coin that never closes, with a milestone each 1,000 and a move of 300 in a minute.
class BacktestReportSpec : public ::testing::Test {
 protected:
  BacktestReportSpec() {
    auto& monitor = settings_.monitor;
    settings_.symbols.add("BTC");
    monitor.instruments.push_back({.symbol = "BTC",
                                   .name = "Bitcoin",
                                   .name_ja = "",
                                   .calendar = CalendarKind::kAlways,
                                   .filter = false,
                                   .gap_after = {}});
    processing::MilestoneOptions milestone{.step = distance(1'000), .crossing = {}};
    milestone.crossing.rearm = Band::of_points(distance(50));
    milestone.crossing.cooldown = Duration{0};
    monitor.rules.push_back({"round", SymbolId{0}, milestone});
    monitor.rules.push_back({"levels", SymbolId{0}, processing::LevelOptions{}});  // empty: says nothing
    monitor.rules.push_back({"jump", SymbolId{0}, processing::MoveOptions{{{60s, Band::of_points(distance(300))}}}});
    catalog_ = make_catalog(settings_);
  }

  struct At {
    Duration after;
    std::int64_t price;
  };
  BacktestReport play(const std::vector<At>& ticks) const { return play(ticks, settings_, catalog_); }
  static BacktestReport play(const std::vector<At>& ticks, const config::Settings& settings,
                             const alerts::Catalog& catalog) {
    BacktestReport report{"test", settings, catalog};
    processing::Monitor monitor{settings.monitor};
    report.attach(monitor);
    SignalBuffer signals;
    std::uint64_t seq = 0;
    for (const auto& [after, price] : ticks) {
      Tick tick{};
      tick.ts_event = tick.ts_recv = kMidnight + after;
      tick.price = units(price);
      monitor.on_tick(tick, signals);
      for (const auto& signal : signals.signals()) {
        const bool listed = signal.kind != RuleKind::kMove;
        report.add(signal, listed ? signals.levels_of(signal) : std::span<const Price>{}, ++seq);
      }
      signals.clear();
      report.cleared();
    }
    return report;
  }
  static const RuleStatistics& of(const BacktestReport& report, std::string_view rule) {
    return report.find(rule)->statistics;
  }

  config::Settings settings_;
  alerts::Catalog catalog_;
};

TEST_F(BacktestReportSpec, CountsByEventDayAndHour) {
  const auto report = play({{0h, 54'900}, {1h, 55'100}, {2h, 54'900}, {2h + 59min, 55'100}, {26h, 54'900}});
  const auto& round = of(report, "round");
  EXPECT_EQ(round.alerts(), 4U);
  EXPECT_EQ(events_text(round), "reached 2 high, lost 2 high");
  EXPECT_EQ(round.urgent(), 4U);
  EXPECT_EQ(report.trading_days(SymbolId{0}), 2U);
  EXPECT_EQ(round.days_with_alerts(), 2U);
  EXPECT_EQ(to_string(round.busiest_day().date), "2026-02-09");
  EXPECT_EQ(round.busiest_day().alerts, 3U);
  EXPECT_EQ(round.worst_hour().from, kMidnight + 2h);
  EXPECT_EQ(round.worst_hour().alerts, 2U);  // 02:00 and 02:59; 01:00 is a full hour before
  EXPECT_EQ(per_day_text(report, *report.find("round")), "2.00");
  EXPECT_EQ(urgent_per_week_text(report, *report.find("round")), "14.0");
}

TEST_F(BacktestReportSpec, JudgesAnAlertByLaterTicksOnly) {
  // Up through 55,000 and cleared at once; back below it a minute later; the lost level stands.
  const auto report = play({{0s, 54'900}, {60s, 55'100}, {120s, 54'990}, {20min, 55'100}});
  const auto& round = of(report, "round");
  EXPECT_EQ(round.judged(), 2U);
  EXPECT_EQ(round.reversed(), 1U);
  EXPECT_EQ(reversed_text(round), "1 of 2  50 %");
}

TEST_F(BacktestReportSpec, TheLargestMoveIsTheOneThatWentFurthest) {
  const auto report = play({{0s, 54'100}, {10s, 54'500}, {5min, 54'500}, {5min + 1s, 53'900}, {10min, 53'900}});
  const auto& jump = of(report, "jump");
  EXPECT_EQ(jump.alerts(), 2U);
  ASSERT_TRUE(jump.largest());
  EXPECT_EQ(jump.largest()->signal.move.change, distance(-600));
}

TEST_F(BacktestReportSpec, WithoutASizeTheMostSevereThenTheFirstIsTheLargest) {
  const auto report = play({{0s, 54'990}, {1s, 55'000}, {2s, 55'050}, {1h, 56'100}});
  const auto& round = of(report, "round");
  EXPECT_EQ(events_text(round), "reached 2 high, cleared 1 low");
  EXPECT_EQ(round.largest()->signal.levels.level, units(55'000));
}

TEST_F(BacktestReportSpec, RulesThatWaitForLevelsAreNotListed) {
  const auto report = play({{0s, 54'900}});
  EXPECT_EQ(report.rules().size(), 2U);
  EXPECT_EQ(report.find("levels"), nullptr);
  EXPECT_EQ(of(report, "round").alerts(), 0U);
  EXPECT_EQ(of(report, "round").busiest_day().alerts, 0U);
}

TEST_F(BacktestReportSpec, TheSameAlertsHaveTheSameDigest) {
  const std::vector<At> ticks{{0s, 54'900}, {60s, 55'100}};
  EXPECT_EQ(of(play(ticks), "round").digest(), of(play(ticks), "round").digest());
  EXPECT_NE(of(play(ticks), "round").digest(), of(play({{0s, 54'900}, {61s, 55'100}}), "round").digest());
}

TEST_F(BacktestReportSpec, AComparisonMarksWhatDiffersAndWhatIsMissing) {
  auto other = settings_;
  other.monitor.rules.erase(other.monitor.rules.begin() + 2);
  std::get<processing::MilestoneOptions>(other.monitor.rules[0].kind).step = distance(500);
  const auto other_catalog = make_catalog(other);
  const std::vector<At> ticks{{0s, 54'400}, {10s, 54'600}, {2h, 55'100}};
  const std::vector reports{play(ticks), play(ticks, other, other_catalog)};
  const auto text = comparison_text(reports, false);
  EXPECT_NE(text.find("* test       2     2.00       14.0           1  0 of 2   0 %  +1\n"), std::string::npos) << text;
  EXPECT_NE(text.find("no such rule"), std::string::npos) << text;
}

}  // namespace
}  // namespace yagura::app
