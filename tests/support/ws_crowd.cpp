// ws_crowd PORT: thousands of console clients in one process. Lines of standard input are commands, each is
// answered by a line of JSON:
//   connect N [AFTER]  N more clients; answered when each has its hello; with AFTER they resume behind that alert
//   forget             counters and lists start anew
//   await K SECONDS    until every client has K alerts; the report, in time or not
//   report             what came since: alerts, their order and delay (now - ts_decided_ns), prices, states
//   drop               all hang up at once
// It has framing of its own, so that what it sees does not depend on the library under test.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Steady = std::chrono::steady_clock;

struct Client {
  int socket = -1;
  bool upgraded = false;
  bool greeted = false;
  std::string rest;                  // of a frame that has not come whole
  std::vector<std::uint64_t> heard;  // numbers of alerts
  std::uint64_t prices = 0;
  std::uint64_t states = 0;
};

std::int64_t number_after(std::string_view text, std::string_view key) {
  const auto at = text.find(key);
  return at == std::string_view::npos ? -1 : std::strtoll(text.data() + at + key.size(), nullptr, 10);
}

// Masked with zeros, which is as good as any mask.
std::string frame(unsigned opcode, std::string_view payload) {
  std::string out{static_cast<char>(0x80U | opcode), static_cast<char>(0x80U | payload.size())};
  out.append(4, '\0').append(payload);
  return out;
}

class Crowd {
 public:
  explicit Crowd(std::uint16_t port) : port_(port), epoll_(::epoll_create1(0)) {}

  void connect(std::size_t count, std::int64_t after) {
    after_ = after;
    const auto began = Steady::now();
    const auto wanted = clients_.size() + count;
    while (greeted_ + gone_ < wanted) {
      // No more than the listener's queue holds.
      while (clients_.size() < wanted && clients_.size() - greeted_ - gone_ < 256) add();
      step(1000);
      if (Steady::now() - began > std::chrono::seconds{120}) break;
    }
    std::printf("{\"clients\":%zu,\"gone\":%zu,\"seconds\":%.3f}\n", greeted_, gone_,
                std::chrono::duration<double>(Steady::now() - began).count());
  }

  void forget() {
    delays_.clear();
    bytes_ = 0;
    since_ = Steady::now();
    for (auto& client : clients_) {
      client->heard.clear();
      client->prices = client->states = 0;
    }
    std::printf("{}\n");
  }

