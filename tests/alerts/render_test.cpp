// What people read, word for word.
#include "alerts/alert_writer.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

void expect_texts(const Sample& sample, std::string_view title, std::string_view text) {
  const Alert alert = sample.alert();
  EXPECT_EQ(alert.title, title);
  EXPECT_EQ(alert.text, text);
}

TEST(LevelTexts, ThreeMilestonesInOnePrint) {
  expect_texts(
      three_milestones(), "Nikkei 225 reached 57,000 for the first time",
      "Nikkei 225 breaks 57,000 for the first time: 57,337.07, through 55,000, 56,000 and 57,000 in one print, "
      "+5.7 % on the day. Previous close 54,253.68.");
}

TEST(LevelTexts, OneMilestoneJustTouched) {
  auto sample = nikkei_level(Event::kReached, Direction::kUp, "57000", {"57000"});
  with_previous(sample.signal, "56990.11");
  expect_texts(sample, "Nikkei 225 reached 57,000",
               "Nikkei 225 reaches 57,000: 57,000.00, +5.1 % on the day. "
               "Price before 56,990.11 at 09:22:00 JST; previous close 54,253.68.");
}

TEST(LevelTexts, EveryEventOfTheStateMachine) {
  struct Case {
    Event event;
    Direction direction;
    std::string_view price;
    std::string_view title;
    std::string_view text;
  };
  const Case cases[] = {
      {Event::kLost, Direction::kDown, "56999.99", "Nikkei 225 fell below 57,000",
       "Nikkei 225 falls below 57,000: 56,999.99, +5.1 % on the day. Previous close 54,253.68."},
      {Event::kCleared, Direction::kUp, "57070.12", "Nikkei 225 cleared 57,000",
       "Nikkei 225 clears 57,000: 57,070.12, 70.12 points above the level, +5.2 % on the day. Previous close "
       "54,253.68."},
      {Event::kRejected, Direction::kDown, "56942", "Nikkei 225 was rejected at 57,000",
       "Nikkei 225 is rejected at 57,000: 56,942.00, 58 points below the level, +5.0 % on the day. "
       "Previous close 54,253.68."},
      {Event::kBroken, Direction::kDown, "56942", "Nikkei 225 broke clear below 57,000",
       "Nikkei 225 breaks clear below 57,000: 56,942.00, 58 points below the level, +5.0 % on the day. "
       "Previous close 54,253.68."},
      {Event::kRegained, Direction::kUp, "57058", "Nikkei 225 regained 57,000",
       "Nikkei 225 regains 57,000: 57,058.00, 58 points above the level, +5.2 % on the day. Previous close 54,253.68."},
      {Event::kNear, Direction::kUp, "56925", "Nikkei 225 is near 57,000",
       "Nikkei 225 nears 57,000: 56,925.00, 75 points below the level, +4.9 % on the day. Previous close 54,253.68."},
      {Event::kClosedAbove, Direction::kUp, "57650.54", "Nikkei 225 closed above 57,000",
       "Nikkei 225 closes above 57,000: 57,650.54, +6.3 % on the day. Previous close 54,253.68."},
      {Event::kClosedBelow, Direction::kDown, "53000", "Nikkei 225 closed below 57,000",
       "Nikkei 225 closes below 57,000: 53,000.00, -2.3 % on the day. Previous close 54,253.68."},
  };
  for (const auto& c : cases) expect_texts(nikkei_level(c.event, c.direction, c.price, {"57000"}), c.title, c.text);
}

TEST(LevelTexts, FirstCloseEver) {
  auto sample = nikkei_level(Event::kClosedAbove, Direction::kUp, "57650.54", {"55000", "56000", "57000"});
  sample.signal.levels.first_close_ever = true;
  expect_texts(
      sample, "Nikkei 225 closed above 57,000 for the first time",
      "Nikkei 225 closes above 57,000 for the first time: 57,650.54, across 55,000, 56,000 and 57,000 since the "
      "previous close, +6.3 % on the day. Previous close 54,253.68.");
}

TEST(LevelTexts, ATradersOwnLevelCarriesItsNote) {
  auto sample = yen_level(Event::kReached, Direction::kUp, "160.012", "160", 0);
  sample.signal.levels.gone = true;
  with_previous(sample.signal, "159.98");
  expect_texts(
      sample, "USD/JPY reached 160 (intervention zone)",
      "USD/JPY breaks 160 (intervention zone): 160.012, +1.8 % on the day. Price before 159.980 at 09:22:00 JST; "
      "previous close 157.184; this level was set to alert once and is done.");
  expect_texts(yen_level(Event::kRejected, Direction::kDown, "159.9425", "160", -1), "USD/JPY was rejected at 160",
               "USD/JPY is rejected at 160: 159.9425, 0.0575 yen (5.8 pips) below the level, +1.8 % on the day. "
               "Previous close 157.184.");
}

