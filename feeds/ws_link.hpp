// One WebSocket connection from its name to its end, less the library: look-up, TCP, the time limit
// for all of it, and the one place where it ends. Included by ws_transport.cpp alone.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.hpp"
#include "feeds/transport.hpp"

namespace yagura::feeds {

// What the links of one client share; outlived by the context and the clock, not by every link.
class LinkOwner {
 public:
  LinkOwner(boost::asio::io_context& io, const Clock& clock) : io_(io), clock_(clock) {}
  [[nodiscard]] boost::asio::io_context& io() const { return io_; }
  [[nodiscard]] const Clock& clock() const { return clock_; }
  virtual void forget(ConnectionId id) = 0;  // the link has ended by itself

 protected:
  ~LinkOwner() = default;

 private:
  boost::asio::io_context& io_;
  const Clock& clock_;
};

// One connection from its name to its end. Held by the client's table and by its own pending
// operations; `handler` is null once nobody is to be told.
class Link : public std::enable_shared_from_this<Link> {
 public:
  Link(LinkOwner& owner, ConnectionId id, Url url, Transport::ConnectOptions options, TransportHandler& handler);
  virtual ~Link() = default;
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  void start();
  void detach() { handler_ = nullptr; }
  void abort();  // hangs up without a word; no call follows
  virtual bool send(std::string_view text) = 0;
  virtual void close() = 0;
  virtual void release() = 0;  // lets go of the library's connection

 protected:
  using Kind = CloseInfo::Kind;
  enum class Phase : std::uint8_t { kResolve, kConnect, kProxy, kTls, kHttp, kOpen, kDone };

  // The socket keeps the library's connection alive.
  using Socket = std::shared_ptr<boost::asio::ip::tcp::socket>;
  virtual Socket make_connection(CloseInfo& failure) = 0;
  virtual void start_handshake() = 0;
  virtual void hang_up() = 0;

  void connect(const std::vector<boost::asio::ip::tcp::endpoint>& endpoints);
  void on_connected(const Socket& socket, const boost::system::error_code& error);
  void on_way_clear();  // the socket leads to the vendor
  void on_stage(ConnectStage::Kind kind, const std::string& text);
  void on_deadline();
  void opened();
  void finish(const CloseInfo& info);
  // Runs a call of the handler's; what it throws ends this connection alone.
  template <class Call>
  void guarded(Call call);

  LinkOwner& owner_;
  const ConnectionId id_;
  const Url url_;
  const Transport::ConnectOptions options_;
  // Where TCP goes: the proxy or the vendor.
  struct Hop {
    std::string host;
    std::uint16_t port;
    bool ip_literal;
    std::string name;  // for people
  };
  const Hop hop_;
  TransportHandler* handler_;
  Phase phase_ = Phase::kResolve;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer deadline_;
};

template <class Call>
void Link::guarded(Call call) {
  if (handler_ == nullptr) return;
  try {
    call(*handler_);
  } catch (const std::exception& fault) {
    // Posted: the library is in the middle of this connection.
    boost::asio::post(owner_.io(), [self = shared_from_this(), text = std::string{"internal error: "} + fault.what()] {
      self->finish({Kind::kReset, 0, {}, text});
    });
  }
}

}  // namespace yagura::feeds
