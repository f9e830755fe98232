#include "core/net/ws_server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/net/listen_address.hpp"
#include "core/net/ws_server_impl.hpp"

namespace yagura::net {
namespace {

constexpr std::uint16_t kNoCloseFrame = 1006;
constexpr auto kAcceptRetry = std::chrono::milliseconds{100};
constexpr std::size_t kSwept = 256;                        // clients looked at in one turn
constexpr auto kAnswerTimeout = std::chrono::seconds{30};  // for a slow reader of a long answer that came later

HttpResponse unavailable(std::string_view why) {
  return {503,
          fmt::format(R"({{"error":"{}"}})", why),
          {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}, {"Retry-After", "1"}}};
}

}  // namespace

template <class Body>
bool WsServer::Impl::guarded(Body&& body) noexcept {
  try {
    body();
    return true;
  } catch (const std::exception& e) {
    stats_.last_handler_error = e.what();
  } catch (...) {
    stats_.last_handler_error = "unknown exception";
  }
  ++stats_.handler_errors;
  return false;
}

void WsServer::Impl::start() {
  endpoint_.init_asio(&io_);
  endpoint_.set_user_agent("");
  endpoint_.set_max_message_size(options_.max_message);
  endpoint_.set_max_http_body_size(options_.max_body);
  endpoint_.set_tcp_pre_init_handler([](const auto& handle) {
    auto& socket = from(handle)->get_raw_socket();
    boost::system::error_code ec;
    socket.set_option(tcp::no_delay(true), ec);
    if (!ec) socket.non_blocking(true, ec);
    if (ec) from(handle)->abort(false);  // the read that follows fails, and that ends it
  });
  // Raw `this`: connections keep this object alive, and these are called by connections.
  endpoint_.set_validate_handler([this](const auto& handle) { return on_validate(*from(handle)); });
  endpoint_.set_http_handler([this](const auto& handle) { on_http(*from(handle)); });
  endpoint_.set_open_handler([this](const auto& handle) { on_open(from(handle)); });
  endpoint_.set_message_handler([this](const auto& handle, const MessagePtr& m) { on_message(from(handle), *m); });
  endpoint_.set_close_handler([this](const auto& handle) { on_close(*from(handle)); });
  endpoint_.set_ping_handler([](const auto& handle, const auto&) { return heard_from(*from(handle)), true; });
  endpoint_.set_pong_handler([](const auto& handle, const auto&) { heard_from(*from(handle)); });
}

Result<void> WsServer::Impl::listen(std::string_view address) {
  const auto endpoint = parse_endpoint(address);
  if (!endpoint) return endpoint.error();
  boost::system::error_code ec;
  acceptor_.open(endpoint->protocol(), ec);
  if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
  if (!ec) acceptor_.bind(*endpoint, ec);
  if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
  if (ec) {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    return Error{fmt::format("cannot listen on {}: {}", address, ec.message())};
  }
  accept();
  arm_sweep();
  return {};
}

ConnectionPtr WsServer::Impl::new_connection() {
  auto connection = endpoint_.get_connection();
  live_.emplace(connection.get(), connection);
  connection->server = shared_from_this();
  connection->on_destroyed = [this, key = static_cast<ServerConnection*>(connection.get())] { on_destroyed(key); };
  return connection;
}

void WsServer::Impl::accept() {
  const auto connection = new_connection();
  acceptor_.async_accept(connection->get_raw_socket(), [weak = weak_from_this(), connection](auto ec) {
    if (const auto self = weak.lock()) self->on_accept(connection, ec);
  });
}

void WsServer::Impl::on_accept(const ConnectionPtr& connection, boost::system::error_code ec) {
  if (stopping_ || handler_ == nullptr) return connection->terminate({});
  if (ec) {
    // Out of descriptors, mostly: trying again at once would spin and change nothing.
    ++stats_.accept_errors;
    connection->terminate({});
    retry_timer_.expires_after(kAcceptRetry);
    retry_timer_.async_wait([weak = weak_from_this()](auto timer_ec) {
      const auto self = weak.lock();
      if (self && !timer_ec && !self->stopping_) self->accept();
    });
    return;
  }
  ++stats_.accepted;
  if (admit(*connection)) {
    arm_request_timer(connection);
    connection->start();
  } else {
    ++stats_.refused;
    connection->terminate({});
  }
  accept();
}

