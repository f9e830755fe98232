// Vendors with a key over real sockets: the handshake, a wrong key, and connections that are counted.
#include <gmock/gmock.h>

#include "feeds/replay_server.hpp"
#include "tests/feeds/keyed_fixture.hpp"
#include "tests/feeds/session_fixture.hpp"

namespace yagura::feeds {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

// USDJPY, a quote a millisecond.
class YenTicks final : public ReplayTickSource {
 public:
  bool next(ReplayTick& tick) override {
    tick = {"USDJPY", {}, parse_price("157.12"), parse_price("157.123"), {}, {}};
    tick.ts = timestamp_from_ns(1'770'595'200'000'000'000) + 1ms * sent_++;
    return true;
  }
  bool rewind() override { return false; }
  [[nodiscard]] std::vector<std::string> symbols() const override { return {"USDJPY"}; }

 private:
  std::int64_t sent_ = 0;
};

class KeyedSessionSpec : public SessionSpec {
 protected:
  void serve(std::string_view vendor, std::string key = kKey) {
    ReplayServer::Options made;
    made.vendor = find_vendor(vendor);
    made.key = std::move(key);
    server = std::make_unique<ReplayServer>(io, clock, std::make_unique<YenTicks>(), std::move(made));
    ASSERT_TRUE(server->listen("127.0.0.1:0"));
  }
  std::unique_ptr<FeedSession> session_to(std::string_view vendor, const std::string& token = kKey,
                                          std::string_view path = "/") {
    auto made = options("ws://" + server->address() + std::string{path});
    made.symbols = {{kYen, find_vendor(vendor)->vendor_symbol("USDJPY")}};
    made.secrets = {token};
    FeedSession::Context context{io, *client, clock, sources, sink};
    context.tap = &tap;
    return std::make_unique<FeedSession>(std::move(made), codec_of(vendor, token), std::move(context));
  }
  [[nodiscard]] bool until_live(const FeedSession& feed) {
    return until([&] { return feed.status().state == FeedState::kLive; });
  }
  [[nodiscard]] bool until_down(const FeedSession& feed, FeedReason reason) {
    return until([&] { return feed.status().reason == reason; });
  }

  std::unique_ptr<ReplayServer> server;
};

TEST_F(KeyedSessionSpec, WithTheRightKeyTicksComeAndTheKeyIsNotRecorded) {
  for (const auto vendor : kKeyed) {
    if (find_vendor(vendor)->answer_call != nullptr) continue;  // its log-in is another test
    serve(vendor, "k&y=1 /+");
    const auto feed = session_to(vendor, "k&y=1 /+");
    feed->start();
    ASSERT_TRUE(until_live(*feed)) << vendor << ": " << feed->status().text;
    EXPECT_EQ(feed->status().decode_errors + feed->status().vendor_errors, 0U) << vendor;
    EXPECT_THAT(tap.out, Each(Not(HasSubstr("k&y"))));
    feed->stop();
  }
}

TEST_F(KeyedSessionSpec, AWrongKeyIsAuthAndTheKeyIsShownNowhere) {
  for (const auto vendor : kKeyed) {
    if (find_vendor(vendor)->answer_call != nullptr) continue;
    serve(vendor);
    tap.in.clear();
    tap.out.clear();
    const auto feed = session_to(vendor, "wr0ng k3y");
    feed->start();
    ASSERT_TRUE(until_down(*feed, FeedReason::kAuth)) << vendor << ": " << feed->status().text;
    const auto status = feed->status();
    EXPECT_EQ(status.state, FeedState::kBackoff) << vendor;
    for (const auto& text : {status.text, status.last_error, status.url}) {
      EXPECT_THAT(text, AllOf(Not(HasSubstr("wr0ng")), Not(HasSubstr("k3y")))) << vendor;
    }
    EXPECT_THAT(tap.out, Each(Not(HasSubstr("wr0ng")))) << vendor;
    EXPECT_THAT(status.text, HasSubstr("vendor error: ")) << vendor;
    EXPECT_EQ(status.attempts, 1U) << vendor;
  }
}

TEST_F(KeyedSessionSpec, AKeyThatTheVendorRepeatsIsMaskedInEitherForm) {
  ScriptedWsServer echo{io};
  echo.on_text = [](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(R"({"type":"error","msg":"bad key wr0ng k3y, in the address wr0ng%20k3y"})");
  };
  auto made = options(echo.url());
  made.secrets = {"wr0ng k3y"};
  FeedSession feed{std::move(made), codec_of("finnhub", "wr0ng k3y"), {io, *client, clock, sources, sink}};
  feed.start();
  ASSERT_TRUE(until_down(feed, FeedReason::kAuth));
  EXPECT_EQ(feed.status().text, "vendor error: bad key REDACTED, in the address REDACTED");
  EXPECT_EQ(feed.status().last_error, feed.status().text);
  EXPECT_THAT(echo.peers.at(0)->request, HasSubstr("token=wr0ng%20k3y"));
}

TEST_F(KeyedSessionSpec, AKeyIsMaskedBeforeALongTextIsCut) {
  const std::string key = "wr0ng-k3y-of-forty-characters-and-no-more";
  ScriptedWsServer echo{io};
  echo.on_text = [&](ScriptedWsServer::Peer& peer, const std::string&) {
    peer.send_text(R"({"type":"error","msg":")" + std::string(160, '.') + "no such key: " + key + "\"}");
  };
  auto made = options(echo.url());
  made.secrets = {key};
  FeedSession feed{std::move(made), codec_of("finnhub", key), {io, *client, clock, sources, sink}};
  feed.start();
  ASSERT_TRUE(until_down(feed, FeedReason::kAuth));
  EXPECT_THAT(feed.status().text, Not(HasSubstr("wr0")));
}

TEST_F(KeyedSessionSpec, ASecondFinnhubConnectionWithTheKeyDropsBoth) {
  serve("finnhub");
  const auto first = session_to("finnhub");
  first->start();
  ASSERT_TRUE(until_live(*first));
  const auto second = session_to("finnhub");
  second->start();
  EXPECT_TRUE(until([&] { return first->status().drops == 1 && second->status().drops == 1; }));
  EXPECT_TRUE(until([&] { return first->status().attempts > 1 && second->status().attempts > 1; }));
}

TEST_F(KeyedSessionSpec, ASecondMassiveConnectionOfTheClusterThrowsTheFirstOut) {
  serve("massive");
  const auto first = session_to("massive", kKey, "/forex");
  first->start();
  ASSERT_TRUE(until_live(*first));
  const auto elsewhere = session_to("massive", kKey, "/futures");
  elsewhere->start();
  ASSERT_TRUE(until_live(*elsewhere));
  EXPECT_EQ(first->status().drops, 0U);
  const auto second = session_to("massive", kKey, "/forex");
  second->start();
  ASSERT_TRUE(until_down(*first, FeedReason::kRejected));
  EXPECT_EQ(first->status().text, "vendor error: Maximum number of connections exceeded.");
  EXPECT_TRUE(until_live(*second));
}

}  // namespace
}  // namespace yagura::feeds
