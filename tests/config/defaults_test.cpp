// What is in force when the file does not say.
#include "config_fixture.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using processing::LevelOptions;
using processing::MilestoneOptions;
using processing::MoveOptions;
using processing::RecordOptions;
using testing::ElementsAre;

const InstrumentInfo& instrument(const Settings& settings, std::string_view symbol) {
  return settings.monitor.instruments.at(index_of(settings.symbols.find(symbol).value()));
}

constexpr std::string_view kThreeCalendars = R"(
[instrument.CASH]
calendar = "tse"
[instrument.EURJPY]
calendar = "fx"
tick = "0.001"
[instrument.BTC]
)";

std::string milestone(std::string_view symbol) {
  return std::string{kThreeCalendars} + "[[rule]]\nid = \"r\"\nkind = \"milestone\"\ninstrument = \"" +
         std::string{symbol} + "\"\nstep = 100\n";
}
std::string record(std::string_view symbol) {
  return std::string{kThreeCalendars} + "[[rule]]\nid = \"r\"\nkind = \"record\"\ninstrument = \"" +
         std::string{symbol} + "\"\n";
}

TEST(DefaultsSpec, AnEmptyFileWatchesTheTwoShippedInstrumentsWithoutRulesOrFeeds) {
  const auto settings = settings_of("");
  ASSERT_EQ(settings.monitor.instruments.size(), 2U);
  const auto& nikkei = instrument(settings, "NI225");
  EXPECT_EQ(nikkei.name, "Nikkei 225");
  EXPECT_EQ(nikkei.name_ja, "日経平均");
  EXPECT_EQ(to_string(nikkei.tick), "0.01");
  EXPECT_EQ(nikkei.calendar, CalendarKind::kTse);
  EXPECT_EQ(nikkei.decimals(), 2);
  const auto& yen = instrument(settings, "USDJPY");
  EXPECT_EQ(yen.name, "USD/JPY");
  EXPECT_EQ(to_string(yen.tick), "0.001");
  EXPECT_EQ(to_string(yen.pip), "0.01");
  EXPECT_EQ(yen.calendar, CalendarKind::kFx);
  EXPECT_EQ(yen.decimals(), 3);
  EXPECT_TRUE(std::ranges::all_of(settings.monitor.rules, processing::is_empty)) << "only homes for levels to come";
  EXPECT_TRUE(settings.feeds.empty());
  EXPECT_TRUE(settings.sinks.empty());
}

TEST(DefaultsSpec, AnUnknownInstrumentIsAlwaysOpenAndFiltered) {
  const auto settings = settings_of("[instrument.BTC]");
  const auto& btc = instrument(settings, "BTC");
  EXPECT_EQ(btc.name, "BTC");
  EXPECT_EQ(btc.name_ja, "BTC");
  EXPECT_EQ(to_string(btc.tick), "0.01");
  EXPECT_EQ(to_string(btc.pip), "0.1");
  EXPECT_EQ(btc.calendar, CalendarKind::kAlways);
  EXPECT_TRUE(btc.filter);
  EXPECT_FALSE(btc.gap_after);
}

TEST(DefaultsSpec, AShippedInstrumentKeepsWhatItsTableLeavesOut) {
  const auto settings = settings_of("[instrument.USDJPY]\nfilter = false");
  const auto& yen = instrument(settings, "USDJPY");
  EXPECT_EQ(yen.name_ja, "ドル円");
  EXPECT_EQ(to_string(yen.pip), "0.01");
  EXPECT_EQ(yen.calendar, CalendarKind::kFx);
  EXPECT_FALSE(yen.filter);
}

TEST(DefaultsSpec, ThePipIsTenTicks) {
  EXPECT_EQ(to_string(instrument(settings_of("[instrument.EURUSD]\ntick = \"0.00001\""), "EURUSD").pip), "0.0001");
  EXPECT_EQ(to_string(instrument(settings_of("[instrument.USDJPY]\ntick = \"0.01\""), "USDJPY").pip), "0.1");
}

TEST(DefaultsSpec, TheJapaneseNameIsTheNameWhenNotGiven) {
  EXPECT_EQ(instrument(settings_of("[instrument.BTC]\nname = \"Bitcoin\""), "BTC").name_ja, "Bitcoin");
}

