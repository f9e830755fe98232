// One feed, kept alive: connects, subscribes, turns frames into ticks, notices silence and comes
// back. Knows no vendor; a Codec speaks for it.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/steady_timer.hpp>

#include "core/clock.hpp"
#include "core/symbol.hpp"
#include "feeds/backoff.hpp"
#include "feeds/codec.hpp"
#include "feeds/feed_status.hpp"
#include "feeds/http_caller.hpp"
#include "feeds/tick_sink.hpp"
#include "feeds/transport.hpp"

namespace yagura::feeds {

struct FeedSymbol {
  SymbolId ours;
  std::string theirs;  // vendor spelling
};

// Keeps the least time between commands to one vendor. Vendors count per address, so sessions to
// the same vendor share one. One thread.
class CommandPacer {
 public:
  [[nodiscard]] MonoTime next_allowed(Duration spacing) const noexcept {
    return any_ ? last_ + spacing : MonoTime::min();
  }
  void sent(MonoTime at) noexcept {
    last_ = at;
    any_ = true;
  }

 private:
  MonoTime last_{};
  bool any_ = false;
};

// Vendor spelling to a dense position; filled at construction, then only searched.
class VendorSymbols {
 public:
  explicit VendorSymbols(std::vector<FeedSymbol> symbols);
  static constexpr std::size_t kUnknown = static_cast<std::size_t>(-1);
  [[nodiscard]] std::size_t find(std::string_view theirs) noexcept;
  [[nodiscard]] SymbolId ours(std::size_t position) const noexcept { return sorted_[position].ours; }
  [[nodiscard]] std::size_t size() const noexcept { return sorted_.size(); }

 private:
  std::vector<FeedSymbol> sorted_;  // by spelling
  std::size_t latest_ = 0;          // ticks of one symbol come in runs
};

// The I/O context's thread only, but for status(). May be destroyed at any time outside a callback
// of its own.
class FeedSession final : public TransportHandler {
 public:
  struct Options {
    std::string name;
    Url url;
    std::string login_url;                                     // "https://host:port" for the codec's HTTP calls
    std::vector<FeedSymbol> symbols;                           // subscribed in this order
    std::string ca_file;                                       // empty: the system's authorities
    std::optional<Proxy> proxy;                                // of the WebSocket
    std::optional<Proxy> login_proxy;                          // of the HTTP calls
    std::vector<std::pair<std::string, std::string>> headers;  // of the handshake, such as Origin
    std::vector<std::string> secrets;                          // never shown, wherever the vendor's words repeat them
    // Nothing received for so long, no frame and no ping: a new connection.
    Duration silence = std::chrono::seconds{60};
    Duration handshake_timeout = std::chrono::seconds{5};
    std::uint64_t seed = 1;  // of the jitter
  };

  // All outlive the session.
  struct Context {
    boost::asio::io_context& io;
    Transport& client;
    const Clock& clock;
    SourceIds& sources;
    TickSink& sink;
    CommandPacer* pacer = nullptr;  // null: one of its own
    FrameTap* tap = nullptr;
    std::function<void(const FeedStatus&)> on_change{};  // the state changed; for the log, not for ticks
    HttpCaller* http = nullptr;                          // may be null with codecs that never call
    // Steps of connecting; for people who watch one being made.
    std::function<void(const ConnectStage&)> on_stage{};
    std::function<void(const FeedStatus&)> on_error{};  // last_error is new; once a second at most
  };

  FeedSession(Options options, std::unique_ptr<Codec> codec, Context context);
  ~FeedSession();
  FeedSession(const FeedSession&) = delete;
  FeedSession& operator=(const FeedSession&) = delete;

  void start();
  // Says goodbye in the background; no tick follows. start() may come again.
  void stop();
  // A new connection at once: the liveness rules found the feed stale although its socket is fine.
  // `connection`: the one they judged, as FeedStatus::connects counts; not one made since.
  void restart(std::string_view why, std::optional<std::uint64_t> connection = {});

  [[nodiscard]] FeedStatus status() const { return board_.snapshot(); }  // any thread

  // TransportHandler; called by the client.
  void on_stage(const ConnectStage& stage) override;
  void on_open() override;
  void on_frame(Frame frame, MonoTime complete) noexcept override;  // the hot path
  void on_frames_end() override { context_.sink.on_batch_end(); }
  void on_ping() override;
  void on_close(const CloseInfo& info) override;

 private:
  void attempt();
  template <class Step>
  void guarded(Step step);
  void log_in();
  void on_answer(const HttpOutcome& outcome);
  void connect();
  void disconnected(FeedReason reason, std::string text, std::optional<Duration> not_before);
  void enter(FeedState state);
  [[nodiscard]] bool is_open() const noexcept;

  void tap_incoming(Frame frame, Timestamp received, MonoTime complete);
  void deliver(Timestamp received, MonoTime complete) noexcept;
  void became_live() noexcept;
  void handle_rest(MonoTime now);  // errors, acknowledgements, replies
  void refused(Refusal refusal);

  void command(std::string text);
  void send_commands();
  void transmit(const std::string& text);
  void redact(std::string& text) const;

  void watch();  // arms the watchdog for the next moment at which something is due
  void on_watch();
  [[nodiscard]] MonoTime next_keep_alive() const;
  template <class Call>
  void after(boost::asio::steady_timer& timer, Duration wait, Call call);

  Options options_;
  std::vector<std::string> subscription_;  // vendor spellings in the order given
  std::unique_ptr<Codec> codec_;
  Context context_;
  WallClockBeside wall_{context_.clock};
  VendorSymbols symbols_;
  std::vector<char> gap_pending_;  // by position in symbols_
  FeedStatusBoard board_;
  Backoff backoff_;
  ReturnBudget returns_;
  Decoded decoded_;

  ConnectionId connection_ = ConnectionId::kNone;
  HttpCaller::CallId call_ = HttpCaller::CallId::kNone;
  SourceId source_{};
  bool opened_before_ = false;
  MonoTime last_attempt_ = MonoTime::min();
  MonoTime last_rx_{};
  MonoTime last_tx_{};
  MonoTime refused_at_{};  // first error frame of a connection without ticks
  MonoTime last_error_shown_{};
  bool silence_suspected_ = false;

  CommandPacer own_pacer_;
  std::deque<std::string> commands_;
  boost::asio::steady_timer retry_timer_;
  boost::asio::steady_timer command_timer_;
  boost::asio::steady_timer watch_timer_;
  std::shared_ptr<char> alive_;  // timers' calls hold it weakly; made anew by each stop
};

}  // namespace yagura::feeds
