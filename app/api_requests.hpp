// What a screen asks of a monitor over its API, one after the other on a thread of their own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>

#include "app/console_address.hpp"
#include "app/screen_mail.hpp"
#include "console/terminal/command.hpp"
#include "core/net/curl_request.hpp"

namespace yagura::app {

class ApiRequests {
 public:
  static constexpr std::size_t kMostWaiting = 16;

  // `mail` outlives it and gets the answers.
  ApiRequests(const ConsoleAddress& address, std::string token, ScreenMail& mail);
  // Gives up what is under way.
  ~ApiRequests();
  ApiRequests(const ApiRequests&) = delete;
  ApiRequests& operator=(const ApiRequests&) = delete;

  // A change. Never waits; too many are answered with a refusal. One thread, as the next.
  void ask(console::terminal::Request request);
  // What GET gives at a path; nothing when it gives an error.
  void fetch(std::string path);

 private:
  void run(const std::stop_token& stop);
  struct Reply {
    bool good;
    std::string text;  // the body, or why there is none
  };
  [[nodiscard]] Reply send(net::HttpClient& client, const console::terminal::Request& request,
                           const std::stop_token& stop) const;

  const ConsoleAddress address_;
  const std::string token_;
  ScreenMail& mail_;
  std::mutex mutex_;
  std::condition_variable_any arrived_;
  std::deque<console::terminal::Request> waiting_;  // guarded by mutex_
  std::jthread worker_;                             // last: ends before what it uses is gone
};

}  // namespace yagura::app
