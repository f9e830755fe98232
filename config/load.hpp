// Reads a configuration file. The only code that knows its syntax is in this folder.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace yagura::config {

// Either complete settings or every problem of the file, one line each, with key and remedy.
struct LoadResult {
  Settings settings;  // valid when problems is empty
  std::vector<std::string> problems;
  [[nodiscard]] bool ok() const { return problems.empty(); }
};

// Reads environment variables named by the file (secrets) only to check that they are there.
[[nodiscard]] LoadResult load_file(const std::string& path);
[[nodiscard]] LoadResult load_text(std::string_view toml, const std::string& name);

// Fills in the credentials of every feed, for commands that connect; the problems, one line each,
// when something is not there.
[[nodiscard]] std::vector<std::string> read_credentials(Settings& settings);
// The same for sinks, for commands that send.
[[nodiscard]] std::vector<std::string> read_sink_secrets(Settings& settings);

// $YAGURA_CONFIG, else config/yagura.toml here, else beside the program, else /etc/yagura.
[[nodiscard]] std::string default_config_path();

}  // namespace yagura::config
