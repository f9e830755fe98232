#include "app/log_line.hpp"

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;

std::string json_of(std::string_view payload) {
  std::string out;
  append_json_line(out, timestamp_from_ns(1'770'595'320'000'000'000), "warning", payload);
  return out;
}

TEST(LogLineSpec, AnEventHasItsNameItsFieldsAndWordsForPeople) {
  const auto payload = pack_event("feed_lost", {{"feed", "gmo"}, {"reason", "dns"}}, "feed gmo: BACKOFF");
  EXPECT_EQ(text_of(payload), "feed gmo: BACKOFF");
  EXPECT_EQ(json_of(payload),
            R"({"ts":"2026-02-09T00:02:00.000000Z","level":"warning","event":"feed_lost","feed":"gmo","reason":"dns",)"
            R"("text":"feed gmo: BACKOFF"})"
            "\n");
}

TEST(LogLineSpec, APlainLineIsAMessage) {
  EXPECT_EQ(text_of("storage refuses"), "storage refuses");
  EXPECT_EQ(json_of("storage \"refuses\"\n"),
            R"({"ts":"2026-02-09T00:02:00.000000Z","level":"warning","event":"message","text":"storage \"refuses\"\n"})"
            "\n");
}

TEST(LogLineSpec, FieldsCannotForgeOthers) {
  const auto payload = pack_event("e",
                                  {{"feed",
                                    "a\x1freason\x1f"
                                    "b\x1e"}},
                                  "text \x1e of it");
  EXPECT_EQ(json_of(payload), R"({"ts":"2026-02-09T00:02:00.000000Z","level":"warning","event":"e","feed":"areasonb",)"
                              R"("text":"text \u001e of it"})"
                              "\n");
}

TEST(LogLineSpec, AnEmptyFieldStaysOne) {
  EXPECT_EQ(json_of(pack_event("started", {{"console", ""}, {"state", "/s"}}, "")),
            R"({"ts":"2026-02-09T00:02:00.000000Z","level":"warning","event":"started","console":"","state":"/s",)"
            R"("text":""})"
            "\n");
}

TEST(LogLineSpec, AHeadWithoutAnEndIsNoText) {
  EXPECT_EQ(text_of("\x1e"
                    "half"),
            "");
}

TEST(RepeatFilterSpec, EightAMinuteAndTheNextOneCountsTheRest) {
  RepeatFilter filter;
  const MonoTime begin{1h};
  for (int i = 0; i < 8; ++i) EXPECT_EQ(filter.admit("same", begin + i * 1s), 0U);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(filter.admit("same", begin + 20s), std::nullopt);
  EXPECT_EQ(filter.admit("other", begin + 20s), 0U) << "another text is not held back";
  EXPECT_EQ(filter.held_back(), 5U);
  EXPECT_EQ(filter.admit("same", begin + 60s), 5U);
  EXPECT_EQ(filter.admit("same", begin + 61s), 0U);
}

TEST(RepeatFilterSpec, ManyTextsTakeBoundedMemory) {
  RepeatFilter filter;
  for (int i = 0; i < 10'000; ++i) EXPECT_TRUE(filter.admit("text " + std::to_string(i), MonoTime{1h}));
}

}  // namespace
}  // namespace yagura::app
