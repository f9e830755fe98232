#include "app/bench/wire.hpp"

#include "app/bench/child.hpp"

namespace yagura::app::bench {
namespace {

// The feed's other direction says nothing but pings; a look at it costs a system call.
constexpr unsigned kTurnsPerLook = 1024;

}  // namespace

std::int64_t Wire::send(std::string_view bytes) {
  if (!pong_.empty() && !inside_frame_) {
    static_cast<void>(send_some(feed_.get(), pong_));
    pong_.clear();
  }
  const auto taken = send_some(feed_.get(), bytes);
  if (taken < 0) problem_ = "it closed the feed's connection";
  if (taken > 0) inside_frame_ = taken < static_cast<std::int64_t>(bytes.size());
  return taken;
}

void Wire::receive(MarkBook& marks) {
  if (++turns_ % kTurnsPerLook == 0) hear_feed();
  char* const room = from_client_.room();
  const auto count = receive_some(client_.get(), room, from_client_.room_left());
  if (count == 0) return;
  const auto at = now();
  if (count < 0) {
    problem_ = "it closed the connection on which alerts come";
    return;
  }
  const auto wall = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const auto wall_minus_mono = to_ns(wall) - at.time_since_epoch().count();
  from_client_.added(static_cast<std::size_t>(count));
  FrameReader::Frame frame;
  while (from_client_.next(frame)) {
    if (frame.opcode == Opcode::kText)
      marks.on_message(frame.payload, at, wall_minus_mono);
    else
      control(frame, true);
  }
  if (from_client_.broken() != nullptr) problem_ = std::string{"from the alert server: "} + from_client_.broken();
}

void Wire::hear_feed() {
  if (interrupted()) problem_ = "interrupted";
  char* const room = from_feed_.room();
  const auto count = receive_some(feed_.get(), room, from_feed_.room_left());
  if (count < 0) problem_ = "it closed the feed's connection";
  if (count <= 0) return;
  from_feed_.added(static_cast<std::size_t>(count));
  FrameReader::Frame frame;
  while (from_feed_.next(frame)) control(frame, false);
  if (from_feed_.broken() != nullptr) problem_ = std::string{"from the feed's client: "} + from_feed_.broken();
}

void Wire::control(const FrameReader::Frame& frame, bool of_client) {
  if (frame.opcode == Opcode::kClose) problem_ = "it said goodbye";
  if (frame.opcode != Opcode::kPing) return;
  if (!of_client) return append_frame(pong_, Opcode::kPong, frame.payload, false);
  std::string pong;
  append_frame(pong, Opcode::kPong, frame.payload, true);
  static_cast<void>(send_some(client_.get(), pong));
}

}  // namespace yagura::app::bench
