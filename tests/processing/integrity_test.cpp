// What is not given to the detectors, and why. SEMANTICS 2.
#include "processing/integrity.hpp"

#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

constexpr Points kGrain{1};  // the smallest difference there is

class IntegritySpec : public Timeline {
 protected:
  [[nodiscard]] std::uint64_t accepted() { return counts().accepted; }
  // Ten ordinary ticks, so that no cold start is under way.
  void settled(std::string_view time, Points price) { flat(time, 10, price); }
  static Points just_above(Points p) { return {p.raw + kGrain.raw}; }
  static Points just_below(Points p) { return {p.raw - kGrain.raw}; }
};

// -- 1. duplicates --

TEST_F(IntegritySpec, DropsTheSameTimeAndPricesWithoutANumber) {
  watch(yen());
  send(two_sided(at("10:00:00"), 149.99_pts, 150.01_pts));
  send(two_sided(at("10:00:00"), 149.99_pts, 150.01_pts));
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
  send(two_sided(at("10:00:00"), 149.98_pts, 150.02_pts));  // the same mid of another quote
  send(print(at("10:00:00"), 150_pts));                     // no quote at all
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
  EXPECT_EQ(accepted(), 3U);
}

TEST_F(IntegritySpec, TakesOnePriceWithAnotherBidOrAskForAnotherRow) {
  watch(yen());
  auto quote = two_sided(at("10:00:00"), 149.99_pts, 150.01_pts);
  send(quote);
  quote.ask = 150.02_pts;
  send(quote);
  quote.bid = 149.98_pts;
  send(quote);
  EXPECT_EQ(accepted(), 3U);
}

TEST_F(IntegritySpec, DropsTheSameNumberOfTheSameSourceWhateverThePrice) {
  watch(coin());
  send(numbered(print(at("10:00:00"), 100_pts), 7, SourceId{1}));
  send(numbered(print(at("10:00:01"), 101_pts), 7, SourceId{1}));
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
  send(numbered(print(at("10:00:01"), 101_pts), 7, SourceId{2}));
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
}

