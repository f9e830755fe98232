#include "core/net/nats_client.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>
#include <thread>
#include <utility>

#include "core/net/nats_link.hpp"

namespace yagura::net {
namespace {

// A server that stands still is noticed after two pings, and the next one is tried.
constexpr int kPingMs = 2'000;
constexpr int kPingsOut = 2;
constexpr int kWriteDeadlineMs = 2'000;
constexpr int kReconnectMs = 250;
constexpr int kJitterMs = 500;
constexpr int kFirstWaitMs = 250;
constexpr int kLongestWaitMs = 4'000;
constexpr int kMostPending = 65'536;
constexpr int kMostPendingBytes = 64 << 20;

using Options = NatsOwned<natsOptions, natsOptions_Destroy>;

// The first call that fails ends the chain.
class Chain {
 public:
  Chain& then(std::string_view what, natsStatus status) {
    if (status_ == NATS_OK && status != NATS_OK) {
      status_ = status;
      what_ = what;
      detail_ = nats_detail();
    }
    return *this;
  }
  [[nodiscard]] bool ok() const { return status_ == NATS_OK; }
  [[nodiscard]] Error error() const { return nats_error(what_, status_, detail_); }

 private:
  natsStatus status_ = NATS_OK;
  std::string what_, detail_;
};

struct Subscription {
  NatsClient::Handler handler;
  NatsOwned<natsSubscription, natsSubscription_Destroy> subscription;
};

// libnats hands a message over for good.
void on_message(natsConnection*, natsSubscription*, natsMsg* message, void* closure) {
  NatsMessage owned{message};
  try {
    static_cast<Subscription*>(closure)->handler(std::move(owned));
  } catch (...) {  // must not reach the library; the message is lost, as one on the way would be
  }
}

class Client final : public NatsClient {
 public:
  explicit Client(NatsOptions options) : options_(std::move(options)) {}
  ~Client() override {
    {
      const std::lock_guard lock{mutex_};
      leaving_ = true;
    }
    changed_.notify_all();
    if (keeper_.joinable()) keeper_.join();
    std::shared_ptr<NatsLink> last;
    {
      const std::lock_guard lock{mutex_};
      last = std::move(link_);
    }
    if (!last) return;
    natsConnection_Close(last->connection.get());
    // Callbacks of a closed connection may still be on their way: they end before what they use.
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, std::chrono::seconds{2}, [this] { return closed_ == opened_; });
  }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  Result<void, NatsError> start() {
    if (const auto good = check(); !good) return NatsError{good.error(), NatsError::Kind::kWrong};
    if (options_.keep_trying) {
      keeper_ = std::thread{[this] { keep(); }};
      return {};
    }
    auto made = make();
    if (!made) return made.error();
    adopt(std::move(*made));
    return {};
  }

  bool connected() override {
    const auto current = link();
    return current && natsConnection_Status(current->connection.get()) == NATS_CONN_STATUS_CONNECTED;
  }

  std::string trouble() override {
    const auto current = link();
    if (!current) {
      const std::lock_guard lock{mutex_};
      return refused_.empty() ? "connecting to " + options_.servers.front() : refused_;
    }
    if (natsConnection_Status(current->connection.get()) == NATS_CONN_STATUS_CONNECTED) return {};
    const char* text = nullptr;
    const auto status = natsConnection_GetLastError(current->connection.get(), &text);
    std::string why = "no connection to " + options_.servers.front();
    if (options_.servers.size() > 1) why += " and " + std::to_string(options_.servers.size() - 1) + " more";
    if (status != NATS_OK) why.append(": ").append(natsStatus_GetText(status));
    return why;
  }

  Result<void> publish(const std::string& subject, std::string_view payload) override {
    auto ready = usable();
    if (!ready) return ready.error();
    const auto status = natsConnection_Publish((*ready)->connection.get(), subject.c_str(), payload.data(),
                                               static_cast<int>(payload.size()));
    if (status != NATS_OK) return nats_error("publishing", status, nats_detail());
    return {};
  }

  Result<NatsAck> publish_stored(const std::string& subject, const std::string& id, std::string_view payload,
                                 Duration limit, const std::stop_token& stop) override {
    auto ready = usable();
    if (!ready) return ready.error();
    return nats_publish_stored(**ready, subject, id, payload, limit, stop);
  }

  Result<void> ensure_stream(const NatsStream& stream, Duration limit) override {
    auto ready = usable();
    if (!ready) return ready.error();
    return nats_ensure_stream(**ready, stream, limit);
  }