TEST(LevelTexts, ANoteCannotCommandATerminal) {
  EXPECT_EQ(yen_level(Event::kLost, Direction::kDown, "159.9", "160", 1).alert().title,
            "USD/JPY fell below 160 ([31mred alert?)");
}

TEST(LevelTexts, ManyLevelsAreCounted) {
  auto sample = nikkei_level(Event::kLost, Direction::kDown, "46500",
                             {"54000", "53000", "52000", "51000", "50000", "49000", "48000", "47000"});
  EXPECT_EQ(
      sample.alert().text,
      "Nikkei 225 falls below 47,000: 46,500.00, through 8 levels from 54,000 to 47,000 in one print, -14.3 % on the "
      "day. Previous close 54,253.68.");
}

TEST(LevelTexts, NotesThatShareATick) {
  EXPECT_EQ(nikkei_level(Event::kRejected, Direction::kDown, "54900", {"56000", "55000"}).alert().text,
            "Nikkei 225 is rejected at 55,000: 54,900.00, levels 56,000 and 55,000 together, +1.2 % on the day. "
            "Previous close 54,253.68.");
}

TEST(LevelTexts, WhatHappenedInTheDarkSaysSo) {
  auto sample = nikkei_level(Event::kReached, Direction::kUp, "57001", {"57000"});
  sample.signal.after_gap = true;
  sample.signal.confirmed = true;
  EXPECT_EQ(
      sample.alert().text,
      "Nikkei 225 breaks 57,000: 57,001.00, +5.1 % on the day, after a gap in the feed. Previous close 54,253.68; the "
      "print looked odd and was held until others confirmed it.");
  sample.signal.while_down = true;
  sample.signal.has_previous_close = false;
  sample.signal.confirmed = false;
  EXPECT_EQ(sample.alert().text, "Nikkei 225 breaks 57,000: 57,001.00, while Yagura was down.");
}

TEST(RecordTexts, EveryHorizon) {
  struct Case {
    Horizon horizon;
    std::string_view high;
    std::string_view low;
    std::string_view high_close;
  };
  const Case cases[] = {
      {Horizon::kAllTime, "set a new all-time high", "set a new all-time low", "posted a record close"},
      {Horizon::kSinceStart, "is at its highest since the start of the data",
       "is at its lowest since the start of the data", "posted its highest close since the start of the data"},
      {Horizon::k52Week, "set a new 52-week high", "set a new 52-week low", "posted a 52-week closing high"},
      {Horizon::kYearToDate, "set a new year-to-date high", "set a new year-to-date low",
       "posted a year-to-date closing high"},
      {Horizon::kWeek, "set a new high of the week", "set a new low of the week",
       "posted its highest close of the week"},
      {Horizon::kSession, "set a new session high", "set a new session low", "posted a session closing high"},
  };
  const auto title = [](const Sample& sample) { return sample.alert().title; };
  for (const auto& c : cases) {
    EXPECT_EQ(title(nikkei_record(Event::kNewHigh, {c.horizon})), "Nikkei 225 " + std::string{c.high});
    EXPECT_EQ(title(nikkei_record(Event::kNewLow, {c.horizon})), "Nikkei 225 " + std::string{c.low});
    EXPECT_EQ(title(nikkei_record(Event::kNewHigh, {c.horizon}, Basis::kClose)),
              "Nikkei 225 " + std::string{c.high_close});
  }
}

TEST(RecordTexts, AllTimeHighWithEverythingBehindIt) {
  expect_texts(
      nikkei_record(Event::kNewHigh, {Horizon::kAllTime, Horizon::k52Week, Horizon::kYearToDate, Horizon::kSession}),
      "Nikkei 225 set a new all-time high",
      "Nikkei 225 sets a new all-time high: 57,337.07, 2,554.24 points above the old mark of 54,782.83 (3 Feb), "
      "+5.7 % on the day. Previous close 54,253.68.");
}

TEST(RecordTexts, SessionLowOfAPair) {
  auto sample = nikkei_record(Event::kNewLow, {Horizon::kSession});
  auto& s = sample.signal;
  s.symbol = kYen;
  s.price = price("152.543");
  s.record.record_before = price("152.75");
  s.record.margin = delta("0.207");
  s.record.record_date = s.trading_date;
  s.record.count_today = 3;
  with_previous_close(s, "154.382");
  expect_texts(
      sample, "USD/JPY set a new session low",
      "USD/JPY sets a new session low: 152.543, 0.207 yen (20.7 pips) below the old mark of 152.750 earlier in the "
      "session, -1.2 % on the day. Alert no. 3 of today's records; previous close 154.382.");
}

