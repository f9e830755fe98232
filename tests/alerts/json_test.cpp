#include "alerts/alert_writer.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include "samples.hpp"

namespace yagura::alerts {
namespace {

using namespace samples;

std::string encoded(const Sample& sample, EncodeOptions options = {}) { return sample.alert(options).json; }

bool mentions(const std::string& json, std::string_view key) {
  return json.find("\"" + std::string{key} + "\":") != std::string::npos;
}

TEST(AlertJson, AMilestoneToTheByte) {
  EXPECT_EQ(
      encoded(three_milestones()),
      R"({"v":1,"id":"0123456789abcdeffedcba9876543210","seq":17,"rule":"nikkei-milestone","kind":"milestone",)"
      R"("event":"reached","instrument":"NI225","severity":"critical","direction":"up","price":"57337.07",)"
      R"("previous":"54253.68","levels":["55000","56000","57000"],"level":"57000","first_ever":true,"gap":true,)"
      R"("ts_event_ns":1770596525000000000,"ts_recv_ns":1770596525003000000,"ts_decided_ns":1770596525003001500,)"
      R"("trading_date":"2026-02-09","episode":1,"title":"Nikkei 225 reached 57,000 for the first time",)"
      R"("text":"Nikkei 225 breaks 57,000 for the first time: 57,337.07, through 55,000, 56,000 and 57,000 in one print, )"
      R"(+5.7 % on the day. Previous close 54,253.68.","title_ja":"日経平均、初めて5万7000円に到達",)"
      R"("text_ja":"日経平均は初めて5万7000円を上回り、5万7337円07銭をつけた（前営業日比+5.7%）。)"
      R"(1回の値で通過した水準は5万5000円・5万6000円・5万7000円、前営業日終値は5万4253円68銭。","evidence":{"previous_close":"54253.68",)"
      R"("change_on_day":"3083.39","change_on_day_pct":5.6833,"distance":"337.07","after_gap":false,"confirmed":false}})");
}

TEST(AlertJson, ABacktestDependsOnDataAlone) {
  auto sample = three_milestones();
  const std::string once = encoded(sample, {.backtest = true});
  sample.signal.ts_recv += std::chrono::hours{1};
  sample.signal.mono_decided += std::chrono::hours{1};
  EXPECT_EQ(encoded(sample, {.backtest = true}), once);
  EXPECT_FALSE(mentions(once, "ts_decided_ns"));
  EXPECT_NE(once.find(R"("ts_event_ns":1770596525000000000,"ts_recv_ns":1770596525000000000,"trading_date")"),
            std::string::npos);
}

TEST(AlertJson, WhatIsMissingIsLeftOut) {
  auto sample = nikkei_level(Event::kLost, Direction::kDown, "56999", {"57000"});
  sample.signal.has_previous_close = false;
  const std::string json = encoded(sample);
  for (const auto* key :
       {"previous", "parent", "while_down", "first_close_ever", "note", "previous_close", "previous_ts_ns"}) {
    EXPECT_FALSE(mentions(json, key)) << key;
  }
  EXPECT_NE(json.find(R"("first_ever":false,"gap":false)"), std::string::npos);
}

TEST(AlertJson, AFollowUpNamesItsParentAfterTheEpisode) {
  auto sample = nikkei_level(Event::kCleared, Direction::kUp, "57100", {"57000"});
  sample.signal.parent = {1, 2};
  sample.signal.while_down = true;
  const std::string json = encoded(sample);
  EXPECT_NE(json.find(R"("episode":1,"parent":"00000000000000010000000000000002","title")"), std::string::npos);
  EXPECT_NE(json.find(R"("gap":false,"while_down":true,"ts_event_ns")"), std::string::npos);
}

TEST(AlertJson, OnlyAClosingMilestoneTellsOfAFirstClose) {
  auto sample = nikkei_level(Event::kClosedAbove, Direction::kUp, "57100", {"57000"});
  sample.signal.levels.first_close_ever = true;
  EXPECT_NE(encoded(sample).find(R"("first_ever":false,"first_close_ever":true,"gap")"), std::string::npos);
  sample.signal.event = Event::kClosedBelow;
  EXPECT_FALSE(mentions(encoded(sample), "first_close_ever"));
}

TEST(AlertJson, ALevelHasItsNoteAndNoFirsts) {
  const std::string json = encoded(yen_level(Event::kReached, Direction::kUp, "160.01", "160", 0));
  EXPECT_NE(json.find(R"("levels":["160"],"level":"160","note":"intervention zone","gap":false)"), std::string::npos);
  EXPECT_FALSE(mentions(json, "first_ever"));
  EXPECT_FALSE(mentions(encoded(yen_level(Event::kReached, Direction::kUp, "160.01", "160", -1)), "note"));
}