  Result<std::unique_ptr<NatsConsumer>> consume(const NatsDurable& durable, Duration limit) override {
    auto ready = usable();
    if (!ready) return ready.error();
    return nats_consume(*ready, durable, limit);
  }

  Result<void> subscribe(const std::string& subject, Handler handler) override {
    const auto current = link();
    if (!current) return Error{"not connected"};
    auto added = std::make_unique<Subscription>();
    added->handler = std::move(handler);
    natsSubscription* raw = nullptr;
    const auto status =
        natsConnection_Subscribe(&raw, current->connection.get(), subject.c_str(), on_message, added.get());
    if (status != NATS_OK) return nats_error("subscribing to " + subject, status, nats_detail());
    added->subscription.reset(raw);
    (void)natsSubscription_SetPendingLimits(raw, kMostPending, kMostPendingBytes);
    const std::lock_guard lock{mutex_};
    subscriptions_.push_back(std::move(added));
    return {};
  }

 private:
  Result<void> check();
  Result<std::shared_ptr<NatsLink>, NatsError> make();
  Result<void> configure(natsOptions* to);

  std::shared_ptr<NatsLink> link() {
    const std::lock_guard lock{mutex_};
    return link_;
  }
  void adopt(std::shared_ptr<NatsLink> made) {
    const std::lock_guard lock{mutex_};
    link_ = std::move(made);
    ++opened_;
  }

  // Connected, or the reason why not.
  Result<std::shared_ptr<NatsLink>> usable() {
    auto current = link();
    if (current && natsConnection_Status(current->connection.get()) == NATS_CONN_STATUS_CONNECTED) return current;
    return Error{trouble()};
  }

  // The first connection, and another one should the library give one up for good (a refused password).
  // In between it reconnects by itself.
  void keep() {
    std::minstd_rand random{std::random_device{}()};
    int wait_ms = kFirstWaitMs;
    while (!leaving_) {
      auto made = make();
      if (made) {
        wait_ms = kFirstWaitMs;
        adopt(std::move(*made));
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return leaving_ || closed_ == opened_; });
        continue;
      }
      std::unique_lock lock{mutex_};
      refused_ = made.error().message;
      link_.reset();
      const std::chrono::milliseconds wait{std::uniform_int_distribution{wait_ms / 2, wait_ms}(random)};
      changed_.wait_for(lock, wait, [this] { return leaving_.load(); });
      wait_ms = std::min(wait_ms * 2, kLongestWaitMs);
    }
  }

  static void on_closed(natsConnection* connection, void* closure) {
    auto& self = *static_cast<Client*>(closure);
    if (!self.leaving_ && self.options_.on_lost) {
      const char* text = nullptr;
      const auto status = natsConnection_GetLastError(connection, &text);
      self.options_.on_lost(status == NATS_OK ? "the server hung up" : natsStatus_GetText(status));
    }
    const std::lock_guard lock{self.mutex_};
    ++self.closed_;
    self.changed_.notify_all();
  }

  const NatsOptions options_;
  std::mutex mutex_;  // guards what follows
  std::condition_variable changed_;
  std::shared_ptr<NatsLink> link_;
  std::string refused_;  // why the latest attempt failed
  std::vector<std::unique_ptr<Subscription>> subscriptions_;
  int opened_ = 0;
  int closed_ = 0;

  std::atomic<bool> leaving_{false};
  std::thread keeper_;
};

// What no attempt could mend.
Result<void> Client::check() {
  natsOptions* raw = nullptr;
  if (const auto status = natsOptions_Create(&raw); status != NATS_OK) return nats_error("NATS", status);
  const Options options{raw};
  return configure(raw);
}

