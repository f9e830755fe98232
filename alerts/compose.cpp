#include "alerts/compose.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "alerts/letter_template.hpp"
#include "alerts/numbers.hpp"
#include "alerts/phrases_ja.hpp"
#include "alerts/plain_text.hpp"
#include "core/json_writer.hpp"

namespace yagura::alerts {
namespace {

using Purpose = Letter::Purpose;

constexpr std::size_t kLongestTitle = 300;  // characters
constexpr std::size_t kLongestText = 4000;
constexpr std::size_t kMostIdsNamed = 10;
constexpr std::size_t kMostTitles = 5;

Purpose purpose_of(const Facts& facts, Purpose asked) {
  if (asked != Purpose::kAlert) return asked;
  if (facts.kind == "test") return Purpose::kTest;
  return facts.kind == "storm" || facts.kind == "folded" ? Purpose::kSummary : Purpose::kAlert;
}

std::string_view prefix_of(Purpose purpose, bool japanese) {
  if (purpose == Purpose::kReminder) return japanese ? "未確認: " : "Not acknowledged: ";
  if (purpose == Purpose::kAcknowledged) return japanese ? "確認済み: " : "Acknowledged: ";
  if (purpose == Purpose::kResolved) return japanese ? "終了: " : "Over: ";
  return "";
}

const InstrumentInfo* known(std::string_view symbol, std::span<const InstrumentInfo> instruments) {
  const auto found = std::ranges::find(instruments, symbol, &InstrumentInfo::symbol);
  return found == instruments.end() ? nullptr : &*found;
}

std::string name_of(const Facts& facts, const InstrumentInfo* instrument, bool japanese) {
  if (instrument == nullptr) return facts.instrument;
  const auto& name = japanese && !instrument->name_ja.empty() ? instrument->name_ja : instrument->name;
  return name.empty() ? facts.instrument : name;
}

std::string price_of(Price price, const InstrumentInfo* instrument, bool japanese) {
  if (instrument == nullptr) return grouped(price.raw(), 0);
  if (!japanese) return price_text(price, *instrument);
  const InstrumentWords words{*instrument};
  return written([&](TextBuffer& out) { add_price_ja(out, price, words); });
}

// Records follow each other under one title: with its price each is told from the next in a list of subjects.
std::string title_of(const Facts& facts, Purpose purpose, const Wording& wording) {
  const bool japanese = wording.language == Language::kJapanese;
  auto title = fmt::format("{}{}", prefix_of(purpose, japanese), japanese ? facts.title_ja : facts.title);
  if (facts.kind != "record" || facts.event == "withdrawn" || !facts.price) return title;
  const auto price = price_of(*facts.price, known(facts.instrument, wording.instruments), japanese);
  return fmt::format("{}{}{}", title, japanese ? "、" : ": ", price);
}

std::string levels_of(const Facts& facts) {
  std::vector<std::string> levels;
  for (const Price level : facts.levels) levels.push_back(level_text(level));
  return fmt::format("{}", fmt::join(levels, " "));
}

// In the order of kLetterFields.
LetterFields fields_of(const Facts& facts, const Wording& wording, std::string title) {
  const bool japanese = wording.language == Language::kJapanese;
  const auto* instrument = known(facts.instrument, wording.instruments);
  const auto calendar = instrument == nullptr ? CalendarKind::kAlways : instrument->calendar;
  return {std::move(title),
          japanese ? facts.text_ja : facts.text,
          facts.instrument,
          name_of(facts, instrument, japanese),
          facts.price ? price_of(*facts.price, instrument, false) : "",
          facts.level ? level_text(*facts.level) : "",
          levels_of(facts),
          facts.direction ? std::string{yagura::name_of(*facts.direction)} : "",
          std::string{yagura::name_of(facts.severity)},
          facts.rule,
          facts.kind,
          facts.event,
          local_time_text(facts.ts_event, calendar),
          facts.trading_date.empty() ? to_string(local_date(facts.ts_event, calendar)) : facts.trading_date,
          to_string(facts.id),
          short_id(facts.id),
          facts.parent.empty() ? "" : to_string(facts.parent),
          facts.is_alert() ? std::to_string(facts.seq) : "",
          facts.count != 0 ? std::to_string(facts.count) : "",
          std::string{wording.link}};
}

Id128 id_for(std::string_view what, std::string_view sink, Timestamp at, std::span<const FoldedAlert> alerts) {
  Fnv128 hash;
  hash.bytes(what).number(0).bytes(sink).number(0).number(static_cast<std::uint64_t>(to_ns(at)));
  for (const auto& alert : alerts) hash.number(alert.id.hi).number(alert.id.lo);
  return hash.value();
}

// "0c1d2e3f, 4a5b6c7d and 3 more".
std::string ids_of(std::span<const FoldedAlert> alerts, bool japanese) {
  std::vector<std::string> ids;
  for (const auto& alert : alerts.first(std::min(alerts.size(), kMostIdsNamed))) ids.push_back(short_id(alert.id));
  std::string list = fmt::format("{}", fmt::join(ids, japanese ? "、" : ", "));
  const auto more = alerts.size() - ids.size();
  if (more == 0) return list;
  return list + (japanese ? fmt::format("、ほか{}件", more) : fmt::format(" and {} more", more));
}

// The most severe, of those the newest first.
std::vector<const FoldedAlert*> worst_of(std::span<const FoldedAlert> alerts) {
  std::vector<const FoldedAlert*> worst;
  for (auto alert = alerts.rbegin(); alert != alerts.rend(); ++alert) worst.push_back(&*alert);
  std::ranges::stable_sort(worst, std::greater{}, [](const auto* alert) { return alert->severity; });
  worst.resize(std::min(worst.size(), kMostTitles));
  return worst;
}

// "Nikkei 225 reached 57,000 (0c1d2e3f). "; nothing of those whose words are not at hand.
std::string titles_of(std::span<const FoldedAlert* const> alerts, bool japanese) {
  std::string text;
  for (const auto* alert : alerts) {
    const auto& title = japanese ? alert->title_ja : alert->title;
    if (title.empty()) continue;
    text += japanese ? fmt::format("{}（{}）。", title, short_id(alert->id))
                     : fmt::format("{} ({}). ", title, short_id(alert->id));
  }
  return text;
}

JsonWriter& begin(JsonWriter& json, Id128 id, std::string_view kind, Severity severity, Timestamp at) {
  json.begin_object().field("v", 1).field("id", to_string(id)).field("kind", kind).field("event", kind);
  return json.field("severity", yagura::name_of(severity)).field("ts_event_ns", to_ns(at));
}

}  // namespace

Letter compose(const Facts& facts, Purpose purpose, const Wording& wording) {
  Letter letter;
  letter.purpose = purpose_of(facts, purpose);
  letter.id = facts.id;
  letter.episode = facts.parent.empty() ? facts.id : facts.parent;
  letter.severity = facts.severity;
  letter.kind = facts.kind;
  letter.event = facts.event;
  letter.instrument = facts.instrument;
  letter.json = facts.json;
  letter.ts_event = facts.ts_event;
  letter.ack_url = wording.link;
  letter.language = wording.language;

  const std::string title = title_of(facts, purpose, wording);
  const auto fields = fields_of(facts, wording, title);
  letter.title =
      printable(wording.title_template.empty() ? title : fill_template(wording.title_template, fields), kLongestTitle);
  letter.text = printable_lines(
      wording.text_template.empty() ? fields[1] : fill_template(wording.text_template, fields), kLongestText);
  return letter;
}

std::string folded_message(std::string_view sink, std::span<const FoldedAlert> alerts, Timestamp at) {
  const auto worst = worst_of(alerts);
  std::string out;
  JsonWriter json{out};
  begin(json, id_for("folded", sink, at, alerts), "folded", worst.empty() ? Severity::kInfo : worst.front()->severity,
        at);
  json.field("sink", sink).field("count", alerts.size()).key("ids").begin_array();
  for (const auto& alert : alerts) json.value(to_string(alert.id));
  json.end_array();
  const auto count = fmt::format("{} more alert{} for this sink", alerts.size(), alerts.size() == 1 ? "" : "s");
  const auto count_ja = fmt::format("ほかに{}件のアラート", alerts.size());
  const bool told = !worst.empty() && !worst.front()->title.empty();
  json.field("title", told ? fmt::format("{}: {}", count, worst.front()->title) : count);
  json.field("text", fmt::format("{}More came than its rate allows. Folded: {}.", titles_of(worst, false),
                                 ids_of(alerts, false)));
  json.field("title_ja", told ? fmt::format("{}: {}", count_ja, worst.front()->title_ja) : count_ja);
  json.field("text_ja", fmt::format("{}送信レートの上限を超えたため、まとめて通知。対象は{}。", titles_of(worst, true),
                                    ids_of(alerts, true)));
  json.end_object();
  return out;
}

std::string test_message(std::string_view sink, Timestamp at) {
  const std::string name = printable(sink, 60);
  std::string out;
  JsonWriter json{out};
  begin(json, id_for("test", sink, at, {}), "test", Severity::kInfo, at).field("sink", sink);
  json.field("title", fmt::format("Test: this is Yagura, writing to '{}'", name));
  json.field("text", "This is a test, nothing has happened in the market. Alerts sent to this sink arrive here.");
  json.field("title_ja", fmt::format("テスト: Yaguraから「{}」への送信", name));
  json.field("text_ja", "これはテストで、相場に動きがあったわけではない。この宛先のアラートはここに届く。");
  json.end_object();
  return out;
}

}  // namespace yagura::alerts
