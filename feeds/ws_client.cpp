#include "feeds/ws_client.hpp"

#include <openssl/ssl.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <map>
#include <unordered_map>
#include <websocketpp/client.hpp>

#include "core/net/ws_config.hpp"
#include "feeds/backoff.hpp"  // parse_retry_after
#include "feeds/tls_trust.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

// Our own timer covers everything up to the open connection. 150 ms: a server that said goodbye but
// leaves TCP open must not delay the next attempt beyond 300 ms.
struct ClientTraits : net::WsTraits {
  static constexpr long kTlsMs = 0;
  static constexpr long kOpenHandshakeMs = 0;
  static constexpr long kCloseHandshakeMs = 150;
};
using PlainEndpoint = websocketpp::client<net::PlainClientConfig<ClientTraits>>;
using TlsEndpoint = websocketpp::client<net::TlsClientConfig<ClientTraits>>;

// Pongs waiting for a peer that pings and does not read.
constexpr std::size_t kMaxUnreadReplies = std::size_t{64} << 10;

std::string milliseconds_text(Duration limit) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(limit).count()) + " ms";
}

class Client;

// One connection from its name to its end. Held by the client's table and by its own pending
// operations; `handler` is null once nobody is to be told.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(Client& client, WsConnectionId id, Url url, WsClient::ConnectOptions options, WsClientHandler& handler);
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void start();
  void detach() { handler_ = nullptr; }
  void abort();  // hangs up without a word; no call follows
  virtual bool send(std::string_view text) = 0;
  virtual void close() = 0;

 protected:
  using Kind = CloseInfo::Kind;
  enum class Phase : std::uint8_t { kResolve, kConnect, kTls, kHttp, kOpen, kDone };

  virtual tcp::socket::lowest_layer_type* make_connection(CloseInfo& failure) = 0;
  virtual void start_handshake() = 0;
  virtual void hang_up() = 0;
  virtual void release() = 0;  // lets go of the library's connection

  void connect(const std::vector<tcp::endpoint>& endpoints);
  void on_connected(const error_code& error);
  void on_deadline();
  void opened();
  void finish(CloseInfo info);
  // Runs a call of the handler's; what it throws ends this connection alone.
  template <class Call>
  void guarded(Call call);

  Client& client_;
  const WsConnectionId id_;
  const Url url_;
  const WsClient::ConnectOptions options_;
  WsClientHandler* handler_;
  Phase phase_ = Phase::kResolve;
  tcp::resolver resolver_;
  asio::steady_timer deadline_;
};

template <class Endpoint>
class LinkOver;

