// Instruments made of others: when they have a price, and that they are instruments like any other.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

constexpr SymbolId kNikkei{0};
constexpr SymbolId kYen{1};
constexpr SymbolId kDollarNikkei{2};

class SeriesSpec : public Timeline {
 protected:
  SeriesSpec() {
    watch(nikkei());
    watch(yen());
    InstrumentInfo info = nikkei();
    info.symbol = "N225USD";
    watch(info);
    options_.series.push_back({kDollarNikkei, quotient()});
  }
  // The first leg divided by the second.
  static SeriesExpression quotient() {
    SeriesTerm term;
    term.numerator = Price::kScale;
    term.factors = {0};
    term.divisors = {1};
    return {"NI225 / USDJPY", {kNikkei, kYen}, {term}};
  }
  void nikkei_at(std::string_view time, Points price) { tick(time, price, kNikkei); }
  void yen_at(std::string_view time, Points price) { tick(time, price, kYen); }
  [[nodiscard]] std::uint64_t made() { return monitor().instrument(kDollarNikkei).filter().counts().accepted; }
  [[nodiscard]] const Tick& last() { return *monitor().instrument(kDollarNikkei).last_tick(); }
};

TEST_F(SeriesSpec, HasAPriceWhenEveryLegHasOne) {
  yen_at("09:00:00", 150_pts);
  EXPECT_EQ(made(), 0U);
  nikkei_at("09:00:05", 54000_pts);
  EXPECT_EQ(made(), 1U);
  EXPECT_EQ(to_string(last().price), "360");
  EXPECT_EQ(last().ts_event, at("09:00:05"));
  yen_at("09:00:06", 160_pts);
  EXPECT_EQ(made(), 2U);
  EXPECT_EQ(to_string(last().price), "337.5");
}

TEST_F(SeriesSpec, IsWatchedByAnyRule) {
  given_history({bar("2025-01-06", 300_pts, 250_pts, 280_pts), bar("2026-02-06", 330_pts, 320_pts, 325_pts)},
                kDollarNikkei);
  given_rule(milestones(10_pts, points(1_pts)), kDollarNikkei);
  given_rule(records(horizons({Horizon::kAllTime}), points(1_pts)), kDollarNikkei);
  given_rule(moves({{60s, percent(1_pct)}}), kDollarNikkei);
  yen_at("09:06:00", 160_pts);
  nikkei_at("09:06:05", 54000_pts);  // 337.5
  yen_at("09:06:10", 150_pts);       // 360
  EXPECT_THAT(lines(), ElementsAre("09:06:05 new_high all_time", "09:06:05 reached 330",
                                   "09:06:10 reached 340 350 360 first ever gap", "09:06:10 move +22.5 1m"));
  EXPECT_EQ(signal(0).symbol, kDollarNikkei);
  EXPECT_EQ(to_string(signal(0).previous_close), "325");
}

TEST_F(SeriesSpec, SpeaksRightAfterTheLegThatCompletesIt) {
  given_rule(milestones(1000_pts, points(58_pts)), kNikkei, "nikkei");
  given_rule(milestones(10_pts, points(1_pts)), kDollarNikkei, "dollar");
  given_rule(milestones(1_pts, points(0.1_pts)), kYen, "yen");
  yen_at("09:06:00", 150_pts);
  nikkei_at("09:06:05", 53999_pts);
  nikkei_at("09:06:10", 54001_pts);
  yen_at("09:06:11", 149_pts);
  std::vector<std::string> rules;
  for (const auto& s : said()) rules.push_back(options_.rules[index_of(s.signal.rule)].id);
  EXPECT_THAT(rules, ElementsAre("nikkei", "dollar", "yen", "dollar"));
}

