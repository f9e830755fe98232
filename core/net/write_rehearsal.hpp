// A TCP connection of this process with itself, on loopback: what is written here goes the kernel's whole way and to
// nobody, so that the next real write finds that way in the caches.
#pragma once

#include <poll.h>

#include <array>
#include <cstddef>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace yagura::net {

// One thread.
class WriteRehearsal {
 public:
  // Where loopback refuses or keeps silent, operator() does nothing. Waits 100 ms for it at most.
  explicit WriteRehearsal(boost::asio::io_context& io) : near_(io), far_(io) {
    using boost::asio::ip::tcp;
    try {
      tcp::acceptor door{io, {boost::asio::ip::address_v4::loopback(), 0}};
      door.non_blocking(true);
      near_.open(tcp::v4());
      near_.non_blocking(true);
      near_.set_option(tcp::no_delay(true));
      boost::system::error_code begun;
      near_.connect(door.local_endpoint(), begun);
      pollfd there{.fd = door.native_handle(), .events = POLLIN, .revents = 0};
      if (::poll(&there, 1, 100) == 1) door.accept(far_);
      if (far_.is_open() && far_.remote_endpoint() != near_.local_endpoint()) far_.close();  // a stranger was first
      if (far_.is_open()) far_.non_blocking(true);
    } catch (const boost::system::system_error&) {
      boost::system::error_code ignored;
      far_.close(ignored);
    }
    boost::system::error_code ignored;
    if (!far_.is_open()) near_.close(ignored);
  }

  // Writes two pieces and reads what has arrived. Two system calls, some 5 us.
  void operator()(std::string_view first, std::string_view second) noexcept {
    if (!far_.is_open()) return;
    const std::array<boost::asio::const_buffer, 2> both{boost::asio::buffer(first), boost::asio::buffer(second)};
    boost::system::error_code ignored;  // full: then it is read now
    near_.write_some(both, ignored);
    far_.read_some(boost::asio::buffer(nowhere_), ignored);
  }

 private:
  boost::asio::ip::tcp::socket near_;
  boost::asio::ip::tcp::socket far_;
  std::array<char, 16384> nowhere_;
};

}  // namespace yagura::net
