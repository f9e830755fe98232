// Which alerts turned out to be false alarms: the price took back all that they had announced.
// Definition, in words for traders: docs/backtest.md, "Reversed".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/tick.hpp"
#include "processing/rules.hpp"
#include "processing/signal.hpp"

namespace yagura::app {

// An alert whose fate is not known yet. It is reversed as soon as the price is at or beyond a bound,
// except that a level which is cleared first is reversed by any price on the other side of it.
struct OpenAlert {
  RuleIndex rule;
  Direction direction;              // of the alert: an upward one is reversed from above
  Price reversed_at;                // at or beyond it, against the direction: reversed
  std::optional<Price> cleared_at;  // at or beyond it, with the direction: cleared
  Price reversed_once_cleared;      // then this takes the place of `reversed_at`
  Timestamp until;                  // later ticks no longer count
};

// How an alert would be reversed; nullopt for events that announce nothing that could be.
[[nodiscard]] std::optional<OpenAlert> open_alert(const Signal& signal, const processing::RuleOptions& rule);

// The open alerts of one instrument. As many are held as fired within the longest of their windows,
// a tick that decides nothing costs three comparisons.
class ReversalWatch {
 public:
  void add(const OpenAlert& alert);
  // An accepted tick, later than the alerts that were added. Calls `reversed(rule)` for each alert
  // that this tick reverses.
  template <class OnReversed>
  void on_tick(Timestamp t, Price price, OnReversed&& reversed) {
    if (price > floor_ && price < ceiling_ && t <= next_expiry_) return;
    std::size_t kept = 0;
    for (auto& alert : open_) {
      const auto fate = look(alert, t, price);
      if (fate == Fate::kReversed) reversed(alert.rule);
      if (fate == Fate::kOpen) open_[kept++] = alert;
    }
    open_.resize(kept);
    update_bounds();
  }
  [[nodiscard]] std::size_t size() const { return open_.size(); }

 private:
  enum class Fate : std::uint8_t { kOpen, kReversed, kExpired };
  static Fate look(OpenAlert& alert, Timestamp t, Price price);
  void update_bounds();
  void include(const OpenAlert& alert);

  std::vector<OpenAlert> open_;
  // Between these, exclusive, and until then nothing happens to any of them.
  Price floor_ = Price::from_raw(INT64_MIN);
  Price ceiling_ = Price::from_raw(INT64_MAX);
  Timestamp next_expiry_ = Timestamp::max();
};

}  // namespace yagura::app
