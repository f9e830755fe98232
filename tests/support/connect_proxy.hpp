// A small HTTP proxy that knows CONNECT, under a test's control. Same io_context and thread as the
// code under test.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace yagura::test {

class ConnectProxy {
 public:
  explicit ConnectProxy(boost::asio::io_context& io);
  ~ConnectProxy();
  ConnectProxy(const ConnectProxy&) = delete;
  ConnectProxy& operator=(const ConnectProxy&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

  // What the next connections meet. By default the way to any target, which is looked for on
  // 127.0.0.1 whatever its name.
  std::string answer;         // sent instead of a tunnel, then TCP is closed
  std::string authorization;  // the right Proxy-Authorization; empty: nobody is asked
  std::string farewell;       // sent right behind the head of the 200, as if it came from the target
  std::size_t slice = 0;      // the head of the 200 goes out in pieces of so many bytes; 0: at once
  bool mute = false;          // TCP is accepted, nothing more

  std::vector<std::string> requests;  // heads, in order of arrival

 private:
  class Tunnel;
  void accept();

  boost::asio::io_context& io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::vector<std::shared_ptr<Tunnel>> tunnels_;
};

}  // namespace yagura::test
