// Prints that were cancelled after the fact: the runner-up stands again, and what was said is withdrawn.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class CorrectionSpec : public Timeline {
 protected:
  CorrectionSpec() {
    watch(nikkei());
    given_history(
        {bar("2024-12-30", 54'000_pts, 53'000_pts, 53'500_pts), bar("2026-02-06", 54'250_pts, 53'000_pts, 54'200_pts)});
  }
  void given_records() {
    auto record = records(all_horizons(), percent(0.2_pct));
    record.lows = true;
    given_rule(record);
  }
  Cancelled cancel(std::string_view time, Points price) {
    SignalBuffer out;
    const auto outcome = monitor().instrument(SymbolId{0}).on_cancelled(print(at(time), price), out);
    withdrawn_.assign(out.signals().begin(), out.signals().end());
    return outcome;
  }
  [[nodiscard]] const DayBar& today() { return monitor().instrument(SymbolId{0}).days().today(); }

  std::vector<Signal> withdrawn_;
};

TEST_F(CorrectionSpec, WithdrawsARecordWithTheIdItWasSaidWithAndNamesTheOneThatStands) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:10:05", 54'300_pts);  // a record
  tick("09:12:00", 55'000_pts);  // another: the wrong one
  ASSERT_THAT(lines(),
              ElementsAre("09:10:05 new_high all_time 52w ytd session", "09:12:00 new_high all_time 52w ytd session"));
  EXPECT_EQ(cancel("09:12:00", 55'000_pts), Cancelled::kDone);
  ASSERT_EQ(withdrawn_.size(), 1U);
  const auto& gone = withdrawn_[0];
  EXPECT_EQ(gone.event, Event::kWithdrawn);
  EXPECT_EQ(gone.id, signal(1).id);
  EXPECT_EQ(gone.episode, signal(1).episode);
  EXPECT_EQ(gone.record.horizons, signal(1).record.horizons);
  EXPECT_EQ(gone.price, Price{55'000_pts});
  EXPECT_EQ(gone.record.record_before, Price{54'300_pts});
  EXPECT_EQ(gone.record.record_date, day("2026-02-09"));
  EXPECT_EQ(today().high, Price{54'300_pts});
}

TEST_F(CorrectionSpec, LetsTheNextTrueRecordSpeak) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:12:00", 58'000_pts);
  EXPECT_EQ(cancel("09:12:00", 58'000_pts), Cancelled::kDone);
  EXPECT_EQ(withdrawn_.at(0).record.record_before, Price{54'250_pts});
  EXPECT_EQ(withdrawn_.at(0).record.record_date, day("2026-02-06"));
  clear();
  tick("09:12:05", 54'260_pts);
  ASSERT_THAT(lines(), ElementsAre("09:12:05 new_high all_time 52w ytd session"));
  EXPECT_NE(signal(0).id, withdrawn_.at(0).id);  // the second of its kind today
}

TEST_F(CorrectionSpec, WithdrawsAnEarlierRecordAndLeavesTheLaterOnes) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:12:00", 54'500_pts);
  tick("09:14:00", 55'000_pts);
  clear();
  EXPECT_EQ(cancel("09:12:00", 54'500_pts), Cancelled::kDone);
  EXPECT_EQ(withdrawn_.size(), 1U);
  EXPECT_EQ(today().high, Price{55'000_pts});
  tick("09:15:30", 55'050_pts);  // within 0.2 % of what was said last: silent as before
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(CorrectionSpec, ChangesNothingWhenNoExtremeStandsOnThePrint) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:10:05", 54'300_pts);
  EXPECT_EQ(cancel("09:10:06", 54'300_pts), Cancelled::kNothing);  // no such print
  EXPECT_EQ(cancel("09:10:05", 54'301_pts), Cancelled::kNothing);
  EXPECT_THAT(withdrawn_, IsEmpty());
  EXPECT_EQ(today().high, Price{54'300_pts});
}

TEST_F(CorrectionSpec, CorrectsQuietlyWhereNothingWasSaid) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:10:05", 54'300_pts);
  tick("09:10:10", 54'310_pts);  // a record too small to be said
  clear();
  EXPECT_EQ(cancel("09:10:10", 54'310_pts), Cancelled::kDone);
  EXPECT_THAT(withdrawn_, IsEmpty());
  EXPECT_EQ(today().high, Price{54'300_pts});
  EXPECT_EQ(today().close, Price{54'300_pts});
}

TEST_F(CorrectionSpec, WithdrawsLowsToo) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:12:00", 52'000_pts);
  EXPECT_EQ(cancel("09:12:00", 52'000_pts), Cancelled::kDone);
  ASSERT_EQ(withdrawn_.size(), 1U);
  EXPECT_EQ(withdrawn_[0].direction, Direction::kDown);
  EXPECT_EQ(today().low, Price{54'200_pts});
}

TEST_F(CorrectionSpec, KnowsSevenRunnersUpAndRefusesToGuessAnEighth) {
  given_records();
  for (int i = 0; i < 9; ++i)
    send(print(at("09:10:00") + std::chrono::seconds{i}, Points{(54'000_pts).raw + i * (1_pts).raw}));
  for (int i = 8; i > 1; --i) {
    SignalBuffer out;
    const auto price = Points{(54'000_pts).raw + i * (1_pts).raw};
    EXPECT_EQ(
        monitor().instrument(SymbolId{0}).on_cancelled(print(at("09:10:00") + std::chrono::seconds{i}, price), out),
        Cancelled::kDone);
    EXPECT_EQ(today().high, Price{Points{price.raw - (1_pts).raw}});
  }
  EXPECT_EQ(cancel("09:10:01", 54'001_pts), Cancelled::kTooFar);
  EXPECT_EQ(today().high, Price{54'001_pts});
}

// A worse print that comes after a correction must not pass for the runner-up: a dropped one was better.
TEST_F(CorrectionSpec, DoesNotTakeALatePrintForARunnerUpItForgot) {
  given_records();
  for (int i = 0; i < 9; ++i)
    send(print(at("09:10:00") + std::chrono::seconds{i}, Points{(54'000_pts).raw + i * (1_pts).raw}));
  EXPECT_EQ(cancel("09:10:08", 54'008_pts), Cancelled::kDone);
  tick("09:11:00", 53'990_pts);  // worse than the forgotten 54,000
  for (int i = 7; i > 1; --i) {
    SignalBuffer out;
    monitor()
        .instrument(SymbolId{0})
        .on_cancelled(print(at("09:10:00") + std::chrono::seconds{i}, Points{(54'000_pts).raw + i * (1_pts).raw}), out);
  }
  EXPECT_EQ(cancel("09:10:01", 54'001_pts), Cancelled::kTooFar);
}

TEST_F(CorrectionSpec, ForgetsTheOnlyPrintOfADay) {
  given_records();
  tick("09:10:00", 58'000_pts);
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(cancel("09:10:00", 58'000_pts), Cancelled::kDone);
  EXPECT_EQ(withdrawn_.size(), 1U);
  EXPECT_FALSE(monitor().instrument(SymbolId{0}).days().has_ticks_today());
  clear();
  tick("09:10:05", 54'300_pts);
  EXPECT_THAT(lines(), ElementsAre("09:10:05 new_high all_time 52w ytd"));
}

TEST_F(CorrectionSpec, WithdrawsARecordClose) {
  auto close = records(all_horizons(), percent(0.2_pct));
  close.basis = Basis::kClose;
  given_rule(close);
  tick("15:29:55", 54'210_pts);
  tick("15:30:00", 54'400_pts);
  clock_says("15:41:01");
  ASSERT_EQ(said().size(), 1U);
  EXPECT_EQ(cancel("15:30:00", 54'400_pts), Cancelled::kDone);
  ASSERT_EQ(withdrawn_.size(), 1U);
  EXPECT_EQ(withdrawn_[0].id, signal(0).id);
  EXPECT_EQ(withdrawn_[0].record.record_before, Price{54'200_pts});
  on("2026-02-10");
  tick("09:00:00", 54'300_pts);
  EXPECT_EQ(monitor().instrument(SymbolId{0}).days().previous_close(), Price{54'210_pts});
}

TEST_F(CorrectionSpec, SpeaksForEachRuleThatSaidIt) {
  given_records();
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:12:00", 55'000_pts);
  cancel("09:12:00", 55'000_pts);
  EXPECT_EQ(withdrawn_.size(), 2U);
  cancel("09:12:00", 55'000_pts);
  EXPECT_THAT(withdrawn_, IsEmpty());  // once
}

TEST_F(CorrectionSpec, RemembersOverARestart) {
  given_records();
  tick("09:10:00", 54'200_pts);
  tick("09:12:00", 54'300_pts);
  tick("09:14:00", 55'000_pts);
  resume(Resumed::kAfterDowntime);
  EXPECT_EQ(cancel("09:14:00", 55'000_pts), Cancelled::kDone);
  ASSERT_EQ(withdrawn_.size(), 1U);
  EXPECT_EQ(withdrawn_[0].id, signal(1).id);
  resume(Resumed::kAfterDowntime);
  EXPECT_EQ(today().high, Price{54'300_pts});
  clear();
  tick("09:16:00", 54'600_pts);
  EXPECT_THAT(lines(), ElementsAre("09:16:00 new_high all_time 52w ytd session gap"));
}

}  // namespace
}  // namespace yagura::processing
