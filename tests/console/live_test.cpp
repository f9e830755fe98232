// The WebSocket half: greeting, ticks, alerts, resume.
#include <set>
#include <vector>

#include "tests/console/console_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::console {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class LiveSpec : public ConsoleSpec {};

TEST_F(LiveSpec, GreetsWithTheWholeState) {
  start();
  publish(1, 7);
  auto client = connect();
  EXPECT_THAT(hello, StartsWith(R"({"type":"hello","state":{"version":"test","epoch":3,)"));
  EXPECT_THAT(hello, HasSubstr(R"("last_seq":7)"));
}

TEST_F(LiveSpec, ShowsAlertsToAllInOrderAndTheSame) {
  start();
  auto one = connect();
  auto two = connect();
  publish(1, 50);
  for (auto* const client : {&one, &two}) {
    for (std::uint64_t seq = 1; seq <= 50; ++seq) ASSERT_EQ(client->next_text_with("alert\""), alert_message(seq));
  }
}

// From the JSON to the clients' sockets: the way of each alert behind its decision.
TEST_F(LiveSpec, WritesAlertsToAFewClientsWithoutAllocating) {
  start();
  std::vector<test::WsTestClient> clients;
  for (int i = 0; i < 8; ++i) clients.push_back(connect());
  const auto json = R"({"v":1,"text":")" + std::string(800, 'x') + "\"}";
  const auto write = [&] {
    for (int i = 0; i < 50; ++i) console->write_alert(json, "muted");
  };
  io.call(write);  // warm
  const auto allocated = io.call([&] {
    const auto before = test::allocations();
    write();
    return test::allocations() - before;
  });
  EXPECT_EQ(allocated, 0U);
  EXPECT_EQ(clients[7].next_text_with("alert\""), R"({"type":"alert","alert":)" + json + R"(,"held":"muted"})");
}

TEST_F(LiveSpec, IsBusyUntilTheLastOfManyClientsHasTheAlert) {
  start();
  std::vector<test::WsTestClient> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(connect());
  EXPECT_FALSE(io.call([&] { return console->busy(); }));
  EXPECT_TRUE(io.call([&] {
    console->write_alert(alert(1));
    return console->busy();
  }));
  for (auto& client : clients) EXPECT_EQ(client.next_text_with("alert\""), alert_message(1));
  EXPECT_FALSE(io.call([&] { return console->busy(); }));
}

TEST_F(LiveSpec, SaysBesideAnAlertWhyItIsHeld) {
  start();
  auto client = connect();
  const auto message = R"({"type":"alert","alert":)" + alert(1) + R"(,"held":"muted"})";
  io.call([&] { console->publish_alert(1, alert(1), "muted"); });
  EXPECT_EQ(client.next_text_with("alert\""), message);
  auto late = connect();
  late.send_text(R"({"type":"resume","after":0})");
  EXPECT_EQ(late.next_text_with("alert\""), message) << "and to those who come later";
}

TEST_F(LiveSpec, ShowsTheFirstTickAtOnceAndThenTheLatest) {
  start();
  auto client = connect();
  tick(1, "157.100");
  EXPECT_EQ(client.next_text(), R"({"type":"tick","symbol":"USDJPY","price":"157.1","ts_event_ns":1,"source":"demo"})");
  tick(1, "157.200");
  tick(1, "157.300");
  tick(0, "57000");
  EXPECT_THAT(client.next_text_with("tick"), HasSubstr("57000"));
  io.call([&] { clock.advance(50ms); });  // the timer that is running finds it due
  EXPECT_THAT(client.next_text_with("tick"), HasSubstr("157.3"));
}

