// A console on a free port of loopback, fed by a source the test holds.
#pragma once

#include <gmock/gmock.h>

#include <memory>
#include <string>

#include "console/console_server.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/ws_test_client.hpp"

namespace yagura::console {

class FixedSource : public StateSource {
 public:
  void fill(StateSnapshot& state) override {
    state.version = "test";
    state.epoch = 3;
    state.instruments.resize(2);
    state.instruments[0].symbol = "NI225";
    state.instruments[1].symbol = "USDJPY";
  }
  HealthReport health() override { return {{{"threads", true, "", true}, {"storage", storage_ok, "no space"}}}; }
  std::string metrics() override { return "yagura_up 1\n"; }

  bool storage_ok = true;
};

class ConsoleSpec : public ::testing::Test {
 protected:
  void start(ConsoleServer::Options options = {}) {
    options.access.listen = "127.0.0.1:0";
    if (options.symbols.empty()) options.symbols = {"NI225", "USDJPY"};
    io.call([&] {
      console = std::make_unique<ConsoleServer>(io.io, options, source, clock);
      const auto listening = console->listen();
      ASSERT_TRUE(listening) << listening.error().message;
      port = console->port();
    });
  }
  void TearDown() override {
    io.call([&] { console.reset(); });
  }

  static std::string alert(std::uint64_t seq) { return R"({"v":1,"seq":)" + std::to_string(seq) + "}"; }
  static std::string alert_message(std::uint64_t seq) { return R"({"type":"alert","alert":)" + alert(seq) + "}"; }
  void publish(std::uint64_t first, std::uint64_t last) {
    io.call([&] {
      for (auto seq = first; seq <= last; ++seq) console->publish_alert(seq, alert(seq));
    });
  }
  void tick(std::size_t instrument, const char* price) {
    io.call([&] {
      console->publish_tick({instrument, *parse_price(price), {}, {}, timestamp_from_ns(1), "demo"}, clock.mono());
    });
  }
  // A client that has been greeted.
  test::WsTestClient connect(const test::WsTestClient::Options& options = {}) {
    test::WsTestClient client{port, options};
    EXPECT_EQ(client.status(), 101);
    hello = client.next_text();
    return client;
  }

  FixedSource source;
  ManualClock clock{timestamp_from_ns(1770596520000000000)};  // moved inside io.call() only
  test::IoThread io;
  std::unique_ptr<ConsoleServer> console;
  std::uint16_t port = 0;
  std::string hello;
};

}  // namespace yagura::console