TEST_F(SeriesSpec, CarriesTheStampsOfTheTickThatCompletesIt) {
  yen_at("09:06:00", 150_pts);
  Tick tick = print(at("09:06:05"), 54000_pts);
  tick.ts_recv = at("09:06:05.2");
  tick.mono_recv = MonoTime{7s};
  tick.enqueue_delay_64ns = 9;
  send(numbered(tick, 4));
  EXPECT_EQ(last().ts_recv, at("09:06:05.2"));
  EXPECT_EQ(last().mono_recv, MonoTime{7s});
  EXPECT_EQ(last().enqueue_delay_64ns, 9);
  EXPECT_EQ(last().symbol, kDollarNikkei);
  EXPECT_EQ(last().flags, TickFlag::kNone);
}

TEST_F(SeriesSpec, HasNoPriceWhenALegIsTooOld) {
  nikkei_at("09:06:00", 54000_pts);
  yen_at("09:11:00", 150_pts);
  EXPECT_EQ(made(), 1U);
  yen_at("09:11:00.001", 151_pts);
  EXPECT_EQ(made(), 1U);
  nikkei_at("09:12:00", 54000_pts);
  EXPECT_EQ(made(), 2U);
}

TEST_F(SeriesSpec, TheLegThatArrivesLateCountsAtTheTimeOfTheOther) {
  yen_at("09:06:05.5", 150_pts);
  nikkei_at("09:06:05", 54000_pts);
  EXPECT_EQ(made(), 1U);
  EXPECT_EQ(last().ts_event, at("09:06:05.5"));
}

TEST_F(SeriesSpec, KeepsItsOwnHours) {
  nikkei_at("11:34:00", 54000_pts);
  yen_at("11:34:59", 150_pts);
  yen_at("11:35:00", 150_pts);
  EXPECT_EQ(made(), 1U);
  EXPECT_EQ(monitor().instrument(kDollarNikkei).filter().counts().ticks, 1U);
  yen_at("12:29:59", 150_pts);
  nikkei_at("12:30:00", 54000_pts);
  EXPECT_EQ(made(), 2U);
}

TEST_F(SeriesSpec, IsMadeOfAcceptedTicksOnly) {
  options_.instruments[0] = filtered(nikkei());
  given_previous_close(54000_pts);
  yen_at("09:06:00", 150_pts);
  flat("09:06:05", 24, 54000_pts);
  const auto before = made();
  nikkei_at("09:07:00", 57000_pts);  // held
  EXPECT_EQ(made(), before);
  nikkei_at("09:07:05", 57010_pts);  // confirms
  EXPECT_EQ(made(), before + 2);
  nikkei_at("09:07:06", 5701_pts);  // a decimal slip
  EXPECT_EQ(made(), before + 2);
}

TEST_F(SeriesSpec, SaysThatATickWasHeldFirst) {
  options_.instruments[0] = filtered(nikkei());
  given_previous_close(54000_pts);
  given_rule(milestones(10_pts, points(1_pts)), kDollarNikkei);
  yen_at("09:06:00", 150_pts);
  flat("09:06:05", 24, 54000_pts);
  clear();
  nikkei_at("09:07:00", 57000_pts);
  nikkei_at("09:07:05", 57010_pts);
  ASSERT_THAT(lines(), ElementsAre("09:07:00 reached 370 380"
                                   " gap"));
  EXPECT_TRUE(signal(0).confirmed);
}

TEST_F(SeriesSpec, AGapOfALegIsAGapOfTheSeries) {
  given_rule(milestones(10_pts, points(1_pts)), kDollarNikkei);
  yen_at("09:06:00", 150_pts);
  nikkei_at("09:06:05", 53900_pts);
  Tick tick = print(at("09:06:10"), 54000_pts);
  tick.flags |= TickFlag::kAfterGap;
  send(tick);
  ASSERT_THAT(lines(), ElementsAre("09:06:10 reached 360 gap"));
  EXPECT_TRUE(signal(0).after_gap);
}

TEST_F(SeriesSpec, DoesNotJudgeItsOwnJumps) {  // what is far from before may be right: the legs were judged
  yen_at("09:06:00", 150_pts);
  nikkei_at("09:06:05", 54000_pts);
  yen_at("09:06:06", 161_pts);
  yen_at("09:06:07", 149_pts);
  EXPECT_EQ(made(), 3U);
}

