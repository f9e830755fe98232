#include "app/bench/frames.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/bench/marks.hpp"
#include "app/bench/ws_frames.hpp"

namespace yagura::app::bench {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
constexpr Timestamp kWall = timestamp_from_ns(1'770'595'200'123'456'789);

std::vector<std::string> payloads(std::string_view bytes) {
  FrameReader reader{bytes.size() + 1};
  reader.add(bytes);
  std::vector<std::string> all;
  for (FrameReader::Frame frame; reader.next(frame);) all.emplace_back(frame.payload);
  EXPECT_EQ(reader.broken(), nullptr);
  return all;
}

TEST(Frames, AreMadeReadyInTheOrderOfTheProtocol) {
  Workload workload;
  workload.symbols = {"USDJPY"};
  workload.ticks = {{.bid = *parse_price("154.201"), .ask = *parse_price("154.204")}};
  const auto schedule = Schedule::constant(1000, 4ms, 2);
  FrameMaker maker{workload};
  auto frames = maker.make(schedule);
  frames.stamp(schedule, kWall);
  EXPECT_THAT(
      payloads(frames.bytes()),
      ElementsAre(
          R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200123456789,"bid":"154.201","ask":"154.204","seq":1})",
          R"({"type":"tick","symbol":"PROBE","ts_ns":1770595200124456789,"price":"149.999","seq":1})",
          R"({"type":"tick","symbol":"USDJPY","ts_ns":1770595200125456789,"bid":"154.201","ask":"154.204","seq":2})",
          R"({"type":"tick","symbol":"PROBE","ts_ns":1770595200126456789,"price":"150.001","seq":2})"));
  // The next schedule of the same connection goes on where this one ended.
  auto more = maker.make(Schedule::constant(1000, 2ms, 2));
  EXPECT_THAT(payloads(more.bytes())[1], ::testing::HasSubstr(R"("price":"149.999","seq":3)"));
}

TEST(Frames, ASourceThatEndsRunsBackward) {
  Workload workload;
  workload.symbols = {"NI225"};
  for (const char* price : {"1", "2", "3"}) workload.ticks.push_back({.price = *parse_price(price)});
  FrameMaker maker{workload};
  std::string order;
  for (const auto& text : payloads(maker.make(Schedule::flat_out(9)).bytes())) {
    if (const auto at = text.find(R"("price":")"); text.find("NI225") != std::string::npos) order += text[at + 9];
  }
  EXPECT_EQ(order, "12332112");
}

TEST(WebSocketFrames, SurviveEverySizeAndEveryCut) {
  for (const std::size_t size : {0U, 1U, 125U, 126U, 65'535U, 65'536U}) {
    std::string bytes;
    append_frame(bytes, Opcode::kText, std::string(size, 'x'), true);
    FrameReader reader;
    FrameReader::Frame frame;
    for (std::size_t at = 0; at < bytes.size(); at += 1000) {
      EXPECT_FALSE(reader.next(frame));
      reader.add(std::string_view{bytes}.substr(at, 1000));
    }
    ASSERT_TRUE(reader.next(frame)) << size;
    EXPECT_EQ(frame.payload, std::string(size, 'x'));
    EXPECT_FALSE(reader.next(frame));
  }
}

TEST(WebSocketFrames, RefuseWhatNobodyAsksFor) {
  FrameReader::Frame frame;
  for (const char* bytes : {"\x01\x01x", "\xc1\x01x", "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff"}) {
    FrameReader reader;
    reader.add({bytes, bytes[1] == '\x7f' ? std::size_t{10} : std::size_t{3}});
    EXPECT_FALSE(reader.next(frame));
    EXPECT_NE(reader.broken(), nullptr);
  }
}

TEST(WebSocketFrames, AnswerTheKeyOfTheStandard) {
  EXPECT_EQ(accept_key("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");  // RFC 6455, 1.3
}

class Marks : public ::testing::Test {
 protected:
  static std::string alert(std::string_view instrument, std::int64_t event) {
    return R"({"type":"alert","alert":{"v":1,"instrument":")" + std::string{instrument} + R"(","ts_event_ns":)" +
           std::to_string(event) + R"(,"ts_recv_ns":11,"ts_decided_ns":12}})";
  }
  Schedule schedule_ = Schedule::constant(1000, 4ms, 1);
  MonoTime start_ = MonoTime{} + 5s;
  MarkBook marks_{schedule_, start_, kWall};
};

TEST_F(Marks, AnAlertAnswersTheTickWhoseTimeItNames) {
  EXPECT_TRUE(marks_.on_message(alert("PROBE", to_ns(kWall + 2ms)), start_ + 3ms, 7));
  EXPECT_TRUE(marks_.on_message(alert("PROBE", to_ns(kWall)), start_ + 3ms, 7));
  EXPECT_EQ(marks_.missing(), 2u);
  EXPECT_EQ(marks_.marks()[2].received - marks_.marks()[2].intended, 1ms);
  EXPECT_EQ(marks_.marks()[2].recv_ns, 11);
  EXPECT_EQ(marks_.marks()[2].decided_ns, 12);
}

TEST_F(Marks, WhatAnswersNoProbeIsCountedApart) {
  EXPECT_FALSE(marks_.on_message(alert("USDJPY", to_ns(kWall)), start_, 0));
  EXPECT_FALSE(marks_.on_message(alert("PROBE", to_ns(kWall) + 1), start_, 0));
  EXPECT_FALSE(marks_.on_message(R"({"type":"state"})", start_, 0));
  EXPECT_EQ(marks_.other_alerts(), 2u);
  EXPECT_TRUE(marks_.on_message(alert("PROBE", to_ns(kWall)), start_, 0));
  EXPECT_FALSE(marks_.on_message(alert("PROBE", to_ns(kWall)), start_ + 1s, 0));
  EXPECT_EQ(marks_.repeated(), 1u);
  EXPECT_EQ(marks_.marks()[0].received, start_);
}

}  // namespace
}  // namespace yagura::app::bench
