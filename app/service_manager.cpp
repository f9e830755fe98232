#include "app/service_manager.hpp"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>  // offsetof
#include <cstdlib>
#include <cstring>
#include <utility>  // exchange

namespace yagura::app {
namespace {

constexpr timeval kPatience{.tv_sec = 0, .tv_usec = 500'000};

std::string take(const char* variable) {
  const char* value = std::getenv(variable);
  std::string text = value == nullptr ? "" : value;
  ::unsetenv(variable);
  return text;
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

ServiceManager ServiceManager::from_environment() {
  ServiceManager manager;
  manager.address_ = take("NOTIFY_SOCKET");
  const auto interval = number(take("WATCHDOG_USEC"));
  const auto meant = number(take("WATCHDOG_PID"));
  const auto& address = manager.address_;
  const bool usable = (address.starts_with('/') || address.starts_with('@')) && address.size() > 1 &&
                      address.size() < sizeof(sockaddr_un::sun_path);
  if (!usable) return manager;
  manager.socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (manager.socket_ < 0) return manager;
  ::setsockopt(manager.socket_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  if (interval && *interval > 0 && (!meant || *meant == ::getpid()))
    manager.watchdog_ = std::chrono::microseconds{*interval};
  return manager;
}

ServiceManager::ServiceManager(ServiceManager&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), address_(std::move(other.address_)), watchdog_(other.watchdog_) {}

ServiceManager::~ServiceManager() {
  if (socket_ >= 0) ::close(socket_);
}

void ServiceManager::ready(std::string_view status) const { send("READY=1\nSTATUS=" + std::string(status)); }
void ServiceManager::stopping() const { send("STOPPING=1\nSTATUS=stopping"); }
void ServiceManager::alive() const { send("WATCHDOG=1"); }
void ServiceManager::status(std::string_view text) const { send("STATUS=" + std::string(text)); }

void ServiceManager::reloading(MonoTime now) const {
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(us));
}

// A manager that does not listen is no reason to do anything else.
void ServiceManager::send(const std::string& message) const {
  if (socket_ < 0) return;
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  std::memcpy(to.sun_path, address_.data(), address_.size());
  if (address_.front() == '@') to.sun_path[0] = '\0';  // an abstract socket
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address_.size());
  static_cast<void>(
      ::sendto(socket_, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&to), size));
}

}  // namespace yagura::app
