// The harness's two sockets: ticks out to the monitor, alerts in from it. One thread, never waits.
#pragma once

#include <string>
#include <string_view>

#include "app/bench/marks.hpp"
#include "app/bench/sockets.hpp"
#include "app/bench/ws_frames.hpp"

namespace yagura::app::bench {

class Wire {
 public:
  // Both handshakes are made; what came behind them is in the readers.
  Wire(Fd feed, FrameReader from_feed, Fd client, FrameReader from_client)
      : feed_(std::move(feed)),
        from_feed_(std::move(from_feed)),
        client_(std::move(client)),
        from_client_(std::move(from_client)) {}

  [[nodiscard]] MonoTime now() const noexcept { return std::chrono::steady_clock::now(); }
  std::int64_t send(std::string_view bytes);
  void receive(MarkBook& marks);
  [[nodiscard]] std::string_view problem() const { return problem_; }

 private:
  void hear_feed();
  void control(const FrameReader::Frame& frame, bool of_client);

  Fd feed_;
  FrameReader from_feed_;
  Fd client_;
  FrameReader from_client_;
  bool inside_frame_ = false;  // the last write ended within one: nothing may come between
  std::string pong_;           // waits for its end
  unsigned turns_ = 0;
  std::string problem_;
};

}  // namespace yagura::app::bench
