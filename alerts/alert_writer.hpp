// A Signal made presentable: its words in English and Japanese, as a trader would write them, and its JSON, which
// is the same bytes in the journal, in JSONL files, on the WebSocket and in webhooks (docs/alerts.md explains every
// field). Everything is taken from the signal and the settings: no locale, no clock, so the same signal reads the
// same on any run and any machine.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alerts/catalog.hpp"
#include "alerts/instrument_words.hpp"
#include "alerts/kind_texts.hpp"
#include "core/text_buffer.hpp"
#include "processing/signal.hpp"

namespace yagura::alerts {

struct EncodeOptions {
  // Data decide every byte: ts_recv_ns is the event's time and ts_decided_ns is left out.
  bool backtest = false;
};

struct Words {
  std::string_view title;     // "Nikkei 225 reached 57,000 for the first time"
  std::string_view text;      // what happened, the evidence, what comes next; a sentence each
  std::string_view title_ja;  // the same in Japanese
  std::string_view text_ja;
};

// Stands between a decision and the first client's write: what is the same for all alerts is made beforehand, the
// rest is written once, in the place where it is sent from. Allocates only while its buffer grows. One thread.
class AlertWriter {
 public:
  // The catalog must outlive it; when its content changes, assign another writer.
  explicit AlertWriter(const Catalog& catalog, EncodeOptions options = {});

  // The alert as JSON, without a line end. `levels` are those of the signal in its SignalBuffer, in crossing order;
  // `signal.levels.first` means nothing here. Valid until the next call.
  std::string_view write(std::uint64_t seq, const Signal& signal, std::span<const Price> levels);

  // Of the alert that was written last; as long as its JSON.
  [[nodiscard]] Words words() const;

 private:
  struct Instrument {
    InstrumentWords words;
    std::string json;  // its symbol
  };

  void write_head(std::uint64_t seq, const Signal& signal);
  void write_kind(const Signal& signal, const About& about);
  void write_words(const Signal& signal, const About& about);
  void escape_words(std::size_t start);
  [[nodiscard]] std::string_view in_json(Draft::Span span) const {
    return json_.view().substr(span.from, span.to - span.from);
  }

  const Catalog* catalog_;
  EncodeOptions options_;
  std::vector<std::string> rules_;       // ids as JSON, by RuleIndex
  std::vector<Instrument> instruments_;  // by SymbolId
  TextBuffer json_;
  std::array<Draft::Span, 4> spans_{};      // of the words in `json_`
  std::array<std::string, 4> unescaped_{};  // the words instead, where JSON had to escape them
};

// Wall time of the decision: when the frame was received plus what the steady clock measured since.
[[nodiscard]] Timestamp decided_at(const Signal& signal);

}  // namespace yagura::alerts
