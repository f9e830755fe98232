// A feed whose thread spins: plain sockets are read by Transport::poll() and not by the io_context.
#include <gmock/gmock.h>

#include "tests/feeds/session_fixture.hpp"
#include "tests/support/allocation_count.hpp"

namespace yagura::feeds {
namespace {

class PolledReading : public SessionSpec {
 protected:
  PolledReading() { client = make_ws_transport(io, clock, true); }

  // As the loop of a spinning thread.
  bool spin_until(const std::function<bool()>& done) {
    const auto end = clock.mono() + 5s;
    while (!done() && clock.mono() < end) {
      client->poll();
      io.poll_one();
    }
    return done();
  }
  // Without the io_context, as most turns of it.
  bool poll_until(const std::function<bool()>& done) {
    const auto end = clock.mono() + 5s;
    while (!done() && clock.mono() < end) client->poll();
    return done();
  }
  void start_and_open() {
    serve(server);
    start(server);
    ASSERT_TRUE(spin_until([&] { return sink.ticks.size() == 1; }));
  }
  ScriptedWsServer::Peer& peer() { return *server.peers.back(); }

  ScriptedWsServer server{io};
};

TEST_F(PolledReading, NeedsNoLookOfTheContext) {
  start_and_open();
  EXPECT_TRUE(client->polls_all());
  peer().send_text(nikkei("57001.23"));
  EXPECT_TRUE(poll_until([&] { return sink.ticks.size() == 2; }));
  EXPECT_FALSE(client->poll()) << "nothing more has come";
}

TEST_F(PolledReading, JoinsAFrameThatComesInPieces) {
  start_and_open();
  const auto bytes = test::text_frame(nikkei("57001.23"));
  for (const char byte : bytes) {
    EXPECT_EQ(sink.ticks.size(), 1U);
    peer().send_raw({&byte, 1});
    const auto end = clock.mono() + 5s;
    while (!client->poll() && clock.mono() < end) {
    }
  }
  EXPECT_EQ(sink.ticks.size(), 2U);
}

TEST_F(PolledReading, EndsABatchOnceForAllFramesOfARead) {
  start_and_open();
  const auto batches = sink.batches;
  std::string bytes;
  for (int i = 0; i < 50; ++i) bytes += test::text_frame(nikkei("57001.23"));
  peer().send_raw(bytes);
  EXPECT_TRUE(poll_until([&] { return sink.ticks.size() == 51; }));
  EXPECT_EQ(sink.batches, batches + 1);
}

TEST_F(PolledReading, AllocatesNothing) {
  start_and_open();
  std::string bytes;
  for (int i = 0; i < 100; ++i) bytes += test::text_frame(yen("157.120", "157.123"));
  session->stop();  // the fixture's tap keeps each frame: a session without one
  CollectingSink plain;
  plain.ticks.reserve(1'000);
  FeedSession fed{options(server.url()), find_vendor("native")->make_codec(), {io, *client, clock, sources, plain}};
  fed.start();
  ASSERT_TRUE(spin_until([&] { return plain.ticks.size() == 1; }));
  const auto read = [&](std::size_t target) {
    peer().send_raw(bytes);
    const auto before = test::allocations();
    const auto end = clock.mono() + 5s;
    while (plain.ticks.size() < target && clock.mono() < end) client->poll();
    return test::allocations() - before;
  };
  read(101);
  EXPECT_EQ(read(201), 0U);
  EXPECT_EQ(plain.ticks.size(), 201U);
}

TEST_F(PolledReading, NoticesAnEndAndComesBack) {
  start_and_open();
  for (const bool reset : {false, true}) {
    const auto ticks = sink.ticks.size();
    reset ? peer().reset() : peer().drop();
    EXPECT_TRUE(spin_until([&] { return session->status().state == FeedState::kBackoff; }));
    EXPECT_TRUE(spin_until([&] { return sink.ticks.size() > ticks; })) << "connected anew";
    EXPECT_TRUE(client->polls_all());
  }
}

TEST_F(PolledReading, RefusesBytesThatAreNotUtf8) {
  start_and_open();
  peer().send_text("{\"type\":\"\xFF\"}");
  EXPECT_TRUE(spin_until([&] { return !reasons.empty(); }));
  EXPECT_EQ(reasons.front(), FeedReason::kGarbage);
}

TEST_F(PolledReading, LetsGoOfAConnectionThatWeEnd) {
  start_and_open();
  session->restart("test");
  EXPECT_TRUE(spin_until([&] { return server.peers.front()->ended; }));
  EXPECT_TRUE(spin_until([&] { return sink.ticks.size() == 2; })) << "the new one";
  session->stop();
  EXPECT_TRUE(spin_until([&] { return peer().ended; }));
}

TEST_F(PolledReading, SleepsInTheContextForOneRead) {
  start_and_open();
  client->park();
  EXPECT_FALSE(client->polls_all());
  peer().send_text(nikkei("57001.23"));
  EXPECT_FALSE(client->poll()) << "the context has it";
  EXPECT_TRUE(until_ticks(2));
  EXPECT_TRUE(client->polls_all());
  peer().send_text(nikkei("57002"));
  EXPECT_TRUE(poll_until([&] { return sink.ticks.size() == 3; }));
}

}  // namespace
}  // namespace yagura::feeds
