#include "alerts/render.hpp"

#include "alerts/kind_texts.hpp"

namespace yagura::alerts {
namespace {

Texts texts_of(const Signal& signal, std::span<const Price> levels, const Catalog& catalog) {
  const Phrases say{signal, catalog.instrument(signal)};
  switch (signal.kind) {
    case RuleKind::kRecord: return record_texts(signal, say);
    case RuleKind::kMove: return move_texts(signal, say);
    case RuleKind::kCusum: return cusum_texts(signal, say);
    case RuleKind::kStale: return stale_texts(signal, say);
    case RuleKind::kIntervention: return intervention_texts(signal, say);
    case RuleKind::kPeriod: return period_texts(signal, say);
    case RuleKind::kDivergence: return divergence_texts(signal, catalog, say);
    default: return level_texts(signal, levels, catalog, say);
  }
}

}  // namespace

Alert make_alert(std::uint64_t seq, const Signal& signal, std::span<const Price> levels, const Catalog& catalog) {
  auto [title, text] = texts_of(signal, levels, catalog);
  return {seq, signal, {levels.begin(), levels.end()}, std::move(title), std::move(text)};
}

}  // namespace yagura::alerts
