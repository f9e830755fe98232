// Further clients of the alert server that read all they get, on a thread of their own: the fan-out has work.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "app/bench/sockets.hpp"
#include "core/result.hpp"

namespace yagura::app::bench {

class ReadingClients {
 public:
  [[nodiscard]] static Result<std::unique_ptr<ReadingClients>> connect(std::uint16_t port, std::size_t count);
  ~ReadingClients();
  ReadingClients(const ReadingClients&) = delete;
  ReadingClients& operator=(const ReadingClients&) = delete;

 private:
  ReadingClients() = default;
  void read();

  std::vector<Fd> sockets_;
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

}  // namespace yagura::app::bench
