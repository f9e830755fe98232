#include "console/routes.hpp"

namespace yagura::console {
namespace {

// The part for the name in braces; nothing when it does not fit.
std::optional<std::string_view> part_of(std::string_view pattern, std::string_view path) {
  const auto open = pattern.find('{');
  if (open == std::string_view::npos) return pattern == path ? std::optional{std::string_view{}} : std::nullopt;
  const auto before = pattern.substr(0, open);
  const auto behind = pattern.substr(pattern.find('}') + 1);
  if (path.size() <= before.size() + behind.size() || !path.starts_with(before) || !path.ends_with(behind))
    return std::nullopt;
  const auto part = path.substr(before.size(), path.size() - before.size() - behind.size());
  return part.find('/') == std::string_view::npos ? std::optional{part} : std::nullopt;
}

}  // namespace

Matched match_route(std::string_view path) {
  for (const auto& route : kRoutes) {
    if (const auto part = part_of(route.path, path)) return {&route, *part};
  }
  return {};
}

bool takes(const Route& route, std::string_view method) {
  auto methods = route.methods;
  while (!methods.empty()) {
    const auto one = methods.substr(0, methods.find(','));
    if (one == method) return true;
    methods.remove_prefix(std::min(methods.size(), one.size() + 2));
  }
  return false;
}

}  // namespace yagura::console
