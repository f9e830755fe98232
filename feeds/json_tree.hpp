// All of a nested JSON frame at once, for vendors that put prices into objects and lists: a flat array
// of nodes that is kept from frame to frame, so nothing is allocated once the largest has been seen.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "feeds/json_frame.hpp"

namespace yagura::feeds {

// One value; its members or elements follow it.
struct JsonNode {
  JsonScalar value;
  std::string_view key;    // unescaped; of an element empty
  std::uint32_t next = 0;  // how far away the node behind this one and all that is in it
};

// A value in a tree, or kMissing: whatever is asked of what is not there is not there either. Lives
// until the tree reads again. Takes the place of a JsonScalar.
class JsonView {
 public:
  JsonView() = default;
  explicit JsonView(const JsonNode* node) : node_(node) {}

  [[nodiscard]] const JsonScalar& value() const { return node_ != nullptr ? node_->value : kNothing; }
  operator const JsonScalar&() const { return value(); }  // NOLINT: implicit on purpose
  [[nodiscard]] JsonKind kind() const { return value().kind; }
  [[nodiscard]] std::string_view text() const { return value().text; }
  [[nodiscard]] bool missing() const { return value().missing(); }
  [[nodiscard]] bool absent() const { return value().absent(); }
  [[nodiscard]] bool is_object() const { return kind() == JsonKind::kObject; }
  [[nodiscard]] bool is_array() const { return kind() == JsonKind::kArray; }
  [[nodiscard]] bool is_string() const { return kind() == JsonKind::kString; }
  [[nodiscard]] std::string_view key() const { return node_ != nullptr ? node_->key : std::string_view{}; }

  // A member of an object; of one that occurs twice the last counts.
  [[nodiscard]] JsonView operator[](std::string_view name) const {
    JsonView found;
    if (is_object()) {
      for (const JsonView member : *this) {
        if (member.key() == name) found = member;
      }
    }
    return found;
  }
  // An element of a list.
  [[nodiscard]] JsonView at(std::size_t index) const {
    if (is_array()) {
      for (const JsonView element : *this) {
        if (index-- == 0) return element;
      }
    }
    return {};
  }

  // Over the members of an object or the elements of a list; of anything else nothing.
  class Iterator {
   public:
    explicit Iterator(const JsonNode* node) : node_(node) {}
    JsonView operator*() const { return JsonView{node_}; }
    Iterator& operator++() {
      node_ += node_->next;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return node_ != other.node_; }

   private:
    const JsonNode* node_;
  };
  [[nodiscard]] Iterator begin() const { return Iterator{holds_others() ? node_ + 1 : nullptr}; }
  [[nodiscard]] Iterator end() const { return Iterator{holds_others() ? node_ + node_->next : nullptr}; }

 private:
  static constexpr JsonScalar kNothing{};
  [[nodiscard]] bool holds_others() const { return is_object() || is_array(); }

  const JsonNode* node_ = nullptr;
};

// One owner at a time.
class JsonTree {
 public:
  JsonTree();
  ~JsonTree();
  JsonTree(const JsonTree&) = delete;
  JsonTree& operator=(const JsonTree&) = delete;

  // Reads the object or list that is all of `text`. Null when fine, else what is wrong, in the words
  // of JsonFrame::read(); the tree is empty then.
  [[nodiscard]] const char* read(std::string_view text) noexcept;
  [[nodiscard]] JsonView root() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace yagura::feeds
