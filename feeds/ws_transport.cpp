#include "feeds/transport.hpp"

#include <openssl/ssl.h>

#include <map>
#include <unordered_map>
#include <utility>  // exchange
#include <vector>
#include <websocketpp/client.hpp>

#include "core/net/client_transport.hpp"
#include "feeds/backoff.hpp"  // parse_retry_after
#include "feeds/tls_trust.hpp"
#include "feeds/ws_link.hpp"

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
template <class Socket>
using Config = net::WsConfig<ClientTraits, websocketpp::config::core_client, Socket,
                             websocketpp::config::core_client::request_type, net::ClientEndpoint>;
using PlainEndpoint = websocketpp::client<Config<websocketpp::transport::asio::basic_socket::endpoint>>;
using TlsEndpoint = websocketpp::client<Config<websocketpp::transport::asio::tls_socket::endpoint>>;

// Pongs waiting for a peer that pings and does not read.
constexpr std::size_t kMaxUnreadReplies = std::size_t{64} << 10;

// What we say waiting for a peer that asks and does not read.
constexpr std::size_t kMaxUnreadSends = std::size_t{1} << 20;

// Link and connection hold each other until release(): a call that is posted and never run, because
// the context ends first, must not leave them so.
struct LastWord {
  explicit LastWord(std::shared_ptr<Link> for_link) : link(std::move(for_link)) {}
  LastWord(LastWord&&) = default;
  LastWord& operator=(LastWord&&) = default;
  ~LastWord() {
    if (link) link->release();
  }
  std::shared_ptr<Link> link;
};

class Client final : public Transport, public LinkOwner {
 public:
  Client(asio::io_context& io, const Clock& clock, bool polled) : LinkOwner(io, clock) {
    mode_->polled = polled;
    plain_.init_asio(&this->io());
    tls_.init_asio(&this->io());
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
  ConnectionId connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) override;
  bool send(ConnectionId id, std::string_view text) override {
    const auto link = find(id);
    return link && link->send(text);
  }
  void close(ConnectionId id) override {
    if (auto link = take(id)) asio::post(io(), [last = LastWord{std::move(link)}] { last.link->close(); });
  }
  void drop(ConnectionId id) override {
    if (auto link = take(id)) asio::post(io(), [last = LastWord{std::move(link)}] { last.link->abort(); });
  }

  bool poll() override;
  void park() override {
    for (std::size_t i = 0; i < polled_.size(); ++i) polled_[i]->park();
  }
  [[nodiscard]] bool polls_all() const override { return mode_->polled && mode_->in_asio == 0; }

  // For the links.
  template <class Endpoint>
  Endpoint& endpoint();
  [[nodiscard]] const std::shared_ptr<net::ReadMode>& mode() const { return mode_; }
  void poll_too(PlainEndpoint::connection_ptr connection) {
    if (mode_->polled) polled_.push_back(std::move(connection));
  }
  void poll_too(const TlsEndpoint::connection_ptr&) {}
  // The context that the next TLS connection is made with; null and a reason when there is none.
  Result<void> use_context(const std::string& ca_file) {
    if (!contexts_.contains(ca_file)) {
      if (auto loaded = load_ca(ca_file); !loaded) return loaded;
    }
    next_context_ = contexts_[ca_file];
    return {};
  }

 private:
  void forget(ConnectionId id) override { links_.erase(id); }
  std::shared_ptr<Link> find(ConnectionId id) {
    const auto found = links_.find(id);
    return found == links_.end() ? nullptr : found->second;
  }
  std::shared_ptr<Link> take(ConnectionId id) {
    auto link = find(id);
    if (link) link->detach();
    links_.erase(id);
    return link;
  }

  PlainEndpoint plain_;
  TlsEndpoint tls_;
  std::map<std::string, TlsContext> contexts_;
  TlsContext next_context_;
  std::uint64_t last_id_ = 0;
  std::unordered_map<ConnectionId, std::shared_ptr<Link>> links_;
  std::shared_ptr<net::ReadMode> mode_ = std::make_shared<net::ReadMode>();
  std::vector<PlainEndpoint::connection_ptr> polled_;  // once open, until the socket is closed
};

// What a read leads to may open connections and close sockets.
bool Client::poll() {
  bool any = false;
  for (std::size_t i = 0; i < polled_.size(); ++i) any = polled_[i]->poll() || any;
  std::erase_if(polled_, [](const auto& connection) { return connection->ended(); });
  return any;
}

