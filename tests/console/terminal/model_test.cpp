#include "console/terminal/model.hpp"

#include <gmock/gmock.h>

#include "console/state_json.hpp"
#include "tests/console/terminal/screen_fixture.hpp"

namespace yagura::console::terminal {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

class ModelSpec : public ScreenSpec {
 protected:
  void hello(std::int64_t epoch, std::uint64_t last_seq) {
    auto state = busy_state();
    state.epoch = epoch;
    receive(state_message("hello", state, last_seq));
  }
  // The same epoch, but another start: the state was lost between.
  void hello_of_another(std::int64_t epoch, std::uint64_t last_seq) {
    auto state = busy_state();
    state.epoch = epoch;
    state.started += seconds{60};
    receive(state_message("hello", state, last_seq));
  }
  void alert(std::uint64_t seq, std::string_view id, std::string_view event = "reached", std::string_view parent = "") {
    std::string json = R"({"type":"alert","alert":{"seq":)" + std::to_string(seq) + R"(,"id":")";
    json.append(id).append(R"(","event":")").append(event).append(R"(","severity":"high","title":"t","parent":")");
    receive(json.append(parent).append(R"("}})"));
  }
  [[nodiscard]] std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> numbers;
    for (const auto& row : model.alerts()) numbers.push_back(row.seq);
    return numbers;
  }
};

TEST_F(ModelSpec, ReadsBackEveryFieldOfTheState) {
  const auto wanted = [] {
    std::string json;
    append_state(json, busy_state(), {});
    return json;
  }();
  hello(3, 115);
  std::string again;
  append_state(again, *model.state(), {});
  EXPECT_EQ(again, wanted);
}

TEST_F(ModelSpec, AsksForTheLast200OnArrival) {
  hello(3, 1'115);
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":915})");
  EXPECT_EQ(model.link(), Model::Link::kLive);
}

TEST_F(ModelSpec, GoesOnBehindTheNewestAfterAPause) {
  hello(3, 2);
  alert(1, "a1");
  alert(2, "a2");
  model.link_lost(now, "reset");
  EXPECT_EQ(model.link(), Model::Link::kLost);
  hello(3, 9);
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":2})");
  EXPECT_THAT(numbers(), ElementsAre(1, 2));
}

TEST_F(ModelSpec, AsksAgainForThePastThatDidNotComeBeforeTheLinkWasLost) {
  hello(3, 4);  // asks for all after 0
  alert(1, "a1");
  alert(5, "a5");  // decided while the past was still to come
  model.link_lost(now, "reset");
  hello(3, 5);
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":1})");
}

TEST_F(ModelSpec, NamesWhatItHasToAnotherEpoch) {
  hello(3, 2);
  alert(1, "a1");
  alert(2, "a2");
  hello(4, 2);
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":2,"epoch":3,"ids":["a1","a2"]})");
}

TEST_F(ModelSpec, StartsOverWhenTheNumbersWentBack) {
  hello(3, 2);
  alert(1, "a1");
  alert(2, "a2");
  hello(1, 1);
  EXPECT_TRUE(model.alerts().empty());
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":0})");
}

TEST_F(ModelSpec, StartsOverWithAMonitorThatLostItsStateWhateverItsNumbers) {
  hello(1, 2);
  alert(1, "a1");
  alert(2, "a2");
  hello_of_another(1, 9);
  EXPECT_TRUE(model.alerts().empty());
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":0})");
}

TEST_F(ModelSpec, StartsOverWithAMonitorOfAnEarlierEpochThatIsFurtherOn) {
  hello(3, 2);
  alert(1, "a1");
  alert(2, "a2");
  hello_of_another(1, 9);
  EXPECT_TRUE(model.alerts().empty());
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":0})");
}

TEST_F(ModelSpec, GoesByIdsWithALaterStartWhoseNumbersWentBack) {
  hello(3, 2);
  alert(1, "a1");
  alert(2, "a2");
  hello_of_another(4, 1);
  EXPECT_THAT(numbers(), ElementsAre(1, 2));
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":2,"epoch":3,"ids":["a1","a2"]})");
}

TEST_F(ModelSpec, NamesWhatItHasAgainWhenTheLinkWasLostBeforeThePastWasTold) {
  hello(3, 1);
  alert(1, "a1");
  hello_of_another(4, 1);
  model.link_lost(now, "reset");
  hello_of_another(4, 1);
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":1,"epoch":3,"ids":["a1"]})");
  now += Model::kSettledAfter + seconds{1};
  alert(2, "a2");
  model.link_lost(now, "reset");
  hello_of_another(4, 2);
  EXPECT_EQ(model.resume_message(), R"({"type":"resume","after":2})");
}

TEST_F(ModelSpec, ShowsEachAlertOnceAndInOrder) {
  hello(3, 0);
  alert(2, "b");
  alert(1, "a");
  alert(2, "b");               // again
  alert(3, "b", "withdrawn");  // the id of what it withdraws
  EXPECT_THAT(numbers(), ElementsAre(1, 2, 3));
}

