// What no vendor should send, by table: prices that are none, frames that are cut, bytes that are not
// those of the vendor.
#include <algorithm>

#include "tests/feeds/vendors/frames.hpp"
#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

// A frame with "@" in the place of its bid or price, and of what the vendor says in a text.
struct PricePlace {
  std::string_view vendor;
  std::string_view frame;
};
constexpr PricePlace kPlaces[] = {
    {"deriv", R"({"msg_type":"tick","tick":{"symbol":"A","quote":1,"bid":@,"ask":2}})"},
    {"hyperliquid", R"({"channel":"bbo","data":{"coin":"A","bbo":[{"px":@},{"px":"2"}]}})"},
    {"kabu", R"({"Symbol":"A","AskPrice":@,"BidPrice":2})"},
    {"kraken", R"({"channel":"ticker","data":[{"symbol":"A","bid":@,"ask":2}]})"},
    {"ctrader", R"({"payloadType":2131,"payload":{"symbolId":4,"bid":@,"ask":200000}})"},
    {"fcsapi", R"({"type":"price","symbol":"A","prices":{"c":1,"b":@,"a":2}})"},
};

std::string with(const PricePlace& place, std::string_view value) {
  std::string frame{place.frame};
  return frame.replace(frame.find('@'), 1, value);
}

class HostileFrameSpec : public ::testing::Test {
 protected:
  const Decoded& decode(Codec& codec, std::string_view frame, bool binary = false) {
    codec.decode({frame, binary}, out_);
    return out_;
  }
  Decoded out_;
};

TEST_F(HostileFrameSpec, APriceThatIsNoneSpoilsItsTickAndNoOther) {
  for (const auto& place : kPlaces) {
    const auto codec = find_vendor(place.vendor)->make_codec();
    for (const auto* value :
         {"\"NaN\"", "\"Infinity\"", "NaN", "Infinity", "-Infinity", "\"\"", "\"abc\"", "1e308", "\"1e308\"",
          "\"1,234.5\"", "1,234.5", "true", "[1]", "{\"v\":1}", "99999999999999999999", "0x10", "\"-\"", ".5", "1."}) {
      const auto frame = with(place, value);
      EXPECT_THAT(decode(*codec, frame).error, Not(IsEmpty())) << frame;
      EXPECT_THAT(out_.ticks, IsEmpty()) << frame;
      EXPECT_EQ(out_.refusal, Refusal::kNone) << frame;
    }
    EXPECT_EQ(decode(*codec, with(place, "100000")).ticks.size(), 1U) << place.vendor;
    EXPECT_THAT(out_.error, IsEmpty()) << place.vendor;
  }
}

TEST_F(HostileFrameSpec, ZeroAndNullAreAnAbsentSide) {
  for (const auto& place : kPlaces) {
    const auto codec = find_vendor(place.vendor)->make_codec();
    for (const auto* value : {"null", "0", "\"0\"", "-0"}) {
      const auto frame = with(place, value);
      ASSERT_EQ(decode(*codec, frame).ticks.size(), 1U) << frame << out_.error;
      EXPECT_EQ(out_.ticks[0].bid, std::nullopt) << frame;
      EXPECT_EQ(out_.ticks[0].ask, parse_price("2")) << frame;
    }
  }
}

// Integrity is the detectors' business: they count what they reject, with its reason.
TEST_F(HostileFrameSpec, NegativeAndCrossedPricesArePassedOn) {
  for (const auto& place : kPlaces) {
    const auto codec = find_vendor(place.vendor)->make_codec();
    for (const auto* value : {"-300000", "300000"}) {
      const auto frame = with(place, value);
      ASSERT_EQ(decode(*codec, frame).ticks.size(), 1U) << frame << out_.error;
      EXPECT_EQ(out_.ticks[0].bid->raw() < 0, *value == '-') << frame;
    }
  }
}

