// websocketpp's Asio transport as a feed wants it. What differs concerns the frames alone, not the
// handshake:
//   - a read costs no allocation: the library copies its handler twice for each;
//   - whoever listens learns when all frames of one read were handed over;
//   - a thread that spins reads a plain socket itself and does not ask the kernel first whether
//     something is there: 0.5 us less between the last byte and its frame than through epoll.
// Included by ws_transport.cpp alone.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>

#include "core/net/ws_config.hpp"

namespace yagura::net {

// How the connections of one client read; shared with those that outlive it for a moment.
struct ReadMode {
  bool polled = false;      // plain sockets are read by poll()
  std::size_t in_asio = 0;  // connections whose next frame the io_context waits for
};

template <class Config>
class ClientConnection : public websocketpp::transport::asio::connection<Config> {
  using Base = websocketpp::transport::asio::connection<Config>;
  using ReadHandler = websocketpp::transport::read_handler;

 public:
  using type = ClientConnection;
  using ptr = std::shared_ptr<type>;
  using Base::Base;

  // Before the connection is started. `handled` is called after the frames of each read.
  void read_by(std::shared_ptr<ReadMode> mode, std::function<void()> handled) {
    mode_ = std::move(mode);
    handled_ = std::move(handled);
  }
  // Reads what has come. False when nothing has, or when the io_context does the reading.
  bool poll() {
    if (frames_ == nullptr) return false;
    boost::system::error_code ec = boost::asio::error::operation_aborted;
    std::size_t size = 0;
    if (Base::get_raw_socket().is_open()) size = Base::get_raw_socket().read_some(buffer_, ec);
    if (ec == boost::asio::error::would_block) return false;
    complete(Base::get_shared(), *std::exchange(frames_, nullptr), ec, size);
    return true;
  }
  // The io_context is to wait for the next frame.
  void park() {
    if (frames_ != nullptr) read_through_asio(*std::exchange(frames_, nullptr));
  }
  [[nodiscard]] bool ended() { return frames_ == nullptr && !Base::get_raw_socket().is_open(); }

 protected:
  // The handshake.
  void async_read_at_least(std::size_t least, char* data, std::size_t size, ReadHandler&& handler) {
    Base::async_read_at_least(least, data, size, std::move(handler));
  }
  // Frames: their handler is a member of the connection and lives as long.
  void async_read_at_least(std::size_t, char* data, std::size_t size, const ReadHandler& frames) {
    if (handled_) handled_();
    buffer_ = boost::asio::buffer(data, size);
    if (!kPollable || !mode_ || !mode_->polled) return read_through_asio(frames);
    boost::system::error_code ignored;  // a socket that was closed says so when it is read
    Base::get_raw_socket().non_blocking(true, ignored);
    frames_ = &frames;
  }

 private:
  static constexpr bool kPollable =
      std::is_same_v<typename Config::socket_type, websocketpp::transport::asio::basic_socket::endpoint>;

  void read_through_asio(const ReadHandler& frames) {
    if (mode_) ++mode_->in_asio;
    Base::get_socket().async_read_some(
        buffer_, [this, self = Base::get_shared(), &frames](boost::system::error_code ec, std::size_t got) {
          if (mode_) --mode_->in_asio;
          complete(self, frames, ec, got);
        });
  }
  void complete(const std::shared_ptr<Base>&, const ReadHandler& frames, boost::system::error_code ec,
                std::size_t size) {
    if (ec) return Base::handle_async_read(frames, ec, size);
    frames({}, size);
  }

  std::shared_ptr<ReadMode> mode_;
  std::function<void()> handled_;
  boost::asio::mutable_buffer buffer_;
  const ReadHandler* frames_ = nullptr;  // of a read that waits for poll()
};

template <class Config>
class ClientEndpoint : public websocketpp::transport::asio::endpoint<Config> {
 public:
  using transport_con_type = ClientConnection<Config>;
  using transport_con_ptr = typename transport_con_type::ptr;
};

}  // namespace yagura::net
