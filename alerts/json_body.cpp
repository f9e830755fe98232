#include "alerts/json_body.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include "alerts/plain_text.hpp"

namespace yagura::alerts {
namespace {

BodyField field_of(const simdjson::dom::key_value_pair& pair) {
  BodyField field;
  field.key = pair.key;
  std::string_view text;
  bool flag = false;
  simdjson::dom::array list;
  if (pair.value.get(text) == simdjson::SUCCESS) field.text = text;
  if (pair.value.get(flag) == simdjson::SUCCESS) field.flag = flag;
  if (pair.value.get(list) == simdjson::SUCCESS) {
    field.texts.emplace();
    for (const auto entry : list) {
      if (entry.get(text) == simdjson::SUCCESS) {
        field.texts->push_back(text);
      } else {
        field.texts.reset();
        break;
      }
    }
  }
  field.written = field.text ? std::string(*field.text) : simdjson::minify(pair.value);
  return field;
}

}  // namespace

Error body_error(std::string_view why, std::string_view example) {
  return Error{fmt::format("{}; expected {}", why, example)};
}

Result<void> read_body(std::string_view body, std::string_view example, const TakeField& take) {
  simdjson::dom::parser parser;
  simdjson::dom::object object;
  if (parser.parse(body.data(), body.size()).get(object) != simdjson::SUCCESS)
    return body_error("not a JSON object", example);
  for (const auto pair : object) {
    std::string why;
    if (take(field_of(pair), why)) continue;
    if (why.empty()) why = fmt::format("'{:.40}' is no field here, or its value does not fit", pair.key);
    return body_error(why, example);
  }
  return {};
}

bool is_plain_line(std::string_view text, std::size_t most) { return text.size() <= most && printable(text) == text; }

}  // namespace yagura::alerts
