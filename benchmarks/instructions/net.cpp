// A frame read from a real loopback socket to its payload, and an alert written to a console client. Only
// what runs in the program counts, not the kernel.
#include <chrono>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>

#include "benchmarks/instructions/meter.hpp"
#include "benchmarks/support/scenario.hpp"
#include "core/clock.hpp"
#include "core/net/ws_server.hpp"
#include "feeds/transport.hpp"
#include "feeds/url.hpp"

namespace yagura::bench {
namespace {

// The vendor's side, or the console's.
struct Server final : net::WsHandler {
  Server() {
    if (const auto listening = server.listen("127.0.0.1:0"); !listening)
      throw std::runtime_error(listening.error().message);
  }
  net::HttpResponse on_http(const net::HttpRequest&) override { return {.status = 404}; }
  void on_open(net::ClientId id, const net::HttpRequest&) override { client = id; }
  void on_message(net::ClientId, std::string_view, bool) override {}
  void on_close(net::ClientId, std::uint16_t, std::string_view) override {}

  boost::asio::io_context io{1};
  net::WsServer server{io, *this};
  net::ClientId client{};
};

// The feed's side.
struct Client final : feeds::TransportHandler {
  explicit Client(std::uint16_t port) {
    const auto url = feeds::parse_url("ws://127.0.0.1:" + std::to_string(port) + "/");
    id = transport->connect(*url, {}, *this);
  }
  void on_open() override { open = true; }
  void on_frame(feeds::Frame frame, MonoTime) override { bytes += frame.payload.size(); }
  void on_ping() override {}
  void on_close(const feeds::CloseInfo& info) override { throw std::runtime_error("closed: " + info.text); }

  RealClock clock;
  boost::asio::io_context io{1};
  std::unique_ptr<feeds::Transport> transport = feeds::make_ws_transport(io, clock);
  feeds::ConnectionId id{};
  bool open = false;
  std::size_t bytes = 0;
};

}  // namespace

void count_net(Meter& meter) {
  Server server;
  Client client{server.server.port()};
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
  while (!client.open || server.server.clients() == 0) {
    server.io.poll();
    client.io.poll();
    if (std::chrono::steady_clock::now() > until) throw std::runtime_error("no connection over loopback");
  }
  const auto frames = frames_of(*feeds::find_vendor("native"), "/", 41).all;
  std::size_t sent = 0;
  const auto send = [&](std::size_t i) {
    server.server.send(server.client, frames[i]);
    sent += frames[i].size();
    server.io.poll();
  };
  const auto receive = [&](std::size_t) {
    while (client.bytes != sent) client.io.poll();
  };
  for (std::size_t i = 0; i < 100; ++i) {
    send(i);
    receive(i);
  }
  meter.each("read/frame", 1000, send, receive);

  const std::string alert(900, 'x');
  const auto settle = [&](std::size_t i) {
    server.io.poll();
    receive(i);
  };
  const auto write = [&](std::size_t) { server.server.broadcast(alert); };
  settle(0);
  meter.each(
      "write/alert", 1000,
      [&](std::size_t i) {
        settle(i);
        sent += alert.size();
      },
      write);
}

}  // namespace yagura::bench
