// What a good C++ programmer writes in a day: Boost.Beast for both sockets, nlohmann/json for both
// messages, a thread for input and output, one for decisions, a queue with a condition variable
// between them, and the alert posted back to the thread that owns the sockets.
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>
#include <cstdio>
#include <deque>
#include <exception>
#include <string>
#include <utility>

#include "baselines/frame.hpp"
#include "baselines/nlohmann_detector.hpp"
#include "baselines/options.hpp"
#include "baselines/stdin_end.hpp"

namespace yagura::baselines {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using WebSocket = beast::websocket::stream<tcp::socket>;

class BeastMonitor {
 public:
  explicit BeastMonitor(const Options& options) : options_(options) {}

  void run() {
    take_client();
    subscribe();
    watch_stdin();
    io_.run();
  }

 private:
  void take_client() {
    tcp::acceptor acceptor{io_, {asio::ip::address_v4::loopback(), 0}};
    print_listening(acceptor.local_endpoint().port());
    acceptor.accept(client_.next_layer());
    client_.next_layer().set_option(tcp::no_delay{true});
    client_.accept();
    client_.text(true);
    client_.auto_fragment(false);
    read_client();
  }

  void subscribe() {
    const tcp::endpoint where{asio::ip::make_address(options_.feed_host), options_.feed_port};
    feed_.next_layer().connect(where);
    feed_.next_layer().set_option(tcp::no_delay{true});
    feed_.handshake(options_.feed_host + ":" + std::to_string(options_.feed_port), "/");
    feed_.text(true);
    feed_.write(asio::buffer(kSubscription));
    read_feed();
  }

  void read_feed() {
    feed_.async_read(from_feed_, [this](error_code failed, std::size_t size) {
      if (failed) return io_.stop();
      on_message({static_cast<const char*>(from_feed_.data().data()), size});
      from_feed_.consume(size);
      read_feed();
    });
  }

  void on_message(std::string_view message) {
    try {
      if (auto tick = parse_tick(message)) detector_.push(std::move(*tick));
    } catch (const std::exception& error) {
      std::fprintf(stderr, "not a tick: %s\n", error.what());
    }
  }

  // From the detector's thread to ours, which owns the socket.
  void publish(std::string alert) {
    asio::post(io_, [this, alert = std::move(alert)]() mutable {
      alerts_.push_back(std::move(alert));
      if (alerts_.size() == 1) write_next();
    });
  }

  void write_next() {
    client_.async_write(asio::buffer(alerts_.front()), [this](error_code failed, std::size_t) {
      if (failed) return io_.stop();
      alerts_.pop_front();
      if (!alerts_.empty()) write_next();
    });
  }

  // Nothing is expected of the client, but pings and its end are only seen while reading.
  void read_client() {
    client_.async_read(from_client_, [this](error_code failed, std::size_t size) {
      if (failed) return io_.stop();
      from_client_.consume(size);
      read_client();
    });
  }

  void watch_stdin() {
    if (!stdin_.is_open()) {
      if (!stdin_has_an_end()) return;
      stdin_.assign(::dup(STDIN_FILENO));
    }
    stdin_.async_read_some(asio::buffer(ignored_), [this](error_code failed, std::size_t) {
      if (failed) return io_.stop();
      watch_stdin();
    });
  }

  Options options_;
  asio::io_context io_{1};
  WebSocket client_{io_};
  WebSocket feed_{io_};
  asio::posix::stream_descriptor stdin_{io_};
  std::array<char, 256> ignored_{};
  beast::flat_buffer from_client_;
  beast::flat_buffer from_feed_;
  std::deque<std::string> alerts_;  // the first is being written
  NlohmannDetector detector_{options_.alert_bytes, [this](std::string alert) { publish(std::move(alert)); }};
};

}  // namespace

void run_beast_nlohmann(const Options& options) { BeastMonitor{options}.run(); }

}  // namespace yagura::baselines
