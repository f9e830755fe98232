#include "tests/support/ws_test_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace yagura::test {
namespace {

using SteadyClock = std::chrono::steady_clock;

std::chrono::milliseconds left_until(SteadyClock::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now());
  return std::max(left, std::chrono::milliseconds{0});
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

}  // namespace

TcpClient::TcpClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  if (socket_ < 0) throw TestClientError{"socket: " + std::string{std::strerror(errno)}};
  if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    const std::string why = std::strerror(errno);
    ::close(std::exchange(socket_, -1));
    throw TestClientError{"connect to port " + std::to_string(port) + ": " + why};
  }
}

TcpClient::~TcpClient() {
  if (socket_ >= 0) ::close(socket_);
}

bool TcpClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    pollfd writable{socket_, POLLOUT, 0};
    if (::poll(&writable, 1, static_cast<int>(kPatience.count())) <= 0)
      throw TestClientError{"send: the peer reads nothing"};
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string TcpClient::receive(std::chrono::milliseconds limit) {
  pollfd readable{socket_, POLLIN, 0};
  if (::poll(&readable, 1, static_cast<int>(limit.count())) <= 0)
    throw TestClientError{"receive: nothing came in time"};
  std::array<char, 65536> buffer;
  const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  return got <= 0 ? std::string{} : std::string(buffer.data(), static_cast<std::size_t>(got));
}

std::string TcpClient::receive_to_end(std::chrono::milliseconds limit) {
  const auto deadline = SteadyClock::now() + limit;
  std::string all;
  for (;;) {
    const auto part = receive(left_until(deadline));
    if (part.empty()) return all;
    all += part;
  }
}

void TcpClient::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  ::close(std::exchange(socket_, -1));
}

HttpReply parse_reply(std::string_view bytes) {
  HttpReply reply;
  const auto head_end = bytes.find("\r\n\r\n");
  if (head_end == std::string_view::npos || bytes.size() < 12) return reply;
  std::from_chars(bytes.data() + 9, bytes.data() + 12, reply.status);
  auto head = bytes.substr(0, head_end + 2);
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const auto line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(line.size() + 2);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos) reply.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
  }
  reply.body = bytes.substr(head_end + 4);
  return reply;
}

namespace {

// Ours first, unless given; then the given ones.
std::string request_text(std::string_view line, const Headers& ours, const Headers& given) {
  std::string text{line};
  for (const auto& [name, value] : ours) {
    const bool replaced =
        std::any_of(given.begin(), given.end(), [&](const auto& header) { return lower(header.first) == lower(name); });
    if (!replaced) text += name + ": " + value + "\r\n";
  }
  for (const auto& [name, value] : given) {
    if (!value.empty()) text += name + ": " + value + "\r\n";
  }
  return text + "\r\n";
}

}  // namespace

HttpReply http_request(std::uint16_t port, std::string_view method, std::string_view target, const Headers& headers,
                       std::string_view body) {
  Headers ours{{"Host", "127.0.0.1:" + std::to_string(port)}};
  if (!body.empty()) ours.emplace_back("Content-Length", std::to_string(body.size()));
  TcpClient tcp{port};
  tcp.send(request_text(std::string{method} + " " + std::string{target} + " HTTP/1.1\r\n", ours, headers));
  tcp.send(body);
  return parse_reply(tcp.receive_to_end());
}

WsTestClient::WsTestClient(std::uint16_t port, const Options& options)
    : tcp_(port, options.receive_buffer), answers_pings_(options.answers_pings) {
  // The key and its answer are RFC 6455's own example.
  const Headers ours{{"Host", "127.0.0.1:" + std::to_string(port)},
                     {"Upgrade", "websocket"},
                     {"Connection", "Upgrade"},
                     {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                     {"Sec-WebSocket-Version", "13"}};
  tcp_.send(request_text("GET " + options.path + " HTTP/1.1\r\n", ours, options.headers));
  std::size_t head_end = std::string::npos;
  while ((head_end = input_.find("\r\n\r\n")) == std::string::npos) {
    const auto part = tcp_.receive();
    if (part.empty()) return;
    input_ += part;
  }
  handshake_ = parse_reply(input_);
  if (handshake_.status != 101) {
    handshake_ = parse_reply(input_ + tcp_.receive_to_end());
    return;
  }
  handshake_.body.clear();
  input_.erase(0, head_end + 4);
  if (handshake_.headers["sec-websocket-accept"] != "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") {
    throw TestClientError{"handshake: wrong Sec-WebSocket-Accept"};
  }
}

bool WsTestClient::send_close(std::uint16_t code, std::string_view reason) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
  payload += reason;
  return send_frame(8, payload);
}

