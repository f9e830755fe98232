#include "feeds/replay_server.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <utility>
#include <vector>

#include "feeds/replay_transport.hpp"

namespace yagura::feeds {
namespace {

namespace asio = boost::asio;

// Items between two looks at the sockets.
constexpr int kBatch = 512;
// How long to wait for slow readers at kMaxSpeed before looking again: at 256 KiB a look this is no
// limit below 250 MB/s.
constexpr auto kPause = std::chrono::milliseconds{1};
constexpr auto kHeartbeat = std::chrono::seconds{1};
constexpr auto kFlushLimit = std::chrono::seconds{60};
constexpr Duration kBetweenLoops = std::chrono::seconds{1};
constexpr std::size_t kRememberedFrames = 64;  // of the vendor's side, per client
constexpr std::uint16_t kNormalClose = 1000;
constexpr std::string_view kGoodbye = "end of the recording";

Handshake handshake_of(const net::HttpRequest& request) {
  Handshake handshake{std::string{request.path}, {}};
  if (!request.query.empty()) handshake.target.append("?").append(request.query);
  for (const auto& [name, value] : request.headers) handshake.headers.emplace_back(name, value);
  return handshake;
}

struct Client {
  std::unique_ptr<VendorServer> vendor;
  std::vector<std::string> said;  // by the vendor's side, when frames are replayed
  bool spoke = false;             // a frame came
  bool subscribed = false;
};

}  // namespace

class ReplayServer::Impl final : public net::WsHandler, public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, const Clock& clock, std::unique_ptr<ReplayTickSource> ticks,
       std::unique_ptr<ReplayFrameSource> frames, Options options)
      : io_(io),
        clock_(clock),
        ticks_(std::move(ticks)),
        frames_(std::move(frames)),
        options_(std::move(options)),
        pace_(options_.pace),
        server_(options_.vendor->carrier == Carrier::kHttp ? make_line_replay_transport(io, *this)
                                                           : make_ws_replay_transport(io, *this)),
        pump_timer_(io),
        second_timer_(io) {
    shared_.offered = ticks_ ? ticks_->symbols() : frames_->symbols();
    shared_.key = options_.key;
    ping_every_ = options_.ping_every.value_or(options_.vendor->server_ping);
  }

  Result<void> listen(std::string_view address) {
    if (auto listening = server_->listen(address); !listening) return listening;
    every_second();
    return {};
  }
  void stop(std::function<void()> on_stopped) {
    stopped_ = true;
    pump_timer_.cancel();
    second_timer_.cancel();
    server_->stop(std::move(on_stopped));
  }
  ReplayTransport& server() { return *server_; }
  ReplayProgress progress() const;
  std::string problem() const { return frames_ ? frames_->problem() : std::string{}; }

  // WsHandler
  net::HttpResponse on_http(const net::HttpRequest& request) override;
  std::optional<net::HttpResponse> on_validate(const net::HttpRequest& request) override;
  void on_open(net::ClientId id, const net::HttpRequest& request) override;
  void on_message(net::ClientId id, std::string_view payload, bool binary) override;
  void on_close(net::ClientId id, std::uint16_t code, std::string_view reason) override;
  void on_drained(net::ClientId) override {
    if (paused_) wake();
  }

 private:
  // What is to go out next: a tick, or a frame as recorded.
  struct Item {
    ReplayTick tick;
    Frame frame;
    Timestamp at;  // moved on by loops
    MonoTime due;
  };

  void answer(net::ClientId id, Client& client, const ServerReply& reply);
  void carry_out_evictions();
  void note_subscription(Client& client);
  bool wants_anything(const Client& client) const;

  bool fetch();
  bool read_source();
  bool start_over();
  bool must_pause() const;
  void pump();
  void pump_at(MonoTime when);
  void wake();
  void send_item();
  void send_tick(net::ClientId id, Client& client);
  void send_frame(net::ClientId id, Client& client);

  void at_end();
  void flush_and_close();
  void report_done();
  void every_second();

  asio::io_context& io_;
  const Clock& clock_;
  std::unique_ptr<ReplayTickSource> ticks_;  // one of the two
  std::unique_ptr<ReplayFrameSource> frames_;
  Options options_;
  Pace pace_;
  VendorServerShared shared_;
  Duration ping_every_{};
  std::unique_ptr<ReplayTransport> server_;
  std::map<net::ClientId, Client> clients_;

  Item item_;
  bool have_item_ = false;
  bool awake_ = false;   // pump() is posted
  bool paused_ = false;  // at kMaxSpeed, for want of readers
  bool stopped_ = false;
  bool ended_ = false;
  std::uint64_t taken_in_pass_ = 0;
  bool first_pass_ = true;
  Timestamp earliest_{};
  Timestamp latest_{};
  Duration shift_{};
  std::string text_;

  asio::steady_timer pump_timer_;
  asio::steady_timer second_timer_;
  MonoTime last_ping_{};
  MonoTime flush_until_{};

  // For progress(); written by the I/O thread.
  std::atomic<std::uint64_t> sent_{0}, written_{0}, connected_{0}, cut_{0};
  std::atomic<bool> started_{false}, done_{false};
  std::atomic<std::int64_t> event_ns_{0};
};