bool WsServer::Impl::admit(Connection& connection) {
  boost::system::error_code ec;
  const auto peer = connection.get_raw_socket().remote_endpoint(ec);
  if (ec) return false;  // gone already
  const auto address = without_v4_mapping(peer.address());
  if (live_.size() > options_.max_connections) return false;
  if (!address.is_loopback() && per_remote_[address] >= options_.max_per_remote_address) return false;
  connection.remote = address;
  if (!address.is_loopback()) ++per_remote_[address];
  return true;
}

void WsServer::Impl::arm_request_timer(const ConnectionPtr& connection) {
  auto& timer = connection->request_timer.emplace(io_, options_.handshake_timeout);
  timer.async_wait([weak = weak_from_this(), con = std::weak_ptr<Connection>(connection)](auto ec) {
    const auto self = weak.lock();
    const auto late = con.lock();
    if (ec || !self || !late) return;
    ++self->stats_.cut_handshake;
    late->terminate(websocketpp::error::make_error_code(websocketpp::error::open_handshake_timeout));
  });
}

void WsServer::Impl::on_destroyed(ServerConnection* connection) {
  live_.erase(connection);
  if (const auto it = per_remote_.find(connection->remote); it != per_remote_.end() && --it->second == 0) {
    per_remote_.erase(it);
  }
  finish_if_empty();
}

bool WsServer::Impl::on_validate(Connection& connection) {
  connection.request_timer.reset();
  HttpResponse refusal;
  if (connection.get_request().other_version()) {
    refusal = {426, "WebSocket version 13 is needed\n", {{"Sec-WebSocket-Version", "13"}}};
  } else {
    const RequestView view{connection};
    std::optional<HttpResponse> answer = HttpResponse{500, {}, {}};
    guarded([&] { answer = handler_ != nullptr ? handler_->on_validate(view.request) : answer; });
    if (!answer) return true;
    refusal = std::move(*answer);
  }
  respond(connection, refusal);
  return false;
}

void WsServer::Impl::on_http(Connection& connection) {
  connection.request_timer.reset();
  ++stats_.requests;
  const RequestView view{connection};
  HttpResponse answer{500, {}, {}};
  guarded([&] {
    if (handler_ != nullptr) answer = handler_->on_http(view.request);
  });
  if (answer.later) return defer(connection, answer.later);
  respond(connection, answer);
}

// The connection lives in deferred_ until it is answered: nothing else holds it, for nothing is read
// from it. A client that hangs up meanwhile shows when the answer is written.
void WsServer::Impl::defer(Connection& connection, const std::function<void(const HttpReply&)>& later) {
  if (deferred_.size() >= options_.max_deferred || stopping_) {
    ++stats_.answers_full;
    return respond(connection, unavailable("too many requests wait for their answer"));
  }
  connection.defer_http_response();
  const auto number = ++last_deferred_;
  deferred_.emplace(number, std::static_pointer_cast<Connection>(connection.get_shared()));
  auto& timer = connection.request_timer.emplace(io_, options_.defer_timeout);
  timer.async_wait([weak = weak_from_this(), number](auto ec) {
    const auto self = weak.lock();
    if (ec || !self) return;
    self->stats_.answers_late += self->answer(number, unavailable("no answer in time; it may still be done"));
  });
  HttpReply reply;
  reply.server_ = weak_from_this();
  reply.number_ = number;
  if (!guarded([&] { later(reply); })) answer(number, {500, {}, {}});
}

bool WsServer::Impl::answer(std::uint64_t number, const HttpResponse& response) {
  const auto waiting = deferred_.extract(number);
  if (waiting.empty()) return false;
  const auto& connection = waiting.mapped();
  auto& timer = connection->request_timer.emplace(io_, kAnswerTimeout);
  timer.async_wait([con = std::weak_ptr<Connection>(connection)](auto ec) {
    if (const auto slow = con.lock(); slow && !ec) slow->abort(true);
  });
  websocketpp::lib::error_code failed;
  const bool sent = guarded([&] {
    respond(*connection, response);
    connection->send_http_response(failed);
  });
  if (!sent || failed) connection->abort(false);
  return sent && !failed;
}