Result<void> Client::configure(natsOptions* to) {
  std::vector<const char*> servers;
  bool secure = !options_.ca_file.empty();
  for (const auto& server : options_.servers) {
    servers.push_back(server.c_str());
    secure = secure || server.starts_with("tls://");
  }
  Chain chain;
  chain.then("servers", natsOptions_SetServers(to, servers.data(), static_cast<int>(servers.size())))
      .then("name", natsOptions_SetName(to, options_.name.c_str()))
      .then("timeout", natsOptions_SetTimeout(to, to_ms(options_.connect_timeout)))
      .then("ping", natsOptions_SetPingInterval(to, kPingMs))
      .then("ping", natsOptions_SetMaxPingsOut(to, kPingsOut))
      .then("write deadline", natsOptions_SetWriteDeadline(to, kWriteDeadlineMs))
      .then("send", natsOptions_SetSendAsap(to, true))
      .then("requests", natsOptions_SetFailRequestsOnDisconnect(to, true))
      .then("closed", natsOptions_SetClosedCB(to, on_closed, this))
      .then("reconnect", natsOptions_SetAllowReconnect(to, options_.keep_trying));
  if (options_.keep_trying) {
    chain.then("reconnect", natsOptions_SetMaxReconnect(to, -1))
        .then("reconnect", natsOptions_SetReconnectWait(to, kReconnectMs))
        .then("reconnect", natsOptions_SetReconnectJitter(to, kJitterMs, kJitterMs));
  }
  if (!options_.user.empty())
    chain.then("user", natsOptions_SetUserInfo(to, options_.user.c_str(), options_.password.c_str()));
  if (!options_.token.empty()) chain.then("token", natsOptions_SetToken(to, options_.token.c_str()));
  if (!options_.credentials_file.empty())
    chain.then("credentials_file",
               natsOptions_SetUserCredentialsFromFiles(to, options_.credentials_file.c_str(), nullptr));
  if (secure) {
    chain.then("TLS", natsOptions_SetSecure(to, true)).then("TLS", natsOptions_SkipServerVerification(to, false));
    if (!options_.ca_file.empty())
      chain.then("ca_file '" + options_.ca_file + "'",
                 natsOptions_LoadCATrustedCertificates(to, options_.ca_file.c_str()));
  }
  if (!chain.ok()) return chain.error();
  return {};
}

NatsError::Kind kind_of(natsStatus status) {
  using Kind = NatsError::Kind;
  switch (status) {
    case NATS_TIMEOUT: return Kind::kTimeout;
    case NATS_CONNECTION_AUTH_FAILED:
    case NATS_NOT_PERMITTED: return Kind::kAuth;
    case NATS_SSL_ERROR:
    case NATS_SECURE_CONNECTION_WANTED:
    case NATS_SECURE_CONNECTION_REQUIRED: return Kind::kTls;
    default: return Kind::kUnreachable;
  }
}

Result<std::shared_ptr<NatsLink>, NatsError> Client::make() {
  const auto fail = [](std::string_view what, natsStatus status) {
    return NatsError{nats_error(what, status, nats_detail()), kind_of(status)};
  };
  natsOptions* raw_options = nullptr;
  if (const auto status = natsOptions_Create(&raw_options); status != NATS_OK) return fail("NATS", status);
  const Options options{raw_options};
  if (const auto set = configure(raw_options); !set) return NatsError{set.error(), NatsError::Kind::kWrong};
  auto link = std::make_shared<NatsLink>();
  natsConnection* connection = nullptr;
  const auto status = natsConnection_Connect(&connection, raw_options);
  link->connection.reset(connection);
  if (status != NATS_OK) return fail("connecting to " + options_.servers.front(), status);
  jsCtx* jetstream = nullptr;
  if (const auto made = natsConnection_JetStream(&jetstream, connection, nullptr); made != NATS_OK)
    return fail("JetStream", made);
  link->jetstream.reset(jetstream);
  return link;
}

}  // namespace

std::string nats_detail() {
  natsStatus status = NATS_OK;
  const char* const text = nats_GetLastError(&status);
  if (text == nullptr) return {};
  std::string_view detail = text;  // "(conn.c:2088): what happened"
  if (const auto place = detail.find("): "); detail.starts_with('(') && place != std::string_view::npos)
    detail.remove_prefix(place + 3);
  return detail == natsStatus_GetText(status) ? std::string{} : std::string{detail};
}

Error nats_error(std::string_view what, natsStatus status, std::string_view detail) {
  std::string text{what};
  text.append(": ").append(natsStatus_GetText(status));
  if (!detail.empty()) text.append(" (").append(detail.substr(0, 200)).append(")");
  std::ranges::replace_if(
      text, [](char c) { return c >= 0 && c < ' '; }, ' ');
  return Error{std::move(text)};
}

bool NatsClient::built_in() { return true; }

Result<std::unique_ptr<NatsClient>, NatsError> NatsClient::open(NatsOptions options) {
  if (const auto good = check_nats_servers(options.servers); !good)
    return NatsError{{"servers: " + good.error().message}, NatsError::Kind::kWrong};
  auto client = std::make_unique<Client>(std::move(options));
  if (auto started = client->start(); !started) return started.error();
  return std::unique_ptr<NatsClient>{std::move(client)};
}

}  // namespace yagura::net
