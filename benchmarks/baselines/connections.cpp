#include "baselines/connections.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <strings.h>  // strncasecmp
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "baselines/frame.hpp"

namespace yagura::baselines {

namespace {

// Of one handshake and nothing else, so any will do (RFC 6455's own example).
constexpr std::string_view kKey = "dGhlIHNhbXBsZSBub25jZQ==";
constexpr std::string_view kAccepted = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
constexpr std::size_t kLongestHead = 16 * 1024;

[[noreturn]] void fail(const std::string& what) { throw std::system_error(errno, std::generic_category(), what); }

void send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0) fail("cannot send a handshake");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

// Byte by byte, so that nothing behind the head is taken; it happens once.
std::string read_head(int socket) {
  std::string head;
  while (!head.ends_with("\r\n\r\n")) {
    char byte = 0;
    const auto got = ::recv(socket, &byte, 1, 0);
    if (got < 0) fail("cannot read a handshake");
    if (got == 0 || head.size() == kLongestHead) throw std::runtime_error("no WebSocket handshake: " + head);
    head += byte;
  }
  return head;
}

std::string accept_of(std::string key) {
  key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest.data());
  std::array<unsigned char, 32> text{};
  const int size = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {reinterpret_cast<const char*>(text.data()), static_cast<std::size_t>(size)};
}

std::string key_in(const std::string& head) {
  for (std::size_t line = 0; line < head.size(); line = head.find('\n', line) + 1) {
    constexpr std::string_view kName = "sec-websocket-key:";
    if (::strncasecmp(head.c_str() + line, kName.data(), kName.size()) != 0) continue;
    const auto from = head.find_first_not_of(' ', line + kName.size());
    return head.substr(from, head.find_first_of(" \r", from) - from);
  }
  throw std::runtime_error("the client asks for no WebSocket: " + head);
}

void without_delay(int socket) {
  const int on = 1;
  if (::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
}

Socket take_client() {
  const Socket listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.get(), generic, size) != 0 || ::listen(listener.get(), 1) != 0 ||
      ::getsockname(listener.get(), generic, &size) != 0)
    fail("cannot listen");
  print_listening(ntohs(address.sin_port));

  Socket client{::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC)};
  if (client.get() < 0) fail("no client");
  without_delay(client.get());
  send_all(client.get(),
           "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
               accept_of(key_in(read_head(client.get()))) + "\r\n\r\n");
  return client;
}

Socket subscribe(const Options& options) {
  Socket feed{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(options.feed_port);
  const auto where = options.feed_host + ":" + std::to_string(options.feed_port);
  if (::inet_pton(AF_INET, options.feed_host.c_str(), &address.sin_addr) != 1)
    throw std::runtime_error("the feed's address is no IPv4 address: " + where);
  if (::connect(feed.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    fail("cannot connect to the feed at " + where);
  without_delay(feed.get());
  send_all(feed.get(), "GET / HTTP/1.1\r\nHost: " + where +
                           "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: " +
                           std::string{kKey} + "\r\n\r\n");
  const auto head = read_head(feed.get());
  if (!head.starts_with("HTTP/1.1 101") || head.find(kAccepted) == std::string::npos)
    throw std::runtime_error("the feed speaks no WebSocket: " + head);
  send_all(feed.get(), masked_frame(Opcode::kText, kSubscription));
  return feed;
}

}  // namespace

Socket::Socket(Socket&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Socket::~Socket() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Connections connect_both(const Options& options) {
  auto client = take_client();
  return {std::move(client), subscribe(options)};
}

}  // namespace yagura::baselines
