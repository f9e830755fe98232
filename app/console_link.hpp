// Keeps a WebSocket to a monitor's console: connects, connects again when it is lost, and hands on what it says.
// A thread of its own.
#pragma once

#include <memory>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/console_address.hpp"
#include "app/screen_mail.hpp"
#include "core/clock.hpp"
#include "feeds/backoff.hpp"
#include "feeds/transport.hpp"

namespace yagura::app {

class ConsoleLink final : feeds::TransportHandler {
 public:
  // State comes every second: without any for so long the line is dead.
  static constexpr Duration kSilence = std::chrono::seconds{5};
  // Between attempts at most. A wrong token is not tried more often than the monitor bears.
  static constexpr Duration kLongestWait = std::chrono::seconds{10};

  // `mail` outlives it.
  ConsoleLink(ConsoleAddress address, std::string token, ScreenMail& mail);
  ~ConsoleLink();
  ConsoleLink(const ConsoleLink&) = delete;
  ConsoleLink& operator=(const ConsoleLink&) = delete;

  // To the monitor; lost when there is no connection. Any thread.
  void say(std::string text);
  // Now, not when it would be time. Any thread.
  void try_now();

 private:
  void on_open() override;
  void on_frame(feeds::Frame frame, MonoTime complete) override;
  void on_ping() override {}
  void on_close(const feeds::CloseInfo& info) override;

  void connect();
  void lose(ScreenLost lost);
  void give_up(std::string_view words);
  void try_after(Duration wait);
  void watch_silence();

  const ConsoleAddress address_;
  const std::string token_;
  ScreenMail& mail_;
  RealClock clock_;
  boost::asio::io_context io_;
  boost::asio::steady_timer timer_{io_};  // of the next attempt, or of silence
  std::unique_ptr<feeds::Transport> transport_;
  feeds::ConnectionId connection_ = feeds::ConnectionId::kNone;
  feeds::Backoff backoff_;
  MonoTime began_{}, heard_{};
  bool overran_ = false;  // until the screen has caught up there is no use in connecting
  std::jthread thread_;
};

}  // namespace yagura::app
