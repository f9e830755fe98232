// The storm budget of one instrument: beyond so many alerts within so long, all but the critical
// ones become one summary, until no more than half as many come. Event time only; the rules
// themselves never stop.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alerts/catalog.hpp"
#include "alerts/delivery_options.hpp"
#include "alerts/subject.hpp"
#include "core/hash128.hpp"
#include "processing/state_io.hpp"

namespace yagura::alerts {

// What was held back in one stretch of a storm. A message to sinks, not an alert: it has no `seq`.
struct StormSummary {
  // Of one rule: how many, the worst of them and how far the price went.
  struct Row {
    std::string rule;
    std::uint64_t count = 0;
    Price lowest, highest;
    Id128 worst;  // the most severe, and of those the largest
    std::string worst_event;
    Severity worst_severity{};
    Price worst_price;
    PriceDelta worst_size;

    void state(processing::StateIo& io) {
      io(rule, count, lowest, highest, worst, worst_event, worst_severity, worst_price, worst_size);
      if (worst_severity > Severity::kCritical) io.fail();
    }
  };
  SymbolId instrument{};
  Timestamp from;  // of the alert that went beyond the budget, or the end of the summary before
  Timestamp to;
  std::vector<Row> rows;  // in the order in which they first spoke

  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] Severity severity() const;
  [[nodiscard]] Id128 id(const Catalog& catalog) const;  // from instrument and `from`: the same on every run
};

// {"v":1,"id",…,"kind":"storm",…}: docs/alerts.md. Appends to `out`.
void encode(const StormSummary& summary, const Catalog& catalog, std::string& out);
// One line for a person.
[[nodiscard]] std::string plain_line(const StormSummary& summary, const Catalog& catalog);

class StormGuard {
 public:
  // Asked before offer(): the summary of a storm that is over when an alert comes at `t`.
  std::optional<StormSummary> subside(Timestamp t, const StormBudget& budget);
  // Whether the subject is to go out by itself; else it is in the summary. `rule` is its id.
  bool offer(const Subject& subject, const std::string& rule, const StormBudget& budget);
  // A summary that was due at `now`, if any; ask again until there is none.
  std::optional<StormSummary> take_due(Timestamp now, const StormBudget& budget);
  // When take_due() is to be asked next; the end of time while all is calm.
  [[nodiscard]] Timestamp next_due() const { return active_ ? until_ : Timestamp::max(); }
  // The setting is gone: nothing is held any more. What was held is returned.
  std::optional<StormSummary> stop();

  void state(processing::StateIo& io);

 private:
  // Of the alerts in the window that ends at `t`; no more than the budget and one are remembered.
  [[nodiscard]] std::size_t recent(Timestamp t, const StormBudget& budget) const;
  void add(const Subject& subject, const std::string& rule);

  std::vector<Timestamp> recent_;  // ascending, the newest that may matter
  bool active_ = false;
  Timestamp until_{};
  StormSummary held_;
};

}  // namespace yagura::alerts
