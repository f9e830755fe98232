// An HttpCaller for log-ins against a server of the test's own: plain HTTP, one connection a call.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <memory>
#include <string>
#include <utility>

#include "feeds/http_caller.hpp"

namespace yagura::test {

// Address: "http://127.0.0.1:port". Same io_context and thread as the server.
class LoopbackHttp final : public feeds::HttpCaller {
 public:
  explicit LoopbackHttp(boost::asio::io_context& io) : io_(io) {}

  CallId call(const std::string& address, const feeds::HttpCall& call, const Options&, Done done) override {
    auto exchange = std::make_shared<Exchange>(io_, std::move(done));
    const auto host = address.substr(address.find("//") + 2);
    exchange->text = call.method + " " + call.target + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
    for (const auto& [name, value] : call.headers) exchange->text += name + ": " + value + "\r\n";
    exchange->text += "Content-Length: " + std::to_string(call.body.size()) + "\r\n\r\n" + call.body;
    const auto port = static_cast<std::uint16_t>(std::stoi(host.substr(host.find(':') + 1)));
    exchange->socket.connect({boost::asio::ip::address_v4::loopback(), port});
    boost::asio::async_write(exchange->socket, boost::asio::buffer(exchange->text),
                             [exchange](const boost::system::error_code&, std::size_t) { read(exchange); });
    return CallId{++calls_};
  }
  void cancel(CallId) override {}

 private:
  struct Exchange {
    Exchange(boost::asio::io_context& io, Done when_done) : socket(io), done(std::move(when_done)) {}
    boost::asio::ip::tcp::socket socket;
    Done done;
    std::string text;    // of the request
    std::string answer;  // all of it
  };

  static void read(const std::shared_ptr<Exchange>& exchange) {
    boost::asio::async_read(exchange->socket, boost::asio::dynamic_buffer(exchange->answer),
                            [exchange](const boost::system::error_code&, std::size_t) {
                              exchange->done({parse(exchange->answer), {}});
                            });
  }

  static feeds::HttpAnswer parse(const std::string& text) {
    feeds::HttpAnswer answer;
    answer.status = std::stoi(text.substr(text.find(' ') + 1, 3));
    const auto end = text.find("\r\n\r\n");
    for (auto at = text.find("\r\n"); at < end; at = text.find("\r\n", at + 2)) {
      const auto line = text.substr(at + 2, text.find("\r\n", at + 2) - at - 2);
      const auto colon = line.find(": ");
      if (colon != std::string::npos) answer.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
    }
    answer.body = text.substr(end + 4);
    return answer;
  }

  boost::asio::io_context& io_;
  std::uint64_t calls_ = 0;
};

}  // namespace yagura::test
