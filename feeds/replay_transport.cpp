#include "feeds/replay_transport.hpp"

namespace yagura::feeds {
namespace {

net::WsServer::Options server_options() {
  net::WsServer::Options options;
  options.ping_after = std::chrono::milliseconds{0};  // clients of a feed say nothing, and need not
  options.silent_after = std::chrono::milliseconds{0};
  options.drop_at = 0;
  return options;
}

class WsTransport final : public ReplayTransport {
 public:
  WsTransport(boost::asio::io_context& io, net::WsHandler& handler) : server_(io, handler, server_options()) {}
  Result<void> listen(std::string_view address) override { return server_.listen(address); }
  [[nodiscard]] std::uint16_t port() const override { return server_.port(); }
  [[nodiscard]] std::string address() const override { return server_.address(); }
  bool send(net::ClientId client, std::string_view payload, bool binary) override {
    return server_.send(client, payload, binary);
  }
  [[nodiscard]] std::size_t buffered(net::ClientId client) const override { return server_.buffered(client); }
  void close(net::ClientId client, std::uint16_t code, std::string_view reason) override {
    server_.close(client, code, reason);
  }
  void ping(net::ClientId client) override { server_.ping(client); }
  [[nodiscard]] std::uint64_t cut_slow() const override { return server_.stats().cut_slow; }
  void stop(std::function<void()> on_stopped) override { server_.stop(std::move(on_stopped)); }

 private:
  net::WsServer server_;
};

}  // namespace

std::unique_ptr<ReplayTransport> make_ws_replay_transport(boost::asio::io_context& io, net::WsHandler& handler) {
  return std::make_unique<WsTransport>(io, handler);
}

}  // namespace yagura::feeds
