// A small HTTP/1.1 server whose answers do not end: one chunk a line. Enough for a replay on a desk,
// no public server.
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "core/net/listen_address.hpp"
#include "feeds/replay_transport.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using net::ClientId;

constexpr std::size_t kMaxHead = std::size_t{16} << 10;
constexpr std::size_t kCutAt = std::size_t{1} << 20;
constexpr std::size_t kMaxConnections = 1'000;
constexpr auto kRequestLimit = std::chrono::seconds{2};
constexpr auto kStopLimit = std::chrono::seconds{1};
constexpr auto kBetweenTries = std::chrono::milliseconds{100};
constexpr std::uint16_t kHungUp = 1006;  // as a WebSocket that ended without a close frame
constexpr std::uint16_t kClosed = 1000;

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200: return "OK";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Error";
  }
}

// The head of a request in views of its text. False when it is none.
struct Head {
  std::string text;
  std::vector<net::HttpHeader> headers;
  net::HttpRequest request;

  bool parse() {
    std::string_view rest = text;
    const auto line = take_line(rest);
    const auto space = line.find(' ');
    const auto end = line.find(' ', space == std::string_view::npos ? space : space + 1);
    if (end == std::string_view::npos || !line.substr(end + 1).starts_with("HTTP/1.")) return false;
    request.method = line.substr(0, space);
    const auto target = line.substr(space + 1, end - space - 1);
    const auto query = target.find('?');
    request.path = target.substr(0, query);
    if (query != std::string_view::npos) request.query = target.substr(query + 1);
    for (auto header = take_line(rest); !header.empty(); header = take_line(rest)) {
      const auto colon = header.find(':');
      if (colon == std::string_view::npos) return false;
      const auto value = header.find_first_not_of(' ', colon + 1);
      headers.push_back(
          {header.substr(0, colon), value == std::string_view::npos ? std::string_view{} : header.substr(value)});
    }
    request.headers = headers;
    return true;
  }

 private:
  static std::string_view take_line(std::string_view& rest) {
    const auto end = rest.find("\r\n");
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 2);
    return line;
  }
};

class LineServer;

// One connection: a request, then its answer; a client once that answer is a stream.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(LineServer* server, tcp::socket socket)
      : server_(server), socket_(std::move(socket)), timer_(socket_.get_executor()) {}
  void start();
  void send_line(std::string_view payload);
  void end();  // after what waits
  void hang_up() {
    error_code ignored;
    socket_.close(ignored);
    timer_.cancel();
  }
  void detach() { server_ = nullptr; }
  [[nodiscard]] std::size_t waiting() const { return next_.size() + writing_.size(); }

  std::optional<ClientId> id;

 private:
  void on_head(std::size_t size);
  void answer(const net::HttpResponse& response);
  void write();
  void wait_for_end();
  void ended(std::uint16_t code);

  LineServer* server_;  // null once it is gone
  tcp::socket socket_;
  asio::steady_timer timer_;
  asio::streambuf received_{kMaxHead};
  std::string next_;     // to be written after
  std::string writing_;  // what the kernel is taking
  bool ending_ = false;
};

class LineServer final : public ReplayTransport {
 public:
  LineServer(asio::io_context& io, net::WsHandler& handler)
      : io_(io), handler_(handler), acceptor_(io), stop_timer_(io) {}
  ~LineServer() override {
    *alive_ = false;
    for (const auto& [key, connection] : connections_) {
      connection->detach();
      connection->hang_up();
    }
  }
  LineServer(const LineServer&) = delete;
  LineServer& operator=(const LineServer&) = delete;

  Result<void> listen(std::string_view address) override;
  [[nodiscard]] std::uint16_t port() const override {
    error_code ec;
    return acceptor_.local_endpoint(ec).port();
  }
  [[nodiscard]] std::string address() const override {
    error_code ec;
    const auto endpoint = acceptor_.local_endpoint(ec);
    return ec ? std::string{} : net::to_text(endpoint);
  }
  bool send(ClientId client, std::string_view payload, bool) override;
  [[nodiscard]] std::size_t buffered(ClientId client) const override {
    const auto found = clients_.find(client);
    return found == clients_.end() ? 0 : found->second->waiting();
  }
  void close(ClientId client, std::uint16_t, std::string_view) override {
    if (const auto found = clients_.find(client); found != clients_.end()) found->second->end();
  }
  void ping(ClientId) override {}
  [[nodiscard]] std::uint64_t cut_slow() const override { return cut_slow_; }
  void stop(std::function<void()> on_stopped) override;

  // For connections.
  net::WsHandler& handler() { return handler_; }
  void opened(const std::shared_ptr<Connection>& connection, const net::HttpRequest& request);
  void gone(Connection& connection, std::uint16_t code);

 private:
  void accept();
  void accept_later();
  void finish_if_empty();

  asio::io_context& io_;
  net::WsHandler& handler_;
  tcp::acceptor acceptor_;
  asio::steady_timer stop_timer_;
  std::unordered_map<Connection*, std::shared_ptr<Connection>> connections_;
  std::map<ClientId, std::shared_ptr<Connection>> clients_;
  std::uint64_t last_id_ = 0;
  std::uint64_t cut_slow_ = 0;
  bool stopping_ = false;
  std::function<void()> on_stopped_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

void Connection::start() {
  timer_.expires_after(kRequestLimit);
  timer_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->ended(kHungUp);
  });
  asio::async_read_until(socket_, received_, "\r\n\r\n",
                         [self = shared_from_this()](const error_code& error, std::size_t size) {
                           if (error) return self->ended(kHungUp);
                           self->on_head(size);
                         });
}

