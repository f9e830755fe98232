#include "alerts/render.hpp"

#include <utility>  // move

#include "alerts/kind_texts.hpp"
#include "alerts/next_milestone.hpp"

namespace yagura::alerts {
namespace {

Texts english(const Signal& signal, std::span<const Price> levels, const Catalog& catalog, const Phrases& say) {
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

Texts japanese(const Signal& signal, std::span<const Price> levels, const Catalog& catalog, const PhrasesJa& say) {
  switch (signal.kind) {
    case RuleKind::kRecord: return record_texts_ja(signal, say);
    case RuleKind::kMove: return move_texts_ja(signal, say);
    case RuleKind::kCusum: return cusum_texts_ja(signal, say);
    case RuleKind::kStale: return stale_texts_ja(signal, say);
    case RuleKind::kIntervention: return intervention_texts_ja(signal, say);
    case RuleKind::kPeriod: return period_texts_ja(signal, say);
    case RuleKind::kDivergence: return divergence_texts_ja(signal, catalog, say);
    default: return level_texts_ja(signal, levels, catalog, say);
  }
}

}  // namespace

Alert make_alert(std::uint64_t seq, const Signal& signal, std::span<const Price> levels, const Catalog& catalog) {
  const Phrases say{signal, catalog.instrument(signal)};
  const PhrasesJa say_ja{signal, catalog.instrument(signal)};
  auto [title, text] = english(signal, levels, catalog, say);
  auto [title_ja, text_ja] = japanese(signal, levels, catalog, say_ja);
  if (const auto next = next_milestone(signal, catalog)) {
    text += say.next(*next);
    text_ja += say_ja.next(*next);
  }
  return {seq,
          signal,
          {levels.begin(), levels.end()},
          std::move(title),
          std::move(text),
          std::move(title_ja),
          std::move(text_ja)};
}

}  // namespace yagura::alerts
