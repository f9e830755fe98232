// Saving the policy and taking it up again.
#include <algorithm>
#include <iterator>
#include <utility>

#include "alerts/delivery.hpp"

namespace yagura::alerts {
namespace {

// Layout of the saved state.
constexpr std::uint32_t kVersion = 1;

}  // namespace

void DeliveryPolicy::Condition::state(processing::StateIo& io) {
  io(headline, trading_date, phase, begun, waiting.subject, waiting.due, waiting.text);
  const bool known = phase <= Phase::kRecovering && static_cast<std::size_t>(begun) < kHeldReasons &&
                     waiting.subject.severity <= Severity::kCritical;
  if (!known) io.fail();
}

void DeliveryPolicy::Rule::state(processing::StateIo& io) {
  told.state(io);
  episodes.state(io);
  io(conditions, counted, first_date);
}

void DeliveryPolicy::save(std::string& out) {
  auto io = processing::StateIo::writer(out);
  auto version = kVersion;
  auto instruments = static_cast<std::uint32_t>(instruments_.size());
  auto rules = static_cast<std::uint32_t>(rules_.size());
  io(version, judged, instruments, rules);
  for (auto& instrument : instruments_) {
    io(instrument.symbol);
    io.part([&](std::string&) { instrument.storm.state(io); });
  }
  for (auto& rule : rules_) {
    io(rule.id, instruments_[index_of(rule.instrument)].symbol);
    io.part([&](std::string&) { rule.state(io); });
  }
}

bool DeliveryPolicy::load(std::string_view saved) {
  auto fresh_rules = rules_;
  auto fresh_instruments = instruments_;
  auto io = processing::StateIo::reader(saved);
  std::uint32_t version = 0, instruments = 0, rules = 0;
  std::uint64_t number = 0;
  io(version, number, instruments, rules);
  bool good = io.ok() && version == kVersion;
  for (std::uint32_t i = 0; good && i < instruments && io.ok(); ++i) {
    std::string symbol, payload;
    io(symbol, payload);
    const auto known = std::ranges::find(instruments_, symbol, &Instrument::symbol);
    if (!io.ok() || known == instruments_.end()) continue;
    auto inner = processing::StateIo::reader(payload);
    known->storm.state(inner);
    known->next_due = Timestamp::min();
    good = inner.ok() && inner.at_end();
  }
  for (std::uint32_t i = 0; good && i < rules && io.ok(); ++i) {
    std::string id, symbol, payload;
    io(id, symbol, payload);
    const auto known = std::ranges::find(rules_, id, &Rule::id);
    if (!io.ok() || known == rules_.end() || instruments_[index_of(known->instrument)].symbol != symbol) continue;
    auto inner = processing::StateIo::reader(payload);
    known->state(inner);
    for (auto& condition : known->conditions) {
      condition.waiting.subject.rule = RuleIndex{static_cast<std::uint16_t>(known - rules_.begin())};
      condition.waiting.subject.symbol = known->instrument;
    }
    good = inner.ok() && inner.at_end();
  }
  if (good && io.ok() && io.at_end()) {
    judged = number;
    for (std::size_t i = 0; i < instruments_.size() && !options_.storm; ++i) {
      summarise(instruments_[i].storm.stop(), SymbolId{static_cast<std::uint16_t>(i)});
    }
    return true;
  }
  rules_ = std::move(fresh_rules);
  instruments_ = std::move(fresh_instruments);
  return false;
}

void DeliveryPolicy::succeed(DeliveryPolicy& old) {
  static_cast<void>(load(old.save()));  // what this program has just written reads back
  counts_ = old.counts_;
  late_.insert(late_.begin(), std::make_move_iterator(old.late_.begin()), std::make_move_iterator(old.late_.end()));
}

}  // namespace yagura::alerts
