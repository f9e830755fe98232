// What a screen asks of a monitor over its API, one after the other on a thread of their own.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "app/console_address.hpp"
#include "app/screen_mail.hpp"
#include "console/terminal/command.hpp"
#include "console/terminal/request_queue.hpp"
#include "core/net/curl_request.hpp"

namespace yagura::app {

class ApiRequests {
 public:
  // `mail` outlives it and gets the answers.
  ApiRequests(const ConsoleAddress& address, std::string token, ScreenMail& mail);
  // Gives up what is under way.
  ~ApiRequests();
  ApiRequests(const ApiRequests&) = delete;
  ApiRequests& operator=(const ApiRequests&) = delete;

  // A change. Never waits; false: too many are under way. One thread, as the next.
  [[nodiscard]] bool ask(console::terminal::Request request);
  // What GET gives at each path, in place of what waits to be fetched; nothing where it gives an error.
  void fetch(std::vector<std::string> paths);

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
  console::terminal::RequestQueue waiting_;  // guarded by mutex_
  std::jthread worker_;                      // last: ends before what it uses is gone
};

}  // namespace yagura::app
