// yagura alerts list: the newest alerts, oldest first.
#include <unistd.h>

#include <cstdio>
#include <unordered_set>

#include "alerts/facts.hpp"
#include "alerts/plain_text.hpp"
#include "app/journal_view.hpp"
#include "app/start_up.hpp"
#include "app/text_table.hpp"

namespace yagura::app {
namespace {

constexpr std::size_t kMostListed = 100'000;

struct HashId {
  std::size_t operator()(Id128 id) const { return static_cast<std::size_t>(id.lo); }
};
using Ids = std::unordered_set<Id128, HashId>;

// Episodes that are acknowledged.
Ids acknowledged(const std::vector<alerts::Action>& actions) {
  Ids ids;
  for (const auto& action : actions) {
    if (action.kind == "ack") ids.insert(action.id);
    if (action.kind == "unack") ids.erase(action.id);
  }
  return ids;
}

std::string state_of(const alerts::Facts& facts, const Ids& acks, const std::unordered_set<std::uint64_t>& open) {
  const bool acked = acks.contains(facts.parent.empty() ? facts.id : facts.parent);
  const bool waits = open.contains(facts.seq);
  return acked && waits ? "ack, unsent" : acked ? "ack" : waits ? "unsent" : "";
}

}  // namespace

int list_alerts(const AlertsOptions& options) {
  auto query = open_journal(options.state);
  if (!query) return complain(query.error().code, query.error().message);
  auto filter = filter_of(options);
  if (!filter) return complain(filter.error().code, filter.error().message);
  filter->limit = std::min(options.limit, kMostListed);
  filter->newest = true;
  const auto found = query->alerts(*filter);
  if (!found) return complain(kFailed, found.error().message);
  const auto actions = query->actions_since(Timestamp{});
  if (!actions) return complain(kFailed, actions.error().message);
  const auto open = query->undelivered();
  if (!open) return complain(kFailed, open.error().message);

  const auto acks = acknowledged(*actions);
  const std::unordered_set<std::uint64_t> unsent(open->begin(), open->end());
  TextTable table{{{"seq"},
                   {"time", Align::kLeft},
                   {"severity", Align::kLeft},
                   {"title", Align::kLeft},
                   {"state", Align::kLeft},
                   {"id", Align::kLeft}}};
  for (const auto& alert : *found) {
    const auto facts = alerts::read_facts(alert.json);
    if (!facts) return complain(kBadData, "alert " + std::to_string(alert.seq) + ": " + facts.error().message);
    table.row({grouped(alert.seq), tokyo_time(alert.ts_event), std::string(name_of(facts->severity)),
               alerts::printable(facts->title), state_of(*facts, acks, unsent), alerts::short_id(facts->id)});
  }
  if (found->empty())
    std::puts("no alerts");
  else
    std::fputs(table.text(::isatty(STDOUT_FILENO) == 1).c_str(), stdout);
  return kDone;
}

}  // namespace yagura::app
