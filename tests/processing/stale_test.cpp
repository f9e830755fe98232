// A feed that falls silent, as alerts.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class Stale : public Timeline {
 protected:
  void given_index(std::optional<Duration> after = {}) {
    watch(nikkei());
    given_rule(StaleOptions{after}, SymbolId{0}, "feed");
  }
  void given_yen(std::optional<Duration> after = {}) {
    watch(yen());
    given_rule(StaleOptions{after}, SymbolId{0}, "feed");
  }
  Tick of_bar(std::string_view time, Points price) {
    auto tick = print(at(time), price);
    tick.flags |= TickFlag::kFromBar;
    return tick;
  }
};

TEST_F(Stale, IsSaidWhenAnIndexIsMuteForFortySecondsInTheAfternoon) {
  given_index();
  tick("13:00:00", 50'000_pts);
  tick("13:00:40", 50'100_pts);
  EXPECT_THAT(lines(), ElementsAre("13:00:30 stale 30s", "13:00:40 recovered 40s"));
  EXPECT_THAT(severities(), ElementsAre(Severity::kHigh, Severity::kLow));
  EXPECT_EQ(signal(0).price, Price{50'000_pts});
  EXPECT_EQ(signal(0).previous_ts, at("13:00:00"));
  EXPECT_EQ(signal(1).price, Price{50'100_pts});
  EXPECT_EQ(signal(1).previous, Price{50'000_pts});
  EXPECT_TRUE(signal(0).parent.empty());
  EXPECT_EQ(signal(1).parent, signal(0).id);
  EXPECT_EQ(signal(0).stale.reason, StaleReason::kNoData);
}

TEST_F(Stale, IsNotSaidAtLunchAtTheAuctionAtNightOrJustBeforeThem) {
  given_index();
  tick("11:29:45", 50'000_pts);  // half of the silence is lunch
  tick("11:30:25", 50'000_pts);
  tick("11:34:00", 50'000_pts);
  tick("12:30:35", 50'000_pts);
  for (int i = 0; i < 20; ++i) tick("12:30:40", 50'000_pts);
  clear();
  send(print(at("15:24:45"), 50'000_pts));
  clear();  // the afternoon of this test was silent, too
  tick("15:25:25", 50'000_pts);
  tick("15:27:00", 50'000_pts);
  tick("15:27:40", 50'000_pts);
  on("2026-02-10");
  tick("09:00:40", 50'000_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(Stale, IsSaidByTheClockExactlyAsByTheNextTick) {
  given_index();
  tick("13:00:00", 50'000_pts);
  watch_silence("13:00:30.5");
  EXPECT_THAT(lines(), IsEmpty()) << "a tick may be on its way";
  watch_silence("13:00:30.8");
  EXPECT_THAT(lines(), ElementsAre("13:00:30 stale 30s"));
  watch_silence("13:05:00");
  tick("13:05:10", 50'100_pts);
  watch_silence("13:05:11");
  ASSERT_THAT(lines(), ElementsAre("13:00:30 stale 30s", "13:05:10 recovered 310s"));
  const auto by_clock = said();

  Stale::clear();
  const auto ids = std::pair{by_clock[0].signal.id, by_clock[1].signal.id};
  Monitor again{options_};
  SignalBuffer out;
  again.on_tick(print(at("13:00:00"), 50'000_pts), out);
  again.on_tick(print(at("13:05:10"), 50'100_pts), out);
  ASSERT_EQ(out.signals().size(), 2U);
  EXPECT_EQ(out.signals()[0].id, ids.first);
  EXPECT_EQ(out.signals()[1].id, ids.second);
  EXPECT_EQ(out.signals()[1].parent, ids.first);
}

TEST_F(Stale, CountsItsEpisodes) {
  given_index();
  tick("13:00:00", 50'000_pts);
  tick("13:01:00", 50'000_pts);
  tick("13:02:00", 50'000_pts);
  ASSERT_EQ(said().size(), 4U);
  EXPECT_EQ(signal(2).episode, 2U);
  EXPECT_EQ(signal(3).parent, signal(2).id);
  EXPECT_NE(signal(2).id, signal(0).id);
}

TEST_F(Stale, OfACurrencyUsesTheLearntLimit) {
  given_yen();
  // 17:00 in Tokyo is 08:00 in London.
  flat("17:00:00", 60, 150_pts);
  tick("17:01:10", 150_pts);  // 11 s
  tick("17:01:50", 150_pts);  // 40 s
  EXPECT_THAT(lines(), ElementsAre("17:01:22 stale 12s", "17:01:50 recovered 40s"));
}

TEST_F(Stale, KnowsNoWeekend) {
  given_yen();
  on("2026-02-14");  // Saturday, 07:00 in Tokyo: New York closes
  tick("06:59:58", 150_pts);
  on("2026-02-16");
  tick("08:30:00", 150.5_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(Stale, TakesALimitOfItsOwn) {
  given_index(5s);
  tick("13:00:00", 50'000_pts);
  tick("13:00:04", 50'000_pts);
  tick("13:00:09", 50'000_pts);
  EXPECT_THAT(lines(), ElementsAre("13:00:09 stale 5s", "13:00:09 recovered 5s"));
}

TEST_F(Stale, DoesNotJudgeBarsOrFoldedTicks) {
  given_index();
  send(of_bar("13:00:00", 50'000_pts));
  send(of_bar("13:05:00", 50'000_pts));
  watch_silence("13:10:00");
  tick("13:15:00", 50'000_pts);
  auto folded = print(at("13:20:00"), 50'000_pts);
  folded.flags |= TickFlag::kFolded;
  send(folded);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(Stale, AndRecoveredComeBeforeTheAlertsOfTheTick) {
  watch(nikkei());
  given_rule(StaleOptions{}, SymbolId{0}, "feed");
  given_rule(milestones(1'000_pts, points(58_pts)));
  tick("13:00:00", 49'990_pts);
  tick("13:01:00", 50'010_pts);
  EXPECT_THAT(lines(), ElementsAre("13:00:30 stale 30s", "13:01:00 recovered 1m", "13:01:00 reached 50000"));
  EXPECT_FALSE(signal(2).gap) << "rules of prices do not know";
  EXPECT_EQ(monitor().instrument(SymbolId{0}).feed_gap(), 60s);
  tick("13:01:05", 50'010_pts);
  EXPECT_EQ(monitor().instrument(SymbolId{0}).feed_gap(), 0s);
}

TEST_F(Stale, EndsWithATickThatIsHeld) {
  watch(filtered(nikkei()));
  given_rule(StaleOptions{}, SymbolId{0}, "feed");
  for (int i = 0; i < 30; ++i) send(print(at("13:00:00") + 5s * i, 50'000_pts));
  tick("13:03:05", 52'000_pts);
  EXPECT_EQ(held(), 1U);
  EXPECT_THAT(lines(), ElementsAre("13:02:55 stale 30s", "13:03:05 recovered 40s"));
}

TEST_F(Stale, IsNotEndedByWhatIsRefused) {
  given_index();
  tick("13:00:00", 50'000_pts);
  tick("13:00:20", 0_pts);
  tick("13:00:25", 500'000_pts);
  watch_silence("13:00:31");
  EXPECT_THAT(lines(), ElementsAre("13:00:30 stale 30s"));
}

TEST_F(Stale, NamesTheHoleThatTheReturnShows) {
  given_index();
  send(numbered(print(at("13:00:00"), 50'000_pts), 1));
  send(numbered(print(at("13:01:00"), 50'000_pts), 9));
  ASSERT_EQ(said().size(), 2U);
  EXPECT_EQ(signal(1).stale.reason, StaleReason::kSequenceGap);
}

TEST_F(Stale, IsSaidOfAFeedNeverHeardFromByTheClockAlone) {
  given_index();
  watch_silence("08:30:00");
  watch_silence("09:00:30");
  EXPECT_THAT(lines(), IsEmpty());
  watch_silence("09:00:31");
  EXPECT_THAT(lines(), ElementsAre("09:00:30 stale 30s"));
  EXPECT_EQ(signal(0).price, Price{});
  watch_silence("09:10:00");
  tick("09:10:05", 50'000_pts);
  EXPECT_THAT(lines(), ElementsAre("09:00:30 stale 30s", "09:10:05 recovered 605s"));
  // What only a clock can know does not shift the numbers of the rest.
  tick("09:11:00", 50'000_pts);
  EXPECT_EQ(signal(2).episode, 1U);
}

TEST_F(Stale, IsSaidByTheClockWhenTheAfternoonNeverComes) {
  given_index();
  tick("11:29:55", 50'000_pts);
  watch_silence("11:45:00");
  watch_silence("12:30:30");
  EXPECT_THAT(lines(), IsEmpty());
  watch_silence("12:30:31");
  EXPECT_THAT(lines(), ElementsAre("12:30:30 stale 30s"));
}

TEST_F(Stale, DoesNotAccuseTheFeedOfOurOwnAbsence) {
  given_index();
  tick("13:00:00", 50'000_pts);
  resume(Resumed::kAfterDowntime);
  watch_silence("13:10:00");
  tick("13:10:10", 50'000_pts);
  EXPECT_THAT(lines(), IsEmpty());
  tick("13:10:45", 50'000_pts);
  EXPECT_THAT(lines(), ElementsAre("13:10:40 stale 30s", "13:10:45 recovered 35s"));
}

TEST_F(Stale, IsRememberedOverARestart) {
  given_index();
  tick("13:00:00", 50'000_pts);
  watch_silence("13:00:31");
  resume(Resumed::kAfterDowntime);
  watch_silence("13:05:00");
  watch_silence("13:06:00");
  tick("13:06:05", 50'000_pts);
  ASSERT_THAT(lines(), ElementsAre("13:00:30 stale 30s", "13:06:05 recovered 365s"));
  EXPECT_EQ(signal(1).parent, signal(0).id);
}

TEST_F(Stale, GoesOnInPlaceWhenTheRulesAreReloaded) {
  given_index();
  tick("13:00:00", 50'000_pts);
  resume(Resumed::kInPlace);
  tick("13:00:40", 50'000_pts);
  EXPECT_THAT(lines(), ElementsAre("13:00:30 stale 30s", "13:00:40 recovered 40s"));
}

TEST_F(Stale, LeavesTheEndOfARecordingAlone) {
  given_index();
  tick("13:00:00", 50'000_pts);
  input_ends();
  EXPECT_THAT(lines(), IsEmpty());
}

}  // namespace
}  // namespace yagura::processing
