#include "tests/support/scripted_ws_server.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

namespace yagura::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

std::string accept_key(const std::string& key) {
  const auto text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 40> encoded{};
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), SHA_DIGEST_LENGTH);
  return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(size)};
}

std::string header_of(const std::string& request, std::string_view name) {
  const auto at = request.find(std::string{"\r\n"} + std::string{name} + ": ");
  if (at == std::string::npos) return {};
  const auto begin = at + 2 + name.size() + 2;
  return request.substr(begin, request.find("\r\n", begin) - begin);
}

char byte(std::size_t value) { return static_cast<char>(static_cast<unsigned char>(value)); }

}  // namespace

std::string server_frame(std::uint8_t first, std::string_view payload) {
  std::string frame{static_cast<char>(first)};
  const auto size = payload.size();
  if (size < 126) {
    frame += byte(size);
  } else if (size < 65536) {
    frame += {byte(126), byte(size >> 8), byte(size & 0xff)};
  } else {
    frame += byte(127);
    for (int shift = 56; shift >= 0; shift -= 8) frame += byte((size >> shift) & 0xff);
  }
  return frame.append(payload);
}

std::string text_frame(std::string_view payload) { return server_frame(0x81, payload); }

ScriptedWsServer::Peer::Peer(ScriptedWsServer& server, tcp::socket socket, asio::ssl::context& context)
    : server_(server), stream_(std::move(socket), context), chunk_(65536) {}

void ScriptedWsServer::Peer::send_raw(std::string_view bytes) {
  error_code ignored;
  if (server_.options_.certificate.empty()) {
    asio::write(stream_.next_layer(), asio::buffer(bytes), ignored);
  } else {
    asio::write(stream_, asio::buffer(bytes), ignored);
  }
}

void ScriptedWsServer::Peer::close(std::uint16_t code, std::string_view reason) {
  send_raw(server_frame(0x88, std::string{byte(code >> 8), byte(code & 0xff)}.append(reason)));
}

void ScriptedWsServer::Peer::drop() {
  error_code ignored;
  stream_.next_layer().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.next_layer().close(ignored);
}

void ScriptedWsServer::Peer::reset() {
  error_code ignored;
  stream_.next_layer().set_option(asio::socket_base::linger{true, 0}, ignored);
  stream_.next_layer().close(ignored);
}

void ScriptedWsServer::Peer::read() {
  auto done = [self = shared_from_this()](const error_code& error, std::size_t size) {
    if (error) {
      self->ended = true;
      return;
    }
    if (self->muted_) return;
    self->buffer_.append(self->chunk_.data(), size);
    self->on_bytes();
    if (self->stream_.next_layer().is_open() && !self->muted_) self->read();
  };
  if (server_.options_.certificate.empty()) {
    stream_.next_layer().async_read_some(asio::buffer(chunk_), std::move(done));
  } else {
    stream_.async_read_some(asio::buffer(chunk_), std::move(done));
  }
}

void ScriptedWsServer::Peer::on_bytes() {
  if (!open && !take_request()) return;
  while (take_frame()) {
  }
}

bool ScriptedWsServer::Peer::take_request() {
  const auto end = buffer_.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  request = buffer_.substr(0, end + 4);
  buffer_.erase(0, end + 4);
  if (server_.on_request) {
    server_.on_request(*this);
    return false;
  }
  if (!server_.http_answer.empty()) {
    send_raw(server_.http_answer);
    drop();
    return false;
  }
  const auto answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
      accept_key(header_of(request, "Sec-WebSocket-Key")) + "\r\n\r\n";
  if (server_.drip_handshake) {
    send_raw(answer.substr(0, 20));
    return false;
  }
  send_raw(answer);
  open = true;
  if (server_.on_open) server_.on_open(*this);
  return true;
}

