// The outbox over a real journal: what was taken is marked, what was not is sent by the next run, and
// one place never waits for another.
#include "alerts/outbox.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>

#include "alerts/journal_reader.hpp"
#include "temp_dir.hpp"

namespace yagura::alerts {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using R = Attempt::Result;

// A place that answers as it is told and remembers what it was sent.
class Place {
 public:
  std::function<Attempt(const Letter&)> answer = [](const Letter&) { return Attempt{}; };

  void wait_for(std::size_t count) {
    std::unique_lock guard{mutex_};
    ASSERT_TRUE(changed_.wait_for(guard, 10s, [&] { return texts_.size() >= count; })) << texts_.size();
  }
  std::vector<std::string> texts() {
    const std::scoped_lock guard{mutex_};
    return texts_;
  }
  std::vector<Id128> ids() {
    const std::scoped_lock guard{mutex_};
    return ids_;
  }
  std::stop_token stop;  // of the attempt that is being made
  Attempt take(const Letter& letter, const std::stop_token& token) {
    {
      const std::scoped_lock guard{mutex_};
      texts_.push_back(letter.json);
      ids_.push_back(letter.id);
      stop = token;
    }
    changed_.notify_all();
    return answer(letter);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
  std::vector<Id128> ids_;
};

class PlaceChannel final : public Channel {
 public:
  explicit PlaceChannel(Place& place) : place_(place) {}
  Attempt send(const Letter& letter, const std::stop_token& stop) override { return place_.take(letter, stop); }

 private:
  Place& place_;
};

// The real clock, and whatever a test says has passed meanwhile.
class LaterClock final : public Clock {
 public:
  [[nodiscard]] Timestamp now() const noexcept override { return real_.now() + passed_.load(); }
  [[nodiscard]] MonoTime mono() const noexcept override { return real_.mono() + passed_.load(); }
  void pass(Duration time) { passed_ = passed_.load() + time; }

 private:
  RealClock real_;
  std::atomic<Duration> passed_ = Duration{0};
};

class OutboxTest : public testing::Test {
 protected:
  void open(std::vector<std::pair<std::string, Place*>> places, SinkRate rate = {}, Lane::Options lane = fast(),
            const std::string& fallback_for = {}) {
    Journal::Options options;
    std::vector<Outbox::Sink> sinks;
    for (auto& [name, place] : places) {
      options.sinks.push_back(name);
      Outbox::Sink sink;
      sink.options.name = name;
      sink.options.channel = WebhookChannel{};
      sink.options.rate = rate;
      if (!sinks.empty()) sink.options.fallback_for = fallback_for;
      sink.channel = std::make_unique<PlaceChannel>(*place);
      sinks.push_back(std::move(sink));
    }
    auto opened = Journal::open(dir_, options);
    ASSERT_TRUE(opened) << opened.error().message;
    journal_ = std::move(*opened);
    outbox_ = std::make_unique<Outbox>(
        std::move(sinks), *journal_,
        Outbox::Options{.lane = lane,
                        .compose =
                            [](const Delivery& delivery, std::string_view json, const SinkOptions&) {
                              Letter letter;
                              letter.id = delivery.id;
                              letter.json = json;
                              return letter;
                            },
                        .summarise = [](const std::vector<Delivery>& folded,
                                        const SinkOptions&) { return "summary of " + std::to_string(folded.size()); },
                        .clock = &clock_});
    outbox_->start();
  }
  static Lane::Options fast() { return {.first_wait = 1ms, .longest_wait = 5ms}; }

