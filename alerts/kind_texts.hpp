// What alerts of each kind say, in English and in Japanese. Inside alerts/ only; one file per kind (or for
// kinds that speak alike) and language.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "alerts/catalog.hpp"
#include "alerts/phrases.hpp"
#include "alerts/phrases_ja.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct Texts {
  std::string title;
  std::string text;
};

// The same verb for a title (what happened) and a text (as it happens).
struct Verb {
  std::string_view past;
  std::string_view present;
};

[[nodiscard]] Texts level_texts(const Signal& signal, std::span<const Price> levels, const Catalog& catalog,
                                const Phrases& say);
[[nodiscard]] Texts record_texts(const Signal& signal, const Phrases& say);
[[nodiscard]] Texts move_texts(const Signal& signal, const Phrases& say);
[[nodiscard]] Texts cusum_texts(const Signal& signal, const Phrases& say);
[[nodiscard]] Texts stale_texts(const Signal& signal, const Phrases& say);
[[nodiscard]] Texts intervention_texts(const Signal& signal, const Phrases& say);
[[nodiscard]] Texts period_texts(const Signal& signal, const Phrases& say);
[[nodiscard]] Texts divergence_texts(const Signal& signal, const Catalog& catalog, const Phrases& say);

[[nodiscard]] Texts level_texts_ja(const Signal& signal, std::span<const Price> levels, const Catalog& catalog,
                                   const PhrasesJa& say);
[[nodiscard]] Texts record_texts_ja(const Signal& signal, const PhrasesJa& say);
[[nodiscard]] Texts move_texts_ja(const Signal& signal, const PhrasesJa& say);
[[nodiscard]] Texts cusum_texts_ja(const Signal& signal, const PhrasesJa& say);
[[nodiscard]] Texts stale_texts_ja(const Signal& signal, const PhrasesJa& say);
[[nodiscard]] Texts intervention_texts_ja(const Signal& signal, const PhrasesJa& say);
[[nodiscard]] Texts period_texts_ja(const Signal& signal, const PhrasesJa& say);
[[nodiscard]] Texts divergence_texts_ja(const Signal& signal, const Catalog& catalog, const PhrasesJa& say);

}  // namespace yagura::alerts
