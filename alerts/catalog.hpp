// What the alerts side knows about rules and instruments: names for people, where a Signal has
// indices. Filled while settings load, then read-only: any thread may read it. A reload makes a
// new one.
#pragma once

#include <string>
#include <vector>

#include "core/instrument.hpp"
#include "core/symbol.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct RuleInfo {
  std::string id;
  RuleKind kind = RuleKind::kMilestone;
  SymbolId instrument{};
  // By Signal::Levels::note: one per entry of the level list, then of the file, empty ones included;
  // may end after the last that is not empty.
  std::vector<std::string> notes;
  PriceDelta step{};  // of a milestone rule; else zero
};

struct Catalog {
  std::vector<RuleInfo> rules;              // by RuleIndex
  std::vector<InstrumentInfo> instruments;  // by SymbolId

  [[nodiscard]] const RuleInfo& rule(const Signal& signal) const { return rules[index_of(signal.rule)]; }
  [[nodiscard]] const InstrumentInfo& instrument(const Signal& signal) const {
    return instruments[index_of(signal.symbol)];
  }
  // Note of the headline level; nullptr without one. Milestone and level signals only.
  [[nodiscard]] const std::string* note(const Signal& signal) const {
    const auto& notes = rule(signal).notes;
    if (signal.levels.note < 0 || static_cast<std::size_t>(signal.levels.note) >= notes.size()) return nullptr;
    return &notes[static_cast<std::size_t>(signal.levels.note)];
  }
};

}  // namespace yagura::alerts
