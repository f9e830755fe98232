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
  // runs (workers = 0); null: on one of its own. Sinks, clock and tap outlive it.
  FeedThread(const std::vector<config::FeedSettings>& feeds, const SymbolTable& symbols,
             const std::vector<feeds::TickSink*>& sinks, const Clock& clock, feeds::FrameTap* tap,
             boost::asio::io_context* shared, Hooks hooks);
  FeedThread(const std::vector<config::FeedSettings>& feeds, const SymbolTable& symbols,
             const std::vector<feeds::TickSink*>& sinks, const Clock& clock, feeds::FrameTap* tap,
             boost::asio::io_context* shared)
      : FeedThread(feeds, symbols, sinks, clock, tap, shared, Hooks{}) {}
  ~FeedThread();
  FeedThread(const FeedThread&) = delete;
  FeedThread& operator=(const FeedThread&) = delete;

  void start();
  // Says goodbye to the vendors and ends the thread. With a shared context: on its thread.
  void stop();

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

  boost::asio::io_context own_;
  boost::asio::io_context& io_;
  bool has_thread_;
  feeds::SourceIds sources_;
  FeedLog log_;
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
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::thread thread_;
};

}  // namespace yagura::app
