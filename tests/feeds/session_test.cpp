#include "tests/feeds/session_fixture.hpp"

namespace yagura::feeds {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(SessionSpec, ConnectsSubscribesAndDeliversTicks) {
  ScriptedWsServer server{io};
  serve(server);
  const auto before = clock.now();
  start(server);
  ASSERT_TRUE(until_ticks(1));

  EXPECT_THAT(server.peers[0]->texts, ElementsAre(R"({"type":"subscribe","symbols":["NI225","USDJPY"]})"));
  const auto& tick = sink.ticks[0];
  EXPECT_EQ(tick.symbol, kYen);
  EXPECT_EQ(to_string(tick.price), "157.1215");  // mid
  EXPECT_EQ(to_string(tick.bid), "157.12");
  EXPECT_EQ(to_string(tick.ask), "157.123");
  EXPECT_EQ(tick.seq, 1U);
  EXPECT_EQ(tick.flags, TickFlag::kHasSeq | TickFlag::kHasBid | TickFlag::kHasAsk);
  EXPECT_EQ(to_ns(tick.ts_event), 1770595200123456789);
  EXPECT_GE(tick.ts_recv, before);
  EXPECT_LE(tick.ts_recv, clock.now());
  EXPECT_LE(tick.mono_recv, clock.mono());
  EXPECT_THAT(states,
              ElementsAre(FeedState::kConnecting, FeedState::kHandshake, FeedState::kSubscribed, FeedState::kLive));
  EXPECT_THAT(server.peers[0]->request, HasSubstr("GET / HTTP/1.1\r\n"));
  EXPECT_THAT(server.peers[0]->request, HasSubstr("Host: 127.0.0.1:" + std::to_string(server.port())));
}

TEST_F(SessionSpec, TellsWhatEachFrameWas) {
  ScriptedWsServer server{io};
  server.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(nikkei("57001.23"));
    peer.send_text(R"({"type":"tick","symbol":"EURUSD","price":"1.1"})");
    peer.send_text(R"({"type":"tick","symbol":"USDJPY","bid":"157.1"})");
    peer.send_text("{garbage");
    peer.send_text(R"({"type":"error","message":"no \u001b[31m such thing"})");
    peer.send_text(nikkei("57002"));
  };
  start(server);
  ASSERT_TRUE(until_ticks(2));
  const auto status = session->status();
  EXPECT_EQ(status.frames, 6U);
  EXPECT_GE(sink.batches, 1) << "as many as reads";
  EXPECT_EQ(status.ticks, 2U);
  EXPECT_EQ(status.unknown_symbols, 1U);
  EXPECT_EQ(status.one_sided, 1U);
  EXPECT_EQ(status.decode_errors, 1U);
  EXPECT_EQ(status.vendor_errors, 1U);
  EXPECT_NE(status.last_error, "");
  EXPECT_THAT(status.last_error, Not(HasSubstr("\x1b")));
  EXPECT_EQ(sink.ticks[0].flags, TickFlag::kNone);
}

TEST_F(SessionSpec, StampsTicksWithoutATimeOnReceipt) {
  ScriptedWsServer server{io};
  server.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(R"({"type":"tick","symbol":"NI225","price":57000})");
  };
  start(server);
  ASSERT_TRUE(until_ticks(1));
  EXPECT_EQ(sink.ticks[0].ts_event, sink.ticks[0].ts_recv);
}

TEST_F(SessionSpec, ReadsFramesSplitAndGluedAsTheyAre) {
  ScriptedWsServer server{io};
  start(server);
  ASSERT_TRUE(until([&] { return !server.peers.empty() && server.peers[0]->texts.size() == 1; }));
  auto& peer = *server.peers[0];
  std::string bytes;
  for (int i = 1; i <= 20; ++i) bytes += test::text_frame(yen("157.1", "157.2", i));
  for (const char byte : bytes) {
    peer.send_raw({&byte, 1});
    io.poll();
  }
  peer.send_raw(bytes);  // the same twenty, glued
  // And one in three fragments with a ping in between.
  const auto text = yen("157.1", "157.2", 21);
  peer.send_raw(test::server_frame(0x01, text.substr(0, 10)) + test::server_frame(0x89, "hi") +
                test::server_frame(0x00, text.substr(10, 20)) + test::server_frame(0x80, text.substr(30)));
  ASSERT_TRUE(until_ticks(41));
  for (std::size_t i = 0; i < 40; ++i) EXPECT_EQ(sink.ticks[i].seq, i % 20 + 1);
  EXPECT_EQ(sink.ticks[40].seq, 21U);
}

class DropSpec : public SessionSpec, public testing::WithParamInterface<const char*> {};

