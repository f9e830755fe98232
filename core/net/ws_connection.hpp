// The server's side of websocketpp: its connection type and what we add to it. Private to
// ws_server.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <websocketpp/server.hpp>

#include "core/net/direct_transport.hpp"
#include "core/net/ws_server.hpp"

namespace yagura::net::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using SteadyClock = std::chrono::steady_clock;

// What we add to each of websocketpp's connections. Lives and dies with it, which makes it the one
// honest count of connections: an HTTP one ends without a close or a fail callback.
struct ServerConnection {
  std::shared_ptr<void> server;  // the endpoint outlives its connections
  std::function<void()> on_destroyed;
  std::optional<asio::steady_timer> request_timer;
  asio::ip::address remote;
  ClientId id{};  // set once open
  SteadyClock::time_point last_rx{};
  bool pinged = false;  // since last_rx
  bool doomed = false;  // will be terminated as soon as control is back in the loop
  std::string reason;   // why we hang up

  ServerConnection() = default;
  ServerConnection(const ServerConnection&) = delete;
  ServerConnection& operator=(const ServerConnection&) = delete;
  ~ServerConnection() {
    if (on_destroyed) on_destroyed();
  }
};

// A console has thousands of clients that say little: small buffers.
struct ServerTraits : WsTraits {
  static constexpr std::size_t kReadBuffer = std::size_t{4} << 10;
  static constexpr std::size_t kKeepPayload = std::size_t{4} << 10;
  static constexpr long kTlsMs = 0;
  // Our own timer bounds the request; this one also covers writing a long answer to a slow reader.
  static constexpr long kOpenHandshakeMs = 30'000;
  using Connection = ServerConnection;
};

// websocketpp speaks drafts 0, 7 and 8 of the protocol as well. Let every upgrade pass as version
// 13, and have the validate handler refuse those that were not.
class ServerRequest : public websocketpp::http::parser::request {
 public:
  std::size_t consume(const char* data, std::size_t size) {
    const auto used = websocketpp::http::parser::request::consume(data, size);
    if (ready() && !get_header("Upgrade").empty() && get_header("Sec-WebSocket-Version") != "13") {
      other_version_ = true;
      replace_header("Sec-WebSocket-Version", "13");
    }
    return used;
  }
  [[nodiscard]] bool other_version() const { return other_version_; }

 private:
  bool other_version_ = false;
};

using Config = WsConfig<ServerTraits, websocketpp::config::core, websocketpp::transport::asio::basic_socket::endpoint,
                        ServerRequest, DirectEndpoint>;
using Endpoint = websocketpp::server<Config>;
using Connection = Endpoint::connection_type;
using ConnectionPtr = Endpoint::connection_ptr;
using Message = Config::message_type;
using MessagePtr = Endpoint::message_ptr;

// A request with the storage its views point into.
struct RequestView {
  explicit RequestView(const Connection& connection) {
    const auto& parsed = connection.get_request();
    for (const auto& [name, value] : parsed.get_headers()) headers.push_back({name, value});
    remote = connection.remote.to_string();
    const std::string_view target = parsed.get_uri();
    const auto question = target.find('?');
    request.method = parsed.get_method();
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    request.body = parsed.get_body();
    request.remote = remote;
    request.loopback = connection.remote.is_loopback();
    request.headers = headers;
  }
  RequestView(const RequestView&) = delete;
  RequestView& operator=(const RequestView&) = delete;

  std::vector<HttpHeader> headers;
  std::string remote;
  HttpRequest request;
};

inline void respond(Connection& connection, const HttpResponse& response) {
  connection.set_status(static_cast<websocketpp::http::status_code::value>(response.status));
  for (const auto& [name, value] : response.headers) connection.replace_header(name, value);
  if (connection.get_request().get_method() != "HEAD") connection.set_body(response.body);
  if (response.status != 304) connection.replace_header("Content-Length", std::to_string(response.body.size()));
  connection.replace_header("Connection", "close");
}

// Makes `message` a complete frame: the library's send() then copies and checks nothing.
inline void frame(Message& message, std::string_view payload, bool binary) {
  namespace ws = websocketpp::frame;
  const auto opcode = binary ? ws::opcode::binary : ws::opcode::text;
  message.set_opcode(opcode);
  message.get_raw_payload().assign(payload);
  message.set_header(
      ws::prepare_header(ws::basic_header(opcode, payload.size(), true, false), ws::extended_header(payload.size())));
  message.set_prepared(true);
}

}  // namespace yagura::net::server
