#include "alerts/facts.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <initializer_list>

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

using simdjson::dom::element;

constexpr std::size_t kLongestWord = 128;  // of names: rule, kind, instrument
constexpr std::size_t kShownOfWrong = 40;
constexpr std::int64_t kLatestNs = 9'000'000'000'000'000'000;  // 2255: hours can be added to it
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kSeverities = "info, low, high or critical";

// The fields of one object. One that is missing reads as nothing; the first that is wrong is remembered.
class Fields {
 public:
  explicit Fields(simdjson::dom::object object) : object_(object) {}

  [[nodiscard]] const std::string& problem() const { return problem_; }  // empty: all is well so far

  void wrong(std::string_view field, std::string_view value, std::string_view expected) {
    if (!problem_.empty()) return;
    problem_ = fmt::format("alert: '{}' is '{}', expected {}", field, printable(value, kShownOfWrong), expected);
  }

  std::string_view text(std::string_view field) {
    element found;
    std::string_view text;
    if (object_[field].get(found) != simdjson::SUCCESS) return {};
    if (found.get(text) != simdjson::SUCCESS) wrong(field, simdjson::minify(found), "a string");
    return text;
  }
  std::string word(std::string_view field) {
    const auto word = text(field);
    if (word.size() > kLongestWord) wrong(field, word, fmt::format("at most {} bytes", kLongestWord));
    return printable(word, kLongestWord);
  }
  template <class Number>
  std::optional<Number> number(std::string_view field) {
    element found;
    Number number{};
    if (object_[field].get(found) != simdjson::SUCCESS) return std::nullopt;
    if (found.get(number) != simdjson::SUCCESS) wrong(field, simdjson::minify(found), "a whole number");
    return number;
  }
  std::optional<Price> price(std::string_view field) {
    const auto digits = text(field);
    return digits.empty() ? std::nullopt : price_of(field, digits);
  }
  std::vector<Price> prices(std::string_view field) {
    simdjson::dom::array list;
    std::vector<Price> prices;
    if (object_[field].get(list) != simdjson::SUCCESS) return prices;
    for (const element entry : list) {
      std::string_view digits;
      if (entry.get(digits) != simdjson::SUCCESS) wrong(field, simdjson::minify(entry), "prices as strings");
      if (const auto price = price_of(field, digits)) prices.push_back(*price);
    }
    return prices;
  }
  Id128 id(std::string_view field) {
    const auto digits = text(field);
    Id128 id;
    if (digits.empty()) return id;
    if (digits.size() != 32 || digits.find_first_not_of(kHexDigits) != std::string_view::npos) {
      wrong(field, digits, "32 hexadecimal digits");
      return id;
    }
    for (std::size_t i = 0; i < digits.size(); ++i) {
      auto& half = i < 16 ? id.hi : id.lo;
      half = half << 4 | kHexDigits.find(digits[i]);
    }
    return id;
  }
  template <class Value>
  std::optional<Value> one_of(std::string_view field, std::initializer_list<Value> values, std::string_view expected) {
    const auto word = text(field);
    if (word.empty()) return std::nullopt;
    for (const Value value : values) {
      if (name_of(value) == word) return value;
    }
    wrong(field, word, expected);
    return std::nullopt;
  }

 private:
  std::optional<Price> price_of(std::string_view field, std::string_view digits) {
    const auto price = parse_price(digits);
    if (!price) wrong(field, digits, "a decimal number");
    return price;
  }

  simdjson::dom::object object_;
  std::string problem_;
};

Timestamp time_of(Fields& fields) {
  auto ns = fields.number<std::int64_t>("ts_event_ns");
  if (!ns) ns = fields.number<std::int64_t>("to_ns");
  if (ns && *ns >= 0 && *ns <= kLatestNs) return timestamp_from_ns(*ns);
  fields.wrong("ts_event_ns", ns ? std::to_string(*ns) : "", "nanoseconds since 1970");
  return {};
}

void read_words(Fields& fields, Facts& facts) {
  facts.title = fields.text("title");
  facts.text = fields.text("text");
  facts.title_ja = fields.text("title_ja");
  facts.text_ja = fields.text("text_ja");
  if (facts.title.empty()) fields.wrong("title", "", "words");
  if (facts.title_ja.empty()) facts.title_ja = facts.title;
  if (facts.text_ja.empty()) facts.text_ja = facts.text;
}

Facts facts_of(Fields& fields) {
  Facts facts;
  facts.id = fields.id("id");
  if (facts.id.empty()) fields.wrong("id", "", "32 hexadecimal digits");
  facts.parent = fields.id("parent");
  facts.seq = fields.number<std::uint64_t>("seq").value_or(0);
  facts.kind = fields.word("kind");
  if (facts.kind.empty()) fields.wrong("kind", "", "a word such as milestone");
  facts.rule = fields.word("rule");
  facts.event = fields.word("event");
  facts.instrument = fields.word("instrument");
  const auto severity =
      fields.one_of("severity", {Severity::kInfo, Severity::kLow, Severity::kHigh, Severity::kCritical}, kSeverities);
  if (!severity) fields.wrong("severity", "", kSeverities);
  facts.severity = severity.value_or(Severity::kInfo);
  facts.direction = fields.one_of("direction", {Direction::kUp, Direction::kDown}, "up or down");
  facts.price = fields.price("price");
  facts.level = fields.price("level");
  facts.levels = fields.prices("levels");
  facts.ts_event = time_of(fields);
  facts.trading_date = fields.word("trading_date");
  facts.count = fields.number<std::uint64_t>("count").value_or(0);
  read_words(fields, facts);
  return facts;
}

}  // namespace

Result<Facts> read_facts(std::string_view json) {
  if (json.size() > kLongestMessage)
    return Error{fmt::format("alert: {} bytes, expected at most {}", json.size(), kLongestMessage)};
  simdjson::dom::parser parser{kLongestMessage};
  simdjson::dom::object object;
  if (const auto wrong = parser.parse(json.data(), json.size()).get(object); wrong != simdjson::SUCCESS)
    return Error{fmt::format("alert: no JSON object: {}", simdjson::error_message(wrong))};
  Fields fields{object};
  Facts facts = facts_of(fields);
  if (!fields.problem().empty()) return Error{fields.problem()};
  facts.json = json;
  return facts;
}

std::string short_id(Id128 id) { return to_string(id).substr(0, 8); }

}  // namespace yagura::alerts