  void await(std::size_t alerts, double seconds) {
    const auto until =
        Steady::now() + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(seconds));
    const auto all = [&] {
      return std::ranges::all_of(clients_, [&](const auto& c) { return c->socket < 0 || c->heard.size() >= alerts; });
    };
    while (!all() && Steady::now() < until) step(50);
    report();
  }

  void report() {
    std::ranges::sort(delays_);
    const auto at = [&](double share) {
      if (delays_.empty()) return 0.0;
      return delays_[static_cast<std::size_t>(share * static_cast<double>(delays_.size() - 1))] / 1e6;
    };
    std::size_t disordered = 0, doubled = 0, unlike = 0, least = ~std::size_t{0}, most = 0;
    std::uint64_t prices = 0, most_prices = 0, states = 0;
    const std::vector<std::uint64_t>* first = nullptr;
    for (const auto& client : clients_) {
      if (client->socket < 0) continue;
      auto sorted = client->heard;
      std::ranges::sort(sorted);
      disordered += !std::ranges::is_sorted(client->heard);
      doubled += std::ranges::adjacent_find(sorted) != sorted.end();
      if (first == nullptr) first = &client->heard;
      unlike += client->heard != *first;
      least = std::min(least, client->heard.size());
      most = std::max(most, client->heard.size());
      prices += client->prices;
      most_prices = std::max(most_prices, client->prices);
      states += client->states;
    }
    std::printf(
        "{\"clients\":%zu,\"gone\":%zu,\"least\":%zu,\"most\":%zu,\"unlike\":%zu,\"disordered\":%zu,\"doubled\":%zu,"
        "\"alerts\":%zu,\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"prices\":%llu,"
        "\"most_prices\":%llu,\"states\":%llu,\"bytes\":%llu,\"seconds\":%.3f}\n",
        greeted_, gone_, least, most, unlike, disordered, doubled, delays_.size(), at(.5), at(.9), at(.99), at(1),
        static_cast<unsigned long long>(prices), static_cast<unsigned long long>(most_prices),
        static_cast<unsigned long long>(states), static_cast<unsigned long long>(bytes_),
        std::chrono::duration<double>(Steady::now() - since_).count());
  }

  void drop() {
    for (auto& client : clients_) {
      if (client->socket < 0) continue;
      const linger at_once{1, 0};
      ::setsockopt(client->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
      ::close(client->socket);
    }
    clients_.clear();
    greeted_ = gone_ = 0;
    std::printf("{}\n");
  }

  // Reads what there is; false when nothing came within `ms`.
  bool step(int ms) {
    std::array<epoll_event, 512> events;
    const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), ms);
    for (int i = 0; i < count; ++i) {
      auto& client = *static_cast<Client*>(events[static_cast<std::size_t>(i)].data.ptr);
      if (!client.upgraded && (events[static_cast<std::size_t>(i)].events & EPOLLOUT) != 0) upgrade(client);
      if ((events[static_cast<std::size_t>(i)].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(client);
    }
    return count > 0;
  }
  [[nodiscard]] int epoll() const { return epoll_; }

 private:
  void add() {
    auto client = std::make_unique<Client>();
    client->socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (client->socket < 0) {
      std::perror("socket");
      std::exit(1);
    }
    const int yes = 1;
    ::setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port_);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(client->socket, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    epoll_event event{};
    event.events = EPOLLIN | EPOLLOUT;
    event.data.ptr = client.get();
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, client->socket, &event);
    clients_.push_back(std::move(client));
  }

  void upgrade(Client& client) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &client;
    ::epoll_ctl(epoll_, EPOLL_CTL_MOD, client.socket, &event);
    write(client, "GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                      "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                      "Sec-WebSocket-Version: 13\r\n\r\n");
  }

  static void write(const Client& client, const std::string& bytes) {
    static_cast<void>(::send(client.socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }

  void end(Client& client) {
    ::close(client.socket);
    client.socket = -1;
    ++gone_;
    if (client.greeted) --greeted_;
  }

  void read(Client& client) {
    static std::array<char, 1 << 18> buffer;
    const auto got = ::recv(client.socket, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (got <= 0) return end(client);
    bytes_ += static_cast<std::uint64_t>(got);
    std::string_view bytes{buffer.data(), static_cast<std::size_t>(got)};
    if (!client.rest.empty()) bytes = client.rest.append(bytes);
    const auto used = client.upgraded ? 0 : answer(client, bytes);
    if (!client.upgraded) return;
    auto left = bytes.substr(used);
    while (const auto size = take(client, left)) left.remove_prefix(size);
    std::string rest{left};
    client.rest.swap(rest);
  }

  // Bytes of the answer to the upgrade; it comes in one piece or is not ours.
  static std::size_t answer(Client& client, std::string_view bytes) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) {
      std::string rest{bytes};
      client.rest.swap(rest);
      return 0;
    }
    client.upgraded = bytes.starts_with("HTTP/1.1 101");
    return end + 4;
  }

  // Size of the frame that begins here; 0 when it is not whole.
  std::size_t take(Client& client, std::string_view bytes) {
    if (bytes.size() < 2) return 0;
    const auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])); };
    std::uint64_t size = byte(1) & 0x7fU;
    std::size_t head = 2;
    if (size >= 126) {
      const std::size_t more = size == 126 ? 2 : 8;
      head += more;
      if (bytes.size() < head) return 0;
      size = 0;
      for (std::size_t i = 2; i < head; ++i) size = size << 8U | byte(i);
    }
    if (bytes.size() < head + size) return 0;
    hear(client, static_cast<unsigned>(byte(0) & 0xfU), bytes.substr(head, size));
    return head + static_cast<std::size_t>(size);
  }

  void hear(Client& client, unsigned opcode, std::string_view payload) {
    if (opcode == 9) return write(client, frame(10, payload));
    if (opcode != 1) return;
    if (payload.starts_with(R"({"type":"tick")")) ++client.prices;
    if (payload.starts_with(R"({"type":"state")")) ++client.states;
    if (payload.starts_with(R"({"type":"hello")")) {
      client.greeted = true;
      ++greeted_;
      if (after_ >= 0) write(client, frame(1, R"({"type":"resume","after":)" + std::to_string(after_) + "}"));
    }
    if (!payload.starts_with(R"({"type":"alert")")) return;
    client.heard.push_back(static_cast<std::uint64_t>(number_after(payload, R"("seq":)")));
    const auto decided = number_after(payload, R"("ts_decided_ns":)");
    const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::nanoseconds{1};
    delays_.push_back(static_cast<double>(now - decided));
  }

  std::uint16_t port_;
  int epoll_;
  std::int64_t after_ = -1;
  std::vector<std::unique_ptr<Client>> clients_;
  std::size_t greeted_ = 0;
  std::size_t gone_ = 0;
  std::vector<double> delays_;
  std::uint64_t bytes_ = 0;
  Steady::time_point since_ = Steady::now();
};

bool obey(Crowd& crowd, const std::string& line) {
  std::istringstream words{line};
  std::string what;
  words >> what;
  double first = 0, second = -1;
  words >> first >> second;
  if (what == "connect") crowd.connect(static_cast<std::size_t>(first), static_cast<std::int64_t>(second));
  if (what == "forget") crowd.forget();
  if (what == "await") crowd.await(static_cast<std::size_t>(first), second);
  if (what == "report") crowd.report();
  if (what == "drop") crowd.drop();
  std::fflush(stdout);
  return what != "quit";
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) return 2;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  Crowd crowd{static_cast<std::uint16_t>(std::atoi(arguments[1]))};
  std::string typed;
  for (;;) {
    std::array<pollfd, 2> both{{{0, POLLIN, 0}, {crowd.epoll(), POLLIN, 0}}};
    ::poll(both.data(), both.size(), -1);
    if (both[1].revents != 0) crowd.step(0);
    if (both[0].revents == 0) continue;
    std::array<char, 256> some;
    const auto got = ::read(0, some.data(), some.size());
    if (got <= 0) return 0;
    typed.append(some.data(), static_cast<std::size_t>(got));
    for (auto end = typed.find('\n'); end != std::string::npos; end = typed.find('\n')) {
      if (!obey(crowd, typed.substr(0, end))) return 0;
      typed.erase(0, end + 1);
    }
  }
}
