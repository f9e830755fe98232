// What a replay server sends through: WebSocket messages, or the lines of HTTP answers that do not end.
// Callbacks are those of net::WsHandler either way; the I/O context's thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/net/ws_server.hpp"

namespace yagura::feeds {

class ReplayTransport {
 public:
  virtual ~ReplayTransport() = default;  // hangs up; no callback comes any more
  [[nodiscard]] virtual Result<void> listen(std::string_view address) = 0;
  [[nodiscard]] virtual std::uint16_t port() const = 0;
  [[nodiscard]] virtual std::string address() const = 0;

  // False when the client is gone or was cut: a client that does not read is, at 1 MiB waiting.
  virtual bool send(net::ClientId client, std::string_view payload, bool binary) = 0;
  [[nodiscard]] virtual std::size_t buffered(net::ClientId client) const = 0;  // not yet taken by the kernel
  // After what waits to be sent. Code and reason reach a WebSocket's client alone.
  virtual void close(net::ClientId client, std::uint16_t code, std::string_view reason) = 0;
  virtual void ping(net::ClientId client) = 0;  // where there is such a thing
  [[nodiscard]] virtual std::uint64_t cut_slow() const = 0;
  // `on_stopped` when all clients are gone, a second later at most.
  virtual void stop(std::function<void()> on_stopped) = 0;
};

// `handler` outlives them.
[[nodiscard]] std::unique_ptr<ReplayTransport> make_ws_replay_transport(boost::asio::io_context& io,
                                                                        net::WsHandler& handler);
// Each GET that on_validate() accepts becomes a client; binary payloads cannot be told from text.
[[nodiscard]] std::unique_ptr<ReplayTransport> make_line_replay_transport(boost::asio::io_context& io,
                                                                          net::WsHandler& handler);

}  // namespace yagura::feeds
