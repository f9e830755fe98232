// What delivery looks at in an alert.
#pragma once

#include "core/hash128.hpp"
#include "core/price.hpp"
#include "core/symbol.hpp"
#include "core/time.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct Subject {
  Id128 id;
  Id128 parent;
  Timestamp at;
  Date trading_date{};
  Price price;
  PriceDelta size;            // how large it is among its kind
  std::int64_t headline = 0;  // level, first horizon or window
  SymbolId symbol{};
  RuleIndex rule{};
  RuleKind kind{};
  Event event{};
  Severity severity{};
};

[[nodiscard]] Subject subject_of(const Signal& signal);

}  // namespace yagura::alerts