void WsServer::Impl::on_open(const ConnectionPtr& connection) {
  if (handler_ == nullptr || stopping_) return terminate_soon(*connection, "stopping", false);
  ++stats_.opened;
  connection->upgraded();
  connection->id = ClientId{++last_id_};
  heard_from(*connection);
  clients_.add(connection->id, connection);
  connection->set_drained_handler([this, id = connection->id] {
    if (handler_ != nullptr && find(id) != nullptr) guarded([&] { handler_->on_drained(id); });
  });
  const RequestView view{*connection};
  if (!guarded([&] { handler_->on_open(connection->id, view.request); })) close(connection, 1011, "internal error");
}

void WsServer::Impl::on_message(const ConnectionPtr& connection, const Message& message) {
  heard_from(*connection);
  if (handler_ == nullptr || connection->doomed) return;
  const bool binary = message.get_opcode() == websocketpp::frame::opcode::binary;
  if (!guarded([&] { handler_->on_message(connection->id, message.get_payload(), binary); })) {
    close(connection, 1011, "internal error");
  }
}

void WsServer::Impl::on_close(Connection& connection) {
  if (!clients_.remove(connection.id)) return;
  auto code = connection.get_remote_close_code();
  auto reason = connection.get_remote_close_reason();
  if (code == kNoCloseFrame) {
    code = connection.get_local_close_code();
    reason = connection.get_local_close_reason();
  }
  if (!connection.reason.empty()) {
    code = kNoCloseFrame;
    reason = connection.reason;
  }
  asio::post(io_, [weak = weak_from_this(), id = connection.id, code, reason] {
    const auto self = weak.lock();
    if (!self || self->handler_ == nullptr) return;
    self->guarded([&] { self->handler_->on_close(id, code, reason); });
  });
}

bool WsServer::Impl::send(Connection& connection, const MessagePtr& message, bool droppable) {
  if (connection.doomed) return false;
  const auto before = waiting(connection);
  if (droppable && options_.drop_at != 0 && before > options_.drop_at) {
    ++stats_.skipped;
    return true;
  }
  if (options_.cut_at != 0 && before != 0 && before + message->get_payload().size() > options_.cut_at) {
    ++stats_.cut_slow;
    terminate_soon(connection, fmt::format("too slow: {} bytes waiting, the limit is {}", before, options_.cut_at),
                   true);
    return false;
  }
  return before == 0 ? write_first(connection, message) : !connection.send(message);
}

// Nothing waits: one system call, without the library's queue, its handlers and their allocations. What the
// kernel does not take goes the long way, and so does a socket that fails.
bool WsServer::Impl::write_first(Connection& connection, const MessagePtr& message) {
  if (connection.get_state() != websocketpp::session::state::open) return false;
  const std::string_view header = message->get_header();
  const std::string_view payload = message->get_payload();
  const auto written = connection.write_now(header, payload);
  if (written == 0) return !connection.send(message);
  if (written == header.size() + payload.size()) return true;
  const auto rest = boost::make_local_shared<Message>(nullptr);
  auto& bytes = rest->get_raw_payload();
  if (written < header.size()) bytes.assign(header.substr(written));
  bytes += payload.substr(written - std::min(written, header.size()));
  rest->set_opcode(message->get_opcode());
  rest->set_prepared(true);
  return !connection.send(rest);
}

// Ten thousand writes take 100 ms. They are made in turns of the loop, so that its owner can look after
// what is more urgent between two of them.
void WsServer::Impl::arm_turn() {
  if (turn_armed_ || !clients_.busy()) return;
  turn_armed_ = true;
  asio::post(io_, [weak = weak_from_this()] {
    const auto self = weak.lock();
    if (!self) return;
    self->turn_armed_ = false;
    self->clients_.turn();
    self->arm_turn();
  });
}

MessagePtr WsServer::Impl::scratch(std::string_view payload, bool binary) {
  const bool free =
      scratch_ && scratch_.local_use_count() == 1 && scratch_->get_payload().capacity() <= WsTraits::kKeepPayload;
  if (!free) scratch_ = boost::make_local_shared<Message>(nullptr);
  frame(*scratch_, payload, binary);
  return scratch_;
}