TEST_P(DropSpec, ComesBackWithin300MillisecondsAndMarksTheGap) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  EXPECT_FALSE(has(sink.ticks[0].flags, TickFlag::kAfterGap));  // nothing came before it

  (void)until([] { return false; }, 200ms);  // no attempts in quicker succession, see below

  const std::string how = GetParam();
  auto& peer = *server.peers[0];
  if (how == "fin") peer.drop();
  if (how == "reset") peer.reset();
  if (how == "cut frame") peer.send_raw(test::text_frame(yen("1", "2")).substr(0, 9)), peer.drop();
  if (how == "1000") peer.close(1000);  // and TCP stays open
  if (how == "1001") peer.close(1001, "going away"), peer.drop();
  if (how == "1012") peer.close(1012), peer.drop();
  if (how == "1013") peer.close(1013), peer.drop();
  const auto dropped = clock.mono();
  ASSERT_TRUE(until([&] { return server.accept_times.size() == 2; }));
  // At once, but for a goodbye after which the vendor leaves TCP open: that is waited for.
  EXPECT_LT(server.accept_times[1] - dropped, how == "1000" ? 300ms : 200ms);
  ASSERT_TRUE(until_ticks(2));
  EXPECT_THAT(server.peers[1]->texts, ElementsAre(HasSubstr("subscribe")));
  EXPECT_TRUE(has(sink.ticks[1].flags, TickFlag::kAfterGap));
  EXPECT_NE(sink.ticks[1].source, sink.ticks[0].source);
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kSocketClosed));

  server.peers[1]->send_text(nikkei("57000"));  // first of its symbol since
  server.peers[1]->send_text(yen("157.1", "157.2", 2));
  ASSERT_TRUE(until_ticks(4));
  EXPECT_TRUE(has(sink.ticks[2].flags, TickFlag::kAfterGap));
  EXPECT_FALSE(has(sink.ticks[3].flags, TickFlag::kAfterGap));
  EXPECT_EQ(session->status().reason, FeedReason::kNone);
}
INSTANTIATE_TEST_SUITE_P(Ways, DropSpec, testing::Values("fin", "reset", "cut frame", "1000", "1001", "1012", "1013"),
                         [](const auto& way) {
                           std::string name = way.param;
                           std::replace(name.begin(), name.end(), ' ', '_');
                           return name;
                         });

TEST_F(SessionSpec, LeavesASilentFeedWithReasonNoData) {
  ScriptedWsServer server{io};
  serve(server);
  auto made = options(server.url());
  made.silence = 200ms;
  start(made);
  ASSERT_TRUE(until_ticks(1));
  server.peers[0]->mute();  // half-open: nothing comes, nothing is read
  const auto silent = clock.mono();
  ASSERT_TRUE(until([&] { return server.accept_times.size() == 2; }));
  EXPECT_GE(server.accept_times[1] - silent, 150ms);
  EXPECT_LT(server.accept_times[1] - silent, 1s);
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kNoData));
}

TEST_F(SessionSpec, CountsPingsAsLife) {
  ScriptedWsServer server{io};
  serve(server);
  auto made = options(server.url());
  made.silence = 200ms;
  start(made);
  ASSERT_TRUE(until_ticks(1));
  const auto end = clock.mono() + 600ms;
  auto next = clock.mono();
  ASSERT_TRUE(until([&] {
    if (clock.mono() >= next) {
      server.peers[0]->ping();
      next += 50ms;
    }
    return clock.mono() > end;
  }));
  EXPECT_EQ(server.peers.size(), 1U);
}

TEST_F(SessionSpec, ComesBackWhenToldThatTheFeedIsStale) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  session->restart("stale: no USDJPY for 12 s");
  EXPECT_EQ(session->status().text, "stale: no USDJPY for 12 s");
  ASSERT_TRUE(until_ticks(2));
  EXPECT_THAT(reasons, ElementsAre(FeedReason::kNoData));
}

TEST_F(SessionSpec, WaitsLongerEachTimeUntilDataProvesTheConnection) {
  ScriptedWsServer server{io};
  server.on_open = [](ScriptedWsServer::Peer& peer) { peer.drop(); };  // opens, but no data
  start(server);
  ASSERT_TRUE(until([&] { return server.accept_times.size() == 4; }));
  const auto gap = [&](std::size_t i) { return server.accept_times[i + 1] - server.accept_times[i]; };
  EXPECT_GE(gap(0), 195ms);
  EXPECT_LE(gap(0), 400ms);
  EXPECT_GE(gap(1), 395ms);
  EXPECT_GE(gap(2), 795ms);
  EXPECT_GE(session->status().connects, 3U);
  EXPECT_GE(session->status().drops, 3U);
}

TEST_F(SessionSpec, DoesNotHammerAServerThatDropsAfterEachTick) {
  ScriptedWsServer server{io};
  server.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(yen("157.1", "157.2"));
    peer.drop();
  };
  start(server);
  ASSERT_TRUE(until([&] { return server.accept_times.size() == 4; }));
  EXPECT_GE(server.accept_times[3] - server.accept_times[0], 590ms);
}

