// WebSocket frames as bytes, as far as a feed that sends ticks and a client that hears alerts need it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace yagura::baselines {

enum class Opcode : std::uint8_t { kContinuation = 0, kText = 1, kClose = 8, kPing = 9, kPong = 10 };

inline constexpr std::string_view kSubscription = R"({"type":"subscribe","symbols":["NI225","USDJPY","PROBE"]})";

struct Frame {
  Opcode opcode;
  std::string_view payload;
  std::size_t size;  // with its header
};

// The unmasked frame at the front of `bytes`; nothing while it is not complete.
[[nodiscard]] inline std::optional<Frame> first_frame(std::string_view bytes) noexcept {
  if (bytes.size() < 2) return std::nullopt;
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
  std::size_t header = 2;
  std::uint64_t length = byte(1) & 0x7F;
  if (length >= 126) [[unlikely]] {
    header = length == 126 ? 4 : 10;
    if (bytes.size() < header) return std::nullopt;
    length = 0;
    for (std::size_t at = 2; at < header; ++at) length = length << 8 | byte(at);
  }
  if (bytes.size() - header < length) return std::nullopt;
  return Frame{static_cast<Opcode>(byte(0) & 0x0F), bytes.substr(header, length), header + length};
}

// The header of an unmasked text frame.
[[nodiscard]] std::string text_header(std::size_t payload_bytes);

// What a client sends: masked, as it must be. For payloads below 126 bytes.
[[nodiscard]] std::string masked_frame(Opcode opcode, std::string_view payload);

}  // namespace yagura::baselines
