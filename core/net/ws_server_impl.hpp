// What WsServer keeps. Private to ws_server.cpp.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "core/net/fanout.hpp"
#include "core/net/write_rehearsal.hpp"
#include "core/net/ws_connection.hpp"

namespace yagura::net {

using namespace server;  // NOLINT: one class, in two files

// Callbacks of Asio hold it weakly and connections strongly, so the order in which the server, its
// connections and the io_context end does not matter.
class WsServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  using Crowd = Fanout<ConnectionPtr, MessagePtr>;

  Impl(asio::io_context& io, WsHandler& handler, Options options)
      : io_(io),
        handler_(&handler),
        options_(options),
        acceptor_(io),
        retry_timer_(io),
        sweep_timer_(io),
        stop_timer_(io) {}

  void start();
  Result<void> listen(std::string_view address);
  bool send(Connection& connection, const MessagePtr& message, bool droppable);
  static bool write_first(Connection& connection, const MessagePtr& message);
  bool send(ClientId client, const MessagePtr& message, bool droppable) {
    auto* const member = clients_.find(client);
    if (member == nullptr) return false;
    clients_.catch_up(*member);
    return send(*member->peer, message, droppable);
  }
  void broadcast(const MessagePtr& message, Crowd::Reach reach) {
    clients_.tell(message, reach);
    arm_turn();
  }
  bool broadcast_droppable(const MessagePtr& message) {
    const bool taken = clients_.offer(message);
    arm_turn();
    return taken;
  }
  void broadcast_latest(const MessagePtr& message) {
    clients_.offer_latest(message);
    arm_turn();
  }
  // A message that nobody else holds: the last one again when it has been written.
  MessagePtr scratch(std::string_view payload, bool binary);
  void rehearse(std::string_view payload);

  [[nodiscard]] const ConnectionPtr* find(ClientId client) {
    const auto* const member = clients_.find(client);
    return member == nullptr ? nullptr : &member->peer;
  }
  static std::size_t waiting(const Connection& connection) {
    return connection.get_buffered_amount() + connection.in_flight();
  }
  static void close(const ConnectionPtr& connection, std::uint16_t code, std::string_view reason);
  // Hangs up from the loop: never inside a call of ours, whose caller may be walking our clients.
  void terminate_soon(Connection& connection, std::string_view reason, bool reset);
  void ping(Connection& connection);
  void stop(std::function<void()> on_stopped);
  void abandon();
  bool answer(std::uint64_t number, const HttpResponse& response);

  asio::io_context& io_;
  WsHandler* handler_;  // null once the server object is gone
  Options options_;
  Endpoint endpoint_;
  tcp::acceptor acceptor_;
  // Open WebSockets.
  Crowd clients_{[this](const ConnectionPtr& connection, const MessagePtr& message, bool droppable) {
    return send(*connection, message, droppable);
  }};
  std::unordered_map<ServerConnection*, std::weak_ptr<Connection>> live_;
  std::unordered_map<std::uint64_t, ConnectionPtr> deferred_;  // requests that wait for their answer
  WsServerStats stats_;

 private:
  ConnectionPtr new_connection();
  void accept();
  void on_accept(const ConnectionPtr& connection, boost::system::error_code ec);
  bool admit(Connection& connection);
  void arm_request_timer(const ConnectionPtr& connection);
  void on_destroyed(ServerConnection* connection);
  bool on_validate(Connection& connection);
  void on_http(Connection& connection);
  void defer(Connection& connection, const std::function<void(const HttpReply&)>& later);
  void on_open(const ConnectionPtr& connection);
  void on_message(const ConnectionPtr& connection, const Message& message);
  void on_close(Connection& connection);
  void arm_turn();
  void sweep();
  void arm_sweep();
  void finish_if_empty();
  template <class Body>
  bool guarded(Body&& body) noexcept;

  static ConnectionPtr from(const websocketpp::connection_hdl& handle) {
    return std::static_pointer_cast<Connection>(handle.lock());
  }
  static void heard_from(Connection& connection) {
    connection.last_rx = SteadyClock::now();
    connection.pinged = false;
  }

  asio::steady_timer retry_timer_;
  asio::steady_timer sweep_timer_;
  asio::steady_timer stop_timer_;
  std::map<asio::ip::address, std::size_t> per_remote_;  // loopback is not counted
  MessagePtr scratch_;
  std::optional<WriteRehearsal> rehearsal_;  // made when first asked for: as a thread that spins begins
  std::uint64_t last_id_ = 0;
  std::uint64_t last_deferred_ = 0;
  ClientId swept_to_{};  // the sweep under way has come to here
  bool turn_armed_ = false;
  bool stopping_ = false;
  std::function<void()> on_stopped_;
};

}  // namespace yagura::net
