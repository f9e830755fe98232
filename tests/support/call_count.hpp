// Counts what a thread does between two points of the path of a tick: allocations of C and C++, mutexes
// taken and system calls by way of libc. Link tests/support/call_count.cpp, which stands in front of
// those functions for the whole binary; under the sanitizers, which do the same, it counts nothing.
//
// A window opens on a thread when it first looks at the steady clock after it has read from the feed or come
// back from waiting: that is the stamp of a complete frame, or of a tick taken from the queue. It closes when
// the thread writes an alert to a console client, and is then kept for the test to look at.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

namespace yagura::test {

// What happened in one window.
struct CallCounts {
  std::uint32_t allocations = 0;
  std::uint32_t locks = 0;
  std::uint32_t calls = 0;                   // system calls
  std::array<void*, 12> first_allocation{};  // return addresses, innermost first
  std::array<void*, 12> first_lock{};
};

[[nodiscard]] bool can_count_calls() noexcept;
// From now on; `feed` is the port of the feed's server, `console` that of ours. Forgets earlier windows.
void watch_calls(std::uint16_t feed, std::uint16_t console) noexcept;
void stop_watching_calls() noexcept;
// Windows that are closed. Call when nothing is watched.
[[nodiscard]] std::span<const CallCounts> watched_calls() noexcept;
// Reads that have brought something from the feed since then; any thread.
[[nodiscard]] std::uint64_t feed_reads() noexcept;
// The innermost functions of ours among such addresses, for people.
[[nodiscard]] std::string names_of(std::span<void* const> addresses);

}  // namespace yagura::test
