#include "feeds/simulator.hpp"

#include <algorithm>

#include "core/hash128.hpp"
#include "feeds/price_path.hpp"

namespace yagura::feeds {
namespace {

std::unique_ptr<PricePath> make_path(const ScenarioInstrument& instrument, const ScenarioOptions& options) {
  const auto own = Fnv128{}.number(options.seed).bytes(instrument.symbol).value();
  const Random random{own.hi ^ own.lo};
  if (instrument.kind == ScenarioKind::kIndex) return make_index_path(instrument, random);
  return make_fx_path(instrument, options.until, random);
}

}  // namespace

struct Simulator::State {
  struct Stream {
    std::unique_ptr<PricePath> path;
    ReplayTick tick;  // its next one
  };

  ScenarioOptions options;  // the paths refer to it
  std::vector<Stream> streams;

  explicit State(ScenarioOptions from) : options(std::move(from)) {
    for (const auto& instrument : options.instruments) {
      auto& stream = streams.emplace_back();
      stream.path = make_path(instrument, options);
      stream.path->next(stream.tick);
    }
  }
};

Simulator::Simulator(ScenarioOptions options) : state_(std::make_unique<State>(std::move(options))) {}
Simulator::~Simulator() = default;
Simulator::Simulator(Simulator&&) noexcept = default;
Simulator& Simulator::operator=(Simulator&&) noexcept = default;

bool Simulator::next(ReplayTick& tick) {
  auto& streams = state_->streams;
  const auto first = std::min_element(streams.begin(), streams.end(),
                                      [](const auto& a, const auto& b) { return a.tick.ts < b.tick.ts; });
  if (first == streams.end()) return false;
  tick = first->tick;
  first->path->next(first->tick);
  return true;
}

const ScenarioOptions& Simulator::options() const { return state_->options; }

}  // namespace yagura::feeds
