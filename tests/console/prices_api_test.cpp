// Questions about past prices over HTTP.
#include "console/prices_api.hpp"

#include <thread>

#include "console/price_json.hpp"
#include "tests/console/console_fixture.hpp"

namespace yagura::console {
namespace {

using test::http_get;
using ::testing::HasSubstr;

class Desk final : public PriceDesk {
 public:
  [[nodiscard]] const std::vector<std::string>& symbols() const override { return symbols_; }
  void candles(const CandleQuestion& question, Answer answer) override {
    asked = question;
    give(std::move(answer));
  }
  void ticks(const TickQuestion& question, Answer answer) override {
    asked_ticks = question;
    give(std::move(answer));
  }

  CandleQuestion asked;
  TickQuestion asked_ticks;
  bool busy = false;
  std::vector<Answer> kept;  // answered later
  bool keep = false;

 private:
  void give(Answer answer) {
    if (keep) return kept.push_back(std::move(answer));
    answer(busy ? Result<std::string>{Error{"busy"}} : Result<std::string>{std::string{R"({"found":1})"}});
  }
  std::vector<std::string> symbols_{"NI225", "USDJPY"};
};

class PricesApiSpec : public ConsoleSpec {
 protected:
  void SetUp() override {
    ConsoleServer::Options options;
    options.prices = &desk;
    start(options);
  }
  std::string refused(const std::string& path, int status) {
    const auto reply = http_get(port, "/api/v1/" + path);
    EXPECT_EQ(reply.status, status) << path << ": " << reply.body;
    return reply.body;
  }
  Desk desk;
};

TEST_F(PricesApiSpec, AsksForWhatTheUrlSays) {
  const auto reply = http_get(port,
                              "/api/v1/candles?instrument=USDJPY&interval=15m&from=1770595200000000000&to="
                              "2026-02-09T09%3A30%3A00%2B09%3A00&limit=2000");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"found":1})");
  EXPECT_EQ(reply.headers.at("content-type"), "application/json");
  EXPECT_EQ(reply.headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(desk.asked.instrument, SymbolId{1});
  EXPECT_EQ(desk.asked.interval.seconds, 900);
  EXPECT_EQ(desk.asked.interval.base, processing::CandleStep::kMinute);
  EXPECT_EQ(to_ns(*desk.asked.from), 1770595200000000000);
  EXPECT_EQ(to_ns(*desk.asked.to), 1770597000000000000);
  EXPECT_EQ(desk.asked.limit, 2000U);
  EXPECT_EQ(http_get(port, "/api/v1/ticks?instrument=NI225&to=5").status, 200);
  EXPECT_EQ(desk.asked_ticks.instrument, SymbolId{0});
  EXPECT_FALSE(desk.asked_ticks.from);
  EXPECT_EQ(desk.asked_ticks.limit, 5000U);
  EXPECT_EQ(test::http_request(port, "HEAD", "/api/v1/candles?instrument=NI225").status, 200);
  EXPECT_EQ(desk.asked.interval.name, "1m");
}

TEST_F(PricesApiSpec, SaysWhatIsWrong) {
  for (const std::string what : {"candles", "ticks"}) {
    EXPECT_THAT(refused(what, 400), HasSubstr("instrument: missing; there are NI225, USDJPY"));
    EXPECT_THAT(refused(what + "?instrument=%22%3E", 404), HasSubstr(R"(instrument: '\">' is not watched)"));
    EXPECT_THAT(refused(what + "?instrument=NI225&limit=0", 400), HasSubstr("limit: '0' is not a whole number from 1"));
    EXPECT_THAT(refused(what + "?instrument=NI225&limit=10001", 400), HasSubstr("limit"));
    EXPECT_THAT(refused(what + "?instrument=NI225&from=yesterday", 400), HasSubstr("from: 'yesterday' is no time"));
    EXPECT_THAT(refused(what + "?instrument=NI225&to=99999999999999999999", 400), HasSubstr("to: "));
    EXPECT_THAT(refused(what + "?instrument=NI225&from=2&to=1", 400), HasSubstr("is later than to"));
    EXPECT_THAT(refused(what + "?instrument=NI225&from=%4", 400), HasSubstr("from: '%' without two hexadecimal"));
  }
  EXPECT_THAT(refused("candles?instrument=NI225&interval=2m", 400),
              HasSubstr("interval: '2m' is none of 1s, 5s, 15s, 1m, 5m, 15m, 1h, 1d"));
  io.call([&] { desk.busy = true; });
  EXPECT_EQ(refused("candles?instrument=NI225", 503), R"({"error":"busy"})");
}

TEST_F(PricesApiSpec, AnAnswerAfterTheConsoleIsGoneGoesNowhere) {
  io.call([&] { desk.keep = true; });
  std::thread asking{[&] { static_cast<void>(http_get(port, "/api/v1/candles?instrument=NI225")); }};
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  bool asked = false;
  while (!asked && std::chrono::steady_clock::now() < until) io.call([&] { asked = !desk.kept.empty(); });
  EXPECT_TRUE(asked);
  io.call([&] {
    console.reset();
    for (const auto& answer : desk.kept) answer(std::string{"late"});
  });
  asking.join();
}

class NoPricesSpec : public ConsoleSpec {};

TEST_F(NoPricesSpec, WithoutADeskThePathsDoNotExist) {
  start();
  EXPECT_EQ(http_get(port, "/api/v1/candles?instrument=NI225").status, 404);
  EXPECT_EQ(http_get(port, "/api/v1/ticks?instrument=NI225").status, 404);
}

TEST(PriceJson, WritesCandlesAndTicks) {
  using processing::Candle;
  const auto price = [](const char* text) { return *parse_price(text); };
  const std::vector<Candle> candles{{.from_s = 1770595200,
                                     .open = price("157.1"),
                                     .high = price("157.25"),
                                     .low = price("157"),
                                     .close = price("157.2"),
                                     .ticks = 7}};
  EXPECT_EQ(candles_json("USDJPY", kIntervals[4], candles),
            R"({"instrument":"USDJPY","interval":"5m","interval_ms":300000,"candles":[{"from_ns":1770595200000000000,)"
            R"("open":"157.1","high":"157.25","low":"157","close":"157.2","ticks":7}]})");
  EXPECT_EQ(candles_json("X", kIntervals[0], {}),
            R"({"instrument":"X","interval":"1s","interval_ms":1000,"candles":[]})");
  const std::vector<processing::PastTick> ticks{
      {.at = timestamp_from_ns(5), .price = price("1.5")},
      {.at = timestamp_from_ns(6), .price = price("2"), .bid = price("1"), .ask = price("3")}};
  EXPECT_EQ(ticks_json("X", ticks, false),
            R"({"instrument":"X","complete":false,"ticks":[{"ts_event_ns":5,"price":"1.5"},)"
            R"({"ts_event_ns":6,"price":"2","bid":"1","ask":"3"}]})");
}

}  // namespace
}  // namespace yagura::console
