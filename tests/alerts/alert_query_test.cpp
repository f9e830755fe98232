#include "alerts/alert_query.hpp"

#include <gmock/gmock.h>

#include <future>

#include "alerts/journal.hpp"
#include "tests/alerts/temp_dir.hpp"

namespace yagura::alerts {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

std::string json(const char* rule, const char* severity) {
  return std::string(R"({"v":1,"rule":")") + rule + R"(","kind":"move","instrument":"USDJPY","severity":")" + severity +
         "\"}";
}

class AlertQuerySpec : public testing::Test {
 protected:
  AlertQuerySpec() {
    Journal::Options options;
    options.sinks = {"hook"};
    auto opened = Journal::open(StateDir{dir.path()}, options);
    EXPECT_TRUE(opened);
    journal = std::move(*opened);
    const Ways ways{.episode = {0xab00, 1}, .severity = Severity::kHigh, .routes = {Route{}}};
    journal->append(1, {0xab00, 1}, timestamp_from_ns(100), json("yen-move", "high"), ways);
    journal->append(2, {0xab00, 2}, timestamp_from_ns(200), json("yen-move", "low"));
    journal->append(3, {0xcd00, 3}, timestamp_from_ns(300), json("other", "critical"));
    EXPECT_TRUE(journal->flush());
  }
  AlertQuery query() { return *AlertQuery::open(journal->file()); }
  std::vector<std::uint64_t> numbers(const AlertFilter& filter) {
    std::vector<std::uint64_t> seqs;
    auto looking = query();
    const auto found = looking.alerts(filter);
    for (const auto& alert : *found) seqs.push_back(alert.seq);
    return seqs;
  }
  bool act(const char* kind, Id128 id) {
    std::promise<bool> stored;
    journal->act({timestamp_from_ns(7), kind, id, "aki", "seen", "{}"}, [&](bool ok) { stored.set_value(ok); });
    return stored.get_future().get();
  }

  TempDir dir;
  std::unique_ptr<Journal> journal;
};

TEST_F(AlertQuerySpec, PicksOut) {
  EXPECT_THAT(numbers({}), ElementsAre(1, 2, 3));
  EXPECT_THAT(numbers({.rule = "yen-move"}), ElementsAre(1, 2));
  EXPECT_THAT(numbers({.severity = Severity::kHigh}), ElementsAre(1, 3));
  EXPECT_THAT(numbers({.since = timestamp_from_ns(200)}), ElementsAre(2, 3));
  EXPECT_THAT(numbers({.until = timestamp_from_ns(200)}), ElementsAre(1));
  EXPECT_THAT(numbers({.instrument = "USDJPY", .kind = "move", .after = 1, .limit = 1}), ElementsAre(2));
  EXPECT_THAT(numbers({.limit = 2, .newest = true}), ElementsAre(2, 3));
  EXPECT_THAT(numbers({.undelivered = true}), ElementsAre(1));
  EXPECT_THAT(numbers({.rule = "' OR 1=1 --"}), IsEmpty());
  EXPECT_THAT(numbers({.after = ~std::uint64_t{0}}), IsEmpty());
}

TEST_F(AlertQuerySpec, FindsByTheBeginningOfAnId) {
  EXPECT_THAT(*query().ids_beginning("0000000000"), SizeIs(2)) << "not the only one";
  EXPECT_THAT(*query().ids_beginning("000000000000cd"), ElementsAre(Id128{0xcd00, 3}));
  EXPECT_THAT(*query().ids_beginning("ffff"), IsEmpty());
  EXPECT_THAT(*query().ids_beginning("%"), IsEmpty());
  EXPECT_EQ((*query().alert({0xcd00, 3}))->seq, 3U);
  EXPECT_FALSE(*query().alert({1, 1}));
}

TEST_F(AlertQuerySpec, TellsWhatBecameOfAnAlertAndWhoDidWhat) {
  const auto deliveries = *query().deliveries_of({0xab00, 1});
  ASSERT_THAT(deliveries, SizeIs(1));
  EXPECT_EQ(deliveries[0].sink, "hook");
  EXPECT_EQ(deliveries[0].state, DeliveryState::kPending);
  EXPECT_THAT(*query().sinks_of_episode({0xab00, 1}), ElementsAre("hook"));
  EXPECT_THAT(*query().undelivered(), ElementsAre(1));
  EXPECT_TRUE(act("ack", {0xab00, 1}));
  const auto actions = *query().actions_of({0xab00, 1});
  ASSERT_THAT(actions, SizeIs(1));
  EXPECT_EQ(actions[0].author + ": " + actions[0].reason, "aki: seen");
  EXPECT_THAT(*query().actions_since(timestamp_from_ns(7)), SizeIs(1));
  EXPECT_THAT(*query().actions_since(timestamp_from_ns(8)), IsEmpty());
}

TEST_F(AlertQuerySpec, KnowsWhichNumbersStoodWhenEachRunBegan) {
  EXPECT_THAT(*query().numbers_before_epochs(), ElementsAre(std::pair{1, 0}));
  journal.reset();
  journal = *Journal::open(StateDir{dir.path()});
  EXPECT_THAT(*query().numbers_before_epochs(), ElementsAre(std::pair{1, 0}, std::pair{2, 3}));
}

}  // namespace
}  // namespace yagura::alerts
