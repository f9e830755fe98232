// A vendor made of recordings: serves ticks in a vendor's language, or the very frames of a capture,
// at the pace of the recording, a multiple of it, or as fast as the clients read.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/clock.hpp"
#include "core/result.hpp"
#include "feeds/codec.hpp"
#include "feeds/pace.hpp"
#include "feeds/replay_source.hpp"

namespace boost::asio {
class io_context;
}

namespace yagura::feeds {

struct ReplayProgress {
  std::uint64_t sent = 0;     // ticks or frames taken from the source and offered to the clients
  std::uint64_t frames = 0;   // frames written, over all clients
  std::uint64_t clients = 0;  // connected now
  std::uint64_t cut = 0;      // clients dropped because they did not read
  bool started = false;       // somebody has subscribed
  bool done = false;          // the source is at its end, and nothing waits to be sent
  Timestamp event_time{};     // of the latest tick
};

// Starts with the first subscription. From then on time passes, whoever is there; at kMaxSpeed it
// stands still while nobody is subscribed or a subscribed client has more than `pause_at` bytes
// waiting. At other speeds a client that does not read is cut off at 1 MiB.
// The I/O context's thread only, but for progress().
class ReplayServer {
 public:
  struct Options {
    const Vendor* vendor = nullptr;  // with a make_server
    PacePlan pace{PaceStep{}};
    // At the end start over, times moved on by the length of the recording and a second. Sequence
    // numbers are left out from then on.
    bool loop = false;
    // At the end flush, close the clients with 1000 and report; else go on with heartbeats alone.
    bool exit_at_end = false;
    // WebSocket pings; as the vendor does by default (GMO: once a minute).
    std::optional<Duration> ping_every;
    // The key or token that clients must show, of vendors that want one; empty: any, but not none.
    std::string key;
    std::size_t pause_at = std::size_t{256} << 10;
    // Once: at the end of the source, with exit_at_end after the last client has gone.
    std::function<void()> on_done{};
  };

  ReplayServer(boost::asio::io_context& io, const Clock& clock, std::unique_ptr<ReplayTickSource> ticks,
               Options options);
  // Frames byte for byte, to every client that has subscribed to something. The vendor's side still
  // answers commands; what it said and the recording repeats to the byte is sent once.
  ReplayServer(boost::asio::io_context& io, const Clock& clock, std::unique_ptr<ReplayFrameSource> frames,
               Options options);
  ~ReplayServer();  // hangs up
  ReplayServer(const ReplayServer&) = delete;
  ReplayServer& operator=(const ReplayServer&) = delete;

  // "127.0.0.1:9225"; port 0 takes a free one.
  [[nodiscard]] Result<void> listen(std::string_view address);
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string address() const;
  // Closes the clients with 1001; `on_stopped` when they are gone, a second later at most.
  void stop(std::function<void()> on_stopped = {});

  [[nodiscard]] ReplayProgress progress() const;  // any thread
  // What was wrong with a capture so far, for people; empty while all is well.
  [[nodiscard]] std::string problem() const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace yagura::feeds
