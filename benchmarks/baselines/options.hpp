// What every path is told.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace yagura::baselines {

enum class Wait { kSpin, kBlock };

struct Options {
  std::string feed_host = "127.0.0.1";
  std::uint16_t feed_port = 0;
  Wait wait = Wait::kBlock;
  std::size_t alert_bytes = 1024;  // of an alert's JSON, without the header of its frame
};

// One line on stdout, by which whoever started us learns where alerts are sent from.
void print_listening(std::uint16_t port);

// Each serves one client and one feed, and returns when either is gone. Throws std::exception when
// a connection cannot be made.
void run_floor(const Options& options);
void run_bare(const Options& options);
void run_beast_nlohmann(const Options& options);

}  // namespace yagura::baselines
