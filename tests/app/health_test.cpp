#include "app/health.hpp"

#include <gmock/gmock.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class HealthSpec : public ::testing::Test {
 protected:
  HealthSpec() { facts.feeds.push_back(feed("gmo", feeds::FeedState::kLive)); }

  static feeds::FeedStatus feed(const std::string& name, feeds::FeedState state, const std::string& text = "") {
    feeds::FeedStatus status;
    status.name = name;
    status.state = state;
    status.text = text;
    return status;
  }
  console::HealthPart part(const std::string& name) const {
    for (auto& it : health_of(facts).parts) {
      if (it.name == name) return it;
    }
    return {.name = "missing", .ok = false, .reason = "no such part"};
  }
  bool ready() const {
    const auto report = health_of(facts);
    return std::ranges::all_of(report.parts, &console::HealthPart::ok);
  }

  HealthFacts facts;
};

TEST_F(HealthSpec, AllWell) {
  EXPECT_TRUE(ready());
  for (const auto& it : health_of(facts).parts) EXPECT_THAT(it.reason, IsEmpty()) << it.name;
}

TEST_F(HealthSpec, AThreadThatStandsStillIsNamedAndCountsForLiveness) {
  facts.stuck = {{"storage", 31s}, {"feeds", 6s}};
  EXPECT_FALSE(part("threads").ok);
  EXPECT_TRUE(part("threads").liveness);
  EXPECT_EQ(part("threads").reason, "storage has not moved for 31 s; feeds has not moved for 6 s");
  for (const auto* name : {"config", "storage", "feeds", "dead_letters", "clock"}) EXPECT_FALSE(part(name).liveness);
}

TEST_F(HealthSpec, EachPartHasItsReason) {
  facts.config_problem = "yagura.toml:3: no such key";
  EXPECT_FALSE(part("config").ok);
  facts.storage.ok = false;
  facts.storage.reason = "journal.db: disk full";
  EXPECT_EQ(part("storage").reason, "journal.db: disk full");
  facts.dead_letters = 2;
  EXPECT_EQ(part("dead_letters").reason, "2 alerts could not be delivered");
  EXPECT_FALSE(part("dead_letters").ok);
}

TEST_F(HealthSpec, OneLiveFeedIsEnough) {
  facts.feeds.push_back(feed("ibkr", feeds::FeedState::kBackoff, "refused"));
  EXPECT_TRUE(part("feeds").ok);
}

TEST_F(HealthSpec, NoLiveFeedIsFineOnlyWhileNoMarketIsOpen) {
  facts.feeds = {feed("gmo", feeds::FeedState::kBackoff, "refused"), feed("ibkr", feeds::FeedState::kConnecting)};
  EXPECT_FALSE(part("feeds").ok);
  EXPECT_EQ(part("feeds").reason, "gmo BACKOFF: refused; ibkr CONNECTING");
  facts.market_open = false;
  EXPECT_TRUE(part("feeds").ok);
  EXPECT_THAT(part("feeds").reason, HasSubstr("market closed; gmo BACKOFF"));
}

TEST_F(HealthSpec, TheClockIsToldButDoesNotCount) {
  facts.clock.reason = "not synchronised";
  EXPECT_EQ(part("clock").reason, "not synchronised");
  EXPECT_TRUE(ready());
}

}  // namespace
}  // namespace yagura::app