TEST_F(SessionSpec, AServerThatHangsUpAfterEachTickIsTriedAtOnceOnlySoOften) {
  ScriptedWsServer server{io};
  server.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(yen("157.1", "157.2"));
    peer.drop();
  };
  start(server);
  constexpr std::size_t kAtOnce = ReturnBudget::kBurst + 1;  // the first was no return
  ASSERT_TRUE(until([&] { return server.accept_times.size() == kAtOnce; }, 20s));
  EXPECT_FALSE(until([&] { return server.accept_times.size() > kAtOnce; }, 500ms));
  EXPECT_EQ(session->status().state, FeedState::kBackoff);
}

TEST_F(SessionSpec, StaleIsSaidOfTheConnectionThatWasJudged) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  const auto judged = session->status().connects;
  server.peers[0]->drop();
  ASSERT_TRUE(until_ticks(2));
  EXPECT_GT(session->status().last_open, session->status().last_rx - 5s);
  session->restart("stale", judged);  // comes late
  EXPECT_EQ(session->status().state, FeedState::kLive);
  session->restart("stale", session->status().connects);
  EXPECT_EQ(session->status().state, FeedState::kBackoff);
}

TEST_F(SessionSpec, KeepsTheVendorsCommandSpacingAcrossReconnects) {
  ScriptedWsServer server{io};
  auto made = options(server.url());
  made.symbols = {{kYen, "USD_JPY"}, {kNikkei, "EUR_JPY"}};
  start(made, "gmo");
  ASSERT_TRUE(until([&] { return !server.peers.empty() && server.peers[0]->texts.size() == 1; }));
  server.peers[0]->send_text(
      R"({"symbol":"USD_JPY","ask":"140.534","bid":"140.502","timestamp":"2018-03-30T12:34:56.789984Z","status":"OPEN"})");
  ASSERT_TRUE(until_ticks(1));
  server.peers[0]->drop();
  ASSERT_TRUE(until([&] { return server.peers.size() == 2 && server.peers[1]->texts.size() == 2; }));
  const auto first = server.peers[0]->text_times[0];
  const auto& then = server.peers[1]->text_times;
  EXPECT_LT(server.accept_times[1] - first, 900ms);  // it reconnected before it might speak again
  EXPECT_GE(then[0] - first, 1s);
  EXPECT_GE(then[1] - then[0], 1s);
}

TEST_F(SessionSpec, StopsWithAGoodbyeAndStartsAgain) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  session->stop();
  EXPECT_EQ(session->status().state, FeedState::kStopped);
  server.peers[0]->send_text(yen("157.1", "157.2", 2));
  ASSERT_TRUE(until([&] { return server.peers[0]->close_code.has_value(); }));
  EXPECT_EQ(server.peers[0]->close_code, 1000);
  EXPECT_EQ(sink.ticks.size(), 1U);
  session->start();
  ASSERT_TRUE(until_ticks(2));
  EXPECT_TRUE(has(sink.ticks[1].flags, TickFlag::kAfterGap));
}

TEST_F(SessionSpec, MayBeDestroyedInAnyState) {
  ScriptedWsServer server{io};
  start(server);
  session.reset();  // connecting
  start(server);
  ASSERT_TRUE(until_state(FeedState::kHandshake));
  session.reset();
  server.stop_listening();
  start(server);
  ASSERT_TRUE(until_state(FeedState::kBackoff));
  session.reset();
  client.reset();
  (void)until([] { return false; }, 50ms);  // whatever still comes finds nobody
}

TEST_F(SessionSpec, ShowsTheTapBothDirections) {
  ScriptedWsServer server{io};
  serve(server);
  start(server);
  ASSERT_TRUE(until_ticks(1));
  EXPECT_THAT(tap.out, ElementsAre(HasSubstr("subscribe")));
  EXPECT_THAT(tap.in, ElementsAre(HasSubstr("subscribed"), yen("157.120", "157.123")));
}

TEST_F(SessionSpec, ShowsNeitherKeyNorQuery) {
  ScriptedWsServer server{io};
  server.on_open = [](ScriptedWsServer::Peer& peer) { peer.send_text(R"({"type":"error","message":"bad k3y"})"); };
  auto made = options(server.url() + "v1?token=k3y");
  made.secrets = {"k3y"};
  start(made);
  ASSERT_TRUE(until([&] { return session->status().vendor_errors == 1; }));
  const auto status = session->status();
  EXPECT_THAT(server.peers[0]->request, HasSubstr("GET /v1?token=k3y "));
  EXPECT_THAT(status.url + status.text + status.last_error, Not(HasSubstr("k3y")));
  EXPECT_THAT(status.last_error, HasSubstr("REDACTED"));
}

}  // namespace
}  // namespace yagura::feeds
