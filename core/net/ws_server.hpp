// A small HTTP and WebSocket server on one port: the console's, and that of the replay server. It
// knows bytes and connections, no policy of either. All of it, callbacks included, happens on the
// one thread that runs the io_context; nothing here may be called from another.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"

namespace boost::asio {
class io_context;
}

namespace yagura::net {

// One WebSocket connection; never handed out twice by a server.
enum class ClientId : std::uint64_t {};

struct HttpHeader {
  std::string_view name;
  std::string_view value;
};

// Views are valid during the callback only.
struct HttpRequest {
  std::string_view method;  // as sent: "GET"
  std::string_view path;    // up to the '?', not decoded
  std::string_view query;   // after it
  std::string_view body;
  std::string_view remote;              // peer's address, no port
  bool loopback = false;                // the peer's address is a loopback one
  std::span<const HttpHeader> headers;  // a repeated header arrives as one, joined by ", "

  // Case of the name is ignored; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct HttpResponse;

// Stands for a request that is answered later. Cheap to copy; may outlive the connection and the
// server. Only on the server's thread.
class HttpReply {
 public:
  // Once. False when nobody waits for it any more: gone, or told 503 after defer_timeout.
  bool send(const HttpResponse& response) const;

 private:
  friend class WsServer;
  std::weak_ptr<void> server_;
  std::uint64_t number_ = 0;
};

// Content-Length and Connection are added; the body of an answer to HEAD is left out.
struct HttpResponse {
  int status = 200;
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
  // Given: the answer comes later. It is called when on_http has returned, on the same thread, unless
  // too many wait already (503); nothing else of this response is then sent.
  std::function<void(const HttpReply& reply)> later = {};
};

// What a user of the server decides. An exception out of a callback is caught and counted, and
// closes that connection alone.
class WsHandler {
 public:
  virtual ~WsHandler() = default;