// Client frames: masked, up to 64 KiB here.
bool ScriptedWsServer::Peer::take_frame() {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(buffer_[i]); };
  if (buffer_.size() < 6) return false;
  std::size_t size = at(1) & 0x7fU;
  std::size_t head = 2;
  if (size == 126) {
    size = (std::size_t{at(2)} << 8) | at(3);
    head = 4;
  }
  if (buffer_.size() < head + 4 + size) return false;
  std::string payload = buffer_.substr(head + 4, size);
  for (std::size_t i = 0; i < size; ++i) payload[i] = byte(static_cast<unsigned char>(payload[i]) ^ at(head + i % 4));
  const auto opcode = static_cast<std::uint8_t>(at(0) & 0x0f);
  buffer_.erase(0, head + 4 + size);
  on_message(opcode, std::move(payload));
  return true;
}

void ScriptedWsServer::Peer::on_message(std::uint8_t opcode, std::string payload) {
  if (opcode == 8) {
    close_code = payload.size() >= 2 ? static_cast<std::uint16_t>((static_cast<unsigned char>(payload[0]) << 8) |
                                                                  static_cast<unsigned char>(payload[1]))
                                     : std::uint16_t{1005};
    return;
  }
  if (opcode != 1) return;
  texts.push_back(std::move(payload));
  text_times.push_back(std::chrono::steady_clock::now());
  if (server_.on_text) server_.on_text(*this, texts.back());
}

ScriptedWsServer::ScriptedWsServer(asio::io_context& io, Options options)
    : io_(io), options_(std::move(options)), context_(asio::ssl::context::tls_server), acceptor_(io) {
  if (!options_.certificate.empty()) {
    context_.use_certificate_chain_file(options_.certificate);
    context_.use_private_key_file(options_.key, asio::ssl::context::pem);
    if (options_.max_tls_version != 0) {
      SSL_CTX_set_max_proto_version(context_.native_handle(), options_.max_tls_version);
      SSL_CTX_set_min_proto_version(context_.native_handle(), options_.max_tls_version);
      SSL_CTX_set_security_level(context_.native_handle(), 0);
    }
  }
  listen_again();
}

ScriptedWsServer::~ScriptedWsServer() {
  stop_listening();
  for (auto& peer : peers) peer->drop();
  io_.restart();
  io_.poll();
}

std::string ScriptedWsServer::url(std::string_view host) const {
  return std::string{options_.certificate.empty() ? "ws://" : "wss://"} + std::string{host} + ":" +
         std::to_string(port_) + "/";
}

bool ScriptedWsServer::can_listen(asio::io_context& io, const std::string& address) {
  error_code error;
  const tcp::endpoint there{asio::ip::make_address(address), 0};
  tcp::acceptor acceptor{io};
  acceptor.open(there.protocol(), error);
  if (!error) acceptor.bind(there, error);
  return !error;
}

void ScriptedWsServer::stop_listening() {
  error_code ignored;
  acceptor_.close(ignored);
}

void ScriptedWsServer::listen_again() {
  const tcp::endpoint here{asio::ip::make_address(options_.address), port_};
  acceptor_.open(here.protocol());
  acceptor_.set_option(tcp::acceptor::reuse_address{true});
  acceptor_.bind(here);
  acceptor_.listen();
  port_ = acceptor_.local_endpoint().port();
  accept();
}

void ScriptedWsServer::accept() {
  acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
    if (error) return;
    accept_times.push_back(std::chrono::steady_clock::now());
    socket.set_option(tcp::no_delay{true});
    const std::shared_ptr<Peer> peer{new Peer{*this, std::move(socket), context_}};
    peers.push_back(peer);
    if (!greeting.empty()) peer->send_raw(greeting);
    if (hang_up) {
      peer->drop();
      return accept();
    }
    if (!mute_handshake && options_.certificate.empty()) peer->read();
    if (!mute_handshake && !options_.certificate.empty()) {
      peer->stream_.async_handshake(asio::ssl::stream_base::server, [peer](const error_code& failed) {
        if (failed) {
          peer->ended = true;
          peer->drop();
        } else {
          const char* const name = SSL_get_servername(peer->stream_.native_handle(), TLSEXT_NAMETYPE_host_name);
          if (name != nullptr) peer->server_name = name;
          peer->read();
        }
      });
    }
    accept();
  });
}

bool run_until(asio::io_context& io, const std::function<bool()>& done, std::chrono::milliseconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    if (io.stopped()) io.restart();
    io.run_one_for(std::chrono::milliseconds{10});
  }
  return true;
}

}  // namespace yagura::test
