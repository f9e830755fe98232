// A message to a crowd: order, turns, and nobody forgotten.
#include "core/net/fanout.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

namespace yagura::net {
namespace {

class FanoutSpec : public ::testing::Test {
 protected:
  using Crowd = Fanout<int, std::string>;
  using Reach = Crowd::Reach;

  void join(int count) {
    for (; count > 0; --count) {
      ++last;
      crowd.add(ClientId{static_cast<std::uint64_t>(last)}, last);
    }
  }
  void leave(int who) { crowd.remove(ClientId{static_cast<std::uint64_t>(who)}); }
  Crowd::Member& member(int who) { return *crowd.find(ClientId{static_cast<std::uint64_t>(who)}); }
  void run() {
    while (crowd.busy()) crowd.turn();
  }
  std::size_t writes() const {
    std::size_t sum = 0;
    for (const auto& [who, text] : heard) sum += text.size();
    return sum;
  }

  int last = 0;
  std::map<int, std::string> heard;
  Crowd crowd{[this](int who, const std::string& message, bool) {
    heard[who] += message;
    return true;
  }};
};

TEST_F(FanoutSpec, AFewAreToldAtOnce) {
  join(static_cast<int>(Crowd::kAtOnce));
  crowd.tell("a");
  EXPECT_FALSE(crowd.busy());
  EXPECT_EQ(writes(), Crowd::kAtOnce);
}

TEST_F(FanoutSpec, OfACrowdTheEldestAreToldAtOnceAndTheOthersAFewATurn) {
  join(1000);
  crowd.tell("a");
  EXPECT_EQ(writes(), Crowd::kAtOnce);
  EXPECT_EQ(heard.rbegin()->first, static_cast<int>(Crowd::kAtOnce));
  for (auto before = writes(); crowd.busy(); before = writes()) {
    crowd.turn();
    EXPECT_LE(writes() - before, Crowd::kTurn);
  }
  EXPECT_EQ(heard.size(), 1000U);
  EXPECT_EQ(writes(), 1000U);
}

TEST_F(FanoutSpec, WhatIsSaidMeanwhileComesAfterForEveryone) {
  join(100);
  crowd.tell("a");
  crowd.turn();
  crowd.tell("b");
  crowd.turn();
  crowd.tell("c");
  run();
  ASSERT_EQ(heard.size(), 100U);
  for (const auto& [who, text] : heard) EXPECT_EQ(text, "abc") << who;
}

TEST_F(FanoutSpec, WhoComesMeanwhileHearsWhatIsSaidFromThenOn) {
  join(100);
  crowd.tell("a");
  join(1);
  crowd.tell("b");
  run();
  EXPECT_EQ(heard[101], "b");
  EXPECT_EQ(heard[100], "ab");
}

TEST_F(FanoutSpec, WhatIsWrittenToOneAloneKeepsItsPlace) {
  join(100);
  crowd.tell("a");
  crowd.catch_up(member(90));
  heard[90] += "own";
  crowd.tell("b");
  run();
  EXPECT_EQ(heard[90], "aownb");
}

TEST_F(FanoutSpec, OneThatIsHeldMissesOnlyWhatItGetsInAnotherWay) {
  join(100);
  crowd.tell("a", Reach::kNotHeld);
  crowd.tell("b");
  crowd.hold(member(90));
  crowd.hold(member(1));
  crowd.tell("c", Reach::kNotHeld);
  crowd.tell("d");
  crowd.turn();
  crowd.release(member(90));
  crowd.release(member(1));
  crowd.tell("e", Reach::kNotHeld);
  run();
  EXPECT_EQ(heard[90], "bde");
  EXPECT_EQ(heard[1], "abde");
  EXPECT_EQ(heard[50], "abcde");
}

TEST_F(FanoutSpec, OneThatIsHeldHearsWhatWasSaidBeforeWhatIsWrittenToItAlone) {
  join(100);
  crowd.tell("a", Reach::kNotHeld);
  crowd.tell("b");
  crowd.hold(member(90));
  crowd.catch_up(member(90));
  EXPECT_EQ(heard[90], "b");
  run();
  EXPECT_EQ(heard[90], "b");
}

TEST_F(FanoutSpec, InASmallCrowdTooOnlySomePassesByOneThatIsHeld) {
  join(2);
  crowd.hold(member(2));
  crowd.tell("a", Reach::kNotHeld);
  crowd.tell("b");
  EXPECT_EQ(heard[1], "ab");
  EXPECT_EQ(heard[2], "b");
}

TEST_F(FanoutSpec, AnAlertWaitsForNoMoreThanAFewOffersEvenInASmallCrowd) {
  join(static_cast<int>(Crowd::kAtOnce));
  EXPECT_TRUE(crowd.offer("."));
  EXPECT_EQ(writes(), 0U) << "in turns";
  crowd.turn();
  EXPECT_EQ(writes(), Crowd::kOffersATurn);
  crowd.tell("a");
  EXPECT_EQ(writes(), Crowd::kOffersATurn + Crowd::kAtOnce) << "at once";
  run();
  EXPECT_EQ(heard[1], ".a");
  EXPECT_EQ(heard[static_cast<int>(Crowd::kAtOnce)], "a.");
}

TEST_F(FanoutSpec, OffersWaitUntilAllHaveHeardAndTooManyAreLeftOut) {
  join(100);
  for (std::size_t i = 0; i < Crowd::kMostOffers; ++i) EXPECT_TRUE(crowd.offer("."));
  EXPECT_FALSE(crowd.offer("!"));
  crowd.tell("a");
  run();
  EXPECT_EQ(heard[100].front(), 'a');
  EXPECT_EQ(heard[100].size(), 1 + Crowd::kMostOffers);
}

TEST_F(FanoutSpec, TheLatestIsNeverRefusedAndReplacesOneThatNobodyHasHeard) {
  join(100);
  for (std::size_t i = 0; i < Crowd::kMostOffers; ++i) EXPECT_TRUE(crowd.offer("."));
  crowd.offer_latest("1");
  crowd.offer_latest("2");
  join(1);
  crowd.offer_latest("3");
  run();
  EXPECT_EQ(heard[1], std::string(Crowd::kMostOffers, '.') + "3");
  EXPECT_EQ(heard[101], "3");
}

TEST_F(FanoutSpec, TheLatestOnItsWayGoesOnAndTheNextFollows) {
  join(100);
  crowd.offer_latest("1");
  crowd.turn();
  crowd.offer_latest("2");
  run();
  for (const auto& [who, text] : heard) EXPECT_EQ(text, "12") << who;
}

TEST_F(FanoutSpec, WhateverHappensEachHearsAllOfItsTimeOnceAndInOrder) {
  std::mt19937 random{7};
  std::map<int, std::string> wanted;
  std::vector<int> there;
  for (int step = 0; step < 20'000; ++step) {
    const auto dice = random() % 100;
    if (dice < 20) {
      join(1);
      there.push_back(last);
      wanted[last];
    } else if (dice < 25 && !there.empty()) {
      const auto at = there.begin() + static_cast<std::ptrdiff_t>(random() % there.size());
      wanted.erase(*at);
      heard.erase(*at);
      leave(*at);
      there.erase(at);
    } else if (dice < 35) {
      const std::string message(1, static_cast<char>('a' + random() % 26));
      crowd.tell(message);
      for (const int who : there) wanted[who] += message;
    } else {
      crowd.turn();
    }
  }
  run();
  for (const int who : there) EXPECT_EQ(heard[who], wanted[who]) << who;
}

TEST_F(FanoutSpec, WhoCannotBeWrittenToStopsNobody) {
  Crowd broken{[this](int who, const std::string& message, bool) {
    heard[who] += message;
    return who % 2 == 0;
  }};
  for (int who = 1; who <= 50; ++who) broken.add(ClientId{static_cast<std::uint64_t>(who)}, who);
  broken.tell("a");
  broken.tell("b");
  while (broken.busy()) broken.turn();
  EXPECT_EQ(heard[50], "ab");
  EXPECT_EQ(heard.size(), 50U);
}

}  // namespace
}  // namespace yagura::net
