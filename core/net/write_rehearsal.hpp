// A TCP connection of this process with itself, on loopback: what is written here goes the kernel's whole way and to
// nobody, so that the next real write finds that way in the caches.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace yagura::net {

// One thread.
class WriteRehearsal {
 public:
  // Where loopback refuses, operator() does nothing.
  explicit WriteRehearsal(boost::asio::io_context& io) : near_(io), far_(io) {
    using boost::asio::ip::tcp;
    boost::system::error_code failed;
    try {
      tcp::acceptor door{io, {boost::asio::ip::address_v4::loopback(), 0}};
      near_.connect(door.local_endpoint());
      door.accept(far_);
      if (far_.remote_endpoint() != near_.local_endpoint()) far_.close();  // a stranger was first
      near_.non_blocking(true);
      near_.set_option(tcp::no_delay(true));
      far_.non_blocking(true);
    } catch (const boost::system::system_error&) {
      far_.close(failed);
    }
    if (!far_.is_open()) near_.close(failed);
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
