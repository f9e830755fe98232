// One good frame of each vendor, each holding one tick, and the binary ones' building blocks.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::feeds {

struct VendorFrame {
  std::string_view vendor;
  std::string payload;
  bool binary = false;
};

template <class T>
std::string little_endian(T value) {
  std::string bytes;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    bytes += static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff);
  return bytes;
}

inline std::string saxo_envelope(std::string_view reference, std::string_view payload, std::uint8_t format = 0) {
  return std::string(10, '\0') + little_endian(static_cast<std::uint8_t>(reference.size())) + std::string{reference} +
         little_endian(format) + little_endian(static_cast<std::uint32_t>(payload.size())) + std::string{payload};
}

// A record of DBN with its header; the body's size is a multiple of four.
inline std::string dbn_record(std::uint8_t kind, std::uint32_t instrument, std::uint64_t ns, std::string_view body) {
  return little_endian(static_cast<std::uint8_t>((16 + body.size()) / 4)) + little_endian(kind) +
         little_endian(std::uint16_t{1}) + little_endian(instrument) + little_endian(ns) + std::string{body};
}

inline std::string dbn_top_of_book(std::uint32_t instrument, char action, std::int64_t price, std::int64_t bid,
                                   std::int64_t ask) {
  const auto body = little_endian(price) + std::string(4, '\1') + action + std::string(3 + 8 + 4 + 4, '\1') +
                    little_endian(bid) + little_endian(ask) + std::string(16, '\1');
  return dbn_record(1, instrument, 1'770'595'200'123'456'789, body);
}

inline std::vector<VendorFrame> good_frames() {
  return {
      {"gmo",
       R"({"symbol":"USD_JPY","ask":"157.004","bid":"157.001","timestamp":"2026-02-09T00:00:00.123987Z","status":"OPEN"})"},
      {"native",
       R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"157.120","ask":157.123,"seq":42})"},
      {"deriv",
       R"({"echo_req":{"ticks":"frxUSDJPY"},"msg_type":"tick","subscription":{"id":"11111111-2222-3333"},"tick":{"ask":156.355,"bid":156.351,"epoch":1770595200,"id":"11111111-2222-3333","pip_size":3,"quote":156.353,"symbol":"frxUSDJPY"}})"},
      {"hyperliquid",
       R"({"channel":"bbo","data":{"coin":"xyz:JP225","time":1770595200123,"bbo":[{"px":"57000.5","sz":"3.0","n":3},{"px":"57002.0","sz":"3.0","n":3}]}})"},
      {"kabu",
       R"({"Symbol":"167060019","SymbolName":"日経225mini 26/03","Exchange":2,"CurrentPrice":57000.0,"CurrentPriceTime":"2026-02-09T09:00:00+09:00","BidPrice":57005.0,"Sell1":{"Price":57005.0,"Qty":257.0},"AskPrice":57000.0})"},
      {"kraken",
       R"({"channel":"ticker","type":"update","data":[{"symbol":"USD/JPY","bid":157.120,"bid_qty":1200.0,"ask":157.123,"last":157.12,"timestamp":"2026-02-09T00:00:00.123456Z"}]})"},
      {"pyth",
       R"({"type":"price_update","price_feed":{"id":"ef2c98c804ba503c6a707e38be4dfbb16683775f195b091252bf24693042fd52","price":{"price":"157123000","conf":"1200","expo":-6,"publish_time":1770595200}}})"},
      {"tradingview",
       R"(~m~140~m~{"m":"qsd","p":["qs_0J8daiOQEZzH",{"n":"FX:USDJPY-a-long-name","s":"ok","v":{"lp":157.12,"lp_time":1770595200,"bid":157.12,"ask":157.123}}]})"},
      {"ctrader",
       R"({"payloadType":2131,"payload":{"ctidTraderAccountId":712345,"symbolId":4,"bid":15712000,"ask":15712300,"timestamp":1770595200123}})"},
      {"fcsapi",
       R"({"type":"price","symbol":"FX:USDJPY","timeframe":"1","prices":{"mode":"askbid","t":1770595200,"c":157.12,"a":157.123,"b":157.12}})"},
      {"ig", "U,1,1,157.120|157.123|1770595200123"},
      {"saxo",
       saxo_envelope(
           "jpy1",
           R"({"Uic":42,"LastUpdated":"2026-02-09T00:00:00.123Z","Quote":{"Ask":157.123,"Bid":157.12,"Mid":157.1215}})"),
       true},
      {"databento", dbn_top_of_book(7, 'A', 1, 57'000'000'000'000, 57'005'000'000'000), true},
  };
}

}  // namespace yagura::feeds
