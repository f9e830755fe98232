#include "console/console_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "console/client_message.hpp"
#include "console/state_json.hpp"
#include "console/tick_coalescer.hpp"

namespace yagura::console {
namespace {

using net::ClientId;
constexpr auto kStateEvery = std::chrono::seconds{1};
constexpr int kMessagesPerSecond = 20;
// A resuming client gets its past in bites: far below the limit at which slow clients are cut.
constexpr std::size_t kResumeAhead = std::size_t{64} << 10;
constexpr std::size_t kResumePage = 16;

}  // namespace

class ConsoleServer::Impl final : public net::WsHandler {
 public:
  Impl(boost::asio::io_context& io, Options options, StateSource& source, const Clock& clock)
      : io_(io),
        options_(std::move(options)),
        source_(source),
        clock_(clock),
        alerts_(AlertLog::kCapacity, options_.older_alerts),
        api_(options_.access, source, alerts_, clock,
             {options_.levels, options_.corrections, options_.people, options_.prices}),
        coalescer_(options_.symbols.size()),
        tick_timer_(io),
        state_timer_(io),
        server_(std::make_unique<net::WsServer>(io, *this, options_.server)) {}
  ~Impl() override { server_.reset(); }  // before what its callbacks use
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> listen();
  void write_alert(std::string_view json, std::string_view held);
  void rehearse_alert(std::string_view json);
  void publish_tick(const LiveTick& tick, MonoTime now);
  void publish_action(std::string_view message);
  void stop(std::function<void()> on_stopped);

  net::HttpResponse on_http(const net::HttpRequest& request) override {
    api_.set_client_count(server_->clients());
    return api_.handle(request);
  }
  std::optional<net::HttpResponse> on_validate(const net::HttpRequest& request) override {
    return api_.refuse_upgrade(request);
  }
  void on_open(ClientId client, const net::HttpRequest& request) override;
  void on_message(ClientId client, std::string_view payload, bool binary) override;
  void on_close(ClientId client, std::uint16_t code, std::string_view reason) override;
  void on_drained(ClientId client) override { continue_resume(client); }

  AlertLog& alerts() { return alerts_; }
  const net::WsServer& server() const { return *server_; }
  const HttpApi& api() const { return api_; }

 private:
  struct Client {
    MonoTime second{};  // start of the second in which `messages` are counted
    int messages = 0;
  };
  struct Resuming {
    std::uint64_t cursor = 0;  // number of the last alert sent
    bool scheduled = false;
    std::unordered_set<std::string> known;  // ids that the client has
  };

  std::string_view alert_message(std::string_view json, std::string_view held);
  bool too_many(Client& client);
  void continue_resume(ClientId client);
  bool send_page(ClientId client, Resuming& resuming);
  [[nodiscard]] std::uint64_t first_to_send(const Resume& resume) const;
  std::string_view state_message(std::string_view type);
  bool send_tick(const LiveTick& tick);
  void arm_tick_timer();
  void arm_state_timer();

