#include "feeds/replay_server.hpp"

#include <gmock/gmock.h>

#include <boost/asio/write.hpp>
#include <filesystem>

#include "feeds/capture.hpp"
#include "tests/feeds/session_fixture.hpp"

namespace yagura::feeds {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

constexpr Timestamp kStart = timestamp_from_ns(1'770'595'200'000'000'000);

// Ticks at equal distances, USDJPY and NI225 in turn.
class RegularTicks final : public ReplayTickSource {
 public:
  RegularTicks(std::uint64_t count, Duration step) : count_(count), step_(step) {}
  bool next(ReplayTick& tick) override {
    if (sent_ == count_) return false;
    tick = {};
    tick.ts = kStart + step_ * sent_;
    if (sent_ % 2 == 0) {
      tick.symbol = "USDJPY";
      tick.bid = Price::from_raw(157'120'000'000);
      tick.ask = Price::from_raw(157'123'000'000);
    } else {
      tick.symbol = "NI225";
      tick.price = Price::from_raw(57'000'000'000'000);
    }
    tick.seq = ++sent_;
    return true;
  }
  bool rewind() override {
    sent_ = 0;
    return true;
  }
  [[nodiscard]] std::vector<std::string> symbols() const override { return {"NI225", "USDJPY"}; }

 private:
  std::uint64_t count_;
  Duration step_;
  std::uint64_t sent_ = 0;
};

class ReplaySpec : public SessionSpec {
 protected:
  ReplayServer& serve_ticks(std::uint64_t count, Duration step, double speed, ReplayServer::Options made = {}) {
    if (made.vendor == nullptr) made.vendor = find_vendor("native");
    made.pace = {PaceStep{Timestamp::min(), speed}};
    made.on_done = [this] { done = true; };
    server = std::make_unique<ReplayServer>(io, clock, std::make_unique<RegularTicks>(count, step), std::move(made));
    EXPECT_TRUE(server->listen("127.0.0.1:0"));
    return *server;
  }
  [[nodiscard]] std::string url() const { return "ws://" + server->address() + "/"; }

  bool done = false;
  std::unique_ptr<ReplayServer> server;
};

TEST_F(ReplaySpec, ServesATickToASessionAsTheVendorWould) {
  serve_ticks(2, 1ms, 1);
  start(options(url()));
  ASSERT_TRUE(until_ticks(2));
  EXPECT_EQ(sink.ticks[0].symbol, kYen);
  EXPECT_EQ(to_string(sink.ticks[0].bid), "157.12");
  EXPECT_EQ(sink.ticks[0].ts_event, kStart);
  EXPECT_EQ(sink.ticks[1].symbol, kNikkei);
  EXPECT_EQ(to_string(sink.ticks[1].price), "57000");
  EXPECT_EQ(sink.ticks[1].seq, 2U);
  EXPECT_TRUE(until([&] { return done; }));
  EXPECT_EQ(session->status().state, FeedState::kLive);  // it goes on serving
}

// What a vendor carries of the two.
std::string instrument_of(const Vendor& vendor) {
  VendorServerShared shared;
  std::string frame;
  const ReplayTick quote{"USDJPY", {}, Price::from_raw(1), Price::from_raw(2), kStart, {}};
  return vendor.make_server(shared)->encode(quote, frame) ? "USDJPY" : "NI225";
}

TEST_F(ReplaySpec, SpeaksEveryVendorThatCanBeImitated) {
  for (const auto& vendor : vendors()) {
    if (vendor.make_server == nullptr || vendor.carrier == Carrier::kHttp) continue;  // oanda_test.cpp
    ReplayServer::Options made;
    made.vendor = &vendor;
    serve_ticks(500, 1ms, kMaxSpeed, made);
    sink.ticks.clear();
    auto options_made = options(url());
    options_made.symbols = {{kYen, vendor.vendor_symbol(instrument_of(vendor))}};
    start(std::move(options_made), vendor.name);
    ASSERT_TRUE(until_ticks(250)) << vendor.name;
    EXPECT_EQ(session->status().decode_errors + session->status().vendor_errors, 0U) << vendor.name;
    session.reset();
  }
}

TEST_F(ReplaySpec, KeepsTheRecordedDistancesTimesTheSpeed) {
  serve_ticks(21, 100ms, 10);
  start(options(url()));
  ASSERT_TRUE(until_ticks(21));
  for (std::size_t i = 1; i < 21; ++i) {
    const auto since_first = sink.ticks[i].mono_recv - sink.ticks[0].mono_recv;
    EXPECT_GE(since_first, 10ms * i - 5ms);
  }
  EXPECT_LT(sink.ticks[20].mono_recv - sink.ticks[0].mono_recv, 1s);
}

TEST_F(ReplaySpec, TimeStartsWithTheFirstSubscriptionAndGoesOnAlone) {
  serve_ticks(1'000, 1ms, 1);
  (void)until([] { return false; }, 50ms);
  EXPECT_FALSE(server->progress().started);
  EXPECT_EQ(server->progress().sent, 0U);
  start(options(url()));
  ASSERT_TRUE(until_ticks(1));
  session->stop();
  EXPECT_TRUE(until([&] { return done; }, 3s));
  EXPECT_EQ(server->progress().sent, 1'000U);
}

TEST_F(ReplaySpec, AtFullSpeedStandsStillWhileNobodyIsSubscribed) {
  serve_ticks(2'000'000, 1ms, kMaxSpeed);
  start(options(url()));
  ASSERT_TRUE(until_ticks(1'000));
  session->stop();
  ASSERT_TRUE(until([&] { return server->progress().clients == 0; }));
  const auto sent = server->progress().sent;
  (void)until([] { return false; }, 50ms);
  EXPECT_EQ(server->progress().sent, sent);
  EXPECT_LT(sent, 2'000'000U);
  session->start();
  EXPECT_TRUE(until([&] { return server->progress().sent > sent; }));
}

TEST_F(ReplaySpec, AtFullSpeedWaitsForAClientThatDoesNotRead) {
  serve_ticks(2'000'000, 1ms, kMaxSpeed);
  boost::asio::ip::tcp::socket slow{io};
  slow.connect({boost::asio::ip::address_v4::loopback(), server->port()});
  const std::string subscribe = R"({"type":"subscribe","symbols":["NI225","USDJPY"]})";
  std::string frame{"\x81"};
  frame += static_cast<char>(0x80 | subscribe.size());
  frame += std::string(4, '\0') + subscribe;  // masked with zeros
  boost::asio::write(
      slow, boost::asio::buffer("GET / HTTP/1.1\r\nHost: " + server->address() +
                                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" +
                                frame));
  std::uint64_t sent = 0;
  auto moved = clock.mono();
  ASSERT_TRUE(until([&] {  // until it has stood still for a while
    if (std::exchange(sent, server->progress().sent) != server->progress().sent) moved = clock.mono();
    return sent > 0 && clock.mono() - moved > 100ms;
  }));
  EXPECT_LT(sent, 2'000'000U);
  EXPECT_EQ(server->progress().clients, 1U);  // not cut

  std::vector<char> buffer(1 << 20);
  slow.non_blocking(true);
  EXPECT_TRUE(until([&] {
    boost::system::error_code ignored;
    (void)slow.read_some(boost::asio::buffer(buffer), ignored);
    return server->progress().sent > sent;
  }));
}

TEST_F(ReplaySpec, GivesEachClientWhatItSubscribed) {
  serve_ticks(1'000, 1ms, kMaxSpeed);
  auto only_yen = options(url());
  only_yen.symbols = {{kYen, "USDJPY"}};
  CollectingSink other_sink;
  FeedSession other{options(url()), find_vendor("native")->make_codec(), {io, *client, clock, sources, other_sink}};
  start(only_yen);
  other.start();
  ASSERT_TRUE(until([&] { return done; }));
  ASSERT_TRUE(until([&] { return sink.ticks.size() == 500; }));
  for (const auto& tick : sink.ticks) EXPECT_EQ(tick.symbol, kYen);
  EXPECT_LE(other_sink.ticks.size(), 1'000U);
}

TEST_F(ReplaySpec, StartsOverWithRisingTimesAndNoSequence) {
  ReplayServer::Options made;
  made.loop = true;
  serve_ticks(3, 1ms, kMaxSpeed, made);
  start(options(url()));
  ASSERT_TRUE(until_ticks(9));
  for (std::size_t i = 0; i < 9; ++i) {
    EXPECT_EQ(sink.ticks[i].ts_event, kStart + (i / 3) * (2ms + 1s) + (i % 3) * 1ms);
    EXPECT_EQ(has(sink.ticks[i].flags, TickFlag::kHasSeq), i < 3);
  }
  EXPECT_FALSE(done);
}

TEST_F(ReplaySpec, LeavesAtTheEndWhenAskedAfterEverythingWasSent) {
  ReplayServer::Options made;
  made.exit_at_end = true;
  serve_ticks(30'000, 1us, kMaxSpeed, made);
  start(options(url()));
  ASSERT_TRUE(until([&] { return done; }));
  EXPECT_EQ(sink.ticks.size(), 30'000U);
  ASSERT_TRUE(until_reason(FeedReason::kSocketClosed));
  EXPECT_THAT(session->status().text, HasSubstr("closed with 1000 end of the recording"));
  EXPECT_TRUE(server->progress().done);
}

TEST_F(ReplaySpec, PingsAsGmoDoes) {
  ReplayServer::Options made;
  made.ping_every = 1s;
  serve_ticks(1, 1ms, 1, made);
  start(options(url()));
  ASSERT_TRUE(until_ticks(1));
  const auto last = session->status().last_rx;
  ASSERT_TRUE(until([&] { return session->status().last_rx > last; }));
  EXPECT_EQ(session->status().frames, 2U);  // the acknowledgement and the tick: no further frame
}

TEST_F(ReplaySpec, ReproducesACaptureByteForByte) {
  const auto file =
      (std::filesystem::temp_directory_path() / ("replay-" + std::to_string(::getpid()) + ".ycap")).string();
  const std::string ack = R"({"type":"subscribed","symbols":["NI225","USDJPY"]})";
  std::vector<std::string> recorded{ack};
  for (int i = 0; i < 50; ++i)
    recorded.push_back("{ \"type\" :\"tick\",\"symbol\":\"USDJPY\", \"price\":1e2,\"note\":\"日本 \\u0000 " +
                       std::to_string(i) + "\"}");
  recorded.push_back(std::string("\x00\xff\x80 binary", 10));
  recorded.push_back("{torn");
  CaptureHeader header;
  header.feeds["a"] = {"native", {{"NI225", "NI225"}, {"USDJPY", "USDJPY"}}};
  header.feeds["b"] = {"gmo", {}};
  auto writer = CaptureWriter::create(file, header);
  ASSERT_TRUE(writer);
  auto ts = kStart;
  for (const auto& frame : recorded) {
    const bool binary = frame[0] == '\0';
    (*writer)->write({ts += 1ms, "a", "native", FrameDir::kIn, {frame, binary}});
    (*writer)->write({ts, "a", "native", FrameDir::kOut, {"{\"type\":\"subscribe\"}", false}});
    (*writer)->write({ts, "b", "gmo", FrameDir::kIn, {"{}", false}});
  }
  ASSERT_TRUE((*writer)->close());

  auto frames = open_replay_frames({file}, "native");
  ASSERT_TRUE(frames);
  ASSERT_NE(*frames, nullptr);
  EXPECT_EQ(*open_replay_frames({file}, "yahoo"), nullptr);
  ReplayServer::Options made;
  made.vendor = find_vendor("native");
  made.pace = {PaceStep{Timestamp::min(), 10}};
  server = std::make_unique<ReplayServer>(io, clock, std::move(*frames), made);
  ASSERT_TRUE(server->listen("127.0.0.1:0"));
  start(options(url()));
  ASSERT_TRUE(until([&] { return tap.in.size() >= recorded.size(); }));
  EXPECT_THAT(tap.in, ElementsAreArray(recorded));
  std::filesystem::remove(file);
}

TEST_F(ReplaySpec, StopsWithAGoodbye) {
  serve_ticks(2, 1ms, 1);
  start(options(url()));
  ASSERT_TRUE(until_ticks(2));
  bool stopped = false;
  server->stop([&] { stopped = true; });
  ASSERT_TRUE(until([&] { return stopped; }));
  ASSERT_TRUE(until_reason(FeedReason::kSocketClosed));
  EXPECT_THAT(session->status().text, HasSubstr("1001"));
}

}  // namespace
}  // namespace yagura::feeds
