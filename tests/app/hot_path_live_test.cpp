// The claim of docs/architecture.md, on the program's own parts: from a complete frame to the alert written
// to the console's client nothing allocates and nothing locks. A feed and a client over loopback, the
// shipped rules, the whole monitor; both ways of dividing the work and of waiting for it.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <mutex>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "alerts/state_dir.hpp"
#include "app/live_monitor.hpp"
#include "config/load.hpp"
#include "tests/alerts/temp_dir.hpp"
#include "tests/support/call_count.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/scripted_ws_server.hpp"
#include "tests/support/ws_test_client.hpp"

namespace yagura::app {
namespace {

constexpr int kTicks = 20'000;
constexpr int kSwing = 1'400;
constexpr int kLately = 300;                    // there is an alert among so many ticks
constexpr std::int64_t kStart = 1'770'595'200;  // Monday, 9 February 2026, 00:00 UTC
constexpr int kWarm = 8'000;                    // every kind of alert has been said by then, every buffer has grown

// A day of the dollar against the yen on which much happens: a walk of one tick a second, on a swing
// of ten yen and back.
std::vector<std::string> frames() {
  std::vector<std::string> all;
  std::uint64_t random = 42;
  std::int64_t noise = 0;
  for (int i = 0; i < kTicks; ++i) {
    random = random * 6364136223846793005ULL + 1442695040888963407ULL;
    noise = std::clamp<std::int64_t>(noise + static_cast<std::int64_t>(random >> 33) % 5 - 2, -50, 50);
    const int phase = i % kSwing;
    const std::int64_t swing = phase < kSwing / 2 ? phase * 14 : (kSwing - phase) * 14;  // thousandths of a yen
    const std::int64_t mid = 155'300 + swing + noise;
    const auto decimal = [](std::int64_t thousandths) {
      const auto rest = std::to_string(thousandths % 1000);
      return std::to_string(thousandths / 1000) + "." + std::string(3 - rest.size(), '0') + rest;
    };
    all.push_back(R"({"type":"tick","symbol":"USDJPY","ts_ns":)" + std::to_string((kStart + i) * 1'000'000'000) +
                  R"(,"bid":")" + decimal(mid - 2) + R"(","ask":")" + decimal(mid + 2) + R"(","seq":)" +
                  std::to_string(i + 1) + "}");
  }
  return all;
}

struct Way {
  const char* name;
  int workers;
  config::WaitMode wait;
  int until;  // ticks of those looked at; a spinner that shares its core with others reads some 100 a second
  friend std::ostream& operator<<(std::ostream& out, const Way& way) { return out << way.name; }
};

class HotPathLive : public testing::TestWithParam<Way> {
 protected:
  HotPathLive() {
    feed_.call([this] {
      server_ = std::make_unique<test::ScriptedWsServer>(feed_.io);
      server_->on_text = [this](test::ScriptedWsServer::Peer& peer, const std::string&) {
        peer.send_text(R"({"type":"subscribed","symbols":["USDJPY"]})");
        subscribed_.arrive();
      };
    });
    auto loaded = config::load_file(YAGURA_ROOT "/config/yagura.toml");
    EXPECT_TRUE(loaded.ok()) << loaded.problems.front();
    auto settings = std::move(loaded.settings);
    auto feed = settings.feeds.front();
    feed.name = feed.vendor = "native";
    feed.url = "ws://127.0.0.1:" + std::to_string(server_->port());
    feed.symbols = {{"USDJPY", "USDJPY"}};
    settings.feeds = {feed};
    settings.console.listen = "127.0.0.1:0";
    settings.pipeline.workers = GetParam().workers;
    settings.pipeline.wait = GetParam().wait;
    settings.pipeline.on_full = config::OnFull::kWait;
    LiveMonitor::Options options;
    options.settings = std::move(settings);
    options.state = alerts::StateDir{folder_.path()};
    options.screen = false;
    monitor_.emplace(std::move(options));
    const auto failure = monitor_->start();
    EXPECT_FALSE(failure) << failure->message;
    thread_ = std::thread([this] { EXPECT_EQ(monitor_->run(), 0); });
  }
  ~HotPathLive() override {
    monitor_->stop();
    thread_.join();
    monitor_.reset();
    feed_.call([this] { server_.reset(); });
  }

  [[nodiscard]] std::uint16_t console_port() const {
    const auto url = monitor_->console_url();
    return static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
  }
  // As fast as they are read.
  void play(int begin, int end) {
    feed_.call([&] {
      for (int i = begin; i < end; ++i) send(i);
    });
  }
  // Each when the one before has been read, so that no tick waits behind another. How many were.
  int play_one_by_one(int begin, int end) {
    return feed_.call([&] {
      for (int i = begin; i < end; ++i) {
        const auto before = test::feed_reads();
        send(i);
        const auto until = std::chrono::steady_clock::now() + test::kPatience;
        while (test::feed_reads() == before) {
          if (std::chrono::steady_clock::now() > until) return i - begin;
          std::this_thread::yield();
        }
      }
      return end - begin;
    });
  }
  void send(int i) { server_->peers.back()->send_text(all_[static_cast<std::size_t>(i)]); }
  // Until the client has read an alert of tick `number` or a later one; whether it came.
  static bool hears_alert_of(test::WsTestClient& client, int number) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    constexpr std::string_view kTime = R"("ts_event_ns":)";
    while (std::chrono::steady_clock::now() < until) {
      const auto text = client.next_text();
      const auto at = text.find(kTime);
      if (!text.starts_with(R"({"type":"alert")") || at == std::string::npos) continue;
      if (std::stoll(text.substr(at + kTime.size())) >= (kStart + number) * 1'000'000'000) return true;
    }
    return false;
  }

  const std::vector<std::string> all_ = frames();
  alerts::TempDir folder_;
  test::IoThread feed_;
  std::unique_ptr<test::ScriptedWsServer> server_;
  test::Countdown subscribed_;
  std::optional<LiveMonitor> monitor_;
  std::thread thread_;
};

// Who allocated or locked first, and in how many windows.
std::string places_of(const std::map<std::string, int>& places) {
  std::string text;
  for (const auto& [place, count] : places) text += "\n  " + std::to_string(count) + " in " + place;
  return text;
}

TEST_P(HotPathLive, NeitherAllocatesNorLocksFromFrameToWrittenAlert) {
  if (!test::can_count_calls()) GTEST_SKIP() << "the sanitizers stand in front of malloc themselves";
  ASSERT_TRUE(subscribed_.wait_for(1));
  test::WsTestClient client{console_port()};
  ASSERT_EQ(client.status(), 101);
  play(0, kWarm);
  ASSERT_TRUE(hears_alert_of(client, kWarm - kLately));
  test::watch_calls(server_->port(), console_port());
  ASSERT_EQ(play_one_by_one(kWarm, GetParam().until), GetParam().until - kWarm);
  const bool all_heard = hears_alert_of(client, GetParam().until - kLately);
  test::stop_watching_calls();
  ASSERT_TRUE(all_heard);

  std::map<std::string, int> allocations, locks;
  std::size_t allocated = 0, locked = 0, called = 0;
  const auto windows = test::watched_calls();
  for (const auto& window : windows) {
    if (window.allocations != 0) ++allocations[test::names_of(window.first_allocation)];
    if (window.locks != 0) ++locks[test::names_of(window.first_lock)];
    allocated += window.allocations != 0;
    locked += window.locks != 0;
    called += window.calls != 0;
  }
  EXPECT_GT(windows.size(), 10U) << "alerts did fire";
  // These threads also have timers, the detector thread the console as well: a tick may come in the middle of that.
  const auto disturbed = GetParam().workers == 0 ? 1 + windows.size() / 50 : windows.size() / 4;
  const auto of_all = " of " + std::to_string(windows.size()) + " alerts";
  EXPECT_LE(allocated, disturbed) << of_all << " allocated:" << places_of(allocations);
  EXPECT_LE(locked, disturbed) << of_all << " locked:" << places_of(locks);
  EXPECT_LE(called, disturbed) << of_all << " had a system call before the write";
}

INSTANTIATE_TEST_SUITE_P(Ways, HotPathLive,
                         testing::Values(Way{"FeedThreadSpinning", 0, config::WaitMode::kSpin, 9'000},
                                         Way{"FeedThreadBlocking", 0, config::WaitMode::kBlock, 12'000},
                                         Way{"DetectorThreadSpinning", 1, config::WaitMode::kSpin, kTicks},
                                         Way{"DetectorThreadBlocking", 1, config::WaitMode::kBlock, kTicks}),
                         [](const auto& way) { return way.param.name; });

// The counting itself: a feed and a console of two sockets.
TEST(CallCount, SeesWhatHappensBetweenReadAndWrite) {
  if (!test::can_count_calls()) GTEST_SKIP();
  test::IoThread io;
  std::unique_ptr<test::ScriptedWsServer> server;
  io.call([&] { server = std::make_unique<test::ScriptedWsServer>(io.io); });
  io.call([&] { server->greeting = "x"; });
  test::TcpClient feed{server->port()};
  sockaddr_in mine{};
  socklen_t size = sizeof mine;
  ASSERT_EQ(::getsockname(feed.native(), reinterpret_cast<sockaddr*>(&mine), &size), 0);
  test::watch_calls(server->port(), ntohs(mine.sin_port));
  char byte = 0;
  ASSERT_EQ(::recv(feed.native(), &byte, 1, 0), 1);
  (void)std::chrono::steady_clock::now();
  std::mutex mutex;
  mutex.lock();
  mutex.unlock();
  void* volatile memory = std::malloc(10);
  std::free(memory);
  constexpr std::string_view kAlert = R"({"type":"alert"})";
  ::send(feed.native(), kAlert.data(), kAlert.size(), MSG_NOSIGNAL);
  test::stop_watching_calls();
  ASSERT_EQ(test::watched_calls().size(), 1U);
  EXPECT_EQ(test::watched_calls().front().allocations, 1U);
  EXPECT_EQ(test::watched_calls().front().locks, 1U);
  io.call([&] { server.reset(); });
}

}  // namespace
}  // namespace yagura::app
