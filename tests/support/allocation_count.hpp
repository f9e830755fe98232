// How often this thread has allocated since it started. Link tests/support/allocation_count.cpp,
// which replaces the global operator new of the test's binary.
#pragma once

#include <cstddef>

namespace yagura::test {

[[nodiscard]] std::size_t allocations() noexcept;
// The same for the whole program.
[[nodiscard]] std::size_t allocations_of_all_threads() noexcept;

}  // namespace yagura::test
