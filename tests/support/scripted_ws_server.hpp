// The vendor's side of a connection, under a test's control: raw sockets and RFC 6455 by hand, so
// that it can do what no library would. Same io_context and thread as the code under test.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::test {

// A frame as a server sends it: not masked. `first` is FIN, RSV and opcode.
[[nodiscard]] std::string server_frame(std::uint8_t first, std::string_view payload);
[[nodiscard]] std::string text_frame(std::string_view payload);

class ScriptedWsServer {
 public:
  // One client. Lives as long as the server, also after its end.
  class Peer : public std::enable_shared_from_this<Peer> {
   public:
    void send_raw(std::string_view bytes);
    void send_text(std::string_view payload) { send_raw(text_frame(payload)); }
    void ping() { send_raw(server_frame(0x89, "")); }
    void close(std::uint16_t code, std::string_view reason = {});  // a close frame; TCP stays
    void drop();                                                   // FIN
    void reset();                                                  // RST
    void mute() { muted_ = true; }                                 // reads and answers nothing more

    std::string request;             // of the handshake, head and all
    std::string server_name;         // of the TLS handshake (SNI); empty when none was sent
    std::vector<std::string> texts;  // received, in order
    std::vector<std::chrono::steady_clock::time_point> text_times;
    std::optional<std::uint16_t> close_code;  // received
    bool open = false;                        // handshake done
    bool ended = false;                       // the client's side is gone

   private:
    friend class ScriptedWsServer;
    using Stream = boost::asio::ssl::stream<boost::asio::ip::tcp::socket>;
    Peer(ScriptedWsServer& server, boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);
    void read();
    void on_bytes();
    bool take_request();
    bool take_frame();
    void on_message(std::uint8_t opcode, std::string payload);

    ScriptedWsServer& server_;
    Stream stream_;
    std::string buffer_;
    std::vector<char> chunk_;
    bool muted_ = false;
  };

  struct Options {
    std::string certificate;  // PEM file; empty: plain
    std::string key;
    int max_tls_version = 0;  // such as TLS1_1_VERSION; 0: whatever OpenSSL offers
    std::string address = "127.0.0.1";
  };

  explicit ScriptedWsServer(boost::asio::io_context& io) : ScriptedWsServer(io, Options{}) {}
  ScriptedWsServer(boost::asio::io_context& io, Options options);
  ~ScriptedWsServer();

  [[nodiscard]] static bool can_listen(boost::asio::io_context& io, const std::string& address);
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string url(std::string_view host = "127.0.0.1") const;
  void stop_listening();  // connections are refused from now on
  void listen_again();    // on the same port

  // What the next connections meet. By default the upgrade is granted.
  std::string http_answer;                // sent instead of the upgrade, then TCP is closed
  std::string greeting;                   // sent as soon as TCP is accepted
  bool hang_up = false;                   // TCP is accepted and closed
  bool mute_handshake = false;            // TCP is accepted, nothing more
  bool drip_handshake = false;            // only the first bytes of the answer
  std::function<void(Peer&)> on_request;  // instead of all of this: it answers, TCP stays
  std::function<void(Peer&)> on_open;
  std::function<void(Peer&, const std::string& text)> on_text;

  std::vector<std::shared_ptr<Peer>> peers;  // in order of arrival
  std::vector<std::chrono::steady_clock::time_point> accept_times;

 private:
  void accept();

  boost::asio::io_context& io_;
  Options options_;
  boost::asio::ssl::context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
};

// Runs `io` until `done` or for `limit`; whether it was done.
[[nodiscard]] bool run_until(boost::asio::io_context& io, const std::function<bool()>& done,
                             std::chrono::milliseconds limit = std::chrono::seconds{5});

}  // namespace yagura::test