void WsServer::Impl::rehearse(std::string_view payload) {
  if (!rehearsal_) rehearsal_.emplace(io_);
  const auto message = scratch(payload, false);
  (*rehearsal_)(message->get_header(), message->get_payload());
}

void WsServer::Impl::close(const ConnectionPtr& connection, std::uint16_t code, std::string_view reason) {
  websocketpp::lib::error_code ec;
  connection->close(code, code == websocketpp::close::status::no_status ? std::string{} : std::string{reason}, ec);
  if (ec && connection->get_state() == websocketpp::session::state::open) connection->terminate({});
}

void WsServer::Impl::terminate_soon(Connection& connection, std::string_view reason, bool reset) {
  if (connection.doomed) return;
  connection.doomed = true;
  connection.reason = reason;
  stats_.last_cut = reason;
  asio::post(io_, [con = std::static_pointer_cast<Connection>(connection.get_shared()), reset] {
    con->terminate({});
    if (reset) con->abort(true);
  });
}

void WsServer::Impl::ping(Connection& connection) {
  websocketpp::lib::error_code ec;  // fresh for each call, and not open any more is no news
  connection.ping("", ec);
}

void WsServer::Impl::arm_sweep() {
  auto period = std::chrono::milliseconds{1000};
  for (const auto limit : {options_.ping_after, options_.silent_after}) {
    if (limit.count() > 0) period = std::min(period, std::max(limit / 4, std::chrono::milliseconds{1}));
  }
  sweep_timer_.expires_after(period / static_cast<int>(1 + clients_.size() / kSwept));
  sweep_timer_.async_wait([weak = weak_from_this()](auto ec) {
    const auto self = weak.lock();
    if (!self || ec || self->stopping_) return;
    self->sweep();
    self->arm_sweep();
  });
}

// A few hundred clients at a time: thousands would take milliseconds. The pong time-out of websocketpp restarts with
// each ping; what counts here is when the client was last heard of.
void WsServer::Impl::sweep() {
  const auto now = SteadyClock::now();
  const auto over = [](auto quiet, auto limit) { return limit.count() > 0 && quiet >= limit; };
  const auto& members = clients_.members();
  auto at = members.upper_bound(std::exchange(swept_to_, ClientId{}));
  for (std::size_t looked = 0; at != members.end(); ++at) {
    if (looked++ == kSwept) return;
    const auto& connection = at->second.peer;
    swept_to_ = at->first;
    const auto quiet = now - connection->last_rx;
    if (over(quiet, options_.silent_after) && !connection->doomed) {
      ++stats_.cut_silent;
      terminate_soon(*connection, "silent: no answer to a ping", true);
    } else if (over(quiet, options_.ping_after) && !connection->pinged) {
      connection->pinged = true;
      ping(*connection);
    }
  }
  swept_to_ = {};
}

void WsServer::Impl::stop(std::function<void()> on_stopped) {
  stopping_ = true;
  on_stopped_ = std::move(on_stopped);
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  retry_timer_.cancel();
  sweep_timer_.cancel();
  std::vector<ConnectionPtr> open;
  clients_.finish();
  for (const auto& [id, member] : clients_.members()) open.push_back(member.peer);
  for (const auto& connection : open) close(connection, websocketpp::close::status::going_away, "shutting down");
  while (!deferred_.empty()) answer(deferred_.begin()->first, unavailable("shutting down"));
  stop_timer_.expires_after(options_.stop_timeout);
  stop_timer_.async_wait([weak = weak_from_this()](auto ec) {
    if (const auto self = weak.lock(); self && !ec) self->abandon();
  });
  asio::post(io_, [weak = weak_from_this()] {
    if (const auto self = weak.lock()) self->finish_if_empty();
  });
}

// Ends every connection, whatever its state.
void WsServer::Impl::abandon() {
  std::vector<ConnectionPtr> left;
  for (const auto& [key, weak] : live_) {
    if (auto connection = weak.lock()) left.push_back(std::move(connection));
  }
  for (const auto& connection : left) {
    if (connection->reason.empty()) connection->reason = "shutting down";
    connection->terminate({});
    connection->abort(false);
  }
}

