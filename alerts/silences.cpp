#include "alerts/silences.hpp"

#include <algorithm>

namespace yagura::alerts {
namespace {

bool any_or(std::string_view wanted, std::string_view name) { return wanted.empty() || wanted == name; }

bool matches(const Silence& silence, const Signal& signal, const Catalog& catalog) {
  return any_or(silence.rule, catalog.rule(signal).id) &&
         any_or(silence.instrument, catalog.instrument(signal).symbol) && any_or(silence.kind, name_of(signal.kind)) &&
         (!silence.severity || signal.severity <= *silence.severity);
}

bool in_its_hours(const Silence& silence, const Signal& signal, const Catalog& catalog, Timestamp now) {
  return silence.windows.empty() || is_muted(silence.windows, now, catalog.instrument(signal).calendar);
}

}  // namespace

bool Silences::add(Silence silence) {
  if (silences_.size() >= kMost) return false;
  silences_.push_back(std::move(silence));
  return true;
}

bool Silences::remove(Id128 id) {
  return std::erase_if(silences_, [&](const Silence& silence) { return silence.id == id; }) != 0;
}

const Silence* Silences::find(Id128 id) const {
  const auto found = std::ranges::find(silences_, id, &Silence::id);
  return found == silences_.end() ? nullptr : &*found;
}

const Silence* Silences::holding(const Signal& signal, const Catalog& catalog, Timestamp now) const {
  const auto found = std::ranges::find_if(silences_, [&](const Silence& silence) {
    return !silence.over(now) && matches(silence, signal, catalog) && in_its_hours(silence, signal, catalog, now);
  });
  return found == silences_.end() ? nullptr : &*found;
}

const std::vector<Silence>& Silences::in_force(Timestamp now) {
  std::erase_if(silences_, [&](const Silence& silence) { return silence.over(now); });
  return silences_;
}

}  // namespace yagura::alerts
