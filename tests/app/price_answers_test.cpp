// Questions about past prices: what is read for them, and what becomes of those that cannot be answered.
#include "app/price_answers.hpp"

#include <gmock/gmock.h>

#include <future>
#include <new>
#include <stdexcept>

#include "alerts/journal.hpp"
#include "tests/alerts/temp_dir.hpp"
#include "tests/app/pipeline_fixture.hpp"

namespace yagura::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

TEST(BackgroundWork, ThatThrowsEndsAlone) {
  Background thread{"test", 4};
  EXPECT_TRUE(thread.run([] { throw std::bad_alloc{}; }));
  EXPECT_TRUE(thread.run([] { throw std::runtime_error{"again"}; }));
  std::promise<void> done;
  EXPECT_TRUE(thread.run([&] { done.set_value(); }));
  EXPECT_EQ(done.get_future().wait_for(20s), std::future_status::ready);
}

TEST(BackgroundWork, HasRoomForAsManyAsMayWait) {
  std::promise<void> begun, go;
  Background thread{"test", 1};
  ASSERT_TRUE(thread.run([&] {
    begun.set_value();
    go.get_future().wait_for(20s);
  }));
  begun.get_future().wait_for(20s);
  EXPECT_TRUE(thread.room());
  EXPECT_TRUE(thread.run([] {}));
  EXPECT_FALSE(thread.room());
  EXPECT_FALSE(thread.run([] {}));
  go.set_value();
}

class PriceAnswersSpec : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = alerts::Journal::open(dir_);
    ASSERT_TRUE(opened) << opened.error().message;
    journal_ = *std::move(opened);
  }
  // `count` pieces of a minute with a tick each second.
  void put_pieces(int count) {
    alerts::HistoryRows rows{.instrument = "TEST", .erase_from = {}, .candles = {}, .pieces = {}};
    for (int i = 0; i < count; ++i) {
      alerts::TickPiece piece{kOpen + i * 60s, kOpen + (i + 1) * 60s, {}};
      for (int second = 0; second < 60; ++second)
        piece.ticks.push_back({.at = piece.from + second * 1s, .price = price("100")});
      rows.pieces.push_back(std::move(piece));
    }
    ASSERT_TRUE(journal_->put_snapshot({.version = 1, .position = 1, .blob = "", .history = {std::move(rows)}}));
    ASSERT_TRUE(journal_->flush());
  }
  Result<std::string> ticks(const console::TickQuestion& question, Duration patience = 1h) {
    PriceAnswers answers{io_, keeper_, journal_->file(), {"NI225", "TEST"}, patience};
    std::optional<Result<std::string>> answer;
    answers.ticks(question, [&](Result<std::string> body) { answer = std::move(body); });
    io_.restart();
    const auto guard = boost::asio::make_work_guard(io_);
    while (!answer && io_.run_one_for(20s) != 0) {
    }
    return answer ? *answer : Error{"no answer"};
  }

  alerts::TempDir temp_;
  alerts::StateDir dir_{temp_.path() / "state"};
  std::unique_ptr<alerts::Journal> journal_;
  processing::MonitorOptions options_ = two_instruments();
  PriceKeeper keeper_{options_};
  boost::asio::io_context io_;
};

TEST_F(PriceAnswersSpec, AllOfTheJournalIsAskedForAndTheFirstFewAreShown) {
  put_pieces(30);
  console::TickQuestion question{.instrument = SymbolId{1}, .from = Timestamp{}, .to = kOpen + 24h, .limit = 100};
  auto body = ticks(question);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_THAT(*body, HasSubstr(R"("complete":false)"));
  std::size_t count = 0;
  for (std::size_t at = 0; (at = body->find("ts_event_ns", at)) != std::string::npos; ++at) ++count;
  EXPECT_EQ(count, 100U);
  question.from = kOpen + 60s;
  question.to = kOpen + 120s;
  body = ticks(question);
  ASSERT_TRUE(body) << body.error().message;
  EXPECT_THAT(*body, HasSubstr(R"("complete":true)"));
}

TEST_F(PriceAnswersSpec, WhatHasWaitedTooLongIsNotLookedFor) {
  const console::TickQuestion question{.instrument = SymbolId{1}, .from = kOpen, .to = kOpen + 1s};
  EXPECT_TRUE(ticks(question));
  const auto late = ticks(question, 0s);
  ASSERT_FALSE(late);
  EXPECT_THAT(late.error().message, HasSubstr("try again"));
}

}  // namespace
}  // namespace yagura::app
