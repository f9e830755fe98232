// POST /api/v1/corrections: what is taken and what is refused.
#include "console/corrections_api.hpp"

#include "tests/console/console_fixture.hpp"

namespace yagura::console {
namespace {

using test::http_request;
using ::testing::HasSubstr;

class Desk : public CorrectionDesk {
 public:
  CorrectionAnswer cancel(const Correction& print) override {
    asked = print;
    return answer;
  }
  Correction asked;
  CorrectionAnswer answer{.message = "today's high is 1", .changed = true, .withdrawn = 2};
};

std::string error_of(std::string_view body) {
  std::string error;
  EXPECT_FALSE(parse_correction(body, error)) << body;
  return error;
}

TEST(CorrectionBody, NamesThePrintWithNumbersOrStrings) {
  std::string error;
  for (const auto* body : {R"({"instrument":"NI225","ts_event_ns":1770596520000000001,"price":"57337.07"})",
                           R"({"instrument":"NI225","ts_event_ns":"1770596520000000001","price":57337.07})"}) {
    const auto print = parse_correction(body, error);
    ASSERT_TRUE(print) << error;
    EXPECT_EQ(print->instrument, "NI225");
    EXPECT_EQ(to_ns(print->ts_event), 1770596520000000001);
    EXPECT_EQ(print->price, *parse_price("57337.07"));
  }
}

TEST(CorrectionBody, IsRefusedWithWhatIsWrong) {
  EXPECT_THAT(error_of("nothing"), HasSubstr("not a JSON object; expected {\"instrument\""));
  EXPECT_THAT(error_of(R"({"ts_event_ns":1,"price":"1"})"), HasSubstr("no instrument"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","price":"1"})"), HasSubstr("no ts_event_ns"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","ts_event_ns":1})"), HasSubstr("no price"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","ts_event_ns":1.5,"price":"1"})"), HasSubstr("ts_event_ns: '1.5'"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","ts_event_ns":-1,"price":"1"})"), HasSubstr("ts_event_ns"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","ts_event_ns":99999999999999999999,"price":"1"})"), HasSubstr("JSON"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","ts_event_ns":1,"price":-1})"), HasSubstr("price: '-1'"));
  EXPECT_THAT(error_of(R"({"instrument":"NI225","ts_event_ns":1,"price":1,"side":"up"})"), HasSubstr("'side'"));
  EXPECT_THAT(error_of(R"({"instrument":7,"ts_event_ns":1,"price":1})"), HasSubstr("'instrument'"));
}

class CorrectionsSpec : public ConsoleSpec {
 protected:
  void start_with_desk() {
    ConsoleServer::Options options;
    options.corrections = &desk;
    start(options);
  }
  auto post(const std::string& text, const std::string& type = "application/json") {
    return http_request(port, "POST", "/api/v1/corrections", {{"Content-Type", type}}, text);
  }
  Desk desk;
  const std::string body = R"({"instrument":"NI225","ts_event_ns":1770596520000000000,"price":"57337.07"})";
};

TEST_F(CorrectionsSpec, AnswersWhatBecameOfIt) {
  start_with_desk();
  const auto reply = post(body);
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, R"({"instrument":"NI225","ts_event_ns":1770596520000000000,"price":"57337.07","changed":true,)"
                        R"("withdrawn":2,"message":"today's high is 1"})");
  EXPECT_EQ(desk.asked.price, *parse_price("57337.07"));
}

TEST_F(CorrectionsSpec, RefusesWithAStatusAndAReason) {
  start_with_desk();
  EXPECT_EQ(post("{}").status, 400);
  EXPECT_EQ(post(body, "text/plain").status, 415);
  EXPECT_EQ(test::http_get(port, "/api/v1/corrections").status, 405);
  desk.answer = {.status = 409, .message = "too late"};
  const auto reply = post(body);
  EXPECT_EQ(reply.status, 409);
  EXPECT_THAT(reply.body, HasSubstr("too late"));
}

TEST_F(CorrectionsSpec, IsNoPathWhereNobodyCanCorrect) {
  start();
  EXPECT_EQ(post(body).status, 404);
}

}  // namespace
}  // namespace yagura::console
