#include "app/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include <gtest/gtest.h>

namespace yagura::app {
namespace {

using namespace std::chrono_literals;

// The manager's end: a real datagram socket, by path or abstract ("@name").
class Listener {
 public:
  explicit Listener(const std::string& address) : fd_(::socket(AF_UNIX, SOCK_DGRAM, 0)) {
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    std::memcpy(name.sun_path, address.data(), address.size());
    if (address.front() == '@') name.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    bound_ = ::bind(fd_, reinterpret_cast<const sockaddr*>(&name), size) == 0;
  }
  ~Listener() { ::close(fd_); }
  [[nodiscard]] bool bound() const { return bound_; }
  [[nodiscard]] std::string next() const {  // a datagram sent before is here already
    char buffer[512];
    const auto size = ::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT);
    return size < 0 ? "nothing" : std::string(buffer, static_cast<std::size_t>(size));
  }

 private:
  int fd_;
  bool bound_ = false;
};

class ServiceManagerSpec : public ::testing::TestWithParam<bool> {
 protected:
  void TearDown() override {
    for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) ::unsetenv(name);
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }
};

TEST_P(ServiceManagerSpec, TellsWhatHappens) {
  const auto name = "yagura-manager-" + std::to_string(::getpid());
  const auto address = GetParam() ? "@" + name : (std::filesystem::temp_directory_path() / name).string();
  const Listener listener{address};
  ASSERT_TRUE(listener.bound());
  set("NOTIFY_SOCKET", address);
  set("WATCHDOG_USEC", "10000000");
  set("WATCHDOG_PID", std::to_string(::getpid()));
  const auto manager = ServiceManager::from_environment();
  EXPECT_EQ(manager.watchdog(), 10s);
  EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr) << "no child may speak for us";
  EXPECT_EQ(std::getenv("WATCHDOG_USEC"), nullptr);

  manager.ready("watching");
  manager.alive();
  manager.reloading(MonoTime{5s});
  manager.status("2 of 2 feeds live");
  manager.stopping();
  EXPECT_EQ(listener.next(), "READY=1\nSTATUS=watching");
  EXPECT_EQ(listener.next(), "WATCHDOG=1");
  EXPECT_EQ(listener.next(), "RELOADING=1\nMONOTONIC_USEC=5000000");
  EXPECT_EQ(listener.next(), "STATUS=2 of 2 feeds live");
  EXPECT_EQ(listener.next(), "STOPPING=1\nSTATUS=stopping");
  if (!GetParam()) std::filesystem::remove(address);
}

INSTANTIATE_TEST_SUITE_P(Addresses, ServiceManagerSpec, ::testing::Bool(),
                         [](const auto& row) { return row.param ? "Abstract" : "Path"; });

using ServiceManagerAlone = ServiceManagerSpec;

TEST_F(ServiceManagerAlone, WithoutSystemdNothingHappens) {
  set("WATCHDOG_USEC", "10000000");
  const auto manager = ServiceManager::from_environment();
  EXPECT_FALSE(manager.watchdog()) << "nobody to tell";
  manager.ready("watching");
  manager.alive();
}

TEST_F(ServiceManagerAlone, AnotherProcessesWatchdogIsNotOurs) {
  set("NOTIFY_SOCKET", "@yagura-nobody");
  set("WATCHDOG_USEC", "10000000");
  set("WATCHDOG_PID", "1");
  EXPECT_FALSE(ServiceManager::from_environment().watchdog());
}

TEST_F(ServiceManagerAlone, NonsenseIsIgnored) {
  for (const auto* address : {"relative", "", "/", "@"}) {
    set("NOTIFY_SOCKET", address);
    set("WATCHDOG_USEC", "soon");
    const auto manager = ServiceManager::from_environment();
    EXPECT_FALSE(manager.watchdog());
    manager.ready("watching");
  }
  set("NOTIFY_SOCKET", "/" + std::string(200, 'x'));
  ServiceManager::from_environment().ready("a path that no socket can have");
}

}  // namespace
}  // namespace yagura::app