TEST(RecordTexts, RecordClose) {
  EXPECT_EQ(nikkei_record(Event::kNewHigh, {Horizon::kAllTime, Horizon::kWeek}, Basis::kClose).alert().text,
            "Nikkei 225 posts a record close: 57,337.07, 2,554.24 points above the old mark of 54,782.83 (3 Feb), "
            "+5.7 % on the day. Previous close 54,253.68.");
}

TEST(RecordTexts, Withdrawn) {
  expect_texts(
      nikkei_record(Event::kWithdrawn, {Horizon::kAllTime}), "Nikkei 225: all-time high withdrawn",
      "Nikkei 225: the all-time high of 57,337.07 is withdrawn, its print did not stand. The record is 54,782.83 "
      "(3 Feb) again.");
}

TEST(MoveTexts, MoveExtensionAndReversalOfTheYen) {
  expect_texts(yen_move(Event::kMove, "149.75", "150"), "USD/JPY fell 25 pips (-0.17 %) in 60 s",
               "USD/JPY falls 25 pips (-0.17 %) within 60 s to 149.750, from the high of 150.000 at 09:21:40 JST. "
               "Threshold 0.25 yen (25 pips) in 60 s; previous close 150.100, -0.23 % on the day.");
  expect_texts(yen_move(Event::kExtended, "149.5", "150"), "USD/JPY extended its fall to 50 pips (-0.33 %)",
               "USD/JPY keeps falling, now 50 pips (-0.33 %), to 149.500, from the high of 150.000 at 09:21:40 JST. "
               "Threshold 0.25 yen (25 pips) in 60 s; previous close 150.100, -0.40 % on the day.");
  expect_texts(yen_move(Event::kReversal, "149.65", "149.4"), "USD/JPY turned up 25 pips (+0.17 %) from 149.400",
               "USD/JPY turns up 25 pips (+0.17 %) to 149.650, from the low of 149.400 at 09:21:40 JST. "
               "Threshold 0.25 yen (25 pips) in 60 s; previous close 150.100, -0.30 % on the day.");
}

TEST(MoveTexts, AnIndexMovesInPointsAndPercent) {
  auto sample = yen_move(Event::kMove, "54573.68", "54253.68");
  auto& s = sample.signal;
  s.symbol = kNikkei;
  s.rule = RuleIndex{kNikkeiMoveRule};
  s.has_previous_close = false;
  s.move.window = std::chrono::minutes{5};
  s.move.threshold = delta("271.2684");
  s.move.threshold_pct = parse_percent("0.5").value();
  s.after_gap = true;
  expect_texts(sample, "Nikkei 225 rose 320 points (+0.59 %) in 5 min",
               "Nikkei 225 rises 320 points (+0.59 %) within 5 min to 54,573.68, from the low of 54,253.68 at "
               "09:21:40 JST, after a gap in the feed. Threshold 0.5 % in 5 min, here 271.26 points.");
}

TEST(MoveTexts, AScaledMoveSaysHowUnusualItIs) {
  auto sample = yen_move(Event::kMove, "149.75", "150");
  auto& move = sample.signal.move;
  move.window = std::chrono::minutes{5};
  move.has_z = true;
  move.z = 7.2;
  const auto text = [&] { return sample.alert().text; };
  EXPECT_EQ(text().find("usual"), std::string::npos) << text();  // of a rule that goes by thresholds
  move.scaled = true;
  EXPECT_NE(text().find(" 7.2 times the usual size of 5 min at this hour; threshold 0.25 yen"), std::string::npos)
      << text();
  move.seeded = true;
  EXPECT_NE(text().find("at this hour, going by earlier sessions; threshold"), std::string::npos) << text();
  move.has_z = false;
  EXPECT_NE(text().find(" Its usual size is not known yet; threshold"), std::string::npos) << text();
}

TEST(DriftTexts, SinceWhenAndHowFar) {
  expect_texts(yen_drift(), "USD/JPY drifts down: -0.62 yen (-0.40 %) since 08:41:15 JST",
               "USD/JPY has been drifting down since 08:41:15 JST: -0.62 yen (-0.40 %), from 156.500 to 155.880. Small "
               "steps that add up to 12.3, limit 12.");
}

TEST(MoveTexts, AnExtremeOfAnotherDayHasItsDate) {
  auto sample = yen_move(Event::kExtended, "149.5", "150");
  sample.signal.move.reference_ts = at("2026-02-08T23:59:58+09:00");
  EXPECT_NE(sample.alert().text.find("at 23:59:58 JST on 8 Feb"), std::string::npos) << sample.alert().text;
}