template <>
PlainEndpoint& Client::endpoint<PlainEndpoint>() {
  return plain_;
}
template <>
TlsEndpoint& Client::endpoint<TlsEndpoint>() {
  return tls_;
}

// The part that is made twice, once for each kind of socket.
template <class Endpoint>
class LinkOver final : public Link {
 public:
  LinkOver(Client& client, ConnectionId id, Url url, Transport::ConnectOptions options, TransportHandler& handler)
      : Link(client, id, std::move(url), std::move(options), handler), client_(client) {}
  using Connection = typename Endpoint::connection_type;
  using Code = websocketpp::lib::error_code;
  using Handle = websocketpp::connection_hdl;
  static constexpr bool kTlsSocket = std::is_same_v<Endpoint, TlsEndpoint>;

  bool send(std::string_view text) override {
    if (phase_ != Phase::kOpen || !connection_) return false;
    if (connection_->get_buffered_amount() + text.size() > kMaxUnreadSends) return give_up_on_reader();
    return !connection_->send(text.data(), text.size(), websocketpp::frame::opcode::text);
  }
  void close() override {
    if (phase_ != Phase::kOpen || !connection_) return abort();
    Code code;
    connection_->close(websocketpp::close::status::normal, "", code);
    if (code) return abort();
    release();  // its close timer keeps it until it is over
  }
  void release() override {
    if constexpr (kTlsSocket) {
      // Its operations under way keep the connection for a while, and not us.
      if (connection_) TlsWitness::detach(connection_->get_socket().native_handle());
    }
    connection_.reset();
  }

 private:
  Socket make_connection(CloseInfo& failure) override;
  void set_handlers();
  void start_handshake() override;
  void on_tcp_ready();
  // The library calls this whether TLS came about or not.
  void on_tls_ended() {
    if constexpr (kTlsSocket) {
      if (phase_ != Phase::kTls || !connection_) return;  // given up before
      auto* const ssl = connection_->get_socket().native_handle();
      if (SSL_is_init_finished(ssl) == 0) return;
      on_stage(ConnectStage::Kind::kSecured, describe_session(ssl));
      phase_ = Phase::kHttp;
    }
  }
  bool give_up_on_reader();
  void on_failed();
  void on_closed();
  CloseInfo http_failure() const;

  void hang_up() override {
    if (!connection_) return;
    if (started_) connection_->terminate(websocketpp::error::make_error_code(websocketpp::error::operation_canceled));
    error_code ignored;  // closing as well: a TLS handshake with a mute server would pin the connection for ever
    connection_->get_raw_socket().close(ignored);
  }

  Client& client_;
  TlsWitness witness_;
  typename Connection::ptr connection_;
  bool started_ = false;
};

template <class Endpoint>
Link::Socket LinkOver<Endpoint>::make_connection(CloseInfo& failure) {
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
    auto& stream = connection_->get_socket();
    if (!expect_host(stream.native_handle(), url_)) {
      failure = {Kind::kTls, 0, {}, url_.host + ": cannot be checked against a certificate"};
      return nullptr;
    }
    witness_.attach(stream.native_handle());
    error_code ignored;
    stream.set_verify_callback(
        [self = weak_from_this(), this](bool good, asio::ssl::verify_context& context) {
          if (!good && !self.expired()) witness_.on_bad_certificate(context.native_handle(), url_);
          return good;
        },
        ignored);
  }
  set_handlers();
  return {connection_, &connection_->get_next_layer()};
}