void Connection::on_head(std::size_t size) {
  timer_.cancel();
  if (server_ == nullptr) return;
  Head head;
  head.text.assign(asio::buffers_begin(received_.data()),
                   asio::buffers_begin(received_.data()) + static_cast<std::ptrdiff_t>(size));
  received_.consume(size);
  if (!head.parse()) return answer({400, "", {}});
  if (head.request.method != "GET") return answer(server_->handler().on_http(head.request));
  if (const auto refusal = server_->handler().on_validate(head.request)) return answer(*refusal);
  next_ =
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nTransfer-Encoding: chunked\r\n"
      "Connection: close\r\n\r\n";
  write();
  wait_for_end();
  server_->opened(shared_from_this(), head.request);
}

void Connection::answer(const net::HttpResponse& response) {
  next_.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason_phrase(response.status));
  for (const auto& [name, value] : response.headers) next_.append("\r\n").append(name).append(": ").append(value);
  next_.append("\r\nConnection: close\r\nContent-Length: ").append(std::to_string(response.body.size()));
  next_.append("\r\n\r\n").append(response.body);
  ending_ = true;
  write();
}

void Connection::send_line(std::string_view payload) {
  char size[16];
  const auto [end, error] = std::to_chars(std::begin(size), std::end(size), payload.size() + 1, 16);
  next_.append(size, end).append("\r\n").append(payload).append("\n\r\n");
  write();
}

void Connection::end() {
  if (std::exchange(ending_, true)) return;
  next_.append("0\r\n\r\n");
  write();
}

void Connection::write() {
  if (!writing_.empty() || next_.empty()) return;
  writing_.swap(next_);
  asio::async_write(socket_, asio::buffer(writing_), [self = shared_from_this()](const error_code& error, std::size_t) {
    self->writing_.clear();
    if (error) return self->ended(kHungUp);
    if (!self->next_.empty()) return self->write();
    if (self->ending_) return self->ended(kClosed);
    if (self->server_ != nullptr && self->id) self->server_->handler().on_drained(*self->id);
  });
}

// Nothing comes after the request: what a read brings is the end.
void Connection::wait_for_end() {
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](const error_code&) {
    if (!self->ending_) self->ended(kHungUp);
  });
}

void Connection::ended(std::uint16_t code) {
  const auto self = shared_from_this();
  hang_up();
  if (auto* const server = std::exchange(server_, nullptr)) server->gone(*this, code);
}

Result<void> LineServer::listen(std::string_view address) {
  const auto endpoint = net::parse_endpoint(address);
  if (!endpoint) return endpoint.error();
  error_code ec;
  acceptor_.open(endpoint->protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(*endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) return Error{"cannot listen on " + std::string{address} + ": " + ec.message()};
  accept();
  return {};
}

void LineServer::accept() {
  acceptor_.async_accept([this, alive = alive_](const error_code& error, tcp::socket socket) {
    if (!*alive || stopping_ || error == asio::error::operation_aborted) return;
    if (error) return accept_later();  // out of descriptors, say
    if (connections_.size() < kMaxConnections) {
      error_code ignored;
      socket.set_option(tcp::no_delay{true}, ignored);
      auto connection = std::make_shared<Connection>(this, std::move(socket));
      connections_.emplace(connection.get(), connection);
      connection->start();
    }
    accept();
  });
}

void LineServer::accept_later() {
  stop_timer_.expires_after(kBetweenTries);
  stop_timer_.async_wait([this, alive = alive_](const error_code& error) {
    if (!error && *alive && !stopping_) accept();
  });
}

void LineServer::opened(const std::shared_ptr<Connection>& connection, const net::HttpRequest& request) {
  connection->id = ClientId{++last_id_};
  clients_.emplace(*connection->id, connection);
  handler_.on_open(*connection->id, request);
}

void LineServer::gone(Connection& connection, std::uint16_t code) {
  const auto id = connection.id;
  connections_.erase(&connection);
  if (id && clients_.erase(*id) != 0) {
    asio::post(io_, [this, alive = alive_, id = *id, code] {
      if (*alive) handler_.on_close(id, code, "");
    });
  }
  finish_if_empty();
}

bool LineServer::send(ClientId client, std::string_view payload, bool) {
  const auto found = clients_.find(client);
  if (found == clients_.end()) return false;
  const auto connection = found->second;
  if (connection->waiting() + payload.size() > kCutAt) {
    ++cut_slow_;
    connection->hang_up();  // its reads and writes end with an error, and that ends it
    return false;
  }
  connection->send_line(payload);
  return true;
}

void LineServer::stop(std::function<void()> on_stopped) {
  stopping_ = true;
  on_stopped_ = std::move(on_stopped);
  error_code ignored;
  acceptor_.close(ignored);
  for (const auto& [id, connection] : clients_) connection->end();
  stop_timer_.expires_after(kStopLimit);
  stop_timer_.async_wait([this, alive = alive_](const error_code& error) {
    if (error || !*alive) return;
    for (const auto& [key, connection] : connections_) connection->hang_up();
  });
  asio::post(io_, [this, alive = alive_] {
    if (*alive) finish_if_empty();
  });
}

void LineServer::finish_if_empty() {
  if (!stopping_ || !connections_.empty()) return;
  stop_timer_.cancel();
  if (on_stopped_) asio::post(io_, [done = std::exchange(on_stopped_, {})] { done(); });
}

}  // namespace

std::unique_ptr<ReplayTransport> make_line_replay_transport(asio::io_context& io, net::WsHandler& handler) {
  return std::make_unique<LineServer>(io, handler);
}

}  // namespace yagura::feeds
