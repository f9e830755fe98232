#include "feeds/json_tree.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "feeds/json_token.hpp"

namespace yagura::feeds {
namespace {

namespace ondemand = simdjson::ondemand;
using simdjson::error_code;

constexpr std::size_t kTypicalFrame = 4 * 1024;  // room made at once, so that usual frames never grow it
constexpr std::size_t kTypicalNodes = 256;
constexpr std::size_t kMostNodes = 65'536;  // 3 MiB of them; no vendor's frame has a hundredth of it
constexpr std::size_t kMostKept = std::size_t{256} << 10;

}  // namespace

struct JsonTree::State {
  ondemand::parser parser;
  std::vector<char> bytes;  // the frame and simdjson's padding behind it
  std::vector<JsonNode> nodes;

  // What one odd frame took is not kept for ever.
  void give_back() {
    if (nodes.capacity() * sizeof(JsonNode) <= kMostKept && bytes.capacity() <= kMostKept) return;
    std::vector<JsonNode>{}.swap(nodes);
    nodes.reserve(kTypicalNodes);
    std::vector<char>(kTypicalFrame + simdjson::SIMDJSON_PADDING).swap(bytes);
  }

  error_code read(std::string_view text) {
    if (bytes.size() < text.size() + simdjson::SIMDJSON_PADDING) {
      bytes.resize(text.size() + std::max(text.size() / 2, simdjson::SIMDJSON_PADDING));
    }
    if (!text.empty()) std::memcpy(bytes.data(), text.data(), text.size());
    std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(text.size()), simdjson::SIMDJSON_PADDING, ' ');
    ondemand::document document;
    if (const auto error = parser.iterate(bytes.data(), text.size(), bytes.size()).get(document)) return error;
    ondemand::value root;
    if (const auto error = document.get_value().get(root)) return error;  // no value: a lone scalar
    if (const auto error = add({}, root, 1)) return error;
    const char* rest = nullptr;
    return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS ? simdjson::SUCCESS
                                                                            : simdjson::TRAILING_CONTENT;
  }

  // Appends the value and all in it.
  error_code add(std::string_view key, ondemand::value& value, int depth) {
    if (depth > kMaxJsonDepth) return simdjson::DEPTH_ERROR;
    if (nodes.size() >= kMostNodes) return simdjson::CAPACITY;
    const auto self = nodes.size();
    nodes.push_back({{}, key, 1});
    ondemand::json_type type{};
    if (const auto error = value.type().get(type)) return error;
    switch (type) {
      case ondemand::json_type::object: {
        nodes[self].value.kind = JsonKind::kObject;
        if (const auto error = add_members(value, depth)) return error;
        break;
      }
      case ondemand::json_type::array: {
        nodes[self].value.kind = JsonKind::kArray;
        if (const auto error = add_elements(value, depth)) return error;
        break;
      }
      case ondemand::json_type::string: {
        nodes[self].value.kind = JsonKind::kString;
        return value.get_string().get(nodes[self].value.text);
      }
      default: return read_json_token(value, nodes[self].value);
    }
    nodes[self].next = static_cast<std::uint32_t>(nodes.size() - self);
    return simdjson::SUCCESS;
  }

  error_code add_members(ondemand::value& value, int depth) {
    ondemand::object object;
    if (const auto error = value.get_object().get(object)) return error;
    for (auto member : object) {
      ondemand::field field;
      if (const auto error = std::move(member).get(field)) return error;
      std::string_view key;
      if (const auto error = field.unescaped_key().get(key)) return error;
      if (const auto error = add(key, field.value(), depth + 1)) return error;
    }
    return simdjson::SUCCESS;
  }

  error_code add_elements(ondemand::value& value, int depth) {
    ondemand::array array;
    if (const auto error = value.get_array().get(array)) return error;
    for (auto element : array) {
      ondemand::value item;
      if (const auto error = std::move(element).get(item)) return error;
      if (const auto error = add({}, item, depth + 1)) return error;
    }
    return simdjson::SUCCESS;
  }
};

JsonTree::JsonTree() : state_(std::make_unique<State>()) {
  state_->bytes.resize(kTypicalFrame + simdjson::SIMDJSON_PADDING);
  state_->nodes.reserve(kTypicalNodes);
  [[maybe_unused]] const auto error = state_->parser.allocate(kTypicalFrame);  // fails again at the first frame
}
JsonTree::~JsonTree() = default;

const char* JsonTree::read(std::string_view text) noexcept {
  state_->give_back();
  state_->nodes.clear();
  const auto error = state_->read(text);
  if (error != simdjson::SUCCESS) state_->nodes.clear();
  return error == simdjson::SCALAR_DOCUMENT_AS_VALUE || error == simdjson::INCORRECT_TYPE ? "not a JSON object or list"
                                                                                          : describe_json_error(error);
}

JsonView JsonTree::root() const { return JsonView{state_->nodes.empty() ? nullptr : state_->nodes.data()}; }

}  // namespace yagura::feeds