TEST(AlertJson, ARecordListsItsHorizonsLongestFirst) {
  const std::string json =
      encoded(nikkei_record(Event::kNewHigh, {Horizon::kSession, Horizon::kAllTime, Horizon::k52Week}));
  EXPECT_NE(json.find(R"("price":"57337.07","horizons":["all_time","52w","session"],"record_before":"54782.83",)"
                      R"("margin":"2554.24","basis":"intraday","gap":false)"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("record_date":"2026-02-03","count_today":1)"), std::string::npos);
}

TEST(AlertJson, AMoveInNumbers) {
  auto sample = yen_move(Event::kMove, "149.7", "150");
  sample.signal.move.threshold_pct = parse_percent("0.15").value();
  const std::string json = encoded(sample);
  EXPECT_NE(json.find(R"("previous":"149.9","window_ms":60000,"change":"-0.3","change_pct":-0.2000,"threshold":"0.25",)"
                      R"("reference":"150","multiple":1.20,"gap":false)"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("previous_ts_ns":1770596520000000000,"reference_ts_ns":1770596500000000000,)"
                      R"("threshold_pct":0.150000)"),
            std::string::npos)
      << json;
  EXPECT_FALSE(mentions(json, "z"));
}

TEST(AlertJson, APeriodInNumbers) {
  const std::string json = encoded(yen_period("146.2", -1));
  EXPECT_NE(json.find(R"("since":"6m","level_pct":-2.500000,"reference":"150","reference_date":"2025-08-08",)"
                      R"("change":"-3.8","change_pct":-2.5333,"gap":false)"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("step_pct":2.500000)"), std::string::npos) << json;
  EXPECT_NE(encoded(nikkei_period()).find(R"("since":"ytd","level_pct":15.000000)"), std::string::npos);
}

TEST(AlertJson, AnInterventionWithAllNineItems) {
  const std::string json = encoded(yen_watch(Event::kSuspected));
  EXPECT_NE(json.find(R"("score":5,"score_max":9,"start":"159.228","start_ts_ns":1770595925000000000,)"
                      R"("furthest":"157.317","change_15m":"-1.911","change_60m":"-1.911","gap":false)"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("items":{"size_15m":{"points":2,"change":"-1.911"},"size_60m":{"points":0,"change":"-1.911"},)"
                      R"("speed":{"points":1,"z":11.25},"one_sided":{"points":1,"share":0.9850,"rebound":0.3460},)"
                      R"("level":{"points":1,"start":"159.228"},"thin":{"points":0},"yen_alone":{"points":0},)"
                      R"("news":{"points":0},"repeat":{"points":0}},"wide_spread":false)"),
            std::string::npos)
      << json;
}

TEST(AlertJson, AMoveHasItsSizeOnceVolatilityIsKnown) {
  auto sample = yen_move(Event::kMove, "149.7", "150");
  sample.signal.move.has_z = true;
  sample.signal.move.z = 7.196;
  const std::string json = encoded(sample);
  EXPECT_NE(json.find(R"("multiple":1.20,"z":7.20,"gap":false)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("reference_ts_ns":1770596500000000000,"seeded":false,)"), std::string::npos) << json;
}

TEST(AlertJson, ADriftInNumbers) {
  const std::string json = encoded(yen_drift());
  EXPECT_NE(json.find(R"("kind":"cusum","event":"drift")"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("price":"155.88","since_ns":1770594075000000000,"from":"156.5","change":"-0.62",)"
                      R"("change_pct":-0.3962,"gap":false)"),
            std::string::npos)
      << json;
  EXPECT_NE(json.find(R"("statistic":12.35,"k":0.5,"h":12)"), std::string::npos) << json;
}

TEST(AlertJson, ReadsBackWhateverTheNotesHold) {
  const Sample sample = yen_level(Event::kReached, Direction::kUp, "160.01", "160", 1);
  simdjson::dom::parser parser;
  const std::string json = encoded(sample);
  const simdjson::dom::element read = parser.parse(json);
  EXPECT_EQ(std::string_view{read["note"]}, "\x1b[31mred\nalert\xEF\xBF\xBD");
  EXPECT_EQ(std::string_view{read["price"]}, "160.01");
  EXPECT_EQ(std::uint64_t{read["seq"]}, 17U);
  EXPECT_EQ(std::string_view{read["title"]}, sample.alert().title);
  EXPECT_EQ(std::string_view{read["evidence"]["distance"]}, "0.01");
}

TEST(AlertJson, EveryKindParses) {
  simdjson::dom::parser parser;
  for (const auto& sample : {three_milestones(), nikkei_record(Event::kWithdrawn, {}), yen_move(Event::kMove, "1", "0"),
                             nikkei_period(), yen_watch(Event::kReverted), yen_drift()}) {
    const std::string json = encoded(sample);
    EXPECT_EQ(parser.parse(json).error(), simdjson::SUCCESS) << json;
  }
}

}  // namespace
}  // namespace yagura::alerts
