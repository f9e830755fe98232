// Connections to vendors, WebSockets or streams over HTTP: TLS that checks, one time limit for the whole
// way from name to handshake, and an end that says why. The library behind it stays in the .cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>  // pair
#include <vector>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "feeds/codec.hpp"
#include "feeds/proxy.hpp"
#include "feeds/url.hpp"

namespace boost::asio {
class io_context;
}

namespace yagura::feeds {

// A key or password that was refused is not tried every half minute: vendors lock accounts for less.
inline constexpr Duration kAfterRefusedUser = std::chrono::seconds{60};

// Why a connection ended, or never was.
struct CloseInfo {
  enum class Kind : std::uint8_t {
    kRefused,   // no TCP connection: refused, unreachable
    kTimeout,   // not open within the handshake time limit
    kDns,       // the name was not resolved
    kProxy,     // the proxy said no or is none; `code` is its status, `retry_after` when it wants a password
    kTls,       // certificate, host name or TLS version
    kHttp,      // answered with another status than 101 or 200; `code`, `retry_after`
    kReset,     // the open connection broke without a goodbye, or we dropped it
    kClosed,    // the server said goodbye; `code` is its close code, 0 of a stream
    kProtocol,  // the peer broke its protocol, or sent more than 1 MiB in a message or line
  };
  Kind kind = Kind::kReset;
  std::uint16_t code = 0;
  std::optional<Duration> retry_after;  // from an HTTP answer
  std::string text;                     // for people; may hold the server's words, uncleaned
};

// A step on the way to an open connection, for people who watch one being made.
struct ConnectStage {
  enum class Kind : std::uint8_t {
    kLogIn,     // a call of the log-in was answered
    kResolved,  // the name: its addresses
    kConnected,
    kTunnel,   // the proxy leads to the host
    kSecured,  // TLS: version and certificate
    kUpgraded,
  };
  Kind kind = Kind::kResolved;
  std::string text;  // holds no secret; may hold words of the other side, uncleaned
};

// Called on the I/O thread, never from inside connect(), send(), close() or drop().
class TransportHandler {
 public:
  virtual void on_stage(const ConnectStage&) {}
  virtual void on_open() = 0;
  // A whole message; `complete` was taken when its last byte had been read. The payload is valid
  // during the call.
  virtual void on_frame(Frame frame, MonoTime complete) = 0;
  // All frames of one read were handed over. Not called when the connection ends among them.
  virtual void on_frames_end() {}
  virtual void on_ping() = 0;  // already answered
  // The last call for a connection.
  virtual void on_close(const CloseInfo& info) = 0;

 protected:
  ~TransportHandler() = default;
};

// A generation: never given out twice, so that a late call cannot reach the wrong connection.
enum class ConnectionId : std::uint64_t { kNone = 0 };

// All the connections of one I/O context. The context's thread only; outlives nothing it runs on:
// destroy it after the sessions and before the context.
class Transport {
 public:
  struct ConnectOptions {
    std::string ca_file;  // PEM; empty: the system's authorities
    std::vector<std::pair<std::string, std::string>> headers;
    Duration handshake_timeout = std::chrono::seconds{5};  // name, TCP, proxy, TLS and HTTP together
    std::optional<Proxy> proxy = {};
  };

  virtual ~Transport() = default;

  // Reads an authority file ahead of the first connect(), which otherwise does it (16 ms) on the
  // I/O thread. Called again it reads the file anew; open connections keep what they had.
  [[nodiscard]] virtual Result<void> load_ca(const std::string& ca_file) = 0;

  // `handler` must live until its on_close(), or until close() or drop() of the id.
  virtual ConnectionId connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) = 0;

  // A text frame; false when the connection is not open or the text is not UTF-8.
  virtual bool send(ConnectionId id, std::string_view text) = 0;

  // Ends a connection; its handler is not called again. close() says goodbye and waits 150 ms for
  // the answer, in the background; drop() is for the dead.
  virtual void close(ConnectionId id) = 0;
  virtual void drop(ConnectionId id) = 0;

  // For a thread that spins, with a transport made for it. poll() reads what has come on open plain
  // sockets; true when something had. park() lets the io_context do so once, for a thread that goes
  // to sleep in it. While polls_all() is false there are others, which only the io_context reads.
  virtual bool poll() { return false; }
  virtual void park() {}
  [[nodiscard]] virtual bool polls_all() const { return false; }
};

// `polled`: somebody calls poll() again and again.
[[nodiscard]] std::unique_ptr<Transport> make_ws_transport(boost::asio::io_context& io, const Clock& clock,
                                                           bool polled = false);

}  // namespace yagura::feeds
