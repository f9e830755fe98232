// Every key of the configuration file: what docs/config.md says and what the reader accepts are
// this one list.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace yagura::config {

struct KeySpec {
  std::string_view section;  // "instrument.*", "feed", "rule", "rule milestone", "pipeline", ...
  std::string_view key;
  std::string_view type;
  std::string_view fallback;  // default as written in a file; "required" when there is none
  std::string_view meaning;
};

[[nodiscard]] std::span<const KeySpec> schema();
[[nodiscard]] bool is_key(std::string_view section, std::string_view key);
// The key of the section that a typing error most likely meant; empty when none is close.
[[nodiscard]] std::string_view suggestion(std::string_view section, std::string_view key);
// The table part of docs/config.md.
[[nodiscard]] std::string schema_markdown();

}  // namespace yagura::config