TEST(DefaultsSpec, RearmIsTenPipsForCurrenciesAndATenthOfAPercentForTheRest) {
  const auto currency = rule_of<MilestoneOptions>(milestone("EURJPY")).crossing.rearm;
  EXPECT_FALSE(currency.is_percent);
  EXPECT_EQ(to_string(currency.points), "0.1");
  for (const auto* symbol : {"CASH", "BTC"}) {
    const auto rest = rule_of<MilestoneOptions>(milestone(symbol)).crossing.rearm;
    EXPECT_TRUE(rest.is_percent) << symbol;
    EXPECT_EQ(rest.percent, *parse_percent("0.10")) << symbol;
  }
}

TEST(DefaultsSpec, ARecordStepIsTwentyPipsForCurrenciesAndAFifthOfAPercentForTheRest) {
  const auto currency = rule_of<RecordOptions>(record("EURJPY")).step;
  EXPECT_FALSE(currency.is_percent);
  EXPECT_EQ(to_string(currency.points), "0.2");
  for (const auto* symbol : {"CASH", "BTC"}) {
    const auto rest = rule_of<RecordOptions>(record(symbol)).step;
    EXPECT_TRUE(rest.is_percent) << symbol;
    EXPECT_EQ(rest.percent, *parse_percent("0.20")) << symbol;
  }
}

TEST(DefaultsSpec, AMilestoneReportsBothWaysWithoutNotesOfNearOrClose) {
  const auto crossing = rule_of<MilestoneOptions>(milestone("BTC")).crossing;
  EXPECT_EQ(crossing.cooldown, 10min);
  EXPECT_TRUE(crossing.directions.up && crossing.directions.down);
  EXPECT_FALSE(crossing.near);
  EXPECT_FALSE(crossing.close);
}

TEST(DefaultsSpec, ARecordIsAnIntradayHighOfEveryHorizon) {
  const auto rule = rule_of<RecordOptions>(record("BTC"));
  for (const auto horizon :
       {Horizon::kAllTime, Horizon::k52Week, Horizon::kYearToDate, Horizon::kWeek, Horizon::kSession}) {
    EXPECT_TRUE(rule.horizons.contains(horizon)) << static_cast<int>(horizon);
  }
  EXPECT_EQ(rule.basis, Basis::kIntraday);
  EXPECT_TRUE(rule.highs);
  EXPECT_FALSE(rule.lows);
  EXPECT_EQ(rule.min_gap, 60s);
}

TEST(DefaultsSpec, AFeedUsesItsVendorsAddress) {
  const auto settings = settings_of("[[feed]]\nname = \"g\"\nvendor = \"gmo\"\nsymbols = { USDJPY = \"USD_JPY\" }");
  ASSERT_EQ(settings.feeds.size(), 1U);
  EXPECT_TRUE(settings.feeds[0].url.starts_with("wss://")) << settings.feeds[0].url;
  EXPECT_EQ(settings.feeds[0].priority, 1);
  EXPECT_EQ(settings.feeds[0].silence, 3min);  // its server pings once a minute
  EXPECT_EQ(settings.feeds[0].ca_file, "");
}

TEST(DefaultsSpec, ThePipelineFoldsInOneThreadAndRefusesTheFuture) {
  const auto pipeline = settings_of("[pipeline]").pipeline;
  EXPECT_EQ(pipeline.queue_capacity, 65'536U);
  EXPECT_EQ(pipeline.on_full, OnFull::kFold);
  EXPECT_EQ(pipeline.wait, WaitMode::kAuto);
  EXPECT_EQ(pipeline.workers, 1);
  EXPECT_EQ(pipeline.future_limit, 2s);
  EXPECT_FALSE(pipeline.feeds_cpu || pipeline.detector_cpu);
  EXPECT_FALSE(pipeline.realtime);
  EXPECT_FALSE(pipeline.lock_memory);
}

TEST(DefaultsSpec, TheConsoleIsOnLoopbackWithoutAToken) {
  const auto console = settings_of("").console;
  EXPECT_TRUE(console.enabled);
  EXPECT_EQ(console.listen, "127.0.0.1:8225");
  EXPECT_FALSE(console.insecure);
  EXPECT_EQ(console.token_env + console.token_file, "");
  EXPECT_TRUE(console.hosts.empty());
}

TEST(DefaultsSpec, TheJournalStoresEverySecondAndTheLogSaysInfo) {
  const auto settings = settings_of("[journal]\n[log]");
  EXPECT_EQ(settings.journal.snapshot_every, 1s);
  EXPECT_EQ(settings.log.level, "info");
}

}  // namespace
}  // namespace yagura::config
