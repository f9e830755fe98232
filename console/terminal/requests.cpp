#include "console/terminal/requests.hpp"

#include <algorithm>
#include <cctype>
#include <optional>

#include "console/terminal/words.hpp"
#include "core/json_writer.hpp"
#include "core/price.hpp"
#include "core/time.hpp"

namespace yagura::console::terminal {
namespace {

// "57,500" without its commas, which part groups of three digits and nothing else: "154,25" is no price.
std::optional<std::string> without_groups(std::string_view text) {
  std::string digits{text.substr(0, text.find(','))};
  const bool grouped = digits.size() < text.size();
  if (grouped && (digits.empty() || digits.size() > 3 || digits.find('.') != std::string::npos)) return std::nullopt;
  for (auto rest = text.substr(digits.size()); !rest.empty();) {
    const auto group = rest.substr(1, rest.find_first_of(",.", 1) - 1);
    if (rest[0] != ',') return digits.append(rest);
    if (group.size() != 3) return std::nullopt;
    digits += group;
    rest.remove_prefix(4);
  }
  return digits;
}

// The next word; what is left of `text` begins with another one.
std::string_view next_word(std::string_view& text) {
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  const auto word = text.substr(0, text.find(' '));
  text.remove_prefix(word.size());
  text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
  return word;
}

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

// The symbol as the monitor writes it.
std::optional<std::string_view> symbol_of(const Asker& asker, std::string_view word) {
  for (const auto symbol : asker.instruments) {
    if (same(symbol, word)) return symbol;
  }
  return std::nullopt;
}

std::string body(const Asker& asker, std::string_view reason) {
  std::string text;
  JsonWriter json{text};
  json.begin_object();
  if (!asker.author.empty()) json.field("author", asker.author);
  if (!reason.empty()) json.field("reason", reason);
  json.end_object();
  return text;
}

struct LevelEntry {
  std::string_view instrument, note;
  Price price;
};

Result<LevelEntry> read_level(const Asker& asker, std::string_view entry) {
  const auto first = next_word(entry);
  const auto second = next_word(entry);
  if (second.empty()) return Error{std::string{say(asker.lang, "bad.level")}};
  const auto symbol = symbol_of(asker, first);
  if (!symbol) {
    std::string known;
    for (const auto one : asker.instruments) known += (known.empty() ? "" : ", ") + std::string{one};
    return Error{filled(say(asker.lang, "bad.instrument"), {first, known})};
  }
  const auto digits = without_groups(second);
  const auto price = digits ? parse_price(*digits) : std::nullopt;
  if (!price || price->raw() <= 0) return Error{filled(say(asker.lang, "bad.price"), {second})};
  return LevelEntry{*symbol, entry, *price};
}

}  // namespace

Request acknowledge_request(const Asker& asker, const AlertRow& alert, std::string_view reason) {
  return {"POST", "/api/v1/alerts/" + alert.id + "/ack", body(asker, reason), std::string{say(asker.lang, "what.ack")}};
}

Request unacknowledge_request(const Asker& asker, const AlertRow& alert) {
  return {"POST", "/api/v1/alerts/" + alert.id + "/unack", body(asker, {}), std::string{say(asker.lang, "what.unack")}};
}

Result<Request> silence_request(const Asker& asker, std::string_view entry) {
  auto what = next_word(entry);
  // Critical alerts speak on unless it is asked for with a mark: "yen-move! 2h".
  const bool critical = what.ends_with('!');
  if (critical) what.remove_suffix(1);
  const auto length = next_word(entry);
  if (length.empty()) return Error{std::string{say(asker.lang, "bad.silence")}};
  const auto duration = parse_duration(length);
  if (!duration || *duration <= Duration{0}) return Error{filled(say(asker.lang, "bad.duration"), {length})};
  const auto symbol = symbol_of(asker, what);
  std::string text;
  JsonWriter json{text};
  json.begin_object();
  if (what != "all") json.field(symbol ? "instrument" : "rule", symbol.value_or(what));
  if (!critical) json.field("severity", "high");  // this one and those below
  if (critical && what == "all") json.field("severity", "critical");
  json.field("until", length);
  if (!asker.author.empty()) json.field("author", asker.author);
  if (!entry.empty()) json.field("reason", entry);
  json.end_object();
  return Request{"POST", "/api/v1/silences", std::move(text),
                 filled(say(asker.lang, critical ? "what.silence.all" : "what.silence"), {what, length})};
}

Result<Request> level_request(const Asker& asker, std::string_view entry) {
  const auto level = read_level(asker, entry);
  if (!level) return level.error();
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("instrument", level->instrument).field("price", level->price);
  if (!level->note.empty()) json.field("note", level->note);
  json.end_object();
  return Request{"POST", "/api/v1/levels", std::move(text),
                 filled(say(asker.lang, "what.level"), {level->instrument, to_string(level->price)})};
}

Result<Request> unlevel_request(const Asker& asker, std::string_view entry) {
  const auto level = read_level(asker, entry);
  if (!level) return level.error();
  std::string text;
  JsonWriter json{text};
  json.begin_object().field("instrument", level->instrument).field("price", level->price).end_object();
  return Request{"DELETE", "/api/v1/levels", std::move(text),
                 filled(say(asker.lang, "what.unlevel"), {level->instrument, to_string(level->price)})};
}

}  // namespace yagura::console::terminal
