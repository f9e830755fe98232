// How far the reading of a file has come.
#pragma once

#include <cstdint>
#include <functional>

namespace yagura::feeds {

struct ReadProgress {
  std::uint64_t bytes;  // read so far, as they lie on the disk
  std::uint64_t size;   // of the file; 0: not known, it is a pipe
  std::uint64_t lines;
};

// Called on the reading thread after each quarter of a megabyte.
using OnRead = std::function<void(const ReadProgress&)>;

}  // namespace yagura::feeds
