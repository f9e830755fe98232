// In which order alerts come out. SEMANTICS 8.
#include "tests/processing/timeline.hpp"

namespace yagura::processing {
namespace {

using namespace timeline;  // NOLINT: the vocabulary of these tests

class OrderSpec : public Timeline {
 protected:
  // Rule and event of every alert, as "rule-2 reached".
  [[nodiscard]] std::vector<std::string> order() const {
    std::vector<std::string> all;
    for (const auto& s : said())
      all.push_back(options_.rules[index_of(s.signal.rule)].id + ' ' + std::string(name_of(s.signal.event)));
    return all;
  }
};

TEST_F(OrderSpec, PutsRecordsBeforeLevelsBeforeMovesEachInConfigOrder) {
  watch(coin());
  given_rule(moves({{60s, points(5_pts)}}));                          // 0
  given_rule(levels({{110_pts, "", false}}, points(1_pts)));          // 1
  given_rule(records(horizons({Horizon::kSession}), points(1_pts)));  // 2
  given_rule(milestones(10_pts, points(1_pts)));                      // 3
  given_rule(records(horizons({Horizon::kSession}), points(2_pts)));  // 4
  given_rule(moves({{30s, points(5_pts)}}));                          // 5
  tick("10:00:00", 105_pts);
  tick("10:01:01", 105_pts);
  tick("10:01:11", 111_pts);
  EXPECT_THAT(order(), ElementsAre("rule-2 new_high", "rule-4 new_high", "rule-1 reached", "rule-3 reached",
                                   "rule-0 move", "rule-5 move"));
}

// What an observer was told, as "54.99" or "55.01 reached".
class Notes final : public TickObserver {
 public:
  void on_accepted(const Tick& tick, Date date, const SignalBuffer& out) noexcept override {
    auto note = to_string(date) + ' ' + to_string(tick.price);
    for (; seen_ < out.signals().size(); ++seen_) note.append(" ").append(name_of(out.signals()[seen_].event));
    all.push_back(std::move(note));
    seen_ = 0;  // every call here is followed by a clear
  }
  std::vector<std::string> all;

