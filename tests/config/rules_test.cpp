// Rules as the file says them, exact to the last digit.
#include "config_fixture.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using processing::CusumOptions;
using processing::InterventionOptions;
using processing::LevelOptions;
using processing::MilestoneOptions;
using processing::MoveOptions;
using processing::PeriodOptions;
using processing::RecordOptions;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

std::string milestone(std::string_view keys) {
  return "[[rule]]\nid = \"r\"\nkind = \"milestone\"\ninstrument = \"USDJPY\"\n" + std::string{keys};
}

TEST(RuleSpec, APriceIsTheSameAsStringIntegerOrFloat) {
  for (const auto* step : {"\"1000\"", "1000", "1000.0", "1e3", "\"1000.000\"", "1_000", "0x3e8"}) {
    EXPECT_EQ(to_string(rule_of<MilestoneOptions>(milestone("step = " + std::string{step})).step), "1000") << step;
  }
}

TEST(RuleSpec, AFloatIsTheDecimalThatTheFileShows) {
  const std::pair<const char*, const char*> cases[] = {
      {"0.1", "0.1"},           {"0.001", "0.001"},           {"157.123", "157.123"},
      {"57337.07", "57337.07"}, {"1e-9", "0.000000001"},      {"0.30", "0.3"},
      {"1.10", "1.1"},          {"123456.789", "123456.789"}, {"4503599627.370497", "4503599627.370497"}};
  for (const auto& [written, meant] : cases) {
    EXPECT_EQ(to_string(rule_of<MilestoneOptions>(milestone("step = " + std::string{written})).step), meant) << written;
  }
}