TEST_F(HostileFrameSpec, EveryVendorHasAGoodFrame) {
  const auto frames = good_frames();
  for (const auto& frame : frames) {
    const auto codec = find_vendor(frame.vendor)->make_codec();
    EXPECT_EQ(decode(*codec, frame.payload, frame.binary).ticks.size(), 1U) << frame.vendor << out_.error;
    EXPECT_THAT(out_.error, IsEmpty()) << frame.vendor;
  }
}

// A capture holds both directions.
TEST_F(HostileFrameSpec, OurOwnCommandsAreNoErrors) {
  const std::vector<std::string> symbols{"A", "B"};
  for (const auto* name : {"deriv", "hyperliquid", "kraken", "pyth"}) {
    const auto codec = find_vendor(name)->make_codec();
    auto commands = codec->on_open(symbols);
    for (auto& text : codec->unsubscribe(symbols)) commands.push_back(std::move(text));
    if (auto text = codec->keep_alive(); !text.empty()) commands.push_back(std::move(text));
    ASSERT_GE(commands.size(), 2U) << name;
    for (const auto& text : commands) EXPECT_EQ(decode_line(*codec, text), kNothing) << name << " " << text;
  }
  const std::pair<std::string_view, std::string_view> others[] = {
      {"ig", "create_session\r\nLS_adapter_set=DEFAULT&LS_user=A"},
      {"ig", "control\r\nLS_reqId=1&LS_op=add"},
      {"ctrader", R"({"clientMsgId":"a","payloadType":2127,"payload":{"symbolId":[4]}})"},
      {"fcsapi", R"({"type":"join_symbol","symbol":"FX:USDJPY","timeframe":"1"})"},
      {"databento", "start_session\n"}};
  for (const auto& [name, text] : others) {
    EXPECT_EQ(decode_line(*find_vendor(name)->make_codec(), text), kNothing) << name;
  }
}

// As a cut connection would leave it. A row of IG is complete wherever it ends.
TEST_F(HostileFrameSpec, ACutFrameMakesNoTick) {
  for (const auto& frame : good_frames()) {
    if (frame.vendor == "ig") continue;
    const auto codec = find_vendor(frame.vendor)->make_codec();
    for (std::size_t size = 0; size < frame.payload.size(); ++size) {
      decode(*codec, std::string_view{frame.payload}.substr(0, size), frame.binary);
      EXPECT_THAT(out_.ticks, IsEmpty()) << frame.vendor << " at " << size;
      EXPECT_THAT(out_.error, Not(IsEmpty())) << frame.vendor << " at " << size;
    }
  }
}

TEST_F(HostileFrameSpec, AnyByteMayBeAnother) {
  for (const auto& frame : good_frames()) {
    const auto codec = find_vendor(frame.vendor)->make_codec();
    for (std::size_t at = 0; at < frame.payload.size(); ++at) {
      for (const char other : {'\0', '\x7f', '\xff', '"', '}', '9', '~', '|'}) {
        auto changed = frame.payload;
        changed[at] = other;
        decode(*codec, changed, frame.binary);
        EXPECT_LE(out_.ticks.size(), 1U) << frame.vendor << " at " << at;
      }
    }
  }
}

TEST_F(HostileFrameSpec, BinaryNoiseIsNoReasonToFail) {
  std::uint64_t state = 7;
  std::string noise;
  const auto next = [&] { return state = state * 6364136223846793005U + 1442695040888963407U; };
  for (int round = 0; round < 2'000; ++round) {
    noise.clear();
    for (auto size = next() >> 56; size > 0; --size) noise += static_cast<char>(next() >> (round % 3 == 0 ? 62 : 56));
    for (const auto& vendor : vendors()) {
      decode(*vendor.make_codec(), noise, true);
      ASSERT_TRUE(noise.empty() || !out_.ticks.empty() || !out_.error.empty() || vendor.name == "databento")
          << vendor.name;
    }
  }
}

}  // namespace
}  // namespace yagura::feeds