TEST(Texts, AnInstrumentWithoutANameUsesItsSymbol) {
  auto sample = nikkei_level(Event::kReached, Direction::kUp, "100000", {"100000"});
  sample.signal.symbol = kCoin;
  sample.signal.has_previous_close = false;
  expect_texts(sample, "BTCUSD reached 100,000", "BTCUSD reaches 100,000: 100,000.");
}

TEST(PeriodTexts, TheYearOfAnIndex) {
  expect_texts(nikkei_period(), "Nikkei 225 up 15 % this year",
               "Nikkei 225 is up 15 % this year: 57,891.00 against 50,339.48 on 30 Dec 2025. "
               "Change +15.0 %; previous close 57,650.54, +0.42 % on the day.");
  auto fall = nikkei_period();
  fall.signal.price = price("45000");
  fall.signal.direction = Direction::kDown;
  fall.signal.period.steps = -2;
  fall.signal.period.days = 30;
  fall.signal.after_gap = true;
  fall.signal.has_previous_close = false;
  expect_texts(fall, "Nikkei 225 down 10 % in 30 days",
               "Nikkei 225 is down 10 % in 30 days: 45,000.00 against 50,339.48 on 30 Dec 2025, after a gap in the "
               "feed. Change -10.6 %.");
}

TEST(PeriodTexts, APairQuotedInYenIsAboutTheYen) {
  expect_texts(yen_period("157.5", 2), "USD/JPY: the yen is 5 % weaker than six months ago",
               "USD/JPY: the yen is 5 % weaker than six months ago: 157.500 against 150.000 on 8 Aug 2025. "
               "Change +5.0 %.");
  expect_texts(yen_period("146.2", -1), "USD/JPY: the yen is 2.5 % stronger than six months ago",
               "USD/JPY: the yen is 2.5 % stronger than six months ago: 146.200 against 150.000 on 8 Aug 2025. "
               "Change -2.5 %.");
}

TEST(PeriodTexts, SpansInWords) {
  const std::pair<std::int32_t, std::string_view> months[] = {
      {1, "a month ago"}, {3, "three months ago"}, {12, "a year ago"}, {18, "18 months ago"}};
  for (const auto& [count, words] : months) {
    auto sample = yen_period("157.5", 2);
    sample.signal.period.months = count;
    EXPECT_EQ(sample.alert().title, "USD/JPY: the yen is 5 % weaker than " + std::string{words});
  }
  auto year = yen_period("157.5", 2);
  year.signal.period.months = 0;
  EXPECT_EQ(year.alert().title, "USD/JPY: the yen is 5 % weaker this year");
}

TEST(InterventionTexts, ASuspicionWithItsItemsAndNeverAClaim) {
  expect_texts(
      yen_watch(Event::kSuspected), "USD/JPY: intervention suspected, 5 of 9 points",
      "USD/JPY falls from 159.228 at 09:12:05 JST to 157.317: intervention suspected, 5 of 9 points. Fell 1.911 yen "
      "within 15 min (+2), 11.2 standard deviations in 5 min (+1), 99 % of the steps one way with rebounds of at most "
      "35 % (+1), from near the 52-week high or a zone on watch (+1); previous close 158.400, -0.68 % on the day.");
  EXPECT_EQ(yen_watch(Event::kWatch).alert().title, "USD/JPY: intervention watch, 5 of 9 points");
  EXPECT_EQ(yen_watch(Event::kStrong).alert().title, "USD/JPY: intervention strongly suspected, 5 of 9 points");
}

TEST(InterventionTexts, WhatCountsAgainstItAndWhatIsOddIsSaid) {
  auto sample = yen_watch(Event::kWatch);
  auto& watch = sample.signal.intervention;
  watch.points = {2, 2, 0, 0, 0, 1, 2, -2, 1};
  watch.score = 6;
  watch.most = 11;
  watch.change_60m = delta("-2.5");
  watch.wide_spread = true;
  sample.signal.has_previous_close = false;
  expect_texts(
      sample, "USD/JPY: intervention watch, 6 of 11 points",
      "USD/JPY falls from 159.228 at 09:12:05 JST to 157.317: intervention watch, 6 of 11 points. Fell 1.911 yen "
      "within 15 min (+2), 2.50 yen within the hour (+2), thin hours or a holiday (+1), other yen pairs along with it, "
      "the euro against the dollar hardly (+2), but beside a scheduled release (-2), the second within 48 hours (+1); "
      "wide spread.");
}

TEST(InterventionTexts, AFlash) {
  expect_texts(
      yen_watch(Event::kReverted), "USD/JPY: flash, reverted",
      "USD/JPY: flash, reverted to 158.600: 67 % of the way from 159.228 to 157.317 won back within 30 min. It had "
      "scored 5 of 9 points for intervention.");
}

}  // namespace
}  // namespace yagura::alerts
