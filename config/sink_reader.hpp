// The [[sink]] tables. Inside config/ only.
#pragma once

#include <optional>
#include <set>
#include <string>

#include <toml++/toml.h>

#include "alerts/sink_options.hpp"
#include "config/problems.hpp"
#include "config/table_reader.hpp"

namespace yagura::config {

class SinkReader {
 public:
  explicit SinkReader(Problems& problems) : problems_(problems) {}

  // The table of that number, from 1. Nothing when it is wrong; what is wrong has been reported.
  [[nodiscard]] std::optional<alerts::SinkOptions> read(const toml::table& table, std::size_t number);

 private:
  Problems& problems_;
  std::set<std::string> names_;
};

// "1/s", "20/min", "500/h" or "off".
[[nodiscard]] std::optional<double> parse_rate(std::string_view text);

}  // namespace yagura::config