TEST(RuleSpec, AMilestoneTakesEveryKey) {
  const auto rule = rule_of<MilestoneOptions>(milestone(R"(step = "0.50"
rearm = "0.058"
cooldown = "15m"
directions = "up"
near = "0.05"
close = true
)"));
  EXPECT_EQ(to_string(rule.step), "0.5");
  EXPECT_EQ(rule.crossing.rearm.points, distance("0.058"));
  EXPECT_FALSE(rule.crossing.rearm.is_percent);
  EXPECT_EQ(rule.crossing.cooldown, 15min);
  EXPECT_TRUE(rule.crossing.directions.up);
  EXPECT_FALSE(rule.crossing.directions.down);
  ASSERT_TRUE(rule.crossing.near);
  EXPECT_EQ(rule.crossing.near->points, distance("0.05"));
  EXPECT_TRUE(rule.crossing.close);
}

TEST(RuleSpec, DirectionsAreUpDownOrBoth) {
  const auto down = rule_of<MilestoneOptions>(milestone("step = 1\ndirections = \"down\"")).crossing.directions;
  EXPECT_TRUE(down.down && !down.up);
  const auto both = rule_of<MilestoneOptions>(milestone("step = 1\ndirections = \"both\"")).crossing.directions;
  EXPECT_TRUE(both.down && both.up);
}

TEST(RuleSpec, DistancesMayBePercentages) {
  const auto rule = rule_of<MilestoneOptions>(milestone("step = 1\nrearm_pct = 0.058\nnear_pct = \"0.10\""));
  EXPECT_TRUE(rule.crossing.rearm.is_percent);
  EXPECT_EQ(rule.crossing.rearm.percent, *parse_percent("0.058"));
  ASSERT_TRUE(rule.crossing.near);
  EXPECT_EQ(rule.crossing.near->percent, *parse_percent("0.10"));
}

TEST(RuleSpec, LevelsAreTablesOrPricesAlone) {
  const auto rule = rule_of<LevelOptions>(R"([[rule]]
id = "desk"
kind = "level"
instrument = "USDJPY"
levels = [ { price = "160", note = "intervention zone", once = true }, 155, "152.5", 151.25 ]
)");
  ASSERT_THAT(rule.levels, SizeIs(4));
  EXPECT_EQ(rule.levels[0].price, price("160"));
  EXPECT_EQ(rule.levels.note_of(rule.levels[0]), "intervention zone");
  EXPECT_TRUE(rule.levels[0].once);
  EXPECT_EQ(rule.levels[1].price, price("155"));
  EXPECT_FALSE(rule.levels[1].once);
  EXPECT_EQ(rule.levels[2].price, price("152.5"));
  EXPECT_EQ(rule.levels[3].price, price("151.25"));
}

TEST(RuleSpec, ARecordTakesEveryKey) {
  const auto rule = rule_of<RecordOptions>(R"([[rule]]
id = "r"
kind = "record"
instrument = "NI225"
horizons = ["all_time", "52w"]
basis = "close"
sides = "both"
step = "100"
min_gap = "5m"
)");
  HorizonSet two;
  two.insert(Horizon::kAllTime);
  two.insert(Horizon::k52Week);
  EXPECT_EQ(rule.horizons, two);
  EXPECT_EQ(rule.basis, Basis::kClose);
  EXPECT_TRUE(rule.highs && rule.lows);
  EXPECT_EQ(rule.step.points, distance("100"));
  EXPECT_EQ(rule.min_gap, 5min);
}

TEST(RuleSpec, ARecordOfLowsLeavesHighsOut) {
  const auto rule = rule_of<RecordOptions>(
      "[[rule]]\nid = \"r\"\nkind = \"record\"\ninstrument = \"NI225\"\nsides = \"low\"\nstep_pct = 0.5");
  EXPECT_TRUE(rule.lows && !rule.highs);
  EXPECT_TRUE(rule.step.is_percent);
}

TEST(RuleSpec, AMoveHasItsWindowsInOrder) {
  const auto rule = rule_of<MoveOptions>(R"([[rule]]
id = "r"
kind = "move"
instrument = "USDJPY"
windows = [ { window = "60s", threshold = "0.25" }, { window = "5m", threshold_pct = 0.30 } ]
)");
  ASSERT_THAT(rule.windows, SizeIs(2));
  EXPECT_EQ(rule.windows[0].length, 60s);
  EXPECT_EQ(rule.windows[0].threshold.points, distance("0.25"));
  EXPECT_EQ(rule.windows[1].length, 5min);
  EXPECT_EQ(rule.windows[1].threshold.percent, *parse_percent("0.30"));
}

TEST(RuleSpec, AMoveMayBeScaledToVolatility) {
  const std::string move =
      "[[rule]]\nid = \"r\"\nkind = \"move\"\ninstrument = \"NI225\"\nwindows = [ { window = \"60s\", threshold = 1 } "
      "]\n";
  EXPECT_EQ(rule_of<MoveOptions>(move).min_z, 0);
  EXPECT_EQ(rule_of<MoveOptions>(move + "min_z = 6").min_z, 6);
  EXPECT_EQ(rule_of<MoveOptions>(move + "min_z = 4.5").min_z, 4.5);
}

TEST(RuleSpec, ADriftTakesEveryKey) {
  const std::string drift = "[[rule]]\nid = \"r\"\nkind = \"cusum\"\ninstrument = \"";
  const auto rule = rule_of<CusumOptions>(drift + "USDJPY\"\ngrid = \"10s\"\nk = 0.25\nh = 8\n");
  EXPECT_EQ(rule.grid, 10s);
  EXPECT_EQ(rule.allowance, 0.25);
  EXPECT_EQ(rule.limit, 8);
  EXPECT_EQ(rule_of<CusumOptions>(drift + "USDJPY\"\n").limit, 12);
  EXPECT_EQ(rule_of<CusumOptions>(drift + "NI225\"\n").limit, 10);
}

TEST(RuleSpec, RulesKeepTheOrderOfTheFile) {
  std::string text;
  for (const auto* id : {"zebra", "ant", "mouse"})
    text += "[[rule]]\nid = \"" + std::string{id} + "\"\nkind = \"milestone\"\ninstrument = \"NI225\"\nstep = 1\n";
  std::vector<std::string> ids;
  for (const auto& rule : settings_of(text).monitor.rules) {
    if (!processing::is_empty(rule)) ids.push_back(rule.id);
  }
  EXPECT_THAT(ids, ElementsAre("zebra", "ant", "mouse"));
}

std::string period(std::string_view keys) {
  return "[[rule]]\nid = \"r\"\nkind = \"period\"\ninstrument = \"NI225\"\n" + std::string{keys};
}

TEST(RuleSpec, APeriodIsTheYearMonthsOrDays) {
  const auto year = rule_of<PeriodOptions>(period("since = \"ytd\""));
  EXPECT_EQ(year.months, 0);
  EXPECT_EQ(year.days, 0);
  EXPECT_EQ(year.step, *parse_percent("5"));
  EXPECT_EQ(year.rearm, *parse_percent("1"));
  EXPECT_TRUE(year.directions.up && year.directions.down);
  const auto months = rule_of<PeriodOptions>(period("months = 6\nstep_pct = 2.5\ndirections = \"down\""));
  EXPECT_EQ(months.months, 6);
  EXPECT_EQ(months.rearm, *parse_percent("0.5"));
  EXPECT_FALSE(months.directions.up);
  EXPECT_EQ(rule_of<PeriodOptions>(period("days = 30\nrearm_pct = 0.25")).rearm, *parse_percent("0.25"));
}

TEST(RuleSpec, APeriodNeedsOneReferenceAndAStep) {
  EXPECT_THAT(problems_of(period("")), ElementsAre(HasSubstr("has none of since")));
  EXPECT_THAT(problems_of(period("months = 6\ndays = 30")), ElementsAre(HasSubstr("has more than one of since")));
  EXPECT_THAT(problems_of(period("since = \"mtd\"")), ElementsAre(HasSubstr("since")));
  EXPECT_THAT(problems_of(period("months = 0")), ElementsAre(HasSubstr("must be an integer from 1 to 120, not 0")));
  EXPECT_THAT(problems_of(period("since = \"ytd\"\nstep_pct = 0")), ElementsAre(HasSubstr("must be above zero")));
}

constexpr std::string_view kYenPairs = "[instrument.EURJPY]\ncalendar = \"fx\"\n[instrument.EURUSD]\n";
std::string intervention(std::string_view keys, std::string_view symbol = "USDJPY") {
  return std::string{kYenPairs} + "[[rule]]\nid = \"r\"\nkind = \"intervention\"\ninstrument = \"" +
         std::string{symbol} + "\"\n" + std::string{keys};
}

TEST(RuleSpec, AnInterventionRuleTakesEveryKey) {
  const auto settings = settings_of(
      intervention("zones = [152, \"160\"]\nsides = \"both\"\ncrosses = [\"EURJPY\"]\neurusd = \"EURUSD\""));
  const auto& rule = std::get<InterventionOptions>(settings.monitor.rules.at(0).kind);
  EXPECT_THAT(rule.zones, ElementsAre(price("152"), price("160")));
  EXPECT_TRUE(rule.falls && rule.rises);
  EXPECT_THAT(rule.crosses, ElementsAre(settings.symbols.find("EURJPY").value()));
  EXPECT_EQ(rule.eurusd, settings.symbols.find("EURUSD"));
  const auto plain = rule_of<InterventionOptions>(intervention(""));
  EXPECT_TRUE(plain.falls && !plain.rises && plain.zones.empty() && plain.releases.empty() && !plain.eurusd);
}

TEST(RuleSpec, AnInterventionRuleIsAboutTheYen) {
  EXPECT_THAT(problems_of(intervention("", "EURUSD")), ElementsAre(HasSubstr("no currency quoted in yen")));
  EXPECT_THAT(problems_of(intervention("zones = [0]")), ElementsAre(HasSubstr("no price above zero")));
  EXPECT_THAT(problems_of(intervention("crosses = [\"EURJPY\"]")), ElementsAre(HasSubstr("needs both crosses")));
  EXPECT_THAT(problems_of(intervention("crosses = []\neurusd = \"EURUSD\"")),
              ElementsAre(HasSubstr("needs both crosses")));
  EXPECT_THAT(problems_of(intervention("crosses = [\"USDJPY\"]\neurusd = \"EURUSD\"")),
              ElementsAre(HasSubstr("is the rule's own instrument")));
  EXPECT_THAT(problems_of(intervention("crosses = [\"GBPJPY\"]\neurusd = \"EURUSD\"")),
              ElementsAre(HasSubstr("has no [instrument.GBPJPY] table")));
}

class EventsFileSpec : public testing::Test {
 protected:
  LoadResult load(std::string_view content) {
    folder.write("events.csv", content);
    return load_file(folder.write("desk.toml", intervention("events_file = \"events.csv\"")));
  }
  TempFolder folder;
};

TEST_F(EventsFileSpec, IsSortedAndItsHeaderAndCommentsAreSkipped) {
  const auto loaded = load(
      "\xEF\xBB\xBFtime,name\r\n# central banks\n2026-02-11T22:30:00+09:00,US employment\r\n\n"
      "2026-01-23T03:00:00Z , BoJ\n");
  ASSERT_TRUE(loaded.ok()) << joined(loaded.problems);
  EXPECT_THAT(std::get<InterventionOptions>(loaded.settings.monitor.rules.at(0).kind).releases,
              ElementsAre(*parse_iso8601("2026-01-23T03:00:00Z"), *parse_iso8601("2026-02-11T13:30:00Z")));
}

TEST_F(EventsFileSpec, ATimeWithoutAZoneIsNamedWithItsLine) {
  EXPECT_THAT(load("time,name\n2026-02-11T22:30:00,US employment\nsoon,\n").problems,
              ElementsAre(HasSubstr("events.csv:2: '2026-02-11T22:30:00' is no time with a zone"),
                          HasSubstr("events.csv:3: 'soon'")));
  EXPECT_THAT(problems_of(intervention("events_file = \"none.csv\"")), ElementsAre(HasSubstr("cannot read")));
}

std::string divergence(std::string_view keys) {
  return "[[rule]]\nid = \"r\"\nkind = \"divergence\"\ninstrument = \"NI225\"\n" + std::string{keys};
}

TEST(RuleSpec, ADivergenceTakesEveryKey) {
  const auto rule = rule_of<processing::DivergenceOptions>(divergence(R"(against = "USDJPY"
window = "30m"
half_life = "2h"
z = 3.5
min_own_pct = 0.4
min_other_pct = "0.2"
coupling_z = 0
joint_z = "6.25"
)"));
  EXPECT_EQ(rule.against, settings_of("").symbols.find("USDJPY"));
  EXPECT_EQ(rule.window, 30min);
  EXPECT_EQ(rule.half_life, 2h);
  EXPECT_EQ(rule.z, 3.5);
  EXPECT_EQ(rule.min_own.units(), 400'000);
  EXPECT_EQ(rule.min_other.units(), 200'000);
  EXPECT_EQ(rule.coupling_z, 0);
  EXPECT_EQ(rule.joint_z, 6.25);
}

TEST(RuleSpec, ADivergenceNeedsAnotherInstrumentAndNumbersInRange) {
  const auto problem = [](std::string_view keys) {
    const auto all = problems_of(divergence(keys));
    return all.empty() ? std::string{} : all.front().substr(all.front().find("'r'") + 3);
  };
  EXPECT_EQ(problem(""), ".against: is missing");
  EXPECT_EQ(problem("against = \"EURUSD\""), ".against: 'EURUSD' has no [instrument.EURUSD] table");
  EXPECT_EQ(problem("against = \"NI225\""), ".against: 'NI225' is the rule's own instrument; wanted another one");
  EXPECT_EQ(problem("against = \"USDJPY\"\nwindow = \"150s\""), ".window: 150s is no whole number of minutes");
  EXPECT_EQ(problem("against = \"USDJPY\"\nz = 0.5"), ".z: 0.5 is not from 1 to 100");
}

}  // namespace
}  // namespace yagura::config