TEST_F(LiveSpec, ManyInstrumentsAllReachEachOfManyClients) {
  constexpr std::size_t kInstruments = 40;
  ConsoleServer::Options options;
  for (std::size_t i = 0; i < kInstruments; ++i) options.symbols.push_back("S" + std::to_string(i));
  start(options);
  std::vector<test::WsTestClient> clients;
  for (int i = 0; i < 12; ++i) clients.push_back(connect());
  io.call([&] {
    for (std::size_t i = 0; i < kInstruments; ++i)
      console->publish_tick({i, *parse_price("100"), {}, {}, timestamp_from_ns(1), "demo"}, clock.mono());
  });
  for (auto& client : clients) {
    std::set<std::string> heard;
    while (heard.size() < kInstruments) {
      const auto text = client.next_text_with("tick");
      ASSERT_FALSE(text.empty()) << heard.size() << " instruments only";
      heard.insert(text);
      io.call([&] { clock.advance(5ms); });
    }
  }
}

TEST_F(LiveSpec, SendsTheStateEverySecond) {
  start();
  auto client = connect();
  EXPECT_THAT(client.next_text(3s), StartsWith(R"({"type":"state","state":{)"));
}

TEST_F(LiveSpec, TellsAReturningClientWhatItMissed) {
  start();
  publish(1, 5'000);
  auto client = connect();
  client.send_text(R"({"type":"resume","after":10})");
  for (std::uint64_t seq = 11; seq <= 5'000; ++seq) ASSERT_EQ(client.next_text_with("alert\""), alert_message(seq));
  publish(5'001, 5'001);
  EXPECT_EQ(client.next_text_with("alert\""), alert_message(5'001));
}

TEST_F(LiveSpec, KeepsTheOrderWhenAlertsComeDuringAResume) {
  start();
  io.call([&] {
    const std::string padding(2'000, ' ');  // 20 MB in all: the client's buffers fill up meanwhile
    for (std::uint64_t seq = 1; seq <= 10'000; ++seq) console->alert_log().append(seq, alert(seq) + padding);
  });
  auto client = connect({.receive_buffer = 16'384});
  client.send_text(R"({"type":"resume","after":0})");
  EXPECT_THAT(client.next_text_with("alert\""), HasSubstr(alert(1)));
  publish(10'001, 10'003);
  auto other = connect();
  publish(10'004, 10'004);
  EXPECT_EQ(other.next_text_with("alert\""), alert_message(10'004));  // not held up by the slow one
  for (std::uint64_t seq = 2; seq <= 10'000; ++seq)
    ASSERT_THAT(client.next_text_with("alert\""), HasSubstr(alert(seq)));
  for (std::uint64_t seq = 10'001; seq <= 10'004; ++seq)
    ASSERT_EQ(client.next_text_with("alert\""), alert_message(seq));
}

TEST_F(LiveSpec, AnswersNonsenseWithAnError) {
  start();
  auto client = connect();
  for (const auto* const text : {"hello", "{}", R"({"type":"dance"})", R"({"type":"resume","after":-1})"}) {
    client.send_text(text);
    EXPECT_THAT(client.next_text_with("error"), StartsWith(R"({"type":"error","message":")")) << text;
  }
  client.send_binary("\x01");
  EXPECT_THAT(client.next_text_with("error"), HasSubstr("binary"));
}

TEST_F(LiveSpec, ClosesOnAClientThatTalksTooMuch) {
  start();
  auto client = connect();
  for (int i = 0; i < 20; ++i) client.send_text("{}");
  for (int i = 0; i < 20; ++i) EXPECT_THAT(client.next_text_with("error"), HasSubstr("no type"));
  io.call([&] { clock.advance(1s); });
  for (int i = 0; i < 21; ++i) client.send_text("{}");
  EXPECT_EQ(client.wait_close().code, 1008);
}

TEST_F(LiveSpec, GoesAwayPolitely) {
  start();
  auto client = connect();
  test::Countdown stopped;
  io.call([&] { console->stop([&] { stopped.arrive(); }); });
  EXPECT_EQ(client.wait_close().code, 1001);
  client.send_close(1001);
  EXPECT_TRUE(stopped.wait_for(1));
}

}  // namespace
}  // namespace yagura::console
