// Counts instructions of chosen loops under `valgrind --tool=callgrind`; on its own it only runs them.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include <valgrind/callgrind.h>

namespace yagura::bench {

// One line "name operations" a case on standard output; callgrind's file has a part of that name.
class Meter {
 public:
  // `operation(i)` for 0 <= i < count; the loop itself is in the figure.
  template <class Operation>
  void loop(const std::string& name, std::size_t count, Operation&& operation) {
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_TOGGLE_COLLECT;
    for (std::size_t i = 0; i < count; ++i) operation(i);
    CALLGRIND_TOGGLE_COLLECT;
    finish(name, count);
  }
  // With `before(i)` ahead of each, which is not counted; some instructions of counting are.
  template <class Before, class Operation>
  void each(const std::string& name, std::size_t count, Before&& before, Operation&& operation) {
    CALLGRIND_START_INSTRUMENTATION;
    for (std::size_t i = 0; i < count; ++i) {
      before(i);
      CALLGRIND_TOGGLE_COLLECT;
      operation(i);
      CALLGRIND_TOGGLE_COLLECT;
    }
    finish(name, count);
  }

 private:
  static void finish(const std::string& name, std::size_t count) {
    CALLGRIND_DUMP_STATS_AT(name.c_str());
    CALLGRIND_STOP_INSTRUMENTATION;
    std::printf("%s %zu\n", name.c_str(), count);
    std::fflush(stdout);
  }
};

void count_feeds(Meter& meter);
void count_processing(Meter& meter);
void count_alerts(Meter& meter);
void count_net(Meter& meter);

}  // namespace yagura::bench
