#include "feeds/json_frame.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <vector>

#include "feeds/flat_json.hpp"
#include "feeds/json_token.hpp"

namespace yagura::feeds {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr std::size_t kTypicalFrame = 4 * 1024;  // room made at once, so that usual frames never grow it

// Reads a scalar. Containers are walked to their end, because on demand means unchecked until read.
error_code read_value(ondemand::value& value, JsonScalar& out, int depth) {
  if (depth > kMaxJsonDepth) return simdjson::DEPTH_ERROR;
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
    default: return read_json_token(value, out);
  }
  out = {type == ondemand::json_type::object ? JsonKind::kObject : JsonKind::kArray, {}};
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
  return read_flat_json(text, fields) ? nullptr : read_in_full(text, fields);
}

const char* JsonFrame::read_in_full(std::string_view text, std::span<const JsonField> fields) noexcept {
  for (const auto& field : fields) *field.value = {};
  const auto error = state_->read(text, fields);
  return error == simdjson::INCORRECT_TYPE ? "not a JSON object" : describe_json_error(error);
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
