#include "tests/support/scripted_http_server.hpp"

#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <condition_variable>
#include <list>
#include <mutex>
#include <set>
#include <thread>

namespace yagura::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

bool same_name(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::ranges::equal(a, b, [&](char x, char y) { return lower(x) == lower(y); });
}

void parse_head(std::string_view head, HeardRequest& request) {
  const auto line = head.substr(0, head.find("\r\n"));
  const auto space = line.find(' ');
  request.method = line.substr(0, space);
  request.target = line.substr(space + 1, line.rfind(' ') - space - 1);
  for (auto at = head.find("\r\n"); at + 2 < head.size();) {
    const auto end = head.find("\r\n", at + 2);
    const auto header = head.substr(at + 2, end - at - 2);
    if (header.empty()) return;
    const auto colon = header.find(':');
    const auto value = header.find_first_not_of(' ', colon + 1);
    request.headers.emplace_back(header.substr(0, colon), value == std::string_view::npos ? "" : header.substr(value));
    at = end;
  }
}

}  // namespace

std::string HeardRequest::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& one) { return same_name(one.first, name); });
  return found == headers.end() ? std::string{} : found->second;
}

ScriptedAnswer answer(int status, std::string_view body, std::string_view headers) {
  std::string bytes = "HTTP/1.1 " + std::to_string(status) + " As Told\r\n";
  bytes.append(headers).append("Content-Length: ").append(std::to_string(body.size()));
  bytes.append("\r\n\r\n").append(body);
  return {.bytes = std::move(bytes)};
}

struct ScriptedHttpServer::State {
  mutable std::mutex mutex;
  mutable std::condition_variable changed;
  bool stopping = false;
  Script script = [](const HeardRequest&) { return answer(200); };
  std::vector<HeardRequest> heard;
  int connections = 0;
  std::set<int> sockets;

  asio::io_context io;
  tcp::acceptor acceptor{io, {asio::ip::address_v4::loopback(), 0}};
  std::optional<asio::ssl::context> tls;
  std::list<std::thread> threads;
  std::thread accepting;

  void accept() {
    for (;;) {
      tcp::socket socket{io};
      error_code error;
      acceptor.accept(socket, error);
      const std::lock_guard lock{mutex};
      if (error || stopping) return;
      sockets.insert(socket.native_handle());
      threads.emplace_back([this, number = ++connections, peer = std::move(socket)]() mutable {
        const int handle = peer.native_handle();
        serve(std::move(peer), number, handle);
      });
    }
  }

  void serve(tcp::socket socket, int number, int handle) {
    error_code error;
    if (tls) {
      asio::ssl::stream<tcp::socket> stream{std::move(socket), *tls};
      stream.handshake(asio::ssl::stream_base::server, error);
      if (!error) talk(stream, stream.next_layer(), number);
      forget(handle);
      return;
    }
    talk(socket, socket, number);
    forget(handle);
  }
  // Before the socket closes and its number is given to another.
  void forget(int handle) {
    const std::lock_guard lock{mutex};
    sockets.erase(handle);
  }

  template <class Stream>
  void talk(Stream& stream, tcp::socket& socket, int number) {
    std::string unread;
    for (;;) {
      HeardRequest request;
      request.connection = number;
      if (!read(stream, unread, request)) return;
      ScriptedAnswer told;
      {
        const std::lock_guard lock{mutex};
        heard.push_back(request);
        told = script(request);
        changed.notify_all();
      }
      if (!write(stream, told)) return;
      if (told.then == ScriptedAnswer::Then::kListen) continue;
      error_code ignored;
      if (told.then == ScriptedAnswer::Then::kReset) {
        socket.set_option(asio::socket_base::linger(true, 0), ignored);
        const std::lock_guard lock{mutex};
        sockets.erase(socket.native_handle());
        socket.close(ignored);
      }
      if (told.then == ScriptedAnswer::Then::kHang) wait(std::chrono::hours{1});
      return;
    }
  }

