// Alerts read back from their JSON, and JSON that is none.
#include "alerts/facts.hpp"

#include <gtest/gtest.h>

#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

std::string json_of(const Sample& sample) { return sample.alert().json; }

TEST(Facts, AnAlertReadsBackAsItWasWritten) {
  auto sample = three_milestones();
  sample.signal.parent = {1, 2};
  const auto alert = sample.alert();
  const auto json = json_of(sample);
  const auto facts = read_facts(json);
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->id, sample.signal.id);
  EXPECT_EQ(facts->parent, (Id128{1, 2}));
  EXPECT_EQ(facts->seq, 17U);
  EXPECT_EQ(facts->rule, "nikkei-milestone");
  EXPECT_EQ(facts->kind, "milestone");
  EXPECT_EQ(facts->event, "reached");
  EXPECT_EQ(facts->instrument, "NI225");
  EXPECT_EQ(facts->severity, Severity::kCritical);
  EXPECT_EQ(facts->direction, Direction::kUp);
  EXPECT_EQ(facts->price, price("57337.07"));
  EXPECT_EQ(facts->level, price("57000"));
  EXPECT_EQ(facts->levels, (std::vector{price("55000"), price("56000"), price("57000")}));
  EXPECT_EQ(facts->ts_event, sample.signal.ts_event);
  EXPECT_EQ(facts->trading_date, "2026-02-09");
  EXPECT_EQ(facts->title, alert.title);
  EXPECT_EQ(facts->text, alert.text);
  EXPECT_EQ(facts->json, json);
  EXPECT_TRUE(facts->is_alert());
}

TEST(Facts, WithoutJapaneseTheEnglishStands) {
  const auto facts = read_facts(
      R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","ts_event_ns":1,"title":"T","text":"B"})");
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_EQ(facts->title_ja, "T");
  EXPECT_EQ(facts->text_ja, "B");
  EXPECT_FALSE(facts->price);
  EXPECT_FALSE(facts->direction);
  EXPECT_FALSE(facts->is_alert());
}

// Every line is the object of WithoutJapaneseTheEnglishStands with one thing wrong.
TEST(Facts, WhatIsWrongIsNamed) {
  struct Case {
    std::string_view json, error;
  };
  const Case cases[] = {
      {R"({"kind":"x","severity":"low","ts_event_ns":1,"title":"T"})",
       "alert: 'id' is '', expected 32 hexadecimal digits"},
      {R"({"id":"0123","kind":"x","severity":"low","ts_event_ns":1,"title":"T"})",
       "alert: 'id' is '0123', expected 32 hexadecimal digits"},
      {R"({"id":"0123456789ABCDEFfedcba9876543210","kind":"x","severity":"low","ts_event_ns":1,"title":"T"})",
       "alert: 'id' is '0123456789ABCDEFfedcba9876543210', expected 32 hexadecimal digits"},
      {R"({"id":"0123456789abcdeffedcba9876543210","severity":"low","ts_event_ns":1,"title":"T"})",
       "alert: 'kind' is '', expected a word such as milestone"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":7,"severity":"low","ts_event_ns":1,"title":"T"})",
       "alert: 'kind' is '7', expected a string"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"bad\u001b","ts_event_ns":1,"title":"T"})",
       "alert: 'severity' is 'bad', expected info, low, high or critical"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","ts_event_ns":1,"title":"T"})",
       "alert: 'severity' is '', expected info, low, high or critical"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","title":"T"})",
       "alert: 'ts_event_ns' is '', expected nanoseconds since 1970"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","ts_event_ns":9223372036854775807,
          "title":"T"})",
       "alert: 'ts_event_ns' is '9223372036854775807', expected nanoseconds since 1970"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","ts_event_ns":1.5,"title":"T"})",
       "alert: 'ts_event_ns' is '1.5', expected a whole number"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","ts_event_ns":1})",
       "alert: 'title' is '', expected words"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","ts_event_ns":1,"title":"T","price":"12,5"})",
       "alert: 'price' is '12,5', expected a decimal number"},
      {R"({"id":"0123456789abcdeffedcba9876543210","kind":"x","severity":"low","ts_event_ns":1,"title":"T","levels":[5]})",
       "alert: 'levels' is '5', expected prices as strings"},
  };
  for (const auto& c : cases) {
    const auto facts = read_facts(c.json);
    ASSERT_FALSE(facts) << c.json;
    EXPECT_EQ(facts.error().message, c.error);
  }
}

TEST(Facts, WhatIsNoObjectIsRefused) {
  for (const std::string_view json : {"", "{", "[]", "7", "{\"id\":\"\xff\"}", "null", "{\"id\":1}}"}) {
    EXPECT_FALSE(read_facts(json)) << json;
  }
  const std::string deep = std::string(100'000, '[');
  EXPECT_FALSE(read_facts(deep));
  EXPECT_FALSE(read_facts("{\"a\":" + deep));
  const std::string large = "{\"title\":\"" + std::string(kLongestMessage, 'x') + "\"}";
  ASSERT_FALSE(read_facts(large));
  EXPECT_EQ(read_facts(large).error().message, "alert: 1048588 bytes, expected at most 1048576");
}

// Cut anywhere, and with any one byte replaced, it is read or refused.
TEST(Facts, DamageIsReadOrRefused) {
  const auto json = json_of(three_milestones());
  for (std::size_t i = 0; i < json.size(); ++i) {
    EXPECT_FALSE(read_facts(std::string_view{json}.substr(0, i)));
    for (const char wrong : {'\0', '"', '\\', '}', '9', '\xff'}) {
      auto damaged = json;
      damaged[i] = wrong;
      const auto facts = read_facts(damaged);
      if (!facts) {
        EXPECT_EQ(facts.error().message.find('\n'), std::string::npos);
      }
    }
  }
}

}  // namespace
}  // namespace yagura::alerts
