#include "app/bench/ws_frames.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <cctype>
#include <cstring>

#include "core/net/base64.hpp"

namespace yagura::app::bench {
namespace {

constexpr auto kPatience = std::chrono::seconds{5};
constexpr std::string_view kEndOfHead = "\r\n\r\n";
constexpr std::size_t kMaxPayload = std::size_t{1} << 20;

std::uint64_t big_endian(const char* from, std::size_t bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes; ++i) value = value << 8 | static_cast<unsigned char>(from[i]);
  return value;
}

// The value of a header line; empty without it.
std::string_view header(std::string_view head, std::string_view name) {
  const auto same = [](char a, char b) { return std::tolower(a) == std::tolower(b); };
  const auto at = std::search(head.begin(), head.end(), name.begin(), name.end(), same);
  if (at == head.end()) return {};
  auto value = head.substr(static_cast<std::size_t>(at - head.begin()) + name.size());
  value = value.substr(0, value.find("\r\n"));
  value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
  return value;
}

}  // namespace

void append_frame(std::string& out, Opcode opcode, std::string_view payload, bool masked) {
  constexpr int kFinal = 0x80;
  const int mask = masked ? 0x80 : 0;
  out.push_back(static_cast<char>(kFinal | static_cast<int>(opcode)));
  const auto size = payload.size();
  if (size < 126) {
    out.push_back(static_cast<char>(mask | static_cast<int>(size)));
  } else if (size < 65536) {
    out.push_back(static_cast<char>(mask | 126));
    for (const int shift : {8, 0}) out.push_back(static_cast<char>(size >> shift));
  } else {
    out.push_back(static_cast<char>(mask | 127));
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(size >> shift));
  }
  if (masked) out.append(4, '\0');
  out.append(payload);
}

std::string accept_key(std::string_view key) {
  const auto text = std::string{key} + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::string answer;
  net::append_base64(answer, {reinterpret_cast<const char*>(digest.data()), digest.size()});
  return answer;
}

Result<void> serve_handshake(const Fd& socket, std::string& rest) {
  if (auto read = read_until(socket, kEndOfHead, kPatience, rest); !read) return read;
  const auto end = rest.find(kEndOfHead) + kEndOfHead.size();
  const auto key = header(std::string_view{rest}.substr(0, end), "Sec-WebSocket-Key:");
  if (!rest.starts_with("GET ") || key.empty()) return Error{"what connected to the feed asked for no WebSocket"};
  const auto answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
      accept_key(key) + "\r\n\r\n";
  rest.erase(0, end);
  return send_all(socket, answer);
}

Result<void> client_handshake(const Fd& socket, std::uint16_t port, std::string& rest) {
  const std::string key = "eWFndXJhIGJlbmNoIGtleQ==";  // any 16 bytes; nothing here is to be secret
  const auto request = "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
                       "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: " +
                       key + "\r\n\r\n";
  if (auto sent = send_all(socket, request); !sent) return sent;
  if (auto read = read_until(socket, kEndOfHead, kPatience, rest); !read) return read;
  const auto end = rest.find(kEndOfHead) + kEndOfHead.size();
  const auto head = std::string_view{rest}.substr(0, end);
  if (!head.starts_with("HTTP/1.1 101") || header(head, "Sec-WebSocket-Accept:") != accept_key(key))
    return Error{"the alert server refused the WebSocket: " + rest.substr(0, rest.find("\r\n"))};
  rest.erase(0, end);
  return {};
}

char* FrameReader::room() noexcept {
  if (begin_ == end_) {
    begin_ = end_ = 0;
  } else if (room_left() < buffer_.size() / 4 && begin_ != 0) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  return buffer_.data() + end_;
}

void FrameReader::add(std::string_view bytes) {
  char* const to = room();
  const auto count = std::min(bytes.size(), room_left());
  std::memcpy(to, bytes.data(), count);
  added(count);
}

bool FrameReader::next(Frame& frame) noexcept {
  const char* const at = buffer_.data() + begin_;
  const auto have = end_ - begin_;
  if (have < 2 || broken_ != nullptr) return false;
  const auto first = static_cast<unsigned char>(at[0]);
  const auto second = static_cast<unsigned char>(at[1]);
  if ((first & 0xf0) != 0x80) {
    broken_ = "a frame that is a part of a message, or compressed";
    return false;
  }
  const bool masked = (second & 0x80) != 0;
  std::uint64_t size = second & 0x7f;
  std::size_t head = 2;
  if (size >= 126) {
    const std::size_t bytes = size == 126 ? 2 : 8;
    if (have < head + bytes) return false;
    size = big_endian(at + 2, bytes);
    head += bytes;
  }
  if (size > kMaxPayload) {
    broken_ = "a frame beyond 1 MiB";
    return false;
  }
  const std::size_t mask = masked ? 4 : 0;
  if (have < head + mask + size) return false;
  char* const payload = buffer_.data() + begin_ + head + mask;
  for (std::size_t i = 0; masked && i < size; ++i) payload[i] = static_cast<char>(payload[i] ^ at[head + i % 4]);
  frame = {static_cast<Opcode>(first & 0x0f), {payload, static_cast<std::size_t>(size)}};
  begin_ += head + mask + static_cast<std::size_t>(size);
  return true;
}

}  // namespace yagura::app::bench