ReplayProgress ReplayServer::Impl::progress() const {
  ReplayProgress progress;
  progress.sent = sent_;
  progress.frames = written_;
  progress.clients = connected_;
  progress.cut = cut_;
  progress.started = started_;
  progress.done = done_;
  progress.event_time = timestamp_from_ns(event_ns_);
  return progress;
}

net::HttpResponse ReplayServer::Impl::on_http(const net::HttpRequest& request) {
  if (options_.vendor->answer_call == nullptr) return {426, "a WebSocket server\n", {{"Upgrade", "websocket"}}};
  auto [target, headers] = handshake_of(request);
  auto answer = options_.vendor->answer_call(
      shared_, {std::string{request.method}, std::move(target), std::move(headers), std::string{request.body}});
  for (auto& [id, client] : clients_) note_subscription(client);  // some are made by calls
  return {answer.status, std::move(answer.body), std::move(answer.headers)};
}

// Over HTTP the request for the stream is a call like others, and the vendor's 200 begins it.
std::optional<net::HttpResponse> ReplayServer::Impl::on_validate(const net::HttpRequest& request) {
  if (options_.vendor->carrier != Carrier::kHttp) return std::nullopt;
  auto answer = on_http(request);
  return answer.status == 200 ? std::nullopt : std::optional{std::move(answer)};
}

void ReplayServer::Impl::on_open(net::ClientId id, const net::HttpRequest& request) {
  auto& client = clients_[id];
  client.vendor = options_.vendor->make_server(shared_);
  connected_ = clients_.size();
  client.vendor->on_request(handshake_of(request));
  client.spoke = options_.vendor->carrier == Carrier::kHttp;  // the request is the subscription
  answer(id, client, client.vendor->on_open(clock_.mono()));
  note_subscription(client);
  carry_out_evictions();
  if (ended_ && options_.exit_at_end) server_->close(id, kNormalClose, kGoodbye);
}

void ReplayServer::Impl::on_message(net::ClientId id, std::string_view payload, bool binary) {
  const auto found = clients_.find(id);
  if (found == clients_.end()) return;
  auto& client = found->second;
  client.spoke = true;
  answer(id, client, client.vendor->on_frame({payload, binary}, clock_.mono()));
  note_subscription(client);
  carry_out_evictions();
}

void ReplayServer::Impl::carry_out_evictions() {
  for (const auto& [who, last_words] : std::exchange(shared_.evictions, {})) {
    for (auto& [id, client] : clients_) {
      if (client.vendor.get() == who) answer(id, client, last_words);
    }
  }
}

