// Instruments by dense index: names are for people and wires, indices for the tick path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace yagura {

enum class SymbolId : std::uint16_t {};

[[nodiscard]] constexpr std::size_t index_of(SymbolId id) { return static_cast<std::size_t>(id); }

// Hands out ids in order of first mention. Filled while settings load, read-only afterwards, so
// any thread may read it.
class SymbolTable {
 public:
  SymbolId add(std::string_view name) {
    if (const auto known = find(name)) return *known;
    names_.emplace_back(name);
    return SymbolId{static_cast<std::uint16_t>(names_.size() - 1)};
  }
  [[nodiscard]] std::optional<SymbolId> find(std::string_view name) const {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (names_[i] == name) return SymbolId{static_cast<std::uint16_t>(i)};
    }
    return std::nullopt;
  }
  [[nodiscard]] const std::string& name(SymbolId id) const { return names_[index_of(id)]; }
  [[nodiscard]] std::size_t size() const { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

}  // namespace yagura
