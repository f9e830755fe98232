#include "tests/support/connect_proxy.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

namespace yagura::test {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// One client and its way to the target. The proxy's destructor closes it.
class ConnectProxy::Tunnel : public std::enable_shared_from_this<Tunnel> {
 public:
  Tunnel(ConnectProxy& proxy, tcp::socket client)
      : proxy_(proxy), client_(std::move(client)), target_(client_.get_executor()) {}

  void start() {
    asio::async_read_until(client_, asio::dynamic_buffer(request_), "\r\n\r\n",
                           [self = shared_from_this()](const error_code& error, std::size_t) {
                             if (!error && !self->closed_) self->on_request();
                           });
  }
  void close() {
    closed_ = true;
    error_code ignored;
    client_.close(ignored);
    target_.close(ignored);
  }

 private:
  void on_request() {
    proxy_.requests.push_back(request_);
    const auto& wanted = proxy_.authorization;
    if (!proxy_.answer.empty()) return say_and_close(proxy_.answer);
    if (!wanted.empty() && request_.find("Proxy-Authorization: " + wanted + "\r\n") == std::string::npos)
      return say_and_close("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n");
    const auto colon = request_.find(':');
    const auto port = static_cast<std::uint16_t>(std::stoi(request_.substr(colon + 1)));
    target_.async_connect({asio::ip::address_v4::loopback(), port},
                          [self = shared_from_this()](const error_code& error) {
                            if (self->closed_) return;
                            if (error) return self->say_and_close("HTTP/1.1 502 Bad Gateway\r\n\r\n");
                            self->answer_ = "HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n";
                            self->rest_ = self->proxy_.farewell;
                            self->send_head(0);
                          });
  }

  void send_head(std::size_t from) {
    if (from >= answer_.size()) return pump_both();
    const auto size = std::min(proxy_.slice == 0 ? answer_.size() : proxy_.slice, answer_.size() - from);
    auto piece = answer_.substr(from, size);
    if (from + size == answer_.size()) piece += rest_;  // in one segment with the end of the head
    auto bytes = std::make_shared<std::string>(std::move(piece));
    asio::async_write(client_, asio::buffer(*bytes),
                      [self = shared_from_this(), bytes, from, size](const error_code& error, std::size_t) {
                        if (!error && !self->closed_) self->send_head(from + size);
                      });
  }

  void pump_both() {
    pump(client_, target_, to_target_);
    pump(target_, client_, to_client_);
  }

  using Chunk = std::array<char, 16384>;
  void pump(tcp::socket& from, tcp::socket& to, Chunk& chunk) {
    from.async_read_some(asio::buffer(chunk),
                         [self = shared_from_this(), &from, &to, &chunk](const error_code& error, std::size_t size) {
                           if (error || self->closed_) return self->close();
                           asio::async_write(to, asio::buffer(chunk.data(), size),
                                             [self, &from, &to, &chunk](const error_code& failed, std::size_t) {
                                               if (failed || self->closed_) return self->close();
                                               self->pump(from, to, chunk);
                                             });
                         });
  }

  void say_and_close(const std::string& text) {
    answer_ = text;
    asio::async_write(client_, asio::buffer(answer_),
                      [self = shared_from_this()](const error_code&, std::size_t) { self->close(); });
  }

  ConnectProxy& proxy_;
  tcp::socket client_, target_;
  std::string request_, answer_, rest_;
  Chunk to_target_{}, to_client_{};
  bool closed_ = false;
};

ConnectProxy::ConnectProxy(asio::io_context& io)
    : io_(io), acceptor_(io, {asio::ip::address_v4::loopback(), 0}), port_(acceptor_.local_endpoint().port()) {
  accept();
}

ConnectProxy::~ConnectProxy() {
  error_code ignored;
  acceptor_.close(ignored);
  for (auto& tunnel : tunnels_) tunnel->close();
  io_.poll();
}

void ConnectProxy::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error) return;
    tunnels_.push_back(std::make_shared<Tunnel>(*this, std::move(socket)));
    if (!mute) tunnels_.back()->start();
    accept();
  });
}

}  // namespace yagura::test