  boost::asio::io_context& io_;
  Options options_;
  StateSource& source_;
  const Clock& clock_;
  AlertLog alerts_;
  HttpApi api_;
  TickCoalescer coalescer_;
  StateSnapshot state_;
  std::string buffer_;  // of the message being sent
  std::unordered_map<ClientId, Client> clients_;
  // Clients that are still being told the past, and how far they are. They get live alerts from
  // the log as well, in their turn, so that numbers never go back within one resume.
  std::unordered_map<ClientId, Resuming> resuming_;
  bool tick_timer_armed_ = false;
  bool stopping_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>();  // what is posted looks here first
  boost::asio::steady_timer tick_timer_;
  boost::asio::steady_timer state_timer_;
  std::unique_ptr<net::WsServer> server_;
};

Result<void> ConsoleServer::Impl::listen() {
  if (auto exposed = check_exposure(options_.access); !exposed) return exposed;
  if (auto listening = server_->listen(options_.access.listen); !listening) {
    return Error{"console: " + listening.error().message};
  }
  arm_state_timer();
  return {};
}

std::string_view ConsoleServer::Impl::alert_message(std::string_view json, std::string_view held) {
  buffer_.assign(R"({"type":"alert","alert":)");
  buffer_ += json;
  if (!held.empty()) buffer_.append(R"(,"held":")").append(held) += '"';
  buffer_ += '}';
  return buffer_;
}

void ConsoleServer::Impl::write_alert(std::string_view json, std::string_view held) {
  if (server_->clients() != 0) server_->broadcast_unless_held(alert_message(json, held));
}

void ConsoleServer::Impl::rehearse_alert(std::string_view json) { server_->rehearse(alert_message(json, {})); }

void ConsoleServer::Impl::publish_action(std::string_view message) { server_->broadcast(message); }

void ConsoleServer::Impl::on_open(ClientId client, const net::HttpRequest&) {
  clients_.emplace(client, Client{});
  coalescer_.set_clients(clients_.size());
  server_->send(client, state_message("hello"));
}

void ConsoleServer::Impl::on_close(ClientId client, std::uint16_t, std::string_view) {
  clients_.erase(client);
  resuming_.erase(client);
  coalescer_.set_clients(clients_.size());
}

void ConsoleServer::Impl::on_message(ClientId client, std::string_view payload, bool binary) {
  if (too_many(clients_[client])) {
    return server_->close(client, 1008, fmt::format("more than {} messages a second", kMessagesPerSecond));
  }
  const auto message =
      binary ? Result<Resume>{Error{"binary messages are not understood"}} : parse_client_message(payload);
  if (!message) {
    server_->send(client, error_message(message.error().message));
    return;
  }
  const auto after = first_to_send(*message);
  if (const auto first = alerts_.first_seq(); after + 1 < first) {
    server_->send(client,
                  error_message(fmt::format("resume: alerts {} to {} are not at hand any more; the journal has them",
                                            after + 1, first - 1)));
  }
  server_->hold(client);
  auto& resuming = resuming_[client];
  resuming.cursor = after;
  resuming.known.clear();
  for (const auto id : message->ids) resuming.known.insert(to_string(id));
  continue_resume(client);
}

// Numbers go on over a restart. But what was counted just before a crash may not have reached the disk
// and be counted again, so a client of an earlier run is told everything since that could have happened.
std::uint64_t ConsoleServer::Impl::first_to_send(const Resume& resume) const {
  if (!resume.epoch || *resume.epoch == state_.epoch || options_.people == nullptr) return resume.after;
  return std::min(resume.after, options_.people->safe_seq_of(*resume.epoch));
}

bool ConsoleServer::Impl::too_many(Client& client) {
  const auto now = clock_.mono();
  if (client.messages == 0 || now - client.second >= std::chrono::seconds{1}) client = {now, 0};
  return ++client.messages > kMessagesPerSecond;
}

// A page at a time, with a turn of the loop between: a thousand clients that come back at once must
// not hold up an alert. Called again when a slow client has read what it was sent.
void ConsoleServer::Impl::continue_resume(ClientId client) {
  const auto it = resuming_.find(client);
  if (it == resuming_.end() || it->second.scheduled) return;
  if (server_->buffered(client) >= kResumeAhead) return;
  if (!send_page(client, it->second)) {
    resuming_.erase(it);
    server_->release(client);
    return;
  }
  it->second.scheduled = true;
  boost::asio::post(io_, [this, alive = std::weak_ptr<void>(alive_), client] {
    if (alive.expired()) return;
    const auto again = resuming_.find(client);
    if (again == resuming_.end()) return;
    again->second.scheduled = false;
    continue_resume(client);
  });
}

// False when it was the last page, or nobody is there to read it.
bool ConsoleServer::Impl::send_page(ClientId client, Resuming& resuming) {
  std::size_t read = 0;
  bool open = true;
  const auto known = [&](std::string_view json) {
    // A withdrawal has the id of what it withdraws.
    return !resuming.known.empty() && resuming.known.contains(std::string{id_in(json, "id")}) &&
           json.find(R"("event":"withdrawn")") == std::string_view::npos;
  };
  alerts_.read_after(resuming.cursor, kResumePage,
                     [&](std::uint64_t seq, std::string_view json, std::string_view held) {
                       if (!known(json)) open = open && server_->send(client, alert_message(json, held));
                       resuming.cursor = seq;
                       ++read;
                     });
  return open && read == kResumePage;
}

std::string_view ConsoleServer::Impl::state_message(std::string_view type) {
  source_.fill(state_);
  buffer_.clear();
  append_state_message(buffer_, type, state_, {alerts_.last_seq(), server_->clients()});
  return buffer_;
}

void ConsoleServer::Impl::publish_tick(const LiveTick& tick, MonoTime now) {
  if (tick.instrument >= options_.symbols.size() || server_->clients() == 0) return;
  if (coalescer_.offer(tick, now)) {
    if (send_tick(tick)) return;
    coalescer_.put_back(tick, now);
  }
  arm_tick_timer();
}

// False when too many are on their way: it is to be sent later.
bool ConsoleServer::Impl::send_tick(const LiveTick& tick) {
  buffer_.clear();
  append_tick_message(buffer_, options_.symbols[tick.instrument], tick);
  return server_->broadcast_droppable(buffer_);
}

void ConsoleServer::Impl::arm_tick_timer() {
  if (tick_timer_armed_ || stopping_) return;
  const auto due = coalescer_.next_due();
  if (!due) return;
  tick_timer_armed_ = true;
  tick_timer_.expires_after(*due - clock_.mono());
  tick_timer_.async_wait([this, alive = std::weak_ptr<void>(alive_)](boost::system::error_code ec) {
    if (ec || alive.expired()) return;
    tick_timer_armed_ = false;
    coalescer_.take_due(clock_.mono(), [this](const LiveTick& tick) { return send_tick(tick); });
    arm_tick_timer();
  });
}

void ConsoleServer::Impl::arm_state_timer() {
  state_timer_.expires_after(kStateEvery);
  state_timer_.async_wait([this, alive = std::weak_ptr<void>(alive_)](boost::system::error_code ec) {
    if (ec || alive.expired() || stopping_) return;
    if (server_->clients() > 0) server_->broadcast_latest(state_message("state"));
    arm_state_timer();
  });
}

void ConsoleServer::Impl::stop(std::function<void()> on_stopped) {
  stopping_ = true;
  tick_timer_.cancel();
  state_timer_.cancel();
  server_->stop(std::move(on_stopped));
}

ConsoleServer::ConsoleServer(boost::asio::io_context& io, Options options, StateSource& source, const Clock& clock)
    : impl_(std::make_unique<Impl>(io, std::move(options), source, clock)) {}
ConsoleServer::~ConsoleServer() = default;

Result<void> ConsoleServer::listen() { return impl_->listen(); }
std::string ConsoleServer::url() const { return fmt::format("http://{}/", impl_->server().address()); }
std::uint16_t ConsoleServer::port() const { return impl_->server().port(); }
void ConsoleServer::write_alert(std::string_view json, std::string_view held) { impl_->write_alert(json, held); }
void ConsoleServer::rehearse_alert(std::string_view json) { impl_->rehearse_alert(json); }
void ConsoleServer::remember_alert(std::uint64_t seq, std::string_view json, std::string_view held) {
  impl_->alerts().append(seq, json, held);
}
void ConsoleServer::publish_action(std::string_view message) { impl_->publish_action(message); }
void ConsoleServer::publish_tick(const LiveTick& tick, MonoTime now) { impl_->publish_tick(tick, now); }
AlertLog& ConsoleServer::alert_log() { return impl_->alerts(); }
void ConsoleServer::stop(std::function<void()> on_stopped) { impl_->stop(std::move(on_stopped)); }
bool ConsoleServer::busy() const { return impl_->server().busy(); }
std::size_t ConsoleServer::clients() const { return impl_->server().clients(); }
std::size_t ConsoleServer::queued_bytes() const { return impl_->server().buffered(); }
const net::WsServerStats& ConsoleServer::server_stats() const { return impl_->server().stats(); }
const AccessStats& ConsoleServer::access_stats() const { return impl_->api().stats(); }

}  // namespace yagura::console
