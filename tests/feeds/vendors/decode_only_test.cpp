// Vendors whose frames are read although no feed can be connected to them.
#include "tests/feeds/vendors/frames.hpp"
#include "tests/feeds/vendors/vendor_fixture.hpp"

namespace yagura::feeds {
namespace {

TEST(DecodeOnlySpec, CanNeitherBeConnectedNorImitated) {
  for (const auto* name : {"tradingview", "ctrader", "fcsapi", "ig", "saxo", "databento"}) {
    const auto* vendor = find_vendor(name);
    ASSERT_NE(vendor, nullptr) << name;
    EXPECT_FALSE(vendor->live) << name;
    EXPECT_EQ(vendor->make_server, nullptr) << name;
    EXPECT_THAT(vendor->make_codec()->on_open({}), IsEmpty()) << name;
  }
}

struct TradingviewSpec : VendorSpec {
  TradingviewSpec() : VendorSpec("tradingview") {}
  static std::string packet(std::string_view payload) {
    return "~m~" + std::to_string(payload.size()) + "~m~" + std::string{payload};
  }
  static std::string quote(std::string_view symbol, std::string_view values) {
    return packet(R"({"m":"qsd","p":["qs_1",{"n":")" + std::string{symbol} + R"(","s":"ok","v":{)" +
                  std::string{values} + "}}]}");
  }
};

TEST_F(TradingviewSpec, ReadsEveryPacketOfAFrame) {
  const auto& out = decode(quote("A", R"("lp":1)") + packet("~h~12") + quote("BB", R"("bid":2)") +
                           packet(R"({"m":"quote_completed","p":[]})") + quote("C", R"("lp_time":3)"));
  ASSERT_EQ(out.ticks.size(), 2U);
  EXPECT_EQ(out.ticks[0].symbol, "A");
  EXPECT_EQ(out.ticks[1].symbol, "BB");
  EXPECT_EQ(out.ticks[1].price, std::nullopt);
  EXPECT_THAT(out.replies, ElementsAre("~m~5~m~~h~12"));
  EXPECT_EQ(out.error, "");
}

TEST_F(TradingviewSpec, CountsUtf16CodeUnits) {
  // Two characters of three bytes are a unit each, one of four bytes is two.
  EXPECT_EQ(read("~m~12~m~"
                 R"({"x":"日経😀"})"
                 "~m~4~m~~h~1"),
            kNothing);
  expect_error(
      "~m~11~m~"
      R"({"x":"日経😀"})");
  expect_error(
      "~m~7~m~"
      R"({"x":"😀"})");  // ends within the character
  expect_error(
      "~m~13~m~"
      R"({"x":"日経😀"})");
  expect_error("~m~3~m~\xf0\x9f\x98");
}

TEST_F(TradingviewSpec, KeepsTheGoodPacketsBeforeABadOne) {
  EXPECT_EQ(decode(quote("A", R"("lp":1)") + "~m~999~m~{}").ticks.size(), 1U);
  EXPECT_EQ(decoded_.error, "a packet shorter than its length");
  EXPECT_EQ(decode(packet("{torn") + quote("A", R"("lp":"x")") + quote("B", R"("lp":1)")).ticks.size(), 1U);
  EXPECT_THAT(decoded_.error, Not(IsEmpty()));
}

TEST_F(TradingviewSpec, RefusesFramesWithoutPackets) {
  expect_errors({"", "x", "~m~", "~m~~m~", "~m~x~m~{}", "~m~-2~m~{}", "~m~2", "~m~2~m{}",
                 "~m~99999999999999999999~m~{}", "~m~0~m~", "~m~2~m~{}x", "{}", "~m~4294967295~m~{}"});
}

TEST_F(TradingviewSpec, ReportsErrors) {
  EXPECT_EQ(decode(packet(R"({"m":"qsd","p":["q",{"n":"A","s":"error","errmsg":"no such symbol"}]})")).error,
            "vendor error: A: no such symbol");
  EXPECT_EQ(decoded_.refusal, Refusal::kNone);
  EXPECT_EQ(decode(packet(R"({"m":"protocol_error","p":["wrong data"]})")).error,
            "vendor error: protocol_error wrong data");
  EXPECT_EQ(decoded_.refusal, Refusal::kSession);
  expect_errors({packet(R"({"m":"qsd"})"), packet(R"({"m":"qsd","p":[]})"), packet(R"({"m":"qsd","p":["q",{}]})")});
}

struct CtraderSpec : VendorSpec {
  CtraderSpec() : VendorSpec("ctrader") {}
  static std::string spot(std::string_view members) {
    return R"({"payloadType":2131,"payload":{"symbolId":4)" + std::string{members} + "}}";
  }
};

TEST_F(CtraderSpec, ReadsOneSideOrTwo) {
  EXPECT_EQ(read(spot(R"(,"bid":15712345,"ask":"15712500")")),
            R"({"ticks":[{"symbol":"4","bid":"157.12345","ask":"157.125","ts_ms":null}],"error":null})");
  EXPECT_EQ(read(spot(R"(,"ask":1,"timestamp":1770595200123)")),
            R"({"ticks":[{"symbol":"4","ask":"0.00001","ts_ms":1770595200123}],"error":null})");
  expect_nothing({spot(""), spot(R"(,"bid":0,"ask":null)"), R"({"payloadType":51})", R"({"payloadType":2128})"});
}

TEST_F(CtraderSpec, RefusesWhatIsNoWholeNumber) {
  expect_errors({"", "{}", R"({"payloadType":"x"})", R"({"payloadType":2131})", R"({"payloadType":2131,"payload":[]})",
                 R"({"payloadType":2131,"payload":{"bid":1}})", R"({"payloadType":2131,"payload":{"symbolId":"x"}})",
                 spot(R"(,"bid":1.5)"), spot(R"(,"bid":9223372036854775807)"), spot(R"(,"bid":1,"timestamp":"x")")});
}

TEST_F(CtraderSpec, ReportsErrors) {
  EXPECT_EQ(decode(R"({"payloadType":2142,"payload":{"errorCode":"CH_X","description":"No."}})").error,
            "vendor error: CH_X No.");
  EXPECT_THAT(decode(R"({"payloadType":50})").error, StartsWith("vendor error"));
}

struct FcsapiSpec : VendorSpec {
  FcsapiSpec() : VendorSpec("fcsapi") {}
};

TEST_F(FcsapiSpec, ReadsTheCloseOfTheCurrentBar) {
  EXPECT_EQ(
      read(
          R"({"type":"price","symbol":"FX:USDJPY","prices":{"mode":"candle","t":1770595200,"o":1,"c":157.1,"a":null}})"),
      R"({"ticks":[{"symbol":"FX:USDJPY","price":"157.1","ts_ms":null}],"error":null})");
  expect_nothing({R"({"type":"price","symbol":"A","prices":{"o":1}})", R"({"type":"weather"})"});
  expect_errors({"", "{}", R"({"type":"price","symbol":"A"})", R"({"type":"price","prices":{"c":1}})"});
}

TEST_F(FcsapiSpec, PongsAndReportsErrors) {
  EXPECT_THAT(decode(R"({"type":"ping","timestamp":7})").replies, ElementsAre(R"({"type":"pong","timestamp":7})"));
  EXPECT_TRUE(decode(R"({"type":"message","short":"joined_room"})").subscribed);
  EXPECT_EQ(decode(R"({"type":"error","message":"No."})").error, "vendor error: No.");
}

struct IgSpec : VendorSpec {
  IgSpec() : VendorSpec("ig") {}
};

TEST_F(IgSpec, ReadsRowsOfWhatChanged) {
  const auto row = [&](std::string_view values) { return read("U,1,2," + std::string{values}); };
  EXPECT_EQ(row("157.1|157.2|1770595200123"),
            R"({"ticks":[{"symbol":"2","bid":"157.1","ask":"157.2","ts_ms":1770595200123}],"error":null})");
  EXPECT_EQ(row("|157.2|"), R"({"ticks":[{"symbol":"2","ask":"157.2","ts_ms":null}],"error":null})");
  EXPECT_EQ(row("^1|157.2|#"), R"({"ticks":[{"symbol":"2","ask":"157.2","ts_ms":null}],"error":null})");
  EXPECT_EQ(row("#|157.2|^1"), R"({"ticks":[{"symbol":"2","ask":"157.2","ts_ms":null}],"error":null})");
  EXPECT_EQ(row("157.1|157.2|1770595200123|more|fields").find("error\":null") != std::string::npos, true);
  for (const auto* values : {"||", "^3", "^2|1770595200123", "#|#|1", "^4294967295"}) {
    EXPECT_EQ(row(values), kNothing) << values;
  }
}

TEST_F(IgSpec, ReadsEveryLineOfAFrame) {
  EXPECT_EQ(decode("U,1,1,157.1|157.2|1\r\nPROBE\r\nU,1,2,|57000|1\r\n").ticks.size(), 2U);
  EXPECT_EQ(decode("U,1,1,x||\r\nU,1,2,|57000|1\r\n").ticks.size(), 1U);
  EXPECT_THAT(decoded_.error, Not(IsEmpty()));
}

TEST_F(IgSpec, ReportsErrors) {
  EXPECT_EQ(decode("CONERR,2,Requested Adapter Set not available").refusal, Refusal::kSession);
  EXPECT_EQ(decode("END,31,closed").refusal, Refusal::kSession);
  EXPECT_EQ(decode("REQERR,1,17,bad item").error, "vendor error: REQERR,1,17,bad item");
  EXPECT_EQ(decoded_.refusal, Refusal::kNone);
  EXPECT_TRUE(decode("SUBOK,1,1,3").subscribed);
  expect_nothing({"PROBE", "LOOP,0", "SYNC,12", "CONOK,S1,50000,5000,*", "\r\n"});
  expect_errors({"", "hello", "U", "U,1", "U,1,1", "U,1,1,", "U,a,1,1|2|3", "U,1,a,1|2|3", "U,1,1,x|2|3", "U,1,1,$|2|3",
                 "U,1,1,1|2|x", "U,1,1,^|2", "U,1,1,^0|2", "U,1,1,^x|2", "U,1,1,^-1|2", "U,,1,1|2|3", "42,1"});
}

struct SaxoSpec : VendorSpec {
  SaxoSpec() : VendorSpec("saxo") {}
  const Decoded& decode_bytes(const std::string& bytes) { return decode(Frame{bytes, true}); }
  static std::string update(std::string_view members) { return saxo_envelope("r", "{" + std::string{members} + "}"); }
};

TEST_F(SaxoSpec, ReadsEveryEnvelopeOfAFrame) {
  const auto& out = decode_bytes(update(R"("Uic":42,"Quote":{"Bid":157.1})") +
                                 saxo_envelope("_heartbeat", R"([{"Heartbeats":[{"Reason":"NoNewData"}]}])") +
                                 saxo_envelope("r", R"([{"Uic":7,"Quote":{"Mid":1}},{"Uic":8,"Quote":{"Ask":2}}])"));
  ASSERT_EQ(out.ticks.size(), 3U);
  EXPECT_EQ(out.ticks[0].symbol, "42");
  EXPECT_EQ(out.ticks[0].bid, parse_price("157.1"));
  EXPECT_EQ(out.ticks[2].symbol, "8");
  EXPECT_EQ(out.error, "");
}

TEST_F(SaxoSpec, SaysNothingToChangesOfOtherThings) {
  for (const auto* members : {"", R"("Uic":42)", R"("Uic":42,"Quote":{"Amount":1})", R"("PriceInfo":{"High":1})"}) {
    EXPECT_EQ(decode_bytes(update(members)).error, "") << members;
    EXPECT_THAT(decoded_.ticks, IsEmpty()) << members;
  }
}

TEST_F(SaxoSpec, ReportsResetsAndDisconnects) {
  for (const auto* reference : {"_resetsubscriptions", "_disconnect"}) {
    EXPECT_EQ(decode_bytes(saxo_envelope(reference, "[]")).refusal, Refusal::kSession);
    EXPECT_THAT(decoded_.error, StartsWith("vendor error: _")) << reference;
  }
  decode_bytes(saxo_envelope("_heartbeat", R"([{"Heartbeats":[{"Reason":"SubscriptionPermanentlyDisabled"}]}])"));
  EXPECT_EQ(decoded_.error, "vendor error: SubscriptionPermanentlyDisabled");
}

TEST_F(SaxoSpec, ChecksEveryLength) {
  auto too_long = update(R"("Uic":42,"Quote":{"Bid":157.1})");
  too_long[13] = '\xff';  // the payload's length, beyond the frame
  too_long[16] = '\xff';
  for (const auto& bytes :
       {std::string{}, std::string(10, '\0'), std::string(11, '\xff'), std::string(15, '\0'), too_long,
        update("") + "x", saxo_envelope("r", "{}", 1), saxo_envelope("r", ""), update(R"("Quote":{"Bid":1})"),
        update(R"("Uic":42,"Quote":{"Bid":"x"})"), update(R"("Uic":42,"Quote":{"Bid":1},"LastUpdated":"x")")}) {
    EXPECT_THAT(decode_bytes(bytes).error, Not(IsEmpty()));
    EXPECT_THAT(decoded_.ticks, IsEmpty());
  }
  expect_error(update(R"("Uic":42,"Quote":{"Bid":1})"));  // as text
}

struct DatabentoSpec : VendorSpec {
  DatabentoSpec() : VendorSpec("databento") {}
  static constexpr std::int64_t kNone = INT64_MAX;
  static constexpr std::int64_t kPrice = 57'000'000'000'000;
  const Decoded& decode_bytes(const std::string& bytes) { return decode(Frame{bytes, true}); }
  static std::string field(std::string text, std::size_t size) { return text.append(size - text.size(), '\0'); }
};

TEST_F(DatabentoSpec, ReadsTheLinesOfTheLogIn) {
  expect_nothing({"lsg_version=0.4.1\n", "cram=abc\n", "success=1|session_id=1\n", "a=1\nb=2\n"});
  EXPECT_EQ(decode("success=0|error=Authentication failed.\n").error, "vendor error: error=Authentication failed.");
  EXPECT_EQ(decoded_.refusal, Refusal::kAuth);
  expect_errors({"", "hello", "a=1\nhello"});
}

TEST_F(DatabentoSpec, ReadsTradesAndTheTopOfTheBook) {
  const auto& out = decode_bytes(dbn_top_of_book(7, 'A', kPrice + 1, kPrice, kNone) +
                                 dbn_top_of_book(7, 'T', kPrice + 1, kPrice, kPrice + 5) +
                                 dbn_record(0, 8, 0, little_endian(kPrice) + std::string(24, 'T')));
  ASSERT_EQ(out.ticks.size(), 3U);
  EXPECT_EQ(out.ticks[0].symbol, "7");
  EXPECT_EQ(out.ticks[0].price, std::nullopt);
  EXPECT_EQ(out.ticks[0].bid, Price::from_raw(kPrice));
  EXPECT_EQ(out.ticks[0].ask, std::nullopt);
  EXPECT_EQ(to_ns(*out.ticks[0].ts), 1'770'595'200'123'456'789);
  EXPECT_EQ(out.ticks[1].price, Price::from_raw(kPrice + 1));
  EXPECT_EQ(out.ticks[2].symbol, "8");
  EXPECT_EQ(out.ticks[2].ts, std::nullopt);
}

TEST_F(DatabentoSpec, LearnsTheNamesOfContracts) {
  const auto v1 = field("NIY.FUT", 22) + field("NIYH6", 22) + std::string(20, '\0');
  const auto v2 = "\1" + field("NKD.FUT", 71) + "\1" + field("NKDH6", 71) + std::string(16, '\0');
  EXPECT_EQ(decode_bytes(dbn_record(0x16, 7, 1, v1) + dbn_record(0x16, 8, 1, v2)).error, "");
  EXPECT_EQ(decode_bytes(dbn_top_of_book(7, 'A', 1, kPrice, kPrice)).ticks.at(0).symbol, "NIYH6");
  EXPECT_EQ(decode_bytes(dbn_top_of_book(8, 'A', 1, kPrice, kPrice)).ticks.at(0).symbol, "NKDH6");
  EXPECT_THAT(decode_bytes(dbn_record(0x16, 7, 1, std::string(8, 'x'))).error, Not(IsEmpty()));
}

TEST_F(DatabentoSpec, SkipsMetadataAndRecordsItDoesNotKnow) {
  const auto metadata = "DBN\2" + little_endian(std::uint32_t{5}) + "hello";
  const auto& out = decode_bytes(metadata + dbn_record(0x17, 0, 0, std::string(64, 'x')) +
                                 dbn_top_of_book(7, 'A', 1, kPrice, kPrice));
  EXPECT_EQ(out.ticks.size(), 1U);
  EXPECT_EQ(out.error, "");
  EXPECT_EQ(decode_bytes(dbn_record(0x15, 0, 0, field("bad symbol", 64))).error, "vendor error: bad symbol");
}

TEST_F(DatabentoSpec, ChecksEveryLength) {
  const auto record = dbn_top_of_book(7, 'A', 1, kPrice, kPrice);
  for (const auto& bytes : {std::string(1, '\0'), std::string(16, '\0'), std::string(16, '\3'), record.substr(0, 79),
                            std::string{"DBN"}, "DBN\2" + little_endian(std::uint32_t{100}),
                            dbn_record(1, 7, 1, std::string(4, 'x')), dbn_record(1, 7, 1, std::string(36, 'x'))}) {
    EXPECT_THAT(decode_bytes(bytes).error, Not(IsEmpty()));
    EXPECT_THAT(decoded_.ticks, IsEmpty());
  }
  EXPECT_EQ(decode_bytes(record + record.substr(0, 9)).ticks.size(), 1U);
  EXPECT_EQ(decoded_.error, "a truncated record");
}

}  // namespace
}  // namespace yagura::feeds
