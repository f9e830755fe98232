#include "alerts/render.hpp"

#include "alerts/alert_writer.hpp"

namespace yagura::alerts {

Alert make_alert(std::uint64_t seq, const Signal& signal, std::span<const Price> levels, const Catalog& catalog) {
  AlertWriter writer{catalog};
  writer.write(seq, signal, levels);
  const auto words = writer.words();
  return {seq,
          signal,
          {levels.begin(), levels.end()},
          std::string{words.title},
          std::string{words.text},
          std::string{words.title_ja},
          std::string{words.text_ja}};
}

}  // namespace yagura::alerts
