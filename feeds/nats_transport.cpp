#include "feeds/nats_transport.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <unordered_map>
#include <utility>

#include "core/net/nats_client.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;

constexpr auto kSignOfLife = std::chrono::seconds{5};
constexpr std::size_t kMostWaiting = 65'536;  // messages between the library's thread and ours
constexpr std::string_view kSubjects = "yagura.ticks";

// The way from the library's threads to the context's, closed when the transport goes.
class Door : public std::enable_shared_from_this<Door> {
 public:
  explicit Door(asio::io_context& io) : io_(io) {}
  void close() {
    const std::lock_guard lock{mutex_};
    open_ = false;
  }
  template <class Call>
  void post(Call call) {
    const std::lock_guard lock{mutex_};
    if (open_) asio::post(io_, [self = shared_from_this(), call = std::move(call)] { self->enter(call); });
  }
  // The context's thread, which is the one that closes.
  template <class Call>
  void enter(const Call& call) const {
    if (open_) call();
  }

 private:
  asio::io_context& io_;
  std::mutex mutex_;
  bool open_ = true;
};

struct Arrived {
  net::NatsMessage message;
  MonoTime at;
};

// One connection. Its thread connects, waits for the end and hangs up: all that blocks.
struct Line {
  ConnectionId id{};
  TransportHandler* handler = nullptr;  // the context's thread; null once nobody is to be told
  std::string subjects;
  asio::steady_timer timer;  // the handshake's limit, then signs of life
  bool open = false;         // the context's thread

  std::mutex mutex;  // guards the rest
  std::condition_variable changed;
  std::unique_ptr<net::NatsClient> client;
  std::vector<Arrived> waiting;
  bool drain_posted = false;
  bool leaving = false;
  bool done = false;
  std::thread thread;

  explicit Line(asio::io_context& io) : timer(io) {}
  ~Line() {
    leave();
    if (thread.joinable()) thread.join();
  }
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;
  void leave() {
    const std::lock_guard lock{mutex};
    leaving = true;
    changed.notify_all();
  }
  [[nodiscard]] bool finished() {
    const std::lock_guard lock{mutex};
    return done;
  }
};

std::string value_of(const Transport::ConnectOptions& options, std::string_view name) {
  for (const auto& [key, value] : options.headers) {
    if (key == name) return value;
  }
  return {};
}

net::NatsOptions connection_options(const Url& url, const Transport::ConnectOptions& options) {
  net::NatsOptions nats;
  nats.servers = {url.origin()};
  nats.user = value_of(options, "user");
  nats.password = value_of(options, "password");
  nats.token = value_of(options, "token");
  nats.ca_file = options.ca_file;
  nats.name = "yagura feed";
  nats.connect_timeout = options.handshake_timeout;
  nats.keep_trying = false;
  return nats;
}

CloseInfo close_info(const net::NatsError& error) {
  using Kind = net::NatsError::Kind;
  constexpr std::uint16_t kUnauthorized = 401;  // what sessions know as a refused key
  switch (error.kind) {
    case Kind::kAuth: return {CloseInfo::Kind::kHttp, kUnauthorized, {}, error.message};
    case Kind::kTls: return {CloseInfo::Kind::kTls, 0, {}, error.message};
    case Kind::kTimeout: return {CloseInfo::Kind::kTimeout, 0, {}, error.message};
    case Kind::kWrong: return {CloseInfo::Kind::kProtocol, 0, {}, error.message};
    case Kind::kUnreachable: break;
  }
  return {CloseInfo::Kind::kRefused, 0, {}, error.message};
}

class NatsTransport final : public Transport {
 public:
  NatsTransport(asio::io_context& io, const Clock& clock) : io_(io), clock_(clock), door_(std::make_shared<Door>(io)) {}
  ~NatsTransport() override { door_->close(); }
  NatsTransport(const NatsTransport&) = delete;
  NatsTransport& operator=(const NatsTransport&) = delete;

  Result<void> load_ca(const std::string&) override { return {}; }  // read by each connection's thread
  ConnectionId connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) override;
  bool send(ConnectionId id, std::string_view text) override;
  void close(ConnectionId id) override { drop(id); }
  void drop(ConnectionId id) override {
    if (const auto line = take(id)) retire(line);
  }

 private:
  using Shared = std::shared_ptr<Line>;
  void work(Line& line, net::NatsOptions options);
  void opened(ConnectionId id);
  void finish(ConnectionId id, const CloseInfo& info);
  void drain(ConnectionId id);
  void watch(Line& line);
  void sign_of_life(ConnectionId id);
  Shared take(ConnectionId id) {
    const auto found = lines_.find(id);
    if (found == lines_.end()) return nullptr;
    auto line = std::move(found->second);
    lines_.erase(found);
    return line;
  }
  // Its thread ends in the background; those that have are gathered.
  void retire(const Shared& line) {
    line->timer.cancel();
    line->handler = nullptr;
    line->leave();
    std::erase_if(retired_, [](const Shared& old) { return old->finished(); });
    retired_.push_back(line);
  }

  asio::io_context& io_;
  const Clock& clock_;
  std::shared_ptr<Door> door_;
  std::unordered_map<ConnectionId, Shared> lines_;
  std::vector<Shared> retired_;
  std::vector<Arrived> batch_;
  std::uint64_t last_id_ = 0;
};

