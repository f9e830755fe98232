// A WsServer on a free port of loopback, with a handler that tests read and steer.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/net/ws_server.hpp"
#include "tests/support/io_thread.hpp"
#include "tests/support/ws_test_client.hpp"

namespace yagura::net {

// Echoes messages; notes what happened. Callbacks on the server's thread, the rest anywhere.
class NotingHandler : public WsHandler {
 public:
  HttpResponse on_http(const HttpRequest& request) override {
    if (request.path == "/throw") throw std::runtime_error{"on purpose"};
    if (request.path == "/empty") return {204, {}, {}};
    return {200,
            std::string{request.method} + " " + std::string{request.path} + " ? " + std::string{request.query} + " [" +
                std::string{request.body} + "] " + std::string{request.header("x-Test")},
            {{"Content-Type", "text/plain"}}};
  }
  std::optional<HttpResponse> on_validate(const HttpRequest& request) override {
    if (request.header("Origin") == "http://evil.example") return HttpResponse{403, "origin not allowed", {}};
    return std::nullopt;
  }
  void on_open(ClientId client, const HttpRequest& request) override {
    const std::lock_guard lock{mutex};
    open_clients.push_back(client);
    opened_path = request.path;
    opened.arrive();
  }
  void on_message(ClientId client, std::string_view payload, bool binary) override {
    if (payload == "throw") throw std::runtime_error{"on purpose"};
    if (payload == "nothing") return messages.arrive();
    server->send(client, payload, binary);
    messages.arrive();
  }
  void on_close(ClientId, std::uint16_t code, std::string_view reason) override {
    const std::lock_guard lock{mutex};
    closes.push_back({code, std::string{reason}});
    closed.arrive();
  }
  void on_drained(ClientId) override { drained.arrive(); }

  WsServer* server = nullptr;
  std::mutex mutex;
  std::vector<ClientId> open_clients;
  std::vector<test::WsClose> closes;
  std::string opened_path;
  test::Countdown opened, messages, closed, drained;
};

class ServerSpec : public ::testing::Test {
 protected:
  void start(const WsServer::Options& options = {}) {
    io.call([&] {
      server = std::make_unique<WsServer>(io.io, handler, options);
      handler.server = server.get();
      ASSERT_TRUE(server->listen("127.0.0.1:0"));
      port = server->port();
    });
  }
  void TearDown() override {
    io.call([&] { server.reset(); });
  }
  // An open client, known to the server.
  test::WsTestClient connect(const test::WsTestClient::Options& options = {}) {
    const int before = handler.opened.count();
    test::WsTestClient client{port, options};
    EXPECT_EQ(client.status(), 101);
    EXPECT_TRUE(handler.opened.wait_for(before + 1));
    return client;
  }
  ClientId last_client() {
    const std::lock_guard lock{handler.mutex};
    return handler.open_clients.back();
  }
  test::WsClose last_close() {
    const std::lock_guard lock{handler.mutex};
    return handler.closes.back();
  }
  WsServerStats stats() {
    return io.call([&] { return server->stats(); });
  }

  test::IoThread io;
  NotingHandler handler;
  std::unique_ptr<WsServer> server;
  std::uint16_t port = 0;
};

}  // namespace yagura::net
