// What systemd wants to hear of a service (sd_notify): datagrams to the socket that it names. Without
// systemd every call is a cheap nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace yagura::app {

// Any thread may send; none is made to wait for longer than half a second.
class ServiceManager {
 public:
  // Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment, so that no child speaks
  // for us: before the first thread starts.
  [[nodiscard]] static ServiceManager from_environment();
  ServiceManager() = default;
  ~ServiceManager();
  ServiceManager(ServiceManager&& other) noexcept;
  ServiceManager& operator=(ServiceManager&&) = delete;

  void ready(std::string_view status) const;
  void reloading(MonoTime now) const;  // followed by ready()
  void stopping() const;
  void alive() const;  // feeds the watchdog
  void status(std::string_view text) const;

  // Without alive() for so long we are killed.
  [[nodiscard]] std::optional<Duration> watchdog() const { return watchdog_; }

 private:
  void send(const std::string& message) const;

  int socket_ = -1;  // held open: there may be no descriptor left when it matters
  std::string address_;
  std::optional<Duration> watchdog_;
};

}  // namespace yagura::app