void ReplayServer::Impl::on_close(net::ClientId id, std::uint16_t, std::string_view) {
  clients_.erase(id);
  connected_ = clients_.size();
  cut_ = server_->cut_slow();
  if (ended_ && options_.exit_at_end && clients_.empty()) report_done();
}

void ReplayServer::Impl::answer(net::ClientId id, Client& client, const ServerReply& reply) {
  for (const auto& text : reply.frames) {
    if (server_->send(id, text, false)) ++written_;
    if (frames_ && client.said.size() < kRememberedFrames) client.said.push_back(text);
  }
  if (reply.close) server_->close(id, *reply.close, "");
}

bool ReplayServer::Impl::wants_anything(const Client& client) const {
  if (shared_.offered.empty()) return client.spoke;
  return std::any_of(shared_.offered.begin(), shared_.offered.end(),
                     [&](const std::string& symbol) { return client.vendor->wants(symbol); });
}

void ReplayServer::Impl::note_subscription(Client& client) {
  client.subscribed = wants_anything(client);
  if (!client.subscribed || ended_) return;
  // Posted: the acknowledgement goes out before the first tick, and commands that came with this
  // one are heard before time starts.
  if (!started_.exchange(true) || paused_) wake();
}

bool ReplayServer::Impl::read_source() {
  if (ticks_) {
    if (!ticks_->next(item_.tick)) return false;
    item_.at = item_.tick.ts;
    if (!first_pass_) item_.tick.seq.reset();
    return true;
  }
  ReplayFrame frame;
  if (!frames_->next(frame)) return false;
  item_.at = frame.ts;
  item_.frame = frame.frame;
  return true;
}

bool ReplayServer::Impl::start_over() {
  if (!options_.loop || taken_in_pass_ == 0) return false;
  if (!(ticks_ ? ticks_->rewind() : frames_->rewind())) return false;
  shift_ += latest_ - earliest_ + kBetweenLoops;
  first_pass_ = false;
  taken_in_pass_ = 0;
  return true;
}

bool ReplayServer::Impl::fetch() {
  if (have_item_) return true;
  if (!read_source() && !(start_over() && read_source())) return false;
  ++taken_in_pass_;
  const MonoTime now = clock_.mono();
  if (first_pass_ && taken_in_pass_ == 1) {
    earliest_ = latest_ = item_.at;
    pace_.start(item_.at, now);
  }
  earliest_ = std::min(earliest_, item_.at);
  latest_ = std::max(latest_, item_.at);
  item_.at += shift_;
  item_.tick.ts = item_.at;
  item_.due = pace_.due(item_.at, now);
  return have_item_ = true;
}

bool ReplayServer::Impl::must_pause() const {
  bool anybody = false;
  for (const auto& [id, client] : clients_) {
    if (!client.subscribed) continue;
    anybody = true;
    if (server_->buffered(id) > options_.pause_at) return true;
  }
  return !anybody;
}

void ReplayServer::Impl::pump() {
  if (stopped_ || ended_) return;
  paused_ = false;
  for (int i = 0; i < kBatch; ++i) {
    if (!fetch()) return at_end();
    if (pace_.flat_out()) {
      if (i == 0 && must_pause()) {
        paused_ = true;
        return pump_at(clock_.mono() + kPause);
      }
    } else if (item_.due > clock_.mono()) {
      return pump_at(item_.due);
    }
    send_item();
  }
  wake();
}

// At most one is on its way, whoever asks.
void ReplayServer::Impl::wake() {
  pump_timer_.cancel();
  if (std::exchange(awake_, true)) return;
  asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->awake_ = false;
    self->pump();
  });
}

void ReplayServer::Impl::pump_at(MonoTime when) {
  pump_timer_.expires_after(when - clock_.mono());
  pump_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error) self->pump();
  });
}

