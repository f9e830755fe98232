#include "feeds/json_format.hpp"

#include <charconv>

#include "core/json_writer.hpp"

namespace yagura::feeds {
namespace {

// "~1" is "/", "~0" is "~"; false for any other use of "~".
bool unescape(std::string_view part, std::string& key) {
  for (std::size_t i = 0; i < part.size(); ++i) {
    if (part[i] != '~') {
      key += part[i];
      continue;
    }
    if (++i == part.size() || (part[i] != '0' && part[i] != '1')) return false;
    key += part[i] == '0' ? '~' : '/';
  }
  return true;
}

std::optional<std::size_t> index_of(std::string_view key) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
  const bool number = error == std::errc{} && end == key.data() + key.size();
  return number && (key.size() == 1 || key.front() != '0') ? std::optional{index} : std::nullopt;
}

std::string inside_json_string(std::string_view text) {
  std::string quoted;
  append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace

Result<JsonPointer> JsonPointer::parse(std::string_view text) {
  const auto bad = [whole = std::string{text}](const char* why) {
    return Error{"'" + whole + "' is no JSON pointer: " + why + ", as in \"/data/0/price\""};
  };
  JsonPointer pointer;
  if (!text.empty() && text.front() != '/') return bad("it begins with /");
  while (!text.empty()) {
    text.remove_prefix(1);
    const auto part = text.substr(0, text.find('/'));
    Step step;
    if (!unescape(part, step.key)) return bad("~ stands in it as ~0, / as ~1");
    step.index = index_of(step.key);
    pointer.steps_.push_back(std::move(step));
    text.remove_prefix(part.size());
  }
  return pointer;
}

JsonView JsonPointer::find(JsonView from) const noexcept {
  for (const auto& step : steps_) {
    if (from.is_object()) {
      from = from[step.key];
    } else if (from.is_array() && step.index) {
      from = from.at(*step.index);
    } else {
      return {};
    }
  }
  return from;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::vector<std::string> fill_texts(const std::vector<std::string>& texts, const std::vector<std::string>& symbols,
                                    std::string_view token) {
  std::string list;
  JsonWriter json{list};
  json.begin_array();
  for (const auto& symbol : symbols) json.value(symbol);
  json.end_array();
  std::vector<std::string> filled;
  for (const auto& text : texts) {
    std::string common = text;
    replace_all(common, "{token}", inside_json_string(token));
    replace_all(common, "{symbols}", list);
    if (common.find("{symbol}") == std::string::npos) {
      filled.push_back(std::move(common));
      continue;
    }
    for (const auto& symbol : symbols) replace_all(filled.emplace_back(common), "{symbol}", inside_json_string(symbol));
  }
  return filled;
}

}  // namespace yagura::feeds
