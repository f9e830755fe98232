// What a screen has still to ask of the monitor: changes that a person wants, and what fills the screen
// sooner. One thread, or a lock around it.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "console/terminal/command.hpp"

namespace yagura::console::terminal {

class RequestQueue {
 public:
  static constexpr std::size_t kMostChanges = 16;

  // False: too many wait.
  [[nodiscard]] bool change(Request request) {
    if (changes_.size() >= kMostChanges) return false;
    changes_.push_back(std::move(request));
    return true;
  }
  // Paths to GET, in place of all that wait: they are those of an earlier link.
  void fetch(std::vector<std::string> paths) { fetches_.assign(paths.begin(), paths.end()); }

  [[nodiscard]] bool empty() const { return changes_.empty() && fetches_.empty(); }
  // Changes first. Not when empty.
  Request take() {
    Request next;
    if (!changes_.empty()) {
      next = std::move(changes_.front());
      changes_.pop_front();
    } else {
      next = {"GET", std::move(fetches_.front()), {}, {}};
      fetches_.pop_front();
    }
    return next;
  }

 private:
  std::deque<Request> changes_;
  std::deque<std::string> fetches_;
};

}  // namespace yagura::console::terminal
