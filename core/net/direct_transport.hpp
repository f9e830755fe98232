// websocketpp's Asio transport, with three differences that a server wants (plain sockets only, one
// thread, sockets in non-blocking mode):
//   - a frame is written to the socket within send() when nothing waits before it, instead of being
//     posted to the io_context first (p50 over loopback 17.5 us before, 15.9 us after);
//   - what waits inside Asio is known, so that a slow peer can be told from a fast one;
//   - a connection that was answered over HTTP is closed with a pause for the peer to read the
//     answer: a close with unread input resets the connection, and a 413 would be lost.
// Included by ws_server.cpp alone.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "core/net/ws_config.hpp"

namespace yagura::net {

template <class Config>
class DirectConnection : public websocketpp::transport::asio::connection<Config> {
  using Base = websocketpp::transport::asio::connection<Config>;

 public:
  using type = DirectConnection;
  using ptr = std::shared_ptr<type>;
  using Base::Base;

  // Bytes handed to Asio that the kernel has not taken.
  [[nodiscard]] std::size_t in_flight() const { return in_flight_; }
  // Writes two pieces as far as the kernel takes them now; how many bytes that was. Only while nothing waits,
  // neither here nor in the library.
  std::size_t write_now(std::string_view first, std::string_view second) {
    const std::array<boost::asio::const_buffer, 2> both{boost::asio::buffer(first), boost::asio::buffer(second)};
    boost::system::error_code ec;
    return Base::get_raw_socket().write_some(both, ec);
  }
  // Called when in_flight() falls back to zero.
  void set_drained_handler(std::function<void()> handler) { drained_ = std::move(handler); }
  // The upgrade is done: the next close need not wait for the peer.
  void upgraded() { answered_ = false; }
  // Closes the socket now; `reset` throws away what the kernel still holds for the peer.
  void abort(bool reset) {
    boost::system::error_code ignored;
    auto& socket = Base::get_raw_socket();
    if (reset) socket.set_option(boost::asio::socket_base::linger(true, 0), ignored);
    socket.close(ignored);
  }

 protected:
  // One thread: what the library would post can be done now.
  template <class Handler>
  websocketpp::lib::error_code dispatch(Handler&& handler) {
    handler();
    return {};
  }

  // The answer to an HTTP request, an upgrade's included.
  void async_write(const char* data, std::size_t size, websocketpp::transport::write_handler handler) {
    answered_ = true;
    Base::async_write(data, size, std::move(handler));
  }

  // Frames.
  void async_write(const std::vector<websocketpp::transport::buffer>& frames,
                   const websocketpp::transport::write_handler& handler) {
    rest_.clear();
    for (const auto& part : frames) rest_.emplace_back(part.buf, part.len);
    boost::system::error_code ec;
    while (!rest_.empty() && !ec) drop_front(Base::get_raw_socket().write_some(rest_, ec));
    if (rest_.empty()) return handler({});
    if (ec == boost::asio::error::would_block) return write_rest(handler);
    // Not now: the library would close the connection inside somebody's send().
    boost::asio::post(Base::get_raw_socket().get_executor(), [self = Base::get_shared(), handler] {
      handler(websocketpp::transport::asio::error::make_error_code(websocketpp::transport::asio::error::pass_through));
    });
  }

  void async_shutdown(websocketpp::transport::shutdown_handler callback) {
    if (!answered_) return Base::async_shutdown(std::move(callback));
    boost::system::error_code ignored;
    Base::get_raw_socket().shutdown(boost::asio::socket_base::shutdown_send, ignored);
    const auto self = Base::get_shared();
    const auto deadline = Base::set_timer(kLingerMs, [this, self](const auto& ec) {
      if (!ec) abort(false);
    });
    read_to_end(self, deadline);
    callback({});
  }

 private:
  static constexpr long kLingerMs = 2000;

  void drop_front(std::size_t written) {
    auto it = rest_.begin();
    while (it != rest_.end() && written >= it->size()) written -= (it++)->size();
    if (it != rest_.end()) *it += written;
    rest_.erase(rest_.begin(), it);
  }

  void write_rest(const websocketpp::transport::write_handler& handler) {
    in_flight_ = boost::asio::buffer_size(rest_);
    boost::asio::async_write(Base::get_raw_socket(), rest_,
                             [this, self = Base::get_shared(), handler](boost::system::error_code ec, std::size_t) {
                               in_flight_ = 0;
                               handler(ec ? websocketpp::transport::asio::error::make_error_code(
                                                websocketpp::transport::asio::error::pass_through)
                                          : websocketpp::lib::error_code{});
                               if (!ec && in_flight_ == 0 && drained_) drained_();
                             });
  }

  void read_to_end(const std::shared_ptr<Base>& self, const typename Base::timer_ptr& deadline) {
    static std::array<char, 16384> nowhere;  // never read; the one thread of the server writes it
    Base::get_raw_socket().async_read_some(boost::asio::buffer(nowhere),
                                           [this, self, deadline](boost::system::error_code ec, std::size_t) {
                                             if (!ec) return read_to_end(self, deadline);
                                             deadline->cancel();
                                             abort(false);
                                           });
  }

  std::vector<boost::asio::const_buffer> rest_;
  std::size_t in_flight_ = 0;
  bool answered_ = false;
  std::function<void()> drained_;
};

template <class Config>
class DirectEndpoint : public websocketpp::transport::asio::endpoint<Config> {
 public:
  using transport_con_type = DirectConnection<Config>;
  using transport_con_ptr = typename transport_con_type::ptr;
};

}  // namespace yagura::net
