// Threads of a benchmark, each kept on a processor of its own.
#pragma once

#include <pthread.h>
#include <sched.h>

namespace yagura::bench {

// Keeps the calling thread on one of the processors it may use, counted from zero, while it lives.
// Without, a scheduler may put both ends of a hop on one core, and then a hop takes a time slice.
class Pinned {
 public:
  explicit Pinned(int wanted) {
    pthread_getaffinity_np(pthread_self(), sizeof before_, &before_);
    for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &before_) || wanted-- != 0) continue;
      cpu_set_t one;
      CPU_ZERO(&one);
      CPU_SET(cpu, &one);
      pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    }
  }
  ~Pinned() { pthread_setaffinity_np(pthread_self(), sizeof before_, &before_); }
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace yagura::bench