  void alert(std::uint64_t n, std::vector<Route> routes = {{0}}, Severity severity = Severity::kHigh) {
    const Id128 id{1, n};
    ASSERT_TRUE(journal_->append(n, id, timestamp_from_ns(1), "alert " + std::to_string(n), {id, severity, routes}));
    journal_->wake();
  }
  void close() {
    outbox_->stop();
    ASSERT_TRUE(journal_->close());
    outbox_.reset();
    journal_.reset();
  }
  // state -> how many
  std::int64_t count(std::string_view where) {
    auto connection = sqlite::Connection::open(dir_.journal_file(), sqlite::Connection::Mode::kReadOnly);
    EXPECT_TRUE(connection);
    const auto number = connection->integer("SELECT count(*) FROM deliveries WHERE " + std::string{where});
    EXPECT_TRUE(number) << number.error().message;
    return number ? number->value_or(-1) : -1;
  }
  SinkStatus status(std::size_t sink = 0) { return outbox_->status()[sink]; }
  void wait_until(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + 10s;
    while (!done() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    ASSERT_TRUE(done());
  }

  TempDir temp_;
  StateDir dir_{temp_.path()};
  LaterClock clock_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Outbox> outbox_;
};

TEST_F(OutboxTest, WhatWasTakenIsMarked) {
  Place desk;
  open({{"desk", &desk}});
  alert(1);
  alert(2);
  desk.wait_for(2);
  wait_until([&] { return status().delivered == 2; });
  close();
  EXPECT_THAT(desk.texts(), ElementsAre("alert 1", "alert 2"));
  EXPECT_EQ(count("state = 1 AND attempts = 1"), 2);
}

TEST_F(OutboxTest, AnAlertAndItsDeliveriesAreOnTheDiskBeforeTheFirstAttempt) {
  Place desk;
  std::int64_t alerts = -1;
  std::int64_t pending = -1;
  desk.answer = [&](const Letter&) {
    pending = count("state = 0");
    auto reader = JournalReader::open(dir_.journal_file());
    alerts = static_cast<std::int64_t>(*reader->last_seq());
    return Attempt{};
  };
  open({{"desk", &desk}});
  alert(1);
  wait_until([&] { return status().delivered == 1; });
  EXPECT_EQ(alerts, 1);
  EXPECT_EQ(pending, 1);
  close();
}

TEST_F(OutboxTest, WhatWasNotTakenGoesOutWithTheNextRunUnderTheSameId) {
  Place desk;
  desk.answer = [](const Letter&) { return Attempt{R::kFailed, "refused", {}}; };
  open({{"desk", &desk}}, {}, {.first_wait = 1h, .longest_wait = 1h});
  alert(1);
  alert(2);
  wait_until([&] { return status().failed == 2; });
  close();
  EXPECT_EQ(count("state = 0 AND attempts = 1"), 2);
  Place again;
  open({{"desk", &again}});
  outbox_->finish(10s);
  EXPECT_EQ(status().waiting, 2U) << "a new run does not cut the wait short";
  EXPECT_THAT(again.texts(), SizeIs(0));
  close();
  clock_.pass(2h);
  open({{"desk", &again}});
  wait_until([&] { return status().delivered == 2; });
  close();
  EXPECT_THAT(again.ids(), UnorderedElementsAre(Id128{1, 1}, Id128{1, 2}));
}

TEST_F(OutboxTest, AfterACrashBetweenAttemptAndMarkTheNextRunRepeats) {
  Place desk;
  desk.answer = [&](const Letter&) {
    while (!desk.stop.stop_requested()) std::this_thread::yield();
    return Attempt{R::kFailed, "our own end", {}};
  };
  open({{"desk", &desk}});
  alert(1);
  desk.wait_for(1);
  close();
  EXPECT_EQ(count("state = 0 AND attempts = 0"), 1) << "an attempt that our own end broke off is none";
  Place again;
  open({{"desk", &again}});
  again.wait_for(1);
  close();
  EXPECT_THAT(again.texts(), ElementsAre("alert 1")) << "its text comes from the journal";
}

TEST_F(OutboxTest, APlaceThatHangsDelaysNobodyElse) {
  Place hanging;
  Place healthy;
  std::promise<void> release;
  hanging.answer = [&, future = release.get_future().share()](const Letter&) {
    future.wait();
    return Attempt{};
  };
  open({{"hanging", &hanging}, {"healthy", &healthy}});
  for (std::uint64_t n = 1; n <= 50; ++n) alert(n, {{0}, {1}});
  healthy.wait_for(50);
  hanging.wait_for(1);
  EXPECT_THAT(hanging.texts(), SizeIs(1));
  release.set_value();
  hanging.wait_for(50);
  close();
}

TEST_F(OutboxTest, FailuresAreTriedAgainUntilTaken) {
  Place desk;
  std::atomic<int> left = 5;
  desk.answer = [&](const Letter&) { return left-- > 0 ? Attempt{R::kFailed, "503", {}} : Attempt{}; };
  open({{"desk", &desk}});
  alert(1);
  wait_until([&] { return status().delivered == 1; });
  EXPECT_EQ(status().failed, 5U);
  close();
  EXPECT_EQ(count("state = 1 AND attempts = 6"), 1);
  EXPECT_THAT(desk.texts(), testing::Each("alert 1"));
}

TEST_F(OutboxTest, OneBadAlertDoesNotBlockTheNext) {
  Place desk;
  desk.answer = [](const Letter& letter) {
    return letter.json == "alert 1" ? Attempt{R::kRefused, "400", {}} : Attempt{};
  };
  open({{"desk", &desk}});
  alert(1);
  alert(2);
  wait_until([&] { return status().delivered == 1; });
  EXPECT_EQ(status().dead, 1U);
  EXPECT_EQ(status().last_problem, "400");
  EXPECT_EQ(outbox_->resend({}), 1U);
  wait_until([&] { return status().refused == 2; });
  close();
  EXPECT_EQ(count("state = 2 AND detail = '400'"), 1);
}

TEST_F(OutboxTest, WhatPilesUpBecomesOneSummaryThatIsStoredWithIt) {
  Place chat;
  std::promise<void> release;
  chat.answer = [&, future = release.get_future().share()](const Letter&) {
    future.wait();
    return Attempt{};
  };
  open({{"chat", &chat}}, {.per_second = 0.001, .burst = 2});
  for (std::uint64_t n = 1; n <= 21; ++n) alert(n);
  chat.wait_for(1);
  ASSERT_TRUE(journal_->flush());
  wait_until([&] { return status().waiting == 21; });
  release.set_value();
  chat.wait_for(2);
  wait_until([&] { return status().delivered == 2; });
  close();
  EXPECT_THAT(chat.texts(), ElementsAre("alert 1", "summary of 20"));
  EXPECT_EQ(count("state = 4"), 20);
  EXPECT_EQ(count("state = 1 AND purpose = 2"), 1);
}

TEST_F(OutboxTest, AnAcknowledgementEndsEscalation) {
  Place first;
  Place second;
  open({{"first", &first}, {"second", &second}});
  alert(1, {{0}, {1, Letter::Purpose::kAlert, 1h, true}}, Severity::kCritical);
  first.wait_for(1);
  std::promise<bool> stored;
  journal_->act({{}, "ack", {1, 1}, "kei", "", ""}, [&](bool ok) { stored.set_value(ok); });
  EXPECT_TRUE(stored.get_future().get());
  EXPECT_EQ(count("state = 5"), 1) << "stored before it is confirmed";
  outbox_->cancel({1, 1});
  close();
  EXPECT_THAT(second.texts(), SizeIs(0));
}

TEST_F(OutboxTest, AFallbackSpeaksOnlyForWhatWasNotTaken) {
  Place stream;
  Place mail;
  stream.answer = [](const Letter& letter) {
    return letter.json == "alert 2" ? Attempt{R::kFailed, "no servers", {}} : Attempt{};
  };
  open({{"stream", &stream}, {"mail", &mail}}, {}, {.first_wait = 1h, .longest_wait = 1h}, "stream");
  for (std::uint64_t n = 1; n <= 3; ++n) alert(n, {{0}, {1, Letter::Purpose::kAlert, 1h}});
  wait_until([&] { return count("sink = 'mail' AND state = 5") == 2; });
  EXPECT_THAT(mail.texts(), SizeIs(0)) << "its time has not come";
  clock_.pass(2h);
  alert(4, {{1}});  // has the sender of mail look at the clock
  wait_until([&] { return status(1).delivered == 2; });
  close();
  EXPECT_THAT(mail.texts(), UnorderedElementsAre("alert 2", "alert 4"));
  EXPECT_EQ(count("sink = 'mail' AND state = 5"), 2);
}

TEST_F(OutboxTest, TenThousandAlertsForASinkThatIsDown) {
  Place down;
  std::atomic<bool> works = false;
  down.answer = [&](const Letter&) { return works ? Attempt{} : Attempt{R::kFailed, "refused", {}}; };
  open({{"down", &down}}, {}, {.first_wait = 1ms, .longest_wait = 50ms});
  for (std::uint64_t n = 1; n <= 10'000; ++n) {
    alert(n);
    if (n % 1'000 == 0) {
      ASSERT_TRUE(journal_->flush());
    }
  }
  wait_until([&] { return status().waiting + status().dead == 10'000; });
  works = true;
  wait_until([&] { return status().delivered == 10'000; });
  close();
  EXPECT_EQ(count("state = 1"), 10'000);
}

}  // namespace
}  // namespace yagura::alerts