class Client final : public WsClient {
 public:
  Client(asio::io_context& io, const Clock& clock) : io_(io), clock_(clock) {
    plain_.init_asio(&io_);
    tls_.init_asio(&io_);
    tls_.set_tls_init_handler([this](const websocketpp::connection_hdl&) { return next_context_; });
    plain_.set_user_agent("yagura");
    tls_.set_user_agent("yagura");
  }
  ~Client() override {
    auto links = std::move(links_);
    for (auto& [id, link] : links) link->abort();
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Result<void> load_ca(const std::string& ca_file) override {
    auto context = make_tls_context(ca_file);
    if (!context) return context.error();
    contexts_[ca_file] = std::move(*context);
    return {};
  }
  WsConnectionId connect(const Url& url, const ConnectOptions& options, WsClientHandler& handler) override;
  bool send(WsConnectionId id, std::string_view text) override {
    const auto link = find(id);
    return link && link->send(text);
  }
  void close(WsConnectionId id) override {
    if (const auto link = take(id)) asio::post(io_, [link] { link->close(); });
  }
  void drop(WsConnectionId id) override {
    if (const auto link = take(id)) asio::post(io_, [link] { link->abort(); });
  }

  // For the links.
  asio::io_context& io() { return io_; }
  const Clock& clock() const { return clock_; }
  void forget(WsConnectionId id) { links_.erase(id); }
  template <class Endpoint>
  Endpoint& endpoint();
  // The context that the next TLS connection is made with; null and a reason when there is none.
  Result<void> use_context(const std::string& ca_file) {
    if (!contexts_.contains(ca_file)) {
      if (auto loaded = load_ca(ca_file); !loaded) return loaded;
    }
    next_context_ = contexts_[ca_file];
    return {};
  }

 private:
  std::shared_ptr<Link> find(WsConnectionId id) {
    const auto found = links_.find(id);
    return found == links_.end() ? nullptr : found->second;
  }
  std::shared_ptr<Link> take(WsConnectionId id) {
    auto link = find(id);
    if (link) link->detach();
    links_.erase(id);
    return link;
  }

  asio::io_context& io_;
  const Clock& clock_;
  PlainEndpoint plain_;
  TlsEndpoint tls_;
  std::map<std::string, TlsContext> contexts_;
  TlsContext next_context_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<WsConnectionId, std::shared_ptr<Link>> links_;
};

template <>
PlainEndpoint& Client::endpoint<PlainEndpoint>() { return plain_; }
template <>
TlsEndpoint& Client::endpoint<TlsEndpoint>() { return tls_; }

Link::Link(Client& client, WsConnectionId id, Url url, WsClient::ConnectOptions options, WsClientHandler& handler)
    : client_(client), id_(id), url_(std::move(url)), options_(std::move(options)), handler_(&handler),
      resolver_(client.io()), deadline_(client.io()) {}

void Link::start() {
  deadline_.expires_after(options_.handshake_timeout);
  deadline_.async_wait([self = shared_from_this()](const error_code& error) {
    if (!error) self->on_deadline();
  });
  if (url_.ip_literal) {
    asio::post(client_.io(), [self = shared_from_this()] {
      self->connect({tcp::endpoint{asio::ip::make_address(self->url_.host), self->url_.port}});
    });
    return;
  }
  // A look-up that hangs keeps the resolver's thread, not ours; RES_OPTIONS bounds it (docs/operations.md).
  resolver_.async_resolve(url_.host, std::to_string(url_.port), tcp::resolver::numeric_service,
                          [self = shared_from_this()](const error_code& error, const tcp::resolver::results_type& found) {
                            if (error) return self->finish({Kind::kDns, 0, {}, self->url_.host + ": " + error.message()});
                            self->connect({found.begin(), found.end()});
                          });
}

void Link::connect(const std::vector<tcp::endpoint>& endpoints) {
  if (phase_ != Phase::kResolve) return;
  phase_ = Phase::kConnect;
  CloseInfo failure;
  auto* const socket = make_connection(failure);
  if (socket == nullptr) return finish(std::move(failure));
  // Ours rather than the library's: it would report every failure as "pass through".
  asio::async_connect(*socket, endpoints, [self = shared_from_this()](const error_code& error, const tcp::endpoint&) {
    self->on_connected(error);
  });
}

void Link::on_connected(const error_code& error) {
  if (phase_ != Phase::kConnect) return;
  if (error) return finish({Kind::kRefused, 0, {}, url_.authority() + ": " + error.message()});
  phase_ = url_.secure ? Phase::kTls : Phase::kHttp;
  start_handshake();
}

void Link::on_deadline() {
  if (phase_ >= Phase::kOpen) return;
  const auto limit = milliseconds_text(options_.handshake_timeout);
  switch (phase_) {
    case Phase::kResolve: return finish({Kind::kDns, 0, {}, url_.host + ": name not resolved within " + limit});
    case Phase::kConnect: return finish({Kind::kTimeout, 0, {}, url_.authority() + ": no connection within " + limit});
    case Phase::kTls: return finish({Kind::kTimeout, 0, {}, url_.authority() + ": TLS not done within " + limit});
    default: return finish({Kind::kTimeout, 0, {}, url_.authority() + ": no WebSocket answer within " + limit});
  }
}

void Link::opened() {
  phase_ = Phase::kOpen;
  deadline_.cancel();
  guarded([](WsClientHandler& handler) { handler.on_open(); });
}

void Link::finish(CloseInfo info) {
  if (phase_ == Phase::kDone) return;
  const auto self = shared_from_this();
  auto* const handler = std::exchange(handler_, nullptr);
  abort();
  if (handler == nullptr) return;
  client_.forget(id_);
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

template <class Call>
void Link::guarded(Call call) {
  if (handler_ == nullptr) return;
  try {
    call(*handler_);
  } catch (const std::exception& fault) {
    // Posted: the library is in the middle of this connection.
    asio::post(client_.io(), [self = shared_from_this(), text = std::string{"internal error: "} + fault.what()] {
      self->finish({Kind::kReset, 0, {}, text});
    });
  }
}

// The part that is made twice, once for each kind of socket.
template <class Endpoint>
class LinkOver final : public Link {
 public:
  using Link::Link;
  using Connection = typename Endpoint::connection_type;
  using Code = websocketpp::lib::error_code;
  using Handle = websocketpp::connection_hdl;
  static constexpr bool kTlsSocket = std::is_same_v<Endpoint, TlsEndpoint>;

  bool send(std::string_view text) override {
    if (phase_ != Phase::kOpen || !connection_) return false;
    return !connection_->send(text.data(), text.size(), websocketpp::frame::opcode::text);
  }
  void close() override {
    if (phase_ != Phase::kOpen || !connection_) return abort();
    Code code;
    connection_->close(websocketpp::close::status::normal, "", code);
    if (code) return abort();
    release();  // its close timer keeps it until it is over
  }

 private:
  tcp::socket::lowest_layer_type* make_connection(CloseInfo& failure) override;
  void set_handlers();
  void start_handshake() override;
  void on_tcp_ready();
  // The library calls this whether TLS came about or not.
  void on_tls_ended() {
    if constexpr (kTlsSocket) {
      if (phase_ == Phase::kTls && SSL_is_init_finished(connection_->get_socket().native_handle())) phase_ = Phase::kHttp;
    }
  }
  void on_failed();
  void on_closed();
  CloseInfo http_failure() const;
  std::string tls_failure() const;

  void hang_up() override {
    if (!connection_) return;
    if (started_) connection_->terminate(websocketpp::error::make_error_code(websocketpp::error::operation_canceled));
    error_code ignored;  // closing as well: a TLS handshake with a mute server would pin the connection for ever
    connection_->get_raw_socket().close(ignored);
  }
  void release() override { connection_.reset(); }

  typename Connection::ptr connection_;
  bool started_ = false;
};

template <class Endpoint>
tcp::socket::lowest_layer_type* LinkOver<Endpoint>::make_connection(CloseInfo& failure) {
  if constexpr (kTlsSocket) {
    if (auto context = client_.use_context(options_.ca_file); !context) {
      failure = {Kind::kTls, 0, {}, context.error().message};
      return nullptr;
    }
  }
  const auto host = url_.host.find(':') == std::string::npos ? url_.host : "[" + url_.host + "]";
  const auto uri = std::make_shared<websocketpp::uri>(url_.secure, host, url_.port, url_.target);
  Code code;
  connection_ = client_.endpoint<Endpoint>().get_connection(uri, code);
  if (code || !connection_) {
    failure = {Kind::kReset, 0, {}, "internal error: " + code.message()};
    return nullptr;
  }
  connection_->Connection::transport_con_type::set_uri(uri);  // what the library's own connect would do
  for (const auto& [name, value] : options_.headers) connection_->replace_header(name, value);
  if constexpr (kTlsSocket) {
    if (!expect_host(connection_->get_socket().native_handle(), url_)) {
      failure = {Kind::kTls, 0, {}, url_.host + ": cannot be checked against a certificate"};
      return nullptr;
    }
  }
  set_handlers();
  return &connection_->get_raw_socket();
}

template <class Endpoint>
void LinkOver<Endpoint>::set_handlers() {
  const auto self = std::static_pointer_cast<LinkOver>(shared_from_this());
  connection_->set_tcp_pre_init_handler([self](const Handle&) { self->on_tcp_ready(); });
  connection_->set_tcp_post_init_handler([self](const Handle&) { self->on_tls_ended(); });
  connection_->set_open_handler([self](const Handle&) {
    if (self->phase_ != Phase::kDone) self->opened();
  });
  connection_->set_fail_handler([self](const Handle&) { self->on_failed(); });
  connection_->set_close_handler([self](const Handle&) { self->on_closed(); });
  connection_->set_message_handler([self](const Handle&, const typename Connection::message_ptr& message) {
    if (self->handler_ == nullptr) return;
    const MonoTime complete = self->client_.clock().mono();
    self->guarded([&](WsClientHandler& handler) {
      handler.on_frame({message->get_payload(), message->get_opcode() == websocketpp::frame::opcode::binary}, complete);
    });
  });
  connection_->set_ping_handler([self](const Handle&, const std::string&) {
    self->guarded([](WsClientHandler& handler) { handler.on_ping(); });
    return self->connection_ && self->connection_->get_buffered_amount() < kMaxUnreadReplies;
  });
}

template <class Endpoint>
void LinkOver<Endpoint>::start_handshake() {
  started_ = true;
  connection_->start();
}

template <class Endpoint>
void LinkOver<Endpoint>::on_tcp_ready() {
  if (!connection_) return;
  error_code error;
  connection_->get_raw_socket().set_option(tcp::no_delay{true}, error);
  if (error) {
    asio::post(client_.io(), [self = shared_from_this(), this, text = "TCP_NODELAY: " + error.message()] {
      finish({Kind::kReset, 0, {}, text});
    });
    return;
  }
  if constexpr (kTlsSocket) {
    // SSL_set_tlsext_host_name(ssl, nullptr), which is a macro with an old-style cast.
    if (url_.ip_literal) {
      SSL_ctrl(connection_->get_socket().native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, nullptr);
    }
  }
}

template <class Endpoint>
std::string LinkOver<Endpoint>::tls_failure() const {
  if constexpr (kTlsSocket) {
    const auto verdict = SSL_get_verify_result(connection_->get_socket().native_handle());
    if (verdict != X509_V_OK) return X509_verify_cert_error_string(verdict);
  }
  return "handshake failed: no TLS 1.2 or later there, or hung up";
}

template <class Endpoint>
CloseInfo LinkOver<Endpoint>::http_failure() const {
  CloseInfo info{Kind::kHttp, static_cast<std::uint16_t>(connection_->get_response_code()), {}, {}};
  info.retry_after = parse_retry_after(connection_->get_response_header("Retry-After"), client_.clock().now());
  info.text = url_.authority() + ": HTTP " + std::to_string(info.code) + " " + connection_->get_response_msg();
  return info;
}

template <class Endpoint>
void LinkOver<Endpoint>::on_failed() {
  if (!connection_ || phase_ == Phase::kDone) return;
  const auto code = connection_->get_ec();
  if (phase_ == Phase::kTls) return finish({Kind::kTls, 0, {}, url_.authority() + ": " + tls_failure()});
  switch (connection_->get_response_code()) {
    case websocketpp::http::status_code::uninitialized: break;
    case websocketpp::http::status_code::switching_protocols:
      return finish({Kind::kProtocol, 0, {}, url_.authority() + ": the upgrade is not valid: " + code.message()});
    default: return finish(http_failure());
  }
  const bool cut = code == websocketpp::transport::error::eof || code == websocketpp::transport::error::pass_through ||
                   code == websocketpp::transport::error::tls_error;
  finish({cut ? Kind::kReset : Kind::kProtocol, 0, {},
          url_.authority() + (cut ? ": hung up before the WebSocket opened" : ": the answer is not HTTP")});
}

template <class Endpoint>
void LinkOver<Endpoint>::on_closed() {
  if (!connection_ || phase_ == Phase::kDone) return;
  const auto remote = connection_->get_remote_close_code();
  if (remote != websocketpp::close::status::abnormal_close && remote != websocketpp::close::status::blank) {
    return finish({Kind::kClosed, remote, {}, "closed with " + std::to_string(remote) + " " + connection_->get_remote_close_reason()});
  }
  const auto code = connection_->get_ec();
  // Nobody closes politely while a handler listens but the library itself, over a broken protocol:
  // it hangs up after its close frame, or by its time limit where the peer might still answer.
  if (!code || code == websocketpp::error::close_handshake_timeout) {
    const auto local = connection_->get_local_close_code();
    return finish({Kind::kProtocol, local, {}, "the peer broke the WebSocket protocol (told it " + std::to_string(local) +
                                                   "), or sent a message over 1 MiB"});
  }
  const bool eof = code == websocketpp::transport::error::eof;
  finish({Kind::kReset, 0, {}, eof ? "connection ended without a close frame" : "connection reset"});
}

WsConnectionId Client::connect(const Url& url, const ConnectOptions& options, WsClientHandler& handler) {
  const WsConnectionId id{++last_id_};
  std::shared_ptr<Link> link;
  if (url.secure) {
    link = std::make_shared<LinkOver<TlsEndpoint>>(*this, id, url, options, handler);
  } else {
    link = std::make_shared<LinkOver<PlainEndpoint>>(*this, id, url, options, handler);
  }
  links_.emplace(id, link);
  link->start();
  return id;
}

}  // namespace

std::unique_ptr<WsClient> make_ws_client(asio::io_context& io, const Clock& clock) {
  return std::make_unique<Client>(io, clock);
}

}  // namespace yagura::feeds
