#include "feeds/ws_link.hpp"

#include <boost/asio/connect.hpp>
#include <utility>  // exchange

#include "feeds/proxy_tunnel.hpp"

namespace yagura::feeds {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::string milliseconds_text(Duration limit) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(limit).count()) + " ms";
}

std::string addresses(const std::vector<tcp::endpoint>& endpoints) {
  std::string text;
  for (const auto& endpoint : endpoints) text += (text.empty() ? "" : ", ") + endpoint.address().to_string();
  return text;
}

std::string text_of(const tcp::endpoint& endpoint) {
  const auto address = endpoint.address().to_string();
  return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
}

}  // namespace

Link::Link(LinkOwner& owner, ConnectionId id, Url url, Transport::ConnectOptions options, TransportHandler& handler)
    : owner_(owner),
      id_(id),
      url_(std::move(url)),
      options_(std::move(options)),
      hop_(options_.proxy ? Hop{options_.proxy->host, options_.proxy->port, options_.proxy->ip_literal,
                                "proxy " + options_.proxy->authority()}
                          : Hop{url_.host, url_.port, url_.ip_literal, url_.authority()}),
      handler_(&handler),
      resolver_(owner.io()),
      deadline_(owner.io()) {}

void Link::start() {
  deadline_.expires_after(options_.handshake_timeout);
  deadline_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->on_deadline();
  });
  if (hop_.ip_literal) {
    asio::post(owner_.io(), [self = shared_from_this()] {
      self->connect({tcp::endpoint{asio::ip::make_address(self->hop_.host), self->hop_.port}});
    });
    return;
  }
  // A look-up that hangs keeps the resolver's thread, not ours; RES_OPTIONS bounds it (docs/operations.md).
  resolver_.async_resolve(
      hop_.host, std::to_string(hop_.port), tcp::resolver::numeric_service,
      [self = shared_from_this()](const error_code& error, const tcp::resolver::results_type& found) {
        const auto* const whose = self->options_.proxy ? "proxy " : "";
        if (error) return self->finish({Kind::kDns, 0, {}, whose + self->hop_.host + ": " + error.message()});
        self->connect({found.begin(), found.end()});
      });
}

void Link::connect(const std::vector<tcp::endpoint>& endpoints) {
  if (phase_ != Phase::kResolve) return;
  on_stage(ConnectStage::Kind::kResolved, hop_.name + ": " + addresses(endpoints));
  phase_ = Phase::kConnect;
  CloseInfo failure;
  const auto socket = make_connection(failure);
  if (!socket) return finish(failure);
  // Ours rather than the library's: it would report every failure as "pass through".
  asio::async_connect(*socket, endpoints,
                      [self = shared_from_this(), socket](const error_code& error, const tcp::endpoint& endpoint) {
                        if (!error) self->on_stage(ConnectStage::Kind::kConnected, text_of(endpoint));
                        self->on_connected(socket, error);
                      });
}

void Link::on_connected(const Socket& socket, const error_code& error) {
  if (phase_ != Phase::kConnect) return;
  if (error) return finish({Kind::kRefused, 0, {}, hop_.name + ": " + error.message()});
  if (!options_.proxy) return on_way_clear();
  phase_ = Phase::kProxy;
  open_tunnel(socket, *options_.proxy, url_, [self = shared_from_this()](const std::optional<CloseInfo>& failure) {
    if (self->phase_ != Phase::kProxy) return;
    if (failure) return self->finish(*failure);
    self->on_stage(ConnectStage::Kind::kTunnel, self->hop_.name + " leads to " + self->url_.authority());
    self->on_way_clear();
  });
}

void Link::on_way_clear() {
  phase_ = url_.secure ? Phase::kTls : Phase::kHttp;
  start_handshake();
}

void Link::on_stage(ConnectStage::Kind kind, const std::string& text) {
  if (phase_ == Phase::kDone) return;
  guarded([&](TransportHandler& handler) { handler.on_stage({kind, text}); });
}

void Link::on_deadline() {
  if (phase_ >= Phase::kOpen) return;
  const auto limit = milliseconds_text(options_.handshake_timeout);
  switch (phase_) {
    case Phase::kResolve: return finish({Kind::kDns, 0, {}, hop_.host + ": name not resolved within " + limit});
    case Phase::kConnect: return finish({Kind::kTimeout, 0, {}, hop_.name + ": no connection within " + limit});
    case Phase::kProxy: return finish({Kind::kTimeout, 0, {}, hop_.name + ": no answer within " + limit});
    case Phase::kTls: return finish({Kind::kTimeout, 0, {}, url_.authority() + ": TLS not done within " + limit});
    default: return finish({Kind::kTimeout, 0, {}, url_.authority() + ": no WebSocket answer within " + limit});
  }
}

void Link::opened() {
  phase_ = Phase::kOpen;
  deadline_.cancel();
  on_stage(ConnectStage::Kind::kUpgraded, "HTTP 101");
  guarded([](TransportHandler& handler) { handler.on_open(); });
}

void Link::finish(const CloseInfo& info) {
  if (phase_ == Phase::kDone) return;
  const auto self = shared_from_this();
  auto* const handler = std::exchange(handler_, nullptr);
  abort();
  if (handler == nullptr) return;
  owner_.forget(id_);
  handler->on_close(info);
}

void Link::abort() {
  handler_ = nullptr;
  if (std::exchange(phase_, Phase::kDone) == Phase::kDone) return;
  deadline_.cancel();
  resolver_.cancel();
  hang_up();
  release();
}

}  // namespace yagura::feeds