void ReplayServer::Impl::send_item() {
  for (auto& [id, client] : clients_) {
    if (!client.subscribed) continue;
    if (ticks_) {
      send_tick(id, client);
    } else {
      send_frame(id, client);
    }
  }
  have_item_ = false;
  sent_.store(sent_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  event_ns_.store(to_ns(item_.at), std::memory_order_relaxed);
}

void ReplayServer::Impl::send_tick(net::ClientId id, Client& client) {
  if (!client.vendor->wants(item_.tick.symbol)) return;
  text_.clear();
  if (client.vendor->encode(item_.tick, text_) && server_->send(id, text_, false)) {
    written_.store(written_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }
}

void ReplayServer::Impl::send_frame(net::ClientId id, Client& client) {
  if (!client.said.empty()) {
    const auto repeated = std::find(client.said.begin(), client.said.end(), item_.frame.payload);
    if (repeated != client.said.end()) {
      client.said.erase(repeated);
      return;
    }
  }
  if (server_->send(id, item_.frame.payload, item_.frame.binary)) ++written_;
}

void ReplayServer::Impl::at_end() {
  ended_ = true;
  flush_until_ = clock_.mono() + kFlushLimit;
  flush_and_close();
}

void ReplayServer::Impl::flush_and_close() {
  const bool waiting = std::any_of(clients_.begin(), clients_.end(),
                                   [this](const auto& entry) { return server_->buffered(entry.first) > 0; });
  if (waiting && clock_.mono() < flush_until_) {
    pump_timer_.expires_after(kPause);
    pump_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
      const auto self = weak.lock();
      if (self && !error) self->flush_and_close();
    });
    return;
  }
  if (!options_.exit_at_end || clients_.empty()) return report_done();
  std::vector<net::ClientId> all;
  for (const auto& [id, client] : clients_) all.push_back(id);
  for (const auto id : all) server_->close(id, kNormalClose, kGoodbye);
}

void ReplayServer::Impl::report_done() {
  if (done_.exchange(true)) return;
  if (options_.on_done) options_.on_done();
}

void ReplayServer::Impl::every_second() {
  const MonoTime now = clock_.mono();
  const Timestamp replay_time = started_ ? pace_.event_at(now) : clock_.now();
  if (last_ping_ == MonoTime{}) last_ping_ = now;
  const bool ping = ping_every_ > Duration{0} && now - last_ping_ >= ping_every_;
  if (ping) last_ping_ = now;
  for (auto& [id, client] : clients_) {
    // A capture has its own heartbeats; until it plays, the vendor's side may have a handshake to finish.
    if (!frames_ || !client.subscribed) answer(id, client, client.vendor->on_timer(now, replay_time));
    if (ping) server_->ping(id);
  }
  second_timer_.expires_after(kHeartbeat);
  second_timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (self && !error && !self->stopped_) self->every_second();
  });
}

ReplayServer::ReplayServer(asio::io_context& io, const Clock& clock, std::unique_ptr<ReplayTickSource> ticks,
                           Options options)
    : impl_(std::make_shared<Impl>(io, clock, std::move(ticks), nullptr, std::move(options))) {}
ReplayServer::ReplayServer(asio::io_context& io, const Clock& clock, std::unique_ptr<ReplayFrameSource> frames,
                           Options options)
    : impl_(std::make_shared<Impl>(io, clock, nullptr, std::move(frames), std::move(options))) {}
ReplayServer::~ReplayServer() = default;

Result<void> ReplayServer::listen(std::string_view address) { return impl_->listen(address); }
std::uint16_t ReplayServer::port() const { return impl_->server().port(); }
std::string ReplayServer::address() const { return impl_->server().address(); }
void ReplayServer::stop(std::function<void()> on_stopped) { impl_->stop(std::move(on_stopped)); }
ReplayProgress ReplayServer::progress() const { return impl_->progress(); }
std::string ReplayServer::problem() const { return impl_->problem(); }

}  // namespace yagura::feeds
