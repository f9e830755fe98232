// A trader's own prices as settings give them. There may be a million and several who keep the settings, so
// copies share one list, and a price without a note takes 16 bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/price.hpp"

namespace yagura::processing {

struct LevelEntry {
  Price price;
  std::string note;
  bool once = false;
};

class LevelList {
 public:
  struct Level {
    Price price;
    std::int32_t note;  // index in notes(), -1: none
    bool once;
  };

  LevelList() = default;
  LevelList(const std::vector<LevelEntry>& entries) {  // NOLINT(google-explicit-constructor): the same in short
    for (const auto& entry : entries) push_back(entry);
  }
  // Others that share the list keep it as it was.
  void push_back(LevelEntry entry) {
    if (lists_ == nullptr)
      lists_ = std::make_shared<Lists>();
    else if (lists_.use_count() > 1)
      lists_ = std::make_shared<Lists>(*lists_);
    const bool noted = !entry.note.empty();
    lists_->levels.push_back({entry.price, noted ? static_cast<std::int32_t>(notes().size()) : -1, entry.once});
    if (noted) lists_->notes.push_back(std::move(entry.note));
  }

  [[nodiscard]] std::size_t size() const { return levels().size(); }
  [[nodiscard]] bool empty() const { return levels().empty(); }
  [[nodiscard]] const Level& operator[](std::size_t i) const { return levels()[i]; }
  [[nodiscard]] auto begin() const { return levels().begin(); }
  [[nodiscard]] auto end() const { return levels().end(); }

  [[nodiscard]] const std::vector<std::string>& notes() const { return lists().notes; }
  [[nodiscard]] std::string_view note_of(const Level& level) const {
    return level.note < 0 ? std::string_view{} : notes()[static_cast<std::size_t>(level.note)];
  }

 private:
  struct Lists {
    std::vector<Level> levels;
    std::vector<std::string> notes;
  };
  [[nodiscard]] const Lists& lists() const {
    static const Lists kNone;
    return lists_ ? *lists_ : kNone;
  }
  [[nodiscard]] const std::vector<Level>& levels() const { return lists().levels; }

  std::shared_ptr<Lists> lists_;  // null: empty
};

}  // namespace yagura::processing
