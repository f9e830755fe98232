#include "baselines/frame.hpp"

namespace yagura::baselines {

namespace {

char as_char(std::size_t byte) { return static_cast<char>(byte & 0xFF); }

std::string length_bytes(std::size_t length) {
  if (length < 126) return {as_char(length)};
  std::string bytes{as_char(length < 65536 ? 126 : 127)};
  for (int shift = length < 65536 ? 8 : 56; shift >= 0; shift -= 8) bytes += as_char(length >> shift);
  return bytes;
}

}  // namespace

std::string text_header(std::size_t payload_bytes) { return as_char(0x81) + length_bytes(payload_bytes); }

std::string masked_frame(Opcode opcode, std::string_view payload) {
  constexpr std::string_view kMask = "\x12\x34\x56\x78";
  std::string frame{as_char(0x80 | static_cast<std::size_t>(opcode)), as_char(0x80 | payload.size())};
  frame += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += as_char(static_cast<std::size_t>(payload[i] ^ kMask[i % 4]));
  return frame;
}

}  // namespace yagura::baselines
