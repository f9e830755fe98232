// Says what becomes of sinks: down, up again, switched off, dead letters. Detector thread, once a second.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "alerts/outbox.hpp"

namespace yagura::app {

class SinkLog {
 public:
  void on_second(const std::vector<alerts::SinkStatus>& sinks);

 private:
  struct Known {
    bool down = false;
    bool off = false;
    std::size_t dead = 0;
  };
  std::map<std::string, Known, std::less<>> known_;
};

}  // namespace yagura::app
