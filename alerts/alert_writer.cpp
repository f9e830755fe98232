#include "alerts/alert_writer.hpp"

#include "alerts/kind_json.hpp"
#include "alerts/kind_texts.hpp"
#include "alerts/next_milestone.hpp"
#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

void add_id(TextBuffer& out, Id128 id) {
  const auto hex = to_hex(id);
  out.add(std::string_view{hex.data(), hex.size()});
}

void add_texts(Draft& draft, const Signal& signal, const About& about, const Phrases& say) {
  switch (signal.kind) {
    case RuleKind::kRecord: return record_texts(draft, signal, say);
    case RuleKind::kMove: return move_texts(draft, signal, say);
    case RuleKind::kCusum: return cusum_texts(draft, signal, say);
    case RuleKind::kStale: return stale_texts(draft, signal, say);
    case RuleKind::kIntervention: return intervention_texts(draft, signal, say);
    case RuleKind::kPeriod: return period_texts(draft, signal, say);
    case RuleKind::kDivergence: return divergence_texts(draft, signal, *about.other, say);
    default: return level_texts(draft, signal, about, say);
  }
}

void add_texts_ja(Draft& draft, const Signal& signal, const About& about, const PhrasesJa& say) {
  switch (signal.kind) {
    case RuleKind::kRecord: return record_texts_ja(draft, signal, say);
    case RuleKind::kMove: return move_texts_ja(draft, signal, say);
    case RuleKind::kCusum: return cusum_texts_ja(draft, signal, say);
    case RuleKind::kStale: return stale_texts_ja(draft, signal, say);
    case RuleKind::kIntervention: return intervention_texts_ja(draft, signal, say);
    case RuleKind::kPeriod: return period_texts_ja(draft, signal, say);
    case RuleKind::kDivergence: return divergence_texts_ja(draft, signal, *about.other, say);
    default: return level_texts_ja(draft, signal, about, say);
  }
}

void write_kind_evidence(JsonFields& json, const Signal& signal) {
  switch (signal.kind) {
    case RuleKind::kRecord: return write_record_evidence(json, signal);
    case RuleKind::kMove: return write_move_evidence(json, signal);
    case RuleKind::kCusum: return write_cusum_evidence(json, signal);
    case RuleKind::kStale: return write_stale_evidence(json, signal);
    case RuleKind::kIntervention: return write_intervention_evidence(json, signal);
    case RuleKind::kPeriod: return write_period_evidence(json, signal);
    case RuleKind::kDivergence: return write_divergence_evidence(json, signal);
    default: return write_levels_evidence(json, signal);
  }
}

void write_evidence(JsonFields& json, const Signal& signal) {
  if (signal.has_previous_close) {
    const PriceDelta change = signal.price - signal.previous_close;
    json.field<"previous_close">(signal.previous_close);
    json.field<"change_on_day">(change);
    json.raw<"change_on_day_pct">(ratio(change.raw(), signal.previous_close.raw(), 100, 4));
  }
  if (to_ns(signal.previous_ts) != 0) json.field<"previous_ts_ns">(signal.previous_ts);
  write_kind_evidence(json, signal);
  json.field<"after_gap">(signal.after_gap);
  if (signal.feed_gap > Duration{0}) json.field<"feed_gap_ms">(milliseconds(signal.feed_gap));
  json.field<"confirmed">(signal.confirmed);
}

bool must_escape(const About& about) {
  return about.instrument.escaped || (about.other != nullptr && about.other->escaped) ||
         (about.note != nullptr && needs_escape(*about.note));
}

std::string json_string(std::string_view text) {
  std::string json;
  append_json_string(json, text);
  return json;
}

}  // namespace

AlertWriter::AlertWriter(const Catalog& catalog, EncodeOptions options) : catalog_(&catalog), options_(options) {
  for (const auto& rule : catalog.rules) rules_.push_back(json_string(rule.id));
  for (const auto& instrument : catalog.instruments)
    instruments_.push_back({InstrumentWords{instrument}, json_string(instrument.symbol)});
  for (const auto& rule : catalog.rules) {
    if (rule.step.raw() > 0) instruments_[index_of(rule.instrument)].words.steps.push_back(rule.step.raw());
  }
}

