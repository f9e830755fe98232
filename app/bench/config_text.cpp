#include "app/bench/config_text.hpp"

#include <functional>

namespace yagura::app::bench {
namespace {

bool is_header(std::string_view line) { return line.starts_with('['); }

void for_each_line(std::string_view text, const std::function<void(std::string_view)>& take) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    take(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool sets(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return false;
  line.remove_prefix(key.size());
  const auto next = line.find_first_not_of(' ');
  return next != std::string_view::npos && line[next] == '=';
}

}  // namespace

std::string without_sections(std::string_view toml, std::string_view header) {
  std::string out;
  bool inside = false;
  for_each_line(toml, [&](std::string_view line) {
    if (is_header(line)) inside = line.starts_with(header);
    if (!inside) out.append(line).append("\n");
  });
  return out;
}

std::string with_key(std::string_view toml, std::string_view header, std::string_view key, std::string_view value) {
  std::string out;
  bool inside = false;
  for_each_line(toml, [&](std::string_view line) {
    if (is_header(line)) inside = line.starts_with(header);
    if (inside && sets(line, key)) return;
    out.append(line).append("\n");
    if (inside && is_header(line)) out.append(key).append(" = ").append(value).append("\n");
  });
  return out;
}

}  // namespace yagura::app::bench
