#include "feeds/json_token.hpp"

namespace yagura::feeds {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The number grammar of RFC 8259; simdjson leaves a token alone until somebody converts it.
bool is_json_number(std::string_view token) {
  std::size_t at = 0;
  const auto digits = [&] {
    const auto first = at;
    while (at < token.size() && is_digit(token[at])) ++at;
    return at - first;
  };
  const auto next_is = [&](char c) { return at < token.size() && token[at] == c; };
  if (next_is('-')) ++at;
  const bool leading_zero = next_is('0');
  const auto whole = digits();
  if (whole == 0 || (leading_zero && whole > 1)) return false;
  if (next_is('.')) {
    ++at;
    if (digits() == 0) return false;
  }
  if (next_is('e') || next_is('E')) {
    ++at;
    if (next_is('+') || next_is('-')) ++at;
    if (digits() == 0) return false;
  }
  return at == token.size();
}

std::string_view trim_end(std::string_view token) {
  while (!token.empty() &&
         (token.back() == ' ' || token.back() == '\n' || token.back() == '\r' || token.back() == '\t')) {
    token.remove_suffix(1);
  }
  return token;
}

}  // namespace

error_code read_json_token(ondemand::value& value, JsonScalar& out) {
  const auto token = trim_end(value.raw_json_token());
  if (token == "null") {
    out = {JsonKind::kNull, {}};
  } else if (token == "true" || token == "false") {
    out = {JsonKind::kBool, token};
  } else if (is_json_number(token)) {
    out = {JsonKind::kNumber, token};
  } else {
    return simdjson::TAPE_ERROR;
  }
  return simdjson::SUCCESS;
}

const char* describe_json_error(error_code error) {
  switch (error) {
    case simdjson::SUCCESS: return nullptr;
    case simdjson::EMPTY: return "empty frame";
    case simdjson::DEPTH_ERROR: return "JSON nested too deeply";
    case simdjson::CAPACITY: return "JSON of too many values";
    case simdjson::UTF8_ERROR: return "not valid UTF-8";
    case simdjson::TRAILING_CONTENT: return "text after the JSON value";
    case simdjson::UNCLOSED_STRING:
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "JSON ends early";
    default: return "not valid JSON";
  }
}

}  // namespace yagura::feeds
