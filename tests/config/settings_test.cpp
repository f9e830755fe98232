// The rest of the file: instruments, feeds, pipeline, console, sinks; and the file that is shipped.
#include "config_fixture.hpp"

#include "config/scenario_file.hpp"

namespace yagura::config {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

std::vector<std::string> symbols_in(const Settings& settings) {
  std::vector<std::string> symbols;
  for (const auto& info : settings.monitor.instruments) symbols.push_back(info.symbol);
  return symbols;
}

TEST(SettingsSpec, InstrumentsKeepTheOrderOfTheFile) {
  const auto settings = settings_of("[instrument.ZINC]\n[instrument.USDJPY]\n[instrument.AUD]\n[instrument.NI225]\n");
  EXPECT_THAT(symbols_in(settings), ElementsAre("ZINC", "USDJPY", "AUD", "NI225"));
  for (std::size_t i = 0; i < settings.symbols.size(); ++i) {
    EXPECT_EQ(settings.symbols.name(SymbolId{static_cast<std::uint16_t>(i)}), settings.monitor.instruments[i].symbol);
  }
}

TEST(SettingsSpec, ShippedInstrumentsThatTheFileLeavesOutComeLast) {
  EXPECT_THAT(symbols_in(settings_of("[instrument.BTC]\n")), ElementsAre("BTC", "NI225", "USDJPY"));
}

TEST(SettingsSpec, AnInstrumentTakesEveryKey) {
  const auto settings = settings_of(R"([instrument.NKFUT]
name = "Nikkei futures"
name_ja = "日経先物"
tick = "5"
pip = "10"
calendar = "tse"
filter = false
gap_after = "30s"
)");
  const auto& info = settings.monitor.instruments[0];
  EXPECT_EQ(info.name, "Nikkei futures");
  EXPECT_EQ(info.name_ja, "日経先物");
  EXPECT_EQ(info.tick, distance("5"));
  EXPECT_EQ(info.pip, distance("10"));
  EXPECT_EQ(info.calendar, CalendarKind::kTse);
  EXPECT_FALSE(info.filter);
  EXPECT_EQ(info.gap_after, 30s);
  EXPECT_EQ(info.decimals(), 0);
}

TEST(SettingsSpec, AFeedTakesEveryKey) {
  const auto settings = settings_of(R"([[feed]]
name = "desk"
vendor = "native"
url = "wss://feed.example:9443/ticks"
symbols = { NI225 = "NK", USDJPY = "USD/JPY" }
priority = 2
silence = "5s"
ca_file = ")" YAGURA_ROOT R"(/LICENSE"
)");
  ASSERT_THAT(settings.feeds, SizeIs(1));
  const auto& feed = settings.feeds[0];
  EXPECT_EQ(feed.name, "desk");
  EXPECT_EQ(feed.vendor, "native");
  EXPECT_EQ(feed.url, "wss://feed.example:9443/ticks");
  EXPECT_THAT(feed.symbols, ElementsAre(Pair("NI225", "NK"), Pair("USDJPY", "USD/JPY")));
  EXPECT_EQ(feed.priority, 2);
  EXPECT_EQ(feed.silence, 5s);
  EXPECT_EQ(feed.ca_file, YAGURA_ROOT "/LICENSE");
}

TEST(SettingsSpec, ThePipelineTakesEveryKey) {
  const auto pipeline =
      settings_of(
          "[pipeline]\nqueue_capacity = 64\non_full = \"wait\"\nwait = \"spin\"\nworkers = 0\nfuture_limit = \"500ms\"")
          .pipeline;
  EXPECT_EQ(pipeline.queue_capacity, 64U);
  EXPECT_EQ(pipeline.on_full, OnFull::kWait);
  EXPECT_EQ(pipeline.wait, WaitMode::kSpin);
  EXPECT_EQ(pipeline.workers, 0);
  EXPECT_EQ(pipeline.future_limit, 500ms);
}

TEST(SettingsSpec, ThePipelineMayAskTheMachineForMore) {
  const auto pipeline =
      settings_of("[pipeline]\ncpus = { feeds = 0, detector = 1 }\nrealtime = true\nlock_memory = true").pipeline;
  EXPECT_EQ(pipeline.feeds_cpu, 0);
  EXPECT_EQ(pipeline.detector_cpu, 1);
  EXPECT_TRUE(pipeline.realtime);
  EXPECT_TRUE(pipeline.lock_memory);
}

TEST(SettingsSpec, EveryWayOfWaitingHasItsName) {
  const std::pair<const char*, WaitMode> modes[] = {
      {"auto", WaitMode::kAuto}, {"spin", WaitMode::kSpin}, {"yield", WaitMode::kYield}, {"block", WaitMode::kBlock}};
  for (const auto& [name, mode] : modes)
    EXPECT_EQ(settings_of("[pipeline]\nwait = \"" + std::string{name} + "\"").pipeline.wait, mode) << name;
}

TEST(SettingsSpec, TheFutureMayBeLetIn) {
  EXPECT_FALSE(settings_of("[pipeline]\nfuture_limit = \"off\"").pipeline.future_limit);
}

TEST(SettingsSpec, TheConsoleTakesEveryKey) {
  ::setenv("YAGURA_CONFIG_TEST_TOKEN", "secret", 1);
  const auto console = settings_of(R"([console]
enabled = true
listen = "0.0.0.0:9000"
token_env = "YAGURA_CONFIG_TEST_TOKEN"
insecure = true
hosts = ["desk.example", "desk"]
)")
                           .console;
  ::unsetenv("YAGURA_CONFIG_TEST_TOKEN");
  EXPECT_TRUE(console.enabled);
  EXPECT_EQ(console.listen, "0.0.0.0:9000");
  EXPECT_EQ(console.token_env, "YAGURA_CONFIG_TEST_TOKEN");
  EXPECT_TRUE(console.insecure);
  EXPECT_THAT(console.hosts, ElementsAre("desk.example", "desk"));
  EXPECT_FALSE(settings_of("[console]\nenabled = false").console.enabled);
}

TEST(SettingsSpec, JournalAndLogTakeTheirKeys) {
  const auto settings = settings_of("[journal]\nsnapshot_every = \"250ms\"\n[log]\nlevel = \"warn\"");
  EXPECT_EQ(settings.journal.snapshot_every, 250ms);
  EXPECT_EQ(settings.log.level, "warn");
}

TEST(SettingsSpec, AFileSinkHasANameAndAPath) {
  const auto settings = settings_of("[[sink]]\nname = \"book\"\nkind = \"file\"\npath = \"alerts.jsonl\"");
  ASSERT_THAT(settings.sinks, SizeIs(1));
  EXPECT_EQ(settings.sinks[0].name, "book");
  EXPECT_EQ(std::get<alerts::FileChannel>(settings.sinks[0].channel).path, "alerts.jsonl");
}

TEST(ShippedFilesSpec, TheConfigurationLoads) {
  const auto loaded = load_file(YAGURA_ROOT "/config/yagura.toml");
  EXPECT_THAT(loaded.problems, IsEmpty()) << joined(loaded.problems);
  EXPECT_THAT(symbols_in(loaded.settings), ElementsAre("NI225", "USDJPY"));
  EXPECT_FALSE(loaded.settings.feeds.empty());
  EXPECT_GE(loaded.settings.monitor.rules.size(), 4U);
  EXPECT_EQ(loaded.settings.console.listen, "127.0.0.1:8225");
}

TEST(ShippedFilesSpec, TheScenarioLoadsAndItsHistoryIsThere) {
  const auto file = load_scenario(YAGURA_ROOT "/config/scenarios/2026-02-rally.toml");
  EXPECT_THAT(file.problems, IsEmpty()) << joined(file.problems);
  EXPECT_EQ(file.scenario.instruments.size(), 2U);
  ASSERT_FALSE(file.history.empty());
  for (const auto& [symbol, path] : file.history) EXPECT_FALSE(read_all(path).empty()) << symbol;
}

TEST(ScenarioFileSpec, ProblemsAreReportedTogetherLikeThoseOfTheConfiguration) {
  const TempFolder folder;
  const auto path = folder.write("broken.toml", R"(nmae = "x"
synthetic = true
seed = -1
until = "tomorrow"
)");
  const auto problems = load_scenario(path).problems;
  EXPECT_THAT(problems, testing::AllOf(testing::Contains(testing::HasSubstr("did you mean 'name'?")),
                                       testing::Contains(testing::HasSubstr("seed")),
                                       testing::Contains(testing::HasSubstr("not \"tomorrow\"")),
                                       testing::Contains(testing::HasSubstr("[[instrument]]"))))
      << joined(problems);
}

TEST(ScenarioFileSpec, AMissingFileIsNamed) {
  EXPECT_THAT(load_scenario("/absent/x.toml").problems, ElementsAre(testing::HasSubstr("/absent/x.toml")));
}

}  // namespace
}  // namespace yagura::config
