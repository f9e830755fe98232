#include "console/people.hpp"

#include "alerts/facts.hpp"

namespace yagura::console {

std::optional<AlertRef> read_alert(std::string_view json) {
  auto facts = alerts::read_facts(json);
  if (!facts || !facts->is_alert()) return std::nullopt;
  return AlertRef{.id = facts->id,
                  .episode = facts->parent.empty() ? facts->id : facts->parent,
                  .seq = facts->seq,
                  .severity = std::string(name_of(facts->severity)),
                  .kind = std::move(facts->kind),
                  .event = std::move(facts->event),
                  .instrument = std::move(facts->instrument),
                  .title = std::move(facts->title),
                  .text = std::move(facts->text)};
}

}  // namespace yagura::console