TEST_F(IntegritySpec, TellsEqualPricesApartByTheirNumbers) {
  watch(coin());
  send(numbered(print(at("10:00:00"), 100_pts), 1));
  send(numbered(print(at("10:00:00"), 100_pts), 2));
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, RemembersSixtyFourRows) {
  watch(coin());
  tick("10:00:00", 1'000_pts);
  for (int i = 1; i <= 63; ++i) tick("10:00:00", Points{(1'000_pts).raw + i});
  tick("10:00:00", 1'000_pts);  // 63 others since: the 64th row back
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
  tick("10:00:00", Points{(1'000_pts).raw + 64});
  tick("10:00:00", 1'000_pts);  // 64 others since: forgotten
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
}

TEST_F(IntegritySpec, RemembersRowsWhateverBecameOfThemButNotDuplicates) {
  watch(nikkei());
  tick("08:00:00", 50'000_pts);  // closed
  tick("08:00:00", 50'000_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 1U);
  EXPECT_EQ(rejected(Reject::kDuplicate), 1U);
  for (int i = 0; i < 100; ++i) tick("08:00:00", 50'000_pts);  // push nothing out
  EXPECT_EQ(rejected(Reject::kDuplicate), 101U);
}

// -- 2. late --

TEST_F(IntegritySpec, DropsWhatIsOlderThanTheNewestAcceptedTick) {
  watch(coin());
  tick("10:00:01", 100_pts);
  send(print(at("10:00:01") - 1ns, 101_pts));
  EXPECT_EQ(rejected(Reject::kLate), 1U);
  tick("10:00:01", 101_pts);  // equal is not late
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, JudgesLatenessByHeldTicksToo) {
  watch(filtered(nikkei()));
  flat("10:00:00", 20, 50'000_pts);
  tick("10:00:40", 51'000_pts);
  ASSERT_EQ(held(), 1U);
  tick("10:00:35", 50'000_pts);
  EXPECT_EQ(rejected(Reject::kLate), 1U);
  EXPECT_EQ(held(), 1U);
}

TEST_F(IntegritySpec, IsNotMadeLateByARejectedRow) {
  watch(coin());
  settled("10:00:00", 1'000_pts);
  tick("10:01:00", 100_pts);  // slip
  tick("10:00:30", 1'001_pts);
  EXPECT_EQ(rejected(Reject::kLate), 0U);
  EXPECT_EQ(accepted(), 11U);
}

// -- 3. sequence holes --

class SequenceSpec : public IntegritySpec {
 protected:
  // Crosses the next of many levels on every tick, so that each tick says how it came.
  SequenceSpec() {
    watch(coin());
    given_rule(milestones(1_pts, points(0_pts)));
  }
  void number(std::string_view time, Points price, std::uint64_t seq, SourceId source = SourceId{1}) {
    send(numbered(print(at(time), price), seq, source));
  }
};

TEST_F(SequenceSpec, MarksTheTickAfterAHole) {
  number("10:00:00", 100.5_pts, 1);
  number("10:00:01", 101.5_pts, 2);
  number("10:00:02", 102.5_pts, 4);
  number("10:00:03", 103.5_pts, 5);
  EXPECT_THAT(lines(), ElementsAre("10:00:01 reached 101", "10:00:02 reached 102 gap", "10:00:03 reached 103"));
  EXPECT_EQ(counts().gaps, 1U);
}

TEST_F(SequenceSpec, ComparesWithTheRowBeforeNotWithTheHighestNumber) {
  number("10:00:00", 100.5_pts, 5);
  number("10:00:01", 101.5_pts, 3);
  number("10:00:02", 102.5_pts, 6);
  EXPECT_THAT(lines(), ElementsAre("10:00:01 reached 101", "10:00:02 reached 102 gap"));
}

TEST_F(SequenceSpec, CountsEverySourceByItself) {
  number("10:00:00", 100.5_pts, 1, SourceId{1});
  number("10:00:01", 101.5_pts, 90, SourceId{2});
  number("10:00:02", 102.5_pts, 2, SourceId{1});
  number("10:00:03", 103.5_pts, 92, SourceId{2});
  EXPECT_THAT(lines(), ElementsAre("10:00:01 reached 101", "10:00:02 reached 102", "10:00:03 reached 103 gap"));
}

TEST_F(SequenceSpec, KeepsTheMarkForTheNextTickThatIsGivenToTheDetectors) {
  number("10:00:00", 100.5_pts, 1);
  number("10:00:01", 0_pts, 5);  // after a hole, and rejected
  number("10:00:02", 101.5_pts, 6);
  number("10:00:03", 102.5_pts, 7);
  EXPECT_THAT(lines(), ElementsAre("10:00:02 reached 101 gap", "10:00:03 reached 102"));
}

TEST_F(SequenceSpec, TakesNoNumberFromLateRowsAndDuplicates) {
  number("10:00:10", 100.5_pts, 1);
  number("10:00:00", 100.6_pts, 2);  // late: did not get this far
  number("10:00:11", 101.5_pts, 3);  // so 2 is missing
  EXPECT_THAT(lines(), ElementsAre("10:00:11 reached 101 gap"));
}

TEST_F(SequenceSpec, BelievesAFeedThatSaysItMissedSomething) {
  number("10:00:00", 100.5_pts, 1);
  auto after = numbered(print(at("10:00:01"), 101.5_pts), 2);
  after.flags |= TickFlag::kAfterGap;
  send(after);
  EXPECT_THAT(lines(), ElementsAre("10:00:01 reached 101 gap"));
}

TEST_F(SequenceSpec, ExpectsHolesBetweenFoldedTicks) {
  number("10:00:00", 100.5_pts, 1);
  auto folded = numbered(print(at("10:00:01"), 101.5_pts), 9);
  folded.flags |= TickFlag::kFolded;
  send(folded);
  number("10:00:02", 102.5_pts, 10);
  EXPECT_THAT(lines(), ElementsAre("10:00:01 reached 101", "10:00:02 reached 102"));
}

// -- 4. hours --

TEST_F(IntegritySpec, AcceptsNothingOutsideTheHours) {
  watch(nikkei());
  send(print(at("09:00:00") - 1ns, 50'000_pts));
  tick("09:00:00", 50'000_pts);
  tick("11:35:00", 50'001_pts);
  send(print(at("12:30:00") - 1ns, 50'002_pts));
  send(print(at("15:40:00") - 1ns, 50'003_pts));
  tick("15:40:00", 50'004_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 4U);
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, ObeysTheOldHoursOnOldRecordings) {
  watch(nikkei());
  on("2024-11-01");
  send(print(at("15:10:00") - 1ns, 38'000_pts));
  tick("15:10:00", 38'001_pts);
  EXPECT_EQ(rejected(Reject::kClosed), 1U);
}

// -- 5. hard rules --

TEST_F(IntegritySpec, RejectsPricesThatAreNotAboveZero) {
  watch(coin());
  tick("10:00:00", 0_pts);
  tick("10:00:01", Points{-1});
  auto no_bid = two_sided(at("10:00:02"), 0_pts, 2_pts);
  send(no_bid);
  auto no_ask = two_sided(at("10:00:03"), 1_pts, 2_pts);
  no_ask.ask = Price{};
  send(no_ask);
  EXPECT_EQ(rejected(Reject::kNotPositive), 4U);
  tick("10:00:04", kGrain);
  EXPECT_EQ(accepted(), 1U);
}

TEST_F(IntegritySpec, RejectsACrossedQuoteOnAnyCalendarButNotALockedOne) {
  watch(coin());
  send(two_sided(at("10:00:00"), just_above(100_pts), 100_pts));
  EXPECT_EQ(rejected(Reject::kCrossed), 1U);
  send(two_sided(at("10:00:01"), 100_pts, 100_pts));
  EXPECT_EQ(accepted(), 1U);
}

TEST_F(IntegritySpec, AllowsAnFxSpreadOfFiftyPipsAndNoMore) {
  watch(yen());
  send(two_sided(at("10:00:00"), 150_pts, 150.5_pts));
  EXPECT_EQ(accepted(), 1U);
}

TEST_F(IntegritySpec, RejectsAnFxSpreadAboveFiftyPips) {
  watch(yen());
  send(two_sided(at("10:00:00"), 150_pts, just_above(150.5_pts)));
  EXPECT_EQ(rejected(Reject::kWideSpread), 1U);
}

TEST_F(IntegritySpec, LeavesWideSpreadsAloneElsewhere) {
  watch(coin());
  send(two_sided(at("10:00:00"), 1'000_pts, 1'100_pts));
  EXPECT_EQ(accepted(), 1U);
}

TEST_F(IntegritySpec, AllowsTwentyTimesTheMedianSpread) {
  watch(yen());
  for (int i = 0; i < 3; ++i) send(two_sided(at("10:00:00") + std::chrono::seconds{i}, 149.985_pts, 150.015_pts));
  send(two_sided(at("10:01:00"), 149.7_pts, just_above(150.3_pts)));
  EXPECT_EQ(rejected(Reject::kWideSpread), 1U);
  send(two_sided(at("10:01:01"), 149.7_pts, 150.3_pts));
  EXPECT_EQ(rejected(Reject::kWideSpread), 1U);
}

TEST_F(IntegritySpec, TakesTheLowerMedianOfTheLastSixtySpreads) {
  watch(yen());
  const auto quote = [&](std::string_view from, int count, Points half) {
    for (int i = 0; i < count; ++i) {
      send(two_sided(at(from) + std::chrono::seconds{i}, Points{(150_pts).raw - half.raw},
                     Points{(150_pts).raw + half.raw}));
    }
  };
  quote("10:00:00", 60, 0.02_pts);  // median 0.04, limit 0.80
  quote("10:02:00", 29, 0.005_pts);
  send(two_sided(at("10:03:00"), 149.6_pts, just_above(150.4_pts)));
  EXPECT_EQ(rejected(Reject::kWideSpread), 1U);
  send(two_sided(at("10:03:01"), 149.7_pts, 150.3_pts));  // 31 wide, 29 narrow: limit still 0.80
  EXPECT_EQ(rejected(Reject::kWideSpread), 1U);
  quote("10:04:00", 1, 0.005_pts);  // 30 of 60 narrow: the lower median is 0.01
  send(two_sided(at("10:05:00"), 149.7_pts, 150.3_pts));
  EXPECT_EQ(rejected(Reject::kWideSpread), 2U);
}

TEST_F(IntegritySpec, KeepsTheMedianSpreadOverTheWeekend) {
  watch(yen());
  on("2026-02-06");
  for (int i = 0; i < 3; ++i) send(two_sided(at("10:00:00") + std::chrono::seconds{i}, 149.98_pts, 150.02_pts));
  on("2026-02-09");
  send(two_sided(at("10:00:00"), 149.6_pts, 150.4_pts));
  EXPECT_EQ(rejected(Reject::kWideSpread), 0U);
}

TEST_F(IntegritySpec, RejectsADecimalSlipUpToTwoPercentOffTenAndAHundredTimesOrATenthAndAHundredth) {
  watch(coin());
  settled("10:00:00", 1'000_pts);
  std::uint64_t slips = 0;
  std::uint64_t implausible = 0;
  auto t = at("10:01:00");
  for (const auto centre : {10'000_pts, 100'000_pts, 100_pts, 10_pts}) {
    const Points low{centre.raw / 100 * 98};
    const Points high{centre.raw / 100 * 102};
    for (const auto inside : {low, centre, high}) send(print(t += 1s, inside));
    slips += 3;
    for (const auto outside : {just_below(low), just_above(high)}) send(print(t += 1s, outside));
    implausible += 2;
    EXPECT_EQ(rejected(Reject::kDecimalSlip), slips) << to_string(Price{centre});
    EXPECT_EQ(rejected(Reject::kImplausible), implausible) << to_string(Price{centre});
  }
}

TEST_F(IntegritySpec, ComparesAFirstTickWithThePreviousClose) {
  watch(nikkei());
  given_previous_close(57'000_pts);
  tick("09:00:00", 5'700_pts);
  EXPECT_EQ(rejected(Reject::kDecimalSlip), 1U);
}

TEST_F(IntegritySpec, LetsADecimalSlipBreakNothing) {
  watch(nikkei());
  given_previous_close(57'000_pts);
  given_rule(milestones(1'000_pts, percent(0.1_pct)));
  auto both = records(all_horizons(), percent(0.2_pct));
  both.lows = true;
  given_rule(both);
  flat("10:00:00", 3, 57'337.07_pts);
  clear();
  tick("10:00:05", 5'733.70_pts);
  EXPECT_EQ(rejected(Reject::kDecimalSlip), 1U);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(IntegritySpec, RejectsATokyoPriceMoreThanAQuarterFromThePreviousClose) {
  watch(nikkei());
  given_previous_close(40'000_pts);
  tick("09:00:00", just_above(50'000_pts));
  tick("09:00:05", just_below(30'000_pts));
  EXPECT_EQ(rejected(Reject::kImplausible), 2U);
  tick("09:00:10", 50'000_pts);
  tick("09:00:15", 30'000_pts);  // far from the last tick, but that is not asked
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, LetsAnyTokyoPricePassWithoutAPreviousClose) {
  watch(nikkei());
  tick("09:00:00", 40'000_pts);
  tick("09:00:05", 80'000_pts);
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, RejectsAnFxPriceMoreThanEightPercentFromTheLastOfItsDay) {
  watch(yen());
  tick("10:00:00", 150_pts);
  tick("10:00:01", just_above(162_pts));
  tick("10:00:02", just_below(138_pts));
  EXPECT_EQ(rejected(Reject::kImplausible), 2U);
  tick("10:00:03", 162_pts);
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, ComparesFxPricesOfOneTradingDateOnly) {
  watch(yen());
  tick("10:00:00", 150_pts);
  on("2026-02-10");
  send(print(at("07:00:00") - 1ns, 170_pts));  // still Monday in New York
  EXPECT_EQ(rejected(Reject::kImplausible), 1U);
  tick("07:00:00", 170_pts);
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, ComparesACoinWithItsLastPriceForFourteenDays) {
  watch(coin());
  const auto start = utc("2026-02-01 00:00:00");
  send(print(start, 1'000_pts));
  send(print(start + 1s, just_above(1'250_pts)));
  send(print(start + 2s, just_below(750_pts)));
  EXPECT_EQ(rejected(Reject::kImplausible), 2U);
  send(print(start + 14 * 24h, 2'000_pts));
  EXPECT_EQ(rejected(Reject::kImplausible), 3U);
  send(print(start + 14 * 24h + 1ns, 2'000_pts));
  EXPECT_EQ(accepted(), 2U);
}

TEST_F(IntegritySpec, AcceptsAQuarterUpAndDown) {
  watch(coin());
  tick("10:00:00", 1'000_pts);
  tick("10:00:01", 1'250_pts);
  tick("10:00:02", 937.5_pts);
  EXPECT_EQ(accepted(), 3U);
}

// -- cold start --

class ColdStartSpec : public IntegritySpec {
 protected:
  ColdStartSpec() { watch(coin()); }
  void three(std::string_view time, Points price) {
    for (int i = 0; i < 3; ++i) send(print(at(time) + std::chrono::seconds{i}, price));
  }
};

TEST_F(ColdStartSpec, BelievesThreeAgreeingRowsAgainstTheFirstTicks) {
  tick("10:00:00", 570_pts);  // wrong by ten
  tick("10:00:01", 5'700_pts);
  tick("10:00:02", 5'710_pts);
  EXPECT_EQ(rejected(Reject::kDecimalSlip), 2U);
  tick("10:00:03", 5'720_pts);
  EXPECT_EQ(counts().restarted, 1U);
  EXPECT_EQ(rejected(Reject::kDecimalSlip), 2U);
  const auto& days = monitor().instrument(SymbolId{0}).days();
  EXPECT_EQ(days.first_today(), Price{5'720_pts});  // the third is the very first
  EXPECT_EQ(days.today().low, Price{5'720_pts});
}

TEST_F(ColdStartSpec, MixesSlipsAndImplausibleRows) {
  tick("10:00:00", 570_pts);
  tick("10:00:01", 5'800_pts);  // slip
  tick("10:00:02", 5'815_pts);  // 10.2 times and a little: implausible
  ASSERT_EQ(rejected(Reject::kImplausible), 1U);
  tick("10:00:03", 5'800_pts);
  EXPECT_EQ(counts().restarted, 1U);
}

TEST_F(ColdStartSpec, NeedsThemWithinTwoPercentOfTheFirstOfThem) {
  tick("10:00:00", 500_pts);
  tick("10:00:01", 1'000_pts);
  tick("10:00:02", 1'000_pts);
  tick("10:00:03", just_above(1'020_pts));
  EXPECT_EQ(counts().restarted, 0U);
  tick("10:00:04", just_above(1'020_pts));  // the first of the last three is still 1,000
  EXPECT_EQ(counts().restarted, 0U);
  tick("10:00:05", just_above(1'020_pts));
  EXPECT_EQ(counts().restarted, 1U);
}

TEST_F(ColdStartSpec, LooksAtTheSecondAsWellAsTheThird) {
  tick("10:00:00", 500_pts);
  tick("10:00:01", 1'000_pts);
  tick("10:00:02", just_above(1'020_pts));
  tick("10:00:03", 1'000_pts);
  EXPECT_EQ(counts().restarted, 0U);
}

TEST_F(ColdStartSpec, AcceptsExactlyTwoPercent) {
  tick("10:00:00", 500_pts);
  tick("10:00:01", 1'000_pts);
  tick("10:00:02", 980_pts);
  tick("10:00:03", 1'020_pts);
  EXPECT_EQ(counts().restarted, 1U);
}

TEST_F(ColdStartSpec, NeedsThemInARow) {
  tick("10:00:00", 500_pts);
  tick("10:00:01", 1'000_pts);
  tick("10:00:02", 1'000_pts);
  tick("10:00:03", 501_pts);
  tick("10:00:04", 1'000_pts);
  EXPECT_EQ(counts().restarted, 0U);
  tick("10:00:05", 0_pts);
  tick("10:00:06", 1'000_pts);
  tick("10:00:07", 1'000_pts);
  EXPECT_EQ(counts().restarted, 0U);
  tick("10:00:08", 1'000_pts);
  EXPECT_EQ(counts().restarted, 1U);
}

TEST_F(ColdStartSpec, IsOverWithTheTenthAcceptedTick) {
  flat("10:00:00", 10, 500_pts);
  three("10:01:00", 1'000_pts);
  EXPECT_EQ(counts().restarted, 0U);
  EXPECT_EQ(rejected(Reject::kImplausible), 3U);
}

TEST_F(ColdStartSpec, IsNotOverWithTheNinth) {
  flat("10:00:00", 9, 500_pts);
  three("10:01:00", 1'000_pts);
  EXPECT_EQ(counts().restarted, 1U);
}

TEST_F(ColdStartSpec, HappensOnlyWithoutAPreviousClose) {
  given_previous_close(500_pts);
  tick("10:00:00", 500_pts);
  three("10:01:00", 1'000_pts);
  EXPECT_EQ(counts().restarted, 0U);
}

TEST_F(ColdStartSpec, ForgetsTheWrongTicksAndKeepsTheHistory) {
  given_history({bar("2026-01-05", 5'990_pts, 5'000_pts, 5'500_pts)});  // too old for a previous close
  given_rule(milestones(1'000_pts, points(10_pts)));
  tick("10:00:00", 59'000_pts);  // a high that never was
  three("10:00:01", 5'900_pts);
  tick("10:00:04", 6'000_pts);
  ASSERT_THAT(lines(), ElementsAre("10:00:04 reached 6000 first ever"));
}

TEST_F(ColdStartSpec, SaysNothingAgainstTheWrongTicks) {
  given_rule(milestones(1'000_pts, points(10_pts)));
  given_rule(records(horizons({Horizon::kSession}), points(0_pts)));
  given_rule(moves({{60s, points(100_pts)}}));
  tick("10:00:00", 590_pts);
  three("10:00:01", 5'900_pts);
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(ColdStartSpec, CountsEpisodesOn) {
  given_rule(milestones(1'000_pts, points(10_pts)));
  tick("10:00:00", 990_pts);
  tick("10:00:01", 1'050_pts);
  three("10:00:02", 105_pts);
  ASSERT_EQ(counts().restarted, 1U);
  auto t = at("10:00:10");
  for (const auto price :
       {130_pts, 160_pts, 200_pts, 250_pts, 310_pts, 380_pts, 470_pts, 580_pts, 720_pts, 900_pts, 1'050_pts}) {
    send(print(t += 1s, price));
  }
  // Inside the cooldown, but the restart forgot that as well.
  ASSERT_THAT(lines(), ElementsAre("10:00:01 reached 1000", "10:00:21 reached 1000"));
  EXPECT_EQ(signal(0).episode, 1U);
  EXPECT_EQ(signal(1).episode, 2U);
  EXPECT_NE(signal(0).id, signal(1).id);
}

TEST_F(ColdStartSpec, BringsBackLevelsThatOnlyWrongTicksHadSpent) {
  given_rule(levels({{1'000_pts, "", true}}, points(10_pts)));
  tick("10:00:00", 990_pts);
  tick("10:00:01", 1'050_pts);
  three("10:00:02", 105_pts);
  auto t = at("10:00:10");
  for (const auto price :
       {130_pts, 160_pts, 200_pts, 250_pts, 310_pts, 380_pts, 470_pts, 580_pts, 720_pts, 900_pts, 1'050_pts}) {
    send(print(t += 1s, price));
  }
  EXPECT_THAT(lines(), ElementsAre("10:00:01 reached 1000", "10:00:21 reached 1000"));
}

}  // namespace
}  // namespace yagura::processing
