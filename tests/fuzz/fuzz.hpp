// What every fuzz target shares. A target defines LLVMFuzzerTestOneInput and fuzz_seeds.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace yagura::fuzz {

// Inputs to start from, made by the program itself; empty when random bytes do as well.
[[nodiscard]] std::vector<std::string> fuzz_seeds();

// Stops the program, which is a finding.
inline void require(bool condition, const char* what) {
  if (condition) return;
  std::fprintf(stderr, "fuzz: %s\n", what);
  std::abort();
}

}  // namespace yagura::fuzz