template <class Endpoint>
void LinkOver<Endpoint>::set_handlers() {
  const auto self = std::static_pointer_cast<LinkOver>(shared_from_this());
  connection_->set_tcp_pre_init_handler([self](const Handle&) { self->on_tcp_ready(); });
  connection_->set_tcp_post_init_handler([self](const Handle&) { self->on_tls_ended(); });
  connection_->set_open_handler([self](const Handle&) {
    if (self->phase_ == Phase::kDone) return;
    self->client_.poll_too(self->connection_);
    self->opened();
  });
  connection_->read_by(client_.mode(), [self] { self->guarded([](TransportHandler& h) { h.on_frames_end(); }); });
  connection_->set_fail_handler([self](const Handle&) { self->on_failed(); });
  connection_->set_close_handler([self](const Handle&) { self->on_closed(); });
  connection_->set_message_handler([self](const Handle&, const typename Connection::message_ptr& message) {
    if (self->handler_ == nullptr) return;
    const MonoTime complete = self->owner_.clock().mono();
    self->guarded([&](TransportHandler& handler) {
      handler.on_frame({message->get_payload(), message->get_opcode() == websocketpp::frame::opcode::binary}, complete);
    });
  });
  connection_->set_ping_handler([self](const Handle&, const std::string&) {
    self->guarded([](TransportHandler& handler) { handler.on_ping(); });
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
    asio::post(owner_.io(), [self = shared_from_this(), this, text = "TCP_NODELAY: " + error.message()] {
      finish({Kind::kReset, 0, {}, text});
    });
    return;
  }
  if constexpr (kTlsSocket) {
    // SSL_set_tlsext_host_name(ssl, nullptr), which is a macro with an old-style cast.
    if (url_.ip_literal) {
      SSL_ctrl(connection_->get_socket().native_handle(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               nullptr);
    }
  }
}

// Posted: the handler may be in the middle of a call.
template <class Endpoint>
bool LinkOver<Endpoint>::give_up_on_reader() {
  asio::post(owner_.io(), [self = shared_from_this(), this] {
    finish({Kind::kReset, 0, {}, "the peer does not read: 1 MiB waits to be sent"});
  });
  return false;
}

template <class Endpoint>
CloseInfo LinkOver<Endpoint>::http_failure() const {
  CloseInfo info{Kind::kHttp, static_cast<std::uint16_t>(connection_->get_response_code()), {}, {}};
  info.retry_after = parse_retry_after(connection_->get_response_header("Retry-After"), owner_.clock().now());
  info.text = url_.authority() + ": HTTP " + std::to_string(info.code) + " " + connection_->get_response_msg();
  return info;
}

template <class Endpoint>
void LinkOver<Endpoint>::on_failed() {
  if (!connection_ || phase_ == Phase::kDone) return;
  const auto code = connection_->get_ec();
  if (phase_ == Phase::kTls) return finish({Kind::kTls, 0, {}, url_.authority() + ": " + witness_.problem()});
  switch (connection_->get_response_code()) {
    case websocketpp::http::status_code::uninitialized: break;
    case websocketpp::http::status_code::switching_protocols:
      return finish({Kind::kProtocol, 0, {}, url_.authority() + ": the upgrade is not valid: " + code.message()});
    default: return finish(http_failure());
  }
  const bool cut = code == websocketpp::transport::error::eof || code == websocketpp::transport::error::pass_through ||
                   code == websocketpp::transport::error::tls_error;
  finish({cut ? Kind::kReset : Kind::kProtocol,
          0,
          {},
          url_.authority() + (cut ? ": hung up before the WebSocket opened" : ": the answer is not HTTP")});
}

template <class Endpoint>
void LinkOver<Endpoint>::on_closed() {
  if (!connection_ || phase_ == Phase::kDone) return;
  const auto remote = connection_->get_remote_close_code();
  if (remote != websocketpp::close::status::abnormal_close && remote != websocketpp::close::status::blank) {
    return finish({Kind::kClosed,
                   remote,
                   {},
                   "closed with " + std::to_string(remote) + " " + connection_->get_remote_close_reason()});
  }
  const auto code = connection_->get_ec();
  // Nobody closes politely while a handler listens but the library itself, over a broken protocol:
  // it hangs up after its close frame, or by its time limit where the peer might still answer.
  if (!code || code == websocketpp::error::close_handshake_timeout) {
    const auto local = connection_->get_local_close_code();
    return finish({Kind::kProtocol,
                   local,
                   {},
                   "the peer broke the WebSocket protocol (told it " + std::to_string(local) +
                       "), or sent a message over 1 MiB"});
  }
  const bool eof = code == websocketpp::transport::error::eof;
  finish({Kind::kReset, 0, {}, eof ? "connection ended without a close frame" : "connection reset"});
}

ConnectionId Client::connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) {
  const ConnectionId id{++last_id_};
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

std::unique_ptr<Transport> make_ws_transport(asio::io_context& io, const Clock& clock, bool polled) {
  return std::make_unique<Client>(io, clock, polled);
}

}  // namespace yagura::feeds
