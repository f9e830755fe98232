// libcurl on an io_context: its sockets are watched with asio, its time limits kept by one timer, and
// no thread is added (but for those that look up names, as in every resolver). Included by curl_*.cpp
// alone.
#pragma once

#include <curl/curl.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <unordered_map>
#include <vector>

namespace yagura::feeds {

// One request; CURLOPT_PRIVATE of its handle points to it.
class CurlTransfer;

// The context's thread only.
class CurlLoop : public std::enable_shared_from_this<CurlLoop> {
 public:
  explicit CurlLoop(boost::asio::io_context& io);
  ~CurlLoop();  // no transfer is left by then
  CurlLoop(const CurlLoop&) = delete;
  CurlLoop& operator=(const CurlLoop&) = delete;

  // From here on the transfer is called, never from inside start(). Not from inside a transfer's own
  // calls. False when libcurl refuses it.
  [[nodiscard]] bool start(CurlTransfer& transfer);
  // Ends a transfer, or takes the remains of one that ended. Also from inside its own calls: it is
  // then destroyed as soon as libcurl is done with it.
  void discard(std::unique_ptr<CurlTransfer> transfer);

 private:
  struct Watch;

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer(CURLM*, long wait_ms, void* self);
  void watch(curl_socket_t socket, int what);
  void wait_for(const std::shared_ptr<Watch>& watch);
  void ready(const std::shared_ptr<Watch>& watch, int direction, bool failed);
  void act(curl_socket_t socket, int events);
  void tell_the_ended();

  boost::asio::io_context& io_;
  CURLM* multi_;
  boost::asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  bool inside_ = false;  // libcurl is running, and would refuse calls
  std::vector<std::unique_ptr<CurlTransfer>> discarded_;
};

}  // namespace yagura::feeds
