// What one rule said in a backtest, counted. Works for any kind of rule: what is special about one
// stands in size_of() and in app/reversals.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "core/hash128.hpp"
#include "processing/signal.hpp"

namespace yagura::app {

// How large the thing is that an alert tells of: a change of the price in raw units, a silence in
// nanoseconds. To be compared with others of its rule; nullopt for kinds without one.
[[nodiscard]] std::optional<std::int64_t> size_of(const Signal& signal);

class RuleStatistics {
 public:
  struct Largest {
    std::uint64_t seq;
    Signal signal;
    std::vector<Price> levels;
  };
  struct Day {
    Date date;
    std::uint64_t alerts = 0;
  };
  struct Hour {
    Timestamp from;  // of its first alert; the hour is [from, from + 1 h)
    std::uint64_t alerts = 0;
  };

  // `levels` are those of the signal, empty for kinds without.
  void add(const Signal& signal, std::span<const Price> levels, std::uint64_t seq);
  void add_judged() { ++judged_; }
  void add_reversed() { ++reversed_; }

  [[nodiscard]] std::uint64_t alerts() const { return alerts_; }
  [[nodiscard]] std::uint64_t urgent() const;  // high and critical
  [[nodiscard]] const std::map<std::pair<Event, Severity>, std::uint64_t>& by_event() const { return by_event_; }
  [[nodiscard]] std::size_t days_with_alerts() const { return by_day_.size(); }
  [[nodiscard]] Day busiest_day() const;                                // the first of several; zero alerts without any
  [[nodiscard]] const Hour& worst_hour() const { return worst_hour_; }  // the first of several
  // Of `judged` alerts, those that could be reversed at all, so many were.
  [[nodiscard]] std::uint64_t judged() const { return judged_; }
  [[nodiscard]] std::uint64_t reversed() const { return reversed_; }
  // By size; among alerts without one by severity; the first of equals.
  [[nodiscard]] const std::optional<Largest>& largest() const { return largest_; }
  // Equal when the same alerts came in the same order, at the same times and prices.
  [[nodiscard]] Id128 digest() const { return digest_.value(); }

 private:
  std::uint64_t alerts_ = 0;
  std::uint64_t judged_ = 0;
  std::uint64_t reversed_ = 0;
  std::map<std::pair<Event, Severity>, std::uint64_t> by_event_;
  std::map<Date, std::uint64_t> by_day_;
  std::deque<Timestamp> last_hour_;
  Hour worst_hour_;
  std::optional<Largest> largest_;
  Fnv128 digest_;
};

}  // namespace yagura::app
