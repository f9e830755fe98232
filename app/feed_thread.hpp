// The feeds' side: one I/O context, all sessions on it, the thread that runs it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "app/feed_log.hpp"
#include "config/settings.hpp"
#include "core/pulse.hpp"
#include "core/relax.hpp"
#include "feeds/session.hpp"
#include "feeds/transport.hpp"

namespace yagura::app {

class FeedThread {
 public:
  // Called on the feeds' thread.
  struct Hooks {
    std::function<void(const feeds::FeedStatus&)> on_change;  // instead of lines in the log
    std::function<void(const feeds::ConnectStage&)> on_stage;
    std::function<void(const feeds::FeedStatus&)> on_error;  // instead of lines in the log
  };

  // `sinks`: one for each feed. `shared`: run the sessions on this context, which another thread
  // runs (workers = 0); null: on one of its own. `spin_for`: how long after traffic the thread looks
  // for more before it sleeps; zero: it sleeps at once. Sinks, clock and tap outlive it.
  FeedThread(const std::vector<config::FeedSettings>& feeds, const SymbolTable& symbols,
             const std::vector<feeds::TickSink*>& sinks, const Clock& clock, feeds::FrameTap* tap,
             boost::asio::io_context* shared, Duration spin_for, Hooks hooks);
  FeedThread(const std::vector<config::FeedSettings>& feeds, const SymbolTable& symbols,
             const std::vector<feeds::TickSink*>& sinks, const Clock& clock, feeds::FrameTap* tap,
             boost::asio::io_context* shared, Duration spin_for = {})
      : FeedThread(feeds, symbols, sinks, clock, tap, shared, spin_for, Hooks{}) {}
  ~FeedThread();
  FeedThread(const FeedThread&) = delete;
  FeedThread& operator=(const FeedThread&) = delete;

  // `prepare` is called on the thread of its own, first of all.
  void start(std::function<void()> prepare = {});
  // Says goodbye to the vendors and ends the thread. With a shared context: on its thread.
  void stop();

  // With a shared context, its thread: one look at the feeds' sockets; true when something had come.
  // Those of TLS and HTTP only the context sees, which then wants a look as well in each turn
  // (`context_too`). Before it sleeps there, park().
  bool poll() { return client_->poll(); }
  [[nodiscard]] bool context_too() const { return !all_websockets_ || !client_->polls_all(); }
  void park() { client_->park(); }

  // Calls `work` in two milliseconds, unless such a call is on its way already. Feed's thread.
  void soon(std::function<void()> work);

  // A feed whose socket lives but that brings no data: a new connection, unless `connection`
  // (FeedStatus::connects) is the latest no more. Any thread.
  void restart(std::size_t feed, std::uint64_t connection, std::string why);

  [[nodiscard]] const Pulse& pulse() const { return pulse_; }  // of the thread that runs the sessions
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }
  [[nodiscard]] feeds::FeedStatus status(std::size_t feed) const { return sessions_[feed]->status(); }  // any thread

 private:
  void beat();
  void turn();

  boost::asio::io_context own_;
  boost::asio::io_context& io_;
  bool has_thread_;
  Duration spin_for_;
  SpinPause pause_{2};  // the detectors' thread spins as well
  feeds::SourceIds sources_;
  FeedLog log_;
  const Clock& clock_;
  std::unique_ptr<feeds::Transport> client_;
  std::unique_ptr<feeds::Transport> streams_;  // of feeds over HTTP
  std::unique_ptr<feeds::Transport> nats_;
  std::unique_ptr<feeds::HttpCaller> http_;            // log-ins; idle for vendors that have none
  std::map<std::string, feeds::CommandPacer> pacers_;  // vendors count commands per address
  std::vector<std::unique_ptr<feeds::FeedSession>> sessions_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer beat_timer_;
  Pulse pulse_;
  bool timer_armed_ = false;
  bool all_websockets_ = true;
  std::uint64_t turns_ = 0;
  MonoTime last_traffic_{};
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
};

}  // namespace yagura::app
