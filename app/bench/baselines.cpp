#include "app/bench/baselines.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>

namespace yagura::app::bench {
namespace {

namespace fs = std::filesystem;

fs::path folder() {
  if (const char* chosen = std::getenv("YAGURA_BASELINES"); chosen != nullptr && *chosen != '\0') return chosen;
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed).parent_path();
}

// As a shell would find it.
std::optional<fs::path> on_path(const std::string& program) {
  const char* const variable = std::getenv("PATH");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const auto end = rest.find(':');
    const auto candidate = fs::path{rest.substr(0, end)} / program;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  return std::nullopt;
}

}  // namespace

Result<std::vector<std::string>> baseline_command(const Path& path, std::uint16_t feed_port, std::size_t alert_bytes) {
  const auto dir = folder();
  std::vector<std::string> command;
  if (path.program == "node_ws") {
    const auto node = on_path("node");
    const auto script = dir / "node_ws.mjs";
    if (!node) return Error{"node is not installed"};
    if (!fs::exists(script)) return Error{script.string() + " is not there; build the target yagura_baselines"};
    command = {node->string(), script.string()};
  } else {
    const auto program = dir / "yagura_baselines";
    if (::access(program.c_str(), X_OK) != 0)
      return Error{program.string() + " is not there; build the target yagura_baselines or set YAGURA_BASELINES"};
    command = {program.string(), path.program};
  }
  command.insert(command.end(), {"--feed", "127.0.0.1:" + std::to_string(feed_port), "--wait",
                                 path.wait.value_or("block"), "--alert-bytes", std::to_string(alert_bytes)});
  return command;
}

}  // namespace yagura::app::bench