bool WsTestClient::send_frame(std::uint8_t opcode, std::string_view payload, bool fin, bool masked, int rsv) {
  std::string bytes;
  bytes += static_cast<char>((fin ? 0x80 : 0) | (rsv << 4) | opcode);
  const int mask_bit = masked ? 0x80 : 0;
  if (payload.size() < 126) {
    bytes += static_cast<char>(mask_bit | static_cast<int>(payload.size()));
  } else {
    const int length_bytes = payload.size() < 65536 ? 2 : 8;
    bytes += static_cast<char>(mask_bit | (length_bytes == 2 ? 126 : 127));
    for (int i = length_bytes - 1; i >= 0; --i) bytes += static_cast<char>((payload.size() >> (8 * i)) & 0xff);
  }
  constexpr std::string_view kMask = "\x12\x34\x56\x78";
  if (masked) bytes += kMask;
  for (std::size_t i = 0; i < payload.size(); ++i) {
    bytes += masked ? static_cast<char>(payload[i] ^ kMask[i % 4]) : payload[i];
  }
  return tcp_.send(bytes);
}

std::optional<WsFrame> WsTestClient::take_frame() {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(input_[i]); };
  if (input_.size() < 2) return std::nullopt;
  std::size_t head = 2;
  std::size_t size = byte(1) & 0x7f;
  if (size >= 126) {
    const std::size_t length_bytes = size == 126 ? 2 : 8;
    head += length_bytes;
    if (input_.size() < head) return std::nullopt;
    size = 0;
    for (std::size_t i = 2; i < head; ++i) size = size << 8 | byte(i);
  }
  if (byte(1) & 0x80) throw TestClientError{"the server masked a frame"};
  if (input_.size() < head + size) return std::nullopt;
  WsFrame frame{static_cast<std::uint8_t>(byte(0) & 0x0f), (byte(0) & 0x80) != 0, input_.substr(head, size)};
  input_.erase(0, head + size);
  return frame;
}

std::optional<WsFrame> WsTestClient::next_frame(std::chrono::milliseconds limit) {
  const auto deadline = SteadyClock::now() + limit;
  for (;;) {
    if (auto frame = take_frame()) return frame;
    pollfd readable{tcp_.native(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(left_until(deadline).count())) <= 0) return std::nullopt;
    const auto part = tcp_.receive();
    if (part.empty()) throw TestClientError{"the server closed the connection"};
    input_ += part;
  }
}

std::string WsTestClient::next_text(std::chrono::milliseconds limit) {
  const auto deadline = SteadyClock::now() + limit;
  while (const auto frame = next_frame(left_until(deadline))) {
    if (frame->opcode == 1) return frame->payload;
    if (frame->opcode == 9 && answers_pings_) send_frame(10, frame->payload);
    if (frame->opcode != 9 && frame->opcode != 10) {
      throw TestClientError{"expected text, got opcode " + std::to_string(frame->opcode)};
    }
  }
  throw TestClientError{"no text came in time"};
}

std::string WsTestClient::next_text_with(std::string_view part, std::chrono::milliseconds limit) {
  const auto deadline = SteadyClock::now() + limit;
  for (;;) {
    auto text = next_text(left_until(deadline));
    if (text.find(part) != std::string::npos) return text;
  }
}

WsClose WsTestClient::wait_close(std::chrono::milliseconds limit) {
  const auto deadline = SteadyClock::now() + limit;
  try {
    while (const auto frame = next_frame(left_until(deadline))) {
      if (frame->opcode != 8) continue;
      if (frame->payload.size() < 2) return {1005, {}};
      const auto high = static_cast<unsigned char>(frame->payload[0]);
      const auto low = static_cast<unsigned char>(frame->payload[1]);
      return {static_cast<std::uint16_t>(high << 8 | low), frame->payload.substr(2)};
    }
  } catch (const TestClientError&) {
    return {1006, {}};
  }
  throw TestClientError{"the server did not close in time"};
}

}  // namespace yagura::test