std::string_view AlertWriter::write(std::uint64_t seq, const Signal& signal, std::span<const Price> levels) {
  const bool of_levels = signal.kind == RuleKind::kMilestone || signal.kind == RuleKind::kLevel;
  const bool of_two = signal.kind == RuleKind::kDivergence;
  const About about{.instrument = instruments_[index_of(signal.symbol)].words,
                    .other = of_two ? &instruments_[index_of(signal.divergence.other)].words : nullptr,
                    .levels = levels,
                    .note = of_levels ? catalog_->note(signal) : nullptr};
  json_.clear();
  write_head(seq, signal);
  JsonFields json{json_};
  // A feed that never spoke has no last price.
  if (signal.kind != RuleKind::kStale || signal.price.raw() != 0) json.field<"price">(signal.price);
  if (signal.has_previous) json.field<"previous">(signal.previous);
  write_kind(signal, about);
  json.field<"gap">(signal.gap);
  if (signal.while_down) json.field<"while_down">(true);
  json.field<"ts_event_ns">(signal.ts_event);
  json.field<"ts_recv_ns">(options_.backtest ? signal.ts_event : signal.ts_recv);
  if (!options_.backtest) json.field<"ts_decided_ns">(decided_at(signal));
  json.word<"trading_date">(date_text(signal.trading_date));
  json.field<"episode">(signal.episode);
  if (!signal.parent.empty()) json.word<"parent">([&](TextBuffer& out) { add_id(out, signal.parent); });
  write_words(signal, about);
  json.object<"evidence">([&] { write_evidence(json, signal); });
  json_.add('}');
  return json_.view();
}

// {"v":1,"id":"…","seq":17,"rule":"…","kind":"…","event":"…","instrument":"…","severity":"…","direction":"…"
void AlertWriter::write_head(std::uint64_t seq, const Signal& signal) {
  const auto id = [&](TextBuffer& out) { add_id(out, signal.id); };
  const std::string_view rule = rules_[index_of(signal.rule)];
  const std::string_view instrument = instruments_[index_of(signal.symbol)].json;
  json_.write<R"({"v":1,"id":"{}","seq":{},"rule":{},"kind":"{}","event":"{}","instrument":{},"severity":"{}")">(
      id, seq, rule, name_of(signal.kind), name_of(signal.event), instrument, name_of(signal.severity));
  json_.write<R"(,"direction":"{}")">(name_of(signal.direction));
}

void AlertWriter::write_kind(const Signal& signal, const About& about) {
  JsonFields json{json_};
  switch (signal.kind) {
    case RuleKind::kRecord: return write_record(json, signal);
    case RuleKind::kMove: return write_move(json, signal);
    case RuleKind::kCusum: return write_cusum(json, signal);
    case RuleKind::kStale: return write_stale(json, signal);
    case RuleKind::kIntervention: return write_intervention(json, signal);
    case RuleKind::kPeriod: return write_period(json, signal);
    case RuleKind::kDivergence:
      return write_divergence(json, signal, catalog_->instruments[index_of(signal.divergence.other)].symbol);
    default: return write_levels(json, signal, about.levels, about.note);
  }
}

void AlertWriter::write_words(const Signal& signal, const About& about) {
  const auto start = json_.size();
  const auto next = next_milestone(signal, about.instrument.steps);
  const Phrases say{signal, about.instrument};
  Draft english{json_, R"(,"title":")", R"(","text":")"};
  add_texts(english, signal, about, say);
  if (next) english.more(say.next(*next));
  english.end();
  const PhrasesJa say_ja{signal, about.instrument};
  Draft japanese{json_, R"(","title_ja":")", R"(","text_ja":")"};
  add_texts_ja(japanese, signal, about, say_ja);
  if (next) japanese.more(say_ja.next(*next));
  japanese.end();
  json_.add('"');
  spans_ = {english.title_span(), english.text_span(), japanese.title_span(), japanese.text_span()};
  if (must_escape(about)) escape_words(start);
}

// Rare: with a quote or a backslash in a name or a note, the words are written once more.
void AlertWriter::escape_words(std::size_t start) {
  for (std::size_t i = 0; i < spans_.size(); ++i) unescaped_[i] = in_json(spans_[i]);
  json_.truncate(start);
  JsonFields json{json_};
  json.text<"title">(unescaped_[0]);
  json.text<"text">(unescaped_[1]);
  json.text<"title_ja">(unescaped_[2]);
  json.text<"text_ja">(unescaped_[3]);
  spans_ = {};
}

Words AlertWriter::words() const {
  if (spans_[0].to == 0) return {unescaped_[0], unescaped_[1], unescaped_[2], unescaped_[3]};
  return {in_json(spans_[0]), in_json(spans_[1]), in_json(spans_[2]), in_json(spans_[3])};
}

Timestamp decided_at(const Signal& signal) {
  return signal.ts_recv + std::chrono::duration_cast<Duration>(signal.mono_decided - signal.mono_recv);
}

}  // namespace yagura::alerts
