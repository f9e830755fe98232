#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

const std::string kId = "ef2c98c804ba503c6a707e38be4dfbb16683775f195b091252bf24693042fd52";

class PythSpec : public VendorSpec {
 protected:
  PythSpec() : VendorSpec("pyth") {}
  static std::string update(std::string_view price, std::string_view expo, const std::string& id = kId) {
    return R"({"type":"price_update","price_feed":{"id":")" + id + R"(","price":{"price":)" + std::string{price} +
           R"(,"conf":"12","expo":)" + std::string{expo} + R"(,"publish_time":1770595200}}})";
  }
  std::string price_of(std::string_view price, std::string_view expo) {
    decode(update(price, expo));
    if (!decoded_.error.empty()) return "error";
    return decoded_.ticks.empty() ? "nothing" : to_string(*decoded_.ticks[0].price);
  }
};

TEST_F(PythSpec, SubscribesByIdWithout0x) {
  const std::vector<std::string> symbols{kId, "0x" + std::string(64, 'a')};
  EXPECT_THAT(codec_->on_open(symbols), ElementsAre(R"({"type":"subscribe","ids":[")" + kId + R"(",")" +
                                                    std::string(64, 'a') + R"("],"verbose":false,"binary":false})"));
  EXPECT_THAT(codec_->unsubscribe({&symbols[0], 1}), ElementsAre(R"({"type":"unsubscribe","ids":[")" + kId + R"("]})"));
  EXPECT_EQ(vendor_.vendor_symbol("USDJPY"), kId);
}

TEST_F(PythSpec, MovesThePointWithoutRounding) {
  EXPECT_EQ(price_of(R"("157123000")", "-6"), "157.123");
  EXPECT_EQ(price_of("15712312", "-5"), "157.12312");
  EXPECT_EQ(price_of("157", "0"), "157");
  EXPECT_EQ(price_of("157", "\"2\""), "15700");
  EXPECT_EQ(price_of("-157123", "-3"), "-157.123");
  EXPECT_EQ(price_of("9223372036854775807", "-9"), "9223372036.854775807");
  EXPECT_EQ(price_of("1571234567891", "-10"), "157.123456789");
  EXPECT_EQ(price_of("1571234567895", "-10"), "157.12345679");
  EXPECT_EQ(price_of("-1571234567895", "-10"), "-157.12345679");
  EXPECT_EQ(price_of("9223372036854775807", "-28"), "0.000000001");
}

TEST_F(PythSpec, RefusesWhatDoesNotFit) {
  EXPECT_EQ(price_of("9223372036854775807", "-8"), "error");
  EXPECT_EQ(price_of("1", "10"), "error");
  EXPECT_EQ(price_of("1", "9223372036854775807"), "error");
  EXPECT_EQ(price_of("1", "-9223372036854775808"), "nothing");
  EXPECT_EQ(price_of("1", "-29"), "nothing");
  EXPECT_EQ(price_of("0", "-5"), "nothing");
  for (const auto* price : {"null", "1.5", "\"\"", "\"NaN\"", "1e308", "99999999999999999999", "[]", "true"}) {
    EXPECT_EQ(price_of(price, "-5"), "error") << price;
    EXPECT_EQ(price_of("157", price), "error") << price;
  }
}

TEST_F(PythSpec, NamesASymbolAsTheSettingsDo) {
  EXPECT_EQ(decode(update("157", "0", "0x" + kId)).ticks.at(0).symbol, kId);
  const std::vector<std::string> symbols{"0x" + kId};
  codec_->on_open(symbols);
  EXPECT_EQ(decode(update("157", "0", kId)).ticks.at(0).symbol, "0x" + kId);
  EXPECT_EQ(decode(update("157", "0", "0x" + kId)).ticks.at(0).symbol, "0x" + kId);
}

TEST_F(PythSpec, KnowsItsOtherMessages) {
  expect_nothing({R"({"type":"future_event","payload":1})"});
  EXPECT_TRUE(decode(R"({"type":"response","status":"success"})").subscribed);
  EXPECT_EQ(decode(R"({"type":"response","status":"error","error":"not found"})").error, "vendor error: not found");
  EXPECT_FALSE(decoded_.subscribed);
  expect_errors(
      {"", "{}", "[]", R"({"type":1})", R"({"type":"price_update"})",
       R"({"type":"price_update","price_feed":{"id":"a"}})",
       R"({"type":"price_update","price_feed":{"price":{"price":"1","expo":0}}})",
       R"({"type":"price_update","price_feed":{"id":"a","price":{"price":"1","expo":0,"publish_time":"x"}}})"});
}

TEST_F(PythSpec, TheServerTakesAllIdsOrNone) {
  EXPECT_THAT(send(R"({"type":"subscribe","ids":["0x)" + kId + R"("]})"),
              ElementsAre(R"({"type":"response","status":"success"})"));
  EXPECT_TRUE(server_->wants("USDJPY"));
  EXPECT_FALSE(server_->wants("NI225"));
  send(R"({"type":"unsubscribe","ids":[")" + kId + R"("]})");
  EXPECT_FALSE(server_->wants("USDJPY"));
  EXPECT_THAT(send(R"({"type":"subscribe","ids":[")" + kId + R"(","NI225"]})"),
              ElementsAre(HasSubstr("NI225 not found")));
  EXPECT_FALSE(server_->wants("USDJPY"));
  for (const auto* frame : {"", "hello", "[]", "{}", R"({"type":"subscribe"})", R"({"type":"buy","ids":[]})"}) {
    EXPECT_THAT(send(frame), ElementsAre(StartsWith(R"({"type":"response","status":"error","error":")"))) << frame;
  }
}

TEST_F(PythSpec, TheServerWritesWholeNumbers) {
  EXPECT_THAT(encode(kQuote), HasSubstr(R"("price":{"price":"157121500000","conf":"1500000","expo":-9,)"));
  EXPECT_EQ(round_trip(kQuote),
            R"({"ticks":[{"symbol":")" + kId + R"(","price":"157.1215","ts_ms":1770595200000}],"error":null})");
  EXPECT_EQ(encode(kIndex), "cannot");
}

}  // namespace
}  // namespace yagura::feeds
