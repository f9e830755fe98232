// From signals to journal, console and sinks: who gets what, also after a crash.
#include "app/alert_desk.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include "alerts/dispatch.hpp"
#include "app/snapshot_blob.hpp"
#include "tests/alerts/samples.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
namespace samples = alerts::samples;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class AlertDeskSpec : public testing::Test {
 protected:
  AlertDeskSpec() {
    std::string name = (std::filesystem::temp_directory_path() / "yagura-desk-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    options.rules.resize(catalog.rules.size());
  }
  ~AlertDeskSpec() override {
    desk.reset();
    journal.reset();
    std::filesystem::remove_all(folder);
  }

  void start(const std::string& state = {}) {
    desk.reset();
    journal.reset();
    alerts::Journal::Options journal_options;
    journal_options.sinks = {"archive", "people"};
    auto opened = alerts::Journal::open(alerts::StateDir{folder}, journal_options);
    ASSERT_TRUE(opened);
    journal = std::move(*opened);
    journal->on_deliveries([this](std::vector<alerts::Delivery> deliveries, const std::vector<Id128>&) {
      for (const auto& delivery : deliveries)
        (delivery.sink == "archive" ? archive : delivered).push_back(*delivery.json);
    });
    policy = std::make_unique<alerts::DeliveryPolicy>(catalog, options);
    ASSERT_TRUE(state.empty() || policy->load(state));
    AlertDesk::Outputs outputs;
    outputs.console = [this](std::uint64_t, std::string_view json, std::string_view reason) {
      shown.emplace_back(json);
      held.emplace_back(reason);
    };
    outputs.rehearse = [this](std::string_view json) { rehearsed.emplace_back(json); };
    outputs.remember = [this](std::uint64_t, std::string_view json, std::string_view) {
      remembered.emplace_back(json);
    };
    std::vector<alerts::SinkOptions> sinks(2);
    sinks[0].name = "archive";
    sinks[0].deliver = alerts::Deliver::kAll;
    sinks[1].name = "people";
    outputs.routing = alerts::Routing{sinks, options.rules};
    outputs.silenced = [this](const Signal& signal) { return silenced && catalog.rule(signal).id == *silenced; };
    desk = std::make_unique<AlertDesk>(catalog, *journal, *policy, std::move(outputs));
  }
  // A record and the milestone of the same tick, as the detectors give them.
  void opening(Timestamp at, std::uint64_t id) {
    auto record = samples::nikkei_record(Event::kNewHigh, {Horizon::kAllTime}).signal;
    auto milestone = samples::three_milestones();
    record.ts_event = milestone.signal.ts_event = at;
    record.id = {7, id};
    milestone.signal.id = {7, id + 1};
    SignalBuffer signals;
    signals.add(record);
    milestone.signal.levels.first = signals.add_levels(milestone.levels);
    signals.add(milestone.signal);
    hand_out(signals);
  }
  // Until what goes to sinks was handed on.
  void hand_out(const SignalBuffer& signals) {
    desk->hand_out(signals);
    ASSERT_TRUE(journal->flush());
  }
  bool on_clock(SymbolId symbol, Timestamp now) {
    const bool said = desk->on_clock(symbol, now);
    EXPECT_TRUE(journal->flush());
    return said;
  }

  alerts::Catalog catalog = samples::catalog();
  alerts::DeliveryOptions options;
  std::filesystem::path folder;
  std::unique_ptr<alerts::Journal> journal;
  std::unique_ptr<alerts::DeliveryPolicy> policy;
  std::unique_ptr<AlertDesk> desk;
  std::optional<std::string> silenced;  // a rule
  std::vector<std::string> shown, held, remembered, rehearsed;
  std::vector<std::string> archive, delivered;  // by the storage thread, between flushes
};

TEST_F(AlertDeskSpec, HoldsBackFromFilteredSinksOnly) {
  start();
  opening(samples::at("2026-02-09T09:22:05+09:00"), 1);
  EXPECT_THAT(held, ElementsAre("absorbed", ""));
  EXPECT_EQ(archive, shown) << "the same bytes, in the same order";
  ASSERT_THAT(delivered, SizeIs(1));
  EXPECT_EQ(delivered[0], shown[1]);
  EXPECT_EQ(desk->alerts(), 2U);
}

TEST_F(AlertDeskSpec, WritesAllAlertsOfATickBeforeAnythingElseHappensToThem) {
  start();
  SignalBuffer signals;
  auto record = samples::nikkei_record(Event::kNewHigh, {Horizon::kAllTime}).signal;
  record.id = {7, 1};
  signals.add(record);
  auto milestone = samples::three_milestones();
  milestone.signal.levels.first = signals.add_levels(milestone.levels);
  signals.add(milestone.signal);
  desk->write(signals);
  EXPECT_THAT(shown, SizeIs(2));
  EXPECT_EQ(journal->queued(), 0U);
  EXPECT_THAT(remembered, IsEmpty());
  EXPECT_EQ(desk->alerts(), 0U);
  EXPECT_FALSE(desk->settle()) << "nothing was sent late";
  EXPECT_EQ(journal->last_seq(), 2U);
  EXPECT_EQ(remembered, shown) << "the same bytes, in the same order";
  EXPECT_EQ(desk->alerts(), 2U);
  desk->rest();
  ASSERT_TRUE(journal->flush());
  EXPECT_EQ(archive, shown);
}

TEST_F(AlertDeskSpec, RehearsesEveryKindAndLeavesNoTrace) {
  start();
  opening(samples::at("2026-02-09T09:22:05+09:00"), 1);
  const auto before = shown;
  const auto state = policy->save();
  const auto counts = desk->counts();
  for (int i = 0; i < 100; ++i) desk->rehearse();
  EXPECT_EQ(policy->save(), state);
  EXPECT_EQ(desk->counts(), counts);
  EXPECT_EQ(desk->repeats(), 0U);
  EXPECT_EQ(std::set<std::string>(rehearsed.begin(), rehearsed.end()).size(), catalog.rules.size())
      << "each of its rules is another kind or instrument";
  EXPECT_EQ(shown, before);
  EXPECT_EQ(remembered, before);
  EXPECT_EQ(desk->alerts(), 2U);
  EXPECT_EQ(journal->last_seq(), 2U);
  opening(samples::at("2026-02-09T09:23:05+09:00"), 3);
  EXPECT_EQ(archive, shown) << "and none of it was stored";
  EXPECT_EQ(journal->last_seq(), 4U);
}

TEST_F(AlertDeskSpec, RehearsesTheRulesThereAreAfterAReload) {
  start();
  desk->rehearse();
  catalog.rules.resize(1);
  desk->use({});
  rehearsed.clear();
  for (int i = 0; i < 10; ++i) desk->rehearse();
  EXPECT_EQ(rehearsed, std::vector<std::string>(10, rehearsed.front()));
  EXPECT_THAT(rehearsed.front(), HasSubstr(R"("rule":"nikkei-milestone")"));
  catalog.rules.clear();
  desk->use({});
  desk->rehearse();
  EXPECT_THAT(rehearsed, SizeIs(10));
}

TEST_F(AlertDeskSpec, HoldsWhatAPersonSilencedAndCountsIt) {
  silenced = "nikkei-milestone";
  start();
  opening(samples::at("2026-02-09T09:22:05+09:00"), 1);
  EXPECT_THAT(held, ElementsAre("absorbed", "silenced"));
  EXPECT_EQ(archive, shown) << "who takes everything takes this";
  EXPECT_THAT(delivered, IsEmpty());
  EXPECT_EQ(policy->count(alerts::Held::kSilenced), 1U);
  EXPECT_EQ(policy->count(alerts::Held::kNot), 0U);
  silenced.reset();
  opening(samples::at("2026-02-09T10:22:05+09:00"), 11);
  EXPECT_THAT(delivered, SizeIs(1)) << "lifted";
}

TEST_F(AlertDeskSpec, DoesNotSayAgainAfterACrashWhatIsSaidOnce) {
  options.rules[samples::kMilestoneRule].repeat = alerts::Repeat::kOnce;
  start();
  const auto at = samples::at("2026-02-09T09:22:05+09:00");
  opening(at, 1);
  start(policy->save());
  opening(at, 1);  // the feed repeats itself
  EXPECT_EQ(desk->repeats(), 2U);
  EXPECT_THAT(delivered, SizeIs(1));
  opening(at + 1h, 11);  // another episode: of another id, but the same thing
  EXPECT_THAT(held, ElementsAre("absorbed", "", "", "repeated"));
  EXPECT_THAT(delivered, SizeIs(2)) << "the record, which nothing absorbs now";
}

TEST_F(AlertDeskSpec, LearnsFromAlertsThatTheStateOfDeliveryHadMissed) {
  options.rules[samples::kMilestoneRule].repeat = alerts::Repeat::kOnce;
  start();
  const auto before = policy->save();
  const auto at = samples::at("2026-02-09T09:22:05+09:00");
  opening(at, 1);
  start(before);  // killed between the alerts and the snapshot
  opening(at, 1);
  EXPECT_THAT(delivered, SizeIs(1)) << "sent before the crash";
  opening(at + 1h, 11);
  EXPECT_THAT(held.back(), "repeated");
}

TEST_F(AlertDeskSpec, SendsTheSummaryOfAStormByTheMarketsClock) {
  options.storm = alerts::StormBudget{2, 60s};
  start();
  const auto at = samples::at("2026-02-11T22:30:00+09:00");
  SignalBuffer signals;
  for (std::uint64_t i = 1; i <= 5; ++i) {
    auto move = samples::yen_move(Event::kMove, "150.40", "150.00").signal;
    move.id = {9, i};
    move.ts_event = at + 1s * i;
    signals.clear();
    signals.add(move);
    hand_out(signals);
  }
  EXPECT_THAT(archive, SizeIs(5));
  EXPECT_THAT(delivered, SizeIs(2));
  EXPECT_FALSE(on_clock(samples::kYen, at + 62s));
  EXPECT_TRUE(on_clock(samples::kYen, at + 63s));
  ASSERT_THAT(delivered, SizeIs(3));
  EXPECT_THAT(delivered[2], HasSubstr(R"("kind":"storm","instrument":"USDJPY","severity":"high")"));
  EXPECT_THAT(archive, SizeIs(5)) << "an archive has the alerts themselves";
}

TEST_F(AlertDeskSpec, SendsAStateLateWhenItHasLasted) {
  const auto rule = static_cast<std::uint16_t>(catalog.rules.size());
  catalog.rules.push_back({"yen-stale", RuleKind::kStale, samples::kYen, {}});
  options.rules.emplace_back().pending = 30s;
  start();
  const auto at = samples::at("2026-02-11T22:30:00+09:00");
  auto stale = samples::common(samples::kYen, rule, RuleKind::kStale, Event::kStale, Direction::kDown);
  stale.ts_event = at;
  stale.price = samples::price("150");
  stale.stale = {};
  SignalBuffer signals;
  signals.add(stale);
  hand_out(signals);
  EXPECT_THAT(held, ElementsAre("pending"));
  EXPECT_THAT(delivered, IsEmpty());
  const auto saved = policy->save();
  start(saved);
  EXPECT_TRUE(on_clock(samples::kYen, at + 30s));
  EXPECT_EQ(delivered, archive) << "the same bytes, half a minute later";
}

TEST(SnapshotBlob, CarriesBothStatesAndReadsTheLayoutBefore) {
  struct Part {
    std::string text;
    void save(std::string& out) { out += text; }
  };
  Part detectors{"detectors"}, delivery{"delivery"}, history{"history"};
  const auto both = split(kSnapshotVersion, join(detectors, delivery, 42, history, 1));
  ASSERT_TRUE(both);
  EXPECT_EQ(both->history, "history");
  EXPECT_EQ(both->detectors, "detectors");
  EXPECT_EQ(both->delivery, "delivery");
  EXPECT_EQ(both->ring, 42U);
  const auto old = split(1, "detectors");
  ASSERT_TRUE(old);
  EXPECT_EQ(old->detectors, "detectors");
  EXPECT_EQ(old->delivery, "");
  EXPECT_FALSE(split(4, "x"));
  EXPECT_FALSE(split(3, "x"));
  EXPECT_FALSE(split(2, "x"));
}

}  // namespace
}  // namespace yagura::app
