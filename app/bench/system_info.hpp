// The conditions of a measurement: what must stand beside every figure.
#pragma once

#include <array>
#include <optional>
#include <string>

namespace yagura::app::bench {

struct SystemInfo {
  std::string cpu;
  unsigned cores = 0;  // that we may run on
  std::string kernel;
  std::optional<std::string> governor;  // of the first core; none: the machine does not say
  std::string clocksource;
  bool hypervisor = false;
  std::array<double, 3> load{};  // when the run began
  std::string compiler, build, flags, commit;
  std::string date;  // UTC
};

[[nodiscard]] SystemInfo read_system_info();

}  // namespace yagura::app::bench