TEST_F(SeriesSpec, BelowZeroIsNoPrice) {
  SeriesTerm plus, minus;
  plus.factors = {0};
  minus.factors = {1};
  minus.negative = true;
  options_.series[0].expression = {"NI225 - USDJPY", {kNikkei, kYen}, {plus, minus}};
  nikkei_at("09:06:00", 150_pts);
  yen_at("09:06:05", 149_pts);
  EXPECT_EQ(made(), 1U);
  nikkei_at("09:06:10", 149_pts);
  EXPECT_EQ(made(), 1U);
  const auto& counts = monitor().instrument(kDollarNikkei).filter().counts();
  EXPECT_EQ(counts.rejected[static_cast<std::size_t>(Reject::kNotPositive)], 1U);
}

TEST_F(SeriesSpec, ForgetsWhatWasMadeOfWrongFirstTicks) {
  given_rule(records(horizons({Horizon::kSession}), points(0.1_pts)), kDollarNikkei);
  yen_at("09:06:00", 1.5_pts);  // each a decimal slip of the next
  nikkei_at("09:06:01", 54000_pts);
  for (const auto* time : {"09:06:02", "09:06:03", "09:06:04"}) yen_at(time, 150_pts);
  nikkei_at("09:06:05", 54000_pts);
  EXPECT_EQ(to_string(monitor().instrument(kDollarNikkei).days().today().high), "360");
}

TEST_F(SeriesSpec, GoesOnAfterARestart) {
  given_rule(milestones(10_pts, points(1_pts)), kDollarNikkei);
  yen_at("09:06:00", 150_pts);
  nikkei_at("09:06:05", 53900_pts);
  resume(Resumed::kAfterDowntime);
  nikkei_at("09:06:10", 54100_pts);
  ASSERT_THAT(lines(), ElementsAre("09:06:10 reached 360 gap"));
  EXPECT_TRUE(signal(0).while_down);
}

TEST_F(SeriesSpec, AnotherExpressionStartsAfresh) {
  given_rule(milestones(10_pts, points(1_pts)), kDollarNikkei);
  yen_at("09:06:00", 150_pts);
  nikkei_at("09:06:05", 53900_pts);
  options_.series[0].expression.text = "NI225 * 100 / USDJPY";
  options_.series[0].expression.terms[0].numerator *= 100;
  resume(Resumed::kInPlace);
  EXPECT_EQ(monitor().instrument(kDollarNikkei).last_tick(), nullptr);
  nikkei_at("09:06:10", 54100_pts);  // the yen's price is not known any more: it belongs to the old one
  EXPECT_EQ(made(), 0U);
  yen_at("09:06:11", 150_pts);
  EXPECT_EQ(to_string(last().price), "36066.666666667");
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(SeriesSpec, ARecordingCannotBringIt) {
  tick("09:06:00", 360_pts, kDollarNikkei);
  EXPECT_EQ(made(), 0U);
  EXPECT_EQ(monitor().instrument(kDollarNikkei).filter().counts().ticks, 1U);
}

TEST_F(SeriesSpec, StaysOnTheThreadOfItsLegs) {
  const auto apart = watch(coin());
  const auto groups = monitor().groups();
  EXPECT_EQ(groups[index_of(kDollarNikkei)], groups[index_of(kNikkei)]);
  EXPECT_EQ(groups[index_of(kDollarNikkei)], groups[index_of(kYen)]);
  EXPECT_NE(groups[index_of(apart)], groups[index_of(kYen)]);
}

TEST_F(SeriesSpec, EndsItsSessions) {
  auto rule = milestones(10_pts, points(1_pts));
  rule.crossing.close = true;
  given_rule(rule, kDollarNikkei);
  given_history({bar("2026-02-06", 355_pts, 355_pts, 355_pts)}, kDollarNikkei);
  nikkei_at("15:29:55", 53900_pts);
  yen_at("15:30:00", 149_pts);
  input_ends();
  EXPECT_THAT(lines(), ElementsAre("15:30:00 reached 360 first ever", "15:30:00 closed_above 360 first close ever"));
}

}  // namespace
}  // namespace yagura::processing