TEST_F(ModelSpec, KeepsTheNewest2000) {
  hello(3, 0);
  for (std::uint64_t seq = 1; seq <= 2'500; ++seq) alert(seq, std::to_string(seq));
  EXPECT_EQ(model.alerts().size(), Model::kMostAlerts);
  EXPECT_EQ(model.alerts().front().seq, 501U);
}

TEST_F(ModelSpec, AcknowledgesAnEpisode) {
  hello(3, 0);
  alert(1, "a1");
  alert(2, "a2", "cleared", "a1");
  receive(R"({"type":"action","action":"ack","alert":"a2","id":"a1","at":"2026-02-12T05:00:00Z","author":"aki"})");
  ASSERT_NE(model.acknowledged(model.alerts()[0]), nullptr);
  ASSERT_NE(model.acknowledged(model.alerts()[1]), nullptr);
  EXPECT_EQ(model.acknowledged(model.alerts()[1])->author, "aki");
  receive(R"({"type":"action","action":"unack","alert":"a1","id":"a1"})");
  EXPECT_EQ(model.acknowledged(model.alerts()[0]), nullptr);
  EXPECT_EQ(model.acknowledged(model.alerts()[1]), nullptr);
}

TEST_F(ModelSpec, LearnsPastAcknowledgementsAndForgetsThemWhenTakenBack) {
  hello(3, 0);
  alert(1, "a1");
  alert(2, "a2", "cleared", "a1");
  const auto read = model.receive_answer(
      R"({"alerts":[],"acks":{"a1":{"at":"x","author":"aki","reason":"seen"},"a2":{"at":"x","author":"aki","reason":""}}})");
  ASSERT_TRUE(read.has_value());
  EXPECT_NE(model.acknowledged(model.alerts()[1]), nullptr);
  receive(R"({"type":"action","action":"unack","alert":"a1","id":"a1"})");
  EXPECT_EQ(model.acknowledged(model.alerts()[1]), nullptr);
}

TEST_F(ModelSpec, LearnsWhatWasTakenBackWhileAwayButNotAgainstNewerActions) {
  hello(3, 2);
  alert(1, "a1");
  alert(2, "b1");
  receive(R"({"type":"action","action":"ack","alert":"a1","id":"a1","author":"aki"})");
  hello(3, 2);
  receive(R"({"type":"action","action":"ack","alert":"b1","id":"b1","author":"aki"})");
  ASSERT_TRUE(model.receive_answer(R"({"alerts":[{"id":"a1"},{"id":"b1"}],"acks":{}})").has_value());
  EXPECT_EQ(model.acknowledged(model.alerts()[0]), nullptr);
  EXPECT_NE(model.acknowledged(model.alerts()[1]), nullptr);
}

TEST_F(ModelSpec, MovesPriceChangeRangeAndDistancesWithATick) {
  hello(3, 0);
  receive(tick_message("USDJPY", "153.5", kMarketNow));
  const auto& yen = model.state()->instruments[1];
  EXPECT_EQ(yen.price, parse_price("153.5"));
  EXPECT_EQ(yen.change, parse_price_delta("0.264"));
  EXPECT_EQ(yen.high, parse_price("153.5"));
  EXPECT_EQ(yen.distances[1].distance, *parse_price_delta("0.5"));  // to 154
}

TEST_F(ModelSpec, TellsHowOldAPriceIs) {
  hello(3, 0);
  now += seconds{3};
  EXPECT_EQ(model.age(0, now), milliseconds{3'400});
  receive(tick_message("NI225", "57000", kMarketNow));
  EXPECT_EQ(model.age(0, now), milliseconds{0});
  EXPECT_EQ(model.age(7, now), std::nullopt);
}

TEST_F(ModelSpec, KeepsFourHoursOfMinutes) {
  hello(3, 0);
  for (int minute = 0; minute < 300; ++minute) {
    receive(tick_message("NI225", "57000", kMarketNow + std::chrono::minutes{minute}));
    receive(tick_message("NI225", std::to_string(57'000 + minute), kMarketNow + std::chrono::minutes{minute}));
  }
  const auto& prices = model.history("NI225")->prices();
  EXPECT_EQ(prices.size(), PriceHistory::kMost);
  EXPECT_EQ(prices.back(), parse_price("57299"));
  receive(tick_message("NI225", "1", kMarketNow + std::chrono::minutes{298}));  // late
  EXPECT_EQ(prices.back(), parse_price("57299"));
  receive(tick_message("NI225", "2", kMarketNow));  // another market day: a replay begins anew
  EXPECT_EQ(prices.size(), 1U);
}

TEST_F(ModelSpec, AsksForThePastOfPlainSymbolsOnly) {
  auto state = busy_state();
  state.instruments[1].symbol = "X&limit=9 HTTP/1.1\r\nHost: evil";
  receive(state_message("hello", state, 1'115));
  EXPECT_THAT(model.wanted(), ElementsAre("/api/v1/alerts?after=115&limit=1000",
                                          "/api/v1/candles?instrument=NI225&interval=1m&limit=240"));
}

TEST_F(ModelSpec, SaysWhatIsWrongWithAMessageAndChangesNothing) {
  hello(3, 2);
  const auto error_of = [&](std::string_view json) {
    const auto read = model.receive(json, now + seconds{9});
    return read ? std::string{"no error"} : read.error().message;
  };
  EXPECT_THAT(error_of("[1,2"), HasSubstr("not a JSON object"));
  EXPECT_THAT(error_of(R"({"type":"tick","symbol":"NI225","price":"-1"})"), HasSubstr("price"));
  EXPECT_THAT(error_of(R"({"type":"state","state":7})"), HasSubstr("state"));
  EXPECT_THAT(error_of(R"({"type":"alert","alert":{"seq":1,"id":"../../x","severity":"high"}})"), HasSubstr("id"));
  EXPECT_THAT(error_of(std::string(MessageReader::kMostBytes + 1, ' ')), HasSubstr("at most"));
  EXPECT_EQ(model.heard(), now);
  EXPECT_TRUE(model.alerts().empty());
}

}  // namespace
}  // namespace yagura::console::terminal