void WsServer::Impl::finish_if_empty() {
  if (!stopping_ || !live_.empty()) return;
  stop_timer_.cancel();
  if (!on_stopped_) return;
  // After the on_close calls that are already posted.
  asio::post(io_, [done = std::exchange(on_stopped_, {})] { done(); });
}

WsServer::WsServer(asio::io_context& io, WsHandler& handler, Options options)
    : impl_(std::make_shared<Impl>(io, handler, options)) {
  impl_->start();
}

WsServer::~WsServer() {
  impl_->handler_ = nullptr;
  impl_->stop({});
  impl_->abandon();
  impl_->clients_.clear();
  impl_->deferred_.clear();
}

bool HttpReply::send(const HttpResponse& response) const {
  const auto server = std::static_pointer_cast<WsServer::Impl>(server_.lock());
  return server && server->answer(number_, response);
}

Result<void> WsServer::listen(std::string_view address) { return impl_->listen(address); }

std::uint16_t WsServer::port() const {
  boost::system::error_code ec;
  return impl_->acceptor_.local_endpoint(ec).port();
}

std::string WsServer::address() const {
  boost::system::error_code ec;
  const auto endpoint = impl_->acceptor_.local_endpoint(ec);
  return ec ? std::string{} : to_text(endpoint);
}

bool WsServer::send(ClientId client, std::string_view payload, bool binary) {
  return impl_->send(client, impl_->scratch(payload, binary), false);
}
void WsServer::broadcast(std::string_view payload, bool binary) {
  if (!impl_->clients_.empty()) impl_->broadcast(impl_->scratch(payload, binary), Impl::Crowd::Reach::kAll);
}
void WsServer::broadcast_unless_held(std::string_view payload) {
  if (!impl_->clients_.empty()) impl_->broadcast(impl_->scratch(payload, false), Impl::Crowd::Reach::kNotHeld);
}
void WsServer::rehearse(std::string_view payload) { impl_->rehearse(payload); }
bool WsServer::broadcast_droppable(std::string_view payload) {
  return impl_->clients_.empty() || impl_->broadcast_droppable(impl_->scratch(payload, false));
}
void WsServer::broadcast_latest(std::string_view payload) {
  if (!impl_->clients_.empty()) impl_->broadcast_latest(impl_->scratch(payload, false));
}

bool WsServer::busy() const { return impl_->clients_.busy(); }

void WsServer::hold(ClientId client) {
  if (auto* const member = impl_->clients_.find(client)) impl_->clients_.hold(*member);
}
void WsServer::release(ClientId client) {
  if (auto* const member = impl_->clients_.find(client)) impl_->clients_.release(*member);
}

std::size_t WsServer::buffered(ClientId client) const {
  const auto* const connection = impl_->find(client);
  return connection == nullptr ? 0 : Impl::waiting(**connection);
}
std::size_t WsServer::buffered() const {
  std::size_t sum = 0;
  for (const auto& [id, member] : impl_->clients_.members()) sum += Impl::waiting(*member.peer);
  return sum;
}
std::size_t WsServer::clients() const { return impl_->clients_.size(); }
std::size_t WsServer::connections() const { return impl_->live_.size(); }

void WsServer::close(ClientId client, std::uint16_t code, std::string_view reason) {
  if (const auto* const found = impl_->find(client)) {
    const auto connection = *found;  // closing erases it
    if (code == websocketpp::close::status::policy_violation) {
      ++impl_->stats_.cut_policy;
      impl_->stats_.last_cut = reason;
    }
    Impl::close(connection, code, reason);
  }
}

void WsServer::terminate(ClientId client, std::string_view reason) {
  if (const auto* const connection = impl_->find(client)) impl_->terminate_soon(**connection, reason, false);
}

void WsServer::ping(ClientId client) {
  if (const auto* const connection = impl_->find(client)) impl_->ping(**connection);
}

void WsServer::stop(std::function<void()> on_stopped) { impl_->stop(std::move(on_stopped)); }

const WsServerStats& WsServer::stats() const { return impl_->stats_; }

}  // namespace yagura::net