 private:
  std::size_t seen_ = 0;
};

TEST_F(OrderSpec, AnObserverSeesEachAcceptedTickAfterItsSignals) {
  watch(coin());
  given_rule(milestones(10_pts, points(1_pts)));
  Notes notes;
  monitor().instrument(SymbolId{0}).observe(&notes);
  tick("10:00:00", 105_pts);
  tick("10:00:01", 111_pts);
  tick("10:00:00", 120_pts);  // late: nobody sees it
  on("2026-02-10");
  tick("10:00:02", 112_pts);
  EXPECT_THAT(notes.all, ElementsAre("2026-02-09 105", "2026-02-09 111 reached", "2026-02-10 112"));
}

TEST_F(OrderSpec, AnObserverSeesHeldTicksWhenTheyAreConfirmed) {
  watch(filtered(nikkei()));
  given_previous_close(57'000_pts);
  Notes notes;
  monitor().instrument(SymbolId{0}).observe(&notes);
  flat("09:10:00", 24, 57'000_pts);
  notes.all.clear();
  tick("09:11:00", 58'000_pts);
  EXPECT_THAT(notes.all, IsEmpty());
  tick("09:11:05", 58'001_pts);
  EXPECT_THAT(notes.all, ElementsAre("2026-02-09 58000", "2026-02-09 58001"));
}

TEST_F(OrderSpec, TellsARiseThroughSeveralLevelsInTheOrderOfTheTable) {
  watch(coin());
  auto rule = levels(
      {{90_pts, "", false}, {100_pts, "", false}, {105_pts, "", false}, {130_pts, "", false}, {140_pts, "", false}},
      points(10_pts));
  rule.crossing.near = points(15_pts);
  given_rule(rule);
  tick("10:00:00", 120_pts);
  tick("10:00:01", 94_pts);   // 105 lost for good, 100 not yet
  tick("10:00:02", 106_pts);  // 105 reached, not yet cleared
  clear();
  tick("10:00:03", 131_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:03 reached 130", "10:00:03 cleared 105", "10:00:03 regained 100",
                                   "10:00:03 near 140"));
}

TEST_F(OrderSpec, TellsAFallThroughSeveralLevelsInTheOrderOfTheTable) {
  watch(coin());
  given_rule(levels({{90_pts, "", false}, {100_pts, "", false}, {105_pts, "", false}}, points(10_pts)));
  tick("10:00:00", 120_pts);
  tick("10:00:01", 94_pts);
  tick("10:00:02", 106_pts);
  clear();
  tick("10:00:03", 89_pts);
  EXPECT_THAT(lines(), ElementsAre("10:00:03 lost 90", "10:00:03 rejected 105", "10:00:03 broken 100"));
}

class DayEndSpec : public OrderSpec {
 protected:
  // Milestones and closing records of an instrument; the milestone rule stands first in the file.
  void given_closing_rules(SymbolId symbol) {
    auto milestone = milestones(10_pts, points(1_pts));
    milestone.crossing.close = true;
    given_rule(milestone, symbol);
    auto record = records(all_horizons(), points(1_pts));
    record.basis = Basis::kClose;
    given_rule(record, symbol);
  }
  void given_history_at(Points close, SymbolId symbol) {
    given_history({bar("2026-01-30", close, close, close), bar("2026-02-06", close, close, close)}, symbol);
  }
};

TEST_F(DayEndSpec, ComesBeforeTheTickThatBringsItAboutAndInTheOrderOfRules) {
  const auto symbol = watch(nikkei());
  given_history_at(105_pts, symbol);
  given_closing_rules(symbol);
  tick("15:30:00", 111_pts);
  clear();
  on("2026-02-10");
  tick("09:00:00", 121_pts);
  EXPECT_THAT(order(), ElementsAre("rule-1 new_high", "rule-0 closed_above", "rule-0 reached"));
}

TEST_F(DayEndSpec, StandsBehindLaterAlertsOfOtherInstruments) {
  const auto tokyo = watch(nikkei());
  const auto bitcoin = watch(coin());
  given_history_at(105_pts, tokyo);
  given_closing_rules(tokyo);
  given_rule(milestones(10_pts, points(1_pts)), bitcoin);
  tick("15:30:00", 111_pts, tokyo);
  clear();
  tick("16:00:00", 205_pts, bitcoin);
  tick("16:00:01", 211_pts, bitcoin);
  on("2026-02-10");
  tick("09:00:00", 112_pts, tokyo);
  EXPECT_THAT(lines(), ElementsAre("16:00:01 reached 210", "15:30:00 new_high all_time",
                                   "15:30:00 closed_above 110 first close ever"));
}

TEST_F(DayEndSpec, ComesAtTheEndOfTheInputForTokyoInstrumentsInConfigOrder) {
  const auto bitcoin = watch(coin());
  auto second = nikkei();
  second.symbol = "TOPIX";
  const auto topix = watch(second);
  const auto tokyo = watch(nikkei());
  for (const auto symbol : {tokyo, topix, bitcoin}) {
    given_history_at(105_pts, symbol);
    given_closing_rules(symbol);
  }
  tick("15:30:00", 111_pts, tokyo);
  tick("15:30:01", 111_pts, topix);
  tick("15:30:02", 111_pts, bitcoin);
  clear();
  input_ends();
  EXPECT_THAT(order(), ElementsAre("rule-3 new_high", "rule-2 closed_above", "rule-1 new_high", "rule-0 closed_above"));
}

TEST_F(DayEndSpec, IsLeftOutAtTheEndOfTheInputWithoutAClosingPrint) {
  const auto symbol = watch(nikkei());
  given_history_at(105_pts, symbol);
  given_closing_rules(symbol);
  tick("15:29:59", 111_pts);
  clear();
  input_ends();
  EXPECT_THAT(lines(), IsEmpty());
}

TEST_F(DayEndSpec, TellsTheConfirmedTicksInTheirOwnOrder) {
  watch(filtered(coin()));
  given_rule(milestones(1_pts, points(0.1_pts)));
  flat("10:00:00", 60, 100.5_pts);
  tick("10:01:00", 101.5_pts);
  tick("10:01:01", 102.5_pts);
  tick("10:01:02", 103.5_pts);
  EXPECT_THAT(lines(), ElementsAre("10:01:00 reached 101", "10:01:01 reached 102", "10:01:02 reached 103"));
}

// One instrument's alerts are the same whether or not others are watched.
TEST_F(OrderSpec, DoesNotLetInstrumentsTouchEachOther) {
  const auto one = watch(coin());
  auto other = coin();
  other.symbol = "ETHUSD";
  const auto two = watch(other);
  given_rule(milestones(1_pts, points(0.1_pts)), one);
  given_rule(milestones(1_pts, points(0.1_pts)), two);
  tick("10:00:00", 100.5_pts, one);
  tick("10:00:00", 200.5_pts, two);
  tick("09:00:00", 210.5_pts, one);  // late for the first
  tick("10:00:00", 201.5_pts, two);
  tick("10:00:01", 101.5_pts, one);
  ASSERT_THAT(lines(), ElementsAre("10:00:00 reached 201", "10:00:01 reached 101"));
  EXPECT_EQ(signal(0).symbol, two);
  EXPECT_EQ(signal(1).symbol, one);
}

}  // namespace
}  // namespace yagura::processing
