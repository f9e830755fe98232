// A vendor that takes some symbols and refuses others, before the first tick.
#include <gmock/gmock.h>

#include "tests/feeds/keyed_fixture.hpp"
#include "tests/feeds/session_fixture.hpp"

namespace yagura::feeds {
namespace {

using ::testing::HasSubstr;

// A clock that a test sets forward.
class ShiftedClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const noexcept override { return real_.now() + shift; }
  [[nodiscard]] MonoTime mono() const noexcept override { return real_.mono() + shift; }
  Duration shift{0};

 private:
  RealClock real_;
};

// A vendor in a hurry: looks at its clock often.
class HastyCodec final : public Codec {
 public:
  explicit HastyCodec(std::string_view vendor) : codec_(codec_of(vendor)) {}
  std::vector<std::string> on_open(std::span<const std::string> symbols) override { return codec_->on_open(symbols); }
  void decode(Frame frame, Decoded& out) noexcept override { codec_->decode(frame, out); }
  std::string keep_alive() override { return codec_->keep_alive(); }
  [[nodiscard]] Duration keep_alive_every() const override { return 10ms; }

 private:
  std::unique_ptr<Codec> codec_;
};

class PartlyRefusedSpec : public SessionSpec {
 protected:
  // Answers the subscription with `status`, then says nothing for eleven seconds.
  void subscribe_and_wait(const std::string& status, std::string_view name = "twelvedata",
                          std::string_view command = "subscribe") {
    ScriptedWsServer vendor{io};
    vendor.on_text = [&](ScriptedWsServer::Peer& peer, const std::string& text) {
      if (text.find(command) != std::string::npos) peer.send_text(status);
    };
    ShiftedClock shifted;
    FeedSession feed{options(vendor.url()), std::make_unique<HastyCodec>(name), {io, *client, shifted, sources, sink}};
    feed.start();
    ASSERT_TRUE(until([&] { return feed.status().vendor_errors > 0; }));
    shifted.shift = 11s;
    const auto heartbeats = vendor.peers.at(0)->texts.size();
    ASSERT_TRUE(until([&] { return feed.status().drops > 0 || vendor.peers.at(0)->texts.size() > heartbeats + 3; }));
    status_ = feed.status();
  }
  FeedStatus status_;
};

TEST_F(PartlyRefusedSpec, WhatWasTakenMayTakeItsTime) {
  subscribe_and_wait(
      R"({"event":"subscribe-status","status":"warning","success":[{"symbol":"USD/JPY"}],"fails":[{"symbol":"GBP/USD"}]})");
  EXPECT_EQ(status_.state, FeedState::kSubscribed);
  EXPECT_EQ(status_.drops, 0U);
  EXPECT_EQ(status_.last_error, "vendor error: not subscribed: GBP/USD");
}

TEST_F(PartlyRefusedSpec, ARefusalOfEverythingIsTriedAnewAfterAWhile) {
  subscribe_and_wait(R"({"event":"subscribe-status","status":"error","fails":[{"symbol":"GBP/USD"}]})");
  EXPECT_EQ(status_.drops, 1U);
  EXPECT_THAT(status_.text, HasSubstr("no tick after an error"));
}

TEST_F(PartlyRefusedSpec, AClosedMarketIsWaitedForOnTheSameConnection) {
  subscribe_and_wait(R"({"error":{"code":"MarketIsClosed","message":"until Monday"},"msg_type":"tick","req_id":1})",
                     "deriv", "ticks");
  EXPECT_EQ(status_.drops, 0U);
  EXPECT_THAT(status_.last_error, HasSubstr("MarketIsClosed"));
}

}  // namespace
}  // namespace yagura::feeds
