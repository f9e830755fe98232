// One alert to many console clients: the program's own WebSocket server and 1, 100 or 1,000 real
// loopback connections, which another thread reads as fast as it can. `first_..`: until the eldest
// client's write has returned, which is what an alert waits for; `last_..`: until every client's has;
// `read_..`: until the reader has all of it. Beside it the floor: as many plain sends of the same bytes.
#include <benchmark/benchmark.h>

#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "benchmarks/support/pinned.hpp"
#include "benchmarks/support/report.hpp"
#include "core/latency_histogram.hpp"
#include "core/net/ws_server.hpp"
#include "core/relax.hpp"
#include "core/tick.hpp"  // kCacheLine

namespace yagura::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kAlertBytes = 900;
constexpr std::size_t kFrameBytes = kAlertBytes + 4;  // as a server frames it

void raise_descriptor_limit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

// Connected sockets and the thread that reads from them; counts bytes.
class Readers {
 public:
  explicit Readers(std::uint16_t port) : port_(port) {}
  ~Readers() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    for (const int socket : sockets_) ::close(socket);
    ::close(epoll_);
  }
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;

  // A TCP connection, blocking.
  int connect() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr generic{};
    static_assert(sizeof generic == sizeof to);
    std::memcpy(&generic, &to, sizeof to);
    if (::connect(socket, &generic, sizeof generic) != 0) {
      ::close(socket);
      return -1;
    }
    sockets_.push_back(socket);
    return socket;
  }
  // All are connected and have had what they asked for.
  void start() {
    for (const int socket : sockets_) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.fd = socket;
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, socket, &event);
    }
    thread_ = std::thread([this] { run(); });
  }
  [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_.load(std::memory_order_acquire); }

 private:
  void run() {
    const Pinned pinned{1};
    std::array<epoll_event, 256> events{};
    std::array<char, 65'536> buffer{};
    while (!stop_.load(std::memory_order_relaxed)) {
      const int ready = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
      for (int i = 0; i < ready; ++i) {
        const auto got =
            ::recv(events[static_cast<std::size_t>(i)].data.fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got > 0) bytes_.store(bytes() + static_cast<std::uint64_t>(got), std::memory_order_release);
      }
    }
  }

  std::uint16_t port_;
  int epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  std::vector<int> sockets_;
  std::atomic<bool> stop_{false};
  alignas(kCacheLine) std::atomic<std::uint64_t> bytes_{0};
  std::thread thread_;
};

struct Silent final : net::WsHandler {
  net::HttpResponse on_http(const net::HttpRequest&) override { return {.status = 404}; }
  void on_open(net::ClientId, const net::HttpRequest&) override {}
  void on_message(net::ClientId, std::string_view, bool) override {}
  void on_close(net::ClientId, std::uint16_t, std::string_view) override {}
};

constexpr std::string_view kUpgrade =
    "GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

// Reads the answer up to its empty line.
bool upgraded(int socket) {
  std::string answer;
  std::array<char, 1024> buffer{};
  while (answer.find("\r\n\r\n") == std::string::npos) {
    const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    answer.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return answer.starts_with("HTTP/1.1 101");
}

bool add_client(boost::asio::io_context& io, net::WsServer& server, Readers& readers) {
  const auto before = server.clients();
  const int socket = readers.connect();
  if (socket < 0 || ::send(socket, kUpgrade.data(), kUpgrade.size(), MSG_NOSIGNAL) < 0) return false;
  const auto until = Steady::now() + std::chrono::seconds{5};
  while (server.clients() == before && Steady::now() < until) io.poll();
  return server.clients() == before + 1 && upgraded(socket);
}

// `read_..` and the pause until everybody has it, so that no broadcast meets a full socket.
void await(const Readers& readers, std::uint64_t bytes) {
  while (readers.bytes() < bytes) relax();
}

struct Times {
  LatencyHistogram first, last, read;

  void report(benchmark::State& state, std::uint64_t clients) const {
    report_percentiles(state, first, "first_");
    report_percentiles(state, last, "last_");
    report_percentiles(state, read, "read_");
    report_each(state, "client", clients);
  }
};

// One broadcast after the other, each when all have read the one before. `send` calls what it is given once its
// first client has been written to.
template <class Send>
void measure(benchmark::State& state, Readers& readers, std::uint64_t clients, Send send) {
  Times times;
  std::uint64_t sent = 0;
  const Pinned pinned{0};
  for (auto _ : state) {
    const auto start = Steady::now();
    send([&] { times.first.record(Steady::now() - start); });
    times.last.record(Steady::now() - start);
    sent += clients;
    await(readers, sent * kFrameBytes);
    times.read.record(Steady::now() - start);
  }
  times.report(state, clients);
}

void BM_Broadcast(benchmark::State& state) {
  raise_descriptor_limit();
  const auto clients = static_cast<std::uint64_t>(state.range(0));
  boost::asio::io_context io{1};
  Silent handler;
  net::WsServer server{io, handler};
  if (!server.listen("127.0.0.1:0")) return state.SkipWithError("cannot listen");
  Readers readers{server.port()};
  for (std::uint64_t i = 0; i < clients; ++i) {
    if (!add_client(io, server, readers)) return state.SkipWithError("cannot connect so many clients");
  }
  readers.start();
  const std::string alert(kAlertBytes, 'x');
  measure(state, readers, clients, [&](const auto& first_done) {
    server.broadcast(alert);
    first_done();
    while (io.poll() != 0) {
    }
  });
}
BENCHMARK(BM_Broadcast)
    ->ArgName("clients")
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond)
    ->Apply(min_too);

void BM_BroadcastFloor(benchmark::State& state) {
  raise_descriptor_limit();
  const auto clients = static_cast<std::uint64_t>(state.range(0));
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr address{};
  address.sa_family = AF_INET;
  socklen_t size = sizeof address;
  if (::bind(listener, &address, size) != 0 || ::listen(listener, 64) != 0) return state.SkipWithError("cannot listen");
  ::getsockname(listener, &address, &size);
  sockaddr_in bound{};
  std::memcpy(&bound, &address, sizeof bound);
  Readers readers{ntohs(bound.sin_port)};
  std::vector<int> sockets;
  for (std::uint64_t i = 0; i < clients; ++i) {
    if (readers.connect() < 0) return state.SkipWithError("cannot connect so many clients");
    sockets.push_back(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  }
  readers.start();
  const std::string frame(kFrameBytes, 'x');
  measure(state, readers, clients, [&](const auto& first_done) {
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if (::send(sockets[i], frame.data(), frame.size(), MSG_NOSIGNAL) < 0) state.SkipWithError("send");
      if (i == 0) first_done();
    }
  });
  for (const int socket : sockets) ::close(socket);
  ::close(listener);
}
BENCHMARK(BM_BroadcastFloor)
    ->ArgName("clients")
    ->Arg(1)
    ->Arg(100)
    ->Arg(1000)
    ->UseRealTime()
    ->Unit(benchmark::kMicrosecond)
    ->Apply(min_too);

}  // namespace
}  // namespace yagura::bench