  virtual HttpResponse on_http(const HttpRequest& request) = 0;
  // An upgrade was asked for: nothing accepts it, a response refuses it.
  virtual std::optional<HttpResponse> on_validate(const HttpRequest&) { return std::nullopt; }
  // `request` is that of the upgrade.
  virtual void on_open(ClientId client, const HttpRequest& request) = 0;
  virtual void on_message(ClientId client, std::string_view payload, bool binary) = 0;
  // Last word about a client; never called from within another call of this server. 1006: no close
  // frame came, `reason` is then ours.
  virtual void on_close(ClientId client, std::uint16_t code, std::string_view reason) = 0;
  // All that had to wait for a slow peer has been handed to the kernel: buffered() is 0 again.
  virtual void on_drained(ClientId) {}
};

struct WsServerStats {
  std::uint64_t accepted = 0;        // TCP connections
  std::uint64_t refused = 0;         // over a cap
  std::uint64_t accept_errors = 0;   // out of descriptors and the like
  std::uint64_t requests = 0;        // plain HTTP
  std::uint64_t opened = 0;          // WebSockets
  std::uint64_t cut_slow = 0;        // over cut_at
  std::uint64_t cut_silent = 0;      // nothing heard for silent_after
  std::uint64_t cut_handshake = 0;   // no complete request within handshake_timeout
  std::uint64_t cut_policy = 0;      // closed by us with 1008
  std::string last_cut;              // why the last client was cut, for people; unfinished handshakes aside
  std::uint64_t skipped = 0;         // droppable frames left out for slow clients
  std::uint64_t answers_late = 0;    // 503 because an answer was not there within defer_timeout
  std::uint64_t answers_full = 0;    // 503 because max_deferred waited already
  std::uint64_t handler_errors = 0;  // exceptions out of callbacks
  std::string last_handler_error;
};

// Whether `address` is one that WsServer::listen() can read: an IP address or `localhost`, a colon, a
// port. The error is one line.
[[nodiscard]] Result<void> check_listen_address(std::string_view address);

class WsServer {
 public:
  struct Options {
    std::size_t max_connections = 12'000;             // HTTP ones included
    std::size_t max_per_remote_address = 64;          // not counted for loopback
    std::size_t max_message = std::size_t{64} << 10;  // closed with 1009 beyond
    std::size_t max_body = std::size_t{16} << 10;     // 413 beyond; headers: 16,000 bytes, 431
    // Bytes waiting for one client: beyond drop_at droppable frames pass it by, beyond cut_at
    // the client is terminated. 0: no limit.
    std::size_t drop_at = std::size_t{256} << 10;
    std::size_t cut_at = std::size_t{1} << 20;
    std::chrono::milliseconds handshake_timeout{2'000};  // accept to complete request
    std::chrono::milliseconds ping_after{20'000};        // of silence; 0: never
    std::chrono::milliseconds silent_after{40'000};      // then it is terminated; 0: never
    std::chrono::milliseconds stop_timeout{1'000};       // for polite closes in stop()
    std::size_t max_deferred = 256;                      // requests that are answered later
    std::chrono::milliseconds defer_timeout{5'000};      // then 503
  };

  // Both must outlive the server. Run the io_context again should run() ever throw.
  WsServer(boost::asio::io_context& io, WsHandler& handler, Options options);
  WsServer(boost::asio::io_context& io, WsHandler& handler) : WsServer(io, handler, Options{}) {}
  // Says 1001 to what is still open and hangs up at once; no callback comes any more.
  ~WsServer();
  WsServer(const WsServer&) = delete;
  WsServer& operator=(const WsServer&) = delete;

  // "127.0.0.1:8225", "[::1]:8225", "localhost:0"; port 0 takes a free one. Never a bare port:
  // listening on all interfaces must be spelled "0.0.0.0:8225".
  [[nodiscard]] Result<void> listen(std::string_view address);
  [[nodiscard]] std::uint16_t port() const;   // 0 when not listening
  [[nodiscard]] std::string address() const;  // "127.0.0.1:8225"

  // Each writes to the socket at once when nothing waits before it. False when the client is gone
  // or was cut. Text is not checked for UTF-8: clean what comes from outside.
  bool send(ClientId client, std::string_view payload, bool binary = false);
  // To all: to the few eldest at once, to the others in turns of the loop, a few each. Every client gets
  // everything in order, what is sent to it alone included; for a slow one only droppables are left out.
  void broadcast(std::string_view payload, bool binary = false);
  // Text. False: too many are under way and nobody gets it; say it again later.
  bool broadcast_droppable(std::string_view payload);
  // The same for what stands for all earlier ones of its sort: never refused, takes the place of one that
  // nobody has got yet.
  void broadcast_latest(std::string_view payload);
  // Text, to all but clients on hold. What of it is under way to a client when hold() comes passes it by;
  // everything else reaches it in order.
  void broadcast_unless_held(std::string_view payload);
  // Makes a frame of it and writes that to nobody: the way of the next message is fresh in the caches.
  void rehearse(std::string_view payload);
  void hold(ClientId client);
  void release(ClientId client);
  // Of what was said to all, something waits for a turn of the loop.
  [[nodiscard]] bool busy() const;

  // Bytes not yet taken by the kernel; 0 for unknown clients.
  [[nodiscard]] std::size_t buffered(ClientId client) const;
  [[nodiscard]] std::size_t buffered() const;  // of all clients together
  [[nodiscard]] std::size_t clients() const;
  [[nodiscard]] std::size_t connections() const;  // HTTP and unfinished ones included

  // Close handshake, ended after a second at most. Code 1005 sends a close frame without a status.
  void close(ClientId client, std::uint16_t code, std::string_view reason);
  // Hangs up without a close frame, dropping what waits to be sent.
  void terminate(ClientId client, std::string_view reason);
  void ping(ClientId client);

  // Accepts no more, closes all with 1001, hangs up on those that have not answered within
  // stop_timeout. `on_stopped` comes once, when nothing is left; on_close comes before it.
  void stop(std::function<void()> on_stopped = {});

  [[nodiscard]] const WsServerStats& stats() const;

 private:
  friend class HttpReply;
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace yagura::net
