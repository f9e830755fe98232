// How often this thread has allocated since it started. Link tests/support/allocation_count.cpp,
// which replaces the global operator new of the test's binary.
#pragma once

#include <cstddef>

namespace yagura::test {

[[nodiscard]] std::size_t allocations() noexcept;

}  // namespace yagura::test
