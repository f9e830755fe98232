// What is wrong with an input file, and whose fault it is: the exit code depends on it.
#pragma once

#include <cstdint>
#include <string>

namespace yagura::feeds {

enum class SourceErrorKind : std::uint8_t {
  kUsage,  // cannot be opened, or is not what the command line says: exit code 2
  kData,   // opened, but what it holds is no good: exit code 3
};

// One line for a person: file, line, value and what would be right.
struct SourceError {
  std::string message;
  SourceErrorKind kind = SourceErrorKind::kData;
};

}  // namespace yagura::feeds
