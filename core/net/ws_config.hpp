// How websocketpp is set up here, for servers and clients alike. One thread runs the io_context, so
// locks and strands are compiled out; so are its loggers (they would print URLs with keys) and
// permessage-deflate (half a megabyte became 512 MiB). Include it only from the few .cpp files that
// speak websocketpp: each costs twenty seconds to compile.
#pragma once

#include <boost/smart_ptr/local_shared_ptr.hpp>
#include <boost/smart_ptr/make_local_shared.hpp>
#include <cstddef>
#include <memory>
#include <websocketpp/concurrency/none.hpp>
#include <websocketpp/config/core.hpp>
#include <websocketpp/config/core_client.hpp>
#include <websocketpp/logger/stub.hpp>
#include <websocketpp/transport/asio/endpoint.hpp>
#include <websocketpp/transport/asio/security/tls.hpp>

namespace yagura::net {

// What may differ from one use to another. Derive and hide a member to change it. Sizes in bytes,
// waits in milliseconds; 0 switches a wait off.
struct WsTraits {
  // 16-64 KiB reads fastest; 4 KiB costs 7 %, 256 KiB gains nothing. Part of every connection.
  static constexpr std::size_t kReadBuffer = std::size_t{32} << 10;
  static constexpr std::size_t kMaxMessage = std::size_t{1} << 20;  // longer: closed with 1009
  static constexpr std::size_t kMaxHttpBody = std::size_t{16} << 10;
  // A payload buffer that grew beyond this is given back after its message.
  static constexpr std::size_t kKeepPayload = std::size_t{64} << 10;
  static constexpr long kResolveMs = 5000;
  static constexpr long kConnectMs = 5000;
  static constexpr long kTlsMs = 5000;
  static constexpr long kOpenHandshakeMs = 5000;
  static constexpr long kCloseHandshakeMs = 1000;
  // Base class of each connection: room for the user's own fields.
  using Connection = websocketpp::connection_base;
};

// A message whose owners are counted without the processor's locked instructions: they are all on one thread, and the
// library changes owners a dozen times a frame.
template <template <class> class Manager>
class LocalMessage : public websocketpp::message_buffer::message<Manager> {
 public:
  using ptr = boost::local_shared_ptr<LocalMessage>;
  using websocketpp::message_buffer::message<Manager>::message;
};

// Hands the same message out again once nobody holds it: a frame then costs no allocation. One per
// connection, as websocketpp makes them.
template <class Traits>
struct ReusingMessages {
  template <class Message>
  class Manager {
   public:
    using ptr = std::shared_ptr<Manager>;
    using weak_ptr = std::weak_ptr<Manager>;
    using message_ptr = typename Message::ptr;

    message_ptr get_message() { return get_message(websocketpp::frame::opcode::continuation, 0); }
    message_ptr get_message(websocketpp::frame::opcode::value opcode, std::size_t size) {
      if (last_ && last_.local_use_count() == 1 && last_->get_payload().capacity() <= Traits::kKeepPayload) {
        last_->get_raw_payload().clear();
        last_->set_header({});
        last_->set_prepared(false);
        last_->set_fin(true);
        last_->set_terminal(false);
        last_->set_compressed(false);
        last_->set_opcode(opcode);
        last_->get_raw_payload().reserve(size);
      } else {
        last_ = boost::make_local_shared<Message>(nullptr, opcode, size);
      }
      return last_;
    }
    bool recycle(Message*) { return false; }  // asked for by the library, never called

   private:
    message_ptr last_;
  };

  template <class ConnectionManager>
  struct EndpointManager {
    std::shared_ptr<ConnectionManager> get_manager() const { return std::make_shared<ConnectionManager>(); }
  };
};

// Role is websocketpp's core or core_client; Socket its plain or TLS socket policy; Transport the
// endpoint template that joins it to Asio.
template <class Traits, class Role, class Socket, class Request = typename Role::request_type,
          template <class> class Transport = websocketpp::transport::asio::endpoint>
struct WsConfig : Role {
  using type = WsConfig;
  using concurrency_type = websocketpp::concurrency::none;
  using elog_type = websocketpp::log::stub;
  using alog_type = websocketpp::log::stub;
  using request_type = Request;
  using response_type = typename Role::response_type;
  using message_type = LocalMessage<ReusingMessages<Traits>::template Manager>;
  using con_msg_manager_type = typename ReusingMessages<Traits>::template Manager<message_type>;
  using endpoint_msg_manager_type = typename ReusingMessages<Traits>::template EndpointManager<con_msg_manager_type>;
  using rng_type = websocketpp::random::random_device::int_generator<std::uint32_t, concurrency_type>;
  using connection_base = typename Traits::Connection;

  static constexpr bool enable_multithreading = false;
  static constexpr websocketpp::log::level elog_level = 0;
  static constexpr websocketpp::log::level alog_level = 0;
  static constexpr std::size_t connection_read_buffer_size = Traits::kReadBuffer;
  static constexpr std::size_t max_message_size = Traits::kMaxMessage;
  static constexpr std::size_t max_http_body_size = Traits::kMaxHttpBody;
  static constexpr long timeout_open_handshake = Traits::kOpenHandshakeMs;
  static constexpr long timeout_close_handshake = Traits::kCloseHandshakeMs;
  static constexpr long timeout_pong = 0;  // restarts at each ping and fires after close: use your own

  struct transport_config : Role::transport_config {
    using concurrency_type = typename type::concurrency_type;
    using elog_type = typename type::elog_type;
    using alog_type = typename type::alog_type;
    using request_type = typename type::request_type;
    using response_type = typename type::response_type;
    using socket_type = Socket;
    static constexpr bool enable_multithreading = false;
    static constexpr long timeout_dns_resolve = Traits::kResolveMs;
    static constexpr long timeout_connect = Traits::kConnectMs;
    static constexpr long timeout_proxy = Traits::kConnectMs;
    static constexpr long timeout_socket_post_init = Traits::kTlsMs;
    static constexpr long timeout_socket_shutdown = Traits::kCloseHandshakeMs;
  };
  using transport_type = Transport<transport_config>;
};

// websocketpp::client<PlainClientConfig<>> and its TLS twin.
template <class Traits = WsTraits>
using PlainClientConfig =
    WsConfig<Traits, websocketpp::config::core_client, websocketpp::transport::asio::basic_socket::endpoint>;
template <class Traits = WsTraits>
using TlsClientConfig =
    WsConfig<Traits, websocketpp::config::core_client, websocketpp::transport::asio::tls_socket::endpoint>;

}  // namespace yagura::net
