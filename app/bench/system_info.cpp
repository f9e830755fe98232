#include "app/bench/system_info.hpp"

#include <sys/utsname.h>

#include <cstdlib>
#include <fstream>
#include <thread>

#include "app/version.hpp"
#include "core/clock.hpp"

namespace yagura::app::bench {
namespace {

std::optional<std::string> first_line(const char* file) {
  std::ifstream in{file};
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

// The value of the first "name : value" line of /proc/cpuinfo.
std::string cpu_field(std::string_view name) {
  std::ifstream in{"/proc/cpuinfo"};
  for (std::string line; std::getline(in, line);) {
    const auto colon = line.find(':');
    if (line.starts_with(name) && colon != std::string::npos) return line.substr(std::min(colon + 2, line.size()));
  }
  return {};
}

}  // namespace

SystemInfo read_system_info() {
  SystemInfo info;
  info.cpu = cpu_field("model name");
  if (info.cpu.empty()) info.cpu = "unknown";
  info.hypervisor = (" " + cpu_field("flags") + " ").find(" hypervisor ") != std::string::npos;
  info.cores = std::thread::hardware_concurrency();
  utsname name{};
  if (::uname(&name) == 0) info.kernel = std::string{name.sysname} + " " + name.release + " " + name.machine;
  info.governor = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  info.clocksource = first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource").value_or("unknown");
  if (::getloadavg(info.load.data(), 3) != 3) info.load = {};
  info.compiler = kCompiler;
  info.build = kBuildType;
  info.flags = kFlags;
  info.commit = kCommit;
  info.date = format_utc(RealClock{}.now());
  return info;
}

}  // namespace yagura::app::bench