  template <class Stream>
  bool read(Stream& stream, std::string& unread, HeardRequest& request) {
    error_code error;
    const auto head = asio::read_until(stream, asio::dynamic_buffer(unread), "\r\n\r\n", error);
    if (error) return false;
    parse_head(std::string_view{unread}.substr(0, head), request);
    unread.erase(0, head);
    const auto length = request.header("Content-Length");
    const std::size_t size = length.empty() ? 0 : std::stoul(length);
    if (unread.size() < size)
      asio::read(stream, asio::dynamic_buffer(unread), asio::transfer_exactly(size - unread.size()), error);
    request.body = unread.substr(0, size);
    unread.erase(0, size);
    return !error;
  }

  template <class Stream>
  bool write(Stream& stream, const ScriptedAnswer& told) {
    error_code error;
    const auto slice = told.slice == 0 ? std::max<std::size_t>(told.bytes.size(), 1) : told.slice;
    for (std::size_t at = 0; at < told.bytes.size() && !error; at += slice) {
      if (at != 0 && wait(told.every)) return false;
      asio::write(stream, asio::buffer(told.bytes.data() + at, std::min(slice, told.bytes.size() - at)), error);
    }
    const std::string block(std::size_t{1} << 16, 'x');
    for (std::uint64_t sent = 0; sent < told.flood && !error; sent += block.size())
      asio::write(stream, asio::buffer(block), error);
    return !error;
  }

  // True when the server is to end.
  bool wait(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex};
    return changed.wait_for(lock, limit, [&] { return stopping; });
  }
};

ScriptedHttpServer::ScriptedHttpServer(std::optional<Tls> tls) : state_(std::make_shared<State>()) {
  if (tls) {
    auto& context = state_->tls.emplace(asio::ssl::context::tls_server);
    context.use_certificate_chain_file(tls->certificate);
    context.use_private_key_file(tls->key, asio::ssl::context::pem);
    if (tls->only_1_1) {
      SSL_CTX_set_security_level(context.native_handle(), 0);
      SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_1_VERSION);
      SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_1_VERSION);
    }
  }
  state_->accepting = std::thread{[state = state_.get()] { state->accept(); }};
}

ScriptedHttpServer::~ScriptedHttpServer() {
  {
    const std::lock_guard lock{state_->mutex};
    state_->stopping = true;
    ::shutdown(state_->acceptor.native_handle(), SHUT_RDWR);
    for (const int socket : state_->sockets) ::shutdown(socket, SHUT_RDWR);
    state_->changed.notify_all();
  }
  state_->accepting.join();
  for (auto& thread : state_->threads) thread.join();
}

void ScriptedHttpServer::on_request(Script script) {
  const std::lock_guard lock{state_->mutex};
  state_->script = std::move(script);
}

void ScriptedHttpServer::always(ScriptedAnswer given) {
  on_request([given = std::move(given)](const HeardRequest&) { return given; });
}

std::uint16_t ScriptedHttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

std::string ScriptedHttpServer::url(std::string_view host) const {
  return (state_->tls ? "https://" : "http://") + std::string{host} + ":" + std::to_string(port());
}

std::vector<HeardRequest> ScriptedHttpServer::heard() const {
  const std::lock_guard lock{state_->mutex};
  return state_->heard;
}

HeardRequest ScriptedHttpServer::last() const {
  if (wait_for(1)) return heard().back();
  ADD_FAILURE() << "no request came";
  return {};
}

bool ScriptedHttpServer::wait_for(std::size_t requests, std::chrono::milliseconds limit) const {
  std::unique_lock lock{state_->mutex};
  return state_->changed.wait_for(lock, limit, [&] { return state_->heard.size() >= requests; });
}

int ScriptedHttpServer::connections() const {
  const std::lock_guard lock{state_->mutex};
  return state_->connections;
}

}  // namespace yagura::test