ConnectionId NatsTransport::connect(const Url& url, const ConnectOptions& options, TransportHandler& handler) {
  const ConnectionId id{++last_id_};
  auto line = std::make_shared<Line>(io_);
  line->id = id;
  line->handler = &handler;
  line->subjects = url.target.size() > 1 ? url.target.substr(1) : std::string{kSubjects};
  line->timer.expires_after(options.handshake_timeout);
  line->timer.async_wait([this, door = door_, id](const boost::system::error_code& error) {
    if (error) return;
    door->enter([&] { finish(id, {CloseInfo::Kind::kTimeout, 0, {}, "not connected in time"}); });
  });
  // The line outlives its thread: whoever destroys it joins it.
  line->thread = std::thread{[this, line = line.get(), nats = connection_options(url, options)] { work(*line, nats); }};
  lines_[id] = std::move(line);
  return id;
}

// The line's thread.
void NatsTransport::work(Line& line, net::NatsOptions options) {
  const auto door = door_;
  const auto id = line.id;
  options.on_lost = [this, door, id](std::string why) {
    door->post([this, id, why = std::move(why)] { finish(id, {CloseInfo::Kind::kReset, 0, {}, why}); });
  };
  auto made = net::NatsClient::open(std::move(options));
  std::unique_ptr<net::NatsClient> last;
  {
    std::unique_lock lock{line.mutex};
    if (!made) {
      door->post([this, id, info = close_info(made.error())] { finish(id, info); });
    } else {
      line.client = std::move(*made);
      door->post([this, id] { opened(id); });
    }
    line.changed.wait(lock, [&] { return line.leaving; });
    last = std::move(line.client);
  }
  last.reset();  // may wait for the library
  const std::lock_guard lock{line.mutex};
  line.done = true;
}

void NatsTransport::opened(ConnectionId id) {
  const auto found = lines_.find(id);
  if (found == lines_.end()) return;
  const auto line = found->second;
  line->open = true;
  watch(*line);
  if (line->handler != nullptr) line->handler->on_stage({ConnectStage::Kind::kConnected, "NATS"});
  if (line->handler != nullptr) line->handler->on_open();
}

// Two unanswered pings of the library's end the connection, so an open one has been heard of lately.
void NatsTransport::watch(Line& line) {
  line.timer.expires_after(kSignOfLife);
  line.timer.async_wait([this, door = door_, id = line.id](const boost::system::error_code& error) {
    if (!error) door->enter([&] { sign_of_life(id); });
  });
}

void NatsTransport::sign_of_life(ConnectionId id) {
  const auto found = lines_.find(id);
  if (found == lines_.end()) return;
  const auto line = found->second;
  watch(*line);
  bool alive = false;
  {
    const std::lock_guard lock{line->mutex};
    alive = line->client && line->client->connected();
  }
  if (alive && line->handler != nullptr) line->handler->on_ping();
}

bool NatsTransport::send(ConnectionId id, std::string_view text) {
  const auto found = lines_.find(id);
  if (found == lines_.end() || !found->second->open) return false;
  auto& line = *found->second;
  const std::lock_guard lock{line.mutex};
  if (!line.client) return false;
  const auto arrived = [this, door = door_, line = &line](net::NatsMessage message) {
    const auto at = clock_.mono();
    const std::lock_guard waiting_lock{line->mutex};
    if (line->leaving || line->waiting.size() >= kMostWaiting) return;  // lost: a gap in the numbers
    line->waiting.push_back({std::move(message), at});
    if (std::exchange(line->drain_posted, true)) return;
    door->post([this, id = line->id] { drain(id); });
  };
  return line.client->subscribe(line.subjects + "." + net::nats_token(text), arrived).has_value();
}

void NatsTransport::drain(ConnectionId id) {
  const auto found = lines_.find(id);
  if (found == lines_.end()) return;
  const auto line = found->second;
  {
    const std::lock_guard lock{line->mutex};
    batch_.clear();
    batch_.swap(line->waiting);
    line->drain_posted = false;
  }
  for (const auto& arrived : batch_) {
    if (line->handler == nullptr) break;
    line->handler->on_frame({arrived.message.payload(), false}, arrived.at);
  }
  if (line->handler != nullptr) line->handler->on_frames_end();
  batch_.clear();
}

void NatsTransport::finish(ConnectionId id, const CloseInfo& info) {
  const auto line = take(id);
  if (!line) return;
  auto* const handler = std::exchange(line->handler, nullptr);
  retire(line);
  if (handler != nullptr) handler->on_close(info);
}

}  // namespace

std::unique_ptr<Transport> make_nats_transport(asio::io_context& io, const Clock& clock) {
  return std::make_unique<NatsTransport>(io, clock);
}

}  // namespace yagura::feeds
