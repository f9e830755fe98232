#include "feeds/json_frame.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

namespace yagura::feeds {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr int kMaxDepth = 64;                    // far beyond any vendor's frame, far below the stack
constexpr std::size_t kTypicalFrame = 4 * 1024;  // room made at once, so that usual frames never grow it

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

error_code read_token(ondemand::value& value, JsonScalar& out) {
  const auto token = trim_end(value.raw_json_token());
  if (token == "null") {
    out = {JsonKind::kNull, {}};
  } else if (token == "true" || token == "false") {
    out = {JsonKind::kBool, {}};
  } else if (is_json_number(token)) {
    out = {JsonKind::kNumber, token};
  } else {
    return simdjson::TAPE_ERROR;
  }
  return simdjson::SUCCESS;
}

// Reads a scalar. Containers are walked to their end, because on demand means unchecked until read.
error_code read_value(ondemand::value& value, JsonScalar& out, int depth) {
  if (depth > kMaxDepth) return simdjson::DEPTH_ERROR;
  ondemand::json_type type{};
  if (const auto error = value.type().get(type)) return error;
  JsonScalar ignored;
  switch (type) {
    case ondemand::json_type::object: {
      ondemand::object object;
      if (const auto error = value.get_object().get(object)) return error;
      for (auto member : object) {
        ondemand::field field;
        if (const auto error = std::move(member).get(field)) return error;
        std::string_view key;
        if (const auto error = field.unescaped_key().get(key)) return error;
        if (const auto error = read_value(field.value(), ignored, depth + 1)) return error;
      }
      break;
    }
    case ondemand::json_type::array: {
      ondemand::array array;
      if (const auto error = value.get_array().get(array)) return error;
      for (auto element : array) {
        ondemand::value item;
        if (const auto error = std::move(element).get(item)) return error;
        if (const auto error = read_value(item, ignored, depth + 1)) return error;
      }
      break;
    }
    case ondemand::json_type::string: {
      std::string_view text;
      if (const auto error = value.get_string().get(text)) return error;
      out = {JsonKind::kString, text};
      return simdjson::SUCCESS;
    }
    default: return read_token(value, out);
  }
  out = {JsonKind::kContainer, {}};
  return simdjson::SUCCESS;
}

}  // namespace

struct JsonFrame::State {
  ondemand::parser parser;
  std::vector<char> bytes;  // the frame and simdjson's padding behind it

  error_code read(std::string_view text, std::span<const JsonField> fields) {
    if (bytes.size() < text.size() + simdjson::SIMDJSON_PADDING) {
      bytes.resize(text.size() + std::max(text.size() / 2, simdjson::SIMDJSON_PADDING));
    }
    if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(text.size()), simdjson::SIMDJSON_PADDING, ' ');
    ondemand::document document;
    if (const auto error = parser.iterate(bytes.data(), text.size(), bytes.size()).get(document)) return error;
    ondemand::object object;
    if (const auto error = document.get_object().get(object)) return error;
    for (auto member : object) {
      ondemand::field field;
      if (const auto error = std::move(member).get(field)) return error;
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return error;
      JsonScalar unknown;
      const auto wanted = std::find_if(fields.begin(), fields.end(), [&](const JsonField& f) { return f.name == key; });
      auto& target = wanted == fields.end() ? unknown : *wanted->value;
      if (const auto error = read_value(field.value(), target, 1)) return error;
    }
    const char* rest = nullptr;
    return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS
                                                                            : simdjson::TRAILING_CONTENT;
  }
};

JsonFrame::JsonFrame() : state_(std::make_unique<State>()) {
  state_->bytes.resize(kTypicalFrame + simdjson::SIMDJSON_PADDING);
  [[maybe_unused]] const auto error = state_->parser.allocate(kTypicalFrame);  // fails again at the first frame
}
JsonFrame::~JsonFrame() = default;

const char* JsonFrame::read(std::string_view text, std::span<const JsonField> fields) noexcept {
  for (const auto& field : fields) *field.value = {};
  const auto error = state_->read(text, fields);
  switch (error) {
    case simdjson::SUCCESS: return nullptr;
    case simdjson::INCORRECT_TYPE: return "not a JSON object";
    case simdjson::EMPTY: return "empty frame";
    case simdjson::DEPTH_ERROR: return "JSON nested too deeply";
    case simdjson::UTF8_ERROR: return "not valid UTF-8";
    case simdjson::TRAILING_CONTENT: return "text after the JSON object";
    case simdjson::UNCLOSED_STRING:
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return "JSON ends early";
    default: return "not valid JSON";
  }
}

bool read_price(const JsonScalar& value, std::optional<Price>& out) noexcept {
  out.reset();
  if (value.absent()) return true;
  if (value.kind != JsonKind::kNumber && value.kind != JsonKind::kString) return false;
  const auto price = parse_price(value.text);
  if (!price) return false;
  if (price->raw() != 0) out = price;
  return true;
}

std::optional<std::int64_t> read_integer(const JsonScalar& value) noexcept {
  if (value.kind != JsonKind::kNumber && value.kind != JsonKind::kString) return std::nullopt;
  std::int64_t number = 0;
  const char* const end = value.text.data() + value.text.size();
  const auto [at, error] = std::from_chars(value.text.data(), end, number);
  if (error != std::errc{} || at != end) return std::nullopt;
  return number;
}

}  // namespace yagura::feeds
